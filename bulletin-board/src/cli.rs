//! `vitrine board`: runs a board, or does one thing with what belongs to it.

use crate::{
    config::{Arguments, Config, ConfigError},
    fsck::{FsckError, SoundLog, fsck},
    openapi,
    serve::{self, ServeError},
    tls::Acceptor,
};
use clap::{Args, Subcommand};
use std::io::{self, Write};
use thiserror::Error;

/// `vitrine board`: without a command, runs the board until interrupted.
#[derive(Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct BoardArguments {
    /// What to do with the board instead of running it.
    #[command(subcommand)]
    pub command: Option<BoardCommand>,
    /// How to run it.
    #[command(flatten)]
    pub run: Arguments,
}

/// What else can be done with a board.
#[derive(Clone, Debug, Subcommand)]
pub enum BoardCommand {
    /// Read configuration, environment and flags, and say what a board would run with; touches nothing
    CheckConfig(Arguments),
    /// Print the OpenAPI document of the interface over HTTP
    Openapi,
    /// Check everything in the database: entries, trees, every checkpoint, as at a start and more; a stopped board's or a copy's
    Fsck(Arguments),
}

/// Why a command of the board came to nothing.
#[derive(Debug, Error)]
pub enum CommandError {
    /// The board does not run.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Nothing could be checked.
    #[error(transparent)]
    Fsck(#[from] FsckError),
    /// Something was checked and is wrong.
    #[error("{0} of {1} logs are damaged")]
    Damaged(usize, usize),
    /// The result cannot be written.
    #[error("the result cannot be written")]
    Output(#[from] io::Error),
}

impl BoardArguments {
    /// Does what was asked; results go to `output`.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn run(self, output: &mut (dyn Write + Send)) -> Result<(), CommandError> {
        match self.command {
            None => Ok(serve::run(self.run).await?),
            Some(BoardCommand::CheckConfig(arguments)) => check_config(arguments, output),
            Some(BoardCommand::Openapi) => Ok(output.write_all(openapi::text().as_bytes())?),
            Some(BoardCommand::Fsck(arguments)) => check_database(arguments, output).await,
        }
    }
}

/// BRD-50: shows the configuration as the board understands it; passwords are not part of it. Certificate and key are read, nothing else is.
fn check_config(arguments: Arguments, output: &mut (dyn Write + Send)) -> Result<(), CommandError> {
    let config = Config::from_arguments(arguments)?;
    if let Some(tls) = &config.tls {
        Acceptor::load(tls.clone()).map_err(ServeError::from)?;
    }
    Ok(write!(output, "{config}")?)
}

/// BRD-60: one line a log.
async fn check_database(arguments: Arguments, output: &mut (dyn Write + Send)) -> Result<(), CommandError> {
    let config = Config::from_arguments(arguments)?;
    let logs = fsck(&config.database, &config.key_file).await?;
    for (election, log) in &logs {
        match log {
            Ok(SoundLog { entries, checkpoints, served, .. }) => {
                let served = served
                    .map_or("none met its policy yet".to_owned(), |size| format!("the one served has size {size}"));
                writeln!(
                    output,
                    "{election} sound: {entries} entries under {checkpoints} signed checkpoints; {served}"
                )?;
            }
            Err(fault) => writeln!(output, "{election} DAMAGED: {fault}")?,
        }
    }
    let damaged = logs.iter().filter(|(_, log)| log.is_err()).count();
    if damaged > 0 {
        return Err(CommandError::Damaged(damaged, logs.len()));
    }
    Ok(writeln!(output, "{} logs, all sound", logs.len())?)
}
