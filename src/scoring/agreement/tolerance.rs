//! Agreement of units when a coder may be a little early or late.

use span::{Length, Span, SpanSet};

use super::kappa::{Kappa, kappa};
use super::table::Confusion;
use super::time_unit::{Categories, both};
use crate::StateSeries;

/// Kappa with tolerance, from either coder's side.
#[derive(Clone, Debug, PartialEq)]
pub struct ToleranceKappa {
    /// The first coder's units, where the second may be early or late.
    pub table_ab: Confusion,
    /// The second coder's units, where the first may be; rows are the first coder's here too.
    pub table_ba: Confusion,
    /// Kappa of [`table_ab`](Self::table_ab).
    pub ab: Kappa,
    /// Kappa of [`table_ba`](Self::table_ba).
    pub ba: Kappa,
}

impl ToleranceKappa {
    pub(super) fn of(table_ab: Confusion, table_ba: Confusion) -> Self {
        let (ab, ba) = (kappa(&table_ab), kappa(&table_ba));
        Self { table_ab, table_ba, ab, ba }
    }

    /// Kappa from the sums of two tables on either side.
    #[must_use]
    pub fn pooled(mut self, other: Self) -> Self {
        self.table_ab.add_table(&other.table_ab);
        self.table_ba.add_table(&other.table_ba);
        Self::of(self.table_ab, self.table_ba)
    }

    /// The mean of both sides; `None` where either is absent.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        self.ab.value.zip(self.ba.value).map(|(ab, ba)| f64::midpoint(ab, ba))
    }
}

/// Kappa of units that agree when the other coder has the same code within `tolerance` units, before or after.
///
/// *Definition*: A's unit `i` is counted at `[a_i, a_i]` when some `b_j` with `|i − j| ≤ tolerance` equals it, else at `[a_i, b_i]`. Then
/// B's unit `i` at `[b_i, b_i]` when some `a_j` equals it, else at `[a_i, b_i]`. A unit that is missing for either is left out, also where
/// a neighbour agrees; missing neighbours never agree. Without tolerance both are the plain kappa.
///
/// *Units and range*: as kappa. Time grows with the number of units, whatever the tolerance.
///
/// *Undefined cases*: as [`kappa`].
///
/// *Limitations*: it is not symmetric, and tolerance inflates agreement: bouts shorter than `2 tolerance + 1` units agree with nearly
/// anything. Say the tolerance beside the number.
///
/// *Reference*: Bakeman, R., Quera, V., & Gnisci, A. (2009). Observer agreement for timed-event sequential data. Behavior Research
/// Methods, 41, 137–147. <https://doi.org/10.3758/BRM.41.1.137>.
///
/// # Panics
/// If a label is no index below `n_codes`.
///
/// # Example
/// ```
/// use scoring::agreement::tolerance::tolerance_kappa;
///
/// let units = |text: &str| text.chars().map(|letter| "NOMP".find(letter)).collect::<Vec<_>>();
/// let a = units("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO");
/// let b = units("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO");
/// let strict = tolerance_kappa(&a, &b, 4, 0).mean().expect("defined");
/// assert!((strict - 0.730_134_9).abs() < 1e-7);
/// assert_eq!(tolerance_kappa(&a, &b, 4, 1).mean(), Some(1.0)); // bouts are short: one second forgives all
/// ```
#[must_use]
pub fn tolerance_kappa(
    first: &[Option<usize>],
    second: &[Option<usize>],
    n_codes: usize,
    tolerance: usize,
) -> ToleranceKappa {
    let is_met = |own: &[Option<usize>], other: &[Option<usize>]| met(own, other, n_codes, tolerance);
    let (met_ab, met_ba) = (is_met(first, second), is_met(second, first));
    let n = first.len().min(second.len());
    let mut cells = [vec![0_u64; n_codes * n_codes], vec![0_u64; n_codes * n_codes]];
    for unit in 0..n {
        if let (Some(a), Some(b)) = (first[unit], second[unit]) {
            cells[0][a * n_codes + if met_ab[unit] { a } else { b }] += 1;
            cells[1][if met_ba[unit] { b } else { a } * n_codes + b] += 1;
        }
    }
    let [table_ab, table_ba] = cells.map(|cells| {
        let mut table = Confusion::new(n_codes);
        for (cell, count) in cells.into_iter().enumerate() {
            table.add(cell / n_codes, cell % n_codes, count as f64);
        }
        table
    });
    ToleranceKappa::of(table_ab, table_ba)
}

/// The same without any grid, in microseconds: the limit of ever shorter units.
///
/// *Definition*: A's instant `t` agrees when B has the same category somewhere in `[t − tolerance, t + tolerance]`, inside the window; then
/// as [`tolerance_kappa`]. Where all boundaries lie on a grid and the tolerance is whole units of it, the two are the same.
///
/// *Units and range*, *Undefined cases*, *Limitations*, *Reference*: as [`tolerance_kappa`]; the limit is Attune's own.
///
/// # Example
/// ```
/// use scoring::StateSeries;
/// use scoring::agreement::time_unit::{Categories, GapPolicy};
/// use scoring::agreement::tolerance::exact_tolerance_kappa;
/// use span::{Length, Span};
///
/// let codes = ["N", "O", "M", "P"];
/// let coded = |text| StateSeries::from_text(codes, text, Length::SECOND);
/// let (a, b) = (coded("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO"), coded("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO"));
/// let window = Span::from_micros(0, 30_000_000).expect("half a minute");
/// let categories = Categories::new(&codes, &a, &b, GapPolicy::Exclude);
/// let mean = |tolerance| exact_tolerance_kappa(&a, &b, window, &categories, tolerance).mean().expect("defined");
/// assert!((mean(Length::ZERO) - 0.730_134_9).abs() < 1e-7);
/// assert_eq!(mean(Length::SECOND), 1.0);
/// ```
#[must_use]
pub fn exact_tolerance_kappa(
    first: &StateSeries,
    second: &StateSeries,
    window: Span,
    categories: &Categories,
    tolerance: Length,
) -> ToleranceKappa {
    let (first, second) = (first.within(window), second.within(window));
    let n = categories.len();
    let mut together = vec![Vec::new(); n * n]; // when A has the one category and B the other
    for (span, a, b) in both(&first, &second, categories) {
        together[a * n + b].push(span);
    }
    let together: Vec<SpanSet> = together.into_iter().map(SpanSet::from_iter).collect();
    let near = |series: &StateSeries, of: fn(&Categories, usize) -> Option<usize>| -> Vec<SpanSet> {
        let mut spans = vec![Vec::new(); n];
        for piece in series.pieces() {
            let around = Span::new(piece.span.start() - tolerance, piece.span.end() + tolerance);
            if let (Some(category), Ok(around)) = (of(categories, piece.state), around) {
                spans[category].push(around);
            }
        }
        spans.into_iter().map(SpanSet::from_iter).collect()
    };
    let (near_a, near_b) = (near(&first, Categories::of_first), near(&second, Categories::of_second));
    let (mut table_ab, mut table_ba) = (Confusion::new(n), Confusion::new(n));
    for a in 0..n {
        for b in 0..n {
            let time = &together[a * n + b];
            let micros = |length: Length| length.micros() as f64;
            let (met_a, met_b) = (time.intersection(&near_b[a]).length(), time.intersection(&near_a[b]).length());
            table_ab.add(a, a, micros(met_a));
            table_ab.add(a, b, micros(time.length() - met_a));
            table_ba.add(b, b, micros(met_b));
            table_ba.add(a, b, micros(time.length() - met_b));
        }
    }
    ToleranceKappa::of(table_ab, table_ba)
}

/// For every unit: has the other coder its code within the tolerance?
fn met(own: &[Option<usize>], other: &[Option<usize>], n_codes: usize, tolerance: usize) -> Vec<bool> {
    let n = own.len().min(other.len());
    // one pass finds the other's nearest earlier unit of the same code, one the nearest later
    let mut is_met = vec![false; n];
    let mut seen = vec![None; n_codes];
    for unit in 0..n {
        if let Some(code) = other[unit] {
            seen[code] = Some(unit);
        }
        is_met[unit] = own[unit].and_then(|code| seen[code]).is_some_and(|near| unit - near <= tolerance);
    }
    seen.fill(None);
    for unit in (0..n).rev() {
        if let Some(code) = other[unit] {
            seen[code] = Some(unit);
        }
        is_met[unit] |= own[unit].and_then(|code| seen[code]).is_some_and(|near| near - unit <= tolerance);
    }
    is_met
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(first: &str, second: &str, tolerance: usize, want: [[[f64; 2]; 2]; 2]) {
        let units = |text: &str| text.chars().map(|letter| "AB".find(letter)).collect::<Vec<_>>();
        let both = tolerance_kappa(&units(first), &units(second), 2, tolerance);
        let rows = |table: &Confusion| table.rows().map(<[f64]>::to_vec).collect::<Vec<_>>();
        assert_eq!([rows(&both.table_ab), rows(&both.table_ba)], want.map(|table| table.map(Vec::from).to_vec()));
    }

    #[test]
    fn the_two_sides_may_differ() {
        check("AAAB", "AABB", 1, [[[3.0, 0.0], [0.0, 1.0]], [[2.0, 0.0], [0.0, 2.0]]]);
        // B's only B is nobody's of A
        check("AAAA", "ABAA", 1, [[[4.0, 0.0], [0.0, 0.0]], [[3.0, 1.0], [0.0, 0.0]]]);
    }

    #[test]
    fn a_missing_unit_is_left_out_even_where_a_neighbour_agrees() {
        check("AAB", "A.B", 1, [[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]]);
        check("A.B", "B.A", 1, [[[0.0, 1.0], [1.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]]]);
        check("A.B", "B.A", 2, [[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]]);
    }
}
