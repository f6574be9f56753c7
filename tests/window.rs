//! The main job in a real window: keys from outside, a kill in the middle, and everything is there again.
//!
//! Needs Xvfb and xdotool (packaging/test.sh installs them); without them the test says that it was skipped.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stderr, reason = "what is skipped is said aloud")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant as Moment};

use session::file::{OsDisk, read};
use session::{Session, TrackKey};

const PATIENCE: Duration = Duration::from_mins(1);

/// A screen of its own, a home of its own, and the program in it.
struct Screen {
    server: Child,
    display: String,
    home: tempfile::TempDir,
}

impl Screen {
    /// `None`, said aloud, where the machine has no virtual screen.
    fn new() -> Option<Self> {
        let needed = ["Xvfb", "xdotool"].map(|program| (program, which(program)));
        if let Some((missing, _)) = needed.iter().find(|(_, found)| !found) {
            eprintln!("SKIPPED: {missing} is not installed");
            return None;
        }
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("piped")).read_line(&mut number).expect("Xvfb says its display");
        let home = tempfile::tempdir().expect("a temporary folder");
        Some(Self { server, display: format!(":{}", number.trim()), home })
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY")
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("XDG_CONFIG_HOME", self.home.path().join("config"))
            .env("XDG_STATE_HOME", self.home.path().join("state"))
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Starts the program and gives its window the keyboard.
    fn attune(&self, arguments: &[&Path]) -> Child {
        let program = self.command(env!("CARGO_BIN_EXE_attune")).args(arguments).spawn().expect("the program starts");
        let since = Moment::now();
        while !self.xdotool(&["search", "--onlyvisible", "--name", "Attune", "windowfocus"]) {
            assert!(since.elapsed() < PATIENCE, "no window");
            sleep(Duration::from_millis(200));
        }
        self.xdotool(&["mousemove", "600", "755"]);
        program
    }

    fn xdotool(&self, arguments: &[&str]) -> bool {
        self.command("xdotool").args(arguments).status().is_ok_and(|status| status.success())
    }

    fn key(&self, key: &str) {
        assert!(self.xdotool(&["key", key]), "xdotool sends {key}");
    }

    /// Runs a verb without a window; gives its standard output.
    fn verb(&self, arguments: &[&str]) -> String {
        let mut command = self.command(env!("CARGO_BIN_EXE_attune"));
        let output =
            command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("the program runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill(); // it may have ended by itself
        let _ = self.server.wait();
    }
}

fn which(program: &str) -> bool {
    Command::new("which").arg(program).stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Waits until the session on disk, with its journal, is as wanted.
#[track_caller]
fn until(path: &Path, what: &str, is_so: impl Fn(&Session) -> bool) -> Session {
    let since = Moment::now();
    loop {
        if let Ok((document, _)) = read(&OsDisk, path)
            && is_so(document.session())
        {
            return document.session().clone();
        }
        assert!(since.elapsed() < PATIENCE, "waited in vain: {what}");
        sleep(Duration::from_millis(100));
    }
}

fn draft_in(folder: &Path) -> PathBuf {
    let since = Moment::now();
    loop {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        if let Some(path) = entries
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|extension| extension == "attune"))
        {
            return path;
        }
        assert!(since.elapsed() < PATIENCE, "no draft in {}", folder.display());
        sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_minute_is_coded_by_keys_on_three_tracks_and_survives_a_kill() {
    let Some(screen) = Screen::new() else { return };
    let config = screen.home.path().join("config/attune");
    std::fs::create_dir_all(&config).expect("a folder");
    std::fs::write(config.join("preferences.json"), r#"{"coder": "KL", "muted": true}"#).expect("a file");
    let video = screen.home.path().join("dyad-017.mp4");
    std::fs::write(&video, attune::demo::VIDEO).expect("a file");

    // The assistant has everything that it needs: Enter begins.
    let mut program = screen.attune(&[&video]);
    sleep(Duration::from_secs(1));
    screen.key("Return");
    let path = draft_in(&screen.home.path().join("data/attune/drafts"));
    until(&path, "the session", |session| !session.media.is_empty());
    sleep(Duration::from_secs(2)); // its first picture

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
    let mut program = screen.attune(&[&path]);
    sleep(Duration::from_secs(3));
    let n_entries = document.history().last_seq();
    screen.key("ctrl+z");
    let since = Moment::now();
    loop {
        let (document, _) = read(&OsDisk, &path).expect("the session is read");
        if document.history().last_seq() == n_entries + 1 {
            break;
        }
        assert!(since.elapsed() < PATIENCE, "the undo did not arrive");
        sleep(Duration::from_millis(100));
    }
    screen.key("ctrl+q");
    let since = Moment::now();
    while program.try_wait().expect("its state").is_none() {
        assert!(since.elapsed() < PATIENCE, "the window did not close");
        sleep(Duration::from_millis(100));
    }

    // Export and score without a window.
    let session = path.to_str().expect("a plain path");
    let csv = screen.home.path().join("timelines.csv");
    let exported = csv.to_str().expect("a plain path");
    screen.verb(&["convert", session, exported]);
    let rows =
        std::fs::read_to_string(&csv).expect("it was written").lines().filter(|line| line.contains(",infant,")).count();
    let (document, _) = read(&OsDisk, &path).expect("the session is read");
    assert_eq!(rows, document.session().n_marks());
    let scores: serde_json::Value =
        serde_json::from_str(&screen.verb(&["score", session, "--format", "json"])).expect("JSON");
    assert_eq!(scores["sessions"][0]["episodes"][0]["episode"], "session");
    let verified = screen.verb(&["log", session, "--verify"]);
    assert!(verified.contains(document.history().head_hash()), "{verified}");
}
