//! Where the files of a session are, and where a session finds its media.

use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;

use crate::{Document, EditError, Medium, Stamp};

/// The ending of a session's file.
pub const EXTENSION: &str = "attune";

/// The file of a session and what lies beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paths {
    /// `NAME.attune`.
    pub(super) file: PathBuf,
    /// `.attune/NAME`.
    pub(super) side: PathBuf,
}

impl Paths {
    pub(super) fn new(file: PathBuf) -> Self {
        let is_session = file.extension().is_some_and(|extension| extension == EXTENSION);
        let name = if is_session { file.file_stem() } else { file.file_name() };
        let side = folder_of(&file).join(".attune").join(name.unwrap_or_default());
        Self { file, side }
    }

    /// The file's folder.
    pub(super) fn folder(&self) -> &Path {
        folder_of(&self.file)
    }

    /// What is being saved, before it becomes the file: beside it, so that it is on the same drive.
    pub(super) fn unfinished(&self) -> PathBuf {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        self.folder().join(format!(".{name}.unfinished"))
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.side.join("journal")
    }

    pub(super) fn saves(&self) -> PathBuf {
        self.side.join("saves")
    }
}

/// Where a new session lies that nobody has given a place yet: beside the program's other data, under the time.
///
/// `name` is what the session is called so far: letters and digits of it come into the file's name.
#[must_use]
pub fn draft_path(data_folder: &Path, name: &str, now: Timestamp) -> PathBuf {
    let readable: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(40).collect();
    let readable = readable.trim_matches('-');
    let file = format!(
        "{}-{}.{EXTENSION}",
        now.strftime("%Y%m%dT%H%M%S-%3f"),
        if readable.is_empty() { "draft" } else { readable }
    );
    data_folder.join("drafts").join(file)
}

/// How a session in `session_file` names a medium: relative to itself and with `/` where both are on one drive, else absolute.
#[must_use]
pub fn medium_path(session_file: &Path, medium: &Path) -> String {
    let base = std::path::absolute(folder_of(session_file)).unwrap_or_else(|_| folder_of(session_file).to_owned());
    let target = std::path::absolute(medium).unwrap_or_else(|_| medium.to_owned());
    let (base, target): (Vec<_>, Vec<_>) = (base.components().collect(), target.components().collect());
    let shared = base.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let shares_a_folder = base[..shared].iter().any(|part| matches!(part, Component::Normal(_)));
    let ups = if shares_a_folder { base.len() - shared } else { 0 };
    let rest = if shares_a_folder { &target[shared..] } else { &target[..] };
    let path: PathBuf = std::iter::repeat_n(Component::ParentDir, ups).chain(rest.iter().copied()).collect();
    with_slashes(&path)
}

/// The file that a session in `session_file` means by a medium's path.
#[must_use]
pub fn resolve_medium(session_file: &Path, path: &str) -> PathBuf {
    normal(&folder_of(session_file).join(path)) // an absolute path stays what it is; Windows reads `/` too
}

/// A copy of the document that finds its media from another file; where that changes a name, it says so in its history. What the copy does is logged nowhere yet.
///
/// # Errors
/// [`EditError`] if the document does not fit its own history.
pub fn moved(document: &Document, old_file: &Path, new_file: &Path, stamp: &Stamp) -> Result<Document, EditError> {
    let mut copy = Document::from_parts(document.session().clone(), document.history().clone());
    for medium in &document.session().media {
        let path = medium_path(new_file, &resolve_medium(old_file, &medium.path));
        copy.note_found(Medium { path, ..medium.clone() }, stamp.clone())?;
    }
    Ok(copy)
}

/// The path without `..`, as it is written: links are not followed.
fn normal(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut normal, part| {
        match (part, normal.components().next_back()) {
            (Component::ParentDir, Some(Component::Normal(_))) => {
                normal.pop();
            }
            (Component::ParentDir, Some(Component::RootDir)) | (Component::CurDir, Some(_)) => {}
            (Component::ParentDir, Some(Component::CurDir)) => normal = PathBuf::from(".."),
            _ => normal.push(part),
        }
        normal
    })
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn with_slashes(path: &Path) -> String {
    let text = path.to_string_lossy().into_owned();
    if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(session_file: &str, medium: &str, expected: &str) {
        let (session_file, medium) = (Path::new(session_file), Path::new(medium));
        assert_eq!(medium_path(session_file, medium), expected);
        let found = resolve_medium(session_file, expected);
        assert_eq!(found, medium);
    }

    #[test]
    #[cfg(unix)]
    fn a_path_is_written_without_detours() {
        let found = |session_file: &str, medium: &str| resolve_medium(Path::new(session_file), medium);
        assert_eq!(found("d1.attune", "../v/a.mp4"), Path::new("../v/a.mp4"));
        assert_eq!(found("../s/d1.attune", "../v/a.mp4"), Path::new("../v/a.mp4"));
        assert_eq!(found("/s/d1.attune", "../../v/a.mp4"), Path::new("/v/a.mp4"));
        assert_eq!(found("s/d1.attune", "./a.mp4"), Path::new("s/a.mp4"));
    }

    #[test]
    #[cfg(unix)]
    fn media_near_the_session_are_named_relative_to_it() {
        check("/study/d1/d1.attune", "/study/d1/infant.mp4", "infant.mp4");
        check("/study/d1/d1.attune", "/study/d1/video/infant.mp4", "video/infant.mp4");
        check("/study/sessions/d1.attune", "/study/video/d1/infant.mp4", "../video/d1/infant.mp4");
    }

    #[test]
    #[cfg(unix)]
    fn media_that_share_no_folder_with_the_session_are_named_absolutely() {
        check("/home/c1/d1.attune", "/media/drive/infant.mp4", "/media/drive/infant.mp4");
    }

    #[test]
    fn the_folder_beside_a_session_bears_its_name() {
        let paths = Paths::new(PathBuf::from("study").join("d.1.attune"));
        assert_eq!(paths.side, PathBuf::from("study").join(".attune").join("d.1"));
        assert_eq!(Paths::new(PathBuf::from("d1.json")).side, PathBuf::from(".").join(".attune").join("d1.json"));
    }

    #[test]
    fn a_draft_has_a_name_that_every_file_system_takes() {
        let now = "2026-11-24T03:15:22.5Z".parse().expect("a time");
        let name = |name| draft_path(Path::new("data"), name, now);
        assert_eq!(name("Dyad 12: play/b"), Path::new("data/drafts/20261124T031522-500-Dyad-12--play-b.attune"));
        assert_eq!(name("…"), Path::new("data/drafts/20261124T031522-500-draft.attune"));
    }
}
