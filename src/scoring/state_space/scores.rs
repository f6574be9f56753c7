//! The scores of the state space grid of one episode.

use crate::catalog::{CELLS, GRID};
use crate::state_space::{GridRows, StateSpaceGrid};
use crate::{Dyad, Score, ScoreMap, ScoreSettings};

const NO_TIME: &str = "no time coded by both";
const NO_TRANSITION: &str = "no change of cell";

/// Adds every score of the group.
pub(crate) fn push_scores(out: &mut ScoreMap, grid: &StateSpaceGrid, dyad: &Dyad, settings: &ScoreSettings) {
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
    push_region(out, grid, dyad, settings);
}

/// The scores of the region that the settings name.
fn push_region(out: &mut ScoreMap, grid: &StateSpaceGrid, dyad: &Dyad, settings: &ScoreSettings) {
    let named = &settings.grid_region;
    let is_in = |infant: usize, parent: usize| {
        named.iter().any(|(i, p)| i == dyad.infant.state_key(infant) && p == dyad.parent.state_key(parent))
    };
    let region = (!named.is_empty()).then(|| grid.region(is_in));
    let mut push = |id: &str, score: &dyn Fn(&super::Region) -> Score| {
        let score = region.as_ref().map_or_else(|| Score::absent("the setting grid.region names no cell"), score);
        out.push(GRID, id, score);
    };
    push("grid.region.share", &|region| Score::ratio(region.duration().as_secs(), grid.total().as_secs(), NO_TIME));
    push("grid.region.visits", &|region| Score::count(region.stays.len()));
    push("grid.region.visits.mean", &|region| {
        Score::ratio(region.duration().as_secs(), region.stays.len() as f64, "the region is never entered")
    });
    push("grid.region.return", &|region| {
        let score = Score::from_option(region.mean_return_secs(), "no return to it is seen");
        score.with_n_if_present(region.return_times.len())
    });
}

/// Adds the scores of every cell.
pub(crate) fn push_cells(out: &mut ScoreMap, grid: &StateSpaceGrid, dyad: &Dyad, rows: GridRows) {
    let (first, second) = match rows {
        GridRows::Infant => (&dyad.infant, &dyad.parent),
        GridRows::Parent => (&dyad.parent, &dyad.infant),
    };
    let (durations, counts) = (grid.durations(rows), grid.visit_counts(rows));
    let scores: [&dyn Fn(usize, usize) -> Score; 2] =
        [&|row, column| Score::plain(durations[row][column].as_secs()), &|row, column| {
            Score::count(counts[row][column] as usize)
        }];
    for (template, score) in CELLS.iter().zip(scores) {
        let prefix = template.id.trim_end_matches(".ROW.COLUMN");
        for (row, of_row) in first.states().iter().enumerate() {
            for (column, of_column) in second.states().iter().enumerate() {
                out.push_named(template, format!("{prefix}.{of_row}.{of_column}"), score(row, column));
            }
        }
    }
}
