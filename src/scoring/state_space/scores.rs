//! The scores of the state space grid of one episode.

use crate::catalog::GRID;
use crate::state_space::StateSpaceGrid;
use crate::{Score, ScoreMap};

const NO_TIME: &str = "no time coded by both";
const NO_TRANSITION: &str = "no change of cell";

/// Adds every score of the group.
pub(crate) fn push_scores(out: &mut ScoreMap, grid: &StateSpaceGrid) {
    let mut push = |id: &str, score: Score| out.push(GRID, id, score);
    let total = grid.total().as_secs();
    let n_transitions = grid.n_transitions();
    push("grid.range", Score::count(grid.range()).with_n(grid.n_cells()));
    let why_no_dispersion = if grid.n_cells() < 2 { "the grid has a single cell" } else { NO_TIME };
    push("grid.dispersion", Score::from_option(grid.dispersion(), why_no_dispersion));
    push("grid.transitions.count", Score::count(n_transitions));
    push("grid.transitions.rate", Score::ratio(n_transitions as f64, total / 60.0, NO_TIME));
    push("grid.visits.count", Score::count(grid.visits().len()));
    push("grid.visits.mean", Score::ratio(total, grid.visits().len() as f64, NO_TIME));
    push("grid.visits.mean_of_cells", Score::from_option(grid.mean_visit_of_cells_secs(), NO_TIME));
    push("grid.entropy.duration", Score::from_option(grid.duration_entropy_nats(), NO_TIME));
    push("grid.entropy.visits", Score::from_option(grid.visit_entropy_nats(), NO_TIME));
    let of_transitions = |entropy| Score::from_option(entropy, NO_TRANSITION).with_n_if_present(n_transitions);
    push("grid.entropy.transitions", of_transitions(grid.transition_entropy_nats()));
    push("grid.entropy.conditional", of_transitions(grid.conditional_entropy_nats()));
    let attractor = grid.attractor().map(|pair| grid.region(|infant, parent| (infant, parent) == pair));
    let held = attractor.as_ref().map(|region| Score::ratio(region.duration().as_secs(), total, NO_TIME));
    push("grid.attractor.share", held.unwrap_or_else(|| Score::absent(NO_TIME)));
    let n_returns = attractor.as_ref().map_or(0, |region| region.return_times.len());
    let back = attractor.and_then(|region| region.mean_return_secs());
    push("grid.attractor.return", Score::from_option(back, "no return to it is seen").with_n_if_present(n_returns));
}
