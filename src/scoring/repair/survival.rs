//! How long it takes until something happens, where some of the waiting was cut off.

use serde::Serialize;
use span::Length;

use crate::settings::{KmLimitsAtZero, KmMedian};

/// The two-sided 95 % point of the normal distribution.
pub(crate) const Z_95: f64 = 1.959_963_984_540_054;
/// Rounding that is forgiven where survival is compared with a share.
const SLACK: f64 = 1e-9;

/// How long something was waited for, and whether it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lifetime {
    /// How long.
    pub time: Length,
    /// Did it happen, or was the waiting cut off?
    pub is_event: bool,
}

/// What is known at one distinct time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalRow {
    /// The time since the onset.
    pub time: Length,
    /// How many were still waiting just before.
    pub at_risk: usize,
    /// For how many it happened now.
    pub events: usize,
    /// The share for whom it has not happened yet.
    pub survival: f64,
    /// Greenwood's standard error of `survival`; `None` where survival is 0.
    pub std_err: Option<f64>,
    /// The lower 95 % limit.
    pub low: Option<f64>,
    /// The upper 95 % limit.
    pub high: Option<f64>,
}

/// The Kaplan–Meier estimate of survival.
///
/// *Definition*: `S(t) = Π (1 − d/n)` over the times up to `t`, `d` events among the `n` still waiting; of equal times, events come
/// before cuts. Limits are log–log: `S^exp(±z √V / |ln S|)` with `V = Σ d / (n (n − d))`.
///
/// *Shape*: one row per distinct time, also where only cuts fall; sorted.
///
/// *Limitations*: lengths within one dyad are not independent; the limits describe this recording, not a population.
///
/// *Reference*: Kaplan, E. L., & Meier, P. (1958). Nonparametric estimation from incomplete observations. Journal of the American
/// Statistical Association, 53, 457–481, doi 10.1080/01621459.1958.10501452. Kalbfleisch, J. D., & Prentice, R. L. (1980). The statistical
/// analysis of failure time data: the limits.
///
/// # Example
/// Seven waiting times of 1, 1, 1, 3, 3, 4 and 5 seconds, the last one cut off.
/// ```
/// use scoring::repair::survival::{KaplanMeier, Lifetime};
/// use scoring::settings::KmLimitsAtZero;
/// use span::Length;
///
/// let lifetime = |&(secs, is_event): &(i64, bool)| Lifetime { time: Length::SECOND.times(secs), is_event };
/// let times = [(1, true), (4, true), (1, true), (5, false), (3, true), (1, true), (3, true)];
/// let km = KaplanMeier::new(&times.iter().map(lifetime).collect::<Vec<_>>(), KmLimitsAtZero::Zero);
/// let rows: Vec<_> = km.rows().iter().map(|row| (row.time.as_secs(), row.at_risk, row.events)).collect();
/// assert_eq!(rows, [(1.0, 7, 3), (3.0, 4, 2), (4.0, 2, 1), (5.0, 1, 0)]);
/// let survival = |secs| km.survival_at(Length::SECOND.times(secs)).expect("there are times");
/// assert_eq!(survival(0), 1.0);
/// assert!((survival(2) - 4.0 / 7.0).abs() < 1e-12); // none of the three that happened at 1
/// assert!((survival(3) - 2.0 / 7.0).abs() < 1e-12); // half of the four left
/// assert_eq!(km.median_limits_secs(), (Some(1.0), Some(4.0))); // lifelines 0.30.3
/// // 1 s · 1 + 2 s · 4/7 + 1 s · 2/7 + 2 s · 1/7
/// assert!((km.restricted_mean_secs(Length::SECOND.times(6)).expect("there are times") - 19.0 / 7.0).abs() < 1e-12);
/// assert_eq!(km.longest(), Some(Length::SECOND.times(5)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct KaplanMeier {
    rows: Vec<SurvivalRow>,
}

impl KaplanMeier {
    /// The estimate from any number of lengths, in any order.
    #[must_use]
    pub fn new(lifetimes: &[Lifetime], limits_at_zero: KmLimitsAtZero) -> Self {
        let mut sorted = lifetimes.to_vec();
        sorted.sort_unstable_by_key(|lifetime| lifetime.time);
        let (mut at_risk, mut survival, mut variance) = (sorted.len(), 1.0, 0.0);
        let rows = sorted.chunk_by(|a, b| a.time == b.time).map(|same| {
            let events = same.iter().filter(|lifetime| lifetime.is_event).count();
            let (n, d) = (at_risk as f64, events as f64);
            at_risk -= same.len();
            survival = if d == n { 0.0 } else { survival * (1.0 - d / n) };
            variance += if d == n { 0.0 } else { d / (n * (n - d)) };
            let (low, high) = limits(survival, variance, limits_at_zero);
            let std_err = (survival > 0.0).then(|| survival * variance.sqrt());
            SurvivalRow { time: same[0].time, at_risk: n as usize, events, survival, std_err, low, high }
        });
        Self { rows: rows.collect() }
    }

    /// One row per distinct time.
    #[must_use]
    pub fn rows(&self) -> &[SurvivalRow] {
        &self.rows
    }

    /// The share for whom it has not happened by `time`; `None` of nothing.
    #[must_use]
    pub fn survival_at(&self, time: Length) -> Option<f64> {
        let after = self.rows.partition_point(|row| row.time <= time);
        (!self.rows.is_empty()).then(|| after.checked_sub(1).map_or(1.0, |last| self.rows[last].survival))
    }

    /// The time in seconds by which it has happened for the share `q`.
    ///
    /// *Definition*: the smallest time with `S ≤ 1 − q`, or, with [`KmMedian::Midpoint`] and `S = 1 − q` over a stretch, the middle of
    /// that stretch (R's convention; where the curve ends in it, the middle up to the longest time).
    ///
    /// *Undefined cases*: `None` where survival never falls so low.
    ///
    /// # Example
    /// Of four waiting times two are over at 2 s, the third at 6 s: between them half still wait.
    /// ```
    /// use scoring::repair::survival::{KaplanMeier, Lifetime};
    /// use scoring::settings::{KmLimitsAtZero, KmMedian};
    /// use span::Length;
    ///
    /// let lifetimes = [1, 2, 6, 9].map(|secs| Lifetime { time: Length::SECOND.times(secs), is_event: secs < 9 });
    /// let km = KaplanMeier::new(&lifetimes, KmLimitsAtZero::Zero);
    /// assert_eq!(km.quantile_secs(0.5, KmMedian::First), Some(2.0));
    /// assert_eq!(km.quantile_secs(0.5, KmMedian::Midpoint), Some(4.0));
    /// assert_eq!(km.quantile_secs(0.9, KmMedian::First), None); // the last one was cut off
    /// ```
    #[must_use]
    pub fn quantile_secs(&self, q: f64, rule: KmMedian) -> Option<f64> {
        let level = 1.0 - q;
        let reached = self.rows.iter().position(|row| row.survival <= level + SLACK)?;
        let first = self.rows[reached];
        let stays = rule == KmMedian::Midpoint && (first.survival - level).abs() <= SLACK;
        let until = if stays {
            let falls = self.rows[reached..].iter().find(|row| row.survival < first.survival);
            falls.or(self.rows.last())?.time
        } else {
            first.time
        };
        Some(f64::midpoint(first.time.as_secs(), until.as_secs()))
    }

    /// The 95 % limits of the median, in seconds: where the curve's lower and its upper limit reach one half.
    ///
    /// *Undefined cases*: `None` for a limit of the curve that never falls so low; the upper one often does not. With
    /// [`KmLimitsAtZero::Absent`] the time at which survival is 0 never counts.
    #[must_use]
    pub fn median_limits_secs(&self) -> (Option<f64>, Option<f64>) {
        let reaches = |limit: fn(&SurvivalRow) -> Option<f64>| {
            let row = self.rows.iter().find(|row| limit(row).is_some_and(|value| value <= 0.5 + SLACK));
            row.map(|row| row.time.as_secs())
        };
        (reaches(|row| row.low), reaches(|row| row.high))
    }

    /// The mean time in seconds within the first `tau`: the area under the curve, which is carried flat beyond its last time.
    ///
    /// *Undefined cases*: `None` of nothing.
    #[must_use]
    pub fn restricted_mean_secs(&self, tau: Length) -> Option<f64> {
        let (mut area, mut since, mut survival) = (0.0, Length::ZERO, 1.0);
        for row in self.rows.iter().take_while(|row| row.time < tau) {
            area += survival * (row.time - since).as_secs();
            (since, survival) = (row.time, row.survival);
        }
        (!self.rows.is_empty()).then(|| area + survival * (tau - since).as_secs())
    }

    /// The longest time, whether it ended in the event or was cut off.
    #[must_use]
    pub fn longest(&self) -> Option<Length> {
        self.rows.last().map(|row| row.time)
    }
}

fn limits(survival: f64, variance: f64, at_zero: KmLimitsAtZero) -> (Option<f64>, Option<f64>) {
    if survival == 0.0 {
        let zero = (at_zero == KmLimitsAtZero::Zero).then_some(0.0);
        return (zero, zero);
    }
    if survival == 1.0 {
        return (Some(1.0), Some(1.0));
    }
    let log = libm::log(survival);
    let factor = libm::exp(Z_95 * variance.sqrt() / log.abs());
    (Some(libm::exp(log * factor)), Some(libm::exp(log / factor)))
}

/// As in `attune score`: seconds, the share, its limits.
impl Serialize for SurvivalRow {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut record = serializer.serialize_struct("SurvivalRow", 7)?;
        record.serialize_field("time_s", &self.time.as_secs())?;
        record.serialize_field("at_risk", &self.at_risk)?;
        record.serialize_field("events", &self.events)?;
        record.serialize_field("survival", &self.survival)?;
        record.serialize_field("std_err", &self.std_err)?;
        record.serialize_field("low", &self.low)?;
        record.serialize_field("high", &self.high)?;
        record.end()
    }
}

impl Serialize for KaplanMeier {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_curve_ends_at_one_half_the_middle_goes_up_to_the_longest_time() {
        // by hand: two of four at 1 and 2 s, the others cut off at 5 and 9 s
        let lifetimes = [1, 2, 5, 9].map(|secs| Lifetime { time: Length::SECOND.times(secs), is_event: secs < 5 });
        let km = KaplanMeier::new(&lifetimes, KmLimitsAtZero::Zero);
        assert_eq!(km.quantile_secs(0.5, KmMedian::First), Some(2.0));
        assert_eq!(km.quantile_secs(0.5, KmMedian::Midpoint), Some(5.5));
    }
}
