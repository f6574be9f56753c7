//! Where two coders differ: the list to look at together.

use serde::Serialize;
use span::{Instant, Span};

use super::alignment::{AlignStep, Alignment, Event};
use super::time_unit::{Categories, shared};
use crate::StateSeries;

/// One place where two coders differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Disagreement {
    /// Where it begins.
    #[serde(rename = "start_s", serialize_with = "crate::secs::serialize_instant")]
    pub start: Instant,
    /// Where it ends; where it begins, for one point.
    #[serde(rename = "end_s", serialize_with = "crate::secs::serialize_instant")]
    pub end: Instant,
    /// What the first coder has; `None` for nothing.
    pub a: Option<String>,
    /// What the second coder has; `None` for nothing.
    pub b: Option<String>,
    /// What kind of difference it is.
    pub kind: DisagreementKind,
}

/// How two coders differ. The first is the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DisagreementKind {
    /// What each has here the other has too, elsewhere in the same stretch: only an edge is not where the other's is.
    Boundary,
    /// Both have something, and not the same.
    Code,
    /// The second coder has nothing.
    Omission,
    /// The second coder has something where the first has nothing.
    Commission,
}

/// The stretches in which two coders' states differ, in order.
///
/// *Definition*: a stretch of one state of the one and another of the other, neither missing. It is a boundary when the runs of both that it
/// belongs to agree with the other coder somewhere (of a run against nothing, when that run does); else an omission where the second coder
/// has nothing, a commission where the first has nothing, and otherwise a matter of code.
///
/// ```text
/// A  [==partner==)[==away=====)
/// B  [=partner=)[==away=======)      A's partner and B's away agree elsewhere: a boundary
/// A  [==partner===============)
/// B  [=partner=)[away)[partner)      nobody shares B's away: code
/// ```
///
/// # Example
/// ```
/// use scoring::StateSeries;
/// use scoring::agreement::disagreements::{DisagreementKind, state_disagreements};
/// use scoring::agreement::time_unit::{Categories, GapPolicy};
/// use span::{Length, Span};
///
/// let coded = |text| StateSeries::from_text(["p", "a"], text, Length::SECOND);
/// let (first, second) = (coded("ppppaaaaa"), coded("pppaaaapa")); // one edge is a second early; one glance is B's alone
/// let window = Span::from_micros(0, 9_000_000).expect("nine seconds");
/// let categories = Categories::new(&["p", "a"], &first, &second, GapPolicy::Exclude);
/// let found = state_disagreements(&first, &second, window, &categories);
/// let seen: Vec<_> = found.iter().map(|one| (one.start.as_secs(), one.end.as_secs(), one.kind)).collect();
/// assert_eq!(seen, [(3.0, 4.0, DisagreementKind::Boundary), (7.0, 8.0, DisagreementKind::Code)]);
/// ```
#[must_use]
pub fn state_disagreements(
    first: &StateSeries,
    second: &StateSeries,
    window: Span,
    categories: &Categories,
) -> Vec<Disagreement> {
    let (first, second) = (first.within(window), second.within(window));
    let stretches = shared(&first, &second).filter_map(|(span, a, b)| {
        let of_a = categories.of_first(first.pieces()[a].state)?;
        let of_b = categories.of_second(second.pieces()[b].state)?;
        Some((span, (a, of_a), (b, of_b)))
    });
    let stretches: Vec<_> = stretches.collect();
    let (mut a_agrees, mut b_agrees) = (vec![false; first.pieces().len()], vec![false; second.pieces().len()]);
    for (_, (a, of_a), (b, of_b)) in &stretches {
        a_agrees[*a] |= of_a == of_b;
        b_agrees[*b] |= of_a == of_b;
    }
    let code = |category: usize| (categories.gap() != Some(category)).then(|| categories.keys()[category].clone());
    let differ = stretches.into_iter().filter(|(_, (_, of_a), (_, of_b))| of_a != of_b);
    differ
        .map(|(span, (a, of_a), (b, of_b))| {
            let (of_a, of_b) = (code(of_a), code(of_b));
            let kind = match (&of_a, &of_b) {
                (Some(_), None) if !a_agrees[a] => DisagreementKind::Omission,
                (None, Some(_)) if !b_agrees[b] => DisagreementKind::Commission,
                (Some(_), Some(_)) if !(a_agrees[a] && b_agrees[b]) => DisagreementKind::Code,
                _ => DisagreementKind::Boundary,
            };
            Disagreement { start: span.start(), end: span.end(), a: of_a, b: of_b, kind }
        })
        .collect()
}

/// The points in which two coders differ, in order: pairs with different codes, and points alone.
///
/// # Panics
/// If the alignment is not of these events, or a code is no index into `codes`.
///
/// # Example
/// ```
/// use scoring::agreement::alignment::{AlignRules, Event, align};
/// use scoring::agreement::disagreements::{DisagreementKind, point_disagreements};
/// use span::{Instant, Length};
///
/// let point = |secs, code| Event { start: Instant::ZERO + Length::SECOND.times(secs), end: None, code };
/// let (first, second) = ([point(1, 0), point(10, 0)], [point(1, 0), point(20, 1)]);
/// let alignment = align(&first, &second, &AlignRules::default());
/// let found = point_disagreements(&alignment, &first, &second, &["smile", "frown"].map(str::to_owned));
/// let seen: Vec<_> = found.iter().map(|one| (one.start.as_secs(), one.kind)).collect();
/// assert_eq!(seen, [(10.0, DisagreementKind::Omission), (20.0, DisagreementKind::Commission)]);
/// assert_eq!(found[1].b.as_deref(), Some("frown"));
/// ```
#[must_use]
pub fn point_disagreements(
    alignment: &Alignment,
    first: &[Event],
    second: &[Event],
    codes: &[String],
) -> Vec<Disagreement> {
    let disagreement = |a: Option<&Event>, b: Option<&Event>, kind| {
        let mut times = a.into_iter().chain(b).map(|event| event.start);
        let (one, other) = (times.next()?, times.next());
        let code = |event: Option<&Event>| event.map(|event| codes[event.code].clone());
        let other = other.unwrap_or(one);
        Some(Disagreement { start: one.min(other), end: one.max(other), a: code(a), b: code(b), kind })
    };
    let mut found: Vec<Disagreement> = alignment
        .steps
        .iter()
        .filter_map(|step| match *step {
            AlignStep::Pair(a, b) if first[a].code == second[b].code => None,
            AlignStep::Pair(a, b) => disagreement(Some(&first[a]), Some(&second[b]), DisagreementKind::Code),
            AlignStep::FirstAlone(a) => disagreement(Some(&first[a]), None, DisagreementKind::Omission),
            AlignStep::SecondAlone(b) => disagreement(None, Some(&second[b]), DisagreementKind::Commission),
        })
        .collect();
    found.sort_by_key(|disagreement| (disagreement.start, disagreement.end));
    found
}

#[cfg(test)]
mod tests {
    use span::{Length, SpanSet};

    use super::super::time_unit::GapPolicy;
    use super::*;
    use crate::{Gaps, StateMark};

    /// Marks of A and B over a text of one character per second; a space is no mark, a dot is missing.
    fn coded(text: &str) -> (StateSeries, Span) {
        let window = Span::new(Instant::ZERO, Instant::ZERO + Length::SECOND.times(text.len() as i64)).unwrap();
        let at = |idx: usize| Instant::ZERO + Length::SECOND.times(idx as i64);
        let marks: Vec<StateMark> = text
            .char_indices()
            .filter(|(_, letter)| *letter != ' ')
            .map(|(idx, letter)| StateMark { start: at(idx), end: at(idx + 1), state: "AB".find(letter) })
            .collect();
        (StateSeries::from_marks(["A", "B"], &marks, window, &SpanSet::new(), Gaps::None), window)
    }

    #[track_caller]
    fn check(first: &str, second: &str, want: &[(f64, f64, DisagreementKind)]) {
        let ((a, window), (b, _)) = (coded(first), coded(second));
        let found = state_disagreements(&a, &b, window, &Categories::new(&["A", "B"], &a, &b, GapPolicy::Category));
        let found: Vec<_> = found.iter().map(|one| (one.start.as_secs(), one.end.as_secs(), one.kind)).collect();
        assert_eq!(found, want);
    }

    #[test]
    fn an_edge_elsewhere_is_a_boundary() {
        check("AAABB", "AABBB", &[(2.0, 3.0, DisagreementKind::Boundary)]);
        check("AAA  ", "AA   ", &[(2.0, 3.0, DisagreementKind::Boundary)]);
        check(" AAAA", "AAAAA", &[(0.0, 1.0, DisagreementKind::Boundary)]);
    }

    #[test]
    fn what_the_other_has_nowhere_is_more_than_a_boundary() {
        check("AAAAA", "ABBAA", &[(1.0, 3.0, DisagreementKind::Code)]);
        check("AA B ", "AA   ", &[(3.0, 4.0, DisagreementKind::Omission)]);
        check("AA   ", "AA B ", &[(3.0, 4.0, DisagreementKind::Commission)]);
        check("AA.B ", "AAB. ", &[]);
    }
}
