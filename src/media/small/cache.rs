//! Small pictures kept on disk, for coders who asked for that: pictures of people lie in a file of their own, which only they can read.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::pictures::SmallPictures;
use crate::sealed::{SealedFolder, fingerprint};

/// Changes whenever what is kept means something else.
const FORMAT: u32 = 2;
/// Room for all files together: some two hours and a half.
const MAX_BYTES: u64 = 2 << 30;

/// A folder of the small pictures of files that were open before.
///
/// They are found by where their file is, and are its own, or thrown away: its length, both ends and the time of change are kept with them.
#[derive(Clone, Debug)]
pub struct SmallCache {
    folder: SealedFolder,
    revoked: Arc<AtomicBool>, // shared by all copies
}

impl SmallCache {
    /// The small pictures in `folder`, which need not be there yet.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder: SealedFolder::new(folder, MAX_BYTES), revoked: Arc::default() }
    }

    /// Throws all of them away. A player that has a copy of this keeps nothing any more, even if it is just writing.
    ///
    /// # Errors
    /// What the system says, if some are left.
    pub fn clear(&self) -> io::Result<()> {
        self.revoked.store(true, Ordering::SeqCst);
        self.folder.clear()
    }

    /// Takes over those of a file, where they are kept and the file is what it was.
    pub(crate) fn load(&self, file: &Path, pictures: &SmallPictures) -> bool {
        let Ok((name, mark)) = name_and_mark(file) else { return false };
        let Some(kept) = self.folder.load(&name) else { return false };
        let is_of_file = kept.strip_prefix(mark.as_slice()).is_some_and(|bytes| pictures.take_over(bytes));
        if !is_of_file {
            self.folder.remove(&name);
        }
        is_of_file
    }

    /// Keeps those of a file, unless all have been thrown away meanwhile.
    ///
    /// # Errors
    /// What the system says; nothing of this is kept then.
    pub(crate) fn store(&self, file: &Path, pictures: &SmallPictures) -> io::Result<()> {
        let (name, mut bytes) = name_and_mark(file)?;
        bytes.extend(pictures.to_bytes());
        let is_revoked = || self.revoked.load(Ordering::SeqCst);
        let stored = if is_revoked() { Ok(()) } else { self.folder.store(&name, &bytes) };
        if is_revoked() {
            self.folder.remove(&name); // who threw all away did not see this one
        }
        stored
    }
}

/// Under which name the small pictures of a file are kept, and by what they are known to be its own.
fn name_and_mark(file: &Path) -> io::Result<(String, Vec<u8>)> {
    let place = std::path::absolute(file)?;
    let name = blake3::hash(place.as_os_str().as_encoded_bytes()).to_string();
    let mark = blake3::hash(format!("{FORMAT} {}", fingerprint(file)?).as_bytes());
    Ok((name, mark.as_bytes().to_vec()))
}
