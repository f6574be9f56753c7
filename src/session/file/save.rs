//! Saving: a new file beside the old one, read back, made safe, and only then given the old one's name.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::disk::Disk;
use super::journal::{self, Base};
use super::journal_file::JournalFile;
use super::lock::{self, Holder, Locked};
use super::log::{LogState, LogWriter};
use super::paths::Paths;
use super::report::{Notice, taken_by};
use super::saves::{self, KeptSave};
use super::{FileError, format};
use crate::{Document, Extra, History, Session};

/// A session's file, from opening to closing. Dropping it writes what waits for the journal, and lets the lock go.
#[derive(Debug)]
pub struct SessionFile {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) paths: Paths,
    pub(super) extra: Extra,
    pub(super) access: Access,
    pub(super) on_disk: Mutex<OnDisk>, // held throughout a save
    pub(super) saved: Mutex<Mark>,     // never held for longer than a look: the window asks
}

/// May the file be written?
#[derive(Debug)]
pub(super) enum Access {
    Edit(LogWriter),
    Read(String), // why not
}

/// What the file was when it was last read or written.
#[derive(Debug)]
pub(super) struct OnDisk {
    pub(super) hash: String,
    pub(super) since: Timestamp,
    pub(super) must_keep: bool, // of an older format
}

/// How far a document was at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) seq: u64,
    pub(super) growth: u64,
}

/// All that a save needs, so that it can run on another thread.
#[derive(Debug)]
pub struct Saving {
    shared: Arc<Shared>,
    session: Session,
    history: History,
    mark: Mark,
    now: Timestamp,
}

/// A save that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The hash of the last entry in the file: what packages, exports and reports note.
    pub head: String,
    /// What did not go as it should.
    pub notices: Vec<Notice>,
}

/// What to do with a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Refuse to write.
    Refuse,
    /// Write over it, and keep it among the earlier versions.
    Replace,
}

/// Is it time for a save that nobody asked for? At 500 entries, and after ten minutes with changes; closing saves in any case.
#[must_use]
pub fn save_due(unsaved_entries: u64, has_changes: bool, since_save: Duration) -> bool {
    unsaved_entries >= 500 || (has_changes && since_save >= Duration::from_mins(10))
}

/// Makes the file of a session that has none yet, or another one for a session that has ("save as"), and has the document's steps go there.
///
/// # Errors
/// [`FileError`]; the document still sends its steps where it did before.
pub fn create(
    disk: &Arc<dyn Disk>,
    path: &Path,
    document: &mut Document,
    existing: Existing,
    holder: Holder,
) -> Result<SessionFile, FileError> {
    let path = disk.resolve(path).map_err(FileError::writing(path))?;
    let paths = Paths::new(path.clone());
    let now = holder.since;
    disk.create_folder(paths.folder()).map_err(FileError::writing(&path))?;
    let old = old_file(disk.as_ref(), &paths)?;
    if old.is_some() && existing == Existing::Refuse {
        return Err(FileError::IsThere(path));
    }
    disk.create_folder(&paths.side).map_err(FileError::writing(&path))?;
    let lock = match lock::lock(disk, &paths, holder).map_err(FileError::writing(&path))? {
        Locked::Ours(lock) => lock,
        Locked::Theirs(holder) => return Err(FileError::ReadOnly { path, why: taken_by(holder.as_deref()) }),
    };
    document.finish();
    let text = format::to_text(document.session(), Some(document.history()), &Extra::new());
    if let Some(old) = &old {
        saves::keep(disk.as_ref(), &paths.saves(), old, &path, now - SignedDuration::from_millis(1))
            .map_err(FileError::writing(&path))?;
    }
    set_journal_aside(disk.as_ref(), &paths, now).map_err(FileError::writing(&path))?; // it is of the file that was there
    write_unfinished(disk.as_ref(), &paths, text.as_bytes())?;
    put_in_place(disk.as_ref(), &paths)?;
    let _ = saves::keep(disk.as_ref(), &paths.saves(), text.as_bytes(), &path, now); // the next save keeps one

    let base = Base::new(text.as_bytes(), document.history());
    let on_disk = OnDisk { hash: base.file.clone(), since: now, must_keep: false };
    let log =
        LogWriter::start(JournalFile::new(Arc::clone(disk), paths.clone(), document.session().id.clone(), base), lock)
            .map_err(FileError::writing(&paths.file))?;
    document.attach_log(log.lines());
    Ok(SessionFile::new(Shared {
        disk: Arc::clone(disk),
        paths,
        extra: Extra::new(),
        access: Access::Edit(log),
        on_disk: Mutex::new(on_disk),
        saved: Mutex::new(Mark::of(document)),
    }))
}

/// Writes a session without its history: for blind coders and for exports. The file is whole, or as it was.
///
/// # Errors
/// [`FileError`].
pub fn write_without_history(
    disk: &dyn Disk,
    path: &Path,
    session: &Session,
    existing: Existing,
) -> Result<(), FileError> {
    let path = disk.resolve(path).map_err(FileError::writing(path))?;
    let paths = Paths::new(path.clone());
    if existing == Existing::Refuse && old_file(disk, &paths)?.is_some() {
        return Err(FileError::IsThere(path));
    }
    write_unfinished(disk, &paths, format::to_text(session, None, &Extra::new()).as_bytes())?;
    put_in_place(disk, &paths)
}

impl SessionFile {
    pub(super) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.shared.paths.file
    }

    /// Why the session is open for reading only, if it is.
    #[must_use]
    pub fn read_only(&self) -> Option<&str> {
        match &self.shared.access {
            Access::Edit(_) => None,
            Access::Read(why) => Some(why),
        }
    }

    /// How far the journal is. Does not wait.
    #[must_use]
    pub fn log_state(&self) -> Arc<LogState> {
        match &self.shared.access {
            Access::Edit(log) => log.state(),
            Access::Read(_) => Arc::default(),
        }
    }

    /// Waits until what the document has sent is in the journal. Is it?
    ///
    /// For closing and for tests; a window looks at [`Self::log_state`].
    #[must_use]
    pub fn flush(&self) -> bool {
        match &self.shared.access {
            Access::Edit(log) => log.flush(),
            Access::Read(_) => true,
        }
    }

    /// How many entries of the document are in no save yet.
    #[must_use]
    pub fn unsaved_entries(&self, document: &Document) -> u64 {
        document.history().last_seq().saturating_sub(self.shared.saved().seq)
    }

    /// Is there anything in the document that is in no save yet?
    #[must_use]
    pub fn has_changes(&self, document: &Document) -> bool {
        Mark::of(document) != *self.shared.saved()
    }

    /// Takes all that a save needs; a step under way is finished first. [`Saving::run`] can be called on any
    /// thread.
    ///
    /// # Errors
    /// [`FileError::ReadOnly`].
    pub fn saving(&self, document: &mut Document, now: Timestamp) -> Result<Saving, FileError> {
        if let Access::Read(why) = &self.shared.access {
            return Err(FileError::ReadOnly { path: self.path().to_owned(), why: why.clone() });
        }
        document.finish();
        let (session, history) = (document.session().clone(), document.history().clone());
        Ok(Saving { shared: Arc::clone(&self.shared), session, history, mark: Mark::of(document), now })
    }

    /// Saves, and waits for it.
    ///
    /// # Errors
    /// [`FileError`]; the old file is as it was.
    pub fn save(&self, document: &mut Document, now: Timestamp) -> Result<Saved, FileError> {
        self.saving(document, now)?.run()
    }

    /// The earlier versions, the latest first.
    ///
    /// # Errors
    /// [`FileError`] where their folder is there but cannot be read.
    pub fn earlier_versions(&self) -> Result<Vec<KeptSave>, FileError> {
        saves::list(self.shared.disk.as_ref(), &self.shared.paths.saves()).map_err(FileError::reading(self.path()))
    }
}

impl Shared {
    fn saved(&self) -> MutexGuard<'_, Mark> {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mark {
    fn of(document: &Document) -> Self {
        Self { seq: document.history().last_seq(), growth: document.growth() }
    }
}

impl Saving {
    /// Saves.
    ///
    /// # Errors
    /// [`FileError`]; the old file is as it was. [`FileError::ChangedOnDisk`] if another program wrote it: a copy can be saved with [`create`].
    pub fn run(self) -> Result<Saved, FileError> {
        let Shared { disk, paths, extra, access, on_disk, .. } = &*self.shared;
        let (disk, path) = (disk.as_ref(), &paths.file);
        let Access::Edit(log) = access else { unreachable!("a file open for reading only makes no Saving") };
        let mut on_disk = on_disk.lock().unwrap_or_else(PoisonError::into_inner); // one save at a time
        let text = format::to_text(&self.session, Some(&self.history), extra);
        let base = Base::new(text.as_bytes(), &self.history);
        let mut saved = Saved { head: base.head.clone(), notices: Vec::new() };

        let old = old_file(disk, paths)?;
        if let Some(old) = &old {
            let old_hash = journal::hash(old);
            if old_hash != on_disk.hash && old_hash != base.file {
                return Err(FileError::ChangedOnDisk(path.clone()));
            }
        }
        write_unfinished(disk, paths, text.as_bytes())?;
        if let Some(old) = &old
            && let Err(error) = saves::keep(disk, &paths.saves(), old, path, on_disk.since)
        {
            let error = FileError::writing(path)(error);
            if on_disk.must_keep {
                return Err(error);
            }
            saved.notices.push(Notice::NotKept(error.to_string()));
        }
        log.announce(&base); // where that fails, all that the journal holds is in the new file
        let in_place = put_in_place(disk, paths);
        if in_place.is_ok() || disk.read(path).is_ok_and(|bytes| bytes == text.as_bytes()) {
            *on_disk = OnDisk { hash: base.file.clone(), since: self.now, must_keep: false };
            *self.shared.saved() = self.mark;
        }
        in_place?;
        log.begin(&base); // where that fails, the old journal says that it continues this file too
        let kept = saves::keep(disk, &paths.saves(), text.as_bytes(), path, self.now);
        if let Err(error) = kept.and_then(|()| saves::prune(disk, &paths.saves(), self.now)) {
            saved.notices.push(Notice::NotKept(FileError::writing(path)(error).to_string()));
        }
        Ok(saved)
    }
}

/// The bytes of the file, if it is there.
fn old_file(disk: &dyn Disk, paths: &Paths) -> Result<Option<Vec<u8>>, FileError> {
    match disk.read(&paths.file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FileError::reading(&paths.file)(error)),
    }
}

/// Writes a file beside the session's, makes it safe, and reads it back.
fn write_unfinished(disk: &dyn Disk, paths: &Paths, bytes: &[u8]) -> Result<(), FileError> {
    let (file, unfinished) = (&paths.file, paths.unfinished());
    let write = || {
        let mut file = disk.create(&unfinished, Some(file))?;
        file.write(bytes)?;
        file.sync()?;
        disk.read(&unfinished)
    };
    let result = match write() {
        Ok(written) if written == bytes => return Ok(()),
        Ok(_) => FileError::ReadBack(file.clone()),
        Err(error) => FileError::writing(file)(error),
    };
    let _ = disk.remove(&unfinished); // it may not be there; the next save writes over it
    Err(result)
}

/// Gives what was written the file's name, for good.
fn put_in_place(disk: &dyn Disk, paths: &Paths) -> Result<(), FileError> {
    let renamed = disk.rename(&paths.unfinished(), &paths.file);
    renamed.and_then(|()| disk.sync_folder(paths.folder())).map_err(FileError::writing(&paths.file))
}

/// Gives the journal a name under which no session goes on with it.
pub(super) fn set_journal_aside(disk: &dyn Disk, paths: &Paths, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let aside = paths.side.join(format!("{ASIDE}{}", now.strftime("%Y%m%dT%H%M%S%.3fZ")));
    match disk.rename(&paths.journal(), &aside) {
        Ok(()) => disk.sync_folder(&paths.side).map(|()| Some(aside)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// How the names of such journals begin.
pub(super) const ASIDE: &str = "journal.aside-";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(unsaved_entries: u64, has_changes: bool, minutes: u64, expected: bool) {
        assert_eq!(save_due(unsaved_entries, has_changes, Duration::from_mins(minutes)), expected);
    }

    #[test]
    fn a_save_is_due_at_500_entries() {
        check(499, true, 0, false);
        check(500, true, 0, true);
    }

    #[test]
    fn a_save_is_due_after_ten_minutes_with_changes() {
        check(1, true, 9, false);
        check(1, true, 10, true);
        check(0, true, 10, true); // growth alone
        check(0, false, 600, false);
    }
}
