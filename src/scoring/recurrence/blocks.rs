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
    Corners { x: &x, y: &y, lines: &mut lines }.join();
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

/// The places where a line goes from one rectangle into the next.
struct Corners<'a> {
    x: &'a [Run],
    y: &'a [Run],
    lines: &'a mut [i64],
}

/// Lines of one length so far that enter the rectangles of these runs at their near corners.
struct Entering {
    x: Vec<u32>, // indices of runs; all have one code, as have those of y
    y: Vec<u32>,
    length: usize,
}

impl Corners<'_> {
    fn join(&mut self) {
        let sorted = |runs: &[Run]| {
            let mut indices: Vec<u32> = (0..).take(runs.len()).collect();
            indices.sort_by_key(|idx| runs[*idx as usize].length);
            indices
        };
        let (x, y) = (sorted(self.x), sorted(self.y));
        let (mut x, mut y) = (&x[..], &y[..]); // the runs that are not shorter than `length`
        let mut entering = Vec::new();
        loop {
            let shortest = |runs: &[Run], left: &[u32]| left.first().map(|idx| runs[*idx as usize].length);
            let (Some(x_shortest), Some(y_shortest)) = (shortest(self.x, x), shortest(self.y, y)) else { break };
            let length = x_shortest.min(y_shortest);
            let split = |runs: &[Run], left: &[u32]| left.partition_point(|idx| runs[*idx as usize].length == length);
            let (x_same, x_longer) = x.split_at(split(self.x, x));
            let (y_same, y_longer) = y.split_at(split(self.y, y));
            self.start((x_same, x_longer), (y_same, y_longer), length, &mut entering);
            while let Some(lines) = entering.pop() {
                self.follow(&lines, &mut entering);
            }
            (x, y) = (x_longer, y_longer);
        }
    }

    /// Lines that begin inside a rectangle whose shorter side has this length, and reach its far corner: all but those that came in
    /// through the near corner of a square.
    fn start(
        &mut self,
        (x_same, x_longer): (&[u32], &[u32]),
        (y_same, y_longer): (&[u32], &[u32]),
        length: usize,
        entering: &mut Vec<Entering>,
    ) {
        self.meet(x_same, y_longer, length, entering);
        self.meet(x_longer, y_same, length, entering);
        self.meet_squares(x_same, y_same, length, entering);
    }

    fn meet(&mut self, x: &[u32], y: &[u32], length: usize, entering: &mut Vec<Entering>) {
        if x.is_empty() || y.is_empty() {
            return;
        }
        let by_codes = |run: &Run| (run.code, run.after, None);
        let (x, y) = (grouped(self.x, x, by_codes), grouped(self.y, y, by_codes));
        for_equal_keys(&x, &y, |(_, after, _), x, y| {
            if after.is_some() {
                self.enter(x, y, length, length, entering);
            }
        });
    }

    /// Two squares whose runs before have the same code touch there: that line began earlier.
    fn meet_squares(&mut self, x: &[u32], y: &[u32], length: usize, entering: &mut Vec<Entering>) {
        let by_before = |run: &Run| (run.code, run.after, run.before);
        let (x, y) = (grouped(self.x, x, by_before), grouped(self.y, y, by_before));
        for ((code, after, x_before), x_runs) in &x {
            for ((_, _, y_before), y_runs) in y.iter().filter(|((c, a, _), _)| (c, a) == (code, after)) {
                if after.is_some() && (x_before.is_none() || x_before != y_before) {
                    self.enter(x_runs, y_runs, length, length, entering);
                }
            }
        }
    }

    /// Each pair of these runs ends a line of `last` units at its far corner; the runs after them go on with it.
    fn enter(&mut self, x: &[u32], y: &[u32], last: usize, length: usize, entering: &mut Vec<Entering>) {
        self.lines[last] -= n_pairs(x, y);
        let next = |runs: &[u32]| runs.iter().map(|run| run + 1).collect();
        entering.push(Entering { x: next(x), y: next(y), length });
    }

    /// Lines that enter rectangles: in one that is no square they end; in a square they reach the far corner, and end there or go on.
    fn follow(&mut self, lines: &Entering, entering: &mut Vec<Entering>) {
        let by_length = |run: &Run| (run.length, None, None);
        let (x, y) = (grouped(self.x, &lines.x, by_length), grouped(self.y, &lines.y, by_length));
        let (mut x_left, mut y_left) = (lines.x.len() as i64, lines.y.len() as i64);
        let (mut x_next, mut y_next) = (x.iter().peekable(), y.iter().peekable());
        // lengths in ascending order: a run meets all of the other side that are longer
        while let Some(side) = [x_next.peek(), y_next.peek()].into_iter().flatten().map(|((side, _, _), _)| *side).min()
        {
            let same = |runs: &mut std::iter::Peekable<std::slice::Iter<'_, Group>>| {
                runs.next_if(|((length, _, _), _)| *length == side).map(|(_, runs)| runs.clone()).unwrap_or_default()
            };
            let (x_same, y_same) = (same(&mut x_next), same(&mut y_next));
            x_left -= x_same.len() as i64;
            y_left -= y_same.len() as i64;
            let n_rectangles = x_same.len() as i64 * y_left + y_same.len() as i64 * x_left;
            if n_rectangles > 0 {
                self.lines[side] -= n_rectangles;
                self.lines[lines.length + side] += n_rectangles;
            }
            if !x_same.is_empty() && !y_same.is_empty() {
                self.follow_squares(&x_same, &y_same, side, lines.length + side, entering);
            }
        }
    }

    fn follow_squares(&mut self, x: &[u32], y: &[u32], side: usize, length: usize, entering: &mut Vec<Entering>) {
        let by_after = |run: &Run| (0, run.after, None);
        let (x_groups, y_groups) = (grouped(self.x, x, by_after), grouped(self.y, y, by_after));
        let mut n_ending = n_pairs(x, y);
        for_equal_keys(&x_groups, &y_groups, |(_, after, _), x, y| {
            if after.is_some() {
                n_ending -= n_pairs(x, y);
                self.enter(x, y, side, length, entering);
            }
        });
        if n_ending > 0 {
            self.lines[side] -= n_ending;
            self.lines[length] += n_ending;
        }
    }
}

type Key = (usize, Option<usize>, Option<usize>);
type Group = (Key, Vec<u32>);

/// The runs of each key, keys ascending.
fn grouped(runs: &[Run], indices: &[u32], key: impl Fn(&Run) -> Key) -> Vec<Group> {
    let mut keyed: Vec<(Key, u32)> = indices.iter().map(|idx| (key(&runs[*idx as usize]), *idx)).collect();
    if !keyed.is_sorted_by_key(|(key, _)| *key) {
        keyed.sort_unstable();
    }
    let group = |same: &[(Key, u32)]| (same[0].0, same.iter().map(|(_, idx)| *idx).collect());
    keyed.chunk_by(|a, b| a.0 == b.0).map(group).collect()
}

/// Calls `visit` with the runs of both for every key that both have.
fn for_equal_keys(x: &[Group], y: &[Group], mut visit: impl FnMut(Key, &[u32], &[u32])) {
    let mut y = y.iter().peekable();
    for (key, x_runs) in x {
        while y.next_if(|(other, _)| other < key).is_some() {}
        if let Some((_, y_runs)) = y.next_if(|(other, _)| other == key) {
            visit(*key, x_runs, y_runs);
        }
    }
}

fn n_pairs(x: &[u32], y: &[u32]) -> i64 {
    x.len() as i64 * y.len() as i64
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
