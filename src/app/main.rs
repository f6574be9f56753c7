//! Starts Attune.

use std::process::ExitCode;

use attune::cli::Outcome;

fn main() -> ExitCode {
    attune::signals::survive_full_disks();
    attune::crash::watch(&attune::folders::Folders::of_user());
    let startup = match attune::cli::run(std::env::args_os()) {
        Outcome::Exit(status) => return ExitCode::from(status),
        Outcome::OpenWindow(startup) => startup,
    };
    match attune::window::run(startup) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the one place where the program tells the terminal")]
fn tell(error: &anyhow::Error) {
    eprintln!("attune: {error:#}");
}
