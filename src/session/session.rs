//! One recorded interaction, coded by one coder.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use span::{Instant, Length, Span, SpanSet};

use crate::{EpisodeId, ExcludedId, Extra, Mark, MarkId, Medium, MediumId, Scheme, SessionId, Track, TrackKey};

/// One recorded interaction coded by one coder. Anyone may read it; only a [`crate::Edit`] changes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Session {
    /// Which session, among all of the world.
    pub id: SessionId,
    /// What people call it: a pseudonym of the dyad, never a name.
    pub name: String,
    /// The pseudonym of who codes.
    pub coder: String,
    /// What the coding is for.
    #[serde(default)]
    pub role: Role,
    /// What this study calls the subjects, by their keys; the scheme's labels otherwise.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub subject_names: BTreeMap<String, String>,
    /// A note to the whole session.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Videos and sounds; the first gives the clock.
    #[serde(default)]
    pub media: Vec<Medium>,
    /// Sorted and disjoint; none means one, named "session", over the media.
    #[serde(default)]
    pub episodes: Vec<Episode>,
    /// Time that no score and no agreement looks at, sorted by start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<Excluded>,
    /// What may be coded.
    pub scheme: Scheme,
    /// One for each channel that is coded, in the scheme's order.
    #[serde(default)]
    pub tracks: Vec<Track>,
    /// Settings of the scores that differ from the scheme's.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub score_settings: serde_json::Map<String, serde_json::Value>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a coding is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The data.
    #[default]
    Primary,
    /// The check of the data.
    Second,
    /// What two coders agreed on.
    Consensus,
    /// The measure for people in training.
    Gold,
    /// Somebody in training.
    Training,
}

/// A part of the recording that is scored by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Episode {
    /// Stays the same when the episode is moved or renamed.
    pub id: EpisodeId,
    /// What people call it.
    pub name: String,
    /// What the partners were asked to do.
    #[serde(default)]
    pub kind: EpisodeKind,
    /// When; session time.
    #[serde(rename = "span_us")]
    #[schemars(with = "(i64, i64)")]
    pub span: Span,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What the partners were asked to do in an episode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EpisodeKind {
    /// To play.
    Play,
    /// The parent: not to respond.
    StillFace,
    /// To play again.
    Reunion,
    /// To change from one episode to the next.
    Transition,
    /// Anything else.
    #[default]
    Other,
}

impl EpisodeKind {
    /// What an episode of this name usually is: for files and lists that give names alone.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let name = name.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if says(&["still"]) || name == "sfp" || name == "sf" {
            Self::StillFace
        } else if says(&["reunion", "re-union"]) || name == "rp" {
            Self::Reunion
        } else if says(&["trans"]) {
            Self::Transition
        } else if says(&["play"]) {
            Self::Play
        } else {
            Self::Other
        }
    }
}

/// Time over all tracks that is left out, with the reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Excluded {
    /// Stays the same when the span is moved.
    pub id: ExcludedId,
    /// When; session time.
    #[serde(rename = "span_us")]
    #[schemars(with = "(i64, i64)")]
    pub span: Span,
    /// Why.
    pub reason: String,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

impl EpisodeKind {
    /// The word in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Play => "play",
            Self::StillFace => "still_face",
            Self::Reunion => "reunion",
            Self::Transition => "transition",
            Self::Other => "other",
        }
    }
}

impl Session {
    /// A session in which nothing is coded yet: a track for each channel of the scheme that is not optional.
    #[must_use]
    pub fn new(id: SessionId, name: impl Into<String>, coder: impl Into<String>, scheme: Scheme) -> Self {
        let coded = scheme.channels.iter().filter(|channel| !channel.optional);
        let tracks = coded.map(|channel| Track::new(channel.track())).collect();
        Self {
            id,
            name: name.into(),
            coder: coder.into(),
            role: Role::Primary,
            subject_names: BTreeMap::new(),
            note: String::new(),
            media: Vec::new(),
            episodes: Vec::new(),
            excluded: Vec::new(),
            scheme,
            tracks,
            score_settings: serde_json::Map::new(),
            extra: Extra::new(),
        }
    }

    /// The track of this key.
    #[must_use]
    pub fn track(&self, key: &TrackKey) -> Option<&Track> {
        self.tracks.iter().find(|track| track.key == *key)
    }

    /// The medium of this id.
    #[must_use]
    pub fn medium(&self, id: MediumId) -> Option<&Medium> {
        self.media.iter().find(|medium| medium.id == id)
    }

    /// The medium whose frames a track's marks stand on: the one that was chosen, else the first video; sound only where there is no video.
    #[must_use]
    pub fn medium_of(&self, track: &Track) -> Option<&Medium> {
        let first_video = || self.media.iter().find(|medium| medium.kind.is_video());
        track.medium.and_then(|id| self.medium(id)).or_else(first_video).or_else(|| self.media.first())
    }

    /// The mark of this id, and the track it is on.
    #[must_use]
    pub fn mark(&self, id: MarkId) -> Option<(&Track, &Mark)> {
        self.tracks.iter().find_map(|track| Some((track, track.mark(id)?)))
    }

    /// How many marks there are on all tracks.
    #[must_use]
    pub fn n_marks(&self) -> usize {
        self.tracks.iter().map(|track| track.marks.len()).sum()
    }

    /// What this study calls a subject.
    #[must_use]
    pub fn subject_name<'a>(&'a self, key: &'a str) -> &'a str {
        let named = self.subject_names.get(key).map(String::as_str);
        named.or_else(|| self.scheme.subject(key).map(|subject| subject.label.as_str())).unwrap_or(key)
    }

    /// "infant gaze": a track in a sentence.
    #[must_use]
    pub fn track_name(&self, key: &TrackKey) -> String {
        let channel = self.scheme.channel(key).map_or(key.channel.as_str(), |channel| channel.label.as_str());
        format!("{} {}", key.subject, channel.to_lowercase())
    }

    /// The session time that the media cover, from the first start to the last end; `None` while no end is known.
    #[must_use]
    pub fn media_span(&self) -> Option<Span> {
        self.media.iter().filter_map(Medium::span).reduce(Span::hull)
    }

    /// The time of everything in the session: media, marks, episodes.
    #[must_use]
    pub fn extent(&self) -> Option<Span> {
        let marks = self.tracks.iter().flat_map(|track| {
            let spans = track.marks.iter().filter_map(|mark| {
                mark.span().or_else(|| Span::new(mark.start(), mark.start() + Length::MICROSECOND).ok())
            });
            spans.chain(track.coded.hull())
        });
        marks.chain(self.episodes.iter().map(|episode| episode.span)).chain(self.media_span()).reduce(Span::hull)
    }

    /// The episodes to score: those of the session, or one over the media named "session".
    #[must_use]
    pub fn scored_episodes(&self) -> Vec<Episode> {
        if !self.episodes.is_empty() {
            return self.episodes.clone();
        }
        let whole = self.media_span().or_else(|| self.extent());
        whole.map(|span| Episode::new(EpisodeId(0), "session", EpisodeKind::Other, span)).into_iter().collect()
    }

    /// The episode at `time`.
    #[must_use]
    pub fn episode_at(&self, time: Instant) -> Option<&Episode> {
        self.episodes.iter().find(|episode| episode.span.contains(time))
    }

    /// What a state of `code` that begins at `start` may not grow beyond: where the next state begins (on a track that is not exclusive, the
    /// next of the same code), and the end of the episode and of the recording that it begins in. `None` where nothing is in its way.
    #[must_use]
    pub fn limit_after(&self, track: &Track, start: Instant, code: &str) -> Option<Instant> {
        let exclusive = self.scheme.channel(&track.key).is_none_or(|channel| channel.exclusive);
        let later = &track.marks[track.marks.partition_point(|mark| mark.start() <= start)..];
        let next = later.iter().find(|mark| exclusive || mark.code == code).map(Mark::start);
        let episode = self.episode_at(start).map(|episode| episode.span.end());
        let recorded = self.recorded(track).unwrap_or_default();
        let recorded = recorded.spans().iter().map(|span| span.end()).find(|end| start < *end);
        next.into_iter().chain(episode).chain(recorded).min()
    }

    /// All excluded time.
    #[must_use]
    pub fn excluded_time(&self) -> SpanSet {
        self.excluded.iter().map(|excluded| excluded.span).collect()
    }

    /// The largest number in use as an id.
    #[must_use]
    pub fn largest_id(&self) -> u64 {
        let marks = self.tracks.iter().flat_map(|track| track.marks.iter().map(|mark| mark.id.0));
        let episodes = self.episodes.iter().map(|episode| episode.id.0);
        let excluded = self.excluded.iter().map(|excluded| excluded.id.0);
        marks.chain(episodes).chain(excluded).chain(self.media.iter().map(|medium| medium.id.0)).max().unwrap_or(0)
    }
}

impl Episode {
    /// An episode without anything unknown.
    #[must_use]
    pub fn new(id: EpisodeId, name: impl Into<String>, kind: EpisodeKind, span: Span) -> Self {
        Self { id, name: name.into(), kind, span, extra: Extra::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_episode_is_what_its_name_says() {
        for (name, kind) in [
            ("Play 1", EpisodeKind::Play),
            ("still-face", EpisodeKind::StillFace),
            ("SFP", EpisodeKind::StillFace),
            ("Reunion", EpisodeKind::Reunion),
            ("Trans", EpisodeKind::Transition),
            ("lunch", EpisodeKind::Other),
        ] {
            assert_eq!(EpisodeKind::of_name(name), kind, "{name}");
        }
    }
}
