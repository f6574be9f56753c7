//! Correlation in windows that move along, at every lag, and its peaks.

use std::cmp::Ordering;

use crate::synchrony::windowed_sums::correlations;

/// Correlations this close to 1 in size are 1.
const WHOLE: f64 = 1e-12;
/// Correlations this close to each other are equal: the sums are rounded, and codes are few values, whose windows often repeat.
pub(super) const TIE: f64 = 1e-12;

/// So many correlations share a logarithm: `1 − r` is `WHOLE` at least, so that no product leaves the range of numbers.
const ATANH_AT_ONCE: usize = 16;

/// How the windows move, in units of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowRules {
    /// The length of a window (`wMax` of Boker's program).
    pub window: usize,
    /// The largest lag, either way (`tMax`).
    pub max_lag: usize,
    /// From one window to the next (`wInc`).
    pub window_inc: usize,
    /// From one lag to the next (`tInc`).
    pub lag_inc: usize,
    /// `wcc.min_pairs`: with fewer there is no correlation.
    pub min_pairs: usize,
}

/// Correlation of two series in windows that move along, at every lag.
///
/// ```text
/// first    ····[══════)·······   W − k        k > 0: the first leads
/// second   ·······[══════)····   W            the later window is always W
/// ```
///
/// *Definition*: row m has the window `W = [e − window, e)` that ends at `e = window + max_lag + m · window_inc`. Lag k ≥ 0: Pearson's r of
/// `first[W − k]` and `second[W]`; k < 0: of `first[W]` and `second[W − |k|]`. Pairs with a missing value are dropped.
///
/// *Units and range*: −1 to 1. *Shape*: rows for every window that fits, from the start; columns for the lags `−max_lag`,
/// `−max_lag + lag_inc`, ... up to `max_lag`.
///
/// *Undefined cases*: a cell is absent with fewer than `min_pairs` pairs, or where a side is constant in them (compared exactly). No row at
/// all where the series are shorter than `window + max_lag`.
///
/// *Limitations*: the columns of the R package wcc run the other way, and it makes one row fewer.
///
/// *Reference*: Boker, S. M., Rotondo, J. L., Xu, M., & King, K. (2002). Windowed cross-correlation and peak picking for the analysis of
/// variability in the association between behavioral time series. Psychological Methods, 7, 338–355.
/// <https://doi.org/10.1037/1082-989X.7.3.338>
///
/// ```
/// use scoring::synchrony::windowed::{WindowRules, WindowedCorrelation};
///
/// let first: Vec<Option<f64>> = (0..40).map(|t| Some(f64::from(t % 7))).collect();
/// let second: Vec<Option<f64>> = (0..40).map(|t| Some(f64::from((t + 5) % 7))).collect(); // the same, two units later
/// let rules = WindowRules { window: 14, max_lag: 3, window_inc: 5, lag_inc: 1, min_pairs: 6 };
/// let windowed = WindowedCorrelation::new(&first, &second, rules);
/// assert_eq!((windowed.n_rows(), windowed.lags()), (5, &[-3, -2, -1, 0, 1, 2, 3][..]));
/// let peak = windowed.peaks(1)[0].expect("a row without gaps");
/// assert_eq!(peak.lag, 2.0, "the first leads by two units");
/// assert!((peak.r - 1.0).abs() < 1e-12);
/// assert_eq!(windowed.row(0).len(), 7);
/// let summary = windowed.summary(&windowed.peaks(1));
/// assert_eq!((summary.n_peaks, summary.mean_lag, summary.mean_lag_change), (5, Some(2.0), Some(0.0)));
/// ```
#[derive(Clone, Debug)]
pub struct WindowedCorrelation {
    lags: Vec<i64>,
    cells: Vec<f64>, // row by row; NaN stands for absent, and never leaves this type
    n_rows: usize,
}

/// The highest place of a row near lag 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// In units, a whole number unless the curve was smoothed; positive: the first series leads.
    pub lag: f64,
    /// The correlation there, signed.
    pub r: f64,
}

/// What the rows have in common.
///
/// *Definition*: means and variances (divisor n − 1) over the rows with a peak. A change of lag is the size of the difference between the
/// peak lags of two neighbouring rows. `mean_abs_z` is the mean of `|atanh r|` over all cells that exist, those of size 1 left out.
///
/// *Undefined cases*: `None` for a mean of nothing, or a variance of fewer than two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WindowedSummary {
    /// How strongly the series go together, whatever the lag and the sign.
    pub mean_abs_z: Option<f64>,
    /// How many rows have a peak.
    pub n_peaks: usize,
    /// The mean peak.
    pub mean_r: Option<f64>,
    /// The variance of the peaks.
    pub variance_r: Option<f64>,
    /// The mean lag, in units.
    pub mean_lag: Option<f64>,
    /// The variance of the lags.
    pub variance_lag: Option<f64>,
    /// The mean change of lag, in units.
    pub mean_lag_change: Option<f64>,
    /// The variance of the changes.
    pub variance_lag_change: Option<f64>,
}

impl WindowedCorrelation {
    /// The correlations; `None` is missing. Units beyond the end of the shorter series are left out.
    ///
    /// # Panics
    /// If an increment is zero.
    #[must_use]
    pub fn new(first: &[Option<f64>], second: &[Option<f64>], rules: WindowRules) -> Self {
        assert!(rules.window_inc > 0 && rules.lag_inc > 0, "windows and lags move on");
        let n = first.len().min(second.len());
        let needed = rules.window.saturating_add(rules.max_lag);
        if n < needed {
            let max_lag = rules.max_lag as i64;
            return Self { lags: (-max_lag..=max_lag).step_by(rules.lag_inc).collect(), cells: Vec::new(), n_rows: 0 };
        }
        let max_lag = rules.max_lag as i64;
        let lags: Vec<i64> = (-max_lag..=max_lag).step_by(rules.lag_inc).collect();
        let n_rows = 1 + (n - needed) / rules.window_inc;
        let cells = correlations(&first[..n], &second[..n], rules, &lags, n_rows);
        Self { lags, cells, n_rows }
    }

    /// The lags of the columns, ascending, in units.
    #[must_use]
    pub fn lags(&self) -> &[i64] {
        &self.lags
    }

    /// How many windows there are.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The correlations of one window.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row(&self, row: usize) -> impl ExactSizeIterator<Item = Option<f64>> {
        self.raw_row(row).iter().map(|r| Some(*r).filter(|r| !r.is_nan()))
    }

    /// The peak of every row, on the correlations as they are.
    ///
    /// *Definition*: a column is a candidate where `halfwidth` neighbours on both sides exist and all of them are strictly smaller (by more than
    /// 1e−12, which is rounding); the signed r counts, so that a peak can be negative. The candidate nearest to lag 0 wins; of equals the larger
    /// r, then the positive lag.
    ///
    /// *Undefined cases*: `None` for a row in which any correlation is absent, or no column is a candidate.
    #[must_use]
    pub fn peaks(&self, halfwidth: usize) -> Vec<Option<Peak>> {
        (0..self.n_rows).map(|row| self.peak(self.raw_row(row), halfwidth)).collect()
    }

    /// What the rows and their peaks have in common.
    #[must_use]
    pub fn summary(&self, peaks: &[Option<Peak>]) -> WindowedSummary {
        let sizes: Vec<f64> = self.cells.iter().map(|r| r.abs()).filter(|r| *r < 1.0 - WHOLE).collect();
        let sum: f64 = sizes.chunks(ATANH_AT_ONCE).map(sum_of_atanh).sum();
        let n = sizes.len();
        let found: Vec<Peak> = peaks.iter().copied().flatten().collect();
        let rs: Vec<f64> = found.iter().map(|peak| peak.r).collect();
        let lags: Vec<f64> = found.iter().map(|peak| peak.lag).collect();
        let change = |pair: &[Option<Peak>]| Some((pair[1]?.lag - pair[0]?.lag).abs());
        let changes: Vec<f64> = peaks.windows(2).filter_map(change).collect();
        WindowedSummary {
            mean_abs_z: (n > 0).then(|| sum / n as f64),
            n_peaks: found.len(),
            mean_r: mean(&rs),
            variance_r: variance(&rs),
            mean_lag: mean(&lags),
            variance_lag: variance(&lags),
            mean_lag_change: mean(&changes),
            variance_lag_change: variance(&changes),
        }
    }

    fn raw_row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.lags.len()..][..self.lags.len()]
    }

    fn peak(&self, row: &[f64], halfwidth: usize) -> Option<Peak> {
        if row.iter().any(|r| r.is_nan()) {
            return None;
        }
        let is_candidate = |&column: &usize| {
            let r = row[column];
            let (before, after) = (&row[column - halfwidth..column], &row[column + 1..=column + halfwidth]);
            before.iter().chain(after).all(|neighbour| *neighbour < r - TIE)
        };
        let columns = halfwidth..row.len().saturating_sub(halfwidth);
        let candidates =
            columns.filter(is_candidate).map(|column| Peak { lag: self.lags[column] as f64, r: row[column] });
        let larger = |a: &Peak, b: &Peak| if (a.r - b.r).abs() <= TIE { Ordering::Equal } else { b.r.total_cmp(&a.r) };
        candidates.min_by(|a, b| a.lag.abs().total_cmp(&b.lag.abs()).then(larger(a, b)).then(b.lag.total_cmp(&a.lag)))
    }
}

/// `Σ atanh r` as half the logarithm of `Π (1 + r) / (1 − r)`.
fn sum_of_atanh(rs: &[f64]) -> f64 {
    let (above, below) = rs.iter().fold((1.0, 1.0), |(above, below), r| (above * (1.0 + r), below * (1.0 - r)));
    0.5 * libm::log(above / below)
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// With divisor n − 1; exactly 0 where all values are equal.
fn variance(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    if values.iter().all(|value| *value == values[0]) {
        return Some(0.0);
    }
    Some(values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The peak of one row at lags −2 to 2.
    #[track_caller]
    fn check(row: [f64; 5], halfwidth: usize, lag: Option<i64>) {
        let windowed = WindowedCorrelation { lags: vec![-2, -1, 0, 1, 2], cells: row.to_vec(), n_rows: 1 };
        assert_eq!(windowed.peaks(halfwidth)[0].map(|peak| peak.lag as i64), lag, "{row:?}");
    }

    #[test]
    fn the_peak_is_a_strict_maximum_near_lag_0() {
        check([0.1, 0.3, 0.2, 0.4, 0.1], 1, Some(1));
        check([0.1, 0.4, 0.2, 0.4, 0.1], 1, Some(1));
        check([0.1, 0.5, 0.2, 0.4, 0.1], 1, Some(-1));
        check([0.1, 0.2, 0.2, 0.2, 0.1], 1, None);
        check([0.1, 0.2, 0.2 + 2e-16, 0.2, 0.1], 1, None);
        check([0.1, 0.4 + 2e-16, 0.2, 0.4, 0.1], 1, Some(1));
        check([-0.9, -0.8, -0.5, -0.8, -0.9], 2, Some(0));
        check([0.1, 0.3, f64::NAN, 0.4, 0.1], 1, None);
        check([0.1, 0.2, 0.3, 0.4, 0.5], 1, None);
        check([0.1, 0.2, 0.3, 0.2, 0.1], 3, None);
    }

    #[test]
    fn changes_of_lag_are_those_between_neighbouring_rows() {
        let windowed = WindowedCorrelation { lags: vec![0], cells: Vec::new(), n_rows: 0 };
        let peak = |lag: i32| Some(Peak { lag: f64::from(lag), r: 0.5 });
        let summary = windowed.summary(&[peak(1), peak(3), None, peak(9), peak(8)]);
        assert_eq!((summary.mean_lag_change, summary.variance_lag_change), (Some(1.5), Some(0.5)));
        assert_eq!((summary.mean_lag, summary.variance_r, summary.mean_abs_z), (Some(5.25), Some(0.0), None));
    }
}
