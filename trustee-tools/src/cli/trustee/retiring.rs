//! `vitrine trustee retire`: the secrets are destroyed, and a signed statement of it is recorded (CER-37).

use crate::{
    cli::{
        CommandError, Streams,
        keys::KeystoreArguments,
        place::{PlaceArguments, Sent},
    },
    keystore::Keystore,
    retirement::{KeptTrustee, RetiredTrustee, retire},
    secrets::TrusteeSecrets,
};
use protocol::Election;
use rand::rngs::OsRng;
use serde::Serialize;

/// What neither the tool nor the record can do.
const BY_HAND: &str = "Recovery sheets and second copies are not reached by this: burn and delete them yourself, and backups of the keystore. Its \
                       earlier bytes may still lie on the disk, sealed under the passphrase: forget that too.";

/// What retiring came to.
#[derive(Serialize)]
pub(super) struct Retirement {
    trustee: u32,
    /// Its place in the record, once known.
    entry: Option<u64>,
    /// What was sent, if the record lacked it.
    pub(super) sent: Option<Sent>,
}

/// Retires, or sends once more what a retired keystore holds.
pub(super) async fn run(
    keystore: &KeystoreArguments,
    place: &PlaceArguments,
    streams: &mut Streams<'_>,
) -> Result<(), CommandError> {
    let (kept, mut keystore) = keystore.open::<KeptTrustee>()?;
    let result = retire_in(place, kept, &mut keystore, streams).await?;
    streams.give(&result.to_string(), &result)
}

impl std::fmt::Display for Retirement {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Trustee {} is retired: its keys and shares are destroyed, and ", self.trustee)?;
        match &self.sent {
            Some(sent) => write!(formatter, "the signed statement of it: {sent}."),
            None => formatter.write_str("the signed statement of it was in the record already."),
        }
    }
}

/// Retires on the record as it is there, or sends once more what a retired keystore holds.
pub(super) async fn retire_in(
    place: &PlaceArguments,
    kept: KeptTrustee,
    keystore: &mut Keystore,
    streams: &mut Streams<'_>,
) -> Result<Retirement, CommandError> {
    let election = place.read(streams).await?.witnessed()?.election;
    let retired = match kept {
        KeptTrustee::Serving(secrets) => destroy(&election, &secrets, keystore, streams)?,
        KeptTrustee::Retired(retired) => retired,
    };
    send(place, &election, &retired, streams).await
}

/// The statement is signed and takes the place of the secrets in one write; only then may it be sent: what is in the record is true.
pub(super) fn destroy(
    election: &Election,
    secrets: &TrusteeSecrets,
    keystore: &mut Keystore,
    streams: &mut Streams<'_>,
) -> Result<RetiredTrustee, CommandError> {
    let retired = retire(election, secrets, &mut OsRng)?;
    keystore.save(&retired)?;
    streams.say("Keys and shares were destroyed; only the signed statement of it is left in the keystore.")?;
    Ok(retired)
}

/// Sends the statement, unless the record has it.
pub(super) async fn send(
    place: &PlaceArguments,
    election: &Election,
    retired: &RetiredTrustee,
    streams: &mut Streams<'_>,
) -> Result<Retirement, CommandError> {
    let trustee = retired.index();
    // Said before anything can fail.
    streams.warn(BY_HAND)?;
    let sent = match retired.unsent(election)? {
        Some(statement) => Some(place.send(&statement, streams).await?),
        None => None,
    };
    let entry = sent.as_ref().and_then(|sent| sent.entry).or_else(|| election.retired().get(&trustee).copied());
    Ok(Retirement { trustee, entry, sent })
}
