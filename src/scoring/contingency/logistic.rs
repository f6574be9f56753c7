//! Self- and interactive contingency of something that is there or not, such as looking at the partner.

use std::cmp::Ordering;

use crate::contingency::weighted::{Coefficient, NoRegression, Past, PastForm, Trend, check};
use crate::distribution::normal_two_sided;
use crate::least_squares::{Design, Fit};

/// Newton's steps end here.
const STEP_END: f64 = 1e-10;
const MAX_STEPS: usize = 50;
/// Log odds this large say that the outcome is separated.
const SEPARATED: f64 = 30.0;

/// A logistic regression of one partner's binary state on the recent past of both.
///
/// *Definition*: maximum likelihood of `ln(p / (1 − p)) = b0 + b1 · own + b2 · partner (+ b3 · t)` by Newton's method, on the rows of
/// [`regression`](super::weighted::regression). `t` of a coefficient is Wald's z, and its `p` that of the normal distribution; there is no
/// standardised coefficient.
///
/// *Undefined cases*: see [`NoRegression`]; among them an outcome that a predictor separates.
///
/// *Reference*: Hosmer, D. W., & Lemeshow, S. (2000). Applied logistic regression (2nd ed.). Wiley, doi 10.1002/0471722146.
///
/// ```
/// use scoring::contingency::logistic::logistic;
/// use scoring::contingency::weighted::{PastForm, Trend};
///
/// // who looks, goes on looking: 6 times of 8, and of 6 times 4 not looking is followed by not looking; the partner's looking is as
/// // frequent in all four, so that the coefficient is the logarithm of the odds ratio 6·4/(2·2)
/// let own: Vec<Option<bool>> = "100100001111111".chars().map(|c| Some(c == '1')).collect();
/// let partner: Vec<Option<f64>> = "101010100101010".chars().map(|c| c.to_digit(10).map(f64::from)).collect();
/// let fit = logistic(&own, &partner, &PastForm::Lags(1), Trend::None).expect("both outcomes follow both states");
/// assert_eq!(fit.n, 14);
/// assert!((fit.own[0].b - 6.0_f64.ln()).abs() < 1e-9);
/// assert!((fit.own[0].std_err - (1.0_f64 / 6.0 + 1.0 / 2.0 + 1.0 / 2.0 + 1.0 / 4.0).sqrt()).abs() < 1e-9);
/// assert!(fit.partner[0].b.abs() < 1e-9);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic {
    /// How many rows were used.
    pub n: usize,
    /// The logarithm of the likelihood.
    pub log_likelihood: f64,
    /// `b0`.
    pub constant: Coefficient,
    /// The own past: one coefficient, or one per lag.
    pub own: Vec<Coefficient>,
    /// The partner's past.
    pub partner: Vec<Coefficient>,
    /// Time, where it is a predictor.
    pub trend: Option<Coefficient>,
}

/// Regresses `own` on its own recent past, as 0 and 1, and on `partner`'s; `None` is missing. Both are on one grid.
///
/// # Errors
/// [`NoRegression`] says why there is none.
pub fn logistic(
    own: &[Option<bool>],
    partner: &[Option<f64>],
    form: &PastForm,
    trend: Trend,
) -> Result<Logistic, NoRegression> {
    let own: Vec<Option<f64>> = own.iter().map(|value| value.map(|value| f64::from(u8::from(value)))).collect();
    let design = Past::new(form)?.design(&own, partner, trend);
    check(&design, form, 1)?;
    let (fit, log_likelihood) = maximum(&design)?;
    let coefficient = |(b, inverse): (&f64, &f64)| {
        let std_err = libm::sqrt(*inverse);
        let z = Some(b / std_err).filter(|z| z.is_finite());
        Coefficient { b: *b, std_err, t: z, p: z.map(normal_two_sided), beta: None }
    };
    let coefficients: Vec<Coefficient> = fit.coefs.iter().zip(&fit.inverse).map(coefficient).collect();
    let n_lags = form.n_predictors();
    Ok(Logistic {
        n: design.n_rows(),
        log_likelihood,
        constant: coefficients[0],
        own: coefficients[1..=n_lags].to_vec(),
        partner: coefficients[1 + n_lags..=2 * n_lags].to_vec(),
        trend: (trend == Trend::Linear).then(|| coefficients[2 * n_lags + 1]),
    })
}

/// Newton's method as least squares with weights: the coefficients, `(X'WX)⁻¹` in the fit, and the log-likelihood.
fn maximum(design: &Design) -> Result<(Fit, f64), NoRegression> {
    let n_coefs = design.n_coefs();
    let (columns, counts) = distinct_rows(design); // codes are few, and so are their pasts
    let (predictors, outcomes) = (&columns[..n_coefs], &columns[n_coefs]);
    let mut coefs = vec![0.0; n_coefs];
    for _ in 0..MAX_STEPS {
        let mut log_odds = vec![0.0_f64; counts.len()];
        for (column, coef) in predictors.iter().zip(&coefs) {
            log_odds.iter_mut().zip(column).for_each(|(sum, value)| *sum += coef * value);
        }
        if log_odds.iter().any(|log_odds| log_odds.is_nan() || log_odds.abs() > SEPARATED) {
            return Err(NoRegression::Separated);
        }
        let shares: Vec<f64> = log_odds.iter().map(|log_odds| 1.0 / (1.0 + libm::exp(-log_odds))).collect();
        let weight = |(share, count): (&f64, &f64)| libm::sqrt(count * share * (1.0 - share));
        let weights: Vec<f64> = shares.iter().zip(&counts).map(weight).collect();
        let weighted = |column: &Vec<f64>| column.iter().zip(&weights).map(|(value, weight)| value * weight).collect();
        let rest = outcomes.iter().zip(&shares).zip(&counts).zip(&weights);
        let rest = rest.map(|(((outcome, share), count), weight)| count * (outcome - share) / weight).collect();
        let design = Design::from_columns(predictors.iter().map(weighted).chain([rest]).collect());
        let step = design.fit().ok_or(NoRegression::Collinear)?;
        let largest = step.coefs.iter().fold(0.0_f64, |largest, step| largest.max(step.abs()));
        if largest < STEP_END {
            let log = |((outcome, share), count): ((&f64, &f64), &f64)| {
                count * libm::log(if *outcome == 1.0 { *share } else { 1.0 - share })
            };
            let log_likelihood = outcomes.iter().zip(&shares).zip(&counts).map(log).sum();
            return Ok((Fit { coefs, ..step }, log_likelihood));
        }
        for (coef, step) in coefs.iter_mut().zip(&step.coefs) {
            *coef += step;
        }
    }
    Err(NoRegression::Separated)
}

/// The columns of the rows that differ, the outcome last, and how often each row occurs.
fn distinct_rows(design: &Design) -> (Vec<Vec<f64>>, Vec<f64>) {
    let columns: Vec<&[f64]> = (0..=design.n_coefs()).map(|idx| design.column(idx)).collect();
    let compare = |a: &usize, b: &usize| {
        let orders = columns.iter().map(|column| column[*a].total_cmp(&column[*b]));
        orders.fold(Ordering::Equal, Ordering::then)
    };
    let mut rows: Vec<usize> = (0..design.n_rows()).collect();
    rows.sort_unstable_by(compare);
    let alike: Vec<&[usize]> = rows.chunk_by(|a, b| compare(a, b).is_eq()).collect();
    let of = |column: &&[f64]| alike.iter().map(|rows| column[rows[0]]).collect();
    (columns.iter().map(of).collect(), alike.iter().map(|rows| rows.len() as f64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_binary_predictor_gives_the_log_odds_ratio_of_the_table() {
        // partner's past is balanced within own past, so that b of own is ln of the odds ratio of the 2×2 table
        let mut design = Design::new(2);
        for (before, now, count) in [(1.0, 1.0, 6), (1.0, 0.0, 3), (0.0, 1.0, 3), (0.0, 0.0, 5)] {
            for _ in 0..count {
                design.push([1.0, before, now]);
            }
        }
        let (fit, log_likelihood) = maximum(&design).unwrap();
        assert!((fit.coefs[1] - libm::log(6.0 * 5.0 / 9.0)).abs() < 1e-10);
        assert!((fit.inverse[1] - (1.0 / 6.0 + 1.0 / 3.0 + 1.0 / 3.0 + 1.0 / 5.0)).abs() < 1e-10);
        let share = |k: f64, n: f64| k * libm::log(k / n) + (n - k) * libm::log((n - k) / n);
        assert!((log_likelihood - share(6.0, 9.0) - share(3.0, 8.0)).abs() < 1e-10);
    }

    #[test]
    fn a_separated_outcome_has_no_maximum() {
        let mut design = Design::new(2);
        for (before, now) in [(0.0, 0.0), (0.0, 0.0), (1.0, 1.0), (1.0, 1.0), (0.0, 0.0)] {
            design.push([1.0, before, now]);
        }
        assert!(matches!(maximum(&design), Err(NoRegression::Separated)));
    }
}
