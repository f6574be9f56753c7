//! A regression over groups whose constants vary at random.

use serde::{Deserialize, Serialize};

use crate::contingency::weighted::NoRegression;
use crate::least_squares::{Design, Fit};

/// Ratios of variances that are looked at first: from 10⁻⁸ to 10⁸, and none at all.
const DECADES: std::ops::RangeInclusive<i32> = -8..=8;
const STEPS_PER_DECADE: i32 = 4;
/// The search between two of them ends here, in ln λ.
const END: f64 = 1e-9;

/// What is maximised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimation {
    /// The restricted likelihood: variances without bias from the coefficients.
    Reml,
    /// The likelihood: for comparing models with different predictors.
    Ml,
}

/// One observation.
#[derive(Clone, Debug, PartialEq)]
pub struct MixedRow {
    /// The group, such as the dyad.
    pub group: usize,
    /// What is predicted.
    pub outcome: f64,
    /// What predicts it, without the constant; as many in every row.
    pub predictors: Vec<f64>,
}

/// A fixed coefficient of a mixed model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FixedEffect {
    /// The coefficient.
    pub b: f64,
    /// Its standard error.
    pub std_err: f64,
}

/// A linear model with a random constant for each group: `y = Xβ + u_group + e`.
///
/// *Definition*: the variances that maximise the likelihood, profiled over `λ = σ²_group / σ²`, λ = 0 allowed:
/// `ℓ = −½ [ν ln(2πσ²) + Σ ln(1 + n_k λ) + ν (+ ln |X'WX| for REML)]` with `ν` the rows, less the coefficients for REML, `σ²` the weighted
/// residual sum over `ν`, and `W` the inverse of a group's covariance in units of σ².
///
/// *Undefined cases*: see [`NoRegression`]; a single group is refused too.
///
/// *Reference*: Pinheiro, J. C., & Bates, D. M. (2000). Mixed-effects models in S and S-PLUS, chapter 2. Springer, doi 10.1007/b98882. As
/// `lme4::lmer` in R.
///
/// ```
/// use scoring::contingency::mixed::{Estimation, MixedRow, random_intercept};
///
/// // balanced groups without predictors: variances follow from the mean squares between (9) and within (0.5)
/// let values = [(0, 1.0), (0, 2.0), (1, 4.0), (1, 5.0)];
/// let rows: Vec<MixedRow> =
///     values.iter().map(|&(group, outcome)| MixedRow { group, outcome, predictors: Vec::new() }).collect();
/// let model = random_intercept(&rows, Estimation::Reml).expect("two groups of two");
/// assert!((model.variance - 0.5).abs() < 1e-6);
/// assert!((model.group_variance - (9.0 - 0.5) / 2.0).abs() < 1e-5);
/// assert!((model.fixed[0].b - 3.0).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MixedModel {
    /// The constant, then one per predictor.
    pub fixed: Vec<FixedEffect>,
    /// The variance of the groups' constants.
    pub group_variance: f64,
    /// The residual variance.
    pub variance: f64,
    /// The maximum of the logarithm of the likelihood.
    pub log_likelihood: f64,
    /// How many rows.
    pub n: usize,
    /// How many groups.
    pub n_groups: usize,
}

/// The model of these rows, in any order.
///
/// # Errors
/// [`NoRegression`] says why there is none.
///
/// # Panics
/// If rows have different numbers of predictors.
pub fn random_intercept(rows: &[MixedRow], estimation: Estimation) -> Result<MixedModel, NoRegression> {
    let mut sorted: Vec<&MixedRow> = rows.iter().collect();
    sorted.sort_by_key(|row| row.group); // stable
    let groups: Vec<Group> = sorted.chunk_by(|a, b| a.group == b.group).map(Group::new).collect();
    let n_coefs = 1 + rows.first().map_or(0, |row| row.predictors.len());
    if rows.len() <= n_coefs + 1 || groups.len() < 2 {
        return Err(NoRegression::TooFewRows);
    }
    if rows.iter().all(|row| row.outcome == rows[0].outcome) {
        return Err(NoRegression::ConstantOutcome);
    }
    if (0..n_coefs - 1).any(|idx| rows.iter().all(|row| row.predictors[idx] == rows[0].predictors[idx])) {
        return Err(NoRegression::ConstantPredictor);
    }
    let profile = Profile { groups, n: rows.len(), n_coefs, estimation };
    let lambda = profile.best_ratio().ok_or(NoRegression::Collinear)?;
    let point = profile.at(lambda).ok_or(NoRegression::Collinear)?;
    let fixed = point.fit.coefs.iter().zip(&point.fit.inverse);
    Ok(MixedModel {
        fixed: fixed.map(|(b, inverse)| FixedEffect { b: *b, std_err: libm::sqrt(point.variance * inverse) }).collect(),
        group_variance: lambda * point.variance,
        variance: point.variance,
        log_likelihood: point.log_likelihood,
        n: rows.len(),
        n_groups: profile.groups.len(),
    })
}

/// The rows of one group, the constant first and the outcome last, and their means.
struct Group {
    rows: Vec<Vec<f64>>,
    means: Vec<f64>,
}

impl Group {
    fn new(rows: &[&MixedRow]) -> Self {
        let values =
            |row: &&MixedRow| [1.0].into_iter().chain(row.predictors.iter().copied()).chain([row.outcome]).collect();
        let rows: Vec<Vec<f64>> = rows.iter().map(values).collect();
        let n = rows.len() as f64;
        let means = (0..rows[0].len()).map(|idx| rows.iter().map(|row| row[idx]).sum::<f64>() / n).collect();
        Self { rows, means }
    }
}

/// The likelihood as a function of λ alone.
struct Profile {
    groups: Vec<Group>,
    n: usize,
    n_coefs: usize,
    estimation: Estimation,
}

struct Point {
    fit: Fit,
    variance: f64,
    log_likelihood: f64,
}

impl Profile {
    /// Taking a share of each group's means away turns its rows into independent ones.
    fn at(&self, lambda: f64) -> Option<Point> {
        let mut design = Design::new(self.n_coefs);
        let mut log_scale = 0.0;
        for group in &self.groups {
            let scale = 1.0 + group.rows.len() as f64 * lambda;
            let share = 1.0 - 1.0 / libm::sqrt(scale);
            log_scale += libm::log(scale);
            for row in &group.rows {
                design.push(row.iter().zip(&group.means).map(|(value, mean)| value - share * mean));
            }
        }
        let fit = design.fit()?;
        let (free, log_det) = match self.estimation {
            Estimation::Ml => (self.n, 0.0),
            Estimation::Reml => (self.n - self.n_coefs, fit.log_det),
        };
        let nu = free as f64;
        let variance = fit.rss / nu;
        let log_likelihood = -0.5 * (nu * libm::log(2.0 * std::f64::consts::PI * variance) + log_scale + nu + log_det);
        log_likelihood.is_finite().then_some(Point { fit, variance, log_likelihood })
    }

    /// The best on a grid, then between its neighbours by golden section.
    fn best_ratio(&self) -> Option<f64> {
        let value = |ratio: f64| self.at(ratio).map_or(f64::NEG_INFINITY, |point| point.log_likelihood);
        let step = std::f64::consts::LN_10 / f64::from(STEPS_PER_DECADE);
        let places = DECADES.start() * STEPS_PER_DECADE..=DECADES.end() * STEPS_PER_DECADE;
        let (mut best, mut highest) = (None, f64::NEG_INFINITY);
        for log_ratio in places.map(|place| f64::from(place) * step) {
            let likelihood = value(libm::exp(log_ratio));
            if likelihood > highest {
                (best, highest) = (Some(log_ratio), likelihood);
            }
        }
        let (mut low, mut high) = (best? - step, best? + step);
        let golden = (libm::sqrt(5.0) - 1.0) / 2.0;
        let inner = |low: f64, high: f64| (high - golden * (high - low), low + golden * (high - low));
        let (mut left, mut right) = inner(low, high);
        let (mut at_left, mut at_right) = (value(libm::exp(left)), value(libm::exp(right)));
        while high - low > END {
            if at_left >= at_right {
                (high, right, at_right) = (right, left, at_left);
                left = inner(low, high).0;
                at_left = value(libm::exp(left));
            } else {
                (low, left, at_left) = (left, right, at_right);
                right = inner(low, high).1;
                at_right = value(libm::exp(right));
            }
        }
        let ratio = libm::exp(f64::midpoint(low, high));
        Some(if value(0.0) >= value(ratio) { 0.0 } else { ratio })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(values: &[(usize, f64)]) -> Vec<MixedRow> {
        values.iter().map(|&(group, outcome)| MixedRow { group, outcome, predictors: Vec::new() }).collect()
    }

    #[test]
    fn groups_that_do_not_differ_have_no_variance() {
        let model = random_intercept(&rows(&[(7, 1.0), (7, 3.0), (2, 3.0), (2, 1.0)]), Estimation::Ml).unwrap();
        assert_eq!((model.group_variance, model.n_groups), (0.0, 2));
        assert!((model.variance - 1.0).abs() < 1e-12);
    }

    #[test]
    fn too_little_is_refused_by_name() {
        let fit = |values: &[(usize, f64)]| random_intercept(&rows(values), Estimation::Reml).err();
        assert_eq!(fit(&[]), Some(NoRegression::TooFewRows));
        assert_eq!(fit(&[(0, 1.0), (0, 2.0), (0, 3.0)]), Some(NoRegression::TooFewRows));
        assert_eq!(fit(&[(0, 1.0), (0, 1.0), (1, 1.0)]), Some(NoRegression::ConstantOutcome));
    }
}
