//! `gamma.json`: SCIENCE.md 4.4, `gamma.precision = none`, range start 0. What chance decides is held to the bounds of section 10, and
//! only where no coder has fewer than 6 units and the package's own runs have a standard deviation.

use scoring::agreement::gamma::{Gamma, Unit, gamma};
use scoring::agreement::settings::AgreeSettings;
use serde_json::{Value, json};
use span::{Instant, Length, Span};

use super::common::object;
use super::{cases, check_value, code_of, codes_of, for_each_field, moment, tolerance};

const FILE: &str = "gamma.json";

fn coders(case: &Value) -> Vec<Vec<Unit>> {
    let annotators = case["annotators"].as_object().unwrap();
    let codes = codes_of(annotators.values());
    let unit =
        |unit: &Value| Unit { start: moment(&unit["start"]), end: moment(&unit["end"]), code: code_of(unit, &codes) };
    annotators.values().map(|units| units.as_array().unwrap().iter().map(unit).collect()).collect()
}

#[test]
fn gamma_is_that_of_the_vectors() {
    for case in cases(FILE) {
        let coders = coders(case);
        let expected = &case["expected"];
        let fewest = coders.iter().map(Vec::len).min().unwrap_or_default();
        let sd = expected["gamma_sd"].as_f64().filter(|_| fewest >= 6);
        let latest = coders.iter().flatten().map(|unit| unit.end).max().unwrap_or(Instant::ZERO);
        let range = Span::new(Instant::ZERO, latest + Length::SECOND).unwrap();
        for seed in 1..=5 {
            let settings = json!({"gamma.alpha": case["alpha"], "gamma.beta": case["beta"],
                                  "gamma.delta_empty": case["delta_empty"], "gamma.precision": null, "seed": seed});
            let rules = AgreeSettings::from_overrides(&object(settings)).unwrap().gamma_rules(0); // codes without an order
            let agreement = gamma(&coders, range, &rules).ok();
            let of = |value: fn(&Gamma) -> f64| agreement.as_ref().map(value);
            for_each_field(case, |field, want, what| {
                match field {
                    "observed_disorder" => {
                        let deterministic = tolerance(FILE, "observed_disorder"); // the package computes in single precision
                        check_value(of(|gamma| gamma.observed_disorder), want, deterministic, what);
                    }
                    "n_unitary_alignments" => {
                        let n = agreement.as_ref().map(|gamma| gamma.alignment.len());
                        assert_eq!(&json!(n), want, "{what}");
                    }
                    "gamma_mean" => {
                        check_chance(of(|gamma| gamma.gamma), want, sd.map(|sd| 3.0 * sd + 0.05), what);
                    }
                    "expected_disorder_mean" => {
                        let share = if fewest >= 15 { 0.1 } else { 0.3 };
                        let bound = sd.map(|_| share * want.as_f64().unwrap_or_default());
                        check_chance(of(|gamma| gamma.expected_disorder), want, bound, what);
                    }
                    "gamma_cat_last" => check_chance(of(|gamma| gamma.gamma_cat), want, sd.map(|_| 0.1), what),
                    "gamma_sd" | "gamma_runs" | "n_samples" => {} // bounds and information
                    _ => return false,
                }
                true
            });
        }
    }
}

/// What chance decides: within a bound, where there is one.
#[track_caller]
fn check_chance(got: Option<f64>, want: &Value, bound: Option<f64>, what: &str) {
    match (got, want.as_f64(), bound) {
        (Some(got), Some(want), Some(bound)) => {
            assert!((got - want).abs() <= bound, "{what}: got {got}, expected {want} ± {bound}");
        }
        (Some(_), ..) => assert!(bound.is_none(), "{what}: got {got:?}, expected {want}"),
        (None, ..) => assert!(want.is_null(), "{what}: it is absent, expected {want}"),
    }
}
