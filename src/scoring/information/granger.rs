//! Does the one's past help to predict the other, beyond the other's own past?

use serde::Serialize;

use crate::distribution::{chi2_upper, f_upper};
use crate::least_squares::Design;

/// Criteria this close are equal.
const TIE: f64 = 1e-9;

/// Granger's test from one series to another.
///
/// *Definition*: least squares of `target_t` on a constant and its own lags 1 to p (restricted), and on the source's lags too
/// (unrestricted), on the N rows whose values are all there: `F = ((RSS_r − RSS_u) / p) / (RSS_u / (N − 2p − 1))`,
/// `χ² = N (RSS_r − RSS_u) / RSS_u`, `LR = N ln(RSS_r / RSS_u)`.
///
/// *Limitations*: for numeric series of at least some 60 units without gaps (the setting `floor.granger_units`, which changes no number);
/// a cause that it names may be a third thing that leads both.
///
/// *Reference*: Granger, C. W. J. (1969). Investigating causal relations by econometric models and cross-spectral methods. Econometrica,
/// 37, 424–438, doi 10.2307/1912791. As `grangercausalitytests` in statsmodels and `lmtest::grangertest` in R.
///
/// ```
/// use scoring::information::granger::Granger;
///
/// let source: Vec<Option<f64>> = (0..80).map(|t| Some(f64::from(t * t % 11))).collect();
/// // the target is the source one unit before, and something of its own
/// let target: Vec<Option<f64>> =
///     (0..80).map(|t| Some(source[(t + 79) % 80].unwrap_or_default() + f64::from(t as u32 * 5 % 3))).collect();
/// let test = Granger::new(&source, &target, 1).expect("79 rows");
/// assert_eq!((test.n, test.df_numerator, test.df_denominator), (79, 1, 76));
/// // statsmodels 0.15.0
/// assert!((test.f - 823.895_986_8).abs() < 1e-6 && (test.p / 1.550_104_8e-42 - 1.0).abs() < 1e-6);
/// assert!((test.chi2 - 856.418_196_8).abs() < 1e-6 && (test.lr - 195.252_121_8).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Granger {
    /// How many rows.
    pub n: usize,
    /// The test statistic.
    pub f: f64,
    /// p, the number of lags.
    pub df_numerator: usize,
    /// `N − 2p − 1`.
    pub df_denominator: usize,
    /// The upper tail of `f`.
    pub p: f64,
    /// The asymptotic form.
    pub chi2: f64,
    /// Its upper tail.
    pub chi2_p: f64,
    /// The likelihood ratio.
    pub lr: f64,
}

impl Granger {
    /// From `source` to `target`, with lags 1 to `order`; `None` is missing.
    ///
    /// *Undefined cases*: `None` for an order of 0, without more rows than coefficients, where the lags do not determine their
    /// coefficients (as with a constant series), and where nothing is left to explain.
    #[must_use]
    pub fn new(source: &[Option<f64>], target: &[Option<f64>], order: usize) -> Option<Self> {
        let rows = rows(source, target, order);
        let n = rows.len();
        let df_denominator = n.checked_sub(2 * order + 1).filter(|df| *df > 0)?;
        let own = (1..=order).map(|lag| (target, lag)); // these and the constant are the restricted model
        let pasts = own.chain((1..=order).map(|lag| (source, lag)));
        let triangle = design(target, &rows, pasts).triangle();
        let unrestricted = triangle.rss(2 * order + 1).filter(|rss| *rss > 0.0)?;
        let restricted = triangle.rss(order + 1)?.max(unrestricted);
        let gain = (restricted - unrestricted) / unrestricted;
        let f = gain * df_denominator as f64 / order as f64;
        let chi2 = gain * n as f64;
        Some(Self {
            n,
            f,
            df_numerator: order,
            df_denominator,
            p: f_upper(f, order as f64, df_denominator as f64),
            chi2,
            chi2_p: chi2_upper(chi2, order as f64),
            lr: n as f64 * libm::log(restricted / unrestricted),
        })
        .filter(|test| test.f.is_finite() && test.chi2.is_finite())
    }

    /// As [`new`](Self::new), with the order whose unrestricted model has the smallest criterion.
    ///
    /// *Definition*: all orders from 1 to `max_order` are compared on the rows that the largest can use, N of them, by Akaike's
    /// `N ln(RSS_u / N) + 2 (2p + 1)`; of equals (within 1e−9) the smaller order; then the test is done on all its own rows.
    ///
    /// *Undefined cases*: as there, for the largest order.
    ///
    /// *Reference*: Akaike, H. (1974). A new look at the statistical model identification. IEEE Transactions on Automatic Control, 19,
    /// 716–723, doi 10.1109/TAC.1974.1100705.
    ///
    /// ```
    /// use scoring::information::granger::Granger;
    ///
    /// // the digits of π, and of e with those of π from two digits before added
    /// let digits = |text: &str| -> Vec<f64> { text.bytes().map(|digit| f64::from(digit - b'0')).collect() };
    /// let source = digits("314159265358979323846264338327950288419716939937510582097494");
    /// let own = digits("271828182845904523536028747135266249775724709369995957496696");
    /// let target = (0..60).map(|t| Some(own[t] + if t < 2 { 0.0 } else { source[t - 2] })).collect::<Vec<_>>();
    /// let source: Vec<Option<f64>> = source.into_iter().map(Some).collect();
    /// assert_eq!(Granger::select(&source, &target, 4).expect("56 rows").df_numerator, 2);
    /// ```
    #[must_use]
    pub fn select(source: &[Option<f64>], target: &[Option<f64>], max_order: usize) -> Option<Self> {
        let candidates: Vec<(usize, f64)> = criteria(source, target, max_order)?;
        let smallest = candidates.iter().map(|(_, criterion)| *criterion).reduce(f64::min)?;
        let (order, _) = candidates.iter().find(|(_, criterion)| *criterion <= smallest + TIE)?;
        Self::new(source, target, *order)
    }
}

/// The orders from 1 to `max_order` whose coefficients are determined, with their criteria.
fn criteria(source: &[Option<f64>], target: &[Option<f64>], max_order: usize) -> Option<Vec<(usize, f64)>> {
    let rows = rows(source, target, max_order);
    let n = rows.len();
    n.checked_sub(2 * max_order + 1).filter(|df| *df > 0)?;
    let pasts = (1..=max_order).flat_map(|lag| [(target, lag), (source, lag)]);
    let triangle = design(target, &rows, pasts).triangle(); // its leading columns are the smaller orders
    let criterion = |order: usize| {
        let rss = triangle.rss(2 * order + 1).filter(|rss| *rss > 0.0)?;
        Some((order, n as f64 * libm::log(rss / n as f64) + 2.0 * (2 * order + 1) as f64))
    };
    Some((1..=max_order).filter_map(criterion).collect())
}

/// The units of the target that are there, with the `order` units before them of both; none for an order of 0.
pub(crate) fn rows(source: &[Option<f64>], target: &[Option<f64>], order: usize) -> Vec<usize> {
    let mut before = 0; // how many units in a row have both
    let mut rows = Vec::new();
    for (t, (other, own)) in source.iter().zip(target).enumerate() {
        if order > 0 && before >= order && own.is_some() {
            rows.push(t);
        }
        before = if own.is_some() && other.is_some() { before + 1 } else { 0 };
    }
    rows
}

/// The constant, a column for each past (a series so many units before), and the target's value.
fn design<'a>(
    target: &'a [Option<f64>],
    rows: &[usize],
    pasts: impl Iterator<Item = (&'a [Option<f64>], usize)>,
) -> Design {
    let column = |(series, lag): (&[Option<f64>], usize)| -> Vec<f64> {
        rows.iter().map(|t| series[t - lag].expect("rows are complete")).collect()
    };
    let mut columns = vec![vec![1.0; rows.len()]];
    columns.extend(pasts.chain([(target, 0)]).map(column));
    Design::from_columns(columns)
}
