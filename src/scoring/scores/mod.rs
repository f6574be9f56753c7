//! All scores of a recording: the one function that the panel, the command line and every export call.
//!
//! A panel that follows a coder's every key calls [`quick_scores`] at once, or [`quick_scores_after`] where it knows those before the key, and
//! [`slow_scores`] on another thread; together they are what [`score`] gives.

mod after;
mod channels;
mod dyadic;
mod limits;
mod responses;
mod scene;
mod slow;
mod units;
mod written;

use span::{Length, Span};

use crate::contingency::cycle::Cycles;
use crate::contingency::responsiveness::Responses;
use crate::contingency::sequential::LagTable;
use crate::contingency::table::TwoByTwo;
use crate::coregulation::Patterns;
use crate::dyad::MatchRun;
use crate::information::coherence::CoherencePoint;
use crate::information::mutual::MutualPoint;
use crate::recurrence::profile::ProfilePoint;
use crate::repair::episodes::{MismatchEpisode, RepairChain};
use crate::repair::survival::KaplanMeier;
use crate::settings::ScoreSettings;
use crate::state_space::StateSpaceGrid;
use crate::synchrony::lagged::LagProfile;
use crate::synchrony::prewhitened::Prewhitened;
use crate::synchrony::strip::StripPoint;
use crate::{EpisodeWindow, Recording, Resolved, ScoreMap};

pub use after::quick_scores_after;
pub use slow::{SlowEpisodeScores, SlowScores};

use scene::Scorer;

/// The scores of one recording; written with its fields as they are named here, each episode as [`EpisodeScores`].
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Scores {
    /// The hash of the settings that they were computed with.
    pub settings_hash: String,
    /// What those settings left to the recording's scheme, as it was used.
    pub resolved: Resolved,
    /// One per episode, in the recording's order.
    pub episodes: Vec<EpisodeScores>,
}

/// The scores of one episode, and what a panel or report shows beside them.
///
/// *Shape*: in files it is an entry of `episodes` of `attune score`. After `episode`, `start_s`, `end_s` and `codable_s` come
///
/// - `scores`: each by its id, see [`Score`](crate::Score);
/// - `mismatch_episodes`: a list, see [`MismatchEpisode`];
/// - `repair_chains`: the cells that are not 0 of the matrix of pairs `before` a repaired mismatch by pairs `after` it, with their `count`;
/// - `survival`: the rows of Kaplan and Meier's estimate, `time_s`, `at_risk`, `events`, `survival`, `std_err`, `low`, `high`;
/// - `pattern_changes`: the `patterns` of co-regulation and, row by row in their order, how often each changed into each (`counts`);
/// - `grid`: the state space grid, a row per state of the `infant` and a column per state of the `parent`: `seconds` and `visits`;
/// - `lag_profile`: lists of equal length, `lag_s` (positive: the infant leads), `r`, `n`;
/// - `contingency`: the 2×2 tables `infant_to_parent` and `parent_to_infant` with their cells `a` to `d`, and `parent_follows` and
///   `infant_follows`: states `given` (rows), states of the `target` (columns), `counts`;
/// - `cycles`: the `cues` of distress, each with what followed, and how many have no observed onset (`truncated`);
/// - `prewhitened`: the models that filtered the `infant` and the `parent`, the `profile` of the residuals as `lag_profile`, and `n` at lag 0;
/// - `mutual_profile`: `lag_s`, `bits`, `n`;
/// - `recurrence_profile`: `lag_s`, `share`, `n`;
/// - `coherence`: `frequency_hz`, `coherence`, `phase_rad`.
///
/// *Undefined cases*: what there is not is `null`, or an empty list; the scores say why.
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
    /// The names of the infant's states and of the parent's: rows and columns of grid and tables.
    pub states: (Vec<String>, Vec<String>),
    /// The unit of what is scored on a grid of time.
    pub step: Length,
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
    /// Mutual information of the partners' states at every lag.
    pub mutual_profile: Option<Vec<MutualPoint>>,
    /// Coherence of the partners' values at every frequency.
    pub coherence: Option<Vec<CoherencePoint>>,
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
///
/// # Example
/// Four seconds, infant `MMPP`, parent `MPPP`: all but the second one match.
/// ```
/// use scoring::{EpisodeWindow, MatchRelation, Recording, ScoreSettings, StateSeries, Subject, TrackSeries, score};
/// use span::{Length, Span, SpanSet};
///
/// let coded = |subject, text| TrackSeries {
///     subject,
///     channel: "engagement".to_owned(),
///     series: StateSeries::from_text(["M", "P"], text, Length::SECOND),
/// };
/// let recording = Recording {
///     tracks: vec![coded(Subject::Infant, "MMPP"), coded(Subject::Parent, "MPPP")],
///     episodes: vec![EpisodeWindow {
///         name: "play".to_owned(),
///         kind: "play".to_owned(),
///         span: Span::from_micros(0, 4_000_000).expect("four seconds"),
///     }],
///     excluded: SpanSet::new(),
///     engagement: Vec::new(),
///     relation: MatchRelation::equality(&["M", "P"].map(str::to_owned)),
///     frame: None,
/// };
/// let play = &score(&recording, &ScoreSettings::default()).episodes[0];
/// assert_eq!(play.scores.number("match.proportion"), Some(0.75));
/// assert_eq!(play.scores.number("repair.latency.mean"), Some(1.0)); // seconds
/// // what M and P mean was not said
/// let monitoring = play.scores.get("match.proportion.mon").expect("every score is there");
/// assert_eq!((monitoring.number(), monitoring.why()), (None, Some("no infant state of type MON")));
/// ```
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
///
/// # Example
/// As for [`score`]: three of four seconds match. What takes longer is not there.
/// ```
/// # use scoring::{ScoreSettings, quick_scores};
/// # use scoring::{EpisodeWindow, MatchRelation, Recording, StateSeries, Subject, TrackSeries};
/// # use span::{Length, Span, SpanSet};
/// # let coded = |subject, text| TrackSeries {
/// #     subject,
/// #     channel: "engagement".to_owned(),
/// #     series: StateSeries::from_text(["M", "P"], text, Length::SECOND),
/// # };
/// # let recording = Recording {
/// #     tracks: vec![coded(Subject::Infant, "MMPP"), coded(Subject::Parent, "MPPP")],
/// #     episodes: vec![EpisodeWindow {
/// #         name: "play".to_owned(),
/// #         kind: "play".to_owned(),
/// #         span: Span::from_micros(0, 4_000_000).expect("four seconds"),
/// #     }],
/// #     excluded: SpanSet::new(),
/// #     engagement: Vec::new(),
/// #     relation: MatchRelation::equality(&["M", "P"].map(str::to_owned)),
/// #     frame: None,
/// # };
/// let play = &quick_scores(&recording, &ScoreSettings::default()).episodes[0];
/// assert_eq!(play.scores.number("match.proportion"), Some(0.75));
/// assert!(play.scores.get("information.mutual").is_none());
/// ```
#[must_use]
pub fn quick_scores(recording: &Recording, settings: &ScoreSettings) -> Scores {
    Scorer::new(recording, settings).quick()
}

/// The scores that take longer: pre-whitened and windowed correlation, prediction, information, recurrence, Granger's test,
/// coherence, tables cell by cell, and what chance gives.
///
/// `goes_on` is called between any two steps with the share that is done, 0 to 1, perhaps from several threads; once it says `false`, the
/// rest is left and the result is `None`.
///
/// # Example
/// As for [`score`]: 1 bit of the infant, 0.8112781 of the parent, 1.5 of both together.
/// ```
/// # use scoring::{ScoreSettings, quick_scores, slow_scores};
/// # use scoring::{EpisodeWindow, MatchRelation, Recording, StateSeries, Subject, TrackSeries};
/// # use span::{Length, Span, SpanSet};
/// # let coded = |subject, text| TrackSeries {
/// #     subject,
/// #     channel: "engagement".to_owned(),
/// #     series: StateSeries::from_text(["M", "P"], text, Length::SECOND),
/// # };
/// # let recording = Recording {
/// #     tracks: vec![coded(Subject::Infant, "MMPP"), coded(Subject::Parent, "MPPP")],
/// #     episodes: vec![EpisodeWindow {
/// #         name: "play".to_owned(),
/// #         kind: "play".to_owned(),
/// #         span: Span::from_micros(0, 4_000_000).expect("four seconds"),
/// #     }],
/// #     excluded: SpanSet::new(),
/// #     engagement: Vec::new(),
/// #     relation: MatchRelation::equality(&["M", "P"].map(str::to_owned)),
/// #     frame: None,
/// # };
/// let settings = ScoreSettings::default();
/// let slow = slow_scores(&recording, &settings, &|_| true).expect("nobody stopped it");
/// let bits = slow.episodes[0].scores.number("information.mutual").expect("four units");
/// assert!((bits - 0.311_278_1).abs() < 1e-7);
/// assert_eq!(slow_scores(&recording, &settings, &|_| false), None);
///
/// // both together are what `score` gives
/// let mut both = quick_scores(&recording, &settings);
/// both.add(slow);
/// assert_eq!(both.episodes[0].scores.number("information.mutual"), Some(bits));
/// ```
#[must_use]
pub fn slow_scores(
    recording: &Recording,
    settings: &ScoreSettings,
    goes_on: &(dyn Fn(f64) -> bool + Sync),
) -> Option<SlowScores> {
    Scorer::new(recording, settings).slow(goes_on)
}

impl Scores {
    /// The hash of everything that the scores went by: BLAKE3 of the settings' hash and of [`resolved`](Self::resolved) as JSON without
    /// spaces, in hexadecimal. Where it is the same, so are the relation, the values, the rules and every setting.
    ///
    /// ```
    /// use scoring::{MatchRelation, Recording, ScoreSettings, quick_scores};
    ///
    /// let with = |pairs: &[(&str, &str)]| {
    ///     let pairs = pairs.iter().map(|(infant, parent)| ((*infant).to_owned(), (*parent).to_owned())).collect();
    ///     let relation = MatchRelation::new("same state", pairs);
    ///     let (tracks, episodes, excluded, engagement) = Default::default();
    ///     Recording { tracks, episodes, excluded, engagement, relation, frame: None }
    /// };
    /// let hash = |recording: &Recording| quick_scores(recording, &ScoreSettings::default()).hash();
    /// let (strict, loose) = (with(&[("POS", "POS")]), with(&[("POS", "POS"), ("MON", "POS")]));
    /// assert_eq!(hash(&strict), hash(&strict.clone()));
    /// assert_ne!(hash(&strict), hash(&loose), "two schemes, one set of settings");
    /// ```
    #[must_use]
    pub fn hash(&self) -> String {
        let resolved = serde_json::to_string(&self.resolved).expect("relations and rules are text and finite numbers");
        blake3::hash(format!("{}{resolved}", self.settings_hash).as_bytes()).to_hex().to_string()
    }

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
            (episode.mutual_profile, episode.coherence) = (slow.mutual_profile, slow.coherence);
        }
    }
}

impl EpisodeScores {
    fn empty(episode: &EpisodeWindow, step: Length) -> Self {
        Self {
            name: episode.name.clone(),
            kind: episode.kind.clone(),
            span: episode.span,
            codable: Length::ZERO,
            coded: None,
            states: (Vec::new(), Vec::new()),
            step,
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
            mutual_profile: None,
            coherence: None,
        }
    }
}
