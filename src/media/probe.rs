//! What a file is, said to people and programs before anyone codes from it.

use std::path::Path;

use ffmpeg_next::ffi::{self, AVColorTransferCharacteristic as Transfer};
use serde::Serialize;
use span::{Instant, Length, counted};

use crate::file::{MediaFile, Stream};
use crate::index::steps::STEP;
use crate::picture::Orientation;
use crate::rate::{Fps, Rate, rate};
use crate::{FrameIndex, MediaError};

/// What `attune probe` prints: schema `attune.probe/1`.
///
/// *Units*: seconds on the medium's clock, whose 0 is the first displayed frame, with at most six decimals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Probe {
    /// Name and major version of this form.
    pub schema: &'static str,
    /// The file, as it was given.
    pub file: String,
    /// From the first frame's beginning to the last frame's end.
    pub duration_s: f64,
    /// Displayed frames, edit lists applied; of sound alone its even steps.
    pub frames: usize,
    /// Always 0: where the medium's clock begins.
    pub first_frame_s: f64,
    /// When the last frame begins.
    pub last_frame_s: f64,
    /// The file's own timestamp of the first displayed frame.
    pub container_start_s: f64,
    /// Constant or variable.
    pub rate: Rate,
    /// The picture; `None` of sound alone.
    pub video: Option<VideoStream>,
    /// The sound, if there is any.
    pub audio: Option<AudioStream>,
    /// What a coder should know before using this file, a sentence each, the gravest first.
    pub warnings: Vec<String>,
    /// The beginning of every frame, where the whole table was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames_s: Option<Vec<f64>>,
}

/// The picture of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VideoStream {
    /// FFmpeg's name of the codec.
    pub codec: String,
    /// Stored pixels in a row, before rotation.
    pub width: u32,
    /// Stored rows, before rotation.
    pub height: u32,
    /// Degrees clockwise from the stored to the shown picture: 0, 90, 180 or 270.
    pub rotation: u16,
}

/// The sound of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AudioStream {
    /// FFmpeg's name of the codec.
    pub codec: String,
    /// Samples a second, as stored.
    pub rate_hz: u32,
    /// How many channels are stored.
    pub channels: u32,
}

/// What is known of a file: its streams, the rate, and what to beware of.
///
/// # Errors
/// [`MediaError`] tells apart: no such file, empty, not a video, cut off, no picture, no decoder for it.
pub fn probe(path: &Path) -> Result<Probe, MediaError> {
    Probe::of(path, &FrameIndex::read(path)?)
}

impl Probe {
    /// The same from an index that is at hand.
    pub fn of(path: &Path, index: &FrameIndex) -> Result<Self, MediaError> {
        let file = MediaFile::open(path)?;
        let picture = if index.is_of_sound() { None } else { Some(file.picture()?) };
        let times = index.times().collect::<Vec<_>>();
        let (num, den) = index.time_base();
        let tick = Length::from_micros(crate::rational::scale(1_000_000, num, den));
        let (rate, missing) =
            rate(&times, index.end(), tick, &picture.map(|stream| file.stated_rates(stream)).unwrap_or_default());
        let mut probe = Self {
            schema: "attune.probe/1",
            file: path.display().to_string(),
            duration_s: index.end().as_secs(),
            frames: index.len(),
            first_frame_s: index.time_of(0).as_secs(),
            last_frame_s: index.time_of(index.len() - 1).as_secs(),
            container_start_s: index.container_start().as_secs(),
            rate,
            video: picture.map(|stream| video(&file, stream)),
            audio: file.sound().map(|sound| audio(&file, sound)),
            warnings: Vec::new(),
            frames_s: None,
        };
        probe.warnings = match picture {
            Some(stream) => warnings(&probe, &file, stream, index, missing),
            None => vec![format!("there is sound alone: it is coded in even steps of {}", STEP)],
        };
        Ok(probe)
    }

    /// With the beginning of every frame.
    #[must_use]
    pub fn with_frames(mut self, index: &FrameIndex) -> Self {
        self.frames_s = Some(index.times().map(Instant::as_secs).collect());
        self
    }
}

fn video(file: &MediaFile, stream: Stream) -> VideoStream {
    let [width, height] = file.stored_size(stream);
    let (rotation, _) = Orientation::of(file, stream).degrees();
    VideoStream { codec: file.codec_name(stream), width, height, rotation }
}

fn audio(file: &MediaFile, stream: Stream) -> AudioStream {
    // SAFETY: the stream is of this file.
    let (rate, channels) = unsafe {
        let parameters = &*(*file.raw(stream.index)).codecpar;
        (parameters.sample_rate, parameters.ch_layout.nb_channels)
    };
    AudioStream { codec: file.codec_name(stream), rate_hz: rate.max(0) as u32, channels: channels.max(0) as u32 }
}

fn warnings(probe: &Probe, file: &MediaFile, stream: Stream, index: &FrameIndex, missing: usize) -> Vec<String> {
    let findings = index.findings();
    let (degrees, mirrored) = Orientation::of(file, stream).degrees();
    let [num, den] = file.pixel_aspect(stream);
    let mut warnings = Vec::new();
    let mut warn = |applies: bool, sentence: String| {
        if applies {
            warnings.push(sentence);
        }
    };
    warn(
        findings.truncated,
        "the file ends before it should, its last part is missing: copy it again from the camera or card".into(),
    );
    let picture_end = index.container_start() + (index.end() - Instant::ZERO);
    let stated = file.stated_end().filter(|stated| *stated - picture_end > Length::SECOND && !findings.truncated);
    if let Some(stated) = stated {
        let (picture_s, stated_s) = (picture_end.as_secs(), stated.as_secs());
        let sound_end = sound_end(file, picture_end);
        let is_sound = sound_end.is_some_and(|end| stated - end <= Length::SECOND);
        warn(is_sound, format!("the sound goes on for {:.2} s after the picture", stated_s - picture_s));
        warn(
            !is_sound,
            format!(
                "the picture ends at {picture_s:.2} s, though the file says that it lasts {stated_s:.2} s: \
                 if its end is missing, copy it again from the camera or card"
            ),
        );
    }
    warn(
        findings.lost > 0,
        format!(
            "not counted: {} listed but damaged beyond showing; copy the file again from the camera or card",
            counted(findings.lost, "frame")
        ),
    );
    warn(
        findings.flawed > 0,
        format!(
            "damaged: {} not decoded whole; the times are right, and another copy of the file may be whole",
            match findings.flawed {
                1 => "1 frame is".to_owned(),
                n => format!("{n} frames are"),
            }
        ),
    );
    if let Rate::Variable { min_s, max_s, .. } = probe.rate {
        warn(
            true,
            format!(
                "variable frame rate: frames last {min_s} to {max_s} s; times are the file's own, never frame number by rate"
            ),
        );
    }
    warn(
        missing > 0,
        format!(
            "missing from an otherwise even grid: {}, which the camera dropped; the others keep their times",
            counted(missing, "frame")
        ),
    );
    warn(
        findings.hidden > 0,
        format!("not counted: {} that an edit list hides", counted(findings.hidden, "stored frame")),
    );
    warn(findings.by_decoding, "the packets do not tell the order of the frames: it was found by decoding".into());
    warn(
        findings.same_time > 0,
        format!("at the same time as the one before: {}", counted(findings.same_time, "frame")),
    );
    warn(probe.audio.is_none(), "there is no sound".into());
    if let Some(sound) = file.sound() {
        warn(
            !file.has_decoder(sound),
            format!(
                "the FFmpeg on this machine cannot decode the {} sound: install the full FFmpeg libraries",
                file.codec_name(sound)
            ),
        );
        let late = file.start_micros(sound).map_or(0, |start| start - index.container_start().micros());
        let (late_s, when) = (late.abs() as f64 / 1e6, if late > 0 { "after" } else { "before" });
        // Some containers count the silence that an encoder puts before the sound, 21 ms of AAC, and some do not
        warn(late_s >= 0.1, format!("the sound begins about {late_s:.1} s {when} the picture"));
    }
    warn(degrees != 0, format!("the picture is stored turned, and shown turned by {degrees} degrees clockwise"));
    warn(mirrored, "the picture is stored mirrored, and shown as the file asks".into());
    warn(
        num != den && num > 0 && den > 0,
        format!("the stored pixels are not square ({num}:{den}): the picture is stretched to its true shape"),
    );
    warn(file.is_interlaced(stream), "the picture is interlaced: each frame holds two moments, shown together".into());
    warn(is_hdr(file, stream), "high dynamic range: colours are approximate".into());
    warn(file.pictures() > 1, format!("the file has {} video streams: one of them is shown", file.pictures()));
    warnings
}

/// When the sound ends, in the file's own time.
fn sound_end(file: &MediaFile, picture_end: Instant) -> Option<Instant> {
    let mut file = MediaFile::open(file.path()).ok()?;
    let sound = file.sound()?;
    file.last_end(sound, picture_end)
}

fn is_hdr(file: &MediaFile, stream: Stream) -> bool {
    // SAFETY: the stream is of this file.
    let transfer = unsafe { (*(*file.raw(stream.index)).codecpar).color_trc };
    matches!(transfer, Transfer::AVCOL_TRC_SMPTE2084 | Transfer::AVCOL_TRC_ARIB_STD_B67)
}

impl MediaFile {
    fn stored_size(&self, stream: Stream) -> [u32; 2] {
        // SAFETY: the stream is of this file.
        let parameters = unsafe { &*(*self.raw(stream.index)).codecpar };
        [parameters.width.max(0) as u32, parameters.height.max(0) as u32]
    }

    fn stated_rates(&self, stream: Stream) -> Vec<Fps> {
        // SAFETY: the stream is of this file.
        let raw = unsafe { &*self.raw(stream.index) };
        let stated =
            [raw.r_frame_rate, raw.avg_frame_rate].map(|rate| Fps { num: rate.num.into(), den: rate.den.into() });
        stated.into_iter().filter(|rate| rate.num > 0 && rate.den > 0).collect()
    }

    fn has_decoder(&self, stream: Stream) -> bool {
        // SAFETY: the stream is of this file.
        unsafe { !ffi::avcodec_find_decoder((*(*self.raw(stream.index)).codecpar).codec_id).is_null() }
    }
}
