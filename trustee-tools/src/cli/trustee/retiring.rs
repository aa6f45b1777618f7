//! `vitrine trustee retire`: the secrets are destroyed, and a signed statement of it is recorded (CER-37).

use super::stepping::StepArguments;
use crate::{
    cli::{
        CommandError, Streams,
        place::{PlaceArguments, Sent},
    },
    keystore::Keystore,
    retirement::{KeptTrustee, retire},
};
use rand::rngs::OsRng;
use serde::Serialize;

/// What neither the tool nor the record can do.
const BY_HAND: &str = "Recovery sheets and second copies are not reached by this: burn and delete them yourself, and backups of the keystore. Its \
                       earlier bytes may still lie on the disk, sealed under the passphrase: forget that too.";

#[derive(Serialize)]
struct Retirement {
    trustee: u32,
    /// Its place in the record, once known.
    entry: Option<u64>,
    sent: Option<Sent>,
}

/// Retires, or sends once more what a retired keystore holds.
pub(super) async fn run(arguments: &StepArguments, streams: &mut Streams<'_>) -> Result<(), CommandError> {
    let (mut kept, mut keystore) = arguments.keystore.open::<KeptTrustee>()?;
    let result = retire_in(&arguments.place, &mut kept, &mut keystore, streams).await?;
    streams.warn(BY_HAND)?;
    let recorded = result.sent.as_ref().map_or_else(
        || "the signed statement of it was in the record already".to_owned(),
        |sent| format!("the signed statement of it: {sent}"),
    );
    let text = format!("Trustee {} is retired: its keys and shares are destroyed, and {recorded}.", result.trustee);
    streams.give(&text, &result)
}

/// The statement is signed, takes the place of the secrets in one write, and only then is sent: what is in the record is true.
async fn retire_in(
    place: &PlaceArguments,
    kept: &mut KeptTrustee,
    keystore: &mut Keystore,
    streams: &mut Streams<'_>,
) -> Result<Retirement, CommandError> {
    let election = place.read(streams).await?.witnessed()?.election;
    if let KeptTrustee::Serving(secrets) = kept {
        let retired = KeptTrustee::Retired(retire(&election, secrets, &mut OsRng)?);
        keystore.save(&retired)?;
        // The secrets are wiped from memory here.
        *kept = retired;
        streams.say("Keys and shares were destroyed; only the signed statement of it is left in the keystore.")?;
    }
    let (trustee, statement) = match kept {
        KeptTrustee::Retired(retired) => (retired.index(), retired.unsent(&election)?),
        KeptTrustee::Serving(secrets) => (secrets.index(), None),
    };
    let sent = match statement {
        Some(statement) => Some(place.send(&statement, streams).await?),
        None => None,
    };
    let entry = sent.as_ref().and_then(|sent| sent.entry).or_else(|| election.retired().get(&trustee).copied());
    Ok(Retirement { trustee, entry, sent })
}
