//! The player presents the frame that its clock asks for, and says which one it is. The clock is the test's own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use common::rig::Rig;
use common::{Folder, PATIENCE, number_in, scattered};
use media::{Placement, Speed, Stopped, VideoState};
use span::{Instant, Length, Span};

const H264: &str = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 24 -bf 3 -b_strategy 0 -sc_threshold 0";

fn millis(millis: i64) -> Instant {
    Instant::ZERO + Length::from_millis(millis)
}

fn speed(permille: i32) -> Speed {
    Speed::from_permille(permille).unwrap()
}

fn film(folder: &Folder, frames: usize) -> PathBuf {
    folder.video("film.mp4", frames, H264)
}

#[test]
fn the_first_picture_comes_by_itself() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::open(&[(&film(&folder, 50), Placement::default())]);
    rig.until("a picture", |player| player.presented(0).is_some());
    assert_eq!(number_in(&rig.player.presented(0).unwrap().picture), 0);
    rig.check(0, 0);
}

#[test]
fn a_seek_shows_the_frame_that_has_begun_and_stands_at_its_beginning() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&film(&folder, 90));
    for time in scattered(60, 3_600) {
        rig.player.seek(millis(time as i64), rig.now);
        rig.check(0, time / 40);
        assert_eq!(rig.player.position(), millis(time as i64 / 40 * 40));
    }
}

#[test]
fn of_many_seeks_the_last_counts() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&film(&folder, 90));
    for time in scattered(200, 3_600) {
        rig.player.seek(millis(time as i64), rig.now);
    }
    rig.player.seek(millis(1_999), rig.now);
    rig.check(0, 49);
}

#[test]
fn dragging_may_show_a_nearby_frame_but_ends_on_the_exact_one() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&film(&folder, 90));
    for time in scattered(60, 3_600) {
        rig.player.scrub(millis(time as i64), rig.now);
        rig.player.advance(rig.now);
        let presented = rig.player.presented(0).unwrap();
        assert_eq!(number_in(&presented.picture), presented.frame, "a stand-in has its own number");
    }
    rig.player.scrub(millis(3_000), rig.now);
    rig.check(0, 75);
}

#[test]
fn steps_go_both_ways_and_add_up() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&film(&folder, 90));
    for frame in 1..90 {
        rig.player.step(0, 1, rig.now);
        rig.check(0, frame);
    }
    rig.player.step(0, 1, rig.now);
    rig.check(0, 89); // there is no frame after the last
    for frame in (60..89).rev() {
        rig.player.step(0, -1, rig.now);
        rig.check(0, frame);
    }
    for _ in 0..30 {
        rig.player.step(0, -1, rig.now); // faster than anything is decoded
    }
    rig.check(0, 30);
    rig.player.step(0, -31, rig.now);
    rig.check(0, 0);
}

#[test]
fn playing_shows_the_frame_of_the_clock_at_every_speed() {
    let Some(folder) = Folder::new() else { return };
    let film = film(&folder, 90);
    for permille in [125, 500, 1000, 2000] {
        let mut rig = Rig::ready(&film);
        rig.player.seek(millis(400), rig.now);
        rig.settle();
        rig.player.play(speed(permille), rig.now);
        for tick in 1..=60 {
            rig.pass(16);
            rig.check(0, (400 + tick * 16 * permille as usize / 1000) / 40);
        }
        assert!(rig.player.is_playing());
    }
}

#[test]
fn playing_backward_shows_the_frame_of_the_clock_and_ends_on_the_first() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&film(&folder, 90));
    rig.player.seek(millis(3_000), rig.now);
    rig.settle();
    rig.player.play(speed(-2000), rig.now);
    for tick in 1..=93 {
        rig.pass(16);
        rig.check(0, (3_000 - tick * 32) / 40);
    }
    rig.pass(16);
    rig.pass(16);
    assert_eq!(rig.player.advance(rig.now).stopped, Some(Stopped::End));
    rig.check(0, 0);
    assert_eq!(rig.player.position(), Instant::ZERO);
}

#[test]
fn playing_a_variable_rate_shows_each_frame_for_its_own_time() {
    let Some(folder) = Folder::new() else { return };
    let uneven = "-vf settb=1/1000,setpts='40*N+mod(N*N,7)*5' -fps_mode passthrough -enc_time_base 1/1000";
    let path = folder.video("a.mkv", 60, &format!("{uneven} {H264}"));
    let mut rig = Rig::ready(&path);
    rig.player.play(Speed::NORMAL, rig.now);
    for tick in 1..=150 {
        rig.pass(11);
        let begun = |frame: &i64| 40 * frame + frame * frame % 7 * 5 <= tick * 11;
        rig.check(0, (0..60).take_while(begun).count() - 1);
    }
}

#[test]
fn a_slow_painter_skips_frames_and_never_shows_a_wrong_one() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&film(&folder, 90));
    rig.player.play(Speed::NORMAL, rig.now);
    for tick in 1..=16 {
        rig.pass(217);
        rig.check(0, tick * 217 / 40);
    }
}

#[test]
fn pause_stands_on_the_frame_that_is_seen() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&film(&folder, 90));
    rig.player.play(Speed::NORMAL, rig.now);
    rig.pass(999);
    rig.settle();
    rig.pass(130); // nothing has been drawn meanwhile
    rig.player.pause(rig.now);
    rig.check(0, 24);
    assert_eq!(rig.player.position(), millis(960));
    assert_eq!(rig.player.wants_repaint_at(rig.now), None);
}

#[test]
fn playing_ends_on_the_last_frame() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&film(&folder, 50));
    rig.player.seek(millis(1_900), rig.now); // stands at 1.88 s
    rig.settle();
    rig.player.play(Speed::NORMAL, rig.now);
    rig.pass(119);
    rig.check(0, 49);
    assert!(rig.player.is_playing(), "the last frame is a full frame");
    rig.pass(1);
    assert_eq!(rig.player.advance(rig.now).stopped, Some(Stopped::End));
    rig.check(0, 49);
    assert_eq!((rig.player.position(), rig.player.is_playing()), (millis(1_960), false));
}

#[test]
fn a_loop_begins_again_at_its_start() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&film(&folder, 90));
    rig.player.seek(millis(1_000), rig.now);
    rig.player.set_repeat(Span::from_micros(1_000_000, 1_200_000));
    rig.settle();
    rig.player.play(Speed::NORMAL, rig.now);
    for frame in [25, 26, 27, 28, 29, 25, 26, 27, 28, 29, 25] {
        rig.check(0, frame);
        rig.pass(40);
    }
    rig.player.set_repeat(None);
    rig.pass(200);
    rig.check(0, 31);
}

#[test]
fn a_machine_that_slept_pauses_where_it_was() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&film(&folder, 90));
    rig.player.play(Speed::NORMAL, rig.now);
    rig.pass(400);
    rig.check(0, 10);
    rig.pass(60_000);
    assert_eq!(rig.player.advance(rig.now).stopped, Some(Stopped::Suspended));
    rig.check(0, 10);
    assert!(!rig.player.is_playing());
}

#[test]
fn two_videos_follow_one_clock_each_at_its_own_place() {
    let Some(folder) = Folder::new() else { return };
    let (first, second) = (film(&folder, 90), folder.video("second.mkv", 90, H264));
    // The second camera started 300 ms later and ran fast: 1.01 seconds of the session per second of its clock
    let placed = Placement { offset: Length::from_millis(300), rate: (101, 100) };
    let mut rig = Rig::open(&[(&first, Placement::default()), (&second, placed)]);
    rig.until("both videos are ready", |player| (0..2).all(|video| *player.state(video) == VideoState::Ready));
    let of_second = |time: i64| usize::try_from((time - 300) * 100 / 4040).unwrap_or(0);

    for time in [0, 250, 300, 339, 341, 1_000, 2_345] {
        rig.player.seek(millis(time), rig.now);
        rig.check(0, time as usize / 40);
        rig.check(1, of_second(time / 40 * 40));
    }
    rig.player.seek(millis(400), rig.now);
    rig.settle();
    rig.player.play(Speed::NORMAL, rig.now);
    for tick in 1..=40 {
        rig.pass(33);
        rig.check(0, (400 + tick * 33) / 40);
        rig.check(1, of_second(400 + tick as i64 * 33));
    }
    rig.player.pause(rig.now);

    // Steps of the second show its next frame, and the first at that time
    rig.player.seek(millis(300), rig.now);
    rig.player.step(1, 10, rig.now);
    rig.check(1, 10);
    rig.check(0, (300 + 404) / 40);
    rig.player.step(1, 1, rig.now);
    rig.check(1, 11);
    assert_eq!(rig.player.position(), Instant::from_micros(300_000 + 11 * 40_400));

    // The session lasts as long as either of them
    rig.player.set_lead(0, rig.now);
    let end = 300_000 + 90 * 40_400;
    assert_eq!(rig.player.extent(), Span::from_micros(0, end));
    rig.player.seek(millis(3_650), rig.now);
    rig.check(0, 89);
    rig.check(1, of_second(3_650));
}

#[test]
fn moving_a_video_shows_another_of_its_frames_at_the_same_time() {
    let Some(folder) = Folder::new() else { return };
    let (first, second) = (film(&folder, 90), folder.video("second.mkv", 90, H264));
    let mut rig = Rig::open(&[(&first, Placement::default()), (&second, Placement::default())]);
    rig.until("both videos are ready", |player| (0..2).all(|video| *player.state(video) == VideoState::Ready));
    rig.player.seek(millis(2_000), rig.now);
    rig.check(1, 50);
    rig.player.set_placement(1, Placement { offset: Length::from_millis(-400), rate: (1, 1) }, rig.now);
    rig.check(1, 60);
    rig.check(0, 50);
}

#[test]
fn a_file_that_cannot_be_played_says_so_and_the_other_plays() {
    let Some(folder) = Folder::new() else { return };
    let (good, bad) = (film(&folder, 50), folder.file("bad.mp4", b"no video"));
    let mut rig = Rig::open(&[(&bad, Placement::default()), (&good, Placement::default())]);
    rig.until("one fails and one is ready", |player| {
        matches!(player.state(0), VideoState::Failed(_)) && *player.state(1) == VideoState::Ready
    });
    rig.player.seek(millis(1_000), rig.now);
    rig.check(1, 25);
    rig.player.play(Speed::NORMAL, rig.now);
    rig.pass(100);
    rig.check(1, 27);
}

#[test]
fn a_player_without_videos_does_nothing() {
    let mut rig = Rig::open(&[]);
    rig.player.play(Speed::NORMAL, rig.now);
    rig.pass(100);
    rig.player.seek(millis(5), rig.now);
    assert!(!rig.player.advance(rig.now).pictures);
    assert_eq!((rig.player.extent(), rig.player.presented(0)), (None, None));
}

#[test]
fn what_was_asked_for_before_anything_is_known_is_shown_once_it_is() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::open(&[(&film(&folder, 90), Placement::default())]);
    rig.player.seek(millis(2_500), rig.now);
    rig.check(0, 62);
    assert_eq!(rig.player.position(), millis(2_480));
}

#[test]
fn a_pause_right_after_a_seek_stays_where_the_seek_went() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&film(&folder, 90));
    rig.player.play(Speed::NORMAL, rig.now);
    rig.pass(400);
    rig.settle();
    rig.player.seek(millis(3_000), rig.now);
    rig.player.pause(rig.now);
    rig.check(0, 75);
}

/// Clips of 30 and 40 frames that follow each other.
fn clips(folder: &Folder) -> Rig {
    clips_apart(folder, Length::ZERO)
}

/// The same with so much time between.
fn clips_apart(folder: &Folder, apart: Length) -> Rig {
    let (first, second) = (folder.video("first.mp4", 30, H264), folder.video("second.mp4", 40, H264));
    let behind = Placement { offset: Length::from_millis(30 * 40) + apart, ..Placement::default() };
    let mut rig = Rig::open(&[(&first, Placement::default()), (&second, behind)]);
    rig.player.set_clips(vec![vec![0, 1]]);
    rig.until("both clips are ready", |player| {
        [0, 1].into_iter().all(|video| *player.state(video) == VideoState::Ready) && player.is_settled()
    });
    rig
}

#[test]
fn steps_go_on_in_the_clip_that_follows_and_back_again() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = clips(&folder);
    rig.player.seek(millis(28 * 40), rig.now);
    rig.settle();
    rig.player.step(0, 1, rig.now);
    rig.check(0, 29);
    rig.player.step(0, 1, rig.now);
    rig.check(1, 0);
    assert_eq!(rig.player.position(), millis(30 * 40));
    rig.player.step(1, 7, rig.now);
    rig.check(1, 7);
    rig.player.step(1, -9, rig.now);
    rig.check(0, 28);
    rig.player.step(0, 1_000, rig.now);
    rig.check(1, 39);
    rig.player.step(1, -1_000, rig.now);
    rig.check(0, 0);
}

#[test]
fn a_step_over_the_time_between_two_clips_goes_to_the_nearest_frame_of_the_next() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = clips_apart(&folder, Length::from_millis(5_000));
    rig.player.seek(millis(29 * 40), rig.now);
    rig.settle();
    rig.player.step(0, 1, rig.now);
    rig.check(1, 0);
    assert_eq!(rig.player.position(), millis(30 * 40 + 5_000));
    rig.player.step(1, -1, rig.now);
    rig.check(0, 29);
    for (n, (clip, frame)) in [(1, (1, 0)), (-1, (0, 29)), (-3, (0, 27))] {
        rig.player.seek(millis(3_000), rig.now);
        assert_eq!(rig.player.position(), millis(3_000), "between the clips nothing draws it to a frame");
        rig.player.step(0, n, rig.now);
        rig.check(clip, frame);
    }
}

#[test]
fn playing_through_the_time_between_two_clips_the_playhead_moves_on_and_the_next_clip_begins_in_time() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = clips_apart(&folder, Length::from_millis(1_000));
    rig.player.seek(millis(29 * 40), rig.now);
    rig.settle();
    rig.player.play(Speed::NORMAL, rig.now);
    play_as_asked(&mut rig, millis(2_200));
    assert_eq!(rig.player.position(), millis(2_200), "the first frame is due where it begins");
}

/// Plays on to a moment, drawing when it is asked for; that is once a frame at least, whether there is a picture or not.
fn play_as_asked(rig: &mut Rig, to: Instant) {
    while rig.player.position() < to {
        let next = rig.player.wants_repaint_at(rig.now).expect("it plays");
        assert!(next - rig.now <= Duration::from_millis(40));
        rig.now = next;
        assert_eq!(rig.player.advance(rig.now).stopped, None);
    }
}

#[test]
fn beside_a_recorder_the_playhead_moves_on_where_there_is_no_picture() {
    let Some(folder) = Folder::new() else { return };
    let sound = folder.remade(Path::new("sine=440:duration=6"), "-f lavfi", "", "recorder.wav");
    let later = Placement { offset: Length::from_millis(3_000), ..Placement::default() };
    let mut rig = Rig::open(&[(&film(&folder, 30), later), (&sound, Placement::default())]);
    rig.until("both are ready", |player| (0..2).all(|video| *player.state(video) == VideoState::Ready));
    rig.player.seek(Instant::ZERO, rig.now);
    rig.player.play(Speed::NORMAL, rig.now);
    play_as_asked(&mut rig, millis(3_200));
}

#[test]
fn a_frame_that_lasts_long_is_not_taken_for_sleep() {
    let Some(folder) = Folder::new() else { return };
    let slow = Placement { rate: (100, 1), ..Placement::default() }; // 4 s for each frame
    let mut rig = Rig::open(&[(&film(&folder, 30), slow)]);
    rig.until("it is ready", |player| *player.state(0) == VideoState::Ready);
    rig.settle();
    rig.player.play(Speed::NORMAL, rig.now);
    while rig.player.presented(0).is_some_and(|shown| shown.frame == 0) {
        rig.now = rig.player.wants_repaint_at(rig.now).expect("it plays");
        assert_eq!(rig.player.advance(rig.now).stopped, None);
        rig.settle();
    }
    rig.check(0, 1);
}

#[test]
fn sound_alone_goes_in_even_steps_to_its_end() {
    let Some(folder) = Folder::new() else { return };
    for (name, secs) in [("a.wav", 2.03), ("a.flac", 2.03), ("a.mp3", 2.03), ("a.m4a", 2.03), ("a.ogg", 2.03)] {
        let path = folder.remade(Path::new(&format!("sine=440:duration={secs}")), "-f lavfi", "", name);
        let mut rig = Rig::ready(&path);
        let index = rig.player.index(0).unwrap().clone();
        assert!(index.is_of_sound() && (index.end().as_secs() - secs).abs() < 0.06, "{name}: {:?}", index.end());
        rig.player.step(0, 7, rig.now);
        assert_eq!((rig.player.position(), rig.player.step_of_sound(0)), (millis(280), Some(7)), "{name}");
        rig.player.play(Speed::NORMAL, rig.now);
        rig.pass(100);
        rig.player.advance(rig.now);
        assert_eq!((rig.player.position(), rig.player.presented(0)), (millis(360), None), "{name}");
        for _ in 0..10 {
            rig.pass(200);
            rig.player.advance(rig.now);
        }
        assert!(!rig.player.is_playing() && rig.player.late_frames() == 0, "{name}");
        assert_eq!(rig.player.position(), index.time_of(index.len() - 1), "{name}: the last step");
        let probe = media::probe(&path).unwrap();
        assert_eq!((probe.frames, probe.video, probe.audio.is_some()), (index.len(), None, true), "{name}");
        assert_eq!(probe.warnings, ["there is sound alone: it is coded in even steps of 0.04 s"], "{name}");
    }
}

#[test]
fn playing_goes_from_one_clip_to_the_next_without_a_frame_lost() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = clips(&folder);
    rig.player.seek(millis(20 * 40), rig.now);
    rig.settle();
    rig.player.play(speed(1000), rig.now);
    for tick in 1..=90 {
        rig.pass(16);
        let frame = (20 * 40 + tick * 16) / 40;
        let (clip, frame) = if frame < 30 { (0, frame) } else { (1, frame - 30) };
        rig.player.set_lead(clip, rig.now);
        rig.check(clip, frame);
    }
    assert!(rig.player.is_playing());
}

#[cfg(unix)]
#[test]
fn a_drive_that_does_not_answer_keeps_nothing_waiting_and_is_given_up_at_once() {
    let Some(folder) = Folder::new() else { return };
    let (good, stalled) = (film(&folder, 50), folder.path("stalled.mp4"));
    assert!(Command::new("mkfifo").arg(&stalled).status().unwrap().success()); // whoever opens it waits for somebody who writes
    let (done, is_done) = channel();
    std::thread::spawn(move || {
        let mut rig = Rig::open(&[(&good, Placement::default()), (&stalled, Placement::default())]);
        rig.until("the video that is there", |player| *player.state(0) == VideoState::Ready);
        rig.player.seek(millis(1_000), rig.now);
        rig.until("its picture", |player| player.presented(0).is_some_and(|shown| shown.frame == 25 && shown.exact));
        rig.player.play(Speed::NORMAL, rig.now);
        while rig.player.is_playing() {
            rig.pass(20);
            rig.player.advance(rig.now);
        }
        assert!(matches!(rig.player.state(1), VideoState::Indexing { .. }) && rig.player.presented(1).is_none());
        drop(rig);
        done.send(()).unwrap();
    });
    is_done.recv_timeout(PATIENCE).expect("no call waits for the drive");
}

#[test]
fn to_another_lead_and_back_is_no_step() {
    let Some(folder) = Folder::new() else { return };
    let film = film(&folder, 90);
    let later = Placement { offset: Length::from_millis(17), ..Placement::default() };
    let mut rig = Rig::open(&[(&film, Placement::default()), (&film, later)]);
    rig.until("both are ready", |player| {
        [0, 1].into_iter().all(|video| *player.state(video) == VideoState::Ready) && player.is_settled()
    });
    rig.player.seek(millis(40 * 40), rig.now);
    rig.check(0, 40);
    for _ in 0..3 {
        rig.player.set_lead(1, rig.now);
        rig.check(1, 39);
        rig.player.set_lead(0, rig.now);
        rig.check(0, 40);
    }
    assert_eq!(rig.player.position(), millis(40 * 40));
}

#[test]
fn two_cameras_that_begin_new_files_at_once_are_each_stepped_in_its_own() {
    let Some(folder) = Folder::new() else { return };
    let [front, side] = ["front.mp4", "side.mp4"].map(|name| folder.video(name, 30, H264));
    let behind = Placement { offset: Length::from_millis(30 * 40), ..Placement::default() };
    let first = Placement::default();
    let mut rig = Rig::open(&[(&front, first), (&side, first), (&front, behind), (&side, behind)]);
    rig.player.set_clips(vec![vec![0, 2], vec![1, 3]]);
    rig.until("all clips are ready", |player| {
        (0..4).all(|video| *player.state(video) == VideoState::Ready) && player.is_settled()
    });
    rig.player.seek(millis(29 * 40), rig.now);
    rig.settle();
    rig.player.step(1, 1, rig.now);
    rig.player.step(3, 1, rig.now);
    rig.check(3, 1);
    rig.player.step(3, -2, rig.now);
    rig.check(1, 29);
    rig.player.step(0, 2, rig.now);
    rig.check(2, 1);
}
