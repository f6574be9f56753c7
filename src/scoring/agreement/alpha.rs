//! Krippendorff's alpha: any number of coders, missing codes, codes with or without an order.

use super::table::{Confusion, NOTHING_COMPARED};
use super::tally::tally;
use crate::Why;

/// Why alpha is absent: nobody could disagree.
const ONE_VALUE: Why = Why::Borrowed("fewer than two values occur among those that can be paired");

/// How far two codes are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Another code is another code.
    Nominal,
    /// By how many of all the values lie between the two: `(Σ_{g=c..k} n_g − (n_c + n_k)/2)²`.
    Ordinal,
    /// By the square of the distance in the order of the codes.
    Interval,
}

/// How often each code met each other code on the same unit.
///
/// *Definition*: every ordered pair of two coders' codes on a unit counts `1/(m − 1)`, `m` the number of codes on that unit, so that every
/// code counts once. Units with fewer than two codes are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Coincidences {
    n_codes: usize,
    /// Row by row, symmetric.
    cells: Vec<f64>,
    /// `(n − 1) / n`, or 1 for time, which has no number of units.
    correction: f64,
}

impl Coincidences {
    /// Of any number of coders.
    ///
    /// *Shape*: `ratings[coder][unit]`, positions in the order of the codes; `None` is missing, as are units that a list is too short for.
    ///
    /// # Panics
    /// Where a label is not below `n_codes`.
    ///
    /// ```
    /// use scoring::agreement::alpha::Coincidences;
    ///
    /// // three codes of the first unit can be paired, two of the second, none of the third
    /// let ratings = [[Some(0_usize), Some(0), Some(1)], [Some(0), Some(1), None], [Some(0), None, None]];
    /// assert_eq!(Coincidences::from_ratings(2, &ratings).n(), 5.0);
    /// ```
    #[must_use]
    pub fn from_ratings<L: Copy + Into<usize>, R: AsRef<[Option<L>]>>(n_codes: usize, ratings: &[R]) -> Self {
        if let [a, b] = ratings {
            return Self::from_table(&Confusion::from_labels(n_codes, a.as_ref(), b.as_ref()));
        }
        let n_units = ratings.iter().map(|labels| labels.as_ref().len()).max().unwrap_or(0);
        let mut n_labels = vec![0_usize; n_units];
        for labels in ratings {
            for (n_labels, label) in n_labels.iter_mut().zip(labels.as_ref()) {
                *n_labels += usize::from(label.is_some());
            }
        }
        let size = n_codes * n_codes;
        let mut pairs = vec![0_u64; (ratings.len() + 1) * size]; // by how many codes there are on the unit
        for (idx, a) in ratings.iter().enumerate() {
            for b in &ratings[idx + 1..] {
                let more = tally(n_codes, ratings.len() + 1, a.as_ref(), b.as_ref(), |unit| n_labels[unit]);
                pairs.iter_mut().zip(more).for_each(|(count, more)| *count += more);
            }
        }
        let mut cells = vec![0.0; size];
        for (n_labels, pairs) in pairs.chunks_exact(size.max(1)).enumerate().skip(2) {
            for (cell, n_pairs) in pairs.iter().enumerate() {
                let weight = *n_pairs as f64 / (n_labels as f64 - 1.0);
                cells[cell] += weight;
                cells[cell % n_codes * n_codes + cell / n_codes] += weight;
            }
        }
        Self::new(n_codes, cells, true)
    }

    /// Of two coders, from the table that counts units.
    ///
    /// ```
    /// use scoring::agreement::alpha::{Coincidences, Metric, alpha};
    /// use scoring::agreement::table::Confusion;
    ///
    /// // four units: 2 of 8 codes meet another, by chance 5 and 3 would in 30 of 56
    /// let coincidences = Coincidences::from_table(&Confusion::from_rows(vec![vec![2.0, 1.0], vec![0.0, 1.0]])?);
    /// assert!((alpha(&coincidences, Metric::Nominal).unwrap() - (1.0 - (2.0 / 8.0) / (30.0 / 56.0))).abs() < 1e-12);
    /// # Ok::<(), scoring::agreement::table::TableError>(())
    /// ```
    #[must_use]
    pub fn from_table(table: &Confusion) -> Self {
        Self::of_two(table, true)
    }

    /// Of two coders, from the table that holds time: the limit of ever shorter units.
    ///
    /// ```
    /// use scoring::agreement::alpha::{Coincidences, Metric, alpha};
    /// use scoring::agreement::table::Confusion;
    ///
    /// // a quarter of the time differs, by chance 2 · 5/8 · 3/8 of it would
    /// let coincidences = Coincidences::from_time(&Confusion::from_rows(vec![vec![2.0, 1.0], vec![0.0, 1.0]])?);
    /// assert!((alpha(&coincidences, Metric::Nominal).unwrap() - (1.0 - 0.25 / (30.0 / 64.0))).abs() < 1e-12);
    /// # Ok::<(), scoring::agreement::table::TableError>(())
    /// ```
    #[must_use]
    pub fn from_time(table: &Confusion) -> Self {
        Self::of_two(table, false)
    }

    fn of_two(table: &Confusion, is_counted: bool) -> Self {
        let n_codes = table.n_codes();
        let cell = |a, b| table.cell(a, b) + table.cell(b, a);
        let cells = (0..n_codes).flat_map(|a| (0..n_codes).map(move |b| cell(a, b))).collect();
        Self::new(n_codes, cells, is_counted)
    }

    fn new(n_codes: usize, cells: Vec<f64>, is_counted: bool) -> Self {
        let n: f64 = cells.iter().sum();
        let correction = if is_counted && n > 0.0 { (n - 1.0).max(0.0) / n } else { 1.0 };
        Self { n_codes, cells, correction }
    }

    /// How many codes could be paired: a unit with three counts three.
    ///
    /// Example: see [`from_ratings`](Self::from_ratings).
    #[must_use]
    pub fn n(&self) -> f64 {
        self.cells.iter().sum()
    }
}

/// Krippendorff's alpha of codes.
///
/// *Definition*: `1 − (n − 1) Σ o_ck δ²_ck / Σ n_c n_k δ²_ck` over the coincidences `o`, their margins `n_c` and the distances `δ` of the
/// [`Metric`].
///
/// *Units and range*: 1 is perfect, 0 chance; can be negative. *Undefined cases*: absent where no unit has two codes, or fewer than two
/// values occur on those that have (some programs print 1).
///
/// *Reference*: Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.
///
/// ```
/// use scoring::agreement::alpha::{Coincidences, Metric, alpha};
///
/// // 30 seconds, coded twice: negative < object < monitor < positive
/// let codes = |text: &str| text.chars().map(|letter| "NOMP".find(letter)).collect::<Vec<_>>();
/// let a = codes("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO");
/// let b = codes("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO");
/// let coincidences = Coincidences::from_ratings(4, &[a, b]);
/// assert!((alpha(&coincidences, Metric::Nominal).unwrap() - 0.733_232_9).abs() < 1e-7);
/// assert!((alpha(&coincidences, Metric::Ordinal).unwrap() - 0.746_412_2).abs() < 1e-7);
/// assert!((alpha(&coincidences, Metric::Interval).unwrap() - 0.758_604_1).abs() < 1e-7);
/// ```
pub fn alpha(coincidences: &Coincidences, metric: Metric) -> Result<f64, Why> {
    let margins = coincidences.margins()?;
    let up_to: Vec<f64> = margins
        .iter()
        .scan(0.0, |sum, margin| {
            *sum += margin;
            Some(*sum)
        })
        .collect();
    coincidences.alpha(&margins, |low, high| match metric {
        Metric::Nominal => 1.0,
        Metric::Ordinal => up_to[high] - up_to[low] + (margins[low] - margins[high]) / 2.0,
        Metric::Interval => (high - low) as f64,
    })
}

/// Krippendorff's alpha of codes that stand for numbers, by the square of their distance.
///
/// *Definition*: as [`alpha`], `δ` the difference of the codes' values.
///
/// *Shape*: a value for each code, in their order. *Undefined cases*: as [`alpha`]; and where the codes that occur have one value, or
/// squares are too large for a number.
///
/// *Reference*: as [`alpha`].
///
/// # Panics
/// If there are fewer values than codes.
///
/// ```
/// use scoring::agreement::alpha::{Coincidences, value_alpha};
///
/// let codes = |text: &str| text.chars().map(|letter| "NOMP".find(letter)).collect::<Vec<_>>();
/// let a = codes("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO");
/// let b = codes("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO");
/// let coincidences = Coincidences::from_ratings(4, &[a, b]);
/// // how long the step from code to code is does not matter
/// assert!((value_alpha(&coincidences, &[-2.0, 0.0, 2.0, 4.0]).unwrap() - 0.758_604_1).abs() < 1e-7);
/// // two codes that stand for one number are not apart
/// let two_as_one = value_alpha(&coincidences, &[0.0, 1.0, 1.0, 1.0]).unwrap();
/// // N against the rest: 2 units of 30 differ, 10 codes of 60 are N
/// assert!((two_as_one - (1.0 - 59.0 * 2.0 / (10.0 * 50.0))).abs() < 1e-12);
/// ```
pub fn value_alpha(coincidences: &Coincidences, values: &[f64]) -> Result<f64, Why> {
    assert!(values.len() >= coincidences.n_codes, "every code has a value");
    let alpha = coincidences.alpha(&coincidences.margins()?, |low, high| values[high] - values[low])?;
    if alpha.is_finite() { Ok(alpha) } else { Err(Why::Borrowed("too large or too small for a number")) }
}

impl Coincidences {
    /// Each code's share of all that could be paired.
    fn margins(&self) -> Result<Vec<f64>, Why> {
        let n = self.n();
        if self.n_codes == 0 || n <= 0.0 {
            return Err(NOTHING_COMPARED);
        }
        Ok(self.cells.chunks_exact(self.n_codes).map(|row| row.iter().map(|cell| cell / n).sum()).collect())
    }

    /// Alpha with this distance from a lower to a higher code.
    fn alpha(&self, margins: &[f64], distance: impl Fn(usize, usize) -> f64) -> Result<f64, Why> {
        let n = self.n();
        let (mut observed, mut of_chance) = (0.0, 0.0);
        for high in 0..self.n_codes {
            for low in 0..high {
                let square = distance(low, high) * distance(low, high);
                observed += self.cells[low * self.n_codes + high] / n * square;
                of_chance += margins[low] * margins[high] * square;
            }
        }
        if of_chance > 0.0 { Ok(1.0 - self.correction * observed / of_chance) } else { Err(ONE_VALUE) }
    }
}

/// Krippendorff's alpha of numbers, by the square of their distance, as with [`Metric::Interval`].
///
/// *Shape*: `ratings[coder][unit]`; `None` is missing, as are numbers that are not finite and units that a list is too short for.
///
/// *Undefined cases*: as [`alpha`]; and where squares are too large for a number.
///
/// *Reference*: as [`alpha`].
///
/// ```
/// use scoring::agreement::alpha::interval_alpha;
///
/// // Krippendorff's example: four coders, twelve units; published: .849
/// let ratings = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
///     .map(|text| text.chars().map(|digit| digit.to_digit(10).map(f64::from)).collect::<Vec<_>>());
/// assert!((interval_alpha(&ratings).unwrap() - 0.849_107_1).abs() < 1e-7);
/// ```
pub fn interval_alpha<R: AsRef<[Option<f64>]>>(ratings: &[R]) -> Result<f64, Why> {
    let n_units = ratings.iter().map(|numbers| numbers.as_ref().len()).max().unwrap_or(0);
    let mut paired: Vec<f64> = Vec::new();
    let (mut observed, mut n_before) = (0.0, 0);
    for unit in 0..n_units {
        let numbers = ratings.iter().filter_map(|numbers| numbers.as_ref().get(unit).copied().flatten());
        paired.extend(numbers.filter(|number| number.is_finite()));
        let n_of_unit = paired.len() - n_before;
        if n_of_unit < 2 {
            paired.truncate(n_before);
        } else {
            observed += n_of_unit as f64 / (n_of_unit as f64 - 1.0) * sum_of_squares(&paired[n_before..]);
        }
        n_before = paired.len();
    }
    let first = paired.first().ok_or(NOTHING_COMPARED)?;
    if paired.iter().all(|number| number == first) {
        return Err(ONE_VALUE);
    }
    let n = paired.len() as f64;
    let alpha = 1.0 - (n - 1.0) / n * observed / sum_of_squares(&paired);
    if alpha.is_finite() { Ok(alpha) } else { Err(Why::Borrowed("too large or too small for a number")) }
}

/// About their mean.
fn sum_of_squares(numbers: &[f64]) -> f64 {
    let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
    numbers.iter().map(|number| (number - mean) * (number - mean)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_the_limit_of_ever_shorter_units() {
        let rows = |scale: f64| vec![vec![9.0 * scale, 1.0 * scale], vec![2.0 * scale, 8.0 * scale]];
        let table = |scale| Confusion::from_rows(rows(scale)).unwrap();
        let nominal = |coincidences: &Coincidences| alpha(coincidences, Metric::Nominal).unwrap();
        let of_time = nominal(&Coincidences::from_time(&table(1.0)));
        assert!((of_time - nominal(&Coincidences::from_time(&table(1e6)))).abs() < 1e-12);
        assert!((of_time - nominal(&Coincidences::from_table(&table(1e9)))).abs() < 1e-9);
        assert!((of_time - 0.699_248_120_300_751_9).abs() < 1e-12); // Scott's pi
    }

    #[test]
    fn what_nobody_could_disagree_on_has_no_alpha() {
        let of = |ratings: &[Vec<Option<u8>>]| alpha(&Coincidences::from_ratings(3, ratings), Metric::Ordinal);
        assert_eq!(of(&[]), Err(NOTHING_COMPARED));
        assert_eq!(of(&[vec![Some(1), None], vec![None, Some(1)], vec![]]), Err(NOTHING_COMPARED));
        assert_eq!(of(&[vec![Some(1); 3], vec![Some(1); 2], vec![None, None, Some(1)]]), Err(ONE_VALUE));
        assert_eq!(interval_alpha::<Vec<_>>(&[]), Err(NOTHING_COMPARED));
        assert_eq!(interval_alpha(&[[Some(0.1); 7], [Some(0.1); 7]]), Err(ONE_VALUE));
        let huge = interval_alpha(&[[Some(f64::MAX), Some(0.0)], [Some(0.0), Some(1.0)]]);
        assert_eq!(huge.unwrap_err(), "too large or too small for a number");
    }

    #[test]
    fn two_coders_and_a_third_who_never_coded_are_two_coders() {
        let code = |by: usize| (0..50).map(|unit| (unit % by != 3).then_some(unit * by % 4)).collect::<Vec<_>>();
        let (a, b) = (code(5), code(7));
        let two = Coincidences::from_ratings(4, &[&a, &b]);
        assert_eq!(Coincidences::from_ratings(4, &[a, b, Vec::new()]), two);
    }
}
