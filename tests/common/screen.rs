//! The program in a real window: a screen without a monitor, hands for it, and a home of its own.
#![allow(unreachable_pub, reason = "shared by several test programs and a benchmark")]
#![allow(dead_code, reason = "each of them uses a part of it")]
#![allow(clippy::print_stderr, reason = "what is skipped is said aloud")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant as Moment};

use tempfile::TempDir;

/// Waiting longer than this means that it will not come.
const PATIENCE: Duration = Duration::from_mins(1);

/// A screen without a monitor, and a home for the programs on it.
pub struct Screen {
    server: Child,
    display: String,
    pub home: TempDir,
    _turn: MutexGuard<'static, ()>,
}

/// One screen at a time: two programs that draw in software slow each other down, and two servers can take one number.
static TURN: Mutex<()> = Mutex::new(());

impl Screen {
    /// `None`, said aloud, where the machine has no virtual screen.
    pub fn new() -> Option<Self> {
        if !["Xvfb", "xdotool"].into_iter().all(is_installed) {
            return None;
        }
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("piped")).read_line(&mut number).expect("Xvfb says its display");
        Some(Self {
            server,
            display: format!(":{}", number.trim()),
            home: tempfile::tempdir().expect("a temporary folder"),
            _turn: turn,
        })
    }

    /// A program on this screen and in its home.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        self.shown(at_home(Command::new(program.as_ref()), self.home.path()))
    }

    /// The same program, on this screen.
    pub fn shown(&self, mut command: Command) -> Command {
        command.env("DISPLAY", &self.display);
        command
    }

    /// Waits for the program's window with this in its name, and gives it the keyboard.
    #[track_caller]
    pub fn focus(&self, program: &mut Child, name: &str) {
        wait_for("the window", || {
            if let Some(status) = program.try_wait().expect("its state") {
                panic!("the window did not open: {status}");
            }
            self.xdotool(&["search", "--onlyvisible", "--name", name, "windowfocus"]).then_some(())
        });
    }

    #[track_caller]
    pub fn key(&self, key: &str) {
        assert!(self.xdotool(&["key", key]), "xdotool sends {key}");
    }

    pub fn xdotool(&self, arguments: &[&str]) -> bool {
        self.command("xdotool").args(arguments).status().is_ok_and(|status| status.success())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill(); // it may have ended by itself
        let _ = self.server.wait();
    }
}

/// A program that knows this home alone: no screen, no desktop, nothing of the person whose machine it is.
pub fn at_home(mut command: Command, home: &Path) -> Command {
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"] {
        command.env_remove(name);
    }
    for (name, folder) in [("DATA", "data"), ("CONFIG", "config"), ("STATE", "state")] {
        command.env(format!("XDG_{name}_HOME"), home.join(folder));
    }
    command
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Whether there is such a program; one that is not there is named.
pub fn is_installed(program: &str) -> bool {
    let found = Command::new("which").arg(program).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_there = found.is_ok_and(|status| status.success());
    if !is_there {
        eprintln!("SKIPPED: {program} is not installed");
    }
    is_there
}

/// Looks again and again until there is something; what never comes is named.
#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let since = Moment::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(since.elapsed() < PATIENCE, "waited in vain: {what}");
        sleep(Duration::from_millis(50));
    }
}

/// Waits until the program has ended by itself.
#[track_caller]
pub fn wait_for_end(program: &mut Child) {
    wait_for("the window closes", || program.try_wait().expect("its state"));
}
