//! The scores that take longer than a coder should wait at a key.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::agreement::bootstrap::{Limits, NoLimits};
use crate::catalog::{
    COHERENCE, COREGULATION_BY_AFFECT, GRANGER, INFANT_SEQUENCE, INFANT_TABLE, INFORMATION, PARENT_SEQUENCE,
    PARENT_TABLE, PREDICTION, PREWHITENED, RECURRENCE, ScoreInfo, WINDOWED,
};
use crate::chance::scores::score_baselines;
use crate::chance::{Baseline, NoBaseline};
use crate::contingency::events::event_sequence;
use crate::contingency::lag_tables::{NamedTable, push_table};
use crate::contingency::sequential::{LagTable, Repeats};
use crate::contingency::weighted_scores;
use crate::coregulation::Patterns;
use crate::information::coherence::CoherencePoint;
use crate::information::mutual::MutualPoint;
use crate::recording::AFFECT;
use crate::recurrence::CrossRecurrence;
use crate::recurrence::profile::{ProfilePoint, diagonal_profile};
use crate::relation::{MatchTable, Matching};
use crate::settings::{SequenceForm, SurrogateKind};
use crate::state_space::StateSpaceGrid;
use crate::synchrony::prewhitened::{PrewhitenRules, Prewhitened};
use crate::{EpisodeWindow, ScoreMap, StateSeries, Subject, Why};
use crate::{coregulation, information, parallel, recurrence, state_space, synchrony};

use super::scene::{Scene, Scorer};
use super::units::{Numbers, Units};

/// Pairs of units are too many beyond: an hour at a tenth of a second is not.
const MAX_RECURRENT_UNITS: usize = 40_000;

/// What the slow groups of an episode are computed from.
struct Input<'a> {
    scene: Scene<'a>,
    units: Units<'a>,
    numbers: Result<Numbers, Why>,
    matches: MatchTable,
}

/// Adds the scores of a group, or says why all of them are absent.
type Step = fn(&Scorer, &Input, &mut SlowEpisodeScores) -> Result<(), Why>;

/// Scores that are absent together, and what adds them.
type Group = (&'static [&'static [ScoreInfo]], Step);

/// The groups that are slow, in the catalog's order.
const STEPS: [Group; 9] = [
    (&[PREWHITENED], |scorer, input, result| scorer.score_prewhitened(input, result)),
    (&[WINDOWED], |scorer, input, result| {
        let (first, second) = input.numbers()?;
        synchrony::push_windowed(&mut result.scores, first, second, scorer.settings);
        Ok(())
    }),
    (&[PREDICTION], |scorer, input, result| {
        let (first, second) = input.numbers()?;
        weighted_scores::push_scores(&mut result.scores, first, second, scorer.settings);
        Ok(())
    }),
    (&[INFORMATION], |scorer, input, result| {
        let (first, second, max_lag) = (&input.units.infant, &input.units.parent, input.units.max_lag);
        let profile = information::push_scores(&mut result.scores, first, second, max_lag, scorer.settings);
        result.mutual_profile = Some(profile);
        Ok(())
    }),
    (&[RECURRENCE], |scorer, input, result| scorer.score_recurrence(input, result)),
    (&[GRANGER], |scorer, input, result| {
        let (first, second) = input.numbers()?;
        information::push_granger(&mut result.scores, first, second, scorer.settings);
        Ok(())
    }),
    (&[COHERENCE], |scorer, input, result| {
        let (first, second) = input.numbers()?;
        result.coherence = information::push_coherence(&mut result.scores, first, second, scorer.settings);
        Ok(())
    }),
    (&[PARENT_TABLE, INFANT_TABLE, INFANT_SEQUENCE, PARENT_SEQUENCE], |scorer, input, result| {
        scorer.score_cells(&input.scene, &input.units, &mut result.scores)
    }),
    (&[], |scorer, input, result| {
        scorer.score_patterns_by_affect(&input.scene, &mut result.scores);
        Ok(())
    }),
];

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
        let is_of_one = self.settings.surrogate_kind != SurrogateKind::PseudoDyads;
        let has_chance = self.settings.surrogates > 0 && is_of_one;
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

    fn slow_episode(
        &self,
        episode: &EpisodeWindow,
        goes_on: &(dyn Fn(f64) -> bool + Sync),
    ) -> Option<SlowEpisodeScores> {
        let input = self.input(episode);
        let n_begun = AtomicUsize::new(0);
        let all: Vec<usize> = (0..=STEPS.len()).collect(); // the last is looking, which needs no engagement
        let part = |n: &usize| {
            if !goes_on(n_begun.fetch_add(1, Ordering::Relaxed) as f64 / all.len() as f64) {
                return None;
            }
            let mut part = SlowEpisodeScores::default();
            let Some((groups, step)) = STEPS.get(*n) else {
                weighted_scores::push_looking(&mut part.scores, &self.looking_units(episode), self.settings);
                return Some(part);
            };
            let scored = input.as_ref().map_err(Clone::clone).and_then(|input| step(self, input, &mut part));
            if let Err(why) = scored {
                for group in *groups {
                    part.scores.push_absent(group, &why);
                }
            }
            Some(part)
        };
        let parts = parallel::map(&all, part)?;
        let scores = ScoreMap::with_capacity(parts.iter().map(|part| part.scores.len()).sum());
        Some(parts.into_iter().fold(SlowEpisodeScores { scores, ..SlowEpisodeScores::default() }, |mut all, part| {
            all.scores.extend(part.scores);
            SlowEpisodeScores {
                prewhitened: all.prewhitened.or(part.prewhitened),
                recurrence_profile: all.recurrence_profile.or(part.recurrence_profile),
                mutual_profile: all.mutual_profile.or(part.mutual_profile),
                coherence: all.coherence.or(part.coherence),
                ..all
            }
        }))
    }

    /// The state space grid and the tables of what follows what, cell by cell.
    fn score_cells(&self, scene: &Scene, units: &Units, out: &mut ScoreMap) -> Result<(), Why> {
        if let Some(why) = scene.why_too_many_cells() {
            return Err(why);
        }
        let (settings, dyad) = (self.settings, &scene.dyad);
        let grid = StateSpaceGrid::new(&dyad.infant, &dyad.parent);
        state_space::push_cells(out, &grid, dyad, settings.grid_rows);
        let (infant, parent) = (dyad.infant.states(), dyad.parent.states());
        let [parent_follows, infant_follows] = units.lag_tables(settings);
        let sequence = |series: &StateSeries, units: &[Option<usize>]| {
            let n_states = series.states().len();
            match settings.sequential_form {
                SequenceForm::Time => {
                    let lag = (settings.sequential_lag.micros() / settings.grid_step.micros()) as usize;
                    LagTable::within(&[units], n_states, lag, Repeats::Allowed)
                }
                SequenceForm::Events => {
                    let lag = settings.sequential_lag_events;
                    let repeats = if lag == 1 { Repeats::Impossible } else { Repeats::Allowed };
                    LagTable::within(&[&event_sequence(series)], n_states, lag, repeats)
                }
            }
        };
        for (group, table, given, target) in [
            (PARENT_TABLE, parent_follows, infant, parent),
            (INFANT_TABLE, infant_follows, parent, infant),
            (INFANT_SEQUENCE, sequence(&dyad.infant, &units.infant), infant, infant),
            (PARENT_SEQUENCE, sequence(&dyad.parent, &units.parent), parent, parent),
        ] {
            push_table(out, group, &NamedTable::new(&table, given, target), settings);
        }
        Ok(())
    }

    /// What the affect of each is in each pattern of co-regulation, where affect is a channel.
    fn score_patterns_by_affect(&self, scene: &Scene, out: &mut ScoreMap) {
        let Ok(patterns) = Patterns::new(&scene.dyad, &scene.states, &self.settings.state_types) else { return };
        for (subject, group) in [Subject::Infant, Subject::Parent].into_iter().zip(COREGULATION_BY_AFFECT) {
            if let Some(affect) = self.track_within(subject, AFFECT, scene.episode.span) {
                coregulation::push_by_affect(out, &group[0], &patterns, &affect);
            }
        }
    }

    /// What an episode has, or why it has nothing.
    fn input<'b>(&'b self, episode: &'b EpisodeWindow) -> Result<Input<'b>, Why> {
        let scene = self.scene(episode)?;
        if let Some(why) = scene.why_none(self.recording) {
            return Err(why);
        }
        let units = scene.units(self.settings)?;
        let matches = MatchTable::new(&self.relation, scene.dyad.infant.states(), scene.dyad.parent.states());
        Ok(Input { numbers: units.numbers(), units, matches, scene })
    }

    fn score_prewhitened(&self, input: &Input, result: &mut SlowEpisodeScores) -> Result<(), Why> {
        let (first, second) = input.numbers()?;
        let settings = self.settings;
        let rules = PrewhitenRules {
            model: settings.prewhiten_model,
            order: settings.prewhiten_order,
            max_order: settings.prewhiten_p_max,
            filter: settings.prewhiten_filter,
            estimator: settings.ccf_estimator,
        };
        let prewhitened = Prewhitened::new(first, second, settings.grid_step, input.units.max_lag, rules);
        let of = prewhitened.as_ref().map_err(|unmodelled| *unmodelled);
        synchrony::push_prewhitened(&mut result.scores, of, settings.ccf_estimator);
        result.prewhitened = prewhitened.ok();
        Ok(())
    }

    fn score_recurrence(&self, input: &Input, result: &mut SlowEpisodeScores) -> Result<(), Why> {
        let (settings, first, second) = (self.settings, &input.units.infant, &input.units.parent);
        if first.len() > MAX_RECURRENT_UNITS {
            return Err(format!("too long for a recurrence plot with units of {}", settings.grid_step).into());
        }
        let matches = |first: usize, second: usize| input.matches.get(first, second) == Matching::Always;
        let plot = CrossRecurrence::under(first, second, matches);
        let profile = diagonal_profile(first, second, input.units.max_lag, settings.profile_missing, matches);
        recurrence::push_scores(&mut result.scores, &plot, &profile, settings);
        result.recurrence_profile = Some(profile);
        Ok(())
    }
}

impl Input<'_> {
    /// The values of the infant's units and of the parent's, or why a partner has none.
    fn numbers(&self) -> Result<&Numbers, Why> {
        self.numbers.as_ref().map_err(Clone::clone)
    }
}
