//! How alike the samples of two coders are, laid beside each other.

use span::Length;

use super::super::alignment::Event;
use super::sampled;

/// Samples laid beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BorisIdentity {
    /// Positions with the same on both sides.
    pub same: u64,
    /// All positions.
    pub positions: u64,
}

/// No more pairs of samples than this are compared: memory is one byte for each.
const MOST_PAIRS: usize = 500_000_000;

/// The *Needleman–Wunsch identity* as BORIS.
///
/// *Definition*: samples as in [`boris_kappa`](super::boris_kappa); two are the same when every subject has the same set of behaviours. They are
/// aligned with the highest score, 1 for the same, −1 for others and for a gap; seen from the end a pair is preferred, then the first coder's
/// sample alone.
///
/// *Undefined cases*: `None` as for [`boris_kappa`](super::boris_kappa), and for more than 22,000 samples.
///
/// *Limitations*: it is not corrected for chance, and a gap shifts time: for old papers only.
///
/// *Reference*: BORIS, `irr.py`. Needleman, S. B., & Wunsch, C. D. (1970). A general method applicable to the search for similarities in
/// the amino acid sequence of two proteins. Journal of Molecular Biology, 48, 443–453, doi 10.1016/0022-2836(70)90057-4.
///
/// # Example
/// ```
/// use scoring::agreement::{alignment::Event, boris::boris_identity};
/// use span::{Instant, Length};
///
/// let state = |start, end, code| {
///     let at = |secs| Instant::ZERO + Length::SECOND.times(secs);
///     Event { start: at(start), end: Some(at(end)), code }
/// };
/// // samples of the first coder: A A AB B B, of the second: A A A AB B
/// let (first, second) = ([vec![state(0, 2, 0), state(2, 4, 1)]], [vec![state(0, 3, 0), state(3, 4, 1)]]);
/// let identity = boris_identity(&first, &second, Length::SECOND).expect("events");
/// assert_eq!((identity.same, identity.positions), (4, 6)); // a gap on either side
/// assert!((identity.percent() - 200.0 / 3.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn boris_identity(first: &[Vec<Event>], second: &[Vec<Event>], unit: Length) -> Option<BorisIdentity> {
    let (a, b) = sampled(first, second, unit, MOST_PAIRS)?;
    let width = b.len() + 1;
    let mut best: Vec<i64> = (0..width as i64).map(|gaps| -gaps).collect();
    let mut last = vec![Last::SecondAlone; (a.len() + 1) * width];
    for (i, of_a) in a.iter().enumerate() {
        let mut diagonal = best[0];
        best[0] -= 1;
        last[(i + 1) * width] = Last::FirstAlone;
        for (j, of_b) in b.iter().enumerate() {
            let pair = diagonal + if of_a == of_b { 1 } else { -1 };
            let (alone_a, alone_b) = (best[j + 1] - 1, best[j] - 1);
            diagonal = best[j + 1];
            best[j + 1] = pair.max(alone_a).max(alone_b);
            last[(i + 1) * width + j + 1] = match best[j + 1] {
                score if score == pair => Last::Pair,
                score if score == alone_a => Last::FirstAlone,
                _ => Last::SecondAlone,
            };
        }
    }
    let (mut i, mut j) = (a.len(), b.len());
    let mut identity = BorisIdentity { same: 0, positions: 0 };
    while i + j > 0 {
        let way = last[i * width + j];
        i -= usize::from(way != Last::SecondAlone);
        j -= usize::from(way != Last::FirstAlone);
        identity.positions += 1;
        identity.same += u64::from(way == Last::Pair && a[i] == b[j]);
    }
    Some(identity)
}

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Last {
    Pair,
    FirstAlone,
    SecondAlone,
}

impl BorisIdentity {
    /// Per cent of the positions, as BORIS prints it.
    #[must_use]
    pub fn percent(self) -> f64 {
        100.0 * self.same as f64 / self.positions as f64
    }
}
