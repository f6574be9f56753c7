//! What the scores went by is in them, whoever chose it.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use scoring::{Recording, Scores, Subject, quick_scores};
use serde_json::{Value, json};

/// Affect and gaze under the rules and the relation of SCIENCE.md 1.6 and 2.1.
fn derived() -> Recording {
    let window = span(0.0, 10.0);
    let mut recording = worked_example();
    recording.tracks = vec![
        track(Subject::Infant, "affect", &AFFECT, &[("neutral", 0.0, 10.0)], window),
        track(Subject::Infant, "gaze", &INFANT_GAZE, &[("partner", 0.0, 10.0)], window),
        track(Subject::Parent, "affect", &AFFECT, &[("positive", 0.0, 10.0)], window),
        track(Subject::Parent, "gaze", &PARENT_GAZE, &[("infant_face", 0.0, 10.0)], window),
    ];
    (recording.engagement, recording.relation) = (rules(), same_state());
    recording
}

fn scored(recording: &Recording, overrides: Value) -> Scores {
    quick_scores(recording, &settings(overrides))
}

fn resolved(recording: &Recording, overrides: Value) -> Value {
    serde_json::to_value(scored(recording, overrides).resolved).unwrap()
}

#[test]
fn two_relations_of_two_schemes_have_two_hashes() {
    let mut loose = derived();
    loose.relation.pairs.push(("MON".to_owned(), "POS".to_owned()));
    let (strict, loose) = (scored(&derived(), json!({})), scored(&loose, json!({})));
    assert_eq!(strict.settings_hash, loose.settings_hash);
    assert_ne!(strict.hash(), loose.hash());
    assert_ne!(
        strict.episodes[0].scores.number("match.proportion"),
        loose.episodes[0].scores.number("match.proportion")
    );
}

#[test]
fn values_rules_and_the_shared_object_are_part_of_the_hash_and_labels_are_not() {
    let hash = |change: fn(&mut Recording)| {
        let mut recording = derived();
        change(&mut recording);
        scored(&recording, json!({})).hash()
    };
    let plain = hash(|_| {});
    assert_ne!(plain, hash(|it| it.engagement[0].states[0].value = Some(-2.0)));
    assert_ne!(plain, hash(|it| it.engagement[1].rules.truncate(3)));
    assert_ne!(plain, hash(|it| it.relation.shared.as_mut().unwrap().condition.codes.push("away".to_owned())));
    assert_eq!(plain, hash(|it| it.engagement[0].states[0].label = "cross".to_owned()));
    assert_eq!(plain, hash(|it| drop(it.relation.extra.insert("note".to_owned(), json!("new")))));
    assert_ne!(plain, scored(&derived(), json!({"lag.max": 4})).hash(), "settings are in it");
}

#[test]
fn what_the_scheme_gave_is_written_as_it_was_used() {
    let written = resolved(&derived(), json!({"state.values": {"OFF": -0.5}}));
    assert_eq!(written["relation"], serde_json::to_value(same_state()).unwrap());
    assert_eq!(written["shared_while"], written["relation"]["shared"]["while"]);
    assert_eq!(written["parent"]["values"], json!({"NEG": -1.0, "OFF": -0.5, "MON": 0.0, "POS": 1.0}));
    assert_eq!(written["infant"]["rules"], serde_json::to_value(&rules()[0].rules).unwrap());
}

#[test]
fn what_the_settings_replace_is_written_instead() {
    let written = resolved(&derived(), json!({"match": [["POS", "POS"]]}));
    assert_eq!(written["relation"], json!({"name": "setting match", "pairs": [["POS", "POS"]]}));
    assert_eq!(written["shared_while"]["codes"], json!(["infant_object"]), "patterns still go by it");

    let written = resolved(&derived(), json!({"engagement": "affect_only", "neg_neg": "mismatch"}));
    assert_eq!(written["relation"]["pairs"], json!([["NEU", "NEU"], ["POS", "POS"]]));
    assert_eq!(written["infant"], json!({"values": {"NEG": -1.0, "NEU": 0.0, "POS": 1.0}, "rules": null}));

    let written = resolved(&derived(), json!({"match.relation": "gaze"}));
    assert_eq!(written["parent"], json!({"values": {"LOOK": 1.0, "AWAY": 0.0}, "rules": null}));

    // states that were coded themselves, letters that only a setting gives a value
    let written = resolved(&worked_example(), json!({"state.values": {"P": 1}}));
    assert_eq!(written["infant"], json!({"values": {"M": null, "O": null, "P": 1.0, "N": null}, "rules": null}));
}
