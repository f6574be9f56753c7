//! What holds for every two codings, whatever is in them.
#![allow(clippy::unwrap_used, reason = "a test stops at once")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use scoring::agreement::accuracy::{estimated_accuracy, kappa_at_accuracy, table_accuracy};
use scoring::agreement::alpha::{Coincidences, Metric, alpha, interval_alpha};
use scoring::agreement::bland_altman::BlandAltman;
use scoring::agreement::concordance::Concordance;
use scoring::agreement::fleiss::{Fleiss, code_counts};
use scoring::agreement::gwet::{ac1, ac2};
use scoring::agreement::icc::{Estimate, Icc};
use scoring::agreement::iid::{Ac1Divisor, ac1_std_err, kappa_errors};
use scoring::agreement::kappa::kappa;
use scoring::agreement::scott::scott_pi;
use scoring::agreement::table::Confusion;
use scoring::agreement::uniform::{brennan_prediger, pabak};
use scoring::agreement::weighted::{Weighting, weighted_kappa};
use scoring::settings::{IccKLimits, LinMoments};

const N_CODES: usize = 4;
const WEIGHTINGS: [Weighting; 3] = [Weighting::Identity, Weighting::Linear, Weighting::Quadratic];
const METRICS: [Metric; 3] = [Metric::Nominal, Metric::Ordinal, Metric::Interval];

type Labels = Vec<Option<usize>>;

fn config() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, cases: 500, ..ProptestConfig::default() }
}

/// Codes of units, some missing, often agreeing.
fn codings(n_coders: usize) -> impl Strategy<Value = Vec<Labels>> {
    let label = || prop_oneof![1 => Just(None), 6 => (0..N_CODES).prop_map(Some)];
    let unit = (label(), prop::collection::vec(prop_oneof![2 => Just(None), 1 => label().prop_map(Some)], n_coders));
    prop::collection::vec(unit, 0..40).prop_map(move |units| {
        let of_coder = |coder: usize| units.iter().map(|(truth, codes)| codes[coder].unwrap_or(*truth)).collect();
        (0..n_coders).map(of_coder).collect()
    })
}

fn table() -> impl Strategy<Value = Confusion> {
    codings(2).prop_map(|coders| Confusion::from_labels(N_CODES, &coders[0], &coders[1]))
}

/// Any finite number, some much too large, some much too small.
fn wild() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -10.0..10.0,
        1 => Just(0.0),
        1 => prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL,
        1 => prop::sample::select(vec![f64::MAX, f64::MIN_POSITIVE, 5e-324, 1e-160, 1e160]),
    ]
}

fn wild_table() -> impl Strategy<Value = Confusion> {
    let rows = |n| prop::collection::vec(prop::collection::vec(wild().prop_map(f64::abs), n), n);
    (0..5_usize).prop_flat_map(rows).prop_filter_map("the sum is finite", |rows| Confusion::from_rows(rows).ok())
}

/// A number that two ways of reckoning give, or neither.
#[track_caller]
fn check_same(a: Option<f64>, b: Option<f64>, what: &str) {
    assert_eq!(a.is_some(), b.is_some(), "{what}: {a:?}, {b:?}");
    let (a, b) = (a.unwrap_or(0.0), b.unwrap_or(0.0));
    assert!((a - b).abs() <= 1e-9 * a.abs().max(1.0), "{what}: {a}, {b}");
}

#[track_caller]
fn check_finite<'a>(numbers: impl IntoIterator<Item = &'a Option<f64>>, what: &str) {
    for (idx, number) in numbers.into_iter().enumerate() {
        assert!(number.is_none_or(f64::is_finite), "{what}[{idx}] is {number:?}");
    }
}

/// Every number that a table has, with an absent one where it says why.
fn coefficients(table: &Confusion) -> Vec<(String, Option<f64>)> {
    let plain = kappa(table);
    assert_eq!(plain.value.is_none(), plain.why.is_some());
    let mut all = vec![
        ("kappa".to_owned(), plain.value),
        ("po".to_owned(), plain.po),
        ("pe".to_owned(), plain.pe),
        ("max".to_owned(), plain.max),
        ("share of max".to_owned(), plain.share_of_max()),
        ("pabak".to_owned(), pabak(table).ok()),
    ];
    let mut named = vec![("pi", scott_pi(table)), ("brennan", brennan_prediger(table)), ("ac1", ac1(table))];
    named.extend(WEIGHTINGS.map(|weighting| ("weighted", weighted_kappa(table, weighting))));
    named.extend(WEIGHTINGS.map(|weighting| ("ac2", ac2(table, weighting))));
    for (name, coefficient) in named {
        assert_eq!(coefficient.value.is_none(), coefficient.why.is_some(), "{name}");
        let parts = [("", coefficient.value), (" po", coefficient.po), (" pe", coefficient.pe)];
        all.extend(parts.map(|(part, number)| (format!("{name}{part}"), number)));
    }
    for metric in METRICS {
        all.push((format!("{metric:?} alpha"), alpha(&Coincidences::from_time(table), metric).ok()));
    }
    all
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn exchanging_the_coders_or_the_unit_of_time_changes_nothing(table in table(), scale in 1e-3..1e9) {
        let rows = table.rows().map(|row| row.iter().map(|cell| cell * scale).collect()).collect();
        let scaled = Confusion::from_rows(rows).unwrap();
        for other in [table.transposed(), scaled] {
            for ((name, a), (_, b)) in coefficients(&table).into_iter().zip(coefficients(&other)) {
                check_same(a, b, &name);
            }
        }
    }

    #[test]
    fn coefficients_keep_their_bounds(table in table()) {
        for (name, value) in coefficients(&table) {
            prop_assert!(value.is_none_or(|value| value <= 1.0 + 1e-12), "{}: {:?}", name, value);
        }
        let kappa = kappa(&table);
        if let (Some(value), Some(max)) = (kappa.value, kappa.max) {
            prop_assert!((-1.0 - 1e-12..=max + 1e-12).contains(&value));
            prop_assert!(scott_pi(&table).value.unwrap() <= value + 1e-12);
        }
        let is_perfect = table.total() > 0.0 && table.agreed() == table.total();
        for (name, value) in coefficients(&table) {
            prop_assert!(!is_perfect || name.ends_with("pe") || value.is_none_or(|value| value == 1.0), "{}: {:?}", name, value);
        }
    }

    #[test]
    fn coefficients_that_are_one_another_are_equal(table in table(), two in prop::array::uniform4(0..50_u32)) {
        check_same(weighted_kappa(&table, Weighting::Identity).value, kappa(&table).value, "kappa without weights");
        check_same(ac2(&table, Weighting::Identity).value, ac1(&table).value, "AC2 without weights");
        let two = two.map(f64::from);
        let two = Confusion::from_rows(vec![two[..2].to_vec(), two[2..].to_vec()]).unwrap();
        for weighting in WEIGHTINGS {
            check_same(weighted_kappa(&two, weighting).value, kappa(&two).value, "two codes have one distance");
        }
        check_same(brennan_prediger(&two).value, pabak(&two).ok(), "two codes");
        let n = table.total();
        let of_pi = scott_pi(&table).value.map(|pi| 1.0 - (2.0 * n - 1.0) / (2.0 * n) * (1.0 - pi));
        check_same(alpha(&Coincidences::from_table(&table), Metric::Nominal).ok(), of_pi, "alpha and pi");
        check_same(alpha(&Coincidences::from_time(&table), Metric::Nominal).ok(), scott_pi(&table).value, "alpha of time");
    }

    #[test]
    fn order_of_coders_and_units_does_not_matter_to_alpha(coders in (2..6_usize).prop_flat_map(codings)) {
        let of = |coders: &[Labels]| METRICS.map(|metric| alpha(&Coincidences::from_ratings(N_CODES, coders), metric).ok());
        let reversed: Vec<Labels> = coders.iter().rev().map(|labels| labels.iter().rev().copied().collect()).collect();
        for (a, b) in of(&coders).into_iter().zip(of(&reversed)) {
            check_same(a, b, "reversed");
        }
        let number = |label: &Option<usize>| label.map(|code| code as f64 / 2.0 - 7.0);
        let numbers: Vec<Vec<_>> = coders.iter().map(|labels| labels.iter().map(number).collect()).collect();
        check_same(of(&coders)[2], interval_alpha(&numbers).ok(), "interval");
        let [first, ..] = coders.as_slice() else { unreachable!("there are two or more") };
        let alone = of(&[first.clone(), first.clone()]);
        prop_assert!(alone.iter().all(|alpha| alpha.is_none_or(|alpha| alpha == 1.0)), "with oneself: {:?}", alone);
    }

    #[test]
    fn kappa_of_many_coders_is_pi_for_two(coders in codings(2)) {
        let table = Confusion::from_labels(N_CODES, &coders[0], &coders[1]);
        let fleiss = Fleiss::new(&code_counts(N_CODES, &coders)).ok();
        check_same(fleiss.as_ref().and_then(|fleiss| fleiss.kappa.value), scott_pi(&table).value, "Fleiss and Scott");
        check_same(fleiss.and_then(|fleiss| fleiss.randolph.value), brennan_prediger(&table).value, "Randolph and Brennan");
    }

    #[test]
    fn kappa_of_an_accuracy_has_that_accuracy(
        accuracy in 0.0..1.0, shares in prop::collection::vec(0.0..1.0, 2..9), table in table(),
    ) {
        let lowest = 1.0 / shares.len() as f64;
        let accuracy = lowest + (1.0 - lowest) * accuracy;
        let kappa_here = kappa_at_accuracy(accuracy, &shares).unwrap();
        if kappa_here > 1e-3 {
            let back = estimated_accuracy(kappa_here, &shares).unwrap();
            prop_assert!((back - accuracy).abs() < 1e-9, "{} is not {}", back, accuracy);
        }
        if let Ok(accuracy) = table_accuracy(&table) {
            let again = kappa_at_accuracy(accuracy, &table.prevalences().unwrap()).unwrap();
            check_same(Some(again), kappa(&table).value, "kappa of the table");
        }
    }

    #[test]
    fn correlations_of_targets_follow_no_unit_and_no_origin(
        ratings in prop::collection::vec(prop::collection::vec(-9.0..9.0, 3), 2..20), scale in 0.1..50.0, origin in -50.0..50.0,
    ) {
        let of = |change: &dyn Fn(usize, f64) -> f64| {
            let row = |row: &Vec<f64>| row.iter().enumerate().map(|(coder, number)| Some(change(coder, *number))).collect();
            let rows: Vec<Vec<_>> = ratings.iter().map(row).collect();
            Icc::new(&rows, IccKLimits::SpearmanBrown).unwrap()
        };
        let icc = of(&|_, number| number);
        let moved = of(&|_, number| scale * number + origin);
        for (a, b) in estimates(&icc).into_iter().zip(estimates(&moved)) {
            for (a, b) in numbers(a).into_iter().zip(numbers(b)).take(2) {
                check_same(a, b, "in another unit");
            }
        }
        // consistency does not see that one coder is always higher
        let biased = of(&|coder, number| number + origin * coder as f64);
        check_same(biased.icc3.value.ok(), icc.icc3.value.clone().ok(), "bias");
        for Estimate { value, low, high, .. } in [&icc.icc1, &icc.icc3, &icc.icc1k, &icc.icc3k] {
            let value = value.clone().unwrap();
            prop_assert!(low.unwrap() <= value && value <= high.unwrap() && high.unwrap() <= 1.0);
        }
    }

    #[test]
    fn concordance_is_no_larger_than_correlation(pairs in prop::collection::vec((-9.0..9.0, -9.0..9.0), 2..30)) {
        let (x, y): (Vec<_>, Vec<_>) = pairs.iter().map(|(x, y)| (Some(*x), Some(*y))).unzip();
        let [there, back] = [(&x, &y), (&y, &x)].map(|(x, y)| Concordance::new(x, y, LinMoments::N));
        check_same(there.value.clone().ok(), back.value.ok(), "exchanged");
        prop_assert!(there.value.unwrap().abs() <= there.pearson.unwrap().abs() + 1e-12);
        prop_assert!((0.0..=1.0 + 1e-12).contains(&there.bias_factor.unwrap()));
        let same = Concordance::new(&x, &x, LinMoments::NMinusOne);
        check_same(same.value.ok(), Some(1.0), "with oneself");
        let [there, back] = [(&x, &y), (&y, &x)].map(|(x, y)| BlandAltman::new(x, y).unwrap());
        check_same(Some(there.mean), Some(-back.mean), "exchanged");
        check_same(there.sd, back.sd, "exchanged");
        prop_assert!(there.mean.abs() <= there.mean_absolute + 1e-12 && there.mean_absolute <= there.root_mean_square + 1e-12);
    }

    #[test]
    fn no_table_gives_what_is_no_number(table in wild_table()) {
        for (name, value) in coefficients(&table) {
            prop_assert!(value.is_none_or(f64::is_finite), "{} of {:?} is {:?}", name, table, value);
        }
        check_finite(&METRICS.map(|metric| alpha(&Coincidences::from_table(&table), metric).ok()), "alpha");
        check_finite(&[Ac1Divisor::N, Ac1Divisor::NMinusOne].map(|divisor| ac1_std_err(&table, divisor).ok()), "AC1's error");
        check_finite(&[table_accuracy(&table).ok()], "accuracy");
        for weighting in WEIGHTINGS {
            if let Ok(errors) = kappa_errors(&table, weighting) {
                check_finite(&[errors.std_err, errors.std_err_h0, errors.low, errors.high].map(Some), "errors");
                check_finite(&[errors.z0], "z0");
            }
        }
    }

    #[test]
    fn no_numbers_give_what_is_no_number(
        ratings in prop::collection::vec(prop::collection::vec(prop::option::weighted(0.95, wild()), 0..4), 0..12),
        odd in prop::sample::select(vec![f64::NAN, f64::INFINITY, 1.0]),
    ) {
        let mut ratings = ratings;
        if let Some(number) = ratings.first_mut().and_then(|row| row.first_mut()) {
            *number = number.map(|number| number * odd);
        }
        for k_limits in [IccKLimits::SpearmanBrown, IccKLimits::OfMean] {
            if let Ok(icc) = Icc::new(&ratings, k_limits) {
                for estimate in estimates(&icc) {
                    check_finite(&numbers(estimate), "ICC");
                }
            }
        }
        check_finite(&[interval_alpha(&ratings).ok()], "alpha");
        let column = |column: usize| ratings.iter().map(|row| row.get(column).copied().flatten()).collect::<Vec<_>>();
        let (x, y) = (column(0), column(1));
        for moments in [LinMoments::N, LinMoments::NMinusOne] {
            let Concordance { value, pearson, bias_factor, .. } = Concordance::new(&x, &y, moments);
            check_finite(&[value.ok(), pearson.ok(), bias_factor.ok()], "concordance");
        }
        if let Ok(differences) = BlandAltman::new(&x, &y) {
            let BlandAltman { mean, sd, limit_std_err, slope, mean_absolute, root_mean_square, .. } = differences;
            check_finite(&[Some(mean), sd, limit_std_err, slope, Some(mean_absolute), Some(root_mean_square)], "differences");
            let limits = [differences.limits, differences.mean_limits].into_iter().flatten().flatten().map(Some);
            check_finite(&limits.collect::<Vec<_>>(), "limits");
        }
    }

    #[test]
    fn no_counts_give_what_is_no_number(counts in prop::collection::vec(prop::collection::vec(0..4_u32, 3), 0..6)) {
        if let Ok(fleiss) = Fleiss::new(&counts) {
            check_finite(&[fleiss.kappa.value, fleiss.randolph.value, fleiss.std_err_h0().ok()], "Fleiss");
            check_finite(&fleiss.per_code, "per code");
        }
    }
}

fn estimates(icc: &Icc) -> [&Estimate; 6] {
    [&icc.icc1, &icc.icc2, &icc.icc3, &icc.icc1k, &icc.icc2k, &icc.icc3k]
}

fn numbers(estimate: &Estimate) -> [Option<f64>; 5] {
    [estimate.value.clone().ok(), estimate.f, estimate.p, estimate.low, estimate.high]
}
