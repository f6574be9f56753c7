//! Every choice that changes a number of agreement, named, with a hash.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use span::Length;

use super::alignment::{AlignRules, Compat};
use super::bootstrap::{BootRules, BootStarts, BootUnit};
use super::gamma::{CodeDistance, GammaRules, Sampler};
use super::time_unit::GapPolicy;
use crate::secs::{self, optional as optional_secs, optional_step, step as step_secs};
use crate::settings::limits::draws;
use crate::settings::{GridRule, IccKLimits, LinMoments, SettingsError, overridden, to_map};

/// Every choice that changes a number of [`agree`](super::agree::agree).
///
/// In files it is one flat object. Two settings give the same numbers for every pair of codings when their [`hash`](Self::hash) is the same.
///
/// # Example
/// ```
/// use scoring::agreement::{gamma::CodeDistance, settings::AgreeSettings, time_unit::GapPolicy};
/// use serde_json::json;
/// use span::Length;
///
/// let overrides = json!({"align.tolerance_s": 0.5, "step_s": 0.25});
/// let settings = AgreeSettings::from_overrides(overrides.as_object().expect("an object"))?;
/// assert_eq!(settings.align_rules().tolerance, Some(Length::from_millis(500)));
/// assert_eq!(settings.boot_rules().block, 40); // 10 s in units of the grid
/// assert_ne!(settings.hash(), AgreeSettings::default().hash());
/// assert_eq!(AgreeSettings::from_overrides(&settings.to_map())?.canonical(), settings.canonical());
/// let more = settings.with_overrides(json!({"ordinal": true, "code.values": {"high": 10}}).as_object().expect("an object"))?;
/// assert_eq!(more.values_of(&["low", "high"].map(str::to_owned)), [0.0, 10.0]);
/// assert_eq!(more.gamma_rules(2).codes, CodeDistance::Ordinal { n_codes: 2 });
/// // time under no mark: left out where everything is coded, a category where nothing need be
/// assert_eq!([true, false].map(|exhaustive| more.gap_policy(exhaustive)), [GapPolicy::Exclude, GapPolicy::Category]);
/// # Ok::<(), scoring::SettingsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgreeSettings {
    /// `step_s`: the unit of time; `null` compares time itself, without a grid.
    #[serde(rename = "step_s", with = "optional_step")]
    pub step: Option<Length>,
    /// `grid.rule`: which state a unit has; `any` gives it several, which no coefficient counts.
    #[serde(rename = "grid.rule", deserialize_with = "one_state_per_unit")]
    pub grid_rule: GridRule,
    /// `tolerance_s`: how early or late a coder may be, for kappa with tolerance; `null` gives none.
    #[serde(rename = "tolerance_s", with = "optional_secs")]
    pub tolerance: Option<Length>,
    /// `gap`: what time under no mark is in statistics of time, where a coder looked; `null` is a category where nothing need be coded, left out
    /// where everything is.
    pub gap: Option<GapPolicy>,
    /// `ordinal`: the codes have an order, so that coefficients with weights make sense.
    pub ordinal: bool,
    /// `code.values`: the numbers that codes stand for, for alpha of an interval scale; a code without one has its place in the order, from 0.
    #[serde(rename = "code.values", deserialize_with = "finite_values")]
    pub code_values: BTreeMap<String, f64>,
    /// `se.iid`: units of the grid have nothing to do with each other, so that standard errors from their number mean something. Never so for
    /// seconds of a recording; without `step_s` there are no units, and no such errors.
    #[serde(rename = "se.iid")]
    pub se_iid: bool,

    /// `align.tolerance_s`: how far apart the onsets of a pair of events may be; `null` asks for their order only.
    #[serde(rename = "align.tolerance_s", with = "optional_secs")]
    pub align_tolerance: Option<Length>,
    /// `align.compat`: what makes two events fit to be a pair.
    #[serde(rename = "align.compat")]
    pub align_compat: Compat,
    /// `align.overlap`: the share of the shorter of two states that must overlap.
    #[serde(rename = "align.overlap", deserialize_with = "share")]
    pub align_overlap: f64,
    /// `align.sub`: the cost of a pair with different codes.
    #[serde(rename = "align.sub")]
    pub align_sub: u32,
    /// `align.gap`: the cost of an event without partner.
    #[serde(rename = "align.gap")]
    pub align_gap: u32,

    /// `boot.block_s`: how long a block of the bootstrap is.
    #[serde(rename = "boot.block_s", with = "step_secs")]
    pub boot_block: Length,
    /// `boot.replicates`: how many times time is drawn anew; 0 gives no limits.
    #[serde(rename = "boot.replicates", deserialize_with = "draws")]
    pub boot_replicates: u32,
    /// `boot.unit`: what is drawn; `null` draws whole sessions where there are at least ten, else blocks within each episode.
    #[serde(rename = "boot.unit")]
    pub boot_unit: Option<BootUnit>,
    /// `boot.starts`: which starts of blocks; `all` tries every choice, and is for checking; there are no limits with it where whole sessions are drawn.
    #[serde(rename = "boot.starts")]
    pub boot_starts: BootStarts,
    /// `boot.floor`: no limits where there is less time than so many blocks.
    #[serde(rename = "boot.floor")]
    pub boot_floor: u32,

    /// `gamma.alpha`: the weight of position.
    #[serde(rename = "gamma.alpha")]
    pub gamma_alpha: f64,
    /// `gamma.beta`: the weight of the code.
    #[serde(rename = "gamma.beta")]
    pub gamma_beta: f64,
    /// `gamma.delta_empty`: how unlike a unit and nothing are.
    #[serde(rename = "gamma.delta_empty")]
    pub gamma_delta_empty: f64,
    /// `gamma.sampler`: how chance is drawn.
    #[serde(rename = "gamma.sampler")]
    pub gamma_sampler: Sampler,
    /// `gamma.samples`: how many times at least; 0 gives no gamma.
    #[serde(rename = "gamma.samples", deserialize_with = "draws")]
    pub gamma_samples: u32,
    /// `gamma.precision`: to which share of itself the mean of chance is known; `null` takes `gamma.samples`.
    #[serde(rename = "gamma.precision", deserialize_with = "optional_share")]
    pub gamma_precision: Option<f64>,

    /// `segment.unit_s`: the unit in which boundaries of segments are compared.
    #[serde(rename = "segment.unit_s", with = "step_secs")]
    pub segment_unit: Length,
    /// `segment.n_t`: boundaries nearer than so many units are the same one, moved.
    #[serde(rename = "segment.n_t", deserialize_with = "from_1_to_1000")]
    pub segment_n_t: u32,
    /// `segment.collar_s`: half of it on either side of the first coder's boundaries is left out of the times in error.
    #[serde(rename = "segment.collar_s", with = "secs")]
    pub segment_collar: Length,

    /// `lin.moments`: by what the moments of Lin's concordance are divided.
    #[serde(rename = "lin.moments")]
    pub lin_moments: LinMoments,
    /// `icc.k_limits`: how the limits of ICC(2,k) are reckoned.
    #[serde(rename = "icc.k_limits")]
    pub icc_k_limits: IccKLimits,

    /// `boris.unit_s`: the time unit of kappa and identity as BORIS.
    #[serde(rename = "boris.unit_s", with = "step_secs")]
    pub boris_unit: Length,
    /// `boris.rounding_s`: to what multiples BORIS's plugins round times.
    #[serde(rename = "boris.rounding_s", with = "step_secs")]
    pub boris_rounding: Length,
    /// `seed`: where random numbers begin.
    pub seed: u64,
}

/// Boundaries farther apart are none of one another's.
fn from_1_to_1000<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        n @ 1..=1000 => Ok(n),
        _ => Err(D::Error::custom("expected a whole number, from 1 to 1000")),
    }
}

fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let share = f64::deserialize(deserializer)?;
    if 0.0 < share && share <= 1.0 { Ok(share) } else { Err(D::Error::custom("expected a number above 0, up to 1")) }
}

fn optional_share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    match Option::<f64>::deserialize(deserializer)? {
        Some(share) if !(0.0 < share && share <= 1.0) => {
            Err(D::Error::custom("expected null, or a number above 0, up to 1"))
        }
        share => Ok(share),
    }
}

/// Values so large that their squares are no numbers would give no alpha.
fn finite_values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, f64>, D::Error> {
    let values = BTreeMap::<String, f64>::deserialize(deserializer)?;
    if values.values().any(|value| value.abs() > 1e100) {
        return Err(D::Error::custom("expected numbers from -1e100 to 1e100"));
    }
    Ok(values)
}

impl Default for AgreeSettings {
    fn default() -> Self {
        let (align, boot, gamma) = (AlignRules::default(), BootRules::default(), GammaRules::default());
        Self {
            step: None,
            grid_rule: GridRule::Instant,
            tolerance: Some(Length::SECOND),
            gap: None,
            ordinal: false,
            code_values: BTreeMap::new(),
            se_iid: false,
            align_tolerance: align.tolerance,
            align_compat: align.compat,
            align_overlap: align.overlap,
            align_sub: align.substitution,
            align_gap: align.gap,
            boot_block: Length::from_micros(boot.block),
            boot_replicates: boot.replicates,
            boot_unit: boot.unit,
            boot_starts: boot.starts,
            boot_floor: boot.floor_blocks,
            gamma_alpha: gamma.alpha,
            gamma_beta: gamma.beta,
            gamma_delta_empty: gamma.delta_empty,
            gamma_sampler: gamma.sampler,
            gamma_samples: gamma.samples,
            gamma_precision: gamma.precision,
            segment_unit: Length::SECOND,
            segment_n_t: 2,
            segment_collar: Length::ZERO,
            lin_moments: LinMoments::N,
            icc_k_limits: IccKLimits::SpearmanBrown,
            boris_unit: Length::SECOND,
            boris_rounding: Length::from_millis(1),
            seed: 1,
        }
    }
}

impl AgreeSettings {
    /// The defaults with these replaced.
    ///
    /// # Errors
    /// [`SettingsError`] for a name or a value that does not exist; it says which do.
    pub fn from_overrides(overrides: &Map<String, Value>) -> Result<Self, SettingsError> {
        Self::default().with_overrides(overrides)
    }

    /// The same with these replaced.
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

    /// What time under no mark is, on a channel on which everything is coded or not.
    #[must_use]
    pub fn gap_policy(&self, exhaustive: bool) -> GapPolicy {
        self.gap.unwrap_or(if exhaustive { GapPolicy::Exclude } else { GapPolicy::Category })
    }

    /// The numbers that these codes stand for; the first is the first in the order.
    #[must_use]
    pub fn values_of(&self, codes: &[String]) -> Vec<f64> {
        let value = |(idx, code): (usize, &String)| self.code_values.get(code).copied().unwrap_or(idx as f64);
        codes.iter().enumerate().map(value).collect()
    }

    /// How events are aligned.
    #[must_use]
    pub fn align_rules(&self) -> AlignRules {
        AlignRules {
            tolerance: self.align_tolerance,
            compat: self.align_compat,
            overlap: self.align_overlap,
            substitution: self.align_sub,
            gap: self.align_gap,
        }
    }

    /// How γ of so many codes is computed.
    #[must_use]
    pub fn gamma_rules(&self, n_codes: usize) -> GammaRules {
        GammaRules {
            alpha: self.gamma_alpha,
            beta: self.gamma_beta,
            delta_empty: self.gamma_delta_empty,
            codes: if self.ordinal { CodeDistance::Ordinal { n_codes } } else { CodeDistance::Nominal },
            sampler: self.gamma_sampler,
            samples: self.gamma_samples,
            precision: self.gamma_precision,
            seed: self.seed,
        }
    }

    /// How time is drawn anew: blocks in microseconds, or in units of the grid.
    #[must_use]
    pub fn boot_rules(&self) -> BootRules {
        let block = self.boot_block.micros();
        BootRules {
            block: self.step.map_or(block, |step| (block / step.micros()).max(1)),
            replicates: self.boot_replicates,
            starts: self.boot_starts,
            unit: self.boot_unit,
            floor_blocks: self.boot_floor,
            seed: self.seed,
        }
    }
}

fn one_state_per_unit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<GridRule, D::Error> {
    match GridRule::deserialize(deserializer)? {
        GridRule::Any => {
            Err(D::Error::custom("expected a rule that gives a unit one state: instant, midpoint or majority"))
        }
        rule => Ok(rule),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_survive_their_canonical_form() {
        let overrides =
            json!({"step_s": 0.25, "tolerance_s": null, "gap": "exclude", "gamma.sampler": "shuffle", "seed": 7});
        let settings = AgreeSettings::from_overrides(overrides.as_object().unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<AgreeSettings>(&settings.canonical()).unwrap(), settings);
        assert_ne!(settings.hash(), AgreeSettings::default().hash());
        assert_eq!(settings.boot_rules().block, 40);
        assert_eq!(settings.align_rules().tolerance, Some(Length::SECOND), "kappa and events have each their own");
    }

    #[test]
    fn the_bootstrap_and_the_values_of_codes_can_be_chosen() {
        let overrides = json!({"boot.unit": "block", "boot.starts": "all", "code.values": {"b": 5.0}});
        let settings = AgreeSettings::from_overrides(overrides.as_object().unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<AgreeSettings>(&settings.canonical()).unwrap(), settings);
        let rules = settings.boot_rules();
        assert_eq!((rules.unit, rules.starts), (Some(BootUnit::Block), BootStarts::All));
        assert_eq!(settings.values_of(&["a", "b", "c"].map(str::to_owned)), [0.0, 5.0, 2.0]);
    }

    #[test]
    fn a_block_shorter_than_a_unit_is_one_unit() {
        let overrides = json!({"step_s": 2.0, "boot.block_s": 1.0});
        let settings = AgreeSettings::from_overrides(overrides.as_object().unwrap()).unwrap();
        assert_eq!(settings.boot_rules().block, 1);
    }

    #[test]
    fn what_does_not_exist_is_refused_by_name() {
        let refused =
            |overrides: Value| AgreeSettings::from_overrides(overrides.as_object().unwrap()).unwrap_err().to_string();
        assert!(refused(json!({"tolerance": 1})).starts_with("there is no setting 'tolerance'"));
        assert!(refused(json!({"step_s": 0})).starts_with("setting 'step_s' cannot be 0"));
        assert!(refused(json!({"segment.n_t": 0})).contains("from 1 to 1000"));
        assert!(refused(json!({"align.overlap": -1})).contains("above 0, up to 1"));
        assert!(refused(json!({"gamma.precision": 0})).contains("above 0, up to 1"));
        assert!(refused(json!({"code.values": {"a": 1e101}})).contains("from -1e100"));
        assert!(refused(json!({"grid.rule": "any"})).contains("instant, midpoint or majority"));
    }
}
