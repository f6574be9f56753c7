//! `attune completions`: the words of the command line, for the shell that they are typed in.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::output::{Failure, write_data};
use super::{Cli, OutArgs};

/// A script with which a shell completes the verbs and options of attune
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  attune completions bash --out ~/.local/share/bash-completion/completions/attune
  attune completions zsh --out ~/.zfunc/_attune
  attune completions fish --out ~/.config/fish/completions/attune.fish")]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
    #[command(flatten)]
    out: OutArgs,
}

pub(super) fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "attune", &mut script);
    write_data(&args.out, &script)
}
