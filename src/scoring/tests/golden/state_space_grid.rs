//! `state_space_grid.json`: SCIENCE.md 3.8. Its rows are the parent's states.

use scoring::state_space::{GridRows, StateSpaceGrid};
use scoring::{Gaps, MatchRelation};
use serde_json::{Value, json};
use span::Length;

use super::common::{first, settings};
use super::{cases, check_value, for_each_field, recording, series, tolerance, words};

const FILE: &str = "state_space_grid.json";

#[test]
fn state_space_grids_are_those_of_the_vectors() {
    let abs = tolerance(FILE, "abs");
    for case in cases(FILE) {
        let infant = series(case, "infant", &words(&case["codes_infant"]), Gaps::Missing);
        let parent = series(case, "parent", &words(&case["codes_parent"]), Gaps::Missing);
        let grid = StateSpaceGrid::new(&infant, &parent);
        let relation = MatchRelation::new("none", Vec::new());
        let scores = first(
            &recording(case, infant.clone(), parent.clone(), relation),
            &settings(json!({"grid.rows": "parent"})),
        );
        let of_cells = |what: &str, per_unit: f64| -> Value {
            let (infant, parent) = (infant.states(), parent.states());
            let cell = |row: &String, column: &String| {
                let number = scores.scores.number(&format!("grid.cell.{what}.{row}.{column}"));
                json!((number.unwrap_or_default() * per_unit).round() as u64) // no cell is told where nothing is coded
            };
            parent.iter().map(|row| infant.iter().map(|column| cell(row, column)).collect::<Value>()).collect()
        };
        let in_ms = |length: Length| json!(length.micros() / 1000);
        for_each_field(case, |field, want, what| {
            // the measure, and the score unless there is no time to score
            let number = |got: Option<f64>, id: &str, per_unit: f64| {
                check_value(got, want, abs, what);
                check_value(
                    scores.scores.number(id).map(|value| value * per_unit),
                    want,
                    abs,
                    &format!("{what}, {id}"),
                );
            };
            let count = |got: usize, id: &str| {
                assert_eq!(&json!(got), want, "{what}");
                assert_eq!(scores.scores.number(id).unwrap_or_default(), got as f64, "{what}, {id}");
            };
            match field {
                // grid.rows = parent
                "duration_ms" => {
                    let rows = grid.durations(GridRows::Parent);
                    let rows: Vec<Vec<Value>> =
                        rows.iter().map(|row| row.iter().map(|length| in_ms(*length)).collect()).collect();
                    assert_eq!(&json!(rows), want, "{what}");
                    assert_eq!(&of_cells("duration", 1000.0), want, "{what}, the scores");
                }
                "visits" => {
                    assert_eq!(&json!(grid.visit_counts(GridRows::Parent)), want, "{what}");
                    assert_eq!(&of_cells("visits", 1.0), want, "{what}, the scores");
                }
                "total_ms" => assert_eq!(&in_ms(grid.total()), want, "{what}"),
                "n_visits" => count(grid.visits().len(), "grid.visits.count"),
                "n_cells_visited" => count(grid.range(), "grid.range"),
                "n_transitions" => count(grid.n_transitions(), "grid.transitions.count"),
                "transitions_per_min" => number(grid.transitions_per_min(), "grid.transitions.rate", 1.0),
                "mean_visit_ms" => {
                    number(grid.mean_visit_secs().map(|secs| secs * 1000.0), "grid.visits.mean", 1000.0);
                }
                "dispersion" => number(grid.dispersion(), "grid.dispersion", 1.0),
                "entropy_dur" => number(grid.duration_entropy_nats(), "grid.entropy.duration", 1.0),
                "entropy_visits" => number(grid.visit_entropy_nats(), "grid.entropy.visits", 1.0),
                "entropy_transitions" => number(grid.transition_entropy_nats(), "grid.entropy.transitions", 1.0),
                "transition_cond_entropy" => number(grid.conditional_entropy_nats(), "grid.entropy.conditional", 1.0),
                _ => return false,
            }
            true
        });
    }
}
