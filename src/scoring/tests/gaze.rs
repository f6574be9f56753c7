//! Gaze that is coded for both at once.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use scoring::chance::NoBaseline;
use scoring::chance::strangers::pseudo_dyad_baselines;
use scoring::{Recording, Subject};
use serde_json::json;

/// Gaze coded for both at once: eye contact 0-4 and 8-10, joint looking 4-6.
fn eye_contact() -> Recording {
    let window = span(0.0, 10.0);
    let marks = [("dec", 0.0, 4.0), ("jal", 4.0, 6.0), ("none", 6.0, 8.0), ("dec", 8.0, 10.0)];
    let mut recording = worked_example();
    recording.tracks = vec![track(Subject::Dyad, "gaze", &["dec", "jal", "none"], &marks, window)];
    recording.episodes[0].span = window;
    recording
}

#[test]
fn eye_contact_that_is_coded_as_one_is_a_match_of_gaze() {
    let gaze = settings(json!({"match.relation": "gaze", "surrogates": 19, "surrogate.guard": 1}));
    let scores = first(&eye_contact(), &gaze);
    check_score(&scores, "match.proportion", 0.6);
    check_score(&scores, "rupture.count", 1.0);
    check_score(&scores, "repair.latency.mean", 4.0);
    check_score(&scores, "repair.by.joint", 1.0);
    check_score(&scores, "looking.mutual", 0.6);
    // who of the two looks away is not known
    let why = "eye contact is coded for both at once, and does not say who looks away";
    for id in ["match.kappa", "sync.r.lag0", "grid.dispersion", "coreg.shared", "information.mutual", "recurrence.rate"]
    {
        check_absent(&scores, id, why);
    }
    for id in ["match.proportion", "looking.mutual"] {
        let chance = scores.scores.get(id).unwrap().chance.unwrap();
        assert_eq!(chance, Err(NoBaseline::Inseparable), "{id}");
    }
    // nor has the infant of one dyad eye contact with the parent of another
    let pseudo = settings(json!({"match.relation": "gaze", "surrogates": 19, "surrogate.kind": "pseudo_dyads"}));
    let dyads = vec![eye_contact(); 3];
    let strangers = pseudo_dyad_baselines(&dyads, &pseudo, &|_| true).unwrap();
    for (id, chance) in &strangers[0].baselines {
        assert_eq!(chance, &Err(NoBaseline::Inseparable), "{id}");
    }
    assert!(strangers[0].baselines.iter().any(|(id, _)| id == "looking.mutual"));
    // other codes can be eye contact
    let joint = settings(json!({"match.relation": "gaze", "looking.dyad": ["dec", "jal"]}));
    check_score(&first(&eye_contact(), &joint), "match.proportion", 0.8);
}

#[test]
fn the_gaze_of_each_says_more_than_eye_contact() {
    let window = span(0.0, 10.0);
    let mut recording = eye_contact();
    recording.tracks.push(track(Subject::Infant, "gaze", &INFANT_GAZE, &[("partner", 0.0, 10.0)], window));
    let gaze = settings(json!({"match.relation": "gaze"}));
    check_score(&first(&recording, &gaze), "match.proportion", 0.6);
    let marks = [("infant_face", 0.0, 5.0), ("away", 5.0, 10.0)];
    recording.tracks.push(track(Subject::Parent, "gaze", &PARENT_GAZE, &marks, window));
    let scores = first(&recording, &gaze);
    check_score(&scores, "match.proportion", 0.5);
    check_score(&scores, "repair.count", 0.0);
    check_score(&scores, "looking.mutual", 0.5);
    let mut nothing = eye_contact();
    nothing.tracks[0] = track(Subject::Dyad, "gaze", &["jal"], &[("jal", 0.0, 4.0)], window);
    check_absent(&first(&nothing, &gaze), "match.proportion", "no gaze channel for the infant");
    check_absent(&first(&nothing, &gaze), "looking.mutual", "no gaze channel for the infant");
    nothing.tracks[0] = track(Subject::Dyad, "gaze", &["dec"], &[], window);
    check_absent(&first(&nothing, &gaze), "match.proportion", "needs dyad gaze");
    check_absent(&first(&nothing, &gaze), "looking.mutual", "needs dyad gaze");
}
