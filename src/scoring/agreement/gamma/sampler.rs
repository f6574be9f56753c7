//! Coders who know nothing of each other.

use super::Sampler;
use super::dissimilarity::Placed;
use crate::random::Random;

/// What chance keeps of the coders: their units, and moments of these.
pub(super) struct SampleFrom<'a> {
    units: &'a [Vec<Placed>],
    range: (f64, f64),
    n_units: Moments,
    gaps: Moments,
    durations: Moments,
    codes: Vec<usize>, // of every unit: a random one of them has each code with its share
}

/// No unit that is drawn is shorter than this: one microsecond.
const SHORTEST: f64 = 1.0;

impl<'a> SampleFrom<'a> {
    /// Times count from the start of the range, which is `range` long or up to the end of the last unit.
    pub(super) fn new(units: &'a [Vec<Placed>], range: f64) -> Self {
        let mut gaps = vec![0.0];
        let in_order = |coder: &Vec<Placed>| {
            let mut coder = coder.clone();
            coder.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.end.total_cmp(&b.end)));
            coder
        };
        for coder in units.iter().map(in_order) {
            gaps.extend(coder.windows(2).map(|pair| pair[1].start - pair[0].end));
            gaps.extend(coder.first().map(|unit| unit.start).filter(|start| *start > 0.0));
        }
        let all = || units.iter().flatten();
        let earliest = all().map(|unit| unit.start).fold(0.0, f64::min);
        let latest = all().map(|unit| unit.end).fold(range, f64::max);
        Self {
            units,
            range: (earliest, latest),
            n_units: Moments::of(&units.iter().map(|coder| coder.len() as f64).collect::<Vec<_>>()),
            gaps: Moments::of(&gaps),
            durations: Moments::of(&all().map(|unit| unit.length).collect::<Vec<_>>()),
            codes: all().map(|unit| unit.code).collect(),
        }
    }

    /// As many coders, with one unit at least.
    pub(super) fn draw(&self, sampler: Sampler, random: &mut Random) -> Vec<Vec<Placed>> {
        match sampler {
            Sampler::Statistical => self.drawn(random),
            Sampler::Shuffle => loop {
                let sample = self.moved(random);
                if sample.iter().any(|coder| !coder.is_empty()) {
                    return sample;
                }
            },
        }
    }

    fn drawn(&self, random: &mut Random) -> Vec<Vec<Placed>> {
        let mut sample: Vec<Vec<Placed>> = Vec::with_capacity(self.units.len());
        for _ in self.units {
            let is_empty = sample.iter().all(Vec::is_empty);
            let n_units = self.n_units.draw(random).trunc().abs().max(if is_empty { 1.0 } else { 0.0 }) as usize;
            let mut last = 0.0;
            let unit = |_| {
                let start = last + self.gaps.draw(random);
                let mut durations = std::iter::repeat_with(|| self.durations.draw(random).abs());
                let long_enough = durations.find(|duration| *duration >= SHORTEST);
                let end = start + long_enough.expect("it repeats");
                let code = self.codes[random.below(self.codes.len() as u64) as usize];
                last = end;
                Placed::new(start, end, code)
            };
            sample.push((0..n_units).map(unit).collect());
        }
        sample
    }

    fn moved(&self, random: &mut Random) -> Vec<Vec<Placed>> {
        let (from, until) = self.range;
        let apart = self.durations.mean / 2.0;
        let mut free = vec![(from, until)];
        let mut moved = |_| {
            let total: f64 = free.iter().map(|(start, end)| end - start).sum();
            let pivot = if total > 0.0 {
                let pivot = place(&free, total * random.unit());
                free = free.iter().flat_map(|&hole| around(hole, pivot, apart)).collect();
                pivot
            } else {
                from + (until - from) * random.unit()
            };
            let coder = &self.units[random.below(self.units.len() as u64) as usize];
            let by = |start: f64| if start + (pivot - from) > until { pivot - until } else { pivot - from };
            coder
                .iter()
                .map(|unit| Placed { start: unit.start + by(unit.start), end: unit.end + by(unit.start), ..*unit })
                .collect()
        };
        (0..self.units.len()).map(&mut moved).collect()
    }
}

/// The place at this distance along stretches that follow one another.
fn place(stretches: &[(f64, f64)], mut distance: f64) -> f64 {
    for (start, end) in stretches {
        if distance < end - start {
            return start + distance;
        }
        distance -= end - start;
    }
    stretches.last().map_or(0.0, |(_, end)| *end)
}

/// What is left of a stretch without everything nearer to `pivot` than `apart`.
fn around((start, end): (f64, f64), pivot: f64, apart: f64) -> impl Iterator<Item = (f64, f64)> {
    [(start, end.min(pivot - apart)), (start.max(pivot + apart), end)].into_iter().filter(|(start, end)| start < end)
}

/// The mean and the standard deviation of a whole.
struct Moments {
    mean: f64,
    sd: f64,
}

impl Moments {
    fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
        Self { mean, sd: libm::sqrt(variance) }
    }

    fn draw(&self, random: &mut Random) -> f64 {
        random.normal(self.mean, self.sd)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moved_coders_begin_half_a_unit_apart_at_least() {
        // a unit at the very start begins where its coder was moved to
        let units = vec![vec![Placed::new(0.0, 40.0, 0)]; 3];
        let source = SampleFrom::new(&units, 100.0);
        for replicate in 0..50 {
            let mut starts: Vec<f64> =
                source.moved(&mut Random::new(1, replicate)).iter().map(|coder| coder[0].start).collect();
            starts.sort_by(f64::total_cmp);
            assert!(starts.windows(2).all(|pair| pair[1] - pair[0] >= 20.0), "{replicate}: {starts:?}");
        }
    }
}
