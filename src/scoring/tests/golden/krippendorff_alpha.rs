//! `krippendorff_alpha.json`: SCIENCE.md 4.5.

use scoring::agreement::alpha::{Coincidences, Metric, alpha, interval_alpha};

use super::{cases, check_value, for_each_field, labels};

#[test]
fn alpha_is_that_of_the_vectors() {
    for case in cases("krippendorff_alpha.json") {
        let ratings: Vec<_> = case["ratings"].as_array().unwrap().iter().map(labels).collect();
        let n_codes = ratings.iter().flatten().flatten().max().map_or(0, |code| code + 1);
        let coincidences = Coincidences::from_ratings(n_codes, &ratings);
        let as_numbers =
            |labels: &Vec<Option<usize>>| labels.iter().map(|label| label.map(|code| code as f64)).collect();
        let numbers: Vec<Vec<Option<f64>>> = ratings.iter().map(as_numbers).collect();
        for_each_field(&case, |field, want, what| {
            let metric = match field {
                "nominal" => Metric::Nominal,
                "ordinal" => Metric::Ordinal,
                "interval" => Metric::Interval, // on the integers themselves
                "package_error" => return true, // information only
                _ => return false,
            };
            check_value(alpha(&coincidences, metric).ok(), want, 1e-9, what);
            if metric == Metric::Interval {
                check_value(interval_alpha(&numbers).ok(), want, 1e-9, what);
            }
            true
        });
    }
}
