//! What is computed from both partners' series on a grid, beyond correlation at a lag.

use super::{FROM_ZERO, SHARE, ScoreInfo, score};

const CORRELATION: &str = "−1 to 1";
const ANY: &str = "any";
const FLAG: &str = "0 or 1";
const LAG: &str = "−lag.max to lag.max";
const FELDMAN: &str =
    "Feldman (2007), Emotion 7, 601–611, for the steps; the model is fitted by conditional least squares";
const BOKER: &str = "Boker et al. (2002), Psychological Methods 7, 338–355; peaks on the correlations as they are, or smoothed, as wcc.peak says";
const SHANNON: &str = "Shannon (1948), Bell System Technical Journal 27, 379–423";
const SCHREIBER: &str = "Schreiber (2000), Physical Review Letters 85, 461–464";
const MARSCHINSKI: &str = "Marschinski & Kantz (2002), European Physical Journal B 30, 275–281";

/// Lagged correlation of what each partner's own past does not explain.
pub(crate) const PREWHITENED: &[ScoreInfo] = &[
    score(
        "sync.prewhitened.peak",
        "Largest pre-whitened correlation",
        "1",
        CORRELATION,
        "Signed correlation of what each partner's own past does not explain, at the lag where it is largest in size.",
        FELDMAN,
    ),
    score(
        "sync.prewhitened.peak_lag",
        "Time to synchrony",
        "s",
        LAG,
        "That lag; positive: the infant leads, the parent follows.",
        FELDMAN,
    ),
    score(
        "sync.prewhitened.coefficient",
        "Synchrony coefficient",
        "1",
        SHARE,
        "Size of the largest pre-whitened correlation.",
        FELDMAN,
    ),
    score(
        "sync.prewhitened.bound",
        "Bound of chance",
        "1",
        FROM_ZERO,
        "Size that one of twenty pre-whitened correlations of unrelated series exceeds: 1.96 divided by the root of the number of pairs.",
        FELDMAN,
    ),
    score(
        "sync.prewhitened.leads.infant",
        "Infant leads",
        "1",
        FLAG,
        "1 where the largest pre-whitened correlation lies beyond the bound, at a positive lag, and none at a negative lag does; else 0.",
        FELDMAN,
    ),
    score(
        "sync.prewhitened.leads.parent",
        "Parent leads",
        "1",
        FLAG,
        "1 where the largest pre-whitened correlation lies beyond the bound, at a negative lag, and none at a positive lag does; else 0.",
        FELDMAN,
    ),
    score(
        "sync.prewhitened.leads.mutual",
        "Mutual synchrony",
        "1",
        FLAG,
        "1 where correlations lie beyond the bound at lags of both signs and the largest is not at lag 0; else 0.",
        FELDMAN,
    ),
    score(
        "sync.prewhitened.order.infant",
        "Order of the infant's model",
        "1",
        FROM_ZERO,
        "How many of the last units the autoregression has that was taken out of the infant's series.",
        FELDMAN,
    ),
    score(
        "sync.prewhitened.order.parent",
        "Order of the parent's model",
        "1",
        FROM_ZERO,
        "How many of the last units the autoregression has that was taken out of the parent's series.",
        FELDMAN,
    ),
];

/// Correlation in windows that move along.
pub(crate) const WINDOWED: &[ScoreInfo] = &[
    score(
        "sync.windowed.mean_abs_z",
        "Mean windowed correlation",
        "1",
        FROM_ZERO,
        "Mean size of Fisher's z over all windows of wcc.window and all lags.",
        BOKER,
    ),
    score(
        "sync.windowed.peaks",
        "Windows with a peak",
        "1",
        FROM_ZERO,
        "Number of windows in which a correlation near lag 0 is larger than those at its neighbouring lags.",
        BOKER,
    ),
    score("sync.windowed.peak.mean", "Mean peak", "1", CORRELATION, "Mean of the windows' peaks.", BOKER),
    score(
        "sync.windowed.peak.sd",
        "Variation of the peak",
        "1",
        FROM_ZERO,
        "Standard deviation of the windows' peaks.",
        BOKER,
    ),
    score(
        "sync.windowed.peak_lag.mean",
        "Mean lag of the peak",
        "s",
        LAG,
        "Mean lag of the windows' peaks; positive: the infant leads.",
        BOKER,
    ),
    score(
        "sync.windowed.peak_lag.sd",
        "Variation of the lag",
        "s",
        FROM_ZERO,
        "Standard deviation of the lags of the windows' peaks: how much who leads changes.",
        BOKER,
    ),
    score(
        "sync.windowed.lag_change.mean",
        "Mean change of the lag",
        "s",
        FROM_ZERO,
        "Mean size of the difference between the peak lags of neighbouring windows.",
        BOKER,
    ),
    score(
        "sync.windowed.lag_change.sd",
        "Variation of the change of the lag",
        "s",
        FROM_ZERO,
        "Standard deviation of those differences.",
        BOKER,
    ),
];

/// What each partner's states tell about the other's.
pub(crate) const INFORMATION: &[ScoreInfo] = &[
    score(
        "information.entropy.infant",
        "Entropy of the infant's states",
        "bit",
        FROM_ZERO,
        "−Σ p log2 p over the infant's states in the units that are coded by both.",
        SHANNON,
    ),
    score(
        "information.entropy.parent",
        "Entropy of the parent's states",
        "bit",
        FROM_ZERO,
        "−Σ p log2 p over the parent's states in the units that are coded by both.",
        SHANNON,
    ),
    score(
        "information.entropy.joint",
        "Entropy of the pairs of states",
        "bit",
        FROM_ZERO,
        "−Σ p log2 p over the pairs of states in the units that are coded by both.",
        SHANNON,
    ),
    score(
        "information.mutual",
        "Mutual information",
        "bit",
        ANY,
        "How much the state of the one tells about that of the other at the same time; with mi.miller_madow corrected for few units, and then below 0 at times.",
        SHANNON,
    ),
    score(
        "information.mutual.normalised",
        "Mutual information, normalised",
        "1",
        SHARE,
        "Mutual information divided by the mean of both entropies, as the setting mi.norm says.",
        SHANNON,
    ),
    score(
        "information.mutual.peak",
        "Largest mutual information at a lag",
        "bit",
        ANY,
        "Largest mutual information over the lags up to lag.max either way, each over its own pairs of units.",
        SHANNON,
    ),
    score(
        "information.mutual.peak_lag",
        "Lag of the largest mutual information",
        "s",
        LAG,
        "That lag; positive: the infant leads, the parent follows.",
        SHANNON,
    ),
    score(
        "information.mutual.infant_leads",
        "Mutual information where the infant leads",
        "bit",
        ANY,
        "Mean mutual information over the positive lags up to lag.max.",
        SHANNON,
    ),
    score(
        "information.mutual.parent_leads",
        "Mutual information where the parent leads",
        "bit",
        ANY,
        "Mean mutual information over the negative lags up to lag.max.",
        SHANNON,
    ),
    score(
        "information.transfer.infant_to_parent",
        "Transfer entropy, infant to parent",
        "bit",
        FROM_ZERO,
        "How much the infant's last state tells about the parent's next beyond the parent's own last states; too large in short recordings.",
        SCHREIBER,
    ),
    score(
        "information.transfer.parent_to_infant",
        "Transfer entropy, parent to infant",
        "bit",
        FROM_ZERO,
        "How much the parent's last state tells about the infant's next beyond the infant's own last states; too large in short recordings.",
        SCHREIBER,
    ),
    score(
        "information.transfer.net",
        "Net transfer entropy",
        "bit",
        ANY,
        "Transfer entropy from infant to parent minus that from parent to infant.",
        SCHREIBER,
    ),
    score(
        "information.transfer.infant_to_parent.effective",
        "Effective transfer entropy, infant to parent",
        "bit",
        ANY,
        "Transfer entropy from infant to parent minus the mean of that of its surrogates, in which the parent's tracks are moved against the infant's as surrogate.kind says; there is one where the setting surrogates is above 0.",
        MARSCHINSKI,
    ),
    score(
        "information.transfer.parent_to_infant.effective",
        "Effective transfer entropy, parent to infant",
        "bit",
        ANY,
        "Transfer entropy from parent to infant minus the mean of that of its surrogates, in which the parent's tracks are moved against the infant's as surrogate.kind says; there is one where the setting surrogates is above 0.",
        MARSCHINSKI,
    ),
];
