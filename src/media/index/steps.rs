//! Sound without a picture: even steps in the place of frames.

use std::sync::atomic::{AtomicBool, Ordering};

use ffmpeg_next::ffi::AVRational;
use span::{Instant, Length};

use super::{Findings, Frame, FrameIndex, Growth, Stamps};
use crate::MediaError;
use crate::codec::Codec;
use crate::file::{MediaFile, Stream};
use crate::rational::micros_from_ticks;

/// What a playhead steps by where there is no picture: as the frames of most videos, and finer than a hand can place a mark.
pub(crate) const STEP: Length = Length::from_millis(40);
/// No sound goes on for longer: what ends later, has a damaged time. As steps, two days are 100 MB.
const LONGEST: Length = Length::from_millis(2 * 86_400 * 1_000);
/// So many packets are read from one word of how far that has come to the next.
const TOLD_EVERY: usize = 4_096;

/// Reads all packets of a file's only sound: where it ends, no container is trusted to say.
pub(super) fn read(
    mut file: MediaFile,
    sound: Stream,
    cancel: &AtomicBool,
    grown: &mut dyn FnMut(Growth),
) -> Result<FrameIndex, MediaError> {
    Codec::open(&file, sound, 1)?; // before the long read: a file that cannot be decoded is said at once
    file.select(sound);
    let start = file.start_micros(sound).unwrap_or(0);
    let total = file.bytes().filter(|&bytes| bytes > 0);
    let (mut end, mut read) = (start, 0_usize);
    while let Some(packet) = file.read()? {
        if cancel.load(Ordering::Relaxed) {
            return Err(MediaError::Cancelled { file: file.path().to_owned() });
        }
        let ends = packet.pts().or(packet.dts()).map(|begins| begins.saturating_add(packet.duration()));
        let ends = ends.map(|ends| micros_from_ticks(ends, sound.time_base));
        end = end.max(ends.filter(|ends| ends - start <= LONGEST.micros()).unwrap_or(end));
        read += 1;
        if read.is_multiple_of(TOLD_EVERY) {
            let share = total.map_or(0.0, |total| packet.position() as f64 / total as f64);
            grown(Growth { fraction: share.clamp(0.0, 1.0) as f32, index: None });
        }
    }
    if end <= start {
        return Err(MediaError::NoSound { file: file.path().to_owned() });
    }
    Ok(FrameIndex::of_steps(start, Length::from_micros(end - start)))
}

impl FrameIndex {
    /// Even steps over a sound of this length that begins at `start` of its container, in microseconds; the last may be shorter.
    fn of_steps(start: i64, length: Length) -> Self {
        let n_steps = (length.micros() + STEP.micros() - 1) / STEP.micros(); // rounded up
        let step = |n: i64| {
            let time = Instant::ZERO + STEP.times(n);
            Frame { time, ticks: start + time.micros(), decode: n as u32, key: true }
        };
        Self {
            frames: (0..n_steps).map(step).collect(),
            packets: Vec::new(),
            keys: Vec::new(),
            end: Instant::ZERO + length,
            time_base: AVRational { num: 1, den: 1_000_000 },
            stamps: Stamps::Place,
            complete: true,
            findings: Findings::default(),
        }
    }

    /// Is there sound alone? Then its frames are even steps, without a picture.
    #[must_use]
    pub fn is_of_sound(&self) -> bool {
        self.packets.is_empty()
    }
}
