//! The example of SCIENCE.md section 7 unit by unit: its numbers that are no scores of their own.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use scoring::chance::Tail;
use scoring::chance::circular::{ShiftRules, circular_shift};
use scoring::contingency::table::TwoByTwo;
use scoring::information::mutual::MutualInformation;
use scoring::information::transfer::TransferEntropy;
use scoring::settings::Haldane;
use serde_json::json;

/// One state per second; `.` is missing.
fn units(text: &str) -> Vec<Option<usize>> {
    text.chars().map(|letter| STATES.iter().position(|state| state.starts_with(letter))).collect()
}

#[test]
fn matches_by_chance_are_those_of_the_table() {
    let scores = first(&worked_example(), &worked_settings(json!({})));
    let kappa = scores.scores.get("match.kappa").unwrap();
    let po = 11.0 / 29.0;
    // (Po − Pe) / (1 − Pe)
    let pe = (po - kappa.number().unwrap()) / (1.0 - kappa.number().unwrap());
    check_close(Some(pe), 0.284_185_493_5, 1e-9, "Pe");
}

#[test]
fn information_is_that_of_the_table() {
    let (infant, parent) = (units(INFANT), units(PARENT));
    let mutual = MutualInformation::new(&infant, &parent, 0).unwrap();
    check_close(Some(mutual.first_entropy), 1.968_655, 1e-6, "H(I)");
    check_close(Some(mutual.second_entropy), 0.957_553_5, 1e-7, "H(P)");
    check_close(Some(mutual.joint_entropy), 2.805_92, 1e-6, "H(IP)");
    check_close(Some(mutual.bits), 0.120_288_8, 1e-7, "MI");
    let to_parent = TransferEntropy::new(&infant, &parent, 1).unwrap();
    let to_infant = TransferEntropy::new(&parent, &infant, 1).unwrap();
    assert_eq!((to_parent.n, to_infant.n), (28, 27));
    check_close(Some(to_parent.bits), 0.409_470_966_5, 1e-9, "TE I→P");
    check_close(Some(to_infant.bits), 0.227_470_720_4, 1e-9, "TE P→I");
}

#[test]
fn the_two_by_two_at_lag_one_is_that_of_the_table() {
    let positive = |text| units(text).into_iter().map(|state| state.map(|state| state == 2)).collect::<Vec<_>>();
    let table = TwoByTwo::at_lag(&positive(INFANT), &positive(PARENT), 1);
    assert_eq!((table.a, table.b, table.c, table.d), (9, 0, 9, 10));
    assert_eq!(table.transitional_probability(), Some(1.0));
    check_close(table.base_rate(), 0.642_857_1, 1e-7, "base rate");
    assert_eq!((table.odds_ratio(Haldane::Never), table.yules_q()), (None, Some(1.0)));
    check_close(table.odds_ratio(Haldane::WhenZero), 21.0, 1e-12, "odds ratio");
    check_close(table.phi(), 0.512_989_2, 1e-7, "phi");
    check_close(table.z(), 2.714_484, 1e-6, "z");
}

#[test]
fn all_circular_shifts_give_what_the_table_has() {
    let (infant, parent) = (units(INFANT), units(PARENT));
    let proportion = |parent: &[Vec<Option<usize>>]| {
        let both = infant.iter().zip(&parent[0]).filter(|(infant, parent)| infant.is_some() && parent.is_some());
        let n = both.clone().count();
        Some(both.filter(|(infant, parent)| infant == parent).count() as f64 / n as f64)
    };
    let rules = ShiftRules { guard: 1, is_exhaustive: true, surrogates: 999, seed: 1 };
    let baseline = circular_shift(&[&parent], rules, Tail::Upper, proportion).unwrap();
    assert_eq!((baseline.n, baseline.n_at_least), (29, 8));
    check_close(Some(baseline.observed), 0.379_310_344_8, 1e-9, "observed");
    check_close(Some(baseline.mean), 0.281_807_4, 1e-7, "mean");
    check_close(baseline.sd, 0.093_107_5, 1e-7, "sd");
    check_close(baseline.z, 1.047_208_2, 1e-7, "z");
    check_close(Some(baseline.p), 0.3, 1e-12, "p");
}
