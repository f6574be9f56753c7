//! Frame index, decoding, sound and playback of video, exact to the frame.
//!
//! - [`FrameIndex`] knows when each displayed frame of a file begins; [`probe()`] tells people.
//! - [`Decoder`] gives the [`Picture`] of any frame by its number.
//!
//! *Medium time* 0 is the presentation time of the first displayed frame (edit lists applied); a file's sound is on the
//! same clock and may begin before it.

mod cache;
mod codec;
mod decoder;
mod error;
mod file;
mod identity;
mod index;
mod picture;
mod probe;
mod rate;
mod rational;

pub use cache::default_budget;
pub use decoder::{Decoder, DecoderOptions};
pub use error::MediaError;
pub use identity::{Identity, hash_whole};
pub use index::{FrameIndex, Growth};
pub use picture::Picture;
pub use probe::{AudioStream, Probe, VideoStream, probe};
pub use rate::Rate;
