//! The scores that take longer than a coder should wait at a key.

use crate::agreement::bootstrap::{Limits, NoLimits};
use crate::catalog::{COHERENCE, GRANGER, INFORMATION, PREDICTION, PREWHITENED, RECURRENCE, ScoreInfo, WINDOWED};
use crate::chance::scores::score_baselines;
use crate::chance::{Baseline, NoBaseline};
use crate::contingency::weighted_scores;
use crate::information::coherence::CoherencePoint;
use crate::information::mutual::MutualPoint;
use crate::recurrence::CrossRecurrence;
use crate::recurrence::profile::{ProfilePoint, diagonal_profile};
use crate::relation::{MatchTable, Matching};
use crate::synchrony::prewhitened::{PrewhitenRules, Prewhitened};
use crate::{EpisodeWindow, ScoreMap, information, recurrence, synchrony};

use super::scene::{Scene, Scorer};
use super::units::{Numbers, Units};

/// Pairs of units are too many beyond: an hour at a tenth of a second is not.
const MAX_RECURRENT_UNITS: usize = 40_000;

/// The groups that are slow, in the catalog's order.
const SLOW: [&[ScoreInfo]; 7] = [PREWHITENED, WINDOWED, PREDICTION, INFORMATION, RECURRENCE, GRANGER, COHERENCE];

/// The slow scores of one recording.
#[derive(Clone, Debug, PartialEq)]
pub struct SlowScores {
    /// One per episode, in the recording's order.
    pub episodes: Vec<SlowEpisodeScores>,
}

/// The slow scores of one episode.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SlowEpisodeScores {
    /// Every slow score by its id, absent ones with the reason.
    pub scores: ScoreMap,
    /// What chance gives, for quick and slow scores, where the setting `surrogates` asks for it.
    pub chance: Vec<(String, Result<Baseline, NoBaseline>)>,
    /// How far proportions of time vary over blocks of it, where the setting `boot.replicates` asks for it.
    pub limits: Vec<(String, Result<Limits, NoLimits>)>,
    /// Correlation at every lag of what each partner's own past does not explain.
    pub prewhitened: Option<Prewhitened>,
    /// Recurrence of the partners' states at every lag.
    pub recurrence_profile: Option<Vec<ProfilePoint>>,
    /// Mutual information of the partners' states at every lag.
    pub mutual_profile: Option<Vec<MutualPoint>>,
    /// Coherence of the partners' values at every frequency.
    pub coherence: Option<Vec<CoherencePoint>>,
}

impl Scorer<'_> {
    pub(super) fn slow(&self, goes_on: &(dyn Fn(f64) -> bool + Sync)) -> Option<SlowScores> {
        let n_episodes = self.recording.episodes.len() as f64;
        let has_chance = self.settings.surrogates > 0;
        let share_of_scores = if has_chance { 0.0 } else { 1.0 }; // beside chance they take no time
        let mut episodes = Vec::new();
        for (n_done, episode) in self.recording.episodes.iter().enumerate() {
            let goes_on_here = |share: f64| goes_on((n_done as f64 + share) / n_episodes * share_of_scores);
            let mut scores = self.slow_episode(episode, &goes_on_here)?;
            let scene = self.scene(episode).ok().filter(|scene| scene.why_none(self.recording).is_none());
            scores.limits = scene.map(|scene| self.limits(&scene)).unwrap_or_default();
            episodes.push(scores);
        }
        if has_chance {
            let baselines = score_baselines(self.recording, self.settings, goes_on)?;
            for (episode, chance) in episodes.iter_mut().zip(baselines) {
                information::subtract_chance(&mut episode.scores, &chance.baselines);
                episode.chance = chance.baselines;
            }
        }
        Some(SlowScores { episodes })
    }

    fn slow_episode(&self, episode: &EpisodeWindow, goes_on: &dyn Fn(f64) -> bool) -> Option<SlowEpisodeScores> {
        let mut result = SlowEpisodeScores::default();
        let units = self.scene(episode).and_then(|scene| match scene.why_none(self.recording) {
            Some(why) => Err(why),
            None => scene.units(self.settings).map(|units| (self.matches(&scene), units)),
        });
        let (matches, units) = match &units {
            Ok((matches, units)) => (matches, units),
            Err(why) => {
                for group in SLOW {
                    result.scores.push_absent(group, why);
                }
                return Some(result);
            }
        };
        let numbers = units.numbers();
        let of_numbers =
            |result: &mut SlowEpisodeScores, group, score: &dyn Fn(&mut SlowEpisodeScores, &Numbers)| match &numbers {
                Ok(numbers) => score(result, numbers),
                Err(why) => result.scores.push_absent(group, why),
            };
        let steps: [&dyn Fn(&mut SlowEpisodeScores); 7] = [
            &|result| {
                of_numbers(result, PREWHITENED, &|result, numbers| self.score_prewhitened(units, numbers, result));
            },
            &|result| {
                of_numbers(result, WINDOWED, &|result, (first, second)| {
                    synchrony::push_windowed(&mut result.scores, first, second, units.max_lag, self.settings);
                });
            },
            &|result| {
                of_numbers(result, PREDICTION, &|result, (first, second)| {
                    weighted_scores::push_scores(&mut result.scores, first, second, self.settings);
                });
            },
            &|result| {
                let (first, second, out) = (&units.infant, &units.parent, &mut result.scores);
                let profile = information::push_scores(out, first, second, units.max_lag, self.settings);
                result.mutual_profile = Some(profile);
            },
            &|result| self.score_recurrence(units, matches, result),
            &|result| {
                of_numbers(result, GRANGER, &|result, (first, second)| {
                    information::push_granger(&mut result.scores, first, second, self.settings);
                });
            },
            &|result| {
                of_numbers(result, COHERENCE, &|result, (first, second)| {
                    result.coherence = information::push_coherence(&mut result.scores, first, second, self.settings);
                });
            },
        ];
        for (n_done, step) in steps.into_iter().enumerate() {
            if !goes_on(n_done as f64 / SLOW.len() as f64) {
                return None;
            }
            step(&mut result);
        }
        Some(result)
    }

    fn matches(&self, scene: &Scene) -> MatchTable {
        MatchTable::new(&self.relation, scene.dyad.infant.states(), scene.dyad.parent.states())
    }

    fn score_prewhitened(&self, units: &Units, (first, second): &Numbers, result: &mut SlowEpisodeScores) {
        let settings = self.settings;
        let rules = PrewhitenRules {
            model: settings.prewhiten_model,
            order: settings.prewhiten_order,
            max_order: settings.prewhiten_p_max,
            filter: settings.prewhiten_filter,
            estimator: settings.ccf_estimator,
        };
        let prewhitened = Prewhitened::new(first, second, settings.grid_step, units.max_lag, rules);
        let of = prewhitened.as_ref().map_err(|unmodelled| *unmodelled);
        synchrony::push_prewhitened(&mut result.scores, of, settings.ccf_estimator);
        result.prewhitened = prewhitened.ok();
    }

    fn score_recurrence(&self, units: &Units, table: &MatchTable, result: &mut SlowEpisodeScores) {
        let (settings, first, second) = (self.settings, &units.infant, &units.parent);
        if first.len() > MAX_RECURRENT_UNITS {
            let why = format!("too long for a recurrence plot with units of {}", settings.grid_step);
            return result.scores.push_absent(RECURRENCE, &why.into());
        }
        let matches = |first: usize, second: usize| table.get(first, second) == Matching::Always;
        let plot = CrossRecurrence::under(first, second, matches);
        let profile = diagonal_profile(first, second, units.max_lag, settings.profile_missing, matches);
        recurrence::push_scores(&mut result.scores, &plot, &profile, settings);
        result.recurrence_profile = Some(profile);
    }
}
