//! How long the comparison of two coders' time and events takes: `cargo bench -p attunement-scoring --bench two_codings`.
//!
//! Kappa with tolerance is bound by memory: two passes over the units, whatever the tolerance; ten times the units take ten times as long.
//! Alignment is bound by the processor: one comparison and a byte for each pair of events, so ten times the events take a hundred times as
//! long. Gamma is bound by one division for each pair of units that lie near one another, 31 times or more: it grows with the units times how
//! many of them lie near; with three coders with the square of that. Kappa as BORIS does not count samples but changes, and is bound by sorting
//! these. The exact table is bound by memory: one step for each mark. Limits are bound by two look-ups in sums for each block and replicate.

mod common;

use common::{Random, print_head, print_time};
use scoring::agreement::agree::agree;
use scoring::agreement::alignment::{AlignRules, Event, event_agreement};
use scoring::agreement::bootstrap::{BootRules, Timeline, bootstrap};
use scoring::agreement::boris::boris_kappa;
use scoring::agreement::codings::{TwoCodings, TwoMarks};
use scoring::agreement::gamma::{GammaRules, Unit, gamma};
use scoring::agreement::kappa::kappa;
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::table::Confusion;
use scoring::agreement::time_unit::{Categories, GapPolicy, exact_table, unit_labels};
use scoring::agreement::tolerance::tolerance_kappa;
use scoring::settings::GridRule;
use scoring::{Gaps, StateMark, StateSeries};
use span::{Instant, Length, Span, SpanSet};

const CODES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn main() {
    print_head();
    let step = Length::from_millis(100);
    for n in [1_000, 10_000] {
        let (window, coders) = codings(2, n);
        let series: Vec<StateSeries> = coders.iter().map(|coder| series(coder, window)).collect();
        let (a, b) = (&series[0], &series[1]);
        let categories = Categories::new(a, b, GapPolicy::Category);
        print_time(&format!("exact table, 2 × {n} marks"), || exact_table(a, b, window, &categories));
        let labels = unit_labels(a, b, window, step, GridRule::Instant, &categories);
        let n_units = labels.first.len();
        print_time(&format!("majority of {n_units} units"), || {
            unit_labels(a, b, window, step, GridRule::Majority, &categories)
        });
        let kept = n_units.min(36 * n); // an hour of every 0.1 s, or ten
        let (first, second) = (&labels.first[..kept], &labels.second[..kept]);
        print_time(&format!("tolerance kappa of {} units", first.len()), || {
            tolerance_kappa(first, second, categories.len(), 10)
        });
        let timeline = vec![vec![Timeline::exact(a, b, window, &categories)]];
        print_time(&format!("limits of kappa, 2 × {n} marks"), || {
            bootstrap(&timeline, &BootRules::default(), |cells| {
                let rows = cells.chunks(categories.len()).map(<[f64]>::to_vec).collect();
                [kappa(&Confusion::from_rows(rows).expect("sums")).value]
            })
        });
        let events: Vec<Vec<Event>> = coders.iter().map(|coder| events(coder)).collect();
        let (first, second) = (&events[..1], &events[1..2]);
        print_time(&format!("kappa as BORIS, 2 × {n} marks, 0.1 s"), || boris_kappa(first, second, step));
    }
    for n in [1_000, 3_000] {
        let (_, coders) = codings(2, n);
        let events: Vec<Vec<Event>> = coders.iter().map(|coder| events(coder)).collect();
        print_time(&format!("alignment, 2 × {n} events"), || {
            event_agreement(&events[0], &events[1], CODES.len(), &AlignRules::default())
        });
    }
    for (n_coders, n) in [(2, 200), (2, 2_000), (3, 50), (3, 200)] {
        let (window, coders) = codings(n_coders, n);
        let units: Vec<Vec<Unit>> = coders.iter().map(|coder| units(coder)).collect();
        let rules = GammaRules { precision: None, ..GammaRules::default() };
        print_time(&format!("gamma, {n_coders} × {n} units, 30 samples"), || gamma(&units, window, &rules));
    }
    for n in [200, 1_000] {
        let (window, coders) = codings(2, n);
        let two = TwoCodings {
            codes: CODES.map(str::to_owned).to_vec(),
            exhaustive: false,
            windows: vec![window],
            looked_at: SpanSet::from(window),
            marks: TwoMarks::States(series(&coders[0], window).into(), series(&coders[1], window).into()),
        };
        print_time(&format!("all of one channel, 2 × {n} marks"), || agree(&two, &AgreeSettings::default()));
    }
}

/// Marks of some 3 s, some after a pause; each coder is early or late by up to 0.4 s, and sees another code now and then.
fn codings(n_coders: usize, n: usize) -> (Span, Vec<Vec<StateMark>>) {
    let mut random = Random::new();
    let mut edges = Vec::new();
    let mut time = 1_000_000;
    for _ in 0..n {
        time += if random.below(3) == 0 { random.below(2_000_000) } else { 0 };
        let end = time + 1_000_000 + random.below(4_000_000);
        edges.push((time, end, random.below(CODES.len())));
        time = end;
    }
    let window = Span::from_micros(0, time as i64 + 1_000_000).expect("time passes");
    let mut coder = |_| {
        let mut edge = |time: usize| Instant::from_micros((time + random.below(800_000)) as i64 - 400_000);
        let times: Vec<_> = edges.iter().map(|(start, end, _)| (edge(*start), edge(*end))).collect();
        let mut seen = |code: usize| if random.below(10) == 0 { random.below(CODES.len()) } else { code };
        let marks = times.iter().zip(&edges);
        marks
            .map(|((start, end), (.., code))| StateMark { start: *start, end: *end, state: Some(seen(*code)) })
            .collect()
    };
    (window, (0..n_coders).map(&mut coder).collect())
}

fn series(marks: &[StateMark], window: Span) -> StateSeries {
    StateSeries::from_marks(CODES, marks, window, &SpanSet::new(), Gaps::None)
}

fn events(marks: &[StateMark]) -> Vec<Event> {
    let event = |mark: &StateMark| Some(Event { start: mark.start, end: Some(mark.end), code: mark.state? });
    marks.iter().filter_map(event).collect()
}

fn units(marks: &[StateMark]) -> Vec<Unit> {
    let unit = |mark: &StateMark| Some(Unit { start: mark.start, end: mark.end, code: mark.state? });
    marks.iter().filter_map(unit).collect()
}
