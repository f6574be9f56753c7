//! Vectors made by other programs (named in each file's `produced_by`), compared field by field: one file here for each of theirs.
//!
//! `ATTUNE_GOLDEN` replaces the folder. A field that no test compares fails by name.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

#[path = "../common/mod.rs"]
mod common;

mod coherence;
mod contingency_regression;
mod continuous_agreement;
mod crosscorr;
mod crqa;
mod episodes;
mod event_alignment;
mod fleiss;
mod gamma;
mod granger;
mod icc;
mod information;
mod kappa;
mod krippendorff_alpha;
mod lag_sequential;
mod permutation;
mod segmentation;
mod state_space_grid;
mod survival;
mod timeunit_kappa;
mod windowed_crosscorr;

use std::path::PathBuf;

use common::check_close;
use scoring::{Gaps, StateMark, StateSeries};
use serde_json::Value;
use span::{Instant, Length, Span, SpanSet};

/// One file of vectors.
fn golden(file: &str) -> Value {
    let folder = std::env::var_os("ATTUNE_GOLDEN")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/golden"), PathBuf::from);
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap()
}

fn cases(file: &str) -> Vec<Value> {
    cases_of(file, "cases")
}

/// The cases under another key.
fn cases_of(file: &str, key: &str) -> Vec<Value> {
    let cases = golden(file)[key].as_array().unwrap().clone();
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

/// One state per character; `.` is missing.
fn digits(value: &Value) -> Vec<Option<usize>> {
    let text = value["digits"].as_str().unwrap();
    text.chars().map(|digit| digit.to_digit(10).map(|digit| digit as usize)).collect()
}

fn millis(value: &Value) -> Length {
    Length::from_secs(value.as_f64().unwrap() / 1000.0).unwrap()
}

/// Codes as a plain list, as `{"rle": [[code, length], ...]}` or as `{"digits": "0012.3"}`; `null` and `.` are missing.
fn labels(value: &Value) -> Vec<Option<usize>> {
    let code = |value: &Value| value.as_u64().map(|code| code as usize);
    if let Some(digits) = value["digits"].as_str() {
        return digits.chars().map(|digit| digit.to_digit(10).map(|code| code as usize)).collect();
    }
    if let Some(runs) = value["rle"].as_array() {
        let run = |run: &Value| std::iter::repeat_n(code(&run[0]), run[1].as_u64().unwrap() as usize);
        return runs.iter().flat_map(run).collect();
    }
    value.as_array().unwrap().iter().map(code).collect()
}

/// One partner's track; a window without time has no series either, and what is expected then is nothing at all.
fn affect_series(case: &Value, who: &str, codes: &[String]) -> StateSeries {
    let edge = |idx: usize| Instant::ZERO + millis(&case["window"][idx]);
    let Ok(window) = Span::new(edge(0), edge(1)) else { return StateSeries::missing(codes) };
    let missing = case["uncodable"].as_array().unwrap();
    let mark = |mark: &Value| StateMark {
        start: Instant::ZERO + millis(&mark["start"]),
        end: Instant::ZERO + millis(&mark["end"]),
        state: {
            let state = codes.iter().position(|code| mark["code"] == *code);
            assert!(state.is_some() || missing.contains(&mark["code"]), "an unknown code");
            state
        },
    };
    let marks: Vec<StateMark> = case[who].as_array().unwrap().iter().map(mark).collect();
    StateSeries::from_marks(codes, &marks, window, &SpanSet::new(), Gaps::Missing)
}
