//! Limits for statistics of time, from blocks of it: neighbouring moments are not independent.

use serde::{Deserialize, Serialize};
use span::{Length, Span};

use super::quantile::quantile;
use super::time_unit::{Categories, both};
use crate::random::Random;
use crate::{StateSeries, parallel};

/// How time is drawn anew.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BootRules {
    /// `boot.block_s`: how long a block is, in the unit of the timelines (microseconds, or units of a grid).
    pub block: i64,
    /// `boot.replicates`: how many times.
    pub replicates: u32,
    /// `boot.starts`: which starts of blocks; all of them cannot be tried where whole sessions are drawn.
    pub starts: BootStarts,
    /// `boot.unit`: what is drawn; `None` draws whole sessions where there are at least ten, else blocks in each.
    pub unit: Option<BootUnit>,
    /// `boot.floor`: no limits where there is less time than so many blocks.
    pub floor_blocks: u32,
    /// `seed`: where the random numbers begin.
    pub seed: u64,
}

/// Which starts of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BootStarts {
    /// Random ones, all equally likely.
    Random,
    /// Every choice once, up to 100,000; for checking.
    All,
}

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BootUnit {
    /// Blocks within each episode of each session.
    Block,
    /// Whole sessions.
    Session,
}

impl Default for BootRules {
    fn default() -> Self {
        Self {
            block: 10 * Length::SECOND.micros(),
            replicates: 999,
            starts: BootStarts::Random,
            unit: None,
            floor_blocks: 5,
            seed: 1,
        }
    }
}

/// How a statistic varies over replicates of this recording's time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Limits {
    /// The 2.5 % quantile.
    pub low: f64,
    /// The 97.5 % quantile.
    pub high: f64,
    /// The mean.
    pub mean: f64,
    /// The standard deviation, divisor n − 1.
    pub sd: f64,
    /// How many replicates had a value.
    pub n: usize,
}

/// Why there are no limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoLimits {
    /// Too little to draw from.
    #[error("less time than {floor_blocks} blocks")]
    TooShort {
        /// The floor.
        floor_blocks: u32,
    },
    /// No time can be drawn.
    #[error("a block needs a length")]
    NoBlock,
    /// The statistic does not exist often enough.
    #[error("more than a tenth of the replicates are undefined")]
    Undefined,
    /// Whole sessions were asked for.
    #[error("whole sessions cannot be drawn from one (setting boot.unit)")]
    OneSession,
    /// Every choice of starts was asked for, and whole sessions have none.
    #[error("whole sessions have no starts of blocks to try all of (settings boot.starts, boot.unit)")]
    NoStarts,
    /// More choices than can be tried.
    #[error("there are more than 100,000 choices of starts")]
    TooMany,
}

/// Which cell of a table each moment of an episode falls into.
///
/// *Units*: whole ticks from the start of the episode: microseconds, or units of a grid. Ticks under no piece are missing: they keep their
/// place, and count for no cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    n_cells: usize,
    length: i64,
    pieces: Vec<TimelinePiece>,
    sums: Vec<i64>, // the cells' sums before each piece and after the last, one table after another
    marker: i64,    // ticks between two entries of `first_after`
    first_after: Vec<usize>, // the first piece that ends after every `marker`-th tick
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TimelinePiece {
    start: i64,
    end: i64,
    cell: usize,
}

impl Timeline {
    /// A timeline from stretches `(start, end, cell)` in order, which do not overlap; what lies outside `0..length` is ignored.
    ///
    /// # Panics
    /// If a cell is no index below `n_cells`.
    ///
    /// ```
    /// use scoring::agreement::bootstrap::Timeline;
    ///
    /// // three ticks in the first cell, then one missing, then two in the last of four
    /// let timeline = Timeline::new(4, 6, [(0, 3, 0), (4, 6, 3)]);
    /// assert_eq!(timeline.length(), 6);
    /// ```
    #[must_use]
    pub fn new(n_cells: usize, length: i64, stretches: impl IntoIterator<Item = (i64, i64, usize)>) -> Self {
        let mut pieces: Vec<TimelinePiece> = Vec::new();
        for (start, end, cell) in stretches {
            let (start, end) = (start.max(0), end.min(length));
            match pieces.last_mut() {
                _ if start >= end => {}
                Some(last) if last.end == start && last.cell == cell => last.end = end,
                _ => pieces.push(TimelinePiece { start, end, cell }),
            }
        }
        let mut sums = vec![0; n_cells];
        for (idx, piece) in pieces.iter().enumerate() {
            sums.extend_from_within(idx * n_cells..);
            sums[(idx + 1) * n_cells + piece.cell] += piece.end - piece.start;
        }
        let length = length.max(0);
        let marker = (length / (pieces.len() as i64 + 1)).max(1);
        let after = |tick: i64| pieces.partition_point(|piece| piece.end <= tick);
        let first_after = (0..=length / marker).map(|number| after(number * marker)).collect();
        Self { n_cells, length, pieces, sums, marker, first_after }
    }

    /// Two coders' time in microseconds; cells row by row as in [`exact_table`](super::time_unit::exact_table).
    ///
    /// ```
    /// use scoring::StateSeries;
    /// use scoring::agreement::bootstrap::Timeline;
    /// use scoring::agreement::time_unit::{Categories, GapPolicy};
    /// use span::{Length, Span};
    ///
    /// let coded = |text| StateSeries::from_text(["p", "a"], text, Length::SECOND);
    /// let (first, second) = (coded("pp"), coded("pa"));
    /// let categories = Categories::new(&["p", "a"], &first, &second, GapPolicy::Exclude);
    /// let window = Span::from_micros(0, 2_000_000).expect("two seconds");
    /// let timeline = Timeline::exact(&first, &second, window, &categories);
    /// // p and p for a second, then p and a
    /// assert_eq!(timeline, Timeline::new(4, 2_000_000, [(0, 1_000_000, 0), (1_000_000, 2_000_000, 1)]));
    /// ```
    #[must_use]
    pub fn exact(first: &StateSeries, second: &StateSeries, window: Span, categories: &Categories) -> Self {
        let n = categories.len();
        let stretches = both(first, second, categories).map(|(span, a, b)| {
            let (start, end) = (span.start() - window.start(), span.end() - window.start());
            (start.micros(), end.micros(), a * n + b)
        });
        Self::new(n * n, window.length().micros(), stretches)
    }

    /// Two coders' units; cells row by row as in [`Confusion::from_labels`](super::table::Confusion::from_labels).
    ///
    /// # Panics
    /// If a label is no index below `n_codes`.
    ///
    /// ```
    /// use scoring::agreement::bootstrap::Timeline;
    ///
    /// let timeline = Timeline::units(2, &[Some(0), None, Some(1)], &[Some(0), Some(0), Some(0)]);
    /// assert_eq!(timeline, Timeline::new(4, 3, [(0, 1, 0), (2, 3, 2)])); // both the first; the second and the first
    /// ```
    #[must_use]
    pub fn units(n_codes: usize, first: &[Option<usize>], second: &[Option<usize>]) -> Self {
        let units = (0_i64..).zip(first.iter().zip(second));
        let stretches = units.filter_map(|(unit, (a, b))| {
            let (a, b) = ((*a)?, (*b)?);
            assert!(a < n_codes && b < n_codes, "a label is a code");
            Some((unit, unit + 1, a * n_codes + b))
        });
        Self::new(n_codes * n_codes, first.len().min(second.len()) as i64, stretches)
    }

    /// How many ticks, missing ones too.
    #[must_use]
    pub fn length(&self) -> i64 {
        self.length
    }

    /// Adds to `cells` what lies before `tick`, `sign` times.
    fn add_before(&self, tick: i64, sign: i64, cells: &mut [i64]) {
        let mut before = self.first_after[(tick / self.marker) as usize];
        while self.pieces.get(before).is_some_and(|piece| piece.end <= tick) {
            before += 1;
        }
        let sums = &self.sums[before * self.n_cells..(before + 1) * self.n_cells];
        cells.iter_mut().zip(sums).for_each(|(cell, sum)| *cell += sign * sum);
        if let Some(piece) = self.pieces.get(before).filter(|piece| piece.start < tick) {
            cells[piece.cell] += sign * (tick - piece.start);
        }
    }

    fn add_all(&self, cells: &mut [i64]) {
        self.add_before(self.length, 1, cells);
    }

    /// Adds a block that begins at `start` and goes on at 0 after the end.
    fn add_block(&self, start: i64, length: i64, cells: &mut [i64]) {
        let end = start + length; // at most twice round
        self.add_before(start, -1, cells);
        if end <= self.length {
            self.add_before(end, 1, cells);
        } else {
            self.add_all(cells);
            self.add_before(end - self.length, 1, cells);
        }
    }

    /// The lengths of the blocks that make up this timeline: the last one is cut.
    fn blocks(&self, block: i64) -> impl Iterator<Item = i64> {
        let length = self.length;
        (0..).map(move |idx| (length - idx * block).min(block)).take_while(|block| *block > 0)
    }
}

/// 95 % limits of statistics of a table of time, by a circular block bootstrap.
///
/// *Definition*: every episode's time is laid on a circle, missing time left in its place. A replicate is made of blocks with starts drawn
/// uniformly, as long together as the episode; the statistic is computed from the sum of the blocks' tables. Limits are the type-7 quantiles
/// .025 and .975 of the replicates that have a value. With ten sessions or more, whole sessions are drawn instead.
///
/// *Shape*: `sessions[s]` are the timelines of the episodes of session `s`, all with the same cells; `statistics` gets a table's cells, and may
/// compute several at once. One result per statistic.
///
/// *Errors*: [`NoLimits`].
///
/// *Reference*: Politis, D. N., & Romano, J. P. (1992). A circular block-resampling procedure for stationary data. In `LePage` & Billard
/// (Eds.), Exploring the limits of bootstrap, 263–270. That neighbouring units of time are not independent: Bakeman, Quera & Gnisci (2009),
/// Behavior Research Methods, 41, 137–147, doi 10.3758/BRM.41.1.137. The settings are Attune's.
///
/// *Limitations*: limits describe this recording's time, not a population of dyads. Nothing that counts runs or events can have such limits: a
/// seam between blocks would cut them.
///
/// # Example
/// Every choice of two blocks of 15 from 30 seconds.
/// ```
/// use scoring::agreement::bootstrap::{BootRules, BootStarts, Timeline, bootstrap};
/// use scoring::agreement::{kappa::kappa, table::Confusion};
///
/// let units = |text: &str| text.chars().map(|letter| "NOMP".find(letter)).collect::<Vec<_>>();
/// let a = units("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO");
/// let b = units("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO");
/// let rules = BootRules { block: 15, starts: BootStarts::All, floor_blocks: 0, ..BootRules::default() };
/// let [limits] = bootstrap(&[vec![Timeline::units(4, &a, &b)]], &rules, |cells| {
///     let rows = cells.chunks(4).map(<[f64]>::to_vec).collect();
///     [kappa(&Confusion::from_rows(rows).expect("counts")).value]
/// });
/// let limits = limits.expect("defined");
/// assert_eq!(limits.n, 900);
/// assert!((limits.low - 0.639_639_6).abs() < 1e-7 && (limits.high - 0.819_548_9).abs() < 1e-7);
/// assert!((limits.mean - 0.728_785_6).abs() < 1e-7 && (limits.sd - 0.043_466_4).abs() < 1e-7);
/// ```
pub fn bootstrap<const N: usize>(
    sessions: &[Vec<Timeline>],
    rules: &BootRules,
    statistics: impl Fn(&[f64]) -> [Option<f64>; N] + Sync,
) -> [Result<Limits, NoLimits>; N] {
    let timelines: Vec<&Timeline> = sessions.iter().flatten().collect();
    let total: i64 = timelines.iter().map(|timeline| timeline.length).sum();
    if rules.block <= 0 {
        return [Err(NoLimits::NoBlock); N];
    }
    let floor_blocks = rules.floor_blocks;
    if total < rules.block.saturating_mul(i64::from(floor_blocks)) || total == 0 {
        return [Err(NoLimits::TooShort { floor_blocks }); N];
    }
    let n_cells = timelines.first().map_or(0, |timeline| timeline.n_cells);
    let of_cells = |cells: &[i64]| {
        let cells: Vec<f64> = cells.iter().map(|cell| *cell as f64).collect();
        statistics(&cells)
    };
    let by_session =
        matches!(rules.unit, Some(BootUnit::Session)) || (rules.unit.is_none() && sessions.len() >= MANY_SESSIONS);
    let replicates: Vec<[Option<f64>; N]> = match rules.starts {
        _ if by_session && sessions.len() < 2 => return [Err(NoLimits::OneSession); N],
        BootStarts::All if by_session => return [Err(NoLimits::NoStarts); N],
        BootStarts::All => {
            let blocks = blocks_of(&timelines, rules.block);
            let Some(choices) = choices_of(&blocks) else { return [Err(NoLimits::TooMany); N] };
            let choices: Vec<i64> = (0..choices).collect();
            parallel::map_all(&choices, |choice| of_cells(&chosen(&blocks, *choice, n_cells)))
        }
        BootStarts::Random => {
            let replicates: Vec<u32> = (0..rules.replicates).collect();
            parallel::map_all(&replicates, |replicate| {
                let mut random = Random::new(rules.seed, u64::from(*replicate));
                if by_session {
                    of_cells(&drawn_sessions(sessions, n_cells, &mut random))
                } else {
                    of_cells(&drawn_blocks(&timelines, rules.block, n_cells, &mut random))
                }
            })
        }
    };
    std::array::from_fn(|statistic| {
        let values = replicates.iter().filter_map(|values| values[statistic]);
        limits(values.filter(|value| value.is_finite()).collect(), replicates.len())
    })
}

/// From so many sessions on, whole ones are drawn.
const MANY_SESSIONS: usize = 10;
/// No more choices of starts than this are tried.
const MOST_CHOICES: i64 = 100_000;

/// The table of as many sessions as there are, drawn whole.
fn drawn_sessions(sessions: &[Vec<Timeline>], n_cells: usize, random: &mut Random) -> Vec<i64> {
    let mut cells = vec![0; n_cells];
    for _ in sessions {
        let drawn = &sessions[random.below(sessions.len() as u64) as usize];
        for timeline in drawn {
            timeline.add_all(&mut cells);
        }
    }
    cells
}

/// The table of blocks with random starts, as long together as each timeline.
fn drawn_blocks(timelines: &[&Timeline], block: i64, n_cells: usize, random: &mut Random) -> Vec<i64> {
    let mut cells = vec![0; n_cells];
    for timeline in timelines {
        for length in timeline.blocks(block) {
            let start = random.below(timeline.length as u64) as i64;
            timeline.add_block(start, length, &mut cells);
        }
    }
    cells
}

/// Every block of every timeline, with its length.
fn blocks_of<'a>(timelines: &[&'a Timeline], block: i64) -> Vec<(&'a Timeline, i64)> {
    let of_timeline = |timeline: &&'a Timeline| {
        let timeline = *timeline;
        timeline.blocks(block).map(move |length| (timeline, length))
    };
    timelines.iter().flat_map(of_timeline).collect()
}

/// In how many ways all blocks can start; `None` where there are too many.
fn choices_of(blocks: &[(&Timeline, i64)]) -> Option<i64> {
    blocks.iter().try_fold(1_i64, |product, (timeline, _)| {
        product.checked_mul(timeline.length).filter(|product| *product <= MOST_CHOICES)
    })
}

/// The table of one of these ways.
fn chosen(blocks: &[(&Timeline, i64)], choice: i64, n_cells: usize) -> Vec<i64> {
    let (mut cells, mut rest) = (vec![0; n_cells], choice);
    for (timeline, length) in blocks {
        timeline.add_block(rest % timeline.length, *length, &mut cells);
        rest /= timeline.length;
    }
    cells
}

fn limits(mut values: Vec<f64>, n_drawn: usize) -> Result<Limits, NoLimits> {
    let n = values.len();
    let n_undefined = n_drawn - n;
    if n < 2 || n_undefined * 10 > n_drawn {
        return Err(NoLimits::Undefined);
    }
    values.sort_by(f64::total_cmp);
    let mean = values.iter().sum::<f64>() / n as f64;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1) as f64;
    let at = |q| quantile(&values, q).ok_or(NoLimits::Undefined);
    Ok(Limits { low: at(0.025)?, high: at(0.975)?, mean, sd: libm::sqrt(variance), n })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share_of_first(cells: &[f64]) -> [Option<f64>; 1] {
        let total: f64 = cells.iter().sum();
        [(total > 0.0).then(|| cells[0] / total)]
    }

    #[test]
    fn blocks_go_round_and_the_last_is_cut() {
        let timeline = Timeline::new(2, 10, [(0, 4, 0), (6, 10, 1)]);
        assert_eq!(timeline.blocks(4).collect::<Vec<_>>(), [4, 4, 2]);
        let block = |start, length| {
            let mut cells = [0, 0];
            timeline.add_block(start, length, &mut cells);
            cells
        };
        assert_eq!(block(2, 4), [2, 0]); // two missing
        assert_eq!(block(8, 4), [2, 2]);
        assert_eq!(block(9, 10), [4, 4]);
    }

    #[test]
    fn random_blocks_are_those_of_the_seed_and_begin_anywhere_on_the_circle() {
        // Python 3 with its own ChaCha8, and numpy 2.4.6's quantile; replicate b from stream b, five blocks of four from twenty ticks
        let timeline = Timeline::new(2, 20, [(0, 7, 0), (9, 20, 1)]);
        let rules = BootRules { block: 4, replicates: 20, ..BootRules::default() }; // just so long as the floor asks for
        let limits = bootstrap(&[vec![timeline]], &rules, share_of_first)[0].unwrap();
        let want = [0.026_388_888_888_889, 0.595_833_333_333_333, 0.335_715_084_279_326, 0.176_172_971_847_179];
        for (got, want) in [limits.low, limits.high, limits.mean, limits.sd].into_iter().zip(want) {
            assert!((got - want).abs() < 1e-14, "got {got}, expected {want}");
        }
    }

    #[test]
    fn what_has_no_limits_says_why() {
        let rules = BootRules { block: 3, ..BootRules::default() };
        let check = |length: i64, pieces: &[(i64, i64, usize)], rules: BootRules, why: NoLimits| {
            let timeline = Timeline::new(2, length, pieces.iter().copied());
            assert_eq!(bootstrap(&[vec![timeline]], &rules, share_of_first), [Err(why)]);
        };
        check(14, &[(0, 14, 0)], rules, NoLimits::TooShort { floor_blocks: 5 });
        check(1_000, &[(0, 1, 0)], rules, NoLimits::Undefined);
        check(1_000, &[(0, 1_000, 0)], BootRules { block: 0, ..rules }, NoLimits::NoBlock);
        check(1_000, &[(0, 1_000, 0)], BootRules { starts: BootStarts::All, ..rules }, NoLimits::TooMany);
    }

    #[test]
    fn five_blocks_of_time_are_enough() {
        let timeline = |length| Timeline::new(2, length, [(0, 4, 0), (4, length, 1)]);
        let rules = BootRules { block: 3, replicates: 9, ..BootRules::default() };
        let limits = |length| bootstrap(&[vec![timeline(length)]], &rules, share_of_first)[0];
        assert_eq!(limits(14), Err(NoLimits::TooShort { floor_blocks: 5 }));
        assert!(limits(15).is_ok());
    }

    #[test]
    fn nine_sessions_are_drawn_in_blocks_and_ten_whole() {
        let session = |idx: i64| vec![Timeline::new(2, 100, [(0, 10 * idx, 0), (10 * idx, 100, 1)])];
        let sessions: Vec<_> = (0..10).map(session).collect();
        let limits = |n: usize, unit| {
            let rules = BootRules { block: 5, replicates: 9, unit, ..BootRules::default() };
            bootstrap(&sessions[..n], &rules, share_of_first)[0].unwrap()
        };
        assert_eq!(limits(9, None), limits(9, Some(BootUnit::Block)));
        assert_eq!(limits(10, None), limits(10, Some(BootUnit::Session)));
    }

    #[test]
    fn every_choice_of_starts_is_tried_of_blocks_alone() {
        let sessions = vec![vec![Timeline::new(2, 2, [(0, 1, 0), (1, 2, 1)])]; 10];
        let limits = |n: usize, unit| {
            let rules = BootRules { block: 1, starts: BootStarts::All, floor_blocks: 0, unit, ..BootRules::default() };
            bootstrap(&sessions[..n], &rules, share_of_first)[0]
        };
        assert_eq!(limits(3, None).unwrap().n, 64); // two starts for each of two blocks in three sessions
        assert_eq!(limits(3, Some(BootUnit::Session)), Err(NoLimits::NoStarts));
        assert_eq!(limits(10, None), Err(NoLimits::NoStarts));
    }

    #[test]
    fn seeds_decide_and_many_sessions_are_drawn_whole() {
        let session = |idx: i64| vec![Timeline::new(2, 100, [(0, 10 * idx, 0), (10 * idx, 100, 1)])];
        let sessions: Vec<_> = (0..10).map(session).collect();
        let rules = BootRules { block: 5, ..BootRules::default() };
        let limits = |rules| bootstrap(&sessions, &rules, share_of_first)[0].unwrap();
        assert_eq!(limits(rules), limits(rules));
        assert_ne!(limits(rules), limits(BootRules { seed: 2, ..rules }));
        assert_eq!(limits(rules), limits(BootRules { unit: Some(BootUnit::Session), ..rules }));
        // sessions differ more than the blocks within them
        assert!(limits(rules).sd > limits(BootRules { unit: Some(BootUnit::Block), ..rules }).sd);
    }
}
