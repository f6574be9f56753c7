//! All scores of a recording: the one function that the panel, the command line and every export call.
//!
//! A panel that follows a coder's every key calls [`quick_scores`] at once and [`slow_scores`] on another thread; together they are what
//! [`score`] gives.

mod channels;
mod dyadic;
mod limits;
mod responses;
mod scene;
mod slow;
mod units;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use span::{Length, Span};

use crate::contingency::cycle::Cycles;
use crate::contingency::responsiveness::Responses;
use crate::contingency::sequential::LagTable;
use crate::contingency::table::TwoByTwo;
use crate::coregulation::Patterns;
use crate::dyad::MatchRun;
use crate::recurrence::profile::ProfilePoint;
use crate::repair::episodes::{MismatchEpisode, RepairChain};
use crate::repair::survival::KaplanMeier;
use crate::settings::ScoreSettings;
use crate::state_space::StateSpaceGrid;
use crate::synchrony::lagged::LagProfile;
use crate::synchrony::prewhitened::Prewhitened;
use crate::synchrony::strip::StripPoint;
use crate::{EpisodeWindow, Recording, ScoreMap};

pub use slow::{SlowEpisodeScores, SlowScores};

use scene::Scorer;

/// The scores of one recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// The hash of the settings that they were computed with.
    pub settings_hash: String,
    /// One per episode, in the recording's order.
    pub episodes: Vec<EpisodeScores>,
}

/// The scores of one episode, and what a panel or report shows beside them.
///
/// In files it is an entry of `episodes` of `attune score`: the numbers and the list of mismatch episodes.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeScores {
    /// What the coder calls it.
    pub name: String,
    /// `play`, `still_face`, ...
    pub kind: String,
    /// When.
    pub span: Span,
    /// How long both partners' states are known.
    pub codable: Length,
    /// From the first to the last instant at which both are.
    pub coded: Option<Span>,
    /// Every score by its id, absent ones with the reason.
    pub scores: ScoreMap,
    /// All stretches out of match, in order.
    pub mismatch_episodes: Vec<MismatchEpisode>,
    /// From which pair to which the repairs led, and how often.
    pub repair_chains: Vec<RepairChain>,
    /// Stretches in and out of match, for drawing.
    pub match_runs: Vec<MatchRun>,
    /// Survival of mismatches with observed onset.
    pub survival: Option<KaplanMeier>,
    /// Correlation at every lag.
    pub lag_profile: Option<LagProfile>,
    /// Correlation at every lag of what each partner's own past does not explain.
    pub prewhitened: Option<Prewhitened>,
    /// Correlation in a moving window, for drawing.
    pub strip: Vec<StripPoint>,
    /// Patterns of co-regulation.
    pub patterns: Option<Patterns>,
    /// Where the two were together.
    pub grid: Option<StateSpaceGrid>,
    /// Distress cues and what followed.
    pub cycles: Option<Cycles>,
    /// Responses in both directions.
    pub contingency: Option<Contingency>,
    /// Recurrence of the partners' states at every lag.
    pub recurrence_profile: Option<Vec<ProfilePoint>>,
}

/// Does each become positive after the other did?
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Contingency {
    /// Given: the infant turns positive; response: the parent does.
    pub infant_to_parent: TwoByTwo,
    /// The mirror.
    pub parent_to_infant: TwoByTwo,
    /// The infant's onsets and whether the parent answered.
    pub parent_answers: Responses,
    /// The mirror.
    pub infant_answers: Responses,
    /// Which of the parent's states (columns) follows which of the infant's (rows).
    pub parent_follows: LagTable,
    /// The mirror.
    pub infant_follows: LagTable,
}

/// All scores of a recording, per episode.
///
/// *Definition*: each id as the [catalog](crate::catalog) says. No run, lag or window crosses an episode's border. Time missing for
/// a partner leaves every denominator and breaks every run.
///
/// *Undefined cases*: a score that cannot be computed is in the result, with the reason in place of the number; never NaN, never 0.
#[must_use]
pub fn score(recording: &Recording, settings: &ScoreSettings) -> Scores {
    let scorer = Scorer::new(recording, settings);
    let mut scores = scorer.quick();
    if let Some(slow) = scorer.slow(&|_| true) {
        scores.add(slow);
    }
    scores
}

/// The scores that are computed while a coder types: all but those of [`slow_scores`].
#[must_use]
pub fn quick_scores(recording: &Recording, settings: &ScoreSettings) -> Scores {
    Scorer::new(recording, settings).quick()
}

/// The scores that take longer: pre-whitened and windowed correlation, prediction, information, recurrence, tables cell by cell, and what
/// chance gives.
///
/// `goes_on` is called between any two steps with the share that is done, 0 to 1, perhaps from several threads; once it says `false`, the
/// rest is left and the result is `None`.
#[must_use]
pub fn slow_scores(
    recording: &Recording,
    settings: &ScoreSettings,
    goes_on: &(dyn Fn(f64) -> bool + Sync),
) -> Option<SlowScores> {
    Scorer::new(recording, settings).slow(goes_on)
}

impl Scores {
    /// Adds the slow scores of the same recording with the same settings.
    ///
    /// # Panics
    /// If they are of other episodes.
    pub fn add(&mut self, slow: SlowScores) {
        assert_eq!(self.episodes.len(), slow.episodes.len(), "they are of one recording");
        for (episode, slow) in self.episodes.iter_mut().zip(slow.episodes) {
            episode.scores.extend(slow.scores);
            for (id, baseline) in slow.chance {
                episode.scores.change(&id, |score| score.chance = Some(baseline));
            }
            for (id, limits) in slow.limits {
                episode.scores.change(&id, |score| score.limits = Some(limits));
            }
            (episode.prewhitened, episode.recurrence_profile) = (slow.prewhitened, slow.recurrence_profile);
        }
    }
}

impl EpisodeScores {
    fn empty(episode: &EpisodeWindow) -> Self {
        Self {
            name: episode.name.clone(),
            kind: episode.kind.clone(),
            span: episode.span,
            codable: Length::ZERO,
            coded: None,
            scores: ScoreMap::default(),
            mismatch_episodes: Vec::new(),
            repair_chains: Vec::new(),
            match_runs: Vec::new(),
            survival: None,
            lag_profile: None,
            prewhitened: None,
            strip: Vec::new(),
            patterns: None,
            grid: None,
            cycles: None,
            contingency: None,
            recurrence_profile: None,
        }
    }
}

impl Serialize for EpisodeScores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("EpisodeScores", 6)?;
        record.serialize_field("episode", &self.name)?;
        record.serialize_field("start_s", &self.span.start().as_secs())?;
        record.serialize_field("end_s", &self.span.end().as_secs())?;
        record.serialize_field("codable_s", &self.codable.as_secs())?;
        record.serialize_field("scores", &self.scores)?;
        record.serialize_field("mismatch_episodes", &self.mismatch_episodes)?;
        record.end()
    }
}
