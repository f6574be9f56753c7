//! Settings are refused by name, and have one canonical form.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use scoring::{ScoreSettings, SettingsError, score};
use serde_json::{Value, json};

#[track_caller]
fn check_refused(overrides: Value, parts: &[&str]) {
    let error = ScoreSettings::from_overrides(&object(overrides)).unwrap_err().to_string();
    for part in parts {
        assert!(error.contains(part), "'{part}' is not in: {error}");
    }
}

#[test]
fn unknown_names_are_refused_and_the_known_ones_listed() {
    check_refused(json!({"repair_of": "episodes"}), &["'repair_of'", "repair.of", "km.tau", "cycle.window_s"]);
}

#[test]
fn unknown_values_are_refused_with_what_is_known() {
    check_refused(json!({"neg_neg": "maybe"}), &["'neg_neg'", "\"maybe\"", "not_target", "mismatch"]);
    check_refused(json!({"km.tau": "first"}), &["'km.tau'", "last"]);
    check_refused(json!({"grid.step": 0}), &["'grid.step'", "0.001"]);
    check_refused(json!({"lag.max": -1}), &["'lag.max'", "from 0"]);
    check_refused(json!({"match": [["M"]]}), &["'match'"]);
    check_refused(json!({"match.relation": "similar"}), &["'match.relation'", "same_state", "loose"]);
    check_refused(json!({"repair.mode": "coarse"}), &["'repair.mode'", "exact", "grid"]);
    check_refused(json!({"grid.rule": "end"}), &["'grid.rule'", "majority", "any"]);
    check_refused(json!({"contingency.form": "wide"}), &["'contingency.form'", "weighted", "lags"]);
    check_refused(json!({"contingency.order": 0}), &["'contingency.order'", "from 1 to 100"]);
    check_refused(json!({"contingency.given": {"baby": null}}), &["'contingency.given'", "baby", "infant", "parent"]);
    check_refused(json!({"se.iid": true}), &["there is no setting 'se.iid'"]);
    check_refused(json!({"recurrence.lmin": -2}), &["'recurrence.lmin'"]);
    check_refused(json!({"state.types": {"M": "HAPPY"}}), &["'state.types'", "HAPPY", "NEG"]);
}

#[test]
fn a_map_of_all_settings_reads_back_as_the_same_settings() {
    let changed =
        settings(json!({"km.tau": "last", "simul_tol": 0.04, "match": [["POS", "POS"]], "state.values": {"A": 2.5}}));
    for settings in [ScoreSettings::default(), changed] {
        assert_eq!(ScoreSettings::from_overrides(&settings.to_map()), Ok(settings.clone()));
        assert!(settings.to_map().keys().is_sorted());
    }
}

#[test]
fn the_hash_follows_the_numbers_and_not_how_they_are_written() {
    let hash = |overrides| settings(overrides).hash();
    assert_eq!(hash(json!({"grid.step": 1})), hash(json!({"grid.step": 1.0})));
    assert_eq!(hash(json!({})), ScoreSettings::default().hash());
    assert_ne!(hash(json!({"grid.step": 2})), hash(json!({})));
    assert_eq!(hash(json!({})).len(), 64);
    assert_eq!(hash(json!({})), blake3::hash(ScoreSettings::default().canonical().as_bytes()).to_hex().to_string());
}

#[test]
fn later_overrides_replace_single_settings() {
    let study = settings(json!({"lag.max": 3, "km.tau": 20}));
    let session = study.with_overrides(&object(json!({"lag.max": 4}))).unwrap();
    assert_eq!(session, settings(json!({"lag.max": 4, "km.tau": 20})));
    let refused = study.with_overrides(&object(json!({"lag": 4})));
    assert!(matches!(refused, Err(SettingsError::UnknownKey { key, .. }) if key == "lag"));
}

#[test]
fn how_many_units_grangers_test_asks_for_is_a_setting_that_changes_no_number() {
    let (plain, lower) = (ScoreSettings::default(), object(json!({"floor.granger_units": 29})));
    let lower = ScoreSettings::from_overrides(&lower).unwrap();
    let floors = |id: &str| (plain.floor_of(id), lower.floor_of(id));
    assert_eq!(plain.to_map()["floor.granger_units"], 60);
    for id in ["granger.infant_to_parent", "granger.parent_to_infant.chi2.p"] {
        assert_eq!(floors(id), (Some(60), Some(29)), "{id}");
    }
    assert_eq!(floors("information.mi"), (None, None));
    let number = |settings: &ScoreSettings| score(&worked_example(), settings).episodes[0].scores.clone();
    let worked = worked_settings(json!({}));
    let raised = worked_settings(json!({"floor.granger_units": 1000}));
    assert_eq!(number(&worked).get("granger.infant_to_parent"), number(&raised).get("granger.infant_to_parent"));
}
