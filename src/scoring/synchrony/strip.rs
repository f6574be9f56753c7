//! Correlation in a window that moves along, for the strip under the timelines.

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
    let pairs = Pairs::new(first, second);
    let (step_2, width_us) = (2 * step.micros(), width.micros());
    let min_pairs = usize::try_from(div_ceil(width_us, step_2)).unwrap_or(0).max(6);
    let n_times = window.length().micros() / step.micros();
    let point = |time: i64| {
        let from = div_ceil(time * step_2 - width_us, step_2); // the first unit that starts at or after t − width/2
        let until = div_ceil(time * step_2 + width_us, step_2);
        StripPoint { time: window.start() + step.times(time), r: pairs.correlation(from, until, min_pairs) }
    };
    (0..=n_times).map(point).collect()
}

fn div_ceil(value: i64, by: i64) -> i64 {
    value.div_euclid(by) + i64::from(value.rem_euclid(by) > 0)
}

/// Running sums over the units in which neither value is missing.
///
/// Values are taken relative to the first pair, so that whole numbers stay exact and others lose little.
struct Pairs {
    first_of_unit: Vec<usize>, // unit -> how many pairs lie before it
    sums: Vec<Sums>,           // sums[k]: of the first k pairs
}

#[derive(Clone, Copy, Default)]
struct Sums {
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
    changes_x: usize, // pairs whose x differs from the pair before: none inside a window means constant, exactly
    changes_y: usize,
}

impl Pairs {
    fn new(first: &[Option<f64>], second: &[Option<f64>]) -> Self {
        let mut first_of_unit = vec![0];
        let mut sums = vec![Sums::default()];
        let mut origin = None;
        let mut previous = (0.0, 0.0);
        for (x, y) in first.iter().zip(second) {
            if let (Some(x), Some(y)) = (*x, *y) {
                let (x0, y0) = *origin.get_or_insert((x, y));
                let (dx, dy) = (x - x0, y - y0);
                let last = sums[sums.len() - 1];
                sums.push(Sums {
                    x: last.x + dx,
                    y: last.y + dy,
                    xx: last.xx + dx * dx,
                    yy: last.yy + dy * dy,
                    xy: last.xy + dx * dy,
                    changes_x: last.changes_x + usize::from(dx != previous.0),
                    changes_y: last.changes_y + usize::from(dy != previous.1),
                });
                previous = (dx, dy);
            }
            first_of_unit.push(sums.len() - 1);
        }
        Self { first_of_unit, sums }
    }

    /// Over the units `from..until`, cut at the ends.
    fn correlation(&self, from: i64, until: i64, min_pairs: usize) -> Option<f64> {
        let n_units = self.first_of_unit.len() as i64 - 1;
        let first = self.first_of_unit[from.clamp(0, n_units) as usize];
        let last = self.first_of_unit[until.clamp(0, n_units) as usize];
        let n_pairs = last.checked_sub(first).filter(|n| *n >= min_pairs)?;
        let (before, start, end) = (self.sums[first], self.sums[first + 1], self.sums[last]);
        if start.changes_x == end.changes_x || start.changes_y == end.changes_y {
            return None;
        }
        let n = n_pairs as f64;
        let (x, y) = (end.x - before.x, end.y - before.y);
        let (xx, yy, xy) =
            (end.xx - before.xx - x * x / n, end.yy - before.yy - y * y / n, end.xy - before.xy - x * y / n);
        correlation(xx, yy, xy)
    }
}
