//! `vitrine trustee recover`: a keystore of a recovery sheet (CER-33, CER-34). And what a keystore is compared with.

use crate::{
    cli::{
        CommandError, Streams,
        keys::{NewKeystoreArguments, ask_secret},
        place::{Patience, ReadingArguments},
    },
    files::read_limited,
    public_keys::TrusteeFile,
    recovery::{COUNT, MAXIMUM_SHEET, Sheet, SheetFault, is_word},
    secrets::TrusteeSecrets,
};
use board_api::flags::ReadingFlags;
use crypto::EncodedPoint;
use protocol::{
    Election,
    ids::{ElectionFingerprint, ElectionId},
    manifest::TrusteeKeys,
};
use serde::Serialize;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// What everybody knows of the keystore's keys.
#[derive(Debug, clap::Args)]
pub(super) struct Comparison {
    /// The public key file that was made with the keystore.
    #[arg(long, value_name = "FILE")]
    public: Option<PathBuf>,
    /// Address of the board, such as http://127.0.0.1:7878.
    #[arg(long, value_name = "URL", requires = "election")]
    board: Option<String>,
    /// A folder with a copy of the record, for a machine without a network.
    #[arg(long, value_name = "FOLDER", requires = "election", conflicts_with = "board")]
    record: Option<PathBuf>,
    /// The election fingerprint, compared with what the authority announced: 64 hexadecimal digits.
    #[arg(long, visible_alias = "expect", value_name = "FINGERPRINT")]
    election: Option<ElectionFingerprint>,
    #[command(flatten)]
    flags: ReadingFlags,
    #[command(flatten)]
    patience: Patience,
}

/// `vitrine trustee recover`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("comparison").required(true).multiple(true).args(["public", "board", "record"])))]
pub struct RecoverArguments {
    /// A file with the sheet's text, or with what its QR code holds. Without it the words are asked for.
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
    /// The election's id, from the sheet.
    #[arg(long, value_name = "ID", required_unless_present = "sheet", conflicts_with = "sheet")]
    election_id: Option<ElectionId>,
    /// Which trustee, from the sheet: 1, 2, ...
    #[arg(long, required_unless_present = "sheet", conflicts_with = "sheet", value_parser = clap::value_parser!(u32).range(1..=32))]
    index: Option<u32>,
    /// The name, from the sheet.
    #[arg(long, required_unless_present = "sheet", conflicts_with = "sheet")]
    name: Option<String>,
    #[command(flatten)]
    keystore: NewKeystoreArguments,
    #[command(flatten)]
    comparison: Comparison,
}

#[derive(Serialize)]
struct Recovered {
    trustee: u32,
    keystore: PathBuf,
}

impl Comparison {
    /// The public keys in a file, and the election of a record, as far as they were named.
    pub(super) async fn read(
        self,
        streams: &mut Streams<'_>,
    ) -> Result<(Option<(PathBuf, TrusteeFile)>, Option<Election>), CommandError> {
        let file = match self.public {
            Some(path) => {
                let bytes = read_limited(&path, crate::files::MAXIMUM_FILE)
                    .map_err(|cause| CommandError::File { path: path.clone(), cause })?;
                let file = TrusteeFile::parse(&bytes)
                    .map_err(|fault| CommandError::PublicKeys { path: path.clone(), fault: Box::new(fault) })?;
                Some((path, file))
            }
            None => None,
        };
        let place = (self.board, self.record);
        let election = match (self.election, &place) {
            (Some(election), (Some(_), _) | (_, Some(_))) => {
                let reading = ReadingArguments::of(place, election, self.flags, self.patience);
                Some(reading.read(streams).await?.witnessed()?.election)
            }
            _ => None,
        };
        Ok((file, election))
    }
}

/// The keys of a public key file, if it is of this election and place.
pub(super) fn keys_of(
    (path, file): &(PathBuf, TrusteeFile),
    secrets: &TrusteeSecrets,
) -> Result<TrusteeKeys, CommandError> {
    file.keys(&secrets.election_id(), secrets.index())
        .map_err(|fault| CommandError::PublicKeys { path: path.clone(), fault: Box::new(fault) })
}

impl RecoverArguments {
    /// Writes a keystore only of keys that everybody knows already.
    pub(super) async fn run(self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        self.keystore.check_absent()?;
        let sheet = match (&self.sheet, self.election_id, self.index, &self.name) {
            (Some(path), ..) => {
                let failed = |cause| CommandError::File { path: path.clone(), cause };
                let bytes = Zeroizing::new(read_limited(path, MAXIMUM_SHEET).map_err(failed)?);
                Sheet::parse(std::str::from_utf8(&bytes).map_err(|_| SheetFault::NoSheet)?)?
            }
            (None, Some(id), Some(index), Some(name)) => Sheet::typed(id, index, name, &ask_words(streams)?)?,
            // The arguments' parser demands them.
            _ => return Err(SheetFault::NoSheet.into()),
        };
        let secrets = sheet.secrets()?;
        let (file, election) = self.comparison.read(streams).await?;
        let mut known = Vec::new();
        if let Some(file) = &file {
            known.push(keys_of(file, &secrets)?);
        }
        if let Some(election) = &election {
            known.push(place_of(election, &secrets)?);
        }
        let own = (secrets.signing.public(), EncodedPoint::encode(&secrets.share.public()));
        if known.is_empty() || known.iter().any(|keys| (keys.signing_key, keys.share_key) != own) {
            return Err(SheetFault::OtherKeys(secrets.index()).into());
        }
        self.keystore.create(&secrets)?;
        let text = format!(
            "The keystore of trustee {} was restored. It makes no new dealing, and before it answers a closing it asks whether the lost one has.",
            secrets.index()
        );
        streams.give(&text, &Recovered { trustee: secrets.index(), keystore: self.keystore.path().to_owned() })
    }
}

/// The keys in the manifest's place.
fn place_of(election: &Election, secrets: &TrusteeSecrets) -> Result<TrusteeKeys, SheetFault> {
    let (sheet, found) = (secrets.election_id(), election.manifest().election_id);
    if sheet != found {
        return Err(SheetFault::OtherElection { sheet, found });
    }
    let place = usize::try_from(secrets.index()).ok().and_then(|index| index.checked_sub(1));
    let keys = place.and_then(|place| election.manifest().trustees.get(place));
    keys.cloned().ok_or(SheetFault::OtherKeys(secrets.index()))
}

/// Word by word, so that a mistyped one is noticed at once; nothing of it is shown.
fn ask_words(streams: &mut Streams<'_>) -> Result<Zeroizing<String>, CommandError> {
    let mut words = Zeroizing::new(String::with_capacity(1024));
    for number in 1..=COUNT {
        loop {
            let word = ask_secret(&format!("Word {number} of {COUNT}: "), "the recovery sheet", "--sheet")?;
            if is_word(word.trim()) {
                words.push_str(word.trim());
                words.push(' ');
                break;
            }
            streams.say("Recovery sheets have no such word; once more, please.")?;
        }
    }
    Ok(words)
}
