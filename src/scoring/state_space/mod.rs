//! The state space grid: where the two are together, cell by cell, and how they move.
//!
//! ```text
//!          parent  MON   POS
//! infant MON       ●─────┐
//!        POS             ●──●   one visit in each of two cells, one transition; then another visit after missing time
//! ```

mod region;
mod scores;

use serde::{Deserialize, Serialize};
use span::{Length, Span};

use crate::StateSeries;

pub use region::Region;
pub(crate) use scores::{push_cells, push_scores};

/// An uninterrupted stay of both partners in one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// When.
    pub span: Span,
    /// The infant's state.
    pub infant: usize,
    /// The parent's state.
    pub parent: usize,
}

/// Whose states are the rows of a matrix. No number depends on it, only where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridRows {
    /// The infant's.
    Infant,
    /// The parent's.
    Parent,
}

/// The joint trajectory of two partners over the cells of all pairs of their states.
///
/// *Definition*: a visit is a maximal stay of both in one cell. Time missing for either ends the visit, and no transition is counted
/// across it. There are as many cells as pairs of declared states, whether they are visited or not; *unscorable* is no state and no
/// cell.
///
/// *Reference*: Hollenstein, T. (2013). State space grids: depicting dynamics across development. Springer,
/// <https://doi.org/10.1007/978-1-4614-5007-8>. As `GridWare` counts, save that missing time breaks the trajectory.
///
/// # Example
///
/// ```
/// use scoring::StateSeries;
/// use scoring::state_space::StateSpaceGrid;
/// use span::Length;
///
/// let coded = |text| StateSeries::from_text(["N", "O", "M", "P"], text, Length::SECOND);
/// let grid = StateSpaceGrid::new(
///     &coded("MMPPOOOMPPNNNMMP.POOMMPPPNNOOO"),
///     &coded("MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM"),
/// );
/// assert_eq!((grid.n_cells(), grid.range(), grid.visits().len(), grid.n_transitions()), (16, 8, 22, 20));
/// assert!((grid.dispersion().unwrap() - 0.8954419342).abs() < 1e-10);
/// assert!((grid.visit_entropy_nats().unwrap() - 1.9845459).abs() < 1e-7);
/// ```
///
/// Six seconds to count: the infant is in A, A, B, B, B, B, the parent in A, B, B, B, A, A.
///
/// ```
/// use scoring::StateSeries;
/// use scoring::state_space::{GridRows, StateSpaceGrid};
/// use span::Length;
///
/// let coded = |text| StateSeries::from_text(["A", "B"], text, Length::SECOND);
/// let grid = StateSpaceGrid::new(&coded("AABBBB"), &coded("ABBBAA"));
/// assert_eq!(grid.total().as_secs(), 6.0);
/// assert_eq!(grid.durations(GridRows::Infant), [[1, 1], [2, 2]].map(|row| row.map(|secs| Length::SECOND.times(secs))));
/// assert_eq!(grid.visit_counts(GridRows::Parent), [[1, 1], [1, 1]]);
/// assert_eq!((grid.transitions_per_min(), grid.mean_visit_secs()), (Some(30.0), Some(1.5)));
/// assert_eq!(grid.mean_visit_of_cells_secs(), Some(1.5)); // 1, 1, 2, 2
/// // two cells hold 2 of 6 seconds; the other of the two is entered first
/// assert_eq!(grid.attractor(), Some((1, 0)));
/// assert_eq!(grid.region(|infant, parent| infant == parent).duration().as_secs(), 3.0);
///
/// let nats = |entropy: Option<f64>, by_hand: f64| assert!((entropy.expect("some time") - by_hand).abs() < 1e-12);
/// nats(grid.duration_entropy_nats(), (6.0_f64.ln() + 2.0 * 3.0_f64.ln()) / 3.0);
/// nats(grid.transition_entropy_nats(), 3.0_f64.ln()); // three changes, each once
/// nats(grid.conditional_entropy_nats(), 0.0); // from no cell do they go to two
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateSpaceGrid {
    n_infant: usize,
    n_parent: usize,
    visits: Vec<Visit>, // sorted, disjoint; two that touch are in different cells
    cells: Vec<Cell>,   // the infant's states being the rows
    transitions: Vec<((usize, usize), usize)>, // the pairs of cells that occur, and how often; sorted
}

/// What happens in one cell in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cell {
    duration: Length,
    n_visits: usize,
}

impl StateSpaceGrid {
    /// The trajectory of two series.
    #[must_use]
    pub fn new(infant: &StateSeries, parent: &StateSeries) -> Self {
        let (mut i, mut p) = (0, 0);
        let mut visits = Vec::with_capacity(infant.pieces().len() + parent.pieces().len());
        while let (Some(first), Some(second)) = (infant.pieces().get(i), parent.pieces().get(p)) {
            if let Some(span) = first.span.intersection(second.span) {
                visits.push(Visit { span, infant: first.state, parent: second.state });
            }
            if first.span.end() <= second.span.end() {
                i += 1;
            } else {
                p += 1;
            }
        }
        let (n_infant, n_parent) = (infant.states().len(), parent.states().len());
        let cell = |visit: &Visit| visit.infant * n_parent + visit.parent;
        let mut cells = vec![Cell::default(); n_infant * n_parent];
        for visit in &visits {
            let cell = &mut cells[cell(visit)];
            *cell = Cell { duration: cell.duration + visit.span.length(), n_visits: cell.n_visits + 1 };
        }
        let touching = visits.windows(2).filter(|pair| pair[0].span.end() == pair[1].span.start());
        let mut changes: Vec<(usize, usize)> = touching.map(|pair| (cell(&pair[0]), cell(&pair[1]))).collect();
        changes.sort_unstable();
        let transitions = changes.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect();
        Self { n_infant, n_parent, visits, cells, transitions }
    }

    /// All visits, in order.
    #[must_use]
    pub fn visits(&self) -> &[Visit] {
        &self.visits
    }

    /// How many cells there are, visited or not.
    #[must_use]
    pub const fn n_cells(&self) -> usize {
        self.n_infant * self.n_parent
    }

    /// How long both are known.
    #[must_use]
    pub fn total(&self) -> Length {
        self.cells.iter().map(|cell| cell.duration).sum()
    }

    /// How long they are in each cell.
    ///
    /// *Shape*: one list per state of the partner whose states are the rows.
    #[must_use]
    pub fn durations(&self, rows: GridRows) -> Vec<Vec<Length>> {
        self.matrix(rows, Length::ZERO, |sum, visit| *sum += visit.span.length())
    }

    /// How often they enter each cell. *Shape*: as [`durations`](Self::durations).
    #[must_use]
    pub fn visit_counts(&self, rows: GridRows) -> Vec<Vec<u64>> {
        self.matrix(rows, 0, |count, _| *count += 1)
    }

    /// How many cells are visited.
    #[must_use]
    pub fn range(&self) -> usize {
        self.cells.iter().filter(|cell| cell.n_visits > 0).count()
    }

    /// How often they change cells; across missing time they do not.
    #[must_use]
    pub fn n_transitions(&self) -> usize {
        self.transitions.iter().map(|(_, count)| count).sum()
    }

    /// Changes of cell per minute; `None` of no time.
    #[must_use]
    pub fn transitions_per_min(&self) -> Option<f64> {
        ratio(self.n_transitions() as f64, self.total().as_secs() / 60.0)
    }

    /// How evenly the time is spread over the cells: 0 in one cell only, 1 evenly over all.
    ///
    /// *Definition*: `1 − (n Σ (d/D)² − 1) / (n − 1)` with n cells, d the time in each and D the time in all.
    ///
    /// *Undefined cases*: `None` of no time or with a single cell.
    #[must_use]
    pub fn dispersion(&self) -> Option<f64> {
        let durations: Vec<f64> = self.cells.iter().map(|cell| cell.duration.as_secs()).collect();
        dispersion(&durations)
    }

    /// The mean length of a visit in seconds; `None` of none.
    #[must_use]
    pub fn mean_visit_secs(&self) -> Option<f64> {
        ratio(self.total().as_secs(), self.visits.len() as f64)
    }

    /// The mean over the visited cells of the mean length of their visits, in seconds; `None` of none.
    #[must_use]
    pub fn mean_visit_of_cells_secs(&self) -> Option<f64> {
        let means = self.cells.iter().filter_map(|cell| ratio(cell.duration.as_secs(), cell.n_visits as f64));
        ratio(means.sum(), self.range() as f64)
    }

    /// The entropy of the time in the cells, in nats; `None` of no time.
    #[must_use]
    pub fn duration_entropy_nats(&self) -> Option<f64> {
        entropy_nats(self.cells.iter().map(|cell| cell.duration.as_secs()))
    }

    /// The entropy of the visits to the cells, in nats; `None` of none.
    #[must_use]
    pub fn visit_entropy_nats(&self) -> Option<f64> {
        entropy_nats(self.cells.iter().map(|cell| cell.n_visits as f64))
    }

    /// The entropy of the ordered pairs of cells over the transitions, in nats; `None` of none.
    #[must_use]
    pub fn transition_entropy_nats(&self) -> Option<f64> {
        entropy_nats(self.transitions.iter().map(|(_, count)| *count as f64))
    }

    /// How open it is where they go from a cell, in nats; `None` of no transition.
    ///
    /// *Definition*: `−Σ p(c, d) ln p(d | c)` over the transitions from cell c to cell d.
    #[must_use]
    pub fn conditional_entropy_nats(&self) -> Option<f64> {
        let mut from = vec![0_usize; self.n_cells()];
        for ((cell, _), count) in &self.transitions {
            from[*cell] += count;
        }
        // H(c, d) − H(c)
        let sources = entropy_nats(from.iter().map(|count| *count as f64))?;
        Some((self.transition_entropy_nats()? - sources).max(0.0))
    }

    /// The cell in which they are longest; of equals the one that they return to soonest, then the first. `None` of none.
    #[must_use]
    pub fn attractor(&self) -> Option<(usize, usize)> {
        let longest = self.cells.iter().map(|cell| cell.duration).max().filter(|longest| !longest.is_zero())?;
        let tied = self.cells.iter().enumerate().filter(|(_, cell)| cell.duration == longest);
        let tied: Vec<(usize, usize)> = tied.map(|(cell, _)| (cell / self.n_parent, cell % self.n_parent)).collect();
        if let [only] = tied[..] {
            return Some(only);
        }
        let return_secs = |pair: &(usize, usize)| {
            self.region(|infant, parent| (infant, parent) == *pair).mean_return_secs().unwrap_or(f64::INFINITY)
        };
        tied.into_iter().min_by(|a, b| return_secs(a).total_cmp(&return_secs(b)))
    }

    /// What happens in some of the cells.
    #[must_use]
    pub fn region(&self, is_in: impl Fn(usize, usize) -> bool) -> Region {
        Region::new(&self.visits, is_in)
    }

    fn matrix<T: Copy>(&self, rows: GridRows, zero: T, add: impl Fn(&mut T, &Visit)) -> Vec<Vec<T>> {
        let (n_rows, n_columns) = match rows {
            GridRows::Infant => (self.n_infant, self.n_parent),
            GridRows::Parent => (self.n_parent, self.n_infant),
        };
        let mut matrix = vec![vec![zero; n_columns]; n_rows];
        for visit in &self.visits {
            let (row, column) = match rows {
                GridRows::Infant => (visit.infant, visit.parent),
                GridRows::Parent => (visit.parent, visit.infant),
            };
            add(&mut matrix[row][column], visit);
        }
        matrix
    }
}

/// `−Σ q ln q` with q the share of each weight; `None` where they sum to 0.
fn entropy_nats(weights: impl Iterator<Item = f64>) -> Option<f64> {
    let weights: Vec<f64> = weights.filter(|weight| *weight > 0.0).collect();
    let total: f64 = weights.iter().sum();
    let surprise = |weight: &f64| {
        let share = weight / total;
        share * libm::log(share)
    };
    (total > 0.0).then(|| weights.iter().map(surprise).fold(0.0, |sum, term| sum - term))
}

fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    (denominator != 0.0).then(|| numerator / denominator)
}

/// As [`StateSpaceGrid::dispersion`], from the time in each cell in any unit.
pub(crate) fn dispersion(durations: &[f64]) -> Option<f64> {
    let (n, total) = (durations.len() as f64, durations.iter().sum::<f64>());
    if n < 2.0 || total == 0.0 {
        return None;
    }
    let squares: f64 = durations.iter().map(|duration| (duration / total) * (duration / total)).sum();
    Some((1.0 - (n * squares - 1.0) / (n - 1.0)).clamp(0.0, 1.0))
}

/// The share of the cell in which most time lies; `None` of no time.
pub(crate) fn largest_share(durations: &[f64]) -> Option<f64> {
    let total: f64 = durations.iter().sum();
    (total > 0.0).then(|| durations.iter().copied().fold(0.0, f64::max) / total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coded(text: &str) -> StateSeries {
        StateSeries::from_text(["A", "B"], text, Length::SECOND)
    }

    #[test]
    fn one_cell_has_no_dispersion_and_no_time_has_nothing() {
        let one = StateSeries::from_text(["A"], "AAA", Length::SECOND);
        assert_eq!(StateSpaceGrid::new(&one, &one).dispersion(), None);
        let nothing = StateSpaceGrid::new(&coded("AB"), &coded(".."));
        assert_eq!((nothing.dispersion(), nothing.mean_visit_secs(), nothing.attractor()), (None, None, None));
        assert_eq!((nothing.duration_entropy_nats(), nothing.transition_entropy_nats()), (None, None));
    }

    #[test]
    fn missing_time_ends_a_visit_and_is_no_transition() {
        let grid = StateSpaceGrid::new(&coded("AA.AB"), &coded("AAAAA"));
        assert_eq!((grid.visits().len(), grid.n_transitions(), grid.range()), (3, 1, 2));
        assert_eq!(grid.visit_counts(GridRows::Parent), [[2, 1], [0, 0]]);
        assert_eq!(grid.visit_counts(GridRows::Infant), [[2, 0], [1, 0]]);
    }

    #[test]
    fn of_equally_long_cells_the_one_returned_to_attracts() {
        // A-A 0-2 and 4-6, B-A 2-4: 4 s and 2 s; with 2 more of B-A at the end both have 4 s, and B-A is returned to after 2 s as well
        let grid = StateSpaceGrid::new(&coded("AABBAA"), &coded("AAAAAA"));
        assert_eq!(grid.attractor(), Some((0, 0)));
        let grid = StateSpaceGrid::new(&coded("BAAAABBB"), &coded("AAAAAAAA"));
        assert_eq!(grid.attractor(), Some((1, 0)), "the other is left for good");
    }
}
