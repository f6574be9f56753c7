//! The quick scores of both partners' engagement.

use span::{Instant, Length, Span};

use crate::catalog::{
    COREGULATION, GRID, INFANT_ANSWERS, INFANT_FOLLOWS, INFANT_TO_PARENT, MATCH, PARENT_ANSWERS, PARENT_FOLLOWS,
    PARENT_TO_INFANT, STEPS, SYNCHRONY, ScoreInfo,
};
use crate::contingency::events::{onsets, response_table};
use crate::contingency::responsiveness::{Behaviour, Responses};
use crate::contingency::sequential::LagTable;
use crate::coregulation::Patterns;
use crate::dyad::DyadicStates;
use crate::needs::Person;
use crate::repair::episodes::{EpisodeRules, mismatch_episodes, repair_chains};
use crate::settings::{GridRule, RepairMode};
use crate::state_space::StateSpaceGrid;
use crate::synchrony::lagged::LagProfile;
use crate::synchrony::strip::strip;
use crate::{Dyad, Resolved, Score, ScoreMap, StateSeries, StateType, StateTypes, Why};
use crate::{contingency, coregulation, grid, repair, state_space, synchrony};

use super::scene::{Scene, Scorer};
use super::units::Units;
use super::{Contingency, EpisodeScores, Scores};

/// Changes no further apart are simultaneous where there is no video.
const FRAME_WITHOUT_VIDEO: Length = Length::from_millis(40);

/// The groups that need both partners' engagement and no grid of time, in the catalog's order.
const CONTINUOUS: [&[ScoreInfo]; 4] = [MATCH, STEPS, COREGULATION, GRID];

/// Those of them that need to know who of the two does what.
const OF_EACH: [&[ScoreInfo]; 2] = [COREGULATION, GRID];

/// Those that follow them, and are computed on a grid of time.
const GRIDDED: [&[ScoreInfo]; 5] = [SYNCHRONY, INFANT_TO_PARENT, PARENT_TO_INFANT, PARENT_ANSWERS, INFANT_ANSWERS];

impl Scorer<'_> {
    pub(super) fn quick(&self) -> Scores {
        let empty = |episode| EpisodeScores::empty(episode, self.settings.grid_step);
        let mut episodes: Vec<EpisodeScores> = self.recording.episodes.iter().map(empty).collect();
        for (result, episode) in episodes.iter_mut().zip(&self.recording.episodes) {
            match self.scene(episode) {
                Ok(scene) => {
                    (result.codable, result.coded) = (scene.states.codable(), scene.states.coded());
                    result.states = (scene.dyad.infant.states().to_vec(), scene.dyad.parent.states().to_vec());
                    self.score_dyad(&scene, result);
                }
                Err(why) => push_absent(&mut result.scores, &why),
            }
            self.score_channels(episode, result);
        }
        Scores { settings_hash: self.settings.hash(), resolved: Resolved::new(self.recording, self.settings), episodes }
    }

    fn score_dyad(&self, scene: &Scene, result: &mut EpisodeScores) {
        if let Some(why) = scene.why_none(self.recording) {
            return push_absent(&mut result.scores, &why);
        }
        self.score_repair(scene, result);
        if let Some(why) = scene.why_inseparable() {
            result.scores.replace("match.kappa", Score::absent(why.clone()));
            for group in OF_EACH.into_iter().chain(GRIDDED) {
                result.scores.push_absent(group, &why);
            }
            return;
        }
        let patterns = Patterns::new(&scene.dyad, &scene.states, &self.settings.state_types);
        coregulation::push_scores(&mut result.scores, &patterns, scene.states.codable());
        result.patterns = patterns.ok();
        let grid = StateSpaceGrid::new(&scene.dyad.infant, &scene.dyad.parent);
        state_space::push_scores(&mut result.scores, &grid);
        result.grid = Some(grid);
        match scene.units(self.settings) {
            Ok(units) => {
                self.score_synchrony(scene, &units, result);
                self.score_contingency(scene, &units, result);
            }
            Err(why) => {
                for group in GRIDDED {
                    result.scores.push_absent(group, &why);
                }
            }
        }
    }

    fn score_repair(&self, scene: &Scene, result: &mut EpisodeScores) {
        let (settings, types) = (self.settings, &self.settings.state_types);
        let on_grid = || {
            let gridded = scene.dyad.on_grid(scene.episode.span, settings.grid_step, settings.grid_rule, types);
            let states = gridded.dyad.states(settings.min_mismatch);
            (gridded, states)
        };
        let gridded = scene.why_too_long(settings).map_or_else(|| Ok(on_grid()), Err);
        let frame = self.recording.frame.unwrap_or(FRAME_WITHOUT_VIDEO);
        match (settings.repair_mode, &gridded) {
            (RepairMode::Exact, _) => {
                let tolerance = settings.simul_tol.unwrap_or(frame);
                self.score_episodes(&scene.dyad, &scene.states, scene.episode.span, types, tolerance, result);
            }
            (RepairMode::Grid, Ok((gridded, states))) => {
                self.score_episodes(&gridded.dyad, states, gridded.window, &gridded.types, Length::ZERO, result);
            }
            (RepairMode::Grid, Err(why)) => result.scores.push_absent(MATCH, why),
        }
        match &gridded {
            Ok((_, states)) => repair::push_steps(&mut result.scores, states, settings.grid_step),
            Err(why) => result.scores.push_absent(STEPS, why),
        }
    }

    fn score_episodes(
        &self,
        dyad: &Dyad,
        states: &DyadicStates,
        window: Span,
        types: &StateTypes,
        simul_tol: Length,
        result: &mut EpisodeScores,
    ) {
        let rules = EpisodeRules { neg_neg: self.settings.neg_neg, simul_tol, types: types.clone() };
        let episodes = mismatch_episodes(dyad, states, window, &rules);
        let survival = repair::push_scores(&mut result.scores, dyad, states, &episodes, types, self.settings);
        result.survival = Some(survival);
        result.repair_chains = repair_chains(&episodes);
        result.mismatch_episodes = episodes;
        result.match_runs.clone_from(&states.runs);
    }

    fn score_synchrony(&self, scene: &Scene, units: &Units, result: &mut EpisodeScores) {
        let (settings, span) = (self.settings, scene.episode.span);
        match units.numbers() {
            Ok((first, second)) => {
                let (step, estimator) = (settings.grid_step, settings.ccf_estimator);
                let profile = LagProfile::new(&first, &second, step, units.max_lag, estimator);
                synchrony::push_scores(&mut result.scores, &profile, first.len(), estimator);
                result.lag_profile = Some(profile);
            }
            Err(why) => result.scores.push_absent(SYNCHRONY, &why),
        }

        let numbers = |series: &StateSeries, person: &Person| {
            grid::numbers(series, span, settings.strip_step, GridRule::Instant, &person.values)
        };
        let first = numbers(&scene.dyad.infant, scene.infant);
        let second = numbers(&scene.dyad.parent, scene.parent);
        let mut points = strip(&first, &second, span, settings.strip_step, settings.strip_window);
        points.retain(|point| result.coded.is_some_and(|coded| point.time <= coded.end()));
        result.strip = points;
    }

    fn score_contingency(&self, scene: &Scene, units: &Units, result: &mut EpisodeScores) {
        let (settings, span) = (self.settings, scene.episode.span);
        let (infant, parent) = (&scene.dyad.infant, &scene.dyad.parent);
        let (first, second) = (&units.infant, &units.parent);
        let codable: Vec<bool> = first.iter().zip(second).map(|(i, p)| i.is_some() && p.is_some()).collect();
        let is_positive = |series: &StateSeries| -> Vec<bool> {
            let types = settings.state_types.of_states(series.states());
            types.iter().map(|of| *of == Some(StateType::Pos)).collect()
        };
        let (infant_counts, parent_counts) = (is_positive(infant), is_positive(parent));
        let (infant_onsets, parent_onsets) =
            (onsets(infant, |state| infant_counts[state]), onsets(parent, |state| parent_counts[state]));
        let window = settings.contingency_window;
        let table = |given: &[Instant], response: &[Instant]| {
            response_table(given, response, &codable, span, settings.grid_step, window)
        };
        let infant_behaviour = Behaviour { series: infant, counts: &infant_counts };
        let parent_behaviour = Behaviour { series: parent, counts: &parent_counts };
        let lag = (settings.sequential_lag.micros() / settings.grid_step.micros()) as usize;
        let (n_infant, n_parent) = (infant.states().len(), parent.states().len());
        let contingency = Contingency {
            infant_to_parent: table(&infant_onsets, &parent_onsets),
            parent_to_infant: table(&parent_onsets, &infant_onsets),
            parent_answers: Responses::new(infant_behaviour, parent_behaviour, span, window),
            infant_answers: Responses::new(parent_behaviour, infant_behaviour, span, window),
            parent_follows: LagTable::between(first, second, (n_infant, n_parent), lag),
            infant_follows: LagTable::between(second, first, (n_parent, n_infant), lag),
        };
        let out = &mut result.scores;
        contingency::push_scores(out, INFANT_TO_PARENT, &contingency.infant_to_parent, settings.haldane);
        contingency::push_scores(out, PARENT_TO_INFANT, &contingency.parent_to_infant, settings.haldane);
        contingency::push_responses(out, PARENT_ANSWERS, &contingency.parent_answers, settings);
        contingency::push_responses(out, INFANT_ANSWERS, &contingency.infant_answers, settings);
        contingency::push_lag_table(out, &PARENT_FOLLOWS[0], &contingency.parent_follows, infant, parent);
        contingency::push_lag_table(out, &INFANT_FOLLOWS[0], &contingency.infant_follows, parent, infant);
        result.contingency = Some(contingency);
    }
}

fn push_absent(out: &mut ScoreMap, why: &Why) {
    for group in CONTINUOUS.into_iter().chain(GRIDDED) {
        out.push_absent(group, why);
    }
}
