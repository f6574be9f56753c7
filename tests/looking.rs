//! How a video is looked at: closer, brighter, beside another or large. None of it changes a frame, a time or the session.

mod common;

use std::rc::Rc;

use attune::app::{App, Startup};
use attune::command::{Editing, View};
use attune::look::{Look, Tone};
use attune::preferences::VideoLayout;
use common::{Desk, demo_video};
use eframe::App as _;
use egui::{
    Event, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, Rect, TouchPhase, Vec2, pos2, vec2,
};
use egui_kittest::kittest::Queryable as _;

const CTRL: Modifiers = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };

/// Where the first video stands in the window.
fn cell(desk: &Desk) -> Rect {
    desk.harness.get_by_label_contains("Video ").rect()
}

fn look(desk: &Desk) -> Look {
    let work = desk.work();
    desk.harness.state().state.preferences.look_of(&work.medium_path(&work.session().media[0]))
}

fn wheel(modifiers: Modifiers) -> Event {
    Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, 3.0),
        source: MouseWheelSource::Wheel,
        phase: TouchPhase::Move,
        modifiers,
    }
}

/// Ctrl and the wheel, until what was asked for is reached.
fn zoom_in_at(desk: &mut Desk, pos: Pos2) {
    desk.input(vec![Event::PointerMoved(pos)]);
    desk.redraw();
    for _ in 0..3 {
        desk.input(vec![wheel(CTRL)]);
        for _ in 0..20 {
            desk.redraw(); // egui scrolls smoothly
        }
    }
}

fn drag(desk: &mut Desk, from: Pos2, by: Vec2) {
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    desk.input(vec![Event::PointerMoved(from), button(from, true)]);
    desk.redraw();
    for step in 1..=4 {
        desk.input(vec![Event::PointerMoved(from + by * step as f32 / 4.0)]);
        desk.redraw();
    }
    desk.input(vec![button(from + by, false)]);
    desk.redraw();
    desk.redraw();
}

#[test]
fn a_face_is_gone_closer_to_and_dragged_while_the_frame_and_the_session_stay() {
    let mut desk = Desk::demo();
    desk.go_to_frame(40);
    let (revision, stamp) = (desk.work().document.revision(), desk.work().stamp.clone());
    let cell = cell(&desk);
    let hand = cell.lerp_inside(vec2(0.25, 0.25));
    zoom_in_at(&mut desk, hand);
    let close = look(&desk);
    assert!(close.zoom() > 1.5, "{close:?}");
    assert!((close.part().lerp_inside(vec2(0.25, 0.25)) - pos2(0.25, 0.25)).length() < 0.01, "{close:?}");

    drag(&mut desk, cell.center(), cell.size() * vec2(-0.2, -0.1));
    let moved = look(&desk).part().center() - close.part().center();
    let expected = vec2(0.2, 0.1) / close.zoom();
    assert!((moved - expected).length() < 0.02, "{moved:?} of {expected:?}");
    assert!(!desk.work().is_playing(), "a drag is no click");
    assert_eq!((desk.work().document.revision(), desk.work().stamp.clone()), (revision, stamp));

    desk.harness.get_by_label("The whole picture").click();
    desk.redraw();
    desk.redraw();
    assert!(look(&desk).is_whole());
}

#[test]
fn the_wheel_without_ctrl_leaves_the_picture() {
    let mut desk = Desk::demo();
    let centre = cell(&desk).center();
    desk.input(vec![Event::PointerMoved(centre)]);
    desk.input(vec![wheel(Modifiers::NONE)]);
    desk.redraw();
    desk.redraw();
    assert_eq!(look(&desk), Look::default());
}

/// What stands in the middle of the video on the screen.
fn brightness(desk: &mut Desk) -> f64 {
    let cell = cell(desk).shrink(40.0);
    let picture = desk.harness.render().expect("the window is drawn");
    let part = |x: u32, y: u32| picture.get_pixel(x, y).0[..3].iter().map(|part| f64::from(*part)).sum::<f64>();
    let (columns, rows) = (cell.left() as u32..cell.right() as u32, cell.top() as u32..cell.bottom() as u32);
    let n = columns.len() * rows.len();
    columns.flat_map(|x| rows.clone().map(move |y| (x, y))).map(|(x, y)| part(x, y)).sum::<f64>() / n as f64
}

#[test]
fn a_dark_video_is_made_brighter_and_is_as_recorded_again() {
    let mut desk = Desk::demo();
    let has_curve = |app: &App| app.state.work.as_ref().is_some_and(|work| work.waveforms.contains_key(&0));
    desk.until("the sound's curve", has_curve); // it makes the timelines higher and the picture smaller
    let medium = desk.work().session().media[0].id;
    let mut in_tone = |brightness_wanted: f32| {
        let tone = Tone { brightness: brightness_wanted, contrast: 0.0 };
        desk.harness.state_mut().ask(View::Look(medium, Look::default().toned(tone)));
        desk.redraw();
        desk.redraw();
        brightness(&mut desk)
    };
    let recorded = in_tone(0.0);
    assert!(in_tone(0.8) > recorded * 1.1 && in_tone(-0.8) < recorded * 0.9);
    assert_eq!(in_tone(0.0), recorded);
}

#[test]
fn how_videos_are_looked_at_is_remembered_with_the_window_and_not_in_the_session() {
    let folder = Rc::new(tempfile::tempdir().expect("a temporary folder"));
    let mut desk = Desk::start(Rc::clone(&folder), Startup { demo: true, ..Startup::default() });
    desk.until_settled();
    let close = Look::default().closer(3.0, pos2(0.2, 0.4));
    let revision = desk.work().document.revision();
    let medium = desk.work().session().media[0].id;
    desk.harness.state_mut().ask(View::Look(medium, close));
    desk.harness.state_mut().ask(View::Layout(VideoLayout::Stacked));
    desk.redraw();
    assert_eq!(desk.work().document.revision(), revision);
    let session = desk.work().file.path().to_owned();
    desk.harness.state_mut().on_exit(None);
    drop(desk);

    let mut desk = Desk::start(folder, Startup { paths: vec![session], ..Startup::default() });
    desk.until_settled();
    assert_eq!(look(&desk), close);
    assert_eq!(desk.harness.state().state.preferences.layout, VideoLayout::Stacked);
}

#[test]
fn two_videos_stand_beside_each_other_below_each_other_or_the_coded_one_large() {
    let mut desk = Desk::demo();
    let another = demo_video(&desk.folder);
    desk.harness.state_mut().ask(Editing::AddMedium(another));
    desk.until("the second video", |app| app.state.work.as_ref().is_some_and(|work| work.videos.len() == 2));
    desk.harness.state_mut().ask(View::CloseDialog);
    desk.until("both pictures", |app| {
        app.state.work.as_ref().is_some_and(|work| work.videos.iter().all(|video| video.shown.is_some()))
    });
    let mut in_layout = |layout| {
        desk.harness.state_mut().ask(View::Layout(layout));
        desk.redraw();
        desk.redraw();
        let cells = desk.harness.get_all_by_label_contains("Video ").map(|node| node.rect()).collect::<Vec<_>>();
        let [first, second] = cells[..] else { panic!("two videos: {cells:?}") };
        (first, second)
    };
    let (first, second) = in_layout(VideoLayout::SideBySide);
    assert!(first.right() < second.left() && first.height() == second.height());
    let (first, second) = in_layout(VideoLayout::Stacked);
    assert!(first.bottom() < second.top() && first.width() == second.width());
    let (first, second) = in_layout(VideoLayout::OneLarge);
    assert!(first.right() < second.left() && first.height() > 1.5 * second.height());
}

#[test]
fn a_video_goes_to_a_window_of_its_own_and_comes_back_while_the_session_stays() {
    let mut desk = Desk::demo();
    let (revision, before) = (desk.work().document.revision(), cell(&desk));
    let medium = desk.work().session().media[0].id;
    desk.harness.state_mut().ask(View::Apart(medium));
    for _ in 0..4 {
        desk.redraw(); // it takes its size
    }
    assert!(desk.harness.query_by_label("The video is in a window of its own").is_some());
    let apart = cell(&desk);
    assert_ne!(apart, before);
    let shown = desk.work().stamp.clone();
    desk.harness.get_by_label("Bring it back").click_accesskit(); // a test's windows lie over each other
    desk.redraw();
    desk.redraw();
    assert!(desk.harness.query_by_label("The video is in a window of its own").is_none());
    assert_eq!(cell(&desk), before);
    assert_eq!((desk.work().document.revision(), &desk.work().stamp), (revision, &shown));
}

#[test]
fn of_two_videos_the_one_that_stays_takes_the_room() {
    let mut desk = Desk::demo();
    let another = demo_video(&desk.folder);
    desk.harness.state_mut().ask(Editing::AddMedium(another));
    desk.until("the second video", |app| app.state.work.as_ref().is_some_and(|work| work.videos.len() == 2));
    desk.harness.state_mut().ask(View::CloseDialog);
    desk.redraw();
    desk.redraw();
    let width = |desk: &Desk| desk.harness.get_by_label_contains("Video 1 ·").rect().width();
    let both = width(&desk);
    let second = desk.work().session().media[1].id;
    desk.harness.state_mut().ask(View::Apart(second));
    for _ in 0..4 {
        desk.redraw();
    }
    assert!(width(&desk) > both);
    assert!(desk.harness.query_by_label_contains("Video 2 ·").is_some(), "it is in its window");
}
