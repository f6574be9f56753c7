//! Videos and sounds, and where they lie on the session's clock.

use span::{Instant, Length, Span, SpanSet};

use super::{Edit, Refusal, edit, replace};
use crate::clips::TOUCH;
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

/// Removes a medium that no mark is coded from. What its tracks say has been looked at of it goes with it; tracks are coded from a clip
/// before or behind it, where there is one, and the clip behind it goes on with the one before.
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
    let mut changes = Vec::new();
    let clips = session.clips_with(id);
    let another_clip = clips.iter().map(|clip| clip.id).find(|clip| *clip != id);
    for track in tracks_of(session, id) {
        let coded = |spans| Item::Coded { track: track.key.clone(), spans };
        let rest = track.coded.difference(&coded_on(session, track, medium));
        changes.extend(replace(coded(track.coded.clone()), coded(rest)));
        if session.medium_of(track).is_some_and(|medium| medium.id == id) {
            let from = |medium| Item::TrackMedium { track: track.key.clone(), medium };
            changes.extend(replace(from(track.medium), from(another_clip)));
        }
    }
    let behind = clips.iter().skip_while(|clip| clip.id != id).nth(1).map(|next| find(session, next.id));
    if let Some((index, next)) = behind.transpose()? {
        let to = Medium { follows: session.clip_before(id).map(|before| before.id), ..next.clone() };
        changes.extend(replace(Item::Medium { index, medium: next.clone() }, Item::Medium { index, medium: to }));
    }
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

/// Gives a medium another place on the session's clock; the clips behind it keep their distance from it. The marks coded from what moves,
/// and their tracks' coded time, move with it or stay.
pub fn place_medium(
    session: &Session,
    id: MediumId,
    offset: Length,
    rate: Rate,
    marks: Marks,
) -> Result<Edit, Refusal> {
    let (_, from) = find(session, id)?;
    let moves = (offset, rate) != (from.offset, from.rate);
    let follows = if moves { session.clip_before(id).map(|before| before.id) } else { from.follows };
    lay_medium(session, Medium { follows, offset, rate, ..from.clone() }, marks)
}

/// The same, and says which medium it goes on with.
pub(super) fn lay_medium(session: &Session, to: Medium, marks: Marks) -> Result<Edit, Refusal> {
    let (_, from) = find(session, to.id)?;
    check_order(session, &to)?;
    let laid = laid(session, from, to);
    let item = |index: usize, medium: &Medium| Item::Medium { index, medium: medium.clone() };
    let mut changes: Vec<Change> =
        laid.iter().flat_map(|laid| replace(item(laid.index, laid.from), item(laid.index, &laid.to))).collect();
    if marks == Marks::Move {
        for track in tracks_of(session, from.id) {
            changes.extend(moved_track(session, track, &laid)?);
        }
    }
    let name = from.name();
    let label = match laid.len() - 1 {
        0 => format!("move {name} on the clock"),
        n => format!("move {name} and {} behind it on the clock", span::counted(n, "clip")),
    };
    edit(label, changes)
}

/// A medium that moves, and where to.
struct Laid<'a> {
    index: usize,
    from: &'a Medium,
    to: Medium,
}

/// A medium where it is to lie, and the clips behind it: they move as its end does.
fn laid<'a>(session: &'a Session, from: &'a Medium, to: Medium) -> Vec<Laid<'a>> {
    let by = match (from.span(), to.span()) {
        (Some(before), Some(after)) => after.end() - before.end(),
        _ => to.offset - from.offset,
    };
    let behind = session.clips_with(from.id).into_iter().skip_while(|clip| clip.id != from.id).skip(1);
    let behind = behind.map(|clip| (clip, Medium { offset: clip.offset + by, ..clip.clone() }));
    let all = std::iter::once((from, to)).chain(behind);
    let place = |id| session.media.iter().position(|medium| medium.id == id);
    all.filter_map(|(from, to)| Some(Laid { index: place(from.id)?, from, to })).collect()
}

/// A clip begins when the one before it is over.
fn check_order(session: &Session, to: &Medium) -> Result<(), Refusal> {
    let Some(before) = to.follows.and_then(|id| session.medium(id)) else { return Ok(()) };
    let begins = to.session_time(Instant::ZERO);
    match before.span().map(Span::end).filter(|end| *end - begins > TOUCH) {
        None if begins > before.session_time(Instant::ZERO) => Ok(()),
        None => Err(Refusal::new(format!("{} goes on with {}: it begins later", to.name(), before.name()))),
        Some(end) => Err(Refusal::new(format!(
            "{} goes on with {}, and would begin {} s before that ends: it begins at {} s or later",
            to.name(),
            before.name(),
            (end - begins).to_secs_text(),
            end.to_secs_text()
        ))),
    }
}

/// Moves what is coded from these media, each end of a mark with the clip whose frame it stands on; what is coded from other clips stays.
fn moved_track(session: &Session, track: &Track, laid: &[Laid<'_>]) -> Result<Vec<Change>, Refusal> {
    let moved = |time: Instant, on: Instant| {
        let medium = session.medium_at(track, on);
        let laid = laid.iter().find(|laid| medium.is_some_and(|medium| medium.id == laid.from.id));
        laid.map_or(time, |laid| laid.to.session_time(laid.from.medium_time(time)))
    };
    let mut changes = Vec::new();
    for mark in &track.marks {
        let when = match mark.when {
            When::Point(at) => When::Point(moved(at, at)),
            When::State { span, open } => {
                let (start, end) = (span.start(), span.end());
                let ends = moved(end, end - Length::MICROSECOND); // on the clip that it was on until then
                let span = Span::new(moved(start, start), ends).map_err(|_| without_length(session, track))?;
                When::State { span, open }
            }
        };
        let item = |mark: Mark| Item::Mark { track: track.key.clone(), mark };
        changes.extend(replace(item(mark.clone()), item(Mark { when, ..mark.clone() })));
    }
    let coded = |spans| Item::Coded { track: track.key.clone(), spans };
    let (mut stays, mut goes) = (track.coded.clone(), SpanSet::new());
    for Laid { from, to, .. } in laid {
        let own = coded_on(session, track, from);
        let time = |time: Instant| to.session_time(from.medium_time(time));
        let spans = own.spans().iter().map(|span| Span::new(time(span.start()), time(span.end())));
        goes = goes.union(&spans.collect::<Result<_, _>>().map_err(|_| without_length(session, track))?);
        stays = stays.difference(&own);
    }
    changes.extend(replace(coded(track.coded.clone()), coded(stays.union(&goes))));
    Ok(changes)
}

fn without_length(session: &Session, track: &Track) -> Refusal {
    Refusal::new(format!("so a mark of {} would have no length", session.track_name(&track.key)))
}

/// The part of a track's coded time that is of this medium: all of it, where the track is coded from no other clip.
fn coded_on(session: &Session, track: &Track, medium: &Medium) -> SpanSet {
    let is_alone = session.clips_of(track).len() < 2;
    let clip = medium.span().filter(|_| !is_alone);
    clip.map_or_else(|| track.coded.clone(), |clip| track.coded.intersection(&clip.into()))
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
    found.ok_or_else(|| Refusal::new("this video is not in the session any more"))
}
