//! What is timed: the same at every run, and in every bench that names it.

use scoring::StateMark;
use scoring::agreement::gamma::Unit;
use scoring::repair::survival::Lifetime;
use span::{Instant, Length, Span};

use super::Random;

pub(crate) const N_CODES: usize = 5;

/// States of some 15 units; each coder sees changes a little early or late, and is away now and then.
pub(crate) fn labels(n_coders: usize, n_units: usize) -> Vec<Vec<Option<usize>>> {
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

/// Five states that stay for this many units on average; one in a hundred units is missing. The same at every run.
pub(crate) fn states(n: usize, stay: usize, skip: usize) -> Vec<Option<usize>> {
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
pub(crate) fn lifetimes(n: usize) -> Vec<Lifetime> {
    let mut random = Random::new();
    let lifetime =
        |_| Lifetime { time: Length::from_millis(10 * random.below(3_000) as i64), is_event: random.below(5) > 0 };
    (0..n).map(lifetime).collect()
}

/// A series with memory, the same at every run.
pub(crate) fn series(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut value = 0.0;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        value = 0.8 * value + (state >> 40) as f64 / f64::from(1 << 24) - 0.5;
        value
    };
    (0..n).map(next).collect()
}

/// Marks of some 3 s, some after a pause; each coder is early or late by up to 0.4 s, and sees another code now and then.
pub(crate) fn codings(n_coders: usize, n: usize) -> (Span, Vec<Vec<StateMark>>) {
    let mut random = Random::new();
    let mut edges = Vec::new();
    let mut time = 1_000_000;
    for _ in 0..n {
        time += if random.below(3) == 0 { random.below(2_000_000) } else { 0 };
        let end = time + 1_000_000 + random.below(4_000_000);
        edges.push((time, end, random.below(N_CODES)));
        time = end;
    }
    let window = Span::from_micros(0, time as i64 + 1_000_000).expect("time passes");
    let mut coder = |_| {
        let mut edge = |time: usize| Instant::from_micros((time + random.below(800_000)) as i64 - 400_000);
        let times: Vec<_> = edges.iter().map(|(start, end, _)| (edge(*start), edge(*end))).collect();
        let mut seen = |code: usize| if random.below(10) == 0 { random.below(N_CODES) } else { code };
        let marks = times.iter().zip(&edges);
        marks
            .map(|((start, end), (.., code))| StateMark { start: *start, end: *end, state: Some(seen(*code)) })
            .collect()
    };
    (window, (0..n_coders).map(&mut coder).collect())
}

pub(crate) fn units(marks: &[StateMark]) -> Vec<Unit> {
    let unit = |mark: &StateMark| Some(Unit { start: mark.start, end: mark.end, code: mark.state? });
    marks.iter().filter_map(unit).collect()
}
