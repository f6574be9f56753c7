//! Opening: the file, what the journal adds to it, and who may write it.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::disk::Disk;
use super::journal::{self, Base, Journal};
use super::journal_file::JournalFile;
use super::lock::{self, Holder, Lock, Locked};
use super::log::LogWriter;
use super::paths::Paths;
use super::recover::{self, Recovered};
use super::report::{Notice, taken_by};
use super::save::{Access, Mark, OnDisk, SessionFile, Shared, set_journal_aside};
use super::{Damage, FileError, format};
use crate::{Document, Extra, History, HistoryError, LogLine, Session};

/// A session that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The session, with what the journal adds.
    pub document: Document,
    /// Its file, for saving.
    pub file: SessionFile,
    /// What a person should know.
    pub notices: Vec<Notice>,
    /// What can be had from a journal that does not belong to the file: "open as a recovered copy".
    pub recovered: Option<Recovered>,
}

/// Whether the history of a file is whole and leads to the session in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// How many entries there are.
    pub entries: u64,
    /// The hash of the last one: who noted it elsewhere can tell whether the history was written anew.
    pub head: String,
    /// What is wrong, if anything is.
    pub broken: Option<HistoryError>,
}

/// Opens a session for editing, or, where that cannot be, for reading only: the notices say why.
///
/// # Errors
/// [`FileError`], with the place in the file where there is one. Nothing is changed then.
pub fn open(disk: &Arc<dyn Disk>, path: &Path, holder: Holder) -> Result<Opened, FileError> {
    let now = holder.since;
    let paths = Paths::new(disk.resolve(path).map_err(FileError::reading(path))?);
    let mut found = find(disk.as_ref(), &paths)?; // first of all: beside what is no session nothing is made
    let (lock, why_not) = match found.journal_is_open_to_us().and_then(|()| ask_for_lock(disk, &paths, holder)) {
        Ok(lock) => (Some(lock), None),
        Err(why) => (None, Some(why)),
    };
    if lock.is_some() && !found.is_still_there(disk.as_ref(), &paths) {
        found = find(disk.as_ref(), &paths)?; // who had it has just saved
    }
    found.notices.extend(why_not.clone().map(Notice::ReadOnly));
    let mut recovered = None;
    if let Some(reason) = &found.stray {
        recovered = recover::from_journal(disk.as_ref(), &paths, found.journal.as_ref());
        if lock.is_some() {
            let aside = set_journal_aside(disk.as_ref(), &paths, now).map_err(FileError::writing(&paths.file))?;
            let journal = aside.unwrap_or_else(|| paths.journal());
            found.notices.push(Notice::SetAside { journal, reason: reason.clone() });
        }
    }
    let saved = Mark { seq: found.base.seq, growth: 0 };
    let on_disk = OnDisk { hash: found.base.file.clone(), since: now, must_keep: found.is_migrated };
    let mut document = found.document;
    let access = match (lock, why_not) {
        (Some(lock), _) => {
            let journal = JournalFile::new(Arc::clone(disk), paths.clone(), document.session().id.clone(), found.base);
            let here = found.journal.as_ref().filter(|_| found.stray.is_none());
            let journal = journal.go_on(here, &found.replayed);
            let log = LogWriter::start(journal, lock).map_err(FileError::writing(&paths.file))?;
            document.attach_log(log.lines());
            Access::Edit(log)
        }
        (None, why) => Access::Read(why.unwrap_or_default()),
    };
    document.finish(); // what was under way when the program ended is a step now
    let (extra, on_disk, saved) = (found.extra, Mutex::new(on_disk), Mutex::new(saved));
    let file = SessionFile::new(Shared { disk: Arc::clone(disk), paths, extra, access, on_disk, saved });
    Ok(Opened { document, file, notices: found.notices, recovered })
}

/// Reads a session, with what the journal adds, and changes nothing: for the command line.
///
/// # Errors
/// [`FileError`].
pub fn read(disk: &dyn Disk, path: &Path) -> Result<(Document, Vec<Notice>), FileError> {
    let paths = Paths::new(disk.resolve(path).map_err(FileError::reading(path))?);
    let mut found = find(disk, &paths)?;
    if let Some(reason) = found.stray {
        found.notices.push(Notice::SetAside { journal: paths.journal(), reason });
    }
    found.document.finish();
    Ok((found.document, found.notices))
}

/// Reads the session in a file whatever rules it breaks: to say which. The journal is not looked at.
///
/// # Errors
/// [`FileError`] where the file cannot be read.
pub fn read_unchecked(disk: &dyn Disk, path: &Path) -> Result<Session, FileError> {
    let path = disk.resolve(path).map_err(FileError::reading(path))?;
    let bytes = disk.read(&path).map_err(FileError::reading(&path))?;
    format::read(&path, &bytes).map(|(content, _)| content.session)
}

/// Looks whether the history in a file is whole and leads to the session in it. The journal is not looked at.
///
/// # Errors
/// [`FileError`] where the file cannot be read.
pub fn verify(disk: &dyn Disk, path: &Path) -> Result<Proof, FileError> {
    let path = disk.resolve(path).map_err(FileError::reading(path))?;
    let bytes = disk.read(&path).map_err(FileError::reading(&path))?;
    let (content, _) = format::read(&path, &bytes)?;
    let document = document(content.session, content.history);
    let history = document.history();
    let broken = history.prove(document.session()).err();
    Ok(Proof { entries: history.last_seq(), head: history.head_hash().to_owned(), broken })
}

/// What was found on the disk.
struct Found {
    document: Document,
    base: Base,
    extra: Extra,
    is_migrated: bool,
    journal: Option<Journal>,
    journal_hash: Option<String>,
    must_not_read_journal: bool,
    replayed: Vec<LogLine>,
    stray: Option<String>, // why the journal does not belong to the file
    notices: Vec<Notice>,
}

fn find(disk: &dyn Disk, paths: &Paths) -> Result<Found, FileError> {
    let bytes = disk.read(&paths.file).map_err(FileError::reading(&paths.file))?;
    let (content, older) = format::read(&paths.file, &bytes)?;
    let rules = content.session.check_rules();
    rules.map_err(|error| FileError::damaged(&paths.file, Damage::BrokenRule(error.to_string())))?;
    let mut notices: Vec<Notice> = older.map(Notice::Migrated).into_iter().collect();
    if content.history.is_none() {
        notices.push(Notice::NoHistory);
    }
    let mut document = document(content.session, content.history);
    if let Err(error) = document.history().verify() {
        notices.push(Notice::NotWhole(error.to_string()));
    }
    let base = Base::new(&bytes, document.history());
    let (journal_bytes, must_not_read_journal) = match disk.read(&paths.journal()) {
        Ok(bytes) => (Some(bytes), false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (None, false),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => (None, true),
        Err(error) => return Err(FileError::reading(&paths.journal())(error)),
    };
    let (journal, journal_hash) =
        (journal_bytes.as_deref().map(Journal::read), journal_bytes.as_deref().map(journal::hash));
    let (mut replayed, mut stray) = (Vec::new(), None);
    if let Some(journal) = &journal {
        match replay(journal, &base.file, &document) {
            Ok(Some((with_journal, lines))) => {
                let steps = with_journal.history().last_seq() - base.seq;
                notices.extend((steps > 0).then_some(Notice::Replayed(steps)));
                notices.extend(journal.torn.then_some(Notice::Torn));
                document = with_journal;
                replayed = lines;
            }
            Ok(None) => {}
            Err(reason) => stray = Some(reason),
        }
    } else if let Some((with_journal, lines)) = renamed(disk, paths, &base.file, &document) {
        notices.push(Notice::Replayed(with_journal.history().last_seq() - base.seq));
        document = with_journal;
        replayed = lines;
    }
    let (extra, is_migrated) = (content.extra, older.is_some());
    Ok(Found {
        document,
        base,
        extra,
        is_migrated,
        journal,
        journal_hash,
        must_not_read_journal,
        replayed,
        stray,
        notices,
    })
}

impl Found {
    /// # Errors
    /// Why the session can only be read: what somebody else did last would be written over.
    fn journal_is_open_to_us(&self) -> Result<(), String> {
        let why = "its journal may not be read by this user, so what was done last may not be shown; ask the coder for access";
        if self.must_not_read_journal { Err(why.to_owned()) } else { Ok(()) }
    }

    fn is_still_there(&self, disk: &dyn Disk, paths: &Paths) -> bool {
        let hash = |path| disk.read(path).ok().map(|bytes| journal::hash(&bytes));
        hash(&paths.file).as_ref() == Some(&self.base.file) && hash(&paths.journal()) == self.journal_hash
    }
}

pub(super) fn document(session: Session, history: Option<History>) -> Document {
    match history {
        Some(history) => Document::from_parts(session, history),
        None => Document::new(session),
    }
}

/// The document with what the journal adds to it, and the lines that did; `None` if there is nothing to add.
///
/// # Errors
/// Why the journal does not belong to the file.
fn replay(journal: &Journal, file: &str, document: &Document) -> Result<Option<(Document, Vec<LogLine>)>, String> {
    let history = document.history();
    if let Some((line, reason)) = &journal.broken {
        return Err(format!("its line {line} cannot be read: {reason}"));
    }
    let Some(session) = &journal.session else { return Ok(None) }; // not even the first line was finished
    if *session != document.session().id {
        return Err("it is of another session".to_owned());
    }
    if !journal.continues(file) {
        let is_old = journal.is_in(history); // the file was saved, and a new journal not begun
        return if is_old { Ok(None) } else { Err("it continues another version of the file".to_owned()) };
    }
    let new = journal.after(history)?;
    let mut longer = Document::from_parts(document.session().clone(), history.clone());
    for line in new {
        longer.replay(line.clone()).map_err(|error| error.to_string())?;
    }
    Ok(Some((longer, new.to_vec())))
}

/// As [`replay`], for a file that was renamed or copied and whose journal lies under the old name.
fn renamed(disk: &dyn Disk, paths: &Paths, file: &str, document: &Document) -> Option<(Document, Vec<LogLine>)> {
    let others = paths.side.parent()?;
    let names = disk.list(others).ok()?.into_iter().map(|name| others.join(name));
    names.filter(|side| *side != paths.side).find_map(|side| {
        let journal = Journal::read(&disk.read(&side.join("journal")).ok()?);
        let continued = journal.continues(file).then(|| replay(&journal, file, document).ok().flatten())??;
        (!continued.1.is_empty()).then_some(continued)
    })
}

/// Asks for the lock.
///
/// # Errors
/// Why the session can only be read.
fn ask_for_lock(disk: &Arc<dyn Disk>, paths: &Paths, holder: Holder) -> Result<Lock, String> {
    let cannot = |error: io::Error| match FileError::writing(&paths.file)(error) {
        FileError::MustNotWrite(_) => format!(
            "this user may not write in {}; save the session in a folder of your own to work on it",
            paths.folder().display()
        ),
        error => error.to_string(),
    };
    disk.writable(&paths.file).map_err(cannot)?;
    disk.create_folder(&paths.side).map_err(cannot)?;
    match lock::lock(disk, paths, holder).map_err(cannot)? {
        Locked::Ours(lock) => Ok(lock),
        Locked::Theirs(holder) => Err(taken_by(holder.as_deref())),
    }
}
