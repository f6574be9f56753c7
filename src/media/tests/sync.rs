//! Recordings of the same sound find their place on one clock.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]

mod common;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use common::Folder;
use media::{MediaError, Recording, SoundSync};
use span::{Instant, Length};

/// Something like voices: noise that swells and fades at odd moments, 48,000 samples a second.
fn voices(folder: &Folder, name: &str, secs: usize, mut state: u64) -> PathBuf {
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1_u32 << 24)
    };
    let (mut bytes, mut loud, mut left, mut low) = (Vec::new(), 0.0, 0_usize, 0.0);
    for _ in 0..secs * 48_000 {
        if left == 0 {
            left = 4_800 + (random() * 48_000.0) as usize;
            loud = if random() < 0.4 { 0.02 } else { random() };
        }
        left -= 1;
        low += 0.1 * (random() - 0.5 - low);
        bytes.extend(((low * loud * 60_000.0) as i16).to_le_bytes());
    }
    let raw = folder.file(&format!("{name}.raw"), &bytes);
    folder.remade(&raw, "-f s16le -ar 48000 -ac 1", "-c:a pcm_s16le", &format!("{name}.wav"))
}

fn sync(first: &Path, second: &Path) -> Result<SoundSync, MediaError> {
    let end = Instant::ZERO + Length::SECOND.times(60);
    let recording = |path: &Path| Recording { path: path.to_owned(), zero: Instant::ZERO, end };
    let mut done = Vec::new();
    let found = SoundSync::find(&recording(first), &recording(second), &AtomicBool::new(false), &mut |share| {
        done.push(share);
    });
    assert!(done.is_sorted());
    found
}

/// `second` is `first` from 12.345 s on, as another microphone heard it.
#[track_caller]
fn check_found(second: &Path, first: &Path, offset_secs: f64, drift_ppm: f64) {
    let found = sync(first, second).unwrap();
    assert!((found.offset.as_secs() - offset_secs).abs() < 0.001, "{found:?}");
    assert!((found.drift_ppm() - drift_ppm).abs() < 3.0, "{found:?}, {} ppm", found.drift_ppm());
    assert!(found.residual.as_secs() < 0.001 && found.windows >= 3, "{found:?}");
}

#[test]
fn a_recording_that_began_later_is_found_to_the_millisecond() {
    let Some(folder) = Folder::new() else { return };
    let first = voices(&folder, "first", 90, 1);
    let later = folder.remade(&first, "", "-ss 12.345 -c:a pcm_s16le", "later.wav");
    check_found(&later, &first, 12.345, 0.0);
    check_found(&first, &later, -12.345, 0.0);
}

#[test]
fn a_quieter_noisier_copy_in_another_codec_is_found_too() {
    let Some(folder) = Folder::new() else { return };
    let first = voices(&folder, "first", 90, 1);
    let noise = "[0:a]atrim=start=12.345,asetpts=PTS-STARTPTS,volume=0.3,highpass=f=200[voice];\
        anoisesrc=r=48000:a=0.003:seed=3:d=80[noise];[voice][noise]amix=duration=first";
    let noisy = folder.remade(&first, "", &format!("-filter_complex {noise} -c:a libopus -b:a 48k"), "noisy.webm");
    check_found(&noisy, &first, 12.345, 0.0);
}

/// A recording, and what noisy recorders took of it whose clocks run slow: played a little fast, their seconds are longer than they say.
#[test]
fn a_clock_that_runs_slow_or_fast_is_told_by_its_drift_up_to_a_thousand_parts_per_million() {
    let Some(folder) = Folder::new() else { return };
    let first = voices(&folder, "first", 140, 1);
    for rate in [48_001, 48_010, 48_048, 47_952] {
        let heard = format!("[0:a]asetrate={rate},aresample=48000,volume=0.5[voice]");
        let noise = "anoisesrc=r=48000:a=0.004:seed=3:d=150[noise];[voice][noise]amix=duration=first";
        let args = format!("-filter_complex {heard};{noise} -c:a pcm_s16le");
        let slow = folder.remade(&first, "", &args, "slow.wav");
        let ratio = f64::from(rate) / 48_000.0;
        check_found(&slow, &first, 0.0, (ratio - 1.0) * 1e6);
        check_found(&first, &slow, 0.0, (1.0 / ratio - 1.0) * 1e6);
    }
}

#[test]
fn recordings_of_different_rooms_have_no_place_on_one_clock() {
    let Some(folder) = Folder::new() else { return };
    let (first, other) = (voices(&folder, "first", 60, 1), voices(&folder, "other", 60, 99));
    assert!(matches!(sync(&first, &other), Err(MediaError::NothingInCommon { .. })));
    let silence = folder.remade(&first, "", "-af volume=0 -c:a pcm_s16le", "silence.wav");
    assert!(matches!(sync(&first, &silence), Err(MediaError::NothingInCommon { .. })));
    let mute = folder.video("mute.mkv", 30, "-c:v mpeg4");
    assert!(matches!(sync(&first, &mute), Err(MediaError::NoSound { .. })));
    let short = folder.remade(&first, "", "-t 2 -c:a pcm_s16le", "short.wav");
    assert!(matches!(sync(&first, &short), Err(MediaError::NothingInCommon { .. })));
}
