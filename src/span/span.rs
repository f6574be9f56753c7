//! A half-open stretch of time.

use serde::{Deserialize, Serialize};

use crate::{Instant, Length};

/// A half-open stretch of time `[start, end)` with `start < end`.
///
/// ```text
/// 0   1   2   3   4   5
///     [=======)              contains 1 and 2.999999, not 3
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "(Instant, Instant)", into = "(Instant, Instant)")]
pub struct Span {
    start: Instant,
    end: Instant, // later than `start`, always
}

/// The end of a span must be later than its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a span must end after it starts, but {start} is not before {end}")]
pub struct EmptySpan {
    /// The start that was given.
    pub start: Instant,
    /// The end that was given.
    pub end: Instant,
}

impl Span {
    /// The stretch from `start` up to, and without, `end`.
    ///
    /// # Errors
    /// [`EmptySpan`] unless `start < end`.
    pub fn new(start: Instant, end: Instant) -> Result<Self, EmptySpan> {
        if start < end { Ok(Self { start, end }) } else { Err(EmptySpan { start, end }) }
    }

    /// The stretch between whole microseconds; `None` unless `start < end`. Short to write in tests and tables.
    #[must_use]
    pub fn from_micros(start: i64, end: i64) -> Option<Self> {
        Self::new(Instant::from_micros(start), Instant::from_micros(end)).ok()
    }

    /// The first moment inside.
    #[must_use]
    pub const fn start(self) -> Instant {
        self.start
    }

    /// The first moment after.
    #[must_use]
    pub const fn end(self) -> Instant {
        self.end
    }

    /// How long it is; always positive.
    #[must_use]
    pub fn length(self) -> Length {
        self.end - self.start
    }

    /// Does `time` lie in `[start, end)`?
    #[must_use]
    pub fn contains(self, time: Instant) -> bool {
        self.start <= time && time < self.end
    }

    /// Does all of `other` lie inside?
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Do the two share an instant? Touching spans do not.
    #[must_use]
    pub fn intersects(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The time that the two share, if any.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }

    /// From the earlier start to the later end, with what lies between.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The parts before and after `time`; `None` unless `time` lies strictly inside.
    #[must_use]
    pub fn split_at(self, time: Instant) -> Option<(Self, Self)> {
        Some((Self::new(self.start, time).ok()?, Self::new(time, self.end).ok()?))
    }

    /// The same stretch, `by` later (or earlier, where `by` is negative).
    #[must_use]
    pub fn shifted(self, by: Length) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }
}

impl TryFrom<(Instant, Instant)> for Span {
    type Error = EmptySpan;
    fn try_from((start, end): (Instant, Instant)) -> Result<Self, EmptySpan> {
        Self::new(start, end)
    }
}

impl From<Span> for (Instant, Instant) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}
