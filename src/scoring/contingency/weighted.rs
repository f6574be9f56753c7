//! Self- and interactive contingency: what the recent past of oneself, and of the partner, predicts.

use serde::{Deserialize, Serialize};

use crate::distribution::student_two_sided;
use crate::least_squares::{Design, Fit};

/// Predictors whose correlation is larger in size cannot be told apart.
const COLLINEAR: f64 = 0.95;

/// How the recent past is told to the model.
#[derive(Clone, Debug, PartialEq)]
pub enum PastForm {
    /// One composite per partner, `Σ w_k x_{t−k}`: the weight of one unit ago first. They are divided by their sum.
    Weighted(Vec<f64>),
    /// Every lag from 1 up to this on its own.
    Lags(usize),
}

/// Whether time itself is a predictor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// It is not.
    None,
    /// The number of the unit is.
    Linear,
}

/// One coefficient of a regression.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coefficient {
    /// The change of the outcome with one more of the predictor.
    pub b: f64,
    /// Its standard error.
    pub std_err: f64,
    /// `b / std_err`; `None` where the standard error is 0.
    pub t: Option<f64>,
    /// The probability of a `t` this far from 0, two-sided.
    pub p: Option<f64>,
    /// `b · sd(predictor) / sd(outcome)`, with divisor n − 1 over the rows used; `None` for the constant.
    pub beta: Option<f64>,
}

/// A regression of one partner on the recent past of both.
///
/// *Definition*: ordinary least squares on the rows in which the outcome and every value that the predictors use are there:
/// `x_t = b0 + b1 · own + b2 · partner (+ b3 · t)`. With [`PastForm::Weighted`], `b1` is the self-contingency and `b2` the interactive
/// contingency; with [`PastForm::Lags`] each has one coefficient per lag.
///
/// *Units and range*: `b` is in units of the outcome per unit of the predictor. High and low values can both be adverse.
///
/// *Undefined cases*: see [`NoRegression`].
///
/// *Limitations*: units within a dyad are not independent, and standard errors take no account of it.
///
/// *Reference*: Beebe, B., Jaffe, J., Markese, S., Buck, K., Chen, H., Cohen, P., Bahrick, L., Andrews, H., & Feldstein, S. (2010).
/// The origins of 12-month attachment. Attachment & Human Development, 12, 3–141. <https://doi.org/10.1080/14616730903338985>.
/// The weights 3:2:1 are our choice.
///
/// ```
/// use scoring::contingency::weighted::{PastForm, Trend, regression};
///
/// let numbers = |text: &str| -> Vec<Option<f64>> {
///     text.chars().map(|c| match c { 'N' => Some(-1.0), 'O' | 'M' => Some(0.0), 'P' => Some(1.0), _ => None }).collect()
/// };
/// let infant = numbers("MMPPOOOMPPNNNMMP.POOMMPPPNNOOO");
/// let parent = numbers("MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM");
/// let fit = regression(&infant, &parent, &PastForm::Weighted(vec![3.0, 2.0, 1.0]), Trend::None).expect("23 rows");
/// assert_eq!(fit.n, 23);
/// assert!((fit.own[0].b - 0.416_386_5).abs() < 1e-7, "self-contingency");
/// assert!((fit.partner[0].b + 0.807_269_4).abs() < 1e-7, "interactive contingency");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Regression {
    /// How many rows were used.
    pub n: usize,
    /// Rows less coefficients.
    pub df: usize,
    /// The residual variance.
    pub variance: f64,
    /// The share of the outcome's variance that is explained.
    pub r2: f64,
    /// `b0`.
    pub constant: Coefficient,
    /// The own past: one coefficient, or one per lag.
    pub own: Vec<Coefficient>,
    /// The partner's past.
    pub partner: Vec<Coefficient>,
    /// Time, where it is a predictor.
    pub trend: Option<Coefficient>,
}

/// Why there is no regression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoRegression {
    /// No more rows than coefficients.
    #[error("too few units with a complete recent past")]
    TooFewRows,
    /// A predictor is the same in every row used.
    #[error("a predictor never changes")]
    ConstantPredictor,
    /// The outcome is the same in every row used.
    #[error("the outcome never changes")]
    ConstantOutcome,
    /// One's own past and the partner's are nearly the same thing: |r| above .95, or the coefficients are not determined.
    #[error("the predictors cannot be told apart")]
    Collinear,
    /// The weights sum to nothing.
    #[error("the weights sum to zero")]
    NoWeights,
    /// The likelihood of a binary outcome has no maximum: a predictor separates it.
    #[error("a predictor separates the outcome")]
    Separated,
}

/// Regresses `own` on its own recent past and on `partner`'s; `None` is missing. Both are on one grid.
///
/// *Definition*, *Undefined cases*: see [`Regression`].
///
/// # Errors
/// [`NoRegression`] says why there is none.
pub fn regression(
    own: &[Option<f64>],
    partner: &[Option<f64>],
    form: &PastForm,
    trend: Trend,
) -> Result<Regression, NoRegression> {
    let design = Past::new(form)?.design(own, partner, trend);
    Regression::new(design, form, trend)
}

impl Regression {
    pub(super) fn new(design: Design, form: &PastForm, trend: Trend) -> Result<Self, NoRegression> {
        check(&design, form, 1)?;
        let n_coefs = design.n_coefs();
        let sds: Vec<f64> = (0..=n_coefs).map(|idx| sd(design.column(idx))).collect();
        let n = design.n_rows();
        let fit = design.fit().ok_or(NoRegression::Collinear)?;
        let sd_outcome = sds[n_coefs];
        let mut coefficients = coefficients(&fit, fit.df()).ok_or(NoRegression::TooFewRows)?;
        for (coefficient, sd) in coefficients.iter_mut().zip(&sds).skip(1) {
            coefficient.beta = Some(coefficient.b * sd / sd_outcome);
        }
        let whole = sd_outcome * sd_outcome * (n - 1) as f64;
        let n_lags = form.n_predictors();
        Ok(Self {
            n,
            df: fit.df(),
            variance: fit.variance().ok_or(NoRegression::TooFewRows)?,
            r2: 1.0 - fit.rss / whole,
            constant: coefficients[0],
            own: coefficients[1..=n_lags].to_vec(),
            partner: coefficients[1 + n_lags..=2 * n_lags].to_vec(),
            trend: (trend == Trend::Linear).then(|| coefficients[2 * n_lags + 1]),
        })
    }
}

impl PastForm {
    /// How many predictors there are for each partner.
    pub(super) fn n_predictors(&self) -> usize {
        match self {
            Self::Weighted(_) => 1,
            Self::Lags(order) => *order,
        }
    }
}

/// How far back it looks, and with which weights.
pub(super) struct Past {
    weights: Option<Vec<f64>>, // of the composite, summing to 1; one unit ago first
    order: usize,
}

impl Past {
    pub(super) fn new(form: &PastForm) -> Result<Self, NoRegression> {
        match form {
            PastForm::Lags(order) => Ok(Self { weights: None, order: *order }),
            PastForm::Weighted(weights) => {
                let sum: f64 = weights.iter().sum();
                if sum == 0.0 || !sum.is_finite() {
                    return Err(NoRegression::NoWeights);
                }
                let weights: Vec<f64> = weights.iter().map(|weight| weight / sum).collect();
                Ok(Self { order: weights.len(), weights: Some(weights) })
            }
        }
    }

    /// The rows of constant, own past, partner's past, time, and outcome.
    pub(super) fn design(&self, own: &[Option<f64>], partner: &[Option<f64>], trend: Trend) -> Design {
        let n_predictors = if self.weights.is_some() { 1 } else { self.order };
        let mut design = Design::new(1 + 2 * n_predictors + usize::from(trend == Trend::Linear));
        self.for_each_row(own, partner, |t, own_past, partner_past, outcome| {
            let time = (trend == Trend::Linear).then_some(t as f64);
            let row = [1.0].into_iter().chain(own_past.iter().copied()).chain(partner_past.iter().copied());
            design.push(row.chain(time).chain([outcome]));
        });
        design
    }

    /// Calls `row` with the unit, both pasts and the outcome, where all of them are there.
    pub(super) fn for_each_row(
        &self,
        own: &[Option<f64>],
        partner: &[Option<f64>],
        mut row: impl FnMut(usize, &[f64], &[f64], f64),
    ) {
        let (mut own_past, mut partner_past) = (Vec::new(), Vec::new());
        for t in self.order..own.len().min(partner.len()) {
            let Some(outcome) = own[t] else { continue };
            if self.past(own, t, &mut own_past) && self.past(partner, t, &mut partner_past) {
                row(t, &own_past, &partner_past, outcome);
            }
        }
    }

    fn past(&self, series: &[Option<f64>], t: usize, out: &mut Vec<f64>) -> bool {
        out.clear();
        out.extend((1..=self.order).map_while(|lag| series[t - lag]));
        if out.len() < self.order {
            return false;
        }
        if let Some(weights) = &self.weights {
            let composite = out.iter().zip(weights).map(|(value, weight)| value * weight).sum();
            out.clear();
            out.push(composite);
        }
        true
    }
}

/// Refuses what no regression can be made of; the first `n_constants` columns are constants.
pub(super) fn check(design: &Design, form: &PastForm, n_constants: usize) -> Result<(), NoRegression> {
    let n_coefs = design.n_coefs();
    if design.n_rows() <= n_coefs {
        return Err(NoRegression::TooFewRows);
    }
    let is_constant = |idx: usize| design.column(idx).iter().all(|value| *value == design.column(idx)[0]);
    if is_constant(n_coefs) {
        return Err(NoRegression::ConstantOutcome);
    }
    if (n_constants..n_coefs).any(is_constant) {
        return Err(NoRegression::ConstantPredictor);
    }
    if matches!(form, PastForm::Weighted(_)) {
        let (own, partner) = (design.column(n_constants), design.column(n_constants + 1));
        let pairs: Vec<(f64, f64)> = own.iter().copied().zip(partner.iter().copied()).collect();
        let r = crate::synchrony::lagged::pearson(&pairs);
        if r.is_none_or(|r| r.abs() > COLLINEAR) {
            return Err(NoRegression::Collinear);
        }
    }
    Ok(())
}

/// The coefficients of a fit with `df` rows to spare, without β.
pub(super) fn coefficients(fit: &Fit, df: usize) -> Option<Vec<Coefficient>> {
    let variance = (df > 0).then(|| fit.rss / df as f64)?;
    let coefficient = |(b, inverse): (&f64, &f64)| {
        let std_err = libm::sqrt(variance * inverse);
        let t = Some(b / std_err).filter(|t| t.is_finite());
        Coefficient { b: *b, std_err, t, p: t.map(|t| student_two_sided(t, df as f64)), beta: None }
    };
    Some(fit.coefs.iter().zip(&fit.inverse).map(coefficient).collect())
}

/// The standard deviation with divisor n − 1.
pub(super) fn sd(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    libm::sqrt(values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[track_caller]
    fn check_refused(own: &[Option<f64>], partner: &[Option<f64>], why: NoRegression) {
        let form = PastForm::Weighted(vec![3.0, 2.0, 1.0]);
        assert_eq!(regression(own, partner, &form, Trend::None), Err(why));
    }

    #[test]
    fn what_no_regression_can_be_made_of_is_refused_by_name() {
        let own = some(&[0.0, 1.0, 1.0, -1.0, 0.0, 1.0, 0.0, 0.0, -1.0, 1.0]);
        let partner = some(&[1.0, 1.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
        check_refused(&own[..6], &partner[..6], NoRegression::TooFewRows);
        check_refused(&own, &some(&[0.3; 10]), NoRegression::ConstantPredictor);
        check_refused(&some(&[1.0, 0.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0]), &partner[..8], NoRegression::ConstantOutcome);
        check_refused(&own, &own, NoRegression::Collinear);
        let no_weights = PastForm::Weighted(vec![1.0, -1.0]);
        assert_eq!(regression(&own, &partner, &no_weights, Trend::None), Err(NoRegression::NoWeights));
    }

    #[test]
    fn pasts_with_a_correlation_above_95_cannot_be_told_apart() {
        let own = some(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0, 1.0]);
        let partner = |first| [some(&[first, 2.0]), own[2..].to_vec()].concat();
        let of = |first| regression(&own, &partner(first), &PastForm::Weighted(vec![1.0]), Trend::None);
        assert_eq!(of(1.0), Err(NoRegression::Collinear)); // numpy 2.4.6: r = .973461
        assert!(of(2.0).is_ok()); // r = .925309
    }

    #[test]
    fn a_trend_is_found_beside_the_past() {
        let own: Vec<f64> = (0..40).map(|t| 0.5 * f64::from(t) + f64::from(t * t % 7)).collect();
        let partner: Vec<f64> = (0..40).map(|t| f64::from(t * 3 % 5)).collect();
        let fit = regression(&some(&own), &some(&partner), &PastForm::Lags(1), Trend::Linear).unwrap();
        assert_eq!((fit.n, fit.df, fit.own.len(), fit.partner.len()), (39, 35, 1, 1));
        assert!(fit.trend.unwrap().b > 0.1);
    }
}
