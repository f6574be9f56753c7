//! The best alignment of any number of coders: a partition of all units into sets.

use super::UnitaryAlignment;
use super::cover::{Set, cheapest, join, leader_of};
use super::dissimilarity::{Dissimilarity, Placed, by_start, longest, near, pairs};

/// The alignment with the least disorder, and whether that is proven.
///
/// Only sets that cost less than one of their units alone and the others together can be part of it. Units that no such sets connect are
/// solved apart, each part by [`cheapest`].
pub(super) fn best(units: &[Vec<Placed>], dissimilarity: &Dissimilarity) -> (Vec<UnitaryAlignment>, bool) {
    // all units in one row, by start
    let mut row: Vec<(usize, usize)> =
        units.iter().enumerate().flat_map(|(coder, of)| (0..of.len()).map(move |idx| (coder, idx))).collect();
    let start = |&(coder, idx): &(usize, usize)| units[coder][idx].start;
    row.sort_by(|a, b| start(a).total_cmp(&start(b)).then(a.cmp(b)));
    let mut place: Vec<Vec<usize>> = units.iter().map(|of| vec![0; of.len()]).collect();
    for (position, &(coder, idx)) in row.iter().enumerate() {
        place[coder][idx] = position;
    }

    let sets = useful_sets(units, &place, dissimilarity);
    let (mut alignment, mut is_proven) = (Vec::new(), true);
    for part in parts(row.len(), &sets) {
        let cover = cheapest(part.positions.len(), &part.sets);
        is_proven &= cover.is_proven;
        for chosen in cover.sets {
            let mut unitary = vec![None; units.len()];
            for &position in &part.sets[chosen].units {
                let (coder, idx) = row[part.positions[position]];
                unitary[coder] = Some(idx);
            }
            alignment.push(unitary);
        }
    }
    (alignment, is_proven)
}

fn useful_sets(units: &[Vec<Placed>], place: &[Vec<usize>], dissimilarity: &Dissimilarity) -> Vec<Set> {
    let builder = Builder {
        units,
        place,
        dissimilarity,
        orders: units.iter().map(|of| by_start(of)).collect(),
        longest: units.iter().map(|of| longest(of)).collect(),
        limit: (units.len() as f64 - 1.0 + pairs(units.len())) * dissimilarity.empty,
    };
    let mut sets = Vec::new();
    for (coder, of) in units.iter().enumerate() {
        for idx in 0..of.len() {
            builder.grow(&mut vec![(coder, idx)], coder + 1, &mut sets);
        }
    }
    sets
}

struct Builder<'a> {
    units: &'a [Vec<Placed>],
    place: &'a [Vec<usize>],
    dissimilarity: &'a Dissimilarity,
    orders: Vec<Vec<usize>>,
    longest: Vec<f64>,
    limit: f64, // no two units of a useful set are less alike
}

impl Builder<'_> {
    fn unit(&self, (coder, idx): (usize, usize)) -> &Placed {
        &self.units[coder][idx]
    }

    /// Adds the set of `members` and all that have units of `from` and later coders besides.
    fn grow(&self, members: &mut Vec<(usize, usize)>, from: usize, sets: &mut Vec<Set>) {
        if self.is_useful(members) {
            let mut unitary = vec![None; self.units.len()];
            for &(coder, idx) in &*members {
                unitary[coder] = Some(idx);
            }
            let mut positions: Vec<usize> = members.iter().map(|&(coder, idx)| self.place[coder][idx]).collect();
            positions.sort_unstable();
            sets.push(Set { units: positions, cost: self.dissimilarity.unitary(self.units, &unitary) });
        }
        let first = *self.unit(members[0]);
        for coder in from..self.units.len() {
            let reach = self.dissimilarity.reach(self.limit) * (first.length + self.longest[coder]);
            for &idx in near(&self.units[coder], &self.orders[coder], first.start, reach) {
                let unit = self.unit((coder, idx));
                if members.iter().all(|&member| self.dissimilarity.of(self.unit(member), unit) < self.limit) {
                    members.push((coder, idx));
                    self.grow(members, coder + 1, sets);
                    members.pop();
                }
            }
        }
    }

    /// Is no unit better alone, the others staying together?
    fn is_useful(&self, members: &[(usize, usize)]) -> bool {
        let others = members.len() - 1;
        let most = (others as f64 + pairs(self.units.len())) * self.dissimilarity.empty;
        others == 0
            || members.iter().all(|&one| {
                let apart = members.iter().filter(|other| **other != one);
                apart.map(|&other| self.dissimilarity.of(self.unit(one), self.unit(other))).sum::<f64>() < most
            })
    }
}

/// Units that sets connect, numbered anew.
struct Connected {
    positions: Vec<usize>, // ascending
    sets: Vec<Set>,        // of positions in `positions`
}

fn parts(n_units: usize, sets: &[Set]) -> Vec<Connected> {
    let mut leader: Vec<usize> = (0..n_units).collect();
    for set in sets {
        join(&mut leader, &set.units);
    }
    let mut part_of = vec![usize::MAX; n_units];
    let mut number = vec![0; n_units];
    let mut parts: Vec<Connected> = Vec::new();
    for unit in 0..n_units {
        let first = leader_of(&mut leader, unit); // the smallest of its part
        if first == unit {
            part_of[unit] = parts.len();
            parts.push(Connected { positions: Vec::new(), sets: Vec::new() });
        }
        part_of[unit] = part_of[first];
        let part = &mut parts[part_of[unit]];
        number[unit] = part.positions.len();
        part.positions.push(unit);
    }
    for set in sets {
        let units = set.units.iter().map(|&unit| number[unit]).collect();
        parts[part_of[set.units[0]]].sets.push(Set { units, cost: set.cost });
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::GammaRules;
    use super::*;
    use crate::random::Random;

    /// The least total disorder, by trying everything.
    fn by_trying(units: &[Vec<Placed>], free: &mut Vec<Vec<bool>>, dissimilarity: &Dissimilarity) -> f64 {
        let first = free.iter().enumerate().find_map(|(coder, of)| Some((coder, of.iter().position(|free| *free)?)));
        let Some((coder, idx)) = first else { return 0.0 };
        free[coder][idx] = false;
        let mut unitary = vec![None; units.len()];
        unitary[coder] = Some(idx);
        let best = with_others(units, free, dissimilarity, &mut unitary, coder + 1);
        free[coder][idx] = true;
        best
    }

    fn with_others(
        units: &[Vec<Placed>],
        free: &mut Vec<Vec<bool>>,
        dissimilarity: &Dissimilarity,
        unitary: &mut UnitaryAlignment,
        from: usize,
    ) -> f64 {
        if from == units.len() {
            return dissimilarity.unitary(units, unitary) + by_trying(units, free, dissimilarity);
        }
        let mut best = with_others(units, free, dissimilarity, unitary, from + 1);
        for idx in 0..units[from].len() {
            if free[from][idx] {
                free[from][idx] = false;
                unitary[from] = Some(idx);
                best = best.min(with_others(units, free, dissimilarity, unitary, from + 1));
                unitary[from] = None;
                free[from][idx] = true;
            }
        }
        best
    }

    #[track_caller]
    fn check(n_coders: usize, most_units: u64, seconds: f64, rules: &GammaRules) {
        let dissimilarity = Dissimilarity::new(rules);
        for replicate in 0..60 {
            let mut random = Random::new(n_coders as u64, replicate);
            let mut coder = || {
                let n_units = random.below(most_units + 1);
                let unit = |_| {
                    let start = random.unit() * seconds;
                    Placed::new(start, start + 0.1 + random.unit() * 5.0, random.below(2) as usize)
                };
                (0..n_units).map(unit).collect::<Vec<_>>()
            };
            let units: Vec<_> = (0..n_coders).map(|_| coder()).collect();
            let (alignment, is_proven) = best(&units, &dissimilarity);
            assert!(is_proven);
            let total: f64 = alignment.iter().map(|unitary| dissimilarity.unitary(&units, unitary)).sum();
            let mut free: Vec<Vec<bool>> = units.iter().map(|of| vec![true; of.len()]).collect();
            let want = by_trying(&units, &mut free, &dissimilarity);
            assert!((total - want).abs() < 1e-9, "{replicate}: {total}, by trying {want}");
            for (coder, of) in units.iter().enumerate() {
                let mut seen: Vec<usize> = alignment.iter().filter_map(|unitary| unitary[coder]).collect();
                seen.sort_unstable();
                assert_eq!(seen, (0..of.len()).collect::<Vec<_>>(), "every unit once");
            }
        }
    }

    #[test]
    fn no_partition_has_less_disorder() {
        check(3, 4, 10.0, &GammaRules::default());
        check(3, 4, 4.0, &GammaRules { alpha: 3.0, beta: 2.0, ..GammaRules::default() });
        check(3, 4, 4.0, &GammaRules { alpha: 0.0, delta_empty: 0.5, ..GammaRules::default() });
        check(4, 3, 8.0, &GammaRules::default());
    }
}
