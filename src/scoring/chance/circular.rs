//! Moving one series along, its end coming to its start.

use crate::chance::{Baseline, NoBaseline, Tail};
use crate::random::Random;

/// So many shifts are all tried; of more, some are drawn.
pub const MAX_ALL: usize = 5_000;

/// Which shifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShiftRules {
    /// No shift is smaller than this, in units, nor nearer than this to a whole round; at least 1. The largest lag is a good choice.
    pub guard: usize,
    /// Are all tried where there are at most [`MAX_ALL`]?
    pub is_exhaustive: bool,
    /// How many are drawn where not all are tried: 199 while looking, 999 in a report.
    pub surrogates: usize,
    /// Of the draws.
    pub seed: u64,
}

/// A statistic beside those of the second series shifted in a circle.
///
/// ```text
/// second      0 1 2 3 4 5 6 7
/// shift 3     5 6 7 0 1 2 3 4
/// ```
///
/// *Definition*: `y'[t] = y[(t − s) mod n]` for `s = guard, ..., n − guard` within each episode; missing units move along. With one episode
/// and at most [`MAX_ALL`] shifts, all of them where `is_exhaustive`; else `surrogates` draws: without replacement with one episode, and each episode by a draw of
/// its own with several. Base rates and memory stay as they are; what is broken is who does what when the other does.
///
/// *Shape*: `second` has one series per episode, and `statistic` is given one per episode; the first series is what `statistic` has kept.
///
/// # Errors
/// [`NoBaseline`] says why there is none: an episode without a shift, a statistic that is absent.
///
/// *Reference*: Moulder, R. G., Boker, S. M., Ramseyer, F., & Tschacher, W. (2018). Determining synchrony between behavioral time series:
/// An application of surrogate data generation for establishing falsifiable null-hypotheses. Psychological Methods, 23, 757–773, doi
/// 10.1037/met0000172.
///
/// ```
/// use scoring::chance::Tail;
/// use scoring::chance::circular::{ShiftRules, circular_shift};
///
/// let infant: Vec<char> = "MMPPOOOMPPNNNMMP.POOMMPPPNNOOO".chars().collect();
/// let parent: Vec<char> = "MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM".chars().collect();
/// let matches = |parent: &[Vec<char>]| {
///     let pairs = infant.iter().zip(&parent[0]).filter(|(i, p)| **i != '.' && **p != '.');
///     let n = pairs.clone().count();
///     Some(pairs.filter(|(i, p)| i == p).count() as f64 / n as f64)
/// };
/// let rules = ShiftRules { guard: 1, is_exhaustive: true, surrogates: 999, seed: 1 };
/// let baseline = circular_shift(&[&parent], rules, Tail::Upper, matches)?;
/// assert_eq!((baseline.n, baseline.n_at_least), (29, 8));
/// assert!((baseline.mean - 0.281_807_4).abs() < 1e-7 && (baseline.p - 0.3).abs() < 1e-12);
/// # Ok::<(), scoring::chance::NoBaseline>(())
/// ```
pub fn circular_shift<T: Copy>(
    second: &[&[T]],
    rules: ShiftRules,
    tail: Tail,
    mut statistic: impl FnMut(&[Vec<T>]) -> Option<f64>,
) -> Result<Baseline, NoBaseline> {
    let lengths: Vec<usize> = second.iter().map(|series| series.len()).collect();
    let shifts = shifts(&lengths, rules)?;
    let mut shifted: Vec<Vec<T>> = second.iter().map(|series| series.to_vec()).collect();
    let observed = statistic(&shifted);
    let surrogates = shifts.iter().map(|shifts| {
        for ((shifted, series), shift) in shifted.iter_mut().zip(second).zip(shifts) {
            let (start, end) = series.split_at(series.len() - shift);
            shifted.clear();
            shifted.extend_from_slice(end);
            shifted.extend_from_slice(start);
        }
        statistic(&shifted)
    });
    Baseline::new(observed, surrogates, tail)
}

/// The shifts of each replicate, one per episode, for series of these lengths.
///
/// # Errors
/// [`NoBaseline::TooShort`] where an episode has no shift that keeps the guard, or there is no episode.
///
/// ```
/// use scoring::chance::circular::{ShiftRules, shifts};
///
/// let rules = ShiftRules { guard: 1, is_exhaustive: true, surrogates: 1_000, seed: 1 };
/// assert_eq!(shifts(&[4], rules)?, [[1], [2], [3]]);
/// # Ok::<(), scoring::chance::NoBaseline>(())
/// ```
pub fn shifts(lengths: &[usize], rules: ShiftRules) -> Result<Vec<Vec<usize>>, NoBaseline> {
    let guard = rules.guard.max(1);
    let counts: Option<Vec<usize>> =
        lengths.iter().map(|n| (n + 1).checked_sub(guard.saturating_mul(2)).filter(|count| *count > 0)).collect();
    let counts = counts.ok_or(NoBaseline::TooShort)?;
    match counts[..] {
        [] => Err(NoBaseline::TooShort),
        [count] if rules.is_exhaustive && count <= MAX_ALL => {
            Ok((guard..guard + count).map(|shift| vec![shift]).collect())
        }
        [count] => {
            // the start of a random order of all
            let mut order: Vec<usize> = (guard..guard + count).collect();
            let n_drawn = rules.surrogates.min(count);
            for replicate in 0..n_drawn {
                let left = (count - replicate) as u64;
                let drawn = replicate + Random::new(rules.seed, replicate as u64).below(left) as usize;
                order.swap(replicate, drawn);
            }
            Ok(order[..n_drawn].iter().map(|shift| vec![*shift]).collect())
        }
        _ => {
            let draw = |replicate: u64| {
                let mut random = Random::new(rules.seed, replicate);
                counts.iter().map(|count| guard + random.below(*count as u64) as usize).collect()
            };
            Ok((0..rules.surrogates as u64).map(draw).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: ShiftRules = ShiftRules { guard: 3, is_exhaustive: true, surrogates: 50, seed: 9 };

    #[test]
    fn few_shifts_are_all_tried_and_many_are_drawn_once_each() {
        let all = shifts(&[10], RULES).unwrap();
        assert_eq!(all, [[3], [4], [5], [6], [7]]);
        let mut drawn: Vec<usize> = shifts(&[20_000], RULES).unwrap().into_iter().flatten().collect();
        assert_eq!(drawn, shifts(&[20_000], RULES).unwrap().concat());
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 50);
        assert!(drawn.iter().all(|shift| (3..=19_997).contains(shift)));
    }

    #[test]
    fn drawn_shifts_are_those_of_the_seed() {
        // Python 3 with its own ChaCha8: draw b from stream b; the match proportion of SCIENCE.md section 7 at these shifts by numpy 2.4.6
        let rules = ShiftRules { guard: 3, is_exhaustive: false, surrogates: 5, seed: 1 };
        assert_eq!(shifts(&[30], rules).unwrap(), [[4], [11], [16], [27], [5]]);
        let (infant, parent) = (b"MMPPOOOMPPNNNMMP.POOMMPPPNNOOO", b"MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM");
        let matches =
            |parent: &[Vec<u8>]| Some(infant.iter().zip(&parent[0]).filter(|(i, p)| i == p).count() as f64 / 29.0);
        let baseline = circular_shift(&[parent], rules, Tail::Upper, matches).unwrap();
        assert!((baseline.mean - 0.213_793_103_448_276).abs() < 1e-14);
        assert!((baseline.sd.unwrap() - 0.107_395_941_395_844).abs() < 1e-14);
        assert_eq!(baseline.p, 1.0 / 3.0);
    }

    #[test]
    fn several_episodes_are_each_shifted_by_their_own_draw() {
        let drawn = shifts(&[10, 100], RULES).unwrap();
        assert_eq!(drawn.len(), 50);
        assert!(drawn.iter().all(|both| (3..=7).contains(&both[0]) && (3..=97).contains(&both[1])));
        assert!(drawn.iter().any(|both| both[1] > 50));
    }

    #[test]
    fn what_is_too_short_for_the_guard_has_no_shift() {
        assert_eq!(shifts(&[5], RULES), Err(NoBaseline::TooShort));
        assert_eq!(shifts(&[6], RULES), Ok(vec![vec![3]]));
        assert_eq!(shifts(&[], RULES), Err(NoBaseline::TooShort));
        assert_eq!(shifts(&[0], ShiftRules { guard: 0, ..RULES }), Err(NoBaseline::TooShort));
    }
}
