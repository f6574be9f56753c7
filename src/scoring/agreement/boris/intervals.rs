//! The kappas of BORIS's plugins: of stretches without an edge.

use std::collections::BTreeMap;

use span::{Instant, Length};

use super::super::alignment::Event;
use super::super::kappa::{Kappa, kappa};
use super::super::table::Confusion;

/// Kappa of stretches without an edge.
#[derive(Clone, Debug, PartialEq)]
pub struct BorisIntervals {
    /// Each stretch counts one, however long: a sliver of 10 ms as much as a minute. Where it is absent BORIS prints "nan".
    pub unweighted: Kappa,
    /// Each stretch counts by its duration, in microseconds. Where it is absent BORIS prints 0.
    pub weighted: Kappa,
}

/// Cohen's kappas as BORIS's plugins *Unweighted* and *Weighted Cohen's Kappa* (without modifiers).
///
/// *Definition*: all times are rounded to multiples of `rounding`, halves to the even one; all edges of both coders and all subjects cut the time from
/// the first to the last into stretches; the category of a stretch is what a coder has there, of all subjects together, nothing being one too.
/// Rounding plays the tolerance.
///
/// *Shape*: as [`boris_kappa`](super::boris_kappa). Points cut, and cover nothing.
///
/// *Undefined cases*: `None` where `rounding` is not positive, or there is no stretch. Kappa is absent where all is one category.
///
/// *Limitations*: for old papers only; the unweighted one counts more where a coder sets more edges. The version of the plugin matters: earlier
/// ones take the first of several simultaneous behaviours, later ones add points as stretches of their own.
///
/// *Reference*: BORIS, plugin `irr_cohen_kappa.py`, version 0.0.3 (2025-09-02).
///
/// # Example
/// ```
/// use scoring::agreement::{alignment::Event, boris::boris_intervals};
/// use span::{Instant, Length};
///
/// let state = |start, end, code| {
///     let at = |secs| Instant::ZERO + Length::SECOND.times(secs);
///     Event { start: at(start), end: Some(at(end)), code }
/// };
/// // stretches 0-2, 2-3, 3-10: the coders differ in the middle one
/// let first = [vec![state(0, 2, 0), state(2, 10, 1)]];
/// let second = [vec![state(0, 3, 0), state(3, 10, 1)]];
/// let kappas = boris_intervals(&first, &second, Length::from_millis(1)).expect("stretches");
/// assert_eq!((kappas.unweighted.po, kappas.weighted.po), (Some(2.0 / 3.0), Some(0.9)));
/// assert!((kappas.unweighted.value.expect("defined") - 0.4).abs() < 1e-12); // pe = 4/9
/// ```
#[must_use]
pub fn boris_intervals(first: &[Vec<Event>], second: &[Vec<Event>], rounding: Length) -> Option<BorisIntervals> {
    if rounding <= Length::ZERO {
        return None;
    }
    // what changes when: the coder, then subject and behaviour, then one more or one fewer
    let mut changes: Vec<(Instant, usize, Behaviour, i64)> = Vec::new();
    for (coder, subjects) in [first, second].into_iter().enumerate() {
        for (subject, events) in subjects.iter().enumerate() {
            for event in events {
                let (start, end) =
                    (rounded(event.start, rounding), rounded(event.end.unwrap_or(event.start), rounding));
                let by = i64::from(start < end); // what covers nothing still cuts
                changes.extend([(start, coder, (subject, event.code), by), (end, coder, (subject, event.code), -by)]);
            }
        }
    }
    changes.sort_unstable();
    let mut active: [BTreeMap<Behaviour, i64>; 2] = Default::default();
    let mut categories: BTreeMap<Vec<(Behaviour, i64)>, usize> = BTreeMap::new();
    let mut stretches = Vec::new();
    let mut since = changes.first()?.0;
    for (time, coder, behaviour, by) in changes {
        if since < time {
            let [a, b] = [0, 1].map(|coder| {
                let next = categories.len();
                let all = active[coder].iter().map(|(behaviour, count)| (*behaviour, *count));
                *categories.entry(all.collect()).or_insert(next)
            });
            stretches.push((a, b, (time - since).micros()));
            since = time;
        }
        let count = active[coder].entry(behaviour).or_default();
        *count += by;
        if *count == 0 {
            active[coder].remove(&behaviour);
        }
    }
    let (mut counts, mut durations) = (Confusion::new(categories.len()), Confusion::new(categories.len()));
    for (a, b, micros) in &stretches {
        counts.add(*a, *b, 1.0);
        durations.add(*a, *b, *micros as f64);
    }
    let kappas = BorisIntervals { unweighted: kappa(&counts), weighted: kappa(&durations) };
    (!stretches.is_empty()).then_some(kappas)
}

/// A subject and what it does.
type Behaviour = (usize, usize);

/// The nearest multiple, of two the even one.
fn rounded(time: Instant, unit: Length) -> Instant {
    let (micros, unit) = (time.micros(), unit.micros());
    let (below, rest) = (micros.div_euclid(unit), micros.rem_euclid(unit));
    let up = 2 * rest > unit || (2 * rest == unit && below % 2 != 0);
    Instant::from_micros((below + i64::from(up)) * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_to_the_even_multiple() {
        let check = |micros, want| {
            let got = rounded(Instant::from_micros(micros), Length::from_micros(10));
            assert_eq!(got.micros(), want, "{micros}");
        };
        check(4, 0);
        check(5, 0);
        check(15, 20);
        check(16, 20);
        check(-5, 0);
        check(-15, -20);
    }

    #[test]
    fn a_point_cuts_and_one_category_has_no_kappa() {
        let event = |start, end: Option<i64>, code| Event {
            start: Instant::from_micros(start),
            end: end.map(Instant::from_micros),
            code,
        };
        let (state, point) = (vec![event(0, Some(10), 0)], vec![event(0, Some(10), 0), event(5, None, 1)]);
        let kappas = boris_intervals(std::slice::from_ref(&state), &[point], Length::MICROSECOND).unwrap();
        assert_eq!((kappas.unweighted.n, kappas.weighted.n, kappas.weighted.value), (2.0, 10.0, None));
        assert_eq!(boris_intervals(&[vec![]], &[vec![]], Length::MICROSECOND), None);
        assert_eq!(boris_intervals(&[state], &[], Length::ZERO), None);
    }
}
