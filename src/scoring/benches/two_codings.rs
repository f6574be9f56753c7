//! How long the comparison of two coders' time and events takes: `cargo bench -p attunement-scoring --bench two_codings`.
//!
//! What bounds each, and how many times longer ten times as much took:
//!
//! - *exact table*, *majority*, *tolerance kappa*: memory, a step for each mark or unit, whatever the tolerance: 10 to 12 times.
//! - *limits*: two look-ups in sums for each block and replicate; where the sums no longer fit into the cache, memory: 18 times.
//! - *kappa as BORIS*: not samples are counted but changes, bound by sorting these: 11 times.
//! - *alignment*: the processor, one comparison and a byte for each pair of events: 10 times for three times as many, 100 for ten.
//! - *gamma*: the processor, one division for each pair of units that lie near one another, 31 times or more: with the units, times how many
//!   of them lie near. 11 times; with three coders, with the square of how many: 10 times for four times as many.
//! - *all of one channel*: these together, 5 times for five times as many.

mod common;

use common::workloads::{codings, units};
use common::{print_head, print_time};
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
use span::{Length, Span, SpanSet};

const CODES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn main() {
    print_head();
    let step = Length::from_millis(100);
    for n in [1_000, 10_000] {
        let (window, coders) = codings(2, n);
        let series: Vec<StateSeries> = coders.iter().map(|coder| series(coder, window)).collect();
        let (a, b) = (&series[0], &series[1]);
        let categories = Categories::new(&CODES, a, b, GapPolicy::Category);
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

fn series(marks: &[StateMark], window: Span) -> StateSeries {
    StateSeries::from_marks(CODES, marks, window, &SpanSet::new(), Gaps::None)
}

fn events(marks: &[StateMark]) -> Vec<Event> {
    let event = |mark: &StateMark| Some(Event { start: mark.start, end: Some(mark.end), code: mark.state? });
    marks.iter().filter_map(event).collect()
}
