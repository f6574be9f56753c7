//! Finds where one recording lies on another's clock, by the sound that both heard.
//!
//! ```text
//! first    ──▂█▂──▂█▁▁▂█▂───▂█▂──      1. how loudness rises, 100 times a second: which of all shifts is likely
//! second            ▂█▁▁▂█▂───▂█       2. the sound itself, in windows along what both have: where each of them lies
//!                    w1   w2   w3      3. a line through the windows: its height is the offset, its slope the drift
//! ```

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use span::{Instant, Length};

use crate::MediaError;
use crate::sound::{CHANNELS, SoundReader};

/// Samples a second that are compared. Voices lie below half of it, and three hours take 86 MB.
const RATE: u32 = 4_000;
/// Samples in a step of the loudness curve: 10 ms.
const STEP: usize = 40;
/// How much both must have in common.
const LEAST_SECS: f64 = 4.0;
/// A shift that stands out less among all shifts is chance.
const LEAST_PEAK: f64 = 6.0;
/// Likewise for the windows of the sound itself.
const LEAST_WINDOW_PEAK: f64 = 7.0;
/// Samples in a window: 8.2 s.
const WINDOW: usize = 32_768;
/// Samples that a window may lie off, either way: half a second, for the steps of the curve and an hour's drift.
const REACH: usize = 2_000;
/// Windows looked at, at most.
const WINDOWS: usize = 40;
/// Windows further off the line heard something else.
const STRAY_SECS: f64 = 0.02;
/// So many windows agree at least, or all where there is room for fewer: of many, one may look alike by chance.
const LEAST_WINDOWS: usize = 3;
/// A drift is told apart from chance over at least so long.
const DRIFT_SECS: f64 = 60.0;

/// A recording whose sound is compared.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The file.
    pub path: PathBuf,
    /// The container's time of its first displayed frame ([`crate::FrameIndex::container_start`]).
    pub zero: Instant,
    /// When its last picture ends, on its own clock: for what is told of the progress, and nothing else.
    pub end: Instant,
}

/// Where a second recording lies on the first one's clock.
///
/// *Definition*: a moment `t` of the second is the moment `offset + t · rate` of the first.
///
/// *Limitations*: both microphones hear the same sound; the way that sound takes to each (3 ms for a metre) is part of the offset.
///
/// *Reference*: Knapp, C., & Carter, G. (1976). The generalized correlation method for estimation of time delay. IEEE Transactions on
/// Acoustics, Speech, and Signal Processing, 24, 320–327 (phase transform); Theil's and Sen's line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoundSync {
    /// When the second's zero is, on the first's clock.
    pub offset: Length,
    /// The first's seconds per second of the second, as numerator and denominator; 1 / 1 where no drift is told apart from chance.
    pub rate: (u64, u64),
    /// The median distance of the windows from what is said here.
    pub residual: Length,
    /// How many windows of the sound agree.
    pub windows: usize,
}

/// A place where the sound itself was found again.
#[derive(Clone, Copy)]
struct Found {
    second: f64, // seconds on the second's clock
    offset: f64, // how much later that is on the first's
}

impl SoundSync {
    /// Compares the sounds of two recordings. Takes about a second for ten minutes; for a thread of its own.
    ///
    /// `progress` is told how much is done, in 0..=1.
    ///
    /// # Errors
    /// [`MediaError::NoSound`]; [`MediaError::NothingInCommon`] where no shift stands out; [`MediaError::Cancelled`] once `cancel` is
    /// raised; otherwise what is wrong with a file.
    pub fn find(
        first: &Recording,
        second: &Recording,
        cancel: &AtomicBool,
        progress: &mut dyn FnMut(f32),
    ) -> Result<Self, MediaError> {
        let nothing = || MediaError::NothingInCommon { first: first.path.clone(), second: second.path.clone() };
        let total = ((first.end - Instant::ZERO) + (second.end - Instant::ZERO)).as_secs().max(1.0);
        let mut read_secs = 0.0;
        let mut read = |secs: f64| {
            read_secs += secs;
            progress((0.8 * read_secs / total).min(0.8) as f32);
        };
        let one = Track::read(first, cancel, &mut read)?;
        let other = Track::read(second, cancel, &mut read)?;
        let shift = likely_shift(&one, &other).ok_or_else(nothing)?;
        progress(0.9);
        let (looked_at, found) =
            windows(&one, &other, shift, cancel).ok_or_else(|| MediaError::Cancelled { file: first.path.clone() })?;
        progress(1.0);
        Self::through(&found).filter(|sync| sync.windows >= looked_at.min(LEAST_WINDOWS)).ok_or_else(nothing)
    }

    /// The line through most of the windows; `None` where they do not agree.
    fn through(found: &[Found]) -> Option<Self> {
        let middle = median(found.iter().map(|window| window.offset).collect())?;
        let slope_of = |windows: &[Found]| {
            let pairs = windows.iter().enumerate().flat_map(|(n, a)| windows[n + 1..].iter().map(move |b| (a, b)));
            let far = pairs.filter(|(a, b)| (b.second - a.second).abs() >= DRIFT_SECS / 2.0);
            median(far.map(|(a, b)| (b.offset - a.offset) / (b.second - a.second)).collect())
        };
        let ends = found.iter().map(|window| window.second);
        let length = ends.clone().fold(f64::MIN, f64::max) - ends.fold(f64::MAX, f64::min);
        let slope = if length >= DRIFT_SECS { slope_of(found).unwrap_or(0.0) } else { 0.0 };
        let centre = median(found.iter().map(|window| window.second).collect())?;
        let height = if slope == 0.0 {
            middle
        } else {
            median(found.iter().map(|window| window.offset - slope * (window.second - centre)).collect())?
        };
        let off = |window: &Found| (window.offset - height - slope * (window.second - centre)).abs();
        let near: Vec<Found> = found.iter().copied().filter(|window| off(window) <= STRAY_SECS).collect();
        if near.len() * 2 <= found.len() {
            return None;
        }
        let residual = median(near.iter().map(off).collect())?;
        let is_drift = slope.abs() * length > 4.0 * residual + 1.0 / f64::from(RATE);
        let (height, slope) = if is_drift { (height - slope * centre, slope) } else { (middle, 0.0) };
        Some(Self {
            offset: Length::from_micros((height * 1e6).round() as i64),
            rate: ratio(slope),
            residual: Length::from_micros((residual * 1e6).round() as i64),
            windows: near.len(),
        })
    }

    /// Parts in a million by which the second's clock runs slow; 0 without drift.
    #[must_use]
    pub fn drift_ppm(&self) -> f64 {
        (self.rate.0 as f64 / self.rate.1 as f64 - 1.0) * 1e6
    }
}

/// `1 + slope`, to a part in a thousand million.
fn ratio(slope: f64) -> (u64, u64) {
    const ONE: u64 = 1_000_000_000;
    let more = (slope * ONE as f64).round() as i64;
    if more == 0 { (1, 1) } else { (ONE.saturating_add_signed(more), ONE) }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    (n > 0).then(|| f64::midpoint(values[(n - 1) / 2], values[n / 2]))
}

/// A recording's sound, both channels as one.
struct Track {
    samples: Vec<i16>,
    begins: i64, // samples since the medium's zero
}

impl Track {
    /// `read_secs` is told how much more has been read.
    fn read(recording: &Recording, cancel: &AtomicBool, read_secs: &mut dyn FnMut(f64)) -> Result<Self, MediaError> {
        let path: &Path = &recording.path;
        let no_sound = || MediaError::NoSound { file: path.to_owned() };
        let mut reader = SoundReader::open(path, recording.zero, RATE)?.ok_or_else(no_sound)?;
        let begins = reader.position_at(reader.start());
        reader.seek(begins)?;
        let (mut samples, mut read) = (Vec::new(), Vec::new());
        while reader.read(&mut read)? {
            if cancel.load(Ordering::Relaxed) {
                return Err(MediaError::Cancelled { file: path.to_owned() });
            }
            let mono = |moment: &[f32]| moment.iter().sum::<f32>() / CHANNELS as f32;
            let stored = |sample: f32| (sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16;
            samples.extend(read.chunks_exact(CHANNELS).map(|moment| stored(mono(moment))));
            read_secs((read.len() / CHANNELS) as f64 / f64::from(RATE));
            read.clear();
        }
        Ok(Self { samples, begins })
    }

    /// How much louder each step is than the one before; never less than 0, on average 0.
    fn rises(&self) -> Vec<f32> {
        let loudness = |step: &[i16]| {
            let power: f32 = step.iter().map(|sample| f32::from(*sample).powi(2)).sum();
            (1.0 + power / step.len() as f32).ln()
        };
        let curve: Vec<f32> = self.samples.chunks_exact(STEP).map(loudness).collect();
        let mut rises: Vec<f32> = curve.windows(2).map(|pair| (pair[1] - pair[0]).clamp(0.0, 3.0)).collect();
        let mean = rises.iter().sum::<f32>() / rises.len().max(1) as f32;
        for rise in &mut rises {
            *rise -= mean;
        }
        rises
    }

    /// The samples from a place since the medium's zero on; silence where there are none.
    fn stretch(&self, from: i64, length: usize) -> Vec<f32> {
        let at = |place: i64| usize::try_from(place - self.begins).ok().and_then(|place| self.samples.get(place));
        (from..from + length as i64).map(|place| at(place).map_or(0.0, |sample| f32::from(*sample))).collect()
    }

    fn secs(&self) -> f64 {
        self.samples.len() as f64 / f64::from(RATE)
    }
}

/// How many samples later the second's zero is on the first's clock, to a step; `None` where no shift stands out.
fn likely_shift(first: &Track, second: &Track) -> Option<i64> {
    if first.secs().min(second.secs()) < LEAST_SECS {
        return None;
    }
    let (one, other) = (first.rises(), second.rises());
    let mut planner = RealFftPlanner::new();
    let size = (one.len() + other.len()).next_power_of_two();
    let sums = correlated(&mut planner, size, &one, &other, |product| product)?;
    let least = (LEAST_SECS * f64::from(RATE)) as i64 / STEP as i64;
    let shifts = least - other.len() as i64..=one.len() as i64 - least;
    let sum_at = |shift: i64| f64::from(sums[shift.rem_euclid(size as i64) as usize]);
    let best = shifts.clone().max_by(|a, b| sum_at(*a).total_cmp(&sum_at(*b)))?;
    let n = shifts.clone().count() as f64;
    let spread = (shifts.map(|shift| sum_at(shift).powi(2)).sum::<f64>() / n).sqrt();
    (sum_at(best) > LEAST_PEAK * spread).then(|| best * STEP as i64 + first.begins - second.begins)
}

/// How many windows of the second's sound were looked at, and where those lie on the first's clock that were found there; `None` once
/// `cancel` is raised.
fn windows(first: &Track, second: &Track, shift: i64, cancel: &AtomicBool) -> Option<(usize, Vec<Found>)> {
    let begins = second.begins.max(first.begins - shift);
    let end = |track: &Track| track.begins + track.samples.len() as i64;
    let ends = end(second).min(end(first) - shift);
    let room = ends - begins - WINDOW as i64;
    let count = (room.max(0) / (WINDOW as i64 / 2) + 1).min(WINDOWS as i64);
    let mut planner = RealFftPlanner::new();
    let mut found = Vec::new();
    for n in 0..count {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        let from = begins + if count > 1 { room * n / (count - 1) } else { 0 };
        let length = WINDOW.min((ends - from) as usize);
        let theirs = second.stretch(from, length);
        let ours = first.stretch(from + shift - REACH as i64, length + 2 * REACH);
        if let Some(off) = place_in(&mut planner, &ours, &theirs) {
            let offset = (shift as f64 + off - REACH as f64) / f64::from(RATE);
            let middle = (from as f64 + length as f64 / 2.0) / f64::from(RATE);
            found.push(Found { second: middle, offset });
        }
    }
    Some((count as usize, found))
}

/// Where `part` begins in `whole`, in samples and parts of them; `None` where no place stands out.
fn place_in(planner: &mut RealFftPlanner<f32>, whole: &[f32], part: &[f32]) -> Option<f64> {
    let size = (whole.len() + part.len()).next_power_of_two();
    let phase = |product: Complex<f32>| {
        let power = product.norm();
        if power > 0.0 { product / power } else { product }
    };
    let sums = correlated(planner, size, whole, part, phase)?;
    let places = &sums[..=2 * REACH];
    let best = (0..places.len()).max_by(|a, b| places[*a].total_cmp(&places[*b]))?;
    let spread = (sums.iter().map(|sum| f64::from(*sum).powi(2)).sum::<f64>() / size as f64).sqrt();
    if f64::from(places[best]) < LEAST_WINDOW_PEAK * spread || best == 0 || best == places.len() - 1 {
        return None;
    }
    let [before, at, after] = [best - 1, best, best + 1].map(|place| f64::from(places[place]));
    Some(best as f64 + 0.5 * (before - after) / (before - 2.0 * at + after))
}

/// At each shift of `second`, the sum of products with `first`, after `weighed` has had each frequency; `None` where both are too short.
fn correlated(
    planner: &mut RealFftPlanner<f32>,
    size: usize,
    first: &[f32],
    second: &[f32],
    weighed: impl Fn(Complex<f32>) -> Complex<f32>,
) -> Option<Vec<f32>> {
    let forward = planner.plan_fft_forward(size);
    let (one, other) = (spectrum(&*forward, first)?, spectrum(&*forward, second)?);
    let mut product: Vec<Complex<f32>> =
        one.iter().zip(&other).map(|(one, other)| weighed(one * other.conj())).collect();
    // both ends are real in the spectrum of real numbers
    product[0].im = 0.0;
    product[size / 2].im = 0.0;
    let backward = planner.plan_fft_inverse(size);
    let mut sums = backward.make_output_vec();
    backward.process(&mut product, &mut sums).ok()?;
    Some(sums)
}

fn spectrum(forward: &dyn RealToComplex<f32>, samples: &[f32]) -> Option<Vec<Complex<f32>>> {
    let mut padded = forward.make_input_vec();
    padded[..samples.len()].copy_from_slice(samples);
    let mut spectrum = forward.make_output_vec();
    forward.process(&mut padded, &mut spectrum).ok()?;
    Some(spectrum)
}
