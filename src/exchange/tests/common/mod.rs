//! A scheme, a session with something of everything in it, and what two sessions must share to be the same.

#![allow(dead_code, reason = "each test file uses a part of it")]

use session::{
    Certainty, Channel, ChannelKind, Code, Episode, EpisodeId, EpisodeKind, Excluded, ExcludedId, Extra, Identity, Ids,
    Mark, MarkId, Medium, MediumId, Missing, Rate, Role, Scheme, Session, SessionId, Subject, Track, TrackKey, When,
};
use span::{Instant, Length, Span};

/// Infant and parent with gaze (exclusive and exhaustive), touch (several at once), smile (moments).
pub(crate) fn scheme() -> Scheme {
    let subject = |key: &str| Subject { key: key.to_owned(), label: key.to_owned(), extra: Extra::new() };
    let mut channels = Vec::new();
    for subject in ["infant", "parent"] {
        channels.push(channel(
            subject,
            "gaze",
            ChannelKind::State,
            true,
            true,
            &["partner", "object", "away", "unscorable"],
        ));
        channels.push(channel(
            subject,
            "affect",
            ChannelKind::State,
            true,
            false,
            &["positive", "neutral", "negative"],
        ));
        channels.push(channel(subject, "touch", ChannelKind::State, false, false, &["stroke", "hold", "tickle"]));
        channels.push(channel(subject, "smile", ChannelKind::Point, false, false, &["onset", "peak"]));
    }
    channels[0].codes[3].missing = Some(Missing::Unscorable);
    Scheme {
        name: "test".to_owned(),
        version: "1".to_owned(),
        label: "Test".to_owned(),
        description: String::new(),
        subjects: vec![subject("infant"), subject("parent")],
        channels,
        engagement: Vec::new(),
        relation: None,
        score_settings: serde_json::Map::new(),
        extra: Extra::new(),
    }
}

fn channel(subject: &str, key: &str, kind: ChannelKind, exclusive: bool, exhaustive: bool, codes: &[&str]) -> Channel {
    let code = |key: &&str| Code {
        key: (*key).to_owned(),
        label: (*key).to_owned(),
        shortcut: None,
        colour: "#808080".to_owned(),
        value: None,
        missing: None,
        definition: String::new(),
        extra: Extra::new(),
    };
    Channel {
        subject: subject.to_owned(),
        key: key.to_owned(),
        label: key.to_owned(),
        kind,
        exclusive,
        exhaustive,
        hold: false,
        optional: false,
        codes: codes.iter().map(code).collect(),
        extra: Extra::new(),
    }
}

pub(crate) fn at(millis: i64) -> Instant {
    Instant::from_micros(millis * 1_000)
}

pub(crate) fn millis(start: i64, end: i64) -> Span {
    Span::new(at(start), at(end)).expect("a span of a test")
}

pub(crate) fn state(code: &str, span: Span) -> Mark {
    Mark::new(MarkId(0), code, When::State { span, open: false })
}

pub(crate) fn point(code: &str, time: Instant) -> Mark {
    Mark::new(MarkId(0), code, When::Point(time))
}

/// Gives the marks of a track, sorted.
pub(crate) fn set_marks(session: &mut Session, track: &str, marks: Vec<Mark>) {
    track_mut(session, track).marks = marks;
    number(session);
}

pub(crate) fn track_mut<'a>(session: &'a mut Session, track: &str) -> &'a mut Track {
    let key: TrackKey = track.parse().expect("a track of a test");
    session.tracks.iter_mut().find(|track| track.key == key).expect("a track of the scheme")
}

/// New ids in the order of the session, so that two sessions can be compared.
pub(crate) fn number(session: &mut Session) {
    let mut ids = Ids::after(1_000);
    for track in &mut session.tracks {
        track.marks.sort_by_key(|mark| (mark.when.start(), mark.when.end(), mark.id));
        for mark in &mut track.marks {
            mark.id = MarkId(ids.take());
        }
    }
    for episode in &mut session.episodes {
        episode.id = EpisodeId(ids.take());
    }
    session.excluded.sort_by_key(|excluded| (excluded.span, excluded.reason.clone()));
    for excluded in &mut session.excluded {
        excluded.id = ExcludedId(ids.take());
    }
}

/// A session with something of everything.
pub(crate) fn session() -> Session {
    let mut session = Session::new(SessionId::from_bits(7), "d01 \"Ada\"", "coder, 1", scheme());
    session.role = Role::Second;
    "two\nlines".clone_into(&mut session.note);
    session.subject_names.insert("infant".to_owned(), "Baby A".to_owned());
    session.score_settings.insert("lag.max".to_owned(), serde_json::json!(5));
    session.media = vec![
        Medium {
            identity: Some(Identity {
                bytes: 12,
                ends: "abc".to_owned(),
                whole: Some("def".to_owned()),
                extra: Extra::new(),
            }),
            end: Some(at(90_000)),
            frame: Some(Length::from_millis(40)),
            label: "Infant camera".to_owned(),
            ..Medium::new(MediumId(1), "my clips/infant one.mp4")
        },
        Medium {
            offset: Length::from_micros(-240_001),
            rate: Rate::new(1_001, 1_000).expect("a rate"),
            ..Medium::new(MediumId(2), "/data/parent.mp4")
        },
    ];
    session.episodes = vec![
        Episode::new(EpisodeId(0), "play", EpisodeKind::Play, millis(0, 30_000)),
        Episode::new(EpisodeId(0), "still face, quiet", EpisodeKind::StillFace, millis(30_000, 60_000)),
    ];
    session.excluded = vec![Excluded {
        id: ExcludedId(0),
        span: millis(5_000, 6_000),
        reason: "camera \"fell\"".to_owned(),
        extra: Extra::new(),
    }];
    track_mut(&mut session, "parent.gaze").medium = Some(MediumId(2));
    track_mut(&mut session, "infant.affect").coded = vec![millis(0, 20_000), millis(25_000, 30_000)].into();
    let mut doubtful = state("object", millis(2_000, 4_000));
    doubtful.certainty = Certainty::Uncertain;
    "behind, \"the\" toy".clone_into(&mut doubtful.note);
    set_marks(
        &mut session,
        "infant.gaze",
        vec![state("partner", millis(0, 2_000)), doubtful, state("partner", millis(4_000, 9_000))],
    );
    set_marks(&mut session, "infant.affect", vec![state("positive", millis(1_000, 3_000))]);
    set_marks(
        &mut session,
        "parent.touch",
        vec![
            state("stroke", millis(0, 5_000)),
            state("hold", millis(1_000, 8_000)),
            state("tickle", millis(5_000, 6_000)),
        ],
    );
    set_marks(
        &mut session,
        "infant.smile",
        vec![point("onset", at(1_500)), point("peak", at(1_500)), point("onset", at(7_000))],
    );
    session
}
