//! `vitrine trustee answer`: whatever step a request asks for, on the machine with the keystore and without a network.

use super::{
    decrypting::decrypt,
    retiring::retire_in,
    stepping::{Progress, rehearse, take},
};
use crate::{
    carry::{CarryFault, FileFingerprint, Request, Step},
    cli::{
        CommandError, Streams,
        keys::KeystoreArguments,
        place::{PlaceArguments, ReadingArguments, Sent},
    },
    keystore::KeystoreError,
    retirement::KeptTrustee,
};
use board_api::flags::ReadingFlags;
use protocol::{Author, ids::ElectionFingerprint};
use serde::Serialize;
use std::path::PathBuf;

/// `vitrine trustee answer`.
#[derive(Debug, clap::Args)]
pub struct AnswerArguments {
    /// The request, which `vitrine trustee export` wrote on a machine with a network.
    #[arg(value_name = "FILE")]
    request: PathBuf,
    /// The fingerprint of the request that the other machine's screen shows: another file is refused.
    #[arg(long, value_name = "FINGERPRINT")]
    fingerprint: Option<FileFingerprint>,
    #[command(flatten)]
    keystore: KeystoreArguments,
    /// The election fingerprint, compared with what the authority announced: 64 hexadecimal digits.
    #[arg(long, visible_alias = "expect", value_name = "FINGERPRINT")]
    election: ElectionFingerprint,
    #[command(flatten)]
    flags: ReadingFlags,
    /// With a restored keystore: you are certain that the lost one has answered no other closing of this election.
    #[arg(long)]
    no_other_closing_answered: bool,
    /// Where the answer is written; `vitrine trustee import` sends it from the machine with a network.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Serialize)]
struct Answered {
    trustee: u32,
    step: &'static str,
    sent: Vec<Sent>,
}

impl AnswerArguments {
    /// Takes the step, on the record that the request holds.
    pub(super) async fn run(self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let request = Request::open(&self.request, &self.election)?.request().clone();
        request.fingerprint.check(self.fingerprint)?;
        let (kept, mut keystore) = self.keystore.open::<KeptTrustee>()?;
        let own = Author::Trustee(kept.index());
        if request.asked.party != own {
            return Err(CarryFault::OtherParty { asked: request.asked.party, found: own }.into());
        }
        let trustee = kept.index();
        let reading = ReadingArguments::in_request(self.request, self.fingerprint, self.election, self.flags);
        let place = PlaceArguments::answering(reading, self.out);
        let (text, sent) = match (request.asked.step, kept) {
            (Step::Retire, kept) => {
                let retirement = retire_in(&place, kept, &mut keystore, streams).await?;
                (retirement.to_string(), retirement.sent.into_iter().collect())
            }
            (_, KeptTrustee::Retired(_)) => return Err(KeystoreError::Retired(self.keystore.path().to_owned()).into()),
            (step, KeptTrustee::Serving(mut secrets)) => {
                if self.no_other_closing_answered {
                    secrets.vouch_no_other_closing();
                }
                match step {
                    Step::Rehearse => {
                        let sent = rehearse(&place, &mut secrets, &mut keystore, streams).await?;
                        (sent.to_string(), vec![sent])
                    }
                    Step::Decrypt => told(decrypt(&place, &mut secrets, &mut keystore, streams).await?),
                    _ => told(take(&place, &mut secrets, &mut keystore, streams).await?),
                }
            }
        };
        let answered = Answered { trustee, step: request.asked.step.name(), sent };
        let fingerprint = answered.sent.iter().find_map(|sent| sent.fingerprint.as_deref());
        let text = match fingerprint {
            Some(fingerprint) => format!("Answer fingerprint: {fingerprint}\n{text}"),
            None => format!("Nothing was written. {text}"),
        };
        streams.give(&text, &answered)
    }
}

fn told(progress: Progress) -> (String, Vec<Sent>) {
    (progress.to_string(), progress.sent)
}
