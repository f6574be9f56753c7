//! What one coder said where another said what.

use super::tally::tally;
use crate::Why;

/// Why a coefficient is absent: nothing was compared.
pub(crate) const NOTHING_COMPARED: Why = Why::Borrowed("nothing that both coders coded");
/// Why a coefficient is absent: chance alone explains everything.
pub(crate) const ONE_CODE: Why = Why::Borrowed("both coders used one and the same code only");

/// A square table of two coders: how much A gave the code of the row and B the code of the column.
///
/// *Units*: whatever is compared: units of a grid, or lengths of time in any unit. *Shape*: as many rows and columns as codes are
/// declared, in the order of the scheme; codes that nobody used keep their place, since some coefficients depend on how many there are.
///
/// ```
/// use scoring::agreement::table::Confusion;
///
/// let a = [Some(0_usize), Some(0), Some(1), Some(1), None];
/// let b = [Some(0), Some(1), Some(1), Some(1), Some(0)];
/// let table = Confusion::from_labels(2, &a, &b);
/// assert_eq!(table.rows().collect::<Vec<_>>(), [[1.0, 1.0], [0.0, 2.0]]);
/// assert_eq!((table.po(), table.pe()), (Some(0.75), Some(0.5)));
/// assert_eq!((table.n_codes(), table.total(), table.agreed(), table.cell(0, 1)), (2, 4.0, 3.0, 1.0));
/// assert_eq!((table.row_margins(), table.column_margins()), (vec![2.0, 2.0], vec![1.0, 3.0]));
/// assert_eq!((table.percent_agreement(), table.prevalences()), (Some(75.0), Some(vec![0.375, 0.625])));
/// assert_eq!(table.overlap_extent(1), Some(2.0 / 3.0)); // both 2, either 3
/// assert_eq!(table.transposed().cell(1, 0), 1.0);
///
/// // a second session, of which two units were compared
/// let mut study = Confusion::new(2);
/// study.add(0, 0, 2.0);
/// study.add_table(&table);
/// assert_eq!(study.po(), Some(5.0 / 6.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion {
    n_codes: usize,
    /// Row by row; finite, none negative, and their sum is finite.
    cells: Vec<f64>,
}

/// A table was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A row is not as long as there are rows.
    #[error("row {row} of the table has {n_cells} cells, expected {n_codes}")]
    NotSquare {
        /// The row, from 0.
        row: usize,
        /// How many cells it has.
        n_cells: usize,
        /// How many rows there are.
        n_codes: usize,
    },
    /// A cell is negative or not finite, or their sum is not finite.
    #[error("the cells of a table are finite and not negative, and so is their sum")]
    BadCell,
}

impl Confusion {
    /// The empty table of this many codes.
    #[must_use]
    pub fn new(n_codes: usize) -> Self {
        Self { n_codes, cells: vec![0.0; n_codes * n_codes] }
    }

    /// The table of two coders' codes, unit by unit; `None` is missing, and a unit that is missing for either is dropped.
    ///
    /// *Shape*: `a[unit]` goes with `b[unit]`; units that only one list has are missing for the other. Labels are positions in the
    /// order of the codes, of any type that is one (`u8` is the fastest).
    ///
    /// # Panics
    /// Where a label is not below `n_codes`.
    #[must_use]
    pub fn from_labels<L: Copy + Into<usize>>(n_codes: usize, a: &[Option<L>], b: &[Option<L>]) -> Self {
        let cells = tally(n_codes, 1, a, b, |_| 0).into_iter().map(|count| count as f64);
        Self { n_codes, cells: cells.collect() }
    }

    /// The table with these rows.
    ///
    /// # Errors
    /// [`TableError`] where it is not square, or a cell is negative or not finite.
    pub fn from_rows(rows: Vec<Vec<f64>>) -> Result<Self, TableError> {
        let n_codes = rows.len();
        if let Some(row) = rows.iter().position(|row| row.len() != n_codes) {
            return Err(TableError::NotSquare { row, n_cells: rows[row].len(), n_codes });
        }
        let cells: Vec<f64> = rows.into_iter().flatten().collect();
        let is_good = cells.iter().all(|cell| *cell >= 0.0) && cells.iter().sum::<f64>().is_finite();
        if is_good { Ok(Self { n_codes, cells }) } else { Err(TableError::BadCell) }
    }

    /// Adds units or time to the cell of A's code and B's code.
    ///
    /// # Panics
    /// Where a code is not below the number of codes, or `weight` is negative or not finite.
    pub fn add(&mut self, a: usize, b: usize, weight: f64) {
        assert!(a < self.n_codes && b < self.n_codes, "codes {a}, {b} of a table of {} codes", self.n_codes);
        assert!(weight.is_finite() && weight >= 0.0, "weight {weight}");
        self.cells[a * self.n_codes + b] += weight;
    }

    /// Adds another table of the same codes: a study's table is the sum of its sessions' tables.
    ///
    /// # Panics
    /// Where the numbers of codes differ.
    pub fn add_table(&mut self, other: &Self) {
        assert_eq!(self.n_codes, other.n_codes, "tables of different codes");
        for (cell, more) in self.cells.iter_mut().zip(&other.cells) {
            *cell += more;
        }
    }

    /// How many codes are declared, used or not.
    #[must_use]
    pub fn n_codes(&self) -> usize {
        self.n_codes
    }

    /// How much A gave the first code and B the second.
    ///
    /// # Panics
    /// Where a code is not below the number of codes.
    #[must_use]
    pub fn cell(&self, a: usize, b: usize) -> f64 {
        assert!(a < self.n_codes && b < self.n_codes, "codes {a}, {b} of a table of {} codes", self.n_codes);
        self.cells[a * self.n_codes + b]
    }

    /// Row by row: A's codes.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.n_codes.max(1))
    }

    /// The table with the coders exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let columns = (0..self.n_codes).flat_map(|b| self.cells.iter().copied().skip(b).step_by(self.n_codes));
        Self { n_codes: self.n_codes, cells: columns.collect() }
    }

    /// One code against all others together: the two-by-two table behind kappa of that code.
    ///
    /// # Panics
    /// Where the code is not below the number of codes.
    ///
    /// ```
    /// use scoring::agreement::{kappa::kappa, table::Confusion};
    ///
    /// let rows = [[4, 0, 0, 1], [1, 6, 0, 1], [0, 0, 7, 0], [0, 0, 3, 7]];
    /// let table = Confusion::from_rows(rows.map(|row| row.map(f64::from).to_vec()).to_vec()).unwrap();
    /// let monitor = table.one_code(2);
    /// assert_eq!(monitor.rows().collect::<Vec<_>>(), [[7.0, 0.0], [3.0, 20.0]]);
    /// // po = 27/30, pe = (7 · 10 + 23 · 20) / 900
    /// assert!((kappa(&monitor).value.unwrap() - (0.9 - 530.0 / 900.0) / (370.0 / 900.0)).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn one_code(&self, code: usize) -> Self {
        let mut one = Self::new(2);
        for (a, row) in self.rows().enumerate() {
            for (b, cell) in row.iter().enumerate() {
                one.add(usize::from(a != code), usize::from(b != code), *cell);
            }
        }
        assert!(code < self.n_codes, "code {code} of a table of {} codes", self.n_codes);
        one
    }

    /// ELAN's ratio of overlap and extent of one code: the time in which both have it over the time in which either has, 0 to 1; `None`
    /// where neither has.
    ///
    /// # Panics
    /// Where the code is not below the number of codes.
    #[must_use]
    pub fn overlap_extent(&self, code: usize) -> Option<f64> {
        let one = self.one_code(code);
        let extent = one.cell(0, 0) + one.cell(0, 1) + one.cell(1, 0);
        (extent > 0.0).then(|| one.cell(0, 0) / extent)
    }

    /// How much was compared.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.cells.iter().sum()
    }

    /// The diagonal: where both gave the same code.
    #[must_use]
    pub fn agreed(&self) -> f64 {
        self.cells.iter().step_by(self.n_codes + 1).sum()
    }

    /// How much A gave each code.
    #[must_use]
    pub fn row_margins(&self) -> Vec<f64> {
        self.rows().map(|row| row.iter().sum()).collect()
    }

    /// How much B gave each code.
    #[must_use]
    pub fn column_margins(&self) -> Vec<f64> {
        let mut margins = vec![0.0; self.n_codes];
        for row in self.rows() {
            for (margin, cell) in margins.iter_mut().zip(row) {
                *margin += cell;
            }
        }
        margins
    }

    /// Each code's share of the time, as the mean of both coders; `None` where nothing was compared.
    #[must_use]
    pub fn prevalences(&self) -> Option<Vec<f64>> {
        let shares = Shares::of(self)?;
        Some(shares.rows.iter().zip(&shares.columns).map(|(row, column)| f64::midpoint(*row, *column)).collect())
    }

    /// The proportion of agreement, 0 to 1; `None` where nothing was compared.
    #[must_use]
    pub fn po(&self) -> Option<f64> {
        let total = self.total();
        (total > 0.0).then(|| self.agreed() / total)
    }

    /// `100 · po`.
    #[must_use]
    pub fn percent_agreement(&self) -> Option<f64> {
        self.po().map(|po| 100.0 * po)
    }

    /// The agreement that the coders' margins would give by chance: `Σ r c / N²`, 0 to 1; `None` where nothing was compared.
    #[must_use]
    pub fn pe(&self) -> Option<f64> {
        Shares::of(self).map(|shares| shares.rows.iter().zip(&shares.columns).map(|(row, column)| row * column).sum())
    }
}

/// A table and its margins divided by its total, so that no product can overflow.
pub(crate) struct Shares {
    pub(crate) rows: Vec<f64>,
    pub(crate) columns: Vec<f64>,
    /// `p[a][b]`, row by row.
    pub(crate) cells: Vec<f64>,
}

impl Shares {
    /// `None` where nothing was compared.
    pub(crate) fn of(table: &Confusion) -> Option<Self> {
        let total = table.total();
        let divided = |weights: Vec<f64>| weights.into_iter().map(|weight| weight / total).collect();
        (total > 0.0).then(|| Self {
            rows: divided(table.row_margins()),
            columns: divided(table.column_margins()),
            cells: divided(table.cells.clone()),
        })
    }

    /// `(a, b, p_ab, r_a c_b)` of every cell.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, usize, f64, f64)> {
        let n = self.rows.len();
        self.cells.iter().enumerate().map(move |(cell, share)| {
            let (a, b) = (cell / n, cell % n);
            (a, b, *share, self.rows[a] * self.columns[b])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_any_type_and_length_are_counted_alike() {
        let labels = |by: usize| (0..103).map(move |unit| (unit * unit % by != 4).then_some(unit * by % 3));
        let (a, b): (Vec<_>, Vec<_>) = (labels(7).collect(), labels(11).collect());
        let mut by_hand = Confusion::new(3);
        for (a, b) in a.iter().zip(&b) {
            if let (Some(a), Some(b)) = (a, b) {
                by_hand.add(*a, *b, 1.0);
            }
        }
        let small = |labels: &[Option<usize>]| labels.iter().map(|label| label.map(|label| label as u8)).collect();
        let (small_a, small_b): (Vec<_>, Vec<_>) = (small(&a), small(&b));
        assert_eq!(Confusion::from_labels(3, &a, &b), by_hand);
        assert_eq!(Confusion::from_labels(3, &small_a, &small_b), by_hand);
        assert_eq!(Confusion::from_labels(3, &b, &a), by_hand.transposed());
        assert_eq!(by_hand.transposed().row_margins(), by_hand.column_margins());
    }

    #[test]
    fn tables_that_are_none_are_refused() {
        let check = |rows: Vec<Vec<f64>>, want: TableError| assert_eq!(Confusion::from_rows(rows), Err(want));
        check(vec![vec![1.0, 2.0], vec![1.0]], TableError::NotSquare { row: 1, n_cells: 1, n_codes: 2 });
        check(vec![vec![-1.0]], TableError::BadCell);
        check(vec![vec![f64::NAN]], TableError::BadCell);
        check(vec![vec![f64::MAX, f64::MAX], vec![0.0, 0.0]], TableError::BadCell);
    }

    #[test]
    fn a_table_without_codes_or_units_has_no_shares() {
        for table in [Confusion::new(0), Confusion::new(3), Confusion::from_labels::<u8>(2, &[None], &[Some(1)])] {
            assert_eq!((table.total(), table.po(), table.pe(), table.prevalences()), (0.0, None, None, None));
            assert_eq!(table.transposed(), table);
        }
    }
}
