//! `attune man`: the manual, made of the same definitions as `--help`.

use std::path::PathBuf;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use super::output::{Failure, refuse_existing, write_data, write_file};
use super::{Cli, OutArgs};

/// The manual: a page for attune, or a folder with one for each verb too
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  attune man | man -l -
  attune man --out-dir ~/.local/share/man/man1")]
pub(super) struct ManArgs {
    /// Write a page for attune and one for each verb into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    out_dir: Option<PathBuf>,
    #[command(flatten)]
    out: OutArgs,
}

pub(super) fn run(args: &ManArgs) -> Result<(), Failure> {
    let mut attune = Cli::command().disable_help_subcommand(true);
    attune.build(); // the verbs learn their full names
    let Some(folder) = &args.out_dir else {
        return write_data(&args.out, &page(&attune));
    };
    let pages: Vec<_> = std::iter::once(&attune)
        .chain(attune.get_subcommands())
        .map(|command| (folder.join(Man::new(command.clone()).get_filename()), page(command)))
        .collect();
    for (path, _) in &pages {
        refuse_existing(path, args.out.force)?;
    }
    pages.iter().try_for_each(|(path, page)| write_file(path, page, args.out.force))
}

/// The examples stand in a section that clap calls "extra".
fn page(command: &Command) -> Vec<u8> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page).expect("memory can be written");
    String::from_utf8(page).expect("the definitions are text").replace(".SH EXTRA", ".SH NOTES").into_bytes()
}
