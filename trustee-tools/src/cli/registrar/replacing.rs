//! `vitrine registrar replace` (ROL-6 to ROL-8, ROL-15).

use super::{
    super::{
        CommandError, Streams,
        keys::KeystoreArguments,
        place::{PlaceArguments, Sent},
    },
    LetterArguments,
    finding::find,
};
use crate::{
    issuance::{self, Letters},
    letters::Letterhead,
    registrar::{self, Obstacle},
    secrets::RegistrarSecrets,
    voters::Voter,
};
use crypto::credential_code::CredentialCode;
use protocol::{Author, Election, Rule, Submission, body::Body};
use rand::rngs::OsRng;
use serde::Serialize;
use std::path::PathBuf;

/// `vitrine registrar replace`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("voter").required(true).args(["index", "person"])))]
pub struct Replace {
    #[command(flatten)]
    keystore: KeystoreArguments,
    #[command(flatten)]
    place: PlaceArguments,
    /// The map that `issue` left.
    #[arg(long, value_name = "CSV")]
    map: PathBuf,
    /// The person whose letter was lost, as named in the map.
    #[arg(long)]
    person: Option<String>,
    /// Or the person's roll index.
    #[arg(long)]
    index: Option<u32>,
    /// A folder that does not exist yet, for the new letter and the signed replacement. Given again, what is in it is sent again.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    #[command(flatten)]
    letters: LetterArguments,
}

#[derive(Serialize)]
struct Replaced {
    index: u32,
    /// The round of this replacement, from 1.
    round: u32,
    /// How many registrars there are.
    registrars: usize,
    /// The registrars that have not joined in this round yet, as far as the record said.
    awaited: Vec<u32>,
    /// Whether the old code has cast a ballot, so that the new one never votes.
    too_late: bool,
    folder: PathBuf,
    sent: Sent,
}

impl Replace {
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (secrets, _keystore) = self.keystore.open::<RegistrarSecrets>()?;
        let election = self.place.read(streams).await?.election;
        let (index, voter) = find(&self.map, self.person.as_deref(), self.index, &election)?;
        let submission = if self.out.symlink_metadata().is_ok() {
            self.kept(&election, &secrets, index)?
        } else {
            self.make(&election, &secrets, index, &voter)?
        };
        let sent = self.place.send(&submission, streams).await?;
        let (registrars, folder) = (election.manifest().registrars.len(), self.out.clone());
        let round = match submission.body() {
            Ok(Body::Replacement(body)) => body.round,
            _ => election.roll().replacement_round(index),
        };
        let awaited = awaited(&election, index, round, secrets.index());
        // An earlier round took effect, whatever its credential did since.
        let too_late = !awaited.is_empty() && election.roll().has_voted(index);
        let says = if too_late {
            "The old code has cast a ballot, so the new one will never vote: destroy this letter".to_owned()
        } else if awaited.is_empty() {
            format!(
                "With this every registrar has joined ({registrars} in all): the new letters of all of them together vote, the old ones no more"
            )
        } else {
            format!(
                "The old letters stay good until every registrar has joined ({registrars} in all); registrars {awaited:?} have not yet. A ballot cast \
                 before that ends it"
            )
        };
        let text = format!("{sent}. The new letter is in {}. {says}.", folder.display());
        streams.give(&text, &Replaced { index, round, registrars, awaited, too_late, folder, sent })
    }

    /// A fresh code and its letter. Refused by the fold, none is written that could never vote.
    fn make(
        &self,
        election: &Election,
        secrets: &RegistrarSecrets,
        index: u32,
        voter: &Voter,
    ) -> Result<Submission, CommandError> {
        let address = self.letters.address(self.place.reading())?;
        let code = CredentialCode::generate(&mut OsRng)?;
        let submission = registrar::replacement(election, secrets, index, &code, &mut OsRng)?;
        self.examine(election, &submission)?;
        let head = Letterhead::new(election.manifest(), election.fingerprint(), secrets.index(), address);
        let letter = Letters {
            head: &head,
            first: usize::try_from(index).unwrap_or(usize::MAX),
            voters: std::slice::from_ref(voter),
            codes: std::slice::from_ref(&code),
            each_as_page: self.letters.each_as_page,
        };
        issuance::write_replacement(&self.out, &letter, &submission)?;
        Ok(submission)
    }

    /// ROL-15: the very bytes that were signed before. Another code would leave a letter that never votes.
    fn kept(&self, election: &Election, secrets: &RegistrarSecrets, index: u32) -> Result<Submission, CommandError> {
        let submission = issuance::read_replacement(&self.out)?;
        if let (Ok(Author::Registrar(registrar)), Ok(Body::Replacement(body))) =
            (submission.author(), submission.body())
            && (registrar, body.index) != (secrets.index(), index)
        {
            return Err(Obstacle::OtherReplacement { found: body.index, registrar }.into());
        }
        self.examine(election, &submission)?;
        Ok(submission)
    }

    /// What the record has already may be sent again.
    fn examine(&self, election: &Election, submission: &Submission) -> Result<(), CommandError> {
        match election.examine(submission) {
            Err(fault) if fault.rule() != Rule::Ent6 => {
                Err(CommandError::WouldBeRefused { path: self.out.clone(), fault: Box::new(fault) })
            }
            _ => Ok(()),
        }
    }
}

/// The registrars that have not joined in this round, with this one's part in it.
fn awaited(election: &Election, index: u32, round: u32, own: u32) -> Vec<u32> {
    let roll = election.roll();
    // A round that is over was joined by all.
    if round < roll.replacement_round(index) {
        return Vec::new();
    }
    let joined = roll.replacement_joined(index);
    let all = (1..).zip(&election.manifest().registrars).map(|(number, _)| number);
    all.filter(|number| *number != own && !joined.contains(number)).collect()
}
