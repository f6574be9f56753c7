//! Do the scores of sessions come out the same, whoever codes them?

use super::bland_altman::BlandAltman;
use super::concordance::Concordance;
use super::icc::{Estimate, Icc};
use super::settings::AgreeSettings;
use super::statistic::Statistic;
use crate::Why;

const TWO_CODERS: Why = Why::Borrowed("it is for two coders");

/// How far coders agree on one score of several sessions: the reliability of what goes into a paper, which good agreement on codes does not
/// promise.
///
/// *Definition*: the six [intraclass correlations](Icc), [Lin's concordance](Concordance) and [Bland and Altman's](BlandAltman) mean
/// difference, the first coder's less the second's, each with its parts.
///
/// *Units and range*: the mean difference and its parts are in the score's unit. *Shape*: `ratings[session][coder]`, `None` where the score
/// is undefined; the statistics in the order of [`SCORE_AGREEMENT`](super::catalog::SCORE_AGREEMENT).
///
/// *Undefined cases*: each says why; concordance and difference with other than two coders too.
///
/// # Example
/// ```
/// use scoring::agreement::{of_scores::agree_scores, settings::AgreeSettings};
///
/// let ratings = [[12.0, 13.5], [30.2, 28.9], [5.1, 7.4], [22.0, 22.0], [41.3, 38.8], [17.7, 19.9]];
/// let statistics = agree_scores(&ratings.map(|row| row.map(Some)), &AgreeSettings::default());
/// let number = |id: &str| statistics.iter().find(|one| one.info.id == id).and_then(|one| one.number()).expect("defined");
/// assert!((number("icc2") - 0.988_388_0).abs() < 1e-7); // R's psych
/// assert!((number("bland_altman") + 2.2 / 6.0).abs() < 1e-12); // by hand
/// ```
#[must_use]
pub fn agree_scores<R: AsRef<[Option<f64>]>>(ratings: &[R], settings: &AgreeSettings) -> Vec<Statistic> {
    let icc = Icc::new(ratings, settings.icc_k_limits);
    let correlation = |id: &str, of: fn(&Icc) -> &Estimate| match &icc {
        Ok(icc) => of_estimate(id, of(icc), icc.anova.n_targets),
        Err(why) => Statistic::new(id, Err(why.clone()), []),
    };
    let mut statistics = vec![
        correlation("icc1", |icc| &icc.icc1),
        correlation("icc2", |icc| &icc.icc2),
        correlation("icc3", |icc| &icc.icc3),
        correlation("icc1k", |icc| &icc.icc1k),
        correlation("icc2k", |icc| &icc.icc2k),
        correlation("icc3k", |icc| &icc.icc3k),
    ];
    if ratings.iter().any(|row| row.as_ref().len() != 2) {
        statistics.extend(["lin", "bland_altman"].map(|id| Statistic::new(id, Err(TWO_CODERS), [])));
        return statistics;
    }
    let side = |coder: usize| ratings.iter().map(|row| row.as_ref()[coder]).collect::<Vec<_>>();
    let (first, second) = (side(0), side(1));
    let lin = Concordance::new(&first, &second, settings.lin_moments);
    let parts = [("pearson", lin.pearson.ok()), ("bias_factor", lin.bias_factor.ok()), ("n", Some(lin.n as f64))];
    statistics.push(Statistic::new("lin", lin.value, parts));
    statistics.push(match BlandAltman::new(&first, &second) {
        Ok(differences) => of_differences(&differences),
        Err(why) => Statistic::new("bland_altman", Err(why), []),
    });
    statistics
}

fn of_estimate(id: &str, estimate: &Estimate, n: usize) -> Statistic {
    let Estimate { value, f, df_1, df_2, p, low, high } = estimate;
    let parts = [
        ("low", *low),
        ("high", *high),
        ("f", *f),
        ("df_1", Some(*df_1 as f64)),
        ("df_2", Some(*df_2 as f64)),
        ("p", *p),
        ("n", Some(n as f64)),
    ];
    Statistic::new(id, value.clone(), parts)
}

fn of_differences(differences: &BlandAltman) -> Statistic {
    let side = |limits: Option<[f64; 2]>, side: usize| limits.map(|limits| limits[side]);
    let parts = [
        ("low", side(differences.limits, 0)),
        ("high", side(differences.limits, 1)),
        ("sd", differences.sd),
        ("mean_low", side(differences.mean_limits, 0)),
        ("mean_high", side(differences.mean_limits, 1)),
        ("limit_se", differences.limit_std_err),
        ("slope", differences.slope),
        ("mean_absolute", Some(differences.mean_absolute)),
        ("root_mean_square", Some(differences.root_mean_square)),
        ("n", Some(differences.n as f64)),
    ];
    Statistic::new("bland_altman", Ok(differences.mean), parts)
}
