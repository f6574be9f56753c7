//! What the player presents is the frame that it names, in every kind of file that a camera or a phone makes: every frame in order, at a
//! thousand random places, stepping back from the end, and while playing at every speed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]
#![allow(clippy::print_stderr, reason = "what is skipped is said aloud")]

mod common;

use std::path::Path;
use std::process::Command;

use common::rig::Rig;
use common::{Folder, number_in, number_in_turned, scattered};
use media::{Presented, Speed, probe};

const SEEKS: usize = 1_000;

/// Every frame `n` of a file with so many carries the number `n`.
#[track_caller]
fn check(path: &Path, frames: usize) {
    check_seen(path, frames, |presented| number_in(&presented.picture));
}

/// The same, where `frame_in` says which frame a picture is.
#[track_caller]
fn check_seen(path: &Path, frames: usize, frame_in: fn(&Presented) -> usize) {
    let mut rig = Rig::ready(path);
    rig.frame_in = frame_in;
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
    for speed in Speed::LADDER {
        check_playing(&mut rig, speed, frames);
        check_playing(&mut rig, speed.reversed(), frames);
    }
}

/// Played from one end to the other: each presented picture is the frame that it is called, and all are seen that the speed lets be seen.
#[track_caller]
fn check_playing(rig: &mut Rig, speed: Speed, frames: usize) {
    let ends = if speed.is_backward() { [frames - 1, 0] } else { [0, frames - 1] };
    let start = rig.player.index(0).unwrap().time_of(ends[0]);
    rig.player.seek(start, rig.now);
    rig.settle();
    rig.player.play(speed, rig.now);
    let mut seen = vec![ends[0]];
    while rig.player.is_playing() {
        rig.pass(20);
        rig.settle();
        let presented = rig.player.presented(0).unwrap();
        assert_eq!((rig.frame_in)(presented), presented.frame, "at {speed:?}");
        if seen.last() != Some(&presented.frame) {
            seen.push(presented.frame);
        }
    }
    let is_in_order = if speed.is_backward() { seen.iter().rev().is_sorted() } else { seen.is_sorted() };
    assert!(is_in_order && seen.last() == Some(&ends[1]), "at {speed:?}: {seen:?}");
    assert!(speed.permille().abs() > 1_000 || seen.len() == frames, "at {speed:?}: {seen:?}");
}

/// What `probe` says of the file has these words in it.
#[track_caller]
fn check_said(path: &Path, words: &str) {
    let warnings = probe(path).unwrap().warnings;
    assert!(warnings.iter().any(|warning| warning.contains(words)), "{}: {warnings:?}", path.display());
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
    check_said(&path, "interlaced");
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
    check_said(&path, "same time");
}

#[test]
fn an_edit_list_hides_the_frames_before_the_cut() {
    let Some(folder) = Folder::new() else { return };
    for name in ["cut.mp4", "cut.mov"] {
        let whole = folder.video("whole.mp4", 90, &format!("{H264} -pix_fmt yuv420p"));
        let path = folder.remade(&whole, "-ss 1.24", "-c copy", name); // frame 31; the key before it is 24
        check_seen(&path, 59, |presented| number_in(&presented.picture) - 31);
        check_said(&path, "edit list hides");
    }
}

#[test]
fn frames_of_uneven_length_and_frames_that_the_camera_dropped() {
    let Some(folder) = Folder::new() else { return };
    let uneven = "-vf settb=1/1000,setpts='40*N+mod(N*N,7)*5' -fps_mode passthrough -enc_time_base 1/1000";
    for name in ["a.mp4", "a.mkv"] {
        let made = format!("{uneven} {H264} -pix_fmt yuv420p -video_track_timescale 1000 -use_editlist 0");
        let path = folder.video(name, 50, &made);
        check(&path, 50);
        check_said(&path, "variable frame rate");
    }
    let dropped = "-vf settb=1/1000,setpts='40*N+120*gte(N,20)' -fps_mode passthrough -enc_time_base 1/1000";
    let path = folder.video("b.mkv", 50, &format!("{dropped} {H264} -pix_fmt yuv420p"));
    check(&path, 50);
    check_said(&path, "3 frames, which the camera dropped");
}

#[test]
fn h264_without_presentation_times() {
    let Some(folder) = Folder::new() else { return };
    for name in ["a.avi", "a.h264"] {
        let path = folder.video(name, 40, &format!("{H264} -pix_fmt yuv420p"));
        check(&path, 40);
        check_said(&path, "found by decoding");
    }
}

#[test]
fn h264_in_fragments() {
    check_made("a.mp4", 50, &format!("{H264} -pix_fmt yuv420p -movflags +frag_keyframe+empty_moov"));
}

#[test]
fn h264_of_two_fields_says_so() {
    let Some(folder) = Folder::new() else { return };
    for name in ["a.mts", "a.mp4"] {
        let made = format!("{H264} -pix_fmt yuv420p -flags +ildct+ilme -x264-params tff=1");
        let path = folder.video(name, 40, &made);
        check(&path, 40);
        check_said(&path, "interlaced");
    }
}

#[test]
fn a_picture_stored_turned_is_shown_upright() {
    let Some(folder) = Folder::new() else { return };
    let stored = folder.video("a.mp4", 40, &format!("{H264} -pix_fmt yuv420p"));
    let path = folder.turned(&stored, "turned.mp4");
    check_seen(&path, 40, |presented| number_in_turned(&presented.picture));
    check_said(&path, "turned by 90 degrees clockwise");
}

#[test]
fn pixels_that_are_not_square_and_sizes_that_are_odd() {
    let Some(folder) = Folder::new() else { return };
    let wide = folder.video("wide.mp4", 40, &format!("{H264} -pix_fmt yuv420p -aspect 16:9"));
    check(&wide, 40);
    check_said(&wide, "not square (4:3)");
    let odd = [
        ("odd.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20 -b:v 500k -pix_fmt yuv420p".to_owned()),
        ("odd.mp4", format!("{H264} -pix_fmt yuv444p")),
    ];
    for (name, args) in odd {
        check(&folder.sized_video(name, [161, 121], 40, &args), 40);
    }
}

#[test]
fn h264_in_full_range_and_the_colours_of_hd_and_uhd() {
    for colours in [
        "-pix_fmt yuvj420p",
        "-pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709",
        "-pix_fmt yuv420p10le -colorspace bt2020nc -color_primaries bt2020 -color_trc bt2020-10",
    ] {
        check_made("a.mp4", 40, &format!("{H264} {colours}"));
    }
}

#[test]
fn vp8_with_frames_that_are_never_shown() {
    let vp8 = "-c:v libvpx -deadline good -cpu-used 5 -g 20 -auto-alt-ref 1 -lag-in-frames 16 -b:v 300k";
    check_made("a.webm", 50, vp8);
}

#[test]
fn hevc_with_leading_pictures() {
    let hevc =
        "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=none:keyint=12:bframes=4:open-gop=1";
    for name in ["a.mp4", "a.mkv", "a.ts"] {
        check_made(name, 50, hevc);
    }
}

#[test]
fn a_truncated_file_has_the_frames_that_are_left() {
    let Some(folder) = Folder::new() else { return };
    for (name, extra) in [("a.mp4", "-movflags +faststart"), ("a.mkv", ""), ("a.mts", "")] {
        let whole = folder.video(name, 90, &format!("{H264} -pix_fmt yuv420p {extra}"));
        let bytes = std::fs::read(&whole).unwrap();
        let path = folder.file(&format!("cut_{name}"), &bytes[..bytes.len() * 7 / 10]);
        let found = probe(&path).unwrap();
        assert!((20..90).contains(&found.frames), "{name}: {} frames", found.frames);
        check_seen(&path, found.frames, |presented| {
            // Its time tells its number: the cut may have taken a frame from before the last one
            let is_right = number_in(&presented.picture) as i64 == presented.time.micros() / 40_000;
            if is_right { presented.frame } else { usize::MAX }
        });
        check_said(&path, "copy it again from the camera or card");
    }
}

#[test]
fn of_two_frames_of_h264_with_one_time_both_are_counted() {
    let Some(folder) = Folder::new() else { return };
    let whole = folder.video("whole.mkv", 60, &format!("{H264} -pix_fmt yuv420p"));
    let doubled = "-c copy -bsf:v setts=pts='PTS-40*eq(mod(round(PTS/40),10),9)'";
    let path = folder.remade(&whole, "", doubled, "a.mkv");
    let mut rig = Rig::ready(&path);
    let times = rig.player.index(0).unwrap().times().collect::<Vec<_>>();
    let on_screen = (0..60).filter(|&frame| times.get(frame + 1) != Some(&times[frame])).collect::<Vec<_>>();
    assert!(times.len() == 60 && on_screen.len() <= 57, "{times:?}"); // ffmpeg leaves some a millisecond apart
    for &frame in &on_screen {
        rig.check(0, frame);
        rig.player.step(0, 1, rig.now);
    }
    for frame in scattered(SEEKS, on_screen.len()).map(|place| on_screen[place]) {
        rig.player.seek(times[frame], rig.now);
        rig.check(0, frame);
    }
    check_said(&path, "same time");
}
