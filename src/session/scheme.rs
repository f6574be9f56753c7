//! What may be coded: subjects, channels and codes, and how engagement follows from them. A scheme is data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Extra, TrackKey};

/// What may be coded, and how states of engagement follow from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scheme {
    /// Short name, for files: `infant-parent`.
    pub name: String,
    /// Grows with every change of meaning.
    pub version: String,
    /// What people call it.
    pub label: String,
    /// Where it comes from, and what it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Who is coded, in the order of the window.
    pub subjects: Vec<Subject>,
    /// What is coded of each, in the order of the window.
    pub channels: Vec<Channel>,
    /// How a subject's state of engagement follows from its channels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub engagement: Vec<scoring::EngagementRules>,
    /// Which pairs of states match.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub relation: Option<scoring::MatchRelation>,
    /// Settings of the scores that differ from the program's.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub score_settings: serde_json::Map<String, serde_json::Value>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Somebody, or the two together, who is coded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// `infant`, `parent` or `dyad` to the scores; any other key is coded and not scored.
    pub key: String,
    /// What the window writes.
    pub label: String,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One kind of thing that is coded of one subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "four properties of a channel that do not depend on each other")]
pub struct Channel {
    /// The key of a subject.
    pub subject: String,
    /// `gaze`, `affect`, `touch`, ...
    pub key: String,
    /// What the window writes.
    pub label: String,
    /// Stretches, moments or a curve.
    pub kind: ChannelKind,
    /// At most one code at a time.
    #[serde(default)]
    pub exclusive: bool,
    /// Every instant looked at has a code: silence is missing, not "no".
    #[serde(default)]
    pub exhaustive: bool,
    /// A code lasts while its key is held down.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hold: bool,
    /// Left out of a new session unless asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// The codes, in the order of the palette.
    pub codes: Vec<Code>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What the marks of a channel are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Stretches of time.
    State,
    /// Moments.
    Point,
    /// A curve of ratings.
    Trace,
}

/// One thing that a mark can say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Code {
    /// What files hold.
    pub key: String,
    /// What the window writes.
    pub label: String,
    /// The key that codes it: one digit or letter.
    pub shortcut: Option<char>,
    /// `#rrggbb`.
    pub colour: String,
    /// Its place on an ordinal scale, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i32>,
    /// Time under it is missing to the scores, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// When to use it, in our own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub definition: String,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Why time under a code is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The coder could not tell.
    Unscorable,
    /// The camera did not show it.
    OffCamera,
}

/// The schemes that come with the program, the default first.
const BUILT_IN: [&str; 2] =
    [include_str!("../../assets/schemes/infant-parent.json"), include_str!("../../assets/schemes/icep-r.json")];

impl Scheme {
    /// The schemes that come with the program, the default first.
    ///
    /// # Panics
    /// If a file in `assets/schemes` is no scheme: a test reads them all.
    #[must_use]
    pub fn built_in() -> Vec<Self> {
        BUILT_IN.iter().map(|text| serde_json::from_str(text).expect("a built-in scheme is a scheme")).collect()
    }

    /// The scheme of this name that comes with the program.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::built_in().into_iter().find(|scheme| scheme.name == name)
    }

    /// The subject of this key.
    #[must_use]
    pub fn subject(&self, key: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.key == key)
    }

    /// The subjects that are persons: all but the dyad.
    pub fn people(&self) -> impl Iterator<Item = &Subject> {
        self.subjects.iter().filter(|subject| subject.key != "dyad")
    }

    /// The channel of this track.
    #[must_use]
    pub fn channel(&self, track: &TrackKey) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.subject == track.subject && channel.key == track.channel)
    }
}

impl Channel {
    /// The track that this channel is coded on.
    #[must_use]
    pub fn track(&self) -> TrackKey {
        TrackKey::new(&self.subject, &self.key)
    }

    /// The code of this key.
    #[must_use]
    pub fn code(&self, key: &str) -> Option<&Code> {
        self.codes.iter().find(|code| code.key == key)
    }

    /// The code that this key on the keyboard stands for, whatever its case.
    #[must_use]
    pub fn code_of_shortcut(&self, shortcut: char) -> Option<&Code> {
        let same = |other: char| other.to_lowercase().eq(shortcut.to_lowercase());
        self.codes.iter().find(|code| code.shortcut.is_some_and(same))
    }
}
