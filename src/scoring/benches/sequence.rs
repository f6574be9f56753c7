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
#![allow(clippy::print_stdout, reason = "it prints a table")]

use std::hint::black_box;
use std::time::{Duration, Instant as Clock};

use scoring::contingency::sequential::{LagTable, Repeats};
use scoring::recurrence::CrossRecurrence;
use scoring::repair::survival::{KaplanMeier, Lifetime};
use scoring::settings::{KmLimitsAtZero, StructuralZ};
use span::Length;

fn main() {
    println!("{:<46} {:>10} {:>10} {:>10}", "workload", "fastest", "median", "slowest");
    for n in [2_000, 20_000] {
        for stay in [1, 5, 17] {
            let (x, y) = (states(n, stay, 1), states(n, stay, 2));
            run(&format!("recurrence {n} x {n}, stay {stay}"), || drop(black_box(CrossRecurrence::new(&x, &y))));
        }
        let alternating: Vec<Option<usize>> = (0..n).map(|unit| Some(unit % 2)).collect();
        run(&format!("recurrence {n} x {n}, alternating"), || {
            drop(black_box(CrossRecurrence::new(&alternating, &alternating)));
        });
        let (x, y) = (states(n, 17, 1), states(n, 17, 2));
        let loose = |a: usize, b: usize| a == b || a == 1 && b == 2;
        run(&format!("recurrence {n} x {n}, relation"), || drop(black_box(CrossRecurrence::under(&x, &y, loose))));
    }
    for n in [1_000, 10_000, 100_000] {
        let lifetimes = lifetimes(n);
        run(&format!("Kaplan-Meier of {n}"), || {
            let km = KaplanMeier::new(&lifetimes, KmLimitsAtZero::Zero);
            black_box((km.median_limits_secs(), km.restricted_mean_secs(Length::SECOND.times(30))));
        });
    }
    for n in [3_600, 36_000] {
        let series = states(n, 5, 1);
        run(&format!("lag table of {n}"), || {
            let table = LagTable::within(&[&series], 5, 1, Repeats::Allowed);
            black_box((table.adjusted_residuals(StructuralZ::Adjusted), table.chi_square()));
        });
    }
    let events: Vec<Option<usize>> = states(5_000, 1, 1);
    run("lag table of 5,000 events without repeats", || {
        let table = LagTable::within(&[&events], 5, 1, Repeats::Impossible);
        black_box(table.adjusted_residuals(StructuralZ::Adjusted));
    });
    if let Some(peak) = peak_memory() {
        println!("most memory at any time, of everything above: {peak}");
    }
}

fn run(name: &str, mut workload: impl FnMut()) {
    let time = |_| {
        let start = Clock::now();
        workload();
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..15).map(time).collect();
    times.sort_unstable();
    println!("{name:<46} {:>10.2?} {:>10.2?} {:>10.2?}", times[0], times[times.len() / 2], times[times.len() - 1]);
}

/// As the system counts it, where it does.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    Some(status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().to_owned())
}

/// Five states that stay for this many units on average; one in a hundred units is missing. The same at every run.
fn states(n: usize, stay: u64, seed: u64) -> Vec<Option<usize>> {
    let mut random = random(seed);
    let mut state = 0;
    let unit = |_| {
        if random(stay) == 0 {
            state = random(5) as usize;
        }
        Some(state).filter(|_| random(100) > 0)
    };
    (0..n).map(unit).collect()
}

/// Whole hundredths of a second, every fifth cut off.
fn lifetimes(n: usize) -> Vec<Lifetime> {
    let mut random = random(3);
    let lifetime = |_| Lifetime {
        time: Length::from_millis(10 * i64::try_from(random(3_000)).unwrap_or(0)),
        is_event: random(5) > 0,
    };
    (0..n).map(lifetime).collect()
}

fn random(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}
