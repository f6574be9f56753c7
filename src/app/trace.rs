//! When the window redrew, written to the file that `ATTUNE_TRACE` names: what the benchmark reads, and nobody else.

use std::fs::File;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where moments are written to, if anybody asked for them.
#[derive(Clone, Debug, Default)]
pub struct Trace(Option<Arc<Mutex<File>>>);

impl Trace {
    /// Writes to the file that the environment names; nowhere, where it names none.
    #[must_use]
    pub fn of_environment() -> Self {
        let file = std::env::var_os("ATTUNE_TRACE").and_then(|path| File::create(path).ok());
        Self(file.map(|file| Arc::new(Mutex::new(file))))
    }

    /// A redraw has returned.
    pub fn redraw(&self) {
        self.line(|| "redraw".to_owned());
    }

    /// So many pictures have been handed over while playing, and so many of them came late.
    pub fn pictures(&self, shown: u64, late: u64) {
        self.line(|| format!("pictures {shown} {late}"));
    }

    fn line(&self, what: impl FnOnce() -> String) {
        let Some(file) = &self.0 else { return };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writeln!(file, "{now} {}", what()); // a benchmark that cannot write measures nothing
    }
}
