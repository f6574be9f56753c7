//! Who is coded.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of the two partners, or what is coded of both at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The first partner in every function of two series.
    Infant,
    /// The second partner.
    Parent,
    /// Both together, such as joint looking.
    Dyad,
}

/// A word names no subject that scores know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not scored: subjects are infant, parent and dyad")]
pub struct ParseSubjectError(String);

impl Subject {
    /// The word in files.
    ///
    /// ```
    /// use scoring::Subject;
    ///
    /// assert_eq!(Subject::Dyad.as_str(), "dyad");
    /// assert_eq!("parent".parse(), Ok(Subject::Parent));
    /// let why = "sibling".parse::<Subject>().map_err(|error| error.to_string());
    /// assert_eq!(why, Err("'sibling' is not scored: subjects are infant, parent and dyad".to_owned()));
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Infant => "infant",
            Self::Parent => "parent",
            Self::Dyad => "dyad",
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Subject {
    type Err = ParseSubjectError;

    fn from_str(word: &str) -> Result<Self, ParseSubjectError> {
        match word {
            "infant" => Ok(Self::Infant),
            "parent" => Ok(Self::Parent),
            "dyad" => Ok(Self::Dyad),
            _ => Err(ParseSubjectError(word.to_owned())),
        }
    }
}
