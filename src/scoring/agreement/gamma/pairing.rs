//! The best alignment of two coders: an optimal assignment.

use super::super::assignment::Assignment;
use super::UnitaryAlignment;
use super::dissimilarity::{Dissimilarity, Placed, by_start, longest, near};

/// The alignment with the least disorder.
///
/// A pair saves `2 Δ∅ − d` over its two units alone; those that save something are few, and near one another.
pub(super) fn best(first: &[Placed], second: &[Placed], dissimilarity: &Dissimilarity) -> Vec<UnitaryAlignment> {
    let alone = 2.0 * dissimilarity.empty;
    let reach = dissimilarity.reach(alone);
    let (order, longest) = (by_start(second), longest(second));
    let mut edges = Vec::new();
    let mut ends = vec![0];
    for unit in first {
        for &idx in near(second, &order, unit.start, reach * (unit.length + longest)) {
            let cost = dissimilarity.of(unit, &second[idx]) - alone;
            if cost < 0.0 {
                edges.push((idx, cost));
            }
        }
        ends.push(edges.len());
    }
    let mut assignment = Assignment::new(first.len(), second.len());
    for row in 0..first.len() {
        assignment.add(row, |row| &edges[ends[row]..ends[row + 1]]);
    }
    let mut alignment: Vec<UnitaryAlignment> =
        assignment.column_of.iter().enumerate().map(|(row, column)| vec![Some(row), *column]).collect();
    let alone = assignment.row_of.iter().enumerate().filter(|(_, row)| row.is_none());
    alignment.extend(alone.map(|(column, _)| vec![None, Some(column)]));
    alignment
}

#[cfg(test)]
mod tests {
    use super::super::{GammaRules, partition};
    use super::*;
    use crate::random::Random;

    #[test]
    fn two_coders_have_the_same_best_alignment_by_either_way() {
        let dissimilarity = Dissimilarity::new(&GammaRules::default());
        for replicate in 0..300 {
            let mut random = Random::new(1, replicate);
            let mut coder = || {
                let unit = |_| {
                    let start = random.unit() * 30.0;
                    Placed::new(start, start + 0.1 + random.unit() * 8.0, random.below(3) as usize)
                };
                (0..8).map(unit).collect::<Vec<_>>()
            };
            let units = [coder(), coder()];
            let total = |alignment: &[UnitaryAlignment]| -> f64 {
                alignment.iter().map(|unitary| dissimilarity.unitary(&units, unitary)).sum()
            };
            let (by_pairs, by_sets) =
                (total(&best(&units[0], &units[1], &dissimilarity)), total(&partition::best(&units, &dissimilarity).0));
            assert!((by_pairs - by_sets).abs() < 1e-9, "{replicate}: {by_pairs} or {by_sets}");
        }
    }
}
