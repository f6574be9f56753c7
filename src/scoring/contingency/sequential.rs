//! Lag-sequential tables: which code follows which, and more often than chance?

use serde::Serialize;

use crate::contingency::table::TwoByTwo;
use crate::distribution::chi2_upper;
use crate::settings::{InsideMissing, StructuralZ};
use crate::synchrony::lagged::known_in_a_row;

/// How near the fitted margins come to the observed ones.
const FITTED: f64 = 1e-12;
/// Beyond this many rounds nothing comes nearer.
const MAX_ROUNDS: usize = 10_000;

/// Can a code follow itself?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    /// Yes: units of time, of which the next may hold the same state.
    Allowed,
    /// No: a sequence of events in which a code lasts until another comes. The diagonal holds no frequencies but structural zeros; a
    /// pair of equal codes is not counted.
    Impossible,
}

/// Given codes (rows) by target codes (columns).
///
/// *Shape*: `n_rows × n_columns`; square where both are of one sequence.
///
/// *Limitations*: adjusted residuals are about normal where no expected frequency is below 5; k² of them are looked at, so that
/// one in twenty exceeds 1.96 by chance.
///
/// *Reference*: Bakeman, R., & Quera, V. (2011). Sequential analysis and observational methods for the behavioral sciences. Cambridge
/// University Press, chapter 9, doi 10.1017/CBO9781139017343. The same numbers as CRAN `LagSequential::sequential(adjacent = FALSE)`.
///
/// # Example
///
/// Three codes that cannot follow themselves; expected frequencies and residuals to check by hand:
///
/// ```
/// use scoring::contingency::sequential::{LagTable, Repeats};
/// use scoring::settings::StructuralZ;
///
/// let table = LagTable::from_counts(3, 3, vec![0, 6, 4, 3, 0, 7, 8, 2, 0], Repeats::Impossible);
/// let expected: Vec<f64> = table.expected().into_iter().map(|e| e.unwrap().round()).collect();
/// assert_eq!(expected, [0.0, 4.0, 6.0, 5.0, 0.0, 5.0, 6.0, 4.0, 0.0]);
/// let z = table.adjusted_residuals(StructuralZ::Adjusted);
/// assert!((z[1].unwrap() - 2.2211108).abs() < 1e-7);
/// assert_eq!(z[0], None);
///
/// assert_eq!((table.shape(), table.repeats(), table.total()), ((3, 3), Repeats::Impossible, 30));
/// assert_eq!((table.row_totals(), table.column_totals()), (vec![10, 10, 10], vec![11, 8, 11]));
/// assert_eq!(table.transition_probabilities()[..3], [Some(0.0), Some(0.6), Some(0.4)]);
/// assert!(table.is_structural(2, 2) && !table.is_structural(2, 1));
/// assert_eq!(table.chi_square(), None, "structural zeros");
/// // the second code after the first: 6 of 10, and 2 after any other
/// let one = table.two_by_two(0, 1);
/// assert_eq!((one.a, one.b, one.c, one.d), (6, 4, 2, 18));
///
/// // codes that may follow themselves: expected are 4.5 and 5.5 in each row, all of them off by 1.5
/// let table = LagTable::from_counts(2, 2, vec![6, 4, 3, 7], Repeats::Allowed);
/// let test = table.chi_square().expect("no structural zeros");
/// assert!((test.chi2 - 2.0 * (2.25 / 4.5 + 2.25 / 5.5)).abs() < 1e-12);
/// assert!((test.p.expect("one degree of freedom") - 0.177_530).abs() < 1e-6); // R's pchisq
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LagTable {
    n_rows: usize,
    n_columns: usize,
    counts: Vec<u64>, // row by row; with `Repeats::Impossible` the diagonal is zero
    repeats: Repeats,
}

/// Do rows and columns have to do with each other at all?
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquare {
    /// `Σ (f − e)² / e` over the cells with e > 0.
    pub chi2: f64,
    /// `(R − 1)(C − 1)`, with R rows and C columns that are not empty.
    pub df: u64,
    /// The upper tail; `None` without degrees of freedom.
    pub p: Option<f64>,
}

impl LagTable {
    /// The table of these frequencies, row by row.
    ///
    /// # Panics
    /// If there are not `n_rows · n_columns` of them.
    #[must_use]
    pub fn from_counts(n_rows: usize, n_columns: usize, mut counts: Vec<u64>, repeats: Repeats) -> Self {
        assert_eq!(counts.len(), n_rows * n_columns, "one frequency per cell");
        if repeats == Repeats::Impossible {
            for code in 0..n_rows.min(n_columns) {
                counts[code * n_columns + code] = 0;
            }
        }
        Self { n_rows, n_columns, counts, repeats }
    }

    /// The table of one sequence's codes against its own codes `lag` later; several sequences are pooled.
    ///
    /// *Definition*: given `sequence[t]`, target `sequence[t + lag]`. A pair with anything missing from t to t + lag is dropped; none
    /// crosses from one sequence to the next.
    ///
    /// # Panics
    /// If a code is not below `n_codes`.
    #[must_use]
    pub fn within(sequences: &[&[Option<usize>]], n_codes: usize, lag: usize, repeats: Repeats) -> Self {
        let mut counts = vec![0; n_codes * n_codes];
        for sequence in sequences {
            let mut known = 0; // how many codes in a row
            for (target, code) in sequence.iter().enumerate() {
                assert!(code.is_none_or(|code| code < n_codes), "a code is one of the table's");
                known = if code.is_some() { known + 1 } else { 0 };
                if let (Some(column), true) = (code, known > lag)
                    && let Some(row) = sequence[target - lag]
                {
                    counts[row * n_codes + column] += 1;
                }
            }
        }
        Self::from_counts(n_codes, n_codes, counts, repeats)
    }

    /// The table of one partner's codes against the other's `lag` units later.
    ///
    /// *Definition*: given `first[t]`, target `second[t + lag]`. A pair with a missing end is dropped; what is missing in between, for either
    /// partner, drops it as `inside` says.
    ///
    /// # Panics
    /// If a code is not below its number of codes.
    #[must_use]
    pub fn between(
        first: &[Option<usize>],
        second: &[Option<usize>],
        (n_rows, n_columns): (usize, usize),
        lag: usize,
        inside: InsideMissing,
    ) -> Self {
        let mut counts = vec![0; n_rows * n_columns];
        let in_a_row = (inside == InsideMissing::Break).then(|| known_in_a_row(first, second));
        let is_kept =
            |later: usize| in_a_row.as_ref().is_none_or(|in_a_row| in_a_row.get(later).is_some_and(|n| *n > lag));
        for (later, pair) in (lag..).zip(first.iter().zip(second.iter().skip(lag))) {
            if let (Some(row), Some(column), true) = (pair.0, pair.1, is_kept(later)) {
                assert!(*column < n_columns, "a code is one of the columns");
                counts[row * n_columns + column] += 1;
            }
        }
        Self::from_counts(n_rows, n_columns, counts, Repeats::Allowed)
    }

    /// Rows, then columns.
    #[must_use]
    pub const fn shape(&self) -> (usize, usize) {
        (self.n_rows, self.n_columns)
    }

    /// Can a code follow itself?
    #[must_use]
    pub const fn repeats(&self) -> Repeats {
        self.repeats
    }

    /// The frequencies, row by row.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// How many pairs there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How often each row's code is given.
    #[must_use]
    pub fn row_totals(&self) -> Vec<u64> {
        (0..self.n_rows).map(|row| self.counts[row * self.n_columns..][..self.n_columns].iter().sum()).collect()
    }

    /// How often each column's code is the target.
    #[must_use]
    pub fn column_totals(&self) -> Vec<u64> {
        (0..self.n_columns).map(|column| self.counts.iter().skip(column).step_by(self.n_columns).sum()).collect()
    }

    /// `f / row total` of every cell; `None` where the row is empty.
    #[must_use]
    pub fn transition_probabilities(&self) -> Vec<Option<f64>> {
        let rows = self.row_totals();
        let share = |(cell, count): (usize, &u64)| {
            let row = rows[cell / self.n_columns];
            (row > 0).then(|| *count as f64 / row as f64)
        };
        self.counts.iter().enumerate().map(share).collect()
    }

    /// One cell against all the others, for [Yule's Q](TwoByTwo::yules_q), odds ratio, phi.
    ///
    /// # Panics
    /// If there is no such cell.
    #[must_use]
    pub fn two_by_two(&self, row: usize, column: usize) -> TwoByTwo {
        assert!(row < self.n_rows && column < self.n_columns, "a cell of the table");
        let a = self.counts[row * self.n_columns + column];
        let given: u64 = self.counts[row * self.n_columns..][..self.n_columns].iter().sum();
        let target: u64 = self.counts.iter().skip(column).step_by(self.n_columns).sum();
        TwoByTwo { a, b: given - a, c: target - a, d: self.total() + a - given - target }
    }

    /// The frequency expected of every cell if target and given had nothing to do with each other.
    ///
    /// *Definition*: `row total · column total / N`. With [`Repeats::Impossible`] quasi-independence: the table with these margins and
    /// an empty diagonal whose other cells are products of a row's and a column's factor, by iterative proportional fitting from 1s
    /// until no margin is off by 1e−12 or 10,000 rounds are done. Where a code takes part in every pair, fitting would take for ever
    /// and its limit is known: the observed table.
    ///
    /// *Shape*: row by row; structural zeros are 0.
    ///
    /// *Undefined cases*: `None` throughout for an empty table, or where the margins cannot be fitted.
    #[must_use]
    pub fn expected(&self) -> Vec<Option<f64>> {
        let (rows, columns, total) = (self.row_totals(), self.column_totals(), self.total());
        if total == 0 {
            return vec![None; self.counts.len()];
        }
        if self.repeats == Repeats::Impossible {
            let fitted = self.quasi_independent(&rows, &columns, total);
            return fitted.map_or_else(|| vec![None; self.counts.len()], |cells| cells.into_iter().map(Some).collect());
        }
        let cells = rows.iter().flat_map(|row| columns.iter().map(move |column| *row as f64 * *column as f64));
        cells.map(|product| Some(product / total as f64)).collect()
    }

    /// How far each cell is from what is expected, in standard deviations.
    ///
    /// *Definition*: `(f − e) / √(e (1 − row share)(1 − column share))`; with [`Repeats::Impossible`] and [`StructuralZ::Adjusted`]
    /// `(f − e) / √(e (1 − h))`, with h the leverage of the cell in the weighted regression of the table on its rows and columns:
    /// `e xᵀ (Xᵀ D X)⁻¹ x`, X the dummies of row and column of every cell that is not a structural zero, D = diag e. For a full table
    /// both are the same.
    ///
    /// *Undefined cases*: `None` where nothing is expected, where the margins leave the cell no freedom, in structural zeros; with
    /// [`StructuralZ::None`] throughout a table without repeats.
    ///
    /// *Reference*: Haberman, S. J. (1973). The analysis of residuals in cross-classified tables. Biometrics, 29, 205–220, doi
    /// 10.2307/2529686.
    #[must_use]
    pub fn adjusted_residuals(&self, structural: StructuralZ) -> Vec<Option<f64>> {
        let expected = self.expected();
        if self.repeats == Repeats::Impossible {
            return match structural {
                StructuralZ::Adjusted => self.structural_residuals(&expected),
                StructuralZ::None => vec![None; self.counts.len()],
            };
        }
        let (rows, columns, total) = (self.row_totals(), self.column_totals(), self.total());
        let residual = |(cell, expected): (usize, &Option<f64>)| {
            let expected = (*expected)?;
            let (row, column) = (rows[cell / self.n_columns], columns[cell % self.n_columns]);
            let rest = |part: u64| (total - part) as f64 / total as f64;
            let variance = expected * rest(row) * rest(column);
            (variance > 0.0).then(|| (self.counts[cell] as f64 - expected) / libm::sqrt(variance))
        };
        expected.iter().enumerate().map(residual).collect()
    }

    /// Pearson's chi-square of independence.
    ///
    /// *Undefined cases*: `None` for an empty table and for one with structural zeros.
    #[must_use]
    pub fn chi_square(&self) -> Option<ChiSquare> {
        if self.repeats == Repeats::Impossible || self.total() == 0 {
            return None;
        }
        let term = |(count, expected): (&u64, Option<f64>)| {
            let expected = expected.filter(|expected| *expected > 0.0)?;
            let off = *count as f64 - expected;
            Some(off * off / expected)
        };
        let chi2 = self.counts.iter().zip(self.expected()).filter_map(term).sum();
        let filled = |totals: Vec<u64>| totals.iter().filter(|total| **total > 0).count() as u64;
        let df = (filled(self.row_totals()) - 1) * (filled(self.column_totals()) - 1);
        Some(ChiSquare { chi2, df, p: (df > 0).then(|| chi2_upper(chi2, df as f64)) })
    }

    /// Can this cell hold nothing, because no code follows itself?
    #[must_use]
    pub fn is_structural(&self, row: usize, column: usize) -> bool {
        self.repeats == Repeats::Impossible && row == column
    }

    fn quasi_independent(&self, rows: &[u64], columns: &[u64], total: u64) -> Option<Vec<f64>> {
        let everywhere = |code: usize| rows[code] + columns[code] == total;
        if (0..self.n_rows.min(self.n_columns)).any(everywhere) {
            return Some(self.counts.iter().map(|count| *count as f64).collect());
        }
        let n = self.n_columns;
        let mut cells: Vec<f64> =
            (0..self.counts.len()).map(|cell| f64::from(!self.is_structural(cell / n, cell % n))).collect();
        for _ in 0..MAX_ROUNDS {
            for (row, want) in rows.iter().enumerate() {
                let sum: f64 = cells[row * n..][..n].iter().sum();
                scale(cells[row * n..][..n].iter_mut(), *want as f64, sum)?;
            }
            for (column, want) in columns.iter().enumerate() {
                let sum: f64 = cells.iter().skip(column).step_by(n).sum();
                scale(cells.iter_mut().skip(column).step_by(n), *want as f64, sum)?;
            }
            let off = |(row, want): (usize, &u64)| (cells[row * n..][..n].iter().sum::<f64>() - *want as f64).abs();
            if rows.iter().enumerate().map(off).fold(0.0, f64::max) < FITTED {
                break;
            }
        }
        Some(cells)
    }

    fn structural_residuals(&self, expected: &[Option<f64>]) -> Vec<Option<f64>> {
        let Some(expected) = expected.iter().copied().collect::<Option<Vec<f64>>>() else {
            return vec![None; self.counts.len()];
        };
        let inverse = self.design_inverse(&expected);
        let n_terms = self.n_rows + self.n_columns;
        let residual = |(cell, expected_here): (usize, &f64)| {
            let (row, column) = (cell / self.n_columns, cell % self.n_columns);
            if *expected_here <= 0.0 || self.is_bridge(&expected, row, column) {
                return None;
            }
            let at = |i: usize, j: usize| inverse[i * n_terms + j];
            let second = self.n_rows + column;
            let leverage = expected_here * (at(row, row) + 2.0 * at(row, second) + at(second, second));
            let variance = expected_here * (1.0 - leverage);
            (variance > 0.0).then(|| (self.counts[cell] as f64 - expected_here) / libm::sqrt(variance))
        };
        expected.iter().enumerate().map(residual).collect()
    }

    /// A generalised inverse of `Xᵀ D X` by the sweep operator: terms that others determine are left out, which changes no leverage.
    fn design_inverse(&self, expected: &[f64]) -> Vec<f64> {
        let n = self.n_rows + self.n_columns;
        let mut design = vec![0.0; n * n];
        for (cell, weight) in expected.iter().enumerate() {
            let (row, column) = (cell / self.n_columns, self.n_rows + cell % self.n_columns);
            for (i, j) in [(row, row), (column, column), (row, column), (column, row)] {
                design[i * n + j] += weight;
            }
        }
        let scale: Vec<f64> = (0..n).map(|term| design[term * n + term]).collect();
        let mut is_kept = vec![false; n];
        for pivot in 0..n {
            let size = design[pivot * n + pivot];
            if size > scale[pivot] * 1e-10 {
                is_kept[pivot] = true;
                sweep(&mut design, n, pivot);
            }
        }
        let kept = |cell: usize| is_kept[cell / n] && is_kept[cell % n];
        design.iter().enumerate().map(|(cell, value)| if kept(cell) { *value } else { 0.0 }).collect()
    }

    /// Is this cell all that connects its row with its column? Then the margins alone decide it: its leverage is 1.
    fn is_bridge(&self, expected: &[f64], row: usize, column: usize) -> bool {
        let mut rows = vec![false; self.n_rows];
        let mut columns = vec![false; self.n_columns];
        rows[row] = true;
        let mut is_growing = true;
        while is_growing {
            is_growing = false;
            for (cell, weight) in expected.iter().enumerate() {
                let (i, j) = (cell / self.n_columns, cell % self.n_columns);
                if *weight > 0.0 && (i, j) != (row, column) && rows[i] != columns[j] {
                    (rows[i], columns[j]) = (true, true);
                    is_growing = true;
                }
            }
        }
        !columns[column]
    }
}

/// Makes cells of this sum have the sum `want`; `None` where no factor does.
fn scale<'a>(cells: impl Iterator<Item = &'a mut f64>, want: f64, sum: f64) -> Option<()> {
    if sum == 0.0 {
        return (want == 0.0).then_some(());
    }
    cells.for_each(|cell| *cell *= want / sum);
    Some(())
}

/// One step of Gauss–Jordan elimination in place; after all steps the matrix is its inverse.
fn sweep(matrix: &mut [f64], n: usize, pivot: usize) {
    let size = matrix[pivot * n + pivot];
    for j in 0..n {
        matrix[pivot * n + j] /= size;
    }
    for i in (0..n).filter(|i| *i != pivot) {
        let factor = matrix[i * n + pivot];
        for j in 0..n {
            matrix[i * n + j] -= factor * matrix[pivot * n + j];
        }
        matrix[i * n + pivot] = -factor / size;
    }
    matrix[pivot * n + pivot] = 1.0 / size;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(1), failure_persistence: None, cases: 300, ..ProptestConfig::default()
        })]

        #[test]
        fn what_is_expected_has_the_margins_observed(counts in prop::collection::vec(prop_oneof![Just(0_u64), 0..40_u64], 16)) {
            for repeats in [Repeats::Allowed, Repeats::Impossible] {
                let table = LagTable::from_counts(4, 4, counts.clone(), repeats);
                let expected: Option<Vec<f64>> = table.expected().into_iter().collect();
                prop_assert_eq!(expected.is_some(), table.total() > 0);
                let Some(expected) = expected else { continue };
                for (code, (row, column)) in table.row_totals().into_iter().zip(table.column_totals()).enumerate() {
                    prop_assert!((expected[code * 4..][..4].iter().sum::<f64>() - row as f64).abs() < 1e-3);
                    prop_assert!((expected.iter().skip(code).step_by(4).sum::<f64>() - column as f64).abs() < 1e-3);
                }
                let z = table.adjusted_residuals(StructuralZ::Adjusted);
                prop_assert!(z.iter().flatten().all(|z| z.is_finite()));
            }
        }

        #[test]
        fn renaming_the_codes_renames_the_cells(counts in prop::collection::vec(1..40_u64, 16)) {
            let renamed = |cell: usize| (3 - cell / 4) * 4 + 3 - cell % 4;
            let table = LagTable::from_counts(4, 4, counts.clone(), Repeats::Impossible);
            let other = LagTable::from_counts(4, 4, (0..16).map(|cell| counts[renamed(cell)]).collect(), Repeats::Impossible);
            let (z, other_z) = [table, other].map(|table| table.adjusted_residuals(StructuralZ::Adjusted)).into();
            for cell in 0..16 {
                prop_assert_eq!(z[cell].is_some(), other_z[renamed(cell)].is_some());
                prop_assert!((z[cell].unwrap_or(0.0) - other_z[renamed(cell)].unwrap_or(0.0)).abs() < 1e-6);
            }
        }
    }

    #[track_caller]
    fn check(got: Option<f64>, want: f64) {
        let got = got.expect("defined");
        assert!((got - want).abs() < 1e-7, "got {got}, expected {want}");
    }

    #[test]
    fn the_table_without_repeats_of_science_has_its_expected_frequencies_and_residuals() {
        let table = LagTable::from_counts(3, 3, vec![0, 6, 4, 3, 0, 7, 8, 2, 0], Repeats::Impossible);
        let z = table.adjusted_residuals(StructuralZ::Adjusted);
        for (cell, want) in [0.0, 4.0, 6.0, 5.0, 0.0, 5.0, 6.0, 4.0, 0.0].into_iter().enumerate() {
            check(table.expected()[cell], want);
            match cell % 4 {
                0 => assert_eq!(z[cell], None, "the diagonal"),
                _ => check(z[cell].map(f64::abs), 2.221_110_8),
            }
        }
        assert_eq!(table.adjusted_residuals(StructuralZ::None), vec![None; 9]);
        assert_eq!(table.chi_square(), None);
    }

    #[test]
    fn residuals_without_repeats_are_those_of_the_design() {
        // numpy 2.4.6: 10,000 rounds of fitting, and h from the pseudoinverse of the design
        let counts = vec![0, 9, 2, 4, 3, 0, 7, 1, 8, 2, 0, 5, 6, 1, 12, 0];
        let want = [
            3.920_073_863,
            -3.820_543_797,
            0.305_464_553,
            -0.584_815_573,
            1.499_822_956,
            -1.123_403_381,
            0.890_605_149,
            -1.621_771_221,
            0.708_733_704,
            -0.328_631_691,
            -2.181_176_431,
            2.268_571_447,
        ];
        let z = LagTable::from_counts(4, 4, counts, Repeats::Impossible).adjusted_residuals(StructuralZ::Adjusted);
        let off_diagonal = z.into_iter().enumerate().filter(|(cell, _)| cell % 5 != 0);
        for ((_, z), want) in off_diagonal.zip(want) {
            check(z, want);
        }
    }

    #[test]
    fn without_structural_zeros_the_adjusted_residual_is_the_plain_one() {
        let table = LagTable::from_counts(3, 4, vec![7, 5, 3, 1, 2, 1, 11, 0, 2, 9, 2, 4], Repeats::Allowed);
        let plain = table.adjusted_residuals(StructuralZ::Adjusted);
        let by_design = table.structural_residuals(&table.expected());
        for (plain, by_design) in plain.iter().zip(by_design) {
            check(by_design, plain.unwrap());
        }
    }

    #[test]
    fn a_code_in_every_pair_leaves_nothing_to_chance() {
        let table = LagTable::from_counts(3, 3, vec![0, 2, 3, 4, 0, 0, 1, 0, 0], Repeats::Impossible);
        let counts: Vec<Option<f64>> = table.counts().iter().map(|count| Some(*count as f64)).collect();
        assert_eq!(table.expected(), counts);
        assert_eq!(table.adjusted_residuals(StructuralZ::Adjusted), vec![None; 9]);
    }

    #[test]
    fn a_cell_that_the_margins_alone_decide_has_no_residual() {
        // every cell is all that connects its row with its column: its leverage is 1, and what is left of it is rounding
        for counts in [[0, 0, 7, 4, 0, 2, 0, 0, 0], [0, 0, 0, 2, 0, 3, 2, 0, 0], [0, 1, 0, 5, 0, 0, 3, 5, 0]] {
            let table = LagTable::from_counts(3, 3, counts.to_vec(), Repeats::Impossible);
            assert_eq!(table.adjusted_residuals(StructuralZ::Adjusted), vec![None; 9], "{counts:?}");
        }
    }

    #[test]
    fn a_term_that_others_nearly_determine_still_counts() {
        // numpy 2.4.6, h from the pseudoinverse; a row and a column hold most of the table
        let table = LagTable::from_counts(3, 3, vec![0, 5, 30, 9, 0, 1, 9, 1, 0], Repeats::Impossible);
        let z = table.adjusted_residuals(StructuralZ::Adjusted);
        for (cell, sign) in [(1, -1.0), (2, 1.0), (3, 1.0), (5, -1.0), (6, -1.0), (7, 1.0)] {
            check(z[cell], sign * 1.243_773_169);
        }
    }

    #[test]
    fn an_empty_or_constant_table_has_no_residuals() {
        for repeats in [Repeats::Allowed, Repeats::Impossible] {
            let empty = LagTable::within(&[&[]], 2, 1, repeats);
            assert_eq!(empty.expected(), vec![None; 4]);
            assert_eq!(empty.adjusted_residuals(StructuralZ::Adjusted), vec![None; 4]);
            assert_eq!(empty.chi_square(), None);
        }
        let constant = LagTable::within(&[&[Some(1); 9]], 2, 1, Repeats::Allowed);
        assert_eq!(constant.adjusted_residuals(StructuralZ::Adjusted), vec![None; 4]);
        assert_eq!(constant.chi_square(), Some(ChiSquare { chi2: 0.0, df: 0, p: None }));
    }

    #[test]
    fn a_pair_with_something_missing_between_is_dropped_within_and_kept_across() {
        let codes = [Some(0), None, Some(1), Some(0), Some(1)];
        assert_eq!(LagTable::within(&[&codes], 2, 2, Repeats::Allowed).counts(), [0, 0, 0, 1]);
        assert_eq!(LagTable::between(&codes, &codes, (2, 2), 2, InsideMissing::Ignore).counts(), [0, 1, 0, 1]);
        assert_eq!(LagTable::between(&codes, &codes, (2, 2), 2, InsideMissing::Break).counts(), [0, 0, 0, 1]);
        // of the pairs from t = 0 to 3, the first lacks its partner where it begins, the last where it ends
        let (first, second) = ([Some(0), Some(0), Some(1), Some(1), None], [None, Some(0), Some(1), Some(0), Some(1)]);
        assert_eq!(LagTable::between(&first, &second, (2, 2), 1, InsideMissing::Ignore).counts(), [1, 1, 1, 1]);
        assert_eq!(LagTable::between(&first, &second, (2, 2), 1, InsideMissing::Break).counts(), [0, 1, 1, 0]);
        assert_eq!(LagTable::within(&[&codes, &codes], 2, 1, Repeats::Allowed).counts(), [0, 2, 2, 0]);
        assert_eq!(LagTable::within(&[&codes], 2, 9, Repeats::Allowed).total(), 0);
    }
}
