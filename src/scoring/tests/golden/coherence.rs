//! `coherence.json`: SCIENCE.md 3.9. Its series are those of cases of `granger.json`.

use scoring::information::coherence::{CoherencePoint, coherence};
use serde_json::{Value, json};

use super::{cases, check_absent, check_value, check_values, for_each_field, numbers, tolerance};

const FILE: &str = "coherence.json";

#[test]
fn coherence_is_that_of_the_vectors() {
    let (abs, phase_abs) = (tolerance(FILE, "abs"), tolerance(FILE, "phase_abs"));
    let sources = cases("granger.json");
    for case in cases(FILE) {
        let source = sources.iter().find(|source| source["id"] == case["x_y_from_granger_case"]);
        let source = source.unwrap_or_else(|| panic!("{}: granger.json has no such case", case["id"]));
        let series = |name: &str| numbers(&source[name]).into_iter().collect::<Option<Vec<f64>>>();
        let segment = case["nperseg"].as_u64().unwrap() as usize;
        let per_second = case["fs"].as_f64().unwrap();
        let points = series("x").zip(series("y")).and_then(|(x, y)| coherence(&x, &y, per_second, segment));
        for_each_field(case, |field, want, what| {
            let Some(points) = &points else {
                check_absent(want, what);
                return true;
            };
            match field {
                "f" => {
                    let got: Vec<_> = points.iter().map(|point| Some(point.frequency)).collect();
                    check_values(&got, want, abs, what);
                }
                "coherence" => {
                    let got: Vec<_> = points.iter().map(|point| point.coherence).collect();
                    check_values(&got, want, abs, what);
                }
                "phase_rad" => check_phases(points, want, phase_abs, what),
                _ => return false,
            }
            true
        });
    }
}

/// Only where coherence > 1e-6, and not at frequency 0.
#[track_caller]
fn check_phases(points: &[CoherencePoint], want: &Value, tolerance: f64, what: &str) {
    let want = want.as_array().unwrap_or_else(|| panic!("{what}: there are phases, expected {want}"));
    assert_eq!(points.len(), want.len(), "{what}");
    for (point, want) in points.iter().zip(want).skip(1) {
        if point.coherence.is_some_and(|coherence| coherence > 1e-6) {
            let turns = point.phase.zip(want.as_f64()).map(|(got, want)| (got - want) / std::f64::consts::TAU);
            let difference = turns.map(|turns| (turns - turns.round()) * std::f64::consts::TAU); // π is −π
            check_value(difference, &json!(0.0), tolerance, what);
        }
    }
}
