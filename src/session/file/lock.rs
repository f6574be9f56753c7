//! Who has a session open for editing: one program at a time.
//!
//! `lock` is locked by the operating system, so that it is free again whatever becomes of the program. Who holds it
//! stands beside it in `holder`: on Windows nobody else can read a locked file. Where the file system has no locks, `holder` itself is
//! the lock: it is refreshed every 15 s, and one that has not been refreshed for a minute holds no more.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::disk::{Disk, Guard, Locking};
use super::paths::Paths;

/// Who has a session open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The name of the computer.
    pub host: String,
    /// The program and its version.
    pub program: String,
    /// The pseudonym of the coder.
    pub coder: String,
    /// The number of the process on that computer.
    pub process: u32,
    /// Since when.
    pub since: Timestamp,
    /// When it was last known to be alive, where there are no locks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alive: Option<Timestamp>,
}

/// Held while the session is open for editing.
#[derive(Debug)]
pub(super) struct Lock {
    disk: Arc<dyn Disk>,
    path: PathBuf, // of the holder
    file: PathBuf, // the session's
    holder: Holder,
    guard: Option<Box<dyn Guard>>, // none: a heartbeat
}

/// What came of asking for the lock.
#[derive(Debug)]
pub(super) enum Locked {
    /// It is ours.
    Ours(Lock),
    /// Somebody else has it; who, if that can be read.
    Theirs(Option<Box<Holder>>),
}

/// How often a heartbeat is written.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);
const SILENT_SECS: i64 = 60; // four missed beats

impl Holder {
    /// This process, on this computer.
    #[must_use]
    pub fn here(coder: impl Into<String>, now: Timestamp) -> Self {
        Self {
            host: host_name(),
            program: concat!("Attune ", env!("CARGO_PKG_VERSION")).to_owned(),
            coder: coder.into(),
            process: std::process::id(),
            since: now,
            alive: None,
        }
    }

    /// May it still be there? Clocks of two computers may differ: a beat a little in the future counts.
    fn is_alive(&self, now: Timestamp) -> bool {
        self.alive.is_some_and(|alive| now.duration_since(alive).abs().as_secs() < SILENT_SECS)
    }

    /// The same process, whatever its heartbeat says.
    fn is_same(&self, other: &Self) -> bool {
        self.host == other.host && self.process == other.process && self.since == other.since
    }
}

/// Asks for the lock in the folder beside a session, which must be there.
///
/// # Errors
/// Where the folder cannot be written.
pub(super) fn lock(disk: &Arc<dyn Disk>, paths: &Paths, holder: Holder) -> io::Result<Locked> {
    let (file, path) = (paths.file.clone(), paths.side.join("holder"));
    let now = holder.since;
    match disk.lock(&paths.side.join("lock"), &file)? {
        Locking::Taken => Ok(Locked::Theirs(read(disk.as_ref(), &path).map(Box::new))),
        Locking::Held(guard) => {
            let lock = Lock { disk: Arc::clone(disk), path, file, holder, guard: Some(guard) };
            lock.write(None)?;
            Ok(Locked::Ours(lock))
        }
        Locking::Unsupported => match read(disk.as_ref(), &path) {
            Some(theirs) if theirs.is_alive(now) && !theirs.is_same(&holder) => {
                Ok(Locked::Theirs(Some(Box::new(theirs))))
            }
            _ => {
                let lock = Lock { disk: Arc::clone(disk), path, file, holder, guard: None };
                lock.write(Some(now))?;
                Ok(Locked::Ours(lock))
            }
        },
    }
}

impl Lock {
    /// Must it be refreshed?
    pub(super) const fn needs_heartbeat(&self) -> bool {
        self.guard.is_none()
    }

    /// Who has taken it over, because this process seemed to have ended: its computer slept. Only where there are no locks.
    pub(super) fn taker(&self) -> Option<Holder> {
        let now = self.guard.is_none().then(|| read(self.disk.as_ref(), &self.path)).flatten();
        now.filter(|holder| !holder.is_same(&self.holder))
    }

    /// Says that this process is still there.
    pub(super) fn refresh(&self, now: Timestamp) -> io::Result<()> {
        self.write(Some(now))
    }

    fn write(&self, alive: Option<Timestamp>) -> io::Result<()> {
        let holder = Holder { alive, ..self.holder.clone() };
        let text = serde_json::to_string(&holder).expect("a holder is plain data");
        let unfinished = self.path.with_extension("unfinished"); // who reads it meanwhile sees the old one, not an empty one
        self.disk.create(&unfinished, Some(&self.file))?.write(text.as_bytes())?;
        self.disk.rename(&unfinished, &self.path)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let ours = read(self.disk.as_ref(), &self.path).is_some_and(|holder| holder.is_same(&self.holder));
        if ours {
            let _ = self.disk.remove(&self.path); // one left behind says nothing: the lock is free, or the beat has stopped
        }
    }
}

fn read(disk: &dyn Disk, path: &Path) -> Option<Holder> {
    serde_json::from_slice(&disk.read(path).ok()?).ok()
}

fn host_name() -> String {
    let named = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    named
        .map(|name| name.trim().to_owned())
        .or_else(|| std::env::var("COMPUTERNAME").or_else(|_| std::env::var("HOSTNAME")).ok())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "a computer without a name".to_owned())
}
