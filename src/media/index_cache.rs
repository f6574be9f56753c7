//! Frame indexes kept on disk, so that a long file on a slow disk is read once.

use std::io;
use std::path::{Path, PathBuf};

use crate::FrameIndex;
use crate::sealed::{SealedFolder, fingerprint};

/// Changes whenever what is kept means something else.
const FORMAT: u32 = 2;
/// The index of a shorter file is read sooner than it would be found.
const WORTH_FRAMES: usize = 5_000;
/// Room for all indexes together.
const MAX_BYTES: u64 = 256 << 20;

/// A folder of frame indexes of files that were read before.
///
/// An index is found by what its file is (length, both ends, time of change) and by the version of FFmpeg that read it: it is that of
/// this very file, or it is read anew. Nothing in the folder names a file or shows a picture, and all of it may be deleted at any time.
#[derive(Clone, Debug)]
pub struct IndexCache(SealedFolder);

impl IndexCache {
    /// The indexes in `folder`, which need not be there yet.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self(SealedFolder::new(folder, MAX_BYTES))
    }

    /// The whole index of a file, where it is kept and the file is what it was.
    #[must_use]
    pub fn load(&self, file: &Path) -> Option<FrameIndex> {
        FrameIndex::from_bytes(&self.0.load(&name(file).ok()?)?)
    }

    /// Keeps the whole index of a file, if it is worth keeping.
    ///
    /// # Errors
    /// What the system says; what was kept before is as it was.
    pub fn store(&self, file: &Path, index: &FrameIndex) -> io::Result<()> {
        if !index.is_complete() || index.len() < WORTH_FRAMES {
            return Ok(());
        }
        self.0.store(&name(file)?, &index.to_bytes())
    }
}

/// Under which name the index of a file is kept.
fn name(file: &Path) -> io::Result<String> {
    Ok(blake3::hash(format!("{FORMAT} {}", fingerprint(file)?).as_bytes()).to_string())
}
