//! What the one tells about the other, counted on the example of SCIENCE.md section 7.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use serde_json::{Value, json};

#[test]
fn information_is_that_of_the_table() {
    let scores = first(&worked_example(), &worked_settings(json!({})));
    check_score(&scores, "information.mutual", 0.120_288_8);
    check_close(
        scores.scores.number("information.transfer.infant_to_parent"),
        0.409_470_966_5,
        1e-9,
        "infant to parent",
    );
    check_close(
        scores.scores.number("information.transfer.parent_to_infant"),
        0.227_470_720_4,
        1e-9,
        "parent to infant",
    );
    check_score(&scores, "information.transfer.net", 0.409_470_966_5 - 0.227_470_720_4);
    check_score(&scores, "information.mutual.normalised", 0.120_288_8 / (1.968_655_f64 * 0.957_553_5).sqrt());
}

#[test]
fn entropies_and_information_at_lags_are_counted() {
    // counted in a short program of its own, from the two rows of letters
    let scores = first(&worked_example(), &worked_settings(json!({})));
    check_score(&scores, "information.entropy.infant", 1.968_655_1);
    check_score(&scores, "information.entropy.parent", 0.957_553_5);
    check_score(&scores, "information.entropy.joint", 2.805_919_8);
    check_score(&scores, "information.mutual.peak", 0.478_198_8);
    check_score(&scores, "information.mutual.peak_lag", 1.0);
    check_score(
        &scores,
        "information.mutual.infant_leads",
        (0.478_198_782_5 + 0.153_704_662_0 + 0.244_729_278_5) / 3.0,
    );
    check_score(
        &scores,
        "information.mutual.parent_leads",
        (0.065_733_064_6 + 0.167_752_778_3 + 0.087_751_114_1) / 3.0,
    );
    // 4, 2 and 8 states and pairs in 29 units: (4 + 2 − 8 − 1) / 58 nats less
    let corrected = first(&worked_example(), &worked_settings(json!({"mi.miller_madow": true})));
    check_score(&corrected, "information.mutual", 0.045_666_673_4);
    assert_eq!(corrected.scores.get("information.entropy.joint"), scores.scores.get("information.entropy.joint"));
}

#[test]
fn effective_transfer_entropy_is_without_what_chance_gives() {
    // the mean of the 29 shifts of the parent's row, in a short program of its own: 0.2336975 and 0.1933558 bits
    let surrogates = |of: &[&str]| json!({"surrogates": 199, "surrogate.guard": 1, "surrogate.of": of});
    let (to_parent, to_infant) = ("information.transfer.infant_to_parent", "information.transfer.parent_to_infant");
    let scores = first(&worked_example(), &worked_settings(surrogates(&[to_parent, to_infant])));
    check_score(&scores, &format!("{to_parent}.effective"), 0.175_773_478_9);
    check_score(&scores, &format!("{to_infant}.effective"), 0.034_114_922_2);
    assert_eq!(scores.scores.get(&format!("{to_infant}.effective")).unwrap().n, Some(29));
    let scores = first(&worked_example(), &worked_settings(surrogates(&["match.proportion"])));
    let why = "the setting surrogate.of leaves transfer entropy out";
    check_absent(&scores, &format!("{to_parent}.effective"), why);
    let scores = first(&worked_example(), &worked_settings(json!({})));
    check_absent(&scores, &format!("{to_parent}.effective"), "no surrogates: the setting surrogates is 0");
}

#[test]
fn grangers_test_is_reckoned_in_both_directions() {
    // least squares in fractions, in a short program of its own; by Akaike's criterion one last value is best in both
    let order = |order: Value| first(&worked_example(), &worked_settings(json!({"granger.order": order})));
    let scores = order(json!("aic"));
    check_score(&scores, "granger.infant_to_parent", 17.531_046_7);
    check_score(&scores, "granger.infant_to_parent.chi2", 19.634_772_3);
    check_score(&scores, "granger.infant_to_parent.lr", 14.878_037_9);
    check_score(&scores, "granger.infant_to_parent.order", 1.0);
    check_score(&scores, "granger.parent_to_infant", 0.432_227_7);
    assert_eq!(scores.scores.get("granger.parent_to_infant").unwrap().n, Some(27));
    let scores = order(json!(2));
    check_score(&scores, "granger.infant_to_parent", 8.272_926_2);
    check_score(&scores, "granger.parent_to_infant.lr", 2.657_491_6);
    check_absent(&order(json!(0)), "granger.parent_to_infant.p", "granger.order and granger.p_max begin at 1");
    check_absent(&order(json!(9)), "granger.infant_to_parent", "too few units in a row");
}

#[test]
fn coherence_is_that_of_the_rhythm_that_both_have() {
    // a rhythm of 8 s in two minutes, the parent a quarter of it late; now and then each does something of its own
    let row = |late: usize, own: usize| -> String {
        let letter =
            |t: usize| if t % own == 5 { 'M' } else { ['P', 'P', 'P', 'M', 'N', 'N', 'N', 'M'][(t + 8 - late) % 8] };
        (0..120).map(letter).collect()
    };
    let dyad = |infant: &str, parent: &str| {
        coded(letters(infant), letters(parent), worked_example().relation, span(0.0, infant.len() as f64))
    };
    let settings = worked_settings(json!({"coherence.segment": 32}));
    let scores = first(&dyad(&row(0, 17), &row(2, 13)), &settings);
    check_score(&scores, "coherence.peak_frequency", 0.125);
    assert!(scores.scores.number("coherence.peak").unwrap() > 0.95);
    assert!((scores.scores.number("coherence.peak_phase").unwrap() + std::f64::consts::FRAC_PI_2).abs() < 0.1);
    // segments begin every 16 s: at 0, 16, ..., 80
    assert_eq!(scores.scores.get("coherence.mean").unwrap().n, Some(6));
    assert_eq!(scores.coherence.as_ref().map(Vec::len), Some(17));

    // missing time is left out, and the longest stretch of what is left is short
    let with_gap = format!("{}.{}", &row(0, 17)[..60], &row(0, 17)[61..]);
    let scores = first(&dyad(&with_gap, &row(2, 13)), &settings);
    assert_eq!(scores.scores.get("coherence.mean").unwrap().n, Some(2));
    let why = "no stretch coded by both that holds two segments of coherence.segment";
    check_absent(&first(&worked_example(), &settings), "coherence.mean", why);
    let constant = first(&dyad(&"P".repeat(120), &row(2, 13)), &settings);
    check_absent(&constant, "coherence.peak", "a partner's value never changes");
    let short = worked_settings(json!({"coherence.segment": 1}));
    check_absent(&first(&worked_example(), &short), "coherence.mean", "coherence.segment is shorter than two units");
}
