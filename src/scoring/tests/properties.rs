//! What holds for every recording.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use scoring::coregulation::Pattern;
use scoring::settings::GridRule;
use scoring::{
    EpisodeScores, EpisodeWindow, Gaps, Initiator, MatchRelation, Piece, Recording, ScoreSettings, StateMark,
    StateSeries, Subject, TrackSeries, quick_scores, quick_scores_after, score,
};
use serde_json::{Value, json};
use span::{Instant, Length, Span, SpanSet};

fn config() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, cases: 200, ..ProptestConfig::default() }
}

/// How long the recordings are, in milliseconds.
const END: i64 = 60_000;

/// A mark as `(state, start, length)` in milliseconds; a state beyond the codes is a missing one.
type Mark = (usize, i64, i64);

/// Everything random about a recording, so that it can be built in two ways.
#[derive(Clone, Debug)]
struct Draft {
    tracks: Vec<Vec<Mark>>, // in the order of CHANNELS
    excluded: Vec<(i64, i64)>,
    border: i64, // where the second episode begins
    pairs: Vec<(usize, usize)>,
}

const STATES: [&str; 5] = ["NEG", "OBJ", "OFF", "MON", "POS"];
const TOUCH: [&str; 3] = ["affectionate", "static", "rough"];
const CHANNELS: [(Subject, &str, &[&str]); 7] = [
    (Subject::Infant, "engagement", &STATES),
    (Subject::Parent, "engagement", &STATES),
    (Subject::Infant, "affect", &AFFECT),
    (Subject::Parent, "affect", &AFFECT),
    (Subject::Infant, "gaze", &INFANT_GAZE),
    (Subject::Parent, "gaze", &PARENT_GAZE),
    (Subject::Parent, "touch", &TOUCH),
];

fn drafts() -> impl Strategy<Value = Draft> {
    let mark = (0..6_usize, -2_000..END, 0..6_000_i64);
    let tracks = prop::collection::vec(prop::collection::vec(mark, 0..40), CHANNELS.len());
    let excluded = prop::collection::vec((0..END, 1..3_000_i64), 0..3);
    let pairs = prop::collection::vec((0..STATES.len(), 0..STATES.len()), 1..8);
    (tracks, excluded, 1..END, pairs).prop_map(|(tracks, excluded, border, pairs)| Draft {
        tracks,
        excluded,
        border,
        pairs,
    })
}

fn overrides() -> impl Strategy<Value = Value> {
    (of_repair(), of_lags(), of_contingency(), of_chance()).prop_map(|(repair, lags, contingency, chance)| {
        let parts = [repair, lags, contingency, chance];
        Value::Object(parts.into_iter().flat_map(object).collect())
    })
}

fn one_of(values: &[Value]) -> impl Strategy<Value = Value> + use<> {
    prop::sample::select(values.to_vec())
}

fn word(words: &[&str]) -> impl Strategy<Value = Value> + use<> {
    one_of(&words.iter().map(|word| json!(word)).collect::<Vec<_>>())
}

fn of_repair() -> impl Strategy<Value = Value> {
    let words = (
        word(&["not_target", "match", "mismatch"]),
        word(&["episodes", "ruptures"]),
        word(&["A", "B", "B0", "C"]),
        word(&["rules", "affect_only"]),
        word(&["exact", "grid"]),
        word(&["scheme", "scheme", "same_state", "positive", "valence", "gaze", "loose"]),
    );
    let km = (word(&["first", "midpoint"]), word(&["zero", "absent"]), one_of(&[json!("last"), json!(6), json!(0)]));
    let missing = one_of(&[json!([]), json!([]), json!(["OFF"]), json!(["neutral", "partner"])]);
    (words, km, missing, (0.0..3.0, 0.0..1.0, 0.0..1.5)).prop_map(|(words, km, missing, (min_mismatch, tol, hold))| {
        let (neg_neg, repair_of, variant, engagement, mode, relation) = words;
        json!({"neg_neg": neg_neg, "repair.of": repair_of, "rupture.variant": variant, "engagement": engagement,
               "repair.mode": mode, "match.relation": relation, "km.median": km.0, "km.limits_at_zero": km.1, "km.tau": km.2,
               "missing": missing, "min_mismatch": min_mismatch, "simul_tol": tol, "cycle.settle_hold_s": hold,
               "cycle.min_distress_s": hold / 2.0})
    })
}

fn of_lags() -> impl Strategy<Value = Value> {
    let grid = (
        word(&["instant", "midpoint", "majority", "any"]),
        word(&["counts", "dropped"]),
        word(&["pairwise", "global"]),
        word(&["ignore", "break"]),
    );
    let prewhiten =
        (word(&["ar", "ar", "arma11"]), one_of(&[json!("aic"), json!(0), json!(2)]), word(&["own", "first"]));
    let wcc = (2.0..25.0, 0.3..5.0, one_of(&[Value::Null, json!(0), json!(6)]), one_of(&[Value::Null, json!(2.5)]));
    let peaks = (word(&["raw", "boker"]), 0..4_usize, 1..9_usize, 2..9_usize);
    (grid, prewhiten, wcc, peaks, (0.3..4.0, 0.0..8.0), 0..5_usize).prop_map(
        |(grid, prewhiten, wcc, peaks, (step, lag), p_max)| {
            json!({"grid.rule": grid.0, "profile.missing": grid.1, "ccf.estimator": grid.2, "lag.inside_missing": grid.3,
                   "prewhiten.model": prewhiten.0, "prewhiten.order": prewhiten.1, "prewhiten.filter": prewhiten.2,
                   "prewhiten.p_max": p_max, "wcc.window": wcc.0, "wcc.increment": wcc.1, "wcc.max_lag": wcc.2,
                   "wcc.lag_increment": wcc.3, "wcc.peak": peaks.0, "wcc.halfwidth": peaks.1, "wcc.search": peaks.2,
                   "wcc.min_pairs": peaks.3, "grid.step": step, "lag.max": lag})
        },
    )
}

fn of_contingency() -> impl Strategy<Value = Value> {
    let words = (
        word(&["weighted", "lags"]),
        word(&["none", "linear"]),
        word(&["when_zero", "always", "never"]),
        word(&["time", "events"]),
        word(&["adjusted", "none"]),
        word(&["sqrt", "arithmetic"]),
        word(&["infant", "parent"]),
    );
    let lists = (
        one_of(&[json!([3, 2, 1]), json!([1]), json!([1, 0, 0.5, 2])]),
        one_of(&[json!([]), json!([["MON", "POS"], ["POS", "POS"]])]),
        one_of(&[
            json!({}),
            json!({"infant": {"channel": "engagement", "codes": ["MON", "OBJ"]}, "parent": {"channel": "engagement", "codes": ["MON", "OBJ"]}}),
        ]),
    );
    let numbers = (1..4_usize, 1..4_usize, 1..3_usize, 0.0..3.0, 0.3..4.0, one_of(&[Value::Null, json!(1.5)]));
    (words, lists, numbers).prop_map(|(words, lists, numbers)| {
        let (form, trend, haldane, sequence, structural, norm, rows) = words;
        json!({"contingency.form": form, "contingency.trend": trend, "haldane": haldane, "sequential.form": sequence,
               "structural_z": structural, "mi.norm": norm, "grid.rows": rows, "contingency.weights": lists.0,
               "grid.region": lists.1, "contingency.given": lists.2, "contingency.response": lists.2,
               "te.history": numbers.0, "contingency.order": numbers.1, "sequential.lag_events": numbers.2,
               "sequential.lag_s": numbers.3, "contingency.window_s": numbers.4, "responsiveness.window_s": numbers.5})
    })
}

/// Mostly none, for each surrogate is scored again.
fn of_chance() -> impl Strategy<Value = Value> {
    let kind = word(&["circular_shift", "segment_shuffle", "pseudo_dyads"]);
    (one_of(&[json!(0), json!(0), json!(0), json!(2)]), kind, 1.0..9.0).prop_map(|(surrogates, kind, length)| {
        json!({"surrogates": surrogates, "surrogate.kind": kind, "surrogate.shifts": "drawn", "surrogate.guard": length,
               "surrogate.segment": length, "surrogate.of": ["match.proportion", "grid.range", "sync.r.asymmetry"]})
    })
}

fn moment(millis: i64) -> Instant {
    Instant::from_micros(millis * 1_000)
}

fn stretch(start: i64, length: i64) -> Option<Span> {
    Span::new(moment(start), moment(start + length)).ok()
}

impl Draft {
    fn marks(&self, track: usize) -> Vec<StateMark> {
        let n_codes = CHANNELS[track].2.len();
        let mark = |&(state, start, length): &Mark| StateMark {
            start: moment(start),
            end: moment(start + length),
            state: Some(state).filter(|state| *state < n_codes),
        };
        self.tracks[track].iter().map(mark).collect()
    }

    fn recording(&self) -> Recording {
        self.recording_of(|track| self.marks(track))
    }

    fn recording_of(&self, marks: impl Fn(usize) -> Vec<StateMark>) -> Recording {
        let window = stretch(0, END).unwrap();
        let track = |(idx, (subject, channel, codes)): (usize, &(Subject, &str, &[&str]))| {
            let gaps = if *channel == "touch" { Gaps::None } else { Gaps::Missing };
            let series = StateSeries::from_marks(codes.iter().copied(), &marks(idx), window, &SpanSet::new(), gaps);
            TrackSeries { subject: *subject, channel: (*channel).to_owned(), series }
        };
        let episode = |name: &str, start, length| {
            let span = stretch(start, length)?;
            Some(EpisodeWindow { name: name.to_owned(), kind: "play".to_owned(), span })
        };
        Recording {
            tracks: CHANNELS.iter().enumerate().map(track).collect(),
            episodes: [episode("first", 0, self.border), episode("second", self.border, END - self.border)]
                .into_iter()
                .flatten()
                .collect(),
            excluded: self.excluded.iter().filter_map(|(start, length)| stretch(*start, *length)).collect(),
            engagement: rules(),
            relation: self.relation(),
            frame: Some(Length::from_millis(40)),
        }
    }

    fn relation(&self) -> MatchRelation {
        let pair = |&(infant, parent): &(usize, usize)| (STATES[infant].to_owned(), STATES[parent].to_owned());
        MatchRelation::new("random", self.pairs.iter().map(pair).collect())
    }
}

/// The same with other partners: the infant's engagement is the parent's.
fn exchanged(recording: &Recording) -> Recording {
    let mut exchanged = recording.clone();
    let series = |idx: usize| recording.tracks[idx].series.clone();
    (exchanged.tracks[0].series, exchanged.tracks[1].series) = (series(1), series(0));
    exchanged.tracks.truncate(2);
    exchanged.relation.pairs = recording.relation.pairs.iter().map(|(i, p)| (p.clone(), i.clone())).collect();
    exchanged
}

fn episodes(recording: &Recording, settings: &ScoreSettings) -> Vec<EpisodeScores> {
    score(recording, settings).episodes
}

fn mirrored(initiator: Option<Initiator>) -> Option<Initiator> {
    initiator.map(|initiator| match initiator {
        Initiator::Infant => Initiator::Parent,
        Initiator::Parent => Initiator::Infant,
        Initiator::Joint => Initiator::Joint,
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_score_is_a_number_in_its_range_or_says_why_not(draft in drafts(), overrides in overrides()) {
        for episode in episodes(&draft.recording(), &settings(overrides)) {
            for (id, score) in episode.scores.iter() {
                let range = scoring::catalog::info(id).unwrap().range;
                match (score.number(), score.why()) {
                    (Some(number), None) => {
                        let (low, high) = match range {
                            "0 to 1" => (0.0, 1.0),
                            "−1 to 1" => (-1.0, 1.0),
                            "−2 to 2" => (-2.0, 2.0),
                            "at most 1" => (f64::MIN, 1.0),
                            "0 and more" => (0.0, f64::MAX),
                            _ => (f64::MIN, f64::MAX),
                        };
                        let slack = 1e-9;
                        prop_assert!(number >= low - slack && number <= high + slack, "{id} = {number}");
                    }
                    (None, Some(why)) => prop_assert!(!why.is_empty(), "{id}"),
                    _ => prop_assert!(false, "{id}"),
                }
                if let Some(Ok(chance)) = &score.chance {
                    prop_assert!(chance.p > 0.0 && chance.p <= 1.0 && chance.mean.is_finite(), "{id}");
                }
            }
            let points = episode.strip.iter().filter_map(|point| point.r);
            prop_assert!(points.into_iter().all(|r| (-1.0..=1.0).contains(&r)));
        }
    }

    #[test]
    fn match_and_mismatch_are_all_the_time_and_types_and_patterns_sum(draft in drafts(), overrides in overrides()) {
        for episode in episodes(&draft.recording(), &settings(overrides.clone())) {
            let number = |id: &str| episode.scores.number(id);
            if let Some(matched) = number("match.proportion") {
                prop_assert!((matched + number("mismatch.proportion").unwrap() - 1.0).abs() < 1e-12);
                let types = ["pos", "mon", "obj", "neu", "neg"].map(|of| number(&format!("match.proportion.{of}")));
                let off = draft.pairs.iter().any(|(infant, _)| STATES[*infant] == "OFF"); // no infant's state: not in the sum
                let is_plain = overrides["min_mismatch"] == 0.0 && overrides["match.relation"] == "scheme" && overrides["repair.mode"] == "exact";
                if !off && is_plain {
                    prop_assert!((types.iter().flatten().sum::<f64>() - matched).abs() < 1e-9);
                }
            }
            if let Some(patterns) = &episode.patterns {
                let total: Length = Pattern::ALL.map(|pattern| patterns.duration(pattern)).into_iter().sum();
                prop_assert_eq!(total, episode.codable);
            }
            let classes = ["complete", "self_settled", "answered_open", "unanswered_open", "unknown"];
            let counts: Option<Vec<f64>> = classes.iter().map(|class| number(&format!("cycle.{class}.count"))).collect();
            if let Some(counts) = counts {
                prop_assert_eq!(counts.iter().sum::<f64>(), number("cycle.cue.count").unwrap());
            }
        }
    }

    #[test]
    fn quick_scores_after_a_change_are_those_of_a_first_look(
        draft in drafts(),
        overrides in overrides(),
        (track, mark) in (0..CHANNELS.len(), (0..6_usize, -2_000..END, 0..6_000_i64)),
        (excluded, border) in (prop::option::of((0..END, 1..3_000_i64)), prop::option::of(1..END)),
    ) {
        let mut later = draft.clone();
        later.tracks[track].push(mark);
        later.excluded.extend(excluded);
        later.border = border.unwrap_or(draft.border);
        let (settings, before, after) = (settings(overrides), draft.recording(), later.recording());
        let known = quick_scores(&before, &settings);
        prop_assert_eq!(quick_scores_after(&before, known, &after, &settings), quick_scores(&after, &settings));
    }

    #[test]
    fn splitting_a_mark_changes_nothing(draft in drafts(), overrides in overrides(), at in 1..100_i64) {
        let split = |track: usize| {
            let halves = |mark: StateMark| {
                let cut = mark.start + Length::from_micros((mark.end - mark.start).micros() * at / 100);
                [StateMark { end: cut, ..mark }, StateMark { start: cut, ..mark }]
            };
            // a second half starts later than marks that began meanwhile: splitting is neutral only where nothing overlaps
            flat(&draft.marks(track)).into_iter().flat_map(halves).collect()
        };
        let settings = settings(overrides);
        let whole = draft.recording_of(|track| flat(&draft.marks(track)));
        prop_assert_eq!(score(&draft.recording_of(split), &settings), score(&whole, &settings));
        prop_assert_eq!(score(&whole, &settings), score(&draft.recording(), &settings));
    }

    #[test]
    fn shifting_all_times_changes_no_score(draft in drafts(), overrides in overrides(), by in -100_000_000..100_000_000_i64) {
        let (recording, by) = (draft.recording(), Length::from_micros(by));
        let mut shifted = recording.clone();
        for track in &mut shifted.tracks {
            track.series = track.series.shifted(by);
        }
        for episode in &mut shifted.episodes {
            episode.span = episode.span.shifted(by);
        }
        shifted.excluded = shifted.excluded.shifted(by);
        let settings = settings(overrides);
        for (moved, here) in episodes(&shifted, &settings).iter().zip(episodes(&recording, &settings)) {
            prop_assert_eq!(&moved.scores, &here.scores);
            prop_assert_eq!(moved.mismatch_episodes.len(), here.mismatch_episodes.len());
        }
    }

    #[test]
    fn missing_time_appended_changes_no_score_of_coded_time(draft in drafts(), overrides in overrides(), more in 1..20_000_i64) {
        let mut recording = draft.recording();
        let mut object = object(overrides);
        if object["grid.rule"] != "any" {
            object.insert("grid.rule".to_owned(), json!("instant")); // by majority, a last unit may turn missing
        }
        object.insert("profile.missing".to_owned(), json!("dropped"));
        object.insert("ccf.estimator".to_owned(), json!("pairwise")); // the other needs everything coded
        object.insert("prewhiten.model".to_owned(), json!("ar")); // likewise
        object.insert("surrogates".to_owned(), json!(0)); // missing time moves along
        if object["grid.rule"] == "any" {
            object.insert("repair.mode".to_owned(), json!("exact")); // likewise: a match that may be hidden
        }
        let settings = ScoreSettings::from_overrides(&object).unwrap();
        let before = episodes(&recording, &settings);
        let last = recording.episodes.last_mut().unwrap();
        last.span = Span::new(last.span.start(), last.span.end() + Length::from_millis(more)).unwrap();
        let after = episodes(&recording, &settings);
        // not of coded time alone: all pairs of units are the denominator of the recurrence rate; units that are whole make steps of the grid; more
        // windows fit, coded in part
        let depends = |id: &str| id == "recurrence.rate" || id.starts_with("sync.windowed.") || id.ends_with("next_step") && settings.grid_rule == GridRule::Any;
        let kept = |episode: &EpisodeScores| {
            let kept = episode.scores.iter().filter(|(id, _)| !depends(id));
            kept.map(|(id, score)| (id.to_owned(), score.clone())).collect::<Vec<_>>()
        };
        prop_assert_eq!(kept(after.last().unwrap()), kept(before.last().unwrap()));
    }

    #[test]
    fn exact_and_gridded_are_the_same_where_all_boundaries_lie_on_the_grid(
        infant in coded_units(), parent in coded_units(), pairs in prop::collection::vec((0..STATES.len(), 0..STATES.len()), 1..8),
        overrides in overrides(),
    ) {
        let mut object = object(overrides);
        object.extend(common::object(json!({"engagement": "rules", "match.relation": "scheme", "simul_tol": 0, "grid.step": 1})));
        let recording = of_units(&infant, &parent, &pairs);
        let mut with = |mode: &str, rule: &str| {
            object.insert("repair.mode".to_owned(), json!(mode));
            object.insert("grid.rule".to_owned(), json!(rule));
            first(&recording, &ScoreSettings::from_overrides(&object).unwrap())
        };
        let exact = with("exact", "instant");
        for rule in ["instant", "midpoint", "majority"] {
            let gridded = with("grid", rule);
            prop_assert_eq!(&gridded.scores, &exact.scores, "{}", rule);
            prop_assert_eq!(&gridded.mismatch_episodes, &exact.mismatch_episodes);
            prop_assert_eq!(&gridded.survival, &exact.survival);
        }
        prop_assert_eq!(&with("grid", "any").mismatch_episodes, &exact.mismatch_episodes);
    }

    #[test]
    fn exchanged_partners_give_the_mirror(draft in drafts(), overrides in overrides()) {
        let mut overrides = object(overrides);
        overrides.insert("engagement".to_owned(), json!("rules"));
        overrides.insert("match.relation".to_owned(), json!("scheme"));
        overrides.insert("prewhiten.filter".to_owned(), json!("own")); // the other takes the infant's model for both
        let settings = ScoreSettings::from_overrides(&overrides).unwrap();
        let recording = draft.recording();
        for (there, here) in episodes(&exchanged(&recording), &settings).iter().zip(episodes(&recording, &settings)) {
            let same = ["match.proportion", "match.kappa", "mismatch.longest", "repair.rate", "repair.latency.km_median", "sync.r.lag0",
                "repair.next_step", "rupture.next_step", "grid.range", "grid.dispersion", "grid.transitions.rate", "grid.visits.mean_of_cells",
                "grid.entropy.conditional", "grid.attractor.share", "recurrence.rate", "recurrence.determinism", "recurrence.diagonal.entropy",
                "recurrence.profile.lag0", "recurrence.profile.peak", "sync.prewhitened.coefficient", "sync.prewhitened.bound",
                "sync.prewhitened.leads.mutual", "information.mutual"];
            let turned = [("recurrence.laminarity", "recurrence.laminarity.horizontal"),
                ("recurrence.trapping_time", "recurrence.trapping_time.horizontal"),
                ("contingency.responsiveness.infant_to_parent.proportion", "contingency.responsiveness.parent_to_infant.proportion"),
                ("rupture.by.infant", "rupture.by.parent"), ("sync.prewhitened.order.infant", "sync.prewhitened.order.parent"),
                ("information.transfer.infant_to_parent", "information.transfer.parent_to_infant"),
                ("granger.infant_to_parent", "granger.parent_to_infant"), ("granger.infant_to_parent.p", "granger.parent_to_infant.p"),
                ("granger.infant_to_parent.order", "granger.parent_to_infant.order"),
                ("contingency.self.infant", "contingency.self.parent"), ("contingency.interactive.infant", "contingency.interactive.parent"),
                ("contingency.interactive.infant.beta", "contingency.interactive.parent.beta")];
            for (id, other) in turned {
                prop_assert_eq!(there.scores.number(id), here.scores.number(other), "{}", id);
                prop_assert_eq!(there.scores.number(other), here.scores.number(id), "{}", other);
            }
            for id in same {
                let (got, want) = (there.scores.number(id), here.scores.number(id));
                prop_assert_eq!(got.is_some(), want.is_some(), "{}", id);
                prop_assert!((got.unwrap_or(0.0) - want.unwrap_or(0.0)).abs() < 1e-9, "{}", id);
            }
            for (got, want) in there.mismatch_episodes.iter().zip(&here.mismatch_episodes) {
                prop_assert_eq!((got.span, got.prev, got.next), (want.span, want.prev, want.next));
                prop_assert_eq!(got.rupture_by, mirrored(want.rupture_by));
                prop_assert_eq!(got.repair_by, mirrored(want.repair_by));
            }
            if let (Some(got), Some(want)) = (&there.contingency, &here.contingency) {
                prop_assert_eq!(got.infant_to_parent, want.parent_to_infant);
                prop_assert_eq!(got.parent_to_infant, want.infant_to_parent);
                prop_assert_eq!(&got.parent_answers, &want.infant_answers);
                prop_assert_eq!(&got.infant_answers, &want.parent_answers);
            }
            if let (Some(got), Some(want)) = (&there.lag_profile, &here.lag_profile) {
                for (got, want) in got.points.iter().zip(want.points.iter().rev()) {
                    prop_assert_eq!((got.lag, got.n), (-want.lag, want.n));
                    prop_assert!((got.r.unwrap_or(2.0) - want.r.unwrap_or(2.0)).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn the_last_mark_to_start_wins_at_every_instant(draft in drafts()) {
        let marks = draft.marks(0);
        let window = stretch(0, END).unwrap();
        let series = StateSeries::from_marks(STATES, &marks, window, &SpanSet::new(), Gaps::Missing);
        for time in (0..END).step_by(97).map(moment) {
            let covering = marks.iter().filter(|mark| mark.start <= time && time < mark.end);
            let want = covering.max_by_key(|mark| mark.start).and_then(|mark| mark.state); // of equals the last
            prop_assert_eq!(series.state_at(time), want);
        }
        let touching = series.pieces().windows(2).filter(|pair| pair[0].span.end() == pair[1].span.start());
        prop_assert!(touching.into_iter().all(|pair| pair[0].state != pair[1].state));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..config() })] // each looks at every millisecond

    #[test]
    fn gridded_runs_are_those_of_the_definition_unit_by_unit(
        draft in drafts(), overrides in overrides(), any in any::<bool>(),
    ) {
        // d of a unit from the presence of each code in it, by looking at every millisecond
        let step = 700;
        let mut object = object(overrides);
        let rule = if any { "any" } else { "majority" };
        object.extend(common::object(json!({"engagement": "rules", "match.relation": "scheme", "neg_neg": "match", "repair.mode": "grid",
            "grid.rule": rule, "grid.step": 0.7, "min_mismatch": 0, "missing": [], "surrogates": 0})));
        let recording = draft.recording();
        let scores = first(&recording, &ScoreSettings::from_overrides(&object).unwrap());
        let series = [0, 1].map(|idx| recording.tracks[idx].series.without(&recording.excluded));
        let state = |who: usize, milli: i64| series[who].state_at(moment(milli));
        let end = recording.episodes[0].span.end().micros() / 1000;
        let matches = |i: usize, p: usize| draft.pairs.contains(&(i, p));
        let unit = |start: i64| -> Option<bool> {
            let millis = start..(start + step).min(end);
            let seen = [0, 1].map(|who| millis.clone().map(|milli| state(who, milli)).collect::<Vec<_>>());
            if !any {
                let longest = seen.map(|seen| {
                    let count = |state: &Option<usize>| seen.iter().filter(|other| *other == state).count();
                    let most = seen.iter().map(count).max().unwrap();
                    *seen.iter().find(|state| count(state) == most).unwrap()
                });
                return Some(matches(longest[0]?, longest[1]?));
            }
            if seen.iter().any(|seen| seen.iter().all(Option::is_none)) {
                return None;
            }
            let holds = |who: usize, state: usize| match (seen[who].contains(&Some(state)), seen[who].contains(&None)) {
                (true, _) => Some(true),
                (false, true) => None,
                (false, false) => Some(false),
            };
            let of_pair = |&(i, p): &(usize, usize)| match (holds(0, i), holds(1, p)) {
                (Some(true), Some(true)) => Some(true),
                (Some(false), _) | (_, Some(false)) => Some(false),
                _ => None,
            };
            let pairs: Vec<Option<bool>> = draft.pairs.iter().map(of_pair).collect();
            if pairs.contains(&Some(true)) { Some(true) } else if pairs.contains(&None) { None } else { Some(false) }
        };
        for start in (0..end).step_by(step as usize) {
            let run = scores.match_runs.iter().find(|run| run.span.contains(moment(start)));
            if scores.codable > Length::ZERO {
                prop_assert_eq!(run.map(|run| run.matched), unit(start), "at {} ms by {}", start, rule);
            }
        }
    }
}

/// A minute of whole seconds of one partner's states, some of them missing.
fn coded_units() -> impl Strategy<Value = Vec<Option<usize>>> {
    let run = (0..=STATES.len(), 1..8_usize)
        .prop_map(|(state, n)| vec![Some(state).filter(|state| *state < STATES.len()); n]);
    prop::collection::vec(run, 60).prop_map(|runs| runs.into_iter().flatten().take(60).collect())
}

fn of_units(infant: &[Option<usize>], parent: &[Option<usize>], pairs: &[(usize, usize)]) -> Recording {
    let series = |units: &[Option<usize>]| {
        let piece = |(state, second): (&Option<usize>, i64)| {
            Some(Piece { span: stretch(second * 1000, 1000)?, state: (*state)? })
        };
        StateSeries::from_pieces(STATES, units.iter().zip(0..).filter_map(piece)).unwrap()
    };
    let pair = |&(infant, parent): &(usize, usize)| (STATES[infant].to_owned(), STATES[parent].to_owned());
    let relation = MatchRelation::new("random", pairs.iter().map(pair).collect());
    coded(series(infant), series(parent), relation, stretch(0, END).unwrap())
}

/// The same track without overlaps: each instant's winner as a mark of its own.
fn flat(marks: &[StateMark]) -> Vec<StateMark> {
    let n_states = 1 + marks.iter().filter_map(|mark| mark.state).max().unwrap_or(0);
    let states = (0..n_states).map(|state| state.to_string());
    let window = stretch(-10_000, END + 20_000).unwrap();
    let series = StateSeries::from_marks(states, marks, window, &SpanSet::new(), Gaps::Missing);
    let coded = series.pieces().iter().map(|piece| StateMark {
        start: piece.span.start(),
        end: piece.span.end(),
        state: Some(piece.state),
    });
    // missing codes stay marks: on a track with silence they are not silence
    let missing =
        marks.iter().filter(|mark| mark.state.is_none()).filter_map(|mark| Span::new(mark.start, mark.end).ok());
    let missing: SpanSet = missing.collect::<SpanSet>().difference(&series.codable());
    let missing = missing.spans().iter().map(|span| StateMark { start: span.start(), end: span.end(), state: None });
    coded.chain(missing).collect()
}
