//! A series explained by its own past.

use serde::Serialize;

use crate::least_squares::Design;

/// Criteria this close are equal.
const TIE: f64 = 1e-9;

/// An autoregression `x_t = c + Σ φ_k x_{t−k} + e_t`, fitted by conditional least squares.
///
/// *Definition*: ordinary least squares over the rows whose `p + 1` values are all there; not the Yule–Walker equations.
///
/// *Reference*: Box, G. E. P., & Jenkins, G. M. (1976). Time series analysis: Forecasting and control. Holden-Day.
///
/// ```
/// use scoring::synchrony::autoregression::Autoregression;
///
/// // each value is the one before halved, plus 1, plus a residual of ±0.5
/// let series = [0.0, 1.5, 1.25, 2.125, 1.5625].map(Some);
/// let model = Autoregression::fit(&series, 1).expect("four rows for two coefficients");
/// let residuals = model.residuals(&series);
/// assert_eq!(residuals[0], None, "nothing precedes the first value");
/// assert!(residuals.iter().flatten().sum::<f64>().abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Autoregression {
    /// `c`.
    pub constant: f64,
    /// `φ_1`, `φ_2`, ...: as many as the order.
    pub phi: Vec<f64>,
    /// The sum of squared residuals.
    pub rss: f64,
    /// On how many rows it was fitted.
    pub n_rows: usize,
}

/// One order and how well it does, on the rows common to all orders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrderCandidate {
    /// `p`.
    pub order: usize,
    /// The sum of squared residuals.
    pub rss: f64,
    /// `N ln(RSS/N) + 2 (p + 1)`.
    pub aic: f64,
}

impl Autoregression {
    /// The model of a given order; `None` is missing, and no row reaches over it.
    ///
    /// *Undefined cases*: `None` with fewer than `2 (order + 1)` rows, where the past does not determine the coefficients (a constant
    /// series), and where no residual is left.
    #[must_use]
    pub fn fit(series: &[Option<f64>], order: usize) -> Option<Self> {
        if order >= series.len() {
            return None;
        }
        let design = design(series, order);
        if design.n_rows() < 2 * (order + 1) {
            return None;
        }
        let fit = design.fit().filter(|fit| fit.rss > 0.0)?;
        Some(Self { constant: fit.coefs[0], phi: fit.coefs[1..].to_vec(), rss: fit.rss, n_rows: fit.n_rows })
    }

    /// The model whose order has the smallest criterion.
    ///
    /// *Definition*: [`order_candidates`] are compared; of equals (within 1e−9) the smaller order; then it is fitted again, on all its rows.
    ///
    /// *Undefined cases*: `None` with fewer than `2 (max_order + 1)` rows for the largest order, and where no residual is left.
    #[must_use]
    pub fn select(series: &[Option<f64>], max_order: usize) -> Option<Self> {
        let candidates = order_candidates(series, max_order);
        let smallest = candidates.iter().map(|candidate| candidate.aic).fold(f64::INFINITY, f64::min);
        let chosen = candidates.iter().find(|candidate| candidate.aic <= smallest + TIE)?;
        Self::fit(series, chosen.order)
    }

    /// How many past values it uses.
    #[must_use]
    pub fn order(&self) -> usize {
        self.phi.len()
    }

    /// What the past of a series, its own or another's, leaves unexplained.
    ///
    /// *Shape*: as long as `series`; a residual keeps its place, and is missing where its value or one of the `order` before it is.
    #[must_use]
    pub fn residuals(&self, series: &[Option<f64>]) -> Vec<Option<f64>> {
        let residual = |t: usize| {
            let mut explained = self.constant;
            for (before, phi) in (1..).zip(&self.phi) {
                explained += phi * series[t.checked_sub(before)?]?;
            }
            Some(series[t]? - explained).filter(|residual| residual.is_finite())
        };
        (0..series.len()).map(residual).collect()
    }
}

/// Every order from 0 to `max_order`, all on the rows that the largest can use.
///
/// *Undefined cases*: empty with fewer than `2 (max_order + 1)` rows, and where an order leaves no residual. Orders whose coefficients
/// are not determined are left out.
///
/// # Example
/// The parent of the crate's text; a single past value does best.
/// ```
/// use scoring::synchrony::autoregression::order_candidates;
///
/// let value = |letter| match letter { 'N' => Some(-1.0), 'O' | 'M' => Some(0.0), 'P' => Some(1.0), _ => None };
/// let parent: Vec<Option<f64>> = "MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM".chars().map(value).collect();
/// let candidates = order_candidates(&parent, 5);
/// assert_eq!(candidates.len(), 6);
/// assert!((candidates[0].rss - 6.0).abs() < 1e-12 && (candidates[1].rss - 5.0).abs() < 1e-12);
/// assert!((candidates[0].aic + 33.677_909).abs() < 1e-6 && (candidates[1].aic + 36.235_948).abs() < 1e-6);
/// ```
#[must_use]
pub fn order_candidates(series: &[Option<f64>], max_order: usize) -> Vec<OrderCandidate> {
    if max_order >= series.len() {
        return Vec::new();
    }
    let design = design(series, max_order);
    let n_rows = design.n_rows();
    let outcome = design.column(max_order + 1);
    if n_rows < 2 * (max_order + 1) || outcome.iter().all(|value| *value == outcome[0]) {
        return Vec::new();
    }
    let (triangle, n) = (design.triangle(), n_rows as f64); // its leading columns are the smaller orders
    let candidate = |order: usize| {
        let rss = triangle.rss(order + 1)?;
        let aic = n * libm::log(rss / n) + 2.0 * (order as f64 + 1.0);
        Some(OrderCandidate { order, rss, aic })
    };
    let candidates: Vec<OrderCandidate> = (0..=max_order).filter_map(candidate).collect();
    if candidates.iter().any(|candidate| candidate.rss == 0.0) { Vec::new() } else { candidates }
}

/// Columns of the constant, the values 1 to `order` before, and the value, on the rows where all of them are there.
fn design(series: &[Option<f64>], order: usize) -> Design {
    let mut run = 0; // how many values in a row are there, this one included
    let mut rows = Vec::with_capacity(series.len());
    for (t, value) in series.iter().enumerate() {
        run = if value.is_some() { run + 1 } else { 0 };
        if run > order {
            rows.push(t);
        }
    }
    let column = |before: usize| rows.iter().map(|t| series[t - before].expect("rows are complete")).collect();
    let mut columns = vec![vec![1.0; rows.len()]];
    columns.extend((1..=order).chain([0]).map(column));
    Design::from_columns(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_criterion_better_by_less_than_one_half_still_decides() {
        // numpy 2.4.6, lstsq: -12.359111 and -12.538354
        let series = [0, -1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0].map(|value| Some(f64::from(value)));
        let [none, one] = order_candidates(&series, 1)[..] else { panic!("two orders") };
        assert!((none.aic + 12.359_111).abs() < 1e-6 && (one.aic + 12.538_354).abs() < 1e-6);
        assert_eq!(Autoregression::select(&series, 1).unwrap().order(), 1);
    }
}
