//! Correlation of what each partner's past does not explain: the synchrony coefficient.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use span::Length;

use crate::settings::{CcfEstimator, PrewhitenFilter, PrewhitenModel, PrewhitenOrder};
use crate::synchrony::arma::Arma11;
use crate::synchrony::autoregression::Autoregression;
use crate::synchrony::lagged::{LagPoint, LagProfile, white_noise_bound};

/// How series are pre-whitened and then correlated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrewhitenRules {
    /// `prewhiten.model`.
    pub model: PrewhitenModel,
    /// `prewhiten.order`; of no account to ARMA(1,1).
    pub order: PrewhitenOrder,
    /// `prewhiten.p_max`: the largest order that is tried.
    pub max_order: usize,
    /// `prewhiten.filter`.
    pub filter: PrewhitenFilter,
    /// `ccf.estimator`, of the residuals.
    pub estimator: CcfEstimator,
}

/// The model of one series.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "model")]
pub enum PastModel {
    /// Of any order.
    Ar(Autoregression),
    /// For comparison with other programs.
    Arma11(Arma11),
}

/// Who leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Leader {
    /// The largest correlation is significant, and at a positive lag.
    First,
    /// The largest correlation is significant, and at a negative lag.
    Second,
    /// The largest correlation is significant, not at lag 0, and there are significant ones on the other side of 0 too.
    Mutual,
}

/// The correlation of two series' residuals at every lag.
///
/// *Definition*: a model of the past is fitted to each series ([`PrewhitenFilter::Own`]) or to the first ([`PrewhitenFilter::First`]); the
/// residuals are correlated at every lag. Coded behaviour has memory, and memory alone makes raw correlations look large: without it, one
/// of twenty correlations of unrelated series lies beyond [`bound`](Self::bound).
///
/// *Units and range*: correlations from −1 to 1. *Shape*: `2 max_lag + 1` points; a residual keeps its place in time and is missing at the
/// start and after missing values. [`CcfEstimator::Global`] leaves out the units at the start in which a residual is missing, and has no
/// correlation where another one is.
///
/// *Undefined cases*: see [`Unmodelled`].
///
/// *Reference*: Feldman, R. (2007). On the origins of background emotions. Emotion, 7, 601–611, doi 10.1037/1528-3542.7.3.601: the
/// coefficient. Box, G. E. P., & Jenkins, G. M. (1976). Time series analysis: Forecasting and control: the filter of the first series for
/// both.
///
/// ```
/// use scoring::settings::{CcfEstimator, PrewhitenFilter, PrewhitenModel, PrewhitenOrder};
/// use scoring::synchrony::prewhitened::{Leader, PrewhitenRules, Prewhitened};
/// use span::Length;
///
/// let numbers = |text: &str| -> Vec<Option<f64>> {
///     text.chars().map(|c| match c { 'N' => Some(-1.0), 'O' | 'M' => Some(0.0), 'P' => Some(1.0), _ => None }).collect()
/// };
/// let infant = numbers("MMPPOOOMPPNNNMMP.POOMMPPPNNOOO");
/// let parent = numbers("MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM");
/// let rules = PrewhitenRules {
///     model: PrewhitenModel::Ar,
///     order: PrewhitenOrder::Aic,
///     max_order: 5,
///     filter: PrewhitenFilter::Own,
///     estimator: CcfEstimator::Pairwise,
/// };
/// let whitened = Prewhitened::new(&parent, &infant, Length::SECOND, 3, rules).expect("both vary");
/// let scoring::synchrony::prewhitened::PastModel::Ar(model) = &whitened.first else { panic!("asked for AR") };
/// assert_eq!(model.order(), 1);
/// assert!((model.constant - 0.4).abs() < 1e-7 && (model.phi[0] - 0.389_473_7).abs() < 1e-7);
/// // two units at the start and three from the missing one on have no residual for the infant, whose model has order 2
/// assert_eq!((whitened.n, whitened.bound()), (25, Some(1.96 / 25.0_f64.sqrt())));
/// let peak = whitened.peak().expect("some lag is the largest");
/// assert_eq!((peak.lag, whitened.leader()), (-1, Some(Leader::Second))); // the infant leads by a second
///
/// // a partner who repeats, two units later, what nobody could foresee
/// let first = numbers("PNNPOPPNOPNNOPPNPNONPOPNNPPNOPNP");
/// let second = [vec![None, None], first[..first.len() - 2].to_vec()].concat();
/// let whitened = Prewhitened::new(&first, &second, Length::SECOND, 3, rules).expect("both vary");
/// assert_eq!((whitened.peak().map(|peak| peak.lag), whitened.leader()), (Some(2), Some(Leader::First)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Prewhitened {
    /// The first series' model.
    pub first: PastModel,
    /// The model that filtered the second series.
    pub second: PastModel,
    /// The correlations.
    pub profile: LagProfile,
    /// How many pairs of residuals there are at lag 0.
    pub n: usize,
}

/// Why there are no residuals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmodelled {
    /// The first series has too few rows, never changes, or leaves no residual.
    #[error("the past of the first series has no model")]
    First,
    /// Likewise the second.
    #[error("the past of the second series has no model")]
    Second,
    /// A value is missing in one of them, and the model is ARMA(1,1).
    #[error("a value is missing, which ARMA(1,1) does not allow")]
    Missing,
}

impl Prewhitened {
    /// The residuals' correlations; `None` is missing.
    ///
    /// # Errors
    /// [`Unmodelled`]: a series is constant, has fewer rows than twice its largest number of coefficients, or is explained without residual;
    /// or anything is missing and the model is ARMA(1,1).
    pub fn new(
        first: &[Option<f64>],
        second: &[Option<f64>],
        step: Length,
        max_lag: usize,
        rules: PrewhitenRules,
    ) -> Result<Self, Unmodelled> {
        if rules.model == PrewhitenModel::Arma11 && first.iter().chain(second).any(Option::is_none) {
            return Err(Unmodelled::Missing);
        }
        let of_first = PastModel::fit(first, rules).ok_or(Unmodelled::First)?;
        let of_second = match rules.filter {
            PrewhitenFilter::Own => PastModel::fit(second, rules).ok_or(Unmodelled::Second)?,
            PrewhitenFilter::First => of_first.clone(),
        };
        let residuals_first = of_first.residuals(first).ok_or(Unmodelled::First)?;
        let residuals_second = of_second.residuals(second).ok_or(Unmodelled::Second)?;
        let from = match rules.estimator {
            CcfEstimator::Pairwise => 0,
            CcfEstimator::Global => of_first.order().max(of_second.order()).min(first.len()).min(second.len()),
        };
        let (x, y) = (&residuals_first[from..], &residuals_second[from..]);
        let profile = LagProfile::new(x, y, step, max_lag, rules.estimator);
        let n = profile.at(0).map_or(0, |point| point.n);
        Ok(Self { first: of_first, second: of_second, profile, n })
    }

    /// The correlation that is largest in size: its size is the synchrony coefficient, its lag the time to synchrony.
    #[must_use]
    pub fn peak(&self) -> Option<LagPoint> {
        self.profile.peak()
    }

    /// Beyond it lies one of twenty correlations of unrelated series: `1.96 / √n`.
    #[must_use]
    pub fn bound(&self) -> Option<f64> {
        white_noise_bound(self.n)
    }

    /// Who leads; `None` where nothing is significant, or the largest correlation is at lag 0.
    #[must_use]
    pub fn leader(&self) -> Option<Leader> {
        let bound = self.bound()?;
        let is_significant = |point: &LagPoint| point.r.is_some_and(|r| r.abs() > bound);
        let at =
            |is_in: fn(i64) -> bool| self.profile.points.iter().any(|point| is_in(point.lag) && is_significant(point));
        let peak = self.peak().filter(is_significant)?;
        match peak.lag.signum() {
            0 => None,
            _ if at(|lag| lag > 0) && at(|lag| lag < 0) => Some(Leader::Mutual),
            1 => Some(Leader::First),
            _ => Some(Leader::Second),
        }
    }
}

impl PastModel {
    fn fit(series: &[Option<f64>], rules: PrewhitenRules) -> Option<Self> {
        match (rules.model, rules.order) {
            (PrewhitenModel::Ar, PrewhitenOrder::Aic) => Autoregression::select(series, rules.max_order).map(Self::Ar),
            (PrewhitenModel::Ar, PrewhitenOrder::Fixed(order)) => Autoregression::fit(series, order).map(Self::Ar),
            (PrewhitenModel::Arma11, _) => Arma11::fit(&complete(series)?).map(Self::Arma11),
        }
    }

    /// What the model does not explain; `None` where it cannot say.
    fn residuals(&self, series: &[Option<f64>]) -> Option<Vec<Option<f64>>> {
        match self {
            Self::Ar(model) => Some(model.residuals(series)),
            Self::Arma11(model) => Some(model.innovations(&complete(series)?).into_iter().map(Some).collect()),
        }
    }

    /// How many values at the start have no residual.
    #[must_use]
    pub fn order(&self) -> usize {
        match self {
            Self::Ar(model) => model.order(),
            Self::Arma11(_) => 0,
        }
    }
}

/// The models by partner, the profile, and how many pairs it has at lag 0.
impl Serialize for Prewhitened {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Prewhitened", 4)?;
        record.serialize_field("infant", &self.first)?;
        record.serialize_field("parent", &self.second)?;
        record.serialize_field("profile", &self.profile)?;
        record.serialize_field("n", &self.n)?;
        record.end()
    }
}

fn complete(series: &[Option<f64>]) -> Option<Vec<f64>> {
    series.iter().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synchrony::lagged::LagPoint;

    /// Who leads, where these are the correlations, the middle one at lag 0, and the bound is 0.196.
    #[track_caller]
    fn check(rs: &[f64], leader: Option<Leader>) {
        let middle = rs.len() as i64 / 2;
        let points = (0..).zip(rs).map(|(idx, r)| LagPoint { lag: idx - middle, r: Some(*r), n: 100 }).collect();
        let profile = LagProfile { step: Length::SECOND, points };
        let model = PastModel::Ar(Autoregression { constant: 0.0, phi: Vec::new(), rss: 1.0, n_rows: 100 });
        let whitened = Prewhitened { first: model.clone(), second: model, profile, n: 100 };
        assert_eq!(whitened.leader(), leader, "{rs:?}");
    }

    #[test]
    fn residuals_of_models_of_unequal_order_are_compared_where_both_exist() {
        // numpy 2.4.6: lstsq of both models (orders 1 and 2 by AIC), global correlation over 28 units
        let values = |text: &str| -> Vec<Option<f64>> {
            text.chars().map(|letter| Some(f64::from("NOP".find(letter).map_or(0, |idx| idx as i32 - 1)))).collect()
        };
        let parent = values("MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM");
        let infant = values("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO");
        let rules = PrewhitenRules {
            model: PrewhitenModel::Ar,
            order: PrewhitenOrder::Aic,
            max_order: 5,
            filter: PrewhitenFilter::Own,
            estimator: CcfEstimator::Global,
        };
        let whitened = Prewhitened::new(&parent, &infant, Length::SECOND, 3, rules).unwrap();
        assert_eq!((whitened.first.order(), whitened.second.order(), whitened.n), (1, 2, 28));
        let peak = whitened.peak().unwrap();
        assert!(peak.lag == -1 && (peak.r.unwrap() - 0.677_756_972).abs() < 1e-9, "{peak:?}");
    }

    #[test]
    fn who_leads_follows_from_the_significant_correlations() {
        check(&[0.1, 0.1, -0.3], Some(Leader::First));
        check(&[0.3, 0.2, 0.1], Some(Leader::Second));
        check(&[0.25, 0.2, 0.3], Some(Leader::Mutual));
        check(&[0.25, 0.4, 0.3], None);
        check(&[0.1, 0.1, 0.19], None);
    }
}
