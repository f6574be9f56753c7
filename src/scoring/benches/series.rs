//! How long the heavier measures of two series take: `cargo bench -p attunement-scoring --bench series`.

mod common;

use common::workloads::series;
use common::{print_head, print_time};
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
    print_head();
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

/// Bound by memory: every lag of every window is written once, 8 bytes each, and costs two products. From 3,600 to 36,000 points it took 14
/// times as long; from there 40 times: 340 MB come from the system as new pages every time. With missing values 14 to 16 times.
fn windowed(n: usize) {
    let (x, y) = (series(n, 1), series(n, 2));
    let (x, y): (Vec<_>, Vec<_>) = (x.into_iter().map(Some).collect(), y.into_iter().map(Some).collect());
    let rules = WindowRules { window: 100, max_lag: 50, window_inc: 1, lag_inc: 1, min_pairs: 6 };
    print_time(&format!("windowed r, {n} points, 101 lags"), || WindowedCorrelation::new(&x, &y, rules));
    let with_gaps: Vec<_> = x.iter().enumerate().map(|(t, x)| x.filter(|_| t % 500 > 20)).collect();
    print_time("likewise, one of 25 missing", || WindowedCorrelation::new(&with_gaps, &y, rules));
}

/// Bound by the processor: by the two transforms, n log n, and by 2,550 products for each shift that only the circle joins. From 36,000 to
/// 360,000 points with as many shifts it took 7 times as long; at 3,600 the shifts are more, and are all that counts.
fn circular(n: usize) {
    let (x, y) = (series(n, 1), series(n, 2));
    let rules = ShiftRules { guard: 50, is_exhaustive: true, surrogates: 1_000, seed: 1 };
    for estimator in [CcfEstimator::Global, CcfEstimator::Pairwise] {
        let n_shifts = if n <= MAX_ALL { n - 99 } else { rules.surrogates };
        print_time(&format!("{n_shifts} shifts of {n}, 101 lags, {estimator:?}"), || {
            let correlation = ShiftedCorrelation::new(&x, &y, 50, estimator).expect("both vary");
            let shifts = shifts(&[n], rules).expect("long enough");
            let surrogates = shifts.iter().map(|shift| correlation.largest(shift[0]));
            Baseline::new(correlation.largest(0), surrogates, Tail::Upper).expect("there are surrogates")
        });
    }
}

/// Bound by the processor: by one triangle of the series' last values (pre-whitening), by one pass (regression), by sorting (transfer
/// entropy). From 3,600 to 36,000 points they took 12, 11 and 10 times as long.
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
    print_time(&format!("pre-whitened r, {n} points, order up to 5"), || {
        Prewhitened::new(&x, &y, Length::SECOND, 5, rules).expect("both vary")
    });
    let form = PastForm::Weighted(vec![3.0, 2.0, 1.0]);
    print_time(&format!("self- and interactive contingency, {n}"), || {
        regression(&x, &y, &form, Trend::None).expect("both vary")
    });
    let states =
        |series: &[Option<f64>]| series.iter().map(|value| value.map(|v| (v + 50.0) as usize)).collect::<Vec<_>>();
    let (x, y) = (states(&x), states(&y));
    print_time(&format!("transfer entropy, {n} points"), || TransferEntropy::new(&x, &y, 1).expect("rows are left"));
}
