//! What holds for any two series.
#![allow(clippy::unwrap_used, reason = "a test stops at once")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use scoring::chance::circular::{ShiftRules, circular_shift};
use scoring::chance::lagged::ShiftedCorrelation;
use scoring::chance::pseudo_dyads::pseudo_dyads;
use scoring::chance::segments::{SegmentRules, segment_shuffle};
use scoring::chance::{Baseline, NoBaseline, Tail};
use scoring::contingency::logistic::logistic;
use scoring::contingency::mixed::Estimation;
use scoring::contingency::pooled::{DyadSeries, estimated_weights, fixed_effects, mixed};
use scoring::contingency::weighted::{Coefficient, PastForm, Trend, regression};
use scoring::information::coherence::coherence;
use scoring::information::granger::Granger;
use scoring::information::mutual::{MutualInformation, MutualNorm};
use scoring::information::transfer::TransferEntropy;
use scoring::settings::{CcfEstimator, PrewhitenFilter, PrewhitenModel, PrewhitenOrder};
use scoring::synchrony::lagged::LagProfile;
use scoring::synchrony::prewhitened::{PrewhitenRules, Prewhitened};
use scoring::synchrony::windowed::{WindowRules, WindowedCorrelation};
use span::Length;

fn config() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, cases: 200, ..ProptestConfig::default() }
}

type Series = Vec<Option<f64>>;

/// Codes, ratings, constants, and numbers near the end of what there is; some missing.
fn two_series() -> impl Strategy<Value = (Series, Series)> {
    let value = |kind: usize| -> BoxedStrategy<f64> {
        match kind {
            0 => (-1..=1_i32).prop_map(f64::from).boxed(),
            1 => (-5.0..5.0).boxed(),
            2 => Just(0.3).boxed(),
            3 => prop::sample::select(vec![0.1, 1e9, 1e9 + 1.0]).boxed(),
            _ => prop::sample::select(vec![1e300, -1e300, 1e-300, 0.0]).boxed(),
        }
    };
    let series = move |n: usize| {
        (0..5_usize, 0..3_u32).prop_flat_map(move |(kind, missing)| {
            let value = (value(kind), 0..10_u32).prop_map(move |(value, die)| Some(value).filter(|_| die >= missing));
            prop::collection::vec(value, n)
        })
    };
    (0..90_usize).prop_flat_map(move |n| (series(n), series(n)))
}

/// Plain codes, few missing: measures exist.
fn two_codings() -> impl Strategy<Value = (Series, Series)> {
    let series = |n: usize| {
        let value = (-1..=1_i32, 0..20_u32).prop_map(|(value, die)| Some(f64::from(value)).filter(|_| die > 0));
        prop::collection::vec(value, n)
    };
    (40..90_usize).prop_flat_map(move |n| (series(n), series(n)))
}

fn rules() -> impl Strategy<Value = (PrewhitenRules, WindowRules)> {
    let order = prop::sample::select(vec![PrewhitenOrder::Aic, PrewhitenOrder::Fixed(0), PrewhitenOrder::Fixed(2)]);
    let filter = prop::sample::select(vec![PrewhitenFilter::Own, PrewhitenFilter::First]);
    let estimator = prop::sample::select(vec![CcfEstimator::Pairwise, CcfEstimator::Global]);
    let units = (0..25_usize, 0..12_usize, 1..9_usize, 1..5_usize, 0..9_usize);
    (order, filter, estimator, 0..6_usize, units).prop_map(
        |(order, filter, estimator, max_order, (window, max_lag, window_inc, lag_inc, min_pairs))| {
            let whitening = PrewhitenRules { model: PrewhitenModel::Ar, order, max_order, filter, estimator };
            (whitening, WindowRules { window, max_lag, window_inc, lag_inc, min_pairs })
        },
    )
}

/// Each number as a state of its own.
fn states(series: &Series) -> Vec<Option<usize>> {
    series.iter().map(|value| value.map(|value| (value.clamp(-3.0, 3.0) + 3.0) as usize)).collect()
}

fn is_plain(coefficient: &Coefficient) -> bool {
    let numbers = [Some(coefficient.b), Some(coefficient.std_err), coefficient.t, coefficient.p, coefficient.beta];
    numbers.into_iter().flatten().all(f64::is_finite) && coefficient.p.is_none_or(|p| (0.0..=1.0).contains(&p))
}

fn rs(profile: &LagProfile) -> Vec<Option<f64>> {
    profile.points.iter().map(|point| point.r).collect()
}

fn is_correlation(r: Option<f64>) -> bool {
    r.is_none_or(|r| (-1.0..=1.0).contains(&r))
}

fn is_close(a: Option<f64>, b: Option<f64>) -> bool {
    a.is_some() == b.is_some() && a.zip(b).is_none_or(|(a, b)| (a - b).abs() <= 1e-9 * a.abs().max(1.0))
}

/// `y'[t] = y[(t − shift) mod n]`.
fn shifted(y: &Series, shift: usize) -> Series {
    let mut shifted = y.clone();
    shifted.rotate_right(shift % y.len().max(1));
    shifted
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_series_gives_what_is_no_number((x, y) in two_series(), (whitening, windows) in rules()) {
        for model in [PrewhitenModel::Ar, PrewhitenModel::Arma11] {
            let rules = PrewhitenRules { model, ..whitening };
            if let Ok(whitened) = Prewhitened::new(&x, &y, Length::SECOND, windows.max_lag, rules) {
                prop_assert!(rs(&whitened.profile).into_iter().all(is_correlation));
                prop_assert!(whitened.bound().is_none_or(f64::is_finite));
                let _ = whitened.leader();
            }
        }
        let windowed = WindowedCorrelation::new(&x, &y, windows);
        prop_assert!((0..windowed.n_rows()).all(|row| windowed.row(row).all(is_correlation)));
        let summary = windowed.summary(&windowed.peaks(2));
        for number in [summary.mean_abs_z, summary.mean_r, summary.variance_r, summary.mean_lag, summary.variance_lag] {
            prop_assert!(number.is_none_or(f64::is_finite));
        }
        for form in [PastForm::Weighted(vec![3.0, 2.0, 1.0]), PastForm::Lags(2)] {
            for trend in [Trend::None, Trend::Linear] {
                if let Ok(fit) = regression(&x, &y, &form, trend) {
                    let mut all = fit.own.iter().chain(&fit.partner).chain(&fit.trend).chain([&fit.constant]);
                    prop_assert!(all.all(is_plain), "{:?}", fit);
                    prop_assert!(fit.variance.is_finite() && fit.r2 <= 1.0, "{:?}", fit);
                }
                let positive: Vec<Option<bool>> = x.iter().map(|value| value.map(|value| value > 0.0)).collect();
                if let Ok(fit) = logistic(&positive, &y, &form, trend) {
                    prop_assert!(fit.own.iter().chain(&fit.partner).all(is_plain) && fit.log_likelihood <= 0.0);
                }
                let half = x.len() / 2;
                let dyads = [DyadSeries { own: &x[..half], partner: &y[..half] }, DyadSeries { own: &x[half..], partner: &y[half..] }];
                if let Ok(fit) = fixed_effects(&dyads, &form, trend) {
                    prop_assert!(fit.own.iter().chain(&fit.partner).all(is_plain), "{:?}", fit);
                }
                if let Ok(model) = mixed(&dyads, &form, trend, Estimation::Reml) {
                    prop_assert!(model.fixed.iter().all(|effect| effect.b.is_finite() && effect.std_err.is_finite()));
                    prop_assert!(model.group_variance >= 0.0 && model.variance > 0.0 && model.log_likelihood.is_finite());
                }
                if let Ok(weights) = estimated_weights(&dyads, 3) {
                    prop_assert!(weights.own.iter().chain(&weights.partner).all(|weight| weight.is_finite()));
                }
            }
        }
        if let Some(test) = Granger::new(&x, &y, 2) {
            prop_assert!([test.p, test.chi2_p].iter().all(|p| (0.0..=1.0).contains(p)), "{:?}", test);
            prop_assert!([test.f, test.chi2, test.lr].iter().all(|number| number.is_finite() && *number >= 0.0), "{:?}", test);
        }
        let zeros = |series: &Series| series.iter().map(|value| value.unwrap_or(0.0)).collect::<Vec<f64>>();
        for point in coherence(&zeros(&x), &zeros(&y), 10.0, 16).unwrap_or_default() {
            prop_assert!(point.coherence.is_none_or(|value| (0.0..=1.0).contains(&value)), "{:?}", point);
            prop_assert!(point.phase.is_none_or(f64::is_finite), "{:?}", point);
        }
        if let Some(quick) = ShiftedCorrelation::new(&zeros(&x), &zeros(&y), windows.max_lag, whitening.estimator) {
            prop_assert!((0..x.len()).all(|shift| quick.profile(shift).all(is_correlation)));
        }
    }

    #[test]
    fn information_keeps_its_bounds((x, y) in two_series(), lag in -3..4_i64) {
        let (x, y) = (states(&x), states(&y));
        if let Some(mutual) = MutualInformation::new(&x, &y, lag) {
            let smaller = mutual.first_entropy.min(mutual.second_entropy);
            prop_assert!(mutual.bits >= 0.0 && mutual.bits <= smaller + 1e-9);
            prop_assert!((mutual.first_entropy + mutual.second_entropy - mutual.joint_entropy - mutual.bits).abs() < 1e-9);
            for norm in [MutualNorm::Sqrt, MutualNorm::Arithmetic] {
                prop_assert!(mutual.normalised(norm).is_none_or(|share| (0.0..=1.0).contains(&share)));
            }
            let exchanged = MutualInformation::new(&y, &x, -lag).unwrap();
            prop_assert!((exchanged.bits - mutual.bits).abs() < 1e-12 && exchanged.n == mutual.n);
        }
        for history in [1, 2] {
            let transfer = TransferEntropy::new(&x, &y, history);
            prop_assert!(transfer.is_none_or(|transfer| transfer.bits >= 0.0 && transfer.bits <= 3.0));
            // nobody tells more about oneself than oneself
            let own = TransferEntropy::new(&y, &y, history);
            prop_assert!(own.is_none_or(|own| own.bits < 1e-9));
        }
    }

    #[test]
    fn exchanged_series_give_the_mirror((x, y) in two_codings(), (whitening, windows) in rules()) {
        let rules = PrewhitenRules { filter: PrewhitenFilter::Own, ..whitening };
        let there = Prewhitened::new(&y, &x, Length::SECOND, 4, rules);
        let here = Prewhitened::new(&x, &y, Length::SECOND, 4, rules);
        prop_assert_eq!(there.is_ok(), here.is_ok());
        if let (Ok(there), Ok(here)) = (there, here) {
            let pairs = rs(&there.profile).into_iter().zip(rs(&here.profile).into_iter().rev());
            prop_assert!(pairs.into_iter().all(|(a, b)| is_close(a, b)));
        }
        let windows = WindowRules { lag_inc: 1, ..windows };
        let (there, here) = (WindowedCorrelation::new(&y, &x, windows), WindowedCorrelation::new(&x, &y, windows));
        prop_assert_eq!(there.n_rows(), here.n_rows());
        for row in 0..here.n_rows() {
            let mut here: Vec<_> = here.row(row).collect();
            here.reverse();
            prop_assert!(there.row(row).zip(here).all(|(a, b)| is_close(a, b)));
        }
        for (there, here) in there.peaks(1).iter().zip(here.peaks(1)) {
            // which of two equal peaks on both sides of lag 0 it is, says the sign of the lag
            prop_assert_eq!(there.map(|peak| peak.lag.abs()), here.map(|peak| peak.lag.abs()));
            prop_assert!(is_close(there.map(|peak| peak.r), here.map(|peak| peak.r)));
        }
    }

    #[test]
    fn units_of_value_change_no_measure((x, y) in two_codings(), (whitening, windows) in rules()) {
        let other: Series = x.iter().map(|value| value.map(|value| 4.0 * value + 8.0)).collect();
        let profile = |x: &Series| Prewhitened::new(x, &y, Length::SECOND, 4, whitening).map(|whitened| rs(&whitened.profile));
        match (profile(&x), profile(&other)) {
            (Ok(one), Ok(other)) if whitening.filter == PrewhitenFilter::Own => {
                prop_assert!(one.into_iter().zip(other).all(|(a, b)| is_close(a, b)));
            }
            (one, other) => prop_assert_eq!(one.is_ok(), other.is_ok()),
        }
        let (one, two) = (WindowedCorrelation::new(&x, &y, windows), WindowedCorrelation::new(&other, &y, windows));
        for row in 0..one.n_rows() {
            prop_assert!(one.row(row).zip(two.row(row)).all(|(a, b)| is_close(a, b)));
        }
        let thirds: Series = x.iter().map(|value| value.map(|value| value / 3.0 + 0.7)).collect(); // rounded otherwise
        let rounded = WindowedCorrelation::new(&thirds, &y, windows);
        let lags = |windowed: &WindowedCorrelation| -> Vec<_> { windowed.peaks(1).iter().map(|peak| peak.map(|peak| peak.lag)).collect() };
        prop_assert_eq!(lags(&one), lags(&rounded));
        let fit = |x: &Series| regression(x, &y, &PastForm::Weighted(vec![3.0, 2.0, 1.0]), Trend::None);
        if let (Ok(one), Ok(other)) = (fit(&x), fit(&other)) {
            prop_assert!(is_close(one.own[0].beta, other.own[0].beta));
            prop_assert!(is_close(one.partner[0].beta, other.partner[0].beta));
        }
        let test = |x: &Series| Granger::new(x, &y, 1).map(|test| test.f);
        prop_assert!(is_close(test(&x), test(&other)));
    }

    #[test]
    fn each_window_is_a_correlation_of_its_own((x, y) in two_codings(), (_, windows) in rules()) {
        let windowed = WindowedCorrelation::new(&x, &y, windows);
        for row in 0..windowed.n_rows() {
            let start = windows.max_lag + row * windows.window_inc;
            for (got, lag) in windowed.row(row).zip(windowed.lags()) {
                let (back_x, back_y) = (lag.max(&0).unsigned_abs() as usize, lag.min(&0).unsigned_abs() as usize);
                let part = |series: &Series, back: usize| series[start - back..][..windows.window].to_vec();
                let point = LagProfile::new(&part(&x, back_x), &part(&y, back_y), Length::SECOND, 0, CcfEstimator::Pairwise).points[0];
                prop_assert!(is_close(got, point.r.filter(|_| point.n >= windows.min_pairs)), "{:?} row {} lag {}", windows, row, lag);
            }
        }
    }

    #[test]
    fn a_surrogate_keeps_what_the_series_is_made_of((_, y) in two_series(), guard in 0..4_usize, seed in any::<u64>()) {
        let sorted = |series: &Series| {
            let mut series = series.clone();
            series.sort_by(|a, b| a.partial_cmp(b).unwrap());
            series
        };
        let whole = sorted(&y);
        let keeps = |episodes: &[Series]| Some(f64::from(u8::from(sorted(&episodes[0]) == whole)));
        let is_kept = |baseline: Result<Baseline, NoBaseline>| baseline.is_ok_and(|it| it.mean == 1.0 && it.observed == 1.0);
        let circular = circular_shift(&[&y], ShiftRules { guard, is_exhaustive: true, surrogates: 50, seed }, Tail::Upper, keeps);
        prop_assert_eq!(is_kept(circular), y.len() + 1 > 2 * guard.max(1));
        let segments = segment_shuffle(&[&y], SegmentRules { segment: 7, surrogates: 50, seed }, Tail::Upper, keeps);
        prop_assert_eq!(is_kept(segments), y.len() >= 28);
        prop_assert_eq!(segments, segment_shuffle(&[&y], SegmentRules { segment: 7, surrogates: 50, seed }, Tail::Upper, keeps));
    }

    #[test]
    fn a_series_shifted_all_the_way_round_is_compared_with_the_same_surrogates((x, y) in two_codings(), by in 1..40_usize) {
        // with guard 1, all shifts of y but none; and all shifts of y' but none: together with the observed one, the same numbers
        let statistic = |y: &[Series]| LagProfile::new(&x, &y[0], Length::SECOND, 0, CcfEstimator::Pairwise).points[0].r;
        let rules = ShiftRules { guard: 1, is_exhaustive: true, surrogates: 0, seed: 0 };
        let all = |y: &Series| {
            circular_shift(&[y], rules, Tail::Upper, statistic).map(|it| it.observed + it.mean * it.n as f64)
        };
        let (one, other) = (all(&y), all(&shifted(&y, by)));
        prop_assert!(is_close(one.ok(), other.ok()));
    }

    #[test]
    fn pairs_that_never_met_are_as_many_and_p_is_a_share(
        dyads in prop::collection::vec(two_codings(), 0..10),
        seed in any::<u64>(),
    ) {
        let infants: Vec<&[Option<f64>]> = dyads.iter().map(|(x, _)| x.as_slice()).collect();
        let parents: Vec<&[Option<f64>]> = dyads.iter().map(|(_, y)| y.as_slice()).collect();
        let r = |x: &[Option<f64>], y: &[Option<f64>]| {
            assert_eq!(x.len(), y.len());
            LagProfile::new(x, y, Length::SECOND, 0, CcfEstimator::Pairwise).points[0].r
        };
        match pseudo_dyads(&infants, &parents, 99, seed, Tail::Both, r) {
            Ok(baseline) => {
                let n = [0, 0, 1, 2, 9, 44, 265, 1_854, 99, 99][dyads.len()];
                prop_assert_eq!(baseline.n + baseline.n_absent, n);
                prop_assert!(baseline.p > 0.0 && baseline.p <= 1.0);
            }
            Err(why) => prop_assert!(why == NoBaseline::TooFewDyads && dyads.len() < 2),
        }
    }
}
