//! The main job without a window: open a video, code while it plays, correct, undo, export, score, come back.

mod common;

use std::rc::Rc;
use std::time::Duration;

use attune::app::{App, Startup};
use attune::command::{Coding, Editing, Export, File, Selection};
use common::{Desk, demo_video};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use session::file::{OsDisk, read};
use session::marking::Edge;
use span::Instant;

/// Time of a frame of the built-in video, 25 a second.
fn frame(number: i64) -> Instant {
    Instant::from_micros(number * 40_000)
}

/// A session made through the assistant from a video of its own.
fn begun() -> Desk {
    let folder = Rc::new(tempfile::tempdir().expect("a temporary folder"));
    let startup = Startup { paths: vec![demo_video(&folder)], ..Startup::default() };
    let mut desk = Desk::start(folder, startup);
    desk.until("the assistant", |app| app.dialog.is_some());
    desk.redraw();
    desk.harness.get_by_label("Coder (a pseudonym)").focus();
    desk.redraw();
    desk.harness.event(egui::Event::Text("KL".to_owned()));
    desk.redraw();
    desk.redraw();
    desk.harness.get_by_label("Begin").click();
    desk.until("the session", |app| app.state.work.is_some());
    desk.until_settled();
    desk
}

#[test]
fn the_assistant_makes_a_session_with_a_file_before_the_first_mark() {
    let mut desk = begun();
    let is_counted = |app: &App| app.state.work.as_ref().is_some_and(|work| work.session().media[0].end.is_some());
    desk.until("the length, behind the first picture", is_counted);
    let work = desk.work();
    assert_eq!(work.session().name, "dyad-017");
    assert_eq!(work.session().coder, "KL");
    assert_eq!(work.session().media[0].end, Some(frame(2250)));
    assert!(work.file.path().exists(), "the draft is on disk");
    assert_eq!(work.session().n_marks(), 0);
}

#[test]
fn a_key_while_paused_codes_from_the_very_frame_on_screen() {
    let mut desk = begun();
    desk.go_to_frame(100);
    desk.key(Key::Num1);
    assert_eq!(desk.coded("infant", "gaze"), [("partner".to_owned(), 4.0, 4.04)]);
    assert!(desk.marks("infant", "gaze")[0].is_open());
    // Stepping forward the state grows over what was seen; back it stays.
    for _ in 0..5 {
        desk.key(Key::Period);
        desk.until_settled();
    }
    assert_eq!(desk.coded("infant", "gaze"), [("partner".to_owned(), 4.0, 4.24)]);
    desk.key(Key::Comma);
    desk.until_settled();
    assert_eq!(desk.coded("infant", "gaze"), [("partner".to_owned(), 4.0, 4.24)]);
}

#[test]
fn keys_while_playing_code_from_the_frame_shown_when_they_went_down() {
    let mut desk = begun();
    desk.key(Key::Space);
    desk.play_for(Duration::from_millis(400));
    let first = desk.work().stamp.frames[0].expect("a picture").start;
    desk.key(Key::Num1);
    desk.play_for(Duration::from_millis(600));
    let second = desk.work().stamp.frames[0].expect("a picture").start;
    desk.key(Key::Num3);
    desk.play_for(Duration::from_millis(200));
    desk.key(Key::Space);
    let marks = desk.marks("infant", "gaze");
    assert_eq!(marks.len(), 2);
    assert_eq!((marks[0].code.as_str(), marks[0].start(), marks[0].when.end()), ("partner", first, second));
    assert_eq!((marks[1].code.as_str(), marks[1].start()), ("away", second));
    let shown = desk.work().stamp.frames[0].expect("a picture");
    assert_eq!(marks[1].when.end(), shown.end, "an open state reaches the end of the furthest frame seen");
}

#[test]
fn a_key_that_waited_for_slow_redraws_still_opens_a_state_that_grows() {
    let mut desk = begun();
    desk.key(Key::Space);
    desk.play_for(Duration::from_millis(400));
    let stamp = desk.work().stamp.clone();
    let pressed = stamp.frames[0].expect("a picture").start;
    desk.play_for(Duration::from_millis(300)); // so long it waits
    desk.harness.state_mut().ask(Coding::KeyDown { character: '1', stamp });
    desk.redraw();
    desk.play_for(Duration::from_millis(200));
    desk.key(Key::Space);
    let shown = desk.work().stamp.frames[0].expect("a picture");
    let marks = desk.marks("infant", "gaze");
    assert_eq!((marks[0].start(), marks[0].when.end()), (pressed, shown.end));
}

#[test]
fn seeking_never_fills_time_that_nobody_watched() {
    let mut desk = begun();
    desk.go_to_frame(10);
    desk.key(Key::Num1);
    desk.go_to_frame(500);
    assert_eq!(desk.coded("infant", "gaze"), [("partner".to_owned(), 0.4, 0.44)]);
    desk.key(Key::Space);
    desk.play_for(Duration::from_millis(300));
    desk.go_to_frame(1000);
    desk.play_for(Duration::from_millis(300));
    desk.key(Key::Space);
    assert_eq!(
        desk.coded("infant", "gaze"),
        [("partner".to_owned(), 0.4, 0.44)],
        "the state is behind: it does not grow"
    );
}

#[test]
fn three_tracks_are_coded_in_one_sitting_and_undone_whole() {
    let mut desk = begun();
    desk.go_to_frame(50);
    for (key, _) in [(Key::Num1, "gaze"), (Key::Num2, "affect"), (Key::Num2, "touch")] {
        desk.key(key);
        desk.key(Key::Tab);
    }
    assert_eq!(desk.work().session().n_marks(), 3);
    assert_eq!(desk.work().armed_title(), "Parent · Gaze");
    for _ in 0..3 {
        let (modifiers, key) = Desk::ctrl(Key::Z);
        desk.key_with(modifiers, key);
    }
    assert_eq!(desk.work().session().n_marks(), 0);
    let (modifiers, key) = Desk::ctrl(Key::Y);
    desk.key_with(modifiers, key);
    assert_eq!(desk.work().session().n_marks(), 1);
    assert_eq!(desk.status(), "again: code infant gaze partner's face");
}

#[test]
fn backspace_takes_the_last_mark_back_and_goes_there() {
    let mut desk = begun();
    desk.go_to_frame(50);
    desk.key(Key::Num1);
    desk.go_to_frame(200);
    desk.key(Key::Backspace);
    desk.until_settled();
    assert_eq!(desk.work().session().n_marks(), 0);
    assert_eq!(desk.work().playhead, frame(50));
}

#[test]
fn a_refusal_is_a_sentence_in_the_status_line() {
    let mut desk = begun();
    desk.go_to_frame(50);
    desk.key(Key::Num1);
    desk.key(Key::Num1);
    assert!(desk.status().contains("here already"), "{}", desk.status());
    assert_eq!(desk.work().session().n_marks(), 1);
}

#[test]
fn an_edge_moves_with_the_neighbour_that_touches_it() {
    let mut desk = Desk::demo();
    let marks = desk.marks("infant", "gaze");
    let (left, right) = (&marks[0], &marks[1]);
    let to = right.start() + span::Length::from_millis(200);
    desk.harness.state_mut().ask(Editing::MoveEdge { mark: left.id, edge: Edge::End, to, alone: false });
    desk.redraw();
    let moved = desk.marks("infant", "gaze");
    assert_eq!((moved[0].when.end(), moved[1].start()), (to, to));
    assert_eq!(moved[1].when.end(), right.when.end());
}

#[test]
fn delete_removes_what_a_click_on_the_timeline_selected() {
    let mut desk = Desk::demo();
    let n = desk.work().session().n_marks();
    let head = desk.harness.get_by_label("Infant Gaze").rect();
    let lane = egui::pos2(head.right() + 60.0, head.center().y);
    desk.harness.hover_at(lane);
    desk.redraw();
    desk.harness.drag_at(lane);
    desk.redraw();
    desk.harness.drop_at(lane);
    desk.redraw();
    desk.redraw();
    assert!(matches!(desk.work().selection, Some(Selection::Mark(_))), "a mark is selected");
    desk.key(Key::Delete);
    assert_eq!(desk.work().session().n_marks(), n - 1);
}

#[test]
fn what_was_done_is_there_again_after_the_program_is_gone() {
    let mut desk = begun();
    desk.go_to_frame(30);
    desk.key(Key::Num2);
    desk.key_with(Modifiers::NONE, Key::Tab);
    desk.key(Key::Num3);
    let (path, before) = (desk.work().file.path().to_owned(), desk.work().session().clone());
    assert!(desk.work().file.flush(), "the journal is written");
    let folder = Rc::clone(&desk.folder);
    std::mem::forget(desk); // no closing, no save: as after a kill, but for the lock, which this process still holds
    let (document, _) = read(&OsDisk, &path).expect("the session is read");
    assert_eq!(document.session(), &before);
    drop(folder);
}

#[test]
fn the_export_and_the_panel_carry_the_same_numbers() {
    let mut desk = Desk::demo();
    let target = desk.folder.path().join("scores.json");
    desk.harness.state_mut().ask(File::ExportTo(Export::ScoresJson, target.clone()));
    desk.until("the export", |app| app.state.status.text.starts_with("exported"));
    let text = std::fs::read_to_string(&target).expect("it was written");
    let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let shown = desk.work().live.episodes();
    let exported = json["sessions"][0]["episodes"].as_array().expect("episodes");
    assert_eq!(exported.len(), shown.len());
    let mut n_numbers = 0;
    for (episode, shown) in exported.iter().zip(shown) {
        for (id, score) in shown.scores.iter() {
            assert_eq!(episode["scores"][id]["value"].as_f64(), score.number(), "{id}");
            n_numbers += usize::from(score.number().is_some());
        }
    }
    assert!(n_numbers > 100, "{n_numbers} numbers were compared");
}

#[test]
fn timelines_are_exported_with_the_frames_that_they_stand_on() {
    let mut desk = Desk::demo();
    desk.until("all frames", |app| {
        app.state.work.as_ref().is_some_and(|work| work.player.index(0).is_some_and(|index| index.is_complete()))
    });
    let target = desk.folder.path().join("timelines.csv");
    desk.answer(&target);
    desk.harness.state_mut().ask(File::Export(Export::TimelinesCsv));
    desk.until("the export", |app| app.state.status.text.starts_with("exported"));
    let text = std::fs::read_to_string(&target).expect("it was written");
    let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(rows.len(), desk.work().session().n_marks() + 1);
    for row in &rows[1..] {
        let fields: Vec<&str> = row.split(',').collect();
        let (onset, frame): (f64, f64) = (fields[6].parse().expect("seconds"), fields[9].parse().expect("a frame"));
        assert!((onset * 25.0 - frame).abs() < 1e-9, "{row}");
    }
}

#[test]
fn nothing_is_redrawn_while_nothing_moves() {
    let mut desk = Desk::demo();
    desk.until("quiet", |app| app.state.work.as_ref().is_some_and(|work| work.player.is_settled()));
    let steps = desk.harness.run();
    assert!(steps <= 3, "{steps} redraws until it was quiet");
}

#[test]
fn a_second_video_comes_and_goes_with_undo_and_redo() {
    let mut desk = begun();
    let other = desk.folder.path().join("parent.mp4");
    std::fs::write(&other, attune::demo::VIDEO).expect("the folder can be written");
    desk.answer(&other);
    desk.harness.state_mut().ask(File::Ask(attune::state::Asked::AnotherMedium));
    desk.until("the second video", |app| app.state.work.as_ref().is_some_and(|work| work.player.videos() == 2));
    desk.until_settled();
    let Some(attune::dialog::Dialog::Setup(form)) = &mut desk.harness.state_mut().dialog else {
        panic!("the window asks where the second video lies, and what is coded from it")
    };
    "0.24".clone_into(&mut form.media[1].offset);
    desk.harness.get_by_label("Keep").click();
    desk.redraw();
    desk.go_to_frame(100);
    let shown = desk.work().stamp.frames.clone();
    assert_eq!(shown[1].expect("a picture").frame, 94, "the second one began six frames later");
    for (key, videos) in [(Key::Z, 2), (Key::Z, 1), (Key::Y, 2)] {
        let (modifiers, key) = Desk::ctrl(key);
        desk.key_with(modifiers, key);
        assert_eq!((desk.work().player.videos(), desk.work().videos.len()), (videos, videos));
    }
}

#[test]
fn the_divider_between_video_and_timelines_is_dragged_and_remembered() {
    let mut desk = begun();
    let top = |desk: &Desk| desk.harness.get_by_label("Timelines").rect().top();
    let before = top(&desk);
    let at = |y: f32| egui::pos2(500.0, y);
    for twice in 1..=2 {
        let start = top(&desk);
        let button = |pressed: bool, y: f32| egui::Event::PointerButton {
            pos: at(y),
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        desk.harness.event(egui::Event::PointerMoved(at(start)));
        desk.redraw();
        desk.harness.event(button(true, start));
        desk.redraw();
        for step in 1..=8 {
            desk.harness.event(egui::Event::PointerMoved(at(start - 5.0 * step as f32)));
            desk.redraw();
        }
        desk.harness.event(button(false, start - 40.0));
        desk.redraw();
        desk.redraw();
        let moved = before - top(&desk);
        assert!((moved - 40.0 * twice as f32).abs() < 3.0, "dragged by {moved} points after {twice} times");
    }
    assert!(desk.harness.state().state.preferences.timelines_share.is_some());
}

#[test]
fn what_the_journal_was_given_is_never_a_second_of_video_older_than_the_picture() {
    let mut desk = begun();
    for key in [Key::Num1, Key::Tab, Key::Num2] {
        desk.key(key); // two states grow
    }
    desk.key(Key::L);
    desk.key(Key::L); // at twice the speed
    let path = desk.work().file.path().to_owned();
    for _ in 0..100 {
        desk.play_for(common::REDRAW);
        assert!(desk.work().file.flush(), "what was given is on disk");
        let (on_disk, _) = read(&OsDisk, &path).expect("it is there");
        let shown = desk.work().shown_span().expect("a picture");
        for track in on_disk.session().tracks.iter().filter(|track| !track.marks.is_empty()) {
            let behind = shown.end() - track.marks[0].when.end();
            assert!(behind < span::Length::from_millis(900), "{} is {behind} behind at {shown:?}", track.key);
        }
    }
    assert!(desk.work().playhead.as_secs() > 3.0, "it has played on to {}", desk.work().playhead);
}
