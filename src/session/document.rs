//! A session with its history and its log: the only way to change a session.

use crossbeam_channel::Sender;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use span::{Instant, Span, SpanSet};

use crate::{
    Change, Edit, EditError, Entry, EntryKind, Extra, Growth, History, HistoryError, Ids, Item, Mark, Medium, Session,
    TrackKey,
    rebase::{rebased, with_found},
};

/// A session, its history and its log. Only [`Document::apply`], [`Document::revise`], [`Document::undo`] and [`Document::redo`] change a
/// session; beside them, open states and coded time grow ([`Document::extend_open`], [`Document::extend_coded`]).
#[derive(Debug)]
pub struct Document {
    session: Session,
    history: History,
    underway: Option<(Edit, Stamp)>, // is applied to the session, and not in the history yet
    underway_logged: Option<Stamp>,  // of the step under way that the log has last heard of, unless it became an entry
    ids: Ids,                        // after every id that the session or the history has ever had
    revision: u64,
    growth: u64,
    grown_unlogged: bool,
    log: Option<Sender<LogLine>>,
}

/// When something was done, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The moment, on the world's clock.
    pub time: Timestamp,
    /// The coder's pseudonym.
    pub who: String,
}

/// What the log writer is given, in order. [`Document::replay`] takes the lines back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLine {
    /// A step.
    Entry(Entry),
    /// How far something has grown since the last entry.
    Growth(Growth),
    /// A step under way, as it is so far: the next line of this kind, or the entry of its number, takes its place. One that was abandoned changes nothing.
    Underway(Entry),
}

impl Document {
    /// A session that has just been made, with an empty history.
    #[must_use]
    pub fn new(session: Session) -> Self {
        let history = History::new(session.clone());
        Self::from_parts(session, history)
    }

    /// A session and the history that leads to it, as they stand in a file. [`Session::check_rules`] and [`History::prove`] say whether they are fit.
    #[must_use]
    pub fn from_parts(session: Session, history: History) -> Self {
        let mut ids = Ids::after(session.largest_id().max(history.first().largest_id()));
        history.entries().iter().flat_map(|entry| &entry.edit).for_each(|change| change.skip_ids(&mut ids));
        let revision = history.last_seq();
        Self {
            session,
            history,
            underway: None,
            underway_logged: None,
            ids,
            revision,
            growth: 0,
            grown_unlogged: false,
            log: None,
        }
    }

    /// The session as it is now, with the step under way.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// What has been done, without the step under way: [`Document::finish`] before saving.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// Changes with every step, and with every change of a step under way.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Changes whenever an open state or coded time grows.
    #[must_use]
    pub const fn growth(&self) -> u64 {
        self.growth
    }

    /// Ids that this session has never had.
    #[must_use]
    pub const fn ids(&self) -> Ids {
        self.ids
    }

    /// Sends every step from now on, and growth when [`Document::flush_growth`] is called, to a log writer.
    pub fn attach_log(&mut self, log: Sender<LogLine>) {
        self.log = Some(log);
    }

    /// Makes an edit, as one step of the history. A step under way is finished first.
    ///
    /// # Errors
    /// [`EditError`], with the session as it was.
    pub fn apply(&mut self, edit: Edit, stamp: Stamp) -> Result<(), EditError> {
        self.finish();
        if edit.changes.is_empty() {
            return Err(EditError::Empty);
        }
        edit.apply_to(&mut self.session)?;
        self.record(EntryKind::Edit, edit, stamp);
        Ok(())
    }

    /// Notes what the program has found out about a medium that is in the session: where its file is, what it holds, its identity, its end, the length of its frames. Undo leaves it as it is.
    ///
    /// # Errors
    /// [`EditError`] where there is no such medium, or where it says anything else than before.
    pub fn note_found(&mut self, medium: Medium, stamp: Stamp) -> Result<(), EditError> {
        let found = self.session.media.iter().enumerate().find(|(_, other)| other.id == medium.id);
        let (index, before) = found.ok_or_else(|| EditError::NotThere(format!("medium {}", medium.id)))?;
        if *before == medium {
            return Ok(());
        }
        if with_found(before, &medium) != medium {
            return Err(EditError::Changed(format!("medium {}", medium.id)));
        }
        let what = if before.path == medium.path { "what" } else { "where" };
        let label = format!("{what} medium {} is", medium.id);
        let item = |medium: Medium| Item::Medium { index, medium };
        let edit = Edit::one(label, Change::Replace { from: item(before.clone()), to: item(medium) });
        self.finish();
        edit.apply_to(&mut self.session)?;
        self.record(EntryKind::Found, edit, stamp);
        Ok(())
    }

    /// Makes an edit that is one step with the revisions before it: a drag, a key held down, a run that overwrites.
    ///
    /// `make` is given the session as it was before the step, and ids that are the same at each revision; the edit that it gives replaces the one
    /// of the revision before. The step is in the session at once, and in the history when it is finished.
    ///
    /// # Errors
    /// The error of `make`, or [`EditError`] made into one; the session and the step under way are as they were.
    pub fn revise<E: From<EditError>>(
        &mut self,
        stamp: Stamp,
        make: impl FnOnce(&Session, Ids) -> Result<Edit, E>,
    ) -> Result<(), E> {
        let before = self.underway.take();
        if let Some((edit, _)) = &before {
            edit.inverse().apply_to(&mut self.session).expect("nothing changes what a step under way has made");
        }
        let made = make(&self.session, self.ids).and_then(|edit| {
            edit.apply_to(&mut self.session)?;
            Ok(edit)
        });
        match made {
            Ok(edit) => {
                self.underway = (!edit.changes.is_empty()).then_some((edit, stamp));
                self.revision += 1;
                self.grown_unlogged = true;
                Ok(())
            }
            Err(error) => {
                if let Some((edit, _)) = &before {
                    edit.apply_to(&mut self.session).expect("what was just taken back can be made again");
                }
                self.underway = before;
                Err(error)
            }
        }
    }

    /// Makes the step under way, if there is one, an entry of the history. Before saving and closing, and at the end of a gesture.
    pub fn finish(&mut self) {
        if let Some((edit, stamp)) = self.underway.take() {
            self.record(EntryKind::Edit, edit, stamp);
        }
    }

    /// Takes the step under way back as if it had never begun.
    pub fn abandon(&mut self) {
        if let Some((edit, _)) = self.underway.take() {
            edit.inverse().apply_to(&mut self.session).expect("nothing changes what a step under way has made");
            self.revision += 1;
            self.grown_unlogged = true;
        }
    }

    /// What [`Document::undo`] would take back.
    #[must_use]
    pub fn undo_label(&self) -> Option<&str> {
        let underway = self.underway.as_ref().map(|(edit, _)| edit.label.as_str());
        underway.or_else(|| self.history.undoable().map(|(_, entry)| entry.label.as_str()))
    }

    /// What [`Document::redo`] would make again.
    #[must_use]
    pub fn redo_label(&self) -> Option<&str> {
        let redoable = self.history.redoable().filter(|_| self.underway.is_none());
        redoable.map(|(_, entry)| entry.label.as_str())
    }

    /// Takes the last step back, with what its open states have grown since; says what it was. Coded time that has grown since stays.
    ///
    /// # Errors
    /// [`EditError`] where the history does not fit the session; the session is as it was.
    pub fn undo(&mut self, stamp: Stamp) -> Result<Option<String>, EditError> {
        self.finish();
        let Some((of, entry)) = self.history.undoable() else { return Ok(None) };
        self.reverse(EntryKind::Undo(of), entry.label.clone(), &entry.inverse.clone(), stamp)
    }

    /// Makes the step that was taken back last again; says what it was.
    ///
    /// # Errors
    /// [`EditError`] where the history does not fit the session; the session is as it was.
    pub fn redo(&mut self, stamp: Stamp) -> Result<Option<String>, EditError> {
        self.finish();
        let Some((of, entry)) = self.history.redoable() else { return Ok(None) };
        self.reverse(EntryKind::Redo(of), entry.label.clone(), &entry.inverse.clone(), stamp)
    }

    /// Takes the last step back if it is a change of marks and nothing else; gives its label and the moment at which it changed them.
    ///
    /// # Errors
    /// [`EditError`] as [`Document::undo`].
    pub fn take_last_coding_act(&mut self, stamp: Stamp) -> Result<Option<(String, Instant)>, EditError> {
        self.finish();
        let Some(at) = self.history.undoable().and_then(|(_, entry)| time_of_coding_act(&entry.inverse)) else {
            return Ok(None);
        };
        Ok(self.undo(stamp)?.map(|label| (label, at)))
    }

    /// Lets the open states of a track grow over the frames seen, up to what they may not grow beyond, where they are closed.
    ///
    /// `seen` ends with the frame on screen and begins with the one shown before it, so that frames left out are none that nobody watched. A state that
    /// ends before `seen` begins does not grow: what lies between was skipped. A step under way grows by its revisions alone. Not for playing in reverse.
    pub fn extend_open(&mut self, key: &TrackKey, seen: Span) {
        let Some(track) = self.session.track(key) else { return };
        let touched = |mark: &&Mark| {
            mark.is_open() && mark.span().is_some_and(|span| seen.start() <= span.end() && span.end() < seen.end())
        };
        let growths: Vec<Growth> =
            track.marks.iter().filter(touched).map(|mark| self.growth_of(key, mark, seen.end())).collect();
        for growth in growths {
            let is_underway = |change: &Change| change.items().any(|item| growth.is_of(item));
            if !self.underway.as_ref().is_some_and(|(edit, _)| edit.changes.iter().any(is_underway)) {
                self.grow(&growth);
            }
        }
    }

    fn growth_of(&self, key: &TrackKey, mark: &Mark, to: Instant) -> Growth {
        let limit = self.session.track(key).and_then(|track| self.session.limit_after(track, mark.start(), &mark.code));
        let closed = limit.is_some_and(|limit| limit <= to);
        let end = limit.map_or(to, |limit| limit.min(to)).max(mark.when.end());
        Growth::Mark { track: key.clone(), id: mark.id, end, closed }
    }

    /// Adds the frames seen to the coded time of the armed track, unless that is what a step under way changes.
    pub fn extend_coded(&mut self, key: &TrackKey, seen: Span) {
        let is_underway = self
            .underway
            .iter()
            .flat_map(|(edit, _)| &edit.changes)
            .flat_map(Change::items)
            .any(|item| item.is_coded_of(key));
        if !is_underway && self.session.track(key).is_some_and(|track| !track.coded.covers(seen)) {
            self.grow(&Growth::Coded { track: key.clone(), added: SpanSet::from(seen) });
        }
    }

    fn grow(&mut self, growth: &Growth) {
        let grew = growth
            .apply_to(&mut self.session, self.history.grown_mut())
            .expect("growth was computed from this session");
        if grew {
            self.growth += 1;
            self.grown_unlogged = true;
        }
    }

    /// Has anything grown that [`Document::flush_growth`] has not handed to the log yet?
    #[must_use]
    pub const fn has_unlogged_growth(&self) -> bool {
        self.grown_unlogged
    }

    /// Hands the growth since the last entry, and the step under way, to the log: in time while the video plays, and at pause, seek, save and close.
    pub fn flush_growth(&mut self) {
        if std::mem::take(&mut self.grown_unlogged) && self.log.is_some() {
            self.history.grown().iter().cloned().for_each(|growth| self.send(LogLine::Growth(growth)));
            let nothing = |stamp| (Edit { label: String::new(), changes: Vec::new() }, stamp);
            if let Some((edit, stamp)) = self.underway.clone().or_else(|| self.underway_logged.take().map(nothing)) {
                self.underway_logged = (!edit.changes.is_empty()).then(|| stamp.clone());
                self.send(LogLine::Underway(self.entry(EntryKind::Edit, edit, stamp)));
            }
        }
    }

    /// Takes a line that this document's log was given, without logging it again. A step that was under way at the last line is finished by [`Document::finish`].
    ///
    /// # Errors
    /// [`HistoryError`] where the line does not continue the history; the session and its history still belong together.
    pub fn replay(&mut self, line: LogLine) -> Result<(), HistoryError> {
        match line {
            LogLine::Growth(growth) => {
                // What grew may since have outgrown a step that was then under way.
                let underway = self.underway.clone();
                self.abandon();
                let grown = self.replay_growth(&growth);
                self.underway = underway.filter(|(edit, _)| edit.apply_to(&mut self.session).is_ok());
                grown
            }
            LogLine::Underway(entry) => {
                self.replay_changes(&entry)?;
                let edit = Edit { label: entry.label, changes: entry.edit };
                let is_something = !edit.changes.is_empty();
                self.underway = is_something.then_some((edit, Stamp { time: entry.time, who: entry.who }));
                Ok(())
            }
            LogLine::Entry(entry) => {
                self.replay_changes(&entry)?;
                entry.edit.iter().for_each(|change| change.skip_ids(&mut self.ids));
                self.history.push(entry);
                Ok(())
            }
        }
    }

    fn replay_changes(&mut self, entry: &Entry) -> Result<(), HistoryError> {
        self.abandon();
        self.history.check_next(entry)?;
        entry.grown.iter().try_for_each(|growth| self.replay_growth(growth))?;
        let edit = Edit { label: entry.label.clone(), changes: entry.edit.clone() };
        edit.apply_to(&mut self.session).map_err(|source| HistoryError::Apply { seq: entry.seq, source })?;
        self.revision += 1;
        Ok(())
    }

    fn replay_growth(&mut self, growth: &Growth) -> Result<(), HistoryError> {
        let seq = self.history.last_seq() + 1;
        let grew = growth.apply_to(&mut self.session, self.history.grown_mut());
        self.growth += u64::from(grew.map_err(|source| HistoryError::Apply { seq, source })?);
        Ok(())
    }

    fn reverse(
        &mut self,
        kind: EntryKind,
        label: String,
        inverse: &[Change],
        stamp: Stamp,
    ) -> Result<Option<String>, EditError> {
        let edit = Edit { label: label.clone(), changes: rebased(inverse, &self.session) };
        edit.apply_to(&mut self.session)?;
        self.record(kind, edit, stamp);
        Ok(Some(label))
    }

    fn entry(&self, kind: EntryKind, edit: Edit, stamp: Stamp) -> Entry {
        Entry {
            seq: self.history.last_seq() + 1,
            time: stamp.time,
            who: stamp.who,
            kind,
            grown: self.history.grown().to_vec(),
            inverse: edit.inverse().changes,
            label: edit.label,
            edit: edit.changes,
            prev: self.history.head_hash().to_owned(),
            extra: Extra::new(),
        }
    }

    fn record(&mut self, kind: EntryKind, edit: Edit, stamp: Stamp) {
        edit.changes.iter().for_each(|change| change.skip_ids(&mut self.ids));
        let entry = self.entry(kind, edit, stamp);
        self.history.push(entry.clone());
        self.revision += 1;
        self.grown_unlogged = false; // the entry holds it
        self.underway_logged = None;
        self.send(LogLine::Entry(entry));
    }

    fn send(&self, line: LogLine) {
        if let Some(log) = &self.log {
            let _ = log.send(line); // a writer that has ended has said so itself; work goes on in memory
        }
    }
}

impl Item {
    fn is_coded_of(&self, key: &TrackKey) -> bool {
        matches!(self, Self::Coded { track, .. } | Self::Track(track) if track == key)
    }
}

impl Growth {
    fn is_of(&self, item: &Item) -> bool {
        matches!((self, item), (Self::Mark { id, .. }, Item::Mark { mark, .. }) if *id == mark.id)
    }
}

impl Change {
    fn skip_ids(&self, ids: &mut Ids) {
        for item in self.items() {
            match item {
                Item::Mark { mark, .. } => ids.skip(mark.id.0),
                Item::Episode(episode) => ids.skip(episode.id.0),
                Item::Excluded(excluded) => ids.skip(excluded.id.0),
                Item::Medium { medium, .. } => ids.skip(medium.id.0),
                Item::Coded { .. } | Item::TrackMedium { .. } | Item::Track(_) | Item::Scheme(_) | Item::Field(_) => {}
            }
        }
    }
}

/// When a coding act happened: the first moment at which marks differ before and after it. `None` where something else than marks changed.
fn time_of_coding_act(inverse: &[Change]) -> Option<Instant> {
    let only_marks = inverse.iter().flat_map(Change::items).all(|item| matches!(item, Item::Mark { .. }));
    let moment = |change: &Change| match change {
        Change::Insert(Item::Mark { mark, .. }) | Change::Remove(Item::Mark { mark, .. }) => Some(mark.start()),
        Change::Replace { from: Item::Mark { mark: from, .. }, to: Item::Mark { mark: to, .. } } => {
            if from.code != to.code || from.start() != to.start() {
                Some(from.start().min(to.start()))
            } else {
                (from.when.end() != to.when.end()).then(|| from.when.end().min(to.when.end()))
            }
        }
        _ => None,
    };
    let starts = || {
        inverse.iter().flat_map(Change::items).filter_map(|item| match item {
            Item::Mark { mark, .. } => Some(mark.start()),
            _ => None,
        })
    };
    only_marks.then(|| inverse.iter().filter_map(moment).min().or_else(|| starts().min())).flatten()
}
