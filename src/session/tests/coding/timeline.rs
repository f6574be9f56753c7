//! Timelines as text, one letter for each frame.
//!
//! ```text
//! aaa.bb>    a from frame 0 to 3, a gap, b from 4 to 6, open
//! aa|aa      two states of a that touch
//! ```

use jiff::Timestamp;
use session::marking::Press;
use session::{
    Channel, ChannelKind, Code, Document, Extra, How, Ids, Mark, MarkId, Medium, MediumId, Scheme, Session, SessionId,
    Stamp, Subject, Track, TrackKey, When,
};
use span::{Instant, Length, Span, SpanSet};

/// A frame of 25 in a second.
pub(crate) const FRAME: Length = Length::from_millis(40);

/// Frames `first` up to, and without, `last`.
#[track_caller]
pub(crate) fn frames(first: i64, last: i64) -> Span {
    Span::new(at(first), at(last)).expect("the last frame is behind the first")
}

/// The start of a frame.
pub(crate) fn at(frame: i64) -> Instant {
    Instant::ZERO + FRAME.times(frame)
}

/// `state`: exclusive and exhaustive. `loose`: exclusive, not exhaustive. `many`: not exclusive. `point`: points. Each with codes a, b and c.
pub(crate) fn key(channel: &str) -> TrackKey {
    TrackKey::new("infant", channel)
}

/// A session over 100 frames of one video, in which nothing is coded.
pub(crate) fn session() -> Session {
    let mut session = Session::new(SessionId::from_bits(7), "dyad-01", "KL", scheme());
    session.media.push(Medium { end: Some(at(100)), frame: Some(FRAME), ..Medium::new(MediumId(1), "a.mp4") });
    session
}

fn scheme() -> Scheme {
    let channel = |key: &str, kind, exclusive, exhaustive| Channel {
        subject: "infant".to_owned(),
        key: key.to_owned(),
        label: key.to_owned(),
        kind,
        exclusive,
        exhaustive,
        hold: false,
        optional: key == "extra",
        codes: ["a", "b", "c"].map(code).into(),
        extra: Extra::new(),
    };
    Scheme {
        name: "letters".to_owned(),
        version: "1".to_owned(),
        label: "Letters".to_owned(),
        description: String::new(),
        subjects: vec![Subject { key: "infant".to_owned(), label: "Infant".to_owned(), extra: Extra::new() }],
        channels: vec![
            channel("state", ChannelKind::State, true, true),
            channel("loose", ChannelKind::State, true, false),
            channel("many", ChannelKind::State, false, false),
            channel("point", ChannelKind::Point, false, false),
            channel("extra", ChannelKind::State, true, true),
        ],
        engagement: Vec::new(),
        relation: None,
        score_settings: Extra::new(),
        extra: Extra::new(),
    }
}

fn code(key: &str) -> Code {
    Code {
        key: key.to_owned(),
        label: key.to_owned(),
        shortcut: key.chars().next(),
        colour: "#808080".to_owned(),
        value: None,
        missing: None,
        definition: String::new(),
        extra: Extra::new(),
    }
}

/// The session with these marks on a track, with ids from `m11` on.
pub(crate) fn with(channel: &str, text: &str) -> Session {
    let mut session = session();
    *track_mut(&mut session, channel) = Track { marks: read(text), ..Track::new(key(channel)) };
    session.check_rules().expect("the text is a timeline");
    session
}

fn track_mut<'a>(session: &'a mut Session, channel: &str) -> &'a mut Track {
    session.tracks.iter_mut().find(|track| track.key == key(channel)).expect("the track is there")
}

fn read(text: &str) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let (mut frame, mut goes_on) = (0, false);
    for letter in text.chars() {
        match letter {
            '|' => goes_on = false,
            '>' => {
                let open = marks.last_mut().expect("something is open");
                *open = open.with_span(open.span().expect("states"), true);
            }
            '.' => (frame, goes_on) = (frame + 1, false),
            code => {
                let this = frames(frame, frame + 1);
                if let Some(mark) = marks.last_mut().filter(|mark| goes_on && mark.code == code.to_string()) {
                    *mark = mark.with_span(mark.span().expect("states").hull(this), false);
                } else {
                    let when = When::State { span: this, open: false };
                    marks.push(Mark::new(MarkId(11 + marks.len() as u64), code, when));
                }
                (frame, goes_on) = (frame + 1, true);
            }
        }
    }
    marks
}

/// The exclusive track as text.
pub(crate) fn text(session: &Session, channel: &str) -> String {
    write(session.track(&key(channel)).expect("the track is there").marks.iter())
}

/// One code of the track as text.
pub(crate) fn text_of(session: &Session, channel: &str, code: &str) -> String {
    write(session.track(&key(channel)).expect("the track is there").marks.iter().filter(|mark| mark.code == code))
}

fn write<'a>(marks: impl Iterator<Item = &'a Mark>) -> String {
    let (mut text, mut frame, mut last) = (String::new(), 0, String::new());
    for mark in marks {
        let span =
            mark.span().unwrap_or_else(|| Span::new(mark.start(), mark.start() + FRAME).expect("a frame has a length"));
        let (start, end) = (frame_of(span.start()), frame_of(span.end()));
        assert!(start >= frame, "{text} overlaps");
        text.extend(std::iter::repeat_n('.', start - frame));
        if start == frame && mark.code == last {
            text.push('|');
        }
        text.push_str(&mark.code.repeat(end - start));
        text.push_str(if mark.is_open() { ">" } else { "" });
        (frame, last) = (end, mark.code.clone());
    }
    text
}

fn frame_of(time: Instant) -> usize {
    assert_eq!(time.micros() % FRAME.micros(), 0, "marks stand on frames");
    usize::try_from(time.micros() / FRAME.micros()).expect("no negative frames in texts")
}

/// A key that goes down while this frame is on screen and the picture stands still.
pub(crate) fn press(channel: &str, code: &str, frame: i64) -> Press {
    Press { track: key(channel), code: code.to_owned(), seen: frames(frame, frame + 1), how: How::Stepped }
}

/// KL, at a second that grows with `n`.
pub(crate) fn stamp(n: i64) -> Stamp {
    Stamp { time: Timestamp::from_second(1_800_000_000 + n).expect("a moment of this century"), who: "KL".to_owned() }
}

/// Ids behind those of the texts.
pub(crate) fn ids() -> Ids {
    Ids::after(100)
}

/// A document of a session with these marks.
pub(crate) fn document(channel: &str, text: &str) -> Document {
    Document::new(with(channel, text))
}

/// A session without what stays whatever is undone: coded time, and what was found out of the video.
pub(crate) fn without_what_stays(session: &Session) -> Session {
    let tracks = session.tracks.iter().map(|track| Track { coded: SpanSet::new(), ..track.clone() });
    let media = session.media.iter().map(|medium| Medium { end: None, ..medium.clone() });
    Session { tracks: tracks.collect(), media: media.collect(), ..session.clone() }
}
