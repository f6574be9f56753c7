//! The scores of pre-whitened and of windowed correlation of one episode.

use span::Length;

use crate::catalog::{PREWHITENED, WINDOWED};
use crate::settings::{CcfEstimator, WindowedPeak};
use crate::synchrony::prewhitened::{Leader, PastModel, Prewhitened, Unmodelled};
use crate::synchrony::smoothed_peak::lags_needed;
use crate::synchrony::windowed::{WindowRules, WindowedCorrelation};
use crate::{Score, ScoreMap, ScoreSettings, Why};

/// More windows times lags are refused: a mistyped time must not fill the memory.
const MAX_CELLS: usize = 20_000_000;

pub(crate) fn push_prewhitened(
    out: &mut ScoreMap,
    prewhitened: Result<&Prewhitened, Unmodelled>,
    estimator: CcfEstimator,
) {
    let prewhitened = match prewhitened {
        Ok(prewhitened) => prewhitened,
        Err(unmodelled) => return out.push_absent(PREWHITENED, &why_unmodelled(unmodelled)),
    };
    let why = match estimator {
        CcfEstimator::Pairwise => "too few pairs of units, or nothing left to correlate",
        CcfEstimator::Global => {
            "ccf.estimator global needs every unit coded, a lag.max shorter than the episode, and something left to correlate"
        }
    };
    let of = |value: Option<f64>, n: usize| Score::from_option(value, why).with_n_if_present(n);
    let peak = prewhitened.peak();
    let (r, n) = (peak.and_then(|peak| peak.r), peak.map_or(0, |peak| peak.n));
    let lag = peak.map(|peak| prewhitened.profile.step.times(peak.lag).as_secs());
    out.push(PREWHITENED, "sync.prewhitened.peak", of(r, n));
    out.push(PREWHITENED, "sync.prewhitened.peak_lag", Score::from_option(lag, why));
    out.push(PREWHITENED, "sync.prewhitened.coefficient", of(r.map(f64::abs), n));
    out.push(PREWHITENED, "sync.prewhitened.bound", of(prewhitened.bound(), prewhitened.n));
    for (id, leader) in [
        ("sync.prewhitened.leads.infant", Leader::First),
        ("sync.prewhitened.leads.parent", Leader::Second),
        ("sync.prewhitened.leads.mutual", Leader::Mutual),
    ] {
        let leads = r.map(|_| f64::from(u8::from(prewhitened.leader() == Some(leader))));
        out.push(PREWHITENED, id, of(leads, n));
    }
    out.push(PREWHITENED, "sync.prewhitened.order.infant", order(&prewhitened.first));
    out.push(PREWHITENED, "sync.prewhitened.order.parent", order(&prewhitened.second));
}

fn order(model: &PastModel) -> Score {
    match model {
        PastModel::Ar(model) => Score::count(model.order()).with_n(model.n_rows),
        PastModel::Arma11(_) => Score::absent("prewhiten.model arma11 has no order to choose"),
    }
}

fn why_unmodelled(unmodelled: Unmodelled) -> Why {
    let too_little = |who| {
        format!("too few units in a row, too little change, or nothing that the {who}'s own past leaves to explain")
            .into()
    };
    match unmodelled {
        Unmodelled::First => too_little("infant"),
        Unmodelled::Second => too_little("parent"),
        Unmodelled::Missing => "a unit has no value, which prewhiten.model arma11 does not allow".into(),
    }
}

/// The windows follow one another from the episode's start, coded or not.
pub(crate) fn push_windowed(
    out: &mut ScoreMap,
    first: &[Option<f64>],
    second: &[Option<f64>],
    settings: &ScoreSettings,
) {
    let (step, rules) = (settings.grid_step, window_rules(settings, first.len()));
    let (n_rows, n_lags) = (first.len() / rules.window_inc, 1 + 2 * rules.max_lag / rules.lag_inc);
    if n_rows.saturating_mul(n_lags) > MAX_CELLS {
        return out.push_absent(WINDOWED, &"too many windows and lags".into());
    }
    let windowed = WindowedCorrelation::new(first, second, rules);
    let peaks = match settings.wcc_peak {
        WindowedPeak::Raw => windowed.peaks(settings.wcc_halfwidth),
        WindowedPeak::Boker => windowed.smoothed_peaks(settings.wcc_search),
    };
    let summary = windowed.summary(&peaks);
    let n_windows = (0..windowed.n_rows()).filter(|row| windowed.row(*row).any(|r| r.is_some())).count();
    let of = |value: Option<f64>, what: Why, n: usize| {
        let why = if windowed.n_rows() == 0 { "shorter than a window and the largest lag".into() } else { what };
        Score::from_option(value, why).with_n_if_present(n)
    };
    let in_secs = |lag: Option<f64>| lag.map(|lag| lag * step.as_secs());
    let sd = |variance: Option<f64>| variance.map(libm::sqrt);
    let n = summary.n_peaks;
    let can_have_peaks = settings.wcc_peak == WindowedPeak::Raw || windowed.is_searchable(settings.wcc_search);
    let (no_peak, one_peak) = ("no window has a peak", "fewer than two windows have a peak");
    let (no_pair, one_pair) = ("no neighbouring windows have a peak", "fewer than two changes of lag");
    let least_lag = lags_needed(settings.wcc_search) * rules.lag_inc;
    let too_few = format!(
        "wcc.peak boker needs a wcc.max_lag of at least {least_lag} units of the grid, and a multiple of wcc.lag_increment"
    );
    let of_peaks = |value: Option<f64>, what: &'static str, n: usize| {
        of(value, if can_have_peaks { what.into() } else { too_few.clone().into() }, n)
    };
    let is_there = Some(n as f64).filter(|_| n_windows > 0 && can_have_peaks);
    let no_cell = "a partner's value never changes in a window, or too few units are coded";
    for (id, score) in [
        ("sync.windowed.mean_abs_z", of(summary.mean_abs_z, no_cell.into(), n_windows)),
        ("sync.windowed.peaks", of_peaks(is_there, no_cell, n_windows)),
        ("sync.windowed.peak.mean", of_peaks(summary.mean_r, no_peak, n)),
        ("sync.windowed.peak.sd", of_peaks(sd(summary.variance_r), one_peak, n)),
        ("sync.windowed.peak_lag.mean", of_peaks(in_secs(summary.mean_lag), no_peak, n)),
        ("sync.windowed.peak_lag.sd", of_peaks(in_secs(sd(summary.variance_lag)), one_peak, n)),
        ("sync.windowed.lag_change.mean", of_peaks(in_secs(summary.mean_lag_change), no_pair, n)),
        ("sync.windowed.lag_change.sd", of_peaks(in_secs(sd(summary.variance_lag_change)), one_pair, n)),
    ] {
        out.push(WINDOWED, id, score);
    }
}

fn window_rules(settings: &ScoreSettings, n_units: usize) -> WindowRules {
    let units = |length: Length| (length.micros() / settings.grid_step.micros()) as usize;
    WindowRules {
        window: units(settings.wcc_window),
        max_lag: units(settings.wcc_max_lag.unwrap_or(settings.lag_max)).min(n_units),
        window_inc: units(settings.wcc_increment).max(1),
        lag_inc: units(settings.wcc_lag_increment.unwrap_or(settings.grid_step)).max(1),
        min_pairs: settings.wcc_min_pairs,
    }
}
