//! `coherence.json`: SCIENCE.md 3.9. Its series are those of cases of `granger.json`.

use scoring::information::coherence::coherence;

use super::{cases, check_value, check_values, for_each_field, golden, numbers};

const FILE: &str = "coherence.json";

#[test]
fn coherence_is_that_of_the_vectors() {
    let file = golden(FILE);
    let tolerance = |field: &str| file["tolerance"][field].as_f64().unwrap();
    let sources = cases("granger.json");
    for case in cases(FILE) {
        let source = sources.iter().find(|source| source["id"] == case["x_y_from_granger_case"]).unwrap();
        let series = |name: &str| numbers(&source[name]).into_iter().map(Option::unwrap).collect::<Vec<f64>>();
        let segment = case["nperseg"].as_u64().unwrap() as usize;
        let points = coherence(&series("x"), &series("y"), case["fs"].as_f64().unwrap(), segment).unwrap();
        for_each_field(&case, |field, want, what| {
            match field {
                "f" => {
                    let got: Vec<_> = points.iter().map(|point| Some(point.frequency)).collect();
                    check_values(&got, want, tolerance("abs"), what);
                }
                "coherence" => {
                    let got: Vec<_> = points.iter().map(|point| point.coherence).collect();
                    check_values(&got, want, tolerance("abs"), what);
                }
                "phase_rad" => {
                    let wanted = want.as_array().unwrap();
                    assert_eq!(points.len(), wanted.len(), "{what}");
                    // only where coherence > 1e-6, and not at frequency 0
                    for (point, want) in points.iter().zip(wanted).skip(1) {
                        if point.coherence.is_some_and(|coherence| coherence > 1e-6) {
                            let turns = (point.phase.unwrap() - want.as_f64().unwrap()) / std::f64::consts::TAU;
                            let difference = (turns - turns.round()) * std::f64::consts::TAU; // π is −π
                            check_value(Some(difference), &serde_json::json!(0.0), tolerance("phase_abs"), what);
                        }
                    }
                }
                _ => return false,
            }
            true
        });
    }
}
