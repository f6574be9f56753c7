//! Pairing every infant with someone else's parent.

use crate::chance::segments::permutation;
use crate::chance::{Baseline, NoBaseline, Tail};
use crate::random::Random;

/// Up to so many dyads all pairings are tried: there are 1,854 of them.
const MAX_DYADS_FOR_ALL: usize = 7;

/// A statistic, as its mean over real dyads, beside its means over pairs that never met.
///
/// *Definition*: a surrogate pairs every infant with the parent of another; all such pairings with up to 7 dyads (at most 5,000 pairings), else
/// `surrogates` of them, drawn uniformly. Both series are cut to the shorter one's length, from the start. Means are over the pairs in
/// which the statistic exists.
///
/// *Shape*: dyad i is `infants[i]` and `parents[i]`: episodes of one kind, on one grid.
///
/// *Limitations*: needs some ten dyads to say anything; what all dyads do at the same time of an episode stays in the surrogates.
///
/// # Errors
/// [`NoBaseline`] says why there is none.
///
/// # Panics
/// If there are not as many infants as parents.
///
/// *Reference*: Bernieri, F. J., Reznick, J. S., & Rosenthal, R. (1988). Synchrony, pseudosynchrony, and dissynchrony. Journal of Personality
/// and Social Psychology, 54, 243–253. <https://doi.org/10.1037/0022-3514.54.2.243>
///
/// ```
/// use scoring::chance::Tail;
/// use scoring::chance::pseudo_dyads::pseudo_dyads;
///
/// let infants: [&[u8]; 3] = [b"aabb", b"abab", b"bbaa"];
/// let parents: [&[u8]; 3] = [b"aabbb", b"abab", b"bbaa"];
/// let matches = |infant: &[u8], parent: &[u8]| {
///     Some(infant.iter().zip(parent).filter(|(i, p)| i == p).count() as f64 / infant.len() as f64)
/// };
/// let baseline = pseudo_dyads(&infants, &parents, 999, 1, Tail::Upper, matches)?;
/// // two pairings of three in which nobody has their own
/// assert_eq!((baseline.observed, baseline.n, baseline.p), (1.0, 2, 1.0 / 3.0));
/// assert!((baseline.mean - (0.5 + 0.5 + 0.0) / 3.0).abs() < 1e-12);
/// # Ok::<(), scoring::chance::NoBaseline>(())
/// ```
pub fn pseudo_dyads<A, B>(
    infants: &[&[A]],
    parents: &[&[B]],
    surrogates: usize,
    seed: u64,
    tail: Tail,
    mut statistic: impl FnMut(&[A], &[B]) -> Option<f64>,
) -> Result<Baseline, NoBaseline> {
    assert_eq!(infants.len(), parents.len(), "every infant has a parent");
    let n = infants.len();
    let mut of_pair = Vec::with_capacity(n * n); // infant by infant
    for infant in infants {
        for parent in parents {
            let length = infant.len().min(parent.len());
            of_pair.push(statistic(&infant[..length], &parent[..length]));
        }
    }
    beside_strangers(&of_pair, n, surrogates, seed, tail)
}

/// The mean over `n` real dyads beside those over pairs that never met; `of_pair` has the number of every pair, infant by infant.
pub(super) fn beside_strangers(
    of_pair: &[Option<f64>],
    n: usize,
    surrogates: usize,
    seed: u64,
    tail: Tail,
) -> Result<Baseline, NoBaseline> {
    if n < 2 {
        return Err(NoBaseline::TooFewDyads);
    }
    let mean = |partners: &[usize]| {
        let pairs = partners.iter().enumerate().filter_map(|(infant, parent)| of_pair[infant * n + parent]);
        let (sum, n) = pairs.fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
        (n > 0).then(|| sum / f64::from(n))
    };
    let own: Vec<usize> = (0..n).collect();
    Baseline::new(mean(&own), pairings(n, surrogates, seed).iter().map(|partners| mean(partners)), tail)
}

/// Each infant's parent in every surrogate: nobody has their own.
fn pairings(n: usize, surrogates: usize, seed: u64) -> Vec<Vec<usize>> {
    if n <= MAX_DYADS_FOR_ALL {
        let mut all = Vec::new();
        derangements(&mut Vec::new(), n, &mut all);
        return all;
    }
    let is_strange = |order: &[usize]| order.iter().enumerate().all(|(infant, parent)| infant != *parent);
    (0..surrogates as u64).map(|replicate| permutation(&mut Random::new(seed, replicate), n, is_strange)).collect()
}

/// All orders of `0..n` in which nothing stays in its place.
fn derangements(begun: &mut Vec<usize>, n: usize, found: &mut Vec<Vec<usize>>) {
    let place = begun.len();
    if place == n {
        found.push(begun.clone());
        return;
    }
    for next in 0..n {
        if next != place && !begun.contains(&next) {
            begun.push(next);
            derangements(begun, n, found);
            begun.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_series_are_cut_to_the_shorter_from_the_start() {
        let series: [&[u8]; 2] = [b"ab", b"abcd"];
        let is_cut =
            |infant: &[u8], parent: &[u8]| Some(f64::from(u8::from(infant == parent && infant.starts_with(b"ab"))));
        let baseline = pseudo_dyads(&series, &series, 0, 1, Tail::Upper, is_cut).unwrap();
        assert_eq!((baseline.observed, baseline.mean), (1.0, 1.0));
    }

    #[test]
    fn pairings_of_few_are_all_tried_and_of_many_drawn() {
        for (n, want) in [(2, 1), (3, 2), (4, 9), (7, 1_854), (8, 25)] {
            let people: Vec<usize> = (0..n).collect();
            let series: Vec<&[usize]> = people.iter().map(std::slice::from_ref).collect();
            let met = |a: &[usize], b: &[usize]| Some(f64::from(u8::from(a == b)));
            let baseline = pseudo_dyads(&series, &series, 25, 4, Tail::Upper, met).unwrap();
            assert_eq!((baseline.observed, baseline.n, baseline.mean), (1.0, want, 0.0), "{n}");
        }
    }
}
