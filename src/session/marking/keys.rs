//! What the keys of codes mean.

use span::{Instant, Length, Span};

use super::{Edit, Place, Refusal, Sketch};
use crate::{ChannelKind, Extra, How, Ids, Mark, MarkId, Session, TrackKey, When};

/// A key that codes went down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// The armed track.
    pub track: TrackKey,
    /// The key of a code of its channel.
    pub code: String,
    /// From the moment that the act counts from to the end of the frame on screen (the start of the next).
    pub seen: Span,
    /// How it was made.
    pub how: How,
}

/// What the picture did when a key went down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// It stood still, or was stepped.
    Still,
    /// It played, at so many percent of real time; in reverse below zero.
    Playing {
        /// Percent of real time.
        speed_percent: i32,
    },
}

impl Press {
    /// A press while the frame `shown` was on screen.
    ///
    /// Reaction time is subtracted only while playing forward: `reaction` times the speed, then back to the start of the frame that is on screen there,
    /// which `frame_start` knows.
    #[must_use]
    pub fn new(
        track: TrackKey,
        code: impl Into<String>,
        shown: Span,
        motion: Motion,
        reaction: Length,
        frame_start: impl Fn(Instant) -> Instant,
    ) -> Self {
        let (start, how) = match motion {
            Motion::Still => (shown.start(), How::Stepped),
            Motion::Playing { speed_percent } => {
                let reaction = if speed_percent > 0 { reaction.abs() } else { Length::ZERO };
                let passed = Length::from_micros(reaction.micros() * i64::from(speed_percent) / 100);
                let start = if passed.is_zero() {
                    shown.start()
                } else {
                    frame_start(shown.start() - passed).min(shown.start())
                };
                let extra = Extra::new();
                (start, How::Playing { speed_percent, reaction_us: reaction, stamp_us: shown.start(), extra })
            }
        };
        let seen = Span::new(start, shown.end()).unwrap_or(shown);
        Self { track, code: code.into(), seen, how }
    }

    fn time(&self) -> Instant {
        self.seen.start()
    }

    fn mark(&self, id: MarkId, span: Span, open: bool) -> Mark {
        Mark { how: Some(self.how.clone()), ..Mark::new(id, &self.code, When::State { span, open }) }
    }
}

/// A code key goes down. On an exclusive track: from here on it is this code, until the next boundary. On any other track of states it toggles its own code;
/// on a track of points it drops one.
pub fn press_code(session: &Session, press: &Press, mut ids: Ids) -> Result<Edit, Refusal> {
    let place = Place::of(session, &press.track)?;
    place.code(&press.code)?;
    match (place.channel.kind, place.channel.exclusive) {
        (ChannelKind::Trace, _) => Err(Refusal::new(format!("{} takes ratings, not codes", place.name()))),
        (ChannelKind::Point, _) => drop_point(place, press, &mut ids),
        (ChannelKind::State, true) => code_exclusive(session, place, press, &mut ids),
        (ChannelKind::State, false) => toggle(session, place, press, &mut ids),
    }
}

fn code_exclusive(session: &Session, place: Place<'_>, press: &Press, ids: &mut Ids) -> Result<Edit, Refusal> {
    let mut sketch = Sketch::of(place.track);
    let time = press.time();
    let id = match place.track.state_at(time) {
        Some(there) if there.code == press.code => return Err(is_there_already(place, there)),
        Some(there) if there.start() == time => {
            sketch.put(Mark { code: press.code.clone(), how: Some(press.how.clone()), ..there.clone() });
            there.id
        }
        Some(there) => {
            let (before, from_here) = there
                .span()
                .and_then(|span| span.split_at(time))
                .ok_or_else(|| Refusal::new("there is no state here"))?;
            let id = MarkId(ids.take());
            sketch.put(there.with_span(before, false));
            sketch.put(press.mark(id, from_here, there.is_open()));
            id
        }
        None => {
            let id = MarkId(ids.take());
            sketch.close_open(id);
            sketch.put(opened(session, place, press, id));
            id
        }
    };
    sketch.merge(id);
    sketch.into_edit(format!("code {}", place.name_of(&press.code)))
}

/// A state that begins here, over what has been seen of it, up to what it may not grow beyond.
fn opened(session: &Session, place: Place<'_>, press: &Press, id: MarkId) -> Mark {
    let limit = session.limit_after(place.track, press.time(), &press.code);
    let limited = limit.filter(|limit| *limit <= press.seen.end());
    let end = limited.unwrap_or(press.seen.end());
    press.mark(id, Span::new(press.time(), end).unwrap_or(press.seen), limited.is_none())
}

fn is_there_already(place: Place<'_>, there: &Mark) -> Refusal {
    let code = place.channel.code(&there.code).map_or(there.code.as_str(), |code| code.label.as_str());
    Refusal::new(format!("{} is '{code}' here already", place.name()))
}

fn toggle(session: &Session, place: Place<'_>, press: &Press, ids: &mut Ids) -> Result<Edit, Refusal> {
    let mut sketch = Sketch::of(place.track);
    let time = press.time();
    let own = || place.track.marks.iter().filter(|mark| mark.code == press.code);
    if let Some(there) = own().rev().find(|mark| mark.span().is_some_and(|span| span.contains(time))) {
        end_at(&mut sketch, there, time);
        return sketch.into_edit(format!("end {}", place.name_of(&press.code)));
    }
    for open in own().filter(|mark| mark.is_open()) {
        sketch.put(open.span().map_or_else(|| open.clone(), |span| open.with_span(span, false)));
    }
    let mut begun = opened(session, place, press, MarkId(ids.take()));
    // The state that ended just here goes on.
    if let Some(before) = own()
        .find(|mark| mark.when.end() == time && mark.span().is_some())
        .filter(|mark| super::says_the_same(mark, &begun))
    {
        let span = before.span().zip(begun.span()).map_or(press.seen, |(before, now)| before.hull(now));
        begun = before.with_span(span, begun.is_open());
    }
    sketch.put(begun);
    sketch.into_edit(format!("code {}", place.name_of(&press.code)))
}

fn drop_point(place: Place<'_>, press: &Press, ids: &mut Ids) -> Result<Edit, Refusal> {
    let time = press.time();
    let mut here = place.track.marks_within(press.seen).filter(|mark| mark.start() == time);
    if let Some(there) = here.find(|mark| mark.code == press.code) {
        return Err(is_there_already(place, there));
    }
    let mark = Mark { how: Some(press.how.clone()), ..Mark::new(MarkId(ids.take()), &press.code, When::Point(time)) };
    let mut sketch = Sketch::of(place.track);
    sketch.put(mark);
    sketch.into_edit(format!("code {}", place.name_of(&press.code)))
}

/// The end key: the state at `time` ends there, before the frame on screen, and leaves a gap. Where there is none, the open state gets the end that it has.
pub fn end_state(session: &Session, track: &TrackKey, time: Instant) -> Result<Edit, Refusal> {
    let place = Place::of(session, track)?;
    let mut sketch = Sketch::of(place.track);
    let open_before = || place.track.open_state().filter(|open| open.when.end() <= time);
    let Some(ended) = place.track.state_at(time).or_else(open_before) else {
        return Err(Refusal::new(format!("{} has no state to end here", place.name())));
    };
    end_at(&mut sketch, ended, time);
    sketch.into_edit(format!("end {}", place.name_of(&ended.code)))
}

/// Ends a state at `time` at the latest, and closes it; one that would have no time left is gone.
fn end_at(sketch: &mut Sketch<'_>, mark: &Mark, time: Instant) {
    match mark.span().map(|span| Span::new(span.start(), span.end().min(time))) {
        Some(Ok(rest)) => sketch.put(mark.with_span(rest, false)),
        _ => sketch.take(mark.id),
    }
}

/// A key that went down at `press` codes up to `to` whatever was there: the step under way of overwrite mode.
///
/// A function of the session as it was before the run, for [`crate::Document::revise`]: called with the end of each frame shown while playing forward, each
/// time the edit is whole, and finishing it is one step. What lies behind `to` stays; in a gap the state is open, and grows like any other after the run.
pub fn overwrite(before: &Session, press: &Press, to: Instant, mut ids: Ids) -> Result<Edit, Refusal> {
    let place = exclusive(before, press)?;
    let mut sketch = Sketch::of(place.track);
    let span = reach(before, place, press, to.max(press.seen.end()));
    let behind = place.track.state_at(span.end()).is_some();
    let id = paint(&mut sketch, press, span, &mut ids);
    let at_limit = end_of_room(before, place, press.time()).is_some_and(|end| end <= span.end());
    if !behind && !at_limit {
        sketch.close_open(id);
        if let Some(mark) = sketch.now(id).cloned() {
            sketch.put(mark.with_span(mark.span().unwrap_or(span), true));
        }
    }
    sketch.merge(id);
    Ok(sketch.into_step(format!("overwrite with {}", place.name_of(&press.code))))
}

/// A key of a channel that is coded while its key is held: it went down at `press`, and the frame `shown` is on screen now, while it is down or when it goes `up`.
///
/// A function of the session as it was before the key went down, for [`crate::Document::revise`]. Down, the code covers the frame on screen; up, it ends before
/// it. A press shorter than a frame is one frame. Behind it nothing of the code before is left, except on an exhaustive track, which goes back to it.
pub fn hold(before: &Session, press: &Press, shown: Span, up: bool, mut ids: Ids) -> Result<Edit, Refusal> {
    let place = Place::of(before, &press.track)?;
    place.code(&press.code)?;
    if place.channel.kind != ChannelKind::State {
        return Err(Refusal::new(format!("{} has no states to hold", place.name())));
    }
    let to = if up && shown.start() > press.time() { shown.start() } else { shown.end().max(press.seen.end()) };
    let mut span = reach(before, place, press, to);
    let mut sketch = Sketch::of(place.track);
    let label = format!("code {}", place.name_of(&press.code));
    if !place.channel.exclusive {
        let limit = before.limit_after(place.track, press.time(), &press.code);
        span = limit.and_then(|limit| Span::new(span.start(), limit.min(span.end())).ok()).unwrap_or(span);
        let own = place.track.marks_within(span).find(|mark| mark.code == press.code && mark.start() <= span.start());
        let held = own.and_then(|own| Some(own.with_span(own.span()?.hull(span), own.is_open())));
        sketch.put(held.unwrap_or_else(|| press.mark(MarkId(ids.take()), span, false)));
        return Ok(sketch.into_step(label));
    }
    let code_before = place.track.state_at(press.time()).filter(|mark| mark.code != press.code);
    let id = paint(&mut sketch, press, span, &mut ids);
    if let Some(code_before) = code_before.filter(|_| up) {
        match Span::new(span.end(), code_before.when.end()) {
            Err(_) if place.channel.exhaustive && code_before.is_open() => {
                resume(before, place, &mut sketch, code_before, span, shown, &mut ids);
            }
            Ok(rest) if !place.channel.exhaustive => {
                let left = sketch.find(rest.start(), |mark| mark.start() == rest.start());
                if let Some(left) = left {
                    sketch.take(left.id);
                }
            }
            _ => {}
        }
    }
    sketch.merge(id);
    Ok(sketch.into_step(label))
}

/// The code before goes on, open, from where the held one ends.
fn resume(
    before: &Session,
    place: Place<'_>,
    sketch: &mut Sketch<'_>,
    code: &Mark,
    held: Span,
    shown: Span,
    ids: &mut Ids,
) {
    let from = held.end();
    let frame = shown.length();
    let limit = end_of_room(before, place, held.start());
    let next = place.track.next_after(held.start()).map(Mark::start).filter(|start| *start >= from);
    let limit = limit.into_iter().chain(next).min();
    let to = shown.end().max(from + frame);
    let end = limit.map_or(to, |limit| limit.min(to));
    if let Ok(span) = Span::new(from, end) {
        let open = limit.is_none_or(|limit| end < limit);
        sketch.put(Mark { id: MarkId(ids.take()), ..code.with_span(span, open) });
    }
}

fn exclusive<'a>(session: &'a Session, press: &Press) -> Result<Place<'a>, Refusal> {
    let place = Place::of(session, &press.track)?;
    place.code(&press.code)?;
    if place.channel.exclusive && place.channel.kind == ChannelKind::State {
        Ok(place)
    } else {
        Err(Refusal::new(format!("{} can hold several codes at once: there is nothing to overwrite", place.name())))
    }
}

/// From the press to `to`, or to the end of the episode or of the recording if that is earlier.
fn reach(session: &Session, place: Place<'_>, press: &Press, to: Instant) -> Span {
    let end = end_of_room(session, place, press.time()).map_or(to, |end| end.min(to));
    Span::new(press.time(), end).unwrap_or(press.seen)
}

/// The end of the episode or of the recording that `time` lies in.
fn end_of_room(session: &Session, place: Place<'_>, time: Instant) -> Option<Instant> {
    let episode = session.episode_at(time).map(|episode| episode.span.end());
    let recorded = session.recorded(place.track).and_then(|recorded| recorded.span_at(time)).map(Span::end);
    episode.into_iter().chain(recorded).min()
}

/// Gives the time of `span` to the code; a state of it that is there already is kept and grows.
fn paint(sketch: &mut Sketch<'_>, press: &Press, span: Span, ids: &mut Ids) -> MarkId {
    let mark = match sketch.track.state_at(span.start()).filter(|mark| mark.code == press.code) {
        Some(there) => there.with_span(there.span().map_or(span, |own| own.hull(span)), there.is_open()),
        None => press.mark(MarkId(ids.take()), span, false),
    };
    let id = mark.id;
    sketch.clear(span, Some(id), ids);
    sketch.put(mark);
    id
}
