//! Putting the segments of one series in another order.

use crate::chance::{Baseline, NoBaseline, Tail};
use crate::random::Random;

/// With fewer there is little to put in order.
const MIN_SEGMENTS: usize = 4;

/// Which orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentRules {
    /// The length of a segment in units; 30 s is usual.
    pub segment: usize,
    /// How many orders: 199 while looking, 999 in a report.
    pub surrogates: usize,
    /// Of the draws.
    pub seed: u64,
}

/// A statistic beside those of the second series with its segments in another order.
///
/// *Definition*: in each episode the second series, missing units included, is cut into `⌊n / segment⌋` segments, and what remains stays last;
/// replicate b is an order drawn uniformly from all but the one that there is. Memory inside a segment stays, slow change is broken.
///
/// *Shape*: as in [`circular_shift`](super::circular::circular_shift).
///
/// # Errors
/// [`NoBaseline`] says why there is none: an episode with fewer than four segments, a statistic that is absent.
///
/// *Reference*: Tschacher, W., & Meier, D. (2020). Physiological synchrony in psychotherapy sessions. Psychotherapy Research, 30, 558–573,
/// doi 10.1080/10503307.2019.1612114: the procedure of SUSY.
///
/// ```
/// use scoring::chance::Tail;
/// use scoring::chance::segments::{SegmentRules, segment_shuffle};
///
/// let first: Vec<u32> = (0..80).map(|t| t / 10).collect();
/// let same = |second: &[Vec<u32>]| Some(first.iter().zip(&second[0]).filter(|(x, y)| x == y).count() as f64);
/// let rules = SegmentRules { segment: 10, surrogates: 199, seed: 1 };
/// let baseline = segment_shuffle(&[&first], rules, Tail::Upper, same)?;
/// assert_eq!((baseline.observed, baseline.n_at_least, baseline.p), (80.0, 0, 1.0 / 200.0));
/// # Ok::<(), scoring::chance::NoBaseline>(())
/// ```
pub fn segment_shuffle<T: Copy>(
    second: &[&[T]],
    rules: SegmentRules,
    tail: Tail,
    mut statistic: impl FnMut(&[Vec<T>]) -> Option<f64>,
) -> Result<Baseline, NoBaseline> {
    let mut shuffled: Vec<Vec<T>> = second.iter().map(|series| series.to_vec()).collect();
    let lengths: Vec<usize> = second.iter().map(|series| series.len()).collect();
    let orders = orders(&lengths, rules)?;
    let observed = statistic(&shuffled);
    let surrogates = orders.map(|orders| {
        for ((shuffled, series), order) in shuffled.iter_mut().zip(second).zip(orders) {
            shuffled.clear();
            for segment in &order {
                shuffled.extend_from_slice(&series[segment * rules.segment..][..rules.segment]);
            }
            shuffled.extend_from_slice(&series[order.len() * rules.segment..]);
        }
        statistic(&shuffled)
    });
    Baseline::new(observed, surrogates, tail)
}

/// The orders of each replicate, one per episode, for series of these lengths.
pub(crate) fn orders(
    lengths: &[usize],
    rules: SegmentRules,
) -> Result<impl Iterator<Item = Vec<Vec<usize>>> + use<>, NoBaseline> {
    let counts: Vec<usize> = lengths.iter().map(|n| n.checked_div(rules.segment).unwrap_or(0)).collect();
    if counts.is_empty() || counts.iter().any(|count| *count < MIN_SEGMENTS) {
        return Err(NoBaseline::TooFewSegments);
    }
    Ok((0..rules.surrogates as u64).map(move |replicate| {
        let mut random = Random::new(rules.seed, replicate);
        counts.iter().map(|count| permutation(&mut random, *count, |order| !order.is_sorted())).collect()
    }))
}

/// A random order of `0..n`, drawn again until it is accepted.
pub(super) fn permutation(random: &mut Random, n: usize, is_accepted: impl Fn(&[usize]) -> bool) -> Vec<usize> {
    loop {
        let mut order: Vec<usize> = (0..n).collect();
        for last in (1..n).rev() {
            order.swap(last, random.below(last as u64 + 1) as usize);
        }
        if is_accepted(&order) {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_but_the_one_there_is_comes_as_often() {
        let rules = SegmentRules { segment: 2, surrogates: 2_300, seed: 3 };
        let mut drawn: Vec<Vec<usize>> = orders(&[9], rules).unwrap().flatten().collect();
        drawn.sort();
        let counts: Vec<usize> = drawn.chunk_by(|a, b| a == b).map(<[_]>::len).collect();
        assert_eq!(counts.len(), 23, "4! − 1");
        assert!(counts.iter().all(|count| (60..150).contains(count)), "{counts:?}");
    }

    #[test]
    fn segments_move_whole_and_the_remainder_stays() {
        let series: Vec<usize> = (0..14).collect();
        let rules = SegmentRules { segment: 3, surrogates: 20, seed: 1 };
        let is_right = |shuffled: &[Vec<usize>]| {
            let starts_whole = shuffled[0][..12].chunks(3).all(|part| part[0] % 3 == 0 && part[2] == part[0] + 2);
            Some(f64::from(u8::from(starts_whole && shuffled[0][12..] == [12, 13])))
        };
        let baseline = segment_shuffle(&[&series], rules, Tail::Upper, is_right).unwrap();
        assert_eq!((baseline.mean, baseline.sd, baseline.z), (1.0, Some(0.0), None));
        let short = segment_shuffle(&[&series[..11]], rules, Tail::Upper, is_right);
        assert_eq!(short, Err(NoBaseline::TooFewSegments));
    }
}
