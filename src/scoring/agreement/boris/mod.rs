//! What BORIS prints, to reproduce published numbers.

mod identity;
mod intervals;

pub use identity::{BorisIdentity, boris_identity};
pub use intervals::{BorisIntervals, boris_intervals};

use std::collections::BTreeMap;

use span::{Instant, Length};

use super::alignment::Event;
use super::kappa::kappa;
use super::table::Confusion;

/// What BORIS prints, and what it rounds.
#[derive(Clone, Debug, PartialEq)]
pub struct BorisKappa {
    /// As printed: three decimals, and 1 where chance alone would agree in all.
    pub printed: f64,
    /// Before rounding; `None` where BORIS prints 1 by decree.
    pub exact: Option<f64>,
    /// How many samples, of all subjects together.
    pub n: u64,
    /// How many different sets of behaviours were found.
    pub n_categories: usize,
}

/// Cohen's kappa *as BORIS* (time unit).
///
/// *Definition*: samples every `unit` from the first onset to the last offset of either coder, both included. At a sample a state is active
/// from its start to its end, **both included**, a point when it is at most half a unit away. The category of a subject is the set of all active
/// behaviours; having none is one category for all subjects. Kappa over all subjects' samples, rounded to three decimals; 1 where chance alone
/// would agree in all.
///
/// *Shape*: `first[subject]` are the events of the first coder, `second[subject]` those of the second.
///
/// *Undefined cases*: `None` where either coder has no event (BORIS prints −100), `unit` is not positive, or an event ends before it starts.
///
/// *Limitations*: for old papers only. It depends on where the first event lies; at the boundary of two touching states both are active; and a
/// unit makes points longer. [`exact_table`](super::time_unit::exact_table) has none of these. BORIS compares decimal fractions
/// in binary, here all is exact: a point exactly half a unit away may fall on the other side there.
///
/// *Reference*: Friard, O., & Gamba, M. (2016). BORIS: a free, versatile open-source event-logging software for video/audio coding and live
/// observations. Methods in Ecology and Evolution, 7, 1325–1330. <https://doi.org/10.1111/2041-210X.12584>. Its `irr.py`.
///
/// # Example
/// ```
/// use scoring::agreement::{alignment::Event, boris::boris_kappa};
/// use span::{Instant, Length};
///
/// let state = |start, end, code| {
///     let at = |secs| Instant::ZERO + Length::SECOND.times(secs);
///     Event { start: at(start), end: Some(at(end)), code }
/// };
/// // samples at 0, 1, 2, 3, 4; at 2 the first coder has both codes, at 3 the second
/// let first = [vec![state(0, 2, 0), state(2, 4, 1)]];
/// let second = [vec![state(0, 3, 0), state(3, 4, 1)]];
/// let kappa = boris_kappa(&first, &second, Length::SECOND).expect("events");
/// assert_eq!((kappa.n, kappa.n_categories), (5, 3));
/// assert_eq!(kappa.printed, 0.375); // po = 3/5, pe = 9/25
/// ```
#[must_use]
pub fn boris_kappa(first: &[Vec<Event>], second: &[Vec<Event>], unit: Length) -> Option<BorisKappa> {
    let samples = Samples::of(first, second, unit)?;
    let mut categories = Categories::default();
    let mut cells: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    let none: &[Event] = &[];
    for subject in 0..first.len().max(second.len()) {
        let mut runs = |coder: &[Vec<Event>]| {
            let events = coder.get(subject).map_or(none, Vec::as_slice);
            samples.runs(events, |active| categories.number(subject, active))
        };
        let (a, b) = (runs(first), runs(second));
        let (mut in_a, mut in_b, mut from) = (0, 0, 0);
        while from < samples.count() {
            let (until_a, until_b) = (a[in_a].until, b[in_b].until);
            let until = until_a.min(until_b);
            *cells.entry((a[in_a].category, b[in_b].category)).or_default() += until - from;
            in_a += usize::from(until_a == until);
            in_b += usize::from(until_b == until);
            from = until;
        }
    }
    let mut table = Confusion::new(categories.0.len());
    for ((row, column), count) in cells {
        table.add(row, column, count as f64);
    }
    let exact = kappa(&table).value;
    let printed = exact.map_or(1.0, |kappa| (kappa * 1000.0).round_ties_even() / 1000.0);
    Some(BorisKappa { printed, exact, n: table.total() as u64, n_categories: table.n_codes() })
}

/// Numbers of sets of behaviours, as they are found.
#[derive(Default)]
struct Categories(BTreeMap<(Option<usize>, Vec<usize>), usize>);

impl Categories {
    fn number(&mut self, subject: usize, active: Vec<usize>) -> usize {
        let next = self.0.len();
        let subject = Some(subject).filter(|_| !active.is_empty()); // nothing is the same for all
        *self.0.entry((subject, active)).or_insert(next)
    }
}

/// A number for what all subjects do at each sample, of both coders; `None` without samples, or with more than `most` pairs of them.
fn sampled(first: &[Vec<Event>], second: &[Vec<Event>], unit: Length, most: usize) -> Option<(Vec<usize>, Vec<usize>)> {
    let samples = Samples::of(first, second, unit)?;
    let count =
        usize::try_from(samples.count()).ok().filter(|count| count.checked_mul(*count).is_some_and(|n| n <= most))?;
    let mut categories = Categories::default();
    let mut together: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    let n_subjects = first.len().max(second.len());
    let none: &[Event] = &[];
    let [a, b] = [first, second].map(|coder| {
        let mut all = vec![Vec::with_capacity(n_subjects); count];
        for subject in 0..n_subjects {
            let events = coder.get(subject).map_or(none, Vec::as_slice);
            let mut from = 0;
            for run in samples.runs(events, |active| categories.number(subject, active)) {
                let until = run.until as usize;
                all[from..until].iter_mut().for_each(|sample| sample.push(run.category));
                from = until;
            }
        }
        let number = |sample: Vec<usize>| {
            let next = together.len();
            *together.entry(sample).or_insert(next)
        };
        all.into_iter().map(number).collect()
    });
    Some((a, b))
}

/// Samples up to `until`, from where the last run ended, have one category.
struct Run {
    until: i64,
    category: usize,
}

struct Samples {
    from: Instant,
    until: Instant,
    unit: Length,
}

impl Samples {
    fn of(first: &[Vec<Event>], second: &[Vec<Event>], unit: Length) -> Option<Self> {
        let all = || first.iter().chain(second).flatten();
        let is_empty = |coder: &[Vec<Event>]| coder.iter().all(Vec::is_empty);
        let end = |event: &Event| event.end.unwrap_or(event.start);
        if is_empty(first) || is_empty(second) || unit <= Length::ZERO || all().any(|event| end(event) < event.start) {
            return None;
        }
        Some(Self { from: all().map(|event| event.start).min()?, until: all().map(end).max()?, unit })
    }

    fn count(&self) -> i64 {
        (self.until - self.from).micros() / self.unit.micros() + 1
    }

    /// Runs of samples with the same active behaviours, over all samples.
    fn runs(&self, events: &[Event], mut category: impl FnMut(Vec<usize>) -> usize) -> Vec<Run> {
        let mut changes: Vec<(i64, usize, i64)> = Vec::with_capacity(2 * events.len()); // sample, behaviour, more or fewer
        for event in events {
            // in half microseconds, since a point reaches half a unit
            let (reach, unit) = (if event.end.is_none() { self.unit.micros() } else { 0 }, 2 * self.unit.micros());
            let start = 2 * (event.start - self.from).micros() - reach;
            let end = 2 * (event.end.unwrap_or(event.start) - self.from).micros() + reach;
            let first = start.div_euclid(unit) + i64::from(start.rem_euclid(unit) > 0);
            let after = end.div_euclid(unit) + 1;
            if first < after {
                changes.extend([(first.max(0), event.code, 1), (after.min(self.count()), event.code, -1)]);
            }
        }
        changes.sort_unstable();
        let mut runs = Vec::new();
        let mut active: BTreeMap<usize, i64> = BTreeMap::new();
        let mut add = |until: i64, active: &BTreeMap<usize, i64>| {
            if runs.last().map_or(0, |run: &Run| run.until) < until {
                let category = category(active.keys().copied().collect());
                runs.push(Run { until, category });
            }
        };
        for (sample, code, change) in changes {
            add(sample, &active);
            let count = active.entry(code).or_default();
            *count += change;
            if *count == 0 {
                active.remove(&code);
            }
        }
        add(self.count(), &active);
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(start: i64, end: impl Into<Option<i64>>, code: usize) -> Event {
        let at = Instant::from_micros;
        Event { start: at(start), end: end.into().map(at), code }
    }

    #[track_caller]
    fn check(first: &[Vec<Event>], second: &[Vec<Event>], want: (f64, u64, usize)) {
        let kappa = boris_kappa(first, second, Length::from_micros(10)).unwrap();
        assert_eq!((kappa.printed, kappa.n, kappa.n_categories), want);
    }

    #[test]
    fn one_category_is_one_by_decree() {
        check(&[vec![event(0, 20, 0)]], &[vec![event(0, 20, 0)]], (1.0, 3, 1));
        assert_eq!(boris_kappa(&[vec![event(0, 20, 0)]], &[vec![]], Length::from_micros(10)), None);
    }

    #[test]
    fn points_reach_half_a_unit() {
        // samples 0, 10, 20: the point at 5 is at two of them, the one at 6 at one
        check(&[vec![event(0, 20, 0), event(5, None, 1)]], &[vec![event(0, 20, 0), event(5, None, 1)]], (1.0, 3, 2));
        check(&[vec![event(0, 20, 0), event(6, None, 1)]], &[vec![event(0, 20, 0), event(5, None, 1)]], (0.4, 3, 2));
    }

    #[test]
    fn doing_nothing_is_one_category_for_all_subjects() {
        let (a, b) = (vec![event(0, 20, 0)], vec![event(0, 9, 0)]);
        // three samples of each of two subjects: subject 0 with a code, subject 1 with its own, nothing
        check(&[a.clone(), b.clone()], &[a, b], (1.0, 6, 3));
    }
}
