//! What people open by accident: each gets a sentence with the file and the remedy, and nothing is lost.
#![allow(clippy::print_stderr, reason = "what is skipped is said aloud")]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use attune::app::Startup;
use attune::command::{Export, File, NewSession};
use attune::dialog::Dialog;
use common::{Desk, demo_video};
use egui::Key;
use egui_kittest::kittest::Queryable as _;
use session::Role;
use session::file::{OsDisk, read};
use tempfile::TempDir;

fn folder() -> Rc<TempDir> {
    Rc::new(tempfile::tempdir().expect("a temporary folder"))
}

fn file(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("the folder can be written");
    path
}

/// A small film or sound made with the `ffmpeg` program; `None`, said aloud, where there is none.
fn made(folder: &TempDir, name: &str, arguments: &str) -> Option<PathBuf> {
    let path = folder.path().join(name);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-bitexact"]).args(arguments.split_whitespace()).arg(&path);
    let Ok(status) = ffmpeg.stdin(Stdio::null()).status() else {
        eprintln!("SKIPPED: there is no ffmpeg program here (packaging/test.sh installs it)");
        return None;
    };
    assert!(status.success(), "ffmpeg {arguments}");
    Some(path)
}

const PICTURES: &str = "-f lavfi -i testsrc=duration=2:size=160x120:rate=25";
const SMALL: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";

fn form(video: &Path) -> NewSession {
    NewSession {
        name: "dyad".to_owned(),
        media: vec![video.to_owned().into()],
        coded_from: Vec::new(),
        scheme: "infant-parent".to_owned(),
        coder: "KL".to_owned(),
        role: Role::Primary,
        subject_names: Vec::new(),
        path: None,
        problem: String::new(),
    }
}

/// What is open, with a mark that must survive.
fn at_work() -> Desk {
    let folder = folder();
    let video = demo_video(&folder);
    let mut desk = Desk::start(folder, Startup::default());
    desk.harness.state_mut().ask(File::Create(Box::new(form(&video))));
    desk.until("the session", |app| app.state.work.is_some());
    desk.until_settled();
    desk.key(Key::Num1);
    assert_eq!(desk.coded("infant", "gaze").len(), 1);
    desk
}

/// The status line warns, naming the file and what to do; the session that was open is open, with its mark.
#[track_caller]
fn check_refused(desk: &mut Desk, path: &Path, remedy: &str) {
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    desk.until("the refusal", |app| app.state.status.is_alarm);
    let sentence = desk.status().to_owned();
    assert!(sentence.contains(&name), "it does not name {name}: {sentence}");
    assert!(sentence.contains(remedy), "it does not say '{remedy}': {sentence}");
    assert_eq!(desk.coded("infant", "gaze").len(), 1, "what was open is as it was");
    assert!(desk.work().can_edit());
}

/// A file that is no film is refused by the assistant, which keeps what was typed.
#[track_caller]
fn check_no_film(desk: &mut Desk, path: &Path, remedy: &str) {
    desk.harness.state_mut().ask(File::Create(Box::new(form(path))));
    desk.redraw();
    check_refused(desk, path, remedy);
    let Some(Dialog::New(kept)) = &desk.harness.state().dialog else { panic!("the assistant is open again") };
    assert_eq!(
        (kept.name.as_str(), kept.coder.as_str(), kept.media.as_slice()),
        ("dyad", "KL", &[path.to_owned().into()][..])
    );
    desk.harness.state_mut().dialog = None;
}

#[track_caller]
fn check_no_session(name: &str, bytes: &[u8], remedy: &str) {
    let mut desk = at_work();
    let path = file(&desk.folder, name, bytes);
    desk.harness.state_mut().ask(File::OpenPath(path.clone()));
    desk.redraw();
    check_refused(&mut desk, &path, remedy);
    assert_eq!(std::fs::read(&path).expect("it is there"), bytes, "the file is as it was");
}

#[test]
fn a_file_that_is_no_film_is_refused_with_the_remedy() {
    let mut desk = at_work();
    let text = file(&desk.folder, "diary.mp4", "Dear diary, today the infant smiled. ".repeat(99).as_bytes());
    check_no_film(&mut desk, &text, "is not a video: choose a recording");
    let empty = file(&desk.folder, "empty.mp4", b"");
    check_no_film(&mut desk, &empty, "copy it again from the camera");
    let gone = desk.folder.path().join("gone.mp4");
    check_no_film(&mut desk, &gone, "check that the file is there");
    let nothing = desk.folder.path().join("folder.mp4");
    std::fs::create_dir(&nothing).expect("a folder");
    check_no_film(&mut desk, &nothing, "check that the file is there");
}

#[test]
fn a_film_cut_at_its_table_of_contents_is_refused_with_the_remedy() {
    let mut desk = at_work();
    let Some(whole) = made(&desk.folder, "whole.mp4", &format!("{PICTURES} {SMALL}")) else { return };
    let bytes = std::fs::read(whole).expect("the film");
    let cut = file(&desk.folder, "cut.mp4", &bytes[..bytes.len() / 2]);
    check_no_film(&mut desk, &cut, "copy it again, or repair it");
}

#[test]
fn a_film_cut_in_its_middle_opens_and_says_so() {
    let mut desk = at_work();
    let arguments = format!("{PICTURES} {SMALL} -g 5 -movflags +faststart");
    let Some(whole) = made(&desk.folder, "whole.mp4", &arguments) else { return };
    let bytes = std::fs::read(whole).expect("the film");
    let cut = file(&desk.folder, "half.mp4", &bytes[..bytes.len() * 2 / 3]);
    desk.harness.state_mut().ask(File::Create(Box::new(NewSession { name: "half".to_owned(), ..form(&cut) })));
    desk.until("the half film", |app| {
        app.state.work.as_ref().is_some_and(|work| work.session().media[0].path.ends_with("half.mp4"))
    });
    desk.until_settled();
    assert!(
        desk.status().contains("half.mp4") && desk.status().contains("its last part is missing"),
        "{}",
        desk.status()
    );
    // What is there can be coded.
    desk.key(Key::Num1);
    assert_eq!(desk.coded("infant", "gaze")[0].1, 0.0);
}

#[test]
fn a_film_without_sound_is_coded_like_any_other() {
    let mut desk = at_work();
    let Some(silent) = made(&desk.folder, "silent.mp4", &format!("{PICTURES} {SMALL}")) else { return };
    desk.harness.state_mut().ask(File::Create(Box::new(NewSession { name: "silent".to_owned(), ..form(&silent) })));
    desk.until("the silent film", |app| {
        app.state.work.as_ref().is_some_and(|work| work.session().media[0].path.ends_with("silent.mp4"))
    });
    desk.until_settled();
    assert!(!desk.harness.state().state.status.is_alarm, "{}", desk.status());
    desk.key(Key::Space);
    desk.play_for(Duration::from_millis(200));
    desk.key(Key::Num1);
    desk.key(Key::Space);
    assert!(desk.coded("infant", "gaze")[0].1 > 0.0);
}

#[test]
fn a_bad_film_added_to_a_session_leaves_it_as_it_was() {
    let mut desk = at_work();
    let text = file(&desk.folder, "diary.mp4", b"Dear diary");
    desk.harness.state_mut().ask(attune::command::Editing::AddMedium(text.clone()));
    desk.redraw();
    check_refused(&mut desk, &text, "choose a recording");
    assert_eq!(desk.work().session().media.len(), 1);
}

#[test]
fn a_session_of_a_newer_version_names_the_version_to_install() {
    check_no_session("later.attune", br#"{"schema": "attune.session/99", "id": "x"}"#, "install");
}

#[test]
fn a_session_cut_in_its_middle_names_the_command_that_brings_it_back() {
    let mut desk = at_work();
    desk.harness.state_mut().ask(File::Save);
    desk.until("saved", |app| app.state.status.text == "saved");
    let bytes = std::fs::read(desk.work().file.path()).expect("the session's file");
    check_no_session("cut.attune", &bytes[..bytes.len() / 2], "attune recover");
}

#[test]
fn what_is_no_session_at_all_is_refused_with_the_remedy() {
    check_no_session("empty.attune", b"", "attune recover");
    check_no_session("letter.attune", b"Dear colleague", "attune recover");
    check_no_session("other.attune", br#"{"hello": "world"}"#, "attune convert");
}

#[test]
fn timelines_of_another_program_that_cannot_be_read_say_what_was_expected() {
    check_no_session("broken.eaf", b"<ANNOTATION_DOCUMENT", "broken.eaf");
    check_no_session("broken.csv", b"name,age\nKL,31\n", "csv");
}

#[test]
fn a_film_that_was_renamed_nearby_is_found_by_what_it_is() {
    let folder = folder();
    let path = attune::demo::unpack(&folder.path().join("demo")).expect("the demonstration");
    std::fs::create_dir(folder.path().join("videos")).expect("the folder can be made");
    std::fs::write(folder.path().join("videos/other.mp4"), vec![0; attune::demo::VIDEO.len()])
        .expect("it can be written");
    let moved = folder.path().join("videos/dyad.mp4");
    std::fs::rename(folder.path().join("demo/demo.mp4"), &moved).expect("the film moves");
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![path], ..Startup::default() });
    desk.until("the film is found", |app| app.state.status.text.starts_with("found a video that had moved"));
    desk.until_settled();
    assert_eq!(desk.work().medium_path(&desk.work().session().media[0]), moved);
    assert_eq!(desk.work().document.undo_label(), None, "it is no step of the coder's");
}

#[test]
fn a_film_that_moved_far_away_is_found_below_a_folder_named_in_the_preferences() {
    let folder = folder();
    let path = attune::demo::unpack(&folder.path().join("demo")).expect("the demonstration");
    let archive = folder.path().join("archive");
    std::fs::create_dir_all(archive.join("2026/autumn")).expect("the folder can be made");
    let moved = archive.join("2026/autumn/film.mp4");
    std::fs::rename(folder.path().join("demo/demo.mp4"), &moved).expect("the film moves");
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![path], ..Startup::default() });
    desk.until("the search is over", |app| app.state.status.text.contains("name its folder in Preferences"));
    assert!(desk.status().starts_with("demo.mp4 is neither where it was"), "{}", desk.status());

    let preferences = Dialog::preferences(&desk.harness.state().state.preferences);
    desk.harness.state_mut().ask(attune::command::View::Show(preferences));
    desk.answer(&archive);
    desk.redraw();
    desk.redraw();
    desk.harness.get_by_label("Add a folder…").click();
    desk.until("the folder is listed", |app| {
        matches!(&app.dialog, Some(Dialog::Preferences(form)) if form.preferences.video_folders == [archive.clone()])
    });
    desk.redraw();
    desk.harness.get_by_label(&format!("Do not search in {}", archive.display()));
    desk.harness.get_by_label("Keep").click();
    desk.until("the film is found", |app| app.state.status.text.starts_with("found a video that had moved"));
    desk.until_settled();
    assert_eq!(desk.work().medium_path(&desk.work().session().media[0]), moved);
}

#[test]
fn a_film_found_elsewhere_that_differs_in_its_middle_is_not_the_one_that_was_coded() {
    let folder = folder();
    let mut bytes = attune::demo::VIDEO.to_vec();
    let room = 4_u32 << 20; // what a video leaves free, as long as both ends together and more
    bytes.extend(room.to_be_bytes().into_iter().chain(*b"free"));
    bytes.resize(bytes.len() + room as usize - 8, 0);
    let film = file(&folder, "dyad.mp4", &bytes);
    let mut desk = Desk::start(Rc::clone(&folder), Startup::default());
    let place = folder.path().join("dyad.attune");
    let form = NewSession { path: Some(place.clone()), ..form(&film) };
    desk.harness.state_mut().ask(File::Create(Box::new(form)));
    desk.until("all of it is known", |app| {
        let identity = app.state.work.as_ref().and_then(|work| work.session().media[0].identity.as_ref());
        identity.is_some_and(|identity| identity.whole.is_some())
    });
    desk.key(Key::Num1);
    drop(desk);

    let middle = bytes.len() - room as usize / 2;
    bytes[middle] = 1;
    std::fs::remove_file(film).expect("it is there");
    std::fs::create_dir(folder.path().join("videos")).expect("the folder can be made");
    file(&folder, "videos/dyad.mp4", &bytes);
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![place], ..Startup::default() });
    desk.until("the warning", |app| app.state.work.as_ref().is_some_and(|work| work.is_other(0)));
    assert!(desk.status().contains("dyad.mp4 is not the file that was coded"), "{}", desk.status());
    let id = desk.work().session().media[0].id;
    desk.harness.state_mut().ask(File::AcceptFile(id));
    desk.until("it is accepted", |app| app.state.work.as_ref().is_some_and(|work| !work.is_other(0)));
}

#[cfg(unix)]
#[test]
fn a_drive_that_does_not_answer_holds_up_neither_the_window_nor_another_session() {
    let folder = folder();
    let path = attune::demo::unpack(&folder.path().join("demo")).expect("the demonstration");
    let video = folder.path().join("demo/demo.mp4");
    std::fs::remove_file(&video).expect("it is there");
    let pipe = Command::new("mkfifo").arg(&video).status(); // whoever opens it waits for somebody who writes
    assert!(pipe.is_ok_and(|status| status.success()));
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![path], ..Startup::default() });
    desk.until("the session", |app| app.state.work.is_some());
    desk.redraw();
    desk.harness.get_by_label("opening…"); // and not that there is no picture
    assert!(desk.harness.query_by_label("waiting for demo.mp4…").is_none(), "nobody is told of a moment");
    desk.pass(Duration::from_secs(1));
    desk.harness.get_by_label("waiting for demo.mp4…");
    desk.harness.get_by_label("Find the file…");
    let n_marks = desk.work().session().n_marks();
    for key in [Key::Num1, Key::Space, Key::Period, Key::Home, Key::End] {
        desk.key(key);
    }
    assert_eq!(desk.work().session().n_marks(), n_marks, "no mark without a picture");
    let id = desk.work().session().media[0].id;
    desk.harness.state_mut().ask(File::RelinkTo(id, video));
    desk.redraw();
    let other = demo_video(&folder);
    desk.harness.state_mut().ask(File::Create(Box::new(form(&other))));
    desk.until("the other session", |app| app.state.work.as_ref().is_some_and(|work| work.session().name == "dyad"));
    desk.until_settled();
    desk.key(Key::Num1);
    assert_eq!(desk.coded("infant", "gaze").len(), 1);
}

#[test]
fn another_film_under_a_coded_session_is_named_and_not_coded() {
    let folder = folder();
    let path = attune::demo::unpack(&folder.path().join("demo")).expect("the demonstration");
    let Some(film) = made(&folder, "other.mp4", &format!("{PICTURES} {SMALL}")) else { return };
    std::fs::rename(&film, folder.path().join("demo/demo.mp4")).expect("it takes the place");
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![path], ..Startup::default() });
    desk.until("the warning", |app| app.state.work.as_ref().is_some_and(|work| work.is_other(0)));
    assert!(desk.status().contains("demo.mp4 is not the file that was coded"), "{}", desk.status());
    desk.until_settled();
    let n_marks = desk.work().session().n_marks();
    desk.key(Key::Num2);
    assert_eq!(desk.work().session().n_marks(), n_marks);
    assert!(desk.status().contains("not the file that was coded"), "{}", desk.status());

    // The same recording, converted: said by the coder, one step, and coded from then on.
    let id = desk.work().session().media[0].id;
    desk.harness.state_mut().ask(File::AcceptFile(id));
    desk.until("it is accepted", |app| app.state.work.as_ref().is_some_and(|work| !work.is_other(0)));
    desk.until_settled();
    assert_eq!(desk.work().session().media[0].end, Some(span::Instant::from_micros(2_000_000)));
    desk.key(Key::Num2);
    assert_eq!(desk.work().document.undo_label(), Some("code infant gaze object"), "{}", desk.status());
}

#[test]
fn finding_another_film_asks_first() {
    let folder = folder();
    let path = attune::demo::unpack(&folder.path().join("demo")).expect("the demonstration");
    let Some(film) = made(&folder, "other.mp4", &format!("{PICTURES} {SMALL}")) else { return };
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![path], ..Startup::default() });
    desk.until_settled();
    let before = desk.work().session().media[0].clone();
    desk.harness.state_mut().ask(File::RelinkTo(before.id, film.clone()));
    desk.until("the question", |app| matches!(app.dialog, Some(Dialog::OtherFile { .. })));
    assert!(desk.status().ends_with("is not the file that was coded"), "nothing is being looked at: {}", desk.status());
    assert_eq!(desk.work().session().media[0].path, before.path, "nothing is changed before the answer");
    desk.redraw();
    desk.harness.get_by_label("Use it all the same").click();
    desk.until("the answer", |app| {
        app.state.work.as_ref().is_some_and(|work| work.session().media[0].path != before.path)
    });
    assert_ne!(desk.work().session().media[0].identity, before.identity);
}

#[test]
fn a_damaged_session_is_offered_as_a_recovered_copy() {
    let folder = folder();
    let path = attune::demo::unpack(&folder.path().join("demo")).expect("the demonstration");
    let whole = std::fs::read(&path).expect("it is there");
    std::fs::write(&path, &whole[..whole.len() - 40]).expect("it can be written");
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![path.clone()], ..Startup::default() });
    desk.until("the offer", |app| matches!(app.dialog, Some(Dialog::Damaged { .. })));
    desk.redraw();
    desk.harness.get_by_label("Recover what is left").click();
    desk.until("the copy", |app| app.state.work.is_some());
    assert!(desk.work().session().n_marks() > 50);
    assert_ne!(desk.work().file.path(), path);
    assert_eq!(std::fs::read(&path).expect("it is there"), &whole[..whole.len() - 40], "the file stays as it is");
}

#[test]
fn a_session_whose_film_is_missing_opens_is_scored_and_exported_and_can_be_helped() {
    let folder = folder();
    let path = attune::demo::unpack(&folder.path().join("demo")).expect("the demonstration");
    let (video, far) = (folder.path().join("demo/demo.mp4"), folder.path().join("far/away"));
    let moved = far.join("film.mp4");
    std::fs::create_dir_all(&far).expect("the folder can be made");
    std::fs::rename(&video, &moved).expect("the film moves");
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![path], ..Startup::default() });
    desk.until("the session", |app| app.state.work.is_some());
    desk.until("the video's place says what is wrong", |app| {
        let work = app.state.work.as_ref().expect("open");
        work.videos[0]
            .problem
            .as_deref()
            .is_some_and(|problem| problem.contains("demo.mp4") && problem.contains("check that the file is there"))
    });
    desk.harness.get_by_label("Find the file…");
    let n_marks = desk.work().session().n_marks();
    assert!(n_marks > 50);

    // Scored and exported.
    let exported = folder.path().join("scores.json");
    desk.harness.state_mut().ask(File::ExportTo(Export::ScoresJson, exported.clone()));
    desk.until("the scores", |app| app.state.status.text.starts_with("exported"));
    let scores: serde_json::Value =
        serde_json::from_slice(&std::fs::read(exported).expect("it was written")).expect("JSON");
    assert_eq!(scores["sessions"][0]["episodes"].as_array().map(Vec::len), Some(3));
    let exported = folder.path().join("timelines.csv");
    desk.harness.state_mut().ask(File::ExportTo(Export::TimelinesCsv, exported.clone()));
    desk.until("the timelines", |app| {
        app.state.status.text.contains("timelines.csv") && app.state.status.text.starts_with("exported")
    });
    let rows = std::fs::read_to_string(exported).expect("it was written");
    assert_eq!(rows.lines().filter(|line| line.starts_with("demonstration,")).count(), n_marks);

    // A key cannot know its frame, and says so; every other key does nothing bad.
    for key in [Key::Num1, Key::Space, Key::Period, Key::Comma, Key::Tab, Key::Home, Key::End] {
        desk.key(key);
    }
    assert_eq!(desk.work().session().n_marks(), n_marks);

    // Found again, it plays.
    let id = desk.work().session().media[0].id;
    desk.harness.state_mut().ask(File::RelinkTo(id, moved));
    desk.until_settled();
    assert!(desk.work().videos[0].problem.is_none());
}

/// The part of the test below that runs as somebody who may not write: started by it in a process of its own.
const AS_NOBODY: &str = "ATTUNE_TEST_WITHOUT_WRITING";

#[test]
fn a_folder_without_write_access_is_read_and_said() {
    if let Some(place) = std::env::var_os(AS_NOBODY) {
        return without_writing(Path::new(&place));
    }
    let folder = folder();
    let shared = folder.path().join("shared");
    attune::demo::unpack(&shared).expect("the demonstration");
    let (work, test) = (folder.path().join("work"), folder.path().join("test"));
    std::fs::create_dir(&work).expect("a folder");
    let program = std::env::current_exe().expect("this test");
    std::fs::copy(program, &test).expect("a copy that anybody can run");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let allow = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("our own");
        };
        allow(folder.path(), 0o755);
        allow(&work, 0o777);
        allow(&test, 0o755);
        for side in [shared.join(".attune"), shared.clone()] {
            allow(&side, 0o555);
        }
    }
    let mut child = Command::new("setpriv");
    child.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    let may_change = child.arg("true").stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !may_change {
        eprintln!("SKIPPED: setpriv cannot become nobody here (run as root on Linux)");
        return;
    }
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&test)
        .args(["a_folder_without_write_access_is_read_and_said", "--exact", "--nocapture"])
        .current_dir(&work)
        .env(AS_NOBODY, &shared)
        .env("TMPDIR", &work)
        .env("HOME", &work)
        .output()
        .expect("the child runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

fn without_writing(shared: &Path) {
    let path = shared.join("demo.attune");
    assert!(std::fs::write(shared.join("x"), b"x").is_err(), "this user may not write there");
    let before = std::fs::read(&path).expect("it can be read");
    let folder = folder();
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![path.clone()], ..Startup::default() });
    desk.until("the session", |app| app.state.work.is_some());
    desk.until_settled();
    assert!(!desk.work().can_edit());
    assert!(desk.status().contains("reading only"), "{}", desk.status());
    let (marks, n_entries) = (desk.work().session().n_marks(), desk.work().document.history().last_seq());
    desk.key(Key::Num3);
    assert_eq!((desk.work().session().n_marks(), desk.work().document.history().last_seq()), (marks, n_entries));
    assert!(desk.status().contains("read"), "a key says why it does nothing: {}", desk.status());

    // An export into that folder is refused; a copy elsewhere can be coded.
    desk.harness.state_mut().ask(File::ExportTo(Export::TimelinesCsv, shared.join("out.csv")));
    desk.until("the refusal", |app| app.state.status.is_alarm && app.state.status.text.contains("out.csv"));
    let sentence = desk.status().to_owned();
    assert!(sentence.contains("folder of your own"), "{sentence}");
    let own = desk.folder.path().join("own.attune");
    desk.harness.state_mut().ask(File::SaveAsPath(own.clone()));
    desk.until("a copy", |app| app.state.work.as_ref().is_some_and(attune::work::Work::can_edit));
    desk.until_settled();
    desk.key(Key::Num3);
    assert!(desk.work().document.history().last_seq() > n_entries);
    assert_eq!(std::fs::read(&path).expect("it is there"), before);

    // A new session there is refused, and what was typed is kept.
    let mut new = form(&shared.join("demo.mp4"));
    new.path = Some(shared.join("new.attune"));
    desk.harness.state_mut().ask(File::Create(Box::new(new)));
    desk.redraw();
    desk.until("the refusal", |app| app.state.status.is_alarm && app.state.status.text.contains("new.attune"));
    assert!(desk.status().contains("folder of your own"), "{}", desk.status());
    assert!(
        matches!(&desk.harness.state().dialog, Some(Dialog::New(kept)) if kept.name == "dyad"),
        "nothing typed is lost"
    );
    drop(desk);
    let (document, _) = read(&OsDisk, &own).expect("the copy is whole");
    assert!(document.history().last_seq() > n_entries);
}

#[test]
fn another_film_stays_another_when_the_videos_are_opened_anew() {
    let folder = folder();
    let path = attune::demo::unpack(&folder.path().join("demo")).expect("the demonstration");
    let Some(film) = made(&folder, "other.mp4", &format!("{PICTURES} {SMALL}")) else { return };
    std::fs::copy(&film, folder.path().join("demo/demo.mp4")).expect("it takes the place");
    let mut desk = Desk::start(Rc::clone(&folder), Startup { paths: vec![path], ..Startup::default() });
    desk.until("the warning", |app| app.state.work.as_ref().is_some_and(|work| work.is_other(0)));
    desk.harness.state_mut().ask(attune::command::Editing::AddMedium(film));
    desk.until("a second video", |app| app.state.work.as_ref().is_some_and(|work| work.videos.len() == 2));
    desk.key(Key::Escape); // the dialog with its offset
    desk.until_settled();
    assert!(desk.work().is_other(0) && !desk.work().is_other(1));
    let n_marks = desk.work().session().n_marks();
    desk.key(Key::Num2);
    assert_eq!(desk.work().session().n_marks(), n_marks);
    assert!(desk.status().contains("not the file that was coded"), "{}", desk.status());
}

#[test]
fn what_there_is_to_beware_of_is_known_of_every_video() {
    let mut desk = at_work();
    let uneven = format!("{PICTURES} -vf select=not(eq(mod(n\\,3)\\,0)) -vsync vfr {SMALL}");
    for name in ["one.mp4", "two.mp4"] {
        let Some(film) = made(&desk.folder, name, &uneven) else { return };
        let n_videos = desk.work().videos.len() + 1;
        desk.harness.state_mut().ask(attune::command::Editing::AddMedium(film));
        desk.until("the video", |app| app.state.work.as_ref().is_some_and(|work| work.videos.len() == n_videos));
        // meanwhile the player reads them too: at the next redraw the frames of all are known at once
        for medium in desk.work().session().media.iter().cycle().take(5 * n_videos) {
            media::FrameIndex::read(&desk.work().medium_path(medium)).expect("a video");
        }
        desk.key(Key::Escape);
    }
    desk.until("what is special", |app| {
        let warned = |video: &attune::work::Video| video.warnings.iter().any(|warning| warning.contains("variable"));
        app.state.work.as_ref().is_some_and(|work| work.videos[1..].iter().all(warned))
    });
}
