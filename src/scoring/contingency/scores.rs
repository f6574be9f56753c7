//! The scores of a table of responses.

use crate::catalog::ScoreInfo;
use crate::contingency::responsiveness::Responses;
use crate::contingency::table::TwoByTwo;
use crate::repair::survival::KaplanMeier;
use crate::settings::{Haldane, ScoreSettings};
use crate::{Score, ScoreMap, Why};

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
    let odds = |value: Option<f64>| {
        if says_something(table) {
            of(value).with_note(note_of_correction(table, haldane))
        } else {
            Score::absent(why_absent)
        }
    };
    let share = |part: u64, whole: u64| Score::ratio(part as f64, whole as f64, why_absent);
    for info in group {
        let statistic = info.id.splitn(3, '.').last().unwrap_or_default();
        let score = match statistic {
            "transitional_probability" => share(table.a, table.a + table.b),
            "base_rate" => share(table.a + table.c, table.total()),
            "lift" => of(table.lift()),
            "odds_ratio" => odds(table.odds_ratio(haldane)),
            "log_odds_ratio" => odds(table.log_odds_ratio(haldane)),
            "log_odds_ratio.se" => odds(table.log_odds_ratio_std_err(haldane)),
            "yules_q" => of(table.yules_q()),
            "phi" => of(table.phi()),
            "z" => of(table.z()).with_note(note_of_few(table.smallest_expected())),
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

/// Is anything given, and is there a response? Where not, the halves that are added to the cells would speak alone.
pub(super) fn says_something(table: &TwoByTwo) -> bool {
    table.a + table.b > 0 && table.a + table.c > 0
}

/// Was one half added to the cells?
pub(super) fn note_of_correction(table: &TwoByTwo, haldane: Haldane) -> Option<Why> {
    table.is_corrected(haldane).then_some(Why::Borrowed("one half added to every cell"))
}

/// Is so little expected that a residual is not normal?
pub(super) fn note_of_few(expected: Option<f64>) -> Option<Why> {
    expected.filter(|expected| *expected < 5.0).map(|_| Why::Borrowed("an expected cell is below 5"))
}
