//! Frame index, decoding, sound and playback of video, exact to the frame.
//!
//! - [`FrameIndex`] knows when each displayed frame of a file begins; [`probe()`] tells people.
//! - [`Decoder`] gives the [`Picture`] of any frame by its number.
//! - [`Player`] plays one or several videos on one clock; what it presents is what a coder sees, and what a mark uses.
//! - [`SmallPictures`] has a small picture of each frame, at once.
//! - [`SoundSync`] finds where one recording lies on another's clock, by their sound.
//! - [`Waveform`] is the shape of a file's sound; [`Identity`] is by what a file is known again.
//!
//! *Medium time* 0 is the presentation time of the first displayed frame (edit lists applied); a file's sound is on the
//! same clock and may begin before it.

mod audio;
mod cache;
mod clock;
mod codec;
mod colour;
mod damage;
mod decoder;
mod device;
mod equipment;
mod error;
mod file;
mod follow;
mod identity;
mod index;
mod index_cache;
mod lane;
mod picture;
mod placement;
mod planes;
mod player;
mod probe;
mod rate;
mod rational;
mod scaler;
mod sealed;
mod small;
mod sound;
mod soundtrack;
mod sync;
mod tap;
mod tempo;
mod waveform;
mod waveform_cache;

pub use audio::{PulledSound, SoundOutput};
pub use cache::default_budget;
pub use clock::Speed;
pub use colour::Factors;
pub use decoder::{Decoder, DecoderOptions, look_at};
pub use equipment::{Equipment, equipment, ffmpeg_version};
pub use error::MediaError;
pub use identity::{Identity, hash_whole};
pub use index::{FrameIndex, Growth};
pub use index_cache::IndexCache;
pub use lane::{VideoState, Wake};
pub use picture::Picture;
pub use placement::Placement;
pub use planes::{Plane, Planes};
pub use player::{Advance, Detail, PlacedVideo, Player, PlayerOptions, Presented, Stopped};
pub use probe::{AudioStream, Probe, VideoStream, probe};
pub use rate::Rate;
pub use small::{Small, SmallCache, SmallPictures};
pub use sync::{Recording, SoundSync};
pub use waveform::{Extremes, Waveform};
pub use waveform_cache::WaveformCache;
