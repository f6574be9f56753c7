//! Does each respond to the other?

use super::{FROM_ZERO, SHARE, ScoreInfo, score};

pub(super) const BAKEMAN_QUERA: &str =
    "Bakeman & Quera (2011), Sequential Analysis and Observational Methods for the Behavioral Sciences";

const KELLER: &str =
    "after Keller et al. (1999), Child Development 70, 474–485; the rules about missing time and crediting are ours";

/// Does the parent respond to the infant?
pub(crate) const INFANT_TO_PARENT: &[ScoreInfo] = &[
    score(
        "contingency.infant_to_parent.transitional_probability",
        "Parent after infant: response probability",
        "1",
        SHARE,
        "Share of the units up to contingency.window_s after an onset of the infant's contingency.given in which the parent has an onset of contingency.response; both are being positive unless they are set.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.infant_to_parent.base_rate",
        "Parent after infant: base rate",
        "1",
        SHARE,
        "Share of all units in which the parent has an onset of contingency.response.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.infant_to_parent.lift",
        "Parent after infant: lift",
        "1",
        FROM_ZERO,
        "Response probability divided by base rate.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.infant_to_parent.odds_ratio",
        "Parent after infant: odds ratio",
        "1",
        FROM_ZERO,
        "Odds of an onset of the parent's contingency.response in units up to contingency.window_s after an onset of the infant's contingency.given, divided by the odds in all others; one half added to the cells as the setting haldane says.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.infant_to_parent.log_odds_ratio",
        "Parent after infant: log odds ratio",
        "1",
        "any",
        "Natural logarithm of the odds ratio.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.infant_to_parent.log_odds_ratio.se",
        "Parent after infant: its standard error",
        "1",
        FROM_ZERO,
        "Root of the sum of the cells' reciprocals.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.infant_to_parent.yules_q",
        "Parent after infant: Yule's Q",
        "1",
        "−1 to 1",
        "(ad − bc) / (ad + bc).",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.infant_to_parent.phi",
        "Parent after infant: phi",
        "1",
        "−1 to 1",
        "(ad − bc) / √((a+b)(c+d)(a+c)(b+d)).",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.infant_to_parent.z",
        "Parent after infant: adjusted residual",
        "1",
        "any",
        "(a − e) / √(e (1 − row share)(1 − column share)), with e the expected a.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.infant_to_parent.relative_risk",
        "Parent after infant: relative risk",
        "1",
        FROM_ZERO,
        "a/(a+b) divided by c/(c+d).",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.infant_to_parent.risk_difference",
        "Parent after infant: risk difference",
        "1",
        "−1 to 1",
        "a/(a+b) − c/(c+d), the operant contingency index.",
        BAKEMAN_QUERA,
    ),
];

/// Does the infant respond to the parent?
pub(crate) const PARENT_TO_INFANT: &[ScoreInfo] = &[
    score(
        "contingency.parent_to_infant.transitional_probability",
        "Infant after parent: response probability",
        "1",
        SHARE,
        "Share of the units up to contingency.window_s after an onset of the parent's contingency.given in which the infant has an onset of contingency.response; both are being positive unless they are set.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.parent_to_infant.base_rate",
        "Infant after parent: base rate",
        "1",
        SHARE,
        "Share of all units in which the infant has an onset of contingency.response.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.parent_to_infant.lift",
        "Infant after parent: lift",
        "1",
        FROM_ZERO,
        "Response probability divided by base rate.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.parent_to_infant.odds_ratio",
        "Infant after parent: odds ratio",
        "1",
        FROM_ZERO,
        "Odds of an onset of the infant's contingency.response in units up to contingency.window_s after an onset of the parent's contingency.given, divided by the odds in all others; one half added to the cells as the setting haldane says.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.parent_to_infant.log_odds_ratio",
        "Infant after parent: log odds ratio",
        "1",
        "any",
        "Natural logarithm of the odds ratio.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.parent_to_infant.log_odds_ratio.se",
        "Infant after parent: its standard error",
        "1",
        FROM_ZERO,
        "Root of the sum of the cells' reciprocals.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.parent_to_infant.yules_q",
        "Infant after parent: Yule's Q",
        "1",
        "−1 to 1",
        "(ad − bc) / (ad + bc).",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.parent_to_infant.phi",
        "Infant after parent: phi",
        "1",
        "−1 to 1",
        "(ad − bc) / √((a+b)(c+d)(a+c)(b+d)).",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.parent_to_infant.z",
        "Infant after parent: adjusted residual",
        "1",
        "any",
        "(a − e) / √(e (1 − row share)(1 − column share)), with e the expected a.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.parent_to_infant.relative_risk",
        "Infant after parent: relative risk",
        "1",
        FROM_ZERO,
        "a/(a+b) divided by c/(c+d).",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.parent_to_infant.risk_difference",
        "Infant after parent: risk difference",
        "1",
        "−1 to 1",
        "a/(a+b) − c/(c+d), the operant contingency index.",
        BAKEMAN_QUERA,
    ),
];

/// Is the infant answered by the parent?
pub(crate) const PARENT_ANSWERS: &[ScoreInfo] = &[
    score(
        "contingency.responsiveness.infant_to_parent.proportion",
        "Parent answers",
        "1",
        SHARE,
        "Share of the infant's onsets of contingency.given with a known outcome that the parent answers by an onset of contingency.response within responsiveness.window_s; both are being positive unless they are set.",
        KELLER,
    ),
    score(
        "contingency.responsiveness.infant_to_parent.onsets",
        "Parent answers: onsets to answer",
        "1",
        FROM_ZERO,
        "Number of the infant's onsets of contingency.given out of another known state.",
        KELLER,
    ),
    score(
        "contingency.responsiveness.infant_to_parent.concurrent",
        "Parent at it already",
        "1",
        FROM_ZERO,
        "Number of these onsets at which the parent is at contingency.response already or begins it at the same instant; neither answered nor unanswered.",
        KELLER,
    ),
    score(
        "contingency.responsiveness.infant_to_parent.latency.km_median",
        "Parent answers: latency",
        "s",
        FROM_ZERO,
        "Kaplan–Meier median of the time to the parent's first onset, cut off at the window's end, the next onset, missing time or the border.",
        KELLER,
    ),
];

/// Is the parent answered by the infant?
pub(crate) const INFANT_ANSWERS: &[ScoreInfo] = &[
    score(
        "contingency.responsiveness.parent_to_infant.proportion",
        "Infant answers",
        "1",
        SHARE,
        "Share of the parent's onsets of contingency.given with a known outcome that the infant answers by an onset of contingency.response within responsiveness.window_s; both are being positive unless they are set.",
        KELLER,
    ),
    score(
        "contingency.responsiveness.parent_to_infant.onsets",
        "Infant answers: onsets to answer",
        "1",
        FROM_ZERO,
        "Number of the parent's onsets of contingency.given out of another known state.",
        KELLER,
    ),
    score(
        "contingency.responsiveness.parent_to_infant.concurrent",
        "Infant at it already",
        "1",
        FROM_ZERO,
        "Number of these onsets at which the infant is at contingency.response already or begins it at the same instant; neither answered nor unanswered.",
        KELLER,
    ),
    score(
        "contingency.responsiveness.parent_to_infant.latency.km_median",
        "Infant answers: latency",
        "s",
        FROM_ZERO,
        "Kaplan–Meier median of the time to the infant's first onset, cut off at the window's end, the next onset, missing time or the border.",
        KELLER,
    ),
];

/// Which of the parent's states follows which of the infant's?
pub(crate) const PARENT_FOLLOWS: &[ScoreInfo] = &[score(
    "contingency.lag.infant_to_parent.GIVEN.TARGET",
    "Parent after infant: adjusted residual at a lag",
    "1",
    "any",
    "How many standard deviations more often than chance the parent is in the state TARGET sequential.lag_s after the infant is in the state GIVEN, unit by unit of the grid.",
    BAKEMAN_QUERA,
)];

/// Which of the infant's states follows which of the parent's?
pub(crate) const INFANT_FOLLOWS: &[ScoreInfo] = &[score(
    "contingency.lag.parent_to_infant.GIVEN.TARGET",
    "Infant after parent: adjusted residual at a lag",
    "1",
    "any",
    "How many standard deviations more often than chance the infant is in the state TARGET sequential.lag_s after the parent is in the state GIVEN, unit by unit of the grid.",
    BAKEMAN_QUERA,
)];
