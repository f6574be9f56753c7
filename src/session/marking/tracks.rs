//! Tracks, the time looked at, and what is said of the session as a whole.

use span::{Instant, Span, SpanSet, counted};

use super::{Edge, Edit, Place, Refusal, edit, replace};
use crate::{Change, ChannelKind, Field, Item, MediumId, Role, Scheme, Session, SessionId, Track, TrackKey};

/// Adds the track of an optional channel.
pub fn add_track(session: &Session, key: &TrackKey) -> Result<Edit, Refusal> {
    if session.track(key).is_some() {
        return Err(Refusal::new(format!("track {} is there already", session.track_name(key))));
    }
    edit(format!("add track {}", session.track_name(key)), vec![Change::Insert(Item::Track(key.clone()))])
}

/// Removes a track without marks.
pub fn remove_track(session: &Session, key: &TrackKey) -> Result<Edit, Refusal> {
    let place = Place::of(session, key)?;
    let track = place.track;
    if !track.marks.is_empty() {
        return Err(Refusal::new(format!(
            "{} has {}: delete them first",
            place.name(),
            counted(track.marks.len(), "mark")
        )));
    }
    let mut changes = replace(coded(track, track.coded.clone()), coded(track, SpanSet::new()));
    let medium = |medium| Item::TrackMedium { track: key.clone(), medium };
    changes.extend(replace(medium(track.medium), medium(None)));
    changes.push(Change::Remove(Item::Track(key.clone())));
    edit(format!("remove track {}", session.track_name(key)), changes)
}

/// Codes a track from another medium; `None` is the session's first. Its marks stay where they are.
pub fn set_track_medium(session: &Session, key: &TrackKey, medium: Option<MediumId>) -> Result<Edit, Refusal> {
    let place = Place::of(session, key)?;
    let item = |medium| Item::TrackMedium { track: key.clone(), medium };
    edit(format!("choose the video of {}", place.name()), replace(item(place.track.medium), item(medium)))
}

/// Makes the channel of a track hold-to-code (down is the code, up is the end), or codes it by single presses again.
pub fn set_hold(session: &Session, key: &TrackKey, hold: bool) -> Result<Edit, Refusal> {
    let place = Place::of(session, key)?;
    if place.channel.kind != ChannelKind::State {
        return Err(Refusal::new(format!("{} has no states to hold", place.name())));
    }
    let mut scheme = session.scheme.clone();
    for channel in scheme.channels.iter_mut().filter(|channel| channel.track() == *key) {
        channel.hold = hold;
    }
    let how = if hold { "by holding the key" } else { "by single presses" };
    let item = |scheme: Scheme| Item::Scheme(Box::new(scheme));
    edit(format!("code {} {how}", place.name()), replace(item(session.scheme.clone()), item(scheme)))
}

/// Says what of a track has been looked at.
pub fn set_coded(session: &Session, key: &TrackKey, spans: SpanSet) -> Result<Edit, Refusal> {
    let place = stated(session, key)?;
    edit(
        format!("coded time of {}", place.name()),
        replace(coded(place.track, place.track.coded.clone()), coded(place.track, spans)),
    )
}

/// Coded to here: everything recorded from the end of the coded time before `time`, within the episode, has been looked at. Where none is before, from the start
/// of the episode, or of the recording.
pub fn code_to_here(session: &Session, key: &TrackKey, time: Instant) -> Result<Edit, Refusal> {
    let place = stated(session, key)?;
    let coded = place.track.coded_time(false);
    let whole = || session.recorded(place.track).and_then(|recorded| recorded.hull());
    let room = session.episode_at(time).map(|episode| episode.span).or_else(whole);
    let start = room.map_or(Instant::ZERO.min(time), Span::start);
    let before = coded.spans().iter().rev().find(|span| span.start() < time).map(|span| span.end());
    let from = before.map_or(start, |end| end.max(start));
    let added =
        Span::new(from, time).map_err(|_| Refusal::new(format!("{} is coded up to here already", place.name())))?;
    let added = session.uncoded(place.track, false, added);
    set_coded(session, key, place.track.coded.union(&added))
}

/// Moves one edge of the coded time: that of the stretch that holds `at`.
pub fn move_coded_edge(
    session: &Session,
    key: &TrackKey,
    at: Instant,
    edge: Edge,
    to: Instant,
) -> Result<Edit, Refusal> {
    let place = stated(session, key)?;
    let old = place.track.coded.span_at(at).ok_or_else(|| Refusal::new("there is no coded time here"))?;
    let new = match edge {
        Edge::Start => Span::new(to, old.end()),
        Edge::End => Span::new(old.start(), to),
    };
    let new = new.map_err(|_| Refusal::new("coded time must end after it starts"))?;
    let mut spans = place.track.coded.clone();
    spans.remove(old);
    spans.insert(new);
    set_coded(session, key, spans)
}

/// The track, if its coded time is something that is said and not the union of its marks.
fn stated<'a>(session: &'a Session, key: &TrackKey) -> Result<Place<'a>, Refusal> {
    let place = Place::of(session, key)?;
    if place.channel.exhaustive {
        return Err(Refusal::new(format!(
            "every moment of {} has a code: what has no mark is not coded",
            place.name()
        )));
    }
    Ok(place)
}

/// Changes one field of the session: its name, its note, the coder, the role, the name of a subject, the settings of the scores.
pub fn set_field(session: &Session, to: Field) -> Result<Edit, Refusal> {
    let (label, from) = match &to {
        Field::Name(_) => ("rename the session".to_owned(), Field::Name(session.name.clone())),
        Field::Coder(coder) => (format!("continue as {coder}"), Field::Coder(session.coder.clone())),
        Field::Role(_) => ("change the role".to_owned(), Field::Role(session.role)),
        Field::Note(_) => ("note to the session".to_owned(), Field::Note(session.note.clone())),
        Field::SubjectName { subject, .. } => {
            let name = session.subject_names.get(subject).cloned();
            (format!("rename {subject}"), Field::SubjectName { subject: subject.clone(), name })
        }
        Field::ScoreSettings(_) => {
            ("settings of the scores".to_owned(), Field::ScoreSettings(session.score_settings.clone()))
        }
    };
    edit(label, replace(Item::Field(from), Item::Field(to)))
}

/// The same recording for another coder: media, episodes, excluded time, scheme and tracks, without marks and coded time.
#[must_use]
pub fn for_another_coder(session: &Session, id: SessionId, coder: &str, role: Role) -> Session {
    let tracks = session.tracks.iter().map(|track| Track { coded: SpanSet::new(), marks: Vec::new(), ..track.clone() });
    Session { id, coder: coder.to_owned(), role, note: String::new(), tracks: tracks.collect(), ..session.clone() }
}

fn coded(track: &Track, spans: SpanSet) -> Item {
    Item::Coded { track: track.key.clone(), spans }
}
