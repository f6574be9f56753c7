//! Recurrence of equal codes, counted from runs of equal codes instead of units.
//!
//! A run of the one and a run of the other with the same code are a rectangle of points. Since the runs next to them have other codes,
//! a diagonal line can leave a rectangle only through its far corner, exactly into the next rectangle's near corner, if there is one.
//! So lines are counted in two steps: those of all rectangles alone, of which only the lengths of the runs matter; then, for every
//! corner at which two rectangles touch, the two lines that are one are replaced by it.

use crate::recurrence::LineLengths;

/// A maximal stretch of units of one code, not missing.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Run {
    code: usize,
    length: usize,
    /// The code of the run that it touches, if it touches one.
    before: Option<usize>,
    after: Option<usize>,
}

/// How many pairs of units have the same code.
pub(super) fn points(first: &[Option<usize>], second: &[Option<usize>]) -> u64 {
    let (x, y) = (units_by_code(first), units_by_code(second));
    x.iter().zip(&y).map(|(x, y)| x * y).sum()
}

/// Lines along `second` with a unit of `first` fixed: every unit of a code meets every run of that code.
pub(super) fn verticals(first: &[Option<usize>], second: &[Option<usize>]) -> LineLengths {
    let units = units_by_code(first);
    let mut counts = vec![0; second.len() + 1];
    for run in runs(second) {
        counts[run.length] += units.get(run.code).copied().unwrap_or(0);
    }
    LineLengths::from_counts(counts)
}

/// Lines along both.
pub(super) fn diagonals(first: &[Option<usize>], second: &[Option<usize>]) -> LineLengths {
    let (x, y) = (runs(first), runs(second));
    let mut lines = vec![0_i64; first.len().min(second.len()) + 1];
    let n_codes = x.iter().chain(&y).map(|run| run.code + 1).max().unwrap_or(0);
    for code in 0..n_codes {
        add_rectangles(&mut lines, &lengths(&x, code), &lengths(&y, code));
    }
    join_corners(&mut lines, &x, &y);
    LineLengths::from_counts(lines.into_iter().map(|count| u64::try_from(count).unwrap_or(0)).collect())
}

/// A rectangle of a by b has two diagonal lines of each length below min(a, b), and |a − b| + 1 of that length.
fn add_rectangles(lines: &mut [i64], x: &[i64], y: &[i64]) {
    let n = x.len().max(y.len());
    let at = |counts: &[i64], length: usize| counts.get(length).copied().unwrap_or(0);
    // of the runs longer than the present length: how many, and how much longer in all
    let (mut x_longer, mut y_longer, mut x_excess, mut y_excess) = (0, 0, 0, 0);
    for length in (1..n).rev() {
        let (x_here, y_here) = (at(x, length), at(y, length));
        let equal_or_longer = x_here * (y_here + y_excess + y_longer) + y_here * (x_excess + x_longer);
        let found = 2 * x_longer * y_longer + equal_or_longer;
        if found != 0 {
            lines[length] += found;
        }
        (x_longer, y_longer) = (x_longer + x_here, y_longer + y_here);
        (x_excess, y_excess) = (x_excess + x_longer, y_excess + y_longer);
    }
}

/// Runs that are followed by a run at once, alike in all that decides what happens at their far corner.
struct Turn<'a> {
    key: TurnKey,
    runs: &'a [(TurnKey, usize)], // with the index of each
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct TurnKey {
    /// The codes of the run and of the one that follows.
    codes: (usize, usize),
    /// Their lengths.
    lengths: (usize, usize),
    /// The codes before and after them, where nothing is missing.
    around: (Option<usize>, Option<usize>),
}

/// Replaces the lines that meet at corners by those that they make together.
fn join_corners(lines: &mut [i64], x: &[Run], y: &[Run]) {
    let (x_sorted, y_sorted) = (sorted_turns(x), sorted_turns(y));
    let (x_turns, y_turns) = (turns(&x_sorted), turns(&y_sorted));
    let mut y_left = &y_turns[..];
    for x_alike in x_turns.chunk_by(|a, b| a.key.codes == b.key.codes) {
        let codes = x_alike[0].key.codes;
        y_left = &y_left[y_left.partition_point(|turn| turn.key.codes < codes)..];
        let y_alike = &y_left[..y_left.partition_point(|turn| turn.key.codes == codes)];
        for x_turn in x_alike {
            for y_turn in y_alike {
                join(lines, (x, x_turn), (y, y_turn));
            }
        }
    }
}

/// The lines that begin before the corners of these runs and go through them. A square whose runs before have one code was entered at
/// its near corner: that line began earlier. A square whose runs after have one code is left at its far corner.
fn join(lines: &mut [i64], (x, x_turn): (&[Run], &Turn), (y, y_turn): (&[Run], &Turn)) {
    let (x_key, y_key) = (&x_turn.key, &y_turn.key);
    let is_entered = x_key.lengths.0 == y_key.lengths.0 && are_equal(x_key.around.0, y_key.around.0);
    if is_entered {
        return;
    }
    let n_pairs = x_turn.runs.len() as i64 * y_turn.runs.len() as i64;
    let first = x_key.lengths.0.min(y_key.lengths.0);
    let second = x_key.lengths.1.min(y_key.lengths.1);
    lines[first] -= n_pairs;
    lines[second] -= n_pairs;
    if x_key.lengths.1 != y_key.lengths.1 || !are_equal(x_key.around.1, y_key.around.1) {
        lines[first + second] += n_pairs;
        return;
    }
    for (_, x_run) in x_turn.runs {
        for (_, y_run) in y_turn.runs {
            follow(lines, &x[x_run + 2..], &y[y_run + 2..], first + second);
        }
    }
}

/// A line of this length enters the rectangle of the first two runs at its near corner.
fn follow(lines: &mut [i64], x: &[Run], y: &[Run], mut length: usize) {
    for (x_run, y_run) in x.iter().zip(y) {
        let shorter = x_run.length.min(y_run.length);
        lines[shorter] -= 1;
        length += shorter;
        if x_run.length != y_run.length || !are_equal(x_run.after, y_run.after) {
            break;
        }
    }
    lines[length] += 1;
}

fn are_equal(x: Option<usize>, y: Option<usize>) -> bool {
    x.is_some() && x == y
}

fn sorted_turns(runs: &[Run]) -> Vec<(TurnKey, usize)> {
    let turn = |(idx, pair): (usize, &[Run])| {
        let key = TurnKey {
            codes: (pair[0].code, pair[0].after?),
            lengths: (pair[0].length, pair[1].length),
            around: (pair[0].before, pair[1].after),
        };
        Some((key, idx))
    };
    let mut turns: Vec<(TurnKey, usize)> = runs.windows(2).enumerate().filter_map(turn).collect();
    turns.sort_unstable();
    turns
}

fn turns(sorted: &[(TurnKey, usize)]) -> Vec<Turn<'_>> {
    sorted.chunk_by(|a, b| a.0 == b.0).map(|runs| Turn { key: runs[0].0, runs }).collect()
}

fn runs(codes: &[Option<usize>]) -> Vec<Run> {
    let stretches: Vec<(Option<usize>, usize)> =
        codes.chunk_by(|a, b| a == b).map(|stretch| (stretch[0], stretch.len())).collect();
    let neighbour = |idx: Option<usize>| stretches.get(idx?).and_then(|(code, _)| *code);
    let run = |(idx, (code, length)): (usize, &(Option<usize>, usize))| {
        let (before, after) = (neighbour(idx.checked_sub(1)), neighbour(Some(idx + 1)));
        Some(Run { code: (*code)?, length: *length, before, after })
    };
    stretches.iter().enumerate().filter_map(run).collect()
}

/// How many runs of a code there are of each length.
fn lengths(runs: &[Run], code: usize) -> Vec<i64> {
    let mut lengths = Vec::new();
    for run in runs.iter().filter(|run| run.code == code) {
        if lengths.len() <= run.length {
            lengths.resize(run.length + 1, 0);
        }
        lengths[run.length] += 1;
    }
    lengths
}

fn units_by_code(codes: &[Option<usize>]) -> Vec<u64> {
    let mut units = Vec::new();
    for code in codes.iter().flatten() {
        if units.len() <= *code {
            units.resize(code + 1, 0);
        }
        units[*code] += 1;
    }
    units
}
