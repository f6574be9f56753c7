//! `permutation.json`: SCIENCE.md 3.11, all circular shifts with guard = `min_shift`.

use scoring::chance::circular::{ShiftRules, circular_shift, shifts};
use scoring::chance::lagged::ShiftedCorrelation;
use scoring::chance::{Baseline, Tail};
use scoring::settings::CcfEstimator;
use scoring::synchrony::lagged::LagProfile;
use serde_json::{Value, json};
use span::Length;

use super::{cases, check_value, digits, for_each_field, golden, numbers};

const FILE: &str = "permutation.json";

#[test]
fn circular_shifts_are_those_of_the_vectors() {
    let tolerance = golden(FILE)["tolerance"]["abs"].as_f64().unwrap();
    for case in cases(FILE) {
        for baseline in baselines(&case) {
            for_each_field(&case, |field, want, what| {
                match field {
                    "observed" => check_value(Some(baseline.observed), want, tolerance, what),
                    "n_shifts" => assert_eq!(&json!(baseline.n), want, "{what}"),
                    "n_ge" => assert_eq!(&json!(baseline.n_at_least), want, "{what}"),
                    "p" => check_value(Some(baseline.p), want, tolerance, what),
                    "surrogate_mean" => check_value(Some(baseline.mean), want, tolerance, what),
                    "surrogate_sd_n1" => check_value(baseline.sd, want, tolerance, what),
                    _ => return false,
                }
                true
            });
        }
    }
}

/// The baseline of a case, in every way that there is.
fn baselines(case: &Value) -> Vec<Baseline> {
    let units = |name: &str| case[name].as_u64().unwrap() as usize;
    let rules = ShiftRules { guard: units("min_shift"), is_exhaustive: true, surrogates: 999, seed: 1 };
    match case["stat"].as_str().unwrap() {
        "matches" => {
            let (x, y) = (digits(&case["x"]), digits(&case["y"]));
            let matches = |y: &[Vec<Option<usize>>]| Some(x.iter().zip(&y[0]).filter(|(x, y)| x == y).count() as f64);
            vec![circular_shift(&[&y], rules, Tail::Upper, matches).unwrap()]
        }
        "max|ccf|" => {
            let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
            let max_lag = units("max_lag");
            let largest = |y: &[Vec<Option<f64>>]| {
                let profile = LagProfile::new(&x, &y[0], Length::SECOND, max_lag, CcfEstimator::Global);
                profile.peak()?.r.map(f64::abs)
            };
            let slow = circular_shift(&[&y], rules, Tail::Upper, largest).unwrap();
            let plain = |series: &[Option<f64>]| series.iter().copied().map(Option::unwrap).collect::<Vec<f64>>();
            let quick = ShiftedCorrelation::new(&plain(&x), &plain(&y), max_lag, CcfEstimator::Global).unwrap();
            let surrogates = shifts(&[y.len()], rules).unwrap().into_iter().map(|shift| quick.largest(shift[0]));
            vec![slow, Baseline::new(quick.largest(0), surrogates, Tail::Upper).unwrap()]
        }
        other => panic!("no test knows the statistic {other}"),
    }
}
