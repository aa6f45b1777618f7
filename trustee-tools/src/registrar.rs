//! What a registrar makes: codes for the letters, and the roll (ROL-1 to ROL-8).

use crate::secrets::RegistrarSecrets;
use crypto::{
    EncodedPoint, RandomnessFailure, SecretScalar, credential_code::CredentialCode, schnorr::prove_possession,
};
use protocol::{
    Body, Election, Manifest, Submission,
    body::{ROWS_PER_CHUNK, Replacement, Roll, RollRow},
    context,
    entry::Author,
    ids::{ElectionFingerprint, ElectionId},
};
use rand::seq::SliceRandom as _;
use rand_core::{CryptoRng, RngCore};

/// What the roll says of a voter; the roll index is its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RollPlace {
    /// Index of the unit.
    pub unit: u32,
    /// What the voter's ballot counts.
    pub weight: u32,
}

/// Why a registrar publishes nothing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// The keys were made for another election.
    #[error(
        "these keys were made for the election with id {kept}, and this is {found}: fresh keys serve one election only"
    )]
    OtherElection {
        /// The keystore's.
        kept: ElectionId,
        /// The manifest's.
        found: ElectionId,
    },
    /// The manifest has another key in this registrar's place.
    #[error("the manifest does not have this keystore's key as registrar {0}")]
    NotThisRegistrar(u32),
    /// More or fewer voters than the manifest announces.
    #[error("{found} voters; the manifest announces a roll of {expected}")]
    Length {
        /// Of the manifest.
        expected: u32,
        /// Of the list.
        found: usize,
    },
    /// Not one code for each voter.
    #[error("{codes} codes for {voters} voters")]
    Codes {
        /// How many codes.
        codes: usize,
        /// How many voters.
        voters: usize,
    },
    /// A unit or weight that the manifest does not allow.
    #[error("roll index {index}: unit {unit} of {units}, weight {weight} of at most {largest}")]
    Row {
        /// Roll index.
        index: usize,
        /// Unit index found.
        unit: u32,
        /// Units of the manifest.
        units: usize,
        /// Weight found.
        weight: u32,
        /// Largest weight of the manifest.
        largest: u32,
    },
    /// The record has a roll of this registrar that was made with other codes.
    #[error("the record has a roll of registrar {0} already; letters with other codes than that roll's could not vote")]
    Published(u32),
    /// The order of the roll is another registrar's.
    #[error(
        "the order of the roll is another registrar's: registrar 1 makes it, and every other one gives the map that registrar 1 hands over with --map"
    )]
    NeedsMap,
    /// The folder does not hold the whole roll.
    #[error(
        "the folder has {found} of {chunks} chunks of this election's roll: it is another election's, or files were taken out of it"
    )]
    Chunks {
        /// In the folder.
        found: usize,
        /// Of the roll.
        chunks: u32,
    },
    /// Registrar 1, after another one.
    #[error(
        "another registrar has published its roll already, in the order of some map: give that map with --map and your own list with --voters. If \
         you made it yourself, it is in the folder that you lost; every other registrar was handed a copy"
    )]
    NeedsOthersMap,
    /// This registrar's part was made before, and is in another folder.
    #[error(
        "you have begun round {round} of replacements of roll index {index} already: give the folder of then with --out, and the same letter's code \
         holds. If that folder is lost, the other registrars join this round, and then all of you replace once more"
    )]
    Begun {
        /// Roll index.
        index: u32,
        /// Round.
        round: u32,
    },
    /// Nobody of the map is meant, or more than one.
    #[error("{found} persons of the map are meant: name one as it stands there, or give the roll index")]
    NoSuchPerson {
        /// How many.
        found: usize,
    },
    /// The letters need an address that voters can use.
    #[error(
        "the letters name the board's address: give --letter-board with an http or https address of at most 300 visible characters"
    )]
    NoAddress,
    /// What is kept in the folder is another's.
    #[error(
        "the folder holds the replacement of roll index {found} by registrar {registrar}; give a folder that does not exist yet"
    )]
    OtherReplacement {
        /// Its roll index.
        found: u32,
        /// Its registrar.
        registrar: u32,
    },
    /// Credentials may not be replaced in this election.
    #[error("the manifest allows no replacement of credentials")]
    NoReplacement,
    /// The random number generator failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessFailure),
}

/// Puts a list into uniformly random order (ROL-9). A roll in the order of a voters' list would name its voters.
pub fn shuffle<T, R: RngCore + CryptoRng>(list: &mut [T], rng: &mut R) {
    list.shuffle(rng);
}

/// A fresh code for each of so many voters.
///
/// # Errors
/// [`RandomnessFailure`] when the generator fails.
pub fn issue<R: RngCore + CryptoRng>(voters: usize, rng: &mut R) -> Result<Vec<CredentialCode>, RandomnessFailure> {
    (0..voters).map(|_| CredentialCode::generate(rng)).collect()
}

/// The registrar's roll, chunk by chunk: the public halves of the codes, each chunk with one proof of possession (ROL-1 to ROL-3).
///
/// # Errors
/// [`Obstacle`].
pub fn roll_chunks<R: RngCore + CryptoRng>(
    election: &ElectionFingerprint,
    manifest: &Manifest,
    secrets: &RegistrarSecrets,
    places: &[RollPlace],
    codes: &[CredentialCode],
    rng: &mut R,
) -> Result<Vec<Submission>, Obstacle> {
    check_place(manifest, secrets)?;
    let found = places.len();
    if u32::try_from(found) != Ok(manifest.roll_length) {
        return Err(Obstacle::Length { expected: manifest.roll_length, found });
    }
    if codes.len() != found {
        return Err(Obstacle::Codes { codes: codes.len(), voters: found });
    }
    let (units, largest) = (manifest.units.len(), manifest.largest_weight);
    for (index, place) in places.iter().enumerate() {
        let RollPlace { unit, weight } = *place;
        let known = usize::try_from(unit).is_ok_and(|unit| unit < units);
        if !known || !(1..=largest).contains(&weight) {
            return Err(Obstacle::Row { index, unit, units, weight, largest });
        }
    }
    let width = usize::try_from(ROWS_PER_CHUNK).expect("1000 is an index");
    let chunks = manifest.roll_length.div_ceil(ROWS_PER_CHUNK);
    let mut submissions = Vec::new();
    for (chunk, (places, codes)) in (0u32..).zip(places.chunks(width).zip(codes.chunks(width))) {
        let partial: Vec<SecretScalar> =
            codes.iter().map(|code| code.secret(&election.0, secrets.index.into())).collect();
        let row = |(place, secret): (&RollPlace, &SecretScalar)| RollRow {
            unit: place.unit,
            weight: place.weight,
            key: EncodedPoint::encode(&secret.public()),
        };
        let rows: Vec<RollRow> = places.iter().zip(&partial).map(row).collect();
        let first = chunk.saturating_mul(ROWS_PER_CHUNK);
        let transcript = context::roll_possession(election, secrets.index, chunk, first, &rows);
        let possession = prove_possession(transcript, &partial.iter().collect::<Vec<_>>(), rng)?;
        let body = Body::Roll(Roll { chunk, chunks, rows, possession: *possession.as_bytes() });
        submissions.push(sign(election, secrets, body, rng)?);
    }
    Ok(submissions)
}

/// This registrar's part of a new credential for a roll index, from a fresh code (ROL-6 to ROL-8). Whether the old one was used already
/// is for the fold to say.
///
/// # Errors
/// [`Obstacle`].
pub fn replacement<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &RegistrarSecrets,
    index: u32,
    code: &CredentialCode,
    rng: &mut R,
) -> Result<Submission, Obstacle> {
    check_place(election.manifest(), secrets)?;
    if !election.manifest().replacement {
        return Err(Obstacle::NoReplacement);
    }
    let found = usize::try_from(index).unwrap_or(usize::MAX);
    let begun = election.roll().replacement_joined(index);
    if begun.contains(&secrets.index) {
        return Err(Obstacle::Begun { index, round: election.roll().replacement_round(index) });
    }
    if index >= election.manifest().roll_length {
        return Err(Obstacle::Length { expected: election.manifest().roll_length, found });
    }
    let fingerprint = election.fingerprint();
    let round = election.roll().replacement_round(index);
    let secret = code.secret(&fingerprint.0, secrets.index.into());
    let transcript = context::replacement_possession(&fingerprint, secrets.index, round, index);
    let possession = prove_possession(transcript, &[&secret], rng)?;
    let key = EncodedPoint::encode(&secret.public());
    let body = Body::Replacement(Replacement { index, round, key, possession: *possession.as_bytes() });
    sign(&fingerprint, secrets, body, rng)
}

pub(crate) fn check_place(manifest: &Manifest, secrets: &RegistrarSecrets) -> Result<(), Obstacle> {
    let (kept, found) = (secrets.election_id, manifest.election_id);
    if kept != found {
        return Err(Obstacle::OtherElection { kept, found });
    }
    let place = usize::try_from(secrets.index).ok().and_then(|index| index.checked_sub(1));
    let own = place.and_then(|place| manifest.registrars.get(place));
    if own.is_none_or(|official| official.signing_key != secrets.signing.public()) {
        return Err(Obstacle::NotThisRegistrar(secrets.index));
    }
    Ok(())
}

fn sign<R: RngCore + CryptoRng>(
    election: &ElectionFingerprint,
    secrets: &RegistrarSecrets,
    body: Body,
    rng: &mut R,
) -> Result<Submission, Obstacle> {
    let author = Author::Registrar(secrets.index);
    Ok(Submission::sign(election, &author, body.encode(), &secrets.signing, rng)?)
}
