//! The scores that take longer than a coder should wait at a key.

use crate::agreement::bootstrap::{Limits, NoLimits};
use crate::catalog::{
    COREGULATION_BY_AFFECT, INFANT_SEQUENCE, INFANT_TABLE, INFORMATION, PARENT_SEQUENCE, PARENT_TABLE, PREDICTION,
    PREWHITENED, RECURRENCE, ScoreInfo, WINDOWED,
};
use crate::chance::scores::score_baselines;
use crate::chance::{Baseline, NoBaseline};
use crate::contingency::events::event_sequence;
use crate::contingency::lag_tables::{NamedTable, push_table};
use crate::contingency::sequential::{LagTable, Repeats};
use crate::contingency::weighted_scores;
use crate::coregulation::Patterns;
use crate::recording::AFFECT;
use crate::recurrence::CrossRecurrence;
use crate::recurrence::profile::{ProfilePoint, diagonal_profile};
use crate::relation::{MatchTable, Matching};
use crate::settings::{SequenceForm, SurrogateKind};
use crate::state_space::StateSpaceGrid;
use crate::synchrony::prewhitened::{PrewhitenRules, Prewhitened};
use crate::{EpisodeWindow, ScoreMap, StateSeries, Subject};
use crate::{coregulation, information, recurrence, state_space, synchrony};

use super::scene::{Scene, Scorer};
use super::units::Units;

/// Pairs of units are too many beyond: an hour at a tenth of a second is not.
const MAX_RECURRENT_UNITS: usize = 40_000;

/// The slow groups that need both partners' engagement, in the catalog's order.
const SLOW: [&[ScoreInfo]; 9] = [
    PREWHITENED,
    WINDOWED,
    PREDICTION,
    INFORMATION,
    RECURRENCE,
    PARENT_TABLE,
    INFANT_TABLE,
    INFANT_SEQUENCE,
    PARENT_SEQUENCE,
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
                episode.chance = chance.baselines;
            }
        }
        Some(SlowScores { episodes })
    }

    fn slow_episode(&self, episode: &EpisodeWindow, goes_on: &dyn Fn(f64) -> bool) -> Option<SlowEpisodeScores> {
        let mut result = SlowEpisodeScores::default();
        let scene = self.scene(episode).and_then(|scene| match scene.why_none(self.recording) {
            Some(why) => Err(why),
            None => scene.units(self.settings).map(|units| (scene, units)),
        });
        match &scene {
            Ok((scene, units)) => self.score_slowly(scene, units, &mut result, goes_on)?,
            Err(why) => {
                for group in SLOW {
                    result.scores.push_absent(group, why);
                }
            }
        }
        weighted_scores::push_looking(&mut result.scores, &self.looking_units(episode), self.settings);
        Some(result)
    }

    /// `None` once `goes_on` says so.
    fn score_slowly(
        &self,
        scene: &Scene,
        units: &Units,
        result: &mut SlowEpisodeScores,
        goes_on: &dyn Fn(f64) -> bool,
    ) -> Option<()> {
        let numbers = units.numbers();
        let steps: [&dyn Fn(&mut SlowEpisodeScores); 7] = [
            &|result| self.score_prewhitened(units, &numbers, result),
            &|result| {
                synchrony::push_windowed(&mut result.scores, &numbers.0, &numbers.1, self.settings);
            },
            &|result| weighted_scores::push_scores(&mut result.scores, &numbers.0, &numbers.1, self.settings),
            &|result| information::push_scores(&mut result.scores, &units.infant, &units.parent, self.settings),
            &|result| self.score_recurrence(units, &self.matches(scene), result),
            &|result| self.score_cells(scene, units, &mut result.scores),
            &|result| self.score_patterns_by_affect(scene, &mut result.scores),
        ];
        let n_steps = steps.len() as f64;
        for (n_done, step) in steps.into_iter().enumerate() {
            if !goes_on(n_done as f64 / n_steps) {
                return None;
            }
            step(result);
        }
        Some(())
    }

    /// The state space grid and the tables of what follows what, cell by cell.
    fn score_cells(&self, scene: &Scene, units: &Units, out: &mut ScoreMap) {
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

    fn matches(&self, scene: &Scene) -> MatchTable {
        MatchTable::new(&self.relation, scene.dyad.infant.states(), scene.dyad.parent.states())
    }

    fn score_prewhitened(
        &self,
        units: &Units,
        (first, second): &(Vec<Option<f64>>, Vec<Option<f64>>),
        result: &mut SlowEpisodeScores,
    ) {
        let settings = self.settings;
        let rules = PrewhitenRules {
            model: settings.prewhiten_model,
            order: settings.prewhiten_order,
            max_order: settings.prewhiten_p_max,
            filter: settings.prewhiten_filter,
            estimator: settings.ccf_estimator,
        };
        let prewhitened = Prewhitened::new(first, second, settings.grid_step, units.max_lag, rules);
        synchrony::push_prewhitened(&mut result.scores, prewhitened.as_ref().map_err(|unmodelled| *unmodelled));
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
