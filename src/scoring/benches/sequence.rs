//! How long sequences of states take: recurrence, survival, tables, the grid. `cargo bench -p attunement-scoring --bench sequence`.
//!
//! What bounds each, and how it grows from n to 10 n:
//!
//! - *recurrence, equality*: runs of one code, not units, are paired. Most lines are counted from the lengths of the runs alone; where
//!   two runs of the one and two of the other follow each other with the same codes, alike corners are counted at once and the lines
//!   that go on are followed. Bound by the number of such corners, some (runs / codes)²: up to 100 times for 10 n. The
//!   worst case are two series that alternate in step: every line goes through as many corners as it is long.
//! - *recurrence, relation*: one AND per code and 64 pairs of units, then one step per line found: quadratic, 100 times for 10 n.
//! - *survival*: sorting, n log n, and two exponentials per distinct time: 11 times for 10 n.
//! - *table*: one pass over the series: 10 times for 10 n.
#[path = "common/mod.rs"]
mod common;

use common::{Random, print_head, print_time};
use scoring::contingency::sequential::{LagTable, Repeats};
use scoring::recurrence::CrossRecurrence;
use scoring::repair::survival::{KaplanMeier, Lifetime};
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

/// Five states that stay for this many units on average; one in a hundred units is missing. The same at every run.
fn states(n: usize, stay: usize, skip: usize) -> Vec<Option<usize>> {
    let mut random = Random::new();
    for _ in 0..skip * 1_000 {
        let _ = random.below(2);
    }
    let mut state = 0;
    let unit = |_| {
        if random.below(stay) == 0 {
            state = random.below(5);
        }
        Some(state).filter(|_| random.below(100) > 0)
    };
    (0..n).map(unit).collect()
}

/// Whole hundredths of a second, every fifth cut off.
fn lifetimes(n: usize) -> Vec<Lifetime> {
    let mut random = Random::new();
    let lifetime =
        |_| Lifetime { time: Length::from_millis(10 * random.below(3_000) as i64), is_event: random.below(5) > 0 };
    (0..n).map(lifetime).collect()
}
