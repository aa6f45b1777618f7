//! The commands of each role, mounted: what they do is their own crates' business; here they get their streams and their exit codes.

use crate::{
    console::{Console, OutputOptions},
    failure::{Failure, chain},
};
use ballot_client::cli as ballot;
use bulletin_board::{
    BackupError, ConfigError, FsckError, KeyFileError, OpenError, ServeError, StoreError, TakeOverError,
    cli::{BoardArguments, CommandError},
    mirror::{MirrorCommandError, MirrorCommandLine, MirrorConfigError, MirrorError, MirrorServeError},
    witness::{
        SuccessionRefusal, WitnessCommandError, WitnessCommandLine, WitnessConfigError, WitnessError, WitnessServeError,
    },
};
use std::io::{self, IsTerminal as _, Write};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};
use trustee_tools::cli::{self as officials, AuthorityCommand, RegistrarCommand, Streams, TrusteeArguments};
use verifier::ExitCode;

/// An official's command.
pub(crate) enum Official {
    Authority(AuthorityCommand),
    Registrar(RegistrarCommand),
    Trustee(TrusteeArguments),
}

/// `vitrine board`, until interrupted.
pub(crate) async fn board(arguments: BoardArguments, output: OutputOptions) -> Result<ExitCode, Failure> {
    log_to_stderr(output, "info");
    match arguments.run(&mut io::stdout()).await {
        Ok(()) => Ok(ExitCode::Valid),
        Err(error) => Err(Failure::of(of_board(&error), &error)),
    }
}

fn of_board(error: &CommandError) -> ExitCode {
    let error = match error {
        CommandError::Config(error) | CommandError::Serve(ServeError::Config(error)) => return of_config(error),
        CommandError::Serve(error) => error,
        CommandError::Output(_) => return ExitCode::Unreadable,
        CommandError::Damaged(..) | CommandError::Fsck(FsckError::Store(StoreError::Corrupt(_))) => {
            return ExitCode::Invalid;
        }
        CommandError::Fsck(FsckError::Key(KeyFileError::Exposed(_) | KeyFileError::Missing(_))) => {
            return ExitCode::Refused;
        }
        CommandError::TakeOver(TakeOverError::Held(_)) => return ExitCode::Refused,
        CommandError::TakeOver(TakeOverError::Store(_) | TakeOverError::Fetch(_) | TakeOverError::File(..)) => {
            return ExitCode::Unreadable;
        }
        CommandError::TakeOver(_) => return ExitCode::Invalid,
        CommandError::Client(_) | CommandError::Origin(_) => return ExitCode::Usage,
        CommandError::Store(_) => return ExitCode::Unreadable,
        CommandError::Backup(BackupError::Exists(_)) => return ExitCode::Refused,
        CommandError::Backup(BackupError::Postgres) => return ExitCode::Usage,
        CommandError::Fsck(_) | CommandError::Backup(_) => return ExitCode::Unreadable,
    };
    match error {
        ServeError::Open(OpenError::Key(KeyFileError::Exposed(_) | KeyFileError::Missing(_))) => ExitCode::Refused,
        // Another board's database.
        ServeError::Open(OpenError::OtherPrefix { .. } | OpenError::OtherKey(_)) => ExitCode::Refused,
        // A log was read, and is not what it must be.
        ServeError::Open(OpenError::Replay(..)) => ExitCode::Invalid,
        _ => ExitCode::Unreadable,
    }
}

fn of_config(error: &ConfigError) -> ExitCode {
    match error {
        ConfigError::Read(..) => ExitCode::Unreadable,
        _ => ExitCode::Usage,
    }
}

/// `vitrine witness`, until interrupted.
pub(crate) async fn witness(arguments: WitnessCommandLine, output: OutputOptions) -> Result<ExitCode, Failure> {
    log_to_stderr(output, "info");
    match arguments.run(&mut io::stdout()).await {
        Ok(()) => Ok(ExitCode::Valid),
        Err(error) => Err(Failure::of(of_witness(&error), &error)),
    }
}

fn of_witness(error: &WitnessCommandError) -> ExitCode {
    let opening = match error {
        WitnessCommandError::Config(error) | WitnessCommandError::Serve(WitnessServeError::Config(error)) => {
            return if matches!(error, WitnessConfigError::Read(..)) { ExitCode::Unreadable } else { ExitCode::Usage };
        }
        WitnessCommandError::Witness(error) | WitnessCommandError::Serve(WitnessServeError::Open(error)) => error,
        WitnessCommandError::Serve(WitnessServeError::Listen(..) | WitnessServeError::Tls(_))
        | WitnessCommandError::Receipt(..)
        | WitnessCommandError::Output(_) => return ExitCode::Unreadable,
        WitnessCommandError::Succession(refusal) => {
            return if matches!(**refusal, SuccessionRefusal::State(_)) {
                ExitCode::Unreadable
            } else {
                ExitCode::Refused
            };
        }
    };
    of_cosigner(opening)
}

fn of_cosigner(error: &WitnessError) -> ExitCode {
    match error {
        WitnessError::Key(KeyFileError::Exposed(_) | KeyFileError::Missing(_))
        | WitnessError::MemoryLost { .. }
        | WitnessError::ForeignMemory { .. } => ExitCode::Refused,
        WitnessError::Name(..) => ExitCode::Usage,
        WitnessError::Key(_) | WitnessError::State(_) => ExitCode::Unreadable,
    }
}

/// `vitrine mirror`, until interrupted.
pub(crate) async fn mirror(arguments: MirrorCommandLine, output: OutputOptions) -> Result<ExitCode, Failure> {
    log_to_stderr(output, "info");
    match arguments.run(&mut io::stdout()).await {
        Ok(()) => Ok(ExitCode::Valid),
        Err(error) => Err(Failure::of(of_mirror(&error), &error)),
    }
}

fn of_mirror(error: &MirrorCommandError) -> ExitCode {
    match error {
        MirrorCommandError::Config(error) | MirrorCommandError::Serve(MirrorServeError::Config(error)) => {
            if matches!(error, MirrorConfigError::Read(..)) { ExitCode::Unreadable } else { ExitCode::Usage }
        }
        MirrorCommandError::Cosigner(error)
        | MirrorCommandError::Serve(MirrorServeError::Open(MirrorError::Cosigner(error))) => of_cosigner(error),
        // What it holds was read, and is not what it must be.
        MirrorCommandError::Serve(MirrorServeError::Open(MirrorError::Replay(..))) => ExitCode::Invalid,
        MirrorCommandError::Serve(MirrorServeError::Open(MirrorError::Board(..))) => ExitCode::Usage,
        MirrorCommandError::Serve(_) | MirrorCommandError::Output(_) => ExitCode::Unreadable,
    }
}

/// `vitrine ballot`.
pub(crate) async fn voter(mut arguments: ballot::Arguments, output: OutputOptions) -> Result<ExitCode, Failure> {
    arguments.json |= output.json;
    // Who casts or publishes must see tracker, warnings and questions, however quiet it shall be.
    let casting = matches!(arguments.command, ballot::Command::Cast(_) | ballot::Command::PublishAudit(_));
    let (input, result) = (io::stdin(), io::stdout());
    let mut messages: Box<dyn Write> =
        if output.quiet && !casting { Box::new(io::sink()) } else { Box::new(io::stderr()) };
    let terminal = input.is_terminal() && io::stderr().is_terminal();
    let mut console = ballot::Console {
        input: &mut input.lock(),
        output: &mut result.lock(),
        messages: &mut messages,
        terminal,
        json: arguments.json,
    };
    match ballot::run(arguments, &mut console).await {
        Ok(exit) => Ok(of_voter(exit)),
        Err(error) => Err(Failure::of(of_voter(error.exit()), &error)),
    }
}

fn of_voter(exit: ballot::Exit) -> ExitCode {
    match exit {
        ballot::Exit::Good => ExitCode::Valid,
        ballot::Exit::Bad => ExitCode::Invalid,
        ballot::Exit::Usage => ExitCode::Usage,
        ballot::Exit::Unreachable => ExitCode::Unreadable,
        ballot::Exit::Incomplete => ExitCode::Incomplete,
        ballot::Exit::Unsafe => ExitCode::Refused,
    }
}

/// `vitrine authority`, `vitrine registrar`, `vitrine trustee`.
pub(crate) async fn official(command: Official, output: OutputOptions) -> Result<ExitCode, Failure> {
    let mut messages: Box<dyn Write> = if output.quiet { Box::new(io::sink()) } else { Box::new(io::stderr()) };
    let (input, result) = (io::stdin(), io::stdout());
    // Questions are asked where somebody sees them and can answer.
    let terminal = input.is_terminal() && io::stderr().is_terminal() && !output.quiet;
    let mut input = input.lock();
    let mut streams = Streams {
        input: terminal.then_some(&mut input as &mut dyn io::BufRead),
        output: &mut result.lock(),
        messages: &mut messages,
        json: output.json,
    };
    let outcome: Result<(), officials::CommandError> = match command {
        Official::Authority(command) => command.run(&mut streams, bulletin_board::pages::digest()).await,
        Official::Registrar(command) => command.run(&mut streams).await,
        Official::Trustee(command) => command.run(&mut streams).await,
    };
    match outcome {
        Ok(()) => Ok(ExitCode::Valid),
        Err(error) => Err(Failure::new(error.exit_code(), chain(&error))),
    }
}

/// What the board's parts say, on stderr; `RUST_LOG` says how much.
pub(crate) fn log_to_stderr(output: OutputOptions, level: &str) {
    let level = if output.quiet { "error" } else { level };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let registry = tracing_subscriber::registry().with(filter);
    let colours = Console::colours();
    // Nobody else has set a subscriber; if somebody had, it would be as good.
    let _ = if output.json {
        registry.with(fmt::layer().json().with_writer(io::stderr)).try_init()
    } else {
        registry.with(fmt::layer().with_target(false).with_ansi(colours).with_writer(io::stderr)).try_init()
    };
}
