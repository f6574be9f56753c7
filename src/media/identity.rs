//! By what a file is known again after it was moved or renamed.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::MediaError;

/// What is known of a file's bytes at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// How many bytes it has.
    pub bytes: u64,
    /// BLAKE3 of its first and its last MiB, one after the other, in 64 hexadecimal digits.
    ///
    /// Both are the whole file where that is shorter.
    pub ends: String,
}

const END: u64 = 1 << 20;

impl Identity {
    /// Reads two MiB of a file.
    pub fn of(path: &Path) -> Result<Self, MediaError> {
        let read = || -> std::io::Result<Self> {
            let mut file = File::open(path)?;
            let bytes = file.metadata()?.len();
            let mut hasher = blake3::Hasher::new();
            for start in [0, bytes.saturating_sub(END)] {
                file.seek(SeekFrom::Start(start))?;
                hasher.update_reader((&mut file).take(END))?;
            }
            Ok(Self { bytes, ends: hasher.finalize().to_string() })
        };
        read().map_err(|error| unreadable(path, &error))
    }
}

/// BLAKE3 of the whole file, in 64 hexadecimal digits. Takes as long as reading it.
///
/// # Errors
/// [`MediaError::Cancelled`] once `cancel` is raised.
pub fn hash_whole(path: &Path, cancel: &AtomicBool) -> Result<String, MediaError> {
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; END as usize];
    loop {
        if cancel.load(Ordering::Relaxed) {
            return Err(MediaError::Cancelled { file: path.to_owned() });
        }
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().to_string()),
            Ok(read) => hasher.update(&buffer[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(path, &error)),
        };
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> MediaError {
    MediaError::Unreadable { file: path.to_owned(), why: error.to_string() }
}
