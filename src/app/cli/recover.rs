//! `attune recover`: a session from what is left of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use session::file::{Disk, EXTENSION, Existing, Holder, OsDisk, create, recover};
use span::counted;

use super::input::is_foreign;
use super::output::{Failure, check_output, tell};

/// A session from its log or an earlier save
#[derive(Debug, Args)]
#[command(after_help = "\
Looks at the file, the journal beside it and its earlier versions, takes the one in which most was done, and writes a new
session. What is there is not changed.

Example:
  attune recover dyad01.attune")]
pub(super) struct RecoverArgs {
    /// The session that cannot be opened, or that is too old
    file: PathBuf,
    /// The session to write [default: FILE with -recovered in its name]
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Write over a file that is there already
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &RecoverArgs) -> Result<(), Failure> {
    let out = args.out.clone().unwrap_or_else(|| beside(&args.file));
    check_output(&out, args.force, [&args.file])?;
    let disk: Arc<dyn Disk> = Arc::new(OsDisk);
    let mut recovered = recover(disk.as_ref(), &args.file).map_err(|error| {
        Failure::Because(if is_foreign(&args.file) {
            format!("{} is no session: name the .attune file that cannot be opened", args.file.display())
        } else {
            error.to_string()
        })
    })?;
    for notice in &recovered.notices {
        tell(&format!("{}: {notice}", args.file.display()));
    }
    let existing = if args.force { Existing::Replace } else { Existing::Refuse };
    let made = create(&disk, &out, &mut recovered.document, existing, Holder::here("", Timestamp::now()));
    made.map_err(|error| Failure::Because(error.to_string()))?;
    let marks = counted(recovered.document.session().n_marks(), "mark");
    tell(&format!("{} is written: {marks}", out.display()));
    Ok(())
}

/// `dyad01.attune` becomes `dyad01-recovered.attune`.
fn beside(file: &Path) -> PathBuf {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{name}-recovered.{EXTENSION}"))
}
