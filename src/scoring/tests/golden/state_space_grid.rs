//! `state_space_grid.json`: SCIENCE.md 3.8. Its rows are the parent's states.

use scoring::state_space::{GridRows, StateSpaceGrid};
use serde_json::{Value, json};
use span::Length;

use super::{affect_series, cases, check_value, for_each_field};

#[test]
fn state_space_grids_are_those_of_the_vectors() {
    for case in cases("state_space_grid.json") {
        let keys = |name: &str| -> Vec<String> {
            case[name].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect()
        };
        let infant = affect_series(&case, "infant", &keys("codes_infant"));
        let parent = affect_series(&case, "parent", &keys("codes_parent"));
        let grid = StateSpaceGrid::new(&infant, &parent);
        let in_ms = |length: Length| json!(length.micros() / 1000);
        for_each_field(&case, |field, want, what| {
            let number = |got: Option<f64>| check_value(got, want, 1e-9, what);
            match field {
                // grid.rows = parent
                "duration_ms" => {
                    let rows = grid.durations(GridRows::Parent);
                    let rows: Vec<Vec<Value>> =
                        rows.iter().map(|row| row.iter().map(|length| in_ms(*length)).collect()).collect();
                    assert_eq!(&json!(rows), want, "{what}");
                }
                "visits" => assert_eq!(&json!(grid.visit_counts(GridRows::Parent)), want, "{what}"),
                "total_ms" => assert_eq!(&in_ms(grid.total()), want, "{what}"),
                "n_visits" => assert_eq!(&json!(grid.visits().len()), want, "{what}"),
                "n_cells_visited" => assert_eq!(&json!(grid.range()), want, "{what}"),
                "n_transitions" => assert_eq!(&json!(grid.n_transitions()), want, "{what}"),
                "transitions_per_min" => number(grid.transitions_per_min()),
                "mean_visit_ms" => number(grid.mean_visit_secs().map(|secs| secs * 1000.0)),
                "dispersion" => number(grid.dispersion()),
                "entropy_dur" => number(grid.duration_entropy_nats()),
                "entropy_visits" => number(grid.visit_entropy_nats()),
                "entropy_transitions" => number(grid.transition_entropy_nats()),
                "transition_cond_entropy" => number(grid.conditional_entropy_nats()),
                _ => return false,
            }
            true
        });
    }
}
