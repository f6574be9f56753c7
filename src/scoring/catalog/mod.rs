//! What every score is called and what it means, as data: `attune score --list`, tooltips and methods paragraphs read it.

mod contingency;
mod cycle;
mod engagement;
mod recurrence;
mod repair;
mod series;
mod state_space;

pub(crate) use contingency::{
    INFANT_ANSWERS, INFANT_FOLLOWS, INFANT_TO_PARENT, PARENT_ANSWERS, PARENT_FOLLOWS, PARENT_TO_INFANT,
};
pub(crate) use cycle::{CYCLE_ANSWERED, CYCLE_INFANT, CYCLE_SENSED};
pub(crate) use engagement::{COREGULATION, LOOKING, SYNCHRONY, VALENCE};
pub(crate) use recurrence::RECURRENCE;
pub(crate) use repair::{MATCH, STEPS};
pub(crate) use series::{INFORMATION, PREDICTION, PREWHITENED, WINDOWED};
pub(crate) use state_space::GRID;

/// A score's name, unit, range, definition and source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ScoreInfo {
    /// The name in files, dotted, from general to special. A part in capitals stands for a subject, channel or code.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// `1`, `s`, `/min`, `nat`.
    pub unit: &'static str,
    /// Which values it can have.
    pub range: &'static str,
    /// What it is, in one sentence.
    pub definition: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

impl ScoreInfo {
    /// Which inputs it needs, a subject and a channel each: "infant gaze".
    ///
    /// *Definition*: where one of them is not coded at all, the score is absent in every episode. Engagement is coded on a track
    /// of its own, or follows from the channels in the scheme's rules, or from affect alone (setting `engagement`). Distress is
    /// read from engagement where affect is no channel. The answer channels are those in the setting `cycle.answer`; one of them
    /// is enough. Words in capitals stand for a subject and channel.
    #[must_use]
    pub fn needs(&self) -> &'static [&'static str] {
        let group = GROUPS.iter().find(|group| group.scores.iter().any(|info| info.id == self.id));
        group.map_or(&[], |group| group.needs)
    }

    /// Does it stand for several scores, one per channel or code?
    #[must_use]
    pub fn is_template(&self) -> bool {
        self.id.split('.').any(is_placeholder)
    }

    /// Is this the entry of the score `id`?
    #[must_use]
    pub fn describes(&self, id: &str) -> bool {
        let n_parts = self.id.split('.').count();
        let mut parts = id.splitn(n_parts, '.'); // a code may hold a dot itself
        self.id.split('.').all(|part| parts.next().is_some_and(|given| is_placeholder(part) || part == given))
            && (self.is_template() || self.id == id)
    }
}

/// The entry of a score.
#[must_use]
pub fn info(id: &str) -> Option<&'static ScoreInfo> {
    all().find(|info| info.describes(id))
}

/// Every score that there can be, in the order in which they are shown.
pub fn all() -> impl Iterator<Item = &'static ScoreInfo> {
    GROUPS.iter().flat_map(|group| group.scores)
}

fn is_placeholder(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_uppercase())
}

const fn score(
    id: &'static str,
    name: &'static str,
    unit: &'static str,
    range: &'static str,
    definition: &'static str,
    source: &'static str,
) -> ScoreInfo {
    ScoreInfo { id, name, unit, range, definition, source }
}

/// Scores that need the same.
struct Group {
    needs: &'static [&'static str],
    scores: &'static [ScoreInfo],
}

const DYAD: &[&str] = &["infant engagement", "parent engagement"];

const GROUPS: &[Group] = &[
    Group { needs: DYAD, scores: MATCH },
    Group { needs: DYAD, scores: STEPS },
    Group { needs: DYAD, scores: COREGULATION },
    Group { needs: DYAD, scores: GRID },
    Group { needs: DYAD, scores: SYNCHRONY },
    Group { needs: DYAD, scores: INFANT_TO_PARENT },
    Group { needs: DYAD, scores: PARENT_TO_INFANT },
    Group { needs: DYAD, scores: PARENT_ANSWERS },
    Group { needs: DYAD, scores: INFANT_ANSWERS },
    Group { needs: DYAD, scores: PARENT_FOLLOWS },
    Group { needs: DYAD, scores: INFANT_FOLLOWS },
    Group { needs: &["infant gaze", "parent gaze"], scores: LOOKING },
    Group { needs: &["infant affect", "parent affect"], scores: VALENCE },
    Group { needs: &["infant affect"], scores: CYCLE_INFANT },
    Group { needs: &["infant affect", "parent gaze"], scores: CYCLE_SENSED },
    Group { needs: &["infant affect", "parent answer channel"], scores: CYCLE_ANSWERED },
    Group { needs: &["SUBJECT CHANNEL"], scores: TIME },
    Group { needs: DYAD, scores: PREWHITENED },
    Group { needs: DYAD, scores: WINDOWED },
    Group { needs: DYAD, scores: PREDICTION },
    Group { needs: DYAD, scores: INFORMATION },
    Group { needs: DYAD, scores: RECURRENCE },
];

const OWN: &str = "Attune's own measure, without a source in the literature";
const SHARE: &str = "0 to 1";
const FROM_ZERO: &str = "0 and more";

/// Time per code.
pub(crate) const TIME: &[ScoreInfo] = &[score(
    "time.SUBJECT.CHANNEL.CODE",
    "Time per code",
    "1",
    SHARE,
    "Share of the time coded on this track that is under this code; the parts are seconds.",
    "plain description",
)];
