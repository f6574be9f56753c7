//! The schemes that come with the program, and what becomes of fields that nobody knows yet.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use session::{
    Channel, Episode, EpisodeId, EpisodeKind, Excluded, ExcludedId, Extra, How, Identity, Mark, MarkId, Medium,
    MediumId, Scheme, Session, SessionId, When,
};
use span::{Length, Span};

/// Keys of the keyboard that the program uses itself, whatever is coded.
const RESERVED: &str = "jkliJKLIO o,.";

#[test]
fn every_built_in_scheme_survives_a_round_trip() {
    let schemes = Scheme::built_in();
    assert_eq!(schemes.iter().map(|scheme| scheme.name.as_str()).collect::<Vec<_>>(), ["infant-parent", "icep-r"]);
    for scheme in schemes {
        let text = serde_json::to_string(&scheme).expect("it is JSON");
        assert_eq!(serde_json::from_str::<Scheme>(&text).expect("it was written"), scheme);
    }
}

#[test]
fn every_session_of_a_built_in_scheme_keeps_the_rules() {
    for scheme in Scheme::built_in() {
        let optional = scheme.channels.iter().filter(|channel| channel.optional).count();
        let session = Session::new(SessionId::from_bits(1), "dyad", "KL", scheme);
        assert_eq!(session.tracks.len() + optional, session.scheme.channels.len());
        session.check_rules().expect("nothing is coded yet");
    }
}

#[track_caller]
fn check_channels(check: impl Fn(&Channel) -> bool, rule: &str) {
    for scheme in Scheme::built_in() {
        for channel in &scheme.channels {
            assert!(check(channel), "{} {}: {rule}", scheme.name, channel.track());
        }
    }
}

#[test]
fn shortcuts_are_digits_or_letters_that_are_free_and_unique_on_each_channel() {
    let keys = |channel: &Channel| channel.codes.iter().filter_map(|code| code.shortcut).collect::<Vec<char>>();
    check_channels(|channel| keys(channel).len() == channel.codes.len(), "every code has a key");
    check_channels(
        |channel| keys(channel).iter().all(|key| key.is_ascii_alphanumeric() && !RESERVED.contains(*key)),
        "no reserved key",
    );
    check_channels(
        |channel| keys(channel).iter().collect::<BTreeSet<_>>().len() == channel.codes.len(),
        "each key once",
    );
}

#[test]
fn unscorable_is_always_the_key_0() {
    check_channels(
        |channel| channel.codes.iter().all(|code| code.missing.is_some() == (code.shortcut == Some('0'))),
        "0 is unscorable",
    );
}

#[test]
fn codes_have_keys_definitions_and_colours_of_their_own() {
    let distinct = |values: Vec<&str>| values.iter().collect::<BTreeSet<_>>().len() == values.len();
    check_channels(|channel| distinct(channel.codes.iter().map(|code| code.key.as_str()).collect()), "each code once");
    check_channels(
        |channel| distinct(channel.codes.iter().map(|code| code.colour.as_str()).collect()),
        "each colour once",
    );
    check_channels(|channel| channel.codes.iter().all(|code| !code.definition.is_empty()), "every code is defined");
    let is_colour = |text: &str| {
        text.len() == 7 && text.starts_with('#') && text[1..].chars().all(|digit| digit.is_ascii_hexdigit())
    };
    check_channels(|channel| channel.codes.iter().all(|code| is_colour(&code.colour)), "colours are #rrggbb");
}

#[test]
fn subjects_of_channels_exist() {
    for scheme in Scheme::built_in() {
        assert!(scheme.channels.iter().all(|channel| scheme.subject(&channel.subject).is_some()), "{}", scheme.name);
    }
}

/// Every combination of a code, or missing, on each of the channels that the rules ask for.
fn combinations<'a>(scheme: &'a Scheme, subject: &str, channels: &[&'a str]) -> Vec<Vec<(&'a str, Option<&'a str>)>> {
    let mut all = vec![Vec::new()];
    for name in channels {
        let channel = scheme
            .channels
            .iter()
            .find(|channel| channel.subject == subject && channel.key == *name)
            .expect("the channel is there");
        let scored = channel.codes.iter().filter(|code| code.missing.is_none()).map(|code| Some(code.key.as_str()));
        let codes: Vec<Option<&str>> = scored.chain([None]).collect();
        all = all
            .iter()
            .flat_map(|some| codes.iter().map(|code| [some.clone(), vec![(*name, *code)]].concat()))
            .collect();
    }
    all
}

#[test]
fn engagement_is_a_state_or_missing_for_every_combination_of_codes() {
    for scheme in Scheme::built_in() {
        for rules in &scheme.engagement {
            rules.check().expect("every rule gives a declared state");
            let channels = rules.channels();
            for codes in combinations(&scheme, rules.subject.as_str(), &channels) {
                let state = rules.state_of(|name| codes.iter().find(|(channel, _)| *channel == name)?.1);
                // A state, or missing; and never a state from nothing at all.
                assert!(codes.iter().any(|(_, code)| code.is_some()) || state.is_none(), "{} {codes:?}", scheme.name);
                let all_coded = codes.iter().all(|(_, code)| code.is_some_and(|code| code != "Islp"));
                assert!(!all_coded || state.is_some(), "{} has no state for {codes:?}", scheme.name);
            }
        }
    }
}

/// The state that follows from affect and gaze, as the table of SCIENCE 1.6 says.
#[track_caller]
fn check_state(subject: &str, affect: Option<&str>, gaze: Option<&str>, expected: Option<&str>) {
    let scheme = Scheme::named("infant-parent").expect("it is built in");
    let rules = scheme.engagement.iter().find(|rules| rules.subject.as_str() == subject).expect("there are rules");
    let state = rules.state_of(|channel| if channel == "affect" { affect } else { gaze });
    assert_eq!(state.map(|state| rules.states[state].key.as_str()), expected, "{subject} {affect:?} {gaze:?}");
}

#[test]
fn engagement_follows_the_table() {
    check_state("infant", Some("negative"), None, Some("NEG"));
    check_state("infant", Some("negative"), Some("partner"), Some("NEG"));
    check_state("infant", Some("positive"), Some("partner"), Some("POS"));
    check_state("infant", Some("neutral"), Some("partner"), Some("MON"));
    check_state("infant", Some("positive"), Some("object"), Some("OBJ"));
    check_state("infant", Some("neutral"), Some("away"), Some("OBJ"));
    check_state("infant", Some("neutral"), None, None);
    check_state("infant", None, Some("partner"), None);
    check_state("parent", Some("negative"), None, Some("NEG"));
    check_state("parent", Some("positive"), Some("other"), Some("POS"));
    check_state("parent", Some("neutral"), Some("infant_face"), Some("MON"));
    check_state("parent", Some("neutral"), Some("infant_object"), Some("MON"));
    check_state("parent", Some("neutral"), Some("other"), Some("OFF"));
    check_state("parent", Some("positive"), None, None);
    check_state("parent", None, Some("infant_face"), None);
}

#[test]
fn rules_and_relations_name_only_what_the_scheme_has() {
    for scheme in Scheme::built_in() {
        let states = |subject: &str| {
            let rules =
                scheme.engagement.iter().find(|rules| rules.subject.as_str() == subject).expect("there are rules");
            rules.states.iter().map(|state| state.key.clone()).collect::<Vec<_>>()
        };
        let relation = scheme.relation.as_ref().expect("there is a relation");
        assert_eq!(relation.unknown_states(&states("infant"), &states("parent")), []);
        let has = |subject: &str, channel: &str, code: &str| {
            let channel = scheme.channels.iter().find(|other| other.subject == subject && other.key == channel);
            channel.is_some_and(|channel| code == scoring::ANY_CODE || channel.code(code).is_some())
        };
        let shared = &relation.shared.as_ref().expect("objects can be shared").condition;
        assert!(shared.codes.iter().all(|code| has(shared.subject.as_str(), &shared.channel, code)));
        for rules in &scheme.engagement {
            let named = rules.rules.iter().flat_map(|rule| {
                rule.when.iter().flat_map(|(channel, codes)| codes.iter().map(move |code| (channel, code)))
            });
            named.for_each(|(channel, code)| {
                assert!(has(rules.subject.as_str(), channel, code), "{} {channel} {code}", scheme.name);
            });
        }
    }
}

/// Adds a field that no version knows to every object inside `value` that `is_known` to keep such fields.
fn with_unknown(value: &Value, path: &str) -> Value {
    match value {
        Value::Object(map) => {
            let known = map.iter().map(|(key, value)| (key.clone(), with_unknown(value, key)));
            let keeps = !matches!(
                path,
                "subject_names"
                    | "score_settings"
                    | "how"
                    | "engagement"
                    | "match"
                    | "shared"
                    | "while"
                    | "states"
                    | "rules"
                    | "when"
            );
            known.chain(keeps.then(|| ("from_the_future".to_owned(), json!({"a": [1, 2.5]})))).collect()
        }
        Value::Array(items) => items.iter().map(|item| with_unknown(item, path)).collect(),
        other => other.clone(),
    }
}

#[test]
fn unknown_fields_survive_a_round_trip_on_every_object() {
    let mut session = Session::new(SessionId::from_bits(1), "dyad", "KL", Scheme::built_in().remove(1));
    let identity = Identity { bytes: 12, ends: "00".to_owned(), whole: None, extra: Extra::new() };
    session.media.push(Medium { identity: Some(identity), ..Medium::new(MediumId(1), "a.mp4") });
    let span = Span::from_micros(0, 40_000).expect("it has a length");
    session.episodes.push(Episode::new(EpisodeId(2), "play", EpisodeKind::Play, span));
    session.excluded.push(Excluded { id: ExcludedId(3), span, reason: "fell".to_owned(), extra: Extra::new() });
    session.tracks[0].marks.push(Mark::new(MarkId(4), "Ipos", When::State { span, open: true }));
    let how = How::Playing { speed_percent: 50, reaction_us: Length::ZERO, stamp_us: span.end(), extra: Extra::new() };
    let point = Mark::new(MarkId(5), "Ctch", When::Point(span.end()));
    session.tracks[3].marks.push(Mark { how: Some(how), ..point });
    let future = with_unknown(&serde_json::to_value(&session).expect("it is JSON"), "session");
    // Session, medium, identity, episode, excluded span, two marks, one how, scheme; subjects; channels and tracks; codes.
    let objects = 9 + 3 + 5 + 5 + codes(&session);
    assert_eq!(future.to_string().matches("from_the_future").count(), objects);
    let read: Session = serde_json::from_value(future.clone()).expect("a session of a later version");
    assert_eq!(serde_json::to_value(&read).expect("it is JSON"), future);
}

fn codes(session: &Session) -> usize {
    session.scheme.channels.iter().map(|channel| channel.codes.len()).sum()
}
