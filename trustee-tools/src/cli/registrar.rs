//! `vitrine registrar ...`

use super::{
    CommandError, Streams,
    carrying::{Import, RegistrarExport},
    keys::{Keys, KeystoreArguments},
    place::{AllSent, PlaceArguments, ReadingArguments},
};
use crate::{
    files::Limited,
    issuance,
    public_keys::RegistrarFile,
    registrar::{self, RollPlace},
    secrets::RegistrarSecrets,
    voters::{ListError, Voter, read_checked_map, read_list, read_map},
};
use crypto::credential_code::CredentialCode;
use protocol::{Manifest, Rule, body::Body};
use rand::rngs::OsRng;
use serde::Serialize;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The most bytes of any list: ten million voters.
const LONGEST_LIST: u64 = 1 << 30;

/// Issue voters' credentials, and publish the roll.
#[derive(Debug, clap::Subcommand)]
pub enum RegistrarCommand {
    /// Make fresh keys for one election: a keystore to guard, and a public key file for the authority.
    Keys(Keys),
    /// Make a code for each voter, and sign the roll. Nothing is sent yet.
    Issue(Issue),
    /// Send the roll that `issue` signed.
    Publish(Publish),
    /// Replace a lost credential that was not used. Every registrar does this for the same roll index.
    Replace(Replace),
    /// Without a network: write the record and the step it asks for into one file, for the machine with the keystore (`--request`).
    Export(RegistrarExport),
    /// Without a network: send what was written with `--answer` on the machine with the keystore.
    Import(Import),
}

/// `vitrine registrar issue`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("voter-list").required(true).multiple(true).args(["voters", "map"])))]
pub struct Issue {
    #[command(flatten)]
    keystore: KeystoreArguments,
    #[command(flatten)]
    place: ReadingArguments,
    /// Your list of voters, as CSV with the columns person, unit and, if wanted, weight and contact. They get roll indices in random order.
    #[arg(long, value_name = "CSV")]
    voters: Option<PathBuf>,
    /// The map that the first registrar handed over, so that all registrars' rolls have the same order. Give your own --voters too, and the
    /// two are compared; otherwise the first registrar alone says who may vote.
    #[arg(long, value_name = "CSV")]
    map: Option<PathBuf>,
    /// A folder that does not exist yet, for the map, the codes and the signed roll. Only you can read it; guard it.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

/// `vitrine registrar publish`.
#[derive(Debug, clap::Args)]
pub struct Publish {
    #[command(flatten)]
    place: PlaceArguments,
    /// The folder that `issue` made.
    #[arg(long, value_name = "FOLDER")]
    issued: PathBuf,
}

/// `vitrine registrar replace`.
#[derive(Debug, clap::Args)]
pub struct Replace {
    #[command(flatten)]
    keystore: KeystoreArguments,
    #[command(flatten)]
    place: PlaceArguments,
    /// The voter's roll index, from the map.
    #[arg(long)]
    index: u32,
    /// Where the new code is written.
    #[arg(long, value_name = "FILE")]
    code: PathBuf,
}

#[derive(Serialize)]
struct Issued {
    registrar: u32,
    voters: usize,
    chunks: usize,
    folder: PathBuf,
}

impl RegistrarCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// [`CommandError`], which knows its exit code.
    pub async fn run(self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        match self {
            Self::Keys(keys) => keys.run(streams, "registrar", |id, index, name| {
                let secrets = RegistrarSecrets::generate(id, index, name, &mut OsRng)?;
                let public = RegistrarFile::new(&id, index, &secrets.official(&mut OsRng)?);
                Ok((secrets, public))
            }),
            Self::Issue(issue) => issue.run(streams).await,
            Self::Publish(publish) => publish.run(streams).await,
            Self::Replace(replace) => replace.run(streams).await,
            Self::Export(export) => export.run(streams).await,
            Self::Import(import) => import.run(streams).await,
        }
    }
}

impl Issue {
    async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (secrets, _keystore) = self.keystore.open::<RegistrarSecrets>()?;
        let election = self.place.read(streams).await?.election;
        let manifest = election.manifest();
        let chunks = usize::try_from(election.roll().chunk_count()).unwrap_or(usize::MAX);
        if election.roll().missing_chunks(secrets.index()).len() != chunks {
            return Err(registrar::Obstacle::Published(secrets.index()).into());
        }
        let voters = self.voters(manifest, streams)?;
        let places: Vec<RollPlace> = voters.iter().map(|voter| voter.place).collect();
        let codes = registrar::issue(voters.len(), &mut OsRng)?;
        let roll = registrar::roll_chunks(&election.fingerprint(), manifest, &secrets, &places, &codes, &mut OsRng)?;
        issuance::write(&self.out, manifest, &voters, &codes, &roll)?;
        let text = format!(
            "{} codes were made in {}. Every letter carries one of them and the election fingerprint {}. Then publish the roll; when the \
             letters are sent, destroy the codes.",
            voters.len(),
            self.out.display(),
            election.fingerprint()
        );
        let (voters, chunks) = (voters.len(), roll.len());
        streams.give(&text, &Issued { registrar: secrets.index(), voters, chunks, folder: self.out.clone() })
    }

    fn voters(&self, manifest: &Manifest, streams: &mut Streams<'_>) -> Result<Vec<Voter>, CommandError> {
        let listed = |path: &Path, fault: ListError| CommandError::List { path: path.to_owned(), fault };
        let open =
            |path: &Path| fs::File::open(path).map_err(|cause| CommandError::File { path: path.to_owned(), cause });
        // So many voters, a few thousand bytes each.
        let most = u64::from(manifest.roll_length).saturating_add(1).saturating_mul(4096).min(LONGEST_LIST);
        let open = |path: &Path| open(path).map(|file| Limited::new(file, most));
        let list = match &self.voters {
            Some(path) => Some(read_list(open(path)?, manifest).map_err(|fault| listed(path, fault))?),
            None => None,
        };
        match (list, &self.map) {
            (None, Some(path)) => {
                streams.warn(
                    "without a list of voters of your own you take the first registrar's word for who may vote, where, and with what weight",
                )?;
                read_map(open(path)?, manifest).map_err(|fault| listed(path, fault))
            }
            (Some(list), Some(path)) => {
                read_checked_map(open(path)?, list, manifest).map_err(|fault| listed(path, fault))
            }
            (Some(mut voters), None) => {
                // A roll in the list's order would tell who each credential belongs to.
                registrar::shuffle(&mut voters, &mut OsRng);
                Ok(voters)
            }
            (None, None) => Ok(Vec::new()),
        }
    }
}

impl Publish {
    async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let election = self.place.read(streams).await?.election;
        let mut submissions = Vec::new();
        let mut there = 0usize;
        for (path, submission) in issuance::read_roll(&self.issued)? {
            let fault = |fault| CommandError::Submission { path: path.clone(), fault: Box::new(fault) };
            let (author, body) = (submission.author().map_err(fault)?, submission.body().map_err(fault)?);
            // Resumed: what the record has is not sent again. What it has in its place is of other letters.
            if let (protocol::Author::Registrar(registrar), Body::Roll(roll)) = (author, body)
                && !election.roll().missing_chunks(registrar).contains(&roll.chunk)
            {
                if election.examine(&submission).is_err_and(|rejection| rejection.rule() == Rule::Ent6) {
                    there = there.saturating_add(1);
                    continue;
                }
                return Err(registrar::Obstacle::Published(registrar).into());
            }
            submissions.push(submission);
        }
        let sent = self.place.send_all(&submissions, streams).await?;
        streams.give(&format!("Roll chunks sent: {}; already there: {there}.", sent.len()), &AllSent { sent })
    }
}

impl Replace {
    async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (secrets, _keystore) = self.keystore.open::<RegistrarSecrets>()?;
        let election = self.place.read(streams).await?.election;
        let code = CredentialCode::generate(&mut OsRng)?;
        let submission = registrar::replacement(&election, &secrets, self.index, &code, &mut OsRng)?;
        // Refused by the fold: then no code is written that could never vote.
        election
            .examine(&submission)
            .map_err(|fault| CommandError::Submission { path: self.code.clone(), fault: Box::new(fault) })?;
        issuance::write_code(&self.code, &code)?;
        let sent = self.place.send(&submission, streams).await?;
        let text = format!("{sent}. The new code of roll index {} is in {}.", self.index, self.code.display());
        streams.give(&text, &sent)
    }
}
