//! `segmentation.json`: SCIENCE.md 4.7. The first is the hypothesis, the second the reference.

use scoring::agreement::gamma::Unit;
use scoring::agreement::segmentation::{
    BoundaryEdits, ErrorTimes, WindowErrors, boundary_edits, detection_error, diarisation_error, identification_error,
    window_errors,
};
use serde_json::Value;
use span::Length;

use super::{cases, cases_of, check_value, code_of, codes_of, for_each_field, for_each_part, moment, tolerance};

const FILE: &str = "segmentation.json";

#[test]
fn boundaries_are_compared_as_in_the_vectors() {
    for case in cases(FILE) {
        let masses = |key: &str| -> Vec<usize> {
            case[key].as_array().unwrap().iter().map(|mass| mass.as_u64().unwrap() as usize).collect()
        };
        let (a, b) = (masses("masses_a"), masses("masses_b"));
        let (n2, n4) = (boundary_edits(&a, &b, 2), boundary_edits(&a, &b, 4));
        let windows = window_errors(&a, &b);
        for_each_field(case, |field, want, what| {
            let got = match field {
                "boundary_similarity_n2" => n2.as_ref().and_then(BoundaryEdits::boundary_similarity),
                "boundary_similarity_n4" => n4.as_ref().and_then(BoundaryEdits::boundary_similarity),
                "segmentation_similarity_n2" => n2.as_ref().and_then(BoundaryEdits::segmentation_similarity),
                "window_diff" => windows.as_ref().map(WindowErrors::window_diff),
                "pk" => windows.as_ref().map(WindowErrors::pk),
                "package_error" => return true, // information only
                _ => return false,
            };
            check_value(got, want, tolerance(FILE, "abs"), what);
            true
        });
    }
}

#[test]
fn errors_against_a_reference_are_those_of_the_vectors() {
    for case in cases_of(FILE, "pyannote_cases") {
        let codes = codes_of([&case["hypothesis"], &case["reference"]]);
        let (hypothesis, reference) = (units(&case["hypothesis"], &codes), units(&case["reference"], &codes));
        let collar = Length::from_secs(case["collar_s"].as_f64().unwrap()).unwrap();
        let identification = identification_error(&hypothesis, &reference, collar);
        let detection = detection_error(&hypothesis, &reference, collar);
        let diarisation = diarisation_error(&hypothesis, &reference, collar);
        for_each_field(case, |field, want, what| {
            match field {
                "ier" => check_value(identification.rate(), want, tolerance(FILE, "abs"), what),
                "der" => check_value(diarisation.rate(), want, tolerance(FILE, "abs"), what),
                "ier_components_s" => check_times(&identification, want, what),
                "detection_components_s" => check_times(&detection, want, what),
                _ => return false,
            }
            true
        });
    }
}

fn units(marks: &Value, codes: &[String]) -> Vec<Unit> {
    let unit =
        |mark: &Value| Unit { start: moment(&mark["start"]), end: moment(&mark["end"]), code: code_of(mark, codes) };
    marks.as_array().unwrap().iter().map(unit).collect()
}

#[track_caller]
fn check_times(got: &ErrorTimes, want: &Value, what: &str) {
    for_each_part(Some(got), want, what, |got, part, want, what| {
        let got = match part {
            "confusion" => got.confusion,
            "correct" => got.correct,
            "false alarm" => got.false_alarm,
            "missed detection" | "miss" => got.missed,
            "total" => got.total,
            _ => return false,
        };
        check_value(Some(got.as_secs()), want, tolerance(FILE, "abs"), what);
        true
    });
}
