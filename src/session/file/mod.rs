//! The file of a session, the journal beside it, its lock and its earlier versions.
//!
//! ```text
//! d1.attune                  the session and its history, whole
//! .attune/d1/journal         what was done since it was saved
//! .attune/d1/saves/          earlier versions
//! .attune/d1/lock, holder    who has it open
//! ```
//!
//! What a coder does goes through [`Document`](crate::Document) into the journal within a quarter of a second; saving writes all of it
//! into a new file, which then takes the old one's name. At no moment is there less on disk than what was durable before.

mod disk;
mod error;
mod format;
mod journal;
mod journal_file;
mod layout;
mod lock;
mod log;
mod migrate;
mod open;
mod paths;
mod plain;
mod recover;
mod report;
mod save;
mod saves;

pub use disk::{Disk, DiskFile, Guard, Locking, OsDisk};
pub use error::{Damage, FileError};
pub use format::schema;
pub use lock::Holder;
pub use log::{LogState, Standing};
pub use open::{Opened, Proof, open, read, read_unchecked, verify};
pub use paths::{EXTENSION, draft_path, medium_path, moved, resolve_medium};
pub use recover::{Recovered, recover};
pub use report::Notice;
pub use save::{Existing, Saved, Saving, SessionFile, create, save_due, write_without_history};
pub use saves::KeptSave;
