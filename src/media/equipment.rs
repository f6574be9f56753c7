//! What this machine plays with: for people who ask why something does not play.

use std::ffi::CStr;

use ffmpeg_next::{codec, ffi};
use rodio::cpal;
use rodio::cpal::traits::{DeviceTrait, HostTrait};

/// What this machine plays with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equipment {
    /// FFmpeg's version, as it calls itself.
    pub ffmpeg: String,
    /// Codecs that recordings come in, each with whether there is a decoder for it.
    pub decoders: Vec<(&'static str, bool)>,
    /// The default sound device's rate in hertz and its channels; `None` where there is no device.
    pub sound: Option<(u32, u16)>,
}

/// Codecs of cameras and of what editing programs export.
const CODECS: [&str; 14] = [
    "h264",
    "hevc",
    "vp8",
    "vp9",
    "av1",
    "mpeg4",
    "mpeg2video",
    "mjpeg",
    "prores",
    "dvvideo",
    "aac",
    "mp3",
    "opus",
    "pcm_s16le",
];

/// Asks the machine. Opens no device.
#[must_use]
pub fn equipment() -> Equipment {
    // SAFETY: the version is a constant text of the library.
    let ffmpeg = unsafe { CStr::from_ptr(ffi::av_version_info()) };
    let has_decoder = |name: &str| {
        codec::decoder::find_by_name(name).is_some()
            || name == "av1" && codec::decoder::find_by_name("libdav1d").is_some()
    };
    let config = cpal::default_host().default_output_device().and_then(|device| device.default_output_config().ok());
    Equipment {
        ffmpeg: ffmpeg.to_string_lossy().into_owned(),
        decoders: CODECS.iter().map(|name| (*name, has_decoder(name))).collect(),
        sound: config.map(|config| (config.sample_rate(), config.channels())),
    }
}
