//! `attune.probe/1`, and by what a file is known again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]

mod common;

use std::sync::atomic::AtomicBool;

use common::Folder;
use media::{FrameIndex, Identity, MediaError, hash_whole, probe};
use serde_json::json;

#[test]
fn the_form_is_the_one_that_the_command_line_promises() {
    let Some(folder) = Folder::new() else { return };
    let sound = "-f lavfi -i sine=440:duration=2:sample_rate=48000 -ac 2 -c:a aac -shortest";
    let path = folder.video("a.mp4", 50, &format!("{sound} -c:v libx264 -preset ultrafast -pix_fmt yuv420p"));
    let expected = json!({
        "schema": "attune.probe/1", "file": path.display().to_string(), "duration_s": 2.0, "frames": 50,
        "first_frame_s": 0.0, "last_frame_s": 1.96, "container_start_s": 0.0,
        "rate": {"kind": "constant", "fps": "25/1"},
        "video": {"codec": "h264", "width": 160, "height": 120, "rotation": 0},
        "audio": {"codec": "aac", "rate_hz": 48000, "channels": 2}, "warnings": []
    });
    let probe = probe(&path).unwrap();
    assert_eq!(serde_json::to_value(&probe).unwrap(), expected);

    let with_frames = probe.with_frames(&FrameIndex::read(&path).unwrap());
    let frames = serde_json::to_value(with_frames).unwrap()["frames_s"].clone();
    assert_eq!(frames, json!((0..50).map(|n| f64::from(n) / 25.0).collect::<Vec<_>>()));
}

#[test]
fn dropped_frames_are_counted_and_the_rate_is_variable() {
    let Some(folder) = Folder::new() else { return };
    let drop = "-vf select='not(between(n,20,22))' -fps_mode vfr -c:v libx264 -preset ultrafast -pix_fmt yuv420p";
    let probe = probe(&folder.video("a.mp4", 60, drop)).unwrap();
    assert_eq!(probe.frames, 57);
    let rate = serde_json::to_value(&probe.rate).unwrap();
    assert_eq!(rate, json!({"kind": "variable", "min_s": 0.04, "median_s": 0.04, "max_s": 0.16}));
    assert!(
        probe.warnings.iter().any(|warning| warning.starts_with("missing from an otherwise even grid: 3 frames")),
        "{:?}",
        probe.warnings
    );
    assert!(probe.warnings.iter().any(|warning| warning == "there is no sound"));
}

/// Warnings of a video of two seconds with such sound.
#[track_caller]
fn check_warnings(name: &str, sound: &str, expected: &[&str]) {
    let Some(folder) = Folder::new() else { return };
    let sound = format!("{sound} -map 0:v -map 1:a -c:v libx264 -preset ultrafast -pix_fmt yuv420p");
    assert_eq!(probe(&folder.video(name, 50, &sound)).unwrap().warnings, expected, "{name}");
}

#[test]
fn sound_that_goes_on_after_the_picture_is_no_missing_end() {
    for name in ["a.mp4", "a.mkv"] {
        let sound = "-f lavfi -i sine=440:duration=5:sample_rate=48000 -c:a aac";
        check_warnings(name, sound, &["the sound goes on for 3.00 s after the picture"]);
    }
}

#[test]
fn how_late_the_sound_begins_is_the_same_in_every_container() {
    for name in ["a.mp4", "a.mkv", "a.mts"] {
        let sound = "-itsoffset 0.5 -f lavfi -i sine=440:duration=1.5:sample_rate=48000 -c:a aac";
        check_warnings(name, sound, &["the sound begins about 0.5 s after the picture"]);
    }
}

#[test]
fn reading_stops_when_it_is_told_to() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mkv", 30, "-c:v mpeg4");
    let stopped = FrameIndex::read_growing(&path, &AtomicBool::new(true), &mut |_| {});
    assert!(matches!(stopped, Err(MediaError::Cancelled { .. })));
    assert!(matches!(hash_whole(&path, &AtomicBool::new(true)), Err(MediaError::Cancelled { .. })));
}

#[test]
fn what_is_known_early_stays_as_it_is() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mp4", 1500, "-c:v libx264 -preset ultrafast -bf 2 -g 25 -pix_fmt yuv420p");
    let mut early = Vec::new();
    let whole =
        FrameIndex::read_growing(&path, &AtomicBool::new(false), &mut |growth| early.extend(growth.index)).unwrap();
    assert!(!early.is_empty() && whole.is_complete());
    for index in early {
        assert!(!index.is_complete() && index.len() < whole.len());
        assert!(index.times().eq(whole.times().take(index.len())));
    }
}

#[test]
fn a_file_is_known_again_by_its_length_and_its_ends() {
    let Some(folder) = Folder::new() else { return };
    let mut bytes = (0..5_u32 << 18).flat_map(u32::to_le_bytes).collect::<Vec<_>>(); // 5 MiB
    let identity = |bytes: &[u8]| Identity::of(&folder.file("a", bytes)).unwrap();
    let first = identity(&bytes);
    let mut ends = bytes[..1 << 20].to_vec();
    ends.extend_from_slice(&bytes[4 << 20..]);
    assert_eq!((first.bytes, first.ends.clone()), (5 << 20, blake3::hash(&ends).to_string()));

    bytes[2 << 20] ^= 1; // in the middle: seen only by the whole hash
    assert_eq!(identity(&bytes), first);
    let whole = hash_whole(&folder.path("a"), &AtomicBool::new(false)).unwrap();
    assert_eq!(whole, blake3::hash(&bytes).to_string());
    bytes[0] ^= 1;
    assert_ne!(identity(&bytes), first);
}

#[test]
fn a_short_file_is_hashed_as_both_its_ends() {
    let Some(folder) = Folder::new() else { return };
    let identity = Identity::of(&folder.file("a", b"abc")).unwrap();
    assert_eq!((identity.bytes, identity.ends), (3, blake3::hash(b"abcabc").to_string()));
}
