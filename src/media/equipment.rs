//! What this machine plays with: for people who ask why something does not play.

use std::ffi::CStr;

use ffmpeg_next::{codec, ffi};
use rodio::cpal::traits::DeviceTrait;

use crate::device::default_device;

/// What this machine plays with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equipment {
    /// FFmpeg's version and licence.
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

/// FFmpeg's version and licence, as it says them itself: "7.1.1, GPL version 2 or later".
#[must_use]
pub fn ffmpeg_version() -> String {
    // SAFETY: both are constant texts of the library.
    let (version, licence) =
        unsafe { (CStr::from_ptr(ffi::av_version_info()), CStr::from_ptr(ffi::avcodec_license())) };
    format!("{}, {}", version.to_string_lossy(), licence.to_string_lossy())
}

/// Asks the machine. Opens no device.
#[must_use]
pub fn equipment() -> Equipment {
    let has_decoder = |name: &str| {
        codec::decoder::find_by_name(name).is_some()
            || name == "av1" && codec::decoder::find_by_name("libdav1d").is_some()
    };
    let config = default_device().and_then(|device| device.default_output_config().ok());
    Equipment {
        ffmpeg: ffmpeg_version(),
        decoders: CODECS.iter().map(|name| (*name, has_decoder(name))).collect(),
        sound: config.map(|config| (config.sample_rate(), config.channels())),
    }
}
