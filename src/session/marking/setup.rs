//! What a session is of, said anew: its name, its subjects, its media and which of them each track is coded from.

use super::{Edit, Marks, Refusal, change_medium, edit, place_medium, set_field, set_track_medium};
use crate::{Change, Field, Medium, MediumId, Session, TrackKey};

/// What a dialog about the whole session shows, and gives back.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// Fields of the session; those that are left out stay as they are.
    pub fields: Vec<Field>,
    /// Media, each with the label, offset and rate that it is to have; those that are left out stay as they are.
    pub media: Vec<Medium>,
    /// The medium that each track is coded from; tracks that are left out stay as they are.
    pub coded_from: Vec<(TrackKey, MediumId)>,
}

impl Setup {
    /// The media and tracks as they are, and no field.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        let from = |track| Some((session.medium_of(track)?.id, track)).map(|(id, track)| (track.key.clone(), id));
        Self {
            fields: Vec::new(),
            media: session.media.clone(),
            coded_from: session.tracks.iter().filter_map(from).collect(),
        }
    }
}

/// Says all of it in one step: first the fields and the tracks' media, then where the media lie; marks move with the medium that they are then coded from, or stay.
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
    for to in &setup.media {
        draft.take(|session| place_medium(session, to.id, to.offset, to.rate, marks))?;
        draft.take(|session| {
            let known = session.medium(to.id).ok_or_else(|| Refusal::new("a medium is not there any more"))?;
            change_medium(session, Medium { label: to.label.clone(), ..known.clone() })
        })?;
    }
    let label = match draft.labels.as_slice() {
        [one] => one.clone(),
        _ => "change the session".to_owned(),
    };
    edit(label, draft.changes)
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
