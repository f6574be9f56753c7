//! The attunement cycle.

use super::{FROM_ZERO, OWN, SHARE, ScoreInfo, score};

/// The infant's part of the attunement cycle.
pub(crate) const CYCLE_INFANT: &[ScoreInfo] = &[
    score(
        "cycle.cue.count",
        "Distress cues",
        "1",
        FROM_ZERO,
        "Number of observed onsets of the infant's distress.",
        OWN,
    ),
    score(
        "cycle.cue.rate",
        "Distress cues per minute",
        "/min",
        FROM_ZERO,
        "Cues per minute in which the infant's affect is coded.",
        OWN,
    ),
    score(
        "cycle.cue.truncated",
        "Distress without observed onset",
        "1",
        FROM_ZERO,
        "Number of stretches of distress that begin at the episode's start or after missing time.",
        OWN,
    ),
    score("cycle.settled.proportion", "Settled", "1", SHARE, "Share of the cues whose distress is seen to end.", OWN),
    score(
        "cycle.settled.latency.km_median",
        "Time to settle",
        "s",
        FROM_ZERO,
        "Kaplan–Meier median of the time from cue to the end of distress.",
        OWN,
    ),
];

/// Whether the parent looked.
pub(crate) const CYCLE_SENSED: &[ScoreInfo] = &[
    score(
        "cycle.sensed.proportion",
        "Sensed",
        "1",
        SHARE,
        "Share of the cues with a known outcome at which the parent looked at the infant, already or within the window.",
        OWN,
    ),
    score(
        "cycle.sensed.already",
        "Sensed already",
        "1",
        SHARE,
        "Share of the sensed cues at which the parent looked already.",
        OWN,
    ),
    score(
        "cycle.sensed.latency.median",
        "Time until sensed",
        "s",
        FROM_ZERO,
        "Median time until the parent looked, where not already looking.",
        OWN,
    ),
];

/// Whether the parent answered, and what came of it.
pub(crate) const CYCLE_ANSWERED: &[ScoreInfo] = &[
    score(
        "cycle.answered.proportion",
        "Answered",
        "1",
        SHARE,
        "Share of the cues with a known outcome that the parent answered within the window.",
        OWN,
    ),
    score(
        "cycle.answered.by.CHANNEL",
        "Answered by a channel",
        "1",
        SHARE,
        "Share of the answers that came by this channel; simultaneous answers count for each.",
        OWN,
    ),
    score(
        "cycle.answered.latency.km_median",
        "Time until answered",
        "s",
        FROM_ZERO,
        "Kaplan–Meier median of the time from cue to answer.",
        OWN,
    ),
    score(
        "cycle.complete.count",
        "Complete cycles",
        "1",
        FROM_ZERO,
        "Cues answered before the distress was seen to end.",
        OWN,
    ),
    score(
        "cycle.complete.proportion",
        "Complete among settled",
        "1",
        SHARE,
        "Complete cycles divided by complete and self-settled ones.",
        OWN,
    ),
    score(
        "cycle.self_settled.count",
        "Self-settled",
        "1",
        FROM_ZERO,
        "Cues whose distress was seen to end, known to be without an answer until then.",
        OWN,
    ),
    score(
        "cycle.answered_open.count",
        "Answered, still open",
        "1",
        FROM_ZERO,
        "Cues answered while distress was not seen to end.",
        OWN,
    ),
    score(
        "cycle.unanswered_open.count",
        "Unanswered, still open",
        "1",
        FROM_ZERO,
        "Cues not answered while distress was not seen to end.",
        OWN,
    ),
    score(
        "cycle.unknown.count",
        "Unknown",
        "1",
        FROM_ZERO,
        "Cues of which missing time, the next cue or the border hides the outcome.",
        OWN,
    ),
];
