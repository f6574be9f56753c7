//! What the player presents is the frame that it names, in every kind of file that a camera or a phone makes: every frame in order, at a
//! thousand random places, stepping back from the end, and while playing at every speed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]
#![allow(clippy::print_stderr, reason = "what is skipped is said aloud")]

mod common;

use std::path::Path;
use std::process::Command;

use common::rig::Rig;
use common::{Folder, number_in, scattered};
use media::{Speed, probe};

const SEEKS: usize = 1_000;

/// Every frame `n` of a file with so many carries the number `n`.
#[track_caller]
fn check(path: &Path, frames: usize) {
    let mut rig = Rig::ready(path);
    assert_eq!(rig.player.index(0).unwrap().len(), frames, "{}", path.display());
    let last = frames - 1;
    for frame in 0..frames {
        rig.check(0, frame);
        rig.player.step(0, 1, rig.now);
    }
    for frame in scattered(SEEKS, frames) {
        let time = rig.player.index(0).unwrap().time_of(frame);
        rig.player.seek(time, rig.now);
        rig.check(0, frame);
    }
    let end = rig.player.index(0).unwrap().time_of(last);
    rig.player.seek(end, rig.now);
    for frame in (0..frames).rev() {
        rig.check(0, frame);
        rig.player.step(0, -1, rig.now);
    }
    for permille in [125, 250, 500, 1_000, 2_000] {
        check_playing(&mut rig, permille, frames);
    }
}

/// Played from the start: each presented picture is the frame that it is called, and all are seen that the speed lets be seen.
#[track_caller]
fn check_playing(rig: &mut Rig, permille: i32, frames: usize) {
    let start = rig.player.index(0).unwrap().time_of(0);
    rig.player.seek(start, rig.now);
    rig.settle();
    rig.player.play(Speed::from_permille(permille).unwrap(), rig.now);
    let mut seen = vec![0];
    while rig.player.is_playing() {
        rig.pass(20);
        rig.settle();
        let presented = rig.player.presented(0).unwrap();
        assert_eq!(number_in(&presented.picture), presented.frame, "at {permille} thousandths");
        if seen.last() != Some(&presented.frame) {
            seen.push(presented.frame);
        }
    }
    assert!(seen.is_sorted() && seen.last() == Some(&(frames - 1)), "at {permille} thousandths: {seen:?}");
    assert!(permille > 1_000 || seen.len() == frames, "at {permille} thousandths: {seen:?}");
}

fn has_encoder(name: &str) -> bool {
    let output = Command::new("ffmpeg").args(["-v", "error", "-encoders"]).output();
    let found = output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(&format!(" {name} ")));
    if !found {
        eprintln!("skipped: this ffmpeg has no encoder {name}");
    }
    found
}

/// A file of so many frames, encoded so.
#[track_caller]
fn check_made(name: &str, frames: usize, args: &str) {
    let Some(folder) = Folder::new() else { return };
    check(&folder.video(name, frames, args), frames);
}

const H264: &str = "-c:v libx264 -preset veryfast -g 12 -bf 3 -b_strategy 0 -sc_threshold 0";
const MPEG2: &str = "-c:v mpeg2video -g 12 -bf 2 -q:v 3 -pix_fmt yuv420p";

#[test]
fn h264_in_mp4_mov_mkv_and_a_camcorders_stream() {
    for name in ["a.mp4", "a.mov", "a.mkv", "a.mts"] {
        check_made(name, 50, &format!("{H264} -pix_fmt yuv420p"));
    }
}

#[test]
fn h264_with_a_key_every_250_frames() {
    check_made(
        "a.mp4",
        300,
        "-c:v libx264 -preset veryfast -g 250 -bf 3 -b_strategy 0 -sc_threshold 0 -pix_fmt yuv420p",
    );
}

#[test]
fn h264_in_every_chroma_and_depth() {
    for format in ["yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le"] {
        check_made("a.mp4", 40, &format!("{H264} -pix_fmt {format}"));
    }
}

#[test]
fn h264_with_open_groups() {
    for name in ["a.mp4", "a.mkv", "a.mts"] {
        check_made(name, 50, &format!("{H264} -pix_fmt yuv420p -x264-params open-gop=1"));
    }
}

#[test]
fn hevc_in_eight_and_ten_bits() {
    let hevc = "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=12:bframes=4";
    for (name, format) in [("a.mp4", "yuv420p"), ("a.mov", "yuv420p10le"), ("a.mkv", "yuv420p10le")] {
        check_made(name, 50, &format!("{hevc} -tag:v hvc1 -pix_fmt {format}"));
    }
}

#[test]
fn vp9_in_webm_and_mp4() {
    let vp9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20 -auto-alt-ref 1 -lag-in-frames 12 -b:v 300k";
    for name in ["a.webm", "a.mp4"] {
        check_made(name, 50, &format!("{vp9} -pix_fmt yuv420p"));
    }
}

#[test]
fn av1_in_mp4_and_webm() {
    if has_encoder("libsvtav1") {
        for name in ["a.mp4", "a.webm"] {
            check_made(name, 50, "-c:v libsvtav1 -preset 12 -crf 10 -g 20 -pix_fmt yuv420p");
        }
    }
}

#[test]
fn mpeg2_in_a_program_stream_a_transport_stream_and_mkv() {
    for name in ["a.mpg", "a.ts", "a.mkv"] {
        check_made(name, 50, MPEG2);
    }
}

#[test]
fn mpeg2_of_a_camcorder_is_interlaced_and_says_so() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.sized_video("a.mpg", [720, 576], 40, &format!("{MPEG2} -flags +ildct+ilme -top 1"));
    check(&path, 40);
    assert!(probe(&path).unwrap().warnings.iter().any(|warning| warning.contains("interlaced")));
}

#[test]
fn mpeg4_in_avi_and_mp4() {
    for name in ["a.avi", "a.mp4"] {
        check_made(name, 50, "-c:v mpeg4 -g 12 -bf 2 -q:v 3 -pix_fmt yuv420p");
    }
}

#[test]
fn motion_jpeg_in_mov_and_avi() {
    for name in ["a.mov", "a.avi"] {
        check_made(name, 40, "-c:v mjpeg -q:v 3 -pix_fmt yuvj420p");
    }
}

#[test]
fn prores_in_mov() {
    check_made("a.mov", 40, "-c:v prores_ks -profile:v 2 -pix_fmt yuv422p10le");
}

#[test]
fn dv_in_avi_and_by_itself() {
    let Some(folder) = Folder::new() else { return };
    for name in ["a.avi", "a.dv"] {
        check(&folder.sized_video(name, [720, 576], 30, "-c:v dvvideo -pix_fmt yuv420p -aspect 4:3"), 30);
    }
}

#[test]
fn sound_that_begins_before_or_after_the_picture_moves_no_frame() {
    for (offset, name) in [("-0.3", "a.mp4"), ("0.5", "a.mp4"), ("0.5", "a.mkv"), ("-0.3", "a.mts")] {
        let sound = format!("-itsoffset {offset} -f lavfi -i sine=frequency=300:duration=3 -map 0:v -map 1:a -c:a aac");
        check_made(name, 50, &format!("{sound} {H264} -pix_fmt yuv420p"));
    }
}

#[test]
fn a_file_that_begins_late() {
    for name in ["a.mkv", "a.mts"] {
        check_made(name, 40, &format!("{H264} -pix_fmt yuv420p -output_ts_offset 7.5"));
    }
}

#[test]
fn of_two_frames_with_one_time_the_later_is_on_the_screen_and_both_are_counted() {
    let Some(folder) = Folder::new() else { return };
    let doubled = "-vf settb=1/1000,setpts='40*N-40*eq(mod(N,10),9)' -fps_mode passthrough -enc_time_base 1/1000";
    let path = folder.video("a.mkv", 40, &format!("{doubled} -c:v ffv1 -pix_fmt yuv420p"));
    let mut rig = Rig::ready(&path);
    assert_eq!(rig.player.index(0).unwrap().len(), 40);
    for frame in (0..40).filter(|frame| frame % 10 != 8) {
        rig.check(0, frame);
        rig.player.step(0, 1, rig.now);
    }
    assert!(probe(&path).unwrap().warnings.iter().any(|warning| warning.contains("same time")));
}
