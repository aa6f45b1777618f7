//! `vitrine mirror`: runs a mirror, or shows its key.

use super::{MirrorArguments, MirrorConfig, MirrorConfigError, MirrorServeError, run};
use crate::witness::{Witness, WitnessError, machine_clock};
use clap::{Args, Subcommand};
use std::io::{self, Write};
use thiserror::Error;

/// `vitrine mirror`: without a command, runs the mirror until interrupted.
#[derive(Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct MirrorCommandLine {
    /// What to do with the mirror instead of running it.
    #[command(subcommand)]
    pub command: Option<MirrorCommand>,
    /// How to run it.
    #[command(flatten)]
    pub run: MirrorArguments,
}

/// What else can be done with a mirror.
#[derive(Clone, Debug, Subcommand)]
pub enum MirrorCommand {
    /// Print the mirror's key, for the policy of an election; makes key and memory if there are none
    Key(MirrorArguments),
}

/// Why a command of the mirror came to nothing.
#[derive(Debug, Error)]
pub enum MirrorCommandError {
    /// The mirror does not run.
    #[error(transparent)]
    Serve(#[from] MirrorServeError),
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] MirrorConfigError),
    /// Key or memory cannot be used.
    #[error(transparent)]
    Cosigner(#[from] WitnessError),
    /// The result cannot be written.
    #[error("the result cannot be written")]
    Output(#[from] io::Error),
}

impl MirrorCommandLine {
    /// Does what was asked; results go to `output`.
    ///
    /// # Errors
    /// [`MirrorCommandError`].
    pub async fn run(self, output: &mut (dyn Write + Send)) -> Result<(), MirrorCommandError> {
        match self.command {
            None => Ok(run(self.run).await?),
            Some(MirrorCommand::Key(arguments)) => {
                let config = MirrorConfig::from_arguments(arguments)?;
                let cosigner = Witness::open(&config.identity, config.known, machine_clock()).await?;
                cosigner.state().close().await;
                Ok(writeln!(output, "{}", cosigner.verifier_key())?)
            }
        }
    }
}
