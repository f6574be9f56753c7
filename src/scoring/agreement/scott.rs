//! Scott's pi.

use super::coefficient::Coefficient;
use super::table::{Confusion, NOTHING_COMPARED, ONE_CODE};

/// Scott's pi: chance is what two coders with the same habits would agree by chance.
///
/// *Definition*: `(Po − Pe) / (1 − Pe)` with `Pe = Σ π²`, `π` the mean of both coders' margins as shares.
///
/// *Units and range*: −1 to 1. Never above Cohen's kappa. Krippendorff's nominal alpha of the same `N` units is
/// `1 − (2N − 1)/(2N) · (1 − π)`.
///
/// *Undefined cases*: absent where nothing was compared, or both coders used one and the same code only.
///
/// *Reference*: Scott, W. A. (1955). Reliability of content analysis: the case of nominal scale coding. Public Opinion Quarterly, 19,
/// 321–325, doi 10.1086/266577.
///
/// ```
/// use scoring::agreement::{scott::scott_pi, table::Confusion};
///
/// let table = Confusion::from_rows(vec![vec![9.0, 1.0], vec![2.0, 8.0]]).unwrap();
/// let pi = scott_pi(&table).value.unwrap(); // by hand: (.85 − .50125) / .49875
/// assert!((pi - 0.699_248_1).abs() < 1e-7);
/// ```
#[must_use]
pub fn scott_pi(table: &Confusion) -> Coefficient {
    let (Some(prevalences), Some(po)) = (table.prevalences(), table.po()) else {
        return Coefficient::absent(NOTHING_COMPARED);
    };
    let of_chance = prevalences.iter().map(|share| share * (1.0 - share)).sum();
    Coefficient::of_disagreement(1.0 - po, of_chance, ONE_CODE)
}
