//! The words that settings can have.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use span::Length;

use crate::secs;

/// Where the states of engagement come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngagementSource {
    /// A track of engagement where there is one, else the scheme's rules.
    Rules,
    /// Affect alone: POS, NEU or NEG whatever the gaze; same valence is a match.
    AffectOnly,
}

/// Which pairs match. `same_state`, `positive` and `loose` go by the types of the states, whatever a scheme calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchVariant {
    /// Those that the scheme lists.
    Scheme,
    /// Both positive, both monitoring, both neutral, both negative, or with the object that the scheme calls shared.
    SameState,
    /// Both positive, and nothing else.
    Positive,
    /// The same valence of affect, whatever the gaze.
    Valence,
    /// Both looking at the partner: codes as in `looking.infant` and `looking.parent`, or of both at once as in `looking.dyad`. The
    /// latter does not say who looks away: then only match, rupture and repair are scored, and every change is joint.
    Gaze,
    /// The same state, or the infant monitors while the parent is positive.
    Loose,
}

/// What it is when both partners are negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NegNeg {
    /// A match, where the relation says so; but going there is no repair and leaving it no rupture.
    NotTarget,
    /// An ordinary match, where the relation says so.
    Match,
    /// A mismatch, whatever the relation says.
    Mismatch,
}

/// Which mismatches are counted as ruptures. All begin out of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuptureVariant {
    /// Every one.
    A,
    /// Those in which a partner is negative at some time.
    B,
    /// Those at whose onset a partner is negative.
    B0,
    /// Those at least as long as `min_mismatch`.
    C,
}

/// Which returns to match are counted as repairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairOf {
    /// Every one.
    Episodes,
    /// Those of mismatches that began out of a match.
    Ruptures,
}

/// How finely match, rupture and repair are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairMode {
    /// To the tick.
    Exact,
    /// In units of the grid; changes in one unit are simultaneous and no others.
    Grid,
}

/// The quantile of survival where it is met exactly over a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KmMedian {
    /// The first time.
    First,
    /// The middle of the stretch, as R does.
    Midpoint,
}

/// The limits of survival where it is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KmLimitsAtZero {
    /// Both zero.
    Zero,
    /// None, as R does.
    Absent,
}

/// Up to when the restricted mean looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KmTau {
    /// This long.
    At(Length),
    /// Up to the longest time.
    Last,
}

/// Which state a unit of a grid has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridRule {
    /// The state at its start.
    Instant,
    /// The state at its middle.
    Midpoint,
    /// The state that holds longest in it; of equals the one reached first.
    Majority,
    /// Every state that holds in it for a tick: for match, rupture and repair. What needs one state per unit is absent.
    Any,
}

/// How correlation at a lag is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CcfEstimator {
    /// Pearson's r over the pairs at this lag, with their own means.
    Pairwise,
    /// With the means and standard deviations of the whole series, divided by their length, as R's `ccf`.
    Global,
}

/// What a series' own past is modelled by, to take it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrewhitenModel {
    /// An autoregression, by conditional least squares.
    Ar,
    /// ARMA(1,1), by exact likelihood: for comparison with other programs.
    Arma11,
}

/// How many past values an autoregression has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrewhitenOrder {
    /// As many as Akaike's criterion likes best.
    Aic,
    /// This many.
    Fixed(usize),
}

/// Whose model filters whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrewhitenFilter {
    /// Each its own, as Feldman does.
    Own,
    /// The first series' model filters both, as Box and Jenkins do.
    First,
}

/// What missing units are in the diagonal profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileMissing {
    /// Not recurrent, and part of the denominator.
    Counts,
    /// Left out.
    Dropped,
}

/// When one half is added to all cells of a 2×2 table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Haldane {
    /// When a cell is zero.
    WhenZero,
    /// Always.
    Always,
    /// Never: with a zero cell there is no odds ratio, or no logarithm of it.
    Never,
}

/// The limits of the agreement of the mean of all coders, ICC(2,k).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IccKLimits {
    /// Those of one coder's agreement, carried over by Spearman and Brown's formula, as `psych` and `pingouin`.
    SpearmanBrown,
    /// With degrees of freedom from the mean's own correlation, as R's `irr::icc`.
    OfMean,
}

/// By what the moments of Lin's concordance are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinMoments {
    /// By n, as Lin has it.
    #[serde(rename = "n")]
    N,
    /// By n − 1.
    #[serde(rename = "n-1")]
    NMinusOne,
}

/// The adjusted residuals of a table in which no code follows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StructuralZ {
    /// With the correction for the cells that are zero by design.
    Adjusted,
    /// None: other programs leave them out.
    None,
}

/// What missing time between the two ends of a lag does to the pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InsideMissing {
    /// Nothing: both ends are known.
    Ignore,
    /// It drops the pair, whichever partner it is missing for.
    Break,
}

/// What the sequence of one partner's states is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SequenceForm {
    /// Units of `grid.step`, of which the next may hold the same state; the target is `sequential.lag_s` later.
    Time,
    /// States one after another, however long each lasts; the target is `sequential.lag_events` later. The next is never the same.
    Events,
}

/// How the recent past is told to self- and interactive contingency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContingencyForm {
    /// As one mean, with `contingency.weights`.
    Weighted,
    /// As separate units, `contingency.order` of them.
    Lags,
}

/// How the peak of a window of correlation is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowedPeak {
    /// The correlation near lag 0 that is larger than its `wcc.halfwidth` neighbours.
    Raw,
    /// Boker's search along a smoothed curve.
    Boker,
}

/// How the parent's tracks are moved against the infant's, all together and by whole units of `grid.step`; or those of others in their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurrogateKind {
    /// In a circle.
    CircularShift,
    /// Segment by segment in another order.
    SegmentShuffle,
    /// Not at all: another dyad's parent takes their place. Needs several recordings; within one there is no baseline.
    PseudoDyads,
}

/// Which shifts are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurrogateShifts {
    /// All where there are no more than 5,000, else as many as `surrogates` says.
    All,
    /// As many as `surrogates` says, drawn without replacement.
    Drawn,
}

impl Serialize for PrewhitenOrder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Aic => serializer.serialize_str("aic"),
            Self::Fixed(order) => order.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for PrewhitenOrder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let order = value.as_u64().filter(|order| *order <= 100);
        match (value.as_str(), order) {
            (Some("aic"), _) => Ok(Self::Aic),
            (_, Some(order)) => Ok(Self::Fixed(order as usize)),
            _ => Err(D::Error::custom("expected \"aic\" or a whole number, from 0 to 100")),
        }
    }
}

impl Serialize for KmTau {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(tau) => secs::serialize(tau, serializer),
            Self::Last => serializer.serialize_str("last"),
        }
    }
}

impl<'de> Deserialize<'de> for KmTau {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected seconds or \"last\"")]
        enum Record {
            Secs(f64),
            Word(Last),
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Last {
            Last,
        }
        match Record::deserialize(deserializer)? {
            Record::Secs(secs) => secs::length(secs).map(Self::At),
            Record::Word(Last::Last) => Ok(Self::Last),
        }
    }
}
