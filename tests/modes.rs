//! The other ways of coding: holding keys, overwriting, tracks coded from a second video; and the start after a crash.

mod common;

use std::rc::Rc;
use std::time::Duration;

use attune::app::{App, Startup};
use attune::command::{Coding, Editing, File, Transport, View};
use attune::dialog::Dialog;
use attune::folders::Folders;
use common::{Desk, demo_video, write_sound};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use session::{MediumKind, TrackKey};
use span::Length;

/// A session of these videos and sounds, coded by KL; what is done to the assistant's form before.
fn begun(names: &[&str], fill: impl FnOnce(&mut attune::command::NewSession)) -> Desk {
    let folder = Rc::new(tempfile::tempdir().expect("a temporary folder"));
    let paths = names.iter().map(|name| {
        let path = folder.path().join(name);
        if path.extension().is_some_and(|extension| extension == "wav") {
            write_sound(&path);
        } else {
            std::fs::copy(demo_video(&folder), &path).expect("the folder can be written");
        }
        path
    });
    let startup = Startup { paths: paths.collect(), ..Startup::default() };
    let mut desk = Desk::start(Rc::clone(&folder), startup);
    desk.until("the assistant", |app| app.dialog.is_some());
    let Some(Dialog::New(form)) = &mut desk.harness.state_mut().dialog else { panic!("it is the assistant") };
    "dyad-017".clone_into(&mut form.name);
    "KL".clone_into(&mut form.coder);
    fill(form);
    desk.redraw();
    desk.harness.get_by_label("Begin").click();
    desk.until("the session", |app| app.state.work.is_some());
    desk.until_settled();
    let is_known = |medium: &session::Medium| {
        medium.end.is_some() && medium.identity.as_ref().is_some_and(|known| known.whole.is_some())
    };
    desk.until("all that is noted of its files", |app| {
        app.state.work.as_ref().is_some_and(|work| work.session().media.iter().all(is_known))
    });
    desk
}

fn gaze() -> TrackKey {
    TrackKey::new("infant", "gaze")
}

/// Times in frames of the built-in video, 25 a second.
fn frames(desk: &Desk, subject: &str, channel: &str) -> Vec<(String, i64, i64)> {
    let frame = |secs: f64| (secs * 25.0).round() as i64;
    desk.coded(subject, channel).into_iter().map(|(code, start, end)| (code, frame(start), frame(end))).collect()
}

#[test]
fn a_held_key_codes_while_it_is_down_and_is_one_step() {
    let mut desk = begun(&["a.mp4"], |_| {});
    desk.harness.state_mut().ask(Editing::Hold { track: gaze(), hold: true });
    desk.redraw();
    desk.key(Key::Space);
    desk.play_for(Duration::from_millis(400));
    desk.key_down(Modifiers::NONE, Key::Num1);
    let down = desk.work().stamp.frames[0].expect("a picture").frame as i64;
    desk.play_for(Duration::from_millis(600));
    let up = desk.work().stamp.frames[0].expect("a picture").frame as i64;
    desk.key_up(Modifiers::NONE, Key::Num1);
    desk.redraw();
    desk.play_for(Duration::from_millis(400));
    assert_eq!(frames(&desk, "infant", "gaze"), [("partner".to_owned(), down, up)], "up is the first frame without it");
    desk.key(Key::Space);
    let (modifiers, key) = Desk::ctrl(Key::Z);
    desk.key_with(modifiers, key);
    assert_eq!(frames(&desk, "infant", "gaze"), [], "the whole press is one step");
}

#[test]
fn a_press_shorter_than_a_frame_is_one_frame() {
    let mut desk = begun(&["a.mp4"], |_| {});
    desk.harness.state_mut().ask(Editing::Hold { track: gaze(), hold: true });
    desk.redraw();
    desk.go_to_frame(100);
    desk.key(Key::Num1);
    assert_eq!(frames(&desk, "infant", "gaze"), [("partner".to_owned(), 100, 101)]);
    assert!(!desk.marks("infant", "gaze")[0].is_open());
}

#[test]
fn overwriting_replaces_what_the_playhead_passes_in_one_step() {
    let mut desk = begun(&["a.mp4"], |_| {});
    for (at, key) in [(10, Key::Num1), (20, Key::Num2), (30, Key::Num3), (60, Key::Num1)] {
        desk.go_to_frame(at);
        desk.key(key);
    }
    let before = frames(&desk, "infant", "gaze");
    desk.harness.state_mut().ask(Coding::Overwrite);
    desk.go_to_frame(12);
    desk.key(Key::Space);
    desk.play_for(Duration::from_millis(200));
    desk.key(Key::Num0);
    let from = desk.marks("infant", "gaze").iter().find(|mark| mark.code == "unscorable").expect("it began").start();
    desk.play_for(Duration::from_secs(1));
    desk.key(Key::Space);
    let shown = desk.work().stamp.frames[0].expect("a picture");
    let over = desk.marks("infant", "gaze").into_iter().find(|mark| mark.code == "unscorable").expect("it is there");
    assert_eq!((over.start(), over.when.end()), (from, shown.end));
    assert!(
        desk.marks("infant", "gaze")
            .iter()
            .all(|mark| mark.id == over.id || mark.when.end() <= over.start() || mark.start() >= over.when.end()),
        "nothing is left below it"
    );
    let (modifiers, key) = Desk::ctrl(Key::Z);
    desk.key_with(modifiers, key);
    assert_eq!(frames(&desk, "infant", "gaze"), before);
}

#[test]
fn each_subject_is_coded_from_the_video_that_the_assistant_was_told() {
    let mut desk = begun(&["infant.mp4", "parent.mp4"], |form| {
        "0.5".clone_into(&mut form.media[1].offset);
        form.coded_from = vec![("parent".to_owned(), 1)];
    });
    assert_eq!(desk.work().session().media[1].offset, Length::from_millis(500));
    desk.harness.state_mut().ask(Coding::Arm(TrackKey::new("parent", "gaze")));
    desk.redraw();
    desk.go_to_frame(10); // of the parent's video: 0.4 s + 0.5 s
    desk.key(Key::Num1);
    let mark = &desk.coded("parent", "gaze")[0];
    assert!((mark.1 - 0.9).abs() < 1e-9, "{mark:?}");
    desk.harness.state_mut().ask(Coding::Arm(gaze()));
    desk.redraw();
    desk.key(Key::Num1);
    let mark = &desk.coded("infant", "gaze")[0];
    assert!((mark.1 - 0.88).abs() < 1e-9, "the infant's frames begin at other times: {mark:?}");
}

#[test]
fn after_a_crash_the_session_that_was_open_is_offered() {
    let desk = begun(&["a.mp4"], |_| {});
    let (folder, path) = (Rc::clone(&desk.folder), desk.work().file.path().to_owned());
    drop(desk);
    let state = Folders::below(folder.path().join("home")).state;
    std::fs::create_dir_all(&state).expect("the folder can be made");
    std::fs::write(state.join("last-crash.txt"), "it stopped").expect("the folder can be written");
    let mut desk = Desk::start(Rc::clone(&folder), Startup::default());
    desk.redraw();
    desk.harness.get_by_label("Recover the session").click();
    desk.until("the session", |app: &App| app.state.work.is_some());
    assert_eq!(desk.work().file.path(), path);
    drop(desk);
    let mut again = Desk::start(folder, Startup::default());
    again.redraw();
    assert!(again.harness.state().dialog.is_none(), "it is offered once");
    again.harness.state_mut().ask(File::OpenPath(path));
    again.until("the session", |app| app.state.work.is_some());
}

#[test]
fn nothing_is_coded_where_the_tracks_video_has_not_begun_or_is_over() {
    let mut desk = begun(&["infant.mp4", "parent.mp4"], |form| {
        "0.5".clone_into(&mut form.media[1].offset);
        form.coded_from = vec![("parent".to_owned(), 1)];
    });
    desk.harness.state_mut().ask(Transport::Seek(span::Instant::ZERO));
    desk.until("the first picture", |app| app.state.work.as_ref().is_some_and(|work| work.player.is_settled()));
    desk.harness.state_mut().ask(Coding::Arm(TrackKey::new("parent", "gaze")));
    desk.redraw();
    desk.redraw();
    desk.key(Key::Num1);
    assert_eq!(desk.coded("parent", "gaze"), []);
    assert!(desk.status().contains("no picture of this track's video"), "{}", desk.status());
}

#[test]
fn clips_are_coded_as_one_timeline() {
    let mut desk = begun(&["a.mp4", "b.mp4"], |form| form.media[1].follows = true);
    desk.until("both clips", |app| {
        let work = app.state.work.as_ref();
        work.is_some_and(|work| (0..2).all(|clip| matches!(work.player.state(clip), media::VideoState::Ready)))
    });
    let n_frames = desk.work().player.index(0).expect("an index").len();
    assert_eq!(desk.harness.get_all_by_label_contains("Video ").count(), 1, "they share one place");
    let [first, second] = [0, 1].map(|clip| desk.work().session().media[clip].clone());
    let close = attune::look::Look::default().closer(2.0, egui::pos2(0.5, 0.5));
    desk.harness.state_mut().ask(View::Look(first.id, close));
    desk.redraw();
    let path = desk.work().medium_path(&second);
    assert_eq!(desk.harness.state().state.preferences.look_of(&path), close, "a face stays close over the border");
    desk.go_to_frame(n_frames - 3);
    desk.key(Key::Num1);
    let begins = desk.work().playhead;
    for _ in 0..6 {
        desk.key(Key::Period);
        desk.until_settled();
    }
    let [first, second] = [0, 1].map(|clip| desk.work().stamp.frames[clip]);
    assert_eq!((first, second.map(|frame| frame.frame)), (None, Some(3)));
    assert!(desk.harness.query_by_label_contains("Video 2 ·").is_some());
    let mark = desk.marks("infant", "gaze")[0].clone();
    let grown = (mark.start(), mark.when.end());
    assert_eq!(grown, (begins, second.expect("a frame").end), "it grew over the border");

    desk.key(Key::Num2);
    desk.key(Key::Space);
    desk.play_for(Duration::from_millis(400));
    desk.key(Key::Space);
    assert_eq!(desk.marks("infant", "gaze").len(), 2);
    assert!(desk.marks("infant", "gaze")[1].when.end() > grown.1);
    desk.go_to_frame(0); // of the clip that is on screen
    assert_eq!(desk.work().lead_frame().map(|(frame, _, _)| frame), Some(0));
    desk.key(Key::Comma);
    desk.until_settled();
    assert_eq!(desk.work().lead_frame().map(|(frame, _, _)| frame), Some(n_frames - 1), "one frame back");
    assert_eq!(desk.work().session().clips(), [[0, 1]]);
}

#[test]
fn videos_are_laid_on_one_clock_by_moments_that_are_seen_in_both() {
    let mut desk = begun(&["front.mp4", "side.mp4"], |_| {});
    let [front, side] = [0, 1].map(|n| desk.work().session().media[n].id);
    let see_both = |desk: &mut Desk, frame_in_front: usize, frame_in_side: usize| {
        desk.go_to_frame(frame_in_front);
        desk.harness.state_mut().ask(View::RememberMoment(front));
        desk.redraw();
        let side = desk.work().session().media[1].clone();
        let time = side.session_time(desk.work().player.index(1).expect("an index").time_of(frame_in_side));
        desk.harness.state_mut().ask(Transport::Seek(time));
        desk.until_settled();
        desk.harness.state_mut().ask(Editing::SameMoment(side.id));
        desk.redraw();
        desk.until_settled();
    };
    let shown = |desk: &Desk| [0, 1].map(|n| desk.work().stamp.frames[n].expect("it is on screen").frame);
    see_both(&mut desk, 100, 60); // a slip, which is taken back and no moment any more
    let (modifiers, key) = Desk::ctrl(Key::Z);
    desk.key_with(modifiers, key);
    see_both(&mut desk, 100, 75);
    assert_eq!(desk.status(), "side.mp4 has moved by 1.000 s");
    desk.go_to_frame(100);
    assert_eq!(shown(&desk), [100, 75]);
    see_both(&mut desk, 1_100, 1_074); // 40 s later it is one frame off
    let said = desk.status().to_owned();
    let corrected = "here side.mp4 was 40.0 ms off: its clock is corrected by +1001.0 parts per million";
    assert!(said.starts_with(corrected) && said.ends_with("; 2 moments fall together within 0.0 ms"), "{said}");
    for (frame, other) in [(100, 75), (1_100, 1_074)] {
        desk.go_to_frame(frame);
        assert_eq!(shown(&desk), [frame, other]);
    }
    let (modifiers, key) = Desk::ctrl(Key::Z);
    desk.key_with(modifiers, key);
    assert_eq!(desk.work().session().medium(side).expect("it is there").rate, session::Rate::default());
}

#[test]
fn a_key_whose_picture_was_still_to_come_makes_no_mark_where_the_video_has_gone_since() {
    let mut desk = begun(&["a.mp4"], |_| {});
    desk.go_to_frame(100);
    let [there, elsewhere] = [900, 1_500].map(|frame| desk.work().time_of_frame(frame).expect("a frame"));
    let stamp = desk.work().stamp.clone();
    let app = desk.harness.state_mut();
    app.ask(Transport::Seek(there));
    app.ask(Coding::Press { code: "partner".to_owned(), stamp });
    app.ask(Transport::Seek(elsewhere));
    desk.redraw();
    assert!(desk.status().contains("the video went on before the exact picture was there"), "{}", desk.status());
    desk.until_settled();
    assert_eq!(frames(&desk, "infant", "gaze"), []);
}

#[test]
fn a_picture_is_not_called_approximate_before_the_exact_one_is_late() {
    let mut desk = begun(&["a.mp4"], |_| {});
    desk.go_to_frame(100);
    for frame in [1_500, 300, 2_000] {
        let time = desk.work().time_of_frame(frame).expect("a frame");
        desk.harness.state_mut().ask(Transport::Seek(time));
        desk.redraw(); // without time passing
        let (_, _, sight) = desk.work().lead_frame().expect("a picture");
        assert_ne!(sight, attune::work::Sight::Approximate);
    }
}

#[test]
fn sound_alone_is_coded_in_even_steps_and_the_window_says_so() {
    let mut desk = begun(&["recorder.wav"], |_| {});
    assert_eq!(desk.work().session().media[0].kind, MediumKind::Sound);
    desk.redraw();
    assert_eq!(desk.harness.query_all_by_label_contains("Video ").count(), 0, "no cell stands empty");
    assert!(desk.harness.query_by_label_contains("goes in steps of 0.04 s").is_some());
    for _ in 0..3 {
        desk.key(Key::Period);
    }
    assert!(desk.harness.query_by_label("step 3 of 50").is_some());
    desk.key(Key::Num1);
    assert_eq!(frames(&desk, "infant", "gaze"), [("partner".to_owned(), 3, 4)]);
    desk.key(Key::Space);
    desk.play_for(Duration::from_millis(400));
    desk.key(Key::Space);
    assert!(frames(&desk, "infant", "gaze")[0].2 > 8, "it grows while it is heard");
    desk.until("its curve", |app| app.state.work.as_ref().is_some_and(|work| work.waveforms.contains_key(&0)));
}

#[test]
fn a_recorder_beside_a_video_needs_no_picture_and_is_heard_where_somebody_chooses_it() {
    let mut desk = begun(&["recorder.wav", "a.mp4"], |_| {});
    let heard = |desk: &Desk| desk.work().heard_of_several().map(|medium| medium.name().to_owned());
    let both = |app: &App| app.state.work.as_ref().is_some_and(|work| work.audible().len() == 2);
    desk.until("both sounds", both);
    assert_eq!(desk.harness.query_all_by_label_contains("Video ").count(), 1);
    assert_eq!(desk.work().medium_index(&gaze()), 1, "marks stand on the video's frames");
    assert_eq!(heard(&desk).as_deref(), Some("recorder.wav"), "the first that has sound");
    desk.key_with(Modifiers { shift: true, ..Desk::ctrl(Key::M).0 }, Key::M);
    assert_eq!((heard(&desk).as_deref(), desk.status()), (Some("a.mp4"), "heard: a.mp4"));
    desk.until("its curve", |app| app.state.work.as_ref().is_some_and(|work| work.waveforms.contains_key(&1)));
    let (folder, path) = (Rc::clone(&desk.folder), desk.work().file.path().to_owned());
    drop(desk);
    let mut desk = Desk::start(folder, Startup { paths: vec![path], ..Startup::default() });
    desk.until("both sounds again", both);
    desk.redraw();
    assert_eq!(heard(&desk).as_deref(), Some("a.mp4"), "it is kept");
    let places = |desk: &Desk| desk.harness.get_by_label("Timelines").rect();
    let before = places(&desk);
    desk.until("its curve", |app| app.state.work.as_ref().is_some_and(|work| work.waveforms.contains_key(&1)));
    desk.redraw();
    assert_eq!(places(&desk), before, "the row of the sound was there before its curve");
}

#[test]
fn between_two_clips_the_window_says_how_long_nothing_was_recorded() {
    let mut desk = begun(&["a.mp4", "b.mp4"], |form| {
        form.media[1].follows = true;
        "3.2".clone_into(&mut form.media[1].between);
    });
    let [first, second] = [0, 1].map(|n| desk.work().session().media[n].span().expect("it was measured"));
    assert_eq!(second.start() - first.end(), Length::from_millis(3_200));
    desk.harness.state_mut().ask(Transport::Seek(first.end() + Length::SECOND));
    desk.redraw();
    desk.redraw();
    assert_eq!(desk.work().playhead, first.end() + Length::SECOND);
    assert!(desk.work().lead_frame().is_none());
    desk.key(Key::Num1);
    assert_eq!(desk.coded("infant", "gaze"), [], "nothing is seen, and nothing coded");
    desk.key(Key::Period);
    desk.until_settled();
    assert_eq!(desk.work().playhead, second.start());
    desk.key(Key::Num1);
    desk.key(Key::Period);
    desk.until_settled();
    assert_eq!(desk.marks("infant", "gaze")[0].when.end() - second.start(), Length::from_millis(80));
}

#[test]
fn a_rate_is_typed_and_a_video_goes_in_one_step_that_can_be_taken_back() {
    let mut desk = begun(&["a.mp4", "b.mp4"], |_| {});
    let before = desk.work().session().clone();
    let dialog = Dialog::setup(&before);
    desk.harness.state_mut().ask(View::Show(dialog));
    desk.redraw();
    let typed = |desk: &mut Desk, rate: &str, is_removed: bool| {
        let Some(Dialog::Setup(form)) = &mut desk.harness.state_mut().dialog else { panic!("it is open") };
        rate.clone_into(&mut form.media[0].rate);
        form.media[1].is_removed = is_removed;
        desk.redraw();
        desk.redraw();
    };
    typed(&mut desk, "25", false);
    assert!(desk.harness.query_by_label_contains("no clock runs more than twice as fast").is_some());
    let corner = |desk: &Desk| desk.harness.get_by_label("Close").rect();
    let before_removing = corner(&desk);
    typed(&mut desk, "1.001", true);
    assert!(desk.harness.query_by_label_contains("b.mp4 goes out of the session").is_some());
    assert_eq!(corner(&desk), before_removing, "no sentence moves it");
    desk.harness.get_by_label("Keep").click();
    desk.until("one video", |app| app.state.work.as_ref().is_some_and(|work| work.player.videos() == 1));
    assert_eq!(desk.work().session().media[0].rate, session::Rate::new(1_001, 1_000).expect("positive"));
    let (modifiers, key) = Desk::ctrl(Key::Z);
    desk.key_with(modifiers, key);
    assert_eq!((desk.work().session(), desk.work().player.videos()), (&before, 2));
}

#[test]
fn a_refusal_keeps_what_was_typed_and_names_the_video() {
    let mut desk = begun(&["a.mp4", "b.mp4"], |form| form.media[1].follows = true);
    desk.go_to_frame(10);
    desk.key(Key::Num1);
    let dialog = Dialog::setup(desk.work().session());
    desk.harness.state_mut().ask(View::Show(dialog));
    desk.redraw();
    let Some(Dialog::Setup(form)) = &mut desk.harness.state_mut().dialog else { panic!("it is open") };
    "1".clone_into(&mut form.media[1].offset);
    desk.redraw();
    assert!(desk.harness.query_by_label_contains("b.mp4 goes on with a.mp4, and would begin").is_some());
    let Some(Dialog::Setup(form)) = &mut desk.harness.state_mut().dialog else { panic!("it is open") };
    let known = form.media[1].medium.offset.to_secs_text();
    known.clone_into(&mut form.media[1].offset);
    form.media[0].is_removed = true;
    desk.redraw();
    assert!(desk.harness.query_by_label_contains("a.mp4 has 1 mark coded from it").is_some());
    desk.key(Key::Enter);
    assert!(desk.harness.state().dialog.is_some(), "it stays open");
}
