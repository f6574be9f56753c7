//! Vectors made by other programs (named in each file's `produced_by`), compared field by field: one file here for each of theirs.
//!
//! `ATTUNE_GOLDEN` replaces the folder. A field that no test compares fails by name, and so does a case, a file or an input that no test knows.
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
mod shape;
mod state_space_grid;
mod survival;
mod timeunit_kappa;
mod windowed_crosscorr;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Mutex;

use common::{check_close, coded};
use scoring::{Gaps, MatchRelation, NONE, Recording, StateMark, StateSeries};
use serde_json::Value;
use span::{Instant, Length, Span, SpanSet};

/// Where the vectors are.
fn folder() -> PathBuf {
    std::env::var_os("ATTUNE_GOLDEN")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/golden"), PathBuf::from)
}

/// One file of vectors, read once.
fn golden(file: &str) -> &'static Value {
    static READ: Mutex<BTreeMap<String, &'static Value>> = Mutex::new(BTreeMap::new());
    if let Some(vectors) = READ.lock().unwrap().get(file) {
        return vectors;
    }
    let text = std::fs::read_to_string(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let vectors = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let vectors: &Value = Box::leak(Box::new(vectors));
    READ.lock().unwrap().insert(file.to_owned(), vectors);
    vectors
}

fn cases(file: &str) -> &'static [Value] {
    cases_of(file, "cases")
}

/// The cases under another key.
fn cases_of(file: &str, key: &str) -> &'static [Value] {
    let cases = golden(file)[key].as_array().map_or(&[][..], Vec::as_slice);
    assert!(!cases.is_empty(), "{file} has no {key}");
    cases
}

/// What the file itself allows, under one of its names.
fn tolerance(file: &str, name: &str) -> f64 {
    golden(file)["tolerance"][name].as_f64().unwrap_or_else(|| panic!("{file} has no tolerance '{name}'"))
}

/// Calls `compare` with every expected field; it says whether it knows the field.
fn for_each_field(case: &Value, mut compare: impl FnMut(&str, &Value, &str) -> bool) {
    let id = case["id"].as_str().unwrap();
    let fields = case["expected"].as_object().unwrap_or_else(|| panic!("{id} expects nothing, not even {{}}"));
    for (field, want) in fields {
        assert!(compare(field, want, &format!("{id}: {field}")), "{id}: no test compares '{field}'");
    }
}

/// Likewise with every part of an expected field. What is absent as a whole has no number in any part.
#[track_caller]
fn for_each_part<T>(
    got: Option<&T>,
    want: &Value,
    what: &str,
    mut compare: impl FnMut(&T, &str, &Value, &str) -> bool,
) {
    let (Some(got), Some(parts)) = (got, want.as_object()) else {
        assert!(got.is_none(), "{what}: it is defined, expected {want}");
        return check_absent(want, what);
    };
    for (part, want) in parts {
        let what = format!("{what}.{part}");
        assert!(compare(got, part, want, &what), "no test compares '{what}'");
    }
}

/// No number is expected anywhere in it.
#[track_caller]
fn check_absent(want: &Value, what: &str) {
    match want {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| check_absent(item, what)),
        Value::Object(parts) => parts.iter().for_each(|(part, want)| check_absent(want, &format!("{what}.{part}"))),
        _ => panic!("{what}: it is absent, expected {want}"),
    }
}

#[track_caller]
fn check_value(got: Option<f64>, want: &Value, tolerance: f64, what: &str) {
    match want.as_f64() {
        Some(want) => check_close(got, want, tolerance, what),
        None => assert_eq!((got, want), (None, &Value::Null), "{what}"),
    }
}

#[track_caller]
fn check_values(got: &[Option<f64>], want: &Value, tolerance: f64, what: &str) {
    let want = want.as_array().unwrap_or_else(|| panic!("{what}: there are {}, expected {want}", got.len()));
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

fn moment(value: &Value) -> Instant {
    Instant::ZERO + millis(value)
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

fn words(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// The different codes of some lists of marks, in alphabetical order.
fn codes_of<'a>(tracks: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    let marks = tracks.into_iter().flat_map(|track| track.as_array().unwrap());
    let codes: BTreeSet<&str> = marks.map(|mark| mark["code"].as_str().unwrap()).collect();
    codes.into_iter().map(str::to_owned).collect()
}

/// The index of a mark's code.
#[track_caller]
fn code_of(mark: &Value, codes: &[String]) -> usize {
    codes.iter().position(|code| mark["code"] == **code).unwrap_or_else(|| panic!("no code {}", mark["code"]))
}

/// The time of a case; one without time has no series, and what is expected then is nothing at all.
fn window(case: &Value) -> Option<Span> {
    Span::new(moment(&case["window"][0]), moment(&case["window"][1])).ok()
}

/// One partner's, or one coder's, track; the codes in `uncodable` are missing time.
fn series(case: &Value, who: &str, codes: &[String], gaps: Gaps) -> StateSeries {
    let missing = case["uncodable"].as_array().unwrap();
    let mark = |mark: &Value| StateMark {
        start: moment(&mark["start"]),
        end: moment(&mark["end"]),
        state: (!missing.contains(&mark["code"])).then(|| code_of(mark, codes)),
    };
    let marks: Vec<StateMark> = case[who].as_array().unwrap().iter().map(mark).collect();
    match window(case) {
        Some(window) => StateSeries::from_marks(codes, &marks, window, &SpanSet::new(), gaps),
        None => StateSeries::missing(codes.iter().map(String::as_str).chain((gaps == Gaps::None).then_some(NONE))),
    }
}

/// Two tracks of engagement as one recording; without time there is an episode in which nothing is coded.
fn recording(case: &Value, infant: StateSeries, parent: StateSeries, relation: MatchRelation) -> Recording {
    coded(infant, parent, relation, window(case).unwrap_or_else(|| common::span(0.0, 1.0)))
}
