//! A desk for each test: a folder with the demonstration in it, and the program's answers.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own for each test, with the demonstration's video and coding in it.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
        for name in ["demo.mp4", "demo.csv"] {
            fs::copy(assets.join(name), desk.path(name)).expect("the demonstration is in the repository");
        }
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).expect("the folder can be written");
        self.path(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program, with the desk as its working folder and a home of its own.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_attune"));
        command.current_dir(self.folder.path()).env("HOME", self.folder.path()).env_remove("XDG_CONFIG_HOME");
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Run {
        Run::of(self.command().args(words).output().expect("the program starts"))
    }

    /// The words as a person types them, parted by blanks.
    pub(crate) fn say(&self, words: &str) -> Run {
        self.run(words.split(' '))
    }

    /// `demo.attune`, made from the demonstration's coding.
    pub(crate) fn session(&self) {
        self.say("convert demo.csv demo.attune").succeeds();
    }
}

/// What the program answered.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        let status = output.status.code().expect("the program was not killed");
        Self { status, out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        assert_eq!(self.status, 0, "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Ends with this status and a message that has all of these words.
    #[track_caller]
    pub(crate) fn fails(self, status: i32, words: &[&str]) -> Self {
        assert_eq!(self.status, status, "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "{word:?} is not in: {}", self.err);
        }
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// The rows of a CSV without its comment lines and without frame numbers.
pub(crate) fn rows(text: &str) -> Vec<String> {
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        row.split(',')
            .enumerate()
            .filter(|(column, _)| !(9..=11).contains(column))
            .map(|(_, field)| field)
            .collect::<Vec<_>>()
            .join(",")
    })
    .collect()
}
