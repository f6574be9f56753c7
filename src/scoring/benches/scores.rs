//! How long the scores of one recording take: `cargo bench -p attunement-scoring`. The panel computes the quick ones at every edit, all
//! others follow on another thread. *Edit* is what a panel does at once when one mark gets another code: the series anew, then the quick scores
//! of the episode that holds the mark, so that it grows with the longest episode and, far less, with the marks of all.
//!
//! Nothing bounds them but their number: each is a pass over marks, or over units of a second. A third of the quick ones is correlation:
//! at eleven lags, and in the strip, which has four points a second. Ten minutes with 800 marks have some 800 scores, whose list alone, with
//! names and reasons, is 0.2 MB to fill and to give back. Of the 1.7 ms that they take, a fifth are the quick ones; of the slow ones the two
//! logistic regressions of looking take a sixth, as do the tables cell by cell, information at each lag and windowed correlation, Granger's
//! two tests a tenth. A regression is Householder's reflections over its rows once, and smaller orders are its leading columns; rows that
//! are alike are one. What is left above the millisecond that we aim at is no family's alone: less of it would be fewer scores. With the feature
//! `parallel`, as the program has it, the slow groups of an episode share the cores: 1.0 ms on two.
//!
//! All grows with the length of the recording or with its marks, but for recurrence, which grows with the square of the marks per pair of
//! states. Ten times as long a recording with ten times the marks took 10 to 13 times as long for the quick ones, of which what is held no
//! longer fits into the processor's cache, and 7 to 11 times for all.

mod common;

use std::cell::Cell;

use common::{print_head, print_time};
use scoring::{
    EngagementRules, EpisodeWindow, Gaps, MatchRelation, Recording, ScoreSettings, StateMark, StateSeries, StateType,
    Subject, TrackSeries, quick_scores, quick_scores_after, score,
};
use serde_json::json;
use span::{Instant, Length, Span, SpanSet};

const CHANNELS: [(Subject, &str, &[&str]); 5] = [
    (Subject::Infant, "affect", &["negative", "neutral", "positive"]),
    (Subject::Infant, "gaze", &["partner", "object", "away"]),
    (Subject::Parent, "affect", &["negative", "neutral", "positive"]),
    (Subject::Parent, "gaze", &["infant_face", "infant_object", "away"]),
    (Subject::Parent, "touch", &["affectionate", "static", "playful"]),
];

fn main() {
    print_head();
    for (name, secs, n_marks, n_episodes) in [
        ("10 minutes, 800 marks", 600, 800, 1),
        ("100 minutes, 8,000 marks", 6_000, 8_000, 1),
        ("an hour, 5,000 marks", 3_600, 5_000, 1),
        ("an hour, 5,000 marks, 10 episodes", 3_600, 5_000, 10),
        ("10 hours, 50,000 marks", 36_000, 50_000, 1),
    ] {
        let marks = marks(secs, n_marks);
        let settings = ScoreSettings::default();
        print_time(&format!("series: {name}"), || recording(&marks, secs, n_episodes));
        let recording = recording(&marks, secs, n_episodes);
        print_time(&format!("quick: {name}"), || quick_scores(&recording, &settings));
        print_edit(&format!("edit: {name}"), &marks, secs, n_episodes);
        print_time(&format!("all: {name}"), || score(&recording, &settings));
    }
}

/// What the panel does after an edit: the series anew, and the scores of the episode in which one mark has another code.
fn print_edit(workload: &str, marks: &[Vec<StateMark>], secs: i64, n_episodes: i64) {
    let settings = ScoreSettings::default();
    let mut edited = marks.to_vec();
    let mark = &mut edited[0][marks[0].len() / 2];
    mark.state = Some(usize::from(mark.state != Some(1)));
    let of = |is_edited: bool| recording(if is_edited { &edited } else { marks }, secs, n_episodes);
    let before = of(false);
    let known = Cell::new(Some((false, quick_scores(&before, &settings), before)));
    print_time(workload, || {
        let (is_edited, scores, before) = known.take().expect("it is put back");
        let after = of(!is_edited);
        let scores = quick_scores_after(&before, scores, &after, &settings);
        known.set(Some((!is_edited, scores, after)));
    });
}

/// Touching marks of random lengths, the same at every run.
fn marks(secs: i64, n_marks: usize) -> Vec<Vec<StateMark>> {
    let per_track = n_marks / CHANNELS.len();
    let mut state = 1_u64;
    let mut random = move |below: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).unwrap_or(0) % below
    };
    let mut track = || {
        let mut cuts: Vec<i64> = (0..per_track).map(|_| random(secs * 25) * 40_000).collect();
        cuts.push(secs * 1_000_000);
        cuts.sort_unstable();
        let marks = cuts.windows(2).map(|cut| StateMark {
            start: Instant::from_micros(cut[0]),
            end: Instant::from_micros(cut[1]),
            state: usize::try_from(random(3)).ok(),
        });
        marks.collect()
    };
    CHANNELS.iter().map(|_| track()).collect()
}

fn recording(marks: &[Vec<StateMark>], secs: i64, n_episodes: i64) -> Recording {
    let window = |from: i64, until: i64| Span::from_micros(from * 1_000_000, until * 1_000_000).expect("time in order");
    let track = |(marks, (subject, channel, codes)): (&Vec<StateMark>, &(Subject, &str, &[&str]))| {
        let series =
            StateSeries::from_marks(codes.iter().copied(), marks, window(0, secs), &SpanSet::new(), Gaps::Missing);
        TrackSeries { subject: *subject, channel: (*channel).to_owned(), series }
    };
    let each = secs / n_episodes;
    let episode = |idx: i64| EpisodeWindow {
        name: idx.to_string(),
        kind: "play".to_owned(),
        span: window(idx * each, (idx + 1) * each),
    };
    Recording {
        tracks: marks.iter().zip(&CHANNELS).map(track).collect(),
        episodes: (0..n_episodes).map(episode).collect(),
        excluded: SpanSet::new(),
        engagement: rules(),
        relation: relation(),
        frame: Some(Length::from_millis(40)),
    }
}

fn rules() -> Vec<EngagementRules> {
    let state = |key: &str| json!({"key": key, "label": key, "value": StateType::of_key(key).map(StateType::value)});
    let infant = json!({"subject": "infant", "states": [state("NEG"), state("OBJ"), state("MON"), state("POS")], "rules": [
        {"when": {"affect": ["negative"]}, "state": "NEG"},
        {"when": {"affect": ["positive"], "gaze": ["partner"]}, "state": "POS"},
        {"when": {"affect": ["neutral"], "gaze": ["partner"]}, "state": "MON"},
        {"when": {"affect": ["*"], "gaze": ["*"]}, "state": "OBJ"}]});
    let parent = json!({"subject": "parent", "states": [state("NEG"), state("OFF"), state("MON"), state("POS")], "rules": [
        {"when": {"affect": ["negative"]}, "state": "NEG"},
        {"when": {"affect": ["positive"], "gaze": ["*"]}, "state": "POS"},
        {"when": {"affect": ["neutral"], "gaze": ["infant_face", "infant_object"]}, "state": "MON"},
        {"when": {"affect": ["neutral"], "gaze": ["*"]}, "state": "OFF"}]});
    [infant, parent].map(|rules| serde_json::from_value(rules).expect("rules are well formed")).into()
}

fn relation() -> MatchRelation {
    let relation = json!({"name": "same state", "pairs": [["POS", "POS"], ["MON", "MON"], ["NEG", "NEG"]],
        "shared": {"pairs": [["OBJ", "MON"], ["OBJ", "POS"]],
                   "while": {"subject": "parent", "channel": "gaze", "codes": ["infant_object"]}}});
    serde_json::from_value(relation).expect("the relation is well formed")
}
