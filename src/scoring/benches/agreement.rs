//! How long agreement of two coders takes: `cargo bench -p attunement-scoring --bench agreement`.
//!
//! Tables and alpha of two are bound by the processor: one count in one of a few cells for each unit, so ten times the units take ten times
//! as long and labels of a byte are hardly faster; all else depends on the number of codes alone. Alpha of more coders counts each pair of
//! them. ICC is bound by some ten tails of F for each of its limits, and each tail by the square root of the number of targets.

mod common;

use common::{Random, print_head, print_time};
use scoring::agreement::alpha::{Coincidences, Metric, alpha};
use scoring::agreement::icc::Icc;
use scoring::agreement::kappa::kappa;
use scoring::agreement::table::Confusion;
use scoring::settings::IccKLimits;

const N_CODES: usize = 5;

fn main() {
    print_head();
    for n_units in [36_000, 360_000] {
        let coders = codings(3, n_units);
        let bytes: Vec<Vec<Option<u8>>> =
            coders.iter().map(|labels| labels.iter().map(|label| label.map(|code| code as u8)).collect()).collect();
        print_time(&format!("kappa, {n_units} units"), || {
            kappa(&Confusion::from_labels(N_CODES, &coders[0], &coders[1]))
        });
        print_time(&format!("kappa, {n_units} units, labels of a byte"), || {
            kappa(&Confusion::from_labels(N_CODES, &bytes[0], &bytes[1]))
        });
        for n_coders in [2, 3] {
            print_time(&format!("alpha, {n_coders} × {n_units}, three metrics"), || {
                let coincidences = Coincidences::from_ratings(N_CODES, &coders[..n_coders]);
                [Metric::Nominal, Metric::Ordinal, Metric::Interval].map(|metric| alpha(&coincidences, metric))
            });
        }
    }
    for n_targets in [200, 2_000] {
        let mut random = Random::new();
        let rating = |random: &mut Random, truth: usize| Some((truth + random.below(300)) as f64 / 100.0);
        let target = |_| {
            let truth = random.below(1_000);
            [rating(&mut random, truth), rating(&mut random, truth)]
        };
        let ratings: Vec<_> = (0..n_targets).map(target).collect();
        print_time(&format!("six ICC with limits, {n_targets} × 2"), || Icc::new(&ratings, IccKLimits::SpearmanBrown));
    }
}

/// States of some 15 units; each coder sees changes a little early or late, and is away now and then.
fn codings(n_coders: usize, n_units: usize) -> Vec<Vec<Option<usize>>> {
    let mut random = Random::new();
    let mut states = Vec::new();
    while states.len() < n_units + 8 {
        let state = (random.below(40) > 0).then(|| random.below(N_CODES));
        states.extend(std::iter::repeat_n(state, 2 + random.below(27)));
    }
    let mut coder = |_| {
        let mut shift = 0;
        let mut label = |unit: usize| {
            if unit > 0 && states[unit] != states[unit - 1] {
                shift = random.below(4);
            }
            states[unit + shift]
        };
        (0..n_units).map(&mut label).collect()
    };
    (0..n_coders).map(&mut coder).collect()
}
