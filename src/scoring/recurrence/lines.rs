//! How long the lines of a recurrence plot are.

/// How many lines there are of each length.
///
/// A single point is a line of length 1; measures look at the lines of at least `min` units, usually 2.
///
/// # Example
/// Three single points, two lines of two, one of four.
/// ```
/// use scoring::recurrence::LineLengths;
///
/// let lines = LineLengths::from_counts(vec![0, 3, 2, 0, 1]);
/// assert_eq!((lines.count(2), lines.points(2), lines.longest(2)), (3, 8, 4));
/// assert_eq!(lines.mean(2), Some(8.0 / 3.0));
/// // −2/3 ln 2/3 − 1/3 ln 1/3, of at most ln 2
/// assert!((lines.entropy_nats(2) - 0.636_514_2).abs() < 1e-7);
/// assert!((lines.relative_entropy(2).expect("two lengths") - 0.636_514_2 / 2.0_f64.ln()).abs() < 1e-7);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineLengths {
    counts: Vec<u64>, // by length; the last is not zero
}

impl LineLengths {
    /// The lines, given how many there are of length 0 (none, whatever is given), 1, 2, ...
    #[must_use]
    pub fn from_counts(mut counts: Vec<u64>) -> Self {
        if let Some(of_no_length) = counts.first_mut() {
            *of_no_length = 0;
        }
        let n = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
        counts.truncate(n);
        Self { counts }
    }

    /// The lengths that occur, shortest first, and how often.
    pub fn iter(&self) -> impl Iterator<Item = (usize, u64)> {
        self.counts.iter().copied().enumerate().filter(|(_, count)| *count > 0)
    }

    /// How many lines of at least `min` units there are.
    #[must_use]
    pub fn count(&self, min: usize) -> u64 {
        self.at_least(min).map(|(_, count)| count).sum()
    }

    /// How many points lie on them.
    #[must_use]
    pub fn points(&self, min: usize) -> u64 {
        self.at_least(min).map(|(length, count)| length as u64 * count).sum()
    }

    /// Their mean length; `None` of none.
    #[must_use]
    pub fn mean(&self, min: usize) -> Option<f64> {
        let count = self.count(min);
        (count > 0).then(|| self.points(min) as f64 / count as f64)
    }

    /// The length of the longest, 0 of none.
    #[must_use]
    pub fn longest(&self, min: usize) -> usize {
        self.at_least(min).last().map_or(0, |(length, _)| length)
    }

    /// The entropy of their lengths in nats, `−Σ p ln p`; 0 of none.
    #[must_use]
    pub fn entropy_nats(&self, min: usize) -> f64 {
        let total = self.count(min) as f64;
        let surprise = |(_, count): (usize, u64)| {
            let p = count as f64 / total;
            p * libm::log(p)
        };
        self.at_least(min).map(surprise).fold(0.0, |sum, term| sum - term)
    }

    /// The entropy divided by its largest possible value, the logarithm of the number of lengths that occur: 0 to 1.
    ///
    /// *Undefined cases*: `None` where fewer than two lengths occur.
    #[must_use]
    pub fn relative_entropy(&self, min: usize) -> Option<f64> {
        let n_lengths = self.at_least(min).count();
        (n_lengths > 1).then(|| (self.entropy_nats(min) / libm::log(n_lengths as f64)).min(1.0))
    }

    fn at_least(&self, min: usize) -> impl Iterator<Item = (usize, u64)> {
        self.iter().filter(move |(length, _)| *length >= min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_look_at_lines_that_are_long_enough() {
        let lines = LineLengths::from_counts(vec![7, 3, 2, 0, 1, 0]);
        assert_eq!((lines.count(1), lines.count(2), lines.points(2), lines.longest(2)), (6, 3, 8, 4));
        assert_eq!(lines.mean(2), Some(8.0 / 3.0));
        let want = -(2.0 / 3.0 * libm::log(2.0 / 3.0) + libm::log(1.0 / 3.0) / 3.0);
        assert!((lines.entropy_nats(2) - want).abs() < 1e-15);
        assert_eq!(lines.relative_entropy(2), Some(lines.entropy_nats(2) / libm::log(2.0)));
    }

    #[test]
    fn of_no_line_there_is_no_mean() {
        let lines = LineLengths::from_counts(vec![0, 3]);
        assert_eq!((lines.count(2), lines.longest(2), lines.mean(2)), (0, 0, None));
        assert_eq!((lines.entropy_nats(2), lines.relative_entropy(2)), (0.0, None));
    }
}
