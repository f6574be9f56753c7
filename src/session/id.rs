//! Names of items that stay the same however an item changes: counters within the session, so that diffs stay readable.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A text is not the id of such an item.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not an id: it must be '{prefix}' and a number")]
pub struct ParseIdError {
    text: String,
    prefix: char,
}

macro_rules! item_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                text.strip_prefix($prefix)
                    .and_then(|number| number.parse().ok())
                    .map(Self)
                    .ok_or_else(|| ParseIdError { text: text.to_owned(), prefix: $prefix })
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseIdError;
            fn try_from(text: String) -> Result<Self, ParseIdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

item_id!(
    /// A mark: `m123`.
    MarkId,
    'm'
);
item_id!(
    /// An episode: `e1`.
    EpisodeId,
    'e'
);
item_id!(
    /// An excluded span: `x1`.
    ExcludedId,
    'x'
);
item_id!(
    /// A medium: `v1`.
    MediumId,
    'v'
);

/// Where new ids come from: one counter for all kinds of items of a session, never going back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ids {
    next: u64,
}

impl Ids {
    /// Ids after the largest in use.
    #[must_use]
    pub const fn after(largest: u64) -> Self {
        Self { next: largest + 1 }
    }

    /// The number for the next item, whatever its kind.
    pub const fn take(&mut self) -> u64 {
        let id = self.next;
        self.next += 1;
        id
    }

    /// Makes sure that `used` is never handed out again.
    pub const fn skip(&mut self, used: u64) {
        if used >= self.next {
            self.next = used + 1;
        }
    }
}

/// A session, among all sessions of the world: 128 random bits in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SessionId(String);

impl SessionId {
    /// A new name that no other session has.
    ///
    /// # Panics
    /// If the operating system has no random numbers: nothing else works then either.
    #[must_use]
    pub fn random() -> Self {
        let mut bits = [0; 16];
        getrandom::fill(&mut bits).expect("the operating system gives random numbers");
        Self::from_bits(u128::from_be_bytes(bits))
    }

    /// The name made of these bits: for imports, which must give the same session each time, and for tests.
    #[must_use]
    pub fn from_bits(bits: u128) -> Self {
        Self(format!("{bits:032x}"))
    }

    /// The hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
