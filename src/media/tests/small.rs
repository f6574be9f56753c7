//! The small picture of a frame is of that very frame, is there at once, and lies on no disk unless somebody asked for it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use common::rig::Rig;
use common::{Folder, PATIENCE, number_in, number_seen, scattered, wait_until};
use media::{Detail, Picture, Placement, Player, PlayerOptions, Small, SmallCache, SmallPictures, Speed, VideoState};
use span::{Instant, Length};

const H264: &str = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 24 -bf 3 -b_strategy 0 -sc_threshold 0";

fn millis(millis: i64) -> Instant {
    Instant::ZERO + Length::from_millis(millis)
}

fn in_memory() -> PlayerOptions {
    PlayerOptions { small: Small::InMemory, ..PlayerOptions::default() }
}

/// A player of one video, all of whose small pictures are made.
fn made_with(path: &Path, options: PlayerOptions) -> (Rig, Arc<SmallPictures>) {
    let mut rig = Rig::open_with(&[(path, Placement::default())], options);
    rig.until("the video is ready", |player| *player.state(0) == VideoState::Ready && player.is_sharp());
    let pictures = pictures(&rig.player);
    assert!(pictures.wait_until_made(PATIENCE), "all small pictures");
    (rig, pictures)
}

fn pictures(player: &Player) -> Arc<SmallPictures> {
    wait_until("small pictures", || player.small_pictures(0).is_some());
    Arc::clone(player.small_pictures(0).unwrap())
}

/// Each of the frames has a small picture, whose number is its own.
#[track_caller]
fn check_with(path: &Path, frames: usize, number: impl Fn(&Picture) -> usize) {
    let (rig, pictures) = made_with(path, in_memory());
    assert_eq!((pictures.len(), pictures.every()), (frames, 1));
    let index = rig.player.index(0).unwrap();
    let full = rig.player.presented(0).unwrap();
    for frame in (0..frames).chain(scattered(50, frames)) {
        let picture = pictures.get(frame).unwrap();
        assert_eq!((picture.frame, picture.time), (frame, index.time_of(frame)));
        assert_eq!(picture.display_size(), full.picture.display_size());
        assert_eq!(number(&picture), frame);
    }
    assert!(pictures.get(frames).is_none());
}

#[test]
fn with_b_frames_each_frame_has_its_own() {
    let Some(folder) = Folder::new() else { return };
    for name in ["a.mp4", "a.mkv", "a.ts"] {
        check_with(&folder.video(name, 90, H264), 90, number_in);
    }
}

#[test]
fn at_a_variable_rate_each_frame_has_its_own() {
    let Some(folder) = Folder::new() else { return };
    let uneven = "-vf settb=1/1000,setpts='40*N+mod(N*N,7)*5' -fps_mode passthrough -enc_time_base 1/1000";
    check_with(&folder.video("a.mkv", 60, &format!("{uneven} {H264}")), 60, number_in);
}

#[test]
fn without_times_of_their_own_in_other_formats_and_sizes_each_frame_has_its_own() {
    let Some(folder) = Folder::new() else { return };
    check_with(&folder.video("a.avi", 60, H264), 60, number_in);
    check_with(&folder.video("grey.mkv", 30, "-c:v ffv1 -pix_fmt gray"), 30, number_in);
    check_with(&folder.video("ten.mkv", 30, "-c:v ffv1 -pix_fmt yuv422p10le"), 30, number_in);
    check_with(&folder.video("rgb.mkv", 30, "-c:v ffv1 -pix_fmt bgr0"), 30, number_in);
    check_with(&folder.video("all_keys.avi", 30, "-c:v mjpeg -q:v 3 -pix_fmt yuvj420p"), 30, number_in);
    check_with(&folder.sized_video("odd.mkv", [163, 121], 30, "-c:v ffv1 -pix_fmt yuv444p"), 30, number_in);
    check_with(&folder.sized_video("large.mp4", [1280, 720], 30, H264), 30, number_in);
}

#[test]
fn a_turned_video_has_upright_ones() {
    let Some(folder) = Folder::new() else { return };
    let turned = folder.turned(&folder.video("a.mp4", 30, H264), "turned.mp4");
    let (rig, pictures) = made_with(&turned, in_memory());
    let full = &rig.player.presented(0).unwrap().picture;
    let small = pictures.get(0).unwrap();
    assert_eq!((full.size, small.size), ([120, 160], [120, 160]));
    let number = |picture: &Picture| number_seen(picture, |x, y| (1.0 - y, x));
    assert_eq!(number(&pictures.get(21).unwrap()), 21);
}

#[test]
fn its_colours_are_those_of_the_frame() {
    let Some(folder) = Folder::new() else { return };
    let rgb: Vec<u8> =
        (0..320 * 240).flat_map(|place| if place % 320 < 160 { [200, 60, 40] } else { [30, 90, 180] }).collect();
    for (name, args) in [
        ("limited.mkv", "-c:v ffv1 -pix_fmt yuv420p"),
        ("wide.mkv", "-vf scale=out_color_matrix=bt709 -colorspace bt709 -c:v ffv1 -pix_fmt yuv420p"),
        ("full.avi", "-c:v mjpeg -q:v 1 -pix_fmt yuvj420p"),
        ("rgb.mkv", "-c:v ffv1 -pix_fmt bgr0"),
    ] {
        let path = folder.coloured_picture(name, [320, 240], rgb.clone(), args);
        let (rig, pictures) = made_with(&path, in_memory());
        let (full, small) = (&rig.player.presented(0).unwrap().picture, pictures.get(0).unwrap());
        let at = |picture: &Picture, x: f64| {
            let [width, height] = picture.size;
            let place = (height / 2 * width + (x * width as f64) as usize) * 4;
            picture.rgba()[place..place + 3].to_vec()
        };
        for x in [0.25, 0.75] {
            for (small, full) in at(&small, x).into_iter().zip(at(full, x)) {
                assert!(small.abs_diff(full) <= 6, "{name} at {x}: {small}, not {full}");
            }
        }
    }
}

#[test]
fn a_dragging_hand_sees_the_very_frame_at_once_and_the_full_picture_where_it_rests() {
    let Some(folder) = Folder::new() else { return };
    let (mut rig, _pictures) = made_with(&folder.video("a.mp4", 240, H264), in_memory());
    let mut n_small = 0;
    for time in scattered(60, 9_600) {
        rig.player.scrub(millis(time as i64), rig.now);
        rig.player.advance(rig.now);
        let presented = rig.player.presented(0).unwrap();
        n_small += usize::from(presented.detail == Detail::Small);
        if !rig.player.is_settled() {
            rig.settle(); // it is at hand in full: the decoder has only to hand it over
        }
        let presented = rig.player.presented(0).unwrap();
        assert_eq!((presented.frame, presented.exact), (time / 40, true));
        assert_eq!(number_in(&presented.picture), time / 40);
    }
    assert!(n_small > 20, "{n_small} of 60");
    rig.player.seek(millis(5_000), rig.now);
    rig.until("the full picture", Player::is_sharp);
    rig.check(0, 125);
    assert_eq!(rig.player.presented(0).unwrap().detail, Detail::Full);
}

#[test]
fn a_step_to_a_frame_that_is_decoded_does_not_flicker() {
    let Some(folder) = Folder::new() else { return };
    let (mut rig, _pictures) = made_with(&folder.video("a.mp4", 90, H264), in_memory());
    for frame in 1..60 {
        rig.player.step(0, 1, rig.now);
        rig.player.advance(rig.now);
        assert_eq!(rig.player.presented(0).unwrap().detail, Detail::Full);
        rig.until("the full picture", Player::is_sharp);
        rig.check(0, frame);
    }
}

#[test]
fn late_frames_of_reverse_play_are_shown_small_and_never_out_of_order() {
    let Some(folder) = Folder::new() else { return };
    let (mut rig, _pictures) = made_with(&folder.video("a.mp4", 300, H264), in_memory());
    rig.player.seek(millis(11_800), rig.now);
    rig.until("the full picture", Player::is_sharp);
    rig.player.play(Speed::from_permille(-2000).unwrap(), rig.now);
    let (mut last, mut n_small) = (295, 0);
    for _ in 0..12 {
        rig.pass(400); // 20 frames, and no time for the decoder
        rig.player.advance(rig.now);
        let presented = rig.player.presented(0).unwrap();
        assert!(presented.frame <= last && presented.exact);
        assert_eq!(number_in(&presented.picture), presented.frame);
        (last, n_small) = (presented.frame, n_small + usize::from(presented.detail == Detail::Small));
    }
    assert!(n_small > 0);
    rig.player.pause(rig.now);
    rig.until("the full picture", Player::is_sharp);
    rig.check(0, last);
}

#[test]
fn where_there_is_not_room_for_all_fewer_of_all_are_kept() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mp4", 200, H264);
    let all = made_with(&path, in_memory()).1.bytes();
    let budget = all / 3;
    let (_rig, pictures) = made_with(&path, PlayerOptions { small_bytes: Some(budget), ..in_memory() });
    assert!(pictures.bytes() <= budget && pictures.every() == 4, "{} of {budget}", pictures.bytes());
    assert_eq!(pictures.len(), 50);
    for frame in 0..200 {
        let picture = pictures.get(frame);
        assert_eq!(picture.is_some(), frame % 4 == 0);
        assert!(picture.is_none_or(|picture| number_in(&picture) == frame));
        assert!(pictures.nearest(frame).unwrap().abs_diff(frame) <= 3);
    }
}

/// A film that takes a while.
fn long_film(folder: &Folder) -> PathBuf {
    let part = folder.video("part.mkv", 260, "-c:v mpeg4 -g 60 -q:v 5");
    folder.remade(&part, "-stream_loop 29", "-c copy", "film.mkv")
}

#[test]
fn closing_the_player_ends_the_work_at_once() {
    let Some(folder) = Folder::new() else { return };
    let rig = Rig::open_with(&[(&long_film(&folder), Placement::default())], in_memory());
    let pictures = pictures(&rig.player);
    drop(rig);
    wait_until("nobody else has the pictures", || Arc::strong_count(&pictures) == 1);
    assert!(pictures.share() < 1.0);
}

#[test]
fn what_is_wanted_comes_first() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::open_with(&[(&long_film(&folder), Placement::default())], in_memory());
    rig.until("the video is ready", |player| *player.state(0) == VideoState::Ready && player.is_sharp());
    let pictures = pictures(&rig.player);
    rig.player.play(Speed::NORMAL, rig.now);
    rig.settle(); // the frames ahead are being decoded, or there is no room for more
    wait_until("the frame that was begun", || {
        let before = pictures.share();
        (0..1_000).for_each(|_| std::thread::yield_now());
        pictures.share() == before
    });
    assert!(pictures.share() < 1.0);
    rig.player.pause(rig.now);
    assert!(pictures.wait_until_made(PATIENCE), "the rest");
}

#[test]
fn an_unasked_player_makes_none() {
    let Some(folder) = Folder::new() else { return };
    let rig = Rig::ready(&folder.video("a.mp4", 30, H264));
    assert!(rig.player.small_pictures(0).is_none());
}

/// A folder for small pictures, and the options that use it.
fn on_disk(folder: &Folder) -> (PathBuf, PlayerOptions) {
    let place = folder.path("small");
    let small = Small::OnDisk(SmallCache::new(place.clone()));
    (place, PlayerOptions { small, ..PlayerOptions::default() })
}

/// The files in a folder; none where that is not there.
fn files(place: &Path) -> Vec<PathBuf> {
    fs::read_dir(place).map_or_else(|_| Vec::new(), |entries| entries.map(|entry| entry.unwrap().path()).collect())
}

/// Made, and kept.
fn kept(film: &Path, place: &Path, options: &PlayerOptions) {
    let (rig, _pictures) = made_with(film, options.clone());
    wait_until("the file", || files(place).iter().any(|file| file.extension().is_none()));
    drop(rig);
}

#[test]
fn kept_on_disk_they_are_there_the_next_time_and_for_their_owner_alone() {
    let Some(folder) = Folder::new() else { return };
    let film = folder.video("a.mp4", 90, H264);
    let (place, options) = on_disk(&folder);
    kept(&film, &place, &options);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&place), mode(&files(&place)[0])), (0o700, 0o600));
    }
    let rig = Rig::open_with(&[(&film, Placement::default())], options);
    let pictures = pictures(&rig.player);
    assert!(pictures.wait_until_made(PATIENCE), "all that were kept");
    for frame in 0..90 {
        assert_eq!(number_in(&pictures.get(frame).unwrap()), frame);
    }
}

#[test]
fn a_player_that_goes_on_after_all_were_thrown_away_keeps_nothing() {
    let Some(folder) = Folder::new() else { return };
    let place = folder.path("small");
    let cache = SmallCache::new(place.clone());
    let options = PlayerOptions { small: Small::OnDisk(cache.clone()), ..PlayerOptions::default() };
    let rig = Rig::open_with(&[(&long_film(&folder), Placement::default())], options);
    let pictures = pictures(&rig.player);
    cache.clear().unwrap();
    assert!(pictures.wait_until_made(PATIENCE));
    drop(rig);
    wait_until("nobody else has the pictures", || Arc::strong_count(&pictures) == 1);
    assert!(files(&place).is_empty());
}

#[test]
fn those_of_a_file_that_has_changed_are_thrown_away() {
    let Some(folder) = Folder::new() else { return };
    let film = folder.video("a.mp4", 40, H264);
    let (place, options) = on_disk(&folder);
    kept(&film, &place, &options);
    let first = fs::read(&files(&place)[0]).unwrap();
    let later = SystemTime::now() + Duration::from_secs(5);
    fs::copy(folder.video("another.mp4", 60, H264), &film).unwrap();
    fs::File::options().append(true).open(&film).unwrap().set_modified(later).unwrap();
    let (rig, pictures) = made_with(&film, options);
    assert_eq!(pictures.len(), 60);
    wait_until("the new file", || {
        files(&place).first().is_some_and(|file| fs::read(file).unwrap_or_default() != first)
    });
    assert_eq!(files(&place).len(), 1);
    drop(rig);
}

#[test]
fn damaged_ones_are_made_anew_and_all_can_be_thrown_away() {
    let Some(folder) = Folder::new() else { return };
    let film = folder.video("a.mp4", 40, H264);
    let (place, options) = on_disk(&folder);
    kept(&film, &place, &options);
    let only = files(&place)[0].clone();
    let whole = fs::read(&only).unwrap();
    fs::write(&only, &whole[..whole.len() / 2]).unwrap();
    let (_rig, pictures) = made_with(&film, options);
    assert_eq!((pictures.len(), number_in(&pictures.get(33).unwrap())), (40, 33));
    let cache = SmallCache::new(place.clone());
    wait_until("the file", || fs::read(&only).is_ok_and(|kept| kept.len() == whole.len()));
    cache.clear().unwrap();
    assert!(!place.exists());
    cache.clear().unwrap(); // nothing there is as well
}
