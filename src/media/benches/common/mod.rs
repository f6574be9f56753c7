//! What benches measure on, and how.
#![allow(clippy::unwrap_used, reason = "a program for people who measure")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant as Now};

/// The videos named on the command line; without any, four are made by `ffmpeg`.
pub(crate) fn given_or_made(folder: &Path) -> Vec<PathBuf> {
    let given: Vec<PathBuf> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).map(PathBuf::from).collect();
    if !given.is_empty() {
        return given;
    }
    let kinds =
        [("1280x720", 30, 60, 250), ("1280x720", 30, 60, 30), ("1920x1080", 60, 30, 60), ("3840x2160", 30, 10, 60)];
    kinds.map(|(size, rate, secs, group)| made(folder, size, rate, secs, group)).into()
}

/// So many seconds with three B-frames.
fn made(folder: &Path, size: &str, rate: usize, secs: usize, group: usize) -> PathBuf {
    let path = folder.join(format!("{size} at {rate}, key every {group}.mp4"));
    let source = format!("testsrc2=size={size}:rate={rate}:duration={secs},noise=alls=6:allf=t");
    let encode = format!("-c:v libx264 -preset veryfast -crf 26 -pix_fmt yuv420p -g {group} -keyint_min {group} -bf 3");
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", &source])
        .args(encode.split_whitespace())
        .arg(&path)
        .status();
    assert!(status.expect("the ffmpeg program").success());
    path
}

pub(crate) fn timed(work: impl FnOnce()) -> Duration {
    let begun = Now::now();
    work();
    begun.elapsed()
}

pub(crate) fn scattered(count: usize, below: usize) -> Vec<usize> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    (0..count).map(|_| next()).collect()
}
