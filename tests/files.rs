//! Sessions as files: saved elsewhere, and opened by somebody who is not their coder.

mod common;

use std::path::PathBuf;
use std::rc::Rc;

use attune::app::Startup;
use attune::command::{CoderAnswer, Editing, File, View};
use attune::dialog::Dialog;
use common::Desk;
use egui::Key;
use egui_kittest::kittest::Queryable as _;
use session::file::{OsDisk, read, verify};
use session::marking::Edge;
use span::Length;

/// A session of KL's with one mark, in a folder of its own, and the window on it closed.
fn session_of_kl() -> (Rc<tempfile::TempDir>, PathBuf) {
    let folder = Rc::new(tempfile::tempdir().expect("a temporary folder"));
    let video = common::demo_video(&folder);
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![video], ..Startup::default() });
    desk.until("the assistant", |app| app.dialog.is_some());
    let Some(Dialog::New(form)) = &mut desk.harness.state_mut().dialog else { panic!("it is the assistant") };
    "KL".clone_into(&mut form.coder);
    form.path = Some(folder.path().join("dyad-017.attune"));
    let form = form.clone();
    desk.harness.state_mut().ask(View::CloseDialog);
    desk.harness.state_mut().ask(File::Create(form));
    desk.until("the session", |app| app.state.work.is_some());
    desk.until_settled();
    desk.until("all that is noted of its video", |app| {
        let medium = app.state.work.as_ref().map(|work| &work.session().media[0]);
        medium.is_some_and(|medium| {
            medium.end.is_some() && medium.identity.as_ref().is_some_and(|known| known.whole.is_some())
        })
    });
    desk.key(Key::Num1);
    assert_eq!(desk.coded("infant", "gaze").len(), 1);
    drop(desk);
    let path = folder.path().join("dyad-017.attune");
    (folder, path)
}

/// The window of CD, who opens KL's session and is asked what for.
fn asked(folder: &Rc<tempfile::TempDir>, path: &std::path::Path) -> Desk {
    let mut desk = Desk::start(Rc::clone(folder), Startup::default());
    "CD".clone_into(&mut desk.harness.state_mut().state.preferences.coder);
    desk.harness.state_mut().ask(File::OpenPath(path.to_owned()));
    desk.until("the question", |app| matches!(app.dialog, Some(Dialog::OtherCoder { .. })));
    desk
}

#[test]
fn saving_elsewhere_leaves_the_session_that_was_open_as_it_was() {
    let (folder, path) = session_of_kl();
    let (before, _) = read(&OsDisk, &path).expect("it is there");
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![path.clone()], ..Startup::default() });
    desk.until("the session", |app| app.state.work.is_some());
    let place = folder.path().join("deep/er/copy.attune");
    desk.harness.state_mut().ask(File::SaveAsPath(place.clone()));
    desk.until("it is saved", |app| app.state.status.text.starts_with("saved as"));
    desk.until_settled();
    assert_eq!(desk.work().file.path(), place);
    assert_eq!(desk.work().medium_path(&desk.work().session().media[0]), folder.path().join("dyad-017.mp4"));
    assert_eq!(desk.work().document.undo_label(), Some("code infant gaze partner's face"), "it is no step of its own");
    desk.key(Key::Tab);
    desk.key(Key::Num2);
    drop(desk);

    let (after, _) = read(&OsDisk, &path).expect("it is there");
    assert_eq!(after.session(), before.session());
    assert_eq!(after.history().head_hash(), before.history().head_hash());
    let (copy, _) = read(&OsDisk, &place).expect("it is there");
    assert_eq!(copy.session().n_marks(), 2);
    verify(&OsDisk, &place).expect("the log of the copy is whole");
}

#[test]
fn somebody_elses_session_is_not_open_until_the_question_is_answered() {
    let (folder, path) = session_of_kl();
    let mut desk = asked(&folder, &path);
    assert!(desk.harness.state().state.work.is_none(), "nothing of it is shown");
    desk.harness.state_mut().ask(View::CloseDialog);
    desk.redraw();
    assert!(desk.harness.state().state.work.is_none(), "closing the question opens nothing");

    desk.harness.state_mut().ask(File::OpenPath(path.clone()));
    desk.until("the question", |app| matches!(app.dialog, Some(Dialog::OtherCoder { .. })));
    desk.harness.state_mut().ask(File::AnswerCoder(CoderAnswer::Read));
    desk.until_settled();
    desk.key(Key::Num3);
    desk.key_with(egui::Modifiers::COMMAND, Key::S);
    assert!(desk.status().contains("reading only"), "{}", desk.status());
    drop(desk);
    assert_eq!(read(&OsDisk, &path).expect("it is there").0.session().n_marks(), 1, "a reader changes nothing");
}

#[test]
fn a_second_coder_begins_without_marks_and_goes_on_there_the_next_time() {
    let (folder, path) = session_of_kl();
    let own = folder.path().join("dyad-017-CD.attune");
    for n_marks in [0, 1] {
        let mut desk = asked(&folder, &path);
        desk.harness.state_mut().ask(File::AnswerCoder(CoderAnswer::DuplicateWithoutMarks));
        desk.until("the session", |app| app.state.work.is_some());
        desk.until_settled();
        assert_eq!((desk.work().file.path(), desk.work().session().n_marks()), (own.as_path(), n_marks));
        assert!(!desk.work().shows_scores, "a second coder sees no scores");
        if n_marks == 0 {
            desk.key(Key::Num3);
        }
    }
    let (theirs, _) = read(&OsDisk, &path).expect("it is there");
    assert_eq!(theirs.session().n_marks(), 1, "the first coder's file is never changed");
}

#[test]
fn a_session_opens_where_its_coder_left_off() {
    let (folder, path) = session_of_kl();
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![path.clone()], ..Startup::default() });
    desk.until("the session", |app| app.state.work.is_some());
    desk.until_settled();
    desk.key(Key::Tab);
    desk.go_to_frame(100);
    desk.key(Key::Num2);
    drop(desk);
    let mut desk = Desk::start(folder, Startup { paths: vec![path], ..Startup::default() });
    desk.until("the session", |app| app.state.work.is_some());
    desk.until_settled();
    assert_eq!(desk.work().armed_title(), "Infant · Affect");
    assert_eq!(desk.work().stamp.frames[0].expect("a picture").frame, 100);
}

#[test]
fn two_coders_are_compared_in_the_window_and_nothing_is_coded_meanwhile() {
    let (folder, path) = session_of_kl();
    let theirs = folder.path().join("dyad-017-CD.attune");
    let mut desk = asked(&folder, &path);
    desk.harness.state_mut().ask(File::AnswerCoder(CoderAnswer::DuplicateWithoutMarks));
    desk.until("the session", |app| app.state.work.is_some());
    desk.until_settled();
    let reach = |desk: &mut Desk, n: usize, frame: usize| {
        let (mark, to) = (desk.marks("infant", "gaze")[n].id, desk.work().time_of_frame(frame).expect("the frame"));
        desk.harness.state_mut().ask(Editing::MoveEdge { mark, edge: Edge::End, to, alone: true });
        desk.redraw();
    };
    for (frame, key) in [(0, Key::Num1), (50, Key::Num3)] {
        desk.go_to_frame(frame);
        desk.key(key);
    }
    reach(&mut desk, 0, 50);
    reach(&mut desk, 1, 60);
    drop(desk);

    // KL's own coding: the same two states, with the edge ten frames earlier.
    let mut desk = Desk::start(Rc::clone(&folder), Startup::default());
    "KL".clone_into(&mut desk.harness.state_mut().state.preferences.coder);
    desk.harness.state_mut().ask(File::OpenPath(path));
    desk.until("the session", |app| app.state.work.is_some());
    desk.until_settled();
    let whole = |desk: &mut Desk, edge: usize| {
        for (frame, key) in [(edge, Key::Num3), (100, Key::Enter)] {
            desk.go_to_frame(frame);
            desk.key(key);
        }
    };
    whole(&mut desk, 40);
    reach(&mut desk, 0, 40);
    reach(&mut desk, 1, 60);
    desk.harness.state_mut().ask(File::CompareWith(theirs.clone()));
    desk.until("the comparison", |app| app.state.work.as_ref().is_some_and(|work| work.comparing.is_some()));
    desk.redraw();
    desk.harness.get_by_label("Agreement with CD");
    let n_marks = desk.work().session().n_marks();
    desk.key(Key::Num2);
    assert_eq!(desk.work().session().n_marks(), n_marks);
    assert_eq!(desk.status(), "close the comparison to code on");

    // The numbers are those of the command line: both call the same functions.
    let comparing = desk.work().comparing.as_ref().expect("it is open");
    let (channel, agreement) = comparing.compared.channels().next().expect("gaze was coded by both");
    assert_eq!((channel.key.subject.as_str(), channel.key.channel.as_str()), ("infant", "gaze"));
    let ours = desk.work().session().clone();
    let (other, _) = read(&OsDisk, &theirs).expect("it is there");
    let again = session::compare::compare(&ours, other.session());
    assert_eq!(&again.agreements(&comparing.compared.settings)[0], agreement);

    // A click on a difference plays it round and round, from a second before.
    let place = agreement.disagreements[0].clone();
    desk.harness.get_by_label_contains("away · partner's face edge").click();
    desk.until("it plays", |app| app.state.work.as_ref().is_some_and(attune::work::Work::is_playing));
    let round = desk.work().transport.looped.expect("round and round");
    assert_eq!((round.start(), round.end()), (place.start - Length::SECOND, place.end + Length::SECOND));
    desk.key(Key::K);

    desk.harness.get_by_label("Close the comparison").click();
    desk.until("it is closed", |app| app.state.work.as_ref().is_some_and(|work| work.comparing.is_none()));
    desk.until_settled(); // a key waits for the exact picture
    desk.key(Key::Num2);
    assert!(desk.status().starts_with("code infant gaze"), "{}", desk.status());
}
