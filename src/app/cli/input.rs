//! Reads any file that holds a session: Attune's own, a coded-timeline CSV, an ELAN document.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;
use exchange::{Schemes, read_any};
use jiff::Timestamp;
use session::file::{EXTENSION, OsDisk, moved};
use session::{Document, Scheme, Session, Stamp};

use super::output::{Failure, tell};

/// The scheme of files that do not bring one.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct SchemeArgs {
    /// The coding scheme of files that name one which is not built in: its own file, or a session that is coded with it
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
}

/// The schemes that files may be read with.
pub(super) struct KnownSchemes {
    given: Option<Scheme>,
    built_in: Vec<Scheme>,
}

impl SchemeArgs {
    /// The file that was named.
    pub(super) fn file(&self) -> Option<&PathBuf> {
        self.scheme.as_ref()
    }

    /// The built-in schemes, and the one given.
    pub(super) fn load(&self) -> Result<KnownSchemes, Failure> {
        let given = self.scheme.as_ref().map(|path| read_scheme(path).map_err(Failure::Usage)).transpose()?;
        Ok(KnownSchemes { given, built_in: Scheme::built_in() })
    }
}

impl KnownSchemes {
    /// The scheme of this name and version.
    pub(super) fn named(&self, name: &str, version: &str) -> Option<&Scheme> {
        let mut all = self.given.iter().chain(&self.built_in);
        all.find(|scheme| scheme.name == name && scheme.version == version)
    }
}

/// A scheme's own file, or a session that is coded with it.
fn read_scheme(path: &Path) -> Result<Scheme, String> {
    if is_own(path) {
        let read = session::file::read(&OsDisk, path).map_err(|error| error.to_string());
        return read.map(|(document, _)| document.session().scheme.clone());
    }
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("the scheme {} cannot be read: {error} (check its name)", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} is no coding scheme: {error}", path.display()))
}

/// A session and where it came from.
pub(super) struct Loaded {
    /// The session; with its history where the file has one.
    pub(super) document: Document,
    /// What a person should know about how it was read.
    pub(super) remarks: Vec<String>,
    /// It was Attune's own file.
    pub(super) is_own: bool,
}

impl Loaded {
    pub(super) fn session(&self) -> &Session {
        self.document.session()
    }

    /// Has the session find its media from another folder: their paths are relative to the file that names them.
    ///
    /// The step is stamped with the time of the one before it, so that the same files give the same bytes.
    pub(super) fn move_to(&mut self, from: &Path, to: &Path) {
        let time = self.document.history().entries().last().map_or(Timestamp::UNIX_EPOCH, |entry| entry.time);
        let stamp = Stamp { time, who: self.session().coder.clone() };
        match moved(&self.document, from, to, &stamp) {
            Ok(document) => self.document = document,
            Err(error) => self.remarks.push(format!("its media are named as before: {error}")),
        }
    }

    /// Says the remarks, each with the file's name.
    pub(super) fn tell_remarks(&self, path: &Path) {
        for remark in &self.remarks {
            tell(&format!("{}: {remark}", path.display()));
        }
    }
}

/// Reads a file, or says in a sentence that names it why that cannot be.
pub(super) fn load(path: &Path, schemes: &KnownSchemes) -> Result<Loaded, String> {
    if is_own(path) {
        let (document, notices) = session::file::read(&OsDisk, path).map_err(|error| error.to_string())?;
        let remarks = notices.iter().map(ToString::to_string).collect();
        return Ok(Loaded { document, remarks, is_own: true });
    }
    let named = |reason: &dyn std::fmt::Display| format!("{}: {reason}", path.display());
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!("{} is not there: check its name", path.display()),
        ErrorKind::IsADirectory => format!("{} is a folder: name the files in it", path.display()),
        _ => format!("{} cannot be read: {error}", path.display()),
    })?;
    if begins_like_own(&bytes) {
        let (document, notices) = session::file::read(&OsDisk, path).map_err(|error| error.to_string())?;
        return Ok(Loaded { document, remarks: notices.iter().map(ToString::to_string).collect(), is_own: true });
    }
    let schemes = Schemes { given: schemes.given.as_ref(), known: &schemes.built_in };
    let (session, report) = read_any(path, &bytes, schemes).map_err(|error| named(&error))?;
    let remarks = report.items.iter().map(ToString::to_string).collect();
    Ok(Loaded { document: Document::new(session), remarks, is_own: false })
}

/// Does the name say that it is Attune's own file?
pub(super) fn is_own(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == EXTENSION)
}

/// Is there a file that neither its name nor its beginning says to be Attune's own?
pub(super) fn is_foreign(path: &Path) -> bool {
    !is_own(path) && std::fs::read(path).is_ok_and(|bytes| !begins_like_own(&bytes))
}

fn begins_like_own(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{")
}
