//! Self- and interactive contingency of many dyads together.

use serde::Serialize;

use crate::contingency::mixed::{Estimation, MixedModel, MixedRow, random_intercept};
use crate::contingency::weighted::{Coefficient, NoRegression, Past, PastForm, Trend, check, coefficients, sd};
use crate::least_squares::Design;

/// One dyad's two series on one grid; `None` is missing.
#[derive(Clone, Copy, Debug)]
pub struct DyadSeries<'a> {
    /// The partner who is predicted.
    pub own: &'a [Option<f64>],
    /// The other one.
    pub partner: &'a [Option<f64>],
}

/// A regression with a constant of its own for every dyad.
///
/// *Definition*: the rows of [`regression`](super::weighted::regression) of all dyads, with one indicator per dyad in place of the
/// constant; computed from deviations from each dyad's means, which gives the same numbers.
///
/// *Undefined cases*: see [`NoRegression`]; a predictor or outcome that changes in no dyad counts as constant.
///
/// *Reference*: Wooldridge, J. M. (2010). Econometric analysis of cross section and panel data (2nd ed.), section 10.5. MIT Press.
///
/// ```
/// use scoring::contingency::pooled::{DyadSeries, fixed_effects};
/// use scoring::contingency::weighted::{PastForm, Trend};
///
/// let series = |text: &str| -> Vec<Option<f64>> { text.chars().map(|c| c.to_digit(10).map(f64::from)).collect() };
/// let (x1, y1, x2, y2) = (series("0120210211"), series("1102201101"), series("5657565576"), series("2011021102"));
/// let dyads = [DyadSeries { own: &x1, partner: &y1 }, DyadSeries { own: &x2, partner: &y2 }];
/// let pooled = fixed_effects(&dyads, &PastForm::Lags(1), Trend::None).expect("18 rows");
/// assert_eq!((pooled.n, pooled.n_dyads, pooled.df), (18, 2, 14));
/// // by normal equations with an indicator per dyad, in exact fractions (a script of plain Python)
/// assert!((pooled.own[0].b + 0.434_955_312_8).abs() < 1e-9 && (pooled.own[0].std_err - 0.215_298_288_8).abs() < 1e-9);
/// assert!((pooled.partner[0].b - 0.191_658_391_3).abs() < 1e-9 && (pooled.partner[0].std_err - 0.238_512_486_4).abs() < 1e-9);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pooled {
    /// How many rows were used.
    pub n: usize,
    /// How many dyads they come from.
    pub n_dyads: usize,
    /// Rows less coefficients and dyads.
    pub df: usize,
    /// The residual variance.
    pub variance: f64,
    /// The share of the outcome's variance within dyads that is explained.
    pub r2_within: f64,
    /// The own past: one coefficient, or one per lag.
    pub own: Vec<Coefficient>,
    /// The partner's past.
    pub partner: Vec<Coefficient>,
    /// Time, where it is a predictor.
    pub trend: Option<Coefficient>,
}

/// Weights for [`PastForm::Weighted`], one unit ago first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EstimatedWeights {
    /// Of one's own past; they sum to 1.
    pub own: Vec<f64>,
    /// Of the partner's past; they sum to 1.
    pub partner: Vec<f64>,
}

/// Regresses over all dyads, each with its own constant.
///
/// # Errors
/// [`NoRegression`] says why there is none.
pub fn fixed_effects(dyads: &[DyadSeries], form: &PastForm, trend: Trend) -> Result<Pooled, NoRegression> {
    let past = Past::new(form)?;
    let n_coefs = 2 * form.n_predictors() + usize::from(trend == Trend::Linear);
    let (mut raw, mut within) = (Design::new(n_coefs), Design::new(n_coefs));
    let mut n_dyads = 0;
    for dyad in dyads {
        let design = past.design(dyad.own, dyad.partner, trend);
        let n_rows = design.n_rows();
        if n_rows == 0 {
            continue;
        }
        n_dyads += 1;
        let columns = 1..=n_coefs + 1; // without the constant
        let deviations: Vec<Vec<f64>> = columns.clone().map(|idx| deviations(design.column(idx))).collect();
        for row in 0..n_rows {
            raw.push(columns.clone().map(|idx| design.column(idx)[row]));
            within.push(deviations.iter().map(|column| column[row]));
        }
    }
    let df = raw.n_rows().checked_sub(n_coefs + n_dyads).filter(|df| *df > 0).ok_or(NoRegression::TooFewRows)?;
    check(&within, form, 0)?;
    let sds: Vec<f64> = (0..=n_coefs).map(|idx| sd(raw.column(idx))).collect();
    let (n, outcome) = (raw.n_rows(), within.column(n_coefs));
    let whole: f64 = outcome.iter().map(|value| value * value).sum();
    let fit = within.fit().ok_or(NoRegression::Collinear)?;
    let mut coefficients = coefficients(&fit, df).ok_or(NoRegression::TooFewRows)?;
    for (coefficient, sd) in coefficients.iter_mut().zip(&sds) {
        coefficient.beta = Some(coefficient.b * sd / sds[n_coefs]);
    }
    let n_lags = form.n_predictors();
    Ok(Pooled {
        n,
        n_dyads,
        df,
        variance: fit.rss / df as f64,
        r2_within: 1.0 - fit.rss / whole,
        own: coefficients[..n_lags].to_vec(),
        partner: coefficients[n_lags..2 * n_lags].to_vec(),
        trend: coefficients.get(2 * n_lags).copied(),
    })
}

/// Regresses over all dyads with a random constant: `y ~ own + partner + (1 | dyad)`.
///
/// *Shape*: the model's coefficients are the constant, the own past, the partner's past, and time.
///
/// # Errors
/// [`NoRegression`] says why there is none.
pub fn mixed(
    dyads: &[DyadSeries],
    form: &PastForm,
    trend: Trend,
    estimation: Estimation,
) -> Result<MixedModel, NoRegression> {
    let past = Past::new(form)?;
    let mut rows = Vec::new();
    for (group, dyad) in dyads.iter().enumerate() {
        past.for_each_row(dyad.own, dyad.partner, |t, own, partner, outcome| {
            let time = (trend == Trend::Linear).then_some(t as f64);
            let predictors = own.iter().chain(partner).copied().chain(time).collect();
            rows.push(MixedRow { group, outcome, predictors });
        });
    }
    random_intercept(&rows, estimation)
}

/// The weights that the data themselves give: the coefficients of the separate lags 1 to `order`, pooled over dyads with
/// [`fixed_effects`], divided by their sum.
///
/// *Limitations*: meaningful from about 20 dyads; a weight can be negative.
///
/// # Errors
/// [`NoRegression`] says why there are none; [`NoRegression::NoWeights`] where coefficients sum to zero.
pub fn estimated_weights(dyads: &[DyadSeries], order: usize) -> Result<EstimatedWeights, NoRegression> {
    let pooled = fixed_effects(dyads, &PastForm::Lags(order), Trend::None)?;
    let normalised = |coefficients: &[Coefficient]| {
        let sum: f64 = coefficients.iter().map(|coefficient| coefficient.b).sum();
        let weights: Vec<f64> = coefficients.iter().map(|coefficient| coefficient.b / sum).collect();
        if weights.iter().all(|weight| weight.is_finite()) { Ok(weights) } else { Err(NoRegression::NoWeights) }
    };
    Ok(EstimatedWeights { own: normalised(&pooled.own)?, partner: normalised(&pooled.partner)? })
}

/// Exactly 0 where all values are equal.
fn deviations(values: &[f64]) -> Vec<f64> {
    if values.iter().all(|value| *value == values[0]) {
        return vec![0.0; values.len()];
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| value - mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(seed: u64, level: f64) -> Vec<Option<f64>> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % 7) as f64 + level
        };
        (0..30).map(|t| Some(next()).filter(|_| t != 11)).collect()
    }

    #[test]
    fn deviations_from_means_give_what_indicators_give() {
        let series: Vec<_> = (1..=3).map(|dyad| (series(dyad, dyad as f64), series(dyad + 9, 0.0))).collect();
        let dyads: Vec<_> = series.iter().map(|(own, partner)| DyadSeries { own, partner }).collect();
        let pooled = fixed_effects(&dyads, &PastForm::Lags(1), Trend::Linear).unwrap();
        let mut design = Design::new(6);
        for (idx, dyad) in dyads.iter().enumerate() {
            for t in 1..30 {
                if let (Some(x), Some(own), Some(partner)) = (dyad.own[t], dyad.own[t - 1], dyad.partner[t - 1]) {
                    let indicator = |other: usize| f64::from(u8::from(other == idx));
                    design.push([own, partner, t as f64, indicator(0), indicator(1), indicator(2), x]);
                }
            }
        }
        let fit = design.fit().unwrap();
        assert_eq!((pooled.n, pooled.df), (fit.n_rows, fit.df()));
        let got = [pooled.own[0], pooled.partner[0], pooled.trend.unwrap()];
        for (idx, got) in got.iter().enumerate() {
            assert!((got.b - fit.coefs[idx]).abs() < 1e-12);
            let std_err = libm::sqrt(fit.variance().unwrap() * fit.inverse[idx]);
            assert!((got.std_err - std_err).abs() < 1e-12);
        }
        let weights = estimated_weights(&dyads, 3).unwrap();
        assert!((weights.own.iter().sum::<f64>() - 1.0).abs() < 1e-12 && weights.partner.len() == 3);
        let mixed = mixed(&dyads, &PastForm::Lags(1), Trend::None, Estimation::Reml).unwrap();
        assert_eq!((mixed.n, mixed.n_groups, mixed.fixed.len()), (pooled.n, 3, 3));
    }
}
