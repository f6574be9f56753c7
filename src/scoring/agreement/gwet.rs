//! Gwet's AC1 and AC2.

use super::coefficient::Coefficient;
use super::table::{Confusion, NOTHING_COMPARED, Shares};
use super::weighted::Weighting;
use crate::Why;

/// Why a coefficient is absent: there is nothing to choose between.
const NO_CHOICE: Why = Why::Borrowed("fewer than two codes are declared");

/// Gwet's AC1: only units that are hard to code can be agreed on by chance, so that rare codes do not pull it down as they do kappa.
///
/// *Definition*: `(Po − Pe) / (1 − Pe)` with `Pe = Σ π (1 − π) / (K − 1)`, `π` the mean of both coders' margins as shares, `K` the number of
/// codes declared, used or not.
///
/// *Units and range*: −1 to 1. *Undefined cases*: absent where nothing was compared or `K` < 2; two coders who use one and the same code
/// only have 1.
///
/// *Reference*: Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. British
/// Journal of Mathematical and Statistical Psychology, 61, 29–48, doi 10.1348/000711006X126600.
///
/// ```
/// use scoring::agreement::{gwet::ac1, kappa::kappa, table::Confusion};
///
/// // 115 of 120 units agree, almost all on one code
/// let table = Confusion::from_rows(vec![vec![115.0, 2.0], vec![3.0, 0.0]]).unwrap();
/// assert!((ac1(&table).value.unwrap() - 0.956_561_1).abs() < 1e-7);
/// assert!(kappa(&table).value.unwrap() < 0.0);
/// ```
#[must_use]
pub fn ac1(table: &Confusion) -> Coefficient {
    ac2(table, Weighting::Identity)
}

/// Gwet's AC2: AC1 for codes in an order.
///
/// *Definition*: `(Po − Pe) / (1 − Pe)` with `Po = Σ w p` and `Pe = Σ_kl w_kl / (K (K − 1)) · Σ π (1 − π)`. With
/// [`Weighting::Identity`] it is AC1.
///
/// *Units and range*: at most 1. *Undefined cases*: as [`ac1`].
///
/// *Reference*: Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.). Advanced Analytics.
///
/// ```
/// use scoring::agreement::{gwet::ac2, table::Confusion, weighted::Weighting};
///
/// let rows = [[7, 5, 5], [1, 29, 3], [0, 3, 7]];
/// let table = Confusion::from_rows(rows.map(|row| row.map(f64::from).to_vec()).to_vec()).unwrap();
/// let ac2 = ac2(&table, Weighting::Linear).value.unwrap();
/// assert!((ac2 - 0.649_169_4).abs() < 1e-7); // irrCAC 0.4.4
/// ```
#[must_use]
pub fn ac2(table: &Confusion, weighting: Weighting) -> Coefficient {
    let n_codes = table.n_codes();
    let (Some(shares), Some(prevalences)) = (Shares::of(table), table.prevalences()) else {
        return Coefficient::absent(NOTHING_COMPARED);
    };
    if n_codes < 2 {
        return Coefficient::absent(NO_CHOICE);
    }
    let weight = |(a, b): (usize, usize)| weighting.disagreement(n_codes, a, b);
    let observed = shares.iter().map(|(a, b, share, _)| weight((a, b)) * share).sum();
    let cells = (0..n_codes).flat_map(|a| (0..n_codes).map(move |b| (a, b)));
    let agreement = cells.map(|cell| 1.0 - weight(cell)).sum::<f64>();
    let hard: f64 = prevalences.iter().map(|share| share * (1.0 - share)).sum();
    let pe = agreement / (n_codes * (n_codes - 1)) as f64 * hard;
    Coefficient::of_disagreement(observed, 1.0 - pe, NO_CHOICE)
}
