//! Two-by-two tables: given and not given, response and none.

use serde::Serialize;

use crate::settings::Haldane;

/// Units counted by whether the given thing holds (rows) and the response occurs (columns).
///
/// ```text
///             response   none
/// given           a        b
/// not given       c        d
/// ```
///
/// Every statistic is `None` where it divides by zero.
///
/// *Reference*: Bakeman, R., & Quera, V. (2011). Sequential analysis and observational methods for the behavioral sciences. Cambridge
/// University Press, doi 10.1017/CBO9781139017343.
///
/// # Example
/// Of 20 units 10 are given; a response occurs in 6 of these and in 3 of the others. By hand:
/// ```
/// use scoring::contingency::table::TwoByTwo;
/// use scoring::settings::Haldane;
///
/// let table = TwoByTwo { a: 6, b: 4, c: 3, d: 7 };
/// let check = |number: Option<f64>, by_hand: f64| assert!((number.expect("defined") - by_hand).abs() < 1e-12);
/// check(table.transitional_probability(), 0.6);
/// check(table.base_rate(), 9.0 / 20.0);
/// check(table.lift(), 0.6 / 0.45);
/// check(table.relative_risk(), 0.6 / 0.3);
/// check(table.risk_difference(), 0.6 - 0.3);
/// check(table.odds_ratio(Haldane::WhenZero), 42.0 / 12.0);
/// check(table.log_odds_ratio(Haldane::WhenZero), 3.5_f64.ln());
/// check(table.log_odds_ratio_std_err(Haldane::WhenZero), (1.0_f64 / 6.0 + 1.0 / 4.0 + 1.0 / 3.0 + 1.0 / 7.0).sqrt());
/// check(table.yules_q(), 30.0 / 54.0);
/// check(table.phi(), 30.0 / (10.0_f64 * 10.0 * 9.0 * 11.0).sqrt());
/// check(table.smallest_expected(), 10.0 * 9.0 / 20.0);
/// check(table.z(), (6.0 - 4.5) / (4.5_f64 * 10.0 / 20.0 * 11.0 / 20.0).sqrt());
///
/// // the infant positive, and the parent a second later, in the half minute on the first page of this crate: no b
/// let table = TwoByTwo { a: 9, b: 0, c: 9, d: 10 };
/// check(table.odds_ratio(Haldane::WhenZero), 9.5 * 10.5 / (0.5 * 9.5)); // one half added to every cell
/// assert!(table.is_corrected(Haldane::WhenZero) && !table.is_corrected(Haldane::Never));
/// assert_eq!(table.odds_ratio(Haldane::Never), None);
///
/// // counted one by one
/// let mut table = TwoByTwo::default();
/// table.add(true, false);
/// table.add(false, true);
/// assert_eq!((table.b, table.c, table.total()), (1, 1, 2));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TwoByTwo {
    /// Given, with response.
    pub a: u64,
    /// Given, without.
    pub b: u64,
    /// Not given, with response.
    pub c: u64,
    /// Neither.
    pub d: u64,
}

impl TwoByTwo {
    /// The table of `given[t]` against `target[t + lag]`; pairs with a missing end are dropped.
    ///
    /// ```
    /// use scoring::contingency::table::TwoByTwo;
    ///
    /// let given = [Some(true), Some(false), None, Some(true)];
    /// let target = [Some(false), Some(true), Some(true), Some(false)];
    /// // given at the first, followed by a response; not given at the second, followed by one; the third is missing
    /// assert_eq!(TwoByTwo::at_lag(&given, &target, 1), TwoByTwo { a: 1, b: 0, c: 1, d: 0 });
    /// ```
    #[must_use]
    pub fn at_lag(given: &[Option<bool>], target: &[Option<bool>], lag: usize) -> Self {
        let mut table = Self::default();
        for (row, column) in given.iter().zip(target.iter().skip(lag)) {
            if let (Some(row), Some(column)) = (row, column) {
                table.add(*row, *column);
            }
        }
        table
    }

    /// Counts one unit.
    pub fn add(&mut self, is_given: bool, is_response: bool) {
        match (is_given, is_response) {
            (true, true) => self.a += 1,
            (true, false) => self.b += 1,
            (false, true) => self.c += 1,
            (false, false) => self.d += 1,
        }
    }

    /// How many units there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.a + self.b + self.c + self.d
    }

    /// `a / (a + b)`: how often the response occurs where given, 0 to 1; `None` where nothing is given.
    #[must_use]
    pub fn transitional_probability(&self) -> Option<f64> {
        ratio(self.a as f64, (self.a + self.b) as f64)
    }

    /// `(a + c) / N`: how often the response occurs at all, 0 to 1; `None` without units.
    #[must_use]
    pub fn base_rate(&self) -> Option<f64> {
        ratio((self.a + self.c) as f64, self.total() as f64)
    }

    /// Transitional probability over base rate: 1 is no contingency; `None` where nothing is given, or the response never occurs.
    #[must_use]
    pub fn lift(&self) -> Option<f64> {
        ratio(self.transitional_probability()?, self.base_rate()?)
    }

    /// Is one half added to the cells under this rule?
    #[must_use]
    pub fn is_corrected(&self, haldane: Haldane) -> bool {
        let has_zero = [self.a, self.b, self.c, self.d].contains(&0);
        haldane == Haldane::Always || haldane == Haldane::WhenZero && has_zero
    }

    /// `ad / bc` of the cells, corrected as `haldane` says: 0 or more, 1 is no contingency; `None` where `bc` is 0, or without units.
    #[must_use]
    pub fn odds_ratio(&self, haldane: Haldane) -> Option<f64> {
        let [a, b, c, d] = self.cells(haldane)?;
        ratio(a * d, b * c)
    }

    /// The natural logarithm of the odds ratio: 0 is no contingency; `None` where a cell is 0, or without units.
    #[must_use]
    pub fn log_odds_ratio(&self, haldane: Haldane) -> Option<f64> {
        let odds_ratio = self.odds_ratio(haldane)?;
        (odds_ratio > 0.0).then(|| libm::log(odds_ratio))
    }

    /// The standard error of that logarithm: `√(1/a + 1/b + 1/c + 1/d)` of the cells, corrected as `haldane` says; `None` where one is 0, or without
    /// units.
    #[must_use]
    pub fn log_odds_ratio_std_err(&self, haldane: Haldane) -> Option<f64> {
        let cells = self.cells(haldane)?;
        (!cells.contains(&0.0)).then(|| libm::sqrt(cells.iter().map(|cell| 1.0 / cell).sum()))
    }

    /// Yule's Q: `(ad − bc) / (ad + bc)`, −1 to 1; `None` where `ad` and `bc` are 0.
    #[must_use]
    pub fn yules_q(&self) -> Option<f64> {
        let (ad, bc) = (self.a as f64 * self.d as f64, self.b as f64 * self.c as f64);
        ratio(ad - bc, ad + bc)
    }

    /// `(ad − bc) / √((a+b)(c+d)(a+c)(b+d))`, −1 to 1; `None` where a margin is 0.
    #[must_use]
    pub fn phi(&self) -> Option<f64> {
        let [given, not_given, response, none] = self.margins();
        let (ad, bc) = (self.a as f64 * self.d as f64, self.b as f64 * self.c as f64);
        ratio(ad - bc, libm::sqrt(given * not_given) * libm::sqrt(response * none))
    }

    /// The adjusted residual of `a`: normal with variance 1 where given and response have nothing to do with each other and no
    /// expected cell is below 5; `None` where a margin is 0.
    #[must_use]
    pub fn z(&self) -> Option<f64> {
        let [given, not_given, response, none] = self.margins();
        let total = self.total() as f64;
        let expected = ratio(given * response, total)?;
        ratio(self.a as f64 - expected, libm::sqrt(expected * (not_given / total) * (none / total)))
    }

    /// `a/(a+b)` over `c/(c+d)`: 0 or more, 1 is no contingency; `None` where something is always given or never, or the response only where given.
    #[must_use]
    pub fn relative_risk(&self) -> Option<f64> {
        ratio(self.transitional_probability()?, ratio(self.c as f64, (self.c + self.d) as f64)?)
    }

    /// `a/(a+b) − c/(c+d)`, −1 to 1: the operant contingency index; `None` where something is always given or never.
    #[must_use]
    pub fn risk_difference(&self) -> Option<f64> {
        Some(self.transitional_probability()? - ratio(self.c as f64, (self.c + self.d) as f64)?)
    }

    /// How often the four cells would occur if given and response had nothing to do with each other; the smallest of them. Below 5,
    /// [`z`](Self::z) is far from normal. `None` for an empty table.
    #[must_use]
    pub fn smallest_expected(&self) -> Option<f64> {
        let [given, not_given, response, none] = self.margins();
        ratio(given.min(not_given) * response.min(none), self.total() as f64)
    }

    fn margins(&self) -> [f64; 4] {
        [self.a + self.b, self.c + self.d, self.a + self.c, self.b + self.d].map(|margin| margin as f64)
    }

    /// The cells of a table that is not empty, with one half added where the rule says so.
    fn cells(&self, haldane: Haldane) -> Option<[f64; 4]> {
        let half = if self.is_corrected(haldane) { 0.5 } else { 0.0 };
        (self.total() > 0).then(|| [self.a, self.b, self.c, self.d].map(|cell| cell as f64 + half))
    }
}

fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    (denominator != 0.0).then(|| numerator / denominator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: Option<f64>, want: f64) {
        let got = got.expect("defined");
        assert!((got - want).abs() < 1e-6, "got {got}, expected {want}");
    }

    /// SCIENCE.md section 7: given the infant positive at t, the parent positive at t + 1.
    fn worked_example() -> TwoByTwo {
        let positive = |text: &str| -> Vec<Option<bool>> {
            text.chars().map(|letter| (letter != '.').then_some(letter == 'P')).collect()
        };
        let infant = positive("MMPPOOOMPPNNNMMP.POOMMPPPNNOOO");
        TwoByTwo::at_lag(&infant, &positive("MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM"), 1)
    }

    #[test]
    fn the_table_of_the_worked_example_has_its_statistics() {
        let table = worked_example();
        assert_eq!(table, TwoByTwo { a: 9, b: 0, c: 9, d: 10 });
        check(table.transitional_probability(), 1.0);
        check(table.base_rate(), 0.642_857_1);
        check(table.yules_q(), 1.0);
        check(table.phi(), 0.512_989_2);
        check(table.z(), 2.714_484);
        check(table.odds_ratio(Haldane::WhenZero), 21.0);
        check(table.log_odds_ratio(Haldane::Always), libm::log(21.0));
        assert_eq!(table.odds_ratio(Haldane::Never), None);
    }

    #[test]
    fn statistics_of_a_plain_table_follow_their_formulas() {
        let table = TwoByTwo { a: 6, b: 4, c: 3, d: 7 };
        check(table.odds_ratio(Haldane::WhenZero), 42.0 / 12.0);
        check(table.odds_ratio(Haldane::Always), 6.5 * 7.5 / (4.5 * 3.5));
        check(
            table.log_odds_ratio_std_err(Haldane::WhenZero),
            libm::sqrt(1.0 / 6.0 + 1.0 / 4.0 + 1.0 / 3.0 + 1.0 / 7.0),
        );
        check(table.lift(), 0.6 / 0.45);
        check(table.relative_risk(), 2.0);
        check(table.risk_difference(), 0.3);
        check(table.z(), 1.5 / libm::sqrt(4.5 * 0.5 * 0.55)); // e = 10 · 9 / 20
        check(table.smallest_expected(), 4.5);
    }

    #[test]
    fn a_table_with_an_empty_margin_has_no_statistics_of_association() {
        for table in [TwoByTwo::default(), TwoByTwo { a: 0, b: 0, c: 4, d: 5 }, TwoByTwo { a: 3, b: 0, c: 4, d: 0 }] {
            assert_eq!((table.phi(), table.z()), (None, None), "{table:?}");
        }
        assert_eq!(TwoByTwo::default().odds_ratio(Haldane::Always), None, "an empty table says nothing");
        let no_b_or_c = TwoByTwo { a: 3, b: 0, c: 0, d: 3 };
        assert_eq!(no_b_or_c.log_odds_ratio_std_err(Haldane::Never), None);
    }
}
