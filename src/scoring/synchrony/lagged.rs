//! Correlation of two numeric series at every lag.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use span::Length;

use crate::settings::CcfEstimator;

/// Values this close are equal when the largest is looked for.
const TIE: f64 = 1e-12;

/// Correlation at one lag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LagPoint {
    /// In units; positive: the first series leads, `first[t]` goes with `second[t + lag]`.
    pub lag: i64,
    /// The correlation; `None` with fewer than two pairs, or where a side is constant in them.
    pub r: Option<f64>,
    /// How many pairs of units there are at this lag.
    pub n: usize,
}

/// Correlation at every lag from `−max` to `max`.
#[derive(Clone, Debug, PartialEq)]
pub struct LagProfile {
    /// The length of a unit.
    pub step: Length,
    /// Sorted by lag, one per unit of lag.
    pub points: Vec<LagPoint>,
}

impl LagProfile {
    /// The profile of two series on one grid; `None` is missing.
    ///
    /// *Definition*: [`CcfEstimator::Pairwise`]: Pearson's r over the pairs at this lag, with their own means.
    /// [`CcfEstimator::Global`]: `Σ (x_t − x̄)(y_{t+k} − ȳ) / (n s_x s_y)` with the means and standard deviations (divisor n) of the whole
    /// series; absent throughout where anything is missing, a series is constant, or the largest lag is not shorter than the series.
    ///
    /// *Units and range*: −1 to 1. *Shape*: `2 max_lag + 1` points.
    ///
    /// *Reference*: as R's `stats::cor(use = "pairwise")` and `stats::ccf` (whose positive lag means that the second series leads).
    ///
    /// # Example
    /// The second series repeats the first one unit later.
    /// ```
    /// use scoring::settings::CcfEstimator;
    /// use scoring::synchrony::lagged::LagProfile;
    /// use span::Length;
    ///
    /// let first = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0].map(Some);
    /// let second = [None, Some(1.0), Some(0.0), Some(0.0), Some(1.0), Some(1.0)];
    /// let profile = LagProfile::new(&first, &second, Length::SECOND, 2, CcfEstimator::Pairwise);
    /// let peak = profile.peak().expect("both vary");
    /// assert_eq!((peak.lag, peak.n), (1, 5));
    /// assert!((peak.r.expect("both vary") - 1.0).abs() < 1e-12);
    /// // at lag 0 by hand: the five pairs have Σxy = −0.2 about their means, Σx² = Σy² = 1.2
    /// let r = profile.at(0).and_then(|point| point.r).expect("both vary");
    /// assert!((r + 1.0 / 6.0).abs() < 1e-12);
    /// assert_eq!(profile.mean_over(|lag| lag == 1), peak.r);
    /// ```
    #[must_use]
    pub fn new(
        first: &[Option<f64>],
        second: &[Option<f64>],
        step: Length,
        max_lag: usize,
        estimator: CcfEstimator,
    ) -> Self {
        Self::of_pairs(first, second, step, max_lag, estimator, |_, _| true)
    }

    /// The same without the pairs between whose ends anything is missing, for either partner: `lag.inside_missing = break`.
    ///
    /// ```
    /// use scoring::settings::CcfEstimator;
    /// use scoring::synchrony::lagged::LagProfile;
    /// use span::Length;
    ///
    /// let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0].map(Some), [Some(1.0), Some(3.0), None, Some(4.0), Some(4.0)]);
    /// let n_of = |profile: LagProfile| profile.points.iter().map(|point| point.n).collect::<Vec<_>>();
    /// let pairwise = CcfEstimator::Pairwise;
    /// assert_eq!(n_of(LagProfile::new(&x, &y, Length::SECOND, 2, pairwise)), [2, 3, 4, 3, 2]);
    /// assert_eq!(n_of(LagProfile::unbroken(&x, &y, Length::SECOND, 2, pairwise)), [0, 2, 4, 2, 0]);
    /// ```
    #[must_use]
    pub fn unbroken(
        first: &[Option<f64>],
        second: &[Option<f64>],
        step: Length,
        max_lag: usize,
        estimator: CcfEstimator,
    ) -> Self {
        let in_a_row = known_in_a_row(first, second);
        Self::of_pairs(first, second, step, max_lag, estimator, |later, lag| {
            in_a_row.get(later).is_some_and(|n| *n > lag)
        })
    }

    /// `is_kept` is told the later end of a pair, and how many units back the earlier one lies.
    fn of_pairs(
        first: &[Option<f64>],
        second: &[Option<f64>],
        step: Length,
        max_lag: usize,
        estimator: CcfEstimator,
        is_kept: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let global = match estimator {
            CcfEstimator::Pairwise => None,
            CcfEstimator::Global => Some(Global::new(first, second).filter(|_| max_lag < first.len())),
        };
        let max_lag = max_lag as i64;
        let mut pairs = Vec::with_capacity(first.len().min(second.len()));
        let point = |lag: i64| {
            pairs.clear();
            let size = lag.unsigned_abs() as usize;
            let at = pairs_at(first, second, lag).filter(|(earlier, _)| is_kept(earlier + size, size));
            pairs.extend(at.map(|(_, pair)| pair));
            let r = match &global {
                None => pearson(&pairs),
                Some(global) => global.as_ref().map(|global| global.correlation(&pairs)),
            };
            LagPoint { lag, r, n: pairs.len() }
        };
        Self { step, points: (-max_lag..=max_lag).map(point).collect() }
    }

    /// The point at a lag in units.
    #[must_use]
    pub fn at(&self, lag: i64) -> Option<LagPoint> {
        self.points.iter().copied().find(|point| point.lag == lag)
    }

    /// The lag with the correlation that is largest in size; of equals (within 1e−12) the lag nearest 0, then the positive one.
    ///
    /// *Undefined cases*: `None` where there is no correlation at any lag.
    #[must_use]
    pub fn peak(&self) -> Option<LagPoint> {
        let size = |point: &LagPoint| point.r.map_or(-1.0, f64::abs);
        let largest = self.points.iter().map(size).fold(-1.0, f64::max);
        let near = self.points.iter().filter(|point| point.r.is_some() && size(point) >= largest - TIE);
        near.min_by_key(|point| (point.lag.abs(), -point.lag)).copied()
    }

    /// The mean correlation over the lags that `is_in` picks; `None` where it is absent at all of them.
    #[must_use]
    pub fn mean_over(&self, is_in: impl Fn(i64) -> bool) -> Option<f64> {
        let rs: Vec<f64> = self.points.iter().filter(|point| is_in(point.lag)).filter_map(|point| point.r).collect();
        (!rs.is_empty()).then(|| rs.iter().sum::<f64>() / rs.len() as f64)
    }
}

/// How large a correlation between two unrelated series without memory of their own is in one case of twenty: `1.96 / √n`.
///
/// *Undefined cases*: `None` for `n` = 0. *Limitations*: coded behaviour has memory; see pre-whitening before reading anything into it.
///
/// ```
/// use scoring::synchrony::lagged::white_noise_bound;
///
/// assert_eq!(white_noise_bound(100), Some(0.196));
/// assert_eq!(white_noise_bound(0), None);
/// ```
#[must_use]
pub fn white_noise_bound(n: usize) -> Option<f64> {
    (n > 0).then(|| 1.96 / libm::sqrt(n as f64))
}

/// For each unit, how many up to it and with it are known of both without a break.
pub(crate) fn known_in_a_row<T>(first: &[Option<T>], second: &[Option<T>]) -> Vec<usize> {
    let known = first.iter().zip(second).map(|(x, y)| x.is_some() && y.is_some());
    let longer = |n: &mut usize, is_known: bool| {
        *n = if is_known { *n + 1 } else { 0 };
        Some(*n)
    };
    known.scan(0, longer).collect()
}

/// The pairs `(first[t], second[t + lag])` in which neither is missing, each with the unit of its earlier end.
fn pairs_at<'a>(
    first: &'a [Option<f64>],
    second: &'a [Option<f64>],
    lag: i64,
) -> impl Iterator<Item = (usize, (f64, f64))> + 'a {
    let skip = lag.unsigned_abs() as usize;
    let (skip_first, skip_second) = if lag >= 0 { (0, skip) } else { (skip, 0) };
    let pairs = first.iter().skip(skip_first).zip(second.iter().skip(skip_second)).enumerate();
    pairs.filter_map(|(earlier, (x, y))| Some((earlier, ((*x)?, (*y)?))))
}

/// Pearson's correlation.
///
/// *Undefined cases*: `None` with fewer than two pairs, or where all values of a side are equal (compared exactly).
///
/// # Example
/// About their means 2 and 10/3: Σxy = 3, Σx² = 2, Σy² = 14/3.
/// ```
/// use scoring::synchrony::lagged::pearson;
///
/// let r = pearson(&[(1.0, 2.0), (2.0, 3.0), (3.0, 5.0)]).expect("both vary");
/// assert!((r - 3.0 / (28.0_f64 / 3.0).sqrt()).abs() < 1e-12);
/// assert_eq!(pearson(&[(1.0, 2.0), (1.0, 3.0)]), None); // the one side never changes
/// ```
#[must_use]
pub fn pearson(pairs: &[(f64, f64)]) -> Option<f64> {
    let (x0, y0) = *pairs.first()?;
    if pairs.iter().all(|(x, _)| *x == x0) || pairs.iter().all(|(_, y)| *y == y0) {
        return None;
    }
    let n = pairs.len() as f64;
    let mean_x = pairs.iter().map(|(x, _)| x).sum::<f64>() / n;
    let mean_y = pairs.iter().map(|(_, y)| y).sum::<f64>() / n;
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        let (dx, dy) = (x - mean_x, y - mean_y);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    correlation(xx, yy, xy)
}

/// `xy / √(xx · yy)`, kept inside −1 to 1; `None` where rounding or overflow leaves no number.
pub(crate) fn correlation(xx: f64, yy: f64, xy: f64) -> Option<f64> {
    let r = xy / (libm::sqrt(xx) * libm::sqrt(yy));
    r.is_finite().then(|| r.clamp(-1.0, 1.0))
}

/// Means and standard deviations of two whole series.
struct Global {
    mean_x: f64,
    mean_y: f64,
    spread: f64, // n · s_x · s_y
}

impl Global {
    fn new(first: &[Option<f64>], second: &[Option<f64>]) -> Option<Self> {
        let x: Vec<f64> = first.iter().copied().collect::<Option<_>>()?;
        let y: Vec<f64> = second.iter().copied().collect::<Option<_>>()?;
        let is_constant = |series: &[f64]| series.iter().all(|value| *value == series[0]);
        if x.len() != y.len() || x.is_empty() || is_constant(&x) || is_constant(&y) {
            return None;
        }
        let n = x.len() as f64;
        let mean = |series: &[f64]| series.iter().sum::<f64>() / n;
        let (mean_x, mean_y) = (mean(&x), mean(&y));
        let squares = |series: &[f64], mean: f64| series.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
        let spread = libm::sqrt(squares(&x, mean_x)) * libm::sqrt(squares(&y, mean_y));
        (spread.is_finite() && spread > 0.0).then_some(Self { mean_x, mean_y, spread })
    }

    fn correlation(&self, pairs: &[(f64, f64)]) -> f64 {
        let products = pairs.iter().map(|(x, y)| (x - self.mean_x) * (y - self.mean_y));
        (products.sum::<f64>() / self.spread).clamp(-1.0, 1.0)
    }
}

/// Lags in seconds, with their correlation and number of pairs.
impl Serialize for LagProfile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lags: Vec<f64> = self.points.iter().map(|point| self.step.times(point.lag).as_secs()).collect();
        let mut record = serializer.serialize_struct("LagProfile", 3)?;
        record.serialize_field("lag_s", &lags)?;
        record.serialize_field("r", &self.points.iter().map(|point| point.r).collect::<Vec<_>>())?;
        record.serialize_field("n", &self.points.iter().map(|point| point.n).collect::<Vec<_>>())?;
        record.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lag of the peak of these correlations, the middle one being lag 0.
    #[track_caller]
    fn check(rs: &[Option<f64>], peak: Option<i64>) {
        let middle = rs.len() as i64 / 2;
        let points = (0..).zip(rs).map(|(idx, r)| LagPoint { lag: idx - middle, r: *r, n: 9 }).collect();
        assert_eq!(LagProfile { step: Length::SECOND, points }.peak().map(|point| point.lag), peak);
    }

    #[test]
    fn the_peak_is_the_largest_in_size_then_the_nearest_to_zero_then_the_positive_lag() {
        check(&[Some(0.1), Some(0.3), Some(-0.6)], Some(1));
        check(&[Some(0.5), Some(0.2), Some(-0.5)], Some(1));
        check(&[Some(0.5), Some(0.5 - 1e-14), Some(0.1)], Some(0));
        check(&[None, None, Some(0.0)], Some(1));
        check(&[None, None, None], None);
    }
}
