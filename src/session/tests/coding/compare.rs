//! Coders' sessions side by side.

use scoring::StateSeries;
use scoring::agreement::codings::TwoMarks;
use scoring::agreement::disagreements::DisagreementKind;
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::statistic::Statistic;
use serde_json::{Map, Value, json};
use session::compare::{ComparedChannel, Comparison, ManyComparison, compare, compare_many};
use session::{Episode, EpisodeId, EpisodeKind, Identity, Mark, MarkId, Medium, Session, When};
use span::{Length, SpanSet};

use crate::timeline::{FRAME, at, frames, key, with};

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
        TwoMarks::States(first, second) => (&first.series, &second.series),
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
    assert_eq!(agreement.get("agreement").and_then(Statistic::number), Some(0.75), "three of four frames");
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
    let comparison = compare(&looked_at("loose", "a...", 4), &looked_at("loose", ".a..", 4));
    assert_eq!(pieces(states(&comparison.channels[0]).0), [("a".to_owned(), 0, 1), ("none".to_owned(), 1, 4)]);
}

#[test]
fn a_mark_that_one_of_two_left_out_where_both_looked_is_an_omission() {
    let comparison = compare(&looked_at("state", "aaabbbaa", 8), &looked_at("state", "aaa...aa", 8));
    assert_eq!(comparison.comparable.problems, Vec::<String>::new());
    let of = |gap: Value| {
        let settings = AgreeSettings::from_overrides(&Map::from_iter([("gap".to_owned(), gap)]));
        comparison.agreements(&settings.expect("it is a setting")).remove(0)
    };
    let left_out = of(Value::Null);
    assert_eq!(left_out.n, secs(5), "on an exhaustive channel a gap is left out");
    assert_eq!(left_out.events.omissions[1].rate(), Some(1.0));
    let detected = left_out.get("detection_error").and_then(Statistic::number).expect("the first coded something");
    assert!((detected - 3.0 / 8.0).abs() < 1e-12);
    let [only] = left_out.disagreements.as_slice() else { panic!("one disagreement: {:?}", left_out.disagreements) };
    assert_eq!((only.start, only.end, only.kind), (at(3), at(6), DisagreementKind::Omission));
    assert_eq!((only.a.as_deref(), only.b.as_deref()), (Some("b"), None));

    let category = of(json!("category"));
    let agreed = category.table.as_ref().map(|table| (table.total(), table.agreed()));
    assert_eq!((category.categories.last().map(String::as_str), agreed), (Some("none"), Some((secs(8), secs(5)))));
}

/// A session whose coder says that so many frames were looked at.
fn looked_at(channel: &str, text: &str, n_frames: i64) -> Session {
    let mut session = with(channel, text);
    let track = session.tracks.iter_mut().find(|track| track.key == key(channel)).expect("it is there");
    track.coded = SpanSet::from(frames(0, n_frames));
    session
}

fn secs(n_frames: i64) -> f64 {
    FRAME.times(n_frames).as_secs()
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
    b.scheme.channels[0].exhaustive = false;
    let comparison = compare(&a, &b);
    assert!(!comparison.comparable.scheme && comparison.channels.is_empty());
    check_problem(&comparison, "infant state is not coded by the same rules: it is not compared");
}

fn with_episodes(text: &str, episodes: &[(i64, i64)]) -> Session {
    let mut session = with("state", text);
    let episode = |(id, (start, end)): (u64, &(i64, i64))| {
        Episode::new(EpisodeId(id), "play", EpisodeKind::Play, frames(*start, *end))
    };
    session.episodes = (1..).zip(episodes).map(episode).collect();
    session
}

#[test]
fn episodes_are_compared_apart_and_differences_between_them_are_named() {
    let windows = |comparison: &Comparison| comparison.channels[0].two.windows.clone();
    let a = with_episodes("aabb", &[(0, 2), (2, 4)]);
    let same = compare(&a, &with_episodes("aabb", &[(0, 2), (2, 4)]));
    assert!(same.comparable.range);
    assert_eq!(windows(&same), [frames(0, 2), frames(2, 4)]);
    assert_eq!(same.agreements(&AgreeSettings::default())[0].events.n, 2);
    let other = compare(&a, &with_episodes("aabb", &[(0, 3), (3, 4)]));
    assert!(!other.comparable.range);
    check_problem(&other, "the episodes are not the same: channels are compared in those of the first coder");
    assert_eq!(windows(&other), [frames(0, 2), frames(2, 4)]);
    let none = compare(&with("state", "aabb"), &a);
    check_problem(&none, "the episodes are not the same: channels are compared in those of the second coder");
    assert_eq!(windows(&none), [frames(0, 2), frames(2, 4)]);
    assert!(windows(&compare(&with("state", "aa"), &with("state", "aa"))).is_empty());
}

#[test]
fn a_mark_without_duration_among_states_is_an_event() {
    let (mut a, b) = (with("state", "aabb"), with("state", "aabb"));
    let track = a.tracks.iter_mut().find(|track| track.key == key("state")).expect("it is there");
    track.marks.push(Mark::new(MarkId(99), "c", When::Point(at(1))));
    track.marks.sort_by_key(Mark::order);
    let events = &compare(&a, &b).agreements(&AgreeSettings::default())[0].events;
    assert_eq!((events.n, events.omissions[2].count), (3, 1));
}

#[test]
fn boris_looks_at_all_that_a_subject_does_at_once() {
    let session = || {
        let mut session = with("state", "aabb");
        let many = with("many", "a...");
        session.tracks.extend(many.tracks.into_iter().filter(|track| track.key == key("many")));
        session
    };
    let overrides = serde_json::json!({"boris.unit_s": 0.04});
    let settings = AgreeSettings::from_overrides(overrides.as_object().expect("an object")).expect("settings");
    let as_boris = compare(&session(), &session()).as_boris(&settings);
    let part = |name: &str| as_boris[0].parts.iter().find(|(part, _)| *part == name).and_then(|(_, part)| *part);
    // samples at 0 to 4 frames: a with a of many twice, since both ends are in, then a and b, then b twice
    assert_eq!((as_boris[0].number(), part("n"), part("n_categories")), (Some(1.0), Some(5.0), Some(3.0)));
    assert_eq!(as_boris[3].number(), Some(100.0));
}

fn by(coder: &str, text: &str) -> Session {
    Session { coder: coder.to_owned(), ..with("state", text) }
}

fn many(sessions: &[Session]) -> ManyComparison {
    compare_many(&sessions.iter().collect::<Vec<_>>())
}

#[test]
fn three_codings_of_one_recording_are_compared_at_once() {
    let comparison = many(&[by("KL", "aabb"), by("CD", "aabb"), by("EF", "aaab")]);
    let comparable = &comparison.comparable;
    assert!(comparable.media && comparable.scheme && comparable.range && comparable.problems.is_empty());
    let [channel] = comparison.channels.as_slice() else { panic!("nothing else was coded") };
    assert_eq!((channel.key.clone(), &channel.many.looked_at), (key("state"), &SpanSet::from(frames(0, 4))));
    let overrides = serde_json::json!({"step_s": 0.04});
    let settings = AgreeSettings::from_overrides(overrides.as_object().expect("an object")).expect("settings");
    let agreements = comparison.agreements(&settings);
    let fleiss = agreements[0].iter().find(|one| one.info.id == "fleiss").and_then(Statistic::number);
    // one frame of four is split 1 to 2: Po = (3 + 1/3) / 4; seven of twelve codes are a, none is c: Pe = (49 + 25) / 144
    let (po, pe) = (10.0 / 12.0, 74.0 / 144.0);
    assert!(fleiss.is_some_and(|fleiss| (fleiss - (po - pe) / (1.0 - pe)).abs() < 1e-12), "{fleiss:?}");
}

#[test]
fn time_that_not_all_of_them_looked_at_is_named_and_left_out() {
    let comparison = many(&[by("KL", "aabb"), by("CD", "aab"), by("EF", "aabbaa")]);
    assert!(!comparison.comparable.range);
    let said = "infant state was coded 0:00.0–0:00.1 by KL, 0:00.0–0:00.1 by CD and 0:00.0–0:00.2 by EF";
    assert_eq!(comparison.comparable.problems, [said]);
    assert_eq!(
        comparison.channels[0].many.looked_at,
        SpanSet::from(frames(0, 6)),
        "what any of them looked at is there"
    );
}

#[test]
fn what_stands_against_comparing_several_is_said_once_and_by_names_that_tell_them_apart() {
    let without_track = |coder: &str| {
        let mut session = by(coder, "aa");
        session.tracks.retain(|track| track.key != key("state"));
        session
    };
    let said = |sessions: &[Session]| many(sessions).comparable.problems;
    assert_eq!(
        said(&[by("KL", "aa"), by("CD", "aa"), without_track("EF")]),
        ["only KL and CD have a track infant state"]
    );
    assert_eq!(
        said(&[by("KL", "aa"), without_track("KL"), without_track("CD")]),
        ["only the first coder has a track infant state"]
    );
    let other_codes = || {
        let mut session = by("CD", "aa");
        session.scheme.channels[0].codes.pop();
        session
    };
    assert_eq!(
        said(&[by("KL", "aa"), other_codes(), other_codes()]),
        ["of the codes of infant state only the scheme of the first coder has c"]
    );
    let (none, two) = (with("state", "aabb"), with_episodes("aabb", &[(0, 2), (2, 4)]));
    let comparison = many(&[none.clone(), none, two]);
    assert_eq!(
        comparison.comparable.problems,
        ["the episodes are not the same: channels are compared in those of the third coder"]
    );
    assert_eq!(comparison.channels[0].many.windows, [frames(0, 2), frames(2, 4)]);
}

#[test]
fn of_several_codings_points_are_not_compared_and_codes_that_may_overlap_are_each_for_itself() {
    let three = |session: Session| many(&[session.clone(), session.clone(), session]).channels;
    let codes: Vec<_> = three(with("many", "aa")).into_iter().map(|channel| channel.code).collect();
    assert_eq!(codes, ["a", "b", "c"].map(|code| Some(code.to_owned())));
    let mut points = with("state", "");
    let track = points.tracks.iter_mut().find(|track| track.key == key("point")).expect("it is there");
    track.marks.push(Mark::new(MarkId(9), "a", When::Point(at(1))));
    assert_eq!(three(points), []);
}

#[test]
fn no_coder_at_all_is_no_panic() {
    assert!(compare_many(&[]).channels.is_empty());
}

#[test]
fn codes_that_only_one_of_them_has_are_named_and_compared() {
    let (first, mut second) = (with("state", "aabb"), with("state", "aabb"));
    second.scheme.channels[0].codes.pop();
    let comparison = compare(&first, &second);
    assert!(!comparison.comparable.scheme);
    assert_eq!(
        comparison.comparable.problems,
        ["of the codes of infant state only the scheme of the first coder has c"]
    );
    let [channel] = comparison.channels.as_slice() else { panic!("it is compared") };
    assert_eq!(channel.two.codes, ["a", "b", "c"]);
}

#[test]
fn a_code_that_is_called_none_is_a_code() {
    let called_none = |text: &str| {
        let mut session = with("state", text);
        let channel = &mut session.scheme.channels[0];
        "none".clone_into(&mut channel.codes[0].key);
        for mark in session.tracks.iter_mut().flat_map(|track| &mut track.marks).filter(|mark| mark.code == "a") {
            "none".clone_into(&mut mark.code);
        }
        session
    };
    let agreements = compare(&called_none("aabb"), &called_none("abbb")).agreements(&AgreeSettings::default());
    assert_eq!((agreements[0].n, &agreements[0].categories[..]), (0.16, &["none", "b", "c"].map(str::to_owned)[..]));
    // three of four frames alike; none in 3 of 8, b in 5 of 8: Pe = (2·1 + 2·3) / 16
    let kappa = agreements[0].get("time_kappa").and_then(Statistic::number);
    assert!(kappa.is_some_and(|kappa| (kappa - 0.5).abs() < 1e-12), "{kappa:?}");
    assert_eq!(agreements[0].disagreements[0].a.as_deref(), Some("none"));
}

#[test]
fn alpha_of_many_takes_what_two_of_them_looked_at_and_fleiss_what_all_did() {
    let comparison = many(&[by("KL", "aabbabab"), by("CD", "aabbabba"), by("EF", "aabb")]);
    let overrides = serde_json::json!({"step_s": 0.04});
    let settings = AgreeSettings::from_overrides(overrides.as_object().expect("an object")).expect("settings");
    let agreements = comparison.agreements(&settings);
    let statistic = |id: &str| agreements[0].iter().find(|one| one.info.id == id).expect("it is there");
    let n = |id: &str| statistic(id).parts.iter().find(|(name, _)| *name == "n").and_then(|(_, n)| *n);
    assert_eq!((n("many_alpha"), n("fleiss")), (Some(20.0), Some(4.0)), "3 codes of 4 units and 2 of 4 more; 4 units");
    // two of the units differ; of 20 codes 10 are a: 1 − 19 · 4 / (2 · 10 · 10)
    assert!(statistic("many_alpha").number().is_some_and(|alpha| (alpha - 0.62).abs() < 1e-12));
    assert_eq!(statistic("fleiss").number(), Some(1.0));
}
