//! What is seen of both partners at once: co-regulation, synchrony, looking, valence.

use super::{FROM_ZERO, OWN, SHARE, ScoreInfo, score};

const CORRELATION: &str = "cross-correlation as R's stats::cor on pairwise complete units; Boker et al. (2002), Psychological Methods 7, 338–355, for its use";

/// What needs only both partners' gaze.
pub(crate) const LOOKING: &[ScoreInfo] = &[score(
    "looking.mutual",
    "Looking at each other",
    "1",
    SHARE,
    "Share of the time in which both gazes are coded and both look at the partner's face; where a partner's gaze is no channel, share of the dyad's coded gaze that is eye contact.",
    "Feldman (2007), Emotion 7, 601, gaze synchrony; the codes are settings",
)];

/// What needs only both partners' affect.
pub(crate) const VALENCE: &[ScoreInfo] = &[score(
    "valence.same",
    "Same valence",
    "1",
    SHARE,
    "Share of the time in which both affects are coded and have the same valence.",
    "Weinberg et al. (2006), Journal of Child Psychology and Psychiatry 47, 670; Noe et al. (2015), Psychopathology 48, 173",
)];

/// Derived patterns of co-regulation.
pub(crate) const COREGULATION: &[ScoreInfo] = &[
    score(
        "coreg.shared",
        "Shared engagement",
        "1",
        SHARE,
        "Share of the time coded for both in which both are positive, one is positive and the other monitors, or they share an object.",
        OWN,
    ),
    score(
        "coreg.shared.bouts",
        "Shared engagement: bouts",
        "1",
        FROM_ZERO,
        "Number of maximal stretches of this pattern, those cut off included.",
        OWN,
    ),
    score(
        "coreg.shared.bout_mean",
        "Shared engagement: mean bout",
        "s",
        FROM_ZERO,
        "Mean duration of these stretches.",
        OWN,
    ),
    score(
        "coreg.watching",
        "Watching each other",
        "1",
        SHARE,
        "Share of the time coded for both in which both monitor.",
        OWN,
    ),
    score(
        "coreg.watching.bouts",
        "Watching each other: bouts",
        "1",
        FROM_ZERO,
        "Number of maximal stretches of this pattern, those cut off included.",
        OWN,
    ),
    score(
        "coreg.watching.bout_mean",
        "Watching each other: mean bout",
        "s",
        FROM_ZERO,
        "Mean duration of these stretches.",
        OWN,
    ),
    score(
        "coreg.parent_only",
        "Parent engaged alone",
        "1",
        SHARE,
        "Share of the time coded for both in which the infant is with an object that is not shared and the parent monitors or is positive.",
        OWN,
    ),
    score(
        "coreg.parent_only.bouts",
        "Parent engaged alone: bouts",
        "1",
        FROM_ZERO,
        "Number of maximal stretches of this pattern, those cut off included.",
        OWN,
    ),
    score(
        "coreg.parent_only.bout_mean",
        "Parent engaged alone: mean bout",
        "s",
        FROM_ZERO,
        "Mean duration of these stretches.",
        OWN,
    ),
    score(
        "coreg.infant_only",
        "Infant engaged alone",
        "1",
        SHARE,
        "Share of the time coded for both in which the infant monitors or is positive and the parent attends to something else.",
        OWN,
    ),
    score(
        "coreg.infant_only.bouts",
        "Infant engaged alone: bouts",
        "1",
        FROM_ZERO,
        "Number of maximal stretches of this pattern, those cut off included.",
        OWN,
    ),
    score(
        "coreg.infant_only.bout_mean",
        "Infant engaged alone: mean bout",
        "s",
        FROM_ZERO,
        "Mean duration of these stretches.",
        OWN,
    ),
    score(
        "coreg.apart",
        "Apart",
        "1",
        SHARE,
        "Share of the time coded for both in which the infant is with an object and the parent attends to something else.",
        OWN,
    ),
    score(
        "coreg.apart.bouts",
        "Apart: bouts",
        "1",
        FROM_ZERO,
        "Number of maximal stretches of this pattern, those cut off included.",
        OWN,
    ),
    score("coreg.apart.bout_mean", "Apart: mean bout", "s", FROM_ZERO, "Mean duration of these stretches.", OWN),
    score(
        "coreg.negative",
        "Negative",
        "1",
        SHARE,
        "Share of the time coded for both in which a partner is negative.",
        OWN,
    ),
    score(
        "coreg.negative.bouts",
        "Negative: bouts",
        "1",
        FROM_ZERO,
        "Number of maximal stretches of this pattern, those cut off included.",
        OWN,
    ),
    score("coreg.negative.bout_mean", "Negative: mean bout", "s", FROM_ZERO, "Mean duration of these stretches.", OWN),
];

/// Lagged correlation of the partners' engagement.
pub(crate) const SYNCHRONY: &[ScoreInfo] = &[
    score(
        "sync.r.lag0",
        "Correlation at lag 0",
        "1",
        "−1 to 1",
        "Correlation of the partners' engagement values on the grid, at the same time.",
        CORRELATION,
    ),
    score(
        "sync.r.peak",
        "Largest lagged correlation",
        "1",
        "−1 to 1",
        "Signed correlation at the lag where it is largest in size.",
        CORRELATION,
    ),
    score(
        "sync.r.peak_lag",
        "Lag of the largest correlation",
        "s",
        "−lag.max to lag.max",
        "That lag; positive: the infant leads, the parent follows.",
        CORRELATION,
    ),
    score(
        "sync.r.infant_leads",
        "Correlation when the infant leads",
        "1",
        "−1 to 1",
        "Mean correlation over the positive lags.",
        CORRELATION,
    ),
    score(
        "sync.r.parent_leads",
        "Correlation when the parent leads",
        "1",
        "−1 to 1",
        "Mean correlation over the negative lags.",
        CORRELATION,
    ),
    score(
        "sync.r.asymmetry",
        "Lead–lag asymmetry",
        "1",
        "−2 to 2",
        "Mean over the positive lags minus mean over the negative lags.",
        CORRELATION,
    ),
];

const LOBO: &str = "after Lobo & Lunkenheimer (2020), Developmental Psychology 56, 1121–1134: what a pattern means turns with its affect; the patterns are Attune's own";

const fn by_affect(id: &'static str, name: &'static str, definition: &'static str) -> ScoreInfo {
    score(id, name, "1", SHARE, definition, LOBO)
}

/// Patterns of co-regulation by the affect of the infant, and by that of the parent.
pub(crate) const COREGULATION_BY_AFFECT: [&[ScoreInfo]; 2] = [
    &[by_affect(
        "coreg.by_affect.infant.PATTERN.CODE",
        "Pattern by the infant's affect",
        "Share of the time in this pattern, the infant's affect being coded, in which that affect is CODE.",
    )],
    &[by_affect(
        "coreg.by_affect.parent.PATTERN.CODE",
        "Pattern by the parent's affect",
        "Share of the time in this pattern, the parent's affect being coded, in which that affect is CODE.",
    )],
];
