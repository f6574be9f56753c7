//! What is known of pictures that were not decoded whole, and of all that is predicted from them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ffmpeg_next::ffi::{self, AVCodecID, AVPictureType};
use ffmpeg_next::frame::Video;
use serde::{Deserialize, Serialize};

/// The packets of one stream of which no decoder could make a whole picture, as far as they were met.
///
/// ```text
/// decode order   I0  P3  B1  B2  P6 | I9 ...      P3 is flawed: B1, B2 and P6 may be predicted from it, I9 is not
/// ```
///
/// All decoders of a stream note what they meet in one of these; what is known only grows.
///
/// *Limitations*: what the decoder itself notices and tells. Those of H.264 and of MPEG notice most; a byte of HEVC, VP9 or Motion JPEG that
/// is another than it was, and could be meant, goes by. FFmpeg before 6.1 loses sight of some while several threads decode H.264.
#[derive(Debug, Default)]
pub(crate) struct Damage {
    flaws: Mutex<BTreeMap<u32, Flaw>>, // by place among the stream's packets
}

/// What a packet of which no whole picture was made means for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Flaw {
    /// The frame that it is shown as; none where it is never shown.
    pub(crate) frame: Option<u32>,
    /// No other is predicted from it.
    pub(crate) alone: bool,
}

impl Damage {
    /// The packets at these places have these flaws.
    pub(crate) fn note(&self, flaws: impl IntoIterator<Item = (u32, Flaw)>) {
        self.lock().extend(flaws);
    }

    /// Does a frame suffer from what is known? It may be predicted from the packets at `sources`, its own the last, as far as they are shown
    /// from the frame `first` on.
    pub(crate) fn reaches(&self, frame: usize, sources: RangeInclusive<u32>, first: usize) -> bool {
        self.lock().range(sources).any(|(_, flaw)| match flaw.frame {
            Some(flawed) => flawed as usize == frame || !flaw.alone && flawed as usize >= first,
            None => !flaw.alone,
        })
    }

    /// All that is known, to be kept.
    pub(crate) fn flaws(&self) -> Vec<(u32, Flaw)> {
        self.lock().iter().map(|(&place, &flaw)| (place, flaw)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Flaw>> {
        self.flaws.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does the decoder say of this very frame that a part of it is made up?
pub(crate) fn is_flawed(frame: &Video) -> bool {
    // SAFETY: the frame is valid.
    unsafe {
        let raw = &*frame.as_ptr();
        raw.decode_error_flags != 0 || raw.flags & ffi::AV_FRAME_FLAG_CORRUPT != 0
    }
}

/// Is it certain that no other frame is predicted from this one?
pub(crate) fn is_for_itself(frame: &Video, codec: AVCodecID) -> bool {
    use AVCodecID::{AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4};
    // SAFETY: the frame is valid.
    let kind = unsafe { (*frame.as_ptr()).pict_type };
    let refers_to_no_b = matches!(codec, AV_CODEC_ID_MPEG1VIDEO | AV_CODEC_ID_MPEG2VIDEO | AV_CODEC_ID_MPEG4);
    refers_to_no_b && kind == AVPictureType::AV_PICTURE_TYPE_B
}
