//! What is computed from both partners' series on a grid, beyond correlation at a lag.

use super::{FROM_ZERO, SHARE, ScoreInfo, score};

const CORRELATION: &str = "−1 to 1";
const LAG: &str = "−lag.max to lag.max";
const FELDMAN: &str =
    "Feldman (2007), Emotion 7, 601–611, for the steps; the model is fitted by conditional least squares";
const BOKER: &str =
    "Boker et al. (2002), Psychological Methods 7, 338–355, with peaks picked on the correlations as they are";
const SHANNON: &str = "Shannon (1948), Bell System Technical Journal 27, 379–423";
const SCHREIBER: &str = "Schreiber (2000), Physical Review Letters 85, 461–464";

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
        "information.mutual",
        "Mutual information",
        "1",
        FROM_ZERO,
        "How much the state of the one tells about that of the other at the same time, in bits.",
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
        "information.transfer.infant_to_parent",
        "Transfer entropy, infant to parent",
        "1",
        FROM_ZERO,
        "How much the infant's last state tells about the parent's next beyond the parent's own last states, in bits; too large in short recordings.",
        SCHREIBER,
    ),
    score(
        "information.transfer.parent_to_infant",
        "Transfer entropy, parent to infant",
        "1",
        FROM_ZERO,
        "How much the parent's last state tells about the infant's next beyond the infant's own last states, in bits; too large in short recordings.",
        SCHREIBER,
    ),
    score(
        "information.transfer.net",
        "Net transfer entropy",
        "1",
        "any",
        "Transfer entropy from infant to parent minus that from parent to infant, in bits.",
        SCHREIBER,
    ),
];
