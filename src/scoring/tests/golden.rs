//! Vectors made by other programs (named in each file's `produced_by`), compared field by field.
//!
//! `ATTUNE_GOLDEN` replaces the folder. A field that no test compares fails by name.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use std::path::PathBuf;

use common::*;
use scoring::repair::compare::{cox, log_rank};
use scoring::repair::episodes::{EpisodeRules, mismatch_episodes};
use scoring::repair::survival::{KaplanMeier, Lifetime};
use scoring::settings::{CcfEstimator, KmLimitsAtZero, KmMedian, NegNeg};
use scoring::synchrony::lagged::{LagProfile, white_noise_bound};
use scoring::{Dyad, Gaps, MatchRelation, StateMark, StateSeries, StateTypes};
use serde_json::{Value, json};
use span::{Instant, Length, Span, SpanSet};

fn cases(file: &str) -> Vec<Value> {
    let folder = std::env::var_os("ATTUNE_GOLDEN")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/golden"), PathBuf::from);
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let file: Value = serde_json::from_str(&text).unwrap();
    let cases = file["cases"].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

/// Calls `compare` with every expected field; it says whether it knows the field.
fn for_each_field(case: &Value, mut compare: impl FnMut(&str, &Value, &str) -> bool) {
    let id = case["id"].as_str().unwrap();
    for (field, want) in case["expected"].as_object().unwrap() {
        assert!(compare(field, want, &format!("{id}: {field}")), "{id}: no test compares '{field}'");
    }
}

#[track_caller]
fn check_value(got: Option<f64>, want: &Value, tolerance: f64, what: &str) {
    match want.as_f64() {
        Some(want) => check_close(got, want, tolerance, what),
        None => assert_eq!(got, None, "{what}"),
    }
}

#[track_caller]
fn check_values(got: &[Option<f64>], want: &Value, tolerance: f64, what: &str) {
    let want = want.as_array().unwrap();
    assert_eq!(got.len(), want.len(), "{what}");
    for (idx, (got, want)) in got.iter().zip(want).enumerate() {
        check_value(*got, want, tolerance, &format!("{what}[{idx}]"));
    }
}

fn numbers(value: &Value) -> Vec<Option<f64>> {
    value.as_array().unwrap().iter().map(Value::as_f64).collect()
}

fn millis(value: &Value) -> Length {
    Length::from_secs(value.as_f64().unwrap() / 1000.0).unwrap()
}

// ---- episodes.json: SCIENCE.md 2.2. Its pairs are (parent, infant).

const AFFECT_CODES: [&str; 3] = ["pos", "neu", "neg"];

fn affect_series(case: &Value, who: &str, window: Span) -> StateSeries {
    let missing = case["uncodable"].as_array().unwrap();
    let mark = |mark: &Value| StateMark {
        start: Instant::ZERO + millis(&mark["start"]),
        end: Instant::ZERO + millis(&mark["end"]),
        state: {
            let state = AFFECT_CODES.iter().position(|code| mark["code"] == *code);
            assert!(state.is_some() || missing.contains(&mark["code"]), "an unknown code");
            state
        },
    };
    let marks: Vec<StateMark> = case[who].as_array().unwrap().iter().map(mark).collect();
    StateSeries::from_marks(AFFECT_CODES, &marks, window, &SpanSet::new(), Gaps::Missing)
}

fn relation(case: &Value) -> MatchRelation {
    let swapped = |pair: &Value| [1, 0].map(|idx| pair[idx].as_str().unwrap().to_owned()).into();
    let pairs = case["matching_pairs"].as_array().unwrap().iter().map(swapped).collect();
    MatchRelation::new("golden", pairs)
}

#[test]
fn episodes_are_those_of_the_vectors() {
    for case in cases("episodes.json") {
        let edge = |idx: usize| Instant::ZERO + millis(&case["window"][idx]);
        let window = Span::new(edge(0), edge(1)).ok();
        // a window without time has no series either; what is expected then is nothing at all
        let series =
            |who| window.map_or(StateSeries::missing(AFFECT_CODES), |window| affect_series(&case, who, window));
        let recording = coded(series("infant"), series("parent"), relation(&case), window.unwrap_or(span(0.0, 1.0)));
        // neg_neg = match: every return counts; repair.of = ruptures: only those with an observed onset
        let settings = settings(json!({"neg_neg": "match", "repair.of": "ruptures"}));
        let scores = first(&recording, &settings);

        let states = Dyad::new(series("infant"), series("parent"), relation(&case)).states(Length::ZERO);
        let rules = EpisodeRules { neg_neg: NegNeg::Match, simul_tol: Length::ZERO, types: StateTypes::default() };
        let dyad = Dyad::new(series("infant"), series("parent"), relation(&case));
        let episodes = mismatch_episodes(&dyad, &states, recording.episodes[0].span, &rules);
        let ruptures: Vec<_> = episodes.iter().filter(|episode| episode.is_rupture).collect();
        let excluded = window.map(|window| {
            let used: SpanSet = states.runs.iter().map(|run| run.span).collect();
            used.gaps(window)
        });
        let excluded = excluded.unwrap_or_default();

        for_each_field(&case, |field, want, what| {
            let ms = |length: Length| json!(length.micros() / 1000);
            match field {
                "runs" => {
                    let used = states.runs.iter().map(|run| (run.span, if run.matched { "match" } else { "mismatch" }));
                    let mut runs: Vec<_> =
                        used.chain(excluded.spans().iter().map(|span| (*span, "excluded"))).collect();
                    runs.sort_by_key(|(span, _)| *span);
                    let runs: Vec<Value> = runs
                        .iter()
                        .map(|(span, what)| json!([span.start().micros() / 1000, span.end().micros() / 1000, what]))
                        .collect();
                    assert_eq!(&json!(runs), want, "{what}");
                }
                "match_ms" => assert_eq!(&ms(states.matched()), want, "{what}"),
                "mismatch_ms" => assert_eq!(&ms(states.codable() - states.matched()), want, "{what}"),
                "excluded_ms" => assert_eq!(&ms(excluded.length()), want, "{what}"),
                "usable_ms" => {
                    assert_eq!(&ms(states.codable()), want, "{what}");
                    assert_eq!(scores.codable, states.codable(), "{what}");
                }
                "match_prop" => check_value(scores.scores.number("match.proportion"), want, 1e-9, what),
                "n_match_runs" => {
                    assert_eq!(&json!(states.runs.iter().filter(|run| run.matched).count()), want, "{what}");
                }
                "n_mismatch_runs" => {
                    assert_eq!(&json!(episodes.len()), want, "{what}");
                    assert_eq!(scores.mismatch_episodes.len(), episodes.len(), "{what}");
                }
                "ruptures" => {
                    let ruptures: Vec<Value> = ruptures
                        .iter()
                        .map(|rupture| {
                            json!({"start": ms(rupture.span.start() - Instant::ZERO), "end": ms(rupture.span.end() - Instant::ZERO),
                                   "duration_ms": ms(rupture.length()), "repaired": rupture.is_repaired})
                        })
                        .collect();
                    assert_eq!(&json!(ruptures), want, "{what}");
                }
                "n_ruptures" => check_count(&scores.scores, "rupture.count", ruptures.len(), want, what),
                "n_repaired" => {
                    let repaired = ruptures.iter().filter(|rupture| rupture.is_repaired).count();
                    check_count(&scores.scores, "repair.count", repaired, want, what);
                }
                "n_censored" => {
                    assert_eq!(&json!(ruptures.iter().filter(|rupture| rupture.censored).count()), want, "{what}");
                }
                "repair_prop" => {
                    let repaired = ruptures.iter().filter(|rupture| rupture.is_repaired).count();
                    let share = (!ruptures.is_empty()).then(|| repaired as f64 / ruptures.len() as f64);
                    check_value(share, want, 1e-9, what);
                }
                "mean_latency_ms" => {
                    let mean = scores.scores.number("repair.latency.mean").map(|secs| secs * 1000.0);
                    check_value(mean, want, 1e-9, what);
                }
                "repair_rate_per_min" => check_value(scores.scores.number("repair.rate"), want, 1e-9, what),
                _ => return false,
            }
            true
        });
    }
}

/// The count by hand, and the score unless there is no time to score.
#[track_caller]
fn check_count(scores: &scoring::ScoreMap, id: &str, by_hand: usize, want: &Value, what: &str) {
    assert_eq!(&json!(by_hand), want, "{what}");
    assert_eq!(scores.number(id).unwrap_or_default(), by_hand as f64, "{what}");
}

// ---- survival.json: SCIENCE.md 2.3

fn lifetimes(case: &Value) -> Vec<Lifetime> {
    let events = case["event"].as_array().unwrap().iter();
    let times = case["time"].as_array().unwrap().iter();
    times.zip(events).map(|(time, event)| Lifetime { time: millis(time), is_event: event == 1 }).collect()
}

fn group(case: &Value, lifetimes: &[Lifetime], which: f64) -> Vec<Lifetime> {
    let groups = numbers(&case["group"]);
    lifetimes.iter().zip(groups).filter(|(_, group)| *group == Some(which)).map(|(lifetime, _)| *lifetime).collect()
}

#[test]
fn survival_is_that_of_the_vectors() {
    let in_ms = |secs: Option<f64>| secs.map(|secs| secs * 1000.0);
    for case in cases("survival.json") {
        let lifetimes = lifetimes(&case);
        let ours = KaplanMeier::new(&lifetimes, KmLimitsAtZero::Zero); // median, median_ci: first, zero
        let like_r = KaplanMeier::new(&lifetimes, KmLimitsAtZero::Absent); // the fields with _r: midpoint, absent
        let id = case["id"].as_str().unwrap();
        for_each_field(&case, |field, want, what| {
            match field {
                "km_every" => assert!(want.as_u64().unwrap() > 0, "{what}"),
                "km" => check_rows(&ours, want, case["expected"]["km_every"].as_u64().unwrap() as usize, what),
                "median" => check_value(in_ms(ours.quantile_secs(0.5, KmMedian::First)), want, 1e-8, what),
                "median_r" => check_value(in_ms(like_r.quantile_secs(0.5, KmMedian::Midpoint)), want, 1e-8, what),
                "q25" => check_value(in_ms(ours.quantile_secs(0.25, KmMedian::First)), want, 1e-8, what),
                "q75" => check_value(in_ms(ours.quantile_secs(0.75, KmMedian::First)), want, 1e-8, what),
                "median_ci" | "median_ci_r" => {
                    let (low, high) = if field == "median_ci" { &ours } else { &like_r }.median_limits_secs();
                    check_values(&[in_ms(low), in_ms(high)], want, 1e-8, what);
                }
                // km.tau = last
                "rmst_at" => check_value(in_ms(ours.longest().map(Length::as_secs)), want, 1e-8, what),
                "rmst" if want.is_null() => assert_eq!(id, "random_10000", "only this case does not produce it"),
                "rmst" => {
                    let mean = ours.longest().and_then(|tau| ours.restricted_mean_secs(tau));
                    check_value(in_ms(mean), want, 1e-8, what);
                }
                "logrank" => {
                    let test = log_rank(&group(&case, &lifetimes, 1.0), &group(&case, &lifetimes, 0.0)).unwrap();
                    assert_eq!(want.as_object().unwrap().len(), 2, "{what} has chi2 and p");
                    check_value(Some(test.chi2), &want["chi2"], 1e-8, what);
                    check_value(Some(test.p), &want["p"], 1e-8, what);
                }
                "cox_efron" => check_cox(&case, &lifetimes, want, what),
                _ => return false,
            }
            true
        });
    }
}

#[track_caller]
fn check_rows(km: &KaplanMeier, want: &Value, every: usize, what: &str) {
    let want = want.as_array().unwrap();
    let rows: Vec<_> = km.rows().iter().step_by(every).collect();
    assert_eq!(rows.len(), want.len(), "{what}");
    for (row, want) in rows.iter().zip(want) {
        for (field, want) in want.as_object().unwrap() {
            match field.as_str() {
                "t" => assert_eq!(row.time, millis(want), "{what}"),
                "at_risk" => assert_eq!(&json!(row.at_risk), want, "{what}"),
                "events" => assert_eq!(&json!(row.events), want, "{what}"),
                "S" => check_value(Some(row.survival), want, 1e-8, what),
                "ci_low" => check_value(row.low, want, 1e-8, what),
                "ci_high" => check_value(row.high, want, 1e-8, what),
                _ => panic!("{what}: no test compares '{field}'"),
            }
        }
    }
}

#[track_caller]
fn check_cox(case: &Value, lifetimes: &[Lifetime], want: &Value, what: &str) {
    let covariates: Vec<f64> = numbers(&case["group"]).into_iter().map(Option::unwrap).collect();
    let cox = cox(lifetimes, &covariates).unwrap();
    for (field, want) in want.as_object().unwrap() {
        match field.as_str() {
            "coef" => check_value(Some(cox.coef), want, 1e-6, what),
            "se" => check_value(Some(cox.std_err), want, 1e-6, what),
            "loglik" => check_value(Some(cox.log_likelihood), want, 1e-6, what),
            "tolerance" => assert_eq!(want, 1e-6, "{what}"),
            "lifelines_coef" | "lifelines_se" => {} // information only: that program stops early
            _ => panic!("{what}: no test compares '{field}'"),
        }
    }
}

// ---- crosscorr.json: SCIENCE.md 3.1. Its first series is x.

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
