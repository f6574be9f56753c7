//! The picture of frame n is the n-th picture of the file: in order, at random, backward, in every kind of file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]

mod common;

use std::path::Path;
use std::sync::Arc;

use common::{Folder, number_in, number_in_turned, scattered};
use media::{Decoder, DecoderOptions, FrameIndex, Picture, probe};
use span::Instant;

/// So little room that most frames are decoded again.
const SMALL: DecoderOptions = DecoderOptions { cache_bytes: 8 * 160 * 120 * 3 / 2, threads: 2 };

/// The `n`-th frame carries the number `first + n` and begins at `micros(n)`.
#[track_caller]
fn check_with(
    path: &Path,
    first: usize,
    frames: usize,
    micros: impl Fn(i64) -> i64,
    number: impl Fn(&Picture) -> usize,
) {
    let index = Arc::new(FrameIndex::read(path).unwrap());
    assert_eq!(index.len(), frames);
    let times = index.times().map(Instant::micros).collect::<Vec<_>>();
    assert_eq!(times, (0..frames as i64).map(micros).collect::<Vec<_>>());

    let mut decoder = Decoder::open_indexed(path, Arc::clone(&index), SMALL).unwrap();
    let mut see = |frame: usize| {
        let picture = decoder.frame(frame).unwrap();
        assert_eq!((picture.frame, picture.time), (frame, index.time_of(frame)));
        assert_eq!(number(&picture), first + frame, "frame {frame}");
        assert!(!decoder.is_damaged(frame).unwrap(), "frame {frame}");
    };
    (0..frames).for_each(&mut see);
    scattered(200, frames).for_each(&mut see);
    (0..frames).rev().for_each(&mut see);
}

/// 25 frames a second.
#[track_caller]
fn check(path: &Path, frames: usize) {
    check_with(path, 0, frames, |n| n * 40_000, number_in);
}

/// Milliseconds, as Matroska keeps them, are whole at 25 frames a second.
const H264: &str = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 12 -bf 3 -b_strategy 0 -sc_threshold 0";

#[test]
fn h264_with_b_frames_in_mp4() {
    let Some(folder) = Folder::new() else { return };
    check(&folder.video("a.mp4", 90, H264), 90);
}

#[test]
fn h264_with_b_frames_in_quicktime() {
    let Some(folder) = Folder::new() else { return };
    check(&folder.video("a.mov", 60, H264), 60);
}

#[test]
fn h264_with_b_frames_in_matroska() {
    let Some(folder) = Folder::new() else { return };
    check(&folder.video("a.mkv", 90, H264), 90);
}

#[test]
fn h264_with_b_frames_in_a_transport_stream() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.ts", 90, H264);
    check(&path, 90);
    let probe = probe(&path).unwrap();
    assert!(probe.container_start_s > 1.0, "a transport stream begins at {}", probe.container_start_s);
    assert_eq!(probe.first_frame_s, 0.0);
}

#[test]
fn h264_in_fragments() {
    let Some(folder) = Folder::new() else { return };
    check(&folder.video("a.mp4", 60, &format!("{H264} -movflags +frag_keyframe+empty_moov")), 60);
}

#[test]
fn h264_with_open_groups() {
    let Some(folder) = Folder::new() else { return };
    for name in ["a.mp4", "a.mkv", "a.ts"] {
        check(&folder.video(name, 60, &format!("{H264} -x264-params open-gop=1")), 60);
    }
}

#[test]
fn h264_with_one_key_and_many_references() {
    let Some(folder) = Folder::new() else { return };
    let args = "-c:v libx264 -preset medium -pix_fmt yuv420p -g 250 -bf 8 -refs 5 -b_strategy 0";
    check(&folder.video("a.mp4", 80, args), 80);
}

#[test]
fn interlaced_h264_is_ordered_by_decoding() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.ts", 50, &format!("{H264} -flags +ildct+ilme -x264-params tff=1"));
    check(&path, 50);
    assert!(probe(&path).unwrap().warnings.iter().any(|warning| warning.contains("interlaced")));
}

#[test]
fn h264_in_avi_has_no_presentation_times() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.avi", 60, H264);
    check(&path, 60);
}

#[test]
fn a_raw_h264_stream_has_no_times_at_all() {
    let Some(folder) = Folder::new() else { return };
    check(&folder.video("a.h264", 40, H264), 40);
}

#[test]
fn hevc_with_leading_pictures() {
    let Some(folder) = Folder::new() else { return };
    let args =
        "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=none:keyint=12:bframes=4:open-gop=1";
    for name in ["a.mp4", "a.mkv"] {
        check(&folder.video(name, 48, args), 48);
    }
}

#[test]
fn vp9_in_webm() {
    let Some(folder) = Folder::new() else { return };
    let args = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20 -auto-alt-ref 1 -lag-in-frames 12 -b:v 300k";
    check(&folder.video("a.webm", 60, args), 60);
}

#[test]
fn vp8_with_frames_that_are_never_shown() {
    let Some(folder) = Folder::new() else { return };
    let args = "-c:v libvpx -deadline good -cpu-used 5 -g 20 -auto-alt-ref 1 -lag-in-frames 16 -b:v 300k";
    check(&folder.video("a.webm", 60, args), 60);
}

#[test]
fn mpeg4_with_b_frames_in_avi() {
    let Some(folder) = Folder::new() else { return };
    check(&folder.video("a.avi", 60, "-c:v mpeg4 -g 12 -bf 2 -q:v 3"), 60);
}

#[test]
fn motion_jpeg_where_every_frame_is_a_key() {
    let Some(folder) = Folder::new() else { return };
    check(&folder.video("a.avi", 40, "-c:v mjpeg -q:v 3 -pix_fmt yuvj420p"), 40);
}

#[test]
fn frames_of_uneven_length() {
    let Some(folder) = Folder::new() else { return };
    let uneven = "-vf settb=1/1000,setpts='40*N+mod(N*N,7)*5' -fps_mode passthrough -enc_time_base 1/1000";
    for name in ["a.mp4", "a.mkv"] {
        // Without an edit list: newer FFmpeg writes one that hides a last frame whose length it does not know
        let path = folder.video(name, 80, &format!("{uneven} {H264} -video_track_timescale 1000 -use_editlist 0"));
        check_with(&path, 0, 80, |n| (40 * n + n * n % 7 * 5) * 1000, number_in);
        let probe = probe(&path).unwrap();
        assert!(probe.warnings.iter().any(|warning| warning.contains("variable")), "{:?}", probe.warnings);
    }
}

#[test]
fn ntsc_frames_are_rounded_once_from_the_streams_clock() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mp4", 80, &format!("-vf settb=1001/30000,setpts=N -r 30000/1001 {H264}"));
    check_with(&path, 0, 80, |n| (n * 1_001_000_000 + 15_000) / 30_000, number_in);
    assert_eq!(serde_json::to_value(probe(&path).unwrap().rate).unwrap()["fps"], "30000/1001");
}

#[test]
fn an_edit_list_hides_the_frames_before_the_cut() {
    let Some(folder) = Folder::new() else { return };
    let whole = folder.video("whole.mp4", 90, H264);
    let path = folder.remade(&whole, "-ss 1.24", "-c copy", "cut.mp4"); // frame 31; the key before it is 24
    check_with(&path, 31, 59, |n| n * 40_000, number_in);
    assert!(probe(&path).unwrap().warnings.iter().any(|warning| warning.contains("edit list hides")));
}

#[test]
fn a_file_that_begins_at_another_time() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mkv", 40, &format!("{H264} -output_ts_offset 7.5"));
    check(&path, 40);
    assert_eq!(probe(&path).unwrap().container_start_s, 7.5);
}

#[test]
fn a_picture_stored_turned_is_shown_upright() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.turned(&folder.video("a.mp4", 30, H264), "turned.mp4");
    check_with(
        &path,
        0,
        30,
        |n| n * 40_000,
        |picture| {
            assert_eq!(picture.size, [120, 160]);
            number_in_turned(picture)
        },
    );
    assert_eq!(probe(&path).unwrap().video.unwrap().rotation, 90);
}

#[test]
fn an_odd_size_has_its_last_row_and_column() {
    let Some(folder) = Folder::new() else { return };
    let args = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20 -b:v 500k -pix_fmt yuv420p";
    let path = folder.sized_video("a.webm", [161, 121], 30, args);
    check_with(
        &path,
        0,
        30,
        |n| n * 40_000,
        |picture| {
            assert_eq!(picture.size, [161, 121]);
            let corner = &picture.rgba()[picture.rgba().len() - 4..];
            let expected = number_in(picture) >> 11 & 1 == 1;
            assert_eq!((corner[1] > 125, corner[3]), (expected, 255));
            number_in(picture)
        },
    );
}

#[test]
fn ten_bits_and_full_range_are_shown_as_what_they_are() {
    let Some(folder) = Folder::new() else { return };
    let plain = folder.video("plain.mkv", 3, "-c:v ffv1 -pix_fmt yuv420p");
    for (name, args) in [
        ("ten.mkv", "-c:v ffv1 -pix_fmt yuv420p10le"),
        ("full.avi", "-c:v mjpeg -q:v 1 -pix_fmt yuvj420p"),
        ("rgb.mkv", "-c:v ffv1 -pix_fmt bgr0"),
    ] {
        let path = folder.video(name, 3, args);
        let grey = |path: &Path| Decoder::open(path, SMALL).unwrap().frame(2).unwrap().rgba()[4 * 60..4 * 61].to_vec();
        for (seen, expected) in grey(&path).into_iter().zip(grey(&plain)) {
            assert!(seen.abs_diff(expected) <= 2, "{name}: {seen}, not {expected}");
        }
    }
}

#[test]
fn pixels_that_are_not_square_are_told() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mp4", 3, &format!("{H264} -aspect 16:9"));
    let picture = Decoder::open(&path, SMALL).unwrap().frame(0).unwrap();
    assert_eq!(picture.size, [160, 120]);
    let [width, height] = picture.display_size();
    assert!((width / height - 16.0 / 9.0).abs() < 0.01, "{width} x {height}");
}

#[test]
fn a_truncated_file_has_the_frames_that_are_left() {
    let Some(folder) = Folder::new() else { return };
    for (name, extra) in [("a.mp4", "-movflags +faststart"), ("a.mkv", ""), ("a.ts", "")] {
        let whole = std::fs::read(folder.video(name, 90, &format!("{H264} {extra}"))).unwrap();
        let path = folder.file(&format!("cut_{name}"), &whole[..whole.len() * 7 / 10]);
        let mut decoder = Decoder::open(&path, SMALL).unwrap();
        let index = Arc::clone(decoder.index());
        assert!((20..90).contains(&index.len()), "{name}: {} frames", index.len());
        for frame in (0..index.len()).chain(scattered(100, index.len())) {
            // Its time tells its number: the cut may have taken a frame from before the last one
            let number = index.time_of(frame).micros() / 40_000;
            assert_eq!(number_in(&decoder.frame(frame).unwrap()) as i64, number, "{name}, frame {frame}");
        }
    }
    let probe = probe(&folder.path("cut_a.mp4")).unwrap();
    let is_named = |warning: &String| warning.contains("ends before") && warning.contains("copy it again");
    assert!(probe.warnings.iter().any(is_named), "{:?}", probe.warnings);
}

#[test]
fn real_cameras_by_seeking_as_by_decoding_in_a_row() {
    let Some(samples) = std::env::var_os("ATTUNE_SAMPLES") else {
        eprintln!("skipped: ATTUNE_SAMPLES names no folder of samples");
        return;
    };
    let mut files =
        std::fs::read_dir(Path::new(&samples).join("video")).unwrap().collect::<Result<Vec<_>, _>>().unwrap();
    files.sort_by_key(std::fs::DirEntry::path);
    assert!(!files.is_empty());
    for file in files {
        let options = DecoderOptions { cache_bytes: 16 << 20, threads: 0 };
        let mut decoder = Decoder::open(&file.path(), options).unwrap();
        let frames = decoder.index().len().min(300);
        let hash = |picture: Picture| blake3::hash(picture.rgba());
        let row = (0..frames).map(|frame| hash(decoder.frame(frame).unwrap())).collect::<Vec<_>>();
        for frame in scattered(30, frames).chain((frames - 20..frames).rev()) {
            assert_eq!(hash(decoder.frame(frame).unwrap()), row[frame], "frame {frame} of {}", file.path().display());
        }
    }
}
