//! The journal beside a session: what was done since its last save, one JSON on a line.
//!
//! ```text
//! {"schema":"attune.journal/1","session":"...","file":"...","seq":12,"head":"..."}     which file it continues
//! {"entry":{"seq":13, ...}}
//! {"growth":{...}}                     and {"underway":{"seq":14, ...}}: not steps yet
//! {"saving":{"file":"...","seq":13,"head":"..."}}      the file is about to become this one
//! ```
//!
//! `saving` closes the gap between the new file and the new journal: in it, the old journal lies beside the new file, and says so.

use serde::{Deserialize, Serialize};

use crate::{Entry, History, LogLine, SessionId};

/// A file, and how far the history in it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Base {
    /// BLAKE3 of the file's bytes, in hexadecimal digits.
    pub(super) file: String,
    /// The number of its last entry.
    pub(super) seq: u64,
    /// The hash of its last entry.
    pub(super) head: String,
}

impl Base {
    pub(super) fn new(file: &[u8], history: &History) -> Self {
        Self { file: hash(file), seq: history.last_seq(), head: history.head_hash().to_owned() }
    }
}

pub(super) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

const SCHEMA: &str = "attune.journal/1";

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    schema: String,
    session: SessionId,
    #[serde(flatten)]
    base: Base,
}

/// A line that is no step: the file is about to become another.
#[derive(Serialize, Deserialize)]
struct Saving {
    saving: Base,
}

const SAVING: &str = r#"{"saving":"#;

/// The first line of a journal of this session that continues this file, with its line break.
pub(super) fn header(session: &SessionId, base: &Base) -> String {
    line(&Header { schema: SCHEMA.to_owned(), session: session.clone(), base: base.clone() })
}

/// The line that says that the file is about to become another, with its line break.
pub(super) fn saving(base: &Base) -> String {
    line(&Saving { saving: base.clone() })
}

/// Any line of a journal, with its line break.
pub(super) fn line(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).expect("a line of a journal has text keys");
    text.push('\n');
    text
}

/// A journal as it was found.
#[derive(Debug)]
pub(super) struct Journal {
    /// The session that it is of; `None` if the first line cannot be read.
    pub(super) session: Option<SessionId>,
    /// The files that it continues: the one in its first line, and those that were about to be saved.
    pub(super) bases: Vec<Base>,
    /// What was done, in order, up to the first line that cannot be read.
    pub(super) lines: Vec<LogLine>,
    /// How many bytes the whole lines take.
    pub(super) len: u64,
    /// The last line was cut off while it was being written.
    pub(super) torn: bool,
    /// The first line before the last that cannot be read, counted from 1, and why.
    pub(super) broken: Option<(usize, String)>,
}

impl Journal {
    /// Reads what is there, whatever it is.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
        let mut journal = Self {
            session: None,
            bases: Vec::new(),
            lines: Vec::new(),
            len: whole as u64,
            torn: whole < bytes.len(),
            broken: None,
        };
        for (number, line) in bytes[..whole].split_inclusive(|&byte| byte == b'\n').enumerate() {
            if let Err(reason) = journal.read_line(number, line) {
                journal.broken = Some((number + 1, reason));
                break;
            }
        }
        journal
    }

    fn read_line(&mut self, number: usize, line: &[u8]) -> Result<(), String> {
        let why = |error: serde_json::Error| error.to_string();
        if number == 0 {
            let header: Header = serde_json::from_slice(line).map_err(why)?;
            if header.schema != SCHEMA {
                return Err(format!("it is in the format {}, and this version knows {SCHEMA}", header.schema));
            }
            self.session = Some(header.session);
            self.bases.push(header.base);
        } else if line.starts_with(SAVING.as_bytes()) {
            self.bases.push(serde_json::from_slice::<Saving>(line).map_err(why)?.saving);
        } else {
            self.lines.push(serde_json::from_slice(line).map_err(why)?);
        }
        Ok(())
    }

    /// Does it continue a file with these bytes?
    pub(super) fn continues(&self, file: &str) -> bool {
        self.bases.iter().any(|base| base.file == file)
    }

    /// The steps in it.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.lines.iter().filter_map(entry_of)
    }

    /// The lines that this history has not got yet.
    ///
    /// # Errors
    /// What is in both, but not the same.
    pub(super) fn after(&self, history: &History) -> Result<&[LogLine], String> {
        let is_old = |line: &LogLine| entry_of(line).is_some_and(|entry| entry.seq <= history.last_seq());
        let first = self.lines.iter().rposition(is_old).map_or(0, |last| last + 1);
        match self.lines[..first].iter().filter_map(entry_of).find(|entry| history.entry(entry.seq) != Some(entry)) {
            Some(entry) => Err(format!("its step {} is another one than the file's", entry.seq)),
            None => Ok(&self.lines[first..]),
        }
    }

    /// Is every step in it part of this history already?
    pub(super) fn is_in(&self, history: &History) -> bool {
        self.entries().all(|entry| history.entry(entry.seq) == Some(entry))
            && self.bases.first().is_some_and(|base| base.seq <= history.last_seq())
    }
}

pub(super) fn entry_of(line: &LogLine) -> Option<&Entry> {
    match line {
        LogLine::Entry(entry) => Some(entry),
        LogLine::Growth(_) | LogLine::Underway(_) => None,
    }
}
