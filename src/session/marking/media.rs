//! Videos and sounds, and where they lie on the session's clock.

use span::{Instant, Length, Span, SpanSet};

use super::{Edit, Refusal, edit, replace};
use crate::{Change, Item, Mark, Medium, MediumId, Rate, Session, Track, When};

/// What becomes of the marks coded from a medium that is moved on the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Marks {
    /// They stay on their frames, and move with it.
    #[default]
    Move,
    /// They stay where they are on the session's clock.
    Keep,
}

/// Adds a medium behind the others; its id must be new.
pub fn add_medium(session: &Session, medium: Medium) -> Result<Edit, Refusal> {
    let label = format!("add {}", medium.name());
    edit(label, vec![Change::Insert(Item::Medium { index: session.media.len(), medium })])
}

/// Removes a medium that no mark is coded from.
pub fn remove_medium(session: &Session, id: MediumId) -> Result<Edit, Refusal> {
    let (index, medium) = find(session, id)?;
    match n_marks_coded_from(session, id) {
        0 => {}
        n => {
            return Err(Refusal::new(format!(
                "{} has {} coded from it: delete what is coded or choose another video for its tracks",
                medium.name(),
                span::counted(n, "mark")
            )));
        }
    }
    let track_medium = |track: &Track, medium| Item::TrackMedium { track: track.key.clone(), medium };
    let tracks = session.tracks.iter().filter(|track| track.medium == Some(id));
    let mut changes: Vec<Change> =
        tracks.flat_map(|track| replace(track_medium(track, Some(id)), track_medium(track, None))).collect();
    changes.push(Change::Remove(Item::Medium { index, medium: medium.clone() }));
    edit(format!("remove {}", medium.name()), changes)
}

/// Says something else of a medium: where its file is now, what it is called.
pub fn change_medium(session: &Session, to: Medium) -> Result<Edit, Refusal> {
    let (index, from) = find(session, to.id)?;
    let label = format!("change {}", from.name());
    edit(label, replace(Item::Medium { index, medium: from.clone() }, Item::Medium { index, medium: to }))
}

/// How many marks stand on frames of this medium: what a dialog says before it is moved.
#[must_use]
pub fn n_marks_coded_from(session: &Session, id: MediumId) -> usize {
    tracks_of(session, id).map(|track| marks_from(session, track, id).count()).sum()
}

/// Gives a medium another place on the session's clock; the marks coded from it, and their tracks' coded time, move with it or stay.
pub fn place_medium(
    session: &Session,
    id: MediumId,
    offset: Length,
    rate: Rate,
    marks: Marks,
) -> Result<Edit, Refusal> {
    let (index, from) = find(session, id)?;
    let to = Medium { offset, rate, ..from.clone() };
    let mut changes = replace(Item::Medium { index, medium: from.clone() }, Item::Medium { index, medium: to.clone() });
    if marks == Marks::Move && !changes.is_empty() {
        let moved = |time: Instant| to.session_time(from.medium_time(time));
        for track in tracks_of(session, id) {
            changes.extend(moved_track(session, track, id, moved)?);
        }
    }
    edit(format!("move {} on the clock", from.name()), changes)
}

/// Moves what is coded from this medium; what is coded from another clip stays.
fn moved_track(
    session: &Session,
    track: &Track,
    id: MediumId,
    moved: impl Fn(Instant) -> Instant,
) -> Result<Vec<Change>, Refusal> {
    let span = |span: Span| {
        Span::new(moved(span.start()), moved(span.end()))
            .map_err(|_| Refusal::new("at this rate a mark would have no length"))
    };
    let mut changes = Vec::new();
    for mark in marks_from(session, track, id) {
        let when = match mark.when {
            When::Point(at) => When::Point(moved(at)),
            When::State { span: old, open } => When::State { span: span(old)?, open },
        };
        let item = |mark: Mark| Item::Mark { track: track.key.clone(), mark };
        changes.extend(replace(item(mark.clone()), item(Mark { when, ..mark.clone() })));
    }
    let coded = |spans| Item::Coded { track: track.key.clone(), spans };
    let of_clip = session.clips_of(track).len() > 1;
    let clip = session.medium(id).and_then(Medium::span).filter(|_| of_clip);
    let goes = clip.map_or_else(|| track.coded.clone(), |clip| track.coded.intersection(&clip.into()));
    let gone = goes.spans().iter().map(|old| span(*old)).collect::<Result<SpanSet, _>>()?;
    changes.extend(replace(coded(track.coded.clone()), coded(track.coded.difference(&goes).union(&gone))));
    Ok(changes)
}

/// The marks of a track that stand on this medium's frames.
fn marks_from<'a>(session: &'a Session, track: &'a Track, id: MediumId) -> impl Iterator<Item = &'a Mark> {
    let is_from = move |mark: &&Mark| session.medium_at(track, mark.start()).is_some_and(|medium| medium.id == id);
    track.marks.iter().filter(is_from)
}

/// The tracks that are coded from this medium, or from clips of which it is one.
fn tracks_of(session: &Session, id: MediumId) -> impl Iterator<Item = &Track> {
    session.tracks.iter().filter(move |track| session.clips_of(track).iter().any(|medium| medium.id == id))
}

fn find(session: &Session, id: MediumId) -> Result<(usize, &Medium), Refusal> {
    let found = session.media.iter().enumerate().find(|(_, medium)| medium.id == id);
    found.ok_or_else(|| Refusal::new(format!("medium {id} is not there any more")))
}
