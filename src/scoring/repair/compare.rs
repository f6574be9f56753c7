//! Do the waiting times of groups of dyads differ? For pooled tables only: times within one dyad are not independent.

use crate::repair::survival::Lifetime;

/// The log-rank test of two groups: [`log_rank`] says what it is, and where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRank {
    /// Chi-square with one degree of freedom, 0 or more; without unit.
    pub chi2: f64,
    /// Its upper tail, 0 to 1: how often groups that do not differ would differ as much.
    pub p: f64,
}

/// A proportional-hazards regression on one covariate: [`cox`] says what it is, and where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cox {
    /// The natural logarithm of the hazard ratio for one more of the covariate: positive where it happens sooner with more of it.
    pub coef: f64,
    /// Its standard error, in the same unit: 1 over that of the covariate.
    pub std_err: f64,
    /// The partial log-likelihood at `coef`, never above 0.
    pub log_likelihood: f64,
}

/// Compares two groups over all their event times.
///
/// *Definition*: `(Σ (d₁ − e₁))² / Σ v` with `e₁ = d n₁ / n` and the hypergeometric variance
/// `v = d (n₁/n)(1 − n₁/n)(n − d)/(n − 1)` at each time with `d` events among `n` at risk.
///
/// *Undefined cases*: `None` where the variance is zero, as with an empty group.
///
/// *Reference*: Mantel, N. (1966). Evaluation of survival data. Cancer Chemotherapy Reports, 50, 163–170.
///
/// # Example
/// By hand, at 1, 2 and 3 s: two events of the first group where 1/2 + 1/3 + 1/2 are expected, variance 1/4 + 2/9 + 1/4.
/// ```
/// use scoring::repair::compare::log_rank;
/// use scoring::repair::survival::Lifetime;
/// use span::Length;
///
/// let group = |times: [i64; 2]| times.map(|secs| Lifetime { time: Length::SECOND.times(secs), is_event: true });
/// let test = log_rank(&group([1, 3]), &group([2, 4])).expect("two groups");
/// assert!((test.chi2 - 8.0 / 13.0).abs() < 1e-12);
/// assert!((test.p - 0.432_767_6).abs() < 1e-7); // lifelines 0.30.3
/// assert_eq!(log_rank(&group([1, 3]), &[]), None);
/// ```
#[must_use]
pub fn log_rank(first: &[Lifetime], second: &[Lifetime]) -> Option<LogRank> {
    let subjects: Vec<Subject> = subjects(first, 1.0).chain(subjects(second, 0.0)).collect();
    let (mut difference, mut variance) = (0.0, 0.0);
    for_each_event_time(subjects, |dying, at_risk| {
        let (n, n1) = (at_risk.len() as f64, at_risk.iter().map(|subject| subject.covariate).sum::<f64>());
        let (d, d1) = (dying.len() as f64, dying.iter().map(|subject| subject.covariate).sum::<f64>());
        difference += d1 - d * n1 / n;
        if n > 1.0 {
            variance += d * (n1 / n) * (1.0 - n1 / n) * (n - d) / (n - 1.0);
        }
    });
    let chi2 = difference * difference / variance;
    (variance > 0.0).then(|| LogRank { chi2, p: libm::erfc(libm::sqrt(chi2 / 2.0)) })
}

/// Regresses the hazard on a covariate; `covariates` go with `lifetimes`.
///
/// *Definition*: partial likelihood with Efron's rule for ties, maximised by Newton's method to a step below 1e−10.
///
/// *Undefined cases*: `None` where the likelihood has no maximum: no event, a constant covariate, or groups whose times do not overlap.
///
/// *Reference*: Cox, D. R. (1972). Regression models and life-tables. Journal of the Royal Statistical Society B, 34, 187–220, doi
/// 10.1111/j.2517-6161.1972.tb00899.x. Efron, B. (1977). The efficiency of Cox's likelihood function for censored data. Journal of the
/// American Statistical Association, 72, 557–565, doi 10.1080/01621459.1977.10480613.
///
/// # Panics
/// If there are not as many covariates as lifetimes.
///
/// # Example
/// Three events, the covariate 1, 0 and 1. With w = e^b the likelihood is w / (2w + 1) · 1 / (w + 1), largest where 2w² = 1.
/// ```
/// use scoring::repair::compare::cox;
/// use scoring::repair::survival::Lifetime;
/// use span::Length;
///
/// let lifetimes = [1, 2, 3].map(|secs| Lifetime { time: Length::SECOND.times(secs), is_event: true });
/// let cox = cox(&lifetimes, &[1.0, 0.0, 1.0]).expect("the groups' times overlap");
/// assert!((cox.coef + 2.0_f64.ln() / 2.0).abs() < 1e-9);
/// assert!((cox.std_err - 1.435_500_0).abs() < 1e-7 && (cox.log_likelihood + 1.762_747_2).abs() < 1e-7);
/// ```
#[must_use]
pub fn cox(lifetimes: &[Lifetime], covariates: &[f64]) -> Option<Cox> {
    assert_eq!(lifetimes.len(), covariates.len(), "one covariate per lifetime");
    let subjects: Vec<Subject> = lifetimes
        .iter()
        .zip(covariates)
        .map(|(lifetime, covariate)| Subject { lifetime: *lifetime, covariate: *covariate })
        .collect();
    let mut coef = 0.0;
    for _ in 0..100 {
        let at = Likelihood::at(coef, &subjects);
        let step = at.slope / at.information;
        if !step.is_finite() || at.information <= 0.0 {
            return None;
        }
        coef += step;
        if step.abs() < 1e-10 {
            let at = Likelihood::at(coef, &subjects);
            return Some(Cox { coef, std_err: 1.0 / libm::sqrt(at.information), log_likelihood: at.log });
        }
    }
    None // it climbs for ever: one group's times all lie before the other's
}

#[derive(Clone, Copy)]
struct Subject {
    lifetime: Lifetime,
    covariate: f64,
}

fn subjects(lifetimes: &[Lifetime], covariate: f64) -> impl Iterator<Item = Subject> {
    lifetimes.iter().map(move |lifetime| Subject { lifetime: *lifetime, covariate })
}

/// Calls `visit` with those for whom it happens and those at risk, at each time at which it happens to somebody.
fn for_each_event_time(mut subjects: Vec<Subject>, mut visit: impl FnMut(&[Subject], &[Subject])) {
    subjects.sort_by_key(|subject| (subject.lifetime.time, !subject.lifetime.is_event)); // events before cuts
    let mut first = 0;
    while let Some(subject) = subjects.get(first) {
        let at_risk = &subjects[first..];
        let n_same = at_risk.partition_point(|other| other.lifetime.time <= subject.lifetime.time);
        let n_events = at_risk[..n_same].partition_point(|other| other.lifetime.is_event);
        if n_events > 0 {
            visit(&at_risk[..n_events], at_risk);
        }
        first += n_same;
    }
}

/// The partial log-likelihood and its first two derivatives (the second with its sign turned).
#[derive(Default)]
struct Likelihood {
    log: f64,
    slope: f64,
    information: f64,
}

/// `Σ w`, `Σ w x`, `Σ w x²` with `w = exp(coef · x)`.
#[derive(Clone, Copy)]
struct Moments([f64; 3]);

impl Likelihood {
    fn at(coef: f64, subjects: &[Subject]) -> Self {
        let mut sum = Self::default();
        for_each_event_time(subjects.to_vec(), |dying, at_risk| {
            let (all, dead) = (Moments::of(at_risk, coef), Moments::of(dying, coef));
            for subject in dying {
                sum.log += coef * subject.covariate;
                sum.slope += subject.covariate;
            }
            for rank in 0..dying.len() {
                let Moments([weight, first, second]) = all.without(dead, rank as f64 / dying.len() as f64);
                let mean = first / weight;
                sum.log -= libm::log(weight);
                sum.slope -= mean;
                sum.information += second / weight - mean * mean;
            }
        });
        sum
    }
}

impl Moments {
    fn of(subjects: &[Subject], coef: f64) -> Self {
        subjects.iter().fold(Self([0.0; 3]), |Self([w, wx, wxx]), subject| {
            let x = subject.covariate;
            let weight = libm::exp(coef * x);
            Self([w + weight, wx + weight * x, wxx + weight * x * x])
        })
    }

    /// Efron: of those for whom it happens at once, this share has left already.
    fn without(self, dead: Self, share: f64) -> Self {
        Self([0, 1, 2].map(|power| self.0[power] - share * dead.0[power]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use span::Length;

    #[test]
    fn of_all_but_one_at_once_the_variance_is_that_of_a_draw_without_replacement() {
        // by hand: at 1 s three of four, of whom 2 · 3/4 are expected of the first group: variance 3 · 1/2 · 1/2 · (4 − 3)/(4 − 1); at 2 s the
        // last one alone
        let group = |times: [i64; 2]| times.map(|secs| Lifetime { time: Length::SECOND.times(secs), is_event: true });
        let test = log_rank(&group([1, 1]), &group([1, 2])).unwrap();
        assert!((test.chi2 - (2.0 - 1.5) * (2.0 - 1.5) / 0.25).abs() < 1e-12);
        assert!((test.p - 0.317_310_5).abs() < 1e-7); // lifelines 0.30.3
    }
}
