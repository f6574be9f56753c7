//! A session from what is left: the file, its journals, its earlier versions, or the part of a file before a cut.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use super::disk::Disk;
use super::format::Head;
use super::journal::Journal;
use super::open::document;
use super::paths::Paths;
use super::report::Notice;
use super::save::ASIDE;
use super::{Damage, FileError, format, migrate, saves};
use crate::difference::difference;
use crate::{Document, Edit, Entry, History, LogLine, Mark, Session, Stamp};

/// A session made from what was left of it. It has no file yet.
#[derive(Debug)]
pub struct Recovered {
    /// The session.
    pub document: Document,
    /// What it was made from, and what could not be used.
    pub notices: Vec<Notice>,
}

/// A file that holds a session, or what is left of one.
struct Candidate {
    path: PathBuf,
    document: Document,
    n_known: u64, // steps of its history that are known one by one
    damage: Option<Damaged>,
}

/// What is wrong with a file, and what was made of it.
struct Damaged {
    damage: Damage,
    notices: Vec<Notice>,
}

impl Candidate {
    fn whole(path: PathBuf, document: Document) -> Self {
        Self { path, n_known: document.history().last_seq(), document, damage: None }
    }
}

/// Makes a session from the file, its journals and its earlier versions: the one in which most was done. Changes nothing.
///
/// # Errors
/// [`FileError::NothingToRecover`], saying what was looked at; [`FileError::Newer`] where a later version wrote the file.
pub fn recover(disk: &dyn Disk, path: &Path) -> Result<Recovered, FileError> {
    let paths = Paths::new(disk.resolve(path).map_err(FileError::reading(path))?);
    let mut notices = Vec::new();
    let candidates = candidates(disk, &paths, &mut notices)?;
    let journals = journals(disk, &paths);
    let all = candidates.iter().flat_map(|candidate| {
        let alone = std::iter::once((candidate.n_known, candidate, None));
        alone.chain(journals.iter().filter_map(move |journal| {
            let document = extended(&candidate.document, journal)?;
            Some((document.history().last_seq(), candidate, Some(document)))
        }))
    });
    // Of equals the first, but for one that is damaged.
    let rank = |(n_known, candidate, _): &(u64, &Candidate, Option<Document>)| (*n_known, candidate.damage.is_none());
    let best = all.reduce(|best, next| if rank(&next) > rank(&best) { next } else { best });
    let Some((_, candidate, with_journal)) = best else {
        let looked_at = notices.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let reason =
            if looked_at.is_empty() { "neither it nor an earlier version is there".to_owned() } else { looked_at };
        return Err(FileError::NothingToRecover { path: paths.file.clone(), reason });
    };
    for Candidate { path, damage, .. } in candidates.iter().filter(|other| !std::ptr::eq(*other, candidate)) {
        let reason = damage.as_ref().map(|damaged| format!("it {}", damaged.damage));
        notices.extend(reason.map(|reason| Notice::Unusable { path: path.clone(), reason }));
    }
    notices.push(Notice::RecoveredFrom(candidate.path.clone()));
    notices.extend(candidate.damage.iter().flat_map(|damaged| damaged.notices.clone()));
    let steps =
        with_journal.as_ref().map(|longer| longer.history().last_seq() - candidate.document.history().last_seq());
    notices.extend(steps.map(Notice::Replayed));
    let mut document = with_journal.unwrap_or_else(|| copy(&candidate.document));
    document.finish();
    Ok(Recovered { document, notices })
}

/// What can be had from a journal that does not belong to the file.
pub(super) fn from_journal(disk: &dyn Disk, paths: &Paths, journal: Option<&Journal>) -> Option<Recovered> {
    let journal = journal?;
    let candidates = candidates(disk, paths, &mut Vec::new()).ok()?;
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
///
/// # Errors
/// [`FileError::Newer`] where a later version wrote the file itself.
fn candidates(disk: &dyn Disk, paths: &Paths, notices: &mut Vec<Notice>) -> Result<Vec<Candidate>, FileError> {
    let kept = saves::list(disk, &paths.saves()).unwrap_or_default();
    let files = [paths.file.clone(), paths.unfinished()].into_iter().chain(kept.into_iter().map(|save| save.path));
    let mut candidates = Vec::new();
    for path in files {
        let reason = match candidate(disk, &path) {
            Ok(candidate) => {
                candidates.push(candidate);
                continue;
            }
            Err(FileError::NotThere(_)) => continue,
            Err(error @ FileError::Newer { .. }) if path == paths.file => return Err(error),
            Err(FileError::Damaged { damage, .. }) => format!("it {damage}"),
            Err(error) => error.to_string(),
        };
        notices.push(Notice::Unusable { path, reason });
    }
    Ok(candidates)
}

fn candidate(disk: &dyn Disk, path: &Path) -> Result<Candidate, FileError> {
    let bytes = disk.read(path).map_err(FileError::reading(path))?;
    match read_whole(path, &bytes) {
        Ok(document) => Ok(Candidate::whole(path.to_owned(), document)),
        Err(FileError::Damaged { damage, .. }) => {
            let left = left_in(path, &bytes, &damage)?;
            left.ok_or_else(|| FileError::damaged(path, damage))
        }
        Err(error) => Err(error),
    }
}

fn read_whole(path: &Path, bytes: &[u8]) -> Result<Document, FileError> {
    let (content, _) = format::read(path, bytes)?;
    content.session.check_rules().map_err(|error| FileError::damaged(path, Damage::BrokenRule(error.to_string())))?;
    Ok(document(content.session, content.history))
}

/// The journal, and those that were set aside.
fn journals(disk: &dyn Disk, paths: &Paths) -> Vec<Journal> {
    let aside = disk.list(&paths.side).unwrap_or_default().into_iter().filter(|name| name.starts_with(ASIDE));
    let files = std::iter::once(paths.journal()).chain(aside.map(|name| paths.side.join(name)));
    files.filter_map(|path| Some(Journal::read(&disk.read(&path).ok()?))).collect()
}

/// What is left in a damaged file: its session, the part of its history that leads there, or what that part gives alone.
///
/// # Errors
/// [`FileError::Newer`] where a later version wrote it.
fn left_in(path: &Path, bytes: &[u8], damage: &Damage) -> Result<Option<Candidate>, FileError> {
    let Ok(mut file) = serde_json::from_str::<Value>(&closed(format::without_mark(bytes))) else { return Ok(None) };
    match format::major(path, &Head::of(&file)) {
        Err(error @ FileError::Newer { .. }) => return Err(error),
        Err(_) => return Ok(None),
        Ok(major) => match migrate::migrate(file, major, &migrate::STEPS) {
            Ok(migrated) => file = migrated,
            Err(_) => return Ok(None),
        },
    }
    let is_cut = !matches!(damage, Damage::Invalid { .. } | Damage::BrokenRule(_));
    let session = file.get_mut("session").map(Value::take).and_then(|session| sound(session, is_cut));
    let history = file.get_mut("history").map(Value::take).and_then(replayed);
    let mut notices = vec![Notice::Damaged { path: path.to_owned(), damage: damage.clone() }];
    let (document, n_known) = match (session, history) {
        (None, None) => return Ok(None),
        (None, Some((document, of))) => {
            let made = document.history().last_seq();
            notices.push(Notice::MadeFromHistory { made, of });
            (document, made)
        }
        (Some(session), history) => {
            let led = history.and_then(|(document, _)| {
                let steps = document.history().last_seq();
                Some((led_to(document, &session)?, steps))
            });
            notices.push(match &led {
                Some((document, steps)) => {
                    Notice::HistoryKept { steps: *steps, with_rest: document.history().last_seq() > *steps }
                }
                None => Notice::HistoryLost,
            });
            led.unwrap_or_else(|| (Document::new(session), 0))
        }
    };
    let damage = Some(Damaged { damage: damage.clone(), notices });
    Ok(Some(Candidate { path: path.to_owned(), document, n_known, damage }))
}

/// The document, led to a session of the same history by one step that does what steps which are lost have done.
///
/// `None` if there is no such step. When those were made is not known: it is stamped with the time of the one before it.
fn led_to(mut document: Document, session: &Session) -> Option<Document> {
    if document.session() == session {
        return Some(document);
    }
    let edit =
        Edit { label: "all that the lost steps did".to_owned(), changes: difference(document.session(), session) };
    let time = document.history().entries().last().map_or(Timestamp::UNIX_EPOCH, |entry| entry.time);
    document.apply(edit, Stamp { time, who: session.coder.clone() }).ok()?;
    (document.session() == session).then_some(document)
}

/// What a history gives, up to the first step that is cut off or does not fit; and how many steps are in it.
fn replayed(mut history: Value) -> Option<(Document, u64)> {
    let Value::Array(entries) = history.get_mut("entries")?.take() else { return None };
    let first: Session = serde_json::from_value(history.get_mut("first")?.take()).ok()?;
    first.check_rules().ok()?;
    let (mut document, of) = (Document::new(first), entries.len() as u64);
    let steps = entries.into_iter().map(|entry| serde_json::from_value(entry).ok().map(LogLine::Entry));
    if replay_all(&mut document, steps)
        && let Some(Value::Array(grown)) = history.get_mut("grown").map(Value::take)
    {
        let growth = grown.into_iter().map(|growth| serde_json::from_value(growth).ok().map(LogLine::Growth));
        replay_all(&mut document, growth);
    }
    Some((document, of))
}

/// Replays the lines up to the first that cannot be read or does not fit. Were there no others?
fn replay_all(document: &mut Document, mut lines: impl Iterator<Item = Option<LogLine>>) -> bool {
    lines.all(|line| line.is_some_and(|line| document.replay(line).is_ok()))
}

/// The session in a file if it is sound; in one that was cut, without the mark at the cut.
fn sound(mut session: Value, is_cut: bool) -> Option<Session> {
    if is_cut
        && let Some(marks) = session
            .get_mut("tracks")
            .and_then(|tracks| tracks.as_array_mut()?.last_mut()?.get_mut("marks")?.as_array_mut())
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
