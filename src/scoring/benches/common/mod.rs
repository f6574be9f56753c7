//! One table for all workloads: median and fastest time, and the most memory that was held at once.
#![allow(dead_code, clippy::print_stdout, reason = "each bench uses its part, and prints a table")]

pub(crate) mod workloads;

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant as Clock};

#[global_allocator]
static HEAP: Heap = Heap { held: AtomicUsize::new(0), most: AtomicUsize::new(0) };

/// The system's allocator, counting.
struct Heap {
    held: AtomicUsize,
    most: AtomicUsize,
}

// SAFETY: every request goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = self.held.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        self.most.fetch_max(held, Ordering::Relaxed);
        // SAFETY: as this call.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        self.held.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as this call.
        unsafe { System.dealloc(place, layout) }
    }
}

pub(crate) fn print_head() {
    println!("{:<44} {:>10} {:>10} {:>12}", "workload", "median", "fastest", "heap");
}

/// What one workload takes.
pub(crate) struct Cost {
    pub(crate) median: Duration,
    fastest: Duration,
    heap: usize,
}

/// Runs it 101 times, or for two seconds.
pub(crate) fn cost<T>(run: impl Fn() -> T) -> Cost {
    let before = HEAP.held.load(Ordering::Relaxed);
    HEAP.most.store(before, Ordering::Relaxed);
    drop(black_box(run()));
    let heap = HEAP.most.load(Ordering::Relaxed) - before;
    let begin = Clock::now();
    let mut times = Vec::with_capacity(101);
    while times.len() < 101 && (times.len() < 3 || begin.elapsed() < Duration::from_secs(2)) {
        let start = Clock::now();
        drop(black_box(run()));
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Cost { median: times[times.len() / 2], fastest: times[0], heap }
}

/// Prints a line of the table.
pub(crate) fn print_time<T>(workload: &str, run: impl Fn() -> T) {
    let Cost { median, fastest, heap } = cost(run);
    println!("{workload:<44} {median:>10.2?} {fastest:>10.2?} {heap:>10} B");
}

/// Whole numbers below a bound, the same at every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new() -> Self {
        Self(1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}
