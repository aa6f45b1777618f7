//! `vitrine trustee decrypt`.

use super::stepping::{Progress, StepArguments};
use crate::{
    ceremony::Step,
    cli::{CommandError, Streams, disputing::left_out, place::PlaceArguments},
    decryption,
    keystore::Keystore,
    marker::Marked,
    secrets::TrusteeSecrets,
};
use protocol::election::Stage;
use rand::rngs::OsRng;

/// `vitrine trustee decrypt`.
#[derive(Debug, clap::Args)]
pub struct DecryptArguments {
    #[command(flatten)]
    step: StepArguments,
    /// With a restored keystore: you are certain that the lost one has answered no other closing of this election.
    #[arg(long)]
    no_other_closing_answered: bool,
}

impl DecryptArguments {
    /// Answers the closing, if it may.
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (mut secrets, mut keystore) = self.step.keystore.open::<TrusteeSecrets>()?;
        if self.no_other_closing_answered {
            secrets.vouch_no_other_closing();
        }
        let progress = decrypt(&self.step.place, &mut secrets, &mut keystore, streams).await?;
        let text = match progress.sent.len() {
            0 => "Nothing is left to decrypt.".to_owned(),
            count => format!("Partial decryptions sent: {count}."),
        };
        streams.give(&text, &progress)
    }
}

/// Verifies the whole record, then sends every partial decryption that it lacks of this trustee.
pub(in crate::cli) async fn decrypt(
    place: &PlaceArguments,
    secrets: &mut TrusteeSecrets,
    keystore: &mut Keystore,
    streams: &mut Streams<'_>,
) -> Result<Progress, CommandError> {
    let verified = place.read(streams).await?.witnessed()?;
    streams.say(&verified.report.headline)?;
    for remark in decryption::remarks(&verified.election) {
        streams.say(&remark)?;
    }
    let mut marked = Marked::open(keystore, secrets, &place.reading().memory()?, &place.election())?;
    let store = |secrets: &TrusteeSecrets| marked.save(secrets).map_err(CommandError::from);
    // The closing is in the keystore, durably, before the first answer exists.
    let answers = match decryption::advance(&verified.election, secrets, store, &mut OsRng) {
        Ok(Step::Submit(_)) => decryption::answers(&verified.election, secrets, &mut OsRng)?,
        Ok(_) => Vec::new(),
        Err(refusal) => {
            return Err(left_out(place.reading(), &verified.election, secrets.index(), refusal, streams).await);
        }
    };
    let sent = place.send_all(&answers, streams).await?;
    let state = if sent.is_empty() { "done" } else { "sent" };
    let stage = Stage::Ended.number();
    Ok(Progress { trustee: secrets.index(), stage, state, awaited: Vec::new(), sent })
}
