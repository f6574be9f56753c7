//! Fleiss' kappa: as many coders for every unit, not necessarily the same ones.

use super::coefficient::Coefficient;
use super::table::{NOTHING_COMPARED, ONE_CODE};
use crate::Why;

/// Agreement of several coders, from how many of them gave each unit each code.
#[derive(Clone, Debug, PartialEq)]
pub struct Fleiss {
    /// Fleiss' kappa: chance follows how common the codes are, `Pe = Σ p²`.
    pub kappa: Coefficient,
    /// Randolph's kappa: by chance every code is as likely as every other, `Pe = 1/K`.
    pub randolph: Coefficient,
    /// Kappa of each code against all others; `None` where it was given never or always.
    pub per_code: Vec<Option<f64>>,
    /// How many units there are.
    pub n_units: usize,
    /// How many coders coded each.
    pub n_coders: u64,
    /// Each code's share of all codes given.
    pub prevalences: Vec<f64>,
}

impl Fleiss {
    /// Fleiss' and Randolph's kappa.
    ///
    /// *Definition*: `N` units, `m` coders, `x` of whom gave a unit a code: `Po` is the mean of `(Σ x² − m) / (m (m − 1))`, `p` the share of a
    /// code among all, and of each code `1 − Σ x (m − x) / (N m (m − 1) p (1 − p))`.
    ///
    /// *Shape*: `counts[unit][code]`, all codes declared, the same number of coders for every unit; see [`code_counts`].
    ///
    /// *Undefined cases*: absent without units, with one coder, or where units differ in their number of coders or codes. Fleiss' kappa is
    /// absent where one code only was given (Randolph's is 1), Randolph's where one only is declared.
    ///
    /// *Reference*: Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin, 76, 378–382,
    /// doi 10.1037/h0031619. Randolph, J. J. (2005). Free-marginal multirater kappa. Joensuu Learning and Instruction Symposium.
    ///
    /// ```
    /// use scoring::agreement::fleiss::Fleiss;
    ///
    /// let counts = [[3, 0, 0], [3, 0, 0], [2, 0, 1], [3, 0, 0], [0, 2, 1], [0, 3, 0], [3, 0, 0], [3, 0, 0], [0, 2, 1], [0, 3, 0]];
    /// let fleiss = Fleiss::new(&counts).unwrap();
    /// assert!((fleiss.kappa.value.unwrap() - 0.641_434_3).abs() < 1e-7); // statsmodels 0.15.0
    /// assert!((fleiss.randolph.value.unwrap() - 0.7).abs() < 1e-12);
    /// ```
    pub fn new<R: AsRef<[u32]>>(counts: &[R]) -> Result<Self, Why> {
        let first = counts.first().ok_or(NOTHING_COMPARED)?.as_ref();
        let n_coders_of = |unit: &[u32]| unit.iter().map(|count| u64::from(*count)).sum::<u64>();
        let n_coders = n_coders_of(first);
        if n_coders < 2 {
            return Err(Why::Borrowed("needs at least two coders"));
        }
        if counts.iter().any(|unit| unit.as_ref().len() != first.len() || n_coders_of(unit.as_ref()) != n_coders) {
            return Err(Why::Borrowed("units differ in their number of coders or codes"));
        }
        let (n, m) = (counts.len() as f64, n_coders as f64);
        let mut given = vec![0_u64; first.len()];
        let mut split = vec![0.0; first.len()]; // Σ x (m − x)
        for unit in counts {
            for (code, count) in unit.as_ref().iter().enumerate() {
                given[code] += u64::from(*count);
                split[code] += f64::from(*count) * (m - f64::from(*count));
            }
        }
        let prevalences: Vec<f64> = given.iter().map(|given| *given as f64 / (n * m)).collect();
        let per_pair = n * m * (m - 1.0);
        let disagreement = split.iter().sum::<f64>() / per_pair;
        let of_chance = prevalences.iter().map(|share| share * (1.0 - share)).sum();
        let of_code = |(share, split): (&f64, &f64)| {
            let of_chance = share * (1.0 - share);
            (of_chance > 0.0).then(|| 1.0 - split / (per_pair * of_chance))
        };
        Ok(Self {
            kappa: Coefficient::of_disagreement(disagreement, of_chance, ONE_CODE),
            randolph: Coefficient::of_disagreement(
                disagreement,
                1.0 - 1.0 / first.len() as f64,
                Why::Borrowed("one code only is declared"),
            ),
            per_code: prevalences.iter().zip(&split).map(of_code).collect(),
            n_units: counts.len(),
            n_coders,
            prevalences,
        })
    }

    /// The standard error of Fleiss' kappa if there were no agreement but by chance, for *independent* units only: setting `se.iid`.
    ///
    /// *Definition*: with `q = 1 − p`, `√(2 [(Σ pq)² − Σ pq (q − p)] / (N m (m − 1))) / Σ pq`.
    ///
    /// *Undefined cases*: absent where one code only was given.
    ///
    /// *Reference*: Fleiss, J. L., Nee, J. C. M., & Landis, J. R. (1979). Large sample variance of kappa in the case of different sets of
    /// raters. Psychological Bulletin, 86, 974–977, doi 10.1037/0033-2909.86.5.974.
    ///
    /// ```
    /// use scoring::agreement::fleiss::Fleiss;
    ///
    /// // two units, two coders, two codes as common: Σ pq = 1/2, no skew, so √(2/4 / 4) / (1/2)
    /// let std_err = Fleiss::new(&[[2, 0], [0, 2]])?.std_err_h0()?;
    /// assert!((std_err - 0.5_f64.sqrt()).abs() < 1e-12);
    /// # Ok::<(), scoring::Why>(())
    /// ```
    pub fn std_err_h0(&self) -> Result<f64, Why> {
        let spread = |share: &f64| share * (1.0 - share);
        let sum: f64 = self.prevalences.iter().map(spread).sum();
        let skew: f64 = self.prevalences.iter().map(|share| spread(share) * (1.0 - 2.0 * share)).sum();
        if sum == 0.0 {
            return Err(ONE_CODE);
        }
        let m = self.n_coders as f64;
        let variance = 2.0 * (sum * sum - skew).max(0.0) / (self.n_units as f64 * m * (m - 1.0));
        Ok(variance.sqrt() / sum)
    }
}

/// How many coders gave each unit each code; units that anyone left out are dropped.
///
/// *Shape*: `ratings[coder][unit]`, positions in the order of the codes.
///
/// # Panics
/// Where a label is not below `n_codes`.
///
/// ```
/// use scoring::agreement::fleiss::code_counts;
///
/// let counts = code_counts(2, &[[Some(0_usize), Some(1), None], [Some(0), Some(0), Some(1)]]);
/// assert_eq!(counts, [[2, 0], [1, 1]]);
/// ```
#[must_use]
pub fn code_counts<L: Copy + Into<usize>, R: AsRef<[Option<L>]>>(n_codes: usize, ratings: &[R]) -> Vec<Vec<u32>> {
    let n_units = ratings.iter().map(|labels| labels.as_ref().len()).min().unwrap_or(0);
    let of_unit = |unit: usize| {
        let mut counts = vec![0; n_codes];
        for labels in ratings {
            let code: usize = labels.as_ref()[unit]?.into();
            assert!(code < n_codes, "label {code} of {n_codes} codes");
            counts[code] += 1;
        }
        Some(counts)
    };
    (0..n_units).filter_map(of_unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fleiss_cannot_compare_says_why() {
        let why = |counts: &[Vec<u32>]| Fleiss::new(counts).unwrap_err();
        assert_eq!(why(&[]), NOTHING_COMPARED);
        assert_eq!(why(&[vec![1, 0]]), "needs at least two coders");
        assert_eq!(why(&[vec![]]), "needs at least two coders");
        assert_eq!(why(&[vec![2, 0], vec![1, 2]]), "units differ in their number of coders or codes");
        assert_eq!(why(&[vec![2, 0], vec![2]]), "units differ in their number of coders or codes");
        let one_code = Fleiss::new(&[[3, 0], [3, 0]]).unwrap();
        assert_eq!((one_code.kappa.value, one_code.kappa.why.clone()), (None, Some(ONE_CODE)));
        assert_eq!((one_code.randolph.value, one_code.std_err_h0()), (Some(1.0), Err(ONE_CODE)));
        assert_eq!(one_code.per_code, [None, None]);
    }
}
