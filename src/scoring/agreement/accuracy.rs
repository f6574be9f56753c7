//! How accurate observers would have to be for a kappa like this one.

use super::kappa::kappa;
use super::table::{Confusion, NOTHING_COMPARED};
use crate::Why;

/// The kappa that two equally accurate observers can expect.
///
/// *Definition*: both see the true code with probability `a` and every other with `(1 − a)/(K − 1)`, independently: with `c` that matrix and
/// `p` the true prevalences, `P = cᵀ diag(p) c`, `q = pᵀ c`, and `κ = (Σ P_ii − Σ q²) / (1 − Σ q²)`.
///
/// *Units and range*: `accuracy` is 0 to 1. *Shape*: one prevalence for each code declared, also where it is 0; they are divided by their sum.
///
/// *Undefined cases*: absent with fewer than two codes, where no more than one of them occurs, or for an accuracy that is none.
///
/// *Reference*: Bakeman, R., McArthur, D., Quera, V., & Robinson, B. F. (1997). Detecting sequential patterns and determining their
/// reliability with fallible observers. Psychological Methods, 2, 357–370, doi 10.1037/1082-989X.2.4.357. Bakeman, R. (2022). KappaAcc: a
/// program for assessing the adequacy of kappa. Behavior Research Methods, 55, 633–638, doi 10.3758/s13428-022-01836-1.
///
/// ```
/// use scoring::agreement::accuracy::kappa_at_accuracy;
///
/// let kappa = kappa_at_accuracy(0.85, &[0.02, 0.08, 0.30, 0.60]).unwrap();
/// assert!((kappa - 0.563).abs() < 5e-4);
/// ```
pub fn kappa_at_accuracy(accuracy: f64, prevalences: &[f64]) -> Result<f64, Why> {
    if !(0.0..=1.0).contains(&accuracy) {
        return Err(Why::Borrowed("an accuracy is from 0 to 1"));
    }
    Ok(Observers::new(prevalences)?.kappa(accuracy))
}

/// The accuracy of two observers whose expected kappa is this one.
///
/// *Definition*: the `a` between `1/K` and 1 with [`kappa_at_accuracy`]`(a) = kappa`, by bisection; the expected kappa rises only there.
///
/// *Units and range*: `1/K` to 1. *Shape*: as [`kappa_at_accuracy`]. No kappa is good or bad of itself: .60 with five codes that are
/// equally common is what observers have who are right in 82 of 100 cases.
///
/// *Undefined cases*: absent for a kappa of 0 or less, and as [`kappa_at_accuracy`].
///
/// *Reference*: as [`kappa_at_accuracy`].
///
/// ```
/// use scoring::agreement::accuracy::estimated_accuracy;
///
/// let accuracy = estimated_accuracy(0.60, &[0.2; 5]).unwrap();
/// assert!((accuracy - 0.820).abs() < 5e-4);
/// assert_eq!(estimated_accuracy(-0.1, &[0.2; 5]).unwrap_err(), "kappa is not above chance");
/// ```
pub fn estimated_accuracy(kappa: f64, prevalences: &[f64]) -> Result<f64, Why> {
    let observers = Observers::new(prevalences)?;
    if kappa.is_nan() || kappa <= 0.0 {
        return Err(Why::Borrowed("kappa is not above chance"));
    }
    if kappa >= 1.0 {
        return Ok(1.0);
    }
    let (mut low, mut high) = (1.0 / prevalences.len() as f64, 1.0);
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return Ok(middle);
        }
        if observers.kappa(middle) < kappa {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The accuracy that kappa of this table suggests, the true prevalences being the mean of both coders' margins.
///
/// *Undefined cases*: absent where kappa is, and as [`estimated_accuracy`].
///
/// ```
/// use scoring::agreement::{accuracy::table_accuracy, table::Confusion};
///
/// let rows = [[4, 0, 0, 1], [1, 6, 0, 1], [0, 0, 7, 0], [0, 0, 3, 7]]; // kappa .7301
/// let table = Confusion::from_rows(rows.map(|row| row.map(f64::from).to_vec()).to_vec()).unwrap();
/// assert!((table_accuracy(&table).unwrap() - 0.892).abs() < 5e-4);
/// ```
pub fn table_accuracy(table: &Confusion) -> Result<f64, Why> {
    let kappa = kappa(table);
    match (kappa.value, table.prevalences()) {
        (Some(value), Some(prevalences)) => estimated_accuracy(value, &prevalences),
        _ => Err(kappa.why.unwrap_or(NOTHING_COMPARED)),
    }
}

/// Two observers of codes with these shares.
struct Observers {
    shares: Vec<f64>,
}

impl Observers {
    fn new(prevalences: &[f64]) -> Result<Self, Why> {
        let sum: f64 = prevalences.iter().sum();
        if !prevalences.iter().all(|share| *share >= 0.0) || !sum.is_finite() {
            return Err(Why::Borrowed("prevalences are finite and not negative"));
        }
        if prevalences.iter().filter(|share| **share / sum > 0.0).count() < 2 {
            return Err(Why::Borrowed("fewer than two codes occur"));
        }
        Ok(Self { shares: prevalences.iter().map(|share| share / sum).collect() })
    }

    fn kappa(&self, accuracy: f64) -> f64 {
        let n_others = self.shares.len() as f64 - 1.0;
        let error = (1.0 - accuracy) / n_others;
        let po = accuracy * accuracy + n_others * error * error; // Σ P_ii, whatever the prevalences
        let seen = self.shares.iter().map(|share| share * accuracy + (1.0 - share) * error);
        let of_chance: f64 = seen.map(|share| share * (1.0 - share)).sum();
        1.0 - (1.0 - po) / of_chance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SCIENCE.md 4.6: the printed table.
    #[test]
    fn expected_kappas_are_those_of_the_table() {
        let uneven = vec![0.02, 0.08, 0.30, 0.60];
        for (prevalences, want) in [
            (vec![1.0; 2], [0.360, 0.490, 0.640, 0.810]),
            (vec![1.0; 3], [0.490, 0.601, 0.723, 0.856]),
            (vec![1.0; 5], [0.563, 0.660, 0.766, 0.879]),
            (vec![1.0; 8], [0.595, 0.687, 0.784, 0.889]),
            (uneven, [0.457, 0.563, 0.686, 0.830]),
        ] {
            for (accuracy, want) in [0.80, 0.85, 0.90, 0.95].into_iter().zip(want) {
                let kappa = kappa_at_accuracy(accuracy, &prevalences).unwrap();
                assert!((kappa - want).abs() <= 5.1e-4, "{prevalences:?} {accuracy}: {kappa} is not {want}");
                let back = estimated_accuracy(kappa, &prevalences).unwrap();
                assert!((back - accuracy).abs() < 1e-12, "{prevalences:?}: {back} is not {accuracy}");
            }
        }
    }

    #[test]
    fn what_no_observer_can_have_is_absent() {
        let why = |kappa, prevalences: &[f64]| estimated_accuracy(kappa, prevalences).unwrap_err();
        assert_eq!(why(0.0, &[0.5, 0.5]), "kappa is not above chance");
        assert_eq!(why(f64::NAN, &[0.5, 0.5]), "kappa is not above chance");
        assert_eq!(why(0.5, &[1.0, 0.0]), "fewer than two codes occur");
        assert_eq!(why(0.5, &[]), "fewer than two codes occur");
        assert_eq!(why(0.5, &[0.5, f64::NAN]), "prevalences are finite and not negative");
        assert_eq!(kappa_at_accuracy(1.5, &[0.5, 0.5]).unwrap_err(), "an accuracy is from 0 to 1");
        assert_eq!(estimated_accuracy(1.0, &[0.5, 0.5]), Ok(1.0));
    }
}
