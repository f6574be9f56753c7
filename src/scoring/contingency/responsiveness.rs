//! Contingent responsiveness: is the one answered by the other, and how soon?

use serde::Serialize;
use span::{Instant, Length, Span};

use crate::StateSeries;
use crate::contingency::events::onsets;
use crate::repair::survival::Lifetime;

/// One partner's states and which of them count.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour<'a> {
    /// What was coded.
    pub series: &'a StateSeries,
    /// Which of its states count, one entry per state.
    pub counts: &'a [bool],
}

/// What followed one onset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// The other began this long after.
    Answered {
        /// From the onset.
        #[serde(rename = "latency_s", serialize_with = "crate::secs::serialize")]
        latency: Length,
    },
    /// The other did not, within a full window.
    Unanswered {
        /// The window.
        #[serde(rename = "watched_s", serialize_with = "crate::secs::serialize")]
        watched: Length,
    },
    /// The next onset, missing time or the border cut the window short, and there was no answer until then.
    Cut {
        /// From the onset to the cut.
        #[serde(rename = "watched_s", serialize_with = "crate::secs::serialize")]
        watched: Length,
    },
    /// The other was at it already, or began at that very instant: no answer, and none can be missed.
    Concurrent,
}

/// The onsets of one partner's behaviour and what followed each.
///
/// *Definition*: the window of an onset at g is `(g, g + w]`, cut short by the next onset, by time missing for either partner and by the
/// episode's border. The first onset of the other in it is the answer: so each is credited to the nearest onset before it. An onset of
/// the other at exactly g is concurrent; one at exactly the next onset still answers this one.
///
/// *Reference*: after Keller, H., Lohaus, A., Völker, S., Cappenberg, M., & Chasiotis, A. (1999). Temporal contingency as an independent
/// component of parenting behavior. Child Development, 70, 474–485. That missing time cuts the window is our convention.
///
/// # Example
///
/// ```
/// use scoring::StateSeries;
/// use scoring::contingency::responsiveness::{Behaviour, Responses};
/// use span::{Length, Span};
///
/// let coded = |text| StateSeries::from_text(["M", "P"], text, Length::SECOND);
/// let (infant, parent) = (coded("MPPMMPMMMMPM"), coded("MMPPMMMMMPPM"));
/// let positive = [false, true];
/// let responses = Responses::new(
///     Behaviour { series: &infant, counts: &positive },
///     Behaviour { series: &parent, counts: &positive },
///     Span::from_micros(0, 12_000_000).unwrap(),
///     Length::SECOND.times(3),
/// );
/// // at 1 answered after 1 s, at 5 not within 3 s, at 10 the parent is positive already
/// assert_eq!((responses.n_answered(), responses.n_known(), responses.n_concurrent()), (1, 2, 1));
/// assert_eq!(responses.proportion(), Some(0.5));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Responses {
    /// One per onset, in order.
    pub onsets: Vec<Response>,
}

/// One onset and what followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Response {
    /// When the one began.
    #[serde(rename = "at_s", serialize_with = "crate::secs::serialize_instant")]
    pub at: Instant,
    /// What the other did.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl Responses {
    /// What follows the onsets of `given`; both series lie inside `episode`.
    ///
    /// # Panics
    /// If there is not one entry in `counts` per state.
    #[must_use]
    pub fn new(given: Behaviour, response: Behaviour, episode: Span, window: Length) -> Self {
        let given_onsets = onsets(given.series, |state| given.counts[state]);
        let response_onsets = onsets(response.series, |state| response.counts[state]);
        let codable = given.series.codable().intersection(&response.series.codable());
        let response_at = |(idx, at): (usize, &Instant)| {
            let full = at.saturating_add(window);
            let next = given_onsets.get(idx + 1).copied().unwrap_or(Instant::MAX);
            let missing = codable.span_at(*at).map_or(*at, Span::end);
            let limit = full.min(next).min(missing).min(episode.end());
            let is_on = response.series.state_at(*at).is_some_and(|state| response.counts[state]);
            let first_after = response_onsets.partition_point(|onset| onset <= at);
            let answer = response_onsets.get(first_after).filter(|onset| **onset <= limit);
            let outcome = match answer {
                _ if is_on => Outcome::Concurrent,
                Some(answer) => Outcome::Answered { latency: *answer - *at },
                None if limit == full => Outcome::Unanswered { watched: window },
                None => Outcome::Cut { watched: limit - *at },
            };
            Response { at: *at, outcome }
        };
        Self { onsets: given_onsets.iter().enumerate().map(response_at).collect() }
    }

    /// How many were answered.
    #[must_use]
    pub fn n_answered(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Answered { .. }))
    }

    /// Of how many it is known whether they were answered.
    #[must_use]
    pub fn n_known(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Answered { .. } | Outcome::Unanswered { .. }))
    }

    /// At how many the other was at it already.
    #[must_use]
    pub fn n_concurrent(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Concurrent))
    }

    /// Answered among those of which it is known, 0 to 1; `None` of none.
    #[must_use]
    pub fn proportion(&self) -> Option<f64> {
        let n_known = self.n_known();
        (n_known > 0).then(|| self.n_answered() as f64 / n_known as f64)
    }

    /// How long each was waited for an answer, for [`KaplanMeier`](crate::repair::survival::KaplanMeier); those that are concurrent, and
    /// those at which the other is missing, do not wait.
    #[must_use]
    pub fn lifetimes(&self) -> Vec<Lifetime> {
        let lifetime = |response: &Response| match response.outcome {
            Outcome::Answered { latency } => Some(Lifetime { time: latency, is_event: true }),
            Outcome::Unanswered { watched } | Outcome::Cut { watched } => {
                Some(Lifetime { time: watched, is_event: false }).filter(|_| !watched.is_zero())
            }
            Outcome::Concurrent => None,
        };
        self.onsets.iter().filter_map(lifetime).collect()
    }

    fn count(&self, is_in: impl Fn(&Outcome) -> bool) -> usize {
        self.onsets.iter().filter(|response| is_in(&response.outcome)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of the onsets of P in the first text, by those in the second, within 3 s.
    #[track_caller]
    fn check(given: &str, response: &str, want: &[Outcome]) {
        let coded = |text| StateSeries::from_text(["M", "P"], text, Length::SECOND);
        let (infant, parent) = (coded(given), coded(response));
        let (given, response) = (
            Behaviour { series: &infant, counts: &[false, true] },
            Behaviour { series: &parent, counts: &[false, true] },
        );
        let episode = Span::from_micros(0, parent.codable().hull().unwrap().end().micros()).unwrap();
        let got = Responses::new(given, response, episode, Length::SECOND.times(3));
        assert_eq!(got.onsets.iter().map(|response| response.outcome).collect::<Vec<_>>(), want);
    }

    fn answered(secs: i64) -> Outcome {
        Outcome::Answered { latency: Length::SECOND.times(secs) }
    }

    fn cut(secs: i64) -> Outcome {
        Outcome::Cut { watched: Length::SECOND.times(secs) }
    }

    #[test]
    fn an_onset_up_to_the_windows_end_answers_and_one_at_once_is_concurrent() {
        check("MPMMMMM", "MMMMPMM", &[answered(3)]);
        check("MPMMMMM", "MMMMMPM", &[Outcome::Unanswered { watched: Length::SECOND.times(3) }]);
        check("MPMMMMM", "MPMMPMM", &[Outcome::Concurrent]);
        check("MPMMMMM", "PPPMMPM", &[Outcome::Concurrent]);
    }

    #[test]
    fn each_answer_is_credited_to_the_nearest_onset_before_it() {
        check("MPMPMMMM", "MMMMPMMM", &[cut(2), answered(1)]);
        check("MPMPMMMM", "MMMPMMMM", &[answered(2), Outcome::Concurrent]);
    }

    #[test]
    fn missing_time_and_the_border_cut_the_window() {
        check("MPMMMMM", "MM.MPMM", &[cut(1)]);
        check("MP.MMMM", "MMMPMMM", &[cut(1)]);
        check("MPPMMMM", "MMPM.MM", &[answered(1)]);
        check("MPMMMMM", "M.PMMMM", &[cut(0)]);
        check("MMMPM", "MMMMM", &[cut(2)]);
        check("MMPPP", "MMMMM", &[Outcome::Unanswered { watched: Length::SECOND.times(3) }]);
    }
}
