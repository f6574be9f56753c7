//! The command line: one file per verb. Data go to standard output, messages to standard error.
//!
//! Exit status 0: all done; 1: some file failed, and each is named with its reason; 2: the words of the call are wrong.

mod agree;
mod check;
mod completions;
mod convert;
mod doctor;
mod frame;
mod input;
mod log;
mod man;
mod output;
mod probe;
mod recover;
mod score;
mod table;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::app::Startup;
use output::Failure;

/// What the program does after its command line has been read.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It ends, with this status.
    Exit(u8),
    /// It opens its window.
    OpenWindow(Startup),
}

/// Attune: coding of infant and parent interaction, frame by frame, with rupture-and-repair and co-regulation scores.
///
/// Without a verb the window opens: on sessions or videos if any are named.
#[derive(Debug, Parser)]
#[command(
    name = "attune",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  attune dyad01.mp4                     a new session for this video
  attune demo                           look around first
  attune score *.attune --format csv    the scores of a whole study in one table

Exit status: 0 all done; 1 some file failed, each named with its reason; 2 the call is wrong."
)]
struct Cli {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Sessions or videos to open in the window
    files: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Open the window on the built-in demonstration session
    #[command(after_help = "Example:\n  attune demo")]
    Demo,
    Probe(probe::ProbeArgs),
    Frame(frame::FrameArgs),
    Score(score::ScoreArgs),
    Agree(agree::AgreeArgs),
    Convert(convert::ConvertArgs),
    Check(check::CheckArgs),
    Log(log::LogArgs),
    Recover(recover::RecoverArgs),
    Doctor(doctor::DoctorArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// What a verb prints its data as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Table,
    /// For programs
    Json,
    /// For statistics packages
    Csv,
}

/// Where a verb's data go.
#[derive(Clone, Debug, Args)]
struct OutArgs {
    /// Write there instead of to standard output
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Write over a file that is there already
    #[arg(long)]
    force: bool,
}

/// Reads the words of a call, the program's name first, and does what they say unless that needs a window.
pub fn run(words: impl IntoIterator<Item = OsString>) -> Outcome {
    let words: Vec<OsString> = words.into_iter().collect();
    let slip = words.get(1).map(PathBuf::from).filter(|word| is_slip(word) && !is_verb(word));
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => {
            if let Some(word) = slip {
                return refuse_slip(&word);
            }
            let is_answer = !error.use_stderr(); // --help and --version
            let _ = error.print(); // nobody listens: nothing is left to say it to
            return Outcome::Exit(if is_answer { 0 } else { 2 });
        }
    };
    let Some(verb) = cli.verb else {
        if let Some(word) = cli.files.first().filter(|word| is_slip(word)) {
            return refuse_slip(word);
        }
        return Outcome::OpenWindow(Startup { paths: cli.files, ..Startup::default() });
    };
    let done = match verb {
        Verb::Demo => return Outcome::OpenWindow(Startup { demo: true, ..Startup::default() }),
        Verb::Probe(args) => probe::run(&args),
        Verb::Frame(args) => frame::run(&args),
        Verb::Score(args) => score::run(&args),
        Verb::Agree(args) => agree::run(&args),
        Verb::Convert(args) => convert::run(&args),
        Verb::Check(args) => check::run(&args),
        Verb::Log(args) => log::run(&args),
        Verb::Recover(args) => recover::run(&args),
        Verb::Doctor(args) => doctor::run(&args),
        Verb::Completions(args) => completions::run(&args),
        Verb::Man(args) => man::run(&args),
    };
    Outcome::Exit(match done {
        Ok(()) => 0,
        Err(Failure::Told) => 1,
        Err(Failure::Because(reason)) => {
            output::tell(&reason);
            1
        }
        Err(Failure::Usage(reason)) => {
            output::tell(&reason);
            2
        }
    })
}

fn refuse_slip(word: &Path) -> Outcome {
    output::tell(&format!("'{}' is neither a verb nor a file: attune --help lists the verbs", word.display()));
    Outcome::Exit(2)
}

fn is_verb(word: &Path) -> bool {
    let mut command = Cli::command();
    command.build(); // with the verb `help`
    command.find_subcommand(word).is_some()
}

/// A bare word that names no file was meant for a verb.
fn is_slip(word: &Path) -> bool {
    let is_option = word.to_string_lossy().starts_with('-');
    word.components().count() == 1 && word.extension().is_none() && !is_option && !word.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_of_all_verbs_agree_with_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_a_verb_the_window_opens() {
        let words = |words: &[&str]| words.iter().map(Into::into).collect::<Vec<OsString>>();
        let opened = |given: &[&str]| match run(words(given)) {
            Outcome::OpenWindow(startup) => Some((startup.paths.len(), startup.demo)),
            Outcome::Exit(_) => None,
        };
        assert_eq!(opened(&["attune"]), Some((0, false)));
        assert_eq!(opened(&["attune", "a.attune", "b.mp4"]), Some((2, false)));
        assert_eq!(opened(&["attune", "demo"]), Some((0, true)));
        assert_eq!(opened(&["attune", "src"]), Some((1, false)), "it is there");
        assert_eq!(opened(&["attune", "scroe", "b.mp4"]), None, "a slip");
    }
}
