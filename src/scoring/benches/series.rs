//! How long the heavier measures of two series take: `cargo bench -p attunement-scoring --bench series`.
#![allow(clippy::print_stdout, reason = "it prints a table")]

use std::hint::black_box;
use std::time::{Duration, Instant as Clock};

use scoring::chance::circular::{MAX_ALL, ShiftRules, shifts};
use scoring::chance::lagged::ShiftedCorrelation;
use scoring::chance::{Baseline, Tail};
use scoring::contingency::weighted::{PastForm, Trend, regression};
use scoring::information::transfer::TransferEntropy;
use scoring::settings::{CcfEstimator, PrewhitenFilter, PrewhitenModel, PrewhitenOrder};
use scoring::synchrony::prewhitened::{PrewhitenRules, Prewhitened};
use scoring::synchrony::windowed::{WindowRules, WindowedCorrelation};
use span::Length;

fn main() {
    println!("{:<62} {:>10} {:>10} {:>10}", "two series", "fastest", "median", "memory");
    for n in [3_600, 36_000, 360_000] {
        windowed(n);
    }
    for n in [3_600, 36_000, 360_000] {
        circular(n);
    }
    for n in [360, 3_600, 36_000] {
        others(n);
    }
}

/// Bound by memory: every lag of every window is written once, 8 bytes each, and costs two products. Ten times the length is ten times
/// the time.
fn windowed(n: usize) {
    let (x, y) = (series(n, 1), series(n, 2));
    let (x, y): (Vec<_>, Vec<_>) = (x.into_iter().map(Some).collect(), y.into_iter().map(Some).collect());
    let rules = WindowRules { window: 100, max_lag: 50, window_inc: 1, lag_inc: 1, min_pairs: 6 };
    let bytes = (n - 149) * 101 * size_of::<f64>();
    report(&format!("windowed correlation, {n} points, 101 lags, every window"), bytes, || {
        black_box(WindowedCorrelation::new(&x, &y, rules));
    });
    let with_gaps: Vec<_> = x.iter().enumerate().map(|(t, x)| x.filter(|_| t % 500 > 20)).collect();
    report(&format!("likewise, {n} points, one of 25 missing"), bytes, || {
        black_box(WindowedCorrelation::new(&with_gaps, &y, rules));
    });
}

/// Bound by the two transforms, n log n, and by 2,550 products for each shift that only the circle joins.
fn circular(n: usize) {
    let (x, y) = (series(n, 1), series(n, 2));
    let rules = ShiftRules { guard: 50, surrogates: 1_000, seed: 1 };
    for estimator in [CcfEstimator::Global, CcfEstimator::Pairwise] {
        let n_shifts = if n <= MAX_ALL { n - 99 } else { rules.surrogates };
        report(&format!("{n_shifts} shifts of {n} points, 101 lags, {estimator:?}"), 9 * n * size_of::<f64>(), || {
            let correlation = ShiftedCorrelation::new(&x, &y, 50, estimator).expect("both vary");
            let shifts = shifts(&[n], rules).expect("long enough");
            let surrogates = shifts.iter().map(|shift| correlation.largest(shift[0]));
            black_box(Baseline::new(correlation.largest(0), surrogates, Tail::Upper).expect("there are surrogates"));
        });
    }
}

/// Bound by one triangle of the series' last values (pre-whitening), and by sorting (transfer entropy).
fn others(n: usize) {
    let coded = |seed: u64| series(n, seed).into_iter().map(|value| Some(value.round())).collect::<Vec<_>>();
    let (x, y) = (coded(1), coded(2));
    let rules = PrewhitenRules {
        model: PrewhitenModel::Ar,
        order: PrewhitenOrder::Aic,
        max_order: 5,
        filter: PrewhitenFilter::Own,
        estimator: CcfEstimator::Pairwise,
    };
    report(&format!("pre-whitened correlation, {n} points, 11 lags, order up to 5"), 9 * n * size_of::<f64>(), || {
        black_box(Prewhitened::new(&x, &y, Length::SECOND, 5, rules).expect("both vary"));
    });
    let form = PastForm::Weighted(vec![3.0, 2.0, 1.0]);
    report(&format!("self- and interactive contingency, {n} points"), 4 * n * size_of::<f64>(), || {
        black_box(regression(&x, &y, &form, Trend::None).expect("both vary"));
    });
    let states =
        |series: &[Option<f64>]| series.iter().map(|value| value.map(|v| (v + 50.0) as usize)).collect::<Vec<_>>();
    let (x, y) = (states(&x), states(&y));
    report(&format!("transfer entropy, {n} points"), 7 * n * size_of::<u64>(), || {
        black_box(TransferEntropy::new(&x, &y, 1).expect("rows are left"));
    });
}

/// A series with memory, the same at every run.
fn series(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut value = 0.0;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        value = 0.8 * value + (state >> 40) as f64 / f64::from(1 << 24) - 0.5;
        value
    };
    (0..n).map(next).collect()
}

fn report(name: &str, bytes: usize, mut run: impl FnMut()) {
    let time = |_| {
        let start = Clock::now();
        run();
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..21).map(time).collect();
    times.sort_unstable();
    println!("{name:<62} {:>10.2?} {:>10.2?} {:>7.1} MB", times[0], times[times.len() / 2], bytes as f64 / 1e6);
}
