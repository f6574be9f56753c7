//! What the mouse and the menus do to marks.

use span::{Instant, Span, counted};

use super::{Edge, Edit, Neighbour, Place, Refusal, Sketch};
use crate::{Certainty, ChannelKind, Ids, Mark, MarkId, Session, TrackKey, When};

/// What becomes of the time of deleted states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fill {
    /// It has no code.
    #[default]
    Gap,
    /// The state that touches it before goes on over it.
    Previous,
}

/// Draws a closed state over what is free of `span`; on an exclusive track it stops at the states around it.
pub fn draw_state(session: &Session, track: &TrackKey, code: &str, span: Span, mut ids: Ids) -> Result<Edit, Refusal> {
    let place = Place::of(session, track)?;
    place.code(code)?;
    if place.channel.kind != ChannelKind::State {
        return Err(Refusal::new(format!("{} has no states", place.name())));
    }
    let mark = Mark::new(MarkId(ids.take()), code, When::State { span, open: false });
    let mut free = span;
    if place.channel.exclusive {
        if let Some(there) = place.track.state_at(span.start()) {
            free = Span::new(there.when.end(), span.end()).map_err(|_| no_room(place))?;
        }
        let next = place.track.marks_within(free).next().map(Mark::start);
        free = Span::new(free.start(), next.map_or(free.end(), |next| next.min(free.end())))
            .map_err(|_| no_room(place))?;
    }
    let mut sketch = Sketch::of(place.track);
    let id = mark.id;
    sketch.put(mark.with_span(free, false));
    if place.channel.exclusive {
        sketch.merge(id);
    }
    sketch.into_edit(format!("draw {}", place.name_of(code)))
}

fn no_room(place: Place<'_>) -> Refusal {
    Refusal::new(format!("there is no room for another state of {} here", place.name()))
}

/// Moves one edge of a state. It stops at the neighbours; one that it touches follows or stays. A moved end is given: the state is open no more.
pub fn move_edge(
    session: &Session,
    id: MarkId,
    edge: Edge,
    to: Instant,
    neighbour: Neighbour,
) -> Result<Edit, Refusal> {
    let (place, mark) = Place::of_mark(session, id)?;
    let span = mark.span().ok_or_else(|| Refusal::new("a point has no edges"))?;
    let (before, after) = place.neighbours(mark);
    let (beside, touches) = match edge {
        Edge::Start => (before, before.is_some_and(|other| other.when.end() == span.start())),
        Edge::End => (after, after.is_some_and(|other| other.start() == span.end())),
    };
    let beside = beside.and_then(|other| Some((other, other.span()?)));
    let follower = beside.filter(|_| touches && place.channel.exclusive && neighbour == Neighbour::Follows);
    let to = match (edge, beside, follower) {
        (_, None, _) | (_, _, Some(_)) => to,
        (Edge::Start, Some((_, other)), None) => to.max(other.end()),
        (Edge::End, Some((_, other)), None) => to.min(other.start()),
    };
    let too_short = |_| Refusal::new("a state must end after it starts");
    let mut sketch = Sketch::of(place.track);
    match edge {
        Edge::Start => sketch.put(mark.with_span(Span::new(to, span.end()).map_err(too_short)?, mark.is_open())),
        Edge::End => sketch.put(mark.with_span(Span::new(span.start(), to).map_err(too_short)?, false)),
    }
    if let Some((other, whole)) = follower {
        let rest = match edge {
            Edge::Start => Span::new(whole.start(), to),
            Edge::End => Span::new(to, whole.end()),
        };
        let gone = |_| Refusal::new("its neighbour would vanish: delete that first, or drag with Shift");
        sketch.put(other.with_span(rest.map_err(gone)?, other.is_open()));
    }
    sketch.into_edit(format!("move an edge of {}", place.name_of(&mark.code)))
}

/// Moves a state to another stretch of time. It stops at the neighbours without changing its length, where there is room between them.
pub fn move_state(session: &Session, id: MarkId, to: Span) -> Result<Edit, Refusal> {
    let (place, mark) = Place::of_mark(session, id)?;
    mark.span().ok_or_else(|| Refusal::new("a point is moved to a moment"))?;
    let (before, after) = place.neighbours(mark);
    let first = before.map(|other| other.when.end());
    let last = after.map(Mark::start);
    let mut moved = to;
    if let Some(last) = last.filter(|last| *last < moved.end()) {
        moved = moved.shifted(last - moved.end());
    }
    if let Some(first) = first.filter(|first| moved.start() < *first) {
        moved = moved.shifted(first - moved.start());
    }
    if last.is_some_and(|last| last < moved.end()) {
        return Err(no_room(place));
    }
    if Some(moved) == mark.span() && moved != to {
        return Err(Refusal::new("its neighbours leave it no room to move"));
    }
    let mut sketch = Sketch::of(place.track);
    sketch.put(mark.with_span(moved, mark.is_open()));
    sketch.into_edit(format!("move {}", place.name_of(&mark.code)))
}

/// Moves a point to another moment.
pub fn move_point(session: &Session, id: MarkId, to: Instant) -> Result<Edit, Refusal> {
    let (place, mark) = Place::of_mark(session, id)?;
    if mark.span().is_some() {
        return Err(Refusal::new("a state is moved to a stretch of time"));
    }
    let mut sketch = Sketch::of(place.track);
    sketch.put(Mark { when: When::Point(to), ..mark.clone() });
    sketch.into_edit(format!("move {}", place.name_of(&mark.code)))
}

/// Cuts a state in two at a moment inside it. The first part keeps the id and the note.
pub fn split_mark(session: &Session, id: MarkId, at: Instant, mut ids: Ids) -> Result<Edit, Refusal> {
    let (place, mark) = Place::of_mark(session, id)?;
    let parts = mark.span().and_then(|span| span.split_at(at));
    let (first, second) =
        parts.ok_or_else(|| Refusal::new("a state is split inside it: move to a frame between its edges"))?;
    let mut sketch = Sketch::of(place.track);
    sketch.put(mark.with_span(first, false));
    sketch.put(Mark { id: MarkId(ids.take()), note: String::new(), ..mark.with_span(second, mark.is_open()) });
    sketch.into_edit(format!("split {}", place.name_of(&mark.code)))
}

/// Gives marks of one track another code. States of an exclusive track that then say the same as one they touch are joined with it.
pub fn change_code(session: &Session, marks: &[MarkId], code: &str) -> Result<Edit, Refusal> {
    let (place, _) = first_of(session, marks)?;
    place.code(code)?;
    let mut sketch = Sketch::of(place.track);
    for id in marks {
        let mark = place
            .track
            .mark(*id)
            .ok_or_else(|| Refusal::new("the marks are on several tracks: change those of one at a time"))?;
        sketch.put(Mark { code: code.to_owned(), ..mark.clone() });
    }
    if place.channel.exclusive {
        for id in marks {
            sketch.merge(*id);
        }
    }
    sketch.into_edit(format!("change to {}", place.name_of(code)))
}

/// Deletes marks, on any tracks.
pub fn delete_marks(session: &Session, marks: &[MarkId], fill: Fill) -> Result<Edit, Refusal> {
    let (first, mark) = first_of(session, marks)?;
    let label = match marks {
        [_] => format!("delete {}", first.name_of(&mark.code)),
        _ => format!("delete {}", counted(marks.len(), "mark")),
    };
    let mut changes = Vec::new();
    for track in &session.tracks {
        let mut here: Vec<&Mark> = track.marks.iter().filter(|mark| marks.contains(&mark.id)).collect();
        here.sort_by_key(|mark| mark.start());
        let mut sketch = Sketch::of(track);
        for mark in here {
            sketch.take(mark.id);
            let exclusive = session.scheme.channel(&track.key).is_some_and(|channel| channel.exclusive);
            if let Some(span) = mark.span().filter(|_| exclusive && fill == Fill::Previous)
                && let Some(before) =
                    sketch.find(span.start(), |before| before.when.end() == span.start() && before.span().is_some())
            {
                let longer = before.span().map_or(span, |before| before.hull(span));
                sketch.put(before.with_span(longer, mark.is_open()));
                sketch.merge(before.id);
            }
        }
        changes.extend(sketch.into_changes());
    }
    super::edit(label, changes)
}

/// Writes a note to a mark.
pub fn set_note(session: &Session, id: MarkId, note: &str) -> Result<Edit, Refusal> {
    let (place, mark) = Place::of_mark(session, id)?;
    let mut sketch = Sketch::of(place.track);
    sketch.put(Mark { note: note.to_owned(), ..mark.clone() });
    sketch.into_edit(format!("note to {}", place.name_of(&mark.code)))
}

/// Says how sure the coder is of marks of one track.
pub fn set_certainty(session: &Session, marks: &[MarkId], certainty: Certainty) -> Result<Edit, Refusal> {
    let (place, mark) = first_of(session, marks)?;
    let mut sketch = Sketch::of(place.track);
    for mark in marks.iter().filter_map(|id| place.track.mark(*id)) {
        sketch.put(Mark { certainty, ..mark.clone() });
    }
    let word = match certainty {
        Certainty::Certain => "certain",
        Certainty::Uncertain => "uncertain",
    };
    sketch.into_edit(format!("mark {} as {word}", place.name_of(&mark.code)))
}

fn first_of<'a>(session: &'a Session, marks: &[MarkId]) -> Result<(Place<'a>, &'a Mark), Refusal> {
    marks.first().ok_or_else(|| Refusal::new("nothing is selected")).and_then(|id| Place::of_mark(session, *id))
}
