//! Stretches out of match.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use span::{Instant, Length, Span};

use crate::dyad::{Cell, DyadicStates, MatchRun};
use crate::repair::initiator::initiator;
use crate::settings::{NegNeg, RuptureVariant};
use crate::{Dyad, StateType, StateTypes};

/// What comes before a stretch out of match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Before {
    /// A match: the onset was observed.
    Match,
    /// Time missing for a partner.
    Missing,
    /// The window's start.
    Start,
}

/// What comes after a stretch out of match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// A match.
    Match,
    /// Time missing for a partner.
    Missing,
    /// The window's end.
    End,
}

/// Who changed at the boundary between match and mismatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Initiator {
    /// The infant alone.
    Infant,
    /// The parent alone.
    Parent,
    /// Both, within the tolerance.
    Joint,
}

/// Is a partner negative in a stretch out of match?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Negative {
    /// At its onset.
    AtOnset,
    /// Not at its onset, but later.
    Later,
    /// At no time.
    Never,
}

/// A pair of states as it is written: `MON-POS`, the infant's first.
pub type PairLabel = Arc<str>;

/// One maximal stretch out of match.
///
/// A change of pair inside it does not end it. One that follows missing time or the window's start has no observed onset and
/// is no rupture; one that missing time or the window's end cuts off is *censored*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MismatchEpisode {
    /// When.
    pub span: Span,
    /// What comes before.
    pub prev: Before,
    /// What comes after.
    pub next: After,
    /// Who left the match; `None` unless it is a rupture.
    pub rupture_by: Option<Initiator>,
    /// Who returned to a match; `None` unless it is repaired.
    pub repair_by: Option<Initiator>,
    /// The last pair of the match before.
    pub before: Option<PairLabel>,
    /// The pairs in it, in order.
    pub during: Vec<PairLabel>,
    /// The first pair of the match after.
    pub after: Option<PairLabel>,
    /// Was it cut off?
    pub censored: bool,
    /// Did it begin out of a match that counts as one? Shared distress does not, by default.
    pub is_rupture: bool,
    /// Did it end in a match that counts as one?
    pub is_repaired: bool,
    /// Is a partner negative in it?
    pub negative: Negative,
}

/// The choices that decide what an episode is.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeRules {
    /// What both being negative is. That it is no match at all is up to the relation.
    pub neg_neg: NegNeg,
    /// Changes no further apart are simultaneous.
    pub simul_tol: Length,
    /// Types of states whose names do not say it.
    pub types: StateTypes,
}

impl MismatchEpisode {
    /// How long it lasts, as far as it was seen.
    #[must_use]
    pub fn length(&self) -> Length {
        self.span.length()
    }

    /// Was its onset seen, so that its length is a latency?
    #[must_use]
    pub fn has_onset(&self) -> bool {
        self.prev == Before::Match
    }

    /// Is it a rupture of this variant?
    #[must_use]
    pub fn is_rupture_of(&self, variant: RuptureVariant, min_mismatch: Length) -> bool {
        let counts = match variant {
            RuptureVariant::A => true,
            RuptureVariant::B => self.negative != Negative::Never,
            RuptureVariant::B0 => self.negative == Negative::AtOnset,
            RuptureVariant::C => self.length() >= min_mismatch,
        };
        self.is_rupture && counts
    }
}

/// All mismatch episodes of one window, in order.
///
/// *Definition*: maximal runs of mismatch inside codable time. A rupture begins out of a match, a repaired episode ends in one;
/// with [`NegNeg::NotTarget`] the match must not be shared distress at the instant that adjoins the episode.
///
/// *Reference*: Tronick, E. Z., & Cohn, J. F. (1989). Infant-mother face-to-face interaction. Child Development, 60, 85–92, doi
/// 10.2307/1131074.
///
/// # Example
/// The parent turns positive first, the infant follows a second later; then the infant turns to an object until the end.
/// ```
/// use scoring::repair::episodes::{EpisodeRules, mismatch_episodes};
/// use scoring::settings::{NegNeg, RuptureVariant};
/// use scoring::{After, Dyad, MatchRelation, StateSeries, StateTypes};
/// use span::{Length, Span};
///
/// let coded = |text| StateSeries::from_text(["M", "O", "P"], text, Length::SECOND);
/// let relation = MatchRelation::equality(&["M", "O", "P"].map(str::to_owned));
/// let dyad = Dyad::new(coded("MMPPOO"), coded("MPPPPP"), relation);
/// let window = Span::from_micros(0, 6_000_000).expect("six seconds");
/// let rules = EpisodeRules { neg_neg: NegNeg::NotTarget, simul_tol: Length::ZERO, types: StateTypes::default() };
/// let episodes = mismatch_episodes(&dyad, &dyad.states(Length::ZERO), window, &rules);
/// let seen: Vec<_> =
///     episodes.iter().map(|one| (one.span.start().as_secs(), one.length().as_secs(), one.next)).collect();
/// assert_eq!(seen, [(1.0, 1.0, After::Match), (4.0, 2.0, After::End)]);
/// assert!(episodes.iter().all(|one| one.is_rupture) && episodes[1].censored);
///
/// // both followed a match; only the second lasts the two seconds that variant C asks for, and nobody is negative
/// assert!(episodes.iter().all(|one| one.has_onset()));
/// let ruptures = |variant| episodes.iter().filter(|one| one.is_rupture_of(variant, Length::SECOND.times(2))).count();
/// assert_eq!([RuptureVariant::A, RuptureVariant::B, RuptureVariant::C].map(ruptures), [2, 0, 1]);
/// ```
#[must_use]
pub fn mismatch_episodes(
    dyad: &Dyad,
    states: &DyadicStates,
    window: Span,
    rules: &EpisodeRules,
) -> Vec<MismatchEpisode> {
    let pairs = Pairs::new(dyad, &rules.types);
    let episode = |idx: usize, run: &MatchRun| {
        let before =
            idx.checked_sub(1).map(|idx| states.runs[idx]).filter(|other| other.span.end() == run.span.start());
        let after = states.runs.get(idx + 1).filter(|other| other.span.start() == run.span.end());
        let cells = states.cells_in(run.span);
        let source = before.and_then(|before| states.cells_in(before.span).last());
        let target = after.and_then(|after| states.cells_in(after.span).first());
        let counts = |cell: Option<&Cell>| {
            cell.is_some_and(|cell| rules.neg_neg != NegNeg::NotTarget || !pairs.is_shared_distress(cell))
        };
        let (is_rupture, is_repaired) = (counts(source), counts(target));
        let by = |left: Option<Span>, right: Option<Span>| initiator(&states.changes, left?, right?, rules.simul_tol);
        MismatchEpisode {
            span: run.span,
            prev: prev(run.span.start(), before.is_some(), window),
            next: next(run.span.end(), after.is_some(), window),
            rupture_by: by(before.map(|before| before.span), Some(run.span)).filter(|_| is_rupture),
            repair_by: by(Some(run.span), after.map(|after| after.span)).filter(|_| is_repaired),
            before: source.map(|cell| pairs.label(cell)),
            during: pairs.labels(cells),
            after: target.map(|cell| pairs.label(cell)),
            censored: after.is_none(),
            is_rupture,
            is_repaired,
            negative: pairs.negative(cells),
        }
    };
    let runs = states.runs.iter().enumerate();
    runs.filter(|(_, run)| !run.matched).map(|(idx, run)| episode(idx, run)).collect()
}

/// From which pair of states to which mismatches led that began out of a match and were repaired.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RepairChain {
    /// The last pair before.
    pub before: PairLabel,
    /// The first pair after.
    pub after: PairLabel,
    /// How often.
    pub count: usize,
}

/// The chains of repair, sorted by the pair before, then after.
///
/// # Example
/// Of two ruptures one is repaired: out of M and M, back to P and P.
/// ```
/// use scoring::repair::episodes::{EpisodeRules, mismatch_episodes, repair_chains};
/// use scoring::settings::NegNeg;
/// use scoring::{Dyad, MatchRelation, StateSeries, StateTypes};
/// use span::{Length, Span};
///
/// let coded = |text| StateSeries::from_text(["M", "O", "P"], text, Length::SECOND);
/// let relation = MatchRelation::equality(&["M", "O", "P"].map(str::to_owned));
/// let dyad = Dyad::new(coded("MMPPOO"), coded("MPPPPP"), relation);
/// let window = Span::from_micros(0, 6_000_000).expect("six seconds");
/// let rules = EpisodeRules { neg_neg: NegNeg::NotTarget, simul_tol: Length::ZERO, types: StateTypes::default() };
/// let episodes = mismatch_episodes(&dyad, &dyad.states(Length::ZERO), window, &rules);
/// let chains = repair_chains(&episodes);
/// assert_eq!((chains.len(), chains[0].count), (1, 1));
/// assert_eq!((chains[0].before.as_ref(), chains[0].after.as_ref()), ("M-M", "P-P"));
/// ```
#[must_use]
pub fn repair_chains(episodes: &[MismatchEpisode]) -> Vec<RepairChain> {
    let repaired = episodes.iter().filter(|episode| episode.is_repaired);
    let mut pairs: Vec<(PairLabel, PairLabel)> =
        repaired.filter_map(|episode| episode.before.clone().zip(episode.after.clone())).collect();
    pairs.sort();
    let chain = |same: &[(PairLabel, PairLabel)]| RepairChain {
        before: same[0].0.clone(),
        after: same[0].1.clone(),
        count: same.len(),
    };
    pairs.chunk_by(|a, b| a == b).map(chain).collect()
}

fn prev(start: Instant, follows_match: bool, window: Span) -> Before {
    match follows_match {
        true => Before::Match,
        false if start <= window.start() => Before::Start,
        false => Before::Missing,
    }
}

fn next(end: Instant, precedes_match: bool, window: Span) -> After {
    match precedes_match {
        true => After::Match,
        false if end >= window.end() => After::End,
        false => After::Missing,
    }
}

/// Names and types of pairs, looked up once.
struct Pairs {
    n_parent: usize,
    labels: Vec<PairLabel>,
    infant_negative: Vec<bool>,
    parent_negative: Vec<bool>,
}

impl Pairs {
    fn new(dyad: &Dyad, types: &StateTypes) -> Self {
        let (infant, parent) = (dyad.infant.states(), dyad.parent.states());
        let negative = |states: &[String]| states.iter().map(|key| types.of(key) == Some(StateType::Neg)).collect();
        let label = |first: &String| parent.iter().map(|second| pair_label(first, second)).collect::<Vec<_>>();
        Self {
            n_parent: parent.len(),
            labels: infant.iter().flat_map(label).collect(),
            infant_negative: negative(infant),
            parent_negative: negative(parent),
        }
    }

    fn label(&self, cell: &Cell) -> PairLabel {
        self.labels[cell.infant * self.n_parent + cell.parent].clone()
    }

    /// In order, without repeating a pair where only the shared object changes.
    fn labels(&self, cells: &[Cell]) -> Vec<PairLabel> {
        let mut labels: Vec<PairLabel> = cells.iter().map(|cell| self.label(cell)).collect();
        labels.dedup();
        labels
    }

    fn negative(&self, cells: &[Cell]) -> Negative {
        match cells.iter().position(|cell| self.infant_negative[cell.infant] || self.parent_negative[cell.parent]) {
            Some(0) => Negative::AtOnset,
            Some(_) => Negative::Later,
            None => Negative::Never,
        }
    }

    fn is_shared_distress(&self, cell: &Cell) -> bool {
        self.infant_negative[cell.infant] && self.parent_negative[cell.parent]
    }
}

/// How a pair of states is written.
///
/// ```
/// assert_eq!(&*scoring::repair::episodes::pair_label("MON", "POS"), "MON-POS");
/// ```
#[must_use]
pub fn pair_label(infant: &str, parent: &str) -> PairLabel {
    format!("{infant}-{parent}").into()
}

/// As in `attune score`.
impl Serialize for MismatchEpisode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("MismatchEpisode", 10)?;
        record.serialize_field("start_s", &self.span.start().as_secs())?;
        record.serialize_field("end_s", &self.span.end().as_secs())?;
        record.serialize_field("prev", &self.prev)?;
        record.serialize_field("next", &self.next)?;
        record.serialize_field("rupture_by", &self.rupture_by)?;
        record.serialize_field("repair_by", &self.repair_by)?;
        record.serialize_field("before", &self.before)?;
        record.serialize_field("during", &self.during)?;
        record.serialize_field("after", &self.after)?;
        record.serialize_field("censored", &self.censored)?;
        record.end()
    }
}
