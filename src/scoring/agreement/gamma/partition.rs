//! The best alignment of any number of coders: a partition of all units into sets.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};

use super::UnitaryAlignment;
use super::dissimilarity::{Dissimilarity, Placed, by_start, longest, near, pairs};

/// The alignment with the least disorder.
///
/// Only sets that cost less than one of their units alone and the others together can be part of it. Units that no such sets
/// connect are solved apart. In each part prices of the units are sought that no set undercuts and that come close to the cost of
/// the whole (subgradient steps, then a sweep that keeps the promise); the search takes the units in the order of their starts,
/// each time a set with the first unit that is not in one yet, and goes on from where least was paid above the prices: the
/// first complete partition that comes up costs least.
pub(super) fn best(units: &[Vec<Placed>], dissimilarity: &Dissimilarity) -> Vec<UnitaryAlignment> {
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
    let mut alignment = Vec::new();
    for part in parts(row.len(), &sets) {
        for chosen in Part::new(&part).solve() {
            let mut unitary = vec![None; units.len()];
            for &position in &part.sets[chosen].units {
                let (coder, idx) = row[part.positions[position]];
                unitary[coder] = Some(idx);
            }
            alignment.push(unitary);
        }
    }
    alignment
}

/// Units that may be aligned with each other, at most one per coder.
#[derive(Clone, Debug)]
struct Set {
    units: Vec<usize>, // positions, ascending
    cost: f64,
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
        for &unit in &set.units[1..] {
            let (a, b) = (leader_of(&mut leader, set.units[0]), leader_of(&mut leader, unit));
            leader[a.max(b)] = a.min(b);
        }
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

/// The smallest of the units that are connected with this one; shortens the way there.
fn leader_of(leader: &mut [usize], mut unit: usize) -> usize {
    while leader[unit] != unit {
        leader[unit] = leader[leader[unit]];
        unit = leader[unit];
    }
    unit
}

/// Subgradient steps; more of them only make the search shorter.
const N_STEPS: u32 = 80;

struct Part<'a> {
    sets: &'a [Set],
    /// What each set costs above the prices of its units: never below 0, but for rounding.
    above: Vec<f64>,
    /// The sets of every unit.
    sets_of: Vec<Vec<usize>>,
}

impl<'a> Part<'a> {
    fn new(part: &'a Connected) -> Self {
        let n_units = part.positions.len();
        let mut sets_of = vec![Vec::new(); n_units];
        for (number, set) in part.sets.iter().enumerate() {
            for &unit in &set.units {
                sets_of[unit].push(number);
            }
        }
        let prices = prices(n_units, &part.sets, &sets_of);
        let above = part.sets.iter().map(|set| (set.cost - price_of(set, &prices)).max(0.0)).collect();
        Self { sets: &part.sets, above, sets_of }
    }

    /// The sets of the best partition.
    fn solve(&self) -> Vec<usize> {
        let mut way: Vec<(usize, usize)> = Vec::new(); // the set taken, the step before it
        let mut seen = BTreeSet::new();
        let mut open = BinaryHeap::new();
        open.push(Partial { above: 0.0, next: 0, taken: Vec::new(), step: usize::MAX });
        while let Some(partial) = open.pop() {
            if partial.next == self.sets_of.len() {
                let steps = std::iter::successors(Some(partial.step).filter(|step| *step < way.len()), |&step| {
                    Some(way[step].1).filter(|before| *before < way.len())
                });
                return steps.map(|step| way[step].0).collect();
            }
            if !seen.insert((partial.next, partial.taken.clone())) {
                continue;
            }
            let free = |unit: &usize| *unit >= partial.next && !partial.taken.contains(unit);
            for &number in &self.sets_of[partial.next] {
                let set = &self.sets[number];
                if set.units.iter().all(free) {
                    let mut taken: Vec<usize> = partial.taken.iter().chain(&set.units).copied().collect();
                    taken.sort_unstable();
                    let mut next = partial.next;
                    let n_passed = taken.iter().take_while(|unit| {
                        let passed = **unit == next;
                        next += usize::from(passed);
                        passed
                    });
                    taken.drain(..n_passed.count());
                    way.push((number, partial.step));
                    let above = partial.above + self.above[number];
                    open.push(Partial { above, next, taken, step: way.len() - 1 });
                }
            }
        }
        unreachable!("every unit has a set of its own")
    }
}

/// Some units are in sets: all before `next`, and those in `taken`.
#[derive(PartialEq)]
struct Partial {
    above: f64,
    next: usize,
    taken: Vec<usize>,
    step: usize,
}

impl Eq for Partial {}

/// The greatest comes first: where least was paid, of those where most is done.
impl Ord for Partial {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_cost = other.above.total_cmp(&self.above);
        by_cost.then(self.next.cmp(&other.next)).then_with(|| other.step.cmp(&self.step))
    }
}

impl PartialOrd for Partial {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn price_of(set: &Set, prices: &[f64]) -> f64 {
    set.units.iter().map(|&unit| prices[unit]).sum()
}

/// A price for every unit, such that no set costs less than its units' prices and all prices together are large.
fn prices(n_units: usize, sets: &[Set], sets_of: &[Vec<usize>]) -> Vec<f64> {
    let share = |number: &usize| sets[*number].cost / sets[*number].units.len() as f64;
    let mut prices: Vec<f64> =
        (0..n_units).map(|unit| sets_of[unit].iter().map(share).fold(f64::INFINITY, f64::min)).collect();
    let mut best = (f64::NEG_INFINITY, prices.clone());
    let mut step = 0.5 * prices.iter().sum::<f64>() / n_units as f64;
    for _ in 0..N_STEPS {
        let mut missing = vec![1.0; n_units]; // how often a unit is in too few sets
        let mut bound: f64 = prices.iter().sum();
        for set in sets {
            let above = set.cost - price_of(set, &prices);
            if above < 0.0 {
                bound += above;
                set.units.iter().for_each(|&unit| missing[unit] -= 1.0);
            }
        }
        if bound > best.0 {
            best = (bound, prices.clone());
        }
        prices.iter_mut().zip(&missing).for_each(|(price, missing)| *price += step * missing);
        step *= 0.93;
    }
    let mut prices = best.1;
    for set in sets {
        let above = set.cost - price_of(set, &prices);
        if above < 0.0 {
            set.units.iter().for_each(|&unit| prices[unit] += above / set.units.len() as f64);
        }
    }
    for unit in 0..n_units {
        let room = sets_of[unit].iter().map(|&number| sets[number].cost - price_of(&sets[number], &prices));
        prices[unit] += room.fold(f64::INFINITY, f64::min);
    }
    prices
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
            let alignment = best(&units, &dissimilarity);
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
