//! `crosscorr.json`: SCIENCE.md 3.1 and 3.2.1. Its first series is x.

use scoring::settings::{CcfEstimator, PrewhitenFilter, PrewhitenModel, PrewhitenOrder};
use scoring::synchrony::lagged::{LagProfile, white_noise_bound};
use scoring::synchrony::prewhitened::{PastModel, PrewhitenRules, Prewhitened};
use scoring::{MatchRelation, Piece, Recording, ScoreSettings, StateSeries, quick_scores, slow_scores};
use serde_json::{Map, Value, json};
use span::{Instant, Length, Span};

use super::common::{coded, settings, span};
use super::{cases, check_absent, check_value, check_values, for_each_field, for_each_part, numbers, tolerance};

const FILE: &str = "crosscorr.json";

#[test]
fn lagged_correlation_is_that_of_the_vectors() {
    for case in cases(FILE) {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let max_lag = max_lag(case);
        let profile = |estimator| LagProfile::new(&x, &y, Length::SECOND, max_lag, estimator);
        let pairwise = profile(CcfEstimator::Pairwise); // ccf.estimator = pairwise: pearson_overlap
        let global = profile(CcfEstimator::Global); // ccf.estimator = global: ccf
        for_each_field(case, |field, want, what| {
            match field {
                "lags" => {
                    let ends = [pairwise.points.first(), pairwise.points.last()].map(|point| point.map(|p| p.lag));
                    assert_eq!(&json!(ends), want, "{what}");
                }
                "pearson_overlap" => check_correlations(&pairwise, want, "abs", what),
                "pearson_overlap_n" => {
                    let n: Vec<usize> = pairwise.points.iter().map(|point| point.n).collect();
                    assert_eq!(&json!(n), want, "{what}");
                }
                "ccf" => check_correlations(&global, want, "ccf_long", what),
                "ccf_peak" => check_peak(&global, want, what),
                "bartlett_white_bound" => check_value(white_noise_bound(x.len()), want, tolerance(FILE, "abs"), what),
                "prewhitened_ar" | "prewhitened_arima101" => {
                    let (model, order) = model(field, want);
                    let (filter, estimator) = (PrewhitenFilter::First, CcfEstimator::Global);
                    let rules = PrewhitenRules { model, order, max_order: 5, filter, estimator };
                    let whitened = Prewhitened::new(&x, &y, Length::SECOND, max_lag, rules).ok();
                    check_whitened(whitened.as_ref(), want, what);
                }
                _ => return false,
            }
            true
        });
    }
}

/// Beyond so many units they are not scored: every value is a state of its own.
const MAX_UNITS: usize = 400;

#[test]
fn lagged_correlation_is_that_of_the_vectors_under_named_settings() {
    for case in cases(FILE) {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        if x.is_empty() || x.len() > MAX_UNITS || max_lag(case) > x.len() {
            continue;
        }
        let settings = |more: Value| coded_settings(&x, &y, max_lag(case), more);
        let profile = |estimator: &str| {
            let (recording, settings) = settings(json!({"ccf.estimator": estimator}));
            quick_scores(&recording, &settings).episodes.remove(0).lag_profile
        };
        let (pairwise, global) = (profile("pairwise").unwrap(), profile("global").unwrap());
        for_each_field(case, |field, want, what| {
            match field {
                "lags" | "pearson_overlap_n" | "bartlett_white_bound" => {} // no setting changes them
                "pearson_overlap" => check_correlations(&pairwise, want, "abs", what),
                "ccf" => check_correlations(&global, want, "ccf_long", what),
                "ccf_peak" => check_peak(&global, want, what),
                "prewhitened_ar" | "prewhitened_arima101" => {
                    let (model, order) = model(field, want);
                    let (recording, settings) =
                        settings(json!({"ccf.estimator": "global", "prewhiten.filter": "first",
                                                 "prewhiten.model": model, "prewhiten.order": order}));
                    let scores = slow_scores(&recording, &settings, &|_| true).unwrap().episodes.remove(0);
                    check_whitened(scores.prewhitened.as_ref(), want, what);
                }
                _ => return false,
            }
            true
        });
    }
}

fn max_lag(case: &Value) -> usize {
    case["expected"]["lags"][1].as_u64().unwrap_or_default() as usize
}

/// The model that a field is about; where nothing is expected of any order, the lowest.
fn model(field: &str, want: &Value) -> (PrewhitenModel, PrewhitenOrder) {
    match field {
        "prewhitened_ar" => (PrewhitenModel::Ar, PrewhitenOrder::Fixed(want["p"].as_u64().unwrap_or(1) as usize)),
        _ => (PrewhitenModel::Arma11, PrewhitenOrder::Aic),
    }
}

/// Two partners with a state for each of their values.
fn coded_settings(x: &[Option<f64>], y: &[Option<f64>], max_lag: usize, more: Value) -> (Recording, ScoreSettings) {
    let (infant, parent) = (states(x, "x"), states(y, "y"));
    let values: Map<String, Value> = infant.1.into_iter().chain(parent.1).collect();
    let mut overrides = json!({"lag.max": max_lag, "state.values": values});
    overrides.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let window = span(0.0, x.len().max(y.len()) as f64);
    (coded(infant.0, parent.0, MatchRelation::new("none", Vec::new()), window), settings(overrides))
}

/// A series of seconds, and the value of each of its states.
fn states(series: &[Option<f64>], prefix: &str) -> (StateSeries, Vec<(String, Value)>) {
    let mut used: Vec<f64> = series.iter().copied().flatten().collect();
    used.sort_by(f64::total_cmp);
    used.dedup();
    let names: Vec<String> = (0..used.len()).map(|state| format!("{prefix}{state}")).collect();
    let second = |second: usize| Instant::ZERO + Length::SECOND.times(second as i64);
    let piece = |(unit, value): (usize, &Option<f64>)| {
        let state = used.iter().position(|used| Some(used) == value.as_ref())?;
        Some(Piece { span: Span::new(second(unit), second(unit + 1)).ok()?, state })
    };
    let pieces = series.iter().enumerate().filter_map(piece);
    let series = StateSeries::from_pieces(names.clone(), pieces).unwrap();
    (series, names.into_iter().zip(used.iter().map(|value| json!(value))).collect())
}

#[track_caller]
fn check_correlations(profile: &LagProfile, want: &Value, within: &str, what: &str) {
    let rs: Vec<_> = profile.points.iter().map(|point| point.r).collect();
    if want.is_null() {
        assert!(rs.iter().all(Option::is_none), "{what}: some are defined, expected null");
    } else {
        check_values(&rs, want, tolerance(FILE, within), what);
    }
}

#[track_caller]
fn check_peak(profile: &LagProfile, want: &Value, what: &str) {
    for_each_part(profile.peak().as_ref(), want, what, |peak, part, want, what| {
        match part {
            "lag" => assert_eq!(&json!(peak.lag), want, "{what}"),
            "r" => check_value(peak.r, want, tolerance(FILE, "abs"), what),
            _ => return false,
        }
        true
    });
}

/// ccf.estimator = global, prewhiten.filter = first.
#[track_caller]
fn check_whitened(whitened: Option<&Prewhitened>, want: &Value, what: &str) {
    let Some(whitened) = whitened else {
        return want.as_object().into_iter().flatten().for_each(|(part, want)| match part.as_str() {
            "p" | "tolerance" | "note" => {} // what was asked for
            _ => check_absent(want, &format!("{what}.{part}")),
        });
    };
    let of = |name: &str| want["tolerance"][name].as_f64().unwrap_or_else(|| tolerance(FILE, "prewhitened_ar"));
    for_each_part(Some(whitened), want, what, |whitened, part, want, what| {
        let values = |got: &[f64], within| {
            check_values(&got.iter().copied().map(Some).collect::<Vec<_>>(), want, within, what);
        };
        match (part, &whitened.first) {
            ("p", PastModel::Ar(model)) => assert_eq!(&json!(model.order()), want, "{what}"),
            ("phi", PastModel::Ar(model)) => values(&model.phi, of("phi")),
            ("const", PastModel::Ar(model)) => check_value(Some(model.constant), want, of("const"), what),
            ("bound", _) => check_value(whitened.bound(), want, tolerance(FILE, "abs"), what),
            ("params_const_ar_ma_sigma2", PastModel::Arma11(model)) => {
                values(&[model.mean, model.phi, model.theta, model.variance], of("params"));
            }
            ("loglik", PastModel::Arma11(model)) => check_value(Some(model.log_likelihood), want, of("loglik"), what),
            ("ccf", _) => {
                let rs: Vec<_> = whitened.profile.points.iter().map(|point| point.r).collect();
                check_values(&rs, want, of("ccf"), what);
            }
            ("tolerance" | "note", _) => {} // not about a number of ours
            _ => return false,
        }
        true
    });
}
