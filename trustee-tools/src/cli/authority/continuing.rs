//! `vitrine authority continue`: the election goes on on another board, in a successor log (CON-1, CON-3).

use super::Act;
use crate::{
    authority,
    cli::{CommandError, Streams, keys::write_new, place::await_witnesses},
    secrets::AuthoritySecrets,
};
use rand::rngs::OsRng;
use serde::Serialize;
use std::path::PathBuf;
use tlog::note::VerifierKey;

/// `vitrine authority continue`. The board is the one that goes on; it has taken the election over (`vitrine board continue`).
#[derive(Debug, clap::Args)]
pub struct Continue {
    #[command(flatten)]
    act: Act,
    /// The new log's key, as `vitrine board continue` prints it. Ask the operator by another way: whoever has this key writes the log.
    #[arg(long, value_name = "VKEY")]
    key: VerifierKey,
    /// Where the receipt for the continuation is written, which the witnesses' operators need.
    #[arg(long, value_name = "FILE")]
    receipt: PathBuf,
}

#[derive(Serialize)]
struct Continued {
    entry: u64,
    log: String,
    receipt: PathBuf,
    witness_command: String,
}

impl Continue {
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (secrets, _keystore) = self.act.keystore.open::<AuthoritySecrets>()?;
        let place = &self.act.place;
        let election = place.read(streams).await?.election;
        let submission = authority::continuation(&election, &secrets, &self.key, &mut OsRng)?;
        if !place.is_online() {
            let sent = place.send(&submission, streams).await?;
            return streams.give(&sent.to_string(), &sent);
        }
        let board = place.reading().client()?;
        let promise = board.submit(&election.fingerprint(), &submission).await?;
        write_new(&self.receipt, promise.receipt().encode().as_bytes())?;
        let witness_command = format!(
            "vitrine witness continue {} --election {} --authority {}",
            self.receipt.display(),
            election.fingerprint(),
            hex::encode(election.manifest().authority.signing_key.0)
        );
        let entry = promise.index();
        if election.policy().quorum().is_some() {
            streams.say(&format!(
                "The election goes on as {}, by entry {entry}. Each witness's operator now runs, besides its usual flags:\n  {witness_command}",
                self.key.name()
            ))?;
            await_witnesses(&board, &election.fingerprint(), &promise, place.reading().waits(), streams).await?;
        }
        let log = self.key.name().to_owned();
        let text = format!("Entry {entry} of the record continues the election as {log}.");
        streams.give(&text, &Continued { entry, log, receipt: self.receipt.clone(), witness_command })
    }
}
