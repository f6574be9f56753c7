//! The example of SCIENCE.md section 7 as a sequence: answers, steps, the state space grid, recurrence; and on coarser grids.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use scoring::MatchRelation;
use serde_json::json;
use span::Length;

#[test]
fn answers_are_those_counted_by_hand() {
    // Infant turns positive at 2, 8, 15, 22: the parent is positive already at 2, 8, 15 (since 1, 6, 14) and follows at 23.
    // Parent turns positive at 1, 6, 14, 23 (17 continues, 3 too): the infant follows at 2, 8, 15 and is positive already at 23.
    let scores = first(&worked_example(), &worked_settings(json!({})));
    check_score(&scores, "contingency.responsiveness.infant_to_parent.onsets", 4.0);
    check_score(&scores, "contingency.responsiveness.infant_to_parent.concurrent", 3.0);
    check_score(&scores, "contingency.responsiveness.infant_to_parent.proportion", 1.0);
    check_score(&scores, "contingency.responsiveness.infant_to_parent.latency.km_median", 1.0);
    check_score(&scores, "contingency.responsiveness.parent_to_infant.proportion", 1.0);
    check_score(&scores, "contingency.responsiveness.parent_to_infant.latency.km_median", 1.0);
    let latencies: Vec<Length> =
        scores.contingency.unwrap().infant_answers.lifetimes().iter().map(|lifetime| lifetime.time).collect();
    assert_eq!(latencies, [1, 2, 1].map(|secs| Length::SECOND.times(secs)));
}

#[test]
fn the_lag_one_table_of_states_is_that_of_the_example() {
    // the cell P to P is the 2x2 of SCIENCE.md 7
    let scores = first(&worked_example(), &worked_settings(json!({})));
    check_close(scores.scores.number("contingency.lag.infant_to_parent.P.P"), 2.714_484, 1e-6, "z");
    let contingency = scores.contingency.unwrap();
    let cell = contingency.parent_follows.two_by_two(2, 2);
    assert_eq!((cell.a, cell.b, cell.c, cell.d), (9, 0, 9, 10));
    let fewer = first(&worked_example(), &worked_settings(json!({"sequential.lag_s": 3}))).contingency.unwrap();
    assert_eq!((contingency.parent_follows.total(), fewer.infant_follows.total()), (28, 26));
}

#[test]
fn steps_from_unit_to_unit_are_counted() {
    let scores = first(&worked_example(), &worked_settings(json!({})));
    check_score(&scores, "repair.next_step", 0.352_941_2);
    check_score(&scores, "rupture.next_step", 0.7);
    let parts = |id: &str| scores.scores.get(id).map(|score| (score.numerator, score.denominator)).unwrap();
    assert_eq!(parts("repair.next_step"), (Some(6.0), Some(17.0)));
    assert_eq!(parts("rupture.next_step"), (Some(7.0), Some(10.0)));
    let never =
        coded(letters("MM.M"), letters("MMMM"), MatchRelation::equality(&STATES.map(str::to_owned)), span(0.0, 4.0));
    check_absent(
        &first(&never, &worked_settings(json!({}))),
        "repair.next_step",
        "no unit out of match with a coded one after it",
    );
}

#[test]
fn the_state_space_grid_is_that_of_the_table() {
    let scores = first(&worked_example(), &worked_settings(json!({})));
    for (id, want) in [
        ("grid.range", 8.0),
        ("grid.dispersion", 0.895_441_934_2),
        ("grid.transitions.count", 20.0),
        ("grid.transitions.rate", 20.0 / 29.0 * 60.0),
        ("grid.visits.count", 22.0),
        ("grid.visits.mean", 1.318_181_8),
        ("grid.visits.mean_of_cells", 1.304_166_7),
        ("grid.entropy.visits", 1.984_545_9),
        ("grid.entropy.duration", 1.944_915_4),
        ("grid.entropy.transitions", 2.484_366_8),
        ("grid.entropy.conditional", 0.511_365_4),
        ("grid.attractor.share", 8.0 / 29.0), // both positive
    ] {
        check_score(&scores, id, want);
    }
    let grid = scores.grid.unwrap();
    assert_eq!(grid.attractor(), Some((2, 2)));
    assert_eq!(grid.n_cells(), 16);
}

#[test]
fn recurrence_is_that_of_the_table() {
    let scores = first(&worked_example(), &worked_settings(json!({})));
    for (id, want) in [
        ("recurrence.rate", 0.275_555_6),
        ("recurrence.determinism", 0.641_129),
        ("recurrence.diagonal.mean", 2.446_154),
        ("recurrence.diagonal.longest", 5.0),
        ("recurrence.diagonal.count", 65.0),
        ("recurrence.diagonal.entropy", 0.881_209_3),
        ("recurrence.diagonal.relative_entropy", 0.635_658_1),
        ("recurrence.laminarity", 0.943_548_4),
        ("recurrence.trapping_time", 4.105_263),
        ("recurrence.laminarity.horizontal", 0.802_419_4),
        ("recurrence.trapping_time.horizontal", 2.211_111),
        // counted in a short program of its own: 7, 16, 16, 9, 9 lines of 2, 3, 4, 5, 7 units; 71 of 2, 19 of 3
        ("recurrence.vertical.entropy", 1.553_678_4),
        ("recurrence.horizontal.entropy", 0.515_425_1),
        ("recurrence.profile.lag0", 11.0 / 30.0),
        ("recurrence.profile.peak", 0.379_310),
        ("recurrence.profile.peak_lag", 1.0),
    ] {
        check_close(scores.scores.number(id), want, 1e-6, id);
    }
    let profile = scores.recurrence_profile.unwrap();
    for (point, want) in profile.iter().zip([0.185_185, 0.285_714, 0.344_828, 0.366_667, 0.379_310, 0.25, 0.148_148]) {
        check_close(point.share, want, 1e-6, "profile");
    }
    let dropped = first(&worked_example(), &worked_settings(json!({"profile.missing": "dropped"})));
    check_score(&dropped, "recurrence.profile.lag0", 11.0 / 29.0); // the match proportion
}

#[test]
fn on_a_grid_of_seconds_the_example_is_what_it_is_to_the_tick() {
    let exact = first(&worked_example(), &worked_settings(json!({"simul_tol": 0})));
    for rule in ["instant", "midpoint", "majority"] {
        let gridded = first(&worked_example(), &worked_settings(json!({"repair.mode": "grid", "grid.rule": rule})));
        assert_eq!(gridded.scores, exact.scores, "{rule}");
        assert_eq!(gridded.mismatch_episodes, exact.mismatch_episodes, "{rule}");
    }
    let any = first(&worked_example(), &worked_settings(json!({"repair.mode": "grid", "grid.rule": "any"})));
    assert_eq!(any.mismatch_episodes, exact.mismatch_episodes);
    check_score(&any, "match.kappa", 0.132_890_365_4);
    check_score(&any, "repair.next_step", 0.352_941_2);
    check_absent(&any, "sync.r.lag0", "grid.rule any gives a unit several states");
    check_absent(&any, "match.proportion.pos", "grid.rule any gives a unit several states");
}

#[test]
fn a_coarser_grid_sees_fewer_and_other_mismatches() {
    // by hand, units of 3 s by their start: infant M P O P N P O M P O, parent M P P P M P P M P M
    let settings = |mode: &str| worked_settings(json!({"repair.mode": mode, "grid.step": 3}));
    let scores = first(&worked_example(), &settings("grid"));
    let spans: Vec<_> =
        scores.mismatch_episodes.iter().map(|e| (e.span.start().as_secs(), e.span.end().as_secs())).collect();
    assert_eq!(spans, [(6.0, 9.0), (12.0, 15.0), (18.0, 21.0), (27.0, 30.0)]);
    check_score(&scores, "match.proportion", 0.6);
    check_score(&scores, "repair.count", 3.0);
    check_score(&first(&worked_example(), &settings("exact")), "match.proportion", 11.0 / 29.0);
    // any match within three seconds counts: all but 18 (O and M with P) and 27 (O with M)
    let any = worked_settings(json!({"repair.mode": "grid", "grid.step": 3, "grid.rule": "any"}));
    check_score(&first(&worked_example(), &any), "match.proportion", 0.8);
}

#[test]
fn what_cannot_be_computed_says_why() {
    let relation = MatchRelation::equality(&STATES.map(str::to_owned));
    let still = first(&coded(letters("OOOO"), letters("MMMM"), relation, span(0.0, 4.0)), &worked_settings(json!({})));
    check_score(&still, "recurrence.rate", 0.0);
    check_score(&still, "recurrence.diagonal.longest", 0.0);
    check_score(&still, "grid.dispersion", 0.0);
    for (id, why) in [
        ("rupture.next_step", "no unit in match with a coded one after it"),
        ("grid.entropy.transitions", "no change of cell"),
        ("grid.attractor.return", "no return to it is seen"),
        ("recurrence.determinism", "no unit recurs"),
        ("recurrence.diagonal.mean", "no line is long enough"),
        ("recurrence.diagonal.relative_entropy", "fewer than two lengths of line"),
        ("contingency.responsiveness.infant_to_parent.proportion", "no onset to respond to"),
        ("contingency.lag.infant_to_parent.O.M", "nothing else is ever given"),
        ("contingency.lag.infant_to_parent.P.M", "this is never given"),
    ] {
        check_absent(&still, id, why);
    }
    let relation = MatchRelation::equality(&STATES.map(str::to_owned));
    let given = first(&coded(letters("OMOM"), letters("MMMM"), relation, span(0.0, 4.0)), &worked_settings(json!({})));
    check_absent(&given, "contingency.lag.infant_to_parent.O.M", "the target always or never follows");
    check_absent(&given, "contingency.lag.parent_to_infant.M.O", "nothing else is ever given");
}
