//! A session from what is left: the file, its journals, its earlier versions, or the part of a file before a cut.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::disk::Disk;
use super::journal::Journal;
use super::open::document;
use super::paths::Paths;
use super::report::Notice;
use super::save::ASIDE;
use super::{FileError, format, saves};
use crate::{Document, Edit, Entry, History, Mark, Session, Stamp};

/// A session made from what was left of it. It has no file yet.
#[derive(Debug)]
pub struct Recovered {
    /// The session.
    pub document: Document,
    /// What it was made from, and what could not be used.
    pub notices: Vec<Notice>,
}

/// A file that holds a session.
struct Candidate {
    path: PathBuf,
    document: Document,
}

/// Makes a session from the file, its journals and its earlier versions: the one in which most was done. Changes nothing.
///
/// # Errors
/// [`FileError::NothingToRecover`], saying what was looked at.
pub fn recover(disk: &dyn Disk, path: &Path) -> Result<Recovered, FileError> {
    let paths = Paths::new(disk.resolve(path).map_err(FileError::reading(path))?);
    let mut notices = Vec::new();
    let candidates = candidates(disk, &paths, &mut notices);
    let journals = journals(disk, &paths);
    let longest =
        candidates.iter().flat_map(|candidate| {
            let alone = std::iter::once((candidate, copy(&candidate.document), None));
            alone.chain(journals.iter().filter_map(move |(path, journal)| {
                Some((candidate, extended(&candidate.document, journal)?, Some(path)))
            }))
        });
    let longest = longest
        .reduce(|best, next| if next.1.history().last_seq() > best.1.history().last_seq() { next } else { best });
    let Some((candidate, mut document, journal)) = longest else {
        return salvage(disk, &paths, notices);
    };
    let steps = document.history().last_seq() - candidate.document.history().last_seq();
    document.finish();
    notices.push(Notice::RecoveredFrom(candidate.path.clone()));
    notices.extend(journal.map(|_| Notice::Replayed(steps)));
    Ok(Recovered { document, notices })
}

/// What can be had from a journal that does not belong to the file.
pub(super) fn from_journal(disk: &dyn Disk, paths: &Paths, journal: Option<&Journal>) -> Option<Recovered> {
    let journal = journal?;
    let candidates = candidates(disk, paths, &mut Vec::new());
    let with_steps = candidates.iter().filter_map(|candidate| {
        let document = extended(&candidate.document, journal)?;
        let steps = document.history().last_seq() - candidate.document.history().last_seq();
        (steps > 0).then_some((candidate, document, steps))
    });
    let longest = with_steps
        .reduce(|best, next| if next.1.history().last_seq() > best.1.history().last_seq() { next } else { best });
    if let Some((candidate, mut document, steps)) = longest {
        document.finish();
        let notices = vec![Notice::RecoveredFrom(candidate.path.clone()), Notice::Replayed(steps)];
        return Some(Recovered { document, notices });
    }
    let file = candidates.iter().find(|candidate| candidate.path == paths.file)?;
    made_again(&file.document, journal)
}

/// The steps of a journal that belong to no file there is, each made again where it fits.
fn made_again(document: &Document, journal: &Journal) -> Option<Recovered> {
    if journal.session.as_ref() != Some(&document.session().id) {
        return None;
    }
    let history = document.history();
    let new: Vec<_> = journal.entries().filter(|entry| history.entry(entry.seq) != Some(entry)).collect();
    let (mut document, mut made, of) = (copy(document), 0, new.len() as u64);
    for entry in new {
        let edit = Edit { label: entry.label.clone(), changes: entry.edit.clone() };
        let stamp = Stamp { time: entry.time, who: entry.who.clone() };
        made += u64::from(document.apply(edit, stamp).is_ok());
    }
    (made > 0).then(|| Recovered { document, notices: vec![Notice::MadeAgain { made, of }] })
}

/// The document as far as the journal leads it on; `None` if the journal is of another history.
fn extended(document: &Document, journal: &Journal) -> Option<Document> {
    let history = document.history();
    let belongs = journal.bases.iter().any(|base| head_at(history, base.seq).as_ref() == Some(&base.head));
    if !belongs || journal.session.as_ref() != Some(&document.session().id) {
        return None;
    }
    let mut longer = copy(document);
    for line in journal.after(history).ok()? {
        if longer.replay(line.clone()).is_err() {
            break;
        }
    }
    Some(longer)
}

fn head_at(history: &History, seq: u64) -> Option<String> {
    match seq {
        0 => Some(History::new(history.first().clone()).head_hash().to_owned()),
        _ => history.entry(seq).map(Entry::hash),
    }
}

fn copy(document: &Document) -> Document {
    Document::from_parts(document.session().clone(), document.history().clone())
}

/// The file, a save that was not finished, and the earlier versions from late to early, as far as they can be read.
fn candidates(disk: &dyn Disk, paths: &Paths, notices: &mut Vec<Notice>) -> Vec<Candidate> {
    let kept = saves::list(disk, &paths.saves()).unwrap_or_default();
    let files = [paths.file.clone(), paths.unfinished()].into_iter().chain(kept.into_iter().map(|save| save.path));
    let mut candidates = Vec::new();
    for path in files {
        match read_whole(disk, &path) {
            Ok(document) => candidates.push(Candidate { path, document }),
            Err(FileError::NotThere(_)) => {}
            Err(error) => notices.push(Notice::Unusable { path, reason: error.to_string() }),
        }
    }
    candidates
}

fn read_whole(disk: &dyn Disk, path: &Path) -> Result<Document, FileError> {
    let bytes = disk.read(path).map_err(FileError::reading(path))?;
    let (content, _) = format::read(path, &bytes)?;
    let broken = |reason| FileError::BrokenRule { path: path.to_owned(), reason };
    content.session.check_rules().map_err(|error| broken(error.to_string()))?;
    Ok(document(content.session, content.history))
}

/// The journal, and those that were set aside.
fn journals(disk: &dyn Disk, paths: &Paths) -> Vec<(PathBuf, Journal)> {
    let aside = disk.list(&paths.side).unwrap_or_default().into_iter().filter(|name| name.starts_with(ASIDE));
    let files = std::iter::once(paths.journal()).chain(aside.map(|name| paths.side.join(name)));
    files.filter_map(|path| Some((path.clone(), Journal::read(&disk.read(&path).ok()?)))).collect()
}

/// The session before the cut in a file.
fn salvage(disk: &dyn Disk, paths: &Paths, mut notices: Vec<Notice>) -> Result<Recovered, FileError> {
    let bytes = disk.read(&paths.file).unwrap_or_default();
    let Some(session) = session_before_cut(&bytes) else {
        let looked_at = notices.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let reason =
            if looked_at.is_empty() { "neither it nor an earlier version is there".to_owned() } else { looked_at };
        return Err(FileError::NothingToRecover { path: paths.file.clone(), reason });
    };
    notices.extend([Notice::CutInside(paths.file.clone()), Notice::NoHistory]);
    Ok(Recovered { document: Document::new(session), notices })
}

/// The session in the text of a file that was cut anywhere: without the marks behind the cut and the one at it.
fn session_before_cut(bytes: &[u8]) -> Option<Session> {
    let mut file: Value = serde_json::from_str(&closed(bytes)).ok()?;
    let mut session = file.get_mut("session")?.take();
    if let Some(marks) =
        session.get_mut("tracks").and_then(|tracks| tracks.as_array_mut()?.last_mut()?.get_mut("marks")?.as_array_mut())
        && marks.last().is_some_and(|mark| serde_json::from_value::<Mark>(mark.clone()).is_err())
    {
        marks.pop();
    }
    let session: Session = serde_json::from_value(session).ok()?;
    session.check_rules().ok()?;
    Some(session)
}

/// JSON that was cut anywhere, made whole: it ends after its last whole value, and all that is open is closed.
fn closed(bytes: &[u8]) -> String {
    let (mut open, mut in_string, mut is_escaped) = (Vec::new(), false, false);
    let mut whole = (0, Vec::new()); // how much of it, and what must be closed there
    for (place, &byte) in bytes.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                open.push(byte + 2); // `}` and `]` are two behind them
                whole = (place + 1, open.clone());
            }
            b'}' | b']' => {
                open.pop();
                whole = (place + 1, open.clone());
            }
            b',' => whole = (place, open.clone()),
            _ => {}
        }
    }
    let (len, open) = whole;
    let text = String::from_utf8_lossy(&bytes[..len]).into_owned();
    text + &open.iter().rev().map(|&byte| char::from(byte)).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cut_anywhere_is_made_whole() {
        let whole = r#"{"a": [1, {"b": "c,]\"}"}, [2]], "d": {}}"#;
        for cut in 1..=whole.len() {
            let text = closed(&whole.as_bytes()[..cut]);
            assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
        }
        assert_eq!(closed(br#"{"a": [1, {"b": "c"#), r#"{"a": [1, {}]}"#);
        assert_eq!(closed(br#"{"a": [1, {"b": 2, "c"#), r#"{"a": [1, {"b": 2}]}"#);
    }
}
