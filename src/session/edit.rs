//! What can be done to a session: items are inserted, removed or replaced, with their whole values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use span::SpanSet;

use crate::{Episode, Excluded, Mark, Medium, MediumId, Role, Scheme, Session, TrackKey};

/// One step of the history: what it is called, and what it changes. Applied whole or not at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Edit {
    /// What Edit > Undo writes behind itself: "code partner's face".
    pub label: String,
    /// In the order in which they are made.
    pub changes: Vec<Change>,
}

/// One item comes, goes, or becomes another. The values are whole, so that a change is its own proof and has an inverse.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "most changes are replacements, and few are in memory at once")]
pub enum Change {
    /// An item that was not there.
    Insert(Item),
    /// An item that was there, exactly so.
    Remove(Item),
    /// An item that was there, exactly so, and what it is now; both of one id.
    Replace {
        /// What it was.
        from: Item,
        /// What it is.
        to: Item,
    },
}

/// Anything in a session that an edit can change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// A mark on a track.
    Mark {
        /// The track that it is on.
        track: TrackKey,
        /// The mark.
        mark: Mark,
    },
    /// An episode.
    Episode(Episode),
    /// An excluded span.
    Excluded(Excluded),
    /// A medium with its offset and rate. Inserted at `index`, so that undo gives the order back.
    Medium {
        /// Its place among the media.
        index: usize,
        /// The medium.
        medium: Medium,
    },
    /// The time looked at on a track.
    Coded {
        /// The track.
        track: TrackKey,
        /// All of its coded time.
        #[schemars(with = "Vec<(i64, i64)>")]
        spans: SpanSet,
    },
    /// The medium that a track is coded from.
    TrackMedium {
        /// The track.
        track: TrackKey,
        /// The medium; `None` is the session's first.
        medium: Option<MediumId>,
    },
    /// An empty track: inserted and removed without marks and coded time, in the scheme's order.
    Track(TrackKey),
    /// The scheme; only ever replaced.
    Scheme(Box<Scheme>),
    /// One field of the session; only ever replaced.
    Field(Field),
}

/// One field of the session itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What people call the session.
    Name(String),
    /// Who codes.
    Coder(String),
    /// What the coding is for.
    Role(Role),
    /// A note to the whole session.
    Note(String),
    /// What this study calls a subject; `None` is the scheme's label.
    SubjectName {
        /// The subject's key.
        subject: String,
        /// Its name.
        name: Option<String>,
    },
    /// The settings of the scores that differ from the scheme's.
    ScoreSettings(serde_json::Map<String, Value>),
}

/// Why an edit was not applied. The session is as it was.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// There is no such track.
    #[error("there is no track {0}")]
    NoTrack(TrackKey),
    /// The item to be removed or replaced is not there.
    #[error("{0} is not in the session")]
    NotThere(String),
    /// The item to be removed or replaced is there, but not as the edit says.
    #[error("{0} has changed since the edit was made")]
    Changed(String),
    /// The item to be inserted has the id of one that is there.
    #[error("{0} is in the session already")]
    IsThere(String),
    /// From one thing to another.
    #[error("an edit replaces {0} by {1}, which is another thing")]
    OtherItem(String, String),
    /// There is nothing in it.
    #[error("the edit changes nothing")]
    Empty,
    /// The session would break one of its rules.
    #[error("{0}")]
    Invalid(String),
}

impl Edit {
    /// An edit of one change.
    #[must_use]
    pub fn one(label: impl Into<String>, change: Change) -> Self {
        Self { label: label.into(), changes: vec![change] }
    }

    /// The edit that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { label: self.label.clone(), changes: self.changes.iter().rev().map(Change::inverse).collect() }
    }

    /// Makes the changes, or none of them.
    ///
    /// # Errors
    /// [`EditError`], with the session as it was, where a change does not fit the session or would break one of its rules.
    pub(crate) fn apply_to(&self, session: &mut Session) -> Result<(), EditError> {
        for (done, change) in self.changes.iter().enumerate() {
            if let Err(error) = change.apply_to(session) {
                undo(session, &self.changes[..done]);
                return Err(error);
            }
        }
        self.check(session).inspect_err(|_| undo(session, &self.changes))
    }

    /// The rules of the session that these changes could have broken.
    fn check(&self, session: &Session) -> Result<(), EditError> {
        let mut tracks: Vec<&TrackKey> = Vec::new();
        let (mut all_tracks, mut episodes) = (false, false);
        for item in self.changes.iter().flat_map(Change::items) {
            match item {
                Item::Mark { track, .. } | Item::TrackMedium { track, .. } if !tracks.contains(&track) => {
                    tracks.push(track);
                }
                Item::Scheme(_) | Item::Medium { .. } => all_tracks = true,
                Item::Episode(_) => episodes = true,
                _ => {}
            }
        }
        if episodes {
            session.check_episodes()?;
        }
        for track in session.tracks.iter().filter(|track| all_tracks || tracks.contains(&&track.key)) {
            session.check_track(track)?;
        }
        Ok(())
    }
}

fn undo(session: &mut Session, done: &[Change]) {
    for change in done.iter().rev() {
        change.inverse().apply_to(session).expect("what has been done can be undone");
    }
}

impl Change {
    /// The change that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        match self {
            Self::Insert(item) => Self::Remove(item.clone()),
            Self::Remove(item) => Self::Insert(item.clone()),
            Self::Replace { from, to } => Self::Replace { from: to.clone(), to: from.clone() },
        }
    }

    /// The items that it names, one or two.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Item> {
        let (first, second) = match self {
            Self::Insert(item) | Self::Remove(item) => (item, None),
            Self::Replace { from, to } => (from, Some(to)),
        };
        std::iter::once(first).chain(second)
    }

    fn apply_to(&self, session: &mut Session) -> Result<(), EditError> {
        match self {
            Self::Insert(item) => item.insert_into(session),
            Self::Remove(item) => item.remove_from(session),
            Self::Replace { from, to } => from.replace_in(to, session),
        }
    }
}
