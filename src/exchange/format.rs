//! The formats, by name and by the ending of a file's name.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use session::Session;

use crate::{ExchangeError, Report, Schemes, csv, eaf};

/// A format of files that are not Attune's own session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The coded-timeline CSV.
    Csv,
    /// An ELAN annotation document.
    Eaf,
    /// The state matrix: written only.
    Matrix,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Eaf, Self::Matrix];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Eaf => "eaf",
            Self::Matrix => "matrix",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Csv => "coded-timeline CSV",
            Self::Eaf => "ELAN document",
            Self::Matrix => "state matrix",
        }
    }

    /// The ending of its files, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv | Self::Matrix => "csv",
            Self::Eaf => "eaf",
        }
    }

    /// The format that a file's ending says: `.csv`, `.tsv` and `.txt` are coded timelines.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "eaf" => Some(Self::Eaf),
            _ => None,
        }
    }
}

/// Reads a file in whatever format its name says, or, where the name says none, its first letters.
///
/// # Errors
/// [`ExchangeError`] where nothing can be read.
pub fn read_any(path: &Path, bytes: &[u8], schemes: Schemes) -> Result<(Session, Report), ExchangeError> {
    match Format::of_path(path).or_else(|| of_content(bytes)) {
        Some(Format::Csv) => csv::read(bytes, schemes),
        Some(Format::Eaf) => eaf::read(bytes, schemes),
        Some(Format::Matrix) => Err(ExchangeError::WriteOnly(Format::Matrix.label())),
        None => Err(ExchangeError::UnknownFormat(path.file_name().unwrap_or_default().to_string_lossy().into_owned())),
    }
}

fn of_content(bytes: &[u8]) -> Option<Format> {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = start.get(..1_000).unwrap_or(start);
    if start.starts_with(b"# attune csv") {
        Some(Format::Csv)
    } else if start.windows(20).any(|window| window == b"<ANNOTATION_DOCUMENT") {
        Some(Format::Eaf)
    } else {
        None
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no format: write csv, eaf or matrix")]
pub struct ParseFormatError(String);

impl FromStr for Format {
    type Err = ParseFormatError;

    fn from_str(word: &str) -> Result<Self, ParseFormatError> {
        Self::ALL.into_iter().find(|format| format.name() == word).ok_or_else(|| ParseFormatError(word.to_owned()))
    }
}
