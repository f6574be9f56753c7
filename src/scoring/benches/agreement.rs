//! How long agreement of two coders takes: `cargo bench -p attunement-scoring --bench agreement`.
//!
//! What bounds each, and how many times longer ten times as much took:
//!
//! - *kappa, alpha of two*: the processor, one count in one of a few cells for each unit; all else depends on the number of codes alone, and
//!   labels of a byte are hardly faster. 10 times.
//! - *alpha of three*: likewise for each pair of coders, and how many codes a unit has is read for each: memory. 13 times.
//! - *ICC*: some ten tails of F for each limit, each of which takes the square root of the number of targets. 2.5 times.

mod common;

use common::workloads::{N_CODES, labels};
use common::{Random, print_head, print_time};
use scoring::agreement::alpha::{Coincidences, Metric, alpha};
use scoring::agreement::icc::Icc;
use scoring::agreement::kappa::kappa;
use scoring::agreement::table::Confusion;
use scoring::settings::IccKLimits;

fn main() {
    print_head();
    for n_units in [36_000, 360_000] {
        let coders = labels(3, n_units);
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
