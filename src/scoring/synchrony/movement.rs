//! Windowed correlation as the programs for movement in psychotherapy have it: rMEA and SUSY.

use crate::settings::CcfEstimator;
use crate::synchrony::lagged::{LagProfile, pearson};
use span::Length;

/// Fisher's z is kept inside ± this.
const LARGEST_Z: f64 = 10.0;

/// How the windows of [`MovementWindows`] move, in units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovementRules {
    /// The length of a window.
    pub window: usize,
    /// The largest lag, either way.
    pub max_lag: usize,
    /// From one window to the next.
    pub window_inc: usize,
    /// Does a negative correlation count as much as a positive one?
    pub is_absolute: bool,
}

/// Fisher's z in windows that move along, at every lag, as the R package rMEA has it.
///
/// ```text
/// first    [══════)·····     k ≥ 0: the first leads
/// second   ··k[══════)··     k < 0: the mirror
///          m·inc        m·inc + window + max_lag
/// ```
///
/// *Definition*: window m begins at `m · window_inc` and takes `window + max_lag` units. At lag k ≥ 0 the first `window` units of the first series
/// go with those of the second k later, at k < 0 the mirror; Pearson's r over the pairs, as `atanh r`, kept inside ±10. The mean over
/// all lags, over those at which the first leads (k > 0) and the second leads (k < 0), that at lag 0, and the lag with the largest.
///
/// *Shape*: one entry per window that fits.
///
/// *Undefined cases*: a cell is absent where fewer than two of its pairs differ, or a side is constant; a whole window where more than half of
/// a series is missing in it. A mean of nothing is absent.
///
/// *Reference*: Kleinbub, J. R., & Ramseyer, F. T. (2021). rMEA: An R package to assess nonverbal synchronization in motion energy analysis
/// time-series. Psychotherapy Research, 31, 817–830, doi 10.1080/10503307.2020.1844334. Its function `MEAccf`.
///
/// ```
/// use scoring::synchrony::movement::{MovementRules, MovementWindows};
///
/// let numbers = |values: &[i32]| -> Vec<Option<f64>> { values.iter().map(|value| Some(f64::from(*value))).collect() };
/// let (x, y) = (numbers(&[0, 1, 0, 2, 1]), numbers(&[5, 0, 2, 0, 4]));
/// let rules = MovementRules { window: 4, max_lag: 1, window_inc: 1, is_absolute: false };
/// let windows = MovementWindows::new(&x, &y, rules);
/// // one window. At lag 1 the second is twice the first: r = 1. At lag −1 1 0 2 1 goes with 5 0 2 0: r = 2 / √(2 · 16.75). At lag 0
/// // 0 1 0 2 goes with 5 0 2 0: r = −5.25 / √(2.75 · 16.75)
/// let [window] = &windows.windows[..] else { panic!("one window") };
/// assert_eq!((window.first_leads, window.best_lag), (Some(10.0), Some(1)));
/// assert!((window.second_leads.unwrap() - (2.0 / 33.5_f64.sqrt()).atanh()).abs() < 1e-12);
/// assert!((window.lag_zero.unwrap() - (-5.25 / (2.75_f64 * 16.75).sqrt()).atanh()).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MovementWindows {
    /// In order.
    pub windows: Vec<MovementWindow>,
    /// The mean over all cells of all windows.
    pub grand_mean: Option<f64>,
}

/// One window.
#[derive(Clone, Debug, PartialEq)]
pub struct MovementWindow {
    /// Fisher's z at the lags from `−max_lag` to `max_lag`.
    pub z: Vec<Option<f64>>,
    /// The mean over all lags.
    pub all_lags: Option<f64>,
    /// The mean over the positive lags.
    pub first_leads: Option<f64>,
    /// The mean over the negative lags.
    pub second_leads: Option<f64>,
    /// That at lag 0.
    pub lag_zero: Option<f64>,
    /// The lag with the largest, in units; of equals the first.
    pub best_lag: Option<i64>,
}

impl MovementWindows {
    /// The windows of two series; `None` is missing.
    ///
    /// # Panics
    /// If the increment is zero.
    #[must_use]
    pub fn new(first: &[Option<f64>], second: &[Option<f64>], rules: MovementRules) -> Self {
        assert!(rules.window_inc > 0, "windows move on");
        let length = rules.window + rules.max_lag;
        let n = first.len().min(second.len());
        let starts = (0..n).step_by(rules.window_inc).take_while(|start| start + length <= n);
        let window =
            |start: usize| MovementWindow::new(&first[start..start + length], &second[start..start + length], rules);
        let windows: Vec<MovementWindow> = starts.map(window).collect();
        let grand_mean = mean(windows.iter().flat_map(|window| window.z.iter().copied()));
        Self { windows, grand_mean }
    }
}

impl MovementWindow {
    fn new(first: &[Option<f64>], second: &[Option<f64>], rules: MovementRules) -> Self {
        let is_sparse =
            |series: &[Option<f64>]| 2 * series.iter().filter(|value| value.is_none()).count() > series.len();
        let max_lag = rules.max_lag as i64;
        let is_left_out = is_sparse(first) || is_sparse(second);
        let at = |lag: i64| {
            let skip = lag.unsigned_abs() as usize;
            let (x, y) = if lag >= 0 { (first, &second[skip..]) } else { (&first[skip..], second) };
            fisher_z(&x[..rules.window], &y[..rules.window]).map(|z| if rules.is_absolute { z.abs() } else { z })
        };
        let z: Vec<Option<f64>> = (-max_lag..=max_lag).map(|lag| if is_left_out { None } else { at(lag) }).collect();
        let best = z.iter().zip(-max_lag..).fold(None, |best: Option<(f64, i64)>, (z, lag)| match (best, z) {
            (Some((largest, _)), Some(z)) if *z <= largest => best,
            (_, Some(z)) => Some((*z, lag)),
            (_, None) => best,
        });
        let (behind, ahead) = (&z[..rules.max_lag], &z[rules.max_lag + 1..]);
        Self {
            all_lags: mean(z.iter().copied()),
            first_leads: mean(ahead.iter().copied()),
            second_leads: mean(behind.iter().copied()),
            lag_zero: z[rules.max_lag],
            best_lag: best.map(|(_, lag)| lag),
            z,
        }
    }
}

fn fisher_z(x: &[Option<f64>], y: &[Option<f64>]) -> Option<f64> {
    let pairs: Vec<(f64, f64)> = x.iter().zip(y).filter_map(|(x, y)| Some(((*x)?, (*y)?))).collect();
    if pairs.iter().filter(|(x, y)| x != y).count() < 2 {
        return None;
    }
    Some(libm::atanh(pearson(&pairs)?).clamp(-LARGEST_Z, LARGEST_Z))
}

/// Of those that exist; `None` of none.
fn mean(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (sum, n) = values.flatten().fold((0.0, 0_usize), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / n as f64)
}

/// Fisher's z of segments beside that of segments that do not belong together, as the R package SUSY has it.
///
/// *Definition*: units in which either is missing are left out and the rest joined; both series are cut into segments of `segment` units, without
/// overlap. At every lag up to `max_lag` either way, `atanh r` of each segment (r by [`CcfEstimator::Global`]) is averaged over the segments: real.
/// The same over all pairs of a segment of the first with another of the second: pseudo. Then both are averaged over the lags. The effect is the
/// difference of these means in standard deviations of the pseudo means over the lags (divisor lags − 1).
///
/// *Undefined cases*: `None` with fewer than two segments, or where the lag is not shorter than a segment. Segments with a constant side
/// add nothing to their mean but count in its divisor, as in SUSY; a correlation of size 1 is kept inside z = ±10.
///
/// *Reference*: Tschacher, W., & Meier, D. (2020). Physiological synchrony in psychotherapy sessions. Psychotherapy Research, 30, 558–573,
/// doi 10.1080/10503307.2019.1612114.
///
/// ```
/// use scoring::synchrony::movement::Susy;
///
/// let numbers = |text: &str| -> Vec<Option<f64>> { text.chars().map(|c| c.to_digit(10).map(f64::from)).collect() };
/// // two segments of four units: real are 0101–0101 and 0110–1001, r = 1 and −1; pseudo 0101–1001 and 0110–0101, both r = 0
/// let susy = Susy::new(&numbers("01010110"), &numbers("01011001"), 4, 0).expect("two segments");
/// assert_eq!(susy.n_segments, 2);
/// assert_eq!((susy.absolute.real, susy.absolute.pseudo), (10.0, 0.0));
/// assert_eq!((susy.signed.real, susy.signed.effect), (0.0, None), "one lag has no spread");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Susy {
    /// How many segments each series has.
    pub n_segments: usize,
    /// With `|z|`: in phase or in opposite phase.
    pub absolute: SusyMeans,
    /// With z.
    pub signed: SusyMeans,
}

/// Means over lags and segments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SusyMeans {
    /// Of segments that belong together.
    pub real: f64,
    /// Of all others.
    pub pseudo: f64,
    /// `(real − pseudo) / sd` of pseudo over the lags; `None` where that is 0 or there is one lag.
    pub effect: Option<f64>,
}

impl Susy {
    /// The statistics of two series; `None` is missing.
    #[must_use]
    pub fn new(first: &[Option<f64>], second: &[Option<f64>], segment: usize, max_lag: usize) -> Option<Self> {
        let both = first.iter().zip(second).filter(|(x, y)| x.is_some() && y.is_some());
        let (x, y): (Vec<Option<f64>>, Vec<Option<f64>>) = both.map(|(x, y)| (*x, *y)).unzip();
        let n_segments = x.len().checked_div(segment).filter(|n| *n > 1 && max_lag < segment)?;
        let part = |series: &[Option<f64>], idx: usize| series[idx * segment..][..segment].to_vec();
        let n_lags = 2 * max_lag + 1;
        let mut sums = [[vec![0.0; n_lags], vec![0.0; n_lags]], [vec![0.0; n_lags], vec![0.0; n_lags]]];
        for i in 0..n_segments {
            for h in 0..n_segments {
                let (x, y) = (part(&x, i), part(&y, h));
                let profile = LagProfile::new(&x, &y, Length::SECOND, max_lag, CcfEstimator::Global);
                let [absolute, signed] = &mut sums[usize::from(i != h)];
                for (lag, r) in profile.points.iter().enumerate().filter_map(|(lag, point)| Some((lag, point.r?))) {
                    let z = libm::atanh(r).clamp(-LARGEST_Z, LARGEST_Z);
                    absolute[lag] += z.abs();
                    signed[lag] += z;
                }
            }
        }
        let [real, pseudo] = sums;
        let n_pseudo = n_segments * (n_segments - 1);
        let means = |kind: usize| SusyMeans::new(&real[kind], n_segments, &pseudo[kind], n_pseudo);
        Some(Self { n_segments, absolute: means(0), signed: means(1) })
    }
}

impl SusyMeans {
    fn new(real: &[f64], n_real: usize, pseudo: &[f64], n_pseudo: usize) -> Self {
        let n_lags = real.len() as f64;
        let over_lags = |sums: &[f64], n: usize| sums.iter().map(|sum| sum / n as f64).sum::<f64>() / n_lags;
        let (real, mean) = (over_lags(real, n_real), over_lags(pseudo, n_pseudo));
        let squares = pseudo.iter().map(|sum| sum / n_pseudo as f64 - mean).map(|off| off * off).sum::<f64>();
        let sd = libm::sqrt(squares / (n_lags - 1.0));
        Self { real, pseudo: mean, effect: Some((real - mean) / sd).filter(|effect| effect.is_finite()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<Option<f64>> {
        text.chars().map(|c| c.to_digit(10).map(f64::from)).collect()
    }

    #[track_caller]
    fn check(got: Option<f64>, want: f64) {
        let got = got.expect("defined");
        assert!((got - want).abs() < 1e-9, "got {got}, expected {want}");
    }

    #[test]
    fn a_window_that_is_mostly_missing_is_left_out_and_equal_series_have_no_correlation() {
        let rules = MovementRules { window: 4, max_lag: 1, window_inc: 5, is_absolute: true };
        let windows = MovementWindows::new(&numbers("0102130..."), &numbers("1010201021"), rules);
        assert_eq!(windows.windows.len(), 2);
        assert_eq!(windows.windows[1].all_lags, None);
        assert_eq!(windows.grand_mean, windows.windows[0].all_lags);
        let same = MovementWindows::new(&numbers("01021"), &numbers("01021"), rules);
        assert_eq!(same.windows[0].lag_zero, None);
    }

    // a script of plain Python that follows the text of the definition
    const X: &str = "0120212012210120212021102";
    const Y: &str = "2011012202101122012011210";

    #[test]
    fn windows_are_those_of_the_definition() {
        let rules = MovementRules { window: 8, max_lag: 2, window_inc: 5, is_absolute: true };
        let windows = MovementWindows::new(&numbers(X), &numbers(Y), rules);
        assert_eq!(windows.windows.len(), 4);
        let means = [0.508_985_071_448, 0.331_330_422_594, 0.175_470_949_385, 0.232_522_047_085];
        for (window, mean) in windows.windows.iter().zip(means) {
            check(window.all_lags, mean);
        }
        let first = &windows.windows[0];
        check(first.first_leads, 0.668_893_955_512);
        check(first.second_leads, 0.409_472_948_978);
        check(first.lag_zero, 0.388_191_548_261);
        assert_eq!(first.best_lag, Some(1));
        check(windows.grand_mean, 0.312_077_122_628);
    }

    #[test]
    fn segments_are_those_of_the_definition() {
        let susy = Susy::new(&numbers(X), &numbers(Y), 8, 2).unwrap();
        assert_eq!(susy.n_segments, 3);
        check(Some(susy.absolute.real), 0.284_080_529_587);
        check(Some(susy.absolute.pseudo), 0.279_749_754_973);
        check(susy.absolute.effect, 0.039_056_690_334);
        check(Some(susy.signed.real), -0.064_201_874_548);
        check(Some(susy.signed.pseudo), -0.074_914_578_297);
        check(susy.signed.effect, 0.051_063_561_379);
    }
}
