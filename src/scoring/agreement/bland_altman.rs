//! Bland and Altman's limits of agreement, and the size of the differences.

use super::concordance::{complete_pairs, finite};
use crate::Why;
use crate::quantiles::student_quantile;

/// How many standard deviations off the limits of agreement lie: 1.96 itself, as Bland and Altman have it.
const LIMIT: f64 = 1.96;

/// How far apart two coders' numbers are, in their own unit; the differences are first minus second.
///
/// *Units and range*: all but `n` and `slope`, which has none, are in the numbers' own unit; spreads and sizes are not negative.
///
/// *Undefined cases*: with one pair there are no spreads and no limits; where all pairs have one mean there is no slope. All others are
/// there.
#[derive(Clone, Debug, PartialEq)]
pub struct BlandAltman {
    /// How many pairs there are.
    pub n: usize,
    /// The mean difference: the bias.
    pub mean: f64,
    /// 95 % limits of the mean, by Student's t; `None` with fewer than two pairs.
    pub mean_limits: Option<[f64; 2]>,
    /// The standard deviation of the differences (divisor n − 1); `None` with fewer than two pairs.
    pub sd: Option<f64>,
    /// The limits of agreement, mean ± 1.96 sd; `None` with fewer than two pairs.
    pub limits: Option<[f64; 2]>,
    /// The standard error of a limit of agreement; `None` with fewer than two pairs.
    pub limit_std_err: Option<f64>,
    /// By how much the difference grows with the mean of the two; `None` where all means are equal.
    pub slope: Option<f64>,
    /// The mean of the differences' sizes.
    pub mean_absolute: f64,
    /// The root of the mean of their squares.
    pub root_mean_square: f64,
}

impl BlandAltman {
    /// The differences of two coders' numbers.
    ///
    /// *Definition*: `d = x − y`; the limits of agreement are mean ± 1.96 sd, of which each has the standard error
    /// `sd √(1/n + 1.96² / (2 (n − 1)))`; the slope is that of the least-squares line of `d` on `(x + y)/2`.
    ///
    /// *Units and range*: the numbers' own. *Shape*: `x[unit]` goes with `y[unit]`; pairs that are missing or not finite on either side are
    /// dropped.
    ///
    /// *Undefined cases*: absent without pairs, or where a difference is too large for a number.
    ///
    /// *Reference*: Bland, J. M., & Altman, D. G. (1986). Statistical methods for assessing agreement between two methods of clinical
    /// measurement. The Lancet, 327, 307–310, doi 10.1016/S0140-6736(86)90837-8. Bland, J. M., & Altman, D. G. (1999). Measuring agreement in
    /// method comparison studies. Statistical Methods in Medical Research, 8, 135–160, doi 10.1177/096228029900800204.
    ///
    /// ```
    /// use scoring::agreement::bland_altman::BlandAltman;
    ///
    /// let (x, y) = ([Some(1.0), Some(3.0), Some(4.0), None], [Some(1.1), Some(2.7), Some(4.4), Some(9.0)]);
    /// let differences = BlandAltman::new(&x, &y).unwrap();
    /// assert!((differences.mean + 0.066_666_7).abs() < 1e-7);
    /// let [low, high] = differences.limits.unwrap();
    /// assert!((low + 0.754_996_0).abs() < 1e-7 && (high - 0.621_662_7).abs() < 1e-7);
    /// ```
    pub fn new(x: &[Option<f64>], y: &[Option<f64>]) -> Result<Self, Why> {
        let pairs = complete_pairs(x, y);
        let (x0, y0) = *pairs.first().ok_or(Why::Borrowed("no pairs"))?;
        let n = pairs.len() as f64;
        let differences: Vec<f64> = pairs.iter().map(|(x, y)| x - y).collect();
        let are_equal = differences.iter().all(|difference| *difference == x0 - y0);
        let mean = if are_equal { x0 - y0 } else { differences.iter().sum::<f64>() / n };
        let squares: f64 = differences.iter().map(|difference| (difference - mean) * (difference - mean)).sum();
        let sd = (pairs.len() > 1).then(|| (squares / (n - 1.0)).sqrt());
        let around = |half: f64| [mean - half, mean + half];
        let mean_square = differences.iter().map(|difference| difference * difference).sum::<f64>() / n;
        let of_mean = |sd: f64| Some(around(student_quantile(0.05, n - 1.0)? * sd / n.sqrt()));
        let differences = Self {
            n: pairs.len(),
            mean,
            mean_limits: sd.and_then(of_mean),
            sd,
            limits: sd.map(|sd| around(LIMIT * sd)),
            limit_std_err: sd.map(|sd| sd * (1.0 / n + LIMIT * LIMIT / (2.0 * (n - 1.0))).sqrt()),
            slope: slope(&pairs, mean),
            mean_absolute: differences.iter().map(|difference| difference.abs()).sum::<f64>() / n,
            root_mean_square: mean_square.sqrt(),
        };
        // every other field is a small multiple of these
        finite(mean_square + squares)?;
        Ok(differences)
    }
}

/// Of the differences, whose mean is given, on the means of the pairs.
fn slope(pairs: &[(f64, f64)], mean_difference: f64) -> Option<f64> {
    let middle = |(x, y): &(f64, f64)| f64::midpoint(*x, *y);
    let first = middle(pairs.first()?);
    if pairs.iter().all(|pair| middle(pair) == first) {
        return None;
    }
    let mean = pairs.iter().map(middle).sum::<f64>() / pairs.len() as f64;
    let (mut squares, mut products) = (0.0, 0.0);
    for pair in pairs {
        let off = middle(pair) - mean;
        squares += off * off;
        products += off * (pair.0 - pair.1 - mean_difference);
    }
    finite(products / squares).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(f64, f64)]) -> Result<BlandAltman, Why> {
        let (x, y): (Vec<_>, Vec<_>) = pairs.iter().map(|(x, y)| (Some(*x), Some(*y))).unzip();
        BlandAltman::new(&x, &y)
    }

    #[test]
    fn one_pair_has_a_difference_and_no_limits() {
        let one = of(&[(3.0, 1.0)]).unwrap();
        assert_eq!((one.mean, one.mean_absolute, one.root_mean_square), (2.0, 2.0, 2.0));
        assert_eq!((one.sd, one.limits, one.mean_limits, one.limit_std_err, one.slope), (None, None, None, None, None));
    }

    #[test]
    fn a_difference_that_is_always_the_same_has_no_spread() {
        let same = of(&[(0.5, 0.25), (1.5, 1.25), (2.5, 2.25)]).unwrap();
        assert_eq!((same.sd, same.limits, same.slope), (Some(0.0), Some([0.25, 0.25]), Some(0.0)));
    }

    #[test]
    fn without_pairs_or_beyond_all_numbers_there_is_no_difference() {
        assert_eq!(of(&[]).unwrap_err(), "no pairs");
        assert_eq!(of(&[(f64::MAX, -f64::MAX)]).unwrap_err(), "too large for a number");
        assert_eq!(of(&[(1e200, 0.0), (0.0, 1.0)]).unwrap_err(), "too large for a number");
    }
}
