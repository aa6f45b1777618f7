//! The flags that every command has which reads a log: by whose witnesses it is judged, where readings are remembered, whom TLS trusts
//! (HTTP-25, HTTP-26, HTTP-37).

use crate::{
    BoardClient, ClientError, ClientOptions,
    memory::{FOLDER_VARIABLE, Memory, MemoryError},
    record::ReadOptions,
};
use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};
use thiserror::Error;
use tlog::policy::{MAX_POLICY_BYTES, Policy, PolicyError};

/// How a board is reached and how its log is judged.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ReadingFlags {
    /// A witness policy (tlog-policy) to demand in place of the manifest's; it must name the log's key.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Folder where the last checkpoint of every election is remembered, so that no other history is believed later
    /// [default: $XDG_STATE_HOME/vitrine or ~/.local/state/vitrine]
    #[arg(long, value_name = "FOLDER", env = FOLDER_VARIABLE)]
    pub state: Option<PathBuf>,
    /// Certificates (PEM) that vouch for an https address, in the place of the platform's.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
}

/// Why the flags give no client.
#[derive(Debug, Error)]
pub enum FlagError {
    /// The policy's file cannot be read.
    #[error("{path}: {cause}")]
    PolicyFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The file is no policy.
    #[error("{path}: {fault}")]
    Policy {
        /// The file.
        path: PathBuf,
        /// Why.
        fault: PolicyError,
    },
    /// There is no place for a memory.
    #[error("there is no home folder to remember checkpoints in: name one with --state")]
    NoHome,
    /// The memory cannot be used.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The address, or the certificates.
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl ReadingFlags {
    /// HTTP-25: the reader's own policy, if one is given.
    ///
    /// # Errors
    /// [`FlagError::PolicyFile`], [`FlagError::Policy`].
    pub fn policy(&self) -> Result<Option<Policy>, FlagError> {
        let Some(path) = &self.policy else { return Ok(None) };
        let bytes = read(path).map_err(|cause| FlagError::PolicyFile { path: path.clone(), cause })?;
        let policy = Policy::parse(&bytes).map_err(|fault| FlagError::Policy { path: path.clone(), fault })?;
        Ok(Some(policy))
    }

    /// HTTP-26: the memory of earlier readings.
    ///
    /// # Errors
    /// [`FlagError::NoHome`], [`FlagError::Memory`].
    pub fn memory(&self) -> Result<Memory, FlagError> {
        let folder = self.state.clone().or_else(Memory::usual_folder).ok_or(FlagError::NoHome)?;
        Ok(Memory::open(&folder)?)
    }

    /// A client of the board at an address, that reads by these flags.
    ///
    /// # Errors
    /// [`FlagError`].
    pub fn client(&self, address: &str) -> Result<BoardClient, FlagError> {
        let reading = ReadOptions { policy: self.policy()?, memory: Some(self.memory()?), ..ReadOptions::default() };
        Ok(self.plain_client(address)?.with_read_options(reading))
    }

    /// A client that reads no log, as for beginning an election: nothing is to be remembered.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn plain_client(&self, address: &str) -> Result<BoardClient, ClientError> {
        BoardClient::with_options(address, &ClientOptions { ca_file: self.ca_file.clone() })
    }
}

/// A file of a policy's length at most, and one byte more, which the policy's reader refuses.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_POLICY_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
