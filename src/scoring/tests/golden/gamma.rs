//! `gamma.json`: SCIENCE.md 4.4, `gamma.precision = none`, range start 0. What chance decides is held to the bounds of section 10, and
//! only where no coder has fewer than 6 units and the package's own runs have a standard deviation.

use scoring::agreement::gamma::{GammaRules, Unit, gamma};
use serde_json::{Value, json};
use span::{Instant, Length, Span};

use super::common::check_close;
use super::{cases, for_each_field, millis};

/// The package computes in single precision.
const DETERMINISTIC: f64 = 1e-5;

fn coders(case: &Value) -> Vec<Vec<Unit>> {
    let code = |unit: &Value| usize::from(unit["code"].as_str().unwrap().bytes().next().unwrap());
    let at = |time: &Value| Instant::ZERO + millis(time);
    let unit = |unit: &Value| Unit { start: at(&unit["start"]), end: at(&unit["end"]), code: code(unit) };
    let coder = |units: &Value| units.as_array().unwrap().iter().map(unit).collect();
    case["annotators"].as_object().unwrap().values().map(coder).collect()
}

#[test]
fn gamma_is_that_of_the_vectors() {
    for case in cases("gamma.json") {
        let coders = coders(&case);
        let expected = &case["expected"];
        let fewest = coders.iter().map(Vec::len).min().unwrap();
        let compares_chance = fewest >= 6 && expected["gamma_sd"].is_number();
        let latest = coders.iter().flatten().map(|unit| unit.end).max().unwrap();
        let range = Span::new(Instant::ZERO, latest + Length::SECOND).unwrap();
        let weight = |key: &str| case[key].as_f64().unwrap();
        for seed in 1..=5 {
            let rules = GammaRules {
                alpha: weight("alpha"),
                beta: weight("beta"),
                delta_empty: weight("delta_empty"),
                precision: None,
                seed,
                ..GammaRules::default()
            };
            let agreement = gamma(&coders, range, &rules).unwrap();
            for_each_field(&case, |field, want, what| {
                let number = || want.as_f64().unwrap();
                match field {
                    "observed_disorder" => {
                        check_close(Some(agreement.observed_disorder), number(), DETERMINISTIC, what);
                    }
                    "n_unitary_alignments" => assert_eq!(&json!(agreement.alignment.len()), want, "{what}"),
                    "gamma_mean" if compares_chance => {
                        let bound = 3.0 * expected["gamma_sd"].as_f64().unwrap() + 0.05;
                        check_within(agreement.gamma, number(), bound, what);
                    }
                    "expected_disorder_mean" if compares_chance => {
                        let share = if fewest >= 15 { 0.1 } else { 0.3 };
                        check_within(agreement.expected_disorder, number(), share * number(), what);
                    }
                    "gamma_cat_last" if compares_chance => check_within(agreement.gamma_cat, number(), 0.1, what),
                    "gamma_mean" | "expected_disorder_mean" | "gamma_cat_last" => {} // chance decides them
                    "gamma_sd" | "gamma_runs" | "n_samples" => {}                    // bounds and information
                    _ => return false,
                }
                true
            });
        }
    }
}

#[track_caller]
fn check_within(got: f64, want: f64, bound: f64, what: &str) {
    assert!((got - want).abs() <= bound, "{what}: got {got}, expected {want} ± {bound}");
}
