//! `vitrine witness`: runs a witness, or does one thing with its key and memory.

use super::{
    Witness, WitnessArguments, WitnessConfig, WitnessConfigError, WitnessError, WitnessServeError, machine_clock, run,
};
use clap::{Args, Subcommand};
use std::io::{self, Write};
use thiserror::Error;

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
    Key(WitnessArguments),
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
            Some(WitnessCommand::Key(arguments)) => key(arguments, output).await,
        }
    }
}

async fn key(arguments: WitnessArguments, output: &mut (dyn Write + Send)) -> Result<(), WitnessCommandError> {
    let config = WitnessConfig::from_arguments(arguments)?;
    let witness = Witness::open(&config.identity, config.known, machine_clock()).await?;
    witness.state().close().await;
    Ok(writeln!(output, "{}", witness.verifier_key())?)
}
