//! Small pictures: along the timelines on demand, on the screen while the frame itself is not decoded, and on no disk unless asked for.

mod common;

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use attune::app::{App, Startup};
use attune::command::{Transport, View};
use attune::preferences::{Preferences, SmallPictures};
use attune::theme::size;
use attune::timeline::Axis;
use attune::work::Sight;
use common::Desk;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, pos2};
use egui_kittest::kittest::Queryable as _;
use tempfile::TempDir;

/// All small pictures of the demonstration are made.
fn until_made(desk: &mut Desk) {
    let is_known = |app: &App| app.state.work.as_ref().is_some_and(|work| work.player.small_pictures(0).is_some());
    desk.until("small pictures", is_known);
    let pictures = desk.work().player.small_pictures(0).cloned().expect("they are there");
    assert!(pictures.wait_until_made(Duration::from_mins(3)), "all small pictures");
}

/// The demonstration in a window where all rows have room, with the sound's curve, which is one of them.
fn tall(folder: &Rc<TempDir>) -> Desk {
    let startup = Startup { demo: true, ..Startup::default() };
    let mut desk = Desk::start_sized(Rc::clone(folder), startup, [1366.0, 1000.0]);
    desk.until_settled();
    let has_curve = |app: &App| app.state.work.as_ref().is_some_and(|work| work.waveforms.contains_key(&0));
    desk.until("the sound's curve", has_curve);
    desk.redraw();
    desk
}

fn with_thumbnails() -> Desk {
    let mut desk = tall(&Rc::new(tempfile::tempdir().expect("a temporary folder")));
    desk.harness.state_mut().ask(View::ToggleThumbnails);
    until_made(&mut desk);
    desk.until("the thumbnails", |app| app.state.work.as_ref().is_some_and(|work| work.thumbnails.held() >= 8));
    desk.redraw();
    desk
}

/// The lanes of the timelines.
fn lanes(desk: &Desk) -> Rect {
    let area = desk.harness.get_by_label("Timelines").rect();
    Rect::from_min_max(pos2(area.left() + size::HEAD, area.top()), pos2(area.right() - 10.0, area.bottom()))
}

/// A place in the strip of thumbnails, at a share of its width.
fn in_strip(desk: &Desk, share: f32) -> Pos2 {
    let lanes = lanes(desk);
    pos2(lanes.left() + lanes.width() * share, lanes.top() + 4.0 + 16.0 + 20.0 + 20.0)
}

fn button(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

/// The moment that stands at an x, where all of the session is shown.
fn time_at(desk: &Desk, pos: Pos2) -> span::Instant {
    let lanes = lanes(desk);
    Axis::fit(desk.work().whole(), lanes.left(), lanes.width()).time_from_x(pos.x)
}

fn prefer(desk: &mut Desk, small_pictures: SmallPictures) {
    let preferences = Preferences { small_pictures, ..desk.harness.state().state.preferences.clone() };
    desk.harness.state_mut().ask(View::Preferences(Box::new(preferences)));
    desk.until_settled();
}

fn folder_of_small_pictures(desk: &Desk) -> PathBuf {
    desk.harness.state().state.folders.small_pictures()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.expect("an entry").path()).filter(|file| file.extension().is_none()).collect()
}

#[test]
fn thumbnails_come_and_go_by_the_menu_and_are_there_the_next_time() {
    let folder = Rc::new(tempfile::tempdir().expect("a temporary folder"));
    let mut desk = tall(&folder);
    let lower = lanes(&desk).height();
    desk.harness.get_by_label("View").click();
    desk.redraw();
    desk.redraw();
    desk.harness.get_by_label_contains("Show thumbnails").click();
    until_made(&mut desk);
    desk.until("the thumbnails", |app| app.state.work.as_ref().is_some_and(|work| work.thumbnails.held() >= 8));
    assert!(lanes(&desk).height() > lower + 30.0);
    drop(desk);

    let mut desk = tall(&folder);
    assert!(lanes(&desk).height() > lower + 30.0);
    desk.harness.state_mut().ask(View::ToggleThumbnails);
    desk.redraw();
    desk.redraw();
    assert_eq!(lanes(&desk).height(), lower);
}

#[test]
fn the_graphics_hold_the_thumbnails_in_view_and_no_others() {
    let mut desk = with_thumbnails();
    for _ in 0..30 {
        desk.harness.state_mut().ask(View::Zoom(1.3));
        desk.harness.state_mut().ask(Transport::Jump(span::Length::SECOND));
        (0..3).for_each(|_| desk.redraw());
        assert!((1..=30).contains(&desk.work().thumbnails.held()), "{}", desk.work().thumbnails.held());
    }
}

#[test]
fn a_click_on_a_thumbnail_goes_there() {
    let mut desk = with_thumbnails();
    for share in [0.7, 0.2] {
        let pos = in_strip(&desk, share);
        let expected = desk.work().frame_start(&desk.work().armed.clone(), time_at(&desk, pos));
        desk.input(vec![Event::PointerMoved(pos), button(pos, true)]);
        desk.redraw();
        desk.input(vec![button(pos, false)]);
        desk.redraw();
        desk.until_settled();
        assert_eq!(desk.work().playhead, expected);
    }
}

#[test]
fn a_drag_along_the_thumbnails_shows_each_very_frame_at_once() {
    let mut desk = with_thumbnails();
    let pos = in_strip(&desk, 0.05);
    desk.input(vec![Event::PointerMoved(pos), button(pos, true)]);
    desk.redraw();
    let mut n_coarse = 0;
    for step in 1..=30 {
        let pos = in_strip(&desk, 0.05 + step as f32 * 0.03);
        desk.input(vec![Event::PointerMoved(pos)]);
        desk.redraw(); // the hand moves
        desk.redraw(); // the player is told
        let (_, _, sight) = desk.work().lead_frame().expect("a picture");
        n_coarse += usize::from(sight == Sight::Coarse);
        assert_ne!(sight, Sight::Approximate);
    }
    assert!(n_coarse > 10, "{n_coarse} of 30");
    desk.input(vec![button(in_strip(&desk, 0.95), false)]);
    desk.until_settled();
    assert_eq!(desk.work().lead_frame().map(|(_, _, sight)| sight), Some(Sight::Exact));
}

#[test]
fn a_mark_on_a_small_picture_stands_on_its_very_frame() {
    let mut desk = Desk::demo();
    until_made(&mut desk);
    let mut n_coarse = 0;
    for frame in [2_200, 310, 1_900, 745, 1_333] {
        let time = desk.work().time_of_frame(frame).expect("the video has this frame");
        desk.harness.state_mut().ask(Transport::Seek(time));
        desk.redraw();
        n_coarse += usize::from(desk.work().lead_frame().is_some_and(|(_, _, sight)| sight == Sight::Coarse));
        let before = desk.work().document.revision();
        desk.key(Key::Num2);
        if desk.work().document.revision() == before {
            desk.key(Key::Num3); // it was that already
        }
        let armed = desk.work().armed.clone();
        let track = desk.work().session().track(&armed).expect("the armed track");
        assert!(track.marks.iter().any(|mark| mark.start() == time), "frame {frame}");
        desk.until_settled();
    }
    assert!(n_coarse > 0);
}

#[test]
fn thumbnails_end_with_their_clip_and_without_small_pictures_there_are_none() {
    let mut desk = with_thumbnails();
    for points_per_sec in [6.0, 7.3, 9.1] {
        let axis = Axis { start_secs: 0.0, points_per_sec, left: 100.0, width: 1_000.0 };
        let end = axis.x_from_time(desk.work().whole().end());
        let thumbnails = desk.work().strip(axis).thumbnails;
        assert!(thumbnails.iter().all(|thumbnail| thumbnail.x.max <= end && thumbnail.x.min < end));
        assert!(thumbnails.iter().rev().skip(1).all(|thumbnail| thumbnail.share > 0.999));
    }
    let higher = lanes(&desk).height();
    prefer(&mut desk, SmallPictures::Off);
    assert!(desk.work().player.small_pictures(0).is_none());
    desk.redraw();
    assert!(lanes(&desk).height() < higher - 30.0);
}

#[test]
fn nothing_of_a_person_lies_on_the_disk_unless_somebody_chose_so_and_only_as_long() {
    let mut desk = Desk::demo();
    until_made(&mut desk);
    let folder = folder_of_small_pictures(&desk);
    assert!(!folder.exists());
    prefer(&mut desk, SmallPictures::OnDisk);
    until_made(&mut desk);
    desk.until("the file", |_| !files(&folder).is_empty());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let facts = files(&folder)[0].metadata().expect("the file is there");
        assert_eq!(facts.permissions().mode() & 0o777, 0o600);
    }
    prefer(&mut desk, SmallPictures::InMemory);
    assert!(!folder.exists());
}

#[test]
fn what_another_time_left_on_the_disk_is_deleted_when_the_program_starts() {
    let folder = Rc::new(tempfile::tempdir().expect("a temporary folder"));
    let left = folder.path().join("home/cache/small");
    std::fs::create_dir_all(&left).expect("the folder can be made");
    std::fs::write(left.join("pictures"), "of people").expect("the folder can be written");
    let _desk = Desk::start(folder, Startup::default());
    assert!(!left.exists());
}
