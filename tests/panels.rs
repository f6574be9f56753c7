//! What panels, dialogs and the status line do when they are used, each for itself.

mod common;

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use attune::app::Startup;
use attune::command::{Editing, File, Transport, View};
use attune::dialog::Dialog;
use attune::look::{Look, Tone};
use attune::preferences::TimeFormat;
use attune::state::Status;
use attune::work::Sight;
use common::{Desk, demo_video};
use egui::{Event, Key};
use egui_kittest::kittest::Queryable as _;
use media::{MediaError, PulledSound, SoundOutput};
use session::Role;
use span::Length;

fn folder() -> Rc<tempfile::TempDir> {
    Rc::new(tempfile::tempdir().expect("a temporary folder"))
}

fn opened(folder: &Rc<tempfile::TempDir>, paths: Vec<PathBuf>) -> Desk {
    Desk::start(Rc::clone(folder), Startup { paths, ..Startup::default() })
}

/// A session of this role through the assistant, beside the video.
fn begun(folder: &Rc<tempfile::TempDir>, video: PathBuf, role: Role) -> Desk {
    let mut desk = opened(folder, vec![video]);
    desk.until("the assistant", |app| app.dialog.is_some());
    let Some(Dialog::New(form)) = &mut desk.harness.state_mut().dialog else { panic!("it is the assistant") };
    "dyad-017".clone_into(&mut form.name);
    "KL".clone_into(&mut form.coder);
    form.role = role;
    let form = form.clone();
    desk.harness.state_mut().ask(View::CloseDialog);
    desk.harness.state_mut().ask(File::Create(form));
    desk.until("the session", |app| app.state.work.is_some());
    desk.until_settled();
    desk
}

#[test]
fn a_click_on_a_mismatch_plays_from_a_second_before_it() {
    let mut desk = Desk::demo();
    desk.until("the scores", |app| {
        app.state.work.as_ref().is_some_and(|work| work.live.shown(work.playhead).is_some())
    });
    desk.redraw();
    let work = desk.work();
    let (_, shown) = work.live.shown(work.playhead).expect("scores");
    let start = shown.mismatch_episodes[0].span.start();
    let row = format!("mismatch at {}", TimeFormat::Clock.short(start));
    desk.harness.get_by_label_contains(&row).click();
    desk.until("it plays", |app| app.state.work.as_ref().is_some_and(attune::work::Work::is_playing));
    let from = (start - Length::SECOND).max(desk.work().whole().start());
    let away = (desk.work().player.position() - from).abs();
    assert!(away < Length::from_millis(200), "it plays from {}", desk.work().player.position());
    assert_eq!(desk.work().transport.looped, None);
}

#[test]
fn watching_from_the_end_begins_where_it_was_asked_to() {
    let mut desk = Desk::demo();
    desk.harness.state_mut().ask(Transport::ToEnd);
    desk.until_settled();
    let from = desk.work().time_of_frame(1_000).expect("the frame");
    desk.harness.state_mut().ask(Transport::Watch { from, round: None });
    desk.until("it plays", |app| app.state.work.as_ref().is_some_and(attune::work::Work::is_playing));
    assert!((desk.work().player.position() - from).abs() < Length::from_millis(200));
}

#[test]
fn hidden_scores_stay_hidden_and_shown_ones_are_not_shown_to_a_second_coder() {
    let folder = folder();
    let video = demo_video(&folder);
    let mut desk = begun(&folder, video.clone(), Role::Primary);
    assert!(desk.work().shows_scores);
    desk.key(Key::F2);
    assert!(!desk.work().shows_scores);
    drop(desk);
    let mut desk = begun(&folder, video.clone(), Role::Primary);
    assert!(!desk.work().shows_scores, "it is remembered");
    desk.key(Key::F2);
    drop(desk);
    let mut desk = begun(&folder, video.clone(), Role::Second);
    assert!(!desk.work().shows_scores, "hidden at first, whatever is remembered");
    desk.key(Key::F2);
    desk.key(Key::F2);
    drop(desk);
    assert!(begun(&folder, video, Role::Primary).work().shows_scores, "what a second coder did says nothing");
}

#[test]
fn all_remarks_of_an_export_can_be_read() {
    let mut desk = Desk::demo();
    let remarks: Vec<String> = ["notes are not in it", "nor is who was certain"].map(String::from).into();
    desk.harness.state_mut().state.status = Status::said("exported demo.csv").with_remarks(remarks.clone());
    desk.redraw();
    desk.harness.get_by_label(&format!("Read all {}", remarks.len())).click();
    desk.until("the list", |app| app.dialog == Some(Dialog::Remarks(remarks.clone())));
    desk.redraw();
    for remark in &remarks {
        desk.harness.get_by_label(remark);
    }
}

#[test]
fn a_wrong_time_can_be_typed_over_at_once_and_moves_nothing() {
    let mut desk = Desk::demo();
    let (modifiers, key) = Desk::ctrl(Key::G);
    desk.key_with(modifiers, key);
    desk.redraw();
    let go = desk.harness.get_by_label("Go").rect();
    desk.harness.event(Event::Text("abc".to_owned()));
    desk.redraw();
    desk.key(Key::Enter);
    assert_eq!(desk.harness.get_by_label("Go").rect(), go, "the dialog does not grow");
    desk.harness.event(Event::Text("3".to_owned()));
    desk.redraw();
    assert_eq!(desk.harness.state().dialog, Some(Dialog::GoTo { text: "3".to_owned() }));
    desk.key(Key::Enter);
    desk.until_settled();
    assert_eq!(desk.work().playhead.as_secs(), 3.0);
}

#[test]
fn what_is_no_video_is_said_beside_the_file_at_once() {
    let folder = folder();
    let text = folder.path().join("README.md");
    std::fs::write(&text, "# Not a video\n").expect("the folder can be written");
    for path in [text, folder.path().to_owned(), folder.path().join("missing.mp4")] {
        let mut desk = opened(&folder, vec![path.clone()]);
        desk.until(
            "it is looked at",
            |app| matches!(&app.dialog, Some(Dialog::New(form)) if !form.media[0].problem.is_empty()),
        );
        desk.redraw();
        let Some(Dialog::New(form)) = &desk.harness.state().dialog else { panic!("it is the assistant") };
        desk.harness.get_by_label(&form.media[0].problem);
        desk.harness.get_by_label("a file cannot be coded: remove it");
    }
}

#[test]
fn a_video_that_was_cut_off_is_said_whenever_its_session_is_opened() {
    let folder = folder();
    let video = folder.path().join("dyad-018.mp4");
    let whole = attune::demo::VIDEO;
    std::fs::write(&video, &whole[..whole.len() * 7 / 10]).expect("the folder can be written");
    let mut desk = begun(&folder, video, Role::Primary);
    let is_said = |app: &attune::app::App| {
        app.state.status.is_alarm && app.state.status.text.starts_with("dyad-018.mp4: the file ends before it should")
    };
    desk.until("the warning", is_said);
    let path = desk.work().file.path().to_owned();
    drop(desk);
    let mut desk = opened(&folder, vec![path]);
    desk.until("the warning again", is_said);
    assert!(desk.work().videos[0].is_damaged);
    assert!(desk.work().videos[0].warnings[0].starts_with("the file ends before it should"), "the gravest first");
}

#[test]
fn a_picture_that_was_not_decoded_whole_is_exact_and_called_damaged() {
    let folder = folder();
    let video = folder.path().join("dyad-018.mp4");
    let mut bytes = attune::demo::VIDEO.to_vec();
    bytes[120_000..121_000].fill(0xff); // several packets in a row, and no key
    std::fs::write(&video, bytes).expect("the folder can be written");
    let mut desk = begun(&folder, video, Role::Primary);
    desk.until_settled();
    desk.until("all frames", |app| app.state.work.as_ref().is_some_and(|work| work.videos[0].is_checked));
    let is_damaged = |desk: &Desk| desk.work().lead_frame().is_some_and(|(_, _, sight)| sight == Sight::Damaged);
    for frame in (0..300).step_by(5) {
        let time = desk.work().time_of_frame(frame).expect("there is such a frame");
        desk.harness.state_mut().ask(Transport::Seek(time));
        desk.until("the picture, or that there is none", |app| {
            let player = &app.state.work.as_ref().expect("it is open").player;
            player.is_sharp()
                || matches!(player.trouble(0), Some(MediaError::Damaged { frame: lost, .. }) if lost == frame)
        });
        if is_damaged(&desk) {
            break;
        }
    }
    assert!(is_damaged(&desk));
    desk.redraw();
    desk.harness.get_by_label("exact, damaged");
    assert!(desk.harness.state().state.status.text.starts_with("dyad-018.mp4: some pictures are damaged"));
    assert!(desk.work().stamp.frames[0].is_some_and(|frame| frame.exact), "a mark can be made");
}

#[test]
fn what_is_special_about_a_file_is_told_once_below_its_picture() {
    let folder = folder();
    let video = folder.path().join("dyad-018.mp4");
    let whole = attune::demo::VIDEO;
    std::fs::write(&video, &whole[..whole.len() * 7 / 10]).expect("the folder can be written");
    let mut desk = begun(&folder, video.clone(), Role::Primary);
    let is_told = |desk: &Desk| desk.harness.query_by_label_contains("Good to know: the file ends before").is_some();
    desk.until("what is special", |app| app.state.work.as_ref().is_some_and(|work| work.videos[0].is_damaged));
    desk.until_settled();
    assert!(is_told(&desk));
    let picture = desk.harness.get_by_label_contains("Video dyad-018").rect();
    let strip = desk.harness.get_by_label_contains("Good to know").rect();
    assert!(picture.bottom() <= strip.top(), "it hides nothing of the picture");
    desk.key(Key::Num1);
    assert_eq!(desk.coded("infant", "gaze").len(), 1, "it stands in nobody's way");
    assert!(is_told(&desk));
    desk.key(Key::Escape);
    desk.redraw();
    assert!(!is_told(&desk));

    // The same file under another name, in another session of another day
    drop(desk);
    let renamed = folder.path().join("dyad-019.mp4");
    std::fs::rename(video, &renamed).expect("it is there");
    let mut desk = begun(&folder, renamed, Role::Primary);
    desk.until("what is special", |app| app.state.work.as_ref().is_some_and(|work| work.videos[0].is_damaged));
    desk.redraw();
    assert!(!is_told(&desk));
}

#[test]
fn without_a_sound_device_the_video_plays_and_the_window_says_so_once() {
    let folder = folder();
    let sound = PulledSound::default();
    sound.unplug();
    let startup = Startup { demo: true, ..Startup::default() };
    let mut desk = Desk::start_with(folder, startup, [1366.0, 768.0], SoundOutput::Pulled(sound.clone()));
    desk.until_settled();
    desk.key(Key::Space);
    desk.until("the word", |app| app.state.status.text.starts_with("there is no sound device: playing goes on"));
    let before = desk.work().playhead;
    desk.play_for(Duration::from_millis(500));
    assert!(desk.work().is_playing() && desk.work().playhead > before);
    sound.plug_in(PulledSound::RATE);
    desk.until("the other word", |app| app.state.status.text == "the sound is back");
    assert!(desk.work().is_playing());
}

#[test]
fn a_video_found_elsewhere_shows_the_frame_that_was_shown() {
    let folder = folder();
    let video = demo_video(&folder);
    let mut desk = begun(&folder, video.clone(), Role::Primary);
    desk.go_to_frame(100);
    let moved = folder.path().join("moved.mp4");
    std::fs::copy(&video, &moved).expect("there is room");
    let id = desk.work().session().media[0].id;
    desk.harness.state_mut().ask(File::RelinkTo(id, moved));
    desk.until("the other place", |app| {
        app.state.work.as_ref().is_some_and(|work| work.session().media[0].path.ends_with("moved.mp4"))
    });
    desk.until_settled();
    assert_eq!(desk.work().stamp.frames[0].expect("a picture").frame, 100);
}

#[test]
fn one_preference_writes_every_moment() {
    let mut desk = Desk::demo();
    let mut preferences = desk.harness.state().state.preferences.clone();
    preferences.time_format = TimeFormat::Seconds;
    desk.harness.state_mut().ask(View::Preferences(Box::new(preferences)));
    desk.go_to_frame(1_000);
    desk.key(Key::I);
    assert_eq!(desk.status(), "an episode begins at 40.000 s: press O where it ends");
    desk.harness.get_by_label("40.000 s");
    assert_eq!(desk.harness.query_all_by_label_contains("mismatch at 0:").count(), 0);
}

#[test]
fn the_cross_stands_in_the_corner_of_a_dialog_that_is_wider_than_it_was_made() {
    let mut desk = Desk::demo();
    desk.harness.state_mut().ask(View::Show(Dialog::Keys));
    desk.redraw();
    desk.redraw();
    let cross = desk.harness.get_by_label("Close").rect();
    let rightmost = desk.harness.get_by_label("play in reverse; again: twice as fast").rect();
    assert!(cross.right() >= rightmost.right() - 1.0, "{cross:?} {rightmost:?}");
}

#[test]
fn ctrl_enter_makes_the_episodes_that_were_written() {
    let mut desk = Desk::demo();
    let start = desk.work().whole().start();
    let text = "one 0:20\ntwo 0:30".to_owned();
    desk.harness.state_mut().ask(View::Show(Dialog::Lengths { start, text }));
    desk.redraw();
    desk.key_with(egui::Modifiers::COMMAND, Key::Enter);
    let names: Vec<&str> = desk.work().session().episodes.iter().map(|episode| episode.name.as_str()).collect();
    assert_eq!(names, ["one", "two"]);
    assert!(desk.harness.state().dialog.is_none());
}

#[test]
fn a_second_video_is_placed_on_the_clock_by_its_sound() {
    let mut desk = Desk::demo();
    let film = desk.work().medium_path(&desk.work().session().media[0]);
    let later = film.with_file_name("later.mp4");
    let arguments = "-vf scale=160:-2 -c:v libx264 -preset ultrafast -c:a aac";
    let made = std::process::Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-ss", "5", "-i"])
        .arg(&film)
        .args(arguments.split_whitespace())
        .arg(&later)
        .status();
    if made.is_err() {
        eprintln!("skipped: there is no ffmpeg program here (packaging/test.sh installs it)");
        return;
    }
    desk.harness.state_mut().ask(Editing::AddMedium(later));
    desk.until("the dialog", |app| matches!(app.dialog, Some(Dialog::Setup(_))));
    desk.until("its frames", |app| {
        let ready = |player: &media::Player| (0..2).all(|n| *player.state(n) == media::VideoState::Ready);
        app.state.work.as_ref().is_some_and(|work| work.player.videos() == 2 && ready(&work.player))
    });
    desk.harness.get_by_label("Place it…").click();
    desk.redraw();
    desk.redraw();
    desk.harness.get_by_label("Find by its sound").click();
    desk.until("it is found", |app| matches!(&app.dialog, Some(Dialog::Setup(form)) if form.heard.is_some()));
    let heard = "half of them lie within";
    assert!(desk.harness.query_by_label_contains(heard).is_some(), "{:?}", desk.harness.state().dialog);
    desk.redraw();
    desk.redraw(); // the dialog has grown by a line
    desk.harness.get_by_label("Keep").click();
    desk.until("it is kept", |app| app.dialog.is_none());
    let medium = &desk.work().session().media[1];
    assert!((medium.offset.as_secs() - 5.0).abs() < 0.005, "{}", medium.offset);
    assert_eq!(medium.rate, session::Rate::default(), "no clock was changed");
    assert_eq!(desk.work().player.placement(1).offset, medium.offset);
    desk.harness.state_mut().ask(Editing::Undo);
    desk.redraw();
    assert_eq!(desk.work().session().media[1].offset, Length::ZERO);
}

#[test]
fn f11_fills_the_screen_and_escape_leaves_it_when_nothing_else_takes_it() {
    let mut desk = Desk::demo();
    let fills = |desk: &Desk| {
        let commands = &desk.harness.output().viewport_output[&egui::ViewportId::ROOT].commands;
        commands.iter().find_map(|command| match command {
            egui::ViewportCommand::Fullscreen(fills) => Some(*fills),
            _ => None,
        })
    };
    let press = |desk: &mut Desk, key: Key| {
        desk.key_down(egui::Modifiers::NONE, key);
        desk.key_up(egui::Modifiers::NONE, key);
        desk.redraw();
        fills(desk)
    };
    assert_eq!(press(&mut desk, Key::F11), Some(true));
    let window = desk.harness.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default();
    (window.fullscreen, window.focused) = (Some(true), Some(true));
    let mark = desk.marks("infant", "gaze")[0].id;
    desk.harness.state_mut().ask(Editing::Select(Some(attune::command::Selection::Mark(mark))));
    desk.redraw();
    assert_eq!(press(&mut desk, Key::Escape), None, "first what is selected");
    desk.redraw();
    assert!(desk.work().selection.is_none());
    assert_eq!(press(&mut desk, Key::Escape), Some(false));
    assert_eq!(press(&mut desk, Key::F11), Some(false));
}

#[test]
fn the_buttons_stand_still_whatever_stands_beside_them() {
    let mut desk = Desk::demo();
    let button = |desk: &Desk| desk.harness.get_by_label("One frame forward (.)").rect();
    desk.go_to_frame(7);
    let before = button(&desk);
    desk.go_to_frame(1_288);
    assert_eq!(button(&desk), before);
}

#[test]
fn a_changed_tone_is_said_on_the_picture_and_a_click_takes_it_back() {
    let mut desk = Desk::demo();
    let medium = desk.work().session().media[0].id;
    let look = Look::default().toned(Tone { brightness: 0.5, contrast: 0.0 });
    assert!(desk.harness.query_by_label("brightness changed").is_none());
    desk.harness.state_mut().ask(View::Look(medium, look));
    desk.redraw();
    desk.redraw();
    desk.harness.get_by_label("brightness changed").click();
    desk.redraw();
    desk.redraw();
    let path = desk.work().medium_path(&desk.work().session().media[0]);
    assert_eq!(desk.harness.state().state.preferences.look_of(&path), Look::default());
}
