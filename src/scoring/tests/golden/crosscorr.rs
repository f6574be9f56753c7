//! `crosscorr.json`: SCIENCE.md 3.1 and 3.2.1. Its first series is x.

use scoring::settings::{CcfEstimator, PrewhitenFilter, PrewhitenModel, PrewhitenOrder};
use scoring::synchrony::lagged::{LagProfile, white_noise_bound};
use scoring::synchrony::prewhitened::{PastModel, PrewhitenRules, Prewhitened};
use serde_json::{Value, json};
use span::Length;

use super::{cases, check_value, check_values, for_each_field, numbers};

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
                "prewhitened_ar" => check_ar(&x, &y, max_lag, want, what),
                "prewhitened_arima101" => check_arma(&x, &y, max_lag, want, what),
                _ => return false,
            }
            true
        });
    }
}

/// ccf.estimator = global, prewhiten.filter = first.
fn whitened(
    x: &[Option<f64>],
    y: &[Option<f64>],
    max_lag: usize,
    model: PrewhitenModel,
    order: PrewhitenOrder,
) -> Prewhitened {
    let (filter, estimator) = (PrewhitenFilter::First, CcfEstimator::Global);
    let rules = PrewhitenRules { model, order, max_order: 5, filter, estimator };
    Prewhitened::new(x, y, Length::SECOND, max_lag, rules).unwrap()
}

fn correlations(whitened: &Prewhitened) -> Vec<Option<f64>> {
    whitened.profile.points.iter().map(|point| point.r).collect()
}

#[track_caller]
fn check_ar(x: &[Option<f64>], y: &[Option<f64>], max_lag: usize, want: &Value, what: &str) {
    let order = want["p"].as_u64().unwrap() as usize;
    let whitened = whitened(x, y, max_lag, PrewhitenModel::Ar, PrewhitenOrder::Fixed(order));
    let PastModel::Ar(model) = &whitened.first else { panic!("{what}") };
    for (field, want) in want.as_object().unwrap() {
        match field.as_str() {
            "p" => assert_eq!(&json!(model.order()), want, "{what}"),
            "phi" => check_values(&model.phi.iter().copied().map(Some).collect::<Vec<_>>(), want, 1e-7, what),
            "const" => check_value(Some(model.constant), want, 1e-7, what),
            "ccf" => check_values(&correlations(&whitened), want, 1e-7, what),
            "bound" => check_value(whitened.bound(), want, 1e-9, what),
            _ => panic!("{what}: no test compares '{field}'"),
        }
    }
}

#[track_caller]
fn check_arma(x: &[Option<f64>], y: &[Option<f64>], max_lag: usize, want: &Value, what: &str) {
    let whitened = whitened(x, y, max_lag, PrewhitenModel::Arma11, PrewhitenOrder::Aic);
    let PastModel::Arma11(model) = &whitened.first else { panic!("{what}") };
    let tolerance = |field: &str| want["tolerance"][field].as_f64().unwrap();
    for (field, want) in want.as_object().unwrap() {
        match field.as_str() {
            "params_const_ar_ma_sigma2" => {
                let params = [model.mean, model.phi, model.theta, model.variance].map(Some);
                check_values(&params, want, tolerance("params"), what);
            }
            "loglik" => check_value(Some(model.log_likelihood), want, tolerance("loglik"), what),
            "ccf" => check_values(&correlations(&whitened), want, tolerance("ccf"), what),
            "tolerance" => assert_eq!(want.as_object().unwrap().len(), 3, "{what}"),
            "note" => {} // information only
            _ => panic!("{what}: no test compares '{field}'"),
        }
    }
}
