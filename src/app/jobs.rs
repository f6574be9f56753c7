//! Work that must not hold up the window: it runs on threads of its own, and its results are taken at the next redraw.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};

use exchange::Report;
use media::{MediaError, SoundSync, Waveform};
use session::file::{FileError, Opened, Recovered, Saved};
use session::{MediumId, MediumKind, Session, SessionId};

use crate::command::NewSession;
use crate::comparing::Comparing;
use crate::examine::Examined;
use crate::work::OtherFile;

/// What a job came to.
pub enum Done {
    /// A session was opened, or could not be.
    Opened(PathBuf, Result<Box<Opened>, FileError>),
    /// A foreign file was read.
    Imported(PathBuf, Result<(Box<Session>, Report), String>),
    /// The media of a new session were looked at; which opening that was.
    Examined(u64, Box<NewSession>, Vec<Result<Examined, String>>),
    /// A medium that comes to an open session was looked at.
    Added(SessionId, Result<Examined, String>),
    /// What to beware of in a medium of an open session, by its place.
    Warned(SessionId, usize, Result<Vec<String>, MediaError>),
    /// A file that was named for a new session was looked at: what it holds, or what is wrong with it.
    Looked(PathBuf, Result<MediumKind, String>),
    /// A medium of an open session of which too little was known: what is known now.
    Measured(SessionId, MediumId, Result<Examined, String>),
    /// The curve of a session's sound was read.
    Waveform(SessionId, usize, Result<Option<Waveform>, MediaError>),
    /// Another coder's session was read and compared with the one that is open.
    Compared(SessionId, Result<Box<Comparing>, String>),
    /// A medium that was gone was searched for, and where it is now, if it was found.
    Moved(SessionId, MediumId, Option<PathBuf>),
    /// A file that was chosen for a medium was looked at: what it is.
    Chosen(SessionId, MediumId, PathBuf, Result<session::Identity, MediaError>),
    /// Another file stands where a medium's stood.
    Other(SessionId, OtherFile),
    /// A file that takes a medium's place was looked at.
    Replaced(SessionId, MediumId, Result<Examined, String>),
    /// So much, in percent, of comparing a medium's sound with the first one's is done.
    Listening(SessionId, MediumId, u32),
    /// A medium's sound was compared with the first one's.
    Synced(SessionId, MediumId, Result<SoundSync, MediaError>),
    /// All bytes of a medium were read: their hash, where it was not known before.
    Whole(SessionId, MediumId, Option<String>),
    /// A session was saved.
    Saved(Result<Saved, FileError>),
    /// Something was exported.
    Exported(PathBuf, Result<Vec<String>, String>),
    /// An earlier save was read.
    Recovered(PathBuf, Result<Box<Recovered>, FileError>),
}

/// Runs jobs, and gathers what they came to.
pub struct Jobs {
    sender: Sender<Done>,
    results: Receiver<Done>,
    wake: media::Wake,
}

impl Jobs {
    /// No jobs yet; `wake` is called when one is done.
    #[must_use]
    pub fn new(wake: media::Wake) -> Self {
        let (sender, results) = channel();
        Self { sender, results, wake }
    }

    /// Runs a job on a thread of its own.
    pub fn run(&self, job: impl FnOnce() -> Done + Send + 'static) {
        self.run_telling(|_| job());
    }

    /// The same for a job that tells how far it is.
    pub fn run_telling(&self, job: impl FnOnce(&dyn Fn(Done)) -> Done + Send + 'static) {
        let (sender, wake) = (self.sender.clone(), self.wake.clone());
        std::thread::spawn(move || {
            let tell = |done| {
                let _ = sender.send(done); // the window may have closed meanwhile
                wake();
            };
            tell(job(&tell));
        });
    }

    /// What has been done since it was last asked.
    pub fn done(&self) -> Vec<Done> {
        self.results.try_iter().collect()
    }
}
