//! Who is in which state when: the only input of the scores.

use std::sync::Arc;

use span::{Instant, Length, Span, SpanSet};

/// The key that stands for "no mark, and the coder looked": the state of silence on a track that is not exhaustive.
pub const NONE: &str = "none";

/// Which state holds when, and, by what it leaves out, when that is missing.
///
/// ```text
/// states   MON POS none
/// pieces   [=MON==)[POS)      [=MON=)
/// missing                [====)
/// ```
///
/// *Shape*: states in the order of their declaration; pieces sorted, disjoint, and as long as they can be: two that touch
/// hold different states. Time under no piece is missing.
///
/// # Example
/// ```
/// use scoring::{Piece, StateSeries};
/// use span::{Instant, Length, Span, SpanSet};
///
/// let at = |secs| Instant::ZERO + Length::SECOND.times(secs);
/// let span = |start, end| Span::new(at(start), at(end)).expect("time in order");
/// let gaze = StateSeries::from_text(["away", "partner"], "", Length::SECOND);
/// assert!(gaze.is_missing());
///
/// // away for two seconds, at the partner for one; a second is missing; away again
/// let pieces = [Piece { span: span(0, 2), state: 0 }, Piece { span: span(2, 3), state: 1 }, Piece { span: span(4, 6), state: 0 }];
/// let gaze = StateSeries::from_pieces(["away", "partner"], pieces).expect("no two overlap");
/// assert_eq!((gaze.state_index("partner"), gaze.state_at(at(2)), gaze.state_at(at(3))), (Some(1), Some(1), None));
/// assert_eq!(gaze.piece_at(at(5)).map(|piece| piece.span), Some(span(4, 6)));
/// assert_eq!(gaze.durations(), [4, 1].map(|secs| Length::SECOND.times(secs)));
/// assert_eq!(gaze.time_in(|state| state == 0).spans(), [span(0, 2), span(4, 6)]);
/// assert_eq!(gaze.codable().spans(), [span(0, 3), span(4, 6)]);
/// assert_eq!(gaze.within(span(1, 3)).durations(), [1, 1].map(|secs| Length::SECOND.times(secs)));
/// assert_eq!(gaze.without(&SpanSet::from(span(0, 5))).pieces().len(), 1);
/// assert_eq!(gaze.shifted(Length::SECOND.times(10)).pieces()[0].span, span(10, 12));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateSeries {
    states: Arc<[String]>,
    pieces: Vec<Piece>, // sorted, disjoint, maximal; every state is an index into `states`
}

/// One uninterrupted stretch of one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// When.
    pub span: Span,
    /// Which: an index into [`StateSeries::states`].
    pub state: usize,
}

/// One mark of a track, as a coder made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateMark {
    /// The first moment with the state.
    pub start: Instant,
    /// The first moment without it. A mark that ends no later than it starts covers no time.
    pub end: Instant,
    /// An index into the states, or `None` where the mark says *unscorable* or *off camera*.
    pub state: Option<usize>,
}

/// What time under no mark means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gaps {
    /// Nobody has said: an exhaustive track.
    Missing,
    /// The state [`NONE`]: a track that is not exhaustive, inside the time looked at.
    None,
}

impl StateSeries {
    /// A series in which everything is missing.
    #[must_use]
    pub fn missing<S: Into<String>>(states: impl IntoIterator<Item = S>) -> Self {
        Self { states: states.into_iter().map(Into::into).collect(), pieces: Vec::new() }
    }

    /// The state at every instant of `window`, from the marks of one track.
    ///
    /// *Definition*: where several marks cover an instant, the one that starts last wins, of equal starts the later in the
    /// order given. `missing` is missing whatever the marks say (time not looked at, excluded time). With [`Gaps::None`] the
    /// states are followed by [`NONE`], unless it is declared.
    ///
    /// # Panics
    /// If a mark's state is no index into `states`.
    ///
    /// # Example
    /// B starts later, so it wins where the two overlap; the last second is excluded.
    /// ```
    /// use scoring::{Gaps, StateMark, StateSeries};
    /// use span::{Span, SpanSet};
    ///
    /// let secs = |start: i64, end: i64| Span::from_micros(start * 1_000_000, end * 1_000_000).expect("time in order");
    /// let mark = |start, end, state| StateMark {
    ///     start: secs(start, end).start(),
    ///     end: secs(start, end).end(),
    ///     state: Some(state),
    /// };
    /// let marks = [mark(0, 4, 0), mark(2, 3, 1)];
    /// let series = StateSeries::from_marks(["A", "B"], &marks, secs(0, 6), &SpanSet::from(secs(5, 6)), Gaps::None);
    /// let pieces: Vec<_> =
    ///     series.pieces().iter().map(|piece| (series.state_key(piece.state), piece.span.length().as_secs())).collect();
    /// assert_eq!(pieces, [("A", 2.0), ("B", 1.0), ("A", 1.0), ("none", 1.0)]);
    /// ```
    #[must_use]
    pub fn from_marks<S: Into<String>>(
        states: impl IntoIterator<Item = S>,
        marks: &[StateMark],
        window: Span,
        missing: &SpanSet,
        gaps: Gaps,
    ) -> Self {
        let mut states: Vec<String> = states.into_iter().map(Into::into).collect();
        let n_declared = states.len();
        assert!(
            marks.iter().filter_map(|mark| mark.state).all(|state| state < n_declared),
            "a mark's state is declared"
        );
        let silence = match gaps {
            Gaps::Missing => None,
            Gaps::None => Some(states.iter().position(|state| state == NONE).unwrap_or_else(|| {
                states.push(NONE.to_owned());
                n_declared
            })),
        };
        let pieces = winners(marks, window).filter_map(|(span, mark)| {
            let state = mark.map_or(silence, |mark| marks[mark].state)?;
            Some(Piece { span, state })
        });
        Self::from_sorted(states.into(), pieces).without(missing)
    }

    /// A series from stretches of states that do not overlap, in any order; touching stretches of one state are joined.
    ///
    /// *Undefined cases*: `None` where two stretches overlap or a state is not declared.
    #[must_use]
    pub fn from_pieces<S: Into<String>>(
        states: impl IntoIterator<Item = S>,
        pieces: impl IntoIterator<Item = Piece>,
    ) -> Option<Self> {
        let states: Arc<[String]> = states.into_iter().map(Into::into).collect();
        let mut pieces: Vec<Piece> = pieces.into_iter().collect();
        pieces.sort_by_key(|piece| piece.span);
        let disjoint = pieces.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start());
        let declared = pieces.iter().all(|piece| piece.state < states.len());
        (disjoint && declared).then(|| Self::from_sorted(states, pieces))
    }

    /// A series from pieces that are sorted and disjoint; touching ones of one state are joined.
    pub(crate) fn from_sorted(states: Arc<[String]>, pieces: impl IntoIterator<Item = Piece>) -> Self {
        Self { states, pieces: joined(pieces) }
    }

    /// The same time under other states: `new_state` gives an index into `states`, or `None` where that is missing.
    #[must_use]
    pub(crate) fn relabelled(&self, states: Arc<[String]>, new_state: &[Option<usize>]) -> Self {
        let pieces = self.pieces.iter().filter_map(|piece| Some(Piece { state: new_state[piece.state]?, ..*piece }));
        Self::from_sorted(states, pieces)
    }

    /// One state per character of `text`, each `unit` long from zero; any other character is missing. For examples that a
    /// person can check by counting.
    ///
    /// *Example*: `from_text(["N", "P"], "NN.P", Length::SECOND)`: N from 0 to 2, P from 3 to 4.
    #[must_use]
    pub fn from_text(states: impl IntoIterator<Item = &'static str>, text: &str, unit: Length) -> Self {
        let states: Arc<[String]> = states.into_iter().map(str::to_owned).collect();
        let units = text.chars().zip(0_i64..).filter_map(|(character, idx)| {
            let state = states.iter().position(|state| state.chars().eq([character]))?;
            let start = Instant::ZERO + unit.times(idx);
            Some(Piece { span: Span::new(start, start + unit).ok()?, state })
        });
        let pieces = joined(units);
        Self { states, pieces }
    }

    /// The states that may occur, in the order of their declaration.
    #[must_use]
    pub fn states(&self) -> &[String] {
        &self.states
    }

    /// The stretches, sorted by time.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The name of a state.
    #[must_use]
    pub fn state_key(&self, state: usize) -> &str {
        &self.states[state]
    }

    /// The index of a state's name.
    #[must_use]
    pub fn state_index(&self, key: &str) -> Option<usize> {
        self.states.iter().position(|state| state == key)
    }

    /// The state that holds at `time`; `None` where that is missing.
    #[must_use]
    pub fn state_at(&self, time: Instant) -> Option<usize> {
        self.piece_at(time).map(|piece| piece.state)
    }

    /// The stretch that holds `time`.
    #[must_use]
    pub fn piece_at(&self, time: Instant) -> Option<Piece> {
        let after = self.pieces.partition_point(|piece| piece.span.end() <= time);
        self.pieces.get(after).copied().filter(|piece| piece.span.contains(time))
    }

    /// The time that is not missing.
    #[must_use]
    pub fn codable(&self) -> SpanSet {
        self.pieces.iter().map(|piece| piece.span).collect()
    }

    /// Is everything missing?
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.pieces.is_empty()
    }

    /// How long each state holds, in the order of the states.
    #[must_use]
    pub fn durations(&self) -> Vec<Length> {
        let mut durations = vec![Length::ZERO; self.states.len()];
        for piece in &self.pieces {
            durations[piece.state] += piece.span.length();
        }
        durations
    }

    /// When one of `states` holds; touching stretches are joined, so this is what "the coder marked any of these" means.
    #[must_use]
    pub fn time_in(&self, is_in: impl Fn(usize) -> bool) -> SpanSet {
        self.pieces.iter().filter(|piece| is_in(piece.state)).map(|piece| piece.span).collect()
    }

    /// The part inside `window`.
    #[must_use]
    pub fn within(&self, window: Span) -> Self {
        let first = self.pieces.partition_point(|piece| piece.span.end() <= window.start());
        let last = self.pieces.partition_point(|piece| piece.span.start() < window.end());
        let mut pieces = self.pieces[first.min(last)..last].to_vec();
        let n = pieces.len();
        for at_border in [0, n.saturating_sub(1)] {
            if let Some(piece) = pieces.get_mut(at_border) {
                piece.span = piece.span.intersection(window).expect("pieces outside the window are left out");
            }
        }
        Self { states: self.states.clone(), pieces }
    }

    /// The same with `missing` taken out.
    #[must_use]
    pub fn without(&self, missing: &SpanSet) -> Self {
        if missing.is_empty() {
            return self.clone();
        }
        let mut pieces = Vec::with_capacity(self.pieces.len());
        let mut first = 0;
        for piece in &self.pieces {
            let mut start = piece.span.start();
            first += missing.spans()[first..].partition_point(|hole| hole.end() <= start);
            for hole in missing.spans()[first..].iter().take_while(|hole| hole.start() < piece.span.end()) {
                pieces.extend(Span::new(start, hole.start()).map(|span| Piece { span, ..*piece }));
                start = hole.end();
            }
            pieces.extend(Span::new(start, piece.span.end()).map(|span| Piece { span, ..*piece }));
        }
        Self { states: self.states.clone(), pieces }
    }

    /// These parts of the series one after the other, from `start` on.
    #[must_use]
    pub(crate) fn rearranged(&self, start: Instant, parts: &[Span]) -> Self {
        let mut at = start;
        let mut pieces = Vec::with_capacity(self.pieces.len() + parts.len());
        for part in parts {
            let by = at - part.start();
            let inside = self.within(*part);
            pieces.extend(inside.pieces.iter().map(|piece| Piece { span: piece.span.shifted(by), ..*piece }));
            at += part.length();
        }
        Self::from_sorted(self.states.clone(), pieces)
    }

    /// The same, `by` later.
    #[must_use]
    pub fn shifted(&self, by: Length) -> Self {
        let pieces = self.pieces.iter().map(|piece| Piece { span: piece.span.shifted(by), ..*piece }).collect();
        Self { states: self.states.clone(), pieces }
    }
}

/// Joins touching pieces of one state; `pieces` are sorted and disjoint.
fn joined(pieces: impl IntoIterator<Item = Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if last.state == piece.state && last.span.end() == piece.span.start() => {
                last.span = last.span.hull(piece.span);
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// Cuts `window` at every mark's edge and says which mark wins each part: the last to start, of those the last given.
fn winners(marks: &[StateMark], window: Span) -> impl Iterator<Item = (Span, Option<usize>)> {
    let mut order: Vec<usize> = (0..marks.len())
        .filter(|&idx| Span::new(marks[idx].start, marks[idx].end).is_ok_and(|span| span.intersects(window)))
        .collect();
    order.sort_by_key(|&idx| marks[idx].start); // stable: of equal starts the later given comes last
    let mut cuts: Vec<Instant> = order.iter().flat_map(|&idx| [marks[idx].start, marks[idx].end]).collect();
    cuts.retain(|cut| window.contains(*cut));
    cuts.extend([window.start(), window.end()]);
    cuts.sort_unstable();
    cuts.dedup();

    let mut active: Vec<usize> = Vec::new(); // in the order of their starts: the last one wins
    let mut waiting = order.into_iter().peekable();
    let starts = cuts.clone();
    starts.into_iter().zip(cuts.into_iter().skip(1)).map(move |(start, end)| {
        while let Some(idx) = waiting.next_if(|idx| marks[*idx].start <= start) {
            active.push(idx);
        }
        while active.last().is_some_and(|idx| marks[*idx].end <= start) {
            active.pop(); // an ended mark below the winner goes when it comes to the top
        }
        let span = Span::new(start, end).expect("cuts are sorted and different");
        (span, active.last().copied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: (i64, i64) = (0, 20);

    fn span(start: i64, end: i64) -> Span {
        Span::from_micros(start, end).unwrap()
    }

    fn mark(start: i64, end: i64, state: Option<usize>) -> StateMark {
        StateMark { start: Instant::from_micros(start), end: Instant::from_micros(end), state }
    }

    /// Marks of a track with the states A and B, and the pieces that follow.
    #[track_caller]
    fn check(marks: &[StateMark], missing: &[Span], gaps: Gaps, want: &[(i64, i64, &str)]) {
        let missing = missing.iter().copied().collect();
        let series = StateSeries::from_marks(["A", "B"], marks, span(WINDOW.0, WINDOW.1), &missing, gaps);
        let got: Vec<_> = series
            .pieces()
            .iter()
            .map(|piece| (piece.span.start().micros(), piece.span.end().micros(), series.state_key(piece.state)))
            .collect();
        assert_eq!(got, want);
    }

    #[test]
    fn the_last_mark_to_start_wins_and_the_earlier_one_comes_back() {
        let marks = [mark(2, 15, Some(0)), mark(5, 9, Some(1))];
        check(&marks, &[], Gaps::Missing, &[(2, 5, "A"), (5, 9, "B"), (9, 15, "A")]);
    }

    #[test]
    fn of_equal_starts_the_later_given_wins() {
        check(&[mark(2, 9, Some(0)), mark(2, 5, Some(1))], &[], Gaps::Missing, &[(2, 5, "B"), (5, 9, "A")]);
        check(&[mark(2, 5, Some(1)), mark(2, 9, Some(0))], &[], Gaps::Missing, &[(2, 9, "A")]);
    }

    #[test]
    fn touching_marks_of_one_code_are_one_piece() {
        check(&[mark(5, 9, Some(0)), mark(2, 5, Some(0))], &[], Gaps::Missing, &[(2, 9, "A")]);
    }

    #[test]
    fn a_mark_that_ends_no_later_than_it_starts_covers_no_time() {
        let marks = [mark(2, 9, Some(0)), mark(5, 5, Some(1)), mark(7, 6, Some(1))];
        check(&marks, &[], Gaps::Missing, &[(2, 9, "A")]);
    }

    #[test]
    fn a_missing_code_leaves_a_hole_and_so_does_time_not_looked_at() {
        let marks = [mark(2, 15, Some(0)), mark(5, 7, None)];
        check(&marks, &[span(10, 12)], Gaps::Missing, &[(2, 5, "A"), (7, 10, "A"), (12, 15, "A")]);
    }

    #[test]
    fn silence_is_a_state_where_the_track_is_not_exhaustive() {
        let want = [(0, 2, "none"), (2, 5, "A"), (7, 9, "none"), (9, 10, "B"), (10, 18, "none")];
        let marks = [mark(2, 5, Some(0)), mark(5, 7, None), mark(9, 10, Some(1))];
        check(&marks, &[span(18, 30)], Gaps::None, &want);
    }

    #[test]
    fn time_outside_the_window_is_ignored() {
        check(&[mark(-5, 3, Some(0)), mark(18, 40, Some(1))], &[], Gaps::Missing, &[(0, 3, "A"), (18, 20, "B")]);
    }

    #[test]
    fn overlapping_or_undeclared_pieces_are_no_series() {
        let piece = |start, end, state| Piece { span: span(start, end), state };
        assert!(StateSeries::from_pieces(["A"], [piece(0, 5, 0), piece(4, 6, 0)]).is_none());
        assert!(StateSeries::from_pieces(["A"], [piece(0, 5, 1)]).is_none());
        let series = StateSeries::from_pieces(["A"], [piece(5, 6, 0), piece(0, 5, 0)]).unwrap();
        assert_eq!(series.pieces(), [piece(0, 6, 0)]);
    }
}
