//! The state space grid.

use super::{FROM_ZERO, OWN, SHARE, ScoreInfo, score};

const HOLLENSTEIN: &str = "Hollenstein (2013), State Space Grids: Depicting Dynamics Across Development; Lunkenheimer et al. (2011), Development and Psychopathology, for range, dispersion and transitions as flexibility";

/// The state space grid.
pub(crate) const GRID: &[ScoreInfo] = &[
    score(
        "grid.range",
        "Cells visited",
        "1",
        FROM_ZERO,
        "Number of pairs of states, of all declared ones, that occur.",
        HOLLENSTEIN,
    ),
    score(
        "grid.dispersion",
        "Dispersion",
        "1",
        SHARE,
        "How evenly the time coded for both is spread over all declared pairs of states: 0 in one pair, 1 evenly; 1 − (n Σ share² − 1) / (n − 1).",
        HOLLENSTEIN,
    ),
    score(
        "grid.transitions.count",
        "Changes of cell",
        "1",
        FROM_ZERO,
        "Number of changes from one pair of states to another, none across missing time.",
        HOLLENSTEIN,
    ),
    score(
        "grid.transitions.rate",
        "Changes of cell per minute",
        "/min",
        FROM_ZERO,
        "Changes from one pair of states to another per minute coded for both.",
        HOLLENSTEIN,
    ),
    score(
        "grid.visits.count",
        "Visits",
        "1",
        FROM_ZERO,
        "Number of uninterrupted stays in a pair of states.",
        HOLLENSTEIN,
    ),
    score("grid.visits.mean", "Mean visit", "s", FROM_ZERO, "Mean duration of these stays.", HOLLENSTEIN),
    score(
        "grid.visits.mean_of_cells",
        "Mean visit, averaged over cells",
        "s",
        FROM_ZERO,
        "Mean over the visited pairs of states of the mean duration of their stays.",
        HOLLENSTEIN,
    ),
    score(
        "grid.entropy.duration",
        "Entropy of time",
        "nat",
        FROM_ZERO,
        "−Σ q ln q with q the share of the time in each pair of states.",
        HOLLENSTEIN,
    ),
    score(
        "grid.entropy.visits",
        "Entropy of visits",
        "nat",
        FROM_ZERO,
        "−Σ q ln q with q the share of the visits to each pair of states.",
        HOLLENSTEIN,
    ),
    score(
        "grid.entropy.transitions",
        "Entropy of changes",
        "nat",
        FROM_ZERO,
        "−Σ q ln q with q the share of each ordered change between pairs of states.",
        HOLLENSTEIN,
    ),
    score(
        "grid.entropy.conditional",
        "Conditional entropy of changes",
        "nat",
        FROM_ZERO,
        "−Σ p(c, d) ln p(d given c) over the changes from the pair c to the pair d.",
        HOLLENSTEIN,
    ),
    score(
        "grid.attractor.share",
        "Time in the attractor",
        "1",
        SHARE,
        "Share of the time coded for both in the pair of states that holds longest.",
        OWN,
    ),
    score(
        "grid.attractor.return",
        "Return to the attractor",
        "s",
        FROM_ZERO,
        "Mean time from leaving that pair of states to coming back, where nothing is missing between.",
        OWN,
    ),
    score(
        "grid.region.share",
        "Time in the region",
        "1",
        SHARE,
        "Share of the time coded for both in the pairs of states that the setting grid.region names.",
        HOLLENSTEIN,
    ),
    score(
        "grid.region.visits",
        "Visits to the region",
        "1",
        FROM_ZERO,
        "Number of uninterrupted stays in that region.",
        HOLLENSTEIN,
    ),
    score(
        "grid.region.visits.mean",
        "Mean visit to the region",
        "s",
        FROM_ZERO,
        "Mean duration of these stays.",
        HOLLENSTEIN,
    ),
    score(
        "grid.region.return",
        "Return to the region",
        "s",
        FROM_ZERO,
        "Mean time from leaving that region to coming back, where nothing is missing between.",
        HOLLENSTEIN,
    ),
];

/// The state space grid, cell by cell.
pub(crate) const CELLS: &[ScoreInfo] = &[
    score(
        "grid.cell.duration.ROW.COLUMN",
        "Time in a cell",
        "s",
        FROM_ZERO,
        "How long both are in this pair of states; the infant's state comes first unless the setting grid.rows says otherwise.",
        HOLLENSTEIN,
    ),
    score(
        "grid.cell.visits.ROW.COLUMN",
        "Visits to a cell",
        "1",
        FROM_ZERO,
        "Number of uninterrupted stays in this pair of states.",
        HOLLENSTEIN,
    ),
];
