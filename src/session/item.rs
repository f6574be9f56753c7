//! How one item comes into a session, leaves it, or becomes another; and the rules that every session keeps.

use std::fmt;

use crate::{ChannelKind, EditError, Field, Item, Session, Track, TrackKey};

impl Item {
    pub(crate) fn insert_into(&self, session: &mut Session) -> Result<(), EditError> {
        let is_there = || EditError::IsThere(self.name());
        match self {
            Self::Mark { track, mark } => {
                if session.mark(mark.id).is_some() {
                    return Err(is_there());
                }
                let marks = &mut session.track_mut(track)?.marks;
                let place = marks.partition_point(|other| other.order() < mark.order());
                marks.insert(place, mark.clone());
            }
            Self::Episode(episode) => {
                if session.episodes.iter().any(|other| other.id == episode.id) {
                    return Err(is_there());
                }
                let place = session.episodes.partition_point(|other| other.span < episode.span);
                session.episodes.insert(place, episode.clone());
            }
            Self::Excluded(excluded) => {
                if session.excluded.iter().any(|other| other.id == excluded.id) {
                    return Err(is_there());
                }
                let place =
                    session.excluded.partition_point(|other| (other.span, other.id) < (excluded.span, excluded.id));
                session.excluded.insert(place, excluded.clone());
            }
            Self::Medium { index, medium } => {
                if session.medium(medium.id).is_some() {
                    return Err(is_there());
                }
                if *index > session.media.len() {
                    return Err(EditError::NotThere(format!("the place before medium {}", medium.id)));
                }
                session.media.insert(*index, medium.clone());
            }
            Self::Track(key) => {
                if session.track(key).is_some() {
                    return Err(is_there());
                }
                let place = |key: &TrackKey| session.scheme.channels.iter().position(|channel| channel.track() == *key);
                let mine = place(key).ok_or_else(|| EditError::NoTrack(key.clone()))?;
                let index = session.tracks.partition_point(|other| place(&other.key) < Some(mine));
                session.tracks.insert(index, Track::new(key.clone()));
            }
            Self::Coded { .. } | Self::TrackMedium { .. } | Self::Scheme(_) | Self::Field(_) => {
                return Err(self.only_replaced());
            }
        }
        Ok(())
    }

    pub(crate) fn remove_from(&self, session: &mut Session) -> Result<(), EditError> {
        match self {
            Self::Mark { track, mark } => {
                let marks = &mut session.track_mut(track)?.marks;
                let place = marks.partition_point(|other| other.order() < mark.order());
                if marks.get(place) != Some(mark) {
                    return Err(self.missing(marks.iter().any(|other| other.id == mark.id)));
                }
                marks.remove(place);
            }
            Self::Episode(episode) => {
                let place = session.episodes.iter().position(|other| other.id == episode.id);
                let place = place
                    .filter(|&place| session.episodes[place] == *episode)
                    .ok_or_else(|| self.missing(place.is_some()))?;
                session.episodes.remove(place);
            }
            Self::Excluded(excluded) => {
                let place = session.excluded.iter().position(|other| other.id == excluded.id);
                let place = place
                    .filter(|&place| session.excluded[place] == *excluded)
                    .ok_or_else(|| self.missing(place.is_some()))?;
                session.excluded.remove(place);
            }
            Self::Medium { index, medium } => {
                if session.media.get(*index) != Some(medium) {
                    return Err(self.missing(session.medium(medium.id).is_some()));
                }
                session.media.remove(*index);
            }
            Self::Track(key) => {
                let place = session.tracks.iter().position(|track| track.key == *key);
                let place = place.ok_or_else(|| EditError::NoTrack(key.clone()))?;
                if session.tracks[place] != Track::new(key.clone()) {
                    return Err(EditError::Invalid(format!("track {key} is not empty: delete what is on it first")));
                }
                session.tracks.remove(place);
            }
            Self::Coded { .. } | Self::TrackMedium { .. } | Self::Scheme(_) | Self::Field(_) => {
                return Err(self.only_replaced());
            }
        }
        Ok(())
    }

    pub(crate) fn replace_in(&self, to: &Self, session: &mut Session) -> Result<(), EditError> {
        match (self, to) {
            (Self::Mark { mark: from, .. }, Self::Mark { mark: to, .. }) if from.id != to.id => {
                return Err(self.other(&to.id));
            }
            (Self::Episode(from), Self::Episode(to)) if from.id != to.id => return Err(self.other(&to.id)),
            (Self::Excluded(from), Self::Excluded(to)) if from.id != to.id => return Err(self.other(&to.id)),
            (Self::Medium { medium: from, .. }, Self::Medium { medium: to, .. }) if from.id != to.id => {
                return Err(self.other(&to.id));
            }
            (Self::Mark { .. }, Self::Mark { .. })
            | (Self::Episode(_), Self::Episode(_))
            | (Self::Excluded(_), Self::Excluded(_))
            | (Self::Medium { .. }, Self::Medium { .. }) => {
                self.remove_from(session)?;
                if let Err(error) = to.insert_into(session) {
                    self.insert_into(session).expect("what has just been taken out can be put back");
                    return Err(error);
                }
            }
            (Self::Coded { track, spans }, Self::Coded { track: same, spans: new }) if track == same => {
                self.set(&mut session.track_mut(track)?.coded, spans, new)?;
            }
            (Self::TrackMedium { track, medium }, Self::TrackMedium { track: same, medium: new }) if track == same => {
                self.set(&mut session.track_mut(track)?.medium, medium, new)?;
            }
            (Self::Scheme(scheme), Self::Scheme(new)) => self.set(&mut session.scheme, scheme, new)?,
            (Self::Field(field), Self::Field(new)) => self.replace_field(field, new, session)?,
            _ => return Err(self.other(&to.name())),
        }
        Ok(())
    }

    fn replace_field(&self, from: &Field, to: &Field, session: &mut Session) -> Result<(), EditError> {
        match (from, to) {
            (Field::Name(from), Field::Name(to)) => self.set(&mut session.name, from, to),
            (Field::Coder(from), Field::Coder(to)) => self.set(&mut session.coder, from, to),
            (Field::Role(from), Field::Role(to)) => self.set(&mut session.role, from, to),
            (Field::Note(from), Field::Note(to)) => self.set(&mut session.note, from, to),
            (Field::ScoreSettings(from), Field::ScoreSettings(to)) => self.set(&mut session.score_settings, from, to),
            (Field::SubjectName { subject, name: from }, Field::SubjectName { subject: same, name: to })
                if subject == same =>
            {
                if session.subject_names.get(subject) != from.as_ref() {
                    return Err(EditError::Changed(self.name()));
                }
                match to {
                    Some(name) => session.subject_names.insert(subject.clone(), name.clone()),
                    None => session.subject_names.remove(subject),
                };
                Ok(())
            }
            _ => Err(self.other(&Self::Field(to.clone()).name())),
        }
    }

    fn set<T: Clone + PartialEq>(&self, place: &mut T, from: &T, to: &T) -> Result<(), EditError> {
        if place != from {
            return Err(EditError::Changed(self.name()));
        }
        place.clone_from(to);
        Ok(())
    }

    /// What messages call it.
    fn name(&self) -> String {
        match self {
            Self::Mark { mark, .. } => format!("mark {}", mark.id),
            Self::Episode(episode) => format!("episode {} ('{}')", episode.id, episode.name),
            Self::Excluded(excluded) => format!("excluded span {}", excluded.id),
            Self::Medium { medium, .. } => format!("medium {}", medium.id),
            Self::Coded { track, .. } => format!("the coded time of {track}"),
            Self::TrackMedium { track, .. } => format!("the medium of {track}"),
            Self::Track(track) => format!("track {track}"),
            Self::Scheme(_) => "the scheme".to_owned(),
            Self::Field(Field::Name(_)) => "the session's name".to_owned(),
            Self::Field(Field::Coder(_)) => "the coder".to_owned(),
            Self::Field(Field::Role(_)) => "the role".to_owned(),
            Self::Field(Field::Note(_)) => "the session's note".to_owned(),
            Self::Field(Field::SubjectName { subject, .. }) => format!("the name of {subject}"),
            Self::Field(Field::ScoreSettings(_)) => "the settings of the scores".to_owned(),
        }
    }

    fn missing(&self, other_value_is_there: bool) -> EditError {
        if other_value_is_there { EditError::Changed(self.name()) } else { EditError::NotThere(self.name()) }
    }

    fn other(&self, to: &dyn fmt::Display) -> EditError {
        EditError::OtherItem(self.name(), to.to_string())
    }

    fn only_replaced(&self) -> EditError {
        EditError::Invalid(format!("{} can only be replaced", self.name()))
    }
}

impl Session {
    pub(crate) fn track_mut(&mut self, key: &TrackKey) -> Result<&mut Track, EditError> {
        self.tracks.iter_mut().find(|track| track.key == *key).ok_or_else(|| EditError::NoTrack(key.clone()))
    }

    /// Does the session keep every rule that an edit must keep? For sessions that come from a file or from another program.
    ///
    /// # Errors
    /// [`EditError::Invalid`] or [`EditError::IsThere`], naming the first item that breaks a rule.
    pub fn check_rules(&self) -> Result<(), EditError> {
        first(self.broken_rules())
    }

    /// Every rule that the session breaks, in the order of its parts.
    #[must_use]
    pub fn broken_rules(&self) -> Vec<EditError> {
        let mut broken: Vec<EditError> = self.overlapping_episodes().chain(self.ids_used_twice()).collect();
        if !self.excluded.is_sorted_by_key(|excluded| (excluded.span, excluded.id)) {
            broken.push(EditError::Invalid("the excluded spans are not sorted".to_owned()));
        }
        for (index, track) in self.tracks.iter().enumerate() {
            if self.tracks[..index].iter().any(|other| other.key == track.key) {
                broken.push(EditError::IsThere(format!("track {}", track.key)));
            }
            broken.extend(self.broken_on(track));
        }
        broken
    }

    fn ids_used_twice(&self) -> impl Iterator<Item = EditError> {
        let marks = self.tracks.iter().flat_map(|track| track.marks.iter().map(|mark| mark.id.to_string()));
        let episodes = self.episodes.iter().map(|episode| episode.id.to_string());
        let excluded = self.excluded.iter().map(|excluded| excluded.id.to_string());
        let media = self.media.iter().map(|medium| medium.id.to_string());
        let mut seen = std::collections::HashSet::new();
        let all = marks.chain(episodes).chain(excluded).chain(media);
        all.filter(move |id| !seen.insert(id.clone())).map(EditError::IsThere)
    }

    /// The rules of one track: codes of its channel, points on point channels, marks sorted, exclusive states disjoint, one open.
    ///
    /// # Errors
    /// [`EditError::Invalid`], naming the first item that breaks one.
    pub(crate) fn check_track(&self, track: &Track) -> Result<(), EditError> {
        first(self.broken_on(track))
    }

    fn broken_on(&self, track: &Track) -> Vec<EditError> {
        let key = &track.key;
        let Some(channel) = self.scheme.channel(key) else {
            return vec![EditError::Invalid(format!("the scheme has no channel {key}"))];
        };
        let mut broken = Vec::new();
        if let Some(medium) = track.medium
            && self.medium(medium).is_none()
        {
            broken.push(format!("track {key} is coded from medium {medium}, which is not in the session"));
        }
        for mark in &track.marks {
            if channel.code(&mark.code).is_none() {
                broken.push(format!("mark {} has code '{}', which is not a code of {key}", mark.id, mark.code));
            }
            match (channel.kind, mark.span()) {
                (ChannelKind::State, Some(_)) | (ChannelKind::Point, None) => {}
                (ChannelKind::State, None) => {
                    broken.push(format!("mark {} is a point on {key}, which takes states", mark.id));
                }
                (ChannelKind::Point, Some(_)) => {
                    broken.push(format!("mark {} is a state on {key}, which takes points", mark.id));
                }
                (ChannelKind::Trace, _) => {
                    broken.push(format!("mark {} is on {key}, which takes ratings", mark.id));
                }
            }
        }
        for pair in track.marks.windows(2) {
            if pair[0].order() >= pair[1].order() {
                broken.push(format!("the marks of {key} are not sorted at {}", pair[1].id));
            } else if channel.exclusive && channel.kind == ChannelKind::State && pair[0].when.end() > pair[1].start() {
                broken.push(format!("marks {} and {} of {key} overlap", pair[0].id, pair[1].id));
            }
        }
        if channel.exclusive && track.marks.iter().filter(|mark| mark.is_open()).count() > 1 {
            broken.push(format!("two states of {key} are open"));
        }
        broken.into_iter().map(EditError::Invalid).collect()
    }

    /// Episodes are sorted and disjoint.
    ///
    /// # Errors
    /// [`EditError::Invalid`], naming the first two that are not.
    pub(crate) fn check_episodes(&self) -> Result<(), EditError> {
        self.overlapping_episodes().next().map_or(Ok(()), Err)
    }

    fn overlapping_episodes(&self) -> impl Iterator<Item = EditError> {
        let overlapping = self.episodes.windows(2).filter(|pair| pair[0].span.end() > pair[1].span.start());
        overlapping
            .map(|pair| EditError::Invalid(format!("episodes '{}' and '{}' overlap", pair[0].name, pair[1].name)))
    }
}

fn first(broken: Vec<EditError>) -> Result<(), EditError> {
    broken.into_iter().next().map_or(Ok(()), Err)
}
