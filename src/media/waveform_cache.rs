//! Curves of sounds kept on disk, so that a long recording is read once.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use span::Instant;

use crate::sealed::{SealedFolder, fingerprint};
use crate::{MediaError, Waveform};

/// Changes whenever what is kept means something else.
const FORMAT: u32 = 1;
/// Room for all curves together: some hundred hours.
const MAX_BYTES: u64 = 256 << 20;

/// A folder of the curves of sounds that were read before, found as [`crate::IndexCache`] finds indexes. What was said cannot be heard from
/// them.
#[derive(Clone, Debug)]
pub struct WaveformCache(SealedFolder);

impl WaveformCache {
    /// The curves in `folder`, which need not be there yet.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self(SealedFolder::new(folder, MAX_BYTES))
    }

    /// The curve of a file's sound as it is kept, or as [`Waveform::read`] reads it; then it is kept from now on, where that can be.
    ///
    /// # Errors
    /// As there.
    pub fn read(
        &self,
        file: &Path,
        zero: Instant,
        cancel: &AtomicBool,
        progress: &mut dyn FnMut(Instant),
    ) -> Result<Option<Waveform>, MediaError> {
        let name = name(file, zero).ok();
        if let Some(kept) = name.as_ref().and_then(|name| Waveform::from_bytes(&self.0.load(name)?)) {
            return Ok(Some(kept));
        }
        let read = Waveform::read(file, zero, cancel, progress)?;
        if let (Some(name), Some(waveform)) = (name, &read) {
            let _ = self.0.store(&name, &waveform.to_bytes()); // it is read anew where that fails
        }
        Ok(read)
    }
}

/// Under which name the curve of a file's sound is kept.
fn name(file: &Path, zero: Instant) -> io::Result<String> {
    let of = format!("waveform {FORMAT} {} {}", zero.micros(), fingerprint(file)?);
    Ok(blake3::hash(of.as_bytes()).to_string())
}
