//! What is absent says what it lacks.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use serde_json::{Value, json};

/// The worked example, or another pair of rows, and why a score of it is absent.
#[track_caller]
fn check(infant: &str, parent: &str, overrides: Value, id: &str, why: &str) {
    let window = span(0.0, infant.len() as f64);
    let recording = coded(letters(infant), letters(parent), worked_example().relation, window);
    check_absent(&first(&recording, &worked_settings(overrides)), id, why);
}

#[test]
fn a_correlation_says_what_the_global_estimator_lacks() {
    let global = json!({"ccf.estimator": "global"});
    check(
        INFANT,
        PARENT,
        global.clone(),
        "sync.r.lag0",
        "a unit has no value, which ccf.estimator global does not allow",
    );
    let too_far = "lag.max is not shorter than the episode, as ccf.estimator global needs it";
    check("MMPP", "MPMP", json!({"ccf.estimator": "global", "lag.max": 4}), "sync.r.peak", too_far);
    check("MMPP", "PPPP", global, "sync.r.peak", "a partner's value never changes");
    check("MMPP", "PPPP", json!({}), "sync.r.peak", "a partner's value never changes");
}

#[test]
fn a_correlation_says_which_lags_it_lacks() {
    check("MMPP", "MPMP", json!({"lag.max": 0.5}), "sync.r.infant_leads", "lag.max is shorter than a unit");
    check("MP", "MP", json!({}), "sync.r.asymmetry", "fewer than two units coded by both");
    check("MP..", "..MP", json!({}), "sync.r.lag0", "no time coded by both");
}

#[test]
fn states_without_a_value_are_named() {
    let settings = settings(json!({"state.types": {"P": "POS"}, "state.values": {}}));
    let recording = coded(letters("MNMNMNMN"), letters("MPPMMPPM"), worked_example().relation, span(0.0, 8.0));
    let scores = first(&recording, &settings);
    let why = "no state of the infant has a value: the setting state.values gives it one";
    for id in ["sync.r.lag0", "sync.prewhitened.peak", "sync.windowed.peaks", "contingency.self.parent"] {
        check_absent(&scores, id, why);
    }
    assert!(scores.scores.number("information.mutual").is_some(), "information needs no values");
}

#[test]
fn a_model_without_gaps_says_so() {
    let why = "a unit has no value, which prewhiten.model arma11 does not allow";
    check(INFANT, PARENT, json!({"prewhiten.model": "arma11"}), "sync.prewhitened.peak", why);
    let why = "ccf.estimator global needs every unit coded, a lag.max shorter than the episode, and something left to correlate";
    check(INFANT, PARENT, json!({"ccf.estimator": "global"}), "sync.prewhitened.peak", why);
}

#[test]
fn transfer_entropy_says_what_its_history_lacks() {
    let id = "information.transfer.net";
    check(INFANT, PARENT, json!({"te.history": 0}), id, "te.history is 0");
    // 4 states, 33 of them in a row: 2 to the power of 66
    let why = "te.history gives more combinations of states than can be counted";
    check(INFANT, PARENT, json!({"te.history": 31}), id, why);
    check("M.M.", "MMMM", json!({}), id, "no units in a row coded by both");
}

#[test]
fn a_quantile_of_repair_says_how_many_were_repaired_too_few() {
    // matched, then out of it three times: twice repaired, once not
    let (infant, parent) = ("MMPPMMPPPMMPPPPP", "MMMMMMMMMMMMMMMM");
    let none = json!({});
    check(infant, parent, none.clone(), "repair.latency.km_q75", "fewer than three quarters repaired");
    check(infant, parent, none, "repair.latency.km_median.high", "this limit of survival never falls to one half");
}

#[test]
fn odds_of_what_never_happens_are_none() {
    let (infant, parent) = ("MMMMMMMMMMMM", "MMPPMMPPMMPP");
    for id in ["odds_ratio", "log_odds_ratio", "log_odds_ratio.se"] {
        let id = format!("contingency.parent_to_infant.{id}");
        check(infant, parent, json!({}), &id, "no onset that could be a response");
    }
}
