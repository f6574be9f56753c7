//! Finds where one recording lies on another's clock, by the sound that both heard.
//!
//! ```text
//! first    ──▂█▂──▂█▁▁▂█▂───▂█▂──      1. how loudness rises, 100 times a second: where each piece of one is likely in the other
//! second            ▂█▁▁▂█▂───▂█       2. the sound itself, in windows along the line through the pieces: where each of them lies
//!                    w1   w2   w3      3. a line through the windows: its height is the offset, its slope the drift
//! ```
//!
//! One shift for all of two recordings is found only where their clocks agree: at 1,000 parts per million, which cheap recorders reach, ten
//! minutes of the one are 0.6 s more of the other. A piece is short enough for that, and a window is stretched by what the pieces say.

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
/// Seconds in a piece of the loudness curve, and how many are looked for at most.
const PIECE_SECS: f64 = 20.0;
const PIECES: usize = 24;
/// So many pieces lie on one line at least; fewer may by chance.
const LEAST_PIECES: usize = 4;
/// Pieces further off the line are elsewhere.
const PIECE_STRAY_SECS: f64 = 0.04;
/// No two clocks differ by more: 3,000 parts per million.
const MOST_DRIFT: f64 = 0.003;
/// A shift that stands out less among all shifts is chance.
const LEAST_PEAK: f64 = 6.0;
/// Likewise for the windows of the sound itself.
const LEAST_WINDOW_PEAK: f64 = 7.0;
/// Samples in a window: 8.2 s.
const WINDOW: usize = 32_768;
/// Samples that a window may lie off, either way: half a second, for the steps of the curve and the drift that they do not tell.
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

/// How much later the second's moments are on the first's clock.
#[derive(Clone, Copy, Debug)]
struct Line {
    offset: f64, // seconds, at the second's zero
    slope: f64,  // more seconds per second of the second
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
        let cancelled = |Stopped| MediaError::Cancelled { file: first.path.clone() };
        let (one_rises, other_rises) = (one.rises(), other.rises());
        let along = line_of_pieces(&one_rises, &other_rises, cancel).map_err(cancelled)?;
        progress(0.9);
        let lines = along.into_iter().chain(line_of_all(&one_rises, &other_rises)).collect::<Vec<_>>();
        for (n, line) in lines.iter().enumerate() {
            let sync = Self::along(*line, &one, &other, cancel).map_err(cancelled)?;
            progress(0.9 + 0.1 * (n + 1) as f32 / lines.len() as f32);
            if let Some(sync) = sync {
                return Ok(sync);
            }
        }
        Err(nothing())
    }

    /// The line through the windows that lie along a likely one; `None` where they do not agree.
    ///
    /// Twice: what the first windows say of the drift is nearer than what the pieces said, and the second ones are stretched by it.
    fn along(line: Line, first: &Track, second: &Track, cancel: &AtomicBool) -> Result<Option<Self>, Stopped> {
        let looked = |line: Line| {
            let (looked_at, found) = windows(first, second, line, cancel)?;
            Ok(Self::through(&found).filter(|sync| sync.windows >= looked_at.min(LEAST_WINDOWS)))
        };
        let Some(near) = looked(line)? else { return Ok(None) };
        let nearer = Line { offset: near.offset.as_secs(), slope: near.rate.0 as f64 / near.rate.1 as f64 - 1.0 };
        Ok(looked(nearer)?.or(Some(near)))
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

/// Somebody does not want to know any more.
struct Stopped;

fn go_on_unless(cancel: &AtomicBool) -> Result<(), Stopped> {
    if cancel.load(Ordering::Relaxed) { Err(Stopped) } else { Ok(()) }
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

    /// How much louder each step is than the one before.
    fn rises(&self) -> Rises {
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
        Rises { rises, begins: self.begins as f64 / f64::from(RATE) }
    }

    /// So many samples from a place since the medium's zero on, one every `every`; silence where there are none.
    fn stretch(&self, from: f64, every: f64, length: usize) -> Vec<f32> {
        let at = |place: i64| usize::try_from(place - self.begins).ok().and_then(|place| self.samples.get(place));
        let sample = |place: i64| at(place).map_or(0.0, |sample| f32::from(*sample));
        let between = |place: f64| {
            let before = place.floor();
            let part = (place - before) as f32;
            sample(before as i64) * (1.0 - part) + sample(before as i64 + 1) * part
        };
        (0..length).map(|n| between(from + every * n as f64)).collect()
    }

    fn end(&self) -> f64 {
        (self.begins + self.samples.len() as i64) as f64
    }
}

/// How loudness rises.
struct Rises {
    rises: Vec<f32>, // a step each; on average 0
    begins: f64,     // seconds since the medium's zero
}

const STEP_SECS: f64 = STEP as f64 / RATE as f64;

impl Rises {
    fn secs(&self) -> f64 {
        self.rises.len() as f64 * STEP_SECS
    }
}

/// Where all of the second lies on the first's clock, as if both clocks ran alike; `None` where no shift stands out.
fn line_of_all(first: &Rises, second: &Rises) -> Option<Line> {
    if first.secs().min(second.secs()) < LEAST_SECS {
        return None;
    }
    let mut planner = RealFftPlanner::new();
    let size = (first.rises.len() + second.rises.len()).next_power_of_two();
    let sums = correlated(&mut planner, size, &first.rises, &second.rises, |product| product)?;
    let least = (LEAST_SECS / STEP_SECS) as i64;
    let shifts = least - second.rises.len() as i64..=first.rises.len() as i64 - least;
    let sum_at = |shift: i64| f64::from(sums[shift.rem_euclid(size as i64) as usize]);
    let best = shifts.clone().max_by(|a, b| sum_at(*a).total_cmp(&sum_at(*b)))?;
    let n = shifts.clone().count() as f64;
    let spread = (shifts.map(|shift| sum_at(shift).powi(2)).sum::<f64>() / n).sqrt();
    let offset = best as f64 * STEP_SECS + first.begins - second.begins;
    (sum_at(best) > LEAST_PEAK * spread).then_some(Line { offset, slope: 0.0 })
}

/// The line on which most pieces of the shorter one are found in the longer one; `None` where too few lie on any, or there are too few.
fn line_of_pieces(first: &Rises, second: &Rises, cancel: &AtomicBool) -> Result<Option<Line>, Stopped> {
    let is_first_longer = first.rises.len() >= second.rises.len();
    let (longer, shorter) = if is_first_longer { (first, second) } else { (second, first) };
    let length = (PIECE_SECS / STEP_SECS) as usize;
    let count = (shorter.rises.len() / length).min(PIECES);
    if count < LEAST_PIECES {
        return Ok(None);
    }
    let mut planner = RealFftPlanner::new();
    let size = (longer.rises.len() + length).next_power_of_two();
    let mut found = Vec::new(); // of each piece, the moment in the shorter one, and how much later it is in the longer one
    for n in 0..count {
        go_on_unless(cancel)?;
        let from = (shorter.rises.len() - length) * n / (count - 1);
        let piece = &shorter.rises[from..from + length];
        let Some(sums) = correlated(&mut planner, size, &longer.rises, piece, |product| product) else { continue };
        let places = &sums[..=longer.rises.len() - length];
        let best = (0..places.len()).max_by(|a, b| places[*a].total_cmp(&places[*b]));
        let middle = |from: usize, rises: &Rises| rises.begins + (from + length / 2) as f64 * STEP_SECS;
        found.extend(best.map(|best| (middle(from, shorter), middle(best, longer) - middle(from, shorter))));
    }
    let off = |line: &Line, (time, later): (f64, f64)| (later - line.offset - line.slope * time).abs();
    let on = |line: &Line| found.iter().filter(|piece| off(line, **piece) <= PIECE_STRAY_SECS).count();
    let pairs = found.iter().enumerate().flat_map(|(n, a)| found[n + 1..].iter().map(move |b| (a, b)));
    let lines = pairs.map(|(a, b)| {
        let slope = (b.1 - a.1) / (b.0 - a.0);
        Line { offset: a.1 - slope * a.0, slope }
    });
    let likely = lines.filter(|line| line.slope.abs() <= MOST_DRIFT).max_by_key(|line| on(line));
    let likely = likely.filter(|line| on(line) >= LEAST_PIECES);
    Ok(likely.map(|line| if is_first_longer { line } else { line.turned() }))
}

impl Line {
    /// The same seen from the other recording.
    fn turned(self) -> Self {
        Self { offset: -self.offset / (1.0 + self.slope), slope: -self.slope / (1.0 + self.slope) }
    }
}

/// How many windows of the second's sound were looked at, and where those lie on the first's clock that were found near a line.
fn windows(first: &Track, second: &Track, line: Line, cancel: &AtomicBool) -> Result<(usize, Vec<Found>), Stopped> {
    let (offset, speed) = (line.offset * f64::from(RATE), 1.0 + line.slope); // in samples
    let in_first = |place: f64| offset + place * speed;
    let in_second = |place: f64| (place - offset) / speed;
    let begins = (second.begins as f64).max(in_second(first.begins as f64)).ceil();
    let ends = second.end().min(in_second(first.end()));
    let length = (WINDOW as f64).min((ends - begins).max(0.0)) as usize;
    let room = ends - begins - WINDOW as f64 * 1.01; // stretched, a window is a little longer
    let count = (room.max(0.0) / (WINDOW as f64 / 2.0) + 1.0).min(WINDOWS as f64) as usize;
    let mut planner = RealFftPlanner::new();
    let mut found = Vec::new();
    for n in 0..count {
        go_on_unless(cancel)?;
        let from = (begins + if count > 1 { room.max(0.0) * n as f64 / (count - 1) as f64 } else { 0.0 }).floor();
        let begins = in_first(from).floor() - REACH as f64;
        let theirs = second.stretch(from, 1.0 / speed, length);
        let ours = first.stretch(begins, 1.0, length + 2 * REACH);
        if let Some(off) = place_in(&mut planner, &ours, &theirs) {
            let half = length as f64 / 2.0 / speed;
            let offset = begins + off - from + line.slope * half;
            found.push(Found { second: (from + half) / f64::from(RATE), offset: offset / f64::from(RATE) });
        }
    }
    Ok((count, found))
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
