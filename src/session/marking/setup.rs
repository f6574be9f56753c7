//! What a session is of, said anew: its name, its subjects, its media and which of them each track is coded from.

use span::counted;

use super::media::lay_medium;
use super::{
    Edit, Marks, Refusal, change_medium, edit, n_marks_coded_from, place_medium, remove_medium, set_field,
    set_track_medium,
};
use crate::{Change, Field, Medium, MediumId, Session, TrackKey};

/// What a dialog about the whole session shows, and gives back.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// Fields of the session; those that are left out stay as they are.
    pub fields: Vec<Field>,
    /// Media, each with the label, offset and rate that it is to have, and the one that it goes on with; those that are left out stay as they are.
    pub media: Vec<Medium>,
    /// Media that are no longer of the session.
    pub removed: Vec<MediumId>,
    /// The medium that each track is coded from; tracks that are left out stay as they are.
    pub coded_from: Vec<(TrackKey, MediumId)>,
}

impl Setup {
    /// The media and tracks as they are, and no field. Where a medium begins where another ends, it goes on with that.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        let from = |track| Some((session.medium_of(track)?.id, track)).map(|(id, track)| (track.key.clone(), id));
        Self {
            fields: Vec::new(),
            media: session.media.iter().map(|medium| as_clip(session, medium)).collect(),
            removed: Vec::new(),
            coded_from: session.tracks.iter().filter_map(from).collect(),
        }
    }
}

/// Says all of it in one step: first the fields and the tracks' media, then which media are gone, then where the others lie; marks move with
/// the medium that they are then coded from, or stay. A clip of which nothing else is said moves with the one before it.
pub fn set_up(session: &Session, setup: &Setup, marks: Marks) -> Result<Edit, Refusal> {
    let mut draft = Draft { session: session.clone(), changes: Vec::new(), labels: Vec::new() };
    for field in &setup.fields {
        draft.take(|session| set_field(session, field.clone()))?;
    }
    for (key, medium) in &setup.coded_from {
        let is_so = |session: &Session| {
            session.track(key).and_then(|track| session.medium_of(track)).is_some_and(|known| known.id == *medium)
        };
        if !is_so(&draft.session) {
            draft.take(|session| set_track_medium(session, key, Some(*medium)))?;
        }
    }
    for id in &setup.removed {
        draft.take(|session| remove_medium(session, *id))?;
    }
    let stay = setup.media.iter().filter(|to| !setup.removed.contains(&to.id));
    let known = stay.map(|to| Some((as_clip(session, session.medium(to.id)?), to))).collect::<Option<Vec<_>>>();
    let mut known = known.ok_or_else(|| Refusal::new("a video is not in the session any more"))?;
    known.sort_by_key(|(known, _)| known.offset); // a clip after the one that it goes on with
    for (known, to) in known {
        draft.take(|session| lay_anew(session, &known, to, marks))?;
        draft.take(|session| {
            let now = session.medium(to.id).unwrap_or(to);
            change_medium(session, Medium { label: to.label.clone(), ..now.clone() })
        })?;
    }
    let label = match draft.labels.as_slice() {
        [one] => one.clone(),
        _ => "change the session".to_owned(),
    };
    edit(label, draft.changes)
}

/// The medium with the clip that it goes on with, be that stated or to be seen.
fn as_clip(session: &Session, medium: &Medium) -> Medium {
    Medium { follows: session.clip_before(medium.id).map(|before| before.id), ..medium.clone() }
}

/// What was said of a medium's place, where that is not what was known of it.
fn lay_anew(session: &Session, known: &Medium, to: &Medium, marks: Marks) -> Result<Edit, Refusal> {
    let place = |medium: &Medium| (medium.offset, medium.rate);
    let now = session.medium(to.id).unwrap_or(known);
    let (offset, rate) = if place(to) == place(known) { place(now) } else { place(to) };
    let is_let_go = known.follows.is_some() && to.follows.is_none();
    if is_let_go && n_marks_coded_from(session, to.id) > 0 {
        return Err(Refusal::new(format!(
            "{} has {} coded from it as a clip: it goes on with the one before it",
            to.name(),
            counted(n_marks_coded_from(session, to.id), "mark")
        )));
    }
    if to.follows == known.follows {
        return place_medium(session, to.id, offset, rate, marks);
    }
    lay_medium(session, Medium { follows: to.follows, offset, rate, ..now.clone() }, marks)
}

/// The session as the steps so far leave it.
struct Draft {
    session: Session,
    changes: Vec<Change>,
    labels: Vec<String>,
}

impl Draft {
    /// One step more; a step that changes nothing is none.
    fn take(&mut self, step: impl FnOnce(&Session) -> Result<Edit, Refusal>) -> Result<(), Refusal> {
        match step(&self.session) {
            Ok(edit) => {
                edit.apply_to(&mut self.session)?;
                self.changes.extend(edit.changes);
                self.labels.push(edit.label);
                Ok(())
            }
            Err(refusal) if refusal == Refusal::nothing() => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }
}
