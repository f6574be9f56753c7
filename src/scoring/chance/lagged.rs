//! Lagged correlation at every circular shift, from one Fourier transform.

use crate::fft::{Complex, Fft, quick_length};
use crate::least_squares::dot;
use crate::settings::CcfEstimator;
use crate::synchrony::lagged::pearson;

/// A variance smaller than this beside the mean square has lost too many digits to sums.
const SHAKY: f64 = 1e-4;

/// Lagged correlations of a series with all circular shifts of another.
///
/// *Definition*: [`LagProfile`](crate::synchrony::lagged::LagProfile) of `first` and `y'[t] = second[(t − shift) mod n]`. The products of all
/// shifts come from one transform; from each lag are then taken the products that only the circle joins.
///
/// *Shape*: `2 max_lag + 1` correlations for each shift.
///
/// *Reference*: the convolution theorem; Cooley, J. W., & Tukey, J. W. (1965). Mathematics of Computation, 19, 297–301, doi
/// 10.1090/S0025-5718-1965-0178586-1.
///
/// ```
/// use scoring::chance::circular::{ShiftRules, shifts};
/// use scoring::chance::lagged::ShiftedCorrelation;
/// use scoring::chance::{Baseline, Tail};
/// use scoring::settings::CcfEstimator;
///
/// let first: Vec<f64> = (0..120).map(|t| f64::from(t * t % 17)).collect();
/// let second: Vec<f64> = (0..120).map(|t| f64::from((t + 118) * (t + 118) % 17)).collect(); // two units later
/// let correlation = ShiftedCorrelation::new(&first, &second, 5, CcfEstimator::Pairwise).expect("both vary");
/// let shifts = shifts(&[120], ShiftRules { guard: 5, is_exhaustive: true, surrogates: 999, seed: 1 })?;
/// let surrogates = shifts.iter().map(|shift| correlation.largest(shift[0]));
/// let baseline = Baseline::new(correlation.largest(0), surrogates, Tail::Upper)?;
/// assert!((baseline.observed - 1.0).abs() < 1e-12); // at lag 2 they are the same
/// assert_eq!((baseline.n, baseline.n_at_least, baseline.p), (111, 0, 1.0 / 112.0));
/// assert!((baseline.mean - 0.655_317_0).abs() < 1e-7); // numpy 2.4.6, every shift by corrcoef
/// # Ok::<(), scoring::chance::NoBaseline>(())
/// ```
#[derive(Clone, Debug)]
pub struct ShiftedCorrelation {
    max_lag: usize,
    estimator: CcfEstimator,
    first: Vec<f64>,    // about its mean
    second: Vec<f64>,   // about its mean, twice over
    circular: Vec<f64>, // Σ first[t] second[(t + j) mod n], for j = 0, ..., n − 1
    spread: f64,        // n · s_first · s_second
    first_sums: Sums,
    second_sums: Sums,
}

/// Sums up to each unit, of values and squares, and of changes.
#[derive(Clone, Debug)]
struct Sums {
    values: Vec<f64>,
    squares: Vec<f64>,
    changes: Vec<usize>, // how many units up to this one differ from the one before
}

impl ShiftedCorrelation {
    /// Prepares all shifts.
    ///
    /// *Undefined cases*: `None` for series of different lengths, or not longer than the largest lag, or constant; a correlation cannot
    /// be had at any shift of those. Series with missing values take [`circular_shift`](super::circular::circular_shift).
    #[must_use]
    pub fn new(first: &[f64], second: &[f64], max_lag: usize, estimator: CcfEstimator) -> Option<Self> {
        let n = first.len();
        let is_constant = |series: &[f64]| series.iter().all(|value| *value == series[0]);
        if n != second.len() || max_lag >= n || is_constant(first) || is_constant(second) {
            return None;
        }
        let centred = |series: &[f64]| -> Vec<f64> {
            let mean = series.iter().sum::<f64>() / n as f64;
            series.iter().map(|value| value - mean).collect()
        };
        let (first, mut second) = (centred(first), centred(second));
        let spread = libm::sqrt(dot(&first, &first)) * libm::sqrt(dot(&second, &second));
        if !(spread.is_finite() && spread > 0.0) {
            return None;
        }
        let circular = circular_products(&first, &second);
        second.extend_from_within(..);
        let (first_sums, second_sums) = (Sums::new(&first), Sums::new(&second));
        Some(Self { max_lag, estimator, first, second, circular, spread, first_sums, second_sums })
    }

    /// The correlations from lag `−max_lag` to `max_lag` when the second series is shifted by `shift`.
    pub fn profile(&self, shift: usize) -> impl Iterator<Item = Option<f64>> {
        let max_lag = self.max_lag as i64;
        (-max_lag..=max_lag).map(move |lag| self.at(shift, lag))
    }

    /// The largest correlation in size, whatever its lag and sign; `None` where there is none at any lag.
    #[must_use]
    pub fn largest(&self, shift: usize) -> Option<f64> {
        self.profile(shift).flatten().map(f64::abs).reduce(f64::max)
    }

    fn at(&self, shift: usize, lag: i64) -> Option<f64> {
        let n = self.first.len();
        let size = lag.unsigned_abs() as usize;
        let shift = shift % n;
        // where unit 0 of the shifted series is in the one twice over
        let start = n - shift;
        let (first, second) = if lag >= 0 { (0, (start + size) % n) } else { (size, start % n) };
        // what the circle joins: the last units of the first series with the first of the second, or the reverse
        let joined = if lag >= 0 {
            dot(&self.first[n - size..], &self.second[start % n..][..size])
        } else {
            dot(&self.first[..size], &self.second[(start + n - size) % n..][..size])
        };
        let place = (lag.rem_euclid(n as i64) as usize + n - shift) % n;
        let products = self.circular[place] - joined;
        match self.estimator {
            CcfEstimator::Global => Some((products / self.spread).clamp(-1.0, 1.0)),
            CcfEstimator::Pairwise => self.pairwise(first, second, n - size, products),
        }
    }

    /// Pearson's r of `n` pairs from these places on.
    fn pairwise(&self, first: usize, second: usize, n: usize, products: f64) -> Option<f64> {
        if n < 2 || self.first_sums.is_constant(first, n) || self.second_sums.is_constant(second, n) {
            return None;
        }
        let (x, xx) = self.first_sums.over(first, n);
        let (y, yy) = self.second_sums.over(second, n);
        let (about_x, about_y) = (xx - x * x / n as f64, yy - y * y / n as f64);
        if about_x > SHAKY * xx && about_y > SHAKY * yy {
            let r = (products - x * y / n as f64) / (libm::sqrt(about_x) * libm::sqrt(about_y));
            return r.is_finite().then(|| r.clamp(-1.0, 1.0));
        }
        let pairs = self.first[first..].iter().zip(&self.second[second..]).take(n);
        pearson(&pairs.map(|(x, y)| (*x, *y)).collect::<Vec<_>>())
    }
}

impl Sums {
    fn new(values: &[f64]) -> Self {
        let running = |of: &dyn Fn(usize) -> f64| {
            let mut sum = 0.0;
            let sums = (0..values.len()).map(|idx| {
                sum += of(idx);
                sum
            });
            [0.0].into_iter().chain(sums).collect::<Vec<f64>>()
        };
        let mut n_changes = 0;
        let changes = (0..values.len()).map(|idx| {
            n_changes += usize::from(idx > 0 && values[idx] != values[idx - 1]);
            n_changes
        });
        Self {
            changes: changes.collect(),
            values: running(&|idx| values[idx]),
            squares: running(&|idx| values[idx] * values[idx]),
        }
    }

    fn is_constant(&self, from: usize, n: usize) -> bool {
        self.changes[from + n - 1] == self.changes[from]
    }

    fn over(&self, from: usize, n: usize) -> (f64, f64) {
        let difference = |sums: &[f64]| sums[from + n] - sums[from];
        (difference(&self.values), difference(&self.squares))
    }
}

/// `Σ x[t] y[(t + j) mod n]` for every j.
fn circular_products(x: &[f64], y: &[f64]) -> Vec<f64> {
    let n = x.len();
    // in a circle of n where that is quick, else on a line and then joined
    let len = if quick_length(n) == n { n } else { quick_length(2 * n - 1) };
    let fft = Fft::new(len);
    let mut both = vec![Complex::default(); len];
    for ((both, x), y) in both.iter_mut().zip(x).zip(y) {
        *both = Complex::new(*x, *y);
    }
    let spectrum = fft.forward(both);
    // x and y are real: their spectra are the even and the odd part. Their product is kept conjugate, so that going forward goes back
    let product = |k: usize| {
        let (here, there) = (spectrum[k], spectrum[(len - k) % len].conj());
        let (of_x, difference) = ((here + there).scaled(0.5), (here - there).scaled(0.5));
        of_x * Complex::new(difference.im, -difference.re).conj()
    };
    let back = fft.forward((0..len).map(product).collect());
    let on_line = |j: usize| back[j].re / len as f64;
    if len == n { (0..n).map(on_line).collect() } else { (0..n).map(|j| on_line(j) + on_line(j + len - n)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synchrony::lagged::LagProfile;
    use span::Length;

    #[test]
    fn every_shift_has_the_correlations_of_the_shifted_series() {
        for n in [2_usize, 7, 11, 30, 64, 97] {
            let first: Vec<f64> = (0..n).map(|t| (t * t % 7) as f64 / 10.0 + 5.0).collect();
            let second: Vec<f64> = (0..n).map(|t| if t < n / 2 { 0.3 } else { (t * 3 % 5) as f64 }).collect();
            for max_lag in [0, 1, n / 2, n - 1] {
                for estimator in [CcfEstimator::Pairwise, CcfEstimator::Global] {
                    let quick = ShiftedCorrelation::new(&first, &second, max_lag, estimator).unwrap();
                    for shift in 0..=n {
                        let shifted: Vec<_> = (0..n).map(|t| Some(second[(t + 2 * n - shift) % n])).collect();
                        let x: Vec<_> = first.iter().copied().map(Some).collect();
                        let slow = LagProfile::new(&x, &shifted, Length::SECOND, max_lag, estimator);
                        for (point, got) in slow.points.iter().zip(quick.profile(shift)) {
                            let what = format!("{n} {max_lag} {estimator:?} shift {shift} lag {}", point.lag);
                            assert_eq!(got.is_some(), point.r.is_some(), "{what}");
                            assert!((got.unwrap_or(0.0) - point.r.unwrap_or(0.0)).abs() < 1e-9, "{what}");
                        }
                    }
                }
            }
        }
    }
}
