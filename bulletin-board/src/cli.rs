//! `vitrine board`: runs a board, or does one thing with what belongs to it.

use crate::{
    backup::{BackupError, backup, mark_copy},
    board::owner,
    config::{Arguments, Config, ConfigError},
    earlier::{Copy, TakeOverError, TakenOver, take_over},
    fsck::{FsckError, SoundLog, fsck},
    key_file::BoardKey,
    openapi,
    serve::{self, ServeError},
    store::{self, Store, StoreError},
    tls::Acceptor,
};
use board_api::{BoardClient, ClientError};
use clap::{Args, Subcommand};
use protocol::ids::ElectionFingerprint;
use std::{
    io::{self, Write},
    path::PathBuf,
};
use thiserror::Error;
use tlog::note::KeyError;

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
    /// Copy the database into a file, also while the board runs; what a board serves from the copy, it never signs on with
    Backup(BackupArguments),
    /// Mark a database that was restored by other means as a copy, before a board opens it
    MarkCopy(Arguments),
    /// Check everything in the database: entries, trees, every checkpoint, as at a start and more; a stopped board's or a copy's
    Fsck(Arguments),
    /// Take an election over from a copy of its record, of a board that was lost; the authority then continues it here
    Continue(ContinueArguments),
}

/// `vitrine board continue`.
#[derive(Args, Clone, Debug)]
pub struct ContinueArguments {
    /// The copy: a folder, or the address of a board, a mirror or a file server that has it
    #[arg(long, value_name = "FOLDER or URL")]
    pub from: String,
    /// The election's fingerprint
    #[arg(long, value_name = "F")]
    pub election: ElectionFingerprint,
    /// The board that goes on, which must not run meanwhile.
    #[command(flatten)]
    pub run: Arguments,
}

/// What a backup is made of, and where it goes.
#[derive(Args, Clone, Debug)]
pub struct BackupArguments {
    /// The file to write; must not exist
    #[arg(value_name = "FILE")]
    pub to: PathBuf,
    /// Which board
    #[command(flatten)]
    pub board: Arguments,
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
    /// The election is not taken over.
    #[error(transparent)]
    TakeOver(#[from] TakeOverError),
    /// The board that was named cannot be asked.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The successor's origin names no log.
    #[error(transparent)]
    Origin(#[from] KeyError),
    /// There is no copy.
    #[error(transparent)]
    Backup(#[from] BackupError),
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
            Some(BoardCommand::Backup(BackupArguments { to, board })) => {
                backup(&Config::from_arguments(board)?.database, &to).await?;
                Ok(writeln!(output, "{} is a copy: a board serves it, and signs nothing on it", to.display())?)
            }
            Some(BoardCommand::MarkCopy(arguments)) => {
                mark_copy(&Config::from_arguments(arguments)?.database).await?;
                Ok(writeln!(output, "the database is marked as a copy: a board serves it, and signs nothing on it")?)
            }
            Some(BoardCommand::Fsck(arguments)) => check_database(arguments, output).await,
            Some(BoardCommand::Continue(arguments)) => take_over_election(arguments, output).await,
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

/// BRD-39: into a database of this board, and no other.
async fn take_over_into(
    store: &dyn Store,
    config: &Config,
    election: &ElectionFingerprint,
    copy: &Copy,
) -> Result<(TakenOver, BoardKey), CommandError> {
    let key = owner::key(store, config).await.map_err(ServeError::from)?;
    let taken = take_over(store, election, copy).await?;
    owner::claim(store, config, &key).await.map_err(ServeError::from)?;
    Ok((taken, key))
}

/// BRD-70: takes an election over, and says what comes next.
async fn take_over_election(
    ContinueArguments { from, election, run }: ContinueArguments,
    output: &mut (dyn Write + Send),
) -> Result<(), CommandError> {
    let config = Config::from_arguments(run)?;
    let copy = if from.starts_with("http://") || from.starts_with("https://") {
        let address = from.split_once("/e/").map_or(from.as_str(), |(address, _)| address);
        Copy::fetch(&BoardClient::new(address)?, &election).await?
    } else {
        Copy::folder(from.into())
    };
    let store = store::open(&config.database, &config.store).await?;
    // BRD-31: only who sequences may write.
    store.stand().await;
    let outcome = take_over_into(store.as_ref(), &config, &election, &copy).await;
    store.close().await;
    let (TakenOver { title, entries, origin, successor }, key) = outcome?;
    let key = key.signer(&successor)?.verifier_key();
    writeln!(output, "{title}: {entries} entries of {origin} taken over, every one checked.")?;
    writeln!(output, "The log goes on as {key}")?;
    writeln!(output, "Next: start this board; then `vitrine authority continue` with its address.")?;
    Ok(())
}
