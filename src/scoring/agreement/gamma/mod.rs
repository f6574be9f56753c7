//! Agreement of any number of coders on where units lie and what they are: γ and `γ_cat`.

mod cover;
mod dissimilarity;
mod pairing;
mod partition;
mod sampler;

use serde::{Deserialize, Serialize};
use span::{Instant, Span};

use crate::parallel;
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
    /// How unlike two codes are; setting `ordinal` decides.
    pub codes: CodeDistance,
    /// `gamma.sampler`: how chance is drawn.
    pub sampler: Sampler,
    /// `gamma.samples`: how many times chance is drawn at least; 0 gives no γ.
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
    /// Chance is not to be drawn.
    #[error("gamma.samples is 0")]
    NoSamples,
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
/// *Shape*: `coders[c]` are the units of coder `c`, in any order; units of one coder may overlap. The numbers depend neither on the order of
/// the coders nor on that of their units, to the last bit.
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
    gamma_of_windows(&[UnitWindow { range, coders: coders.to_vec() }], rules)
}

/// The units of one episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitWindow {
    /// The time that was coded: gaps before the first unit count from its start.
    pub range: Span,
    /// The units of each coder, in any order; units of one coder may overlap.
    pub coders: Vec<Vec<Unit>>,
}

/// γ of several episodes: no pair and no sample crosses from one to another.
///
/// *Definition*: as [`gamma`], with alignments and samples of each window by itself; their disorders and numbers of units are added up
/// before they are divided. A window without units adds nothing. Of one window it is [`gamma`].
///
/// *Shape*: the positions of an alignment go on from window to window, as if each coder's units were one list.
///
/// *Errors*: as [`gamma`].
///
/// # Panics
/// If windows differ in their number of coders.
///
/// # Example
/// ```
/// use scoring::agreement::gamma::{GammaRules, Unit, UnitWindow, gamma_of_windows};
/// use span::{Instant, Span};
///
/// let unit = |start, end, code| Unit { start: Instant::from_micros(start), end: Instant::from_micros(end), code };
/// let window = |start, end, first, second| UnitWindow {
///     range: Span::from_micros(start, end).expect("a span"),
///     coders: vec![vec![first], vec![second]],
/// };
/// // (1 / (4 + 3))² in the first window, nothing in the second; two units a coder
/// let windows =
///     [window(0, 20, unit(10, 14, 0), unit(11, 14, 0)), window(20, 40, unit(25, 30, 1), unit(25, 30, 1))];
/// let agreement = gamma_of_windows(&windows, &GammaRules::default())?;
/// assert!((agreement.observed_disorder - (1.0 / 49.0) / 2.0).abs() < 1e-12);
/// assert_eq!(agreement.alignment, [[Some(0), Some(0)], [Some(1), Some(1)]]);
/// # Ok::<(), scoring::agreement::gamma::NoGamma>(())
/// ```
pub fn gamma_of_windows(windows: &[UnitWindow], rules: &GammaRules) -> Result<Gamma, NoGamma> {
    let n_coders = windows.first().map_or(0, |window| window.coders.len());
    assert!(windows.iter().all(|window| window.coders.len() == n_coders), "every coder has units in every window");
    let all = || windows.iter().flat_map(|window| window.coders.iter().flatten());
    if rules.samples == 0 {
        return Err(NoGamma::NoSamples);
    }
    if n_coders < 2 {
        return Err(NoGamma::OneCoder);
    }
    if all().next().is_none() {
        return Err(NoGamma::NoUnits);
    }
    if all().any(|unit| unit.end <= unit.start) {
        return Err(NoGamma::EmptyUnit);
    }
    let is_weight = |weight: f64| weight >= 0.0 && weight.is_finite();
    if !(is_weight(rules.alpha) && is_weight(rules.beta) && is_weight(rules.delta_empty) && rules.delta_empty > 0.0) {
        return Err(NoGamma::BadWeights);
    }
    let dissimilarity = Dissimilarity::new(rules);
    let ordered: Vec<InOrder> = windows.iter().map(InOrder::of).collect();
    let mut observed = Disorder::default();
    let (mut alignment, mut before) = (Vec::new(), vec![0; n_coders]);
    for (window, ordered) in windows.iter().zip(&ordered) {
        let (best, is_proven) = best_alignment(&ordered.units, &dissimilarity);
        observed.add(&ordered.units, &best, is_proven, &dissimilarity);
        alignment.extend(best.iter().map(|unitary| ordered.as_given(unitary, &before)));
        before.iter_mut().zip(&window.coders).for_each(|(before, units)| *before += units.len());
    }

    let has_units = |ordered: &&InOrder| ordered.units.iter().any(|units| !units.is_empty());
    let sources: Vec<SampleFrom> =
        ordered.iter().filter(has_units).map(|window| SampleFrom::new(&window.units, window.range)).collect();
    let draw = |replicate: &u32| {
        let mut random = Random::new(rules.seed, u64::from(*replicate));
        let mut disorder = Disorder::default();
        for source in &sources {
            let sample = source.draw(rules.sampler, &mut random);
            let (best, is_proven) = best_alignment(&sample, &dissimilarity);
            disorder.add(&sample, &best, is_proven, &dissimilarity);
        }
        disorder
    };
    let drawn = |from: u32, until: u32| parallel::map_all(&(from..until).collect::<Vec<_>>(), draw);
    let mut by_chance = drawn(0, rules.samples);
    if let Some(precision) = rules.precision.filter(|precision| *precision > 0.0) {
        let needed = samples_needed(&by_chance, precision);
        by_chance.extend(drawn(by_chance.len() as u32, needed));
    }
    let mean = |of: fn(&Disorder) -> f64| by_chance.iter().map(of).sum::<f64>() / by_chance.len() as f64;
    let (observed_disorder, expected_disorder) = (observed.all(), mean(Disorder::all));
    let (observed_cat, expected_cat) = (observed.of_codes(), mean(Disorder::of_codes));
    let gamma = match (observed_disorder == 0.0, expected_disorder == 0.0) {
        (true, _) => 1.0,
        (false, true) => return Err(NoGamma::NoExpectedDisorder),
        (false, false) => 1.0 - observed_disorder / expected_disorder,
    };
    let gamma_cat = match (observed_cat == 0.0, expected_cat == 0.0) {
        (true, _) => 1.0,
        (false, true) => 0.0,
        (false, false) => 1.0 - observed_cat / expected_cat,
    };
    let n_samples = by_chance.len() as u32;
    let is_exact = observed.is_proven && by_chance.iter().all(|sample| sample.is_proven);
    Ok(Gamma { gamma, gamma_cat, observed_disorder, expected_disorder, n_samples, alignment, is_exact })
}

/// No more samples than this, however uncertain chance is.
const MOST_SAMPLES: f64 = 10_000.0;

fn samples_needed(by_chance: &[Disorder], precision: f64) -> u32 {
    let n = by_chance.len() as f64;
    let mean = by_chance.iter().map(Disorder::all).sum::<f64>() / n;
    let square = |sample: &Disorder| (sample.all() - mean) * (sample.all() - mean);
    let variance = by_chance.iter().map(square).sum::<f64>() / n;
    if mean == 0.0 {
        return 0;
    }
    let ratio = 1.96 * libm::sqrt(variance) / mean / precision;
    (ratio * ratio).ceil().min(MOST_SAMPLES) as u32
}

/// The units of a window in an order that their times and codes decide: neither sums nor what chance draws depend on who is called the first
/// coder.
struct InOrder {
    units: Vec<Vec<Placed>>,
    range: f64,
    given: Vec<(usize, Vec<usize>)>, // of every coder here: which one it was, and which its units were
}

impl InOrder {
    fn of(window: &UnitWindow) -> Self {
        let key = |unit: &Unit| (unit.start, unit.end, unit.code);
        let by_content = |(coder, units): (usize, &Vec<Unit>)| {
            let mut order: Vec<usize> = (0..units.len()).collect();
            order.sort_by_key(|&idx| key(&units[idx]));
            (coder, order)
        };
        let mut given: Vec<(usize, Vec<usize>)> = window.coders.iter().enumerate().map(by_content).collect();
        let unit = |coder: usize, idx: usize| &window.coders[coder][idx];
        given.sort_by(|(a, of_a), (b, of_b)| {
            of_a.iter().map(|&idx| key(unit(*a, idx))).cmp(of_b.iter().map(|&idx| key(unit(*b, idx))))
        });
        let micros = |time: Instant| (time - window.range.start()).micros() as f64;
        let placed = |unit: &Unit| Placed::new(micros(unit.start), micros(unit.end), unit.code);
        let units =
            given.iter().map(|(coder, order)| order.iter().map(|&idx| placed(unit(*coder, idx))).collect()).collect();
        Self { units, range: window.range.length().micros() as f64, given }
    }

    /// A unitary alignment in the positions that were given, so many units of each coder's later.
    fn as_given(&self, unitary: &[Option<usize>], before: &[usize]) -> UnitaryAlignment {
        let mut given = vec![None; unitary.len()];
        for (idx, (coder, order)) in unitary.iter().zip(&self.given) {
            given[*coder] = idx.map(|idx| before[*coder] + order[idx]);
        }
        given
    }
}

/// The alignment with the least disorder, and whether that is proven.
fn best_alignment(units: &[Vec<Placed>], dissimilarity: &Dissimilarity) -> (Vec<UnitaryAlignment>, bool) {
    match units {
        [first, second] => (pairing::best(first, second, dissimilarity), true),
        _ => partition::best(units, dissimilarity),
    }
}

/// What alignments come to, of several windows together.
struct Disorder {
    total: f64, // of all unitary alignments
    units_per_coder: f64,
    of_codes: f64, // of all aligned pairs, each by its weight
    weights: f64,
    has_pair: bool,
    is_proven: bool,
}

impl Default for Disorder {
    fn default() -> Self {
        Self { total: 0.0, units_per_coder: 0.0, of_codes: 0.0, weights: 0.0, has_pair: false, is_proven: true }
    }
}

impl Disorder {
    /// Of a partition: the sum of its unitary alignments over the mean number of units of a coder.
    fn all(&self) -> f64 {
        self.total / self.units_per_coder
    }

    /// How unlike the codes of aligned units are.
    fn of_codes(&self) -> f64 {
        if self.has_pair && self.of_codes != 0.0 { self.of_codes / self.weights } else { 0.0 }
    }

    fn add(
        &mut self,
        units: &[Vec<Placed>],
        alignment: &[UnitaryAlignment],
        is_proven: bool,
        dissimilarity: &Dissimilarity,
    ) {
        self.is_proven &= is_proven;
        self.units_per_coder += units.iter().map(Vec::len).sum::<usize>() as f64 / units.len() as f64;
        self.total += alignment.iter().map(|unitary| dissimilarity.unitary(units, unitary)).sum::<f64>();
        for unitary in alignment {
            self.add_codes(units, unitary, dissimilarity);
        }
    }

    fn add_codes(&mut self, units: &[Vec<Placed>], unitary: &[Option<usize>], dissimilarity: &Dissimilarity) {
        let n_real = unitary.iter().flatten().count();
        let unit = |coder: usize| unitary[coder].map(|idx| &units[coder][idx]);
        for second in 1..unitary.len() {
            for first in 0..second {
                match (unit(first), unit(second)) {
                    (Some(a), Some(b)) => {
                        self.has_pair = true;
                        let near = (1.0 - dissimilarity.alpha * dissimilarity.position(a, b)).max(0.0);
                        let weight = near / (n_real - 1) as f64;
                        self.of_codes += weight * dissimilarity.category(a, b);
                        self.weights += weight;
                    }
                    (None, None) => {}
                    _ => {
                        self.of_codes += dissimilarity.empty * dissimilarity.empty;
                        self.weights += dissimilarity.empty;
                    }
                }
            }
        }
    }
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
        // not even where both are the same, so that chance would not matter
        let same = [vec![unit(0, 9, 0)], vec![unit(0, 9, 0)]];
        let rules = GammaRules { samples: 0, ..GammaRules::default() };
        assert_eq!(gamma(&same, Span::from_micros(0, 100).unwrap(), &rules), Err(NoGamma::NoSamples));
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

    #[test]
    fn chance_is_that_of_the_seed() {
        // Python 3 with its own ChaCha8 and statistics.NormalDist, alignments by scipy 1.17.1's linear_sum_assignment; sample b from stream b
        let coders = [vec![unit(0, 20, 0), unit(30, 50, 1)], vec![unit(5, 20, 0), unit(60, 99, 1)]];
        let range = Span::from_micros(0, 100).unwrap();
        let wanted = [(Sampler::Statistical, 1.091_101_126_891_834), (Sampler::Shuffle, 1.395_321_265_074_914)];
        for (sampler, want) in wanted {
            let rules = GammaRules { sampler, samples: 4, precision: None, ..GammaRules::default() };
            let found = gamma(&coders, range, &rules).unwrap();
            assert!((found.observed_disorder - 0.906_641_886_861_036).abs() < 1e-12);
            assert!((found.expected_disorder - want).abs() < 1e-9, "{sampler:?}: {}", found.expected_disorder);
        }
    }

    #[test]
    fn samples_are_as_many_as_their_variation_asks_for() {
        // by hand: mean 2, variance 2/3 as of a whole: (1.96 · √(2/3) / 2 / 0.1)² = 64.03
        let sample = |total: f64| Disorder { total, units_per_coder: 1.0, ..Disorder::default() };
        assert_eq!(samples_needed(&[1.0, 2.0, 3.0].map(sample), 0.1), 65);
        assert_eq!(samples_needed(&[2.0, 2.0, 2.0].map(sample), 0.1), 0);
    }

    /// How unlike the codes of these units are when those of one place are aligned.
    #[track_caller]
    fn check_codes(coders: &[&[Placed]], alignment: &[UnitaryAlignment], want: f64) {
        let units: Vec<Vec<Placed>> = coders.iter().map(|units| units.to_vec()).collect();
        let mut disorder = Disorder::default();
        disorder.add(&units, alignment, true, &Dissimilarity::new(&GammaRules::default()));
        assert!((disorder.of_codes() - want).abs() < 1e-12, "got {}, expected {want}", disorder.of_codes());
    }

    #[test]
    fn codes_of_aligned_units_are_weighed_by_how_near_they_are_and_how_many() {
        let at = |start: f64, code| Placed::new(start, start + 2.0, code);
        // by hand: of three units at one place each pair weighs 1/2, and two pairs differ; of two 1, with twice a unit beside nothing
        let [a, b, c] = [[at(0.0, 0), at(20.0, 0)], [at(0.0, 1), at(20.0, 1)], [at(0.0, 0), at(90.0, 0)]];
        let alignment = [vec![Some(0), Some(0), Some(0)], vec![Some(1), Some(1), None]];
        check_codes(&[&a, &b, &c[..1]], &alignment, (1.0 + 1.0 + 2.0) / (1.5 + 1.0 + 2.0));
        // three seconds apart, of two each: d_pos is 2.25, and the pair weighs nothing, not less
        let (a, b) = ([at(0.0, 0), at(20.0, 0), at(40.0, 1)], [at(3.0, 0), at(20.0, 1), at(40.0, 1)]);
        check_codes(&[&a, &b], &[0, 1, 2].map(|unit| vec![Some(unit); 2]), 0.5);
    }

    #[test]
    fn it_does_not_matter_who_is_first() {
        let coders = [
            vec![unit(30, 50, 1), unit(0, 20, 0), unit(55, 70, 1)],
            vec![unit(5, 20, 0), unit(60, 99, 1)],
            vec![unit(0, 18, 0), unit(61, 98, 0)],
        ];
        let range = Span::from_micros(0, 100).unwrap();
        let of = |order: &[usize]| {
            let coders: Vec<_> = order.iter().map(|coder| coders[*coder].clone()).collect();
            let found = gamma(&coders, range, &GammaRules::default()).unwrap();
            let bits = [found.gamma, found.gamma_cat, found.observed_disorder, found.expected_disorder];
            (bits.map(f64::to_bits), found.n_samples)
        };
        assert_eq!(of(&[0, 1]), of(&[1, 0]));
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            assert_eq!(of(&[0, 1, 2]), of(&order), "{order:?}");
        }
    }

    #[test]
    fn alignments_are_in_the_positions_given() {
        let coders = [vec![unit(60, 90, 1), unit(5, 20, 0)], vec![unit(0, 20, 0), unit(61, 90, 1)]];
        let found = gamma(&coders, Span::from_micros(0, 100).unwrap(), &GammaRules::default()).unwrap();
        let mut alignment = found.alignment;
        alignment.sort_unstable();
        assert_eq!(alignment, [[Some(0), Some(1)], [Some(1), Some(0)]]);
    }
}
