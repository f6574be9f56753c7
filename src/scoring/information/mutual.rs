//! Mutual information of two series of states.

use serde::{Deserialize, Serialize};

use crate::information::counts;

/// Values this close are equal when the largest is looked for.
const TIE: f64 = 1e-12;

/// By what mutual information is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MutualNorm {
    /// The geometric mean of both entropies.
    Sqrt,
    /// Their arithmetic mean.
    Arithmetic,
}

/// How much knowing one series' state tells about the other's, and the entropies it comes from.
///
/// *Definition*: over the pairs of units in which neither is missing, `I = Σ p(a,b) log2 [p(a,b) / (p(a) p(b))]`, with the shares as
/// probabilities.
///
/// *Units and range*: bits; `I` from 0 to the smaller entropy.
///
/// *Limitations*: shares of few units make `I` too large, by about `(m_a − 1)(m_b − 1) / 2N` nats: see
/// [`miller_madow_bits`](Self::miller_madow_bits), or compare with [shifted series](crate::chance).
///
/// *Reference*: Shannon, C. E. (1948). A mathematical theory of communication. Bell System Technical Journal, 27, 379–423, doi
/// 10.1002/j.1538-7305.1948.tb01338.x. Miller, G. A. (1955). Note on the bias of information estimates. In H. Quastler (Ed.), Information
/// theory in psychology.
///
/// ```
/// use scoring::information::mutual::{MutualInformation, MutualNorm};
///
/// let states = |text: &str| -> Vec<Option<usize>> { text.chars().map(|c| "MOPN".find(c)).collect() };
/// let infant = states("MMPPOOOMPPNNNMMP.POOMMPPPNNOOO");
/// let parent = states("MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM");
/// let mutual = MutualInformation::new(&infant, &parent, 0).expect("29 pairs");
/// assert!((mutual.bits - 0.120_288_8).abs() < 1e-7);
/// assert!((mutual.first_entropy - 1.968_655).abs() < 1e-6);
/// // 4 and 2 states, in 8 pairs: 3/58 nat less
/// assert!((mutual.miller_madow_bits() - (mutual.bits - 3.0 / 58.0 / 2.0_f64.ln())).abs() < 1e-12);
/// assert!((mutual.normalised(MutualNorm::Sqrt).unwrap() - 0.120_288_8 / (1.968_655_f64 * 0.957_553_5).sqrt()).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MutualInformation {
    /// How many pairs.
    pub n: usize,
    /// How many states, or pairs of states, occur: in the first series, the second, and both.
    pub n_states: (usize, usize, usize),
    /// The first series' entropy, in bits.
    pub first_entropy: f64,
    /// The second's.
    pub second_entropy: f64,
    /// That of the pairs.
    pub joint_entropy: f64,
    /// `I`, in bits.
    pub bits: f64,
}

impl MutualInformation {
    /// The mutual information of `first[t]` and `second[t + lag]`; `None` is missing, a positive lag means that the first leads.
    ///
    /// *Undefined cases*: `None` where no pair is left.
    #[must_use]
    pub fn new(first: &[Option<usize>], second: &[Option<usize>], lag: i64) -> Option<Self> {
        let skip = usize::try_from(lag.unsigned_abs()).ok()?;
        let (skip_first, skip_second) = if lag >= 0 { (0, skip) } else { (skip, 0) };
        let pairs = first.iter().skip(skip_first).zip(second.iter().skip(skip_second));
        let pairs: Vec<(usize, usize)> = pairs.filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
        let n_states = 1 + pairs.iter().map(|(a, b)| a.max(b)).max()?;
        let n_states = n_states as u64;
        let first = counts(pairs.iter().map(|(a, _)| *a as u64).collect());
        let second = counts(pairs.iter().map(|(_, b)| *b as u64).collect());
        let joint = counts(pairs.iter().map(|(a, b)| *a as u64 * n_states + *b as u64).collect());
        let n = pairs.len();
        let count_of = |counts: &[(u64, usize)], state: u64| {
            counts.binary_search_by_key(&state, |(state, _)| *state).map_or(0, |idx| counts[idx].1)
        };
        let term = |&(pair, count): &(u64, usize)| {
            let expected = count_of(&first, pair / n_states) as f64 * count_of(&second, pair % n_states) as f64;
            count as f64 * libm::log2(count as f64 * n as f64 / expected)
        };
        let bits = joint.iter().map(term).sum::<f64>() / n as f64;
        Some(Self {
            n,
            n_states: (first.len(), second.len(), joint.len()),
            first_entropy: entropy(&first, n),
            second_entropy: entropy(&second, n),
            joint_entropy: entropy(&joint, n),
            bits: bits.max(0.0),
        })
    }

    /// Divided by a mean of the entropies: 0 to 1.
    ///
    /// *Undefined cases*: `None` where that mean is 0.
    #[must_use]
    pub fn normalised(&self, norm: MutualNorm) -> Option<f64> {
        let (first, second) = (self.first_entropy, self.second_entropy);
        let mean = match norm {
            MutualNorm::Sqrt => libm::sqrt(first * second),
            MutualNorm::Arithmetic => f64::midpoint(first, second),
        };
        (mean > 0.0).then(|| (self.bits / mean).min(1.0))
    }

    /// With the correction of Miller and Madow: plus `(m_first + m_second − m_both − 1) / 2N` nats, in bits; it can be negative.
    #[must_use]
    pub fn miller_madow_bits(&self) -> f64 {
        let (first, second, both) = self.n_states;
        let nats = (first as f64 + second as f64 - both as f64 - 1.0) / (2.0 * self.n as f64);
        self.bits + nats * std::f64::consts::LOG2_E
    }
}

/// Mutual information at one lag.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MutualPoint {
    /// In units; positive: the first series leads, `first[t]` goes with `second[t + lag]`.
    pub lag: i64,
    /// In bits; `None` where no pair is left.
    pub bits: Option<f64>,
    /// How many pairs.
    pub n: usize,
}

/// Mutual information at every lag from `−max_lag` to `max_lag`, each over the pairs and with the entropies of its own.
///
/// *Definition*: [`MutualInformation::new`] at each lag; with `is_corrected` [`miller_madow_bits`](MutualInformation::miller_madow_bits).
///
/// *Shape*: `2 max_lag + 1` points, sorted by lag.
///
/// ```
/// use scoring::information::mutual::mutual_profile;
///
/// let first = [Some(0), Some(0), Some(1), Some(0), Some(1)];
/// let second = [None, Some(0), Some(0), Some(1), Some(0)]; // the same, one unit later
/// let bits: Vec<Option<f64>> = mutual_profile(&first, &second, 1, false).iter().map(|point| point.bits).collect();
/// // three units of the one state and one of the other are known for sure: 2 − 0.75 log2 3 bits
/// assert!((bits[2].unwrap() - 0.811_278_1).abs() < 1e-7);
/// assert!(bits[2] > bits[1] && bits[2] > bits[0]);
/// ```
#[must_use]
pub fn mutual_profile(
    first: &[Option<usize>],
    second: &[Option<usize>],
    max_lag: usize,
    is_corrected: bool,
) -> Vec<MutualPoint> {
    let max_lag = max_lag as i64;
    let point = |lag: i64| {
        let mutual = MutualInformation::new(first, second, lag);
        let bits = mutual.map(|mutual| if is_corrected { mutual.miller_madow_bits() } else { mutual.bits });
        MutualPoint { lag, bits, n: mutual.map_or(0, |mutual| mutual.n) }
    };
    (-max_lag..=max_lag).map(point).collect()
}

/// The point with the most information; of equal ones (within 1e−12) the nearest to lag 0, then the positive lag. `None` where it is
/// absent at all lags.
///
/// ```
/// use scoring::information::mutual::{MutualPoint, peak};
///
/// let at = |lag, bits| MutualPoint { lag, bits, n: 20 };
/// let profile = [at(-1, Some(0.4)), at(0, None), at(1, Some(0.4)), at(2, Some(0.1))];
/// assert_eq!(peak(&profile).map(|point| point.lag), Some(1));
/// assert_eq!(peak(&[at(0, None)]), None);
/// ```
#[must_use]
pub fn peak(profile: &[MutualPoint]) -> Option<MutualPoint> {
    let most = profile.iter().filter_map(|point| point.bits).reduce(f64::max)?;
    let tied = profile.iter().filter(|point| point.bits.is_some_and(|bits| most - bits <= TIE));
    tied.copied().min_by_key(|point| (point.lag.abs(), -point.lag))
}

/// In bits; exactly 0 for a single state.
fn entropy(counts: &[(u64, usize)], n: usize) -> f64 {
    let term = |(_, count): &(u64, usize)| {
        let share = *count as f64 / n as f64;
        -share * libm::log2(share)
    };
    counts.iter().map(term).sum::<f64>().max(0.0)
}
