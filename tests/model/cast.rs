//! Who takes part: keys, the manifest, the honest trustees' own tools, and the dealings that malicious trustees may commit to.

use crypto::{
    EncodedPoint, SecretScalar,
    dealing::{DealingPart, deal},
    schnorr::{SigningKey, prove_possession},
    shamir::Polynomial,
};
use protocol::{
    Author, Body, Contest, Election, Entry, Submission,
    context::{self, Role},
    election::part_context,
    fingerprint,
    ids::{ElectionFingerprint, ElectionId, EntryHash},
    manifest::TrusteeKeys,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use std::{
    collections::HashMap,
    fmt,
    hash::{DefaultHasher, Hash, Hasher as _},
};
use tlog::{
    checkpoint::{self, Checkpoint},
    cosignature::CosignerKey,
    note::{Note, SignerKey},
};
use trustee_tools::secrets::TrusteeSecrets;
use vitrine_tests::{
    Drill, Options,
    drill::{choose_one, dealing_body},
};

/// Minute of every entry.
pub(crate) const NOW: u64 = 29_000_000;

/// What is checked: so many trustees, of whom these are malicious.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    /// k, q, n.
    pub trustees: (u32, u32, u32),
    /// The malicious ones; all others run the tool.
    pub malicious: Vec<u32>,
    /// What malicious dealers may commit to.
    pub dealings: Vec<Dealing>,
    /// Whether they also try what no rule ever takes.
    pub nonsense: bool,
    /// Rehearsals of each malicious trustee.
    pub rehearsals: u32,
    /// Time evidence is a witness's, and the authority tries to end stages early; otherwise `quorum none`.
    pub witnessed: bool,
    /// Honest trustees may be too late.
    pub late: bool,
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (k, q, n) = self.trustees;
        let clock = if self.witnessed { "a witness" } else { "the authority" };
        let late = if self.late { ", honest ones may be late" } else { "" };
        write!(f, "k = {k}, q = {q}, n = {n}, malicious {:?}, the clock is {clock}'s{late}", self.malicious)
    }
}

/// A malicious trustee's dealing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Dealing {
    /// As it should be.
    Good,
    /// Other shares than it commits to for the trustees whose bits are set; trustee 1 has bit 0.
    BadFor(u32),
    /// The proof of the constant terms does not hold.
    Unproved,
    /// An honest trustee's dealing, whole.
    Stolen,
    /// Another one as it should be: what [`Dealing::BadFor`] takes its bad shares from.
    Other,
}

/// The bit of a trustee in a set of trustees.
pub(crate) fn bit(trustee: u32) -> u32 {
    1 << (trustee - 1)
}

/// Trustees with their bits set.
pub(crate) fn bits(trustees: impl IntoIterator<Item = u32>) -> u32 {
    trustees.into_iter().map(bit).sum()
}

/// Keys of a malicious trustee, and its dealings as bodies.
struct Villain {
    signing: SigningKey,
    share: SecretScalar,
    dealings: HashMap<Dealing, Vec<u8>>,
}

/// Everybody's keys, and the election after entry 0.
pub(crate) struct Cast {
    pub bounds: Bounds,
    pub entry: Entry,
    pub begun: Election,
    pub fingerprint: ElectionFingerprint,
    villains: HashMap<u32, Villain>,
    election_id: ElectionId,
    authority: SigningKey,
    board: SignerKey,
    witness: CosignerKey,
}

/// A generator that follows from what it is for, so that every run is the same.
pub(crate) fn generator(purpose: impl Hash) -> ChaCha20Rng {
    let mut hasher = DefaultHasher::new();
    purpose.hash(&mut hasher);
    ChaCha20Rng::seed_from_u64(hasher.finish())
}

impl Cast {
    pub(crate) fn new(bounds: Bounds) -> Self {
        let (threshold, quorum, count) = bounds.trustees;
        let options = Options {
            // One slot: what a part holds more of is more of the same.
            contests: vec![Contest { blank: false, ..choose_one("Council member", &["Ada"]) }],
            trustees: (threshold, quorum, count),
            ..Options::simple(1)
        };
        let drill = Drill::begin(options);
        let mut manifest = drill.election.manifest().clone();
        let election_id = manifest.election_id;
        let witness = CosignerKey::from_seed("witness.example", &[9; 32]).unwrap();
        let mut villains = HashMap::new();
        for (trustee, keys) in (1..).zip(&mut manifest.trustees) {
            *keys = if bounds.malicious.contains(&trustee) {
                let (villain, keys) = Villain::new(election_id, trustee);
                villains.insert(trustee, villain);
                keys
            } else {
                keys_only(election_id, trustee).public(&mut generator(("possession", trustee))).unwrap()
            };
        }
        if bounds.witnessed {
            let (log, key) = (&manifest.log_key, witness.verifier_key());
            manifest.policy = format!("log {log}\nwitness w {key}\nquorum w\n");
        }
        manifest.waivers = manifest.waivers_needed();
        let body = Body::Manifest(Box::new(manifest)).encode();
        let fingerprint = fingerprint::election(&body);
        let rng = &mut generator("manifest");
        let submission = Submission::sign(&fingerprint, &Author::Authority, body, &drill.authority, rng).unwrap();
        let entry = Entry::new(0, EntryHash([0; 32]), NOW, submission);
        let begun = Election::begin(&entry).unwrap();
        let (authority, board) = (drill.authority, drill.board);
        let mut cast = Self { bounds, entry, begun, fingerprint, villains, election_id, authority, board, witness };
        cast.deal();
        cast
    }

    /// The trustees that run the tool.
    pub(crate) fn honest(&self) -> impl Iterator<Item = u32> + '_ {
        (1..=self.bounds.trustees.2).filter(|trustee| !self.bounds.malicious.contains(trustee))
    }

    /// An honest trustee's keystore before it dealt.
    pub(crate) fn keystore(&self, trustee: u32) -> TrusteeSecrets {
        keys_only(self.election_id, trustee)
    }

    /// A body, signed by a malicious trustee.
    pub(crate) fn signed(&self, villain: u32, body: Vec<u8>, rng: &mut ChaCha20Rng) -> Submission {
        let key = &self.villains[&villain].signing;
        Submission::sign(&self.fingerprint, &Author::Trustee(villain), body, key, rng).unwrap()
    }

    /// A body, signed by the authority.
    pub(crate) fn by_authority(&self, body: &Body, rng: &mut ChaCha20Rng) -> Submission {
        Submission::sign(&self.fingerprint, &Author::Authority, body.encode(), &self.authority, rng).unwrap()
    }

    /// The secret of a malicious trustee's share key.
    pub(crate) fn share(&self, villain: u32) -> &SecretScalar {
        &self.villains[&villain].share
    }

    /// A malicious trustee's dealing, as a body.
    pub(crate) fn dealing(&self, villain: u32, dealing: Dealing) -> &[u8] {
        &self.villains[&villain].dealings[&dealing]
    }

    /// The record as it is, cosigned at that second.
    pub(crate) fn checkpoint(&self, election: &Election, second: u64) -> Vec<u8> {
        let head = Checkpoint::new(election.log_origin(), election.range().size(), election.root()).unwrap();
        let mut note = Note::parse(checkpoint::sign(&head, &self.board).unwrap().as_bytes()).unwrap();
        note.add(self.witness.cosign(&head, second).unwrap()).unwrap();
        note.encode().into_bytes()
    }

    fn deal(&mut self) {
        let stolen = self.honest().next().map(|victim| super::honest::dealing(self, victim));
        for trustee in self.bounds.malicious.clone() {
            let (good, other) = (self.part(trustee, "good"), self.part(trustee, "other"));
            let needed = [Dealing::Good, Dealing::Other, Dealing::Unproved];
            for dealing in self.bounds.dealings.iter().copied().chain(needed).collect::<Vec<_>>() {
                let mut body = dealing_body(0, &good);
                match dealing {
                    Dealing::Good | Dealing::Stolen => {}
                    Dealing::BadFor(recipients) => {
                        let others = dealing_body(0, &other).boxes;
                        for ((own, bad), recipient) in body.boxes.iter_mut().zip(others).zip(1..) {
                            if recipients & bit(recipient) != 0 {
                                *own = bad;
                            }
                        }
                    }
                    Dealing::Unproved => body.possession = *other.possession.as_bytes(),
                    Dealing::Other => body = dealing_body(0, &other),
                }
                let stolen = stolen.clone().filter(|_| dealing == Dealing::Stolen);
                let bytes = stolen.unwrap_or_else(|| Body::Dealing(body).encode());
                self.villains.get_mut(&trustee).unwrap().dealings.insert(dealing, bytes);
            }
        }
    }

    fn part(&self, trustee: u32, purpose: &str) -> DealingPart {
        let rng = &mut generator((purpose, trustee));
        let manifest = self.begun.manifest();
        assert_eq!(manifest.parts(), 1, "the model has one part for each dealer");
        let threshold = usize::try_from(manifest.threshold).unwrap();
        let slots = manifest.part_slots(0);
        let polynomials: Vec<Polynomial> = slots.map(|_| Polynomial::generate(threshold, rng).unwrap()).collect();
        deal(&part_context(&self.fingerprint, manifest, trustee, 0), &polynomials, rng).unwrap()
    }
}

impl Villain {
    fn new(election: ElectionId, trustee: u32) -> (Self, TrusteeKeys) {
        let rng = &mut generator(("villain", trustee));
        let (signing, share) = (SigningKey::generate(rng).unwrap(), SecretScalar::generate(rng).unwrap());
        let name = format!("Trustee {trustee}");
        let transcript = context::key_possession(&election, Role::Trustee, trustee, &name);
        let keys = TrusteeKeys {
            name,
            signing_key: signing.public(),
            share_key: EncodedPoint::encode(&share.public()),
            possession: *prove_possession(transcript, &[signing.secret(), &share], rng).unwrap().as_bytes(),
        };
        (Self { signing, share, dealings: HashMap::new() }, keys)
    }
}

fn keys_only(election: ElectionId, trustee: u32) -> TrusteeSecrets {
    TrusteeSecrets::generate(election, trustee, &format!("Trustee {trustee}"), &mut generator(("keys", trustee)))
        .unwrap()
}
