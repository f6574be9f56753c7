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

/// The units in which neither value is missing, and the sums over those inside a window that only moves forward.
///
/// Values are taken relative to the first pair, so that whole numbers stay exact and others lose little.
struct Sliding {
    pairs: Vec<Pair>,
    inside: Range<usize>, // of `pairs`
    sums: Sums,
}

#[derive(Clone, Copy)]
struct Pair {
    unit: i64,
    x: f64,
    y: f64,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
    changes_x: usize, // neighbours inside whose x differs: none means constant, exactly
    changes_y: usize,
}

impl Sliding {
    fn new(first: &[Option<f64>], second: &[Option<f64>]) -> Self {
        let mut origin = None;
        let pair = |(unit, (x, y)): (i64, (&Option<f64>, &Option<f64>))| {
            let (x, y) = ((*x)?, (*y)?);
            let (x0, y0) = *origin.get_or_insert((x, y));
            Some(Pair { unit, x: x - x0, y: y - y0 })
        };
        let pairs = (0..).zip(first.iter().zip(second)).filter_map(pair).collect();
        Self { pairs, inside: 0..0, sums: Sums::default() }
    }

    /// Moves the window to the units `from..until`; neither ever goes back.
    fn advance(&mut self, from: i64, until: i64) {
        while self.pairs.get(self.inside.end).is_some_and(|pair| pair.unit < until) {
            self.count(self.inside.end, 1.0);
            self.inside.end += 1;
            if self.inside.len() > 1 {
                let (x, y) = self.differ(self.inside.end - 1);
                self.sums.changes_x += usize::from(x);
                self.sums.changes_y += usize::from(y);
            }
        }
        while self.inside.start < self.inside.end && self.pairs[self.inside.start].unit < from {
            if self.inside.len() > 1 {
                let (x, y) = self.differ(self.inside.start + 1);
                self.sums.changes_x -= usize::from(x);
                self.sums.changes_y -= usize::from(y);
            }
            self.count(self.inside.start, -1.0);
            self.inside.start += 1;
        }
        if self.inside.is_empty() {
            self.sums = Sums::default();
        }
    }

    fn count(&mut self, idx: usize, sign: f64) {
        let Pair { x, y, .. } = self.pairs[idx];
        self.sums.x += sign * x;
        self.sums.y += sign * y;
        self.sums.xx += sign * x * x;
        self.sums.yy += sign * y * y;
        self.sums.xy += sign * x * y;
    }

    /// Does this pair differ from the one before, in x and in y?
    fn differ(&self, idx: usize) -> (bool, bool) {
        let (before, after) = (self.pairs[idx - 1], self.pairs[idx]);
        (before.x != after.x, before.y != after.y)
    }

    fn correlation(&self, min_pairs: usize) -> Option<f64> {
        let Sums { x, y, xx, yy, xy, changes_x, changes_y } = self.sums;
        if self.inside.len() < min_pairs || changes_x == 0 || changes_y == 0 {
            return None;
        }
        let n = self.inside.len() as f64;
        correlation(xx - x * x / n, yy - y * y / n, xy - x * y / n)
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
