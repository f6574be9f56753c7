//! One mark: a code that a coder gave to a moment or to a stretch of time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use span::{Instant, Length, Span};

use crate::{Extra, MarkId};

/// A code at a moment or over a stretch of time, on one track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Record", into = "Record")]
pub struct Mark {
    /// Stays the same however the mark changes.
    pub id: MarkId,
    /// The key of a code of the track's channel.
    pub code: String,
    /// When; session time, on a frame of the track's medium.
    pub when: When,
    /// What the coder wrote to it; may be empty.
    pub note: String,
    /// How sure the coder is.
    pub certainty: Certainty,
    /// How the mark was made, where a key made it.
    pub how: Option<How>,
    /// Fields of later versions.
    pub extra: Extra,
}

/// A moment or a stretch: a point is not a short span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// It happened at this moment.
    Point(Instant),
    /// It was so throughout.
    State {
        /// The frames that show it: from the first with it to the first without it.
        span: Span,
        /// Its end has not been given: it grows with the frames seen.
        open: bool,
    },
}

/// How sure the coder is of a mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// As sure as of any other.
    #[default]
    Certain,
    /// A guess that a second look may change.
    Uncertain,
}

/// How a key press became a mark: kept so that nobody has to guess later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// While the picture stood still.
    Stepped,
    /// While the video played.
    Playing {
        /// Speed in percent of real time; negative in reverse.
        speed_percent: i32,
        /// Reaction time that was subtracted, on the wall's clock: times the speed it is session time.
        #[schemars(with = "i64")]
        reaction_us: Length,
        /// The start of the frame on screen when the key went down, before that.
        #[schemars(with = "i64")]
        stamp_us: Instant,
        /// Fields of later versions.
        #[serde(flatten)]
        extra: Extra,
    },
}

impl Mark {
    /// A certain mark without a note.
    #[must_use]
    pub fn new(id: MarkId, code: impl Into<String>, when: When) -> Self {
        Self {
            id,
            code: code.into(),
            when,
            note: String::new(),
            certainty: Certainty::Certain,
            how: None,
            extra: Extra::new(),
        }
    }

    /// The moment it begins or happens.
    #[must_use]
    pub fn start(&self) -> Instant {
        self.when.start()
    }

    /// The stretch it covers; `None` for a point.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self.when {
            When::Point(_) => None,
            When::State { span, .. } => Some(span),
        }
    }

    /// What marks of a track are sorted by: start, end, id.
    #[must_use]
    pub fn order(&self) -> (Instant, Instant, MarkId) {
        (self.start(), self.when.end(), self.id)
    }

    /// Has its end not been given yet?
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.when, When::State { open: true, .. })
    }

    /// The same mark over another stretch, closed or open.
    #[must_use]
    pub fn with_span(&self, span: Span, open: bool) -> Self {
        Self { when: When::State { span, open }, ..self.clone() }
    }
}

impl When {
    /// The moment it begins or happens.
    #[must_use]
    pub fn start(self) -> Instant {
        match self {
            Self::Point(at) => at,
            Self::State { span, .. } => span.start(),
        }
    }

    /// The first moment after it; for a point, the moment itself.
    #[must_use]
    pub fn end(self) -> Instant {
        match self {
            Self::Point(at) => at,
            Self::State { span, .. } => span.end(),
        }
    }
}

/// How a mark stands in a file: `span_us` for a state, `at_us` for a point.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Mark")]
struct Record {
    id: MarkId,
    code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<(i64, i64)>")]
    span_us: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<i64>")]
    at_us: Option<Instant>,
    #[serde(default, skip_serializing_if = "is_false")]
    open: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "is_certain")]
    certainty: Certainty,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    how: Option<How>,
    #[serde(flatten)]
    extra: Extra,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_certain(certainty: &Certainty) -> bool {
    *certainty == Certainty::Certain
}

/// A mark in a file is neither a state nor a point.
#[derive(Debug, thiserror::Error)]
#[error("mark {0} must have either span_us or at_us")]
struct NoTime(MarkId);

impl TryFrom<Record> for Mark {
    type Error = NoTime;

    fn try_from(record: Record) -> Result<Self, NoTime> {
        let when = match (record.span_us, record.at_us) {
            (Some(span), None) => When::State { span, open: record.open },
            (None, Some(at)) => When::Point(at),
            _ => return Err(NoTime(record.id)),
        };
        Ok(Self {
            id: record.id,
            code: record.code,
            when,
            note: record.note,
            certainty: record.certainty,
            how: record.how,
            extra: record.extra,
        })
    }
}

impl From<Mark> for Record {
    fn from(mark: Mark) -> Self {
        let (span_us, at_us, open) = match mark.when {
            When::Point(at) => (None, Some(at), false),
            When::State { span, open } => (Some(span), None, open),
        };
        Self {
            id: mark.id,
            code: mark.code,
            span_us,
            at_us,
            open,
            note: mark.note,
            certainty: mark.certainty,
            how: mark.how,
            extra: mark.extra,
        }
    }
}
