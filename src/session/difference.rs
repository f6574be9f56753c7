//! What makes one state of a session another.

use crate::{Change, Field, Item, Session, Track};

/// The changes that make `from` into `to`. Fields of later versions, which no change carries, stay as they are in `from`.
pub(crate) fn difference(from: &Session, to: &Session) -> Vec<Change> {
    let mut changes = Changes::default();
    changes.fields(from, to);
    changes.parts(
        from.episodes.iter().map(|episode| (episode.id, Item::Episode(episode.clone()))),
        to.episodes.iter().map(|episode| (episode.id, Item::Episode(episode.clone()))),
    );
    changes.parts(
        from.excluded.iter().map(|excluded| (excluded.id, Item::Excluded(excluded.clone()))),
        to.excluded.iter().map(|excluded| (excluded.id, Item::Excluded(excluded.clone()))),
    );
    changes.media(from, to);
    // A track comes and goes empty.
    let empty = |track: &Track| Track::new(track.key.clone());
    for track in from.tracks.iter().filter(|track| to.track(&track.key).is_none()) {
        changes.track(track, &empty(track));
        changes.0.push(Change::Remove(Item::Track(track.key.clone())));
    }
    let scheme = |session: &Session| Item::Scheme(Box::new(session.scheme.clone()));
    changes.replace(scheme(from), scheme(to));
    for track in &to.tracks {
        if let Some(before) = from.track(&track.key) {
            changes.track(before, track);
        } else {
            changes.0.push(Change::Insert(Item::Track(track.key.clone())));
            changes.track(&empty(track), track);
        }
    }
    changes.0
}

#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn replace(&mut self, from: Item, to: Item) {
        if from != to {
            self.0.push(Change::Replace { from, to });
        }
    }

    /// Items that have an id: those that are gone go first, so that none is in the way of another.
    fn parts<Id: PartialEq>(&mut self, from: impl Iterator<Item = (Id, Item)>, to: impl Iterator<Item = (Id, Item)>) {
        let (mut before, after): (Vec<_>, Vec<_>) = (from.collect(), to.collect());
        before.retain(|(id, item)| {
            let stays = after.iter().any(|(other, _)| other == id);
            if !stays {
                self.0.push(Change::Remove(item.clone()));
            }
            stays
        });
        for (id, item) in after {
            match before.iter().find(|(other, _)| *other == id) {
                Some((_, old)) => self.replace(old.clone(), item),
                None => self.0.push(Change::Insert(item)),
            }
        }
    }

    fn fields(&mut self, from: &Session, to: &Session) {
        let of = |session: &Session| {
            [
                Field::Name(session.name.clone()),
                Field::Coder(session.coder.clone()),
                Field::Role(session.role),
                Field::Note(session.note.clone()),
                Field::ScoreSettings(session.score_settings.clone()),
            ]
        };
        for (from, to) in of(from).into_iter().zip(of(to)) {
            self.replace(Item::Field(from), Item::Field(to));
        }
        let named = from
            .subject_names
            .keys()
            .chain(to.subject_names.keys().filter(|key| !from.subject_names.contains_key(*key)));
        for subject in named {
            let name = |session: &Session| {
                let name = session.subject_names.get(subject).cloned();
                Item::Field(Field::SubjectName { subject: subject.clone(), name })
            };
            self.replace(name(from), name(to));
        }
    }

    /// Media have places: all that are not as they were go, from the last to the first, and come again at their new places.
    fn media(&mut self, from: &Session, to: &Session) {
        if from.media == to.media {
            return;
        }
        let items = |session: &Session| {
            let items = session.media.iter().cloned().enumerate();
            items.map(|(index, medium)| Item::Medium { index, medium }).collect::<Vec<_>>()
        };
        self.0.extend(items(from).into_iter().rev().map(Change::Remove));
        self.0.extend(items(to).into_iter().map(Change::Insert));
    }

    fn track(&mut self, from: &Track, to: &Track) {
        let key = &to.key;
        let marks = |track: &Track| {
            let marks = track.marks.clone().into_iter();
            marks.map(|mark| (mark.id, Item::Mark { track: key.clone(), mark })).collect::<Vec<_>>()
        };
        self.parts(marks(from).into_iter(), marks(to).into_iter());
        let coded = |track: &Track| Item::Coded { track: key.clone(), spans: track.coded.clone() };
        self.replace(coded(from), coded(to));
        let medium = |track: &Track| Item::TrackMedium { track: key.clone(), medium: track.medium };
        self.replace(medium(from), medium(to));
    }
}
