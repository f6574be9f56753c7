//! Categorical cross-recurrence: when is the one in the state that the other is, was or will be in?
//!
//! ```text
//! second  ^  . # # .      a point where the two states agree: the rectangles are pairs of runs of one state
//!         |  # . . #      diagonals: the two go through the same states in the same rhythm
//!         |  # . . #      verticals: the second stays where the first is at one moment
//!            -------> first
//! ```

mod blocks;
pub mod lines;
pub mod profile;
mod scan;
mod scores;

pub use lines::LineLengths;
pub(crate) use scores::push_scores;

/// All lines of the recurrence plot of two series; the plot itself is never in memory.
///
/// *Definition*: units j of the first and k of the second recur where their states agree; a missing unit recurs with nothing.
/// Lines are maximal: diagonal ones along j − k = constant, vertical ones along the second series with a unit of the first fixed,
/// horizontal ones along the first with a unit of the second fixed. No band around the diagonal is left out (Theiler window 0).
///
/// *Shape*: the series may differ in length.
///
/// *Reference*: Coco, M. I., & Dale, R. (2014). Cross-recurrence quantification analysis of categorical and continuous time series:
/// an R package. Frontiers in Psychology, 5, 510, <https://doi.org/10.3389/fpsyg.2014.00510>. Its percentages are fractions here; its
/// vertical lines are those named vertical here.
///
/// # Example
///
/// ```
/// use scoring::recurrence::CrossRecurrence;
///
/// let codes = |text: &str| -> Vec<Option<usize>> { text.chars().map(|code| "MOPN".find(code)).collect() };
/// let infant = codes("MMPPOOOMPPNNNMMP.POOMMPPPNNOOO");
/// let parent = codes("MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM");
/// let plot = CrossRecurrence::new(&infant, &parent);
///
/// assert_eq!(plot.n_points(), 248);
/// assert!((plot.recurrence_rate().unwrap() - 0.2755556).abs() < 1e-7);
/// assert!((plot.determinism(2).unwrap() - 0.641129).abs() < 1e-6);
/// assert_eq!((plot.diagonal.count(2), plot.diagonal.longest(2)), (65, 5));
/// assert!((plot.diagonal.entropy_nats(2) - 0.8812093).abs() < 1e-7);
/// assert!((plot.laminarity(2).unwrap() - 0.9435484).abs() < 1e-7);
///
/// // three units to count: A A B against A B B; a row of two A, a column of two B, a diagonal of A and B
/// let plot = CrossRecurrence::new(&[Some(0), Some(0), Some(1)], &[Some(0), Some(1), Some(1)]);
/// assert_eq!((plot.n_points(), plot.determinism(2)), (4, Some(0.5)));
/// assert_eq!((plot.laminarity(2), plot.horizontal_laminarity(2)), (Some(0.5), Some(0.5)));
/// // where B recurs with A as well, only B of the first with nothing else is left out
/// let plot = CrossRecurrence::under(&[Some(0), Some(1)], &[Some(0), Some(1)], |first, second| first <= second);
/// assert_eq!(plot.n_points(), 3);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossRecurrence {
    n_first: usize,
    n_second: usize,
    n_points: u64,
    /// Lines along which both series go on.
    pub diagonal: LineLengths,
    /// Lines along the second series, a unit of the first being fixed.
    pub vertical: LineLengths,
    /// Lines along the first series, a unit of the second being fixed.
    pub horizontal: LineLengths,
}

impl CrossRecurrence {
    /// The lines of two series of codes; equal codes recur.
    ///
    /// The cost grows with the length of the series, and with the number of places at which both change between the same two codes.
    #[must_use]
    pub fn new(first: &[Option<usize>], second: &[Option<usize>]) -> Self {
        Self {
            n_first: first.len(),
            n_second: second.len(),
            n_points: blocks::points(first, second),
            diagonal: blocks::diagonals(first, second),
            vertical: blocks::verticals(first, second),
            horizontal: blocks::verticals(second, first),
        }
    }

    /// The lines of two series whose codes recur as `matches` says: for two lists of codes, or more than one match per code.
    ///
    /// Where every code matches one code at most, this is as quick as [`CrossRecurrence::new`]; else all pairs of units are looked at,
    /// 64 at once.
    #[must_use]
    pub fn under(first: &[Option<usize>], second: &[Option<usize>], matches: impl Fn(usize, usize) -> bool) -> Self {
        match scan::Classes::new(first, second, matches) {
            scan::Classes::Equal { first, second } => Self::new(&first, &second),
            scan::Classes::Related(related) => {
                let (vertical, horizontal) = (related.verticals(), related.horizontals());
                Self {
                    n_first: first.len(),
                    n_second: second.len(),
                    n_points: related.points(),
                    diagonal: related.diagonals(),
                    vertical,
                    horizontal,
                }
            }
        }
    }

    /// How many pairs of units recur.
    #[must_use]
    pub const fn n_points(&self) -> u64 {
        self.n_points
    }

    /// Points divided by all pairs of units, missing ones included: 0 to 1; `None` where a series is empty.
    #[must_use]
    pub fn recurrence_rate(&self) -> Option<f64> {
        let n_pairs = self.n_first as f64 * self.n_second as f64;
        (n_pairs > 0.0).then(|| self.n_points as f64 / n_pairs)
    }

    /// The share of the points that lie on diagonal lines of at least `min` units, 0 to 1; `None` without points.
    #[must_use]
    pub fn determinism(&self, min: usize) -> Option<f64> {
        self.share(&self.diagonal, min)
    }

    /// The share of the points that lie on vertical lines of at least `min` units, 0 to 1; `None` without points.
    #[must_use]
    pub fn laminarity(&self, min: usize) -> Option<f64> {
        self.share(&self.vertical, min)
    }

    /// The same of horizontal lines.
    #[must_use]
    pub fn horizontal_laminarity(&self, min: usize) -> Option<f64> {
        self.share(&self.horizontal, min)
    }

    fn share(&self, lines: &LineLengths, min: usize) -> Option<f64> {
        (self.n_points > 0).then(|| lines.points(min) as f64 / self.n_points as f64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    type Codes = Vec<Option<usize>>;

    /// Runs of few codes, some of them missing.
    fn series() -> impl Strategy<Value = Codes> {
        let run = (0..4_usize, 1..6_usize).prop_map(|(code, length)| vec![code.checked_sub(1); length]);
        prop::collection::vec(run, 0..40).prop_map(|runs| runs.concat())
    }

    /// The definition, cell by cell.
    fn by_hand(first: &Codes, second: &Codes, matches: impl Fn(usize, usize) -> bool) -> CrossRecurrence {
        let recurs = |j: i64, k: i64| {
            let at = |series: &Codes, idx: i64| usize::try_from(idx).ok().and_then(|idx| *series.get(idx)?);
            at(first, j).zip(at(second, k)).is_some_and(|(a, b)| matches(a, b))
        };
        let lines = |dj: i64, dk: i64| {
            let mut counts = vec![0; first.len().max(second.len()) + 1];
            for j in 0..first.len() as i64 {
                for k in 0..second.len() as i64 {
                    if recurs(j, k) && !recurs(j - dj, k - dk) {
                        let longest = counts.len() as i64;
                        counts[(0..longest).take_while(|n| recurs(j + n * dj, k + n * dk)).count()] += 1;
                    }
                }
            }
            LineLengths::from_counts(counts)
        };
        let (diagonal, vertical, horizontal) = (lines(1, 1), lines(0, 1), lines(1, 0));
        let (n_first, n_second) = (first.len(), second.len());
        CrossRecurrence { n_first, n_second, n_points: vertical.points(1), diagonal, vertical, horizontal }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(1), failure_persistence: None, cases: 300, ..ProptestConfig::default()
        })]

        #[test]
        fn lines_are_those_counted_cell_by_cell(first in series(), second in series(), related in prop::collection::vec(any::<bool>(), 9)) {
            prop_assert_eq!(CrossRecurrence::new(&first, &second), by_hand(&first, &second, |a, b| a == b));
            prop_assert_eq!(CrossRecurrence::new(&first, &first), by_hand(&first, &first, |a, b| a == b));
            let matches = |a: usize, b: usize| related[a * 3 + b];
            prop_assert_eq!(CrossRecurrence::under(&first, &second, matches), by_hand(&first, &second, matches));
        }

        #[test]
        fn exchanging_the_series_transposes_the_plot(first in series(), second in series()) {
            let (here, there) = (CrossRecurrence::new(&first, &second), CrossRecurrence::new(&second, &first));
            prop_assert_eq!((&here.diagonal, &here.vertical), (&there.diagonal, &there.horizontal));
            prop_assert_eq!(here.n_points(), here.diagonal.points(1));
            prop_assert_eq!(here.n_points(), here.horizontal.points(1));
        }
    }

    #[test]
    fn a_series_that_alternates_has_lines_as_long_as_it_is() {
        let series: Codes = (0..300).map(|unit| Some(unit % 2)).collect();
        let plot = CrossRecurrence::new(&series, &series);
        assert_eq!(plot, by_hand(&series, &series, |a, b| a == b));
        assert_eq!(plot.diagonal.longest(2), 300);
    }
}
