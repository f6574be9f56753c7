//! How long a coder waits: `cargo bench -p attunement-media [-- VIDEO...]`; without a video, two are made by `ffmpeg`.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for people who measure")]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant as Now};

use common::{scattered, timed};
use media::{
    Decoder, DecoderOptions, FrameIndex, IndexCache, PlacedVideo, Placement, Player, PlayerOptions, SoundOutput, Speed,
    VideoState,
};

fn main() {
    let folder = tempfile::tempdir().unwrap();
    println!("{:<28} {:>9} {:>9} {:>9}", "milliseconds", "p50", "p95", "max");
    for video in common::given_or_made(folder.path()) {
        measure(&video, folder.path());
    }
}

fn measure(video: &Path, folder: &Path) {
    println!("{}", video.file_name().unwrap().display());
    row("first picture", &mut [timed(|| first_picture(video))]);
    row("index", &mut [timed(|| drop(FrameIndex::read(video).unwrap()))]);
    let index = Arc::new(FrameIndex::read(video).unwrap());
    let kept = IndexCache::new(folder.join("indexes"));
    kept.store(video, &index).unwrap();
    if kept.load(video).is_some() {
        row("index, kept", &mut [timed(|| drop(kept.load(video)))]);
    }
    let open = || Decoder::open_indexed(video, Arc::clone(&index), DecoderOptions::default()).unwrap();

    let mut decoder = open();
    let places = scattered(60, index.len()).into_iter();
    row("random seek", &mut places.map(|frame| timed(|| drop(decoder.frame(frame).unwrap()))).collect::<Vec<_>>());
    let mut decoder = open();
    let steps = 0..index.len().min(600);
    row("step forward", &mut steps.map(|frame| timed(|| drop(decoder.frame(frame).unwrap()))).collect::<Vec<_>>());
    row("step backward (player)", &mut steps_back(video, 300));
    let (shown, late) = played(video, Duration::from_secs(5));
    println!("  {:<26} {shown} shown, {late} late", "5 s played");
}

fn row(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!("  {what:<26} {:>9.2} {:>9.2} {:>9.2}", at(0.5), at(0.95), at(1.0));
}

/// A player, and a way to wait until it calls.
fn player(video: &Path) -> (Player, impl Fn()) {
    let (wake, woken) = channel();
    let wake = Arc::new(move || {
        let _ = wake.send(());
    });
    let options = PlayerOptions { sound: SoundOutput::Silent, ..PlayerOptions::default() };
    let placed = PlacedVideo { path: video.to_owned(), placement: Placement::default() };
    (Player::open(vec![placed], &options, &(wake as _)), move || woken.recv().unwrap())
}

fn first_picture(video: &Path) {
    let (mut player, wait) = player(video);
    while !player.advance(Now::now()).pictures {
        wait();
    }
}

/// A key held down, from three quarters of the file back.
fn steps_back(video: &Path, steps: usize) -> Vec<Duration> {
    let (mut player, wait) = player(video);
    while *player.state(0) != VideoState::Ready {
        wait();
        player.advance(Now::now());
    }
    let settle = |player: &mut Player| {
        while !player.is_settled() {
            wait();
            player.advance(Now::now());
        }
    };
    let index = Arc::clone(player.index(0).unwrap());
    player.seek(index.time_of(index.len() * 3 / 4), Now::now());
    settle(&mut player);
    let step = |_| {
        std::thread::sleep(Duration::from_millis(30)); // a key held down repeats about thirty times a second
        timed(|| {
            player.step(0, -1, Now::now());
            player.advance(Now::now());
            settle(&mut player);
        })
    };
    (0..steps).map(step).collect()
}

/// Pictures shown and late when advanced as often as the player wants.
fn played(video: &Path, time: Duration) -> (u64, u64) {
    let (mut player, wait) = player(video);
    while !player.is_settled() {
        wait();
        player.advance(Now::now());
    }
    let begun = Now::now();
    player.play(Speed::NORMAL, begun);
    while begun.elapsed() < time && player.is_playing() {
        if let Some(at) = player.wants_repaint_at(Now::now()) {
            std::thread::sleep(at.saturating_duration_since(Now::now()));
        }
        player.advance(Now::now());
    }
    (player.shown_frames(), player.late_frames())
}
