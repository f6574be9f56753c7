//! A coefficient of agreement that is corrected for chance.

use crate::Why;

/// `(Po − Pe) / (1 − Pe)` with its parts: coefficients differ in what they hold chance to be.
///
/// *Units and range*: numbers without a unit; `value` is at most 1, `po` and `pe` from 0 to 1.
///
/// *Undefined cases*: all are absent where nothing was compared; `value` alone where chance would always agree. `why` is there just when
/// `value` is not.
///
/// # Example
/// The same twenty units by three ideas of chance.
/// ```
/// use scoring::agreement::{gwet::ac1, scott::scott_pi, table::Confusion, uniform::brennan_prediger};
///
/// let table = Confusion::from_rows(vec![vec![9.0, 1.0], vec![2.0, 8.0]]).expect("a square of counts");
/// let check = |number: Option<f64>, by_hand: f64| assert!((number.expect("defined") - by_hand).abs() < 1e-12);
/// let (po, share) = (17.0 / 20.0, 21.0 / 40.0); // of the first code, among all forty given
/// let other = 1.0 - share;
/// for (coefficient, pe) in [
///     (scott_pi(&table), share * share + other * other),
///     (ac1(&table), 2.0 * share * other),
///     (brennan_prediger(&table), 0.5),
/// ] {
///     check(coefficient.po, po);
///     check(coefficient.pe, pe);
///     check(coefficient.value, (po - pe) / (1.0 - pe));
/// }
/// let nothing = scott_pi(&Confusion::new(2));
/// assert_eq!((nothing.value, nothing.why.as_deref()), (None, Some("nothing that both coders coded")));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Coefficient {
    /// The coefficient; 1 is perfect agreement, 0 is chance.
    pub value: Option<f64>,
    /// The proportion of agreement, with weights where the coefficient has them.
    pub po: Option<f64>,
    /// The proportion expected by chance.
    pub pe: Option<f64>,
    /// Why there is no value.
    pub why: Option<Why>,
}

impl Coefficient {
    /// No value, no parts, and why.
    pub(crate) fn absent(why: Why) -> Self {
        Self { value: None, po: None, pe: None, why: Some(why) }
    }

    /// From the proportions of *dis*agreement, `1 − Po` and `1 − Pe`, so that perfect agreement is exactly 1; without chance of
    /// disagreement there is no value.
    pub(crate) fn of_disagreement(observed: f64, of_chance: f64, why_absent: Why) -> Self {
        let is_defined = of_chance > 0.0;
        Self {
            value: is_defined.then(|| 1.0 - observed / of_chance),
            po: Some(1.0 - observed),
            pe: Some(1.0 - of_chance),
            why: (!is_defined).then_some(why_absent),
        }
    }
}
