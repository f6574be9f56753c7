//! The quick scores of both partners' engagement.

use span::{Length, Span};

use crate::catalog::{
    COREGULATION, GRID, INFANT_ANSWERS, INFANT_TO_PARENT, MATCH, PARENT_ANSWERS, PARENT_TO_INFANT, STEPS, SYNCHRONY,
    ScoreInfo,
};
use crate::coregulation::Patterns;
use crate::dyad::DyadicStates;
use crate::needs::Person;
use crate::repair::episodes::{EpisodeRules, mismatch_episodes, repair_chains};
use crate::settings::{GridRule, InsideMissing, RepairMode};
use crate::state_space::StateSpaceGrid;
use crate::synchrony::lagged::LagProfile;
use crate::synchrony::strip::strip;
use crate::{Dyad, Resolved, Score, ScoreMap, StateSeries, StateTypes, Why};
use crate::{coregulation, grid, repair, state_space, synchrony};

use super::scene::{Scene, Scorer};
use super::units::Units;
use super::{EpisodeScores, Scores};

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
        state_space::push_scores(&mut result.scores, &grid, &scene.dyad, self.settings);
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
                let profile = match settings.lag_inside_missing {
                    InsideMissing::Ignore => LagProfile::new,
                    InsideMissing::Break => LagProfile::unbroken,
                };
                let profile = profile(&first, &second, step, units.max_lag, estimator);
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
}

fn push_absent(out: &mut ScoreMap, why: &Why) {
    for group in CONTINUOUS.into_iter().chain(GRIDDED) {
        out.push_absent(group, why);
    }
}
