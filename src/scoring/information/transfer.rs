//! Transfer entropy: what the one's last state adds to the other's own past.

use serde::Serialize;

use crate::information::counts;

/// How much the source's last state tells about the target's next, beyond the target's own past.
///
/// *Definition*: `I(source_{t−1}; target_t | target_{t−k} .. target_{t−1})` with the shares as probabilities, over t = k, ..., n − 1; a row
/// with anything missing among its `k + 2` values is dropped.
///
/// *Units and range*: bits, 0 and more.
///
/// *Limitations*: much too large in short series: subtract the mean of [shifted series](crate::chance), and use their p.
///
/// *Reference*: Schreiber, T. (2000). Measuring information transfer. Physical Review Letters, 85, 461–464.
/// <https://doi.org/10.1103/PhysRevLett.85.461>
///
/// ```
/// use scoring::information::transfer::TransferEntropy;
///
/// let states = |text: &str| -> Vec<Option<usize>> { text.chars().map(|c| "MOPN".find(c)).collect() };
/// let infant = states("MMPPOOOMPPNNNMMP.POOMMPPPNNOOO");
/// let parent = states("MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM");
/// let to_parent = TransferEntropy::new(&infant, &parent, 1).expect("rows are left");
/// let to_infant = TransferEntropy::new(&parent, &infant, 1).expect("rows are left");
/// assert_eq!((to_parent.n, to_infant.n), (28, 27));
/// assert!((to_parent.bits - 0.409_470_966_5).abs() < 1e-10);
/// assert!((to_infant.bits - 0.227_470_720_4).abs() < 1e-10);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TransferEntropy {
    /// How many rows.
    pub n: usize,
    /// In bits.
    pub bits: f64,
}

impl TransferEntropy {
    /// From `source` to `target`, of whose own past `history` units count; `None` is missing.
    ///
    /// *Undefined cases*: `None` where no row is left, for a history of 0, and for more than 2⁶⁴ combinations of states.
    #[must_use]
    pub fn new(source: &[Option<usize>], target: &[Option<usize>], history: usize) -> Option<Self> {
        let n_units = source.len().min(target.len());
        if history == 0 || history >= n_units {
            return None;
        }
        let n_states = n_states(source, target)?;
        n_combinations(n_states, history)?;
        let row = |t: usize| {
            let past =
                target[t - history..t].iter().try_fold(0, |past, state| Some(past * n_states + (*state)? as u64));
            Some((past?, source[t - 1]? as u64, target[t]? as u64))
        };
        let rows: Vec<(u64, u64, u64)> = (history..n_units).filter_map(row).collect();
        if rows.is_empty() {
            return None;
        }
        let count_by = |of: &dyn Fn(&(u64, u64, u64)) -> u64| counts(rows.iter().map(of).collect());
        let all = count_by(&|(past, source, next)| (past * n_states + source) * n_states + next);
        let by_past = count_by(&|(past, _, _)| *past);
        let by_past_and_source = count_by(&|(past, source, _)| past * n_states + source);
        let by_past_and_next = count_by(&|(past, _, next)| past * n_states + next);
        let count_of = |counts: &[(u64, usize)], key: u64| {
            counts.binary_search_by_key(&key, |(key, _)| *key).map_or(0.0, |idx| counts[idx].1 as f64)
        };
        let term = |&(key, count): &(u64, usize)| {
            let (past_and_source, next) = (key / n_states, key % n_states);
            let past = past_and_source / n_states;
            let count = count as f64;
            let with_source = count / count_of(&by_past_and_source, past_and_source);
            let without = count_of(&by_past_and_next, past * n_states + next) / count_of(&by_past, past);
            count * libm::log2(with_source / without)
        };
        let bits = all.iter().map(term).sum::<f64>() / rows.len() as f64;
        Some(Self { n: rows.len(), bits: bits.max(0.0) })
    }
}

/// How many states there are to tell apart; `None` where everything is missing.
pub(crate) fn n_states(source: &[Option<usize>], target: &[Option<usize>]) -> Option<u64> {
    source.iter().chain(target).flatten().max().map(|highest| 1 + *highest as u64)
}

/// How many rows could differ; `None` where they are too many to count.
pub(crate) fn n_combinations(n_states: u64, history: usize) -> Option<u64> {
    n_states.checked_pow(u32::try_from(history).ok()?.checked_add(2)?)
}
