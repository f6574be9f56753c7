//! The scores of lagged correlation of one episode.

use crate::catalog::SYNCHRONY;
use crate::settings::CcfEstimator;
use crate::synchrony::lagged::LagProfile;
use crate::{Score, ScoreMap};

/// Adds every score of the group; `profile` is of series of `n_units`.
pub(crate) fn push_scores(out: &mut ScoreMap, profile: &LagProfile, n_units: usize, estimator: CcfEstimator) {
    let mut push = |id: &str, is_in: fn(i64) -> bool, value: Option<f64>, n: Option<usize>| {
        let score = Score::from_option(value, why_none(profile, n_units, estimator, is_in));
        out.push(SYNCHRONY, id, if let Some(n) = n { score.with_n_if_present(n) } else { score });
    };
    let (lag0, peak) = (profile.at(0), profile.peak());
    push("sync.r.lag0", |lag| lag == 0, lag0.and_then(|point| point.r), lag0.map(|point| point.n));
    push("sync.r.peak", |_| true, peak.and_then(|point| point.r), peak.map(|point| point.n));
    push("sync.r.peak_lag", |_| true, peak.map(|point| profile.step.times(point.lag).as_secs()), None);
    let (infant_leads, parent_leads) = (profile.mean_over(|lag| lag > 0), profile.mean_over(|lag| lag < 0));
    push("sync.r.infant_leads", |lag| lag > 0, infant_leads, None);
    push("sync.r.parent_leads", |lag| lag < 0, parent_leads, None);
    let asymmetry = infant_leads.zip(parent_leads).map(|(infant, parent)| infant - parent);
    push("sync.r.asymmetry", |lag| lag != 0, asymmetry, None);
}

/// Why there is no correlation at the lags that `is_in` picks.
fn why_none(
    profile: &LagProfile,
    n_units: usize,
    estimator: CcfEstimator,
    is_in: impl Fn(i64) -> bool,
) -> &'static str {
    let n_pairs = profile.points.iter().filter(|point| is_in(point.lag)).map(|point| point.n).max();
    let is_global = estimator == CcfEstimator::Global;
    let is_complete = profile.at(0).is_some_and(|point| point.n == n_units);
    match n_pairs {
        None => "lag.max is shorter than a unit",
        Some(_) if is_global && profile.points.len() > 2 * n_units => {
            "lag.max is not shorter than the episode, as ccf.estimator global needs it"
        }
        Some(_) if is_global && !is_complete => "a unit has no value, which ccf.estimator global does not allow",
        Some(0 | 1) => "fewer than two units coded by both",
        Some(_) => "a partner's value never changes",
    }
}
