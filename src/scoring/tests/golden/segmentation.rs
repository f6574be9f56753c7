//! `segmentation.json`: SCIENCE.md 4.7. The first is the hypothesis, the second the reference.

use scoring::agreement::gamma::Unit;
use scoring::agreement::segmentation::{
    ErrorTimes, boundary_edits, detection_error, diarisation_error, identification_error, window_errors,
};
use serde_json::Value;
use span::{Instant, Length};

use super::{cases, cases_of, check_value, for_each_field, millis};

const TOLERANCE: f64 = 1e-6;

#[test]
fn boundaries_are_compared_as_in_the_vectors() {
    for case in cases("segmentation.json") {
        let masses = |key: &str| -> Vec<usize> {
            case[key].as_array().unwrap().iter().map(|mass| mass.as_u64().unwrap() as usize).collect()
        };
        let (a, b) = (masses("masses_a"), masses("masses_b"));
        let (n2, n4) = (boundary_edits(&a, &b, 2).unwrap(), boundary_edits(&a, &b, 4).unwrap());
        let windows = window_errors(&a, &b).unwrap();
        for_each_field(&case, |field, want, what| {
            let got = match field {
                "boundary_similarity_n2" => n2.boundary_similarity(),
                "boundary_similarity_n4" => n4.boundary_similarity(),
                "segmentation_similarity_n2" => n2.segmentation_similarity(),
                "window_diff" => Some(windows.window_diff()),
                "pk" => Some(windows.pk()),
                "package_error" => return true, // information only
                _ => return false,
            };
            check_value(got, want, TOLERANCE, what);
            true
        });
    }
}

#[test]
fn errors_against_a_reference_are_those_of_the_vectors() {
    for case in cases_of("segmentation.json", "pyannote_cases") {
        let (hypothesis, reference) = (units(&case["hypothesis"]), units(&case["reference"]));
        let collar = Length::from_secs(case["collar_s"].as_f64().unwrap()).unwrap();
        let identification = identification_error(&hypothesis, &reference, collar);
        let detection = detection_error(&hypothesis, &reference, collar);
        let diarisation = diarisation_error(&hypothesis, &reference, collar);
        for_each_field(&case, |field, want, what| {
            match field {
                "ier" => check_value(identification.rate(), want, TOLERANCE, what),
                "der" => check_value(diarisation.rate(), want, TOLERANCE, what),
                "ier_components_s" => check_times(&identification, want, what),
                "detection_components_s" => check_times(&detection, want, what),
                _ => return false,
            }
            true
        });
    }
}

fn units(marks: &Value) -> Vec<Unit> {
    let at = |time: &Value| Instant::ZERO + millis(time);
    let code = |mark: &Value| ["x", "y", "z"].iter().position(|code| mark["code"] == *code).unwrap();
    let unit = |mark: &Value| Unit { start: at(&mark["start"]), end: at(&mark["end"]), code: code(mark) };
    marks.as_array().unwrap().iter().map(unit).collect()
}

#[track_caller]
fn check_times(got: &ErrorTimes, want: &Value, what: &str) {
    for (part, want) in want.as_object().unwrap() {
        let got = match part.as_str() {
            "confusion" => got.confusion,
            "correct" => got.correct,
            "false alarm" => got.false_alarm,
            "missed detection" | "miss" => got.missed,
            "total" => got.total,
            _ => panic!("{what}: no test compares '{part}'"),
        };
        check_value(Some(got.as_secs()), want, TOLERANCE, &format!("{what}: {part}"));
    }
}
