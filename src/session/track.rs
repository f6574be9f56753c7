//! A track: one channel of one subject, with the marks on it and the time looked at.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use span::{Instant, Span, SpanSet};

use crate::{Extra, Mark, MarkId, MediumId};

/// Which track: the subject and the channel, written `infant.gaze`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct TrackKey {
    /// The key of a subject of the scheme.
    pub subject: String,
    /// The key of a channel of that subject.
    pub channel: String,
}

/// One channel of one subject: the marks on it, the time looked at, the medium it is coded from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Track {
    /// The subject and the channel.
    pub key: TrackKey,
    /// Whose frames the marks stand on; the session's first medium where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<MediumId>,
    /// The time looked at, where that is more than the marks say: silence inside it means no, outside it missing. Unused on exhaustive tracks, whose
    /// coded time is the union of their marks.
    #[serde(default, rename = "coded_us", skip_serializing_if = "SpanSet::is_empty")]
    #[schemars(with = "Vec<(i64, i64)>")]
    pub coded: SpanSet,
    /// Sorted by start, then end, then id; on an exclusive track the states are disjoint.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

impl TrackKey {
    /// The track of a subject's channel.
    #[must_use]
    pub fn new(subject: impl Into<String>, channel: impl Into<String>) -> Self {
        Self { subject: subject.into(), channel: channel.into() }
    }
}

impl Track {
    /// A track without marks.
    #[must_use]
    pub fn new(key: TrackKey) -> Self {
        Self { key, medium: None, coded: SpanSet::new(), marks: Vec::new(), extra: Extra::new() }
    }

    /// The mark of this id.
    #[must_use]
    pub fn mark(&self, id: MarkId) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.id == id)
    }

    /// The state that covers `time`; where several do, the one that started last.
    #[must_use]
    pub fn state_at(&self, time: Instant) -> Option<&Mark> {
        let after = self.marks.partition_point(|mark| mark.start() <= time);
        self.marks[..after].iter().rev().find(|mark| mark.span().is_some_and(|span| span.contains(time)))
    }

    /// The first mark that starts later than `time`.
    #[must_use]
    pub fn next_after(&self, time: Instant) -> Option<&Mark> {
        self.marks.get(self.marks.partition_point(|mark| mark.start() <= time))
    }

    /// The state whose end has not been given yet, if any.
    #[must_use]
    pub fn open_state(&self) -> Option<&Mark> {
        self.marks.iter().rev().find(|mark| mark.is_open())
    }

    /// The time that the marks cover.
    #[must_use]
    pub fn marked(&self) -> SpanSet {
        self.marks.iter().filter_map(Mark::span).collect()
    }

    /// The time looked at: on an exhaustive track what the marks cover, on any other what is stated and what the marks cover.
    #[must_use]
    pub fn coded_time(&self, exhaustive: bool) -> SpanSet {
        if exhaustive { self.marked() } else { self.coded.union(&self.marked()) }
    }

    /// The marks that have an instant within `span`, for drawing and lists; states that only touch it do not.
    pub fn marks_within(&self, span: Span) -> impl Iterator<Item = &Mark> {
        let last = self.marks.partition_point(|mark| mark.start() < span.end());
        self.marks[..last].iter().filter(move |mark| match mark.span() {
            Some(state) => state.intersects(span),
            None => span.contains(mark.start()),
        })
    }
}

impl fmt::Display for TrackKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.subject, self.channel)
    }
}

/// A text does not name a track.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a track: write SUBJECT.CHANNEL")]
pub struct ParseTrackKeyError(String);

impl FromStr for TrackKey {
    type Err = ParseTrackKeyError;

    fn from_str(text: &str) -> Result<Self, ParseTrackKeyError> {
        match text.split_once('.') {
            Some((subject, channel)) if !subject.is_empty() && !channel.is_empty() => Ok(Self::new(subject, channel)),
            _ => Err(ParseTrackKeyError(text.to_owned())),
        }
    }
}

impl TryFrom<String> for TrackKey {
    type Error = ParseTrackKeyError;
    fn try_from(text: String) -> Result<Self, ParseTrackKeyError> {
        text.parse()
    }
}

impl From<TrackKey> for String {
    fn from(key: TrackKey) -> Self {
        key.to_string()
    }
}
