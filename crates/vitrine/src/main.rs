//! The umbrella program: `vitrine demo`, `vitrine verify`, and one command for each role.
//!
//! Results go to stdout, everything else to stderr. Exit codes: 0 good, 1 the record was checked and is bad, 2 usage, 3 something cannot
//! be read or reached, 4 incomplete, 5 refused for safety (VER-2).

mod console;
mod demo;
mod failure;
mod place;
mod verify;

use clap::{Parser, Subcommand};
use console::{Console, OutputOptions};
use failure::Failure;
use std::process::ExitCode;

/// Elections anyone can check.
#[derive(Debug, Parser)]
#[command(name = "vitrine", version, about, propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    output: OutputOptions,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Verify(verify::Arguments),
}

fn main() -> ExitCode {
    let Arguments { output, command } = Arguments::parse();
    let console = Console::new(output);
    match start(command, &console) {
        Ok(code) => code.into(),
        Err(failure) => {
            console.error(&failure.text);
            failure.code.into()
        }
    }
}

fn start(command: Command, console: &Console) -> Result<verifier::ExitCode, Failure> {
    let unreadable = |error| Failure::new(verifier::ExitCode::Unreadable, format_args!("no threads: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(unreadable)?;
    runtime.block_on(run(command, console))
}

async fn run(command: Command, console: &Console) -> Result<verifier::ExitCode, Failure> {
    match command {
        Command::Demo(arguments) => demo::run(arguments, console).await,
        Command::Verify(arguments) => verify::run(arguments, console).await,
    }
}
