//! A file's sound as one unbroken row of stereo samples on the medium's clock.
//!
//! ```text
//! medium time      -0.1 s   0        2.43 s                       end of the file
//! picture                   [frame 0 | frame 1 | ...
//! stored sound                       [=====)   [==========)
//! read here         000000000000000000=====0000============       holes are silence, overlaps are cut
//! ```

use std::path::Path;
use std::ptr;

use ffmpeg_next::ffi::{self, AVSampleFormat};
use ffmpeg_next::frame::Audio;
use span::Instant;

use crate::MediaError;
use crate::codec::Codec;
use crate::file::{MediaFile, Stream};
use crate::index::Stamps;
use crate::rational::{micros_from_ticks, scale, ticks_from_micros};

/// Samples of one moment: left and right.
pub(crate) const CHANNELS: usize = 2;

/// Reads a file's sound.
pub(crate) struct SoundReader {
    file: MediaFile,
    stream: Stream,
    codec: Codec,
    zero: Instant, // the container's time of the first displayed frame
    rate: u32,     // moments a second that come out
    resampler: Option<Resampler>,
    timeline: Timeline,
}

/// Where the samples that come out lie, in moments since the medium's zero.
#[derive(Clone, Debug, Default)]
struct Timeline {
    position: i64,  // of the next moment to be handed out
    silence: i64,   // moments of it still to come before the decoded ones
    held: Vec<f32>, // decoded, and behind the silence
    skip: i64,      // decoded moments to drop before any is handed out
}

/// Decoded sound this early is dropped after a seek: decoders need a run-up (Opus: 80 ms).
const RUN_UP_MICROS: i64 = 120_000;

/// Stamps that disagree with the count of samples by no more than this are jitter (Matroska counts milliseconds).
const JITTER_MILLIS: i64 = 20;

/// A stamp that leaps farther than this is damage, and not believed: the sound goes on where it was.
const LONGEST_HOLE_SECS: i64 = 12 * 3600;

/// The most silence handed out at once, in moments.
const SILENCE: i64 = 4096;

impl SoundReader {
    /// Opens a file's sound at the rate wanted; `None` where it has none. `zero` is the container's time of the first
    /// displayed frame.
    pub(crate) fn open(path: &Path, zero: Instant, rate: u32) -> Result<Option<Self>, MediaError> {
        let mut file = MediaFile::open(path)?;
        let Some(stream) = file.sound() else { return Ok(None) };
        file.select(stream);
        let codec = Codec::open(&file, stream, 1)?;
        Ok(Some(Self { file, stream, codec, zero, rate, resampler: None, timeline: Timeline::default() }))
    }

    /// When the sound begins, as far as the container says.
    pub(crate) fn start(&self) -> Instant {
        let stated = self.file.start_micros(self.stream).unwrap_or(0);
        Instant::from_micros(stated - self.zero.micros())
    }

    /// The place of the next moment that [`Self::read`] gives, counted from the medium's zero.
    pub(crate) fn position(&self) -> i64 {
        self.timeline.position
    }

    /// The place of a time.
    pub(crate) fn position_at(&self, time: Instant) -> i64 {
        scale(time.micros(), i64::from(self.rate), 1_000_000)
    }

    /// Goes on reading at a place, wherever the sound begins or ends.
    pub(crate) fn seek(&mut self, position: i64) -> Result<(), MediaError> {
        self.timeline = Timeline { position, ..Timeline::default() };
        self.resampler = None;
        let micros = scale(position, 1_000_000, i64::from(self.rate)) + self.zero.micros();
        for early in [0, 1_000_000, 4_000_000] {
            let wanted = ticks_from_micros(micros - RUN_UP_MICROS - early, self.stream.time_base);
            if self.file.seek(self.stream, wanted).is_err() {
                break;
            }
            let Some(packet) = self.file.read()? else { continue };
            if packet.pts().or(packet.dts()).is_some_and(|landed| landed <= wanted) {
                self.codec.restart(0, vec![packet], Stamps::Presentation);
                return Ok(());
            }
        }
        self.file.rewind()?;
        self.codec.restart(0, Vec::new(), Stamps::Presentation);
        Ok(())
    }

    /// Appends some of the sound that follows, left and right in turn; false at its end.
    pub(crate) fn read(&mut self, into: &mut Vec<f32>) -> Result<bool, MediaError> {
        loop {
            if self.timeline.go_on(into) {
                return Ok(true);
            }
            let before = into.len();
            let mut frame = Audio::empty();
            if !self.codec.fill(&mut frame, &mut self.file, Stamps::Presentation)? {
                let Some(mut resampler) = self.resampler.take() else { return Ok(false) };
                let rest = resampler.drain();
                self.timeline.hand_out(&rest, into);
                return Ok(true);
            }
            self.resample(&frame, into)?;
            if into.len() > before {
                return Ok(true);
            }
        }
    }

    fn resample(&mut self, frame: &Audio, into: &mut Vec<f32>) -> Result<(), MediaError> {
        let shape = Shape::of(frame);
        let stamp = frame.timestamp().map(|ticks| {
            let micros = micros_from_ticks(ticks, self.stream.time_base) - self.zero.micros();
            scale(micros, i64::from(self.rate), 1_000_000)
        });
        let jitter = JITTER_MILLIS * i64::from(self.rate) / 1000;
        let goes_on = self.resampler.as_ref().is_some_and(|resampler| {
            resampler.shape == shape && stamp.is_none_or(|stamp| (stamp - resampler.expected()).abs() <= jitter)
        });
        if !goes_on {
            let expected = self.resampler.as_ref().map(Resampler::expected);
            if let Some(mut old) = self.resampler.take() {
                let rest = old.drain();
                self.timeline.hand_out(&rest, into);
            }
            let expected = expected.unwrap_or(self.timeline.position);
            let longest = LONGEST_HOLE_SECS * i64::from(self.rate);
            let begins = stamp.filter(|stamp| (stamp - expected).abs() <= longest).unwrap_or(expected);
            self.timeline.begin_at(begins);
            let resampler = Resampler::new(shape, self.rate, begins);
            self.resampler = Some(resampler.ok_or_else(|| MediaError::Decode {
                file: self.file.path().to_owned(),
                why: "its sound has a form that cannot be converted".into(),
            })?);
        }
        let resampler = self.resampler.as_mut().expect("made above");
        let samples = resampler.convert(frame);
        self.timeline.hand_out(&samples, into);
        Ok(())
    }
}

impl Timeline {
    /// What is decoded next, lies at `begins`: silence until there, or a cut.
    fn begin_at(&mut self, begins: i64) {
        let gap = begins - (self.position + self.silence);
        self.silence += gap.max(0);
        self.skip = (-gap).max(0);
    }

    /// Hands out what was due before anything more is decoded: some of the silence, or what is behind it.
    fn go_on(&mut self, into: &mut Vec<f32>) -> bool {
        if self.silence > 0 {
            let moments = self.silence.min(SILENCE);
            into.resize(into.len() + moments as usize * CHANNELS, 0.0);
            self.silence -= moments;
            self.position += moments;
            return true;
        }
        let held = self.held.len();
        self.position += (held / CHANNELS) as i64;
        into.append(&mut self.held);
        held > 0
    }

    /// Hands out decoded samples, or holds them until the silence before them is over: a hole may last for hours.
    fn hand_out(&mut self, samples: &[f32], into: &mut Vec<f32>) {
        let dropped = self.skip.min((samples.len() / CHANNELS) as i64);
        self.skip -= dropped;
        let samples = &samples[dropped as usize * CHANNELS..];
        if self.silence > 0 {
            self.held.extend_from_slice(samples);
            return;
        }
        into.extend_from_slice(samples);
        self.position += (samples.len() / CHANNELS) as i64;
    }
}

/// What a resampler is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Shape {
    format: i32,
    rate: i32,
    channels: i32,
}

impl Shape {
    fn of(frame: &Audio) -> Self {
        // SAFETY: the frame is valid.
        let raw = unsafe { &*frame.as_ptr() };
        Self { format: raw.format, rate: raw.sample_rate, channels: raw.ch_layout.nb_channels }
    }
}

/// Turns decoded sound of one shape into stereo at the rate wanted.
struct Resampler {
    shape: Shape,
    context: *mut ffi::SwrContext,
    rate: u32,
    begins: i64, // the place of its first moment
    taken: i64,  // stored moments given to it
}

// SAFETY: the context is owned and used by one thread at a time, through `&mut`.
unsafe impl Send for Resampler {}

impl Drop for Resampler {
    fn drop(&mut self) {
        // SAFETY: made by `swr_alloc_set_opts2`, freed once.
        unsafe { ffi::swr_free(&raw mut self.context) }
    }
}

impl Resampler {
    fn new(shape: Shape, rate: u32, begins: i64) -> Option<Self> {
        if shape.rate <= 0 || shape.channels <= 0 || shape.format < 0 {
            return None;
        }
        let mut context = ptr::null_mut();
        // SAFETY: layouts are initialised by FFmpeg, and need no freeing: default layouts own nothing. The format came
        // from a decoder of the same library.
        unsafe {
            let mut from = std::mem::zeroed::<ffi::AVChannelLayout>();
            let mut to = std::mem::zeroed::<ffi::AVChannelLayout>();
            ffi::av_channel_layout_default(&raw mut from, shape.channels);
            ffi::av_channel_layout_default(&raw mut to, CHANNELS as i32);
            let format = std::mem::transmute::<i32, AVSampleFormat>(shape.format);
            let code = ffi::swr_alloc_set_opts2(
                &raw mut context,
                &raw mut to,
                AVSampleFormat::AV_SAMPLE_FMT_FLT,
                rate as i32,
                &raw mut from,
                format,
                shape.rate,
                0,
                ptr::null_mut(),
            );
            if code < 0 || context.is_null() {
                return None;
            }
            let made = Self { shape, context, rate, begins, taken: 0 };
            (ffi::swr_init(context) >= 0).then_some(made)
        }
    }

    /// The place at which the next stored moment lies if nothing is missing.
    fn expected(&self) -> i64 {
        self.begins + scale(self.taken, i64::from(self.rate), i64::from(self.shape.rate))
    }

    fn convert(&mut self, frame: &Audio) -> Vec<f32> {
        self.taken += frame.samples() as i64;
        // SAFETY: the frame has the shape that the context was made for.
        unsafe { self.run((*frame.as_ptr()).extended_data.cast(), frame.samples() as i32) }
    }

    /// What it still holds back.
    fn drain(&mut self) -> Vec<f32> {
        // SAFETY: no input means the end of the input.
        unsafe { self.run(ptr::null_mut(), 0) }
    }

    /// # Safety
    /// `planes` is null or as many planes of `moments` samples as the shape says.
    unsafe fn run(&mut self, planes: *mut *const u8, moments: i32) -> Vec<f32> {
        // SAFETY: the output has the room that is announced.
        unsafe {
            let room = ffi::swr_get_out_samples(self.context, moments).max(0);
            let mut samples = vec![0.0_f32; room as usize * CHANNELS];
            let mut out = [samples.as_mut_ptr().cast::<u8>()];
            let made = ffi::swr_convert(self.context, out.as_mut_ptr(), room, planes, moments).max(0);
            samples.truncate(made as usize * CHANNELS);
            samples
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From `position`, sound of `samples` moments that begins at `begins` is handed out.
    #[track_caller]
    fn check(position: i64, begins: i64, samples: &[f32], expected: &[f32]) {
        let mut timeline = Timeline { position, ..Timeline::default() };
        timeline.begin_at(begins);
        let stereo = samples.iter().flat_map(|&sample| [sample; CHANNELS]).collect::<Vec<_>>();
        let mut out = Vec::new();
        timeline.hand_out(&stereo, &mut out);
        while timeline.go_on(&mut out) {}
        assert_eq!(out.chunks(CHANNELS).map(|moment| moment[0]).collect::<Vec<_>>(), expected);
        assert_eq!(timeline.position, position + expected.len() as i64);
    }

    #[test]
    fn sound_that_begins_later_is_preceded_by_silence() {
        check(-2, 1, &[5.0, 6.0], &[0.0, 0.0, 0.0, 5.0, 6.0]);
    }

    #[test]
    fn sound_from_before_the_place_is_cut() {
        check(3, 1, &[5.0, 6.0, 7.0, 8.0], &[7.0, 8.0]);
        check(3, 1, &[5.0], &[]);
    }

    #[test]
    fn a_hole_of_hours_is_handed_out_in_small_parts_and_the_sound_behind_it_at_its_place() {
        let hole = 3 * 3600 * 48_000;
        let mut timeline = Timeline::default();
        let mut into = Vec::new();
        timeline.begin_at(hole);
        timeline.hand_out(&[0.5; 6], &mut into);
        assert!(into.is_empty());
        while timeline.position < hole {
            into.clear();
            assert!(timeline.go_on(&mut into));
            assert!(into.len() <= SILENCE as usize * CHANNELS && into.iter().all(|&sample| sample == 0.0));
        }
        into.clear();
        assert!(timeline.go_on(&mut into));
        assert_eq!((into, timeline.position), (vec![0.5; 6], hole + 3));
        assert!(!timeline.go_on(&mut Vec::new()));
    }
}
