//! Nothing is ever sent anywhere: a witness writes down every connection that the program asks the system for.
//!
//! Needs strace, and Xvfb for the window (packaging/test.sh installs both); without them the tests say that they were skipped.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stderr, reason = "what is skipped is said aloud")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant as Moment};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_mins(1);

/// The program in a home of its own, with a witness beside it.
struct Watched {
    home: TempDir,
}

impl Watched {
    /// `None`, said aloud, where the machine has not what is needed.
    fn new(needed: &[&str]) -> Option<Self> {
        if let Some(missing) = needed.iter().find(|program| !is_there(program)) {
            eprintln!("SKIPPED: {missing} is not installed, or may not run here");
            return None;
        }
        Some(Self { home: tempfile::tempdir().expect("a temporary folder") })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    fn record(&self) -> PathBuf {
        self.path("connections")
    }

    /// A program under the witness.
    fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-e", "trace=connect,sendto,sendmsg,bind", "-e", "signal=none", "-o"]);
        command.arg(self.record()).arg("--").arg(program.as_ref());
        command
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_STATE_HOME", self.path("state"))
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Runs a verb; whether it succeeded.
    fn verb(&self, arguments: &[&str]) -> bool {
        self.command(env!("CARGO_BIN_EXE_attune")).args(arguments).status().expect("strace runs").success()
    }

    fn connections(&self) -> Vec<String> {
        let record = std::fs::read_to_string(self.record()).expect("the witness wrote");
        record.lines().map(str::to_owned).collect()
    }

    #[track_caller]
    fn check_local(&self, what: &str) {
        let sent: Vec<String> = self.connections().into_iter().filter(|line| leaves(line)).collect();
        assert!(sent.is_empty(), "{what}:\n{}", sent.join("\n"));
    }
}

/// Does this call speak of a network's address?
fn leaves(line: &str) -> bool {
    line.contains("AF_INET") || line.contains("sin_addr") || line.contains("sin6_addr")
}

fn is_there(program: &str) -> bool {
    let argument = if program == "strace" { vec!["-o", "/dev/null", "true"] } else { vec!["-help"] };
    let started = Command::new(program).args(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    started.is_ok_and(|status| program != "strace" || status.success())
}

#[test]
fn the_witness_sees_a_connection_to_an_address() {
    let Some(watched) = Watched::new(&["strace", "bash"]) else { return };
    let mut talker = watched.command("bash");
    let _ = talker.args(["-c", ": < /dev/tcp/127.0.0.1/9"]).status().expect("strace runs"); // nobody listens there
    assert!(watched.connections().iter().any(|line| leaves(line)), "{:?}", watched.connections());
}

#[test]
fn probe_and_frame_of_the_demonstration_open_local_sockets_at_most() {
    let Some(watched) = Watched::new(&["strace"]) else { return };
    let video = watched.file("demo.mp4", attune::demo::VIDEO);
    let (video, picture) = (video.to_str().expect("a plain path"), watched.path("frame.png"));
    assert!(watched.verb(&["probe", video]));
    watched.check_local("probe");
    assert!(watched.verb(&["frame", video, "--frame", "100", "--out", picture.to_str().expect("a plain path")]));
    watched.check_local("frame");
    assert!(picture.exists());
}

#[test]
fn a_playlist_named_like_a_video_is_refused_without_asking_anybody() {
    let Some(watched) = Watched::new(&["strace"]) else { return };
    let lists = [
        ("hls.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x\n#EXT-X-ENDLIST\n"),
        ("concat.mp4", "ffconcat version 1.0\nfile http://127.0.0.1:9/x\n"),
        ("list.m3u8", "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x\n#EXT-X-ENDLIST\n"),
        ("phone.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n"),
    ];
    for (name, text) in lists {
        let list = watched.file(name, text.as_bytes());
        let (list, picture) = (list.to_str().expect("a plain path"), watched.path("frame.png"));
        assert!(!watched.verb(&["probe", list]), "{name} is no video");
        watched.check_local(name);
        assert!(!watched.verb(&["frame", list, "--frame", "0", "--out", picture.to_str().expect("a plain path")]));
        watched.check_local(name);
    }
    for address in ["http://127.0.0.1:9/x.mp4", "rtsp://127.0.0.1:9/x", "tcp://127.0.0.1:9"] {
        assert!(!watched.verb(&["probe", address]), "{address} is no file");
        watched.check_local(address);
    }
}

/// A screen without a monitor.
struct Screen(Child, String);

impl Screen {
    fn new() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("piped")).read_line(&mut number).expect("Xvfb says its display");
        Self(server, format!(":{}", number.trim()))
    }

    fn xdotool(&self, arguments: &[&str]) -> bool {
        let mut command = Command::new("xdotool");
        command.args(arguments).env("DISPLAY", &self.1).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.0.kill(); // it may have ended by itself
        let _ = self.0.wait();
    }
}

#[test]
fn coding_and_saving_in_a_real_window_opens_local_sockets_alone() {
    let Some(watched) = Watched::new(&["strace", "Xvfb", "xdotool"]) else { return };
    let screen = Screen::new();
    let mut program = watched.command(env!("CARGO_BIN_EXE_attune"));
    let mut program = program.arg("demo").env("DISPLAY", &screen.1).spawn().expect("strace starts");
    let since = Moment::now();
    while !screen.xdotool(&["search", "--onlyvisible", "--name", "demonstration", "windowfocus"]) {
        if let Some(status) = program.try_wait().expect("its state") {
            panic!("the window did not open: {status}");
        }
        assert!(since.elapsed() < PATIENCE, "no window");
        sleep(Duration::from_millis(200));
    }
    for key in ["space", "1", "2", "Tab", "1", "space", "ctrl+s", "ctrl+q"] {
        sleep(Duration::from_millis(700));
        assert!(screen.xdotool(&["key", key]), "xdotool sends {key}");
    }
    let since = Moment::now();
    while program.try_wait().expect("its state").is_none() {
        assert!(since.elapsed() < PATIENCE, "the window did not close");
        sleep(Duration::from_millis(200));
    }
    watched.check_local("the window");
    assert!(watched.connections().iter().any(|line| line.contains("AF_UNIX")), "the witness saw the screen's socket");
    let saved = std::fs::read_to_string(watched.path("data/attune/demo/demo.attune")).expect("the session is there");
    assert!(saved.contains("\"label\": \"code ") || saved.contains("\"label\":\"code "), "keys were coded and saved");
}
