//! What the demo is told.

use super::{
    faults::FaultFlags,
    paper::{Paper, Poll},
    table::{Table, TableError},
};
use crate::failure::{Failure, OrFail as _};
use clap::Args;
use std::path::PathBuf;
use verifier::ExitCode;

/// Run a whole election with real ballots on the real parts, and verify it.
///
/// A board and four witnesses on free ports of this machine, one of which is stopped halfway; a 2-of-3 key ceremony, all real ballots of a city's ward sealed and cast over HTTP, audits,
/// second thoughts, closing, decryption by two of the three trustees, a record that anybody can check, and a forged copy that is
/// refused.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Which ward of Minneapolis, 5 November 2013: 13 (10,742 ballots) or 5 (3,622)
    #[arg(long, value_name = "WARD", default_value_t = 13, conflicts_with = "data")]
    pub(super) ward: u32,
    /// A file of your own of the same shape: `Precinct,1ST CHOICE <contest>,...,COUNT`
    #[arg(long, value_name = "FILE")]
    pub(super) data: Option<PathBuf>,
    /// What kind of contest the voters are asked in
    #[arg(long = "as", value_name = "KIND", value_enum, default_value_t = Paper::ChooseOne)]
    pub(super) paper: Paper,
    /// Only the first N ballots
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) ballots: Option<u32>,
    /// A new or empty folder for all that the demo leaves [default: vitrine-demo-<seconds since 1970>]
    #[arg(long, value_name = "FOLDER")]
    pub(super) out: Option<PathBuf>,
    /// No witnesses: nobody but the board attests that there is one history. The manifest waives them, and the report says so
    #[arg(long)]
    pub(super) no_witnesses: bool,
    #[command(flatten)]
    pub(super) faults: FaultFlags,
    /// Leave the board running afterwards, until interrupted, with a second election to vote in: a contest of every kind, letters in the
    /// folder `try`, and links and codes in the output
    #[arg(long)]
    pub(super) keep_serving: bool,
}

impl Arguments {
    pub(super) fn poll(&self) -> Result<Poll, Failure> {
        let unreadable = |error: TableError| {
            let code = match error {
                TableError::NoSuchWard(_) | TableError::TooFew { .. } => ExitCode::Usage,
                _ => ExitCode::Unreadable,
            };
            match &self.data {
                Some(path) if !matches!(error, TableError::Read(..)) => {
                    Failure::new(code, format_args!("{}: {error}", path.display()))
                }
                _ => Failure::new(code, error),
            }
        };
        let table = match &self.data {
            Some(path) => Table::read(path),
            None => Table::ward(self.ward),
        };
        let table = table.map_err(unreadable)?;
        let table = match self.ballots {
            Some(count) => table.first(usize::try_from(count).or_fail()?).map_err(unreadable)?,
            None => table,
        };
        let poll = Poll::new(table, self.paper);
        // Before anything is begun; a manifest with such a contest would be refused.
        let compiled = poll.contest().relation();
        compiled.map_err(|error| Failure::new(ExitCode::Usage, format_args!("--as {}: {error}", self.paper)))?;
        Ok(poll)
    }
}
