//! What can be wrong with a session's file, in sentences that name the file and the remedy.

use std::io;
use std::path::{Path, PathBuf};

/// Why a session's file was not read or not written. What was there before is still there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// There is no such file.
    #[error("{} is not there: it may have been moved or renamed, or its drive is not connected", .0.display())]
    NotThere(PathBuf),
    /// It was a session, or should be one, and is damaged: [`recover`](super::recover) may make a session of what is left.
    #[error("{path} {damage}; 'attune recover {path}' makes a session of what is left, of its journal and its earlier versions", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        damage: Damage,
    },
    /// It is JSON, but nothing that Attune wrote.
    #[error("{} is not an Attune session: {found}; other formats are brought in with File > Import or 'attune convert'", path.display())]
    NotASession {
        /// The file.
        path: PathBuf,
        /// What was found instead.
        found: String,
    },
    /// A later version of Attune wrote it.
    #[error(
        "{path} is in the format attune.session/{major}, and this is Attune {this}, which knows attune.session/{known}: \
         install {needed}",
        path = path.display(), this = env!("CARGO_PKG_VERSION"), known = super::format::MAJOR
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The major number of its format.
        major: u32,
        /// The version that can read it.
        needed: String,
    },
    /// Reading is not allowed.
    #[error("{} may not be read by this user: ask its owner for access, or copy it to a folder of your own", .0.display())]
    MustNotRead(PathBuf),
    /// Writing is not allowed.
    #[error("{} may not be written by this user: save the session in a folder of your own", .0.display())]
    MustNotWrite(PathBuf),
    /// No room is left.
    #[error("the disk is full: {} was not written; free some room, or save elsewhere", .0.display())]
    DiskFull(PathBuf),
    /// The folder has gone.
    #[error("the folder of {} has gone: connect its drive again, or save elsewhere", .0.display())]
    FolderGone(PathBuf),
    /// What was read back is not what was written.
    #[error("{} was written but reads back differently: the drive may be failing; save on another", .0.display())]
    ReadBack(PathBuf),
    /// Another program changed it.
    #[error("{} was changed by another program since it was opened: save a copy beside it, and compare the two", .0.display())]
    ChangedOnDisk(PathBuf),
    /// A file has that name already.
    #[error("{} is there already: choose another name", .0.display())]
    IsThere(PathBuf),
    /// The session was opened to be read only.
    #[error("{} is open for reading only: {why}", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What stands against writing, and the remedy.
        why: String,
    },
    /// There is nothing to recover from.
    #[error("no session can be recovered for {}: {reason}", path.display())]
    NothingToRecover {
        /// The file.
        path: PathBuf,
        /// What was looked at.
        reason: String,
    },
    /// The disk says something else.
    #[error("{} could not be {action}: {source}; try again, or save elsewhere", path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// `read` or `written`.
        action: &'static str,
        /// What the operating system says.
        source: io::Error,
    },
}

/// What is wrong with a damaged file; the sentence begins with the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// The file is of 0 bytes, or of nothing but blanks.
    #[error("is empty")]
    Empty,
    /// The file ends too early.
    #[error("ends too early, at line {line}, column {column}: it was cut off")]
    CutShort {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes.
        column: usize,
    },
    /// The bytes are no JSON.
    #[error("cannot be read at line {line}, column {column}: it is no JSON there ({reason})")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes.
        column: usize,
        /// What the reader of JSON says.
        reason: String,
    },
    /// A field is missing or holds what it cannot hold.
    #[error("has something at line {line}, column {column}, that a session cannot hold: {reason}")]
    Invalid {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes.
        column: usize,
        /// What is wrong there, in plain words.
        reason: String,
    },
    /// The parts are sound, but do not belong together.
    #[error("breaks a rule of sessions: {0}")]
    BrokenRule(String),
}

impl FileError {
    pub(super) fn damaged(path: &Path, damage: Damage) -> Self {
        Self::Damaged { path: path.to_owned(), damage }
    }

    /// What an error of the operating system means for reading this file.
    pub(super) fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NotThere(path),
            io::ErrorKind::PermissionDenied => Self::MustNotRead(path),
            io::ErrorKind::IsADirectory => Self::NotASession { path, found: "it is a folder".to_owned() },
            _ => Self::Disk { path, action: "read", source },
        }
    }

    /// What an error of the operating system means for writing this file.
    pub(super) fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::FolderGone(path),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::MustNotWrite(path),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::DiskFull(path)
            }
            _ => Self::Disk { path, action: "written", source },
        }
    }
}
