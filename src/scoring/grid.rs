//! A series as units of equal length.

use span::{Instant, Length, Span};

use crate::StateSeries;
use crate::dyad_grid::{Presence, presence};
use crate::engagement::Cursor;
use crate::settings::GridRule;

/// The state of each unit of `window`; `None` where that is missing.
///
/// *Definition*: units `[start + k·step, start + (k+1)·step)`, the last one cut at the end of the window. With
/// [`GridRule::Majority`] missing time competes like a state. With [`GridRule::Midpoint`] a last unit whose middle would lie
/// beyond the window is judged at its start. With [`GridRule::Any`] a unit has a state where one state alone fills it.
///
/// *Shape*: `⌈window / step⌉` entries, in order.
///
/// # Panics
/// If `step` is not positive.
///
/// # Example
/// Three units of four quarters of a second: A turns to B, and B is lost.
/// ```
/// use scoring::StateSeries;
/// use scoring::grid::units;
/// use scoring::settings::GridRule;
/// use span::{Length, Span};
///
/// let series = StateSeries::from_text(["A", "B"], "AAABB.BBB...", Length::from_millis(250));
/// let window = Span::from_micros(0, 3_000_000).expect("three seconds");
/// let by = |rule| units(&series, window, Length::SECOND, rule);
/// assert_eq!(by(GridRule::Instant), [Some(0), Some(1), Some(1)]);
/// assert_eq!(by(GridRule::Midpoint), [Some(0), Some(1), None]);
/// assert_eq!(by(GridRule::Majority), [Some(0), Some(1), None]); // more of the last unit is missing than B
/// ```
#[must_use]
pub fn units(series: &StateSeries, window: Span, step: Length, rule: GridRule) -> Vec<Option<usize>> {
    let starts = starts(window, step);
    match rule {
        GridRule::Instant => states_at(series, starts).collect(),
        GridRule::Midpoint => {
            let half = Length::from_micros(step.micros() / 2);
            let middles = starts.map(|start| if start + half < window.end() { start + half } else { start });
            states_at(series, middles).collect()
        }
        GridRule::Majority => {
            longest_states(series, window, starts.map(|start| (start, (start + step).min(window.end()))))
        }
        GridRule::Any => presence(series, window, step).iter().map(Presence::only_state).collect(),
    }
}

fn starts(window: Span, step: Length) -> impl ExactSizeIterator<Item = Instant> {
    let n_units = unit_count(window, step) as usize;
    (0..n_units).map(move |unit| window.start() + step.times(unit as i64))
}

/// The unit that begins at `start`, cut at the end of the window.
pub(crate) fn unit_span(start: Instant, step: Length, window: Span) -> Span {
    Span::new(start, (start + step).min(window.end())).expect("every unit begins inside the window")
}

/// How many units cover `window`; a short last one counts.
pub(crate) fn unit_count(window: Span, step: Length) -> i64 {
    assert!(step > Length::ZERO, "a unit has a length");
    let (whole, rest) = (window.length().micros() / step.micros(), window.length().micros() % step.micros());
    whole + i64::from(rest > 0)
}

/// The states at ascending times.
fn states_at(
    series: &StateSeries,
    times: impl ExactSizeIterator<Item = Instant>,
) -> impl ExactSizeIterator<Item = Option<usize>> {
    let mut cursor = Cursor::new(series.pieces());
    times.map(move |time| {
        cursor.advance(time);
        cursor.state
    })
}

/// The state that holds longest in each of some stretches that follow one another, or `None` where missing time does; of equals the one
/// reached first.
fn longest_states(
    series: &StateSeries,
    window: Span,
    units: impl Iterator<Item = (Instant, Instant)>,
) -> Vec<Option<usize>> {
    let first = series.pieces().partition_point(|piece| piece.span.end() <= window.start());
    let mut pieces = &series.pieces()[first..];
    let mut candidates: Vec<(Option<usize>, Length)> = Vec::new(); // in the order in which they are reached
    let longest = |(start, end): (Instant, Instant)| {
        candidates.clear();
        let mut add = |state: Option<usize>, length: Length| match candidates.iter_mut().find(|other| other.0 == state)
        {
            Some(candidate) => candidate.1 += length,
            None => candidates.push((state, length)),
        };
        let mut time = start;
        while let Some((piece, rest)) = pieces.split_first().filter(|(piece, _)| piece.span.start() < end) {
            if time < piece.span.start() {
                add(None, piece.span.start() - time);
                time = piece.span.start();
            }
            let until = piece.span.end().min(end);
            add(Some(piece.state), until - time);
            time = until;
            if piece.span.end() > end {
                break;
            }
            pieces = rest;
        }
        if time < end {
            add(None, end - time);
        }
        let longer = |best: (Option<usize>, Length), other: &(Option<usize>, Length)| {
            if other.1 > best.1 { *other } else { best }
        };
        candidates.iter().fold((None, Length::ZERO), longer).0
    };
    units.map(longest).collect()
}

/// The number of each unit of `window`; `None` where the state is missing or has no number in `values`.
///
/// *Shape*, *Panics*: as [`units`].
///
/// ```
/// use scoring::{StateSeries, grid::numbers, settings::GridRule};
/// use span::{Length, Span};
///
/// let series = StateSeries::from_text(["N", "P"], "NNP.", Length::SECOND);
/// let window = Span::from_micros(0, 4_000_000).expect("four seconds");
/// let values = numbers(&series, window, Length::SECOND, GridRule::Majority, &[Some(-1.0), Some(1.0)]);
/// assert_eq!(values, [Some(-1.0), Some(-1.0), Some(1.0), None]);
/// ```
#[must_use]
pub fn numbers(
    series: &StateSeries,
    window: Span,
    step: Length,
    rule: GridRule,
    values: &[Option<f64>],
) -> Vec<Option<f64>> {
    let value = |state: Option<usize>| values[state?];
    match rule {
        GridRule::Instant => states_at(series, starts(window, step)).map(value).collect(),
        _ => units(series, window, step, rule).into_iter().map(value).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units of four ticks over a text of one character per tick; `.` is missing.
    #[track_caller]
    fn check(text: &str, rule: GridRule, want: &str) {
        let series = StateSeries::from_text(["A", "B"], text, Length::MICROSECOND);
        let window = Span::from_micros(0, text.len() as i64).unwrap();
        let units = units(&series, window, Length::from_micros(4), rule);
        let got: String = units.iter().map(|unit| unit.map_or(".", |state| series.state_key(state))).collect();
        assert_eq!(got, want, "{rule:?}");
    }

    #[test]
    fn units_take_the_state_at_their_start_or_middle() {
        check("AABBB.AA.A", GridRule::Instant, "AB.");
        check("AABBB.AA.A", GridRule::Midpoint, "BA.");
        check("AABBB.AABBA", GridRule::Midpoint, "BAA");
    }

    #[test]
    fn the_longest_state_wins_and_of_equals_the_first_reached() {
        check("ABBBBBAA", GridRule::Majority, "BB");
        check("A..B", GridRule::Majority, ".");
        check(".AA.AB", GridRule::Majority, ".A");
    }
}
