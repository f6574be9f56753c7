//! Who leaves a match and who returns to it: SCIENCE.md 2.5 and the shared object of 1.6.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use scoring::{Initiator, MatchRelation, Subject};
use serde_json::json;

#[test]
fn who_turns_to_a_shared_object_repairs() {
    let window = span(0.0, 10.0);
    let mut recording = bridging_example();
    recording.tracks = vec![
        track(Subject::Infant, "affect", &AFFECT, &[("neutral", 0.0, 10.0)], window),
        track(Subject::Infant, "gaze", &INFANT_GAZE, &[("partner", 0.0, 2.0), ("object", 2.0, 10.0)], window),
        track(Subject::Parent, "affect", &AFFECT, &[("neutral", 0.0, 10.0)], window),
        track(
            Subject::Parent,
            "gaze",
            &PARENT_GAZE,
            &[("infant_face", 0.0, 5.0), ("infant_object", 5.0, 10.0)],
            window,
        ),
    ];
    recording.episodes[0].span = window;
    let scores = first(&recording, &settings(json!({})));
    let [episode] = &scores.mismatch_episodes[..] else { panic!("one mismatch") };
    assert_eq!(episode.span, span(2.0, 5.0));
    assert_eq!((episode.rupture_by, episode.repair_by), (Some(Initiator::Infant), Some(Initiator::Parent)));
    check_score(&scores, "match.proportion.obj", 0.5);
    // by hand: Pe = .2 · 1 (both monitor) + .8 · .5 (object, and the parent monitors it), Po = .7
    check_score(&scores, "match.kappa", (0.7 - 0.6) / (1.0 - 0.6));
    check_score(&scores, "coreg.shared", 0.5);
    check_score(&scores, "coreg.parent_only", 0.3);
}

#[test]
fn a_change_within_one_frame_is_joint() {
    // SCIENCE.md 2.5
    let states = ["MON", "OBJ", "POS"];
    let window = span(0.0, 20.0);
    let series = |marks: &[(&str, f64, f64)]| track(Subject::Infant, "engagement", &states, marks, window).series;
    let recording = coded(
        series(&[("POS", 0.0, 4.0), ("OBJ", 4.0, 9.98), ("MON", 9.98, 20.0)]),
        series(&[("POS", 0.0, 10.0), ("MON", 10.0, 20.0)]),
        MatchRelation::equality(&states.map(str::to_owned)),
        window,
    );
    let by = |overrides| {
        let scores = first(&recording, &settings(overrides));
        let [episode] = &scores.mismatch_episodes[..] else { panic!("one mismatch") };
        assert_eq!(episode.span, span(4.0, 10.0));
        (episode.rupture_by, episode.repair_by)
    };
    assert_eq!(by(json!({})), (Some(Initiator::Infant), Some(Initiator::Joint)));
    assert_eq!(by(json!({"simul_tol": 0})), (Some(Initiator::Infant), Some(Initiator::Parent)));
}

#[test]
fn a_mismatch_shorter_than_the_tolerance_keeps_its_two_initiators_apart() {
    // the infant leaves at 4.00, the parent follows at 4.02: each boundary is one run's edge and lies outside the other's two runs
    let states = ["MON", "POS"];
    let window = span(0.0, 10.0);
    let series = |marks: &[(&str, f64, f64)]| track(Subject::Infant, "engagement", &states, marks, window).series;
    let recording = coded(
        series(&[("POS", 0.0, 4.0), ("MON", 4.0, 10.0)]),
        series(&[("POS", 0.0, 4.02), ("MON", 4.02, 10.0)]),
        MatchRelation::equality(&states.map(str::to_owned)),
        window,
    );
    let scores = first(&recording, &settings(json!({})));
    let [episode] = &scores.mismatch_episodes[..] else { panic!("one mismatch") };
    assert_eq!((episode.rupture_by, episode.repair_by), (Some(Initiator::Infant), Some(Initiator::Parent)));
}
