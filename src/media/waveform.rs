//! The shape of a file's sound, at every zoom.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use span::{Instant, Span};

use crate::MediaError;
use crate::rational::scale;
use crate::sound::{CHANNELS, SoundReader};

/// The lowest and the highest sample of every stretch of a file's sound.
///
/// *Shape*: a pyramid; the lowest level has one pair for each 5⅓ ms, each level above one for four of the level below.
/// An hour takes about 3.6 MB.
#[derive(Clone, Debug)]
pub struct Waveform {
    levels: Vec<Vec<Peak>>, // never empty of levels
    begins: i64,            // the place of the first pair, in moments since the medium's zero
}

/// The lowest and the highest sample of a stretch, both channels together, in -1..=1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extremes {
    /// The lowest.
    pub low: f32,
    /// The highest.
    pub high: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Peak {
    low: i16,
    high: i16,
}

const RATE: u32 = 48_000;
/// Moments in a pair of the lowest level.
const BIN: usize = 256;
/// Pairs of one level in a pair of the next.
const FAN: usize = 4;

impl Waveform {
    /// Reads a file's sound; `None` where it has none. Takes seconds for an hour; for a thread of its own.
    ///
    /// `zero` is the container's time of the first displayed frame ([`crate::FrameIndex::container_start`]); `progress`
    /// is told how far on the medium's clock reading has come.
    ///
    /// # Errors
    /// [`MediaError::Cancelled`] once `cancel` is raised; otherwise what is wrong with the file.
    pub fn read(
        path: &Path,
        zero: Instant,
        cancel: &AtomicBool,
        progress: &mut dyn FnMut(Instant),
    ) -> Result<Option<Self>, MediaError> {
        let Some(mut reader) = SoundReader::open(path, zero, RATE)? else { return Ok(None) };
        let begins = reader.position_at(reader.start());
        reader.seek(begins)?;
        let (mut peaks, mut samples) = (Vec::new(), Vec::new());
        while reader.read(&mut samples)? {
            if cancel.load(Ordering::Relaxed) {
                return Err(MediaError::Cancelled { file: path.to_owned() });
            }
            let whole = samples.len() / (BIN * CHANNELS) * (BIN * CHANNELS);
            peaks.extend(samples.chunks_exact(BIN * CHANNELS).map(Peak::of));
            samples.drain(..whole);
            progress(Instant::from_micros(scale(reader.position(), 1_000_000, i64::from(RATE))));
        }
        if !samples.is_empty() {
            peaks.push(Peak::of(&samples));
        }
        Ok(Some(Self { levels: pyramid(peaks), begins }))
    }

    /// The extremes of `columns` equal parts of a stretch of the medium, from left to right; `None` where there is no
    /// sound.
    pub fn columns(&self, span: Span, columns: usize) -> Vec<Option<Extremes>> {
        let place = |column: usize| {
            let micros = scale(span.length().micros(), column as i64, columns as i64);
            scale(span.start().micros() + micros, i64::from(RATE), 1_000_000) - self.begins
        };
        let moments = (place(columns) - place(0)).max(0) as usize / columns.max(1);
        let (level, bin) = self.level_for(moments);
        let at = |column: usize| {
            let (from, to) = (place(column), place(column + 1));
            let first = from.div_euclid(bin).max(0);
            let last = (to - 1).max(from).div_euclid(bin);
            let peaks = level.get(first as usize..=usize::try_from(last).ok()?.min(level.len().checked_sub(1)?))?;
            peaks.iter().copied().reduce(Peak::with).map(Peak::extremes)
        };
        (0..columns).map(at).collect()
    }

    /// Where it begins, and the lowest level; the others are made of that.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let peaks = self.levels.iter().take(1).flatten();
        let pairs = peaks.flat_map(|peak| [peak.low.to_le_bytes(), peak.high.to_le_bytes()]);
        self.begins.to_le_bytes().into_iter().chain(pairs.flatten()).collect()
    }

    /// What [`Self::to_bytes`] made; `None` of anything else.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (begins, pairs) = bytes.split_first_chunk()?;
        let (pairs, rest) = pairs.as_chunks::<4>();
        let peak =
            |[a, b, c, d]: &[u8; 4]| Peak { low: i16::from_le_bytes([*a, *b]), high: i16::from_le_bytes([*c, *d]) };
        let peaks = pairs.iter().map(peak).collect();
        rest.is_empty().then(|| Self { levels: pyramid(peaks), begins: i64::from_le_bytes(*begins) })
    }

    /// The coarsest level that still has two pairs in a column of so many moments, and the moments in a pair of it.
    fn level_for(&self, moments: usize) -> (&[Peak], i64) {
        let bins = std::iter::successors(Some(BIN), |bin| Some(bin * FAN));
        let fitting = self.levels.iter().zip(bins).take_while(|&(_, bin)| bin == BIN || 2 * bin <= moments).last();
        fitting.map_or((&[], BIN as i64), |(level, bin)| (level.as_slice(), bin as i64))
    }
}

impl Peak {
    fn of(samples: &[f32]) -> Self {
        let fold = |(low, high): (f32, f32), &sample: &f32| (low.min(sample), high.max(sample));
        let (low, high) = samples.iter().fold((f32::INFINITY, f32::NEG_INFINITY), fold);
        let stored = |sample: f32| (sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)).round() as i16;
        Self { low: stored(low), high: stored(high) }
    }

    fn with(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    fn extremes(self) -> Extremes {
        Extremes { low: f32::from(self.low) / f32::from(i16::MAX), high: f32::from(self.high) / f32::from(i16::MAX) }
    }
}

fn pyramid(lowest: Vec<Peak>) -> Vec<Vec<Peak>> {
    let mut levels = vec![lowest];
    while let Some(level) = levels.last().filter(|level| level.len() > FAN) {
        let next = level.chunks(FAN).filter_map(|peaks| peaks.iter().copied().reduce(Peak::with)).collect();
        levels.push(next);
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ramp of 4,000 pairs from `begins` moments on, seen in `columns` over moments `from..to`: the highest of each.
    #[track_caller]
    fn check(begins: i64, from: i64, to: i64, columns: usize, expected: &[Option<i16>]) {
        let peaks = (0..4_000).map(|place| Peak { low: -place, high: place }).collect();
        let waveform = Waveform { levels: pyramid(peaks), begins };
        let micros = |moments: i64| moments * 1_000_000 / i64::from(RATE);
        let span = Span::from_micros(micros(from), micros(to)).unwrap();
        let seen = waveform.columns(span, columns).into_iter();
        let high = seen.map(|column| column.map(|extremes| (extremes.high * f32::from(i16::MAX)).round() as i16));
        assert_eq!(high.collect::<Vec<_>>(), expected);
    }

    const PAIR: i64 = 768 * BIN as i64; // a whole number of microseconds, and 768 pairs

    #[test]
    fn the_extremes_of_all_zooms_are_those_of_the_samples() {
        check(0, 0, 2 * PAIR, 2, &[Some(767), Some(1535)]);
        check(0, 0, 2 * PAIR, 4, &[Some(383), Some(767), Some(1151), Some(1535)]);
        check(0, PAIR, PAIR + 3 * 256, 3, &[Some(768), Some(769), Some(770)]);
    }

    #[test]
    fn closer_than_a_pair_the_pair_is_repeated() {
        check(0, PAIR, PAIR + 192, 2, &[Some(768), Some(768)]);
    }

    #[test]
    fn where_there_is_no_sound_there_is_nothing() {
        check(PAIR, 0, 2 * PAIR, 2, &[None, Some(767)]);
        check(-5 * PAIR, 0, 2 * PAIR, 2, &[Some(3999), None]);
    }
}
