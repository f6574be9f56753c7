//! Brennan and Prediger's kappa and PABAK: by chance, every code is as likely as every other.

use super::coefficient::Coefficient;
use super::table::{Confusion, NOTHING_COMPARED};
use crate::Why;

/// Brennan and Prediger's kappa.
///
/// *Definition*: `(Po − 1/K) / (1 − 1/K)`, `K` the number of codes declared, used or not.
///
/// *Units and range*: `−1/(K − 1)` to 1. *Undefined cases*: absent where nothing was compared, or one code only is declared.
///
/// *Reference*: Brennan, R. L., & Prediger, D. J. (1981). Coefficient kappa: some uses, misuses, and alternatives. Educational and
/// Psychological Measurement, 41, 687–699, doi 10.1177/001316448104100307.
///
/// ```
/// use scoring::agreement::{table::Confusion, uniform::brennan_prediger};
///
/// let table = Confusion::from_rows(vec![vec![9.0, 1.0], vec![2.0, 8.0]]).unwrap();
/// assert!((brennan_prediger(&table).value.unwrap() - 0.7).abs() < 1e-12); // (.85 − .5) / .5
/// ```
#[must_use]
pub fn brennan_prediger(table: &Confusion) -> Coefficient {
    let Some(po) = table.po() else { return Coefficient::absent(NOTHING_COMPARED) };
    Coefficient::of_disagreement(
        1.0 - po,
        1.0 - 1.0 / table.n_codes() as f64,
        Why::Borrowed("one code only is declared"),
    )
}

/// The kappa that the same agreement would have with even prevalence and no bias: `2 Po − 1`, for any number of codes.
///
/// *Units and range*: −1 to 1. For two codes it is [`brennan_prediger`].
///
/// *Undefined cases*: absent where nothing was compared.
///
/// *Reference*: Byrt, T., Bishop, J., & Carlin, J. B. (1993). Bias, prevalence and kappa. Journal of Clinical Epidemiology, 46, 423–429,
/// doi 10.1016/0895-4356(93)90018-V.
///
/// ```
/// use scoring::agreement::{table::Confusion, uniform::pabak};
///
/// let table = Confusion::from_rows(vec![vec![9.0, 1.0], vec![2.0, 8.0]]).unwrap();
/// assert!((pabak(&table).unwrap() - 0.7).abs() < 1e-12);
/// assert_eq!(pabak(&Confusion::new(2)).unwrap_err(), "nothing that both coders coded");
/// ```
pub fn pabak(table: &Confusion) -> Result<f64, Why> {
    table.po().map(|po| 2.0 * po - 1.0).ok_or(NOTHING_COMPARED)
}
