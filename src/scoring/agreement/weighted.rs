//! Weighted kappa: for codes in an order, near misses count in part.

use super::coefficient::Coefficient;
use super::table::{Confusion, NOTHING_COMPARED, ONE_CODE, Shares};

/// How much two codes agree, by how far apart they are in the order of the codes.
///
/// ```
/// use scoring::agreement::weighted::Weighting;
///
/// // the first and the third of five codes
/// assert_eq!(Weighting::Identity.agreement(5, 0, 2), 0.0);
/// assert_eq!(Weighting::Linear.agreement(5, 0, 2), 0.5);
/// assert_eq!(Weighting::Quadratic.agreement(5, 0, 2), 0.75);
/// assert_eq!(Weighting::Quadratic.disagreement(5, 0, 2), 0.25);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighting {
    /// The same code 1, every other 0: codes without an order.
    Identity,
    /// `1 − |a − b| / (K − 1)`.
    Linear,
    /// `1 − (a − b)² / (K − 1)²`.
    Quadratic,
}

impl Weighting {
    /// The weight of the codes `a` and `b` among `n_codes`, 0 to 1.
    #[must_use]
    pub fn agreement(self, n_codes: usize, a: usize, b: usize) -> f64 {
        1.0 - self.disagreement(n_codes, a, b)
    }

    /// `1 − agreement`.
    #[must_use]
    pub fn disagreement(self, n_codes: usize, a: usize, b: usize) -> f64 {
        if a == b {
            return 0.0;
        }
        let apart = a.abs_diff(b) as f64 / (n_codes as f64 - 1.0);
        match self {
            Self::Identity => 1.0,
            Self::Linear => apart,
            Self::Quadratic => apart * apart,
        }
    }
}

/// Weighted kappa.
///
/// *Definition*: `κ_w = (Σ w o − Σ w e) / (1 − Σ w e)` over the shares `o` of the table and those expected from its margins, `e = r c`.
/// With [`Weighting::Identity`] it is [`kappa`](super::kappa::kappa).
///
/// *Units and range*: at most 1; 0 is chance. *Shape*: the codes are in their order; those that nobody used
/// count in the distances.
///
/// *Undefined cases*: absent where nothing was compared, or both coders used one and the same code only.
///
/// *Reference*: Cohen, J. (1968). Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial credit.
/// Psychological Bulletin, 70, 213–220, doi 10.1037/h0026256. Linear weights are the default of R's `vcd::Kappa`, quadratic ones of
/// `psych::cohen.kappa`.
///
/// ```
/// use scoring::agreement::{table::Confusion, weighted::{Weighting, weighted_kappa}};
///
/// // 30 seconds, coded twice: negative < object < monitor < positive
/// let rows = [[4, 0, 0, 1], [1, 6, 0, 1], [0, 0, 7, 0], [0, 0, 3, 7]];
/// let table = Confusion::from_rows(rows.map(|row| row.map(f64::from).to_vec()).to_vec()).unwrap();
/// let linear = weighted_kappa(&table, Weighting::Linear).value.unwrap();
/// let quadratic = weighted_kappa(&table, Weighting::Quadratic).value.unwrap();
/// assert!((linear - 0.748_603_4).abs() < 1e-7);
/// assert!((quadratic - 0.754_571_7).abs() < 1e-7);
/// ```
#[must_use]
pub fn weighted_kappa(table: &Confusion, weighting: Weighting) -> Coefficient {
    let Some(shares) = Shares::of(table) else { return Coefficient::absent(NOTHING_COMPARED) };
    let [observed, of_chance] = disagreements(&shares, weighting);
    Coefficient::of_disagreement(observed, of_chance, ONE_CODE)
}

/// `1 − Po` and `1 − Pe`.
pub(super) fn disagreements(shares: &Shares, weighting: Weighting) -> [f64; 2] {
    let n_codes = shares.rows.len();
    let (mut observed, mut of_chance) = (0.0, 0.0);
    for (a, b, share, by_chance) in shares.iter() {
        let weight = weighting.disagreement(n_codes, a, b);
        observed += weight * share;
        of_chance += weight * by_chance;
    }
    [observed, of_chance]
}
