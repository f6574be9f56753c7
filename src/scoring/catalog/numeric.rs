//! Does the one predict the other, and at which rhythms do they go together?

use super::{FROM_ZERO, SHARE, ScoreInfo, score};

const GRANGER_1969: &str = "Granger (1969), Econometrica 37, 424–438";
const WELCH: &str = "Welch (1967), IEEE Transactions on Audio and Electroacoustics 15, 70–73";

/// Granger's test, in both directions.
pub(crate) const GRANGER: &[ScoreInfo] = &[
    score(
        "granger.infant_to_parent",
        "Granger causality, infant to parent",
        "1",
        FROM_ZERO,
        "F: how much the infant's last values add to the parent's own in predicting the parent's next; for numeric series of some 60 units without gaps.",
        GRANGER_1969,
    ),
    score(
        "granger.infant_to_parent.p",
        "p of Granger causality, infant to parent",
        "1",
        SHARE,
        "Probability of an F as large if they add nothing; units of coded behaviour are not normal, so compare with chance.",
        GRANGER_1969,
    ),
    score(
        "granger.infant_to_parent.chi2",
        "Granger causality as chi-square, infant to parent",
        "1",
        FROM_ZERO,
        "N (RSS_r − RSS_u) / RSS_u, the asymptotic form of F.",
        GRANGER_1969,
    ),
    score(
        "granger.infant_to_parent.chi2.p",
        "p of that chi-square, infant to parent",
        "1",
        SHARE,
        "Probability of a chi-square as large if they add nothing.",
        GRANGER_1969,
    ),
    score(
        "granger.infant_to_parent.lr",
        "Granger causality as likelihood ratio, infant to parent",
        "1",
        FROM_ZERO,
        "N ln(RSS_r / RSS_u), the likelihood ratio of the two models.",
        GRANGER_1969,
    ),
    score(
        "granger.infant_to_parent.order",
        "Order of the test, infant to parent",
        "1",
        FROM_ZERO,
        "How many last values of each there are, as the setting granger.order says.",
        GRANGER_1969,
    ),
    score(
        "granger.parent_to_infant",
        "Granger causality, parent to infant",
        "1",
        FROM_ZERO,
        "F: how much the parent's last values add to the infant's own in predicting the infant's next; for numeric series of some 60 units without gaps.",
        GRANGER_1969,
    ),
    score(
        "granger.parent_to_infant.p",
        "p of Granger causality, parent to infant",
        "1",
        SHARE,
        "Probability of an F as large if they add nothing; units of coded behaviour are not normal, so compare with chance.",
        GRANGER_1969,
    ),
    score(
        "granger.parent_to_infant.chi2",
        "Granger causality as chi-square, parent to infant",
        "1",
        FROM_ZERO,
        "N (RSS_r − RSS_u) / RSS_u, the asymptotic form of F.",
        GRANGER_1969,
    ),
    score(
        "granger.parent_to_infant.chi2.p",
        "p of that chi-square, parent to infant",
        "1",
        SHARE,
        "Probability of a chi-square as large if they add nothing.",
        GRANGER_1969,
    ),
    score(
        "granger.parent_to_infant.lr",
        "Granger causality as likelihood ratio, parent to infant",
        "1",
        FROM_ZERO,
        "N ln(RSS_r / RSS_u), the likelihood ratio of the two models.",
        GRANGER_1969,
    ),
    score(
        "granger.parent_to_infant.order",
        "Order of the test, parent to infant",
        "1",
        FROM_ZERO,
        "How many last values of each there are, as the setting granger.order says.",
        GRANGER_1969,
    ),
];

/// Coherence.
pub(crate) const COHERENCE: &[ScoreInfo] = &[
    score(
        "coherence.mean",
        "Mean coherence",
        "1",
        SHARE,
        "Mean magnitude-squared coherence over the frequencies above 0, over the longest stretch coded by both, in segments of coherence.segment that overlap by half; for numeric series of two minutes and more, of little use for codes in units of a second.",
        WELCH,
    ),
    score(
        "coherence.peak",
        "Largest coherence",
        "1",
        SHARE,
        "Largest magnitude-squared coherence over the frequencies above 0.",
        WELCH,
    ),
    score(
        "coherence.peak_frequency",
        "Frequency of the largest coherence",
        "Hz",
        FROM_ZERO,
        "That frequency; of equal ones the lowest.",
        WELCH,
    ),
    score(
        "coherence.peak_phase",
        "Phase at the largest coherence",
        "rad",
        "−π to π",
        "Phase of the cross-spectrum there; negative where the parent is late.",
        WELCH,
    ),
];
