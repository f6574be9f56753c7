//! Nothing is ever sent anywhere: a witness writes down every connection that the program asks the system for.
//!
//! Needs strace, and Xvfb for the window (packaging/test.sh installs both); without them the tests say that they were skipped.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stderr, reason = "what is skipped is said aloud")]

#[path = "common/screen.rs"]
mod screen;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use screen::{Screen, at_home, wait_for_end};
use tempfile::TempDir;

/// The program in a home of its own, with a witness beside it.
struct Watched {
    home: TempDir,
}

impl Watched {
    /// `None`, said aloud, where there is no witness.
    fn new() -> Option<Self> {
        let sees = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
        if !sees.is_ok_and(|status| status.success()) {
            eprintln!("SKIPPED: strace is not installed, or may not run here");
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
        at_home(command, self.home.path())
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

#[test]
fn the_witness_sees_a_connection_to_an_address() {
    let Some(watched) = Watched::new() else { return };
    let mut talker = watched.command("bash");
    let _ = talker.args(["-c", ": < /dev/tcp/127.0.0.1/9"]).status().expect("strace runs"); // nobody listens there
    assert!(watched.connections().iter().any(|line| leaves(line)), "{:?}", watched.connections());
}

#[test]
fn probe_and_frame_of_the_demonstration_open_local_sockets_at_most() {
    let Some(watched) = Watched::new() else { return };
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
    let Some(watched) = Watched::new() else { return };
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

#[test]
fn coding_and_saving_in_a_real_window_opens_local_sockets_alone() {
    let Some(watched) = Watched::new() else { return };
    let Some(screen) = Screen::new() else { return };
    let mut program = screen.shown(watched.command(env!("CARGO_BIN_EXE_attune")));
    let mut program = program.arg("demo").spawn().expect("strace starts");
    screen.focus(&mut program, "demonstration");
    for key in ["space", "1", "2", "Tab", "1", "space", "ctrl+s", "ctrl+q"] {
        sleep(Duration::from_millis(700));
        screen.key(key);
    }
    wait_for_end(&mut program);
    watched.check_local("the window");
    assert!(watched.connections().iter().any(|line| line.contains("AF_UNIX")), "the witness saw the screen's socket");
    let saved = std::fs::read_to_string(watched.path("data/attune/demo/demo.attune")).expect("the session is there");
    assert!(saved.contains("\"label\": \"code ") || saved.contains("\"label\":\"code "), "keys were coded and saved");
}
