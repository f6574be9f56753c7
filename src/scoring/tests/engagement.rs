//! The example of SCIENCE.md 1.6: states of engagement that follow from affect and gaze.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use scoring::{StateSeries, Subject};
use serde_json::json;
use span::Length;

#[track_caller]
fn check_pieces(series: &StateSeries, want: &[(&str, f64, f64)]) {
    let got: Vec<_> = series
        .pieces()
        .iter()
        .map(|piece| (series.state_key(piece.state), piece.span.start().as_secs(), piece.span.end().as_secs()))
        .collect();
    assert_eq!(got, want);
}

#[test]
fn engagement_is_derived_as_in_the_bridging_example() {
    let recording = bridging_example();
    let derive = |subject| recording.rules(subject).unwrap().derive(|channel| recording.track(subject, channel));
    check_pieces(
        &derive(Subject::Infant),
        &[("MON", 0.0, 4.0), ("OBJ", 4.0, 9.0), ("POS", 9.0, 12.0), ("NEG", 14.0, 20.0)],
    );
    check_pieces(&derive(Subject::Parent), &[("MON", 0.0, 6.0), ("POS", 6.0, 10.0), ("POS", 11.0, 20.0)]);
    let scores = first(&recording, &settings(json!({})));
    assert_eq!(scores.codable, Length::SECOND.times(17));
    check_score(&scores, "match.proportion", 0.352_941_2);
}

#[test]
fn negative_affect_is_scored_before_gaze_is_coded_and_the_rest_says_what_it_needs() {
    let mut recording = bridging_example();
    recording.tracks[1] = track(Subject::Infant, "gaze", &INFANT_GAZE, &[], span(0.0, 20.0));
    let scores = first(&recording, &settings(json!({})));
    assert_eq!(scores.codable, Length::SECOND.times(6), "the infant is negative from 14 to 20");
    check_absent(&scores, "looking.mutual", "needs infant gaze");
    recording.tracks[2] = track(Subject::Parent, "affect", &AFFECT, &[], span(0.0, 20.0));
    let scores = first(&recording, &settings(json!({})));
    check_absent(&scores, "match.proportion", "needs infant gaze, parent affect");
    check_absent(&scores, "valence.same", "needs parent affect");
    recording.tracks.remove(1);
    check_absent(&first(&recording, &settings(json!({}))), "match.proportion", "no gaze channel for the infant");
}

#[test]
fn small_scores_need_one_channel_only() {
    let scores = first(&bridging_example(), &settings(json!({})));
    // infant looks 0-4 and 9-15, the parent all the time but 10-11; gaze of both is coded 0-10 and 11-15
    check_score(&scores, "looking.mutual", 9.0 / 14.0);
    // affect of both: 0-12 and 14-20; same 0-6 (neutral) and 8-12 (positive)
    check_score(&scores, "valence.same", 10.0 / 18.0);
    check_score(&scores, "time.infant.affect.negative", 6.0 / 18.0);
    check_score(&scores, "time.parent.gaze.infant_face", 1.0);
}

#[test]
fn affect_alone_derives_valence() {
    let scores = first(&bridging_example(), &settings(json!({"engagement": "affect_only"})));
    check_score(&scores, "match.proportion", 10.0 / 18.0);
    check_score(&scores, "match.proportion.neu", 6.0 / 18.0);
    check_absent(&scores, "coreg.shared", "the pair NEU-NEU belongs to no pattern");
}
