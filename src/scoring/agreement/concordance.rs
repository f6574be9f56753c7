//! Lin's concordance: how close two coders' numbers lie to the line of equality.

use crate::Why;
use crate::settings::LinMoments;
use crate::synchrony::lagged::pearson;

/// Lin's concordance with its parts.
///
/// *Units and range*: numbers without a unit; `value` and `pearson` from −1 to 1, `bias_factor` from 0 to 1.
///
/// *Undefined cases*: each says why. Where one side does not vary, `value` is 0 and the two others are absent.
#[derive(Clone, Debug, PartialEq)]
pub struct Concordance {
    /// The concordance.
    pub value: Result<f64, Why>,
    /// Pearson's r: how close they lie to any line.
    pub pearson: Result<f64, Why>,
    /// The concordance with moments by n over Pearson's r: how close that line is to equality, 0 to 1.
    pub bias_factor: Result<f64, Why>,
    /// How many pairs there are.
    pub n: usize,
}

impl Concordance {
    /// The concordance of two coders' numbers.
    ///
    /// *Definition*: `2 s_xy / (s_x² + s_y² + (x̄ − ȳ)²)`, moments divided as [`LinMoments`] says.
    ///
    /// *Units and range*: −1 to 1; 1 where all pairs are equal. *Shape*: `x[unit]` goes with `y[unit]`; pairs that are missing or not finite on
    /// either side are dropped.
    ///
    /// *Undefined cases*: absent without pairs (fewer than two with [`LinMoments::NMinusOne`]), or where both sides are one and the same
    /// number; 0 where one side does not vary, and then there is no r and no bias factor.
    ///
    /// *Reference*: Lin, L. I. (1989). A concordance correlation coefficient to evaluate reproducibility. Biometrics, 45, 255–268,
    /// doi 10.2307/2532051. As R's `epiR::epi.ccc` with moments by n.
    ///
    /// ```
    /// use scoring::agreement::concordance::Concordance;
    /// use scoring::settings::LinMoments;
    ///
    /// let (x, y) = ([Some(1.0), Some(3.0), Some(4.0), None], [Some(1.1), Some(2.7), Some(4.4), Some(9.0)]);
    /// let concordance = Concordance::new(&x, &y, LinMoments::N);
    /// assert!((concordance.value.unwrap() - 0.974_325_2).abs() < 1e-7);
    /// assert!((concordance.bias_factor.unwrap() - 0.995_708_6).abs() < 1e-7);
    /// ```
    #[must_use]
    pub fn new(x: &[Option<f64>], y: &[Option<f64>], moments: LinMoments) -> Self {
        let pairs = complete_pairs(x, y);
        let n = pairs.len();
        let pearson = pearson(&pairs).ok_or(Why::Borrowed("a side does not vary"));
        let by_n = concordance(&pairs, 1.0);
        let bias_factor = match (&by_n, &pearson) {
            (Ok(_), Ok(0.0)) => Err(Why::Borrowed("Pearson's r is 0")),
            (Ok(concordance), Ok(r)) => finite(concordance / r),
            (Err(why), _) | (_, Err(why)) => Err(why.clone()),
        };
        let value = match moments {
            LinMoments::N => by_n,
            LinMoments::NMinusOne if n == 1 => Err(Why::Borrowed("fewer than two pairs")),
            LinMoments::NMinusOne => concordance(&pairs, n as f64 / (n as f64 - 1.0)),
        };
        Self { value, pearson, bias_factor, n }
    }
}

/// The pairs in which neither side is missing or not finite.
pub(super) fn complete_pairs(x: &[Option<f64>], y: &[Option<f64>]) -> Vec<(f64, f64)> {
    let pairs = x.iter().zip(y).filter_map(|(x, y)| x.zip(*y));
    pairs.filter(|(x, y)| x.is_finite() && y.is_finite()).collect()
}

/// With moments by n times `inflation`.
fn concordance(pairs: &[(f64, f64)], inflation: f64) -> Result<f64, Why> {
    let (x0, y0) = *pairs.first().ok_or(Why::Borrowed("no pairs"))?;
    let n = pairs.len() as f64;
    // the sums of a side that does not vary would be rounding
    let (x_varies, y_varies) = (pairs.iter().any(|(x, _)| *x != x0), pairs.iter().any(|(_, y)| *y != y0));
    let mean_x = if x_varies { pairs.iter().map(|(x, _)| x).sum::<f64>() / n } else { x0 };
    let mean_y = if y_varies { pairs.iter().map(|(_, y)| y).sum::<f64>() / n } else { y0 };
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        let (dx, dy) = (x - mean_x, y - mean_y);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    let (scale, bias) = (inflation / n, mean_x - mean_y);
    let distance = finite(scale * (xx + yy) + bias * bias)?;
    if distance == 0.0 {
        return Err(Why::Borrowed("both sides are one and the same number"));
    }
    finite(2.0 * scale * xy / distance)
}

pub(super) fn finite(value: f64) -> Result<f64, Why> {
    if value.is_finite() { Ok(value) } else { Err(Why::Borrowed("too large for a number")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pairs: &[(f64, f64)], moments: LinMoments, want: Result<f64, &'static str>) {
        let (x, y): (Vec<_>, Vec<_>) = pairs.iter().map(|(x, y)| (Some(*x), Some(*y))).unzip();
        assert_eq!(Concordance::new(&x, &y, moments).value, want.map_err(Why::from), "{pairs:?}");
    }

    #[test]
    fn what_does_not_vary_has_no_concordance_or_none_at_all() {
        check(&[], LinMoments::N, Err("no pairs"));
        check(&[], LinMoments::NMinusOne, Err("no pairs"));
        check(&[(1.0, 2.0)], LinMoments::N, Ok(0.0));
        check(&[(1.0, 2.0)], LinMoments::NMinusOne, Err("fewer than two pairs"));
        check(&[(0.1, 0.1); 7], LinMoments::N, Err("both sides are one and the same number"));
        check(&[(0.1, 0.2), (0.1, 0.3), (0.1, 0.7)], LinMoments::N, Ok(0.0));
        check(&[(f64::MAX, 0.0), (-f64::MAX, 1.0)], LinMoments::N, Err("too large for a number"));
    }
}
