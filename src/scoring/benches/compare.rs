//! The workloads that other programs know too: `cargo bench -p attunement-scoring --bench compare`.
//!
//! One line of JSON each: the time of the median run, and what was computed. With a folder as argument their inputs are written there, so that
//! `compare.py`, beside this file, gives the same data to Python packages and prints how much longer they take.
#![allow(clippy::print_stdout, reason = "it prints a line for each workload")]

mod common;

use std::path::{Path, PathBuf};

use common::cost;
use common::workloads::{N_CODES, codings, labels, lifetimes, series, states, units};
use scoring::agreement::alpha::{Coincidences, Metric, alpha};
use scoring::agreement::gamma::{GammaRules, Unit, gamma};
use scoring::agreement::kappa::kappa;
use scoring::agreement::table::Confusion;
use scoring::chance::circular::{ShiftRules, shifts};
use scoring::chance::lagged::ShiftedCorrelation;
use scoring::chance::{Baseline, Tail};
use scoring::recurrence::CrossRecurrence;
use scoring::repair::survival::KaplanMeier;
use scoring::settings::{CcfEstimator, KmLimitsAtZero, KmMedian};
use scoring::synchrony::windowed::{WindowRules, WindowedCorrelation};
use serde_json::{Value, json};
use span::Length;

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    let folder = folder.as_deref();
    of_labels(folder);
    of_units(folder);
    of_states(folder);
    of_series(folder);
    of_lifetimes(folder);
}

/// Prints what the workload takes and its numbers, and writes what it is given.
fn report<T>(
    folder: Option<&Path>,
    workload: &str,
    inputs: Value,
    run: impl Fn() -> T,
    values: impl FnOnce(&T) -> Value,
) {
    if let Some(folder) = folder {
        let file = folder.join(format!("{workload}.json"));
        std::fs::write(&file, inputs.to_string()).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
    let values = values(&run());
    println!("{}", json!({"workload": workload, "secs": cost(run).median.as_secs_f64(), "values": values}));
}

fn of_labels(folder: Option<&Path>) {
    let coders = labels(2, 36_000);
    let inputs = json!({"a": coders[0], "b": coders[1]});
    let run = || kappa(&Confusion::from_labels(N_CODES, &coders[0], &coders[1]));
    report(folder, "kappa", inputs.clone(), run, |kappa| json!({"kappa": kappa.value}));
    let run = || alpha(&Coincidences::from_ratings(N_CODES, &coders), Metric::Nominal);
    report(folder, "alpha", inputs, run, |alpha| json!({"alpha": alpha.as_ref().ok()}));
}

fn of_units(folder: Option<&Path>) {
    let (window, coders) = codings(2, 200);
    let coders: Vec<Vec<Unit>> = coders.iter().map(|coder| units(coder)).collect();
    let unit = |unit: &Unit| json!([unit.start.as_secs(), unit.end.as_secs(), unit.code]);
    let coder = |units: &Vec<Unit>| -> Value { units.iter().map(unit).collect() };
    let rules = GammaRules { precision: None, ..GammaRules::default() };
    let inputs = json!({"coders": coders.iter().map(coder).collect::<Vec<_>>(), "samples": rules.samples});
    let values = |gamma: &Result<_, _>| {
        let gamma: &scoring::agreement::gamma::Gamma = gamma.as_ref().expect("both have units");
        json!({"observed disorder": gamma.observed_disorder, "gamma, by chance": gamma.gamma})
    };
    report(folder, "gamma", inputs, || gamma(&coders, window, &rules), values);
}

/// As `PyRQA` counts: nothing is missing.
fn of_states(folder: Option<&Path>) {
    let complete =
        |seed| -> Vec<Option<usize>> { states(20_000, 5, seed).into_iter().map(|x| x.or(Some(0))).collect() };
    let (x, y) = (complete(1), complete(2));
    let values = |plot: &CrossRecurrence| {
        json!({"RR": plot.recurrence_rate(), "DET": plot.determinism(2), "LAM": plot.laminarity(2),
               "ENTR": plot.diagonal.entropy_nats(2)})
    };
    report(folder, "recurrence", json!({"x": x, "y": y}), || CrossRecurrence::new(&x, &y), values);
}

fn of_series(folder: Option<&Path>) {
    let (x, y) = (series(36_000, 1), series(36_000, 2));
    let optional = |series: &[f64]| series.iter().copied().map(Some).collect::<Vec<_>>();
    let (first, second) = (optional(&x), optional(&y));
    let rules = WindowRules { window: 100, max_lag: 50, window_inc: 1, lag_inc: 1, min_pairs: 6 };
    let values = |windowed: &WindowedCorrelation| json!({"mean |z|": windowed.summary(&[]).mean_abs_z});
    let inputs = json!({"x": x, "y": y, "window": rules.window, "max_lag": rules.max_lag});
    report(folder, "windowed", inputs, || WindowedCorrelation::new(&first, &second, rules), values);

    let rules = ShiftRules { guard: 50, is_exhaustive: true, surrogates: 1_000, seed: 1 };
    let drawn: Vec<usize> = shifts(&[x.len()], rules).expect("long enough").into_iter().map(|shift| shift[0]).collect();
    let run = || {
        let correlation = ShiftedCorrelation::new(&x, &y, 50, CcfEstimator::Global).expect("both vary");
        let surrogates = drawn.iter().map(|shift| correlation.largest(*shift));
        Baseline::new(correlation.largest(0), surrogates, Tail::Upper).expect("there are surrogates")
    };
    let inputs = json!({"x": x, "y": y, "max_lag": 50, "shifts": drawn});
    let values = |chance: &Baseline| json!({"observed": chance.observed, "mean": chance.mean, "p": chance.p});
    report(folder, "shifts", inputs, run, values);
}

fn of_lifetimes(folder: Option<&Path>) {
    let lifetimes = lifetimes(10_000);
    let times: Vec<f64> = lifetimes.iter().map(|lifetime| lifetime.time.as_secs()).collect();
    let events: Vec<bool> = lifetimes.iter().map(|lifetime| lifetime.is_event).collect();
    let values = |km: &KaplanMeier| json!({"median": km.quantile_secs(0.5, KmMedian::First), "S(20 s)": km.survival_at(Length::SECOND.times(20))});
    let run = || KaplanMeier::new(&lifetimes, KmLimitsAtZero::Zero);
    report(folder, "survival", json!({"times": times, "events": events}), run, values);
}
