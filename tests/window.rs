//! The main job in a real window: keys from outside, a kill in the middle, and everything is there again.
//!
//! Needs Xvfb and xdotool (packaging/test.sh installs them); without them the test says that it was skipped.
#![cfg(target_os = "linux")]

#[path = "common/screen.rs"]
mod screen;

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant as Moment};

use screen::{Screen, wait_for, wait_for_end};
use session::file::{OsDisk, read};
use session::{Document, TrackKey};

/// Starts the program and gives its window the keyboard.
fn attune(screen: &Screen, argument: &Path) -> Child {
    let program = screen.command(env!("CARGO_BIN_EXE_attune")).arg(argument).spawn();
    let mut program = program.expect("the program starts");
    screen.focus(&mut program, "Attune");
    screen.xdotool(&["mousemove", "600", "755"]);
    program
}

/// Runs a verb without a window; gives its standard output.
fn verb(screen: &Screen, arguments: &[&str]) -> String {
    let mut command = screen.command(env!("CARGO_BIN_EXE_attune"));
    let output =
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("the program runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn draft_in(folder: &Path) -> PathBuf {
    wait_for("a draft", || {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths = entries.map(|entry| entry.path());
        paths.find(|path| path.extension().is_some_and(|extension| extension == "attune"))
    })
}

/// Waits until the session on disk, with its journal, is as wanted.
#[track_caller]
fn wait_for_session(path: &Path, what: &str, is_so: impl Fn(&Document) -> bool) {
    wait_for(what, || read(&OsDisk, path).is_ok_and(|(document, _)| is_so(&document)).then_some(()));
}

/// A home with a coder and a video, the window on it, and the draft that Enter makes of them.
fn begun(screen: &Screen) -> (Child, PathBuf) {
    let video = screen.home.path().join("dyad-017.mp4");
    std::fs::write(&video, attune::demo::VIDEO).expect("a file");
    begun_with(screen, &video)
}

/// The same with another video.
fn begun_with(screen: &Screen, video: &Path) -> (Child, PathBuf) {
    let config = screen.home.path().join("config/attune");
    std::fs::create_dir_all(&config).expect("a folder");
    std::fs::write(config.join("preferences.json"), r#"{"coder": "KL", "muted": true}"#).expect("a file");

    // The assistant has everything that it needs: Enter begins.
    let program = attune(screen, video);
    sleep(Duration::from_secs(1));
    screen.key("Return");
    let path = draft_in(&screen.home.path().join("data/attune/drafts"));
    wait_for_session(&path, "the session", |document| !document.session().media.is_empty());
    sleep(Duration::from_secs(2)); // its first picture
    (program, path)
}

/// What the screen shows at a place.
fn colour_at(screen: &Screen, x: usize, y: usize) -> [u8; 3] {
    let mut command = screen.command("import");
    let import = command
        .args(["-window", "root", "-crop", &format!("1x1+{x}+{y}"), "-depth", "8", "rgb:-"])
        .stdout(Stdio::piped());
    let pixel = import.output().expect("import runs").stdout;
    pixel.try_into().expect("one pixel")
}

/// In the middle of a picture of one colour: by OpenGL where there is no graphics card, as on the machines that test.
#[test]
fn the_window_shows_the_colours_that_the_processor_makes_of_a_picture() {
    let Some(screen) = Screen::new().filter(|_| screen::is_installed("import") && screen::is_installed("ffmpeg"))
    else {
        return;
    };
    let video = screen.home.path().join("dyad-018.mp4");
    let colours = "geq=r='200-80*N':g='40+90*N':b='40+60*N'"; // frame N
    let made = std::process::Command::new("ffmpeg")
        .args([
            "-nostdin",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "color=s=640x360:r=25:d=0.12,format=gbrp",
            "-vf",
            colours,
        ])
        .args(["-pix_fmt", "yuv420p", "-c:v", "libx264", "-qp", "0"])
        .arg(&video)
        .status();
    assert!(made.expect("ffmpeg starts").success());
    let mut decoder = media::Decoder::open(&video, media::DecoderOptions::default()).expect("it is opened");
    let (mut program, _) = begun_with(&screen, &video);
    for frame in 0..3 {
        let picture = decoder.frame(frame).expect("a frame");
        assert!(picture.planes().is_some());
        let wanted = &picture.rgba()[..3];
        let is_close = |shown: &[u8; 3]| shown.iter().zip(wanted).all(|(shown, wanted)| shown.abs_diff(*wanted) <= 2);
        wait_for(&format!("{wanted:?} of frame {frame}"), || Some(colour_at(&screen, 524, 200)).filter(is_close));
        screen.key("period");
    }
    let _ = program.kill();
    let _ = program.wait();
}

#[test]
fn a_digit_typed_into_a_dialog_does_not_move_the_marks_of_its_key() {
    let Some(screen) = Screen::new() else { return };
    let (mut program, path) = begun(&screen);
    screen.key("ctrl+g");
    sleep(Duration::from_millis(500));
    screen.key("3");
    screen.key("Return"); // to the third second
    sleep(Duration::from_secs(1));
    screen.key("3");
    wait_for_session(&path, "the mark", |document| document.session().n_marks() == 1);
    let (document, _) = read(&OsDisk, &path).expect("the session is read");
    let track = document.session().track(&TrackKey::new("infant", "gaze")).expect("the track");
    assert_eq!(track.marks[0].start(), span::Instant::from_micros(3_000_000), "it stands on the frame that was shown");
    screen.key("ctrl+q");
    wait_for_end(&mut program);
}

#[test]
fn keys_code_in_the_window_that_a_video_has_of_its_own() {
    let Some(screen) = Screen::new() else { return };
    let (mut program, path) = begun(&screen);
    screen.xdotool(&["mousemove", "524", "200", "click", "3"]);
    sleep(Duration::from_secs(1));
    screen.xdotool(&["mousemove", "590", "280", "sleep", "0.2", "click", "1"]); // In a window of its own
    screen.focus(&mut program, "dyad-017.mp4");
    sleep(Duration::from_secs(1));
    for key in ["period", "period", "3"] {
        screen.key(key);
        sleep(Duration::from_millis(300));
    }
    wait_for_session(&path, "the mark", |document| document.session().n_marks() == 1);
    let (document, _) = read(&OsDisk, &path).expect("the session is read");
    let track = document.session().track(&TrackKey::new("infant", "gaze")).expect("the track");
    assert_eq!(track.marks[0].start(), span::Instant::from_micros(80_000), "it stands on the frame that was shown");
    screen.key("ctrl+q");
    wait_for_end(&mut program);
}

#[test]
fn a_minute_is_coded_by_keys_on_three_tracks_and_survives_a_kill() {
    let Some(screen) = Screen::new() else { return };
    let (mut program, path) = begun(&screen);

    // A minute of video at twice the speed, coded on three tracks in turn.
    screen.key("l");
    screen.key("l");
    let begun = Moment::now();
    let mut keys = Vec::new();
    'minute: loop {
        for (code, track) in
            [("1", "gaze"), ("2", "affect"), ("1", "touch"), ("3", "gaze"), ("1", "affect"), ("3", "touch")]
        {
            screen.key(code);
            keys.push((Moment::now(), track));
            sleep(Duration::from_millis(350));
            screen.key("Tab");
            if begun.elapsed() > Duration::from_secs(30) {
                break 'minute;
            }
            if track == "touch" {
                for _ in 0..3 {
                    screen.key("Tab"); // past the parent's tracks, back to the infant's gaze
                }
            }
        }
    }
    program.kill().expect("kill -9");
    let killed = Moment::now();
    program.wait().expect("it is gone");

    // Each key made a mark or changed one: each is a step of the history, and none older than a second is lost.
    let (document, _) = read(&OsDisk, &path).expect("the session is read after the kill");
    let safe = keys.iter().filter(|(at, _)| killed.duration_since(*at) > Duration::from_secs(1)).count();
    let steps = document.history().entries().iter().filter(|entry| entry.label.starts_with("code ")).count();
    assert!(steps >= safe, "{steps} of {safe} keys survived");
    let before = document.session().clone();
    let last =
        before.tracks.iter().filter_map(|track| track.marked().hull()).map(span::Span::end).max().expect("marks");
    assert!(last.as_secs() > 40.0, "a minute was coded, up to {last}");
    for track in ["gaze", "affect", "touch"] {
        let track = before.track(&TrackKey::new("infant", track)).expect("the track");
        assert!(track.marks.len() > 5, "{} has {} marks", track.key, track.marks.len());
        for mark in &track.marks {
            assert_eq!(mark.start().micros() % 40_000, 0, "{} begins on a frame", mark.id);
            assert_eq!(mark.when.end().micros() % 40_000, 0, "{} ends on a frame", mark.id);
        }
    }

    // Start again: everything is there, undo works across the kill, and closing saves.
    let mut program = attune(&screen, &path);
    sleep(Duration::from_secs(3));
    let n_entries = document.history().last_seq();
    screen.key("ctrl+z");
    wait_for_session(&path, "the undo", |document| document.history().last_seq() == n_entries + 1);
    screen.key("ctrl+q");
    wait_for_end(&mut program);

    // Export and score without a window.
    let session = path.to_str().expect("a plain path");
    let csv = screen.home.path().join("timelines.csv");
    let exported = csv.to_str().expect("a plain path");
    verb(&screen, &["convert", session, exported]);
    let rows =
        std::fs::read_to_string(&csv).expect("it was written").lines().filter(|line| line.contains(",infant,")).count();
    let (document, _) = read(&OsDisk, &path).expect("the session is read");
    assert_eq!(rows, document.session().n_marks());
    let scores: serde_json::Value =
        serde_json::from_str(&verb(&screen, &["score", session, "--format", "json"])).expect("JSON");
    assert_eq!(scores["sessions"][0]["episodes"][0]["episode"], "session");
    let verified = verb(&screen, &["log", session, "--verify"]);
    assert!(verified.contains(document.history().head_hash()), "{verified}");
}
