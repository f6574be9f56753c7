//! Files of what can be made again: sealed, bounded, and for their owner's eyes only.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::Identity;
use crate::equipment::ffmpeg_version;

/// BLAKE3 of the rest, before it.
const SEAL: usize = blake3::OUT_LEN;

/// A folder of sealed files. All of it may be deleted at any time; it need not be there yet.
#[derive(Clone, Debug)]
pub(crate) struct SealedFolder {
    folder: PathBuf,
    max_bytes: u64, // for all files together; the ones that were used longest ago go first
}

impl SealedFolder {
    pub(crate) const fn new(folder: PathBuf, max_bytes: u64) -> Self {
        Self { folder, max_bytes }
    }

    /// What is kept under a name; a damaged file is thrown away.
    pub(crate) fn load(&self, name: &str) -> Option<Vec<u8>> {
        let place = self.folder.join(name);
        let mut kept = fs::read(&place).ok()?;
        let is_whole = kept.split_at_checked(SEAL).is_some_and(|(seal, rest)| blake3::hash(rest).as_bytes() == seal);
        if !is_whole {
            let _ = fs::remove_file(&place); // what it was made of is read anew
            return None;
        }
        let used = File::options().append(true).open(&place);
        let _ = used.and_then(|kept| kept.set_modified(SystemTime::now())); // it only goes sooner where that fails
        kept.drain(..SEAL);
        Some(kept)
    }

    /// Keeps this under a name.
    ///
    /// # Errors
    /// What the system says; what was kept before is as it was.
    pub(crate) fn store(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        private(DirBuilder::new().recursive(true)).create(&self.folder)?;
        let place = self.folder.join(name);
        let draft = place.with_extension(format!("{}.unfinished", std::process::id()));
        let write = || {
            let mut file = private(OpenOptions::new().write(true).create(true).truncate(true)).open(&draft)?;
            file.write_all(blake3::hash(bytes).as_bytes())?;
            file.write_all(bytes)?;
            fs::rename(&draft, &place)
        };
        write().inspect_err(|_| {
            let _ = fs::remove_file(&draft); // the first error is the one to tell
        })?;
        self.make_room()
    }

    /// Throws away what is kept under a name.
    pub(crate) fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.folder.join(name)); // where there is none, there is nothing to do
    }

    /// Throws everything away.
    ///
    /// # Errors
    /// What the system says, if something is left.
    pub(crate) fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
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
            if total <= self.max_bytes {
                break;
            }
            fs::remove_file(path)?;
            total -= bytes;
        }
        Ok(())
    }
}

/// By what it is known that a file is the very one that something was made of, by this program and this FFmpeg: its length, both its ends, the
/// time of its change.
pub(crate) fn fingerprint(file: &Path) -> io::Result<String> {
    let identity = Identity::of(file).map_err(io::Error::other)?;
    let changed = fs::metadata(file)?.modified()?;
    let changed = changed.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let ours = env!("CARGO_PKG_VERSION");
    Ok(format!("{ours} {} {} {} {changed}", ffmpeg_version(), identity.bytes, identity.ends))
}

/// What has a mode when it is made.
trait Private {
    fn private(&mut self);
}

#[cfg(unix)]
impl Private for OpenOptions {
    fn private(&mut self) {
        std::os::unix::fs::OpenOptionsExt::mode(self, 0o600);
    }
}

#[cfg(unix)]
impl Private for DirBuilder {
    fn private(&mut self) {
        std::os::unix::fs::DirBuilderExt::mode(self, 0o700);
    }
}

#[cfg(not(unix))]
impl<T> Private for T {
    fn private(&mut self) {} // as all that lies in a person's own folders there
}

fn private<T: Private>(made: &mut T) -> &T {
    made.private();
    made
}
