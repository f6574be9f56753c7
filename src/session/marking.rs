//! What a coder wants, made into an edit: pure functions from intent and session to an [`Edit`] or a [`Refusal`].
//!
//! The rule of the key: on an exclusive track a code key at `t` means *from t on it is X, until the next boundary*.
//!
//! ```text
//! (a)  A [======)          t inside another code    A [==)X [===)     X is as open as A was
//! (b)  A [======)          t where it begins        X [======)
//! (c)     .......  B [==)  t in a gap               X [=>...B [==)    X is open, one frame long, and grows as frames are seen
//! (d)  X [======)          t inside X               nothing: a refusal says so
//! ```
//!
//! Nothing here reads a clock, plays a video or changes a session: [`crate::Document::apply`] does the last.

mod episodes;
mod keys;
mod marks;
mod media;
mod same_moment;
mod setup;
mod tracks;

pub use episodes::{
    delete_episode, delete_excluded, episodes_from_lengths, exclude, insert_episode, move_episode_edge, rename_episode,
    set_excluded,
};
pub use keys::{Motion, Press, end_state, hold, overwrite, press_code};
pub use marks::{
    Fill, change_code, delete_marks, draw_state, move_edge, move_point, move_state, set_certainty, set_note, split_mark,
};
pub use media::{Marks, add_medium, change_medium, n_marks_coded_from, place_medium, remove_medium};
pub use same_moment::{PlacedByMoments, SameMoment, distance, place_by_moments};
pub use setup::{Setup, set_up};
pub use tracks::{
    add_track, code_to_here, for_another_coder, move_coded_edge, remove_track, set_coded, set_field, set_hold,
    set_track_medium,
};

use span::{Instant, Span};

use crate::{Change, Channel, Code, Edit, EditError, Ids, Item, Mark, MarkId, Session, Track, TrackKey};

/// Why nothing was done: one sentence for the status line, without its full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(String);

/// One of the two ends of a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Where it begins.
    Start,
    /// Where it ends.
    End,
}

/// What happens to the stretch that touches a moved edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Neighbour {
    /// Its edge moves along: the two share a boundary.
    #[default]
    Follows,
    /// It stays: a gap opens, or the edge stops at it.
    Stays,
}

impl Refusal {
    /// A refusal in these words.
    #[must_use]
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// What is asked for is so already.
    fn nothing() -> Self {
        Self::new("nothing changes")
    }

    /// Is it only that what is asked for is so already?
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::nothing()
    }
}

impl From<EditError> for Refusal {
    fn from(error: EditError) -> Self {
        Self(error.to_string())
    }
}

/// A track with its channel.
#[derive(Clone, Copy)]
struct Place<'a> {
    track: &'a Track,
    channel: &'a Channel,
}

impl<'a> Place<'a> {
    fn of(session: &'a Session, key: &TrackKey) -> Result<Self, Refusal> {
        let track = session.track(key).ok_or_else(|| Refusal(format!("there is no track {key}")))?;
        let channel = session.scheme.channel(key).ok_or_else(|| Refusal(format!("the scheme has no channel {key}")))?;
        Ok(Self { track, channel })
    }

    fn of_mark(session: &'a Session, id: MarkId) -> Result<(Self, &'a Mark), Refusal> {
        let (track, mark) = session.mark(id).ok_or_else(|| Refusal(format!("mark {id} is not there any more")))?;
        Ok((Self::of(session, &track.key)?, mark))
    }

    fn code(self, key: &str) -> Result<&'a Code, Refusal> {
        self.channel.code(key).ok_or_else(|| Refusal(format!("{} has no code '{key}'", self.name())))
    }

    /// "infant gaze".
    fn name(self) -> String {
        format!("{} {}", self.channel.subject, self.channel.label.to_lowercase())
    }

    /// "infant gaze partner's face".
    fn name_of(self, code: &str) -> String {
        let label = self.channel.code(code).map_or(code, |code| code.label.as_str());
        format!("{} {label}", self.name())
    }

    /// The marks before and after `mark` that it may not overlap: on a track that is not exclusive, those of its code.
    fn neighbours(self, mark: &Mark) -> (Option<&'a Mark>, Option<&'a Mark>) {
        let marks = &self.track.marks;
        let place = marks.partition_point(|other| other.order() < mark.order());
        let counts = |other: &&Mark| self.channel.exclusive || other.code == mark.code;
        let after = marks.get(place + 1..).unwrap_or_default().iter().find(counts);
        (marks[..place.min(marks.len())].iter().rev().find(counts), after)
    }
}

/// The marks of a track that an act changes, as they were and as they will be.
struct Sketch<'a> {
    track: &'a Track,
    changed: Vec<(Option<Mark>, Option<Mark>)>,
}

impl<'a> Sketch<'a> {
    const fn of(track: &'a Track) -> Self {
        Self { track, changed: Vec::new() }
    }

    /// The mark will be so.
    fn put(&mut self, mark: Mark) {
        let id = mark.id;
        *self.after(id) = Some(mark);
    }

    /// The mark will be gone.
    fn take(&mut self, id: MarkId) {
        *self.after(id) = None;
    }

    fn after(&mut self, id: MarkId) -> &mut Option<Mark> {
        let known =
            self.changed.iter().position(|(before, after)| before.iter().chain(after).any(|mark| mark.id == id));
        let index = known.unwrap_or_else(|| {
            self.changed.push((self.track.mark(id).cloned(), None));
            self.changed.len() - 1
        });
        &mut self.changed[index].1
    }

    /// Takes the time of `span` from every state but `kept`. What is left before it keeps the id; what is left behind it is as open as the state was.
    fn clear(&mut self, span: Span, kept: Option<MarkId>, ids: &mut Ids) {
        let hit: Vec<Mark> = self.track.marks_within(span).filter(|mark| Some(mark.id) != kept).cloned().collect();
        for mark in hit {
            let Some(whole) = mark.span() else { continue };
            let before = Span::new(whole.start(), span.start()).ok();
            let behind = Span::new(span.end(), whole.end()).ok().map(|rest| mark.with_span(rest, mark.is_open()));
            match (before, behind) {
                (Some(before), behind) => {
                    self.put(mark.with_span(before, false));
                    if let Some(behind) = behind {
                        self.put(Mark { id: MarkId(ids.take()), ..behind });
                    }
                }
                (None, Some(behind)) => self.put(behind),
                (None, None) => self.take(mark.id),
            }
        }
    }

    /// Gives the open states of the track, but `kept`, the ends that they have.
    fn close_open(&mut self, kept: MarkId) {
        let track = self.track;
        for mark in track.marks.iter().filter(|mark| mark.is_open() && mark.id != kept) {
            if let Some(now) = self.now(mark.id).cloned()
                && let Some(span) = now.span()
            {
                self.put(now.with_span(span, false));
            }
        }
    }

    /// Joins the mark with those that touch it and say the same. For exclusive tracks.
    fn merge(&mut self, id: MarkId) {
        let Some(mut mark) = self.now(id).cloned() else { return };
        let Some(span) = mark.span() else { return };
        if let Some(left) =
            self.find(span.start(), |left| left.when.end() == span.start()).filter(|left| says_the_same(left, &mark))
        {
            self.take(mark.id);
            mark = left.with_span(left.span().map_or(span, |before| before.hull(span)), mark.is_open());
            self.put(mark.clone());
        }
        let span = mark.span().unwrap_or(span);
        if let Some(right) =
            self.find(span.end(), |right| right.start() == span.end()).filter(|right| says_the_same(&mark, right))
        {
            self.take(right.id);
            self.put(mark.with_span(right.span().map_or(span, |behind| behind.hull(span)), right.is_open()));
        }
    }

    /// The mark as it will be.
    fn now(&self, id: MarkId) -> Option<&Mark> {
        match self.changed.iter().find(|(before, after)| before.iter().chain(after).any(|mark| mark.id == id)) {
            Some((_, after)) => after.as_ref(),
            None => self.track.mark(id),
        }
    }

    /// The state that will begin or end at `time`, as `is` says.
    fn find(&self, time: Instant, is: impl Fn(&Mark) -> bool) -> Option<Mark> {
        let place = self.track.marks.partition_point(|mark| mark.start() < time);
        let near = &self.track.marks[place.saturating_sub(1)..(place + 1).min(self.track.marks.len())];
        let untouched = near.iter().filter(|mark| {
            !self.changed.iter().any(|(before, _)| before.as_ref().is_some_and(|before| before.id == mark.id))
        });
        let changed = self.changed.iter().filter_map(|(_, after)| after.as_ref());
        changed.chain(untouched).find(|mark| is(mark)).cloned()
    }

    fn into_edit(self, label: impl Into<String>) -> Result<Edit, Refusal> {
        edit(label, self.into_changes())
    }

    /// For a step under way, which may come to change nothing, and go on.
    fn into_step(self, label: impl Into<String>) -> Edit {
        Edit { label: label.into(), changes: self.into_changes() }
    }

    fn into_changes(self) -> Vec<Change> {
        let item = |mark| Item::Mark { track: self.track.key.clone(), mark };
        let changes = self.changed.into_iter().filter_map(|change| match change {
            (Some(before), Some(after)) if before != after => {
                Some(Change::Replace { from: item(before), to: item(after) })
            }
            (Some(before), None) => Some(Change::Remove(item(before))),
            (None, Some(after)) => Some(Change::Insert(item(after))),
            _ => None,
        });
        changes.collect()
    }
}

fn says_the_same(one: &Mark, other: &Mark) -> bool {
    one.code == other.code && one.note == other.note && one.certainty == other.certainty && one.extra == other.extra
}

fn edit(label: impl Into<String>, changes: Vec<Change>) -> Result<Edit, Refusal> {
    if changes.is_empty() { Err(Refusal::nothing()) } else { Ok(Edit { label: label.into(), changes }) }
}

fn replace(from: Item, to: Item) -> Vec<Change> {
    if from == to { Vec::new() } else { vec![Change::Replace { from, to }] }
}
