//! Recordings that a person can check by counting.
#![allow(dead_code, reason = "each test file uses its part")]

use scoring::{
    EngagementRules, EpisodeScores, EpisodeWindow, Gaps, MatchRelation, Recording, ScoreSettings, StateMark,
    StateSeries, Subject, TrackSeries, score,
};
use serde_json::{Map, Value, json};
use span::{Instant, Length, Span, SpanSet};

/// SCIENCE.md section 7: 30 units of a second, `.` not codable.
pub(crate) const INFANT: &str = "MMPPOOOMPPNNNMMP.POOMMPPPNNOOO";
/// Likewise.
pub(crate) const PARENT: &str = "MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM";
pub(crate) const STATES: [&str; 4] = ["M", "O", "P", "N"];

/// Seconds to the exact microsecond, for times written with at most six decimals.
pub(crate) fn at(secs: f64) -> Instant {
    Instant::ZERO + Length::from_secs(secs).unwrap()
}

pub(crate) fn span(start: f64, end: f64) -> Span {
    Span::new(at(start), at(end)).unwrap()
}

pub(crate) fn letters(text: &str) -> StateSeries {
    StateSeries::from_text(STATES, text, Length::SECOND)
}

pub(crate) fn engagement(subject: Subject, series: StateSeries) -> TrackSeries {
    TrackSeries { subject, channel: "engagement".to_owned(), series }
}

/// One episode over `window`, coded by state of engagement.
pub(crate) fn coded(infant: StateSeries, parent: StateSeries, relation: MatchRelation, window: Span) -> Recording {
    Recording {
        tracks: vec![engagement(Subject::Infant, infant), engagement(Subject::Parent, parent)],
        episodes: vec![EpisodeWindow { name: "play".to_owned(), kind: "play".to_owned(), span: window }],
        excluded: SpanSet::new(),
        engagement: Vec::new(),
        relation,
        frame: None,
    }
}

/// Section 7 with the relation "equality".
pub(crate) fn worked_example() -> Recording {
    let relation = MatchRelation::equality(&STATES.map(str::to_owned));
    coded(letters(INFANT), letters(PARENT), relation, span(0.0, 30.0))
}

/// The settings of section 7: what the letters mean, floors of no account, lags up to 3 s, the mean up to 6 s.
pub(crate) fn worked_settings(more: Value) -> ScoreSettings {
    let mut overrides = json!({
        "state.types": {"N": "NEG", "O": "OBJ", "M": "MON", "P": "POS"},
        "lag.max": 3,
        "km.tau": 6,
    });
    overrides.as_object_mut().unwrap().extend(object(more));
    settings(overrides)
}

pub(crate) fn settings(overrides: Value) -> ScoreSettings {
    ScoreSettings::from_overrides(&object(overrides)).unwrap()
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

/// The scores of the first episode.
pub(crate) fn first(recording: &Recording, settings: &ScoreSettings) -> EpisodeScores {
    score(recording, settings).episodes.remove(0)
}

/// A track from `(code, start, end)` in seconds; the code `missing` is missing, and so is time under no mark.
pub(crate) fn track(
    subject: Subject,
    channel: &str,
    codes: &[&str],
    marks: &[(&str, f64, f64)],
    window: Span,
) -> TrackSeries {
    let mark = |(code, start, end): &(&str, f64, f64)| StateMark {
        start: at(*start),
        end: at(*end),
        state: codes.iter().position(|known| known == code),
    };
    let marks: Vec<StateMark> = marks.iter().map(mark).collect();
    let series = StateSeries::from_marks(codes.iter().copied(), &marks, window, &SpanSet::new(), Gaps::Missing);
    TrackSeries { subject, channel: channel.to_owned(), series }
}

/// SCIENCE.md 1.6 as rules.
pub(crate) fn rules() -> Vec<EngagementRules> {
    let state = |key: &str, value: i32| json!({"key": key, "label": key, "value": value});
    let infant = json!({"subject": "infant",
        "states": [state("NEG", -1), state("OBJ", 0), state("MON", 0), state("POS", 1)],
        "rules": [
            {"when": {"affect": ["negative"]}, "state": "NEG"},
            {"when": {"affect": ["positive"], "gaze": ["partner"]}, "state": "POS"},
            {"when": {"affect": ["neutral"], "gaze": ["partner"]}, "state": "MON"},
            {"when": {"affect": ["positive", "neutral"], "gaze": ["*"]}, "state": "OBJ"}]});
    let parent = json!({"subject": "parent",
        "states": [state("NEG", -1), state("OFF", 0), state("MON", 0), state("POS", 1)],
        "rules": [
            {"when": {"affect": ["negative"]}, "state": "NEG"},
            {"when": {"affect": ["positive"], "gaze": ["non_infant"]}, "state": "OFF"},
            {"when": {"affect": ["positive"], "gaze": ["*"]}, "state": "POS"},
            {"when": {"affect": ["neutral"], "gaze": ["infant_face", "infant_object"]}, "state": "MON"},
            {"when": {"affect": ["neutral"], "gaze": ["*"]}, "state": "OFF"}]});
    [infant, parent].map(|rules| serde_json::from_value(rules).unwrap()).into()
}

/// SCIENCE.md 2.1, variant 1: the same state, objects only while shared.
pub(crate) fn same_state() -> MatchRelation {
    serde_json::from_value(json!({"name": "same state",
        "pairs": [["POS", "POS"], ["MON", "MON"], ["NEG", "NEG"]],
        "shared": {"pairs": [["OBJ", "MON"], ["OBJ", "POS"]],
                   "while": {"subject": "parent", "channel": "gaze", "codes": ["infant_object"]}}}))
    .unwrap()
}

pub(crate) const AFFECT: [&str; 3] = ["negative", "neutral", "positive"];
pub(crate) const INFANT_GAZE: [&str; 3] = ["partner", "object", "away"];
pub(crate) const PARENT_GAZE: [&str; 4] = ["infant_face", "infant_object", "away", "non_infant"];

/// SCIENCE.md 1.6, 20 s.
pub(crate) fn bridging_example() -> Recording {
    let window = span(0.0, 20.0);
    let infant_affect = [("neutral", 0.0, 8.0), ("positive", 8.0, 12.0), ("negative", 14.0, 20.0)];
    let infant_gaze = [("partner", 0.0, 4.0), ("object", 4.0, 9.0), ("partner", 9.0, 15.0)];
    let parent_affect = [("neutral", 0.0, 6.0), ("positive", 6.0, 20.0)];
    let parent_gaze = [("infant_face", 0.0, 10.0), ("infant_face", 11.0, 20.0)];
    Recording {
        tracks: vec![
            track(Subject::Infant, "affect", &AFFECT, &infant_affect, window),
            track(Subject::Infant, "gaze", &INFANT_GAZE, &infant_gaze, window),
            track(Subject::Parent, "affect", &AFFECT, &parent_affect, window),
            track(Subject::Parent, "gaze", &PARENT_GAZE, &parent_gaze, window),
        ],
        engagement: rules(),
        ..coded(letters(""), letters(""), same_state(), window)
    }
}

#[track_caller]
pub(crate) fn check_close(got: Option<f64>, want: f64, tolerance: f64, what: &str) {
    let got = got.unwrap_or_else(|| panic!("{what} is absent, expected {want}"));
    assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{what}: got {got}, expected {want}");
}

/// A score to the digits printed in SCIENCE.md.
#[track_caller]
pub(crate) fn check_score(scores: &EpisodeScores, id: &str, want: f64) {
    let score = scores.scores.get(id).unwrap_or_else(|| panic!("no score {id}"));
    let why = score.why().unwrap_or_default();
    check_close(score.number(), want, 1e-7, &format!("{id} {why}"));
}

#[track_caller]
pub(crate) fn check_absent(scores: &EpisodeScores, id: &str, why: &str) {
    let score = scores.scores.get(id).unwrap_or_else(|| panic!("no score {id}"));
    assert_eq!(score.why(), Some(why), "{id} is {:?}", score.number());
}
