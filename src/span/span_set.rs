//! Any amount of time, as sorted, disjoint, non-touching spans.

use serde::{Deserialize, Serialize};

use crate::{Instant, Length, Span};

/// Sorted, disjoint, non-touching spans: the one representation of any amount of time.
///
/// Two sets that hold the same instants are equal. Reading from a file sorts and joins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Span>", into = "Vec<Span>")]
pub struct SpanSet {
    spans: Vec<Span>, // each ends before the next one starts
}

impl SpanSet {
    /// No time at all.
    #[must_use]
    pub const fn new() -> Self {
        Self { spans: Vec::new() }
    }

    /// The spans, sorted by start.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Is there no time in it?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// How much time it holds.
    #[must_use]
    pub fn length(&self) -> Length {
        self.spans.iter().map(|span| span.length()).sum()
    }

    /// From the first start to the last end; `None` for an empty set.
    #[must_use]
    pub fn hull(&self) -> Option<Span> {
        Some(self.spans.first()?.hull(*self.spans.last()?))
    }

    /// Does `time` lie in one of the spans?
    #[must_use]
    pub fn contains(&self, time: Instant) -> bool {
        self.span_at(time).is_some()
    }

    /// The span that holds `time`.
    #[must_use]
    pub fn span_at(&self, time: Instant) -> Option<Span> {
        let after = self.spans.partition_point(|span| span.end() <= time);
        self.spans.get(after).copied().filter(|span| span.contains(time))
    }

    /// Does all of `span` lie inside?
    #[must_use]
    pub fn covers(&self, span: Span) -> bool {
        self.span_at(span.start()).is_some_and(|holder| holder.covers(span))
    }

    /// Adds the time of `span`.
    pub fn insert(&mut self, span: Span) {
        let first = self.spans.partition_point(|old| old.end() < span.start()); // touching spans are joined
        let last = self.spans.partition_point(|old| old.start() <= span.end());
        let joined = self.spans[first..last].iter().fold(span, |joined, old| joined.hull(*old));
        self.spans.splice(first..last, [joined]);
    }

    /// Takes the time of `span` out.
    pub fn remove(&mut self, span: Span) {
        *self = self.difference(&Self::from(span));
    }

    /// The time that lies in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.spans.iter().chain(&other.spans).copied().collect()
    }

    /// The time that lies in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut mine, mut theirs) = (self.spans.iter().peekable(), other.spans.iter().peekable());
        let mut spans = Vec::new();
        while let (Some(a), Some(b)) = (mine.peek(), theirs.peek()) {
            spans.extend(a.intersection(**b));
            if a.end() <= b.end() {
                mine.next();
            } else {
                theirs.next();
            }
        }
        Self { spans } // pieces of disjoint, non-touching spans are disjoint and do not touch
    }

    /// The time that lies in `self` and not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut spans = Vec::new();
        let mut first = 0;
        for span in &self.spans {
            let mut start = span.start();
            first += other.spans[first..].partition_point(|taken| taken.end() <= span.start());
            for taken in other.spans[first..].iter().take_while(|taken| taken.start() < span.end()) {
                spans.extend(Span::new(start, taken.start()));
                start = taken.end();
            }
            spans.extend(Span::new(start, span.end()));
        }
        Self { spans }
    }

    /// The stretches of `within` that the set leaves out.
    #[must_use]
    pub fn gaps(&self, within: Span) -> Self {
        Self::from(within).difference(self)
    }

    /// How much of `within` the set holds.
    #[must_use]
    pub fn coverage(&self, within: Span) -> Length {
        self.intersection(&Self::from(within)).length()
    }

    /// The same set, `by` later.
    #[must_use]
    pub fn shifted(&self, by: Length) -> Self {
        Self { spans: self.spans.iter().map(|span| span.shifted(by)).collect() }
    }
}

impl From<Span> for SpanSet {
    fn from(span: Span) -> Self {
        Self { spans: vec![span] }
    }
}

impl From<Vec<Span>> for SpanSet {
    fn from(mut spans: Vec<Span>) -> Self {
        spans.sort_unstable();
        spans.dedup_by(|next, joined| {
            let joins = next.start() <= joined.end();
            if joins {
                *joined = joined.hull(*next);
            }
            joins
        });
        Self { spans }
    }
}

impl From<SpanSet> for Vec<Span> {
    fn from(set: SpanSet) -> Self {
        set.spans
    }
}

impl FromIterator<Span> for SpanSet {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        spans.into_iter().collect::<Vec<_>>().into()
    }
}
