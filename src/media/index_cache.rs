//! Frame indexes kept on disk, so that a long file on a slow disk is read once.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::equipment::ffmpeg_version;
use crate::{FrameIndex, Identity};

/// Changes whenever what is kept means something else.
const FORMAT: u32 = 1;
/// The index of a shorter file is read sooner than it would be found.
const WORTH_FRAMES: usize = 5_000;
/// Room for all indexes together; the ones that were used longest ago go first.
const MAX_BYTES: u64 = 256 << 20;
/// BLAKE3 of the rest, before it.
const SEAL: usize = blake3::OUT_LEN;

/// A folder of frame indexes of files that were read before.
///
/// An index is found by what its file is (length, both ends, time of change) and by the version of FFmpeg that read it: it is that of
/// this very file, or it is read anew. Nothing in the folder names a file or shows a picture, and all of it may be deleted at any time.
#[derive(Clone, Debug)]
pub struct IndexCache {
    folder: PathBuf,
}

impl IndexCache {
    /// The indexes in `folder`, which need not be there yet.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The whole index of a file, where it is kept and the file is what it was.
    #[must_use]
    pub fn load(&self, file: &Path) -> Option<FrameIndex> {
        let place = self.place(file).ok()?;
        let kept = fs::read(&place).ok()?;
        let (seal, index) = kept.split_at_checked(SEAL)?;
        if blake3::hash(index).as_bytes() != seal {
            let _ = fs::remove_file(&place); // damaged: the file is read anew
            return None;
        }
        let used = fs::File::options().append(true).open(&place);
        let _ = used.and_then(|kept| kept.set_modified(SystemTime::now())); // it only goes sooner where that fails
        FrameIndex::from_bytes(index)
    }

    /// Keeps the whole index of a file, if it is worth keeping.
    ///
    /// # Errors
    /// What the system says; what was kept before is as it was.
    pub fn store(&self, file: &Path, index: &FrameIndex) -> io::Result<()> {
        if !index.is_complete() || index.len() < WORTH_FRAMES {
            return Ok(());
        }
        let place = self.place(file)?;
        let bytes = index.to_bytes();
        let mut kept = blake3::hash(&bytes).as_bytes().to_vec();
        kept.extend(bytes);
        fs::create_dir_all(&self.folder)?;
        let draft = place.with_extension(format!("{}.unfinished", std::process::id()));
        fs::write(&draft, kept).and_then(|()| fs::rename(&draft, &place)).inspect_err(|_| {
            let _ = fs::remove_file(&draft); // the first error is the one to tell
        })?;
        self.make_room()
    }

    /// Where the index of a file is kept.
    fn place(&self, file: &Path) -> io::Result<PathBuf> {
        let identity = Identity::of(file).map_err(io::Error::other)?;
        let changed = fs::metadata(file)?.modified()?;
        let changed = changed.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        let ours = env!("CARGO_PKG_VERSION");
        let name = format!("{FORMAT} {ours} {} {} {} {changed}", ffmpeg_version(), identity.bytes, identity.ends);
        Ok(self.folder.join(blake3::hash(name.as_bytes()).to_string()))
    }

    fn make_room(&self) -> io::Result<()> {
        let mut kept: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let facts = entry.metadata()?;
            kept.push((facts.modified()?, facts.len(), entry.path()));
        }
        kept.sort();
        let mut total: u64 = kept.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, bytes, path) in kept {
            if total <= MAX_BYTES {
                break;
            }
            fs::remove_file(path)?;
            total -= bytes;
        }
        Ok(())
    }
}
