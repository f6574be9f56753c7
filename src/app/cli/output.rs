//! Where data and messages go: the one place of the command line that writes.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::OutArgs;

/// Why a verb did not do all that it was asked to.
pub(super) enum Failure {
    /// Each file that failed has been named already.
    Told,
    /// One thing stands against all of it.
    Because(String),
    /// The words of the call are wrong.
    Usage(String),
}

/// A message to the person, on standard error; a line of progress makes room for it.
#[expect(clippy::print_stderr, reason = "messages of the command line go there")]
pub(super) fn tell(message: &str) {
    hide_progress();
    eprintln!("attune: {message}");
}

impl OutArgs {
    /// Refuses, before the work, what could not be written after it.
    pub(super) fn check<'a>(&self, inputs: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), Failure> {
        self.out.as_ref().map_or(Ok(()), |out| check_output(out, self.force, inputs))
    }
}

/// Refuses a file that is there already, and one that is read, whatever name it goes by: no verb changes its input.
pub(super) fn check_output<'a>(
    output: &Path,
    force: bool,
    inputs: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<(), Failure> {
    let place = output.canonicalize().ok();
    let is_output = |input: &&PathBuf| place.is_some() && input.canonicalize().ok() == place;
    if inputs.into_iter().any(|input| is_output(&input)) {
        return Err(Failure::Usage(format!(
            "{} is the file that is read: choose another name for the output",
            output.display()
        )));
    }
    refuse_existing(output, force)
}

/// Data to standard output, or to the file that was named. A reader that has had enough is no failure.
pub(super) fn write_data(out: &OutArgs, data: &[u8]) -> Result<(), Failure> {
    if let Some(path) = &out.out {
        return write_file(path, data, out.force);
    }
    let mut stdout = io::stdout().lock();
    match stdout.write_all(data).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Because(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a file whole or not at all.
pub(super) fn write_file(path: &Path, data: &[u8], force: bool) -> Result<(), Failure> {
    refuse_existing(path, force)?;
    let name = path.file_name().ok_or_else(|| Failure::Usage(format!("{} names no file", path.display())))?;
    let draft = path.with_file_name(format!(".{}.unfinished", name.to_string_lossy()));
    let written = std::fs::File::create(&draft).and_then(|mut file| {
        file.write_all(data)?;
        file.sync_all()?;
        std::fs::rename(&draft, path)
    });
    written.map_err(|error| {
        let _ = std::fs::remove_file(&draft); // it may not be there; the error that matters is the first
        Failure::Because(format!("{} cannot be written: {}", path.display(), remedy(&error)))
    })
}

/// A file is not written over unless that was asked for.
pub(super) fn refuse_existing(path: &Path, force: bool) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(Failure::Because(format!("{} is a folder: name a file in it", path.display())));
    }
    if path.exists() && !force {
        return Err(Failure::Because(format!(
            "{} is there already: choose another name, or add --force",
            path.display()
        )));
    }
    Ok(())
}

/// What the operating system says, and what helps.
pub(super) fn remedy(error: &io::Error) -> String {
    let helps = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "choose a folder that you may write to",
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => "its folder is not there, make it first",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            return "the disk is full, free some room or choose another".to_owned();
        }
        _ => "try again, or choose another place",
    };
    format!("{error} ({helps})")
}

/// How far something is, on a terminal, once it has taken more than a second.
pub(super) struct Progress {
    what: &'static str,
    started: Instant,
    is_shown: bool,
}

/// How wide the line of progress on the terminal is; 0 where there is none.
static PROGRESS_WIDTH: AtomicUsize = AtomicUsize::new(0);

impl Progress {
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, started: Instant::now(), is_shown: false }
    }

    /// `fraction` of it is done.
    #[expect(clippy::print_stderr, reason = "progress goes there")]
    pub(super) fn at(&mut self, fraction: f32) {
        if self.started.elapsed() > Duration::from_secs(1) && io::stderr().is_terminal() {
            let n_done = (fraction.clamp(0.0, 1.0) * 30.0) as usize;
            let bar = format!("{}{}", "=".repeat(n_done), " ".repeat(30 - n_done));
            let line = format!("{} [{bar}] {:3.0} %", self.what, fraction * 100.0);
            let width = PROGRESS_WIDTH.fetch_max(line.len(), Ordering::Relaxed);
            eprint!("\r{line:width$}"); // over another line that may have been longer
            self.is_shown = true;
        }
    }

    /// For a part of `n_parts`, before which `n_done` were done: it is told, perhaps from several threads, which fraction of the part is.
    pub(super) fn of_part(&mut self, n_done: usize, n_parts: usize) -> impl Fn(f64) + Sync {
        let shown = Mutex::new(self);
        move |fraction| {
            let mut shown = shown.lock().expect("to show a line cannot panic");
            shown.at((n_done as f32 + fraction as f32) / n_parts as f32);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            hide_progress();
        }
    }
}

#[expect(clippy::print_stderr, reason = "the line of progress is taken away where it was written")]
fn hide_progress() {
    let width = PROGRESS_WIDTH.swap(0, Ordering::Relaxed);
    if width > 0 {
        eprint!("\r{}\r", " ".repeat(width));
    }
}
