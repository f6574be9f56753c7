//! What the scores are given.

use scoring::Subject;
use serde_json::{Map, json};
use session::{
    Episode, EpisodeId, EpisodeKind, Mark, MarkId, Scheme, Session, SessionId, Track, TrackKey, When, recording, score,
    score_settings,
};
use span::SpanSet;

use crate::timeline::{at, frames};

/// The example of SCIENCE 1.6: 20 s, one frame of 40 ms for each tenth of a second there would be too small; here a second is a frame.
fn example() -> Session {
    let scheme = Scheme::named("infant-parent").expect("it is built in");
    let mut session = Session::new(SessionId::from_bits(1), "example", "KL", scheme);
    session.episodes.push(Episode::new(EpisodeId(1), "play", EpisodeKind::Play, frames(0, 20)));
    let mut id = 1;
    let mut mark = |session: &mut Session, subject: &str, channel: &str, code: &str, first: i64, last: i64| {
        id += 1;
        let key = TrackKey::new(subject, channel);
        let track = session.tracks.iter_mut().find(|track| track.key == key).expect("the track is there");
        track.marks.push(Mark::new(MarkId(id), code, When::State { span: frames(first, last), open: false }));
    };
    for (subject, channel, code, first, last) in [
        ("infant", "affect", "neutral", 0, 8),
        ("infant", "affect", "positive", 8, 12),
        ("infant", "affect", "unscorable", 12, 14),
        ("infant", "affect", "negative", 14, 20),
        ("infant", "gaze", "partner", 0, 4),
        ("infant", "gaze", "object", 4, 9),
        ("infant", "gaze", "partner", 9, 15),
        ("parent", "affect", "neutral", 0, 6),
        ("parent", "affect", "positive", 6, 20),
        ("parent", "gaze", "infant_face", 0, 10),
        ("parent", "gaze", "unscorable", 10, 11),
        ("parent", "gaze", "infant_face", 11, 20),
    ] {
        mark(&mut session, subject, channel, code, first, last);
    }
    session.check_rules().expect("the example is a session");
    session
}

#[test]
fn example_of_the_derivation_has_the_match_proportion_that_a_person_counts() {
    // SCIENCE 1.6: C = 17 s, matched 6 s, 0.3529412
    let scores = score(&example(), &Map::new()).expect("the settings are the defaults");
    let proportion = scores.episodes[0].scores.get("match.proportion").expect("it is in the catalog");
    assert_eq!((proportion.number().map(|number| (number * 1e7).round() / 1e7)), Some(0.352_941_2));
}

#[test]
fn codes_that_are_missing_are_missing_to_the_scores() {
    let recording = recording(&example());
    let affect = recording.track(Subject::Infant, "affect").expect("it is scored");
    assert_eq!(affect.state_at(at(13)), None);
    assert_eq!(affect.state_at(at(14)).map(|state| affect.state_key(state)), Some("negative"));
    let touch = recording.track(Subject::Infant, "touch").expect("it is scored");
    assert!(touch.is_missing());
}

#[test]
fn silence_means_no_only_where_somebody_looked() {
    let mut session = example();
    let key = TrackKey::new("infant", "vocalisation");
    session.tracks.push(Track { coded: SpanSet::from(frames(2, 10)), ..Track::new(key) });
    let recording = recording(&session);
    let voice = recording.track(Subject::Infant, "vocalisation").expect("it is scored");
    assert_eq!(voice.state_at(at(5)).map(|state| voice.state_key(state)), Some("none"));
    assert_eq!(voice.state_at(at(12)), None);
}

#[test]
fn settings_given_win_over_the_session_over_the_scheme_over_the_program() {
    let mut session = example();
    let of = |session: &Session, given: serde_json::Value| {
        let serde_json::Value::Object(given) = given else { panic!("settings are an object") };
        score_settings(session, &given).expect("known settings").lag_max.as_secs()
    };
    assert_eq!(of(&session, json!({})), 5.0);
    session.scheme.score_settings.insert("lag.max".to_owned(), json!(6.0));
    assert_eq!(of(&session, json!({})), 6.0);
    session.score_settings.insert("lag.max".to_owned(), json!(7.0));
    assert_eq!(of(&session, json!({})), 7.0);
    assert_eq!(of(&session, json!({"lag.max": 8.0})), 8.0);
}

#[test]
fn unknown_setting_is_refused() {
    let mut session = example();
    session.score_settings.insert("lag.maximum".to_owned(), json!(7.0));
    assert!(score(&session, &Map::new()).is_err());
}

#[test]
fn a_code_does_not_hide_another_that_it_may_overlap() {
    let scheme = Scheme::named("icep-r").expect("it is built in");
    let mut session = Session::new(SessionId::from_bits(1), "example", "KL", scheme);
    session.episodes.push(Episode::new(EpisodeId(1), "play", EpisodeKind::Play, frames(0, 20)));
    let key = TrackKey::new("infant", "further");
    let track = session.tracks.iter_mut().find(|track| track.key == key).expect("the track is there");
    track.coded = SpanSet::from(frames(0, 20));
    for (id, code, first, last) in [(2, "Isco", 0, 10), (3, "Idis", 4, 6)] {
        track.marks.push(Mark::new(MarkId(id), code, When::State { span: frames(first, last), open: false }));
    }
    let scores = score(&session, &Map::new()).expect("the settings are the scheme's");
    let frames_of = |code: &str| {
        let time = scores.episodes[0].scores.get(&format!("time.infant.further.{code}")).expect("it is scored");
        let (secs, of) = (time.numerator.expect("it has parts"), time.denominator.expect("it has parts"));
        (secs / of * 20.0).round()
    };
    assert_eq!((frames_of("Isco"), frames_of("Idis"), frames_of("Iaut")), (10.0, 2.0, 0.0));
}
