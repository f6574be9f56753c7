//! What every statistic of two codings is called and what it means, as data.

use crate::catalog::ScoreInfo;

const COHEN: &str = "Cohen (1960)";
const BAKEMAN_2009: &str = "Bakeman, Quera & Gnisci (2009)";
const KRIPPENDORFF: &str = "Krippendorff (2011)";
const GWET: &str = "Gwet (2008, 2014)";
const MATHET: &str = "Mathet, Widlöcher & Métivier (2015); pygamma-agreement";
const CORRECTED: &str = "up to 1; 0 is chance";
const SHARE: &str = "0 to 1";

/// Every statistic of [`agree`](super::agree::agree), in the order in which they are shown.
pub const AGREEMENT: &[ScoreInfo] = &[
    of(
        "time_kappa",
        "Kappa of time",
        CORRECTED,
        "Agreement about time beyond what both coders' use of the codes would give by chance; with the largest value that their margins allow, and the accuracy of coders who would have it.",
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
        "percent_agreement",
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
        "-1 to 1",
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
        "kappa_boris",
        "Kappa as BORIS",
        CORRECTED,
        "Kappa of samples every boris.unit_s as BORIS computes and rounds it, for comparison with old papers.",
        "Friard & Gamba (2016)",
    ),
];

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
#[must_use]
pub fn statistic_info(id: &str) -> Option<&'static ScoreInfo> {
    AGREEMENT.iter().find(|info| info.id == id)
}
