//! Agreement of any number of coders on where units lie and what they are: γ and `γ_cat`.

mod cover;
mod dissimilarity;
mod pairing;
mod partition;
mod sampler;

use serde::{Deserialize, Serialize};
use span::{Instant, Span};

use crate::random::Random;
use dissimilarity::{Dissimilarity, Placed};
use sampler::SampleFrom;

/// A stretch of time that a coder marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// An index into the codes.
    pub code: usize,
}

/// How unlike units are, and what chance would do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaRules {
    /// `gamma.alpha`: the weight of position.
    pub alpha: f64,
    /// `gamma.beta`: the weight of the code.
    pub beta: f64,
    /// `gamma.delta_empty`: how unlike a unit and nothing are; above 0.
    pub delta_empty: f64,
    /// `gamma.codes`: how unlike two codes are.
    pub codes: CodeDistance,
    /// `gamma.sampler`: how chance is drawn.
    pub sampler: Sampler,
    /// `gamma.samples`: how many times chance is drawn at least.
    pub samples: u32,
    /// `gamma.precision`: chance is drawn until its mean is known to this share of itself, with 95 % confidence; `None` takes `samples`.
    pub precision: Option<f64>,
    /// `seed`: where the random numbers begin.
    pub seed: u64,
}

/// How unlike two codes are, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeDistance {
    /// 1 when they differ.
    Nominal,
    /// `|a − b| / (n − 1)` for `n` codes in their order.
    Ordinal {
        /// How many codes there are.
        n_codes: usize,
    },
}

/// How coders who know nothing of each other are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampler {
    /// Numbers of units, gaps and durations from normal distributions with the moments of all coders' together, codes by their
    /// share: what pygamma-agreement does unless told otherwise.
    Statistical,
    /// A coder's own units, moved round the recording by a random amount: Mathet and others, section 5.2.
    Shuffle,
}

impl Default for GammaRules {
    fn default() -> Self {
        Self {
            alpha: 1.0,
            beta: 1.0,
            delta_empty: 1.0,
            codes: CodeDistance::Nominal,
            sampler: Sampler::Statistical,
            samples: 30,
            precision: Some(0.02),
            seed: 1,
        }
    }
}

/// γ with its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Gamma {
    /// `1 − observed / expected`: 1 is perfect agreement, 0 what chance would do, below 0 is worse.
    pub gamma: f64,
    /// The same for the codes of the aligned units alone.
    pub gamma_cat: f64,
    /// The disorder of the best alignment.
    pub observed_disorder: f64,
    /// The mean disorder of chance.
    pub expected_disorder: f64,
    /// How many times chance was drawn.
    pub n_samples: u32,
    /// The best alignment.
    pub alignment: Vec<UnitaryAlignment>,
    /// Is every alignment, that of each sample too, proven to be the best? Always with two coders; with more, as long as the units of one coder
    /// do not overlap each other in great numbers.
    pub is_exact: bool,
}

/// Units that stand for one another: for every coder the position of a unit in what was given, or `None`.
pub type UnitaryAlignment = Vec<Option<usize>>;

/// Why there is no γ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoGamma {
    /// Agreement needs two.
    #[error("there is only one coder")]
    OneCoder,
    /// Nobody marked anything.
    #[error("there is no unit")]
    NoUnits,
    /// A unit ends no later than it starts.
    #[error("a unit has no duration")]
    EmptyUnit,
    /// A weight is negative or no number, or nothing is no unlike anything.
    #[error("the weights of gamma cannot be negative, and its delta_empty must be positive")]
    BadWeights,
    /// Chance makes no disorder, the coders do.
    #[error("chance makes no disorder")]
    NoExpectedDisorder,
}

/// γ of two coders or more.
///
/// *Definition*: two units are unlike by `d = α d_pos + β d_cat`, with `d_pos = ((|Δstart| + |Δend|) / (sum of durations))² Δ∅` and
/// `d_cat` = Δ∅ times the distance of their codes; a unit and nothing by Δ∅. A unitary alignment takes at most one unit of every coder, its
/// disorder is the mean over all pairs of coders; an alignment is a partition of all units, its disorder the sum over its unitary
/// alignments divided by the mean number of units of a coder. Observed is the least disorder of any partition, found exactly
/// (two coders: optimal assignment; more: branch and bound over sets of units that can reach one another); expected is
/// the mean of the same over continua drawn by chance. `γ_cat` compares, observed and by chance, the mean `d_cat` over aligned
/// pairs, each weighted by `max(0, 1 − α d_pos) / (units of its unitary alignment − 1)`, a unit beside nothing by Δ∅.
///
/// *Units and range*: up to 1, free of scale.
///
/// *Shape*: `coders[c]` are the units of coder `c`, in any order; units of one coder may overlap.
///
/// *Errors*: [`NoGamma`]. Without observed disorder γ is 1 whatever chance does.
///
/// *Reference*: Mathet, Y., Widlöcher, A., & Métivier, J.-P. (2015). The unified and holistic method gamma (γ) for inter-annotator
/// agreement measure and alignment. Computational Linguistics, 41, 437–479. <https://doi.org/10.1162/COLI_a_00227>. Mathet, Y. (2017).
/// The agreement measure `γ_cat`: a complement to γ focused on categorization of a continuum. Computational Linguistics, 43, 661–681.
/// Titeux, H., & Riad, R. (2021). pygamma-agreement. Journal of Open Source Software, 6, 2989.
///
/// *Limitations*: with fewer than about 15 units a coder the expected disorder, and with it γ, depends on the seed. With three coders
/// or more time grows fast with the number of units that overlap.
///
/// # Example
/// ```
/// use scoring::agreement::gamma::{GammaRules, Unit, gamma};
/// use span::{Instant, Length, Span};
///
/// let unit = |start: f64, end: f64, code| {
///     let at = |secs| Instant::ZERO + Length::from_secs(secs).expect("a time");
///     Unit { start: at(start), end: at(end), code }
/// };
/// let range = Span::from_micros(0, 20_000_000).expect("20 seconds");
/// // (|10 − 11| + |14 − 14.5|)² / (4 + 3.5)² = 0.04
/// let agreement = gamma(&[vec![unit(10.0, 14.0, 0)], vec![unit(11.0, 14.5, 0)]], range, &GammaRules::default())?;
/// assert!((agreement.observed_disorder - 0.04).abs() < 1e-12);
/// assert!((agreement.gamma - (1.0 - 0.04 / agreement.expected_disorder)).abs() < 1e-12);
/// let same = gamma(&[vec![unit(10.0, 14.0, 0)], vec![unit(10.0, 14.0, 0)]], range, &GammaRules::default())?;
/// assert_eq!((same.gamma, same.gamma_cat), (1.0, 1.0));
/// assert_eq!(agreement.alignment, [[Some(0), Some(0)]]);
/// # Ok::<(), scoring::agreement::gamma::NoGamma>(())
/// ```
///
/// `range` is the time that was coded: gaps before the first unit count from its start.
pub fn gamma(coders: &[Vec<Unit>], range: Span, rules: &GammaRules) -> Result<Gamma, NoGamma> {
    if coders.len() < 2 {
        return Err(NoGamma::OneCoder);
    }
    if coders.iter().all(Vec::is_empty) {
        return Err(NoGamma::NoUnits);
    }
    if coders.iter().flatten().any(|unit| unit.end <= unit.start) {
        return Err(NoGamma::EmptyUnit);
    }
    let is_weight = |weight: f64| weight >= 0.0 && weight.is_finite();
    if !(is_weight(rules.alpha) && is_weight(rules.beta) && is_weight(rules.delta_empty) && rules.delta_empty > 0.0) {
        return Err(NoGamma::BadWeights);
    }
    let dissimilarity = Dissimilarity::new(rules);
    let placed = |unit: &Unit| {
        let micros = |time: Instant| (time - range.start()).micros() as f64;
        Placed::new(micros(unit.start), micros(unit.end), unit.code)
    };
    let units: Vec<Vec<Placed>> = coders.iter().map(|coder| coder.iter().map(placed).collect()).collect();
    let best = Best::of(&units, &dissimilarity);

    let source = SampleFrom::new(&units, range.length().micros() as f64);
    let draw = |replicate: u32| {
        let sample = source.draw(rules.sampler, &mut Random::new(rules.seed, u64::from(replicate)));
        let best = Best::of(&sample, &dissimilarity);
        Drawn { disorder: best.disorder, cat_disorder: best.cat_disorder, is_proven: best.is_proven }
    };
    let mut by_chance: Vec<Drawn> = (0..rules.samples.max(1)).map(draw).collect();
    if let Some(precision) = rules.precision.filter(|precision| *precision > 0.0) {
        let needed = samples_needed(&by_chance, precision);
        by_chance.extend((by_chance.len() as u32..needed).map(draw));
    }
    let mean = |of: fn(&Drawn) -> f64| by_chance.iter().map(of).sum::<f64>() / by_chance.len() as f64;
    let (expected_disorder, expected_cat) = (mean(|sample| sample.disorder), mean(|sample| sample.cat_disorder));
    let gamma = match (best.disorder == 0.0, expected_disorder == 0.0) {
        (true, _) => 1.0,
        (false, true) => return Err(NoGamma::NoExpectedDisorder),
        (false, false) => 1.0 - best.disorder / expected_disorder,
    };
    let gamma_cat = match (best.cat_disorder == 0.0, expected_cat == 0.0) {
        (true, _) => 1.0,
        (false, true) => 0.0,
        (false, false) => 1.0 - best.cat_disorder / expected_cat,
    };
    let (n_samples, observed_disorder) = (by_chance.len() as u32, best.disorder);
    let is_exact = best.is_proven && by_chance.iter().all(|sample| sample.is_proven);
    let alignment = best.alignment;
    Ok(Gamma { gamma, gamma_cat, observed_disorder, expected_disorder, n_samples, alignment, is_exact })
}

/// No more samples than this, however uncertain chance is.
const MOST_SAMPLES: f64 = 10_000.0;

fn samples_needed(by_chance: &[Drawn], precision: f64) -> u32 {
    let n = by_chance.len() as f64;
    let mean = by_chance.iter().map(|sample| sample.disorder).sum::<f64>() / n;
    let variance = by_chance.iter().map(|sample| (sample.disorder - mean) * (sample.disorder - mean)).sum::<f64>() / n;
    if mean == 0.0 {
        return 0;
    }
    let ratio = 1.96 * libm::sqrt(variance) / mean / precision;
    (ratio * ratio).ceil().min(MOST_SAMPLES) as u32
}

/// What one sample of chance comes to.
struct Drawn {
    disorder: f64,
    cat_disorder: f64,
    is_proven: bool,
}

/// The alignment with the least disorder.
struct Best {
    alignment: Vec<UnitaryAlignment>,
    is_proven: bool,
    disorder: f64,
    cat_disorder: f64,
}

impl Best {
    fn of(units: &[Vec<Placed>], dissimilarity: &Dissimilarity) -> Self {
        let (alignment, is_proven) = match units {
            [first, second] => (pairing::best(first, second, dissimilarity), true),
            _ => partition::best(units, dissimilarity),
        };
        let n_units: usize = units.iter().map(Vec::len).sum();
        let total: f64 = alignment.iter().map(|unitary| dissimilarity.unitary(units, unitary)).sum();
        let disorder = total / (n_units as f64 / units.len() as f64);
        let cat_disorder = cat_disorder(units, &alignment, dissimilarity);
        Self { alignment, is_proven, disorder, cat_disorder }
    }
}

/// How unlike the codes of aligned units are.
fn cat_disorder(units: &[Vec<Placed>], alignment: &[UnitaryAlignment], dissimilarity: &Dissimilarity) -> f64 {
    let (mut total, mut weights, mut has_pair) = (0.0, 0.0, false);
    for unitary in alignment {
        let n_real = unitary.iter().flatten().count();
        let unit = |coder: usize| unitary[coder].map(|idx| &units[coder][idx]);
        for second in 1..unitary.len() {
            for first in 0..second {
                match (unit(first), unit(second)) {
                    (Some(a), Some(b)) => {
                        has_pair = true;
                        let near = (1.0 - dissimilarity.alpha * dissimilarity.position(a, b)).max(0.0);
                        let weight = near / (n_real - 1) as f64;
                        total += weight * dissimilarity.category(a, b);
                        weights += weight;
                    }
                    (None, None) => {}
                    _ => {
                        total += dissimilarity.empty * dissimilarity.empty;
                        weights += dissimilarity.empty;
                    }
                }
            }
        }
    }
    if has_pair && total != 0.0 { total / weights } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(start: i64, end: i64, code: usize) -> Unit {
        Unit { start: Instant::from_micros(start), end: Instant::from_micros(end), code }
    }

    #[track_caller]
    fn check_absent(coders: &[Vec<Unit>], why: NoGamma) {
        let range = Span::from_micros(0, 100).unwrap();
        assert_eq!(gamma(coders, range, &GammaRules::default()), Err(why));
    }

    #[test]
    fn what_cannot_be_computed_says_why() {
        check_absent(&[vec![unit(0, 9, 0)]], NoGamma::OneCoder);
        check_absent(&[vec![], vec![]], NoGamma::NoUnits);
        check_absent(&[vec![unit(9, 9, 0)], vec![unit(0, 9, 0)]], NoGamma::EmptyUnit);
    }

    #[test]
    fn chance_is_drawn_until_its_mean_is_known() {
        let coders = [vec![unit(0, 20, 0), unit(30, 50, 1)], vec![unit(5, 20, 0), unit(60, 99, 1)]];
        let range = Span::from_micros(0, 100).unwrap();
        let exact = gamma(&coders, range, &GammaRules::default()).unwrap();
        let quick = gamma(&coders, range, &GammaRules { precision: None, ..GammaRules::default() }).unwrap();
        assert_eq!(quick.n_samples, 30);
        assert!(exact.n_samples > 30);
        assert_eq!(exact, gamma(&coders, range, &GammaRules::default()).unwrap());
    }
}
