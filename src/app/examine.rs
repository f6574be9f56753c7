//! Looks at a medium's file: what a session needs to know of it before the first mark.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use media::{FrameIndex, MediaError, Probe};
use session::file::medium_path;
use session::{Identity, Medium, MediumId};
use span::{Instant, Length};

/// What is known of a medium's file.
pub struct Examined {
    /// The file.
    pub path: PathBuf,
    /// Medium time of the end of its last frame.
    pub end: Instant,
    /// The median length of a frame.
    pub frame: Length,
    /// What to beware of.
    pub warnings: Vec<String>,
    /// What it is, wherever it is.
    pub identity: Identity,
}

/// Reads the index of a file and what the file is.
///
/// # Errors
/// A sentence that names the file and the remedy.
pub fn examine(path: &Path) -> Result<Examined, String> {
    let text = |error: MediaError| error.to_string();
    let index = FrameIndex::read(path).map_err(text)?;
    let warnings = Probe::of(path, &index).map_err(text)?.warnings;
    let identity = own_identity(media::Identity::of(path).map_err(text)?);
    Ok(Examined { path: path.to_owned(), end: index.end(), frame: median_frame(&index), warnings, identity })
}

/// A file's identity as a session keeps it.
#[must_use]
pub fn own_identity(identity: media::Identity) -> Identity {
    Identity { bytes: identity.bytes, ends: identity.ends, whole: None, extra: session::Extra::new() }
}

/// Folders below those that are given, and files in each, beyond which the search gives up.
const MOST: (usize, usize) = (200, 5_000);

/// The file that is known by its length and its ends, in these folders, those above them, or those directly below any of these.
#[must_use]
pub fn search(known: &Identity, folders: &[PathBuf], cancel: &AtomicBool) -> Option<PathBuf> {
    let above = folders.iter().filter_map(|folder| folder.parent()).filter(|folder| folder.parent().is_some());
    let mut queue: Vec<(PathBuf, bool)> =
        folders.iter().map(PathBuf::as_path).chain(above).map(|folder| (folder.to_owned(), true)).collect();
    let mut seen = HashSet::new();
    while let Some((folder, deeper)) = queue.pop() {
        if cancel.load(Ordering::Relaxed) || seen.len() >= MOST.0 {
            return None;
        }
        if !seen.insert(folder.clone()) {
            continue;
        }
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten().take(MOST.1) {
            let Ok(facts) = entry.metadata() else { continue };
            if facts.is_dir() && deeper {
                queue.insert(0, (entry.path(), false));
            } else if facts.is_file() && facts.len() == known.bytes {
                let path = entry.path();
                if media::Identity::of(&path).is_ok_and(|found| found.ends == known.ends) {
                    return Some(path);
                }
            }
        }
    }
    None
}

fn median_frame(index: &FrameIndex) -> Length {
    let times: Vec<Instant> = index.times().chain([index.end()]).collect();
    let mut lengths: Vec<Length> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    lengths.sort_unstable();
    lengths[lengths.len() / 2]
}

impl Examined {
    /// What to beware of, as sentences that name the file.
    #[must_use]
    pub fn named_warnings(&self) -> Vec<String> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        self.warnings.iter().map(|warning| format!("{name}: {warning}")).collect()
    }

    /// The medium of a session in `session_file`, at the session's zero.
    #[must_use]
    pub fn medium(&self, id: MediumId, session_file: &Path) -> Medium {
        Medium {
            identity: Some(self.identity.clone()),
            end: Some(self.end),
            frame: Some(self.frame),
            ..Medium::new(id, medium_path(session_file, &self.path))
        }
    }
}
