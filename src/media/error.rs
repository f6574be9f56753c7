//! What can be wrong with a file, each as a sentence with the remedy.

use std::path::{Path, PathBuf};

/// Why a file, or one of its frames, cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// The file has no bytes.
    #[error("{} is empty (0 bytes): copy it again from the camera or card", .file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// The bytes are in no format that is opened here; playlists and pictures among them.
    #[error("{} is not a video: choose a recording such as .mp4, .mov, .mkv, .avi or .webm", .file.display())]
    NotVideo {
        /// The file.
        file: PathBuf,
    },
    /// An MP4 or MOV whose table of contents was never written.
    #[error(
        "{} was cut off before its table of contents was written: copy it again, or repair it with the camera maker's program",
        .file.display()
    )]
    Unfinished {
        /// The file.
        file: PathBuf,
    },
    /// There is sound, but no moving picture.
    #[error("{} has no picture, only sound: choose the video that belongs to it", .file.display())]
    NoPicture {
        /// The file.
        file: PathBuf,
    },
    /// There is a video stream, but none of its frames can be shown.
    #[error(
        "{} has a video stream without a single frame that can be shown: copy it again from the camera or card",
        .file.display()
    )]
    NoFrames {
        /// The file.
        file: PathBuf,
    },
    /// The file may be sound, but this machine's FFmpeg cannot decode it.
    #[error(
        "{} holds {codec} video, and the FFmpeg on this machine has no decoder for it: install the full FFmpeg libraries",
        .file.display()
    )]
    NoDecoder {
        /// The file.
        file: PathBuf,
        /// FFmpeg's name of the codec.
        codec: String,
    },
    /// The file system refused.
    #[error("{} cannot be read ({why}): check that the file is there and that you may open it", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The system's reason.
        why: String,
    },
    /// The file has fewer frames.
    #[error("{} has {}, numbered from 0: there is no frame {frame}", .file.display(), span::counted(*.frames, "frame"))]
    NoSuchFrame {
        /// The file.
        file: PathBuf,
        /// The frame that was asked for.
        frame: usize,
        /// How many there are.
        frames: usize,
    },
    /// The stream lists the frame, the decoder cannot make it.
    #[error("frame {frame} of {} cannot be decoded, the file is damaged there: copy it again from the camera or card", .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// The frame that was asked for.
        frame: usize,
    },
    /// FFmpeg refused something that it should not.
    #[error("{} could not be decoded ({why}): copy it again from the camera or card, or convert it to an .mp4", .file.display())]
    Decode {
        /// The file.
        file: PathBuf,
        /// FFmpeg's reason.
        why: String,
    },
    /// There is nothing to hear.
    #[error("{} has no sound: type when it begins", name(.file))]
    NoSound {
        /// The file.
        file: PathBuf,
    },
    /// Two recordings were compared by their sound, and no shift stands out.
    #[error(
        "{} and {} have no sound in common that stands out: type when the one begins",
        name(.first),
        name(.second)
    )]
    NothingInCommon {
        /// The one file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// The caller's flag was raised.
    #[error("reading {} was stopped: open it again to go on", .file.display())]
    Cancelled {
        /// The file.
        file: PathBuf,
    },
}

/// A file without its folder: for sentences that stand beside its name.
fn name(file: &Path) -> std::path::Display<'_> {
    file.file_name().map_or(file, Path::new).display()
}
