//! A coefficient of agreement that is corrected for chance.

use crate::Why;

/// `(Po − Pe) / (1 − Pe)` with its parts: coefficients differ in what they hold chance to be.
///
/// *Units and range*: numbers without a unit; `value` is at most 1, `po` and `pe` from 0 to 1.
///
/// *Undefined cases*: all are absent where nothing was compared; `value` alone where chance would always agree. `why` is there just when
/// `value` is not.
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
