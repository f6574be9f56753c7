//! Every choice that changes a number, named, with a hash.

mod behaviours;
mod choices;
mod floors;
pub(crate) mod limits;
mod overrides;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use span::Length;

use crate::contingency::weighted::Trend;
use crate::information::mutual::MutualNorm;
use crate::relation::StatePair;
use crate::secs::{self, optional as optional_secs, optional_step, step as step_secs};
use crate::state_space::GridRows;
use crate::{StateType, StateTypes};

pub use behaviours::{Behaviours, CodesOf};
pub use choices::*;
pub use overrides::SettingsError;
pub(crate) use overrides::{overridden, to_map};

use limits::{draws, from_1_to_100, score_ids, up_to_100, up_to_a_million, weights};

/// Every choice that changes a number.
///
/// In files it is one flat object. Numbers whose name does not say otherwise are seconds. Two settings give the same numbers
/// for every recording when their [`hash`](Self::hash) is the same.
///
/// # Example
/// ```
/// use scoring::ScoreSettings;
/// use scoring::settings::NegNeg;
/// use serde_json::json;
///
/// let overrides = json!({"neg_neg": "match", "lag.max": 3});
/// let settings = ScoreSettings::from_overrides(overrides.as_object().expect("an object"))?;
/// assert_eq!((settings.neg_neg, settings.lag_max.as_secs()), (NegNeg::Match, 3.0));
/// assert_ne!(settings.hash(), ScoreSettings::default().hash());
/// assert_eq!(settings.to_map()["neg_neg"], json!("match"));
/// // what is written and read again is the same, to the letter
/// let again = ScoreSettings::from_overrides(&settings.to_map())?;
/// assert_eq!((again.canonical(), again.hash()), (settings.canonical(), settings.hash()));
/// // a session's settings over those of its scheme
/// let both = settings.with_overrides(json!({"lag.max": 4}).as_object().expect("an object"))?;
/// assert_eq!((both.neg_neg, both.lag_max.as_secs()), (NegNeg::Match, 4.0));
/// let wrong = ScoreSettings::from_overrides(json!({"lag_max": 3}).as_object().expect("an object"));
/// assert!(wrong.unwrap_err().to_string().starts_with("there is no setting 'lag_max'"));
/// # Ok::<(), scoring::SettingsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreSettings {
    /// `match`: the (infant, parent) pairs that match, in place of the scheme's relation.
    #[serde(rename = "match")]
    pub match_pairs: Option<Vec<StatePair>>,
    /// `match.relation`: which relation that is, where `match` gives none.
    #[serde(rename = "match.relation")]
    pub match_relation: MatchVariant,
    /// `missing`: codes under which time is missing, on every track.
    pub missing: Vec<String>,
    /// `engagement`: where the states of engagement come from.
    pub engagement: EngagementSource,
    /// `valence`: what the codes of an affect track mean; a code that is left out has no valence.
    pub valence: BTreeMap<String, StateType>,
    /// `state.types`: types of states whose names do not say it, such as `{"N": "NEG"}`.
    #[serde(rename = "state.types")]
    pub state_types: StateTypes,
    /// `state.values`: values of states for correlations, in place of the scheme's.
    #[serde(rename = "state.values")]
    pub state_values: BTreeMap<String, f64>,

    /// `neg_neg`: what both being negative is.
    pub neg_neg: NegNeg,
    /// `min_mismatch`: a mismatch shorter than this between two matches counts as match.
    #[serde(with = "secs")]
    pub min_mismatch: Length,
    /// `rupture.variant`: which mismatches are counted as ruptures.
    #[serde(rename = "rupture.variant")]
    pub rupture_variant: RuptureVariant,
    /// `repair.of`: which returns to match are counted as repairs.
    #[serde(rename = "repair.of")]
    pub repair_of: RepairOf,
    /// `repair.mode`: are match, rupture and repair scored to the tick, or in units of `grid.step` by `grid.rule`? Their list of mismatches
    /// and what is drawn of them follow it.
    #[serde(rename = "repair.mode")]
    pub repair_mode: RepairMode,
    /// `simul_tol`: changes no further apart are simultaneous; `null` is one frame, 40 ms without video.
    #[serde(with = "optional_secs")]
    pub simul_tol: Option<Length>,

    /// `km.median`: the median where survival is one half over a stretch.
    #[serde(rename = "km.median")]
    pub km_median: KmMedian,
    /// `km.limits_at_zero`: the limits where survival is zero.
    #[serde(rename = "km.limits_at_zero")]
    pub km_limits_at_zero: KmLimitsAtZero,
    /// `km.tau`: up to when the restricted mean looks: seconds, or `last` for the longest time.
    #[serde(rename = "km.tau")]
    pub km_tau: KmTau,

    /// `grid.step`: the unit of scores on a grid.
    #[serde(rename = "grid.step", with = "step_secs")]
    pub grid_step: Length,
    /// `grid.rule`: which state a unit has.
    #[serde(rename = "grid.rule")]
    pub grid_rule: GridRule,
    /// `grid.rows`: whose states come first in the ids of the state space grid's cells.
    #[serde(rename = "grid.rows")]
    pub grid_rows: GridRows,
    /// `grid.region`: (infant, parent) pairs of states, the cells of a region of the state space grid.
    #[serde(rename = "grid.region")]
    pub grid_region: Vec<StatePair>,
    /// `lag.max`: the largest lag, either way.
    #[serde(rename = "lag.max", with = "secs")]
    pub lag_max: Length,
    /// `lag.inside_missing`: what missing time between the two ends of a lag does to the pair, in correlations at a lag and in tables of what
    /// of the other follows.
    #[serde(rename = "lag.inside_missing")]
    pub lag_inside_missing: InsideMissing,
    /// `ccf.estimator`: how correlation at a lag is estimated.
    #[serde(rename = "ccf.estimator")]
    pub ccf_estimator: CcfEstimator,
    /// `prewhiten.model`: what a partner's own past is modelled by.
    #[serde(rename = "prewhiten.model")]
    pub prewhiten_model: PrewhitenModel,
    /// `prewhiten.order`: how many past values: a number, or `aic` for the best up to `prewhiten.p_max`.
    #[serde(rename = "prewhiten.order")]
    pub prewhiten_order: PrewhitenOrder,
    /// `prewhiten.p_max`: the largest order that is tried.
    #[serde(rename = "prewhiten.p_max", deserialize_with = "up_to_100")]
    pub prewhiten_p_max: usize,
    /// `prewhiten.filter`: whose model filters whom.
    #[serde(rename = "prewhiten.filter")]
    pub prewhiten_filter: PrewhitenFilter,
    /// `recurrence.lmin`: how many units make a diagonal line of a recurrence plot.
    #[serde(rename = "recurrence.lmin")]
    pub recurrence_lmin: u32,
    /// `recurrence.vmin`: how many units make a vertical or horizontal one.
    #[serde(rename = "recurrence.vmin")]
    pub recurrence_vmin: u32,
    /// `profile.missing`: what missing units are in the diagonal profile.
    #[serde(rename = "profile.missing")]
    pub profile_missing: ProfileMissing,
    /// `wcc.window`: the length of a window of windowed correlation.
    #[serde(rename = "wcc.window", with = "step_secs")]
    pub wcc_window: Length,
    /// `wcc.increment`: from one window to the next; at least one unit of the grid.
    #[serde(rename = "wcc.increment", with = "step_secs")]
    pub wcc_increment: Length,
    /// `wcc.max_lag`: the largest lag of windowed correlation, either way; `null` is `lag.max`.
    #[serde(rename = "wcc.max_lag", with = "optional_secs")]
    pub wcc_max_lag: Option<Length>,
    /// `wcc.lag_increment`: from one lag to the next; `null` is one unit of the grid, and it is never less.
    #[serde(rename = "wcc.lag_increment", with = "optional_step")]
    pub wcc_lag_increment: Option<Length>,
    /// `wcc.min_pairs`: with fewer pairs of units a window has no correlation.
    #[serde(rename = "wcc.min_pairs")]
    pub wcc_min_pairs: usize,
    /// `wcc.peak`: how the peak of a window is picked.
    #[serde(rename = "wcc.peak")]
    pub wcc_peak: WindowedPeak,
    /// `wcc.halfwidth`: how many lags to either side a peak of `raw` is compared with.
    #[serde(rename = "wcc.halfwidth")]
    pub wcc_halfwidth: usize,
    /// `wcc.search`: after how many half lags without a larger correlation the search of `boker` ends.
    #[serde(rename = "wcc.search", deserialize_with = "from_1_to_100")]
    pub wcc_search: usize,
    /// `strip.step_s`: the unit of the strip.
    #[serde(rename = "strip.step_s", with = "step_secs")]
    pub strip_step: Length,
    /// `strip.window_s`: the window of the strip.
    #[serde(rename = "strip.window_s", with = "step_secs")]
    pub strip_window: Length,

    /// `mi.norm`: by what mutual information is divided.
    #[serde(rename = "mi.norm")]
    pub mi_norm: MutualNorm,
    /// `mi.miller_madow`: is the correction of Miller and Madow for few units added to mutual information, at lag 0 and at the others? The
    /// normalised form and the entropies go without.
    #[serde(rename = "mi.miller_madow")]
    pub mi_miller_madow: bool,
    /// `te.history`: how many of the target's own last states transfer entropy knows.
    #[serde(rename = "te.history", deserialize_with = "up_to_100")]
    pub te_history: usize,
    /// `granger.order`: how many last values of each Granger's test knows: a number from 1, or `aic` for the best up to `granger.p_max`.
    #[serde(rename = "granger.order")]
    pub granger_order: PrewhitenOrder,
    /// `granger.p_max`: the largest order that is tried.
    #[serde(rename = "granger.p_max", deserialize_with = "up_to_100")]
    pub granger_p_max: usize,
    /// `coherence.segment`: the length of a segment of Welch's method.
    #[serde(rename = "coherence.segment", with = "step_secs")]
    pub coherence_segment: Length,

    /// `contingency.form`: how the last units are told to self- and interactive contingency.
    #[serde(rename = "contingency.form")]
    pub contingency_form: ContingencyForm,
    /// `contingency.order`: with `lags`, how many of the last units.
    #[serde(rename = "contingency.order", deserialize_with = "from_1_to_100")]
    pub contingency_order: usize,
    /// `contingency.weights`: how much the last units count in self- and interactive contingency, the latest first.
    #[serde(rename = "contingency.weights", deserialize_with = "weights")]
    pub contingency_weights: Vec<f64>,
    /// `contingency.trend`: whether time itself is a predictor in them.
    #[serde(rename = "contingency.trend")]
    pub contingency_trend: Trend,
    /// `contingency.given`: what of each partner the other responds to: for a subject its `channel` and `codes`; `null` is positive
    /// engagement.
    #[serde(rename = "contingency.given")]
    pub contingency_given: Behaviours,
    /// `contingency.response`: likewise, what of each partner is a response.
    #[serde(rename = "contingency.response")]
    pub contingency_response: Behaviours,
    /// `contingency.window_s`: how long after the one the other is a response.
    #[serde(rename = "contingency.window_s", with = "step_secs")]
    pub contingency_window: Length,
    /// `responsiveness.window_s`: how long after an onset the other's onset answers it; `null` is `contingency.window_s`.
    #[serde(rename = "responsiveness.window_s", with = "optional_step")]
    pub responsiveness_window: Option<Length>,
    /// `sequential.lag_s`: how much later the target is in tables of which state follows which.
    #[serde(rename = "sequential.lag_s", with = "secs")]
    pub sequential_lag: Length,
    /// `sequential.form`: what the sequence of one partner's own states is made of.
    #[serde(rename = "sequential.form")]
    pub sequential_form: SequenceForm,
    /// `sequential.lag_events`: with `events`, how many events later the target is.
    #[serde(rename = "sequential.lag_events", deserialize_with = "from_1_to_100")]
    pub sequential_lag_events: usize,
    /// `structural_z`: the adjusted residuals of tables in which no code follows itself.
    pub structural_z: StructuralZ,
    /// `haldane`: when one half is added to the cells of a 2×2 table.
    pub haldane: Haldane,

    /// `cycle.distress`: codes of the infant's affect that are distress.
    #[serde(rename = "cycle.distress")]
    pub cycle_distress: Vec<String>,
    /// `cycle.sensing`: codes of the parent's gaze that are sensing.
    #[serde(rename = "cycle.sensing")]
    pub cycle_sensing: Vec<String>,
    /// `cycle.answer`: for each of the parent's channels, codes whose onset is an answer.
    #[serde(rename = "cycle.answer")]
    pub cycle_answer: BTreeMap<String, Vec<String>>,
    /// `cycle.window_s`: how long after the onset of distress an answer counts.
    #[serde(rename = "cycle.window_s", with = "step_secs")]
    pub cycle_window: Length,
    /// `cycle.min_distress_s`: shorter distress is none.
    #[serde(rename = "cycle.min_distress_s", with = "secs")]
    pub cycle_min_distress: Length,
    /// `cycle.settle_hold_s`: a pause shorter than this does not end distress.
    #[serde(rename = "cycle.settle_hold_s", with = "secs")]
    pub cycle_settle_hold: Length,

    /// `looking.infant`: codes of the infant's gaze that are looking at the parent.
    #[serde(rename = "looking.infant")]
    pub looking_infant: Vec<String>,
    /// `looking.parent`: codes of the parent's gaze that are looking at the infant.
    #[serde(rename = "looking.parent")]
    pub looking_parent: Vec<String>,
    /// `looking.dyad`: codes of the dyad's gaze that are eye contact, for schemes in which a partner's gaze is no channel.
    #[serde(rename = "looking.dyad")]
    pub looking_dyad: Vec<String>,

    /// `surrogates`: with how many sets of tracks moved apart each score is compared, to see what chance gives: 199 while looking, 999 in a
    /// report; 0 is no comparison.
    #[serde(deserialize_with = "up_to_a_million")]
    pub surrogates: usize,
    /// `surrogate.kind`: how the parent's tracks are moved against the infant's.
    #[serde(rename = "surrogate.kind")]
    pub surrogate_kind: SurrogateKind,
    /// `surrogate.shifts`: are all shifts tried where there are few, whatever `surrogates` says?
    #[serde(rename = "surrogate.shifts")]
    pub surrogate_shifts: SurrogateShifts,
    /// `surrogate.guard`: no shift is smaller; `null` is `lag.max`.
    #[serde(rename = "surrogate.guard", with = "optional_secs")]
    pub surrogate_guard: Option<Length>,
    /// `surrogate.segment`: the length of a segment that is moved.
    #[serde(rename = "surrogate.segment", with = "step_secs")]
    pub surrogate_segment: Length,
    /// `surrogate.of`: the ids of the scores that are compared; none named: all that depend on both partners.
    #[serde(rename = "surrogate.of", deserialize_with = "score_ids")]
    pub surrogate_of: Vec<String>,
    /// `boot.replicates`: over how many drawings of blocks of time proportions vary, for their limits: 999; 0 gives no limits.
    #[serde(rename = "boot.replicates", deserialize_with = "draws")]
    pub boot_replicates: u32,
    /// `boot.block_s`: how long such a block is.
    #[serde(rename = "boot.block_s", with = "step_secs")]
    pub boot_block: Length,
    /// `seed`: where random numbers begin.
    pub seed: u64,

    /// `floor.codable_s`: below it a panel writes "not enough yet" beside the number. Changes no number.
    #[serde(rename = "floor.codable_s", with = "secs")]
    pub floor_codable: Length,
    /// `floor.mismatches`: likewise, in mismatch episodes.
    #[serde(rename = "floor.mismatches")]
    pub floor_mismatches: u32,
    /// `floor.lag_pairs`: likewise, in pairs of units under a correlation.
    #[serde(rename = "floor.lag_pairs")]
    pub floor_lag_pairs: u32,
    /// `floor.prewhiten_s`: likewise, of coded time under a pre-whitened correlation.
    #[serde(rename = "floor.prewhiten_s", with = "secs")]
    pub floor_prewhiten: Length,
    /// `floor.regression_rows`: likewise, in units with a complete past under self- and interactive contingency.
    #[serde(rename = "floor.regression_rows")]
    pub floor_regression_rows: u32,
    /// `floor.granger_units`: likewise, in units with a complete past under Granger's test.
    #[serde(rename = "floor.granger_units")]
    pub floor_granger_units: u32,
}

impl Default for ScoreSettings {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let secs = |secs: i64| Length::SECOND.times(secs);
        Self {
            match_pairs: None,
            match_relation: MatchVariant::Scheme,
            missing: Vec::new(),
            engagement: EngagementSource::Rules,
            valence: [("negative", StateType::Neg), ("neutral", StateType::Neu), ("positive", StateType::Pos)]
                .map(|(code, valence)| (code.to_owned(), valence))
                .into(),
            state_types: StateTypes::default(),
            state_values: BTreeMap::new(),
            neg_neg: NegNeg::NotTarget,
            min_mismatch: Length::ZERO,
            rupture_variant: RuptureVariant::A,
            repair_of: RepairOf::Episodes,
            repair_mode: RepairMode::Exact,
            simul_tol: None,
            km_median: KmMedian::First,
            km_limits_at_zero: KmLimitsAtZero::Zero,
            km_tau: KmTau::At(secs(30)),
            grid_step: secs(1),
            grid_rule: GridRule::Instant,
            grid_rows: GridRows::Infant,
            grid_region: Vec::new(),
            lag_max: secs(5),
            lag_inside_missing: InsideMissing::Ignore,
            ccf_estimator: CcfEstimator::Pairwise,
            prewhiten_model: PrewhitenModel::Ar,
            prewhiten_order: PrewhitenOrder::Aic,
            prewhiten_p_max: 5,
            prewhiten_filter: PrewhitenFilter::Own,
            recurrence_lmin: 2,
            recurrence_vmin: 2,
            profile_missing: ProfileMissing::Counts,
            wcc_window: secs(20),
            wcc_increment: secs(1),
            wcc_max_lag: None,
            wcc_lag_increment: None,
            wcc_min_pairs: 6,
            wcc_peak: WindowedPeak::Raw,
            wcc_halfwidth: 1,
            wcc_search: 8,
            strip_step: Length::from_millis(250),
            strip_window: secs(10),
            mi_norm: MutualNorm::Sqrt,
            mi_miller_madow: false,
            te_history: 1,
            granger_order: PrewhitenOrder::Aic,
            granger_p_max: 5,
            coherence_segment: secs(30),
            contingency_form: ContingencyForm::Weighted,
            contingency_order: 3,
            contingency_weights: vec![3.0, 2.0, 1.0],
            contingency_trend: Trend::None,
            contingency_given: Behaviours::default(),
            contingency_response: Behaviours::default(),
            contingency_window: secs(3),
            responsiveness_window: None,
            sequential_lag: secs(1),
            sequential_form: SequenceForm::Events,
            sequential_lag_events: 1,
            structural_z: StructuralZ::Adjusted,
            haldane: Haldane::WhenZero,
            cycle_distress: words(&["negative"]),
            cycle_sensing: words(&["infant_face"]),
            cycle_answer: [
                ("affect", words(&["positive", "neutral"])),
                ("gaze", words(&["infant_face"])),
                ("touch", words(&["affectionate", "static"])),
            ]
            .map(|(channel, codes)| (channel.to_owned(), codes))
            .into(),
            cycle_window: secs(3),
            cycle_min_distress: Length::ZERO,
            cycle_settle_hold: Length::ZERO,
            looking_infant: words(&["partner"]),
            looking_parent: words(&["infant_face"]),
            looking_dyad: words(&["dec"]),
            surrogates: 0,
            surrogate_kind: SurrogateKind::CircularShift,
            surrogate_shifts: SurrogateShifts::All,
            surrogate_guard: None,
            surrogate_segment: secs(30),
            surrogate_of: Vec::new(),
            boot_replicates: 0,
            boot_block: secs(10),
            seed: 1,
            floor_codable: secs(30),
            floor_mismatches: 3,
            floor_lag_pairs: 20,
            floor_prewhiten: secs(50),
            floor_regression_rows: 30,
            floor_granger_units: 60,
        }
    }
}

impl ScoreSettings {
    /// The defaults with these replaced.
    ///
    /// # Errors
    /// [`SettingsError`] for a name or a value that does not exist; it says which do.
    pub fn from_overrides(overrides: &Map<String, Value>) -> Result<Self, SettingsError> {
        Self::default().with_overrides(overrides)
    }

    /// The same with these replaced: a session's settings over its scheme's.
    ///
    /// # Errors
    /// [`SettingsError`] for a name or a value that does not exist; it says which do.
    pub fn with_overrides(&self, overrides: &Map<String, Value>) -> Result<Self, SettingsError> {
        overridden(self, overrides)
    }

    /// Every setting by its name, sorted.
    #[must_use]
    pub fn to_map(&self) -> Map<String, Value> {
        to_map(self)
    }

    /// The canonical form: JSON without spaces, every setting, sorted by name.
    #[must_use]
    pub fn canonical(&self) -> String {
        Value::Object(self.to_map()).to_string()
    }

    /// BLAKE3 of the canonical form, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        blake3::hash(self.canonical().as_bytes()).to_hex().to_string()
    }
}
