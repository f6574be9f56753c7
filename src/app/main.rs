//! Starts Attune.

use std::process::ExitCode;

fn main() -> ExitCode {
    attune::crash::watch(&attune::folders::Folders::of_user());
    let startup = attune::app::Startup {
        demo: std::env::args_os().nth(1).is_none(),
        paths: std::env::args_os().skip(1).map(Into::into).collect(),
        ..attune::app::Startup::default()
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
