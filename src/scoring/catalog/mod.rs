//! What every score is called and what it means, as data: `attune score --list`, tooltips and methods paragraphs read it.

mod contingency;
mod cycle;
mod engagement;
mod lag_tables;
mod numeric;
mod prediction;
mod recurrence;
mod repair;
mod series;
mod state_space;

pub(crate) use contingency::{
    INFANT_ANSWERS, INFANT_FOLLOWS, INFANT_TO_PARENT, PARENT_ANSWERS, PARENT_FOLLOWS, PARENT_TO_INFANT,
};
pub(crate) use cycle::{CYCLE_ANSWERED, CYCLE_INFANT, CYCLE_SENSED};
pub(crate) use engagement::{COREGULATION, COREGULATION_BY_AFFECT, LOOKING, SYNCHRONY, VALENCE};
pub(crate) use lag_tables::{INFANT_SEQUENCE, INFANT_TABLE, PARENT_SEQUENCE, PARENT_TABLE};
pub(crate) use numeric::{COHERENCE, GRANGER};
pub(crate) use prediction::{LAGS, LOOKING_PREDICTION, PREDICTION};
pub(crate) use recurrence::RECURRENCE;
pub(crate) use repair::{MATCH, STEPS};
pub(crate) use series::{INFORMATION, PREWHITENED, WINDOWED};
pub(crate) use state_space::{CELLS, GRID};

/// A score's name, unit, range, definition and source.
///
/// # Example
/// ```
/// use scoring::catalog::info;
///
/// let time = info("time.infant.affect.negative").expect("it is listed");
/// assert!(time.is_template() && time.describes("time.parent.touch.static"));
/// assert_eq!(time.name_of("time.infant.affect.negative"), "Time per code: infant affect negative");
/// assert_eq!(info("looking.mutual").expect("it is listed").needs(), ["infant gaze", "parent gaze"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ScoreInfo {
    /// The name in files, dotted, from general to special. A part in capitals stands for a subject, channel or code.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// `1`, `s`, `/min`, `nat`, `bit`, `Hz`, `rad`.
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
    /// read from engagement where affect is no channel. Eye contact coded for the dyad stands for a gaze that is no channel. The answer
    /// channels are those in the setting `cycle.answer`; one of them is enough. Responses are read from other channels than engagement too
    /// where `contingency.given` or `contingency.response` names them. Words in capitals stand for a subject and channel.
    #[must_use]
    pub fn needs(&self) -> &'static [&'static str] {
        let family = FAMILIES.iter().find(|family| family.scores.iter().any(|info| info.id == self.id));
        family.map_or(&[], |family| family.needs)
    }

    /// Does it stand for several scores, one per channel or code?
    #[must_use]
    pub fn is_template(&self) -> bool {
        self.id.split('.').any(is_placeholder)
    }

    /// The name for people of the score `id` of this entry: with its channel and code, where it stands for several.
    #[must_use]
    pub fn name_of(&self, id: &str) -> String {
        let n_parts = self.id.split('.').count();
        let parts = self.id.split('.').zip(id.splitn(n_parts, '.'));
        let own: Vec<&str> = parts.filter(|(part, _)| is_placeholder(part)).map(|(_, given)| given).collect();
        if own.is_empty() { self.name.to_owned() } else { format!("{}: {}", self.name, own.join(" ")) }
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
///
/// # Example
/// ```
/// use scoring::catalog;
///
/// let info = catalog::info("repair.rate").expect("it is listed");
/// assert_eq!((info.id, info.unit), ("repair.rate", "/min"));
/// // one entry stands for every code
/// assert_eq!(catalog::info("time.infant.affect.negative").map(|info| info.id), Some("time.SUBJECT.CHANNEL.CODE"));
/// assert!(catalog::info("repair.speed").is_none());
///
/// let gaze = catalog::families().iter().find(|family| family.title == "Gaze").expect("it is a family");
/// assert_eq!(gaze.needs, ["infant gaze", "parent gaze"]);
/// assert!(gaze.scores.iter().any(|info| info.id == "looking.mutual"));
/// assert_eq!(catalog::all().count(), catalog::families().iter().map(|family| family.scores.len()).sum::<usize>());
/// ```
#[must_use]
pub fn info(id: &str) -> Option<&'static ScoreInfo> {
    all().find(|info| info.describes(id))
}

/// The families of scores, in the order in which they are shown.
#[must_use]
pub const fn families() -> &'static [Family] {
    FAMILIES
}

/// Every score that there can be, in the order in which they are shown.
pub fn all() -> impl Iterator<Item = &'static ScoreInfo> {
    FAMILIES.iter().flat_map(|family| family.scores)
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

/// Scores that belong together and need the same.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// What they are about, for people.
    pub title: &'static str,
    /// As [`ScoreInfo::needs`].
    pub needs: &'static [&'static str],
    /// In the order in which they are shown.
    pub scores: &'static [ScoreInfo],
}

const DYAD: &[&str] = &["infant engagement", "parent engagement"];

const BY_INFANT_AFFECT: &[&str] = &["infant engagement", "parent engagement", "infant affect"];
const BY_PARENT_AFFECT: &[&str] = &["infant engagement", "parent engagement", "parent affect"];

const FAMILIES: &[Family] = &[
    family("Match, rupture and repair", DYAD, MATCH),
    family("From one unit to the next", DYAD, STEPS),
    family("Patterns of co-regulation", DYAD, COREGULATION),
    family("State space grid", DYAD, GRID),
    family("Correlation at a lag", DYAD, SYNCHRONY),
    family("The parent responds to the infant", DYAD, INFANT_TO_PARENT),
    family("The infant responds to the parent", DYAD, PARENT_TO_INFANT),
    family("The parent answers", DYAD, PARENT_ANSWERS),
    family("The infant answers", DYAD, INFANT_ANSWERS),
    family("Which state of the parent follows", DYAD, PARENT_FOLLOWS),
    family("Which state of the infant follows", DYAD, INFANT_FOLLOWS),
    family("Gaze", &["infant gaze", "parent gaze"], LOOKING),
    family("Affect", &["infant affect", "parent affect"], VALENCE),
    family("Distress", &["infant affect"], CYCLE_INFANT),
    family("Distress sensed", &["infant affect", "parent gaze"], CYCLE_SENSED),
    family("Distress answered", &["infant affect", "parent answer channel"], CYCLE_ANSWERED),
    family("Time per code", &["SUBJECT CHANNEL"], TIME),
    family("Correlation beyond each one’s own past", DYAD, PREWHITENED),
    family("Correlation in windows", DYAD, WINDOWED),
    family("Self- and interactive contingency", DYAD, PREDICTION),
    family("Self- and interactive contingency, lag by lag", DYAD, LAGS),
    family("Information", DYAD, INFORMATION),
    family("Cross-recurrence", DYAD, RECURRENCE),
    family("Granger causality", DYAD, GRANGER),
    family("Coherence", DYAD, COHERENCE),
    family("State space grid, cell by cell", DYAD, CELLS),
    family("Which state of the parent follows, cell by cell", DYAD, PARENT_TABLE),
    family("Which state of the infant follows, cell by cell", DYAD, INFANT_TABLE),
    family("Which of the infant’s states follows which", DYAD, INFANT_SEQUENCE),
    family("Which of the parent’s states follows which", DYAD, PARENT_SEQUENCE),
    family("Co-regulation by the infant’s affect", BY_INFANT_AFFECT, COREGULATION_BY_AFFECT[0]),
    family("Co-regulation by the parent’s affect", BY_PARENT_AFFECT, COREGULATION_BY_AFFECT[1]),
    family("Self- and interactive contingency of looking", &["infant gaze", "parent gaze"], LOOKING_PREDICTION),
];

const fn family(title: &'static str, needs: &'static [&'static str], scores: &'static [ScoreInfo]) -> Family {
    Family { title, needs, scores }
}

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
