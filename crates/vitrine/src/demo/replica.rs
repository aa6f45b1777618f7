//! The record as one official's own machine has it: read from the board under its checkpoint, folded by the one definition of valid.

use super::witnesses::all_cosigned;
use crate::failure::Failure;
use board_api::{
    BoardClient,
    record::{self, Reader},
};
use protocol::{Election, Entry, ids::ElectionFingerprint};
use verifier::ExitCode;

/// A fold that follows the board.
#[derive(Debug)]
pub(crate) struct Replica {
    client: BoardClient,
    reader: Reader,
    election: Election,
}

impl Replica {
    /// Reads and folds what there is.
    pub(crate) async fn read(client: &BoardClient, election: &ElectionFingerprint) -> Result<Self, Failure> {
        all_cosigned(client, election).await?;
        let mut reader = record::read(client, election).await.map_err(unreadable)?;
        let mut entries = reader.rest().await.map_err(unreadable)?.into_iter();
        let (_, first) = entries.next().ok_or_else(|| Failure::new(ExitCode::Unreadable, "the log is empty"))?;
        let manifest = Entry::decode(&first).map_err(|rejection| invalid(0, &rejection))?;
        let folded = Election::begin(&manifest).map_err(|rejection| invalid(0, &rejection))?;
        let mut replica = Self { client: client.clone(), reader, election: folded };
        entries.try_for_each(|(index, bytes)| replica.take(index, &bytes))?;
        Ok(replica)
    }

    /// As far as it was folded.
    pub(crate) fn election(&self) -> &Election {
        &self.election
    }

    /// Folds what has come since, once the witnesses have cosigned it.
    pub(crate) async fn follow(&mut self) -> Result<&Election, Failure> {
        all_cosigned(&self.client, &self.election.fingerprint()).await?;
        for (index, bytes) in self.reader.rest().await.map_err(unreadable)? {
            self.take(index, &bytes)?;
        }
        Ok(&self.election)
    }

    fn take(&mut self, index: u64, bytes: &[u8]) -> Result<(), Failure> {
        let entry = Entry::decode(bytes).map_err(|rejection| invalid(index, &rejection))?;
        self.election.apply(&entry).map_err(|rejection| invalid(index, &rejection))
    }
}

fn unreadable(error: board_api::ClientError) -> Failure {
    Failure::of(ExitCode::Unreadable, &error)
}

fn invalid(index: u64, rejection: &protocol::Rejection) -> Failure {
    Failure::new(ExitCode::Invalid, format_args!("entry {index} of the board's log breaks a rule: {rejection}"))
}
