//! How long sequences of states take: recurrence, survival, tables, the grid. `cargo bench -p attunement-scoring --bench sequence`.
//!
//! What bounds each, and how many times longer ten times as much took:
//!
//! - *recurrence, equality*: runs of one code, not units, are paired. Most lines are counted from the lengths of the runs alone; where
//!   two runs of the one and two of the other follow each other with the same codes, alike corners are counted at once and the lines
//!   that go on are followed. The processor, by the number of such corners: 16 times where states stay 17 units (0.7 ms for 20,000), 41
//!   where they stay 5 (4 ms), 20 where they stay 1 (24 ms). The worst case are two series that alternate in step: every line goes through as
//!   many corners as it is long, 120 to 160 times (0.6 s).
//! - *recurrence, relation*: the processor, one AND per code and 64 pairs of units, then one step per line found: 90 to 120 times (0.1 s).
//! - *survival*: the processor, sorting and two exponentials for each distinct time: 5 times from 1,000 to 10,000, 4 times from there, since
//!   hundredths of a second up to 30 s are 3,000 at most.
//! - *table*: the processor, one pass over the series: 9 times.
#[path = "common/mod.rs"]
mod common;

use common::workloads::{lifetimes, states};
use common::{print_head, print_time};
use scoring::contingency::sequential::{LagTable, Repeats};
use scoring::recurrence::CrossRecurrence;
use scoring::repair::survival::KaplanMeier;
use scoring::settings::{KmLimitsAtZero, StructuralZ};
use span::Length;

fn main() {
    print_head();
    for n in [2_000, 20_000] {
        for stay in [1, 5, 17] {
            let (x, y) = (states(n, stay, 1), states(n, stay, 2));
            print_time(&format!("recurrence {n} x {n}, stay {stay}"), || CrossRecurrence::new(&x, &y));
        }
        let alternating: Vec<Option<usize>> = (0..n).map(|unit| Some(unit % 2)).collect();
        print_time(&format!("recurrence {n} x {n}, alternating"), || CrossRecurrence::new(&alternating, &alternating));
        let (x, y) = (states(n, 17, 1), states(n, 17, 2));
        let loose = |a: usize, b: usize| a == b || a == 1 && b == 2;
        print_time(&format!("recurrence {n} x {n}, relation"), || CrossRecurrence::under(&x, &y, loose));
    }
    for n in [1_000, 10_000, 100_000] {
        let lifetimes = lifetimes(n);
        print_time(&format!("Kaplan-Meier of {n}"), || {
            let km = KaplanMeier::new(&lifetimes, KmLimitsAtZero::Zero);
            (km.median_limits_secs(), km.restricted_mean_secs(Length::SECOND.times(30)))
        });
    }
    for n in [3_600, 36_000] {
        let series = states(n, 5, 1);
        print_time(&format!("lag table of {n}"), || {
            let table = LagTable::within(&[&series], 5, 1, Repeats::Allowed);
            (table.adjusted_residuals(StructuralZ::Adjusted), table.chi_square())
        });
    }
    let events = states(5_000, 1, 1);
    print_time("lag table of 5,000 events without repeats", || {
        LagTable::within(&[&events], 5, 1, Repeats::Impossible).adjusted_residuals(StructuralZ::Adjusted)
    });
}
