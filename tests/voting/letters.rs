//! An election whose voters have letters with codes, and what a test does with them.

use ballot_client::{
    AuditOpening, Session, Tracker,
    lookup::{Found, Search, Wanted},
    session::{PublicationWish, PublishError},
};
use crypto::{EncodedPoint, credential_code::CredentialCode, schnorr::prove_possession};
use protocol::{
    Author, Body, Contest, ContestKind, Rejection, Rule, Selection, Submission,
    body::{AuditedBallot, ContestOpening, Replacement},
    context,
    ids::ElectionFingerprint,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use tlog::{
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
    proof::Receipt,
};
use vitrine_tests::{Drill, Options, drill::choose_one};

/// An open election whose voters have letters.
pub(crate) struct Letters {
    pub(crate) drill: Drill,
    /// Each voter's codes, one from each registrar.
    pub(crate) codes: Vec<Vec<CredentialCode>>,
    pub(crate) rng: ChaCha20Rng,
}

/// Two contests, the second an approval contest that allows up to two of three; two units, the second without it.
pub(crate) fn options() -> Options {
    let approval = Contest {
        title: "Committee".into(),
        kind: ContestKind::Choose { minimum: 0, maximum: 2 },
        options: vec!["Emmy".into(), "Felix".into(), "Gauss".into()],
        blank: false,
        terms: None,
    };
    Options {
        contests: vec![choose_one("Council member", &["Ada", "Blaise", "Carl"]), approval],
        units: vec![vec![0, 1], vec![0]],
        voters: vec![(0, 1), (0, 1), (1, 1), (1, 1)],
        registrars: 2,
        ..Options::simple(4)
    }
}

impl Letters {
    pub(crate) fn opened(options: Options) -> Self {
        let mut letters = Self::before_opening(options);
        letters.drill.open();
        letters
    }

    pub(crate) fn before_opening(options: Options) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(99);
        let mut drill = Drill::begin(options);
        let f = drill.election.fingerprint();
        let mut codes = Vec::new();
        for _ in 0..drill.options.voters.len() {
            let own: Vec<CredentialCode> =
                drill.registrars.iter().map(|_| CredentialCode::generate(&mut rng).unwrap()).collect();
            drill.parts.push(own.iter().zip(1..).map(|(code, registrar)| code.secret(&f.0, registrar)).collect());
            codes.push(own);
        }
        for registrar in 1..=drill.options.registrars {
            let body = Body::Roll(drill.roll_chunk(registrar, 0));
            let submission = drill.by_registrar(registrar, &body);
            drill.apply(submission).unwrap();
        }
        drill.run_ceremony();
        Self { drill, codes, rng }
    }

    pub(crate) fn f(&self) -> ElectionFingerprint {
        self.drill.election.fingerprint()
    }

    pub(crate) fn session(&self, voter: usize) -> Session<'_> {
        Session::begin(&self.drill.election, &self.codes[voter], &self.f()).unwrap()
    }

    /// One registrar's part of a new credential for a voter, in the record; gives the new code.
    pub(crate) fn replace(&mut self, voter: usize, registrar: u32) -> CredentialCode {
        let (f, index) = (self.f(), u32::try_from(voter).unwrap());
        let code = CredentialCode::generate(&mut self.rng).unwrap();
        let secret = code.secret(&f.0, registrar.into());
        let round = self.drill.election.roll().replacement_round(index);
        let transcript = context::replacement_possession(&f, registrar, round, index);
        let possession = *prove_possession(transcript, &[&secret], &mut self.rng).unwrap().as_bytes();
        let body = Replacement { index, round, key: EncodedPoint::encode(&secret.public()), possession };
        let submission = self.drill.by_registrar(registrar, &Body::Replacement(body));
        self.drill.apply(submission).unwrap();
        code
    }

    /// Seals and signs; the board has not seen it.
    pub(crate) fn signed(&self, voter: usize, selections: &[Selection]) -> Submission {
        let mut rng = self.rng.clone();
        let session = self.session(voter);
        let sealed = filled(&session, selections).seal(&mut rng).unwrap();
        sealed.cast(&mut rng).unwrap()
    }

    pub(crate) fn cast(&mut self, voter: usize, selections: &[Selection]) -> Submission {
        let submission = self.signed(voter, selections);
        self.drill.apply(submission.clone()).unwrap();
        self.fresh();
        submission
    }

    pub(crate) fn audited(&mut self, voter: usize, selections: &[Selection]) -> (Tracker, AuditOpening) {
        let mut rng = self.rng.clone();
        let session = self.session(voter);
        let sealed = filled(&session, selections).seal(&mut rng).unwrap();
        let shown = sealed.tracker();
        let opening = sealed.audit();
        self.fresh();
        (shown, opening)
    }

    pub(crate) fn fresh(&mut self) {
        use rand_chacha::rand_core::RngCore as _;
        self.rng.next_u64();
    }

    pub(crate) fn refused(&mut self, submission: Submission) -> Rule {
        self.drill.apply(submission).map_err(|rejection: Rejection| rejection.rule()).unwrap_err()
    }

    /// The record's bytes, entry by entry.
    pub(crate) fn bytes(&self) -> Vec<Vec<u8>> {
        self.drill.entries.iter().map(|entry| entry.encode()).collect()
    }

    pub(crate) fn search(&self, wanted: Wanted) -> Vec<Found> {
        let mut search = Search::new(self.f(), wanted);
        self.bytes().iter().for_each(|bytes| search.take(bytes).unwrap());
        search.found()
    }

    /// What the board would hand out for this entry, under a checkpoint of the whole log.
    pub(crate) fn receipt(&self, index: u64) -> Receipt {
        let mut tree = Tree::new();
        let bytes = self.bytes();
        bytes.iter().for_each(|bytes| tree.append(leaf_hash(bytes)));
        let head = Checkpoint::new(self.drill.board.name(), tree.size(), tree.root()).unwrap();
        Receipt {
            extra: bytes[usize::try_from(index).unwrap()].clone(),
            index,
            path: tree.prove_inclusion(index, tree.size()).unwrap(),
            checkpoint_note: checkpoint::sign(&head, &self.drill.board).unwrap(),
        }
    }
}

/// Fills the contests of the voter's style in order.
pub(crate) fn filled<'s>(session: &'s Session<'s>, selections: &[Selection]) -> ballot_client::Selected<'s> {
    session
        .contests()
        .zip(selections)
        .fold(session.ballot(), |ballot, ((index, _), selection)| ballot.select(index, selection.clone()).unwrap())
}

pub(crate) fn option(index: usize) -> Selection {
    Selection::Options(vec![index])
}

pub(crate) fn two(first: usize, second: usize) -> Selection {
    Selection::Options(vec![first, second])
}

pub(crate) fn published(letters: &Letters, voter: usize, opening: &AuditOpening) -> Result<Submission, PublishError> {
    let mut rng = letters.rng.clone();
    letters.session(voter).publish_audit(opening, PublicationWish::after_warning(), &mut rng)
}

/// What an opening's bytes hold, read as a stranger would.
pub(crate) fn inside(opening: &AuditOpening) -> AuditedBallot {
    #[derive(minicbor::Decode)]
    #[cbor(array)]
    struct Fields {
        #[n(3)]
        ballot: minicbor::bytes::ByteVec,
        #[n(4)]
        openings: Vec<ContestOpening>,
    }
    let fields: Fields = minicbor::decode(&opening.encode()).unwrap();
    AuditedBallot { ballot: fields.ballot, openings: fields.openings }
}

/// What a faulty client with the codes could send.
pub(crate) fn signed_by_credential(letters: &Letters, voter: usize, body: Vec<u8>) -> Submission {
    let f = letters.f();
    let secret =
        letters.codes[voter].iter().zip(1..).map(|(code, registrar)| *code.secret(&f.0, registrar).expose()).sum();
    let key = crypto::schnorr::SigningKey::from_secret(crypto::SecretScalar::new(secret));
    Submission::sign(&f, &Author::Credential(key.public()), body, &key, &mut letters.rng.clone()).unwrap()
}

/// An opening file as a cheating device would write it.
pub(crate) fn encode_opening(letters: &Letters, voter: usize, audited: &AuditedBallot) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    encoder.array(5).unwrap().str("vitrine/1/audit-opening").unwrap().bytes(&letters.f().0).unwrap();
    encoder.bytes(&letters.session(voter).credential().0).unwrap().bytes(&audited.ballot).unwrap();
    encoder.encode(&audited.openings).unwrap();
    bytes
}
