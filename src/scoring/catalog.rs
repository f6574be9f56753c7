//! What every score is called and what it means, as data: `attune score --list`, tooltips and methods paragraphs read it.

/// A score's name, unit, range, definition and source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ScoreInfo {
    /// The name in files, dotted, from general to special. A part in capitals stands for a subject, channel or code.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// `1`, `s`, `/min`.
    pub unit: &'static str,
    /// Which values it can have.
    pub range: &'static str,
    /// What it is, in one sentence.
    pub definition: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

impl ScoreInfo {
    /// Does it stand for several scores, one per channel or code?
    #[must_use]
    pub fn is_template(&self) -> bool {
        self.id.split('.').any(is_placeholder)
    }

    /// Is this the entry of the score `id`?
    #[must_use]
    pub fn describes(&self, id: &str) -> bool {
        let n_parts = self.id.split('.').count();
        let mut parts = id.splitn(n_parts, '.'); // a code may hold a dot itself
        self.id.split('.').all(|part| parts.next().is_some_and(|given| is_placeholder(part) || part == given))
            && (self.is_template() || self.id == id)
    }
}

/// The entry of a score.
#[must_use]
pub fn info(id: &str) -> Option<&'static ScoreInfo> {
    all().find(|info| info.describes(id))
}

/// Every score that there can be, in the order in which they are shown.
pub fn all() -> impl Iterator<Item = &'static ScoreInfo> {
    GROUPS.iter().copied().flatten()
}

fn is_placeholder(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_uppercase())
}

const fn score(
    id: &'static str,
    name: &'static str,
    unit: &'static str,
    range: &'static str,
    definition: &'static str,
    source: &'static str,
) -> ScoreInfo {
    ScoreInfo { id, name, unit, range, definition, source }
}

const GROUPS: &[&[ScoreInfo]] = &[
    MATCH,
    COREGULATION,
    SYNCHRONY,
    INFANT_TO_PARENT,
    PARENT_TO_INFANT,
    LOOKING,
    VALENCE,
    CYCLE_INFANT,
    CYCLE_PARENT,
    TIME,
];

const TRONICK_COHN: &str = "Tronick & Cohn (1989), Child Development 60, 85–92";
const MONTIROSSO: &str =
    "after Montirosso et al. (2010), British Journal of Developmental Psychology 28, 347–368; the formula is ours";
const MUELLER: &str = "Müller et al. (2015), Psychopathology; (2022), Frontiers in Psychology 12, 807157";
const KAPLAN_MEIER: &str = "Kaplan & Meier (1958), Journal of the American Statistical Association 53, 457–481";
const OWN: &str = "Attune's own measure, without a source in the literature";
const COHEN: &str =
    "Cohen (1960), Educational and Psychological Measurement 20, 37–46, for chance; its use on matching is ours";
const BAKEMAN_QUERA: &str =
    "Bakeman & Quera (2011), Sequential Analysis and Observational Methods for the Behavioral Sciences";
const HU_MUELLER: &str =
    "Hu, Li & McElwain (2024), Developmental Psychology 61, 1452; Müller et al. (2015), Psychopathology";
const CORRELATION: &str = "cross-correlation as R's stats::cor on pairwise complete units; Boker et al. (2002), Psychological Methods 7, 338–355, for its use";
const SHARE: &str = "0 to 1";
const FROM_ZERO: &str = "0 and more";

/// Match, mismatch, rupture and repair.
pub(crate) const MATCH: &[ScoreInfo] = &[
    score(
        "match.proportion",
        "Match proportion",
        "1",
        SHARE,
        "Share of the time coded for both partners in which their states match.",
        TRONICK_COHN,
    ),
    score(
        "match.proportion.pos",
        "Match, positive",
        "1",
        SHARE,
        "Share of the time coded for both in which their states match and the infant's is of type POS; the types sum to the match proportion.",
        TRONICK_COHN,
    ),
    score(
        "match.proportion.mon",
        "Match, monitoring",
        "1",
        SHARE,
        "Share of the time coded for both in which their states match and the infant's is of type MON; the types sum to the match proportion.",
        TRONICK_COHN,
    ),
    score(
        "match.proportion.obj",
        "Match, on a shared object",
        "1",
        SHARE,
        "Share of the time coded for both in which their states match and the infant's is of type OBJ; the types sum to the match proportion.",
        TRONICK_COHN,
    ),
    score(
        "match.proportion.neu",
        "Match, neutral",
        "1",
        SHARE,
        "Share of the time coded for both in which their states match and the infant's is of type NEU; the types sum to the match proportion.",
        TRONICK_COHN,
    ),
    score(
        "match.proportion.neg",
        "Match, negative",
        "1",
        SHARE,
        "Share of the time coded for both in which their states match and the infant's is of type NEG; the types sum to the match proportion.",
        TRONICK_COHN,
    ),
    score(
        "match.kappa",
        "Match beyond chance",
        "1",
        "at most 1",
        "(Po − Pe) / (1 − Pe), with Po the match proportion and Pe the match expected from both partners' base rates.",
        COHEN,
    ),
    score(
        "match.transitions",
        "Changes between match and mismatch",
        "1",
        FROM_ZERO,
        "Number of boundaries between match and mismatch; missing time between them makes none.",
        TRONICK_COHN,
    ),
    score(
        "mismatch.proportion",
        "Mismatch proportion",
        "1",
        SHARE,
        "Share of the time coded for both in which their states do not match.",
        TRONICK_COHN,
    ),
    score(
        "mismatch.count",
        "Mismatch episodes",
        "1",
        FROM_ZERO,
        "Number of maximal stretches out of match inside codable time, whatever came before.",
        TRONICK_COHN,
    ),
    score(
        "mismatch.duration.mean",
        "Mean mismatch duration",
        "s",
        FROM_ZERO,
        "Mean duration of all mismatch episodes, those cut off included.",
        HU_MUELLER,
    ),
    score(
        "mismatch.longest",
        "Longest mismatch",
        "s",
        FROM_ZERO,
        "Duration of the longest mismatch episode; at least that, where it was cut off.",
        OWN,
    ),
    score(
        "mismatch.unrepaired",
        "Unrepaired share",
        "1",
        SHARE,
        "Share of the mismatch episodes that did not end in a match; ending in shared distress counts as not repaired by default.",
        OWN,
    ),
    score(
        "mismatch.censored.count",
        "Mismatch episodes cut off",
        "1",
        FROM_ZERO,
        "Number of mismatch episodes that missing time or the episode's end cut off.",
        OWN,
    ),
    score(
        "mismatch.into_neg.count",
        "Mismatch into shared distress",
        "1",
        FROM_ZERO,
        "Number of mismatch episodes that ended in both being negative and count as not repaired.",
        OWN,
    ),
    score(
        "rupture.count",
        "Ruptures",
        "1",
        FROM_ZERO,
        "Number of mismatch episodes that began out of a match, in the variant of the setting rupture.variant.",
        TRONICK_COHN,
    ),
    score("rupture.rate", "Rupture rate", "/min", FROM_ZERO, "Ruptures per minute coded for both.", TRONICK_COHN),
    score(
        "rupture.negative.count",
        "Ruptures with negative affect",
        "1",
        FROM_ZERO,
        "Ruptures in which a partner is negative at some time.",
        OWN,
    ),
    score(
        "rupture.negative_onset.count",
        "Ruptures that begin negative",
        "1",
        FROM_ZERO,
        "Ruptures at whose onset a partner is negative.",
        OWN,
    ),
    score(
        "rupture.by.infant",
        "Ruptures by infant",
        "1",
        SHARE,
        "Share of the ruptures with an initiator at whose onset only the infant changed.",
        OWN,
    ),
    score(
        "rupture.by.parent",
        "Ruptures by parent",
        "1",
        SHARE,
        "Share of the ruptures with an initiator at whose onset only the parent changed.",
        OWN,
    ),
    score(
        "rupture.by.joint",
        "Joint ruptures",
        "1",
        SHARE,
        "Share of the ruptures with an initiator at whose onset both partners, within the tolerance, changed.",
        OWN,
    ),
    score(
        "repair.count",
        "Repairs",
        "1",
        FROM_ZERO,
        "Number of mismatch episodes that ended in a match; shared distress is none by default.",
        TRONICK_COHN,
    ),
    score("repair.rate", "Repair rate", "/min", FROM_ZERO, "Repairs per minute coded for both.", MONTIROSSO),
    score(
        "repair.rate.of_mismatch",
        "Repair rate in mismatch",
        "/min",
        FROM_ZERO,
        "Repairs per minute of mismatch.",
        OWN,
    ),
    score(
        "repair.by.infant",
        "Repairs by infant",
        "1",
        SHARE,
        "Share of the repairs with an initiator at which only the infant changed.",
        OWN,
    ),
    score(
        "repair.by.parent",
        "Repairs by parent",
        "1",
        SHARE,
        "Share of the repairs with an initiator at which only the parent changed.",
        OWN,
    ),
    score(
        "repair.by.joint",
        "Joint repairs",
        "1",
        SHARE,
        "Share of the repairs with an initiator at which both partners, within the tolerance, changed.",
        OWN,
    ),
    score(
        "repair.latency.mean",
        "Mean latency to repair",
        "s",
        FROM_ZERO,
        "Mean duration of the repaired mismatch episodes whose onset was observed.",
        MUELLER,
    ),
    score(
        "repair.latency.median",
        "Median latency to repair",
        "s",
        FROM_ZERO,
        "Median duration of the repaired mismatch episodes whose onset was observed.",
        MUELLER,
    ),
    score(
        "repair.latency.q25",
        "Latency to repair, lower quartile",
        "s",
        FROM_ZERO,
        "Lower quartile (type 7) of the same durations.",
        MUELLER,
    ),
    score(
        "repair.latency.q75",
        "Latency to repair, upper quartile",
        "s",
        FROM_ZERO,
        "Upper quartile (type 7) of the same durations.",
        MUELLER,
    ),
    score(
        "repair.latency.km_median",
        "Latency to repair, Kaplan–Meier median",
        "s",
        FROM_ZERO,
        "Time by which half of the mismatch episodes with observed onset are repaired, those cut off taken into account.",
        KAPLAN_MEIER,
    ),
    score(
        "repair.latency.km_median.low",
        "Its lower 95 % limit",
        "s",
        FROM_ZERO,
        "Smallest time at which the lower log–log limit of survival is at most one half.",
        KAPLAN_MEIER,
    ),
    score(
        "repair.latency.km_median.high",
        "Its upper 95 % limit",
        "s",
        FROM_ZERO,
        "Smallest time at which the upper log–log limit of survival is at most one half.",
        KAPLAN_MEIER,
    ),
    score(
        "repair.latency.km_q25",
        "Latency to repair, Kaplan–Meier lower quartile",
        "s",
        FROM_ZERO,
        "Time by which a quarter of the mismatch episodes with observed onset are repaired.",
        KAPLAN_MEIER,
    ),
    score(
        "repair.latency.km_q75",
        "Latency to repair, Kaplan–Meier upper quartile",
        "s",
        FROM_ZERO,
        "Time by which three quarters of the mismatch episodes with observed onset are repaired.",
        KAPLAN_MEIER,
    ),
    score(
        "repair.latency.km_mean",
        "Restricted mean latency to repair",
        "s",
        FROM_ZERO,
        "Area under the survival curve up to km.tau.",
        KAPLAN_MEIER,
    ),
    score(
        "repair.within.2s",
        "Repaired within 2 s",
        "1",
        SHARE,
        "Probability that a mismatch with observed onset is repaired within 2 seconds: 1 − S(2 s).",
        KAPLAN_MEIER,
    ),
    score(
        "repair.within.2s.naive",
        "Repaired within 2 s, plain share",
        "1",
        SHARE,
        "Share of all mismatch episodes that are repaired and last at most 2 seconds; biased where episodes were cut off.",
        OWN,
    ),
    score(
        "repair.within.3s",
        "Repaired within 3 s",
        "1",
        SHARE,
        "Probability that a mismatch with observed onset is repaired within 3 seconds: 1 − S(3 s).",
        KAPLAN_MEIER,
    ),
    score(
        "repair.within.3s.naive",
        "Repaired within 3 s, plain share",
        "1",
        SHARE,
        "Share of all mismatch episodes that are repaired and last at most 3 seconds; biased where episodes were cut off.",
        OWN,
    ),
    score(
        "repair.within.5s",
        "Repaired within 5 s",
        "1",
        SHARE,
        "Probability that a mismatch with observed onset is repaired within 5 seconds: 1 − S(5 s).",
        KAPLAN_MEIER,
    ),
    score(
        "repair.within.5s.naive",
        "Repaired within 5 s, plain share",
        "1",
        SHARE,
        "Share of all mismatch episodes that are repaired and last at most 5 seconds; biased where episodes were cut off.",
        OWN,
    ),
    score(
        "repair.within.10s",
        "Repaired within 10 s",
        "1",
        SHARE,
        "Probability that a mismatch with observed onset is repaired within 10 seconds: 1 − S(10 s).",
        KAPLAN_MEIER,
    ),
    score(
        "repair.within.10s.naive",
        "Repaired within 10 s, plain share",
        "1",
        SHARE,
        "Share of all mismatch episodes that are repaired and last at most 10 seconds; biased where episodes were cut off.",
        OWN,
    ),
];

/// What needs only both partners' gaze.
pub(crate) const LOOKING: &[ScoreInfo] = &[score(
    "looking.mutual",
    "Looking at each other",
    "1",
    SHARE,
    "Share of the time in which both gazes are coded and both look at the partner's face.",
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

/// Does the parent turn positive after the infant did?
pub(crate) const INFANT_TO_PARENT: &[ScoreInfo] = &[
    score(
        "contingency.infant_to_parent.transitional_probability",
        "Parent after infant: response probability",
        "1",
        SHARE,
        "Share of the units with 'the infant turned positive within contingency.window_s before' in which the parent turns positive.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.infant_to_parent.base_rate",
        "Parent after infant: base rate",
        "1",
        SHARE,
        "Share of all units in which the parent turns positive.",
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
        "Odds that the parent turns positive when the infant turned positive within contingency.window_s before, divided by the odds when not; one half added to the cells as the setting haldane says.",
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

/// Does the infant turn positive after the parent did?
pub(crate) const PARENT_TO_INFANT: &[ScoreInfo] = &[
    score(
        "contingency.parent_to_infant.transitional_probability",
        "Infant after parent: response probability",
        "1",
        SHARE,
        "Share of the units with 'the parent turned positive within contingency.window_s before' in which the infant turns positive.",
        BAKEMAN_QUERA,
    ),
    score(
        "contingency.parent_to_infant.base_rate",
        "Infant after parent: base rate",
        "1",
        SHARE,
        "Share of all units in which the infant turns positive.",
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
        "Odds that the infant turns positive when the parent turned positive within contingency.window_s before, divided by the odds when not; one half added to the cells as the setting haldane says.",
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

/// The parent's part of the attunement cycle.
pub(crate) const CYCLE_PARENT: &[ScoreInfo] = &[
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

/// Time per code.
pub(crate) const TIME: &[ScoreInfo] = &[score(
    "time.SUBJECT.CHANNEL.CODE",
    "Time per code",
    "1",
    SHARE,
    "Share of the time coded on this track that is under this code; the parts are seconds.",
    "plain description",
)];
