//! `vitrine witness`: runs a witness, or does one thing with its key and memory.

use super::{
    Continued, Succession, SuccessionRefusal, Witness, WitnessArguments, WitnessConfig, WitnessConfigError,
    WitnessError, WitnessServeError, machine_clock, run,
};
use clap::{Args, Subcommand};
use protocol::ids::ElectionFingerprint;
use std::{
    fs::File,
    io::{self, Read as _, Write},
    path::PathBuf,
};
use thiserror::Error;
use tlog::proof::MAX_RECEIPT_BYTES;

/// `vitrine witness`: without a command, runs the witness until interrupted.
#[derive(Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct WitnessCommandLine {
    /// What to do with the witness instead of running it.
    #[command(subcommand)]
    pub command: Option<WitnessCommand>,
    /// How to run it.
    #[command(flatten)]
    pub run: WitnessArguments,
}

/// What else can be done with a witness.
#[derive(Clone, Debug, Subcommand)]
pub enum WitnessCommand {
    /// Print the witness's key, for the policy of an election; makes key and memory if there are none
    Key(Box<WitnessArguments>),
    /// Take up a log that goes on as another after its operator was lost; the old one gets no more cosignatures, for ever
    Continue(Box<ContinueArguments>),
}

/// What an operator must have seen, and whom they trust.
#[derive(Args, Clone, Debug)]
pub struct ContinueArguments {
    /// The receipt for entry 0 of the new log, whose extra data is the continuation
    #[arg(value_name = "RECEIPT")]
    pub receipt: PathBuf,
    /// The election's fingerprint
    #[arg(long, value_name = "FINGERPRINT")]
    pub election: ElectionFingerprint,
    /// The public signing key of the election's authority, in hexadecimal; ask the authority itself whether it continues the log
    #[arg(long, value_name = "KEY", value_parser = public_key)]
    pub authority: [u8; 32],
    /// A copy of the old log, if this witness has not cosigned all of it
    #[arg(long, value_name = "FOLDER")]
    pub record: Option<PathBuf>,
    /// The witness.
    #[command(flatten)]
    pub witness: WitnessArguments,
}

/// Why a command of the witness came to nothing.
#[derive(Debug, Error)]
pub enum WitnessCommandError {
    /// The witness does not run.
    #[error(transparent)]
    Serve(#[from] WitnessServeError),
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] WitnessConfigError),
    /// Key or memory cannot be used.
    #[error(transparent)]
    Witness(#[from] WitnessError),
    /// The receipt cannot be read.
    #[error("the receipt {0} cannot be read")]
    Receipt(PathBuf, #[source] io::Error),
    /// The continuation is not taken up.
    #[error(transparent)]
    Succession(#[from] Box<SuccessionRefusal>),
    /// The result cannot be written.
    #[error("the result cannot be written")]
    Output(#[from] io::Error),
}

impl WitnessCommandLine {
    /// Does what was asked; results go to `output`.
    ///
    /// # Errors
    /// [`WitnessCommandError`].
    pub async fn run(self, output: &mut (dyn Write + Send)) -> Result<(), WitnessCommandError> {
        match self.command {
            None => Ok(run(self.run).await?),
            Some(WitnessCommand::Key(arguments)) => key(*arguments, output).await,
            Some(WitnessCommand::Continue(arguments)) => continue_log(*arguments, output).await,
        }
    }
}

async fn key(arguments: WitnessArguments, output: &mut (dyn Write + Send)) -> Result<(), WitnessCommandError> {
    let config = WitnessConfig::from_arguments(arguments)?;
    let witness = Witness::open(&config.identity, config.known, machine_clock()).await?;
    witness.state().close().await;
    Ok(writeln!(output, "{}", witness.verifier_key())?)
}

/// WIT-13. The witness may run meanwhile: both work on one memory.
async fn continue_log(
    arguments: ContinueArguments,
    output: &mut (dyn Write + Send),
) -> Result<(), WitnessCommandError> {
    let ContinueArguments { receipt: path, election, authority, record, witness } = arguments;
    let config = WitnessConfig::from_arguments(witness)?;
    let unreadable = |error| WitnessCommandError::Receipt(path.clone(), error);
    let limit = u64::try_from(MAX_RECEIPT_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut receipt = Vec::new();
    File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut receipt)).map_err(unreadable)?;
    let witness = Witness::open(&config.identity, config.known, machine_clock()).await?;
    let continued = witness.continue_log(&Succession { receipt, election, authority, record }).await;
    witness.state().close().await;
    let Continued { old_origin, old_size, new_key, size } = continued.map_err(Box::new)?;
    writeln!(
        output,
        "{old_origin} ends with {old_size} entries and goes on as {new_key}, of which {size} are cosigned"
    )?;
    Ok(())
}

fn public_key(text: &str) -> Result<[u8; 32], String> {
    let mut key = [0; 32];
    hex::decode_to_slice(text, &mut key).map_err(|_| "expected 64 hexadecimal digits".to_owned())?;
    Ok(key)
}
