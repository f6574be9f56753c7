//! Boker's search for the peak of a window, along a smoothed curve.

use crate::least_squares::Design;
use crate::synchrony::windowed::{Peak, TIE, WindowedCorrelation};

/// The share of the columns that each point of the curve is fitted to.
const SPAN: f64 = 0.25;
/// A curve of the second degree needs three columns with some weight; of these, the outermost has none.
const MIN_NEAR: usize = 4;

impl WindowedCorrelation {
    /// The peak of every row, as Boker's program wcc picks it.
    ///
    /// *Definition*: the row is smoothed by local regression of the second degree (tricube weights over the nearest quarter of the columns) and
    /// drawn out to half columns by a cubic spline. From lag 0 the search widens to both sides by half columns and ends once `search` steps in
    /// a row brought nothing larger; the largest value so far is the peak, of equals the one at the positive lag. It is none where it
    /// lies within `search` steps of the border.
    ///
    /// *Units and range*: lags in units, with halves; r is the curve's value, kept inside −1 to 1.
    ///
    /// *Undefined cases*: `None` for a row in which a correlation is absent, and throughout with fewer than 16 columns, without a column at
    /// lag 0 in the middle, or where `search` is more than half of the columns.
    ///
    /// *Limitations*: R's `loess` computes its curve at a few points and interpolates between them; this one is computed at every column.
    ///
    /// *Reference*: as [`WindowedCorrelation`]; the R package wcc, function `wccPeakPick`.
    ///
    /// ```
    /// use scoring::synchrony::windowed::{WindowRules, WindowedCorrelation};
    ///
    /// let wave = |t: i32| Some((f64::from(t) * 0.35).sin());
    /// let first: Vec<_> = (0..120).map(wave).collect();
    /// let second: Vec<_> = (0..120).map(|t| wave(t - 3)).collect(); // the same, three units later
    /// let rules = WindowRules { window: 18, max_lag: 12, window_inc: 30, lag_inc: 1, min_pairs: 6 };
    /// let windowed = WindowedCorrelation::new(&first, &second, rules);
    /// assert_eq!(windowed.smoothed_peaks(8)[0].expect("no gap").lag, 3.0);
    /// assert!(windowed.is_searchable(8) && !windowed.is_searchable(13)); // of 25 columns
    /// ```
    #[must_use]
    pub fn smoothed_peaks(&self, search: usize) -> Vec<Option<Peak>> {
        if !self.is_searchable(search) {
            return vec![None; self.n_rows()];
        }
        let smoother = smoother(self.lags().len());
        let half_lag = (self.lags()[1] - self.lags()[0]) as f64 / 2.0;
        let peak = |row: usize| {
            let row: Vec<f64> = self.row(row).collect::<Option<_>>()?;
            let smooth = |weights: &Vec<f64>| weights.iter().zip(&row).map(|(weight, r)| weight * r).sum();
            let curve = with_halves(&smoother.iter().map(smooth).collect::<Vec<f64>>());
            let (steps, r) = search_from_centre(&curve, search)?;
            Some(Peak { lag: steps as f64 * half_lag, r: r.clamp(-1.0, 1.0) })
        };
        (0..self.n_rows()).map(peak).collect()
    }

    /// Are there enough lags for [`smoothed_peaks`](Self::smoothed_peaks), with lag 0 in the middle?
    #[must_use]
    pub fn is_searchable(&self, search: usize) -> bool {
        let n_columns = self.lags().len();
        let is_centred = n_columns % 2 == 1 && self.lags()[n_columns / 2] == 0;
        is_centred && n_columns / 2 >= lags_needed(search)
    }
}

/// How many lags to either side of 0 a search needs that ends after so many steps.
pub(crate) fn lags_needed(search: usize) -> usize {
    search.max((MIN_NEAR as f64 / SPAN / 2.0) as usize)
}

/// How many columns each point of the curve is fitted to.
fn n_near(n_columns: usize) -> usize {
    (n_columns as f64 * SPAN) as usize
}

/// For each column the weights of all columns in its smoothed value.
fn smoother(n_columns: usize) -> Vec<Vec<f64>> {
    let weights_at = |place: usize| {
        let distance = |column: usize| column.abs_diff(place) as f64;
        let mut distances: Vec<f64> = (0..n_columns).map(distance).collect();
        distances.sort_by(f64::total_cmp);
        let reach = distances[n_near(n_columns) - 1];
        let tricube = |column: usize| {
            let share = (distance(column) / reach).min(1.0);
            let rest = 1.0 - share * share * share;
            rest * rest * rest
        };
        // the fit is linear in the outcomes: that of an outcome of 1 at one column and 0 elsewhere is the column's weight
        let weight_of = |outcome: usize| {
            let mut design = Design::new(3);
            for column in (0..n_columns).filter(|column| tricube(*column) > 0.0) {
                let (weight, x) = (libm::sqrt(tricube(column)), column as f64 - place as f64);
                let is_outcome = f64::from(u8::from(column == outcome));
                design.push([1.0, x, x * x, is_outcome].map(|value| value * weight));
            }
            design.fit().expect("three columns at least have a weight").coefs[0]
        };
        (0..n_columns).map(|column| if tricube(column) > 0.0 { weight_of(column) } else { 0.0 }).collect()
    };
    (0..n_columns).map(weights_at).collect()
}

/// The values with those of the cubic spline half way between; at each end it has the third derivative of the cubic through four values.
fn with_halves(values: &[f64]) -> Vec<f64> {
    let n = values.len();
    let slope = |i: usize| values[i + 1] - values[i];
    // a sixth of the curvature at each value, by elimination in a matrix of three diagonals
    let mut bends: Vec<f64> =
        (0..n).map(|i| if i == 0 || i == n - 1 { 0.0 } else { slope(i) - slope(i - 1) }).collect();
    bends[0] = (bends[2] - bends[1]) / 6.0;
    bends[n - 1] = (bends[n - 3] - bends[n - 2]) / 6.0;
    let mut diagonal = vec![4.0; n];
    (diagonal[0], diagonal[n - 1]) = (-1.0, -1.0);
    for i in 1..n {
        let factor = 1.0 / diagonal[i - 1];
        diagonal[i] -= factor;
        bends[i] -= factor * bends[i - 1];
    }
    bends[n - 1] /= diagonal[n - 1];
    for i in (0..n - 1).rev() {
        bends[i] = (bends[i] - bends[i + 1]) / diagonal[i];
    }
    let half = |i: usize| f64::midpoint(values[i], values[i + 1]) - 0.375 * (bends[i] + bends[i + 1]);
    (0..n).flat_map(|i| [Some(values[i]), (i + 1 < n).then(|| half(i))]).flatten().collect()
}

/// How many steps from the middle the peak lies, and its value.
fn search_from_centre(curve: &[f64], search: usize) -> Option<(i64, f64)> {
    let centre = curve.len() / 2;
    let mut largest = curve[centre - 1..=centre + 1].iter().copied().fold(f64::MIN, f64::max);
    let (mut width, mut n_idle) = (1, 0);
    while width < centre && n_idle < search {
        width += 1;
        let here = curve[centre - width].max(curve[centre + width]);
        (largest, n_idle) = if here > largest + TIE { (here, 0) } else { (largest, n_idle + 1) };
    }
    let place = (centre - width..=centre + width).rev().find(|place| curve[*place] >= largest - TIE)?;
    (place.abs_diff(centre) + search <= centre).then(|| (place as i64 - centre as i64, largest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_of_the_second_degree_is_smoothed_and_drawn_out_to_itself() {
        for n in [16, 17, 41] {
            let parabola = |x: f64| 0.9 - 0.003 * (x - 9.4) * (x - 9.4);
            let values: Vec<f64> = (0..n).map(|x| parabola(f64::from(x))).collect();
            for (place, weights) in smoother(values.len()).iter().enumerate() {
                let smooth: f64 = weights.iter().zip(&values).map(|(weight, value)| weight * value).sum();
                assert!((smooth - values[place]).abs() < 1e-12);
            }
            for (place, value) in with_halves(&values).iter().enumerate() {
                assert!((value - parabola(place as f64 / 2.0)).abs() < 1e-12, "{place} of {n}");
            }
        }
    }

    #[test]
    fn a_cubic_is_drawn_out_to_itself() {
        let cubic = |x: f64| x * x * x - 4.0 * x * x + x;
        let values: Vec<f64> = (0..9).map(|x| cubic(f64::from(x))).collect();
        for (place, value) in with_halves(&values).iter().enumerate() {
            assert!((value - cubic(place as f64 / 2.0)).abs() < 1e-10, "{place}");
        }
    }

    #[test]
    fn five_nearest_columns_weigh_three_and_pass_through_them() {
        // distances 0 1 1 2 2: the outermost have no weight, and a parabola passes through three values
        let weights = smoother(20);
        let at_ten: Vec<f64> = weights[10].iter().map(|weight| (weight * 1e9).round() / 1e9).collect();
        assert_eq!(at_ten.iter().position(|weight| *weight == 1.0), Some(10));
        assert_eq!(at_ten.iter().map(|weight| weight.abs()).sum::<f64>(), 1.0);
    }

    #[test]
    fn the_search_ends_after_so_many_steps_without_gain() {
        let curve = |peaks: &[(usize, f64)]| {
            let mut curve = vec![0.0; 41];
            for (place, value) in peaks {
                curve[*place] = *value;
            }
            curve
        };
        let find = |peaks: &[(usize, f64)]| search_from_centre(&curve(peaks), 4);
        assert_eq!(find(&[(23, 0.5)]), Some((3, 0.5)));
        assert_eq!(find(&[(22, 0.5), (27, 0.9)]), Some((2, 0.5)), "the search has ended at 26");
        assert_eq!(find(&[(22, 0.5), (26, 0.9)]), Some((6, 0.9)));
        assert_eq!(find(&[(18, 0.5), (22, 0.5)]), Some((2, 0.5)), "of equals the positive lag");
        let rising: Vec<f64> = (0..41).map(f64::from).collect();
        assert_eq!(search_from_centre(&rising, 4), None, "too near the border");
    }
}
