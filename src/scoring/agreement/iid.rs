//! Standard errors of kappa and AC1 for *independent* units only: setting `se.iid`.
//!
//! Seconds of a recording resemble their neighbours, so that a standard error from their number is far too small. These are for units
//! that have nothing to do with each other: one code a session, one photograph a child. Nothing here is computed unless asked for.
//!
//! *Reference*: Fleiss, J. L., Cohen, J., & Everitt, B. S. (1969). Large sample standard errors of kappa and weighted kappa. Psychological
//! Bulletin, 72, 323–327, doi 10.1037/h0028106. Gwet, K. L. (2008), doi 10.1348/000711006X126600.

use super::gwet::ac1;
use super::table::{Confusion, NOTHING_COMPARED, Shares};
use super::weighted::{Weighting, disagreements, weighted_kappa};
use crate::Why;
use crate::repair::survival::Z_95;

/// Standard errors of kappa from independent units.
///
/// *Units and range*: in those of kappa, which has none; the errors are not negative. The limits are not cut at −1 and 1.
///
/// *Undefined cases*: all are there or none, but for `z0`, which a standard error of 0 leaves absent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KappaErrors {
    /// The standard error.
    pub std_err: f64,
    /// The standard error if there were no agreement but by chance.
    pub std_err_h0: f64,
    /// The lower 95 % limit, `κ − z · std_err`; may be below −1.
    pub low: f64,
    /// The upper 95 % limit; may be above 1.
    pub high: f64,
    /// `κ / std_err_h0`; absent where that is 0.
    pub z0: Option<f64>,
}

/// By what the sum of squares of AC1 is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ac1Divisor {
    /// `n (n − 1)`, as Gwet (2014) for raw data.
    NMinusOne,
    /// `n²`, as the table form of R's `irrCAC`.
    N,
}

/// The standard errors of [`weighted_kappa`], of plain kappa with [`Weighting::Identity`]; the table counts independent units.
///
/// *Definition*: with `W_kl = (w·c)_k + (r·w)_l`, `V = [Σ p (w − W (1 − κ))² − (κ − Pe (1 − κ))²] / (N (1 − Pe)²)`, and without agreement
/// `V₀ = [Σ r c (w − W)² − Pe²] / (N (1 − Pe)²)`; both are sums of squares about a mean and are taken as such.
///
/// *Undefined cases*: absent where kappa is, or the table holds less than one unit.
///
/// ```
/// use scoring::agreement::{iid::kappa_errors, table::Confusion, weighted::Weighting};
///
/// let table = Confusion::from_rows(vec![vec![9.0, 1.0], vec![2.0, 8.0]]).unwrap();
/// let errors = kappa_errors(&table, Weighting::Identity).unwrap();
/// assert!((errors.std_err - 0.158_886_752).abs() < 1e-9); // statsmodels 0.15.0
/// assert!((errors.std_err_h0 - 0.222_485_955).abs() < 1e-9);
/// ```
pub fn kappa_errors(table: &Confusion, weighting: Weighting) -> Result<KappaErrors, Why> {
    let kappa = weighted_kappa(table, weighting);
    let (Some(value), Some(pe)) = (kappa.value, kappa.pe) else { return Err(kappa.why.unwrap_or(NOTHING_COMPARED)) };
    let (shares, n) = counted(table, 1.0)?;
    let [_, of_chance] = disagreements(&shares, weighting); // 1 − Pe, also where Pe is all but 1
    let n_codes = table.n_codes();
    let weight = |a: usize, b: usize| weighting.agreement(n_codes, a, b);
    let mean = |shares: &[f64], code: usize| shares.iter().enumerate().map(|(other, p)| p * weight(code, other)).sum();
    let of_a: Vec<f64> = (0..n_codes).map(|code| mean(&shares.columns, code)).collect();
    let of_b: Vec<f64> = (0..n_codes).map(|code| mean(&shares.rows, code)).collect();
    let (mut variance, mut variance_h0) = (0.0, 0.0);
    for (a, b, share, by_chance) in shares.iter() {
        let expected = of_a[a] + of_b[b];
        let off = weight(a, b) - expected * (1.0 - value) - (value - pe * (1.0 - value));
        let off_h0 = weight(a, b) - expected + pe;
        variance += share * off * off;
        variance_h0 += by_chance * off_h0 * off_h0;
    }
    let std_err = |variance: f64| variance.sqrt() / (n.sqrt() * of_chance);
    let (std_err, std_err_h0) =
        (std_err(variance), if is_certain(&shares, weighting) { 0.0 } else { std_err(variance_h0) });
    let z0 = (std_err_h0 > 0.0).then(|| value / std_err_h0).filter(|z0| z0.is_finite());
    if !std_err.is_finite() || !std_err_h0.is_finite() {
        return Err(Why::Borrowed("too large for a number"));
    }
    Ok(KappaErrors { std_err, std_err_h0, low: value - Z_95 * std_err, high: value + Z_95 * std_err, z0 })
}

/// The standard error of [`ac1`]; the table counts independent units.
///
/// *Definition*: per unit `γ* = (agrees − Pe)/(1 − Pe) − 2 (1 − AC1)(e − Pe)/(1 − Pe)` with `e` the mean of `(1 − π)/(K − 1)` over its
/// two codes; `√(Σ (γ* − AC1)² / (n (n − 1)))`, or with `n²`.
///
/// *Undefined cases*: absent where AC1 is, or with fewer than three units.
///
/// ```
/// use scoring::agreement::{iid::{Ac1Divisor, ac1_std_err}, table::Confusion};
///
/// let table = Confusion::from_rows(vec![vec![9.0, 1.0], vec![2.0, 8.0]]).unwrap();
/// let std_err = ac1_std_err(&table, Ac1Divisor::NMinusOne).unwrap();
/// assert!((std_err - 0.163_692_263).abs() < 1e-9); // irrCAC 0.4.4
/// ```
pub fn ac1_std_err(table: &Confusion, divisor: Ac1Divisor) -> Result<f64, Why> {
    let ac1 = ac1(table);
    let (Some(value), Some(pe)) = (ac1.value, ac1.pe) else { return Err(ac1.why.unwrap_or(NOTHING_COMPARED)) };
    let (shares, n) = counted(table, 3.0)?;
    let rarity =
        |code: usize| (1.0 - f64::midpoint(shares.rows[code], shares.columns[code])) / (table.n_codes() as f64 - 1.0);
    let square = |(a, b, share, _): (usize, usize, f64, f64)| {
        let agrees = if a == b { 1.0 } else { 0.0 };
        let by_chance = f64::midpoint(rarity(a), rarity(b));
        let of_unit = ((agrees - pe) - 2.0 * (1.0 - value) * (by_chance - pe)) / (1.0 - pe);
        share * (of_unit - value) * (of_unit - value)
    };
    let mean_square: f64 = shares.iter().map(square).sum();
    let divisor = match divisor {
        Ac1Divisor::NMinusOne => n - 1.0,
        Ac1Divisor::N => n,
    };
    Ok((mean_square / divisor).sqrt())
}

/// The shares of a table of at least so many units, and how many those are.
fn counted(table: &Confusion, at_least: f64) -> Result<(Shares, f64), Why> {
    let n = table.total();
    let shares = Shares::of(table).filter(|_| n >= at_least);
    Ok((shares.ok_or_else(|| Why::Owned(format!("needs at least {at_least} units")))?, n))
}

/// Would every table with these margins that shows chance alone have the same kappa? So it is where the weights of all codes that both
/// use are sums of a part for A's code and a part for B's, as where a coder used one code only. Decided on whole distances, which are
/// exact.
fn is_certain(shares: &Shares, weighting: Weighting) -> bool {
    let used = |shares: &[f64]| shares.iter().enumerate().filter(|(_, p)| **p > 0.0).map(|(code, _)| code).collect();
    let (of_a, of_b): (Vec<usize>, Vec<usize>) = (used(&shares.rows), used(&shares.columns));
    let distance = |a: usize, b: usize| match weighting {
        Weighting::Identity => i64::from(a != b),
        Weighting::Linear => a.abs_diff(b) as i64,
        Weighting::Quadratic => (a.abs_diff(b) * a.abs_diff(b)) as i64,
    };
    let (Some(&a0), Some(&b0)) = (of_a.first(), of_b.first()) else { return true };
    let is_sum = |a: usize, b: usize| distance(a, b) + distance(a0, b0) == distance(a, b0) + distance(a0, b);
    of_a.iter().all(|&a| of_b.iter().all(|&b| is_sum(a, b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: [[u32; 4]; 4], weighting: Weighting, is_zero: bool) {
        let rows = rows.map(|row| row.map(f64::from).to_vec()).to_vec();
        let errors = kappa_errors(&Confusion::from_rows(rows).unwrap(), weighting).unwrap();
        assert_eq!((errors.std_err_h0 == 0.0, errors.z0.is_none()), (is_zero, is_zero), "{weighting:?} {errors:?}");
    }

    #[test]
    fn there_is_no_z_where_chance_can_give_one_kappa_only() {
        let one_row = [[0; 4], [3, 1, 7, 6], [0; 4], [0; 4]];
        let apart = [[0, 0, 1, 2], [0, 0, 3, 1], [0; 4], [0; 4]];
        for weighting in [Weighting::Identity, Weighting::Linear, Weighting::Quadratic] {
            check(one_row, weighting, true);
        }
        check(apart, Weighting::Identity, true);
        check(apart, Weighting::Linear, true); // all of B's codes lie above all of A's
        check(apart, Weighting::Quadratic, false);
    }

    #[test]
    fn less_than_one_unit_has_no_errors() {
        let table = Confusion::from_rows(vec![vec![0.2, 0.1], vec![0.1, 0.2]]).unwrap();
        assert_eq!(kappa_errors(&table, Weighting::Identity).unwrap_err(), "needs at least 1 units");
        assert_eq!(ac1_std_err(&table, Ac1Divisor::N).unwrap_err(), "needs at least 3 units");
    }
}
