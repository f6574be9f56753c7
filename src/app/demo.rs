//! The demonstration session: embedded in the program, unpacked into the user's data folder, and coded there as a copy.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use exchange::{Schemes, csv};
use jiff::Timestamp;
use session::file::{Existing, Holder, OsDisk, create};
use session::{Document, Scheme, Session};

use crate::examine::examine;

/// The video.
pub const VIDEO: &[u8] = include_bytes!("../../assets/demo/demo.mp4");
/// Its coding, frame by frame.
pub const GOLD: &[u8] = include_bytes!("../../assets/demo/demo.csv");

/// Unpacks what is not there yet; gives the session's file. Edits of an earlier visit are kept.
///
/// # Errors
/// If the folder cannot be written.
pub fn unpack(folder: &Path) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let video = folder.join("demo.mp4");
    if std::fs::read(&video).ok().as_deref() != Some(VIDEO) {
        std::fs::write(&video, VIDEO).with_context(|| format!("{} cannot be written", video.display()))?;
    }
    let path = folder.join("demo.attune");
    if !path.exists() {
        let session = gold_session(&path, &video)?;
        let mut document = Document::new(session);
        let holder = Holder::here("", Timestamp::now());
        create(&(std::sync::Arc::new(OsDisk) as _), &path, &mut document, Existing::Refuse, holder)?;
    }
    Ok(path)
}

/// The session with its gold coding.
///
/// # Errors
/// Never, with the files that are built in: a test reads them.
pub fn gold_session(path: &Path, video: &Path) -> anyhow::Result<Session> {
    let known = Scheme::built_in();
    let (mut session, _) =
        csv::read(GOLD, Schemes { given: None, known: &known }).context("the built-in coding can be read")?;
    "demonstration".clone_into(&mut session.name);
    let examined = examine(video, None).map_err(anyhow::Error::msg)?;
    for medium in &mut session.media {
        *medium = examined.medium(medium.id, path);
    }
    Ok(session)
}
