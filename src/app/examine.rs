//! Looks at a medium's file: what a session needs to know of it before the first mark.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use media::{FrameIndex, IndexCache, MediaError};
use session::file::medium_path;
use session::{Identity, Medium, MediumId, MediumKind};
use span::{Instant, Length};

/// What is known of a medium's file.
pub struct Examined {
    /// The file.
    pub path: PathBuf,
    /// What it holds.
    pub kind: MediumKind,
    /// Medium time of the end of its last frame, and the median length of a frame (of sound alone, of a step), where these have been counted.
    pub measure: Option<(Instant, Length)>,
    /// What it is, wherever it is.
    pub identity: Identity,
}

/// What can be known of a file at once, however long it is: that it can be shown, and what it is.
///
/// # Errors
/// A sentence that names the file and the remedy.
pub fn look_at(path: &Path) -> Result<Examined, String> {
    match media::look_at(path) {
        Ok(()) => identified(path),
        Err(MediaError::NoPicture { .. }) => examine(path, None), // of sound alone, which is soon read
        Err(error) => Err(text(error)),
    }
}

/// What a video is that was looked at before.
///
/// # Errors
/// A sentence that names the file.
pub fn identified(path: &Path) -> Result<Examined, String> {
    Ok(Examined { path: path.to_owned(), kind: MediumKind::Video, measure: None, identity: identity_of(path)? })
}

/// Counts the frames of a file, or takes the index that was kept of it, and keeps it for the next who wants it.
///
/// # Errors
/// A sentence that names the file and the remedy.
pub fn examine(path: &Path, kept: Option<&IndexCache>) -> Result<Examined, String> {
    if let Some(index) = kept.and_then(|kept| kept.load(path)) {
        return measured(path, &index);
    }
    let index = FrameIndex::read(path).map_err(text)?;
    if let Some(kept) = kept {
        let _ = kept.store(path, &index); // without it the file is read again, and nothing else
    }
    measured(path, &index)
}

/// What a file is whose index is at hand.
///
/// # Errors
/// A sentence that names the file.
pub fn measured(path: &Path, index: &FrameIndex) -> Result<Examined, String> {
    let measure = Some((index.end(), median_frame(index)));
    let kind = if index.is_of_sound() { MediumKind::Sound } else { MediumKind::Video };
    Ok(Examined { path: path.to_owned(), kind, measure, identity: identity_of(path)? })
}

fn identity_of(path: &Path) -> Result<Identity, String> {
    media::Identity::of(path).map(own_identity).map_err(text)
}

fn text(error: MediaError) -> String {
    error.to_string()
}

/// A file's identity as a session keeps it.
#[must_use]
pub fn own_identity(identity: media::Identity) -> Identity {
    Identity { bytes: identity.bytes, ends: identity.ends, whole: None, extra: session::Extra::new() }
}

/// Folders that are looked into, and files in each, beyond which the search gives up.
const MOST: (usize, usize) = (20_000, 50_000);
/// Folders within folders, beyond which nobody keeps videos.
const DEEPEST: usize = 32;

/// The file that is known by its length and its ends: in the folders `near`, those above them, or those directly below any of these; or
/// anywhere below `roots`.
#[must_use]
pub fn search(known: &Identity, near: &[PathBuf], roots: &[PathBuf], cancel: &AtomicBool) -> Option<PathBuf> {
    let above = near.iter().filter_map(|folder| folder.parent()).filter(|folder| folder.parent().is_some());
    let near = near.iter().map(PathBuf::as_path).chain(above).map(|folder| (folder.to_owned(), 1));
    let mut queue: VecDeque<(PathBuf, usize)> = near.chain(roots.iter().map(|root| (root.clone(), DEEPEST))).collect();
    let mut seen: HashMap<PathBuf, usize> = HashMap::new(); // and how many levels below each
    while let Some((folder, levels)) = queue.pop_front() {
        if cancel.load(Ordering::Relaxed) || seen.len() >= MOST.0 {
            return None;
        }
        if seen.get(&folder).is_some_and(|before| *before >= levels) {
            continue;
        }
        let entries = std::fs::read_dir(&folder);
        seen.insert(folder, levels);
        let Ok(entries) = entries else { continue };
        for entry in entries.flatten().take(MOST.1) {
            let Ok(facts) = entry.metadata() else { continue };
            if facts.is_dir() && levels > 0 {
                queue.push_back((entry.path(), levels - 1));
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
    /// The medium of a session in `session_file`, at the session's zero.
    #[must_use]
    pub fn medium(&self, id: MediumId, session_file: &Path) -> Medium {
        Medium {
            kind: self.kind,
            identity: Some(self.identity.clone()),
            end: self.measure.map(|(end, _)| end),
            frame: self.measure.map(|(_, frame)| frame),
            ..Medium::new(id, medium_path(session_file, &self.path))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file at `place` below a folder: is it found from the folders `near` and `roots` of it?
    #[track_caller]
    fn check(place: &str, near: &[&str], roots: &[&str], found: bool) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let below = |names: &[&str]| names.iter().map(|name| folder.path().join(name)).collect::<Vec<_>>();
        let path = folder.path().join(place);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("room");
        std::fs::write(&path, "a video").expect("room");
        std::fs::write(path.with_extension("txt"), "another").expect("room"); // as long, and another
        let known = own_identity(media::Identity::of(&path).expect("it is there"));
        let seen = search(&known, &below(near), &below(roots), &AtomicBool::new(false));
        assert_eq!(seen, found.then_some(path), "{place}");
    }

    #[test]
    fn a_video_is_found_beside_above_and_below_and_no_farther() {
        for place in ["study/dyads/film.mp4", "study/film.mp4", "study/dyads/raw/film.mp4", "study/raw/film.mp4"] {
            check(place, &["study/dyads"], &[], true);
        }
        check("study/dyads/raw/deep/film.mp4", &["study/dyads"], &[], false);
        check("archive/2026/film.mp4", &["study/dyads"], &[], false);
    }

    #[test]
    fn below_a_folder_that_a_person_named_it_is_found_however_deep() {
        check("archive/2026/11/24/film.mp4", &["study/dyads"], &["archive"], true);
        check("study/dyads/raw/deep/film.mp4", &["study/dyads"], &["study"], true);
    }
}
