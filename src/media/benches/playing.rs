//! How long a coder waits, and what it costs: `cargo bench -p attunement-media --bench playing [-- VIDEO...]`; without a video, four are made by
//! `ffmpeg`. Each video is measured in a process of its own, for its memory.
//!
//! What bounds them: the first picture, opening the file and decoding one key; the index, reading the file (beside it `ffmpeg` reads the same
//! packets and does nothing with them); a seek, decoding from the key before the target; memory, the budget of decoded frames.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for people who measure")]

mod common;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant as Now};

use common::{scattered, timed};
use media::{
    Decoder, DecoderOptions, Detail, FrameIndex, IndexCache, PlacedVideo, Placement, Player, PlayerOptions, Small,
    SoundOutput, Speed, VideoState, WaveformCache, default_budget,
};
use span::{Instant, Length, Span};

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let videos = common::given_or_made(folder.path());
    if let [video] = videos.as_slice() {
        println!("{:<28} {:>9} {:>9} {:>9}", "milliseconds", "p50", "p95", "max");
        return measure(video, folder.path());
    }
    for video in videos {
        let alone = Command::new(std::env::current_exe().unwrap()).arg(video).status();
        assert!(alone.unwrap().success());
    }
    waveform(folder.path());
}

/// An hour of sound: its curve read, as it was kept, and drawn across a screen at every zoom.
fn waveform(folder: &Path) {
    let sound = folder.join("an hour of sound.wav");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", "anoisesrc=d=3600:r=16000", "-c:a", "pcm_s16le"]);
    assert!(ffmpeg.arg(&sound).status().expect("the ffmpeg program").success());
    println!("an hour of sound");
    let cache = WaveformCache::new(folder.join("waveforms"));
    let read = || cache.read(&sound, Instant::ZERO, &AtomicBool::new(false), &mut |_| {}).unwrap().unwrap();
    row("curve, read", &mut [timed(|| drop(read()))]);
    row("curve, kept", &mut [timed(|| drop(read()))]);
    let waveform = read();
    let zooms = std::iter::successors(Some(Length::SECOND.times(3_600)), |length| {
        Some(Length::from_micros(length.micros() * 9 / 10)).filter(|length| *length > Length::from_millis(100))
    });
    let drawn = |length: Length| {
        timed(|| drop(waveform.columns(Span::new(Instant::ZERO, Instant::ZERO + length).unwrap(), 1_920)))
    };
    row("curve, 1,920 columns", &mut zooms.map(drawn).collect::<Vec<_>>());
}

fn measure(video: &Path, folder: &Path) {
    println!("{}", video.file_name().unwrap().display());
    row("first picture", &mut [timed(|| first_picture(video))]);
    row("index", &mut [timed(|| drop(FrameIndex::read(video).unwrap()))]);
    row("ffmpeg, reading the packets", &mut [timed(|| read_packets(video))]);
    let index = Arc::new(FrameIndex::read(video).unwrap());
    let kept = IndexCache::new(folder.join("indexes"));
    kept.store(video, &index).unwrap();
    if kept.load(video).is_some() {
        row("index, kept", &mut [timed(|| drop(kept.load(video)))]);
    }
    let shown = |frames: &[usize]| {
        let mut decoder = Decoder::open_indexed(video, Arc::clone(&index), DecoderOptions::default()).unwrap();
        frames.iter().map(|frame| timed(|| drop(decoder.frame(*frame).unwrap()))).collect::<Vec<_>>()
    };
    row("random seek", &mut shown(&scattered(60, index.len())));
    row("step forward", &mut shown(&(0..index.len().min(600)).collect::<Vec<_>>()));
    row("step backward (player)", &mut steps_back(video, 300));
    row("scrub, after the last move", &mut scrubbed(video, 30));
    for (what, speed) in [("5 s played", Speed::NORMAL), ("5 s played backward", Speed::NORMAL.reversed())] {
        let (shown, late) = played(video, speed, Duration::from_secs(5));
        println!("  {what:<26} {shown} shown, {late} late");
    }
    println!(
        "  {:<26} {:>9} MB, of which {} MB may be decoded frames",
        "memory, at its peak",
        peak_mb(),
        default_budget(1) >> 20
    );
    small_pictures(video);
}

fn row(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!("  {what:<26} {:>9.2} {:>9.2} {:>9.2}", at(0.5), at(0.95), at(1.0));
}

/// A player, and a way to wait until it calls.
fn player(video: &Path) -> (Player, impl Fn()) {
    player_with(video, Small::Off)
}

fn player_with(video: &Path, small: Small) -> (Player, impl Fn()) {
    let (wake, woken) = channel();
    let wake = Arc::new(move || {
        let _ = wake.send(());
    });
    let options = PlayerOptions { sound: SoundOutput::Silent, small, ..PlayerOptions::default() };
    let placed = PlacedVideo { path: video.to_owned(), placement: Placement::default() };
    (Player::open(vec![placed], &options, &(wake as _)), move || woken.recv().unwrap())
}

fn first_picture(video: &Path) {
    let (mut player, wait) = player(video);
    while !player.advance(Now::now()).pictures {
        wait();
    }
}

/// All packets, and nothing done with them.
fn read_packets(video: &Path) {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-i"]).arg(video).args(["-map", "0:v", "-c", "copy", "-f", "null", "-"]);
    assert!(ffmpeg.status().expect("the ffmpeg program").success());
}

/// The most memory that this process ever had.
fn peak_mb() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<usize>().ok());
    peak.unwrap_or(0) >> 10
}

/// A player that knows the whole file, and what waits until it shows what was asked for.
fn ready(video: &Path) -> (Player, impl Fn(&mut Player)) {
    ready_with(video, Small::Off)
}

fn ready_with(video: &Path, small: Small) -> (Player, impl Fn(&mut Player)) {
    let (mut player, wait) = player_with(video, small);
    while *player.state(0) != VideoState::Ready {
        wait();
        player.advance(Now::now());
    }
    let settle = move |player: &mut Player| {
        while !player.is_settled() {
            wait();
            player.advance(Now::now());
        }
    };
    settle(&mut player);
    (player, settle)
}

/// Dragged over half of the file in half a second, again and again: from the last movement to the exact picture.
fn scrubbed(video: &Path, times: usize) -> Vec<Duration> {
    let (mut player, settle) = ready(video);
    let index = Arc::clone(player.index(0).unwrap());
    let drag = |to: usize| {
        let from = (to + index.len() / 2) % index.len();
        for step in 0..30 {
            let frame = (from * (30 - step) + to * step) / 30;
            player.scrub(index.time_of(frame), Now::now());
            player.advance(Now::now());
            std::thread::sleep(Duration::from_millis(16));
        }
        timed(|| {
            player.scrub(index.time_of(to), Now::now());
            settle(&mut player);
        })
    };
    scattered(times, index.len()).into_iter().map(drag).collect()
}

/// A key held down, from three quarters of the file back.
fn steps_back(video: &Path, steps: usize) -> Vec<Duration> {
    let (mut player, settle) = ready(video);
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

/// A hand that drags all over the file, once all small pictures are made: from each movement to the exact frame on the screen, small or in full.
fn small_pictures(video: &Path) {
    let begun = Now::now();
    let (mut player, settle) = ready_with(video, Small::InMemory);
    let pictures = loop {
        match player.small_pictures(0) {
            Some(pictures) => break Arc::clone(pictures),
            None => std::thread::yield_now(),
        }
    };
    assert!(pictures.wait_until_made(Duration::from_hours(1)));
    let seconds = begun.elapsed().as_secs_f64();
    let (n, every, mb) = (pictures.len(), pictures.every(), pictures.bytes() as f64 / 1e6);
    println!(
        "  {:<26} {n} (1 in {every}) in {seconds:.0} s, {mb:.0} MB, {:.0} bytes each",
        "small pictures",
        mb * 1e6 / n as f64
    );
    let index = Arc::clone(player.index(0).unwrap());
    let mut places = scattered(400, index.len());
    places.retain(|frame| pictures.has(*frame));
    let (mut taken, mut n_small) = (Vec::new(), 0);
    for frame in places {
        std::thread::sleep(Duration::from_millis(16)); // the screen shows no more of them
        taken.push(timed(|| {
            player.scrub(index.time_of(frame), Now::now());
            player.advance(Now::now());
            settle(&mut player);
        }));
        n_small += usize::from(player.presented(0).unwrap().detail == Detail::Small);
    }
    row(&format!("drag, {n_small} of {} small", taken.len()), &mut taken);
}

/// Pictures shown and late, from the middle of the file on, when advanced as often as the player wants.
fn played(video: &Path, speed: Speed, time: Duration) -> (u64, u64) {
    let (mut player, settle) = ready(video);
    let index = Arc::clone(player.index(0).unwrap());
    player.seek(index.time_of(index.len() / 2), Now::now());
    settle(&mut player);
    let begun = Now::now();
    player.play(speed, begun);
    while begun.elapsed() < time && player.is_playing() {
        if let Some(at) = player.wants_repaint_at(Now::now()) {
            std::thread::sleep(at.saturating_duration_since(Now::now()));
        }
        player.advance(Now::now());
    }
    (player.shown_frames(), player.late_frames())
}
