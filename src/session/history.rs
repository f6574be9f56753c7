//! Every edit since a session was made, each chained to the one before: undo, who did what, and the proof.
//!
//! ```text
//! first --grown,edit--> 1 --grown,edit--> 2 --grown,undo of 2--> 3 --grown-->  the session
//! ```
//!
//! The history keeps the session as it was made (`first`), so that replaying is nothing but applying the entries in
//! their order: what is proved is that `first`, the entries and the growth after them give the session.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use span::{Instant, Span, SpanSet};

use crate::{Change, Edit, EditError, Extra, MarkId, Session, TrackKey, When};

/// One step: who changed what, when, and what came before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Its place: 1, 2, 3, ...
    pub seq: u64,
    /// When it was made.
    #[schemars(with = "String")]
    pub time: Timestamp,
    /// The pseudonym of who made it.
    pub who: String,
    /// What it is called: "code infant gaze partner".
    pub label: String,
    /// A new edit, one taken back or made again, or no edit of anybody's.
    #[serde(default, skip_serializing_if = "EntryKind::is_edit")]
    pub kind: EntryKind,
    /// How far open states and coded time have grown since the entry before: it comes before the edit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grown: Vec<Growth>,
    /// What it changes.
    pub edit: Vec<Change>,
    /// What takes it back.
    pub inverse: Vec<Change>,
    /// BLAKE3 of the bytes of the entry before, of the session's id for the first; hexadecimal digits.
    pub prev: String,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What an entry is to the entries before it. Undo and redo are entries: the history only grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A new edit.
    #[default]
    Edit,
    /// The edit of this `seq` taken back.
    Undo(u64),
    /// The edit of this `seq` made again.
    Redo(u64),
    /// What the program has found out about a medium: nobody's step, and not taken back.
    Found,
}

/// How far an open state or the coded time of a track has grown: no step of the history, and harmless when applied twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Growth {
    /// An open state ends later.
    Mark {
        /// The track that it is on.
        track: TrackKey,
        /// The state.
        id: MarkId,
        /// Its end now.
        #[serde(rename = "end_us")]
        #[schemars(with = "i64")]
        end: Instant,
        /// It has met what it may not grow beyond, and is open no more.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        closed: bool,
    },
    /// More of the time has been looked at.
    Coded {
        /// The track.
        track: TrackKey,
        /// The time, whether it is new or not.
        #[serde(rename = "added_us")]
        #[schemars(with = "Vec<(i64, i64)>")]
        added: SpanSet,
    },
}

/// Every edit since the session was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Record", into = "Record")]
pub struct History {
    first: Session,
    entries: Vec<Entry>,
    grown: Vec<Growth>, // since the last entry; at most one for each open state, and one for the coded time of each track
    // Both follow from the kinds of the entries.
    undo: Vec<Step>,
    redo: Vec<Step>,
    head: String, // the hash of the last entry, of the session's id where there is none
}

/// A step that can be taken back or made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    of: u64, // the entry that made it first
    by: u64, // the entry whose inverse takes it back, or makes it again
}

/// Why a history is not whole, or does not lead to the session.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// An entry is not at its place.
    #[error("entry {found} stands where entry {expected} belongs")]
    Order {
        /// The number that belongs there.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// An entry does not name the entry before it.
    #[error("entry {0} does not continue the entry before it: one of the two was changed or is of another history")]
    Chain(u64),
    /// An entry would not be taken back by its inverse.
    #[error("entry {0} and its inverse do not belong together")]
    Inverse(u64),
    /// An entry takes back or makes again what cannot be.
    #[error("entry {seq} takes back or makes again entry {of}, which is not the one that can be")]
    Kind {
        /// The entry.
        seq: u64,
        /// The entry that it names.
        of: u64,
    },
    /// An entry does not fit the session that the entries before it give.
    #[error("entry {seq} cannot be applied: {source}")]
    Apply {
        /// The entry; one more than the last for the growth after it.
        seq: u64,
        /// Why.
        source: EditError,
    },
    /// The entries lead to another session than the one in the file.
    #[error("replaying the history does not give the session: one of the two was changed by other means")]
    OtherSession,
}

impl Entry {
    /// The bytes that the next entry's `prev` is the hash of: the entry as compact JSON on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an entry has text keys and no number that JSON lacks")
    }

    /// BLAKE3 of [`Entry::to_json`], in hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        blake3::hash(self.to_json().as_bytes()).to_hex().to_string()
    }

    /// Makes the growth and then the changes, or none of them.
    fn apply_to(&self, session: &mut Session) -> Result<(), HistoryError> {
        let failed = |source| HistoryError::Apply { seq: self.seq, source };
        let mut ignored = Vec::new();
        self.grown.iter().try_for_each(|growth| growth.apply_to(session, &mut ignored).map(drop)).map_err(failed)?;
        Edit { label: self.label.clone(), changes: self.edit.clone() }.apply_to(session).map_err(failed)
    }
}

impl EntryKind {
    /// Is it a new edit?
    #[must_use]
    pub const fn is_edit(&self) -> bool {
        matches!(self, Self::Edit)
    }
}

impl Growth {
    /// The track that grew.
    #[must_use]
    pub const fn track(&self) -> &TrackKey {
        match self {
            Self::Mark { track, .. } | Self::Coded { track, .. } => track,
        }
    }

    /// Grows the session, and notes it in `noted` together with what has grown before. Says whether anything grew.
    pub(crate) fn apply_to(&self, session: &mut Session, noted: &mut Vec<Self>) -> Result<bool, EditError> {
        let key = self.track();
        let grew = match self {
            Self::Coded { added, .. } => {
                let track = session.track_mut(key)?;
                let union = track.coded.union(added);
                let grew = union != track.coded;
                track.coded = union;
                grew
            }
            Self::Mark { id, end, closed, .. } => grow(session, key, *id, *end, *closed)?,
        };
        if grew {
            self.note_in(noted);
        }
        Ok(grew)
    }

    fn note_in(&self, noted: &mut Vec<Self>) {
        let same = noted.iter_mut().find(|other| match (self, &**other) {
            (Self::Mark { id, .. }, Self::Mark { id: other, .. }) => id == other,
            (Self::Coded { track, .. }, Self::Coded { track: other, .. }) => track == other,
            _ => false,
        });
        match (same, self) {
            (None, _) => noted.push(self.clone()),
            (Some(Self::Coded { added: before, .. }), Self::Coded { added, .. }) => *before = before.union(added),
            (Some(before), _) => *before = self.clone(),
        }
    }
}

/// Gives an open state a later end. Says whether that is news.
fn grow(session: &mut Session, key: &TrackKey, id: MarkId, end: Instant, closed: bool) -> Result<bool, EditError> {
    let exclusive = session.scheme.channel(key).is_some_and(|channel| channel.exclusive);
    let marks = &mut session.track_mut(key)?.marks;
    let name = || format!("mark {id}");
    let mut place = marks.iter().position(|mark| mark.id == id).ok_or_else(|| EditError::NotThere(name()))?;
    let When::State { span, open } = marks[place].when else { return Err(EditError::Changed(name())) };
    let Ok(longer) = Span::new(span.start(), end) else { return Err(EditError::Changed(name())) };
    if end < span.end() || (end == span.end() && !(open && closed)) {
        return Ok(false);
    }
    if !open || (exclusive && marks.get(place + 1).is_some_and(|next| next.start() < end)) {
        return Err(EditError::Changed(name()));
    }
    marks[place].when = When::State { span: longer, open: !closed };
    while marks.get(place + 1).is_some_and(|next| next.order() < marks[place].order()) {
        marks.swap(place, place + 1); // of two states of one start, the longer stands behind
        place += 1;
    }
    Ok(true)
}

impl History {
    /// The history of a session that has just been made: nothing has happened to it yet.
    #[must_use]
    pub fn new(first: Session) -> Self {
        let head = blake3::hash(first.id.as_str().as_bytes()).to_hex().to_string();
        Self { first, entries: Vec::new(), grown: Vec::new(), undo: Vec::new(), redo: Vec::new(), head }
    }

    /// The session as it was made.
    #[must_use]
    pub const fn first(&self) -> &Session {
        &self.first
    }

    /// Everything that has been done, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How far open states and coded time have grown since the last entry.
    #[must_use]
    pub fn grown(&self) -> &[Growth] {
        &self.grown
    }

    /// The number of the last entry, 0 where there is none.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The hash of the last entry; of the session's id where there is none. Who has noted it can tell later whether the history was changed.
    #[must_use]
    pub fn head_hash(&self) -> &str {
        &self.head
    }

    /// The entry whose inverse is the next undo, with the number of the edit that it takes back.
    #[must_use]
    pub fn undoable(&self) -> Option<(u64, &Entry)> {
        self.undo.last().and_then(|step| Some((step.of, self.entry(step.by)?)))
    }

    /// The entry whose inverse is the next redo, with the number of the edit that it makes again.
    #[must_use]
    pub fn redoable(&self) -> Option<(u64, &Entry)> {
        self.redo.last().and_then(|step| Some((step.of, self.entry(step.by)?)))
    }

    /// The entry of this number.
    #[must_use]
    pub fn entry(&self, seq: u64) -> Option<&Entry> {
        self.entries.get(usize::try_from(seq.checked_sub(1)?).ok()?)
    }

    /// Is the chain whole? Every entry at its place, continuing the one before it, with the inverse that takes it back.
    ///
    /// # Errors
    /// [`HistoryError`], naming the first entry at which it is not.
    pub fn verify(&self) -> Result<(), HistoryError> {
        let mut whole = Self::new(self.first.clone());
        for entry in &self.entries {
            whole.check_next(entry)?;
            whole.push(entry.clone());
        }
        Ok(())
    }

    /// The session that the history leads to.
    ///
    /// # Errors
    /// [`HistoryError::Apply`], naming the first entry that does not fit.
    pub fn replay(&self) -> Result<Session, HistoryError> {
        let mut session = self.first.clone();
        self.entries.iter().try_for_each(|entry| entry.apply_to(&mut session))?;
        let mut ignored = Vec::new();
        for growth in &self.grown {
            let failed = |source| HistoryError::Apply { seq: self.last_seq() + 1, source };
            growth.apply_to(&mut session, &mut ignored).map_err(failed)?;
        }
        Ok(session)
    }

    /// Is the chain whole, and does replaying it give `session`? What `attune log --verify` asks.
    ///
    /// # Errors
    /// [`HistoryError`], naming where not.
    pub fn prove(&self, session: &Session) -> Result<(), HistoryError> {
        self.verify()?;
        if self.replay()? == *session { Ok(()) } else { Err(HistoryError::OtherSession) }
    }

    /// Would `entry` continue this history?
    pub(crate) fn check_next(&self, entry: &Entry) -> Result<(), HistoryError> {
        let expected = self.last_seq() + 1;
        if entry.seq != expected {
            return Err(HistoryError::Order { expected, found: entry.seq });
        }
        if entry.prev != self.head {
            return Err(HistoryError::Chain(entry.seq));
        }
        let edit = Edit { label: String::new(), changes: entry.edit.clone() };
        if edit.inverse().changes != entry.inverse {
            return Err(HistoryError::Inverse(entry.seq));
        }
        let fits = |stack: &[Step], of| stack.last().is_some_and(|step| step.of == of);
        match entry.kind {
            EntryKind::Undo(of) if !fits(&self.undo, of) => Err(HistoryError::Kind { seq: entry.seq, of }),
            EntryKind::Redo(of) if !fits(&self.redo, of) => Err(HistoryError::Kind { seq: entry.seq, of }),
            _ => Ok(()),
        }
    }

    /// Adds an entry that [`Self::check_next`] has passed, or that was read from a file.
    pub(crate) fn push(&mut self, entry: Entry) {
        self.head = entry.hash();
        self.step(&entry);
        self.entries.push(entry);
        self.grown.clear();
    }

    pub(crate) const fn grown_mut(&mut self) -> &mut Vec<Growth> {
        &mut self.grown
    }

    fn step(&mut self, entry: &Entry) {
        match entry.kind {
            EntryKind::Edit => {
                self.undo.push(Step { of: entry.seq, by: entry.seq });
                self.redo.clear();
            }
            EntryKind::Undo(of) => {
                self.undo.pop();
                self.redo.push(Step { of, by: entry.seq });
            }
            EntryKind::Redo(of) => {
                self.redo.pop();
                self.undo.push(Step { of, by: entry.seq });
            }
            EntryKind::Found => {}
        }
    }
}

/// How a history stands in a file.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "History")]
struct Record {
    /// The session as it was made.
    first: Session,
    /// Everything that has been done, in order.
    entries: Vec<Entry>,
    /// How far open states and coded time have grown since the last entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    grown: Vec<Growth>,
}

impl From<Record> for History {
    fn from(record: Record) -> Self {
        let mut history = Self::new(record.first);
        for entry in &record.entries {
            history.step(entry);
        }
        if let Some(last) = record.entries.last() {
            history.head = last.hash();
        }
        Self { entries: record.entries, grown: record.grown, ..history }
    }
}

impl From<History> for Record {
    fn from(history: History) -> Self {
        Self { first: history.first, entries: history.entries, grown: history.grown }
    }
}
