//! The scores of a table of responses.

use crate::catalog::ScoreInfo;
use crate::contingency::responsiveness::Responses;
use crate::contingency::sequential::LagTable;
use crate::contingency::table::TwoByTwo;
use crate::repair::survival::KaplanMeier;
use crate::settings::{Haldane, ScoreSettings, StructuralZ};
use crate::{Score, ScoreMap, StateSeries};

/// Adds the scores of one direction, whose entries in the catalog are `group`.
pub(crate) fn push_scores(out: &mut ScoreMap, group: &'static [ScoreInfo], table: &TwoByTwo, haldane: Haldane) {
    let why_absent = if table.total() == 0 {
        "no unit coded by both"
    } else if table.a + table.b == 0 {
        "no onset to respond to"
    } else if table.a + table.c == 0 {
        "no onset that could be a response"
    } else {
        "a cell or margin of the table is zero"
    };
    let of = |value: Option<f64>| Score::from_option(value, why_absent).with_n_if_present(table.total() as usize);
    let share = |part: u64, whole: u64| Score::ratio(part as f64, whole as f64, why_absent);
    for info in group {
        let statistic = info.id.splitn(3, '.').last().unwrap_or_default();
        let score = match statistic {
            "transitional_probability" => share(table.a, table.a + table.b),
            "base_rate" => share(table.a + table.c, table.total()),
            "lift" => of(table.lift()),
            "odds_ratio" => of(table.odds_ratio(haldane)),
            "log_odds_ratio" => of(table.log_odds_ratio(haldane)),
            "log_odds_ratio.se" => of(table.log_odds_ratio_std_err(haldane)),
            "yules_q" => of(table.yules_q()),
            "phi" => of(table.phi()),
            "z" => of(table.z()),
            "relative_risk" => of(table.relative_risk()),
            "risk_difference" => of(table.risk_difference()),
            _ => unreachable!("the catalog lists the statistics of a table"),
        };
        out.push(group, info.id, score);
    }
}

/// Adds the scores of answers in one direction, whose entries in the catalog are `group`.
pub(crate) fn push_responses(
    out: &mut ScoreMap,
    group: &'static [ScoreInfo],
    responses: &Responses,
    settings: &ScoreSettings,
) {
    let (n_answered, n_known) = (responses.n_answered(), responses.n_known());
    let why_none = if responses.onsets.is_empty() { "no onset to respond to" } else { "no onset with a known outcome" };
    let lifetimes = responses.lifetimes();
    let km = KaplanMeier::new(&lifetimes, settings.km_limits_at_zero);
    let why_never = if lifetimes.is_empty() { why_none } else { "fewer than half answered" };
    for info in group {
        let score = match info.id.splitn(4, '.').last().unwrap_or_default() {
            "proportion" => Score::ratio(n_answered as f64, n_known as f64, why_none),
            "onsets" => Score::count(responses.onsets.len()),
            "concurrent" => Score::count(responses.n_concurrent()),
            "latency.km_median" => Score::from_option(km.quantile_secs(0.5, settings.km_median), why_never)
                .with_n_if_present(lifetimes.len()),
            _ => unreachable!("the catalog lists the statistics of answers"),
        };
        out.push(group, info.id, score);
    }
}

/// Adds the residual of every cell of a table at a lag; `template` is its entry in the catalog, whose last two parts are replaced.
pub(crate) fn push_lag_table(
    out: &mut ScoreMap,
    template: &'static ScoreInfo,
    table: &LagTable,
    given: &StateSeries,
    target: &StateSeries,
) {
    let prefix = template.id.trim_end_matches(".GIVEN.TARGET");
    let rows = table.row_totals();
    let cells =
        given.states().iter().zip(&rows).flat_map(|row| target.states().iter().map(move |column| (row, column)));
    for (((given, row), target), z) in cells.zip(table.adjusted_residuals(StructuralZ::Adjusted)) {
        let why = if *row == 0 { "this is never given" } else { "the target always or never follows" };
        let score = Score::from_option(z, why).with_n_if_present(*row as usize);
        out.push_named(template, format!("{prefix}.{given}.{target}"), score);
    }
}
