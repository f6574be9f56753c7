//! Two coders' sessions side by side.

use scoring::StateSeries;
use scoring::agreement::agree::TwoMarks;
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::statistic::Statistic;
use session::compare::{ComparedChannel, Comparison, compare};
use session::{Identity, Medium, Session};
use span::{Length, SpanSet};

use crate::timeline::{at, frames, key, with};

fn identity(ends: &str) -> Identity {
    Identity { bytes: 9, ends: ends.to_owned(), whole: None, extra: session::Extra::new() }
}

/// Code and frames of the pieces of one coder's series.
fn pieces(series: &StateSeries) -> Vec<(String, i64, i64)> {
    let frame = |time: span::Instant| (time - at(0)).micros() / 40_000;
    let piece = |piece: &scoring::Piece| {
        (series.states()[piece.state].clone(), frame(piece.span.start()), frame(piece.span.end()))
    };
    series.pieces().iter().map(piece).collect()
}

fn states(channel: &ComparedChannel) -> (&StateSeries, &StateSeries) {
    match &channel.two.marks {
        TwoMarks::States(first, second) => (first, second),
        TwoMarks::Points(..) => panic!("it is a channel of states"),
    }
}

#[track_caller]
fn check_problem(comparison: &Comparison, problem: &str) {
    assert_eq!(comparison.comparable.problems, [problem]);
}

#[test]
fn two_codings_of_one_recording_can_be_compared() {
    let (a, b) = (with("state", "aabb"), with("state", "aaab"));
    let comparison = compare(&a, &b);
    let comparable = &comparison.comparable;
    assert!(comparable.media && comparable.scheme && comparable.range && comparable.problems.is_empty());
    let [channel] = comparison.channels.as_slice() else { panic!("nothing else was coded") };
    assert_eq!((channel.key.clone(), &channel.two.looked_at), (key("state"), &SpanSet::from(frames(0, 4))));
    let (first, second) = states(channel);
    assert_eq!(pieces(first), [("a".to_owned(), 0, 2), ("b".to_owned(), 2, 4)]);
    assert_eq!(pieces(second), [("a".to_owned(), 0, 3), ("b".to_owned(), 3, 4)]);
    let agreement = &comparison.agreements(&AgreeSettings::default())[0];
    assert_eq!(agreement.get("percent_agreement").and_then(Statistic::number), Some(0.75), "three of four frames");
}

#[test]
fn time_that_one_of_them_did_not_look_at_is_named() {
    let by = |coder: &str, text| Session { coder: coder.to_owned(), ..with("state", text) };
    let comparison = compare(&by("KL", "aabb"), &by("CD", "aa"));
    assert!(!comparison.comparable.range);
    check_problem(&comparison, "infant state was coded 0:00.0–0:00.1 by KL and 0:00.0–0:00.0 by CD");
    assert_eq!(comparison.channels[0].two.looked_at, SpanSet::from(frames(0, 2)), "what both looked at is compared");
}

#[test]
fn silence_is_a_state_where_both_looked() {
    let coded = |text: &str| {
        let mut session = with("loose", text);
        let track = session.tracks.iter_mut().find(|track| track.key == key("loose")).expect("it is there");
        track.coded = SpanSet::from(frames(0, 4));
        session
    };
    let comparison = compare(&coded("a..."), &coded(".a.."));
    assert_eq!(pieces(states(&comparison.channels[0]).0), [("a".to_owned(), 0, 1), ("none".to_owned(), 1, 4)]);
}

#[test]
fn codes_that_may_overlap_are_compared_each_for_itself() {
    let comparison = compare(&with("many", "aa"), &with("many", "aa"));
    let codes: Vec<_> = comparison.channels.iter().map(|channel| channel.code.as_deref()).collect();
    assert_eq!(codes, [Some("a"), Some("b"), Some("c")]);
}

#[test]
fn different_films_clocks_and_schemes_are_named() {
    let a = with("state", "aa");
    let with_medium = |medium: Medium| Session { media: vec![medium], ..a.clone() };
    let known = Medium { identity: Some(identity("00")), ..a.media[0].clone() };
    let other = Medium { identity: Some(identity("11")), ..a.media[0].clone() };
    check_problem(&compare(&with_medium(known.clone()), &with_medium(other)), "a.mp4 and a.mp4 are different files");
    let moved = Medium { offset: Length::SECOND, ..known.clone() };
    let renamed = Medium { path: "videos/dyad.mp4".to_owned(), ..known.clone() };
    assert!(compare(&with_medium(known.clone()), &with_medium(renamed)).comparable.media);
    check_problem(
        &compare(&with_medium(known), &with_medium(moved)),
        "a.mp4 lies elsewhere on the clock of the second coder",
    );

    let mut b = a.clone();
    b.scheme.channels[0].codes.pop();
    let comparison = compare(&a, &b);
    assert!(!comparison.comparable.scheme && comparison.channels.is_empty());
    check_problem(&comparison, "the codes of infant state are not the same: it is not compared");
}
