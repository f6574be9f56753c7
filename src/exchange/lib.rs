//! ELAN, coded-timeline CSV and other files to a session and back.
//!
//! A reader takes bytes and gives a session and a [`Report`]; it fails only where nothing can be read. The report names the
//! line or the element of each thing that was dropped, rounded or guessed. A writer gives bytes and says what it lost. The
//! same session gives the same bytes.

mod assemble;
mod bounds;
pub mod csv;
pub mod eaf;
mod error;
mod format;
pub mod matrix;
mod preamble;
mod report;
mod schemes;
mod words;

pub use error::ExchangeError;
pub use format::{Format, ParseFormatError, read_any};
pub use report::{Position, Report, ReportItem, Severity};
pub use schemes::Schemes;
