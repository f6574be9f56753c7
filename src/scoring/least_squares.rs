//! Linear least squares by Householder reflections: the same bits on every platform.

/// A pivot this small beside its column counts as none: the columns do not determine the coefficients.
const RANK: f64 = 1e-11;
/// A residual sum this small beside the outcome's sum of squares is rounding, not a residual.
const EXACT: f64 = 1e-24;

/// Rows of predictors with their outcome, kept column by column.
pub(crate) struct Design {
    columns: Vec<Vec<f64>>, // of equal length, the outcome last
}

/// A design brought to triangular form: answers for every number of leading columns.
pub(crate) struct Triangle {
    columns: Vec<Vec<f64>>, // the upper triangle R, and Q'y in the last one
    norms: Vec<f64>,        // of the columns before
    n_rows: usize,
}

/// The coefficients that make the sum of squared residuals smallest.
pub(crate) struct Fit {
    pub(crate) coefs: Vec<f64>,
    /// The sum of squared residuals; exactly 0 where only rounding is left.
    pub(crate) rss: f64,
    /// The diagonal of `(X'X)⁻¹`.
    pub(crate) inverse: Vec<f64>,
    /// `ln |X'X|`.
    pub(crate) log_det: f64,
    pub(crate) n_rows: usize,
}

impl Design {
    /// No rows yet.
    pub(crate) fn new(n_coefs: usize) -> Self {
        Self { columns: vec![Vec::new(); n_coefs + 1] }
    }

    /// Columns of equal length, the outcome last.
    pub(crate) fn from_columns(columns: Vec<Vec<f64>>) -> Self {
        Self { columns }
    }

    /// Adds a row, the outcome last.
    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = f64>) {
        let mut row = row.into_iter();
        for column in &mut self.columns {
            column.push(row.next().expect("as many values as columns"));
        }
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.columns[0].len()
    }

    pub(crate) fn n_coefs(&self) -> usize {
        self.columns.len() - 1
    }

    /// A column; the outcome is the last.
    pub(crate) fn column(&self, idx: usize) -> &[f64] {
        &self.columns[idx]
    }

    /// The coefficients; `None` with fewer rows than columns, or where the columns do not determine them.
    pub(crate) fn fit(self) -> Option<Fit> {
        let n_coefs = self.n_coefs();
        self.triangle().fit(n_coefs)
    }

    /// One reflection per column.
    pub(crate) fn triangle(mut self) -> Triangle {
        let n_rows = self.n_rows();
        let norms = self.columns.iter().map(|column| libm::sqrt(dot(column, column))).collect();
        for idx in 0..(self.columns.len() - 1).min(n_rows) {
            let (done, rest) = self.columns.split_at_mut(idx + 1);
            reflect(&mut done[idx][idx..], rest, idx);
        }
        Triangle { columns: self.columns, norms, n_rows }
    }
}

/// Turns `column` into a multiple of the first axis, and the others with it.
fn reflect(column: &mut [f64], others: &mut [Vec<f64>], from: usize) {
    let norm = libm::sqrt(dot(column, column));
    if norm == 0.0 || !norm.is_finite() {
        return;
    }
    let pivot = if column[0] > 0.0 { -norm } else { norm };
    let head = column[0] - pivot;
    column[0] = head;
    let scale = -1.0 / (pivot * head); // 2 / |v|²
    for other in others {
        let other = &mut other[from..];
        let along = scale * dot(column, other);
        for (value, part) in other.iter_mut().zip(&*column) {
            *value -= along * part;
        }
    }
    column[0] = pivot;
}

/// Four sums side by side: quick, and in a fixed order.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a4, b4) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a4.remainder().iter().zip(b4.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a4.zip(b4) {
        for lane in 0..4 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

impl Triangle {
    /// The sum of squared residuals with the first `n_coefs` columns alone; `None` where they do not determine their coefficients.
    pub(crate) fn rss(&self, n_coefs: usize) -> Option<f64> {
        let outcome = self.columns.last()?;
        let is_determined = |idx: usize| {
            let pivot = self.columns[idx][idx].abs();
            pivot.is_finite() && pivot > RANK * self.norms[idx]
        };
        if self.n_rows < n_coefs || !(0..n_coefs).all(is_determined) {
            return None;
        }
        let rss = dot(&outcome[n_coefs..], &outcome[n_coefs..]);
        let whole = self.norms.last()? * self.norms.last()?;
        rss.is_finite().then_some(if rss <= EXACT * whole { 0.0 } else { rss })
    }

    /// The coefficients of the first `n_coefs` columns.
    pub(crate) fn fit(&self, n_coefs: usize) -> Option<Fit> {
        let rss = self.rss(n_coefs)?;
        let outcome = self.columns.last()?;
        let r = |row: usize, column: usize| self.columns[column][row];
        let mut coefs = outcome[..n_coefs].to_vec();
        for row in (0..n_coefs).rev() {
            let known: f64 = (row + 1..n_coefs).map(|column| r(row, column) * coefs[column]).sum();
            coefs[row] = (coefs[row] - known) / r(row, row);
        }
        // R⁻¹ column by column: the diagonal of (X'X)⁻¹ is the sum of squares of its rows
        let mut inverse = vec![0.0; n_coefs];
        for unit in 0..n_coefs {
            let mut column = vec![0.0; unit + 1];
            for row in (0..=unit).rev() {
                let known: f64 = (row + 1..=unit).map(|idx| r(row, idx) * column[idx]).sum();
                column[row] = (f64::from(u8::from(row == unit)) - known) / r(row, row);
                inverse[row] += column[row] * column[row];
            }
        }
        let log_det = (0..n_coefs).map(|idx| 2.0 * libm::log(r(idx, idx).abs())).sum();
        let is_finite = coefs.iter().chain(&inverse).all(|value| value.is_finite());
        is_finite.then_some(Fit { coefs, rss, inverse, log_det, n_rows: self.n_rows })
    }
}

impl Fit {
    /// Rows that are left when each coefficient has taken one.
    pub(crate) fn df(&self) -> usize {
        self.n_rows - self.coefs.len()
    }

    /// The residual variance; `None` without a row to spare.
    pub(crate) fn variance(&self) -> Option<f64> {
        (self.df() > 0).then(|| self.rss / self.df() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(rows: &[(f64, f64)]) -> Option<Fit> {
        let mut design = Design::new(2);
        for (x, y) in rows {
            design.push([1.0, *x, *y]);
        }
        design.fit()
    }

    #[test]
    fn a_line_through_four_points_is_that_of_the_textbook() {
        // by hand: means 2.5 and 3, Sxx 5, Sxy 7, Syy 10
        let fit = line(&[(1.0, 1.0), (2.0, 2.0), (3.0, 4.0), (4.0, 5.0)]).unwrap();
        assert!((fit.coefs[1] - 1.4).abs() < 1e-14 && (fit.coefs[0] + 0.5).abs() < 1e-14);
        assert!((fit.rss - (10.0 - 49.0 / 5.0)).abs() < 1e-14);
        assert!((fit.inverse[1] - 0.2).abs() < 1e-14 && (fit.log_det - libm::log(20.0)).abs() < 1e-14);
        assert_eq!(fit.df(), 2);
    }

    #[test]
    fn columns_that_determine_nothing_have_no_coefficients() {
        assert!(line(&[(0.3, 1.0), (0.3, 2.0), (0.3, 4.0)]).is_none());
        assert!(line(&[(0.3, 1.0)]).is_none());
        assert_eq!(line(&[(0.1, 0.2), (0.2, 0.4), (0.3, 0.6)]).unwrap().rss, 0.0);
    }
}
