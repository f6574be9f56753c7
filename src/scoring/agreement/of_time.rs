//! What is said about two codings of time.

use span::{Length, Span, SpanSet};

use super::accuracy::table_accuracy;
use super::alpha::{Coincidences, Metric, alpha, value_alpha};
use super::bootstrap::{Timeline, bootstrap};
use super::codings::StateWindow;
use super::gwet::{ac1, ac2};
use super::iid::{Ac1Divisor, KappaErrors, ac1_std_err, kappa_errors};
use super::kappa::{Kappa, kappa};
use super::scott::scott_pi;
use super::settings::AgreeSettings;
use super::statistic::Statistic;
use super::table::{Confusion, NOTHING_COMPARED};
use super::time_unit::{Categories, exact_table, scorable_table};
use super::tolerance::{ToleranceKappa, exact_tolerance_kappa, tolerance_kappa};
use super::uniform::{brennan_prediger, pabak};
use super::weighted::{Weighting, weighted_kappa};
use crate::Why;

pub(super) const NO_ORDER: Why = Why::Borrowed("the codes have no order (setting ordinal)");
pub(super) const NO_VALUES: Why = Why::Borrowed("the codes stand for no numbers (settings ordinal, code.values)");
const NO_CODE: Why = Why::Borrowed("neither coder used a code");
const NO_TOLERANCE: Why = Why::Borrowed("no tolerance (setting tolerance_s)");
const NO_REPLICATES: Why = Why::Borrowed("boot.replicates is 0");

/// The time that can be compared, as one table and what its limits are drawn from.
pub(super) struct Time {
    pub(super) table: Confusion, // in microseconds, or in units
    pub(super) in_seconds: Confusion,
    pub(super) seconds: f64, // of all of it
    timelines: Vec<Timeline>,
}

/// Each window by itself, missing time in its place: no unit and no block crosses from one to another.
pub(super) fn compared_time(windows: &[StateWindow], categories: &Categories, settings: &AgreeSettings) -> Time {
    let n = categories.len();
    let of_window = |window: &StateWindow| exact_table(&window.first, &window.second, window.span, categories);
    let exact = sum(n, windows.iter().map(of_window));
    let seconds = exact.total() / Length::SECOND.micros() as f64; // whole microseconds, rounded once
    let in_seconds =
        exact.rows().map(|row| row.iter().map(|micros| micros / Length::SECOND.micros() as f64).collect()).collect();
    let in_seconds = Confusion::from_rows(in_seconds).expect("durations are finite");
    let Some(step) = settings.step else {
        let timeline = |window: &StateWindow| Timeline::exact(&window.first, &window.second, window.span, categories);
        return Time { table: exact, in_seconds, seconds, timelines: windows.iter().map(timeline).collect() };
    };
    let labels: Vec<_> = windows.iter().map(|window| window.labels(step, settings.grid_rule, categories)).collect();
    let table = sum(n, labels.iter().map(|labels| Confusion::from_labels(n, &labels.first, &labels.second)));
    let timelines = labels.iter().map(|labels| Timeline::units(n, &labels.first, &labels.second)).collect();
    Time { table, in_seconds, seconds, timelines }
}

/// The coefficients of time, with limits.
pub(super) fn of_time(time: &Time, categories: &Categories, settings: &AgreeSettings) -> Vec<Statistic> {
    let coefficients = Coefficients::new(categories, settings);
    let statistics = coefficients.statistics(&time.table);
    let limits = if settings.boot_replicates == 0 {
        [const { Err(NO_REPLICATES) }; N_COEFFICIENTS]
    } else {
        let n = categories.len();
        let drawn = bootstrap(std::slice::from_ref(&time.timelines), &settings.boot_rules(), |cells| {
            let rows = cells.chunks(n.max(1)).map(<[f64]>::to_vec).collect();
            coefficients.values(&Confusion::from_rows(rows).expect("sums of blocks"))
        });
        drawn.map(|limits| limits.map_err(|why| Why::Owned(why.to_string())))
    };
    statistics.into_iter().zip(limits).map(|(statistic, limits)| statistic.with_limits(limits)).collect()
}

/// Which coefficients a table of time has.
struct Coefficients<'a> {
    settings: &'a AgreeSettings,
    n_codes: usize, // of the categories; a gap comes after them
    values: Vec<f64>,
}

const N_COEFFICIENTS: usize = 14;

impl<'a> Coefficients<'a> {
    fn new(categories: &Categories, settings: &'a AgreeSettings) -> Self {
        let keys = categories.keys();
        let n_codes = categories.gap().unwrap_or(keys.len()); // a gap comes last
        Self { settings, n_codes, values: settings.values_of(&keys[..n_codes]) }
    }

    /// Codes in an order have it among themselves; no code has no place in it.
    fn coded(&self, table: &Confusion) -> Confusion {
        let rows = table.rows().take(self.n_codes).map(|row| row[..self.n_codes].to_vec()).collect();
        Confusion::from_rows(rows).expect("a part of a table")
    }

    fn coincidences(&self, table: &Confusion) -> Coincidences {
        if self.settings.step.is_some() { Coincidences::from_table(table) } else { Coincidences::from_time(table) }
    }

    fn has_values(&self) -> bool {
        self.settings.ordinal || !self.settings.code_values.is_empty()
    }

    /// The numbers alone, in the order of [`Self::statistics`]: what is computed for each replicate.
    fn values(&self, table: &Confusion) -> [Option<f64>; N_COEFFICIENTS] {
        let in_order = self.settings.ordinal.then(|| self.coded(table));
        let weighted = |of: fn(&Confusion) -> Option<f64>| in_order.as_ref().and_then(of);
        let alpha_of = |table: &Confusion, metric| alpha(&self.coincidences(table), metric).ok();
        [
            kappa(table).value,
            table.po(),
            scott_pi(table).value,
            ac1(table).value,
            brennan_prediger(table).value,
            pabak(table).ok(),
            alpha_of(table, Metric::Nominal),
            self.overlap_extent(table),
            weighted(|table| weighted_kappa(table, Weighting::Linear).value),
            weighted(|table| weighted_kappa(table, Weighting::Quadratic).value),
            weighted(|table| ac2(table, Weighting::Linear).value),
            weighted(|table| ac2(table, Weighting::Quadratic).value),
            in_order.as_ref().and_then(|table| alpha_of(table, Metric::Ordinal)),
            self.has_values().then(|| self.alpha_interval(table).ok()).flatten(),
        ]
    }

    fn statistics(&self, table: &Confusion) -> [Statistic; N_COEFFICIENTS] {
        let po = table.po();
        let in_order = self.settings.ordinal.then(|| self.coded(table));
        let weighted = |id: &str, of: &dyn Fn(&Confusion) -> Statistic| {
            in_order.as_ref().map_or_else(|| Statistic::new(id, Err(NO_ORDER), []), of)
        };
        let weighted_kappa_of = |id, weighting| {
            weighted(id, &|table| {
                let statistic = Statistic::of_coefficient(id, weighted_kappa(table, weighting));
                statistic.with_parts(self.kappa_errors(table, weighting))
            })
        };
        let ac2_of = |id, weighting| weighted(id, &|table| Statistic::of_coefficient(id, ac2(table, weighting)));
        let ordinal = |table: &Confusion| alpha(&self.coincidences(table), Metric::Ordinal);
        let interval = if self.has_values() { self.alpha_interval(table) } else { Err(NO_VALUES) };
        [
            self.time_kappa(table),
            Statistic::new("agreement", po.ok_or(NOTHING_COMPARED), []),
            Statistic::of_coefficient("scott_pi", scott_pi(table)),
            Statistic::of_coefficient("ac1", ac1(table)).with_parts(self.ac1_error(table)),
            Statistic::of_coefficient("brennan_prediger", brennan_prediger(table)),
            Statistic::new("pabak", pabak(table), [("po", po)]),
            Statistic::new("alpha", alpha(&self.coincidences(table), Metric::Nominal), [("po", po)]),
            Statistic::new("overlap_extent", self.overlap_extent(table).ok_or(NO_CODE), []),
            weighted_kappa_of("kappa_linear", Weighting::Linear),
            weighted_kappa_of("kappa_quadratic", Weighting::Quadratic),
            ac2_of("ac2_linear", Weighting::Linear),
            ac2_of("ac2_quadratic", Weighting::Quadratic),
            weighted("alpha_ordinal", &|table| Statistic::new("alpha_ordinal", ordinal(table), [])),
            Statistic::new("alpha_interval", interval, []),
        ]
    }

    fn time_kappa(&self, table: &Confusion) -> Statistic {
        let of_kappa = kappa(table);
        let share_of_max = of_kappa.share_of_max();
        let Kappa { value, po, pe, max, why, .. } = of_kappa;
        let accuracy = table_accuracy(table).ok();
        let parts = [("po", po), ("pe", pe), ("max", max), ("share_of_max", share_of_max), ("accuracy", accuracy)];
        Statistic::new("time_kappa", value.ok_or_else(|| why.unwrap_or(NOTHING_COMPARED)), parts)
            .with_parts(self.kappa_errors(table, Weighting::Identity))
    }

    /// Of all codes together: a gap is none.
    fn overlap_extent(&self, table: &Confusion) -> Option<f64> {
        let (rows, columns) = (table.row_margins(), table.column_margins());
        let both: f64 = (0..self.n_codes).map(|code| table.cell(code, code)).sum();
        let either = (0..self.n_codes).map(|code| rows[code] + columns[code]).sum::<f64>() - both;
        (either > 0.0).then(|| both / either)
    }

    fn alpha_interval(&self, table: &Confusion) -> Result<f64, Why> {
        value_alpha(&self.coincidences(&self.coded(table)), &self.values)
    }

    /// Units are independent because the settings say so; of time itself there are none.
    fn has_independent_units(&self) -> bool {
        self.settings.se_iid && self.settings.step.is_some()
    }

    fn kappa_errors(&self, table: &Confusion, weighting: Weighting) -> Vec<(&'static str, Option<f64>)> {
        if !self.has_independent_units() {
            return Vec::new();
        }
        let errors = kappa_errors(table, weighting).ok();
        let part = |of: fn(&KappaErrors) -> f64| errors.as_ref().map(of);
        vec![
            ("se", part(|errors| errors.std_err)),
            ("se0", part(|errors| errors.std_err_h0)),
            ("z0", errors.as_ref().and_then(|errors| errors.z0)),
            ("low_iid", part(|errors| errors.low)),
            ("high_iid", part(|errors| errors.high)),
        ]
    }

    fn ac1_error(&self, table: &Confusion) -> Vec<(&'static str, Option<f64>)> {
        let std_err = || ac1_std_err(table, Ac1Divisor::NMinusOne).ok();
        if self.has_independent_units() { vec![("se", std_err())] } else { Vec::new() }
    }
}

pub(super) fn with_tolerance(windows: &[StateWindow], categories: &Categories, settings: &AgreeSettings) -> Statistic {
    const ID: &str = "tolerance_kappa";
    let Some(tolerance) = settings.tolerance else {
        return Statistic::new(ID, Err(NO_TOLERANCE), []);
    };
    let of_window = |window: &StateWindow| match settings.step {
        None => exact_tolerance_kappa(&window.first, &window.second, window.span, categories, tolerance),
        Some(step) => {
            let labels = window.labels(step, settings.grid_rule, categories);
            let units = tolerance.micros() / step.micros();
            tolerance_kappa(&labels.first, &labels.second, categories.len(), units as usize)
        }
    };
    let both: ToleranceKappa = windows.iter().map(of_window).fold(
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

/// Do the coders agree on what can be coded, of what both looked at?
pub(super) fn of_scorable(windows: &[StateWindow], looked_at: &SpanSet) -> Statistic {
    let tables = windows.iter().flat_map(|window| {
        let seen = looked_at.intersection(&window.span.into());
        let table = |span: &Span| scorable_table(&window.first, &window.second, *span);
        seen.spans().iter().map(table).collect::<Vec<_>>()
    });
    let Kappa { value, po, pe, why, .. } = kappa(&sum(2, tables));
    Statistic::new("scorable", value.ok_or_else(|| why.unwrap_or(NOTHING_COMPARED)), [("po", po), ("pe", pe)])
}

fn sum(n_codes: usize, tables: impl Iterator<Item = Confusion>) -> Confusion {
    tables.fold(Confusion::new(n_codes), |mut sum, table| {
        sum.add_table(&table);
        sum
    })
}
