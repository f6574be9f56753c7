//! Correlation in a window that moves along, for the strip under the timelines.

use std::ops::Range;

use span::{Instant, Length, Span};

use crate::synchrony::lagged::correlation;

/// Correlation around one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StripPoint {
    /// The middle of the window.
    pub time: Instant,
    /// The correlation; `None` with too few pairs in the window, or where a side is constant in them.
    pub r: Option<f64>,
}

/// Correlation at lag 0 in a window that moves along two series of one grid.
///
/// *Definition*: at grid time t, Pearson's r over the units that start in `[t − width/2, t + width/2)`, cut at the border of
/// `window` and not padded; pairs with a missing value are dropped. Absent with fewer than `max(6, ⌈width / 2 step⌉)` pairs.
///
/// *Shape*: one point per grid time, from the start of `window` to the last grid time not after its end.
///
/// *Limitations*: our own convention, made for looking; it is not averaged and not tested.
///
/// # Panics
/// If `step` is not positive.
///
/// # Example
/// The half minute of the crate's text, N −1, O and M 0, P 1, in windows of 10 s.
/// ```
/// use scoring::synchrony::strip::strip;
/// use span::{Length, Span};
///
/// let value = |letter| match letter { 'N' => Some(-1.0), 'O' | 'M' => Some(0.0), 'P' => Some(1.0), _ => None };
/// let values = |text: &str| text.chars().map(value).collect::<Vec<Option<f64>>>();
/// let (infant, parent) = (values("MMPPOOOMPPNNNMMP.POOMMPPPNNOOO"), values("MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM"));
/// let window = Span::from_micros(0, 30_000_000).expect("half a minute");
/// let points = strip(&infant, &parent, window, Length::SECOND, Length::SECOND.times(10));
/// assert_eq!((points.len(), points[0].r), (31, None)); // five pairs are too few
/// assert!((points[5].r.expect("ten pairs") - 0.408_248_3).abs() < 1e-7);
/// assert!((points[20].r.expect("nine pairs") - 0.059_761_4).abs() < 1e-7);
/// ```
#[must_use]
pub fn strip(
    first: &[Option<f64>],
    second: &[Option<f64>],
    window: Span,
    step: Length,
    width: Length,
) -> Vec<StripPoint> {
    assert!(step > Length::ZERO, "a unit has a length");
    let mut sliding = Sliding::new(first, second);
    let (step_2, width_us) = (2 * step.micros(), width.micros());
    let min_pairs = usize::try_from(div_ceil(width_us, step_2)).unwrap_or(0).max(6);
    let n_times = window.length().micros() / step.micros();
    // from grid time t, how far it is to the first unit that starts at or after t − width/2, and t + width/2
    let (to_first, to_end) = (div_ceil(-width_us, step_2), div_ceil(width_us, step_2));
    let point = |time: i64| {
        sliding.advance(time + to_first, time + to_end);
        StripPoint { time: window.start() + step.times(time), r: sliding.correlation(min_pairs) }
    };
    (0..=n_times).map(point).collect()
}

fn div_ceil(value: i64, by: i64) -> i64 {
    value.div_euclid(by) + i64::from(value.rem_euclid(by) > 0)
}

/// The units inside a window that only moves forward, and sums over those in which neither value is missing.
///
/// Values are taken relative to the first pair, so that whole numbers stay exact and others lose little.
struct Sliding<'a> {
    first: &'a [Option<f64>],
    second: &'a [Option<f64>],
    inside: Range<usize>, // of units
    origin: (f64, f64),
    sums: Sums,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    n: usize,
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
    changes_x: usize, // neighbours inside whose x differs: none means constant, exactly
    changes_y: usize,
    last: (f64, f64), // the pair that came last
}

impl<'a> Sliding<'a> {
    fn new(first: &'a [Option<f64>], second: &'a [Option<f64>]) -> Self {
        let origin = first.iter().zip(second).find_map(|(x, y)| x.zip(*y)).unwrap_or_default();
        Self { first, second, inside: 0..0, origin, sums: Sums::default() }
    }

    fn pair(&self, unit: usize) -> Option<(f64, f64)> {
        let (x, y) = (self.first.get(unit).copied()??, self.second.get(unit).copied()??);
        Some((x - self.origin.0, y - self.origin.1))
    }

    /// Moves the window to the units `from..until`; neither ever goes back.
    fn advance(&mut self, from: i64, until: i64) {
        let clamp = |unit: i64| usize::try_from(unit).unwrap_or(0).min(self.first.len());
        let (from, until) = (clamp(from), clamp(until));
        for unit in self.inside.end..until {
            let Some((x, y)) = self.pair(unit) else { continue };
            if self.sums.n > 0 {
                self.sums.changes_x += usize::from(x != self.sums.last.0);
                self.sums.changes_y += usize::from(y != self.sums.last.1);
            }
            self.count((x, y), 1.0);
            self.sums.n += 1;
            self.sums.last = (x, y);
        }
        self.inside.end = until;
        while self.inside.start < from {
            let leaving = self.pair(self.inside.start);
            self.inside.start += 1;
            let Some((x, y)) = leaving else { continue };
            if let Some((next_x, next_y)) = self.inside.clone().find_map(|unit| self.pair(unit)) {
                self.sums.changes_x -= usize::from(x != next_x);
                self.sums.changes_y -= usize::from(y != next_y);
            }
            self.count((x, y), -1.0);
            self.sums.n -= 1;
        }
        if self.sums.n == 0 {
            self.sums = Sums::default();
        }
    }

    fn count(&mut self, (x, y): (f64, f64), sign: f64) {
        self.sums.x += sign * x;
        self.sums.y += sign * y;
        self.sums.xx += sign * x * x;
        self.sums.yy += sign * y * y;
        self.sums.xy += sign * x * y;
    }

    fn correlation(&self, min_pairs: usize) -> Option<f64> {
        let Sums { n, x, y, xx, yy, xy, changes_x, changes_y, .. } = self.sums;
        if n < min_pairs || changes_x == 0 || changes_y == 0 {
            return None;
        }
        let n = n as f64;
        correlation(n * xx - x * x, n * yy - y * y, n * xy - x * y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synchrony::lagged::pearson;

    #[test]
    fn every_point_is_the_correlation_of_its_window() {
        let series = |by: i64| -> Vec<Option<f64>> {
            let value = |unit: i64| (unit * by % 11 != 3).then(|| (unit * unit * by % 7) as f64 / 10.0);
            (0..200).map(value).collect()
        };
        let (first, second) = (series(3), series(5));
        let window = Span::new(Instant::ZERO, Instant::ZERO + Length::SECOND.times(200)).unwrap();
        let points = strip(&first, &second, window, Length::SECOND, Length::SECOND.times(20));
        assert_eq!(points.len(), 201);
        for (time, point) in points.iter().enumerate() {
            let units = time.saturating_sub(10)..(time + 10).min(200);
            let pairs: Vec<_> = units.filter_map(|unit| first[unit].zip(second[unit])).collect();
            let want = pearson(&pairs).filter(|_| pairs.len() >= 10);
            assert_eq!(point.r.is_some(), want.is_some(), "{time}");
            assert!((point.r.unwrap_or(0.0) - want.unwrap_or(0.0)).abs() < 1e-12, "{time}");
        }
    }

    #[test]
    fn six_pairs_are_enough() {
        let series: Vec<Option<f64>> = (0..9).map(|unit| Some(f64::from(unit))).collect();
        let window = Span::new(Instant::ZERO, Instant::ZERO + Length::SECOND.times(9)).unwrap();
        let points = strip(&series, &series, window, Length::SECOND, Length::SECOND.times(6));
        let is_there: Vec<bool> = points.iter().map(|point| point.r.is_some()).collect();
        // windows of six seconds: whole ones from 3 to 6, five seconds beside them
        assert_eq!(is_there, [false, false, false, true, true, true, true, false, false, false]);
    }

    #[test]
    fn a_constant_side_has_no_correlation_even_among_fractions() {
        let first: Vec<Option<f64>> = (0..60).map(|unit| Some(if unit < 20 { 0.3 } else { 0.1 })).collect();
        let second: Vec<Option<f64>> = (0..60).map(|unit| Some(f64::from(unit) / 3.0)).collect();
        let window = Span::new(Instant::ZERO, Instant::ZERO + Length::SECOND.times(60)).unwrap();
        let points = strip(&first, &second, window, Length::SECOND, Length::SECOND.times(10));
        assert!(points[..=15].iter().all(|point| point.r.is_none()));
        assert!(points[16..25].iter().all(|point| point.r.is_some()));
        assert!(points[25..].iter().all(|point| point.r.is_none()));
    }
}
