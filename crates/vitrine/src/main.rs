//! The umbrella program: `vitrine demo`, `vitrine verify`, and one command for each role.
//!
//! Results go to stdout, everything else to stderr. Exit codes: 0 good, 1 the record was checked and is bad, 2 usage, 3 something cannot
//! be read or reached, 4 incomplete, 5 refused for safety (VER-2).

mod bench;
mod console;
mod demo;
mod evidence;
mod failure;
mod pages;
mod place;
mod roles;
mod verify;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use console::{Console, OutputOptions};
use failure::Failure;
use roles::Official;
use std::process::ExitCode;
use trustee_tools::cli::{AuthorityCommand, RegistrarCommand, TrusteeArguments};

/// Elections anyone can check.
#[derive(Debug, Parser)]
#[command(name = "vitrine", version, propagate_version = true)]
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
    /// Files that convict a log, a witness or a trustee: check one, make one
    #[command(subcommand)]
    Evidence(evidence::Command),
    /// The pages for browsers: save them for another web server, compare what a server gives out
    #[command(subcommand)]
    Pages(pages::Command),
    /// Run a board: one database file, many elections, until interrupted
    Board(bulletin_board::cli::BoardArguments),
    /// Run a witness: cosign what boards show, as long as it only grows, until interrupted
    Witness(bulletin_board::witness::WitnessCommandLine),
    /// Run a mirror: hold every entry of some boards, verified, serve them, and cosign what is held, until interrupted
    Mirror(bulletin_board::mirror::MirrorCommandLine),
    /// Vote, audit your device, and check that your vote is there
    Ballot(ballot_client::cli::Arguments),
    /// Hold a share of the key: without a command, what to do now, and do it
    Trustee(TrusteeArguments),
    /// Hold an election: manifest, opening, closing, result
    #[command(subcommand)]
    Authority(AuthorityCommand),
    /// Keep the roll: one code for each voter
    #[command(subcommand)]
    Registrar(RegistrarCommand),
    /// Measure this machine: how fast a board takes entries
    #[command(subcommand)]
    Bench(bench::Command),
    /// Print what a shell needs to complete commands
    #[command(hide = true)]
    Completions {
        /// Which shell
        shell: Shell,
    },
}

fn main() -> ExitCode {
    let Arguments { output, command } = Arguments::parse();
    let console = Console::new(output);
    match start(command, output, &console) {
        Ok(code) => code.into(),
        Err(failure) => {
            console.error(&failure.text);
            failure.code.into()
        }
    }
}

fn start(command: Command, output: OutputOptions, console: &Console) -> Result<verifier::ExitCode, Failure> {
    let unreadable = |error| Failure::new(verifier::ExitCode::Unreadable, format_args!("no threads: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(unreadable)?;
    runtime.block_on(run(command, output, console))
}

async fn run(command: Command, output: OutputOptions, console: &Console) -> Result<verifier::ExitCode, Failure> {
    match command {
        Command::Demo(arguments) => {
            // That a witness is silent is part of the demonstration.
            roles::log_to_stderr(output, "warn,bulletin_board::cosigning=error");
            demo::run(arguments, console).await
        }
        Command::Verify(arguments) => verify::run(arguments, console).await,
        Command::Evidence(command) => evidence::run(command, console).await,
        Command::Pages(command) => pages::run(command, console).await,
        Command::Board(arguments) => roles::board(arguments, output).await,
        Command::Witness(arguments) => roles::witness(arguments, output).await,
        Command::Mirror(arguments) => roles::mirror(arguments, output).await,
        Command::Ballot(arguments) => roles::voter(arguments, output).await,
        Command::Trustee(command) => roles::official(Official::Trustee(command), output).await,
        Command::Authority(command) => roles::official(Official::Authority(command), output).await,
        Command::Registrar(command) => roles::official(Official::Registrar(command), output).await,
        Command::Bench(command) => {
            roles::log_to_stderr(output, "warn");
            bench::run(command, console).await
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "vitrine", &mut script);
            console.result(String::from_utf8_lossy(&script).trim_end());
            Ok(verifier::ExitCode::Valid)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_of_all_crates_fit_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_board_runs_unless_it_is_told_something_else() {
        let command = |line: &str| match Arguments::try_parse_from(line.split(' ')) {
            Ok(Arguments { command: Command::Board(board), .. }) => Some(board.command.is_some()),
            _ => None,
        };
        assert_eq!(command("vitrine board --listen [::1]:1 --json"), Some(false));
        assert_eq!(command("vitrine board check-config --config board.toml"), Some(true));
        assert_eq!(command("vitrine board openapi"), Some(true));
        assert_eq!(command("vitrine board --listen [::1]:1 openapi"), None, "one or the other");
        assert_eq!(command("vitrine board --database postgres://vote:s3cret@db/vote"), None, "a password is no flag");
    }

    #[test]
    fn output_options_are_understood_before_and_behind_every_command() {
        for line in [
            "vitrine --json verify x",
            "vitrine verify x --json",
            "vitrine verify --json x",
            "vitrine --json authority example",
            "vitrine authority example --json",
            "vitrine trustee --json",
            "vitrine trustee --json retire --board b --election 0000000000000000000000000000000000000000000000000000000000000000 --keystore k",
        ] {
            assert!(Arguments::parse_from(line.split(' ')).output.json, "{line}");
        }
        let fingerprint = "0".repeat(64);
        for line in [
            format!("vitrine --json ballot show --board b --election {fingerprint}"),
            format!("vitrine ballot --json show --board b --election {fingerprint}"),
            format!("vitrine ballot show --board b --election {fingerprint} --json"),
        ] {
            let Arguments { output, command: Command::Ballot(ballot) } = Arguments::parse_from(line.split(' ')) else {
                panic!("another command");
            };
            assert!(output.json || ballot.json, "{line}");
        }
    }
}
