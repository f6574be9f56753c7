//! What a coder makes: the scheme, the marks on their tracks, every edit, and the file that keeps them.
//!
//! [`Session`] is plain data that anyone may read. It is changed by [`Edit`]s alone: each names the items that it
//! inserts, removes or replaces, with their whole values, so that each has its inverse and is applied whole or not at all.

pub mod check;
mod clips;
pub mod compare;
mod difference;
mod document;
mod edit;
pub mod file;
mod history;
mod id;
mod item;
mod mark;
pub mod marking;
mod medium;
mod rebase;
mod scheme;
mod scores;
#[allow(clippy::module_inception, reason = "the crate's central noun")]
mod session;
mod track;

pub use document::{Document, LogLine, Stamp};
pub use edit::{Change, Edit, EditError, Field, Item};
pub use history::{Entry, EntryKind, Growth, History, HistoryError};
pub use id::{EpisodeId, ExcludedId, Ids, MarkId, MediumId, SessionId};
pub use mark::{Certainty, How, Mark, When};
pub use medium::{Identity, Medium, MediumKind, Rate};
pub use scheme::{Channel, ChannelKind, Code, Missing, Scheme, Subject};
pub use scores::{recording, score, score_settings};
pub use session::{Episode, EpisodeKind, Excluded, Role, Session};
pub use track::{Track, TrackKey};

/// Fields that a later version of the same major schema added: kept, and written back as they were.
pub type Extra = serde_json::Map<String, serde_json::Value>;
