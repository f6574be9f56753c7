//! `permutation.json`: SCIENCE.md 3.11, all circular shifts with guard = `min_shift`.

use scoring::chance::circular::{MAX_ALL, ShiftRules, circular_shift};
use scoring::chance::lagged::ShiftedCorrelation;
use scoring::chance::{Baseline, Tail};
use scoring::settings::CcfEstimator;
use scoring::synchrony::lagged::LagProfile;
use serde_json::{Value, json};
use span::Length;

use super::{cases, check_value, for_each_field, labels, numbers, tolerance};

const FILE: &str = "permutation.json";

#[test]
fn circular_shifts_are_those_of_the_vectors() {
    let abs = tolerance(FILE, "abs");
    for case in cases(FILE) {
        for baseline in baselines(case) {
            let of = |value: fn(&Baseline) -> Option<f64>| baseline.as_ref().and_then(value);
            for_each_field(case, |field, want, what| {
                match field {
                    "observed" => check_value(of(|baseline| Some(baseline.observed)), want, abs, what),
                    "n_shifts" => assert_eq!(&json!(baseline.as_ref().map(|baseline| baseline.n)), want, "{what}"),
                    "n_ge" => assert_eq!(&json!(baseline.as_ref().map(|baseline| baseline.n_at_least)), want, "{what}"),
                    "p" => check_value(of(|baseline| Some(baseline.p)), want, abs, what),
                    "surrogate_mean" => check_value(of(|baseline| Some(baseline.mean)), want, abs, what),
                    "surrogate_sd_n1" => check_value(of(|baseline| baseline.sd), want, abs, what),
                    _ => return false,
                }
                true
            });
        }
    }
}

/// The baseline of a case, in every way that there is.
fn baselines(case: &Value) -> Vec<Option<Baseline>> {
    let units = |name: &str| case[name].as_u64().unwrap() as usize;
    let guard = units("min_shift");
    match case["stat"].as_str().unwrap() {
        "matches" => {
            let (x, y) = (labels(&case["x"]), labels(&case["y"]));
            let matches = |y: &[Option<usize>]| Some(x.iter().zip(y).filter(|(x, y)| x == y).count() as f64);
            vec![over_all_shifts(&y, guard, &matches)]
        }
        "max|ccf|" => {
            let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
            let max_lag = units("max_lag");
            let largest = |y: &[Option<f64>]| {
                let profile = LagProfile::new(&x, y, Length::SECOND, max_lag, CcfEstimator::Global);
                profile.peak()?.r.map(f64::abs)
            };
            let mut baselines = vec![over_all_shifts(&y, guard, &largest)];
            let complete = |series: &[Option<f64>]| series.iter().copied().collect::<Option<Vec<f64>>>();
            if let Some((x, y)) = complete(&x).zip(complete(&y)) {
                let quick = ShiftedCorrelation::new(&x, &y, max_lag, CcfEstimator::Global);
                baselines.push(quick.and_then(|quick| {
                    let surrogates = (guard..=y.len().saturating_sub(guard)).map(|shift| quick.largest(shift));
                    Baseline::new(quick.largest(0), surrogates, Tail::Upper).ok()
                }));
            }
            baselines
        }
        other => panic!("{}: no test knows the statistic {other}", case["id"]),
    }
}

/// By the crate's own rules, which try all shifts where they are few; else shift by shift.
fn over_all_shifts<T: Copy>(second: &[T], guard: usize, statistic: &dyn Fn(&[T]) -> Option<f64>) -> Option<Baseline> {
    let n = second.len();
    let all = guard..=n.saturating_sub(guard);
    if all.clone().count() <= MAX_ALL {
        let rules = ShiftRules { guard, is_exhaustive: true, surrogates: 999, seed: 1 };
        return circular_shift(&[second], rules, Tail::Upper, |second| statistic(&second[0])).ok();
    }
    let shifted = |shift: usize| statistic(&[&second[n - shift..], &second[..n - shift]].concat());
    Baseline::new(statistic(second), all.map(shifted), Tail::Upper).ok()
}
