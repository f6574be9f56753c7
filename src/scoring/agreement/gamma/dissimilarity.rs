//! How unlike units are.

use super::{CodeDistance, GammaRules};

/// A unit on the line of real numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placed {
    pub(super) start: f64,
    pub(super) end: f64,
    pub(super) length: f64, // above 0
    pub(super) code: usize,
}

impl Placed {
    pub(super) fn new(start: f64, end: f64, code: usize) -> Self {
        Self { start, end, length: end - start, code }
    }
}

pub(super) struct Dissimilarity {
    pub(super) alpha: f64,
    pub(super) beta: f64,
    /// A unit and nothing.
    pub(super) empty: f64,
    codes: CodeDistance,
}

impl Dissimilarity {
    pub(super) fn new(rules: &GammaRules) -> Self {
        Self { alpha: rules.alpha, beta: rules.beta, empty: rules.delta_empty, codes: rules.codes }
    }

    pub(super) fn position(&self, a: &Placed, b: &Placed) -> f64 {
        let apart = ((a.start - b.start).abs() + (a.end - b.end).abs()) / (a.length + b.length);
        apart * apart * self.empty
    }

    pub(super) fn category(&self, a: &Placed, b: &Placed) -> f64 {
        match self.codes {
            _ if a.code == b.code => 0.0,
            CodeDistance::Nominal => self.empty,
            CodeDistance::Ordinal { n_codes } => {
                a.code.abs_diff(b.code) as f64 / (n_codes.max(2) - 1) as f64 * self.empty
            }
        }
    }

    pub(super) fn of(&self, a: &Placed, b: &Placed) -> f64 {
        self.alpha * self.position(a, b) + self.beta * self.category(a, b)
    }

    /// How far the starts of two units can be apart, in sums of their lengths, and the units less unlike than `limit`.
    pub(super) fn reach(&self, limit: f64) -> f64 {
        if self.alpha == 0.0 { f64::INFINITY } else { libm::sqrt(limit / (self.alpha * self.empty)) }
    }

    /// The disorder of one unitary alignment: the mean over all pairs of coders.
    pub(super) fn unitary(&self, units: &[Vec<Placed>], unitary: &[Option<usize>]) -> f64 {
        let unit = |coder: usize| unitary[coder].map(|idx| &units[coder][idx]);
        let mut total = 0.0;
        for second in 1..unitary.len() {
            for first in 0..second {
                total += unit(first).zip(unit(second)).map_or(self.empty, |(a, b)| self.of(a, b));
            }
        }
        total / pairs(unitary.len())
    }
}

/// How many pairs there are of `n`.
pub(super) fn pairs(n: usize) -> f64 {
    (n * n.saturating_sub(1) / 2) as f64
}

/// The positions of `units` by their starts.
pub(super) fn by_start(units: &[Placed]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by(|&a, &b| units[a].start.total_cmp(&units[b].start));
    order
}

/// Those of `order`, which is sorted by start, that start at most `reach` from `start`.
pub(super) fn near<'a>(units: &[Placed], order: &'a [usize], start: f64, reach: f64) -> &'a [usize] {
    let from = order.partition_point(|&idx| units[idx].start < start - reach);
    let until = order.partition_point(|&idx| units[idx].start <= start + reach);
    &order[from..until]
}

pub(super) fn longest(units: &[Placed]) -> f64 {
    units.iter().map(|unit| unit.length).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_of_ordered_codes_are_as_unlike_as_can_be() {
        let rules =
            GammaRules { codes: CodeDistance::Ordinal { n_codes: 3 }, delta_empty: 2.0, ..GammaRules::default() };
        let unlike = |a, b| Dissimilarity::new(&rules).category(&Placed::new(0.0, 1.0, a), &Placed::new(0.0, 1.0, b));
        assert_eq!([unlike(0, 0), unlike(0, 1), unlike(2, 0)], [0.0, 1.0, 2.0]);
    }
}
