//! `vitrine registrar ...`

mod finding;
mod replacing;

use finding::Find;
use replacing::Replace;

use super::{
    CommandError, Streams,
    carrying::{Import, RegistrarExport},
    disputing::Dispute,
    keys::{Keys, KeystoreArguments},
    place::{AllSent, PlaceArguments, ReadingArguments},
};
use crate::{
    files::Limited,
    issuance::{self, Letters},
    letters::Letterhead,
    public_keys::RegistrarFile,
    registrar::{self, RollPlace},
    secrets::RegistrarSecrets,
    voters::{ListError, Voter, agree_with_record, map_fingerprint, read_checked_map, read_list, read_map},
};
use protocol::{Election, Rule, body::Body, letter::is_address};
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
    /// Make a letter with a code for each voter, and sign the roll. Nothing is sent yet.
    Issue(Issue),
    /// Send the roll that `issue` signed.
    Publish(Publish),
    /// Replace a lost credential that was not used. Every registrar does this for the same person.
    Replace(Replace),
    /// Say which row of the roll is a person's: for officials at the polling place, and `vitrine authority override`.
    Find(Find),
    /// Without a network: write the record and the step it asks for into one file, for the machine with the keystore (`--request`).
    Export(RegistrarExport),
    /// Without a network: send what was written with `--answer` on the machine with the keystore.
    Import(Import),
    /// Destroy the letters' files when the letters are on their way. The map and the roll stay.
    DestroyLetters(Destroy),
    /// Compare what the board promised with its log, and keep evidence if it broke its word. Needs no keystore.
    Dispute(Dispute),
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
    /// A folder that does not exist yet, for the map, the letters and the signed roll. Only you can read it; guard it.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    #[command(flatten)]
    letters: LetterArguments,
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

/// `vitrine registrar destroy-letters`.
#[derive(Debug, clap::Args)]
pub struct Destroy {
    /// The folder that `issue` or `replace` made.
    #[arg(long, value_name = "FOLDER")]
    issued: PathBuf,
    /// Says that every letter is on its way. Without it nothing is destroyed.
    #[arg(long, required = true)]
    sent: bool,
}

/// How letters are made.
#[derive(Debug, clap::Args)]
struct LetterArguments {
    /// The address of the board as the letters name it; that of --board, if not given.
    #[arg(long, value_name = "URL")]
    letter_board: Option<String>,
    /// Make each letter an HTML file of its own, too, for example to send it by e-mail.
    #[arg(long)]
    each_as_page: bool,
}

impl LetterArguments {
    /// The address in the letters, which voters can use.
    fn address<'a>(&'a self, place: &'a ReadingArguments) -> Result<&'a str, CommandError> {
        let address = self.letter_board.as_deref().or(place.address());
        address.filter(|address| is_address(address)).ok_or_else(|| registrar::Obstacle::NoAddress.into())
    }
}

#[derive(Serialize)]
struct Issued {
    registrar: u32,
    voters: usize,
    chunks: usize,
    map_fingerprint: String,
    folder: PathBuf,
}

impl RegistrarCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// [`CommandError`], which knows its exit code.
    pub async fn run(self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        // On the heap, each of them: together they are more than a thread's stack holds well.
        match self {
            Self::Keys(keys) => keys.run(streams, "registrar", |id, index, name| {
                let secrets = RegistrarSecrets::generate(id, index, name, &mut OsRng)?;
                let public = RegistrarFile::new(&id, index, &secrets.official(&mut OsRng)?);
                Ok((secrets, public))
            }),
            Self::Issue(issue) => Box::pin(issue.run(streams)).await,
            Self::Publish(publish) => Box::pin(publish.run(streams)).await,
            Self::Replace(replace) => Box::pin(replace.run(streams)).await,
            Self::Find(find) => Box::pin(find.run(streams)).await,
            Self::Export(export) => Box::pin(export.run(streams)).await,
            Self::Import(import) => Box::pin(import.run(streams)).await,
            Self::DestroyLetters(destroy) => destroy.run(streams),
            Self::Dispute(dispute) => Box::pin(dispute.run(streams)).await,
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
        let address = self.letters.address(&self.place)?;
        let voters = self.voters(&election, &secrets, streams)?;
        let places: Vec<RollPlace> = voters.iter().map(|voter| voter.place).collect();
        let codes = registrar::issue(voters.len(), &mut OsRng)?;
        let roll = registrar::roll_chunks(&election.fingerprint(), manifest, &secrets, &places, &codes, &mut OsRng)?;
        let head = Letterhead::new(manifest, election.fingerprint(), secrets.index(), address);
        let each_as_page = self.letters.each_as_page;
        let letters = Letters { head: &head, first: 0, voters: &voters, codes: &codes, each_as_page };
        let hands_over = self.map.is_none() && manifest.registrars.len() > 1;
        issuance::write(&self.out, manifest, &letters, &roll, hands_over)?;
        let out = self.out.display();
        let map_fingerprint = map_fingerprint(&election.fingerprint(), &voters).to_string();
        let hand_over = match (manifest.registrars.len(), &self.map) {
            (0 | 1, _) => String::new(),
            (_, None) => format!(
                "Hand {out}/{} to the other registrars, and nothing else; the map fingerprint is {map_fingerprint}, and theirs has to be the same. ",
                issuance::HANDOVER
            ),
            (_, Some(_)) => format!("The map fingerprint is {map_fingerprint}: registrar 1 has to have the same. "),
        };
        let text = format!(
            "{} letters are in {out}/{}, and as pages to print in {out}/{}. {hand_over}Publish the roll; when the letters are on their way, \
             `vitrine registrar destroy-letters` removes them from here. Keep {out}/{}: it says who has which roll index.",
            voters.len(),
            issuance::LETTERS,
            issuance::PRINT,
            issuance::MAP
        );
        let (voters, chunks) = (voters.len(), roll.len());
        let (registrar, folder) = (secrets.index(), self.out.clone());
        streams.give(&text, &Issued { registrar, voters, chunks, map_fingerprint, folder })
    }

    /// The voters in the order of the roll (ROL-9, ROL-11).
    fn voters(
        &self,
        election: &Election,
        secrets: &RegistrarSecrets,
        streams: &mut Streams<'_>,
    ) -> Result<Vec<Voter>, CommandError> {
        let (manifest, roll) = (election.manifest(), election.roll());
        let others = (1..).zip(&manifest.registrars).map(|(index, _)| index).filter(|index| *index != secrets.index());
        let published = others.into_iter().any(|other| roll.missing_chunk_count(other) < roll.chunk_count());
        if self.map.is_none() && (published || secrets.index() > 1) {
            let first = secrets.index() == 1;
            let obstacle = if first { registrar::Obstacle::NeedsOthersMap } else { registrar::Obstacle::NeedsMap };
            return Err(obstacle.into());
        }
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
        let Some(path) = &self.map else {
            let mut voters = list.unwrap_or_default();
            // A roll in the list's order would tell who each credential belongs to.
            registrar::shuffle(&mut voters, &mut OsRng);
            return Ok(voters);
        };
        let voters = match list {
            Some(list) => read_checked_map(open(path)?, list, manifest),
            None => {
                streams.warn(
                    "without a list of voters of your own you take the first registrar's word for who may vote, where, and with what weight",
                )?;
                read_map(open(path)?, manifest)
            }
        };
        let voters = voters.map_err(|fault| listed(path, fault))?;
        agree_with_record(&voters, roll, manifest).map_err(|fault| listed(path, fault))?;
        Ok(voters)
    }
}

impl Publish {
    async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let election = self.place.read(streams).await?.election;
        let mut submissions = Vec::new();
        let mut there = 0usize;
        let signed = issuance::read_roll(&self.issued)?;
        // A roll is sent whole: what was taken out of the folder would be missed only when nobody can vote.
        let (found, chunks) = (signed.len(), election.roll().chunk_count());
        if u32::try_from(found) != Ok(chunks) {
            return Err(registrar::Obstacle::Chunks { found, chunks }.into());
        }
        for (path, submission) in signed {
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
            // What the record would refuse is not sent, not even in part.
            election
                .examine(&submission)
                .map_err(|fault| CommandError::WouldBeRefused { path, fault: Box::new(fault) })?;
            submissions.push(submission);
        }
        let sent = self.place.send_all(&submissions, streams).await?;
        streams.give(&format!("Roll chunks sent: {}; already there: {there}.", sent.len()), &AllSent { sent })
    }
}

#[derive(Serialize)]
struct Gone {
    destroyed: usize,
    left: Vec<PathBuf>,
}

impl Destroy {
    /// ROL-14.
    fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let gone = issuance::destroy_letters(&self.issued)?;
        for left in &gone.left {
            streams.warn(&format!("{} was not written by this program and lies there still", left.display()))?;
        }
        let text = format!(
            "{} files were overwritten and removed. This program cannot reach what a printer, a mail program, a backup, or a disk that moves data \
             aside has kept.",
            gone.files
        );
        streams.give(&text, &Gone { destroyed: gone.files, left: gone.left })
    }
}
