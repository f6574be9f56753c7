//! What every statistic of two codings is called and what it means, as data.

use crate::catalog::ScoreInfo;

const COHEN: &str = "Cohen (1960)";
const BAKEMAN_2009: &str = "Bakeman, Quera & Gnisci (2009)";
const KRIPPENDORFF: &str = "Krippendorff (2011)";
const GWET: &str = "Gwet (2008, 2014)";
const MATHET: &str = "Mathet, Widlöcher & Métivier (2015); pygamma-agreement";
const CORRECTED: &str = "up to 1; 0 is chance";
const BREDIN: &str = "Bredin (2017): pyannote.metrics";
const WRONG: &str = "0 up; 0 is none wrong";
const BORIS: &str = "Friard & Gamba (2016)";
const SHROUT: &str = "Shrout & Fleiss (1979)";
const ICC_RANGE: &str = "up to 1";
const SHARE: &str = "0 to 1";

/// Every statistic of [`agree`](super::agree::agree), in the order in which they are shown.
pub const AGREEMENT: &[ScoreInfo] = &[
    of(
        "time_kappa",
        "Kappa of time",
        CORRECTED,
        "Agreement about time beyond what both coders' use of the codes would give by chance; with the largest value that their margins allow, its share of that, and the accuracy of coders who would have it.",
        COHEN,
    ),
    of(
        "tolerance_kappa",
        "Kappa of time with tolerance",
        CORRECTED,
        "As kappa of time, where the other coder may be up to tolerance_s early or late; the mean of both sides.",
        BAKEMAN_2009,
    ),
    of(
        "agreement",
        "Proportion of agreement",
        SHARE,
        "Share of the time in which both have the same code; not corrected for chance.",
        "plain description",
    ),
    of(
        "scott_pi",
        "Scott's pi",
        CORRECTED,
        "Agreement about time beyond chance, where chance is the same for both coders.",
        "Scott (1955)",
    ),
    of(
        "ac1",
        "Gwet's AC1",
        CORRECTED,
        "Agreement about time beyond chance, where chance is having to guess; steady where one code prevails.",
        GWET,
    ),
    of(
        "brennan_prediger",
        "Brennan–Prediger",
        CORRECTED,
        "Agreement about time beyond chance, where chance gives every declared code the same share.",
        "Brennan & Prediger (1981)",
    ),
    of(
        "pabak",
        "PABAK",
        "−1 to 1",
        "Twice the proportion of agreement less 1: kappa with even prevalence and no bias.",
        "Byrt, Bishop & Carlin (1993)",
    ),
    of(
        "alpha",
        "Krippendorff's alpha",
        CORRECTED,
        "One less observed disagreement about time over that expected when codes are paired at random.",
        KRIPPENDORFF,
    ),
    of(
        "overlap_extent",
        "Overlap over extent",
        SHARE,
        "The time in which both have the same code over the time in which either has one, each code by itself; not corrected for chance.",
        "ELAN manual; |A ∩ B| / |A ∪ B|",
    ),
    of(
        "kappa_linear",
        "Weighted kappa, linear",
        CORRECTED,
        "Kappa of time where disagreement grows with the distance of the codes in their order.",
        "Cohen (1968)",
    ),
    of(
        "kappa_quadratic",
        "Weighted kappa, quadratic",
        CORRECTED,
        "Kappa of time where disagreement grows with the square of the distance of the codes in their order.",
        "Cohen (1968)",
    ),
    of(
        "ac2_linear",
        "Gwet's AC2, linear",
        CORRECTED,
        "AC1 where disagreement grows with the distance of the codes in their order.",
        GWET,
    ),
    of(
        "ac2_quadratic",
        "Gwet's AC2, quadratic",
        CORRECTED,
        "AC1 where disagreement grows with the square of the distance of the codes in their order.",
        GWET,
    ),
    of(
        "alpha_ordinal",
        "Krippendorff's alpha, ordinal",
        CORRECTED,
        "Alpha where codes are as far apart as time lies between them.",
        KRIPPENDORFF,
    ),
    of(
        "alpha_interval",
        "Krippendorff's alpha, interval",
        CORRECTED,
        "Alpha where codes are as far apart as the numbers that they stand for.",
        KRIPPENDORFF,
    ),
    of(
        "scorable",
        "Agreement on what can be coded",
        CORRECTED,
        "Kappa of both coders' time that is missing or not; every other statistic leaves out what is missing for either.",
        COHEN,
    ),
    of(
        "event_kappa",
        "Kappa of events",
        CORRECTED,
        "Agreement about events laid beside each other, beyond chance; an event alone counts as disagreement.",
        "Quera, Bakeman & Gnisci (2007); Bakeman, Quera & Gnisci (2009)",
    ),
    of(
        "easydiag_kappa",
        "Kappa of linked events",
        CORRECTED,
        "Agreement about states that are linked where they overlap by align.overlap of the shorter, beyond chance; an unlinked one counts as disagreement.",
        "Holle & Rein (2015): EasyDIAg; ELAN",
    ),
    ScoreInfo {
        unit: "s",
        ..of(
            "onset_difference",
            "Difference of onsets",
            "any",
            "Median of how much later the second coder's onset is, over paired events of the same code.",
            BAKEMAN_2009,
        )
    },
    of(
        "gamma",
        "Gamma",
        CORRECTED,
        "Agreement on where units lie and what they are: one less the least disorder of any alignment over that of chance.",
        MATHET,
    ),
    of(
        "gamma_cat",
        "Gamma of codes",
        CORRECTED,
        "Gamma for the codes of aligned units alone.",
        "Mathet (2017); pygamma-agreement",
    ),
    of(
        "boundary_similarity",
        "Boundary similarity",
        SHARE,
        "One less what it costs to make one coder's boundaries the other's, over their number; a boundary nearer than segment.n_t units is moved at part of the cost.",
        "Fournier (2013)",
    ),
    of(
        "segmentation_similarity",
        "Segmentation similarity",
        SHARE,
        "As boundary similarity, over the number of places where a boundary could be.",
        "Fournier & Inkpen (2012)",
    ),
    of(
        "window_diff",
        "WindowDiff",
        "0 to 1; 0 is none wrong",
        "Share of windows in which the coders have different numbers of boundaries; windows of half the first coder's mean segment.",
        "Pevzner & Hearst (2002)",
    ),
    of(
        "pk",
        "Pk",
        "0 to 1; 0 is none wrong",
        "Share of windows whose ends lie in one segment of the one coder's and in two of the other's.",
        "Beeferman, Berger & Lafferty (1999)",
    ),
    of(
        "detection_error",
        "Detection error",
        WRONG,
        "Time in which one coder has a code and the other has none, over the first coder's time with a code.",
        BREDIN,
    ),
    of(
        "identification_error",
        "Identification error",
        WRONG,
        "Time in which the coders do not have the same code, over the first coder's time with a code.",
        BREDIN,
    ),
    of(
        "diarisation_error",
        "Diarisation error",
        WRONG,
        "As identification error, where the second coder may call the codes by other names.",
        BREDIN,
    ),
];

/// Every statistic of [`agree_as_boris`](super::of_boris::agree_as_boris), of a whole session.
pub const BORIS_AGREEMENT: &[ScoreInfo] = &[
    of(
        "kappa_boris",
        "Kappa as BORIS",
        CORRECTED,
        "Kappa of samples of all subjects every boris.unit_s, of sets of behaviours, as BORIS computes and rounds it.",
        BORIS,
    ),
    of(
        "kappa_boris_unweighted",
        "Unweighted kappa as BORIS",
        CORRECTED,
        "Kappa of stretches without an edge, each counted once, times rounded to boris.rounding_s.",
        BORIS,
    ),
    of(
        "kappa_boris_weighted",
        "Weighted kappa as BORIS",
        CORRECTED,
        "Kappa of stretches without an edge, each by its duration, times rounded to boris.rounding_s.",
        BORIS,
    ),
    ScoreInfo {
        unit: "%",
        ..of(
            "boris_identity",
            "Identity as BORIS",
            "0 to 100",
            "Per cent of positions with the same samples on both sides, laid beside each other; not corrected for chance.",
            BORIS,
        )
    },
];

/// Every statistic of [`agree_scores`](super::of_scores::agree_scores): coders' scores of several sessions.
pub const SCORE_AGREEMENT: &[ScoreInfo] = &[
    of("icc1", "ICC(1,1)", ICC_RANGE, "One coder's score, other coders for each session.", SHROUT),
    of("icc2", "ICC(2,1)", ICC_RANGE, "One coder's score, absolute agreement of coders who stand for others.", SHROUT),
    of("icc3", "ICC(3,1)", ICC_RANGE, "One coder's score, consistency of these coders alone.", SHROUT),
    of("icc1k", "ICC(1,k)", ICC_RANGE, "The mean of all coders' scores, other coders for each session.", SHROUT),
    of("icc2k", "ICC(2,k)", ICC_RANGE, "The mean of all coders' scores, absolute agreement.", SHROUT),
    of("icc3k", "ICC(3,k)", ICC_RANGE, "The mean of all coders' scores, consistency.", SHROUT),
    of(
        "lin",
        "Lin's concordance",
        "−1 to 1",
        "How close the pairs of scores lie to the line of equality.",
        "Lin (1989)",
    ),
    ScoreInfo {
        unit: "that of the score",
        ..of(
            "bland_altman",
            "Mean difference",
            "any",
            "Mean of the first coder's score less the second's, with the limits between which 95 % of differences lie.",
            "Bland & Altman (1986, 1999)",
        )
    },
];

/// Every statistic of [`agree_many`](super::many::agree_many): two coders or more of one channel.
pub const MANY_AGREEMENT: &[ScoreInfo] = &[
    of(
        "many_alpha",
        "Krippendorff's alpha of all coders",
        CORRECTED,
        "One less observed disagreement on units over that expected when codes are paired at random; units that two or more coded.",
        KRIPPENDORFF,
    ),
    of(
        "many_alpha_ordinal",
        "Krippendorff's alpha of all coders, ordinal",
        CORRECTED,
        "The same where codes are as far apart as units lie between them.",
        KRIPPENDORFF,
    ),
    of(
        "many_alpha_interval",
        "Krippendorff's alpha of all coders, interval",
        CORRECTED,
        "The same where codes are as far apart as the numbers that they stand for.",
        KRIPPENDORFF,
    ),
    of(
        "fleiss",
        "Fleiss' kappa",
        CORRECTED,
        "Agreement on units that all coded, beyond what the codes' shares give by chance.",
        "Fleiss (1971)",
    ),
    of(
        "randolph",
        "Randolph's kappa",
        CORRECTED,
        "The same where by chance every code is as likely as every other.",
        "Randolph (2005)",
    ),
    of(
        "many_gamma",
        "Gamma of all coders",
        CORRECTED,
        "Agreement of all coders on where units lie and what they are.",
        MATHET,
    ),
    of(
        "many_gamma_cat",
        "Gamma of codes of all coders",
        CORRECTED,
        "The same for the codes of aligned units alone.",
        MATHET,
    ),
];

/// Every statistic of agreement, whatever is compared.
pub fn all() -> impl Iterator<Item = &'static ScoreInfo> {
    [AGREEMENT, BORIS_AGREEMENT, SCORE_AGREEMENT, MANY_AGREEMENT].into_iter().flatten()
}

const fn of(
    id: &'static str,
    name: &'static str,
    range: &'static str,
    definition: &'static str,
    source: &'static str,
) -> ScoreInfo {
    ScoreInfo { id, name, unit: "1", range, definition, source }
}

/// The entry of a statistic.
///
/// ```
/// use scoring::agreement::catalog::{all, statistic_info};
///
/// assert_eq!(statistic_info("icc2").map(|info| info.name), Some("ICC(2,1)"));
/// assert!(statistic_info("icc4").is_none());
/// assert!(all().all(|info| statistic_info(info.id) == Some(info)));
/// ```
#[must_use]
pub fn statistic_info(id: &str) -> Option<&'static ScoreInfo> {
    all().find(|info| info.id == id)
}
