//! What is said about two codings of time.

use span::{Length, SpanSet};

use super::accuracy::table_accuracy;
use super::alpha::{Coincidences, Metric, alpha};
use super::bootstrap::{Timeline, bootstrap};
use super::gwet::{ac1, ac2};
use super::kappa::{Kappa, kappa};
use super::scott::scott_pi;
use super::settings::AgreeSettings;
use super::statistic::Statistic;
use super::table::{Confusion, NOTHING_COMPARED};
use super::time_unit::{Categories, exact_table, scorable_table, unit_labels};
use super::tolerance::{ToleranceKappa, exact_tolerance_kappa, tolerance_kappa};
use super::uniform::{brennan_prediger, pabak};
use super::weighted::{Weighting, weighted_kappa};
use crate::series::NONE;
use crate::{StateSeries, Why};

const NO_ORDER: Why = Why::Borrowed("the codes have no order (setting ordinal)");
const NO_TOLERANCE: Why = Why::Borrowed("no tolerance (setting tolerance_s)");
const NO_REPLICATES: Why = Why::Borrowed("boot.replicates is 0");

/// The time that can be compared, as one table and what its limits are drawn from.
pub(super) struct Time {
    table: Confusion, // in microseconds, or in units
    pub(super) in_seconds: Confusion,
    timelines: Vec<Timeline>,
}

/// Each stretch that both looked at by itself: no unit and no block crosses from one to another.
pub(super) fn compared_time(
    first: &StateSeries,
    second: &StateSeries,
    looked_at: &SpanSet,
    categories: &Categories,
    settings: &AgreeSettings,
) -> Time {
    let n = categories.len();
    let spans = looked_at.spans();
    let exact = sum(n, spans.iter().map(|span| exact_table(first, second, *span, categories)));
    let in_seconds =
        exact.rows().map(|row| row.iter().map(|micros| micros / Length::SECOND.micros() as f64).collect()).collect();
    let in_seconds = Confusion::from_rows(in_seconds).expect("durations are finite");
    let Some(step) = settings.step else {
        let timelines = spans.iter().map(|span| Timeline::exact(first, second, *span, categories));
        return Time { table: exact, in_seconds, timelines: timelines.collect() };
    };
    let labels = spans.iter().map(|span| unit_labels(first, second, *span, step, settings.grid_rule, categories));
    let labels: Vec<_> = labels.collect();
    let table = sum(n, labels.iter().map(|labels| Confusion::from_labels(n, &labels.first, &labels.second)));
    let timelines = labels.iter().map(|labels| Timeline::units(n, &labels.first, &labels.second)).collect();
    Time { table, in_seconds, timelines }
}

/// The coefficients of time, with limits.
pub(super) fn of_time(time: &Time, categories: &Categories, settings: &AgreeSettings) -> Vec<Statistic> {
    let n = categories.len();
    let alpha_of = |table: &Confusion, metric| {
        let coincidences =
            if settings.step.is_some() { Coincidences::from_table(table) } else { Coincidences::from_time(table) };
        alpha(&coincidences, metric)
    };
    // codes in an order have it among themselves; no code has no place in it
    let n_codes = n - usize::from(categories.keys().last().is_some_and(|key| key == NONE));
    let coded = |table: &Confusion| {
        let rows = table.rows().take(n_codes).map(|row| row[..n_codes].to_vec()).collect();
        Confusion::from_rows(rows).expect("a part of a table")
    };
    let values = |table: &Confusion| {
        let alike = [
            kappa(table).value,
            table.po(),
            scott_pi(table).value,
            ac1(table).value,
            brennan_prediger(table).value,
            pabak(table).ok(),
            alpha_of(table, Metric::Nominal).ok(),
        ];
        let in_order = settings.ordinal.then(|| coded(table));
        let weighted = |of: fn(&Confusion) -> Option<f64>| in_order.as_ref().and_then(of);
        let by_weight = [
            weighted(|table| weighted_kappa(table, Weighting::Linear).value),
            weighted(|table| weighted_kappa(table, Weighting::Quadratic).value),
            weighted(|table| ac2(table, Weighting::Linear).value),
            weighted(|table| ac2(table, Weighting::Quadratic).value),
            in_order.as_ref().and_then(|table| alpha_of(table, Metric::Ordinal).ok()),
        ];
        let mut all = [None; 12];
        all[..7].copy_from_slice(&alike);
        all[7..].copy_from_slice(&by_weight);
        all
    };
    let mut limits = if settings.boot_replicates == 0 {
        [const { Err(NO_REPLICATES) }; 12]
    } else {
        let drawn = bootstrap(std::slice::from_ref(&time.timelines), &settings.boot_rules(), |cells| {
            let rows = cells.chunks(n.max(1)).map(<[f64]>::to_vec).collect();
            values(&Confusion::from_rows(rows).expect("sums of blocks"))
        });
        drawn.map(|limits| limits.map_err(|why| Why::Owned(why.to_string())))
    }
    .into_iter();

    let table = &time.table;
    let of_kappa = kappa(table);
    let accuracy = table_accuracy(table).ok();
    let time_kappa = Statistic::new(
        "time_kappa",
        of_kappa.value.ok_or_else(|| of_kappa.why.clone().unwrap_or(NOTHING_COMPARED)),
        [("po", of_kappa.po), ("pe", of_kappa.pe), ("max", of_kappa.max), ("accuracy", accuracy)],
    );
    let po = table.po();
    let mut statistics = vec![
        time_kappa,
        Statistic::new("percent_agreement", po.ok_or(NOTHING_COMPARED), []),
        Statistic::of_coefficient("scott_pi", scott_pi(table)),
        Statistic::of_coefficient("ac1", ac1(table)),
        Statistic::of_coefficient("brennan_prediger", brennan_prediger(table)),
        Statistic::new("pabak", pabak(table), [("po", po)]),
        Statistic::new("alpha", alpha_of(table, Metric::Nominal), [("po", po)]),
    ];
    if settings.ordinal {
        let table = &coded(table);
        statistics.extend([
            Statistic::of_coefficient("kappa_linear", weighted_kappa(table, Weighting::Linear)),
            Statistic::of_coefficient("kappa_quadratic", weighted_kappa(table, Weighting::Quadratic)),
            Statistic::of_coefficient("ac2_linear", ac2(table, Weighting::Linear)),
            Statistic::of_coefficient("ac2_quadratic", ac2(table, Weighting::Quadratic)),
            Statistic::new("alpha_ordinal", alpha_of(table, Metric::Ordinal), []),
        ]);
    }
    let mut statistics: Vec<Statistic> =
        statistics.into_iter().zip(&mut limits).map(|(statistic, limits)| statistic.with_limits(limits)).collect();
    if !settings.ordinal {
        let weighted = ["kappa_linear", "kappa_quadratic", "ac2_linear", "ac2_quadratic", "alpha_ordinal"];
        statistics.extend(weighted.map(|id| Statistic::new(id, Err(NO_ORDER), [])));
    }
    statistics
}

pub(super) fn with_tolerance(
    first: &StateSeries,
    second: &StateSeries,
    looked_at: &SpanSet,
    categories: &Categories,
    settings: &AgreeSettings,
) -> Statistic {
    const ID: &str = "tolerance_kappa";
    let Some(tolerance) = settings.tolerance else {
        return Statistic::new(ID, Err(NO_TOLERANCE), []);
    };
    let of_span = |span| match settings.step {
        None => exact_tolerance_kappa(first, second, span, categories, tolerance),
        Some(step) => {
            let labels = unit_labels(first, second, span, step, settings.grid_rule, categories);
            let units = tolerance.micros() / step.micros();
            tolerance_kappa(&labels.first, &labels.second, categories.len(), units as usize)
        }
    };
    let both: ToleranceKappa = looked_at.spans().iter().map(|span| of_span(*span)).fold(
        ToleranceKappa::of(Confusion::new(categories.len()), Confusion::new(categories.len())),
        ToleranceKappa::pooled,
    );
    let value = both.mean().ok_or_else(|| both.ab.why.clone().or(both.ba.why.clone()).unwrap_or(NOTHING_COMPARED));
    let parts = [
        ("ab", both.ab.value),
        ("ba", both.ba.value),
        ("po_ab", both.ab.po),
        ("po_ba", both.ba.po),
        ("tolerance_s", Some(tolerance.as_secs())),
    ];
    Statistic::new(ID, value, parts)
}

/// Do the coders agree on what can be coded?
pub(super) fn of_scorable(first: &StateSeries, second: &StateSeries, looked_at: &SpanSet) -> Statistic {
    let tables = looked_at.spans().iter().map(|span| scorable_table(first, second, *span));
    let Kappa { value, po, pe, why, .. } = kappa(&sum(2, tables));
    Statistic::new("scorable", value.ok_or_else(|| why.unwrap_or(NOTHING_COMPARED)), [("po", po), ("pe", pe)])
}

fn sum(n_codes: usize, tables: impl Iterator<Item = Confusion>) -> Confusion {
    tables.fold(Confusion::new(n_codes), |mut sum, table| {
        sum.add_table(&table);
        sum
    })
}
