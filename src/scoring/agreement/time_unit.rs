//! The time of two coders as one table: exactly, or on a grid.

use serde::{Deserialize, Serialize};
use span::{Length, Span};

use super::table::Confusion;
use crate::series::NONE;
use crate::settings::GridRule;
use crate::{StateSeries, grid};

/// What time under no mark is, where the coder looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapPolicy {
    /// A category like any code, last in the table: for channels on which nothing need be coded.
    Category,
    /// Left out like missing time: for channels on which everything is coded.
    Exclude,
}

/// The categories that two series are compared by.
///
/// *Shape*: the codes in their order; with [`GapPolicy::Category`] then [`NONE`], time under no mark, unless that is a code itself or
/// neither series knows it.
///
/// ```
/// use scoring::agreement::time_unit::{Categories, GapPolicy};
/// use scoring::{Gaps, StateSeries};
/// use span::{Span, SpanSet};
///
/// // neither marked anything in four seconds
/// let window = Span::from_micros(0, 4_000_000).expect("four seconds");
/// let silent = StateSeries::from_marks(["smile"], &[], window, &SpanSet::new(), Gaps::None);
/// let categories = Categories::new(&["smile"], &silent, &silent, GapPolicy::Category);
/// assert_eq!((categories.keys(), categories.gap()), (["smile", "none"].map(str::to_owned).as_slice(), Some(1)));
/// let categories = Categories::new(&["smile"], &silent, &silent, GapPolicy::Exclude);
/// assert_eq!((categories.len(), categories.is_empty()), (1, false));
/// assert_eq!((categories.of_first(1), categories.of_second(0)), (None, Some(0))); // the second state of the series is none
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Categories {
    keys: Vec<String>,
    gap: Option<usize>,
    of_first: Vec<Option<usize>>, // of every state of the first coder's
    of_second: Vec<Option<usize>>,
}

impl Categories {
    /// The categories of two series on a channel of these codes. A gap is the state [`NONE`], as [`Gaps::None`](crate::Gaps::None) makes it,
    /// where that is none of the codes.
    #[must_use]
    pub fn new<S: AsRef<str>>(codes: &[S], first: &StateSeries, second: &StateSeries, gap: GapPolicy) -> Self {
        let mut keys: Vec<String> = codes.iter().map(|code| code.as_ref().to_owned()).collect();
        let has_gap = [first, second].iter().any(|series| series.state_index(NONE).is_some());
        let gap = (gap == GapPolicy::Category && has_gap && !keys.iter().any(|key| key == NONE)).then(|| {
            keys.push(NONE.to_owned());
            keys.len() - 1
        });
        let places = |series: &StateSeries| {
            let place = |state: &String| keys.iter().position(|key| key == state);
            series.states().iter().map(place).collect()
        };
        let (of_first, of_second) = (places(first), places(second));
        Self { keys, gap, of_first, of_second }
    }

    /// Which of them is time under no mark.
    #[must_use]
    pub fn gap(&self) -> Option<usize> {
        self.gap
    }

    /// Their names.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Is there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The category of a state of the first coder's; `None` where it is left out.
    #[must_use]
    pub fn of_first(&self, state: usize) -> Option<usize> {
        self.of_first[state]
    }

    /// The category of a state of the second coder's; `None` where it is left out.
    #[must_use]
    pub fn of_second(&self, state: usize) -> Option<usize> {
        self.of_second[state]
    }
}

/// The time that two coders spent in every pair of categories, in microseconds, without any grid.
///
/// *Definition*: the limit of a grid whose unit becomes ever shorter. Time that is missing for either does not count.
///
/// *Units*: microseconds. *Shape*: as [`Categories`].
///
/// *Limitations*: moments that follow one another are not independent: no standard error can be computed from their number. See
/// [`bootstrap`](super::bootstrap).
///
/// *Reference*: Bakeman, R., Quera, V., & Gnisci, A. (2009). Observer agreement for timed-event sequential data. Behavior Research
/// Methods, 41, 137–147. <https://doi.org/10.3758/BRM.41.1.137>: time-unit kappa.
///
/// # Example
/// ```
/// use scoring::agreement::{kappa::kappa, time_unit::{Categories, GapPolicy, exact_table}};
/// use scoring::StateSeries;
/// use span::{Length, Span};
///
/// let codes = ["N", "O", "M", "P"];
/// let coded = |text| StateSeries::from_text(codes, text, Length::SECOND);
/// let (a, b) = (coded("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO"), coded("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO"));
/// let window = Span::from_micros(0, 30_000_000).expect("half a minute");
/// let table = exact_table(&a, &b, window, &Categories::new(&codes, &a, &b, GapPolicy::Exclude));
/// assert_eq!(table.cell(0, 3), 1_000_000.0); // a second of N against P
/// assert!((kappa(&table).value.expect("defined") - 0.730_134_9).abs() < 1e-7);
/// ```
#[must_use]
pub fn exact_table(first: &StateSeries, second: &StateSeries, window: Span, categories: &Categories) -> Confusion {
    let n = categories.len();
    let mut micros = vec![0; n * n];
    for (span, a, b) in both(first, second, categories) {
        let (start, end) = (span.start().max(window.start()), span.end().min(window.end()));
        micros[a * n + b] += (end - start).micros().max(0);
    }
    let rows = micros.chunks(n.max(1)).map(|row| row.iter().map(|micros| *micros as f64).collect());
    Confusion::from_rows(rows.collect()).expect("durations are not negative")
}

/// The stretches where both coders have a category, in order; touching ones may have the same pair.
pub(crate) fn both<'a>(
    first: &'a StateSeries,
    second: &'a StateSeries,
    categories: &'a Categories,
) -> impl Iterator<Item = (Span, usize, usize)> + 'a {
    shared(first, second).filter_map(|(span, a, b)| {
        let row = categories.of_first(first.pieces()[a].state)?;
        Some((span, row, categories.of_second(second.pieces()[b].state)?))
    })
}

/// The stretches that a piece of both series covers, in order, with the positions of these pieces.
pub(crate) fn shared<'a>(
    first: &'a StateSeries,
    second: &'a StateSeries,
) -> impl Iterator<Item = (Span, usize, usize)> + 'a {
    let (mut a, mut b) = (0, 0);
    std::iter::from_fn(move || {
        while let (Some(of_a), Some(of_b)) = (first.pieces().get(a), second.pieces().get(b)) {
            let found = of_a.span.intersection(of_b.span).map(|span| (span, a, b));
            let (ends_a, ends_b) = (of_a.span.end() <= of_b.span.end(), of_b.span.end() <= of_a.span.end());
            a += usize::from(ends_a);
            b += usize::from(ends_b);
            if found.is_some() {
                return found;
            }
        }
        None
    })
}

/// The categories of two coders, unit by unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitLabels {
    /// The first coder's; `None` where missing.
    pub first: Vec<Option<usize>>,
    /// The second coder's, as many.
    pub second: Vec<Option<usize>>,
}

/// Two coders' categories on a grid.
///
/// *Definition*: the state of every unit as [`grid::units`] says; a gap competes in it like a state, and is left out afterwards where it is
/// no category.
///
/// # Panics
/// If `step` is not positive.
///
/// # Example
/// ```
/// use scoring::agreement::time_unit::{Categories, GapPolicy, unit_labels};
/// use scoring::settings::GridRule;
/// use scoring::StateSeries;
/// use span::{Length, Span};
///
/// let coded = |text| StateSeries::from_text(["M", "P"], text, Length::SECOND);
/// let (a, b) = (coded("MMP."), coded("MPPP"));
/// let window = Span::from_micros(0, 4_000_000).expect("four seconds");
/// let categories = Categories::new(&["M", "P"], &a, &b, GapPolicy::Exclude);
/// let labels = unit_labels(&a, &b, window, Length::SECOND, GridRule::Instant, &categories);
/// assert_eq!(labels.first, [Some(0), Some(0), Some(1), None]);
/// assert_eq!(labels.second, [Some(0), Some(1), Some(1), Some(1)]);
/// ```
#[must_use]
pub fn unit_labels(
    first: &StateSeries,
    second: &StateSeries,
    window: Span,
    step: Length,
    rule: GridRule,
    categories: &Categories,
) -> UnitLabels {
    let labels = |series: &StateSeries, place: &[Option<usize>]| {
        grid::units(series, window, step, rule).into_iter().map(|state| place[state?]).collect()
    };
    UnitLabels { first: labels(first, &categories.of_first), second: labels(second, &categories.of_second) }
}

/// Whether the two coders found the same time fit to be coded: the first category is time that is not missing, the second missing
/// time, in microseconds. A gap is not missing.
///
/// Kappa leaves missing time out; this table says how far the coders agree on what that is.
///
/// # Example
/// Both coded three seconds; the last one only the second coder did.
/// ```
/// use scoring::agreement::time_unit::scorable_table;
/// use scoring::StateSeries;
/// use span::{Length, Span};
///
/// let coded = |text| StateSeries::from_text(["M", "P"], text, Length::SECOND);
/// let (a, b) = (coded("MMP."), coded("MPPP"));
/// let window = Span::from_micros(0, 4_000_000).expect("four seconds");
/// let table = scorable_table(&a, &b, window);
/// assert_eq!((table.cell(0, 0), table.cell(1, 0), table.cell(0, 1)), (3_000_000.0, 1_000_000.0, 0.0));
/// ```
#[must_use]
pub fn scorable_table(first: &StateSeries, second: &StateSeries, window: Span) -> Confusion {
    let (a, b) = (first.codable(), second.codable());
    let length = |set: &span::SpanSet| set.coverage(window).micros() as f64;
    let (of_a, of_b, of_both) = (length(&a), length(&b), length(&a.intersection(&b)));
    let mut table = Confusion::new(2);
    table.add(0, 0, of_both);
    table.add(0, 1, of_a - of_both);
    table.add(1, 0, of_b - of_both);
    table.add(1, 1, window.length().micros() as f64 - (of_a + of_b - of_both));
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coded(text: &str) -> StateSeries {
        StateSeries::from_text(["A", "B"], text, Length::MICROSECOND)
    }

    #[test]
    fn what_is_missing_for_either_does_not_count() {
        let (a, b) = (coded("AAB.BA"), coded("ABBB.A"));
        let window = Span::from_micros(0, 5).unwrap(); // without the last
        let table = exact_table(&a, &b, window, &Categories::new(&["A", "B"], &a, &b, GapPolicy::Category));
        assert_eq!(table.rows().collect::<Vec<_>>(), [[1.0, 1.0], [0.0, 1.0]]);
        let scorable = scorable_table(&a, &b, window);
        assert_eq!(scorable.rows().collect::<Vec<_>>(), [[3.0, 1.0], [1.0, 0.0]]);
    }

    #[test]
    fn categories_are_found_by_name_and_gaps_come_last() {
        let (first, second) = (StateSeries::missing(["B", NONE, "A"]), StateSeries::missing(["A", "C"]));
        let categories = Categories::new(&["B", "A", "C"], &first, &second, GapPolicy::Category);
        assert_eq!((categories.keys(), categories.gap()), (&["B", "A", "C", NONE].map(str::to_owned)[..], Some(3)));
        assert_eq!([0, 1, 2].map(|state| categories.of_first(state)), [Some(0), Some(3), Some(1)]);
        assert_eq!(categories.of_second(0), Some(1));
        let categories = Categories::new(&["B", "A", "C"], &first, &second, GapPolicy::Exclude);
        assert_eq!((categories.len(), categories.gap(), categories.of_first(1)), (3, None, None));
    }

    #[test]
    fn a_code_is_no_gap_whatever_it_is_called() {
        let series = StateSeries::missing([NONE, "self"]);
        for gap in [GapPolicy::Category, GapPolicy::Exclude] {
            let categories = Categories::new(&[NONE, "self"], &series, &series, gap);
            assert_eq!((categories.len(), categories.gap(), categories.of_first(0)), (2, None, Some(0)));
        }
    }
}
