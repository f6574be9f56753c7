//! The sums under windowed correlation, carried from one window to the next.
//!
//! Every row costs two products per lag and unit of advance, in loops over lags that lie side by side in memory. Sums are begun anew
//! now and then, so that rounding does not add up, and a cell whose window varies little beside its level is computed on its own.

use crate::synchrony::lagged::pearson;
use crate::synchrony::windowed::WindowRules;

/// So many units may be added to a sum before it is begun anew.
const ANEW: usize = 1_024;
/// Rows that gaps touch are computed on their own if that takes no more than so many units for each row there is.
const ALONE: usize = 4;
/// A variance smaller than this beside the mean square has lost too many digits to running sums.
const SHAKY: f64 = 1e-4;

/// Row by row, NaN where absent. There are `n_rows`, and every window fits.
pub(super) fn correlations(
    first: &[Option<f64>],
    second: &[Option<f64>],
    rules: WindowRules,
    lags: &[i64],
    n_rows: usize,
) -> Vec<f64> {
    let exact = Exact { first, second, rules, lags };
    let mut cells = vec![f64::NAN; n_rows * lags.len()];
    if rules.window >= rules.min_pairs.max(2) {
        let gaps = Gaps::new(first, second);
        let n_touched = (0..n_rows).filter(|row| gaps.touch(&exact, *row)).count();
        if n_touched * rules.window <= ALONE * n_rows {
            complete(&exact, &gaps, &mut cells);
        } else {
            with_gaps(&exact, &mut cells);
        }
    }
    cells
}

/// Where a value is missing.
struct Gaps {
    before: Vec<usize>, // how many units with one before this one
}

impl Gaps {
    fn new(first: &[Option<f64>], second: &[Option<f64>]) -> Self {
        let missing = first.iter().zip(second).map(|(x, y)| usize::from(x.is_none() || y.is_none()));
        let sums = missing.scan(0, |sum, is_missing| {
            *sum += is_missing;
            Some(*sum)
        });
        Self { before: std::iter::once(0).chain(sums).collect() }
    }

    /// Is there one among the units that a row looks at?
    fn touch(&self, exact: &Exact, row: usize) -> bool {
        let start = exact.start(row);
        self.before[start + exact.rules.window] > self.before[start - exact.rules.max_lag]
    }
}

/// The values about their mean, about which sums keep more digits; 0 where one is missing.
fn centred(series: &[Option<f64>]) -> Vec<f64> {
    let there = series.iter().flatten();
    let mean = there.clone().sum::<f64>() / there.count().max(1) as f64;
    series.iter().map(|value| value.map_or(0.0, |value| value - mean)).collect()
}

/// A cell from its pairs alone.
struct Exact<'a> {
    first: &'a [Option<f64>],
    second: &'a [Option<f64>],
    rules: WindowRules,
    lags: &'a [i64],
}

impl Exact<'_> {
    fn cell(&self, start: usize, lag: i64) -> f64 {
        let (back_first, back_second) = (lag.max(0) as usize, (-lag).max(0) as usize);
        let first = &self.first[start - back_first..][..self.rules.window];
        let second = &self.second[start - back_second..][..self.rules.window];
        let pairs: Vec<(f64, f64)> = first.iter().zip(second).filter_map(|(x, y)| Some(((*x)?, (*y)?))).collect();
        if pairs.len() < self.rules.min_pairs { f64::NAN } else { pearson(&pairs).unwrap_or(f64::NAN) }
    }

    /// The first unit of a row's window.
    fn start(&self, row: usize) -> usize {
        self.rules.max_lag + row * self.rules.window_inc
    }

    /// How many lags are negative.
    fn n_negative(&self) -> usize {
        self.lags.partition_point(|lag| *lag < 0)
    }
}

/// A series laid out so that going back in time is going forward in memory, for one direction of the lags.
///
/// `earlier` is the series of the earlier window, backwards; `later` the other one.
struct Direction {
    earlier: Vec<f64>,
    later: Vec<f64>,
    first_lag: usize,
    lag_inc: usize,
}

impl Direction {
    /// The values of the earlier series that go with unit `t` of the later one, by ascending lag.
    fn back_from(&self, t: usize) -> &[f64] {
        &self.earlier[self.earlier.len() - 1 - t + self.first_lag..]
    }

    /// Adds `weight` times the earlier values to the sums.
    fn add(&self, sums: &mut [f64], t: usize, weight: f64) {
        let values = self.back_from(t);
        if self.lag_inc == 1 {
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += weight * value;
            }
        } else {
            for (sum, value) in sums.iter_mut().zip(values.iter().step_by(self.lag_inc)) {
                *sum += weight * value;
            }
        }
    }

    /// The correlations of the row whose window starts at `start`, from its sums of products.
    fn put(&self, cells: &mut [f64], sums: &[f64], start: usize, later: &Windows, earlier: &Windows) {
        let from = (earlier.sums.len() - 1 - start + self.first_lag).min(earlier.sums.len());
        let (later_sum, later_inverse) = (later.sums[start] / later.length, later.inverse[start]);
        let r = |sum: f64, earlier_sum: f64, earlier_inverse: f64| {
            ((sum - earlier_sum * later_sum) * (earlier_inverse * later_inverse)).clamp(-1.0, 1.0)
        };
        let (earlier_sums, earlier_inverses) = (&earlier.sums[from..], &earlier.inverse[from..]);
        if self.lag_inc == 1 {
            let values = sums.iter().zip(earlier_sums).zip(earlier_inverses);
            for (cell, ((sum, earlier_sum), inverse)) in cells.iter_mut().zip(values) {
                *cell = r(*sum, *earlier_sum, *inverse);
            }
        } else {
            let earlier = earlier_sums.iter().zip(earlier_inverses).step_by(self.lag_inc);
            for (cell, (sum, (earlier_sum, inverse))) in cells.iter_mut().zip(sums.iter().zip(earlier)) {
                *cell = r(*sum, *earlier_sum, *inverse);
            }
        }
    }

    /// Lets unit `new` in and unit `old` out.
    fn exchange(&self, sums: &mut [f64], new: usize, old: usize) {
        let (weight_new, weight_old) = (self.later[new], self.later[old]);
        if self.lag_inc == 1 {
            let values = self.back_from(new).iter().zip(self.back_from(old));
            for (sum, (entering, leaving)) in sums.iter_mut().zip(values) {
                *sum += weight_new * entering - weight_old * leaving;
            }
        } else {
            self.add(sums, new, weight_new);
            self.add(sums, old, -weight_old);
        }
    }
}

/// The windows of one series: sum and 1/√(sum of squares about the mean), by the first unit.
struct Windows {
    length: f64,
    sums: Vec<f64>,
    inverse: Vec<f64>, // NaN for a constant window
    shaky: Vec<usize>, // how many windows before this one are shaky
}

impl Windows {
    fn new(values: &[f64], window: usize) -> Self {
        let n_windows = values.len() - window + 1;
        let mut windows = Self {
            length: window as f64,
            sums: Vec::with_capacity(n_windows),
            inverse: Vec::with_capacity(n_windows),
            shaky: Vec::with_capacity(n_windows + 1),
        };
        windows.shaky.push(0);
        let (mut sum, mut squares) = (0.0, 0.0);
        let mut equal = 0; // how many values in a row are equal, up to the end of the window
        let mut ended = 0;
        for start in 0..n_windows {
            let inside = &values[start..start + window];
            if start % ANEW == 0 {
                sum = inside.iter().sum();
                squares = inside.iter().map(|value| value * value).sum();
            } else {
                let (old, new) = (values[start - 1], values[start + window - 1]);
                sum += new - old;
                squares += new * new - old * old;
            }
            while ended < start + window {
                equal = if ended > 0 && values[ended] == values[ended - 1] { equal + 1 } else { 1 };
                ended += 1;
            }
            let about_mean = squares - sum * sum / window as f64;
            let is_constant = equal >= window;
            let is_shaky = !is_constant && (about_mean < SHAKY * squares || !about_mean.is_finite());
            windows.sums.push(sum);
            windows.inverse.push(if is_constant || is_shaky { f64::NAN } else { 1.0 / libm::sqrt(about_mean) });
            windows.shaky.push(windows.shaky[start] + usize::from(is_shaky));
        }
        windows
    }

    /// For windows that go back in time: without what says which are shaky.
    fn backwards(&self) -> Self {
        let back = |values: &[f64]| values.iter().rev().copied().collect();
        Self { length: self.length, sums: back(&self.sums), inverse: back(&self.inverse), shaky: Vec::new() }
    }

    fn is_shaky(&self, start: usize) -> bool {
        self.shaky[start + 1] > self.shaky[start]
    }

    /// Is a window shaky that starts in `from..=until`?
    fn any_shaky(&self, from: usize, until: usize) -> bool {
        self.shaky[until + 1] > self.shaky[from]
    }
}

/// Little is missing: one running sum per lag, but for the rows that gaps touch.
fn complete(exact: &Exact, gaps: &Gaps, cells: &mut [f64]) {
    let rules = exact.rules;
    let (x, y) = (centred(exact.first), centred(exact.second));
    let (of_x, of_y) = (Windows::new(&x, rules.window), Windows::new(&y, rules.window));
    let n_negative = exact.n_negative();
    let directions = directions(&x, &y, exact);
    let windows = [(&of_x, of_y.backwards()), (&of_y, of_x.backwards())]; // later and earlier, as the directions
    let mut sums = vec![0.0; exact.lags.len()];
    for (row, cells) in cells.chunks_exact_mut(exact.lags.len()).enumerate() {
        let start = exact.start(row);
        advance(&directions, &mut sums, n_negative, exact, row);
        if gaps.touch(exact, row) {
            for (cell, lag) in cells.iter_mut().zip(exact.lags) {
                *cell = exact.cell(start, *lag);
            }
            continue;
        }
        let (negative, others) = cells.split_at_mut(n_negative);
        let ((negative_sums, other_sums), [to_negative, to_others]) = (sums.split_at(n_negative), &directions);
        let kernel = |direction: &Direction, sums: &[f64], idx: usize, cells: &mut [f64]| {
            direction.put(cells, sums, start, windows[idx].0, &windows[idx].1);
        };
        kernel(to_negative, negative_sums, 0, negative);
        negative.reverse(); // their sums ascend with the size of the lag
        kernel(to_others, other_sums, 1, others);
        let from = start - rules.max_lag;
        if of_x.any_shaky(from, start) || of_y.any_shaky(from, start) {
            for (cell, lag) in cells.iter_mut().zip(exact.lags) {
                let (back_x, back_y) = (lag.max(&0).unsigned_abs() as usize, lag.min(&0).unsigned_abs() as usize);
                if of_x.is_shaky(start - back_x) || of_y.is_shaky(start - back_y) {
                    *cell = exact.cell(start, *lag);
                }
            }
        }
    }
}

/// Negative lags (the second series earlier), then the others; each by ascending size of the lag.
fn directions(x: &[f64], y: &[f64], exact: &Exact) -> [Direction; 2] {
    let n_negative = exact.n_negative();
    let back = |series: &[f64]| series.iter().rev().copied().collect::<Vec<f64>>();
    let size = |column: Option<usize>| {
        column.and_then(|column| exact.lags.get(column)).map_or(0, |lag| lag.unsigned_abs() as usize)
    };
    let lag_inc = exact.rules.lag_inc;
    [
        Direction { earlier: back(y), later: x.to_vec(), first_lag: size(n_negative.checked_sub(1)), lag_inc },
        Direction { earlier: back(x), later: y.to_vec(), first_lag: size(Some(n_negative)), lag_inc },
    ]
}

/// Brings the sums of products to the window of `row`.
fn advance(directions: &[Direction; 2], sums: &mut [f64], n_negative: usize, exact: &Exact, row: usize) {
    let WindowRules { window, window_inc, .. } = exact.rules;
    let start = exact.start(row);
    let rows_per_round = (ANEW / window_inc).max(1);
    let (negative, others) = sums.split_at_mut(n_negative);
    for (direction, sums) in directions.iter().zip([negative, others]) {
        if row.is_multiple_of(rows_per_round) || 2 * window_inc >= window {
            sums.fill(0.0);
            for t in start..start + window {
                direction.add(sums, t, direction.later[t]);
            }
        } else {
            for t in start..start + window_inc {
                direction.exchange(sums, t + window - window_inc, t - window_inc);
            }
        }
    }
}

/// Much is missing: the number of pairs, the sums, squares and products, each with its own running sums.
fn with_gaps(exact: &Exact, cells: &mut [f64]) {
    let parts = |series: &[Option<f64>]| -> [Vec<f64>; 3] {
        let values = centred(series);
        let mask = series.iter().map(|value| f64::from(u8::from(value.is_some()))).collect();
        let squares = values.iter().map(|value| value * value).collect();
        [mask, values, squares]
    };
    let ([mask_x, value_x, square_x], [mask_y, value_y, square_y]) = (parts(exact.first), parts(exact.second));
    let combinations = [
        (&mask_x, &mask_y),
        (&value_x, &mask_y),
        (&mask_x, &value_y),
        (&square_x, &mask_y),
        (&mask_x, &square_y),
        (&value_x, &value_y),
    ];
    let n_lags = exact.lags.len();
    let n_negative = exact.n_negative();
    let running = combinations.map(|(x, y)| directions(x, y, exact));
    let mut sums: [Vec<f64>; 6] = std::array::from_fn(|_| vec![0.0; n_lags]);
    for (row, cells) in cells.chunks_exact_mut(n_lags).enumerate() {
        let start = exact.start(row);
        for (directions, sums) in running.iter().zip(&mut sums) {
            advance(directions, sums, n_negative, exact, row);
        }
        for (column, (cell, lag)) in cells.iter_mut().zip(exact.lags).enumerate() {
            let place = if column < n_negative { n_negative - 1 - column } else { column };
            let [n, x, y, xx, yy, xy] = std::array::from_fn(|idx| sums[idx][place]);
            if n + 0.5 < exact.rules.min_pairs.max(2) as f64 {
                continue;
            }
            let (about_x, about_y) = (xx - x * x / n, yy - y * y / n);
            *cell = if about_x > SHAKY * xx && about_y > SHAKY * yy {
                ((xy - x * y / n) / (libm::sqrt(about_x) * libm::sqrt(about_y))).clamp(-1.0, 1.0)
            } else {
                exact.cell(start, *lag)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synchrony::windowed::WindowedCorrelation;

    #[track_caller]
    fn check(first: &[Option<f64>], second: &[Option<f64>], rules: WindowRules) {
        let windowed = WindowedCorrelation::new(first, second, rules);
        let exact = Exact { first, second, rules, lags: windowed.lags() };
        for row in 0..windowed.n_rows() {
            for (got, lag) in windowed.row(row).zip(windowed.lags()) {
                let want = Some(exact.cell(exact.start(row), *lag)).filter(|r| !r.is_nan());
                assert_eq!(got.is_some(), want.is_some(), "{rules:?} row {row} lag {lag}");
                assert!((got.unwrap_or(0.0) - want.unwrap_or(0.0)).abs() < 1e-10, "{rules:?} row {row} lag {lag}");
            }
        }
    }

    #[test]
    fn running_sums_give_what_each_window_gives_alone() {
        let series = |by: i64, gap: i64| -> Vec<Option<f64>> {
            let value = |t: i64| (t * t * by % 11 + t % 5) as f64 / 10.0 + if t / 300 == 1 { 0.0 } else { 1e3 };
            (0..1_500_i64).map(|t| (t * by % gap != 3).then(|| if t / 100 % 5 == 2 { 0.3 } else { value(t) })).collect()
        };
        for gap in [1, 17, 701] {
            let (first, second) = (series(3, gap), series(7, gap));
            for (window, max_lag, window_inc, lag_inc) in [
                (20, 6, 1, 1),
                (50, 7, 1, 2),
                (30, 10, 7, 1),
                (12, 5, 30, 5),
                (8, 0, 1, 1),
                (9, 4, 2, 9),
                (300, 3, 1, 1),
            ] {
                check(&first, &second, WindowRules { window, max_lag, window_inc, lag_inc, min_pairs: 6 });
            }
        }
    }
}
