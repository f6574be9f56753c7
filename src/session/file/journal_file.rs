//! The journal being written: new lines behind the old ones, or all of it anew where that is not possible.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use super::FileError;
use super::disk::{Disk, DiskFile};
use super::journal::{self, Base, Journal};
use super::log::LogState;
use super::paths::Paths;
use crate::{LogLine, SessionId};

/// The journal being written. Its lines are kept in memory too, so that all of it can be written again, anywhere.
#[derive(Debug)]
pub(super) struct JournalFile {
    disk: Arc<dyn Disk>,
    paths: Paths,
    session: SessionId,
    base: Base,
    lines: VecDeque<Line>, // since `base`
    n_written: usize,      // of the lines: these are in the journal at `place`
    durable_seq: u64,
    place: Place,
    problem: Option<String>,
}

#[derive(Debug)]
struct Line {
    text: String,
    seq: Option<u64>, // none: no step
    since: Instant,
}

/// Where the next line goes.
#[derive(Debug)]
enum Place {
    /// Nowhere before there is one; what lies there is of no use.
    None,
    /// Into a new journal, with all the other lines.
    New,
    /// Behind the first so many bytes of the one there is, which must be opened again.
    Behind(u64),
    /// Into the open file, which has so many bytes.
    Open(Box<dyn DiskFile>, u64),
}

impl JournalFile {
    /// The journal of a file that has none.
    pub(super) fn new(disk: Arc<dyn Disk>, paths: Paths, session: SessionId, base: Base) -> Self {
        let durable_seq = base.seq;
        let (lines, place) = (VecDeque::new(), Place::None);
        Self { disk, paths, session, base, lines, n_written: 0, durable_seq, place, problem: None }
    }

    /// Goes on with what was found: `lines` that are not in the file, in the journal `here` or in one that is to be written anew.
    pub(super) fn go_on(mut self, here: Option<&Journal>, lines: &[LogLine]) -> Self {
        let now = Instant::now();
        for line in lines {
            self.push(line, now);
        }
        self.durable_seq = self.last_seq();
        if let Some(journal) = here.filter(|journal| journal.bases.first() == Some(&self.base)) {
            self.n_written = self.lines.len();
            self.place = Place::Behind(journal.len);
        }
        self
    }

    /// A line that waits to be written.
    pub(super) fn push(&mut self, line: &LogLine, since: Instant) {
        let seq = journal::entry_of(line).map(|entry| entry.seq);
        self.lines.push_back(Line { text: journal::line(line), seq, since });
        if matches!(self.place, Place::None) {
            self.place = Place::New;
        }
    }

    /// The file has become another: what is in it belongs no longer in the journal.
    pub(super) fn begin(&mut self, base: Base) {
        let in_file = self.lines.iter().rposition(|line| line.seq.is_some_and(|seq| seq <= base.seq));
        self.lines.drain(..in_file.map_or(0, |last| last + 1));
        self.durable_seq = self.durable_seq.max(base.seq);
        self.base = base;
        self.n_written = 0;
        self.place = Place::New;
    }

    /// Does something wait to be written?
    pub(super) fn waits(&self) -> bool {
        self.n_written < self.lines.len() || matches!(self.place, Place::New)
    }

    pub(super) const fn has_problem(&self) -> bool {
        self.problem.is_some()
    }

    /// Since when the oldest line waits that is not written yet.
    pub(super) fn behind_since(&self) -> Option<Instant> {
        self.lines.get(self.n_written).map(|line| line.since)
    }

    pub(super) fn state(&self) -> LogState {
        LogState { durable_seq: self.durable_seq, behind_since: self.behind_since(), problem: self.problem.clone() }
    }

    /// Writes what waits, and makes it safe. After a failure the next call tries again.
    pub(super) fn write(&mut self) -> io::Result<()> {
        let result = if self.waits() { self.try_write() } else { Ok(()) };
        self.note(&result);
        result
    }

    /// Notes that the file is about to become another.
    pub(super) fn announce(&mut self, base: &Base) -> io::Result<()> {
        if matches!(self.place, Place::None) {
            return Ok(()); // no journal lies beside either of the two files
        }
        let result = self.append(&journal::saving(base));
        self.note(&result);
        result
    }

    fn try_write(&mut self) -> io::Result<()> {
        if matches!(self.place, Place::New) {
            self.write_new()?;
        } else {
            let text: String = self.lines.range(self.n_written..).map(|line| line.text.as_str()).collect();
            self.append(&text)?;
        }
        self.n_written = self.lines.len();
        self.durable_seq = self.last_seq();
        Ok(())
    }

    fn write_new(&mut self) -> io::Result<()> {
        let lines = self.lines.iter().map(|line| line.text.as_str());
        let text: String = std::iter::once(&*journal::header(&self.session, &self.base)).chain(lines).collect();
        let (unfinished, path) = (self.paths.side.join("journal.unfinished"), self.paths.journal());
        self.disk.writable(&self.paths.file)?; // not into the empty folder that a drive leaves behind
        self.disk.create_folder(&self.paths.side)?;
        let mut file = self.disk.create(&unfinished, Some(&self.paths.file))?;
        file.write(text.as_bytes())?;
        file.sync()?;
        self.disk.rename(&unfinished, &path)?;
        self.disk.sync_folder(&self.paths.side)?;
        self.place = Place::Open(file, text.len() as u64);
        Ok(())
    }

    fn append(&mut self, text: &str) -> io::Result<()> {
        if let Place::Behind(len) = self.place {
            let file = self.disk.append(&self.paths.journal(), len)?;
            self.place = Place::Open(file, len);
        }
        let Place::Open(file, len) = &mut self.place else { return Err(io::ErrorKind::NotFound.into()) };
        file.write(text.as_bytes())?;
        file.sync()?;
        *len += text.len() as u64;
        Ok(())
    }

    /// After a failure nobody knows what is behind the last safe byte: it is cut off before the next try. A journal that has gone is written anew.
    fn note(&mut self, result: &io::Result<()>) {
        self.problem = None;
        let Err(error) = result else { return };
        let has_gone = matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof);
        match self.place {
            _ if has_gone => (self.place, self.n_written) = (Place::New, 0),
            Place::Open(_, len) => self.place = Place::Behind(len),
            Place::None | Place::New | Place::Behind(_) => {}
        }
        self.problem = Some(FileError::writing(&self.paths.file)(copy(error)).to_string());
    }

    fn last_seq(&self) -> u64 {
        self.lines.iter().rev().find_map(|line| line.seq).unwrap_or(self.base.seq).max(self.durable_seq)
    }
}

fn copy(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(number) => io::Error::from_raw_os_error(number),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}
