//! Where two segmentations of one sequence put their boundaries, and how wrong marks are against a reference.

use serde::Serialize;
use span::{Instant, Length, Span, SpanSet};

use super::assignment::Assignment;
use super::gamma::Unit;

/// How alike two sets of boundaries are.
///
/// *Units and range*: `matches`, `transpositions`, `additions` and `places` count; `span` is in units of the segmentation, at least one and less
/// than `n_t` for each transposition.
///
/// *Undefined cases*: none; the similarities are absent where neither side has a boundary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundaryEdits {
    /// Boundaries that both have.
    pub matches: usize,
    /// Boundaries of one that the other has nearby.
    pub transpositions: usize,
    /// How far those are apart, together.
    pub span: usize,
    /// Boundaries that only one has.
    pub additions: usize,
    /// How many places there are for a boundary.
    pub places: usize,
    n_t: usize,
}

/// Compares the boundaries of two segmentations, given as the lengths of their segments in units.
///
/// *Definition*: a boundary lies between two segments. Boundaries at one place match; of the others, one of each closer than `n_t` units
/// are transpositions, the nearest first, of equals the leftmost; the rest are additions (or omissions: the two are not told apart).
///
/// *Undefined cases*: `None` where the two have different numbers of units, a segment has none, or `n_t` is 0.
///
/// *Reference*: Fournier, C. (2013). Evaluating text segmentation using boundary edit distance. Proceedings of the 51st Annual Meeting
/// of the Association for Computational Linguistics, 1702–1712.
///
/// # Example
/// One boundary of the second lies one unit before that of the first, one after.
/// ```
/// use scoring::agreement::segmentation::boundary_edits;
///
/// let edits = boundary_edits(&[4, 2, 1, 7, 6], &[5, 1, 1, 6, 7], 2).expect("20 units both");
/// assert_eq!((edits.matches, edits.transpositions, edits.additions), (2, 2, 0));
/// assert_eq!(edits.boundary_similarity(), Some(0.75));
/// ```
#[must_use]
pub fn boundary_edits(first: &[usize], second: &[usize], n_t: usize) -> Option<BoundaryEdits> {
    let (a, b, n_units) = boundaries_of(first, second)?;
    if n_t == 0 {
        return None;
    }
    let matches = a.iter().filter(|place| b.binary_search(place).is_ok()).count();
    let mut only_a: Vec<usize> = a.iter().copied().filter(|place| b.binary_search(place).is_err()).collect();
    let mut only_b: Vec<usize> = b.iter().copied().filter(|place| a.binary_search(place).is_err()).collect();
    let (mut transpositions, mut span) = (0, 0);
    for apart in 1..n_t {
        only_a.retain(|&place| {
            let partner = [place.wrapping_sub(apart), place + apart]
                .into_iter()
                .find_map(|near| only_b.binary_search(&near).ok());
            if let Some(partner) = partner {
                only_b.remove(partner);
                transpositions += 1;
                span += apart;
            }
            partner.is_none()
        });
    }
    let additions = only_a.len() + only_b.len();
    Some(BoundaryEdits { matches, transpositions, span, additions, places: n_units - 1, n_t })
}

impl BoundaryEdits {
    /// The edits of two sequences together; the `n_t` of the first.
    #[must_use]
    pub fn pooled(self, other: Self) -> Self {
        Self {
            matches: self.matches + other.matches,
            transpositions: self.transpositions + other.transpositions,
            span: self.span + other.span,
            additions: self.additions + other.additions,
            places: self.places + other.places,
            n_t: self.n_t,
        }
    }

    /// What the edits cost: 1 for an addition, the share of `n_t` that a boundary moves for a transposition.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.additions as f64 + self.span as f64 / self.n_t as f64
    }

    /// Boundary similarity B, from 0 to 1.
    ///
    /// *Definition*: 1 − cost / (matches + transpositions + additions).
    ///
    /// *Undefined cases*: `None` where neither has a boundary.
    #[must_use]
    pub fn boundary_similarity(&self) -> Option<f64> {
        let n = self.matches + self.transpositions + self.additions;
        (n > 0).then(|| 1.0 - self.cost() / n as f64)
    }

    /// Segmentation similarity S, from 0 to 1: much nearer to 1 than B, since most places have no boundary in either.
    ///
    /// *Definition*: 1 − cost / places.
    ///
    /// *Undefined cases*: `None` where neither has a boundary.
    ///
    /// *Reference*: Fournier, C., & Inkpen, D. (2012). Segmentation similarity and agreement. NAACL-HLT 2012, 152–161.
    ///
    /// ```
    /// use scoring::agreement::segmentation::boundary_edits;
    ///
    /// // two boundaries are off by one unit of two: a cost of 1 over 19 places
    /// let edits = boundary_edits(&[4, 2, 1, 7, 6], &[5, 1, 1, 6, 7], 2).expect("20 units both");
    /// assert_eq!((edits.cost(), edits.segmentation_similarity()), (1.0, Some(1.0 - 1.0 / 19.0)));
    /// ```
    #[must_use]
    pub fn segmentation_similarity(&self) -> Option<f64> {
        let n = self.matches + self.transpositions + self.additions;
        (n > 0).then(|| 1.0 - self.cost() / self.places as f64)
    }
}

/// Places of boundaries, and the number of units.
fn boundaries_of(first: &[usize], second: &[usize]) -> Option<(Vec<usize>, Vec<usize>, usize)> {
    let places = |masses: &[usize]| {
        let mut sums = masses.iter().scan(0_usize, |sum, mass| {
            *sum += mass;
            Some(*sum)
        });
        let mut ends: Vec<usize> = sums.by_ref().collect();
        let n_units = ends.pop();
        n_units.filter(|_| masses.iter().all(|mass| *mass > 0)).map(|n_units| (ends, n_units))
    };
    let ((a, n_a), (b, n_b)) = (places(first)?, places(second)?);
    (n_a == n_b).then_some((a, b, n_a))
}

/// The two window measures of a segmentation against a reference: 0 is none wrong, 1 is all.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WindowErrors {
    /// The window, in units.
    pub window: usize,
    /// How many windows there are.
    pub n: usize,
    /// Windows in which the numbers of boundaries differ.
    pub counts_differ: usize,
    /// Windows whose first and last unit are in one segment here and in two there.
    pub sameness_differs: usize,
}

/// Slides a window over two segmentations.
///
/// *Definition*: the window is half the mean length of the reference's segments, rounded half to even, and at least 2 units; there are as many
/// windows as units less the window.
///
/// *Undefined cases*: `None` as for [`boundary_edits`], and where there are no more units than the window has.
///
/// *Reference*: Pevzner, L., & Hearst, M. A. (2002). A critique and improvement of an evaluation metric for text segmentation.
/// Computational Linguistics, 28, 19–36, doi 10.1162/089120102317341756: `WindowDiff`. Beeferman, D., Berger, A., & Lafferty, J. (1999).
/// Statistical models for text segmentation. Machine Learning, 34, 177–210, doi 10.1023/A:1007506220214: Pk.
///
/// # Example
/// Boundaries at 4, 6, 7, 14 against 5, 6, 7, 13; of 18 windows those from 2, 4, 11 and 13 hold different numbers, and from 4 both hold some.
/// ```
/// use scoring::agreement::segmentation::window_errors;
///
/// let errors = window_errors(&[4, 2, 1, 7, 6], &[5, 1, 1, 6, 7]).expect("20 units both");
/// assert_eq!((errors.window, errors.n), (2, 18));
/// assert_eq!((errors.window_diff(), errors.pk()), (4.0 / 18.0, 3.0 / 18.0));
/// ```
#[must_use]
pub fn window_errors(hypothesis: &[usize], reference: &[usize]) -> Option<WindowErrors> {
    window_errors_of(&[(hypothesis, reference)])
}

/// Slides one window over several sequences, each segmented twice: no window crosses from one to the next.
///
/// *Definition*: as [`window_errors`], the window from the mean length of all the reference's segments.
///
/// *Shape*: pairs of hypothesis and reference. *Undefined cases*: `None` as for [`boundary_edits`], and where no sequence has more units than
/// the window.
///
/// # Example
/// ```
/// use scoring::agreement::segmentation::window_errors_of;
///
/// // three segments of 10 units: windows of 2, two in the first sequence and four in the second. Boundaries after 2 units and
/// // after 1: the windows over places 1 to 2 have one each, that over places 2 to 3 one and none
/// let errors = window_errors_of(&[(vec![4], vec![4]), (vec![2, 4], vec![1, 5])]).expect("two sequences");
/// assert_eq!((errors.window, errors.n, errors.counts_differ), (2, 6, 1));
/// ```
#[must_use]
pub fn window_errors_of<M: AsRef<[usize]>>(sequences: &[(M, M)]) -> Option<WindowErrors> {
    let sequences: Vec<_> =
        sequences.iter().map(|(hypothesis, reference)| (hypothesis.as_ref(), reference.as_ref())).collect();
    let boundaries: Option<Vec<_>> =
        sequences.iter().map(|(hypothesis, reference)| boundaries_of(hypothesis, reference)).collect();
    let boundaries = boundaries?;
    let n_units: usize = boundaries.iter().map(|(.., n_units)| n_units).sum();
    let n_segments: usize = sequences.iter().map(|(_, reference)| reference.len()).sum();
    let half = n_units as f64 / n_segments as f64 / 2.0;
    let window = (half.round_ties_even() as usize).max(2);
    let mut errors = WindowErrors { window, n: 0, counts_differ: 0, sameness_differs: 0 };
    for (a, b, n_units) in &boundaries {
        for start in 0..n_units.saturating_sub(window) {
            let inside = |places: &[usize]| {
                let up_to = |unit| places.partition_point(|place| *place <= unit);
                up_to(start + window) - up_to(start)
            };
            let (in_a, in_b) = (inside(a), inside(b));
            errors.n += 1;
            errors.counts_differ += usize::from(in_a != in_b);
            errors.sameness_differs += usize::from((in_a == 0) != (in_b == 0));
        }
    }
    Some(errors).filter(|errors| errors.n > 0)
}

impl WindowErrors {
    /// `WindowDiff`: the share of windows in which the numbers of boundaries differ.
    #[must_use]
    pub fn window_diff(&self) -> f64 {
        self.counts_differ as f64 / self.n as f64
    }

    /// Pk: the share of windows whose ends are judged differently.
    #[must_use]
    pub fn pk(&self) -> f64 {
        self.sameness_differs as f64 / self.n as f64
    }
}

/// How long a hypothesis is right and wrong against a reference.
///
/// *Units and range*: lengths of time, none negative, in which overlapping marks count each; `correct + confusion + missed = total`.
///
/// *Undefined cases*: none; the [rate](Self::rate) is absent where the reference has no time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorTimes {
    /// Marks of the hypothesis beyond the number of those of the reference.
    pub false_alarm: Length,
    /// Marks of the reference beyond the number of those of the hypothesis.
    pub missed: Length,
    /// Marks of both with different codes.
    pub confusion: Length,
    /// Marks of both with the same code.
    pub correct: Length,
    /// All marks of the reference: where two overlap, both count.
    pub total: Length,
}

impl ErrorTimes {
    /// `(false alarm + missed + confusion) / total`: 0 is none wrong; more than 1 where false alarms abound.
    ///
    /// *Undefined cases*: `None` where the reference has no time.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        let wrong = self.false_alarm + self.missed + self.confusion;
        (self.total > Length::ZERO).then(|| wrong.micros() as f64 / self.total.micros() as f64)
    }
}

/// What the hypothesis says against what the reference says: the parts of the identification error.
///
/// *Definition*: on every stretch without a boundary, with `r` marks of the reference and `h` of the hypothesis: correct are the codes
/// that they share, confusion `min(r, h)` less those, missed and false alarm the rest. Time nearer than half the `collar` to a boundary
/// of the reference is left out.
///
/// *Shape*: marks in any order; those that cover no time do not count.
///
/// *Reference*: Bredin, H. (2017). pyannote.metrics: a toolkit for reproducible evaluation, diagnostic, and error analysis of speaker
/// diarization systems. Interspeech 2017, doi 10.21437/Interspeech.2017-411.
///
/// # Example
/// ```
/// use scoring::agreement::{gamma::Unit, segmentation::identification_error};
/// use span::{Instant, Length};
///
/// let mark = |start, end, code| Unit { start: Instant::from_micros(start), end: Instant::from_micros(end), code };
/// let times = identification_error(&[mark(2, 8, 0), mark(8, 12, 1)], &[mark(0, 10, 0)], Length::ZERO);
/// let micros = |length: Length| length.micros();
/// assert_eq!((micros(times.correct), micros(times.confusion), micros(times.missed), micros(times.false_alarm)), (6, 2, 2, 2));
/// assert_eq!(times.rate(), Some(0.6));
/// ```
#[must_use]
pub fn identification_error(hypothesis: &[Unit], reference: &[Unit], collar: Length) -> ErrorTimes {
    let mut times = ErrorTimes::default();
    for_each_stretch(hypothesis, reference, collar, |length, of_hypothesis, of_reference| {
        let shared = of_hypothesis.iter().zip(of_reference).map(|(h, r)| h.min(r)).sum();
        times.add(length, of_hypothesis.iter().sum(), of_reference.iter().sum(), shared);
    });
    times
}

/// Whether the hypothesis has a mark where the reference has one, whatever the codes and however many.
///
/// *Definition*, *Shape*, *Reference*: as [`identification_error`], with one mark where there is any.
///
/// # Example
/// Marks from 2 to 12 against one from 0 to 10, whatever their codes: 8 are right.
/// ```
/// use scoring::agreement::{gamma::Unit, segmentation::detection_error};
/// use span::{Instant, Length};
///
/// let mark = |start, end, code| Unit { start: Instant::from_micros(start), end: Instant::from_micros(end), code };
/// let times = detection_error(&[mark(2, 8, 0), mark(8, 12, 1)], &[mark(0, 10, 0)], Length::ZERO);
/// assert_eq!((times.correct.micros(), times.confusion.micros(), times.rate()), (8, 0, Some(0.4)));
/// ```
#[must_use]
pub fn detection_error(hypothesis: &[Unit], reference: &[Unit], collar: Length) -> ErrorTimes {
    let mut times = ErrorTimes::default();
    for_each_stretch(hypothesis, reference, collar, |length, of_hypothesis, of_reference| {
        let any = |counts: &[i64]| i64::from(counts.iter().any(|count| *count > 0));
        let (h, r) = (any(of_hypothesis), any(of_reference));
        times.add(length, h, r, h.min(r));
    });
    times
}

/// The identification error when the hypothesis may call things by other names: the parts of the diarisation error.
///
/// *Definition*: as [`identification_error`], the hypothesis's codes mapped one to one to the reference's so that correct time is largest.
///
/// *Shape*, *Reference*: as [`identification_error`].
///
/// # Example
/// The hypothesis says 1 for 6 of 10 and 0 for 4, the reference 0 throughout: that 1 means 0 makes most of it right.
/// ```
/// use scoring::agreement::{gamma::Unit, segmentation::diarisation_error};
/// use span::{Instant, Length};
///
/// let mark = |start, end, code| Unit { start: Instant::from_micros(start), end: Instant::from_micros(end), code };
/// let times = diarisation_error(&[mark(0, 6, 1), mark(6, 10, 0)], &[mark(0, 10, 0)], Length::ZERO);
/// assert_eq!((times.correct.micros(), times.confusion.micros(), times.rate()), (6, 4, Some(0.4)));
/// ```
#[must_use]
pub fn diarisation_error(hypothesis: &[Unit], reference: &[Unit], collar: Length) -> ErrorTimes {
    let n_codes = n_codes(hypothesis, reference);
    let mut together = vec![vec![0_i64; n_codes]; n_codes];
    let mut times = ErrorTimes::default();
    for_each_stretch(hypothesis, reference, collar, |length, of_hypothesis, of_reference| {
        for (row, h) in together.iter_mut().zip(of_hypothesis).filter(|(_, h)| **h > 0) {
            for (cell, r) in row.iter_mut().zip(of_reference) {
                *cell += length.micros() * h.min(r);
            }
        }
        times.add(length, of_hypothesis.iter().sum(), of_reference.iter().sum(), 0);
    });
    let gains = |row: &Vec<i64>| {
        let gains = row.iter().enumerate().filter(|(_, time)| **time > 0);
        gains.map(|(column, time)| (column, -(*time as f64))).collect::<Vec<_>>()
    };
    let edges: Vec<Vec<(usize, f64)>> = together.iter().map(gains).collect();
    let mut assignment = Assignment::new(n_codes, n_codes);
    (0..n_codes).for_each(|row| assignment.add(row, |row| &edges[row]));
    let pairs = assignment.column_of.iter().enumerate();
    let correct: i64 = pairs.filter_map(|(row, column)| Some(together[row][(*column)?])).sum();
    times.correct = Length::from_micros(correct);
    times.confusion -= times.correct;
    times
}

impl ErrorTimes {
    fn add(&mut self, length: Length, n_hypothesis: i64, n_reference: i64, n_correct: i64) {
        let n_both = n_hypothesis.min(n_reference);
        self.correct += length.times(n_correct);
        self.confusion += length.times(n_both - n_correct);
        self.missed += length.times(n_reference - n_both);
        self.false_alarm += length.times(n_hypothesis - n_both);
        self.total += length.times(n_reference);
    }
}

fn n_codes(hypothesis: &[Unit], reference: &[Unit]) -> usize {
    hypothesis.iter().chain(reference).map(|unit| unit.code + 1).max().unwrap_or(0)
}

/// Calls `visit` for stretches without a boundary, with their length and how many marks of each code the two have there.
fn for_each_stretch(
    hypothesis: &[Unit],
    reference: &[Unit],
    collar: Length,
    mut visit: impl FnMut(Length, &[i64], &[i64]),
) {
    let n_codes = n_codes(hypothesis, reference);
    let half = Length::from_micros(collar.micros() / 2);
    let has_time = |unit: &&Unit| unit.start < unit.end;
    let boundaries = reference.iter().filter(has_time).flat_map(|unit| [unit.start, unit.end]);
    let left_out: SpanSet = boundaries.filter_map(|time| Span::new(time - half, time + half).ok()).collect();

    // what changes when: the code of the hypothesis, then of the reference, then whether time is left out
    let place = |side: usize| {
        move |unit: &Unit| [(unit.start, side * n_codes + unit.code, 1), (unit.end, side * n_codes + unit.code, -1)]
    };
    let mut changes: Vec<(Instant, usize, i64)> = hypothesis.iter().filter(has_time).flat_map(place(0)).collect();
    changes.extend(reference.iter().filter(has_time).flat_map(place(1)));
    changes.extend(
        left_out.spans().iter().flat_map(|span| [(span.start(), 2 * n_codes, 1), (span.end(), 2 * n_codes, -1)]),
    );
    changes.sort_unstable();

    let mut counts = vec![0; 2 * n_codes + 1];
    let mut since = Instant::MIN;
    for (time, what, change) in changes {
        if time > since && counts[2 * n_codes] == 0 && counts.iter().any(|count| *count > 0) {
            visit(time - since, &counts[..n_codes], &counts[n_codes..2 * n_codes]);
        }
        since = time;
        counts[what] += change;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_boundaries_are_transposed_first() {
        // places 3 and 6 against 4 and 5: 3-4 and 6-5 are one apart, 3-5 is two
        let edits = boundary_edits(&[3, 3, 4], &[4, 1, 5], 4).unwrap();
        assert_eq!((edits.transpositions, edits.span, edits.additions), (2, 2, 0));
    }

    #[test]
    fn what_cannot_be_compared_is_absent() {
        assert_eq!(boundary_edits(&[3, 3], &[5], 2), None);
        assert_eq!(boundary_edits(&[3, 0, 3], &[6], 2), None);
        assert_eq!(boundary_edits(&[], &[], 2), None);
        assert_eq!(boundary_edits(&[6], &[6], 2).unwrap().boundary_similarity(), None);
        assert_eq!(window_errors(&[2], &[2]), None);
        assert_eq!(identification_error(&[], &[], Length::ZERO).rate(), None);
    }

    #[test]
    fn other_names_for_the_same_are_no_diarisation_error() {
        let mark = |start, end, code| Unit { start: Instant::from_micros(start), end: Instant::from_micros(end), code };
        let (hypothesis, reference) = ([mark(0, 5, 1), mark(5, 9, 0)], [mark(0, 5, 0), mark(5, 9, 1)]);
        assert_eq!(identification_error(&hypothesis, &reference, Length::ZERO).rate(), Some(1.0));
        assert_eq!(diarisation_error(&hypothesis, &reference, Length::ZERO).rate(), Some(0.0));
    }
}
