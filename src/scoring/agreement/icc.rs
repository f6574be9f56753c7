//! Intraclass correlations: do two or more coders give the same numbers to the same recordings?

use crate::Why;
use crate::distribution::f_upper;
use crate::quantiles::f_quantile;
use crate::settings::IccKLimits;

/// The tail beyond each of the 95 % limits.
const TAIL: f64 = 0.025;

/// Two-way analysis of variance of targets by coders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anova {
    /// How many targets were coded by all.
    pub n_targets: usize,
    /// How many coders there are.
    pub n_coders: usize,
    /// Mean square between targets, `n − 1` degrees of freedom.
    pub msr: f64,
    /// Mean square between coders, `k − 1`.
    pub msc: f64,
    /// Residual mean square, `(n − 1)(k − 1)`.
    pub mse: f64,
    /// Mean square within targets, `n (k − 1)`.
    pub msw: f64,
}

/// One intraclass correlation with its test and limits.
///
/// *Units and range*: `value` and its limits are numbers without a unit, at most 1; `f` is not negative, `p` from 0 to 1.
///
/// *Undefined cases*: a `value` that would divide by zero says that the numbers do not vary; `f` and `p` are absent where coders do not differ
/// within targets, a limit where it would divide by zero or there is no `f`.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The correlation.
    pub value: Result<f64, Why>,
    /// The test that it is 0.
    pub f: Option<f64>,
    /// Degrees of freedom of the numerator of `f`.
    pub df_1: usize,
    /// Degrees of freedom of its denominator.
    pub df_2: usize,
    /// The probability of an F at least as large if it were 0.
    pub p: Option<f64>,
    /// The lower 95 % limit.
    pub low: Option<f64>,
    /// The upper 95 % limit.
    pub high: Option<f64>,
}

/// The six intraclass correlations of Shrout and Fleiss.
///
/// | | one coder's numbers | the mean of all `k` coders' |
/// |---|---|---|
/// | other coders for each target | `ICC1 = (MSR−MSW)/(MSR+(k−1)MSW)` | `ICC1k = (MSR−MSW)/MSR` |
/// | the same coders, standing for others: absolute agreement | `ICC2 = (MSR−MSE)/(MSR+(k−1)MSE+k(MSC−MSE)/n)` | `ICC2k = (MSR−MSE)/(MSR+(MSC−MSE)/n)` |
/// | these coders alone: consistency | `ICC3 = (MSR−MSE)/(MSR+(k−1)MSE)` | `ICC3k = (MSR−MSE)/MSR` |
///
/// For scores of sessions that two coders coded, `ICC2` is ICC(2,1), the one to report unless there is a reason for another.
#[derive(Clone, Debug, PartialEq)]
pub struct Icc {
    /// What the correlations are made of.
    pub anova: Anova,
    /// One coder, other coders for each target: ICC(1,1).
    pub icc1: Estimate,
    /// One coder, absolute agreement: ICC(2,1).
    pub icc2: Estimate,
    /// One coder, consistency: ICC(3,1).
    pub icc3: Estimate,
    /// The mean of all coders, other coders for each target: ICC(1,k).
    pub icc1k: Estimate,
    /// The mean of all coders, absolute agreement: ICC(2,k).
    pub icc2k: Estimate,
    /// The mean of all coders, consistency: ICC(3,k).
    pub icc3k: Estimate,
}

impl Icc {
    /// The correlations of a table of numbers.
    ///
    /// *Definition*: as in the table above. `F` is MSR/MSW for `icc1` and `icc1k`, MSR/MSE for the others. With `F_L = F / F.975(df₁, df₂)` and
    /// `F_U = F · F.975(df₂, df₁)`, the limits of one coder are `(F_L − 1)/(F_L + k − 1)`, of the mean `1 − 1/F_L`; those of `icc2` follow
    /// Shrout and Fleiss with Satterthwaite's degrees of freedom, those of `icc2k` are as `k_limits` says.
    ///
    /// *Units and range*: at most 1; negative where coders differ more within targets than targets do. *Shape*: `ratings[target][coder]`; a
    /// target that any coder left out (`None`, not finite, or a row that is too short) is dropped.
    ///
    /// *Undefined cases*: absent with fewer than two complete targets or two coders. A correlation, F or limit that divides by zero is
    /// absent; the others stand.
    ///
    /// *Limitations*: needs about ten sessions or more to say anything: look at the limits.
    ///
    /// *Reference*: Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: uses in assessing rater reliability. Psychological
    /// Bulletin, 86, 420–428, doi 10.1037/0033-2909.86.2.420. McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass
    /// correlation coefficients. Psychological Methods, 1, 30–46, doi 10.1037/1082-989X.1.1.30.
    ///
    /// ```
    /// use scoring::{agreement::icc::Icc, settings::IccKLimits};
    ///
    /// // a score of six sessions, from the codes of two coders
    /// let ratings = [[12.0, 13.5], [30.2, 28.9], [5.1, 7.4], [22.0, 22.0], [41.3, 38.8], [17.7, 19.9]];
    /// let icc = Icc::new(&ratings.map(|row| row.map(Some)), IccKLimits::SpearmanBrown).unwrap();
    /// assert!((icc.icc1.value.unwrap() - 0.988_398_3).abs() < 1e-7);
    /// assert!((icc.icc2.value.unwrap() - 0.988_388_0).abs() < 1e-7);
    /// assert!((icc.icc3.value.unwrap() - 0.986_642_4).abs() < 1e-7);
    /// ```
    pub fn new<R: AsRef<[Option<f64>]>>(ratings: &[R], k_limits: IccKLimits) -> Result<Self, Why> {
        let anova = Anova::new(ratings)?;
        let Anova { n_targets, n_coders, msr, msc, mse, msw } = anova;
        let (n, k) = (n_targets as f64, n_coders as f64);
        let within = Test::new(msr, msw, n_targets - 1, n_targets * (n_coders - 1));
        let residual = Test::new(msr, mse, n_targets - 1, (n_targets - 1) * (n_coders - 1));
        let single = |f: f64| ratio(f - 1.0, f + k - 1.0);
        let mean = |f: f64| ratio(1.0, f).map(|share| 1.0 - share);
        let icc2 = ratio(msr - mse, msr + (k - 1.0) * mse + k * (msc - mse) / n);
        let icc2k = ratio(msr - mse, msr + (msc - mse) / n);
        let limits = anova.agreement_limits(icc2, k);
        let spearman_brown = |limit: Option<f64>| limit.and_then(|icc| ratio(k * icc, 1.0 + (k - 1.0) * icc));
        let limits_k = match k_limits {
            IccKLimits::SpearmanBrown => limits.map(spearman_brown),
            IccKLimits::OfMean => anova.agreement_limits(icc2k, 1.0),
        };
        Ok(Self {
            anova,
            icc1: within.estimate(ratio(msr - msw, msr + (k - 1.0) * msw), within.limits(single)),
            icc2: residual.estimate(icc2, limits),
            icc3: residual.estimate(ratio(msr - mse, msr + (k - 1.0) * mse), residual.limits(single)),
            icc1k: within.estimate(ratio(msr - msw, msr), within.limits(mean)),
            icc2k: residual.estimate(icc2k, limits_k),
            icc3k: residual.estimate(ratio(msr - mse, msr), residual.limits(mean)),
        })
    }
}

impl Anova {
    /// The mean squares of the targets that are complete; *Shape* and *Undefined cases* as [`Icc::new`].
    ///
    /// A mean square is exactly 0 where the numbers themselves show no such difference, whatever their rounding.
    ///
    /// ```
    /// use scoring::agreement::icc::Anova;
    ///
    /// // two targets, two coders: means 2 and 6 of targets, 3 and 5 of coders, 4 of all; all that is left over is 0
    /// let anova = Anova::new(&[[Some(1.0), Some(3.0)], [Some(5.0), Some(7.0)]])?;
    /// assert_eq!((anova.msr, anova.msc, anova.mse, anova.msw), (16.0, 4.0, 0.0, 2.0));
    /// # Ok::<(), scoring::Why>(())
    /// ```
    pub fn new<R: AsRef<[Option<f64>]>>(ratings: &[R]) -> Result<Self, Why> {
        let n_coders = ratings.iter().map(|row| row.as_ref().len()).max().unwrap_or(0);
        let mut numbers: Vec<f64> = Vec::with_capacity(ratings.len() * n_coders);
        for row in ratings {
            let before = numbers.len();
            numbers.extend(row.as_ref().iter().map_while(|number| number.filter(|number| number.is_finite())));
            if numbers.len() - before < n_coders {
                numbers.truncate(before);
            }
        }
        if n_coders < 2 {
            return Err(Why::Borrowed("needs at least two coders"));
        }
        let n_targets = numbers.len() / n_coders;
        if n_targets < 2 {
            return Err(Why::Borrowed("fewer than two targets that all coders coded"));
        }
        let rows = || numbers.chunks_exact(n_coders);
        let (n, k) = (n_targets as f64, n_coders as f64);
        let of_targets: Vec<f64> = rows().map(|row| row.iter().sum::<f64>() / k).collect();
        let mut of_coders = vec![0.0; n_coders];
        for row in rows() {
            for (mean, number) in of_coders.iter_mut().zip(row) {
                *mean += number / n;
            }
        }
        let grand = of_targets.iter().sum::<f64>() / n;
        let square = |off: f64| off * off;
        let (mut within, mut residual) = (0.0, 0.0);
        for (row, of_target) in rows().zip(&of_targets) {
            for (number, of_coder) in row.iter().zip(&of_coders) {
                within += square(number - of_target);
                residual += square(number - of_target - of_coder + grand);
            }
        }
        let between = |means: &[f64]| means.iter().map(|mean| square(mean - grand)).sum::<f64>();
        let first = &numbers[..n_coders];
        let same_targets = rows().all(|row| row == first);
        let same_coders = rows().all(|row| row.iter().all(|number| *number == row[0]));
        let same_steps = rows().all(|row| row.iter().zip(first).all(|(a, b)| a - row[0] == b - first[0]));
        let unless = |is_zero: bool, mean_square: f64| if is_zero { 0.0 } else { mean_square };
        let anova = Self {
            n_targets,
            n_coders,
            msr: unless(same_targets, k * between(&of_targets) / (n - 1.0)),
            msc: unless(same_coders, n * between(&of_coders) / (k - 1.0)),
            mse: unless(same_targets || same_steps, residual / ((n - 1.0) * (k - 1.0))),
            msw: unless(same_coders, within / (n * (k - 1.0))),
        };
        let is_finite = [anova.msr, anova.msc, anova.mse, anova.msw].iter().all(|mean_square| mean_square.is_finite());
        if is_finite { Ok(anova) } else { Err(Why::Borrowed("too large for a number")) }
    }

    /// The limits of ICC(2,1), or of ICC(2,k) with 1 for the number of `coders` that one number stands for.
    fn agreement_limits(&self, icc: Option<f64>, coders: f64) -> [Option<f64>; 2] {
        let Self { msr, msc, mse, .. } = *self;
        let (n, k) = (self.n_targets as f64, self.n_coders as f64);
        let Some((icc, of_coders)) = icc.zip(ratio(msc, mse)) else { return [None, None] };
        let (coder_part, target_part) = (k * icc * of_coders, n * (1.0 + (k - 1.0) * icc) - k * icc);
        let df = ratio(
            (k - 1.0) * (n - 1.0) * (coder_part + target_part) * (coder_part + target_part),
            (n - 1.0) * coder_part * coder_part + target_part * target_part,
        );
        let Some(df) = df.filter(|df| *df > 0.0) else { return [None, None] };
        let others = coders * msc + (coders * n - coders - n) * mse; // MSC − MSE for the mean of all
        let low = f_quantile(TAIL, n - 1.0, df).and_then(|f| ratio(n * (msr - f * mse), f * others + n * msr));
        let high = f_quantile(TAIL, df, n - 1.0).and_then(|f| ratio(n * (f * msr - mse), others + n * f * msr));
        [low, high]
    }
}

/// A ratio of mean squares.
struct Test {
    f: Option<f64>,
    df_1: usize,
    df_2: usize,
}

impl Test {
    fn new(numerator: f64, denominator: f64, df_1: usize, df_2: usize) -> Self {
        Self { f: ratio(numerator, denominator), df_1, df_2 }
    }

    /// What `icc` makes of the limits of F.
    fn limits(&self, icc: impl Fn(f64) -> Option<f64>) -> [Option<f64>; 2] {
        let (df_1, df_2) = (self.df_1 as f64, self.df_2 as f64);
        let low = self.f.zip(f_quantile(TAIL, df_1, df_2)).and_then(|(f, far)| icc(f / far));
        let high = self.f.zip(f_quantile(TAIL, df_2, df_1)).and_then(|(f, far)| icc(f * far));
        [low, high]
    }

    fn estimate(&self, icc: Option<f64>, [low, high]: [Option<f64>; 2]) -> Estimate {
        let Self { f, df_1, df_2 } = *self;
        let p = f.map(|f| f_upper(f, df_1 as f64, df_2 as f64));
        Estimate { value: icc.ok_or(Why::Borrowed("the numbers do not vary")), f, df_1, df_2, p, low, high }
    }
}

/// `None` where rounding or overflow leaves no number, too.
fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    let ratio = numerator / denominator;
    (denominator != 0.0 && ratio.is_finite()).then_some(ratio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_vary_is_zero_whatever_its_rounding() {
        let check = |ratings: &[[f64; 3]], want: [bool; 4]| {
            let ratings: Vec<_> = ratings.iter().map(|row| row.map(Some)).collect();
            let Anova { msr, msc, mse, msw, .. } = Anova::new(&ratings).unwrap();
            assert_eq!([msr, msc, mse, msw].map(|mean_square| mean_square == 0.0), want, "{ratings:?}");
        };
        check(&[[0.1; 3]; 7], [true; 4]);
        check(&[[0.1, 0.7, 0.3]; 7], [true, false, true, false]);
        check(&[[0.1; 3], [0.7; 3], [0.3; 3]], [false, true, true, true]);
        check(&[[0.5, 1.5, 2.5], [0.25, 1.25, 2.25]], [false, false, true, false]);
        check(&[[0.1, 0.2, 0.3], [0.7, 0.1, 0.2]], [false; 4]);
    }

    #[test]
    fn incomplete_targets_are_dropped_and_too_few_say_so() {
        let why = |ratings: &[Vec<Option<f64>>]| Icc::new(ratings, IccKLimits::SpearmanBrown).unwrap_err();
        assert_eq!(why(&[]), "needs at least two coders");
        assert_eq!(why(&[vec![Some(1.0)], vec![Some(2.0)]]), "needs at least two coders");
        let gaps =
            [vec![Some(1.0), Some(2.0)], vec![None, Some(2.0)], vec![Some(1.0)], vec![Some(f64::NAN), Some(1.0)]];
        assert_eq!(why(&gaps), "fewer than two targets that all coders coded");
        assert_eq!(why(&[vec![Some(f64::MAX), Some(0.0)], vec![Some(0.0), Some(1.0)]]), "too large for a number");
    }

    #[test]
    fn a_correlation_that_divides_by_zero_leaves_the_others() {
        let icc = Icc::new(&[[2.0, 3.0]; 3].map(|row| row.map(Some)), IccKLimits::SpearmanBrown).unwrap();
        assert_eq!((icc.icc1.value, icc.icc2.value), (Ok(-1.0), Ok(0.0)));
        assert_eq!(icc.icc3.value.unwrap_err(), "the numbers do not vary");
        assert_eq!((icc.icc1.p, icc.icc1k.low, icc.icc3.f), (Some(1.0), None, None));
    }

    /// The two conventions differ by .043 for these numbers: `pingouin` 0.6.1 against R's `irr`.
    #[test]
    #[allow(clippy::approx_constant, reason = "a rating that happens to look like π")]
    fn the_limits_of_the_mean_follow_their_convention() {
        let ratings = [
            [1.38, 0.55],
            [2.21, 2.78],
            [4.28, 3.47],
            [4.97, 3.79],
            [3.62, 3.14],
            [2.53, 1.63],
            [1.97, 2.43],
            [5.39, 3.31],
        ];
        let limits = |k_limits| {
            let icc = Icc::new(&ratings.map(|row| row.map(Some)), k_limits).unwrap();
            [icc.icc2k.low.unwrap(), icc.icc2k.high.unwrap()]
        };
        let ([low, high], [low_of_mean, high_of_mean]) =
            (limits(IccKLimits::SpearmanBrown), limits(IccKLimits::OfMean));
        let difference = (low - low_of_mean).abs().max((high - high_of_mean).abs());
        assert!((difference - 0.043).abs() < 5e-4, "{low} to {high}, {low_of_mean} to {high_of_mean}");
    }
}
