//! Cohen's kappa.

use super::table::{Confusion, NOTHING_COMPARED, ONE_CODE, Shares};
use super::weighted::{Weighting, disagreements};
use crate::Why;

/// Cohen's kappa with its parts.
///
/// *Units and range*: all are numbers without a unit; `po` and `pe` from 0 to 1, `value` from −1 to 1, `max` up to 1. `n` is in the unit of the
/// table.
///
/// *Undefined cases*: without anything compared all but `n` are absent; where both coders used one and the same code only, `value` and `max`.
/// `why` is there just when `value` is not.
#[derive(Clone, Debug, PartialEq)]
pub struct Kappa {
    /// `(Po − Pe) / (1 − Pe)`, −1 to 1.
    pub value: Option<f64>,
    /// The proportion of agreement.
    pub po: Option<f64>,
    /// The proportion expected by chance.
    pub pe: Option<f64>,
    /// The largest value that the coders' margins allow.
    pub max: Option<f64>,
    /// How much was compared, in the table's unit.
    pub n: f64,
    /// Why there is no value.
    pub why: Option<Why>,
}

/// Cohen's kappa: how far two coders agree beyond what their use of the codes would give by chance.
///
/// *Definition*: `κ = (Po − Pe) / (1 − Pe)` with `Po` the share of the diagonal and `Pe = Σ r c / N²` from the margins;
/// `κ_max = (Σ min(r, c) / N − Pe) / (1 − Pe)`.
///
/// *Units and range*: −1 to 1; 0 is chance. Symmetric in the coders, and the same whatever unit the table is in.
///
/// *Undefined cases*: absent where nothing was compared, or both coders used one and the same code only (`Pe` = 1; some programs print 1,
/// others NaN).
///
/// *Limitations*: units of time are not independent of their neighbours, so that a standard error from their number means nothing; see the
/// bootstrap by blocks. What is a good kappa depends on the codes: see [`table_accuracy`](super::accuracy::table_accuracy).
///
/// *Reference*: Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement, 20, 37–46,
/// doi 10.1177/001316446002000104; `κ_max` on its page 42.
///
/// ```
/// use scoring::agreement::{kappa::kappa, table::Confusion};
///
/// // 30 seconds, coded twice: negative, object, monitor, positive
/// let codes = |text: &str| text.chars().map(|letter| "NOMP".find(letter)).collect::<Vec<_>>();
/// let a = codes("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO");
/// let b = codes("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO");
/// let kappa = kappa(&Confusion::from_labels(4, &a, &b));
/// assert_eq!((kappa.po, kappa.n), (Some(0.8), 30.0));
/// assert!((kappa.value.unwrap() - 0.730_134_9).abs() < 1e-7);
/// assert!((kappa.max.unwrap() - 0.865_067_5).abs() < 1e-7);
/// ```
#[must_use]
pub fn kappa(table: &Confusion) -> Kappa {
    let absent = Kappa { value: None, po: None, pe: None, max: None, n: table.total(), why: Some(NOTHING_COMPARED) };
    let Some(shares) = Shares::of(table) else { return absent };
    let kappa = Kappa { po: table.po(), pe: table.pe(), why: None, ..absent };
    // as 1 − disagreement / disagreement by chance, which is exact where there is none
    let [disagreement, of_chance] = disagreements(&shares, Weighting::Identity);
    if of_chance == 0.0 {
        return Kappa { why: Some(ONE_CODE), ..kappa };
    }
    // of the margins themselves: their differences are exact in units and ticks
    let excess = |(row, column): (&f64, &f64)| (row - column).max(0.0);
    let unavoidable: f64 = table.row_margins().iter().zip(&table.column_margins()).map(excess).sum::<f64>() / kappa.n;
    Kappa { value: Some(1.0 - disagreement / of_chance), max: Some(1.0 - unavoidable / of_chance), ..kappa }
}

impl Kappa {
    /// `κ / κ_max`: kappa as a share of what the margins allow; absent without kappa, or where they allow no more than chance.
    ///
    /// ```
    /// use scoring::agreement::{kappa::kappa, table::Confusion};
    ///
    /// // half of each code is agreed on, by chance and at most: Pe = 1/2, and the margins allow all
    /// let table = Confusion::from_rows(vec![vec![3.0, 1.0], vec![1.0, 3.0]]).expect("a square of counts");
    /// assert_eq!(kappa(&table).share_of_max(), Some(0.5));
    /// ```
    #[must_use]
    pub fn share_of_max(&self) -> Option<f64> {
        let max = self.max.filter(|max| *max > 0.0)?;
        Some(self.value? / max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kappa_of_one_code_and_of_nothing_is_absent_with_its_reason() {
        let mut table = Confusion::new(3);
        assert_eq!(kappa(&table).why, Some(NOTHING_COMPARED));
        table.add(1, 1, 3_600_000_000.0);
        let one_code = kappa(&table);
        assert_eq!((one_code.value, one_code.max, one_code.po, one_code.pe), (None, None, Some(1.0), Some(1.0)));
        assert_eq!(one_code.why, Some(ONE_CODE));
        table.add(1, 2, 1.0); // one microsecond in an hour
        let almost = kappa(&table);
        assert_eq!((almost.value, almost.max, almost.share_of_max()), (Some(0.0), Some(0.0), None));
    }

    #[test]
    fn kappa_of_perfect_agreement_is_exactly_one() {
        let table = Confusion::from_rows(vec![vec![0.1, 0.0], vec![0.0, 0.7]]).unwrap();
        let kappa = kappa(&table);
        assert_eq!((kappa.value, kappa.max, kappa.share_of_max()), (Some(1.0), Some(1.0), Some(1.0)));
    }
}
