//! The cheapest way to cover units by sets, each unit once.

/// Units that may be aligned with each other.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) units: Vec<usize>, // ascending
    pub(super) cost: f64,
}

/// Sets that hold every unit once.
pub(super) struct Cover {
    pub(super) sets: Vec<usize>,
    /// Is there no cheaper one?
    pub(super) is_proven: bool,
}

/// The cheapest cover of `n_units` by some of the sets; every unit has a set of its own.
///
/// Branch and bound. Prices of units give a bound: the sum of the prices, less by how much sets undercut them. Subgradient steps bring it near
/// the cost of the best cover known; sets whose cost above the prices is more than what is missing cannot be part of a cheaper one. What the
/// sets that are left connect is solved apart, with what is missing there; where all hangs together, all sets of the unit with the fewest of
/// them are tried.
///
/// *Reference*: Held, M., Wolfe, P., & Crowder, H. P. (1974). Validation of subgradient optimization. Mathematical Programming, 6, 62–88,
/// doi 10.1007/BF01580223. Fisher, M. L. (1981). The Lagrangian relaxation method for solving integer programming problems. Management
/// Science, 27, 1–18, doi 10.1287/mnsc.27.1.1.
pub(super) fn cheapest(n_units: usize, sets: &[Set]) -> Cover {
    let mut prices = vec![f64::INFINITY; n_units];
    for set in sets {
        let share = set.cost / set.units.len() as f64;
        for &unit in &set.units {
            prices[unit] = prices[unit].min(share);
        }
    }
    let (units, all): (Vec<usize>, Vec<usize>) = ((0..n_units).collect(), (0..sets.len()).collect());
    let mut search = Search { sets, nodes_left: MOST_NODES, is_proven: true };
    let best = search.solve(&units, &all, &prices, f64::INFINITY, ROOT_STEPS);
    let (_, sets) = best.expect("every unit has a set of its own");
    Cover { sets, is_proven: search.is_proven }
}

/// Covers that differ by less than this cost the same.
const SLACK: f64 = 1e-10;
/// So many branches are tried; what is best by then is not proven.
const MOST_NODES: usize = 20_000;
const ROOT_STEPS: usize = 200;
const BRANCH_STEPS: usize = 40;
/// A bound is better when it comes nearer to the best cover by this share of what is missing.
const ENOUGH: f64 = 1e-3;

struct Search<'a> {
    sets: &'a [Set],
    nodes_left: usize,
    is_proven: bool,
}

/// What a cover costs, and its sets.
type Found = (f64, Vec<usize>);

/// The best cover so far, if it costs less than what was asked for.
struct Best {
    limit: f64,
    sets: Option<Vec<usize>>,
}

impl Best {
    fn offer(&mut self, cost: f64, sets: impl FnOnce() -> Vec<usize>) {
        if cost < self.limit - SLACK {
            (self.limit, self.sets) = (cost, Some(sets()));
        }
    }

    fn found(self) -> Option<Found> {
        let limit = self.limit;
        self.sets.map(|sets| (limit, sets))
    }
}

impl Search<'_> {
    /// The cheapest cover of `units` by some of `sets`; `None` where none costs less than `limit`.
    fn solve(&mut self, units: &[usize], sets: &[usize], prices: &[f64], limit: f64, n_steps: usize) -> Option<Found> {
        let mut best = Best { limit, sets: None };
        if units.is_empty() {
            best.offer(0.0, Vec::new);
            return best.found();
        }
        if self.counts(sets, prices.len(), units).contains(&0) {
            return None;
        }
        let (bound, prices) = self.bound(units, sets, prices, &mut best, n_steps);
        if bound >= best.limit - SLACK {
            return best.found();
        }
        if self.nodes_left == 0 {
            self.is_proven = false;
            return best.found();
        }
        self.nodes_left -= 1;

        let missing = best.limit - SLACK - bound;
        let left: Vec<usize> = sets.iter().copied().filter(|&set| self.above(set, &prices) < missing).collect();
        let parts = self.parts(units, &left, prices.len());
        if parts.len() > 1 {
            let bound_of = |(units, sets): &(Vec<usize>, Vec<usize>)| {
                let prices_of: f64 = units.iter().map(|&unit| prices[unit]).sum();
                prices_of + sets.iter().map(|&set| self.above(set, &prices).min(0.0)).sum::<f64>()
            };
            let bounds: Vec<f64> = parts.iter().map(bound_of).collect();
            let (mut cost, mut cover, mut to_come) = (0.0, Vec::new(), bounds.iter().sum::<f64>());
            for ((units, sets), bound) in parts.iter().zip(bounds) {
                to_come -= bound;
                let Some(found) = self.solve(units, sets, &prices, best.limit - cost - to_come, n_steps) else {
                    return best.found();
                };
                cost += found.0;
                cover.extend(found.1);
            }
            best.offer(cost, || cover);
            return best.found();
        }

        let counts = self.counts(&left, prices.len(), units);
        let Some((_, unit)) = counts.into_iter().zip(units.iter().copied()).min() else { return best.found() };
        let mut choices: Vec<usize> =
            left.iter().copied().filter(|&set| self.sets[set].units.contains(&unit)).collect();
        choices.sort_by(|&a, &b| self.above(a, &prices).total_cmp(&self.above(b, &prices)).then(a.cmp(&b)));
        for set in choices {
            let Set { units: taken, cost } = &self.sets[set];
            let rest: Vec<usize> = units.iter().copied().filter(|unit| !taken.contains(unit)).collect();
            let is_apart = |other: &usize| !self.sets[*other].units.iter().any(|unit| taken.contains(unit));
            let apart: Vec<usize> = left.iter().copied().filter(is_apart).collect();
            if let Some((rest_cost, mut cover)) = self.solve(&rest, &apart, &prices, best.limit - cost, BRANCH_STEPS) {
                cover.push(set);
                best.offer(cost + rest_cost, || cover);
            }
        }
        best.found()
    }

    /// What covering `units` costs at least, and the prices that show it; offers covers found on the way.
    fn bound(
        &self,
        units: &[usize],
        sets: &[usize],
        prices: &[f64],
        best: &mut Best,
        n_steps: usize,
    ) -> (f64, Vec<f64>) {
        let mut prices = prices.to_vec();
        let mut highest = (f64::NEG_INFINITY, prices.clone());
        let (mut stride, mut since_better) = (1.0, 0);
        let mut missing = vec![0.0; prices.len()]; // how often a unit is in too few of the sets that pay
        for step in 0..n_steps {
            let mut bound = 0.0;
            for &unit in units {
                missing[unit] = 1.0;
                bound += prices[unit];
            }
            for &set in sets {
                let above = self.above(set, &prices);
                if above < 0.0 {
                    bound += above;
                    for &unit in &self.sets[set].units {
                        missing[unit] -= 1.0;
                    }
                }
            }
            if step % 32 == 0 {
                self.offer_greedily(units.len(), sets, &prices, best);
            }
            let to_go = best.limit - bound;
            since_better += 1;
            if bound > highest.0 + ENOUGH * to_go.max(SLACK) || step == 0 {
                since_better = 0;
            } else if since_better >= 8 {
                stride *= 0.6;
                since_better = 0;
            }
            if bound > highest.0 {
                highest.0 = bound;
                highest.1.copy_from_slice(&prices);
            }
            let wrong: f64 = units.iter().map(|&unit| missing[unit] * missing[unit]).sum();
            if to_go <= SLACK || wrong == 0.0 || stride < 1e-2 || !to_go.is_finite() {
                break;
            }
            for &unit in units {
                prices[unit] += stride * to_go / wrong * missing[unit];
            }
        }
        self.offer_greedily(units.len(), sets, &highest.1, best);
        highest
    }

    /// Offers the cover that takes sets by what they cost above the prices, the cheapest first.
    fn offer_greedily(&self, n_units: usize, sets: &[usize], prices: &[f64], best: &mut Best) {
        let mut order: Vec<(f64, usize)> = sets.iter().map(|&set| (self.above(set, prices), set)).collect();
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (mut is_free, mut n_left, mut cost) = (vec![true; prices.len()], n_units, 0.0);
        let mut cover = Vec::new();
        for (_, set) in order {
            let units = &self.sets[set].units;
            if units.iter().all(|&unit| is_free[unit]) {
                for &unit in units {
                    is_free[unit] = false;
                }
                n_left -= units.len();
                cost += self.sets[set].cost;
                cover.push(set);
            }
        }
        if n_left == 0 {
            best.offer(cost, || cover);
        }
    }

    /// What a set costs above the prices of its units.
    fn above(&self, set: usize, prices: &[f64]) -> f64 {
        let Set { units, cost } = &self.sets[set];
        cost - units.iter().map(|&unit| prices[unit]).sum::<f64>()
    }

    /// How many of the sets hold each of `units`.
    fn counts(&self, sets: &[usize], n_all: usize, units: &[usize]) -> Vec<usize> {
        let mut counts = vec![0; n_all];
        for &unit in sets.iter().flat_map(|&set| &self.sets[set].units) {
            counts[unit] += 1;
        }
        units.iter().map(|&unit| counts[unit]).collect()
    }

    /// Units that the sets connect, with these sets.
    fn parts(&self, units: &[usize], sets: &[usize], n_all: usize) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut leader: Vec<usize> = (0..n_all).collect();
        for &set in sets {
            join(&mut leader, &self.sets[set].units);
        }
        let mut number = vec![usize::MAX; n_all];
        let mut parts: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        for &unit in units {
            let first = leader_of(&mut leader, unit);
            if number[first] == usize::MAX {
                number[first] = parts.len();
                parts.push((Vec::new(), Vec::new()));
            }
            parts[number[first]].0.push(unit);
        }
        for &set in sets {
            let first = leader_of(&mut leader, self.sets[set].units[0]);
            parts[number[first]].1.push(set);
        }
        parts
    }
}

/// Connects units; each leads to a smaller one that it is connected with, the smallest to itself.
pub(super) fn join(leader: &mut [usize], units: &[usize]) {
    for &unit in &units[1..] {
        let (a, b) = (leader_of(leader, units[0]), leader_of(leader, unit));
        leader[a.max(b)] = a.min(b);
    }
}

/// The smallest of the units that are connected with this one; shortens the way there.
pub(super) fn leader_of(leader: &mut [usize], mut unit: usize) -> usize {
    while leader[unit] != unit {
        leader[unit] = leader[leader[unit]];
        unit = leader[unit];
    }
    unit
}
