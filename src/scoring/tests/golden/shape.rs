//! What the files hold. A file, a list of cases, an input or a tolerance that no test reads would pass in silence: here it fails by name.

use serde_json::{Map, Value};

use super::{folder, golden};

/// A list of cases: its file, its key, and the inputs of a case; those with a `?` may be left out.
type Cases = (&'static str, &'static str, &'static [&'static str]);

const CASES: [Cases; 23] = [
    ("coherence.json", "cases", &["x_y_from_granger_case", "fs", "nperseg"]),
    ("contingency_regression.json", "cases", &["x", "y", "order"]),
    ("contingency_regression.json", "mixed_cases", &["formula", "reml"]),
    ("continuous_agreement.json", "cases", &["x", "y"]),
    ("crosscorr.json", "cases", &["x", "y"]),
    ("crqa.json", "cases", &["x", "y", "lmin", "vmin", "maxlag"]),
    ("episodes.json", "cases", &["window", "matching_pairs", "uncodable", "parent", "infant"]),
    ("event_alignment.json", "cases", &["codes", "a", "b", "tol_ms", "sub", "gap"]),
    ("fleiss.json", "cases", &["counts"]),
    ("gamma.json", "cases", &["alpha", "beta", "delta_empty", "annotators"]),
    ("granger.json", "cases", &["x", "y", "order"]),
    ("icc.json", "cases", &["ratings"]),
    ("information.json", "cases", &["x", "y"]),
    ("kappa.json", "cases", &["K", "a", "b"]),
    ("krippendorff_alpha.json", "cases", &["ratings"]),
    ("lag_sequential.json", "cases", &["K", "lag", "self_transitions_allowed", "sequences"]),
    ("permutation.json", "cases", &["stat", "x", "y", "min_shift", "max_lag?"]),
    ("segmentation.json", "cases", &["masses_a", "masses_b"]),
    ("segmentation.json", "pyannote_cases", &["reference", "hypothesis", "collar_s"]),
    ("state_space_grid.json", "cases", &["window", "codes_parent", "codes_infant", "uncodable", "parent", "infant"]),
    ("survival.json", "cases", &["time", "event", "group"]),
    ("timeunit_kappa.json", "cases", &["window", "step", "codes", "uncodable", "a", "b"]),
    ("windowed_crosscorr.json", "cases", &["x", "y", "window", "max_lag", "window_inc", "lag_inc", "peak_halfwidth"]),
];

/// What a file allows. `counts` is 0: they are compared as they are; `rel` is `abs` of numbers beyond 1; `phase` says where phases count.
const TOLERANCES: [(&str, &[&str]); 21] = [
    ("coherence.json", &["abs", "phase_abs", "phase"]),
    ("contingency_regression.json", &["ols_rel", "mixed_fixed", "mixed_se", "mixed_var_rel", "loglik"]),
    ("continuous_agreement.json", &["abs", "rel?"]),
    ("crosscorr.json", &["abs", "ccf_long", "prewhitened_ar"]),
    ("crqa.json", &["abs", "counts", "pyrqa"]),
    ("episodes.json", &["abs", "counts"]),
    ("event_alignment.json", &["abs", "counts"]),
    ("fleiss.json", &["abs"]),
    ("gamma.json", &["observed_disorder", "gamma"]),
    ("granger.json", &["rel", "p_abs"]),
    ("icc.json", &["icc", "F_rel", "p", "ci", "pingouin_ci"]),
    ("information.json", &["abs"]),
    ("kappa.json", &["abs", "rel?", "se"]),
    ("krippendorff_alpha.json", &["abs"]),
    ("lag_sequential.json", &["abs", "counts", "expected_ipf"]),
    ("permutation.json", &["abs", "counts"]),
    ("segmentation.json", &["abs"]),
    ("state_space_grid.json", &["abs", "counts"]),
    ("survival.json", &["abs", "cox"]),
    ("timeunit_kappa.json", &["abs", "counts"]),
    ("windowed_crosscorr.json", &["abs"]),
];

/// What stands beside the vectors in their folder: what they mean, and files of other programs, which other crates read.
const BESIDE: [&str; 3] = ["README.md", "DEFINITIONS.md", "formats"];

#[test]
fn every_file_has_its_test() {
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !BESIDE.contains(&name.as_str()))
        .collect();
    files.sort();
    let unknown: Vec<_> = files.iter().filter(|name| TOLERANCES.iter().all(|(file, _)| file != name)).collect();
    assert!(unknown.is_empty(), "no test reads {unknown:?}");
    let missing: Vec<_> = TOLERANCES.iter().filter(|(file, _)| !files.iter().any(|name| name == file)).collect();
    assert!(missing.is_empty(), "these files are missing: {missing:?}");
}

#[test]
fn every_list_input_and_tolerance_is_read() {
    for (file, tolerances) in TOLERANCES {
        let vectors = golden(file).as_object().unwrap_or_else(|| panic!("{file} is no object"));
        let lists: Vec<Cases> = CASES.into_iter().filter(|(of, ..)| *of == file).collect();
        let mut keys = vec!["what", "tolerance", "note?", "produced_by"];
        keys.extend(lists.iter().map(|(_, list, _)| list));
        if file == "contingency_regression.json" {
            keys.push("mixed_data");
        }
        check_keys(vectors, &keys, file);
        check_keys(
            object(&vectors["tolerance"], file),
            &[tolerances, &["note?"]].concat(),
            &format!("{file}: tolerance"),
        );
        assert!(vectors["tolerance"].get("counts").is_none_or(|counts| *counts == 0), "{file}: counts are exact");
        for (_, list, inputs) in lists {
            for case in vectors[list].as_array().unwrap_or_else(|| panic!("{file}: {list} is no list")) {
                let what = format!("{file}: {list}: {}", case["id"]);
                check_keys(object(case, &what), &[inputs, &["id", "note?", "expected"]].concat(), &what);
            }
        }
    }
}

#[track_caller]
fn object<'a>(value: &'a Value, what: &str) -> &'a Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("{what} is no object"))
}

/// It has these keys and no others; those with a `?` may be left out.
#[track_caller]
fn check_keys(got: &Map<String, Value>, known: &[&str], what: &str) {
    for key in got.keys() {
        let is_known = known.iter().any(|known| known.trim_end_matches('?') == key);
        assert!(is_known, "{what}: no test reads '{key}'");
    }
    for key in known.iter().filter(|key| !key.ends_with('?')) {
        assert!(got.contains_key(*key), "{what} lacks '{key}'");
    }
}
