//! How the scores of an episode are written.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use scoring::Recording;
use serde_json::{Value, json};

#[test]
fn an_episode_is_written_as_the_command_line_promises() {
    let scores = first(&worked_example(), &worked_settings(json!({})));
    let written = serde_json::to_value(&scores).unwrap();
    assert_eq!(
        written["mismatch_episodes"][0],
        json!({"start_s": 1.0, "end_s": 2.0, "prev": "match", "next": "match", "rupture_by": "parent",
               "repair_by": "infant", "before": "M-M", "during": ["M-P"], "after": "P-P", "censored": false})
    );
    assert_eq!(written["episode"], "play");
    assert_eq!(written["codable_s"], 29.0);
    assert_eq!(written["scores"]["rupture.count"], json!({"value": 7.0, "unit": "1"}));
    let proportion = &written["scores"]["match.proportion"];
    assert_eq!(proportion["numerator"], 11.0);
    assert_eq!(proportion["denominator"], 29.0);
    assert_eq!(proportion["unit"], "1");
}

#[test]
fn what_the_scores_are_made_of_is_written_too() {
    let written = serde_json::to_value(first(&worked_example(), &worked_settings(json!({})))).unwrap();
    assert_eq!(written["repair_chains"][0], json!({"before": "M-M", "after": "P-P", "count": 3}));
    let row = &written["survival"][0];
    assert_eq!((&row["time_s"], &row["at_risk"], &row["events"]), (&json!(1.0), &json!(7), &json!(3)));
    assert_eq!(written["lag_profile"]["lag_s"], json!([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]));
    assert_eq!(written["lag_profile"]["n"][3], 29);
    assert_eq!(written["pattern_changes"]["patterns"][1], "watching");
    assert_eq!(written["pattern_changes"]["counts"][1], json!([3, 0, 0, 0, 0, 0]));
    // by hand: the rows are the infant's M, O, P, N; the parent, in the columns, is with no object and never negative
    let grid = &written["grid"];
    assert_eq!((&grid["infant"], &grid["parent"]), (&json!(STATES), &json!(STATES)));
    assert_eq!(
        grid["seconds"],
        json!([[3.0, 0.0, 4.0, 0.0], [4.0, 0.0, 4.0, 0.0], [1.0, 0.0, 8.0, 0.0], [3.0, 0.0, 2.0, 0.0]])
    );
    assert_eq!(grid["visits"].as_array().unwrap().len(), 4);
    // a second later: 28 pairs, of which none is given by the parent's O or N
    let follows = &written["contingency"]["infant_follows"];
    assert_eq!((&follows["given"], &follows["target"]), (&json!(STATES), &json!(STATES)));
    assert_eq!(follows["counts"][1], json!([0, 0, 0, 0]));
    let counts = written["contingency"]["parent_follows"]["counts"].as_array().unwrap().iter();
    assert_eq!(counts.flat_map(|row| row.as_array().unwrap()).filter_map(Value::as_u64).sum::<u64>(), 28);
    assert_eq!(written["contingency"]["infant_to_parent"].as_object().unwrap().len(), 4);
    let parent = &written["prewhitened"]["parent"];
    assert_eq!((&parent["model"], parent["phi"].as_array().map(Vec::len)), (&json!("ar"), Some(1)));
    assert_eq!(written["prewhitened"]["profile"]["r"].as_array().map(Vec::len), Some(7));
    assert_eq!(written["mutual_profile"]["n"], json!([26, 27, 28, 29, 28, 27, 26]));
    assert_eq!(written["recurrence_profile"]["n"], json!([27, 28, 29, 30, 29, 28, 27]));
    // the infant is negative at 10-13 and at 25-27
    assert_eq!(written["cycles"]["cues"].as_array().map(Vec::len), Some(2));
    assert_eq!(written["cycles"]["cues"][1]["at_s"], 25.0);
}

#[test]
fn what_there_is_not_is_written_as_null() {
    let nothing = Recording { tracks: Vec::new(), ..worked_example() };
    let written = serde_json::to_value(first(&nothing, &worked_settings(json!({})))).unwrap();
    let keys: Vec<&String> = written.as_object().unwrap().keys().collect();
    let full = serde_json::to_value(first(&worked_example(), &worked_settings(json!({})))).unwrap();
    assert_eq!(keys, full.as_object().unwrap().keys().collect::<Vec<_>>());
    assert_eq!((&written["repair_chains"], &written["survival"]), (&json!([]), &json!(null)));
    assert_eq!((&written["grid"], &written["recurrence_profile"]), (&json!(null), &json!(null)));
}
