//! Two codings of one channel: what holds for all of them, and the shape of the files.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use scoring::agreement::agree::{Agreement, agree};
use scoring::agreement::alignment::{AlignRules, AlignStep, Compat, Event, align, event_agreement};
use scoring::agreement::boris::{boris_identity, boris_intervals, boris_kappa};
use scoring::agreement::catalog::AGREEMENT;
use scoring::agreement::codings::{CodedStates, PointMark, TwoCodings, TwoMarks};
use scoring::agreement::disagreements::{Disagreement, DisagreementKind};
use scoring::agreement::gamma::{GammaRules, Sampler, Unit, gamma};
use scoring::agreement::kappa::kappa;
use scoring::agreement::segmentation::{
    boundary_edits, detection_error, diarisation_error, identification_error, window_errors,
};
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::table::Confusion;
use scoring::agreement::time_unit::{Categories, GapPolicy, exact_table, unit_labels};
use scoring::agreement::tolerance::{exact_tolerance_kappa, tolerance_kappa};
use scoring::settings::GridRule;
use scoring::{Gaps, StateMark, StateSeries};
use serde_json::{Value, json};
use span::{Instant, Length, Span, SpanSet};

const CODES: [&str; 3] = ["away", "object", "partner"];
/// How long the recordings are, in milliseconds; a whole number of steps.
const END: i64 = 60_000;
const STEP: Length = Length::from_millis(500);

fn config() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(3), failure_persistence: None, cases: 150, ..ProptestConfig::default() }
}

fn at(millis: i64) -> Instant {
    Instant::from_micros(millis * 1_000)
}

fn whole() -> Span {
    Span::new(at(0), at(END)).unwrap()
}

/// `(code, start, length)` in milliseconds; a code beyond the codes is missing time.
type Mark = (usize, i64, i64);

fn marks() -> impl Strategy<Value = Vec<Mark>> {
    prop::collection::vec((0..4_usize, -1_000..END, 0..8_000_i64), 0..25)
}

/// Two coders who see roughly the same.
fn two_coders() -> impl Strategy<Value = (Vec<Mark>, Vec<Mark>)> {
    (marks(), marks(), prop::collection::vec((0..25_usize, -900..900_i64), 0..10)).prop_map(|(first, fresh, moves)| {
        let mut second = first.clone();
        for (idx, by) in moves {
            if let Some(mark) = second.get_mut(idx) {
                mark.1 += by;
            }
        }
        second.extend(fresh.into_iter().take(3));
        (first, second)
    })
}

fn series_of(marks: &[Mark], window: Span, gaps: Gaps) -> StateSeries {
    let mark = |&(code, start, length): &Mark| StateMark {
        start: at(start),
        end: at(start + length),
        state: Some(code).filter(|code| *code < CODES.len()),
    };
    let marks: Vec<StateMark> = marks.iter().map(mark).collect();
    StateSeries::from_marks(CODES, &marks, window, &SpanSet::new(), gaps)
}

fn series(marks: &[Mark]) -> StateSeries {
    series_of(marks, whole(), Gaps::None)
}

/// The marks without duration are there, as moments.
fn coded(marks: &[Mark]) -> CodedStates {
    let moments = marks.iter().filter(|(code, _, length)| *length == 0 && *code < CODES.len());
    let moments = moments.map(|&(code, start, _)| PointMark { time: at(start), code });
    CodedStates { series: series(marks), moments: moments.collect() }
}

fn snapped(marks: &[Mark]) -> Vec<Mark> {
    let snap = |millis: i64| millis.div_euclid(500) * 500;
    marks.iter().map(|&(code, start, length)| (code, snap(start), snap(length))).collect()
}

fn states(first: &[Mark], second: &[Mark]) -> TwoCodings {
    TwoCodings {
        codes: CODES.map(str::to_owned).to_vec(),
        exhaustive: false,
        windows: Vec::new(),
        looked_at: SpanSet::from(whole()),
        marks: TwoMarks::States(coded(first), coded(second)),
    }
}

fn shifted(coded: &CodedStates, by: Length) -> CodedStates {
    let moments = coded.moments.iter().map(|mark| PointMark { time: mark.time + by, ..*mark });
    CodedStates { series: coded.series.shifted(by), moments: moments.collect() }
}

fn points(first: &[Mark], second: &[Mark]) -> TwoCodings {
    let points = |marks: &[Mark]| {
        marks.iter().map(|&(code, start, _)| PointMark { time: at(start), code: code % CODES.len() }).collect()
    };
    TwoCodings { marks: TwoMarks::Points(points(first), points(second)), ..states(&[], &[]) }
}

fn quick() -> AgreeSettings {
    settings(json!({"boot.replicates": 40, "gamma.samples": 5, "gamma.precision": null}))
}

fn settings(overrides: Value) -> AgreeSettings {
    AgreeSettings::from_overrides(overrides.as_object().unwrap()).unwrap()
}

fn numbers(agreement: &Agreement) -> Vec<(&'static str, Option<f64>)> {
    agreement.statistics.iter().map(|statistic| (statistic.info.id, statistic.number())).collect()
}

fn events(marks: &[Mark]) -> Vec<Event> {
    let event = |&(code, start, length): &Mark| Event {
        start: at(start),
        end: (length % 3 != 0).then(|| at(start + length)),
        code: code % CODES.len(),
    };
    marks.iter().map(event).collect()
}

/// The least cost of laying sorted events beside each other, by trying everything; pairs by their onsets.
fn by_trying(a: &[Event], b: &[Event], rules: &AlignRules) -> (u64, Length) {
    let with = |rest: (u64, Length), cost: u32, onsets: Length| (rest.0 + u64::from(cost), rest.1 + onsets);
    let alone = |rest| with(rest, rules.gap, Length::ZERO);
    match (a, b) {
        ([], []) => (0, Length::ZERO),
        ([], [_, rest @ ..]) => alone(by_trying(a, rest, rules)),
        ([_, rest @ ..], []) => alone(by_trying(rest, b, rules)),
        ([x, of_a @ ..], [y, of_b @ ..]) => {
            let mut best = alone(by_trying(of_a, b, rules)).min(alone(by_trying(a, of_b, rules)));
            let apart = (x.start - y.start).abs();
            let is_near = rules.tolerance.is_none_or(|tolerance| apart <= tolerance);
            if is_near && x.end.is_some() == y.end.is_some() {
                let cost = if x.code == y.code { 0 } else { rules.substitution };
                let onsets = if rules.tolerance.is_some() { apart } else { Length::ZERO };
                best = best.min(with(by_trying(of_a, of_b, rules), cost, onsets));
            }
            best
        }
    }
}

fn units(marks: &[Mark]) -> Vec<Unit> {
    let unit = |&(code, start, length): &Mark| Unit { start: at(start), end: at(start + length.max(1)), code };
    marks.iter().map(unit).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn exact_time_is_the_grid_where_all_boundaries_lie_on_it((first, second) in two_coders(), exclude: bool) {
        let (a, b) = (series(&snapped(&first)), series(&snapped(&second)));
        let gap = if exclude { GapPolicy::Exclude } else { GapPolicy::Category };
        let categories = Categories::new(&CODES, &a, &b, gap);
        let exact = exact_table(&a, &b, whole(), &categories);
        let in_units: Vec<Vec<f64>> =
            exact.rows().map(|row| row.iter().map(|micros| micros / STEP.micros() as f64).collect()).collect();
        for rule in [GridRule::Instant, GridRule::Midpoint, GridRule::Majority] {
            let labels = unit_labels(&a, &b, whole(), STEP, rule, &categories);
            let table = Confusion::from_labels(categories.len(), &labels.first, &labels.second);
            prop_assert_eq!(table.rows().map(<[f64]>::to_vec).collect::<Vec<_>>(), in_units.clone());
            for units in [0, 1, 3] {
                let on_grid = tolerance_kappa(&labels.first, &labels.second, categories.len(), units);
                let exact = exact_tolerance_kappa(&a, &b, whole(), &categories, STEP.times(units as i64));
                for (exact, on_grid) in [(exact.table_ab, on_grid.table_ab), (exact.table_ba, on_grid.table_ba)] {
                    let micros = |cell: &f64| cell * STEP.micros() as f64;
                    let on_grid: Vec<f64> = on_grid.rows().flatten().map(micros).collect();
                    prop_assert_eq!(exact.rows().flatten().copied().collect::<Vec<_>>(), on_grid);
                }
            }
        }
    }

    #[test]
    fn exchanged_coders_agree_as_much((first, second) in two_coders()) {
        let (there, back) = (agree(&states(&first, &second), &quick()), agree(&states(&second, &first), &quick()));
        for id in ["gamma", "gamma_cat"] {
            prop_assert_eq!(&there.get(id).unwrap().value, &back.get(id).unwrap().value, "{}: to the last bit", id);
        }
        for id in ["time_kappa", "scott_pi", "ac1", "alpha", "scorable", "tolerance_kappa"] {
            let number = |agreement: &Agreement| agreement.get(id).unwrap().number();
            match (number(&there), number(&back)) {
                (Some(a), Some(b)) => prop_assert!((a - b).abs() < 1e-9, "{}: {} {}", id, a, b),
                (a, b) => prop_assert_eq!(a, b, "{}", id),
            }
        }
        prop_assert_eq!(there.table.as_ref().map(Confusion::transposed), back.table.clone());
        let mirrored = |kind| match kind {
            DisagreementKind::Omission => DisagreementKind::Commission,
            DisagreementKind::Commission => DisagreementKind::Omission,
            kind => kind,
        };
        let kinds = |agreement: &Agreement| agreement.disagreements.iter().map(|one| one.kind).collect::<Vec<_>>();
        prop_assert_eq!(kinds(&there).into_iter().map(mirrored).collect::<Vec<_>>(), kinds(&back));
    }

    #[test]
    fn nothing_changes_when_a_mark_is_split_or_all_is_later((first, second) in two_coders()) {
        let split: Vec<StateMark> = series(&first)
            .pieces()
            .iter()
            .flat_map(|piece| {
                let (start, end) = (piece.span.start(), piece.span.end());
                let middle = start + Length::from_micros((end - start).micros() / 2);
                [(start, middle), (middle, end)].map(|(start, end)| StateMark { start, end, state: Some(piece.state) })
            })
            .collect();
        let states_too = series(&first).states().to_vec();
        let split = CodedStates {
            series: StateSeries::from_marks(states_too, &split, whole(), &SpanSet::new(), Gaps::Missing),
            ..coded(&first)
        };
        let of_split = TwoCodings { marks: TwoMarks::States(split, coded(&second)), ..states(&[], &[]) };
        prop_assert_eq!(agree(&of_split, &quick()), agree(&states(&first, &second), &quick()));
        let by = Length::from_millis(7_321);
        let now = states(&first, &second);
        let TwoMarks::States(a, b) = &now.marks else { unreachable!() };
        let later = TwoCodings {
            looked_at: now.looked_at.shifted(by),
            marks: TwoMarks::States(shifted(a, by), shifted(b, by)),
            ..now.clone()
        };
        let (now, later) = (agree(&now, &quick()), agree(&later, &quick()));
        prop_assert_eq!(numbers(&now), numbers(&later));
        prop_assert_eq!(now.disagreements.len(), later.disagreements.len());
    }

    #[test]
    fn missing_time_appended_changes_nothing_exact((first, second) in two_coders()) {
        let longer = Span::new(at(0), at(END + 5_000)).unwrap();
        let with_missing = |marks: &[Mark]| {
            let mut marks = marks.to_vec();
            marks.push((CODES.len(), END, 5_000));
            CodedStates { series: series_of(&marks, longer, Gaps::None), ..coded(&marks) }
        };
        let now = states(&first, &second);
        let later = TwoCodings {
            looked_at: SpanSet::from(longer),
            marks: TwoMarks::States(with_missing(&first), with_missing(&second)),
            ..now.clone()
        };
        let (now, later) = (agree(&now, &quick()), agree(&later, &quick()));
        for id in ["time_kappa", "ac1", "alpha", "tolerance_kappa", "event_kappa"] {
            prop_assert_eq!(now.get(id).unwrap().number(), later.get(id).unwrap().number(), "{}", id);
        }
        prop_assert_eq!(now.disagreements, later.disagreements);
    }

    #[test]
    fn random_codings_give_numbers_or_reasons(
        (first, second) in two_coders(),
        are_points: bool,
        choice in (0..3_usize, 0..3_usize, 0..2_usize, any::<bool>(), any::<bool>()),
        (holes, step, tolerance) in (prop::collection::vec((0..END, 1..9_000_i64), 0..4), 1..3_000_u32, 0..4_000_u32),
    ) {
        let mut two = if are_points { points(&first, &second) } else { states(&first, &second) };
        two.exhaustive = choice.3;
        for (start, length) in holes {
            two.looked_at.remove(Span::new(at(start), at(start + length)).unwrap());
        }
        let settings = settings(json!({
            "grid.rule": (["instant", "midpoint", "majority"][choice.0]),
            "align.compat": (["onset", "overlap", "either"][choice.1]),
            "gamma.sampler": (["statistical", "shuffle"][choice.2]),
            "step_s": if step < 1_000 { Value::Null } else { json!(f64::from(step) / 1000.0) },
            "tolerance_s": if tolerance < 1_000 { Value::Null } else { json!(f64::from(tolerance) / 1000.0) },
            "ordinal": choice.4, "gamma.samples": 3, "gamma.precision": null, "boot.replicates": 20,
            "boot.block_s": 1.0,
        }));
        let agreement = agree(&two, &settings);
        prop_assert_eq!(&agreement, &agree(&two, &settings), "the same again");
        let ids: Vec<_> = agreement.statistics.iter().map(|statistic| statistic.info.id).collect();
        prop_assert_eq!(ids, AGREEMENT.iter().map(|info| info.id).collect::<Vec<_>>());
        for statistic in &agreement.statistics {
            let id = statistic.info.id;
            prop_assert!(statistic.number().is_none_or(f64::is_finite), "{}", id);
            prop_assert!(statistic.number().is_some() || statistic.why().is_some_and(|why| !why.is_empty()), "{}", id);
            prop_assert!(id == "onset_difference" || id.ends_with("_error") || statistic.number().is_none_or(|number| number <= 1.0 + 1e-12), "{}", id);
            prop_assert!(statistic.parts.iter().all(|(_, part)| part.is_none_or(f64::is_finite)), "{}", id);
            if let Some(Ok(limits)) = &statistic.limits {
                prop_assert!(limits.low <= limits.high && limits.sd.is_finite(), "{}", id);
            }
        }
        prop_assert!(agreement.disagreements.is_sorted_by_key(|one| one.start));
        if let (Some(table), None) = (&agreement.table, settings.step) {
            // gaps are disagreements even where they are left out of the table
            let counts = |one: &&Disagreement| !two.exhaustive || (one.a.is_some() && one.b.is_some());
            let apart: Length = agreement.disagreements.iter().filter(counts).map(|one| one.end - one.start).sum();
            prop_assert!((table.total() - table.agreed() - apart.as_secs()).abs() < 1e-6);
            prop_assert!((agreement.n - table.total()).abs() < 1e-9);
        }
        serde_json::to_value(&agreement).unwrap();
    }

    #[test]
    fn every_event_is_aligned_once_and_at_the_least_cost(
        first in prop::collection::vec((0..4_usize, 0..6_000_i64, 0..800_i64), 0..5),
        second in prop::collection::vec((0..4_usize, 0..6_000_i64, 0..800_i64), 0..5),
        (tolerance, compat, sub) in (0..3_000_i64, 0..3_usize, 0..3_u32),
    ) {
        let (a, b) = (events(&first), events(&second));
        let rules = AlignRules {
            tolerance: (tolerance > 500).then(|| Length::from_millis(tolerance)),
            compat: [Compat::Onset, Compat::Overlap, Compat::Either][compat],
            substitution: sub,
            ..AlignRules::default()
        };
        let alignment = align(&a, &b, &rules);
        let (mut of_a, mut of_b) = (BTreeSet::new(), BTreeSet::new());
        for step in &alignment.steps {
            let (x, y) = match *step {
                AlignStep::Pair(x, y) => (Some(x), Some(y)),
                AlignStep::FirstAlone(x) => (Some(x), None),
                AlignStep::SecondAlone(y) => (None, Some(y)),
            };
            prop_assert!(x.is_none_or(|x| of_a.insert(x)) && y.is_none_or(|y| of_b.insert(y)));
        }
        prop_assert_eq!((of_a.len(), of_b.len()), (a.len(), b.len()));
        let back = align(&b, &a, &rules);
        prop_assert_eq!((alignment.cost, alignment.onset_cost), (back.cost, back.onset_cost));
        prop_assert!(alignment.cost <= (a.len() + b.len()) as u64);
        if rules.compat == Compat::Onset {
            let in_order = |events: &[Event]| {
                let mut events = events.to_vec();
                events.sort_by_key(|event| (event.start, event.end));
                events
            };
            let cheapest = by_trying(&in_order(&a), &in_order(&b), &rules);
            prop_assert_eq!((alignment.cost, alignment.onset_cost), cheapest);
        }
        let itself = event_agreement(&a, &a, CODES.len(), &rules);
        prop_assert!(itself.po.is_none_or(|po| po == 1.0) || sub == 0 || compat == 1);
    }

    #[test]
    fn gamma_of_oneself_is_one_and_no_gamma_is_more(first in marks(), second in marks(), third in marks(), shuffle: bool) {
        let sampler = if shuffle { Sampler::Shuffle } else { Sampler::Statistical };
        let rules = GammaRules { samples: 3, precision: None, sampler, ..GammaRules::default() };
        let coders = [units(&first[..first.len().min(9)]), units(&second[..second.len().min(9)]), units(&third[..third.len().min(9)])];
        for n_coders in [2, 3] {
            if let Ok(found) = gamma(&coders[..n_coders], whole(), &rules) {
                prop_assert!(found.gamma <= 1.0 && found.gamma.is_finite() && found.gamma_cat.is_finite());
                let mut mirrored = coders[..n_coders].to_vec();
                mirrored.reverse();
                let back = gamma(&mirrored, whole(), &rules).unwrap();
                prop_assert!((found.observed_disorder - back.observed_disorder).abs() < 1e-9);
            }
        }
        if !coders[0].is_empty() {
            let itself = gamma(&[coders[0].clone(), coders[0].clone()], whole(), &rules).unwrap();
            prop_assert_eq!((itself.gamma, itself.observed_disorder), (1.0, 0.0));
        }
    }

    #[test]
    fn kappa_as_boris_is_that_of_every_sample((first, second) in two_coders(), unit in 1..3_000_i64, subjects in 1..3_usize) {
        let (a, b) = (events(&first), events(&second));
        let of = |events: &[Event], subject: usize| -> Vec<Event> {
            events.iter().enumerate().filter(|(idx, _)| idx % subjects == subject).map(|(_, event)| *event).collect()
        };
        let by_subject = |events: &[Event]| (0..subjects).map(|subject| of(events, subject)).collect::<Vec<_>>();
        let (a, b) = (by_subject(&a), by_subject(&b));
        let unit = Length::from_millis(unit);
        let found = boris_kappa(&a, &b, unit);
        let all = || a.iter().chain(&b).flatten();
        if a.concat().is_empty() || b.concat().is_empty() {
            prop_assert_eq!(found, None);
        } else {
            // one sample after the other, as in the definition
            let (from, until) = (
                all().map(|event| event.start).min().unwrap(),
                all().map(|event| event.end.unwrap_or(event.start)).max().unwrap(),
            );
            let mut categories: Vec<(usize, BTreeSet<usize>)> = Vec::new();
            let mut labels = [Vec::new(), Vec::new()];
            for subject in 0..subjects {
                let mut time = from;
                while time <= until {
                    for (coder, labels) in [&a, &b].into_iter().zip(&mut labels) {
                        let is_active = |event: &&Event| match event.end {
                            Some(end) => event.start <= time && time <= end,
                            None => (event.start - time).abs().times(2) <= unit,
                        };
                        let active: BTreeSet<usize> = coder[subject].iter().filter(is_active).map(|event| event.code).collect();
                        let category = (if active.is_empty() { 0 } else { subject }, active);
                        let known = categories.iter().position(|one| *one == category);
                        labels.push(Some(known.unwrap_or_else(|| {
                            categories.push(category);
                            categories.len() - 1
                        })));
                    }
                    time += unit;
                }
            }
            let found = found.unwrap();
            let want = kappa(&Confusion::from_labels(categories.len(), &labels[0], &labels[1]));
            prop_assert_eq!((found.n, found.n_categories), (labels[0].len() as u64, categories.len()));
            if let Some(want) = want.value {
                prop_assert!((found.exact.unwrap() - want).abs() < 1e-9);
            } else {
                prop_assert_eq!((found.exact, found.printed), (None, 1.0));
            }
        }
    }

    #[test]
    fn stretches_as_boris_weighted_by_duration_are_exact_time((first, second) in two_coders(), unit in 400..3_000_i64) {
        let codable = |marks: &[Mark]| marks.iter().copied().filter(|mark| mark.0 < CODES.len()).collect::<Vec<_>>();
        let (a, b) = (series(&codable(&first)), series(&codable(&second)));
        let runs = |series: &StateSeries| -> Vec<Event> {
            let pieces = series.pieces().iter().filter(|piece| piece.state < CODES.len());
            pieces.map(|piece| Event { start: piece.span.start(), end: Some(piece.span.end()), code: piece.state }).collect()
        };
        let (of_a, of_b) = ([runs(&a)], [runs(&b)]);
        let found = boris_intervals(&of_a, &of_b, Length::MICROSECOND);
        let edges = || of_a.iter().chain(&of_b).flatten().flat_map(|event| [Some(event.start), event.end]).flatten();
        if let (Some(from), Some(until)) = (edges().min(), edges().max()) {
            let window = Span::new(from, until).unwrap();
            let want = kappa(&exact_table(&a, &b, window, &Categories::new(&CODES, &a, &b, GapPolicy::Category)));
            let found = found.unwrap().weighted;
            prop_assert_eq!((found.n, found.po), (want.n, want.po));
            match (found.value, want.value) {
                (Some(found), Some(want)) => prop_assert!((found - want).abs() < 1e-9),
                (found, want) => prop_assert_eq!(found, want),
            }
        }
        let unit = Length::from_millis(unit);
        let identity = boris_identity(&of_a, &of_b, unit);
        prop_assert_eq!(identity.is_some(), boris_kappa(&of_a, &of_b, unit).is_some());
        prop_assert!(identity.is_none_or(|identity| (0.0..=100.0).contains(&identity.percent())));
        if let Some(itself) = boris_identity(&of_a, &of_a, unit) {
            prop_assert_eq!(itself.percent(), 100.0);
        }
    }

    #[test]
    fn segmentations_and_errors_are_shares(
        first in prop::collection::vec(1..9_usize, 1..12),
        second in prop::collection::vec(1..9_usize, 1..12),
        (a, b) in two_coders(),
        (n_t, collar) in (1..5_usize, 0..700_i64),
    ) {
        let total = first.iter().sum::<usize>().max(second.iter().sum());
        let filled = |masses: &[usize]| {
            let mut masses = masses.to_vec();
            masses.push(total + 1 - masses.iter().sum::<usize>());
            masses
        };
        let (first, second) = (filled(&first), filled(&second));
        let edits = boundary_edits(&first, &second, n_t).unwrap();
        let share = |value: Option<f64>| value.is_none_or(|value| (0.0..=1.0).contains(&value));
        prop_assert!(share(edits.boundary_similarity()) && share(edits.segmentation_similarity()));
        if let Some(windows) = window_errors(&first, &second) {
            prop_assert!(share(Some(windows.window_diff())) && windows.pk() <= windows.window_diff());
        }
        let (a, b, collar) = (units(&a), units(&b), Length::from_millis(collar));
        let (named, mapped) = (identification_error(&a, &b, collar), diarisation_error(&a, &b, collar));
        prop_assert!(mapped.correct >= named.correct);
        prop_assert_eq!(named.correct + named.confusion, mapped.correct + mapped.confusion);
        prop_assert_eq!(named.correct + named.confusion + named.missed, named.total);
        prop_assert!(detection_error(&a, &b, collar).confusion.is_zero());
        prop_assert!(identification_error(&b, &b, collar).rate().is_none_or(|rate| rate == 0.0));
    }
}

#[test]
fn the_files_have_the_promised_shape() {
    let two = states(&[(2, 0, 4_000), (0, 4_000, 6_000)], &[(2, 0, 3_200), (0, 3_200, 6_800)]);
    let agreement = agree(&two, &settings(json!({"boot.replicates": 0})));
    let file = serde_json::to_value(&agreement).unwrap();
    assert_eq!(file["n"], json!(60.0));
    assert_eq!(file["table"]["codes"], json!(["away", "object", "partner", "none"]));
    assert_eq!(file["table"]["seconds"][2], json!([0.8, 0.0, 3.2, 0.0]));
    assert_eq!(file["statistics"]["event_kappa"]["value"], json!(1.0));
    let kappa = &file["statistics"]["time_kappa"];
    for part in ["value", "po", "pe", "max", "accuracy"] {
        assert!(kappa[part].is_number(), "{part}");
    }
    assert_eq!(file["statistics"]["kappa_linear"]["why"], json!("the codes have no order (setting ordinal)"));
    assert_eq!(
        serde_json::to_value(&agreement.disagreements).unwrap(),
        json!([{"start_s": 3.2, "end_s": 4.0, "a": "partner", "b": "away", "kind": "boundary"}])
    );
}

#[test]
fn what_nobody_looked_at_is_absent_with_its_reason() {
    let nothing = TwoCodings { looked_at: SpanSet::new(), ..states(&[(0, 0, 10)], &[(0, 0, 10)]) };
    let agreement = agree(&nothing, &AgreeSettings::default());
    assert_eq!(agreement.statistics.len(), AGREEMENT.len());
    assert!(agreement.statistics.iter().all(|one| one.why() == Some("nothing that both coders coded")));
    let of_points = agree(&points(&[(0, 5, 0)], &[(0, 900, 0), (1, 5_000, 0)]), &AgreeSettings::default());
    assert_eq!(of_points.get("time_kappa").unwrap().why(), Some("points have no duration"));
    assert_eq!(of_points.get("onset_difference").unwrap().number(), Some(0.895));
    assert_eq!(of_points.disagreements.iter().map(|one| one.kind).collect::<Vec<_>>(), [DisagreementKind::Commission]);
}

/// Two codings of ten seconds, one letter each: `a`, `o`, `p` for the codes, a dot for missing time, a space for none.
fn of_text(first: &str, second: &str, windows: &[(i64, i64)]) -> TwoCodings {
    let span = |start: i64, end: i64| Span::new(at(1_000 * start), at(1_000 * end)).unwrap();
    let series = |text: &str| {
        let mark = |(idx, letter): (usize, char)| StateMark {
            start: at(1_000 * idx as i64),
            end: at(1_000 * (idx as i64 + 1)),
            state: "aop".find(letter),
        };
        let marks: Vec<StateMark> = text.char_indices().filter(|(_, letter)| *letter != ' ').map(mark).collect();
        StateSeries::from_marks(CODES, &marks, span(0, text.len() as i64), &SpanSet::new(), Gaps::None)
    };
    TwoCodings {
        codes: CODES.map(str::to_owned).to_vec(),
        exhaustive: false,
        windows: windows.iter().map(|(start, end)| span(*start, *end)).collect(),
        looked_at: SpanSet::from(span(0, first.len() as i64)),
        marks: TwoMarks::States(series(first).into(), series(second).into()),
    }
}

#[test]
fn nothing_crosses_from_one_episode_to_another() {
    let number = |two: &TwoCodings, id: &str, overrides: Value| {
        let agreement = agree(two, &settings(overrides));
        let statistic = agreement.get(id).unwrap();
        (statistic.number(), statistic.parts.clone())
    };
    let one = of_text("aaaaaooooo", "aaaapooooo", &[]);
    let cut = of_text("aaaaaooooo", "aaaapooooo", &[(0, 5), (5, 10)]);
    // B's o in second 4 is within a second of A's o only where that is in the same episode
    let early = |windows| of_text("aaaaaooooo", "aaaaoooooo", windows);
    let quick = || json!({"boot.replicates": 0, "gamma.samples": 0});
    let po_ba = |two: &TwoCodings| {
        let (_, parts) = number(two, "tolerance_kappa", quick());
        parts.iter().find(|(name, _)| *name == "po_ba").unwrap().1
    };
    assert_eq!(po_ba(&early(&[])), Some(1.0));
    assert_eq!(po_ba(&early(&[(0, 5), (5, 10)])), Some(0.9), "o is in the other episode");
    // time itself is the same
    assert_eq!(number(&one, "time_kappa", quick()).0, number(&cut, "time_kappa", quick()).0);
    // a run that goes on is an event in each episode
    let runs = |windows| agree(&of_text("aaaaaaaaaa", "aaaaaaaaaa", windows), &settings(quick())).events.n;
    assert_eq!((runs(&[]), runs(&[(0, 4), (4, 10)])), (1, 2));
    // units of 3 s begin anew: 0, 3 and 5, 8, not 0, 3, 6, 9
    let on_grid = |windows| {
        let two = of_text("aaaaaooooo", "aaaaaoaooo", windows);
        number(&two, "time_kappa", json!({"step_s": 3.0, "boot.replicates": 0, "gamma.samples": 0})).1[0].1
    };
    assert_eq!((on_grid(&[]), on_grid(&[(0, 5), (5, 10)])), (Some(0.75), Some(1.0)));
    // what lies in no episode is left out
    assert_eq!(agree(&of_text("aaaaaooooo", "aaaaaaaooo", &[(0, 3), (7, 10)]), &settings(quick())).n, 6.0);
}

#[test]
fn a_grid_goes_on_over_a_hole() {
    let mut two = of_text("aaaaaooooo", "aaaaaooooo", &[(0, 10)]);
    two.looked_at.remove(Span::new(at(2_500), at(3_500)).unwrap());
    let overrides = json!({"step_s": 1.0, "boot.replicates": 0, "gamma.samples": 0});
    let agreement = agree(&two, &settings(overrides));
    // units 0, 1, 2 and 4 to 9: the one at 3 begins in the hole
    assert_eq!(agreement.get("tolerance_kappa").unwrap().number(), Some(1.0));
    assert_eq!(agreement.n, 9.0);
    let shifted = of_text("aaaapooooo", "aaaaoooooo", &[(0, 10)]);
    let holed = TwoCodings { looked_at: two.looked_at.clone(), ..shifted };
    let po = agree(&holed, &settings(json!({"step_s": 1.0, "boot.replicates": 0, "gamma.samples": 0})));
    assert_eq!(po.get("time_kappa").unwrap().parts[0].1, Some(8.0 / 9.0));
}

#[test]
fn an_event_is_whole_where_the_other_coder_could_not_look() {
    let settings = settings(json!({"boot.replicates": 0, "gamma.samples": 0}));
    let table = |first: &str, second: &str| agree(&of_text(first, second, &[]), &settings).events.table;
    let diagonal = |n: u64| vec![vec![n, 0, 0, 0], vec![0; 4], vec![0; 4], vec![0; 4]];
    assert_eq!(table("aaaaaaaaaa", "aaaa..aaaa")[0], [1, 0, 0, 0], "one of A's, not two");
    assert_eq!(table("aaaa      ", "aaaa......"), diagonal(1));
    assert_eq!(table("aaaa  ooo ", "aaaa ....."), diagonal(1), "what B could not see is no omission");
    assert_eq!(table("aaaa      ", "a...      "), diagonal(1), "a quarter of it was seen by both");
}

#[test]
fn what_can_be_coded_is_asked_of_every_stretch_that_both_looked_at() {
    // nobody looked from 4 to 6 s; A codes 6 s of 8, B 6, both 5: (6/8 − 5/8) / (1 − 5/8), with 5/8 = (3/4)² + (1/4)²
    let mut two = of_text("aaaa..aa..", "aaaa..a..a", &[]);
    two.looked_at.remove(Span::new(at(4_000), at(6_000)).unwrap());
    let agreement = agree(&two, &settings(json!({"boot.replicates": 0, "gamma.samples": 0})));
    check_number(&agreement, "scorable", 1.0 / 3.0);
}

#[test]
fn a_mark_without_duration_is_an_event() {
    let settings = settings(json!({"boot.replicates": 0, "gamma.samples": 0}));
    let mut two = of_text("aaaa      ", "aaaa      ", &[]);
    let with = |two: &mut TwoCodings, moments: &[(i64, usize)]| {
        let TwoMarks::States(first, _) = &mut two.marks else { unreachable!() };
        first.moments = moments.iter().map(|&(time, code)| PointMark { time: at(time), code }).collect();
    };
    with(&mut two, &[(6_000, 1)]);
    let events = agree(&two, &settings).events;
    assert_eq!((events.n, events.omissions[1].count), (2, 1));
    // in time of its own code it is part of that, in time of another it is not
    with(&mut two, &[(2_000, 0), (3_000, 2)]);
    let events = agree(&two, &settings).events;
    assert_eq!((events.n, events.omissions[0].count, events.omissions[2].count), (2, 0, 1));
    assert_eq!(agree(&two, &AgreeSettings::default()).get("gamma").unwrap().why(), Some("a unit has no duration"));
}

/// The part of a statistic.
#[track_caller]
fn part(agreement: &Agreement, id: &str, name: &str) -> f64 {
    let statistic = agreement.get(id).unwrap();
    statistic.parts.iter().find(|(part, _)| *part == name).unwrap().1.unwrap()
}

#[track_caller]
fn check_number(agreement: &Agreement, id: &str, want: f64) {
    let number = agreement.get(id).unwrap().number().unwrap();
    assert!((number - want).abs() < 1e-9, "{id}: {number} is not {want}");
}

/// SCIENCE.md, section 7: two coders of 30 seconds.
fn worked_example(overrides: Value) -> Agreement {
    let codes = ["N", "O", "M", "P"];
    let coded = |text| StateSeries::from_text(codes, text, Length::SECOND).into();
    let two = TwoCodings {
        codes: codes.map(str::to_owned).to_vec(),
        exhaustive: true,
        windows: Vec::new(),
        looked_at: SpanSet::from(Span::new(at(0), at(30_000)).unwrap()),
        marks: TwoMarks::States(coded("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO"), coded("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO")),
    };
    agree(&two, &settings(overrides))
}

#[test]
fn the_worked_example_has_its_numbers() {
    let agreement = worked_example(json!({"step_s": 1.0, "ordinal": true}));
    let near = |number: f64, want: f64| assert!((number - want).abs() < 5e-8, "{number} is not {want}");
    near(agreement.get("time_kappa").unwrap().number().unwrap(), 0.730_134_9);
    near(part(&agreement, "time_kappa", "max"), 0.865_067_5);
    near(part(&agreement, "time_kappa", "share_of_max"), 0.844_020_8);
    near(agreement.get("kappa_linear").unwrap().number().unwrap(), 0.748_603_4);
    near(agreement.get("alpha").unwrap().number().unwrap(), 0.733_232_9);
    near(agreement.get("alpha_ordinal").unwrap().number().unwrap(), 0.746_412_2);
    near(agreement.get("alpha_interval").unwrap().number().unwrap(), 0.758_604_1);
    check_number(&agreement, "agreement", 0.8);
    check_number(&agreement, "overlap_extent", 24.0 / 36.0); // on the diagonal, of 30 + 30 − 24
    // M: both 7, A alone 0, B alone 3
    let of_m = &agreement.by_code[2];
    assert_eq!((of_m.code.as_str(), of_m.kappa.po), ("M", Some(0.9)));
    assert_eq!((of_m.share_of_first, of_m.share_of_second), (Some(7.0 / 30.0), Some(10.0 / 30.0)));
    assert_eq!(of_m.overlap_extent, Some(0.7));
    let file = serde_json::to_value(&agreement).unwrap();
    assert_eq!(file["by_code"][2]["overlap_extent"], json!(0.7));
    // other numbers for the codes, another alpha
    let stretched = worked_example(json!({"step_s": 1.0, "code.values": {"P": 9.0}}));
    assert!(stretched.get("alpha_interval").unwrap().number() < Some(0.758));
    assert_eq!(stretched.get("alpha_ordinal").unwrap().number(), None);
}

#[test]
fn standard_errors_are_there_only_for_units_that_are_independent() {
    let two = of_text(&("a".repeat(10) + &"o".repeat(10)), &("a".repeat(9) + "oaa" + &"o".repeat(8)), &[]);
    let has_error = |overrides: Value| {
        let agreement = agree(&two, &settings(overrides));
        agreement.get("time_kappa").unwrap().parts.iter().any(|(name, _)| *name == "se")
    };
    assert!(!has_error(json!({"step_s": 1.0})) && !has_error(json!({"se.iid": true})), "time has no units");
    let agreement = agree(&two, &settings(json!({"step_s": 1.0, "se.iid": true})));
    let errors = ["se", "se0"].map(|name| part(&agreement, "time_kappa", name));
    assert!((errors[0] - 0.158_886_752).abs() < 1e-9 && (errors[1] - 0.222_485_955).abs() < 1e-9); // statsmodels 0.15.0
    let kappa = agreement.get("time_kappa").unwrap().number().unwrap();
    let reach = part(&agreement, "time_kappa", "high_iid") - kappa;
    assert!((reach - 1.959_963_984_540_054 * errors[0]).abs() < 1e-12);
    assert!((part(&agreement, "time_kappa", "z0") - kappa / errors[1]).abs() < 1e-12);
    assert!(part(&agreement, "ac1", "se") > 0.0);
}

#[test]
fn boundaries_and_errors_can_be_counted() {
    let of = |first: &str, second: &str| agree(&of_text(first, second, &[]), &quick());
    // a boundary after 5 s and one after 6: half an edit; ten units have nine places, and eight windows of two, of which two differ
    let moved = of("aaaaaooooo", "aaaaaaoooo");
    check_number(&moved, "boundary_similarity", 0.5);
    check_number(&moved, "segmentation_similarity", 1.0 - 0.5 / 9.0);
    check_number(&moved, "window_diff", 0.25);
    check_number(&moved, "pk", 0.25);
    check_number(&moved, "easydiag_kappa", 1.0);
    // one second confused, two missed, of ten
    let wrong = of("aaaaaooooo", "aaaapooo  ");
    check_number(&wrong, "detection_error", 0.2);
    check_number(&wrong, "identification_error", 0.3);
    assert_eq!(part(&wrong, "identification_error", "missed_s"), 2.0);
    // another name for the first code
    let renamed = of("aaaaaooooo", "pppppooooo");
    check_number(&renamed, "identification_error", 0.5);
    check_number(&renamed, "diarisation_error", 0.0);
    // missing time is no error, and no boundary lies across it
    let missing = of("aaaaaooooo", "aaaa..oooo");
    check_number(&missing, "identification_error", 0.0);
    assert_eq!(missing.get("boundary_similarity").unwrap().why(), Some("neither coder has a boundary"));
}
