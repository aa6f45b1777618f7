//! The manifest of a [`super::Drill`].

use crypto::{
    EncodedPoint,
    schnorr::{SigningKey, prove_possession},
};
use protocol::{
    Manifest,
    context::{self, Role},
    ids::ElectionId,
    manifest::{Official, SEALING, TrusteeKeys, Unit, Waiver},
};
use rand_chacha::ChaCha20Rng;
use tlog::note::SignerKey;

use super::{Options, TrusteeSecrets};

pub(super) fn manifest(
    options: &Options,
    election_id: ElectionId,
    authority: &SigningKey,
    registrars: &[SigningKey],
    trustees: &[TrusteeSecrets],
    board: &SignerKey,
    rng: &mut ChaCha20Rng,
) -> Manifest {
    let mut official = |role, index: u32, key: &SigningKey| {
        let name = format!("{role:?} {index}");
        let transcript = context::key_possession(&election_id, role, index, &name);
        let possession = *prove_possession(transcript, &[key.secret()], rng).unwrap().as_bytes();
        Official { name, signing_key: key.public(), possession }
    };
    let authority = official(Role::Authority, 0, authority);
    let registrars = registrars.iter().zip(1..).map(|(key, index)| official(Role::Registrar, index, key)).collect();
    let trustees = trustees
        .iter()
        .zip(1..)
        .map(|(secrets, index)| {
            let name = format!("Trustee {index}");
            let transcript = context::key_possession(&election_id, Role::Trustee, index, &name);
            let keys = [secrets.signing.secret(), &secrets.share];
            TrusteeKeys {
                name,
                signing_key: secrets.signing.public(),
                share_key: EncodedPoint::encode(&secrets.share.public()),
                possession: *prove_possession(transcript, &keys, rng).unwrap().as_bytes(),
            }
        })
        .collect();
    let (threshold, quorum, _) = options.trustees;
    let mut manifest = Manifest {
        suite: crypto::transcript::SUITE.into(),
        sealing: SEALING.into(),
        election_id,
        title: "A drill".into(),
        texts: Vec::new(),
        contests: options.contests.clone(),
        units: (1..)
            .zip(&options.units)
            .map(|(number, contests): (u32, _)| Unit { name: format!("Unit {number}"), contests: contests.clone() })
            .collect(),
        threshold,
        quorum,
        trustees,
        registrars,
        authority,
        roll_length: u32::try_from(options.voters.len()).unwrap(),
        largest_weight: options.voters.iter().map(|(_, weight)| *weight).max().unwrap_or(1),
        revote: options.revote,
        replacement: options.replacement,
        stage_deadlines: [29_000_100, 29_000_200, 29_000_300, 29_000_400],
        opening: 29_000_500,
        closing: 29_001_000,
        latest_closing: 29_002_000,
        grace: 10,
        log_origin: board.name().into(),
        log_key: board.verifier_key().to_string(),
        policy: format!("log {}\nquorum none\n", board.verifier_key()),
        minimum_unit: options.minimum_unit,
        waivers: Vec::new(),
        overrides: options.overrides,
        pages: options.pages.clone(),
    };
    manifest.waivers = manifest.waivers_needed();
    if options.small_tally {
        manifest.waivers.push(Waiver::SmallTally);
    }
    manifest
}
