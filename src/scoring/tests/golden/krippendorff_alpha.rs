//! `krippendorff_alpha.json`: SCIENCE.md 4.5.

use scoring::agreement::alpha::{Coincidences, Metric, alpha, interval_alpha};
use serde_json::Value;

use super::{cases, check_value, for_each_field, labels, numbers, tolerance};

const FILE: &str = "krippendorff_alpha.json";

#[test]
fn alpha_is_that_of_the_vectors() {
    let abs = tolerance(FILE, "abs");
    for case in cases(FILE) {
        let ratings: Vec<Vec<Option<f64>>> = case["ratings"].as_array().unwrap().iter().map(values).collect();
        // as codes, by their rank: what is not used changes nothing but the interval metric, which is on the values themselves
        let mut used: Vec<f64> = ratings.iter().flatten().copied().flatten().collect();
        used.sort_by(f64::total_cmp);
        used.dedup();
        let rank = |value: &Option<f64>| value.and_then(|value| used.iter().position(|used| *used == value));
        let codes: Vec<Vec<Option<usize>>> = ratings.iter().map(|coder| coder.iter().map(rank).collect()).collect();
        let coincidences = Coincidences::from_ratings(used.len(), &codes);
        let are_ranks = used.iter().enumerate().all(|(rank, value)| *value == rank as f64);
        for_each_field(case, |field, want, what| {
            let value = |got: Option<f64>| check_value(got, want, abs, what);
            let of = |metric| value(alpha(&coincidences, metric).ok());
            match field {
                "nominal" => of(Metric::Nominal),
                "ordinal" => of(Metric::Ordinal),
                "interval" => {
                    value(interval_alpha(&ratings).ok());
                    if are_ranks {
                        of(Metric::Interval);
                    }
                }
                "package_error" => {} // information only
                _ => return false,
            }
            true
        });
    }
}

/// One coder's values: a list of numbers, or labels in one of their short forms.
fn values(coder: &Value) -> Vec<Option<f64>> {
    if coder.is_array() {
        return numbers(coder);
    }
    labels(coder).into_iter().map(|label| label.map(|code| code as f64)).collect()
}
