//! A small picture of every frame: exact in time, coarse in detail, and there at once.
//!
//! While nobody needs the machine, `job` decodes a file once from end to end; `shrink` and `jpeg` make a few kilobytes of each frame; `pictures`
//! keeps them, as many as there is room for. They are in memory and gone with the player, unless the coder asked for a `cache` on disk.

mod cache;
mod job;
mod jpeg;
mod pictures;
mod shrink;

pub use cache::SmallCache;
pub(crate) use job::{make, yield_to_others};
pub use pictures::SmallPictures;

/// Whether a small picture is made of each frame.
#[derive(Clone, Debug, Default)]
pub enum Small {
    /// No.
    #[default]
    Off,
    /// For as long as the player is open.
    InMemory,
    /// On disk too, for the next time.
    OnDisk(SmallCache),
}

/// Room for the small pictures of all videos together: 256 MiB, or a sixteenth of the memory.
pub(crate) fn default_budget() -> usize {
    crate::default_budget(1) / 2
}
