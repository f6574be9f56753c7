//! `crosscorr.json`: SCIENCE.md 3.1. Its first series is x.

use scoring::settings::CcfEstimator;
use scoring::synchrony::lagged::{LagProfile, white_noise_bound};
use serde_json::json;
use span::Length;

use super::{cases, check_value, check_values, for_each_field, numbers};

/// Pre-whitening is a later part of this crate; its fields are compared there.
const LATER: [&str; 2] = ["prewhitened_ar", "prewhitened_arima101"];

#[test]
fn lagged_correlation_is_that_of_the_vectors() {
    for case in cases("crosscorr.json") {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let max_lag = case["expected"]["lags"][1].as_u64().unwrap() as usize;
        let profile = |estimator| LagProfile::new(&x, &y, Length::SECOND, max_lag, estimator);
        let pairwise = profile(CcfEstimator::Pairwise); // ccf.estimator = pairwise: pearson_overlap
        let global = profile(CcfEstimator::Global); // ccf.estimator = global: ccf
        let rs = |profile: &LagProfile| profile.points.iter().map(|point| point.r).collect::<Vec<_>>();
        for_each_field(&case, |field, want, what| {
            match field {
                "lags" => {
                    let ends = [pairwise.points.first(), pairwise.points.last()].map(|point| point.unwrap().lag);
                    assert_eq!(&json!(ends), want, "{what}");
                }
                "pearson_overlap" => check_values(&rs(&pairwise), want, 1e-9, what),
                "pearson_overlap_n" => {
                    let n: Vec<usize> = pairwise.points.iter().map(|point| point.n).collect();
                    assert_eq!(&json!(n), want, "{what}");
                }
                "ccf" if want.is_null() => assert!(rs(&global).iter().all(Option::is_none), "{what}"),
                "ccf" => check_values(&rs(&global), want, 1e-9, what),
                "ccf_peak" => {
                    let peak = global.peak().unwrap();
                    assert_eq!(want.as_object().unwrap().len(), 2, "{what} has lag and r");
                    assert_eq!(&json!(peak.lag), &want["lag"], "{what}");
                    check_value(peak.r, &want["r"], 1e-9, what);
                }
                "bartlett_white_bound" => check_value(white_noise_bound(x.len()), want, 1e-9, what),
                _ => return LATER.contains(&field),
            }
            true
        });
    }
}
