//! The two coders of SCIENCE.md section 7, and its six sessions. Other programs gave most numbers: `vcd`, `psych` of R, krippendorff.
#![allow(clippy::unwrap_used, reason = "a test stops at once")]

mod common;

use common::check_close;
use scoring::agreement::accuracy::table_accuracy;
use scoring::agreement::alpha::{Coincidences, Metric, alpha};
use scoring::agreement::icc::Icc;
use scoring::agreement::kappa::kappa;
use scoring::agreement::table::Confusion;
use scoring::agreement::tolerance::tolerance_kappa;
use scoring::agreement::weighted::{Weighting, weighted_kappa};
use scoring::settings::IccKLimits;

fn units(text: &str) -> Vec<Option<usize>> {
    text.chars().map(|letter| "NOMP".find(letter)).collect()
}

fn coders() -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    (units("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO"), units("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO"))
}

#[test]
fn their_table_and_its_coefficients_are_those_of_the_example() {
    let (a, b) = coders();
    let table = Confusion::from_labels(4, &a, &b);
    let rows: Vec<_> = table.rows().collect();
    assert_eq!(rows, [[4.0, 0.0, 0.0, 1.0], [1.0, 6.0, 0.0, 1.0], [0.0, 0.0, 7.0, 0.0], [0.0, 0.0, 3.0, 7.0]]);
    let kappa = kappa(&table);
    check_close(kappa.po, 0.8, 1e-12, "Po");
    check_close(kappa.pe, 0.258_888_9, 1e-7, "Pe");
    check_close(kappa.value, 0.730_134_9, 1e-7, "κ");
    check_close(kappa.max, 0.865_067_5, 1e-7, "κ_max");
    check_close(weighted_kappa(&table, Weighting::Linear).value, 0.748_603_4, 1e-7, "linear");
    check_close(weighted_kappa(&table, Weighting::Quadratic).value, 0.754_571_7, 1e-7, "quadratic");
    check_close(table_accuracy(&table).ok(), 0.892, 5e-4, "estimated accuracy");
}

#[test]
fn their_alpha_is_that_of_the_example() {
    let (a, b) = coders();
    let coincidences = Coincidences::from_ratings(4, &[a, b]);
    for (metric, want) in
        [(Metric::Nominal, 0.733_232_9), (Metric::Ordinal, 0.746_412_2), (Metric::Interval, 0.758_604_1)]
    {
        check_close(alpha(&coincidences, metric).ok(), want, 1e-7, "α");
    }
}

#[test]
fn a_second_of_tolerance_forgives_all() {
    let (a, b) = coders();
    let both = tolerance_kappa(&a, &b, 4, 1);
    assert_eq!((both.ab.value, both.ba.value), (Some(1.0), Some(1.0)));
}

#[test]
fn the_six_sessions_have_the_intraclass_correlations_of_the_example() {
    let sessions = [[12.0, 13.5], [30.2, 28.9], [5.1, 7.4], [22.0, 22.0], [41.3, 38.8], [17.7, 19.9]];
    let icc = Icc::new(&sessions.map(|session| session.map(Some)), IccKLimits::SpearmanBrown).unwrap();
    check_close(icc.icc1.value.ok(), 0.988_398_3, 1e-7, "ICC1");
    check_close(icc.icc2.value.ok(), 0.988_388_0, 1e-7, "ICC(2,1)");
    check_close(icc.icc3.value.ok(), 0.986_642_4, 1e-7, "ICC(3,1)");
}
