//! A picture that was not decoded whole is said to be so, whichever way one comes to it; and no other is.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]

mod common;

use std::path::{Path, PathBuf};

use common::rig::Rig;
use common::{Folder, PATIENCE, scattered, wait_until};
use media::{
    Decoder, DecoderOptions, MediaError, Placement, Player, PlayerOptions, Small, SmallCache, VideoState, probe,
};
use span::Instant;

const FRAMES: usize = 48;
/// The packet that is hurt, in decode order.
const HURT: usize = 13;
/// A picture in which all moves: damage anywhere is seen.
const MOVING: &str = "-filter_complex testsrc2=size=160x120:rate=25,format=yuv420p[v] -map [v] -frames:v 48";
const H264: &str = "-c:v libx264 -preset veryfast -g 12 -bf 3 -b_strategy 0 -sc_threshold 0";

/// A video, and a copy with noise in one of its packets: in one of so many of its bytes.
fn whole_and_hurt(folder: &Folder, name: &str, args: &str, one_in: usize) -> [PathBuf; 2] {
    let whole = folder.video(name, FRAMES, &format!("{MOVING} {args}"));
    let noise = format!("-c copy -bsf:v noise=amount={one_in}*eq(n\\,{HURT})");
    let hurt = folder.remade(&whole, "", &noise, &format!("hurt_{name}"));
    [whole, hurt]
}

/// By the number of its picture in the whole video: what each is, and whether the decoder calls it damaged. One thread, as FFmpeg before 6.1
/// loses sight of some with several. What no decoder can make is damaged, and nothing.
fn seen(path: &Path, order: impl Iterator<Item = usize>) -> Vec<(Vec<u8>, bool)> {
    let mut decoder = Decoder::open(path, DecoderOptions { cache_bytes: 8 * 160 * 120 * 3 / 2, threads: 1 }).unwrap();
    let index = decoder.index().clone();
    let mut seen = vec![(Vec::new(), true); FRAMES];
    for number in order {
        let time = Instant::from_micros(number as i64 * 40_000);
        let frame = index.frame_at(time);
        if index.time_of(frame) == time
            && let Ok(picture) = decoder.frame(frame)
        {
            seen[number] = (picture.rgba().to_vec(), decoder.is_damaged(frame).unwrap());
        }
    }
    seen
}

/// What is not called damaged is what it is in the whole file; what is, has its end at a key; and so it is whichever way one comes.
#[track_caller]
fn check(name: &str, args: &str, one_in: usize, group: usize) {
    let Some(folder) = Folder::new() else { return };
    let [whole, hurt] = whole_and_hurt(&folder, name, args, one_in);
    let right = seen(&whole, 0..FRAMES);
    assert!(right.iter().all(|(_, damaged)| !damaged), "{name}: the whole file");
    let found = seen(&hurt, 0..FRAMES);
    let is_wrong = |frame: &usize| found[*frame].0 != right[*frame].0;
    let damaged = (0..FRAMES).filter(|&frame| found[frame].1).collect::<Vec<_>>();
    assert!((0..FRAMES).any(|frame| is_wrong(&frame)), "{name}: nothing is hurt");
    assert!((0..FRAMES).filter(is_wrong).all(|frame| damaged.contains(&frame)), "{name}: more than {damaged:?}");
    assert!(damaged.last().unwrap() - damaged[0] < group, "{name}: {damaged:?}");
    let order = [scattered(200, FRAMES).chain(0..FRAMES).collect::<Vec<_>>(), (0..FRAMES).rev().collect()];
    for again in order.map(|order| seen(&hurt, order.into_iter())) {
        let same =
            |frame: &usize| again[*frame].1 == found[*frame].1 && (found[*frame].1 || again[*frame] == found[*frame]);
        assert!((0..FRAMES).all(|frame| same(&frame)), "{name}");
    }
}

#[test]
fn of_h264() {
    check("a.mp4", H264, 25, 12);
    check("b.mkv", &format!("{H264} -x264-params open-gop=1"), 25, 15);
}

#[test]
fn of_hevc() {
    let hevc = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=none:keyint=12:bframes=4";
    check("a.mov", &format!("{hevc} -tag:v hvc1"), 3, 16);
}

#[test]
fn of_mpeg() {
    check("a.mkv", "-c:v mpeg4 -g 12 -bf 2 -q:v 3", 25, 14);
    check("b.mkv", "-c:v mpeg2video -g 12 -bf 2 -q:v 3 -pix_fmt yuv420p", 25, 14);
}

#[test]
fn of_vp9() {
    check("a.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 12 -b:v 300k", 25, 12);
}

/// What a player says of each frame, once all small pictures are made.
fn said(path: &Path, small: Small) -> Vec<bool> {
    let options = PlayerOptions { small, ..PlayerOptions::default() };
    let mut rig = Rig::open_with(&[(path, Placement::default())], options);
    rig.until("the small pictures", |player| {
        player.small_pictures(0).is_some() && *player.state(0) == VideoState::Ready
    });
    assert!(rig.player.small_pictures(0).unwrap().wait_until_made(PATIENCE));
    let index = rig.player.index(0).unwrap().clone();
    let mut said = vec![false; index.len()];
    for frame in scattered(FRAMES, FRAMES).chain(0..FRAMES) {
        rig.player.seek(index.time_of(frame), rig.now);
        let is_shown = |player: &Player| player.presented(0).is_some_and(|shown| shown.frame == frame && shown.exact);
        let cannot = |player: &Player| matches!(player.trouble(0), Some(MediaError::Damaged { frame: lost, .. }) if lost == frame);
        rig.until("the picture, or that there is none", |player| is_shown(player) || cannot(player));
        said[frame] = cannot(&rig.player) || rig.player.is_damaged(0);
    }
    said
}

#[test]
fn the_player_says_it_of_small_pictures_too_and_of_those_that_were_kept() {
    let Some(folder) = Folder::new() else { return };
    let [whole, hurt] = whole_and_hurt(&folder, "a.mp4", H264, 25);
    let known = seen(&hurt, 0..FRAMES).into_iter().map(|(_, damaged)| damaged).collect::<Vec<_>>();
    assert_eq!(said(&hurt, Small::InMemory), known);
    let place = folder.path("small");
    let on_disk = || Small::OnDisk(SmallCache::new(place.clone()));
    assert_eq!(said(&hurt, on_disk()), known);
    wait_until("they are kept", || {
        std::fs::read_dir(&place).is_ok_and(|mut kept| kept.any(|file| file.unwrap().path().extension().is_none()))
    });
    assert_eq!(said(&hurt, on_disk()), known);
    assert_eq!(said(&whole, Small::InMemory), [false; FRAMES]);
}

#[test]
fn a_frame_that_is_predicted_from_a_damaged_later_one_is_found_out_while_it_stands() {
    let Some(folder) = Folder::new() else { return };
    let [_, hurt] = whole_and_hurt(&folder, "a.mkv", "-c:v mpeg2video -pix_fmt yuv420p -g 12 -bf 2 -q:v 3", 25); // one thread, for this codec
    let damaged = seen(&hurt, 0..FRAMES).iter().position(|(_, damaged)| *damaged).unwrap();
    let mut rig = Rig::ready(&hurt);
    let time = rig.player.index(0).unwrap().time_of(damaged);
    rig.player.seek(time, rig.now);
    rig.until("it is found out", |player: &Player| {
        player.presented(0).unwrap().frame == damaged && player.is_damaged(0)
    });
}

#[test]
fn where_all_frames_are_decoded_for_the_index_it_says_how_many() {
    let Some(folder) = Folder::new() else { return };
    let [whole, hurt] = whole_and_hurt(&folder, "a.avi", &H264.replace("-bf 3", "-bf 0"), 3);
    let says = |path: &Path| probe(path).unwrap().warnings.iter().any(|warning| warning.contains("not decoded whole"));
    assert!(says(&hurt) && !says(&whole));
}
