//! [`Drill`]: a whole election in memory, step by step, so that a test can leave the path at any step.

use crypto::{
    EncodedPoint, SecretScalar,
    dealing::{DealingPart, deal, open_shares},
    discrete_log::Table,
    rehearsal::{RehearsalContext, rehearse},
    schnorr::{SigningKey, prove_possession},
    selection_proof::{self, ContestOpening, SelectionContext},
    shamir::Polynomial,
};
use protocol::{
    Author, Body, Contest, ContestKind, Election, Entry, Manifest, Rejection, Selection, Submission,
    body::{
        Ballot, CeremonyConfirmation, Closing, Dealing, DealingCommitment, Opening, PartialDecryption, ROWS_PER_CHUNK,
        Rehearsal, ResultBody, Roll, RollRow, ShareBox,
    },
    context::{self, Role},
    election::{GroupStatus, dealing_part, part_context},
    fingerprint,
    ids::{ElectionId, EntryHash},
    manifest::{Official, RevoteRule, SEALING, TrusteeKeys, Unit, Waiver},
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use std::collections::BTreeMap;
use tlog::{note::SignerKey, record::write_record};

/// What kind of election to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Seeds everything random, so that a record is reproducible.
    pub seed: u64,
    /// The contests.
    pub contests: Vec<Contest>,
    /// Units: the contests each sees.
    pub units: Vec<Vec<u32>>,
    /// k, q, n.
    pub trustees: (u32, u32, u32),
    /// Number of registrars.
    pub registrars: u32,
    /// Unit and weight of each voter.
    pub voters: Vec<(u32, u32)>,
    /// Which ballot counts.
    pub revote: RevoteRule,
    /// Minimum unit size.
    pub minimum_unit: u32,
    /// Whether credentials may be replaced.
    pub replacement: bool,
    /// Wish to decrypt a single small group.
    pub small_tally: bool,
}

impl Options {
    /// One choose-one contest of four options and a blank, 2 of 3 trustees, one registrar, `voters` voters of weight 1 in one unit.
    pub fn simple(voters: usize) -> Self {
        Self {
            seed: 1,
            contests: vec![choose_one("Council member", &["Ada", "Blaise", "Carl", "Daniel"])],
            units: vec![vec![0]],
            trustees: (2, 2, 3),
            registrars: 1,
            voters: vec![(0, 1); voters],
            revote: RevoteRule::Last,
            minimum_unit: 0,
            replacement: true,
            small_tally: false,
        }
    }
}

/// A choose-one contest with a blank.
pub fn choose_one(title: &str, options: &[&str]) -> Contest {
    let options = options.iter().map(ToString::to_string).collect();
    Contest { title: title.into(), kind: ContestKind::ChooseOne, options, blank: true }
}

/// A trustee's secrets.
pub struct TrusteeSecrets {
    /// Signs submissions.
    pub signing: SigningKey,
    /// y, opens shares.
    pub share: SecretScalar,
    /// The polynomials dealt, slot by slot.
    pub polynomials: Vec<Polynomial>,
    /// Key shares, after stage 3.
    pub key_shares: Vec<SecretScalar>,
}

/// An election in memory.
pub struct Drill {
    /// What it was made with.
    pub options: Options,
    /// All randomness.
    pub rng: ChaCha20Rng,
    /// The authority's key.
    pub authority: SigningKey,
    /// The registrars' keys.
    pub registrars: Vec<SigningKey>,
    /// The trustees' secrets; trustee 1 first.
    pub trustees: Vec<TrusteeSecrets>,
    /// The log's key.
    pub board: SignerKey,
    /// Each voter's credential.
    pub credentials: Vec<SigningKey>,
    /// Each voter's credential parts, one a registrar.
    pub parts: Vec<Vec<SecretScalar>>,
    /// The fold.
    pub election: Election,
    /// The record.
    pub entries: Vec<Entry>,
    /// The clock of the board.
    pub now: u64,
}

impl Drill {
    /// Keys and the manifest entry.
    pub fn begin(options: Options) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(options.seed);
        let authority = SigningKey::generate(&mut rng).unwrap();
        let registrars: Vec<SigningKey> =
            (0..options.registrars).map(|_| SigningKey::generate(&mut rng).unwrap()).collect();
        let trustees: Vec<TrusteeSecrets> = (0..options.trustees.2)
            .map(|_| TrusteeSecrets {
                signing: SigningKey::generate(&mut rng).unwrap(),
                share: SecretScalar::generate(&mut rng).unwrap(),
                polynomials: Vec::new(),
                key_shares: Vec::new(),
            })
            .collect();
        let mut id = [0; 32];
        rng.fill_bytes(&mut id);
        let origin = format!("board.example/{}", &ElectionId(id).to_string()[..16]);
        let board = SignerKey::generate(&origin, &mut rng).unwrap();
        let manifest = manifest(&options, ElectionId(id), &authority, &registrars, &trustees, &board, &mut rng);
        let body = Body::Manifest(Box::new(manifest)).encode();
        let f = fingerprint::election(&body);
        let submission = Submission::sign(&f, &Author::Authority, body, &authority, &mut rng).unwrap();
        let now = 29_000_000;
        let entry = Entry::new(0, EntryHash([0; 32]), now, submission);
        let election = Election::begin(&entry).unwrap();
        Self {
            options,
            rng,
            authority,
            registrars,
            trustees,
            board,
            credentials: Vec::new(),
            parts: Vec::new(),
            election,
            entries: vec![entry],
            now,
        }
    }

    /// A whole election: every voter casts what `votes` says, two trustees (or k) decrypt.
    pub fn complete(options: Options, votes: impl Fn(usize) -> Vec<Selection>) -> Self {
        let mut drill = Self::opened(options);
        for voter in 0..drill.options.voters.len() {
            drill.cast(voter, &votes(voter)).unwrap();
        }
        drill.close();
        drill.tally();
        drill
    }

    /// An election that has been opened.
    pub fn opened(options: Options) -> Self {
        let mut drill = Self::begin(options);
        drill.publish_roll();
        drill.run_ceremony();
        drill.open();
        drill
    }

    /// Applies a submission as the next entry.
    pub fn apply(&mut self, submission: Submission) -> Result<u64, Rejection> {
        let entry = self.election.next_entry(submission, self.now);
        self.election.apply(&entry)?;
        let index = entry.index;
        self.entries.push(entry);
        Ok(index)
    }

    /// Signs a body as the authority.
    pub fn by_authority(&mut self, body: &Body) -> Submission {
        let f = self.election.fingerprint();
        Submission::sign(&f, &Author::Authority, body.encode(), &self.authority, &mut self.rng).unwrap()
    }

    /// Signs a body as a registrar, from 1.
    pub fn by_registrar(&mut self, registrar: u32, body: &Body) -> Submission {
        let f = self.election.fingerprint();
        let key = &self.registrars[place(registrar)];
        Submission::sign(&f, &Author::Registrar(registrar), body.encode(), key, &mut self.rng).unwrap()
    }

    /// Signs a body as a trustee, from 1.
    pub fn by_trustee(&mut self, trustee: u32, body: &Body) -> Submission {
        let f = self.election.fingerprint();
        let key = &self.trustees[place(trustee)].signing;
        Submission::sign(&f, &Author::Trustee(trustee), body.encode(), key, &mut self.rng).unwrap()
    }

    /// Signs a body as a voter, from 0.
    pub fn by_voter(&mut self, voter: usize, body: &Body) -> Submission {
        let f = self.election.fingerprint();
        let key = &self.credentials[voter];
        Submission::sign(&f, &Author::Credential(key.public()), body.encode(), key, &mut self.rng).unwrap()
    }

    /// Draws every credential.
    pub fn issue_credentials(&mut self) {
        for _ in 0..self.options.voters.len() {
            let parts: Vec<SecretScalar> =
                self.registrars.iter().map(|_| SecretScalar::generate(&mut self.rng).unwrap()).collect();
            let sum = parts.iter().map(|part| *part.expose()).sum();
            self.credentials.push(SigningKey::from_secret(SecretScalar::new(sum)));
            self.parts.push(parts);
        }
    }

    /// A chunk of a registrar's roll.
    pub fn roll_chunk(&mut self, registrar: u32, chunk: u32) -> Roll {
        let first = chunk * ROWS_PER_CHUNK;
        let voters = self.options.voters.len();
        let range = usize::try_from(first).unwrap()..usize::try_from(first + ROWS_PER_CHUNK).unwrap().min(voters);
        let secrets: Vec<&SecretScalar> = range.clone().map(|voter| &self.parts[voter][place(registrar)]).collect();
        let rows: Vec<RollRow> = range
            .zip(&secrets)
            .map(|(voter, secret)| RollRow {
                unit: self.options.voters[voter].0,
                weight: self.options.voters[voter].1,
                key: EncodedPoint::encode(&secret.public()),
            })
            .collect();
        let transcript = context::roll_possession(&self.election.fingerprint(), registrar, chunk, first, &rows);
        let possession = *prove_possession(transcript, &secrets, &mut self.rng).unwrap().as_bytes();
        let chunks = u32::try_from(voters).unwrap().div_ceil(ROWS_PER_CHUNK);
        Roll { chunk, chunks, rows, possession }
    }

    /// Issues credentials and posts every chunk of every registrar's roll.
    pub fn publish_roll(&mut self) {
        self.issue_credentials();
        for registrar in 1..=self.options.registrars {
            for chunk in 0..self.election.roll().chunk_count() {
                let body = Body::Roll(self.roll_chunk(registrar, chunk));
                let submission = self.by_registrar(registrar, &body);
                self.apply(submission).unwrap();
            }
        }
    }

    /// The parts of a trustee's dealing, as bodies.
    pub fn dealing(&mut self, trustee: u32) -> Vec<Body> {
        let (f, manifest) = (self.election.fingerprint(), self.election.manifest().clone());
        let threshold = usize::try_from(manifest.threshold).unwrap();
        let polynomials: Vec<Polynomial> =
            (0..manifest.slot_keys()).map(|_| Polynomial::generate(threshold, &mut self.rng).unwrap()).collect();
        let bodies = (0u32..)
            .zip(0..manifest.parts())
            .map(|(part, place)| {
                let context = part_context(&f, &manifest, trustee, part);
                let dealt = deal(&context, &polynomials[manifest.part_slots(place)], &mut self.rng).unwrap();
                Body::Dealing(dealing_body(part, &dealt))
            })
            .collect();
        self.trustees[place(trustee)].polynomials = polynomials;
        bodies
    }

    /// Posts a trustee's commitment to these dealing parts.
    pub fn commit(&mut self, trustee: u32, parts: &[Body]) -> Result<u64, Rejection> {
        let f = self.election.fingerprint();
        let hashes =
            (0u32..).zip(parts).map(|(part, body)| fingerprint::dealing_part(&f, trustee, part, &body.encode()));
        let body = Body::DealingCommitment(DealingCommitment { parts: hashes.collect() });
        let submission = self.by_trustee(trustee, &body);
        self.apply(submission)
    }

    /// Stages 1 to 4 with every trustee honest.
    pub fn run_ceremony(&mut self) {
        let trustees = 1..=self.options.trustees.2;
        let dealings: Vec<Vec<Body>> = trustees.clone().map(|trustee| self.dealing(trustee)).collect();
        for trustee in trustees.clone() {
            self.commit(trustee, &dealings[place(trustee)]).unwrap();
        }
        for trustee in trustees.clone() {
            for body in &dealings[place(trustee)] {
                let submission = self.by_trustee(trustee, body);
                self.apply(submission).unwrap();
            }
        }
        for trustee in trustees.clone() {
            self.confirm(trustee).unwrap();
        }
        for trustee in trustees {
            self.take_key_shares(trustee);
            self.rehearse(trustee).unwrap();
        }
    }

    /// Posts a trustee's confirmation with its recorded complaints.
    pub fn confirm(&mut self, trustee: u32) -> Result<u64, Rejection> {
        let ceremony = self.election.ceremony();
        let mut complaints: Vec<u32> = ceremony
            .verdicts()
            .iter()
            .filter(|verdict| verdict.complainer == trustee)
            .map(|verdict| verdict.dealer)
            .collect();
        complaints.sort_unstable();
        let dealings = ceremony.fingerprint().unwrap();
        let body = Body::CeremonyConfirmation(CeremonyConfirmation { dealings, complaints });
        let submission = self.by_trustee(trustee, &body);
        self.apply(submission)
    }

    /// Opens every qualified dealer's boxes and adds up the key shares.
    pub fn take_key_shares(&mut self, trustee: u32) {
        let (f, manifest) = (self.election.fingerprint(), self.election.manifest().clone());
        let joint_key = self.election.joint_key().unwrap();
        let mut received = Vec::new();
        for dealer in &joint_key.qualified {
            let mut shares = Vec::new();
            for (part, _) in (0u32..).zip(0..manifest.parts()) {
                let context = part_context(&f, &manifest, *dealer, part);
                let part = dealing_part(self.election.ceremony().dealing(*dealer, part).unwrap());
                let secret = &self.trustees[place(trustee)].share;
                shares.extend(open_shares(&context, trustee.into(), secret, &part).unwrap());
            }
            received.push(shares);
        }
        let lists: Vec<&[SecretScalar]> = received.iter().map(Vec::as_slice).collect();
        self.trustees[place(trustee)].key_shares = joint_key.keys.key_shares(trustee.into(), &lists).unwrap();
    }

    /// A rehearsal body that names the entry which ended stage 3.
    pub fn rehearsal(&mut self, trustee: u32) -> Body {
        let joint_key = self.election.joint_key().unwrap();
        let entry = self.election.ceremony().keyed_at().unwrap();
        let entry_hash = self.election.recent_hash(entry).unwrap();
        let context = RehearsalContext {
            election: self.election.fingerprint().0,
            joint_key: joint_key.fingerprint.0,
            trustee: trustee.into(),
            entry,
            entry_hash: entry_hash.0,
        };
        let shares: Vec<&SecretScalar> = self.trustees[place(trustee)].key_shares.iter().collect();
        let proof = rehearse(&context, &shares, joint_key.shares(trustee), &mut self.rng).unwrap();
        Body::Rehearsal(Rehearsal { joint_key: joint_key.fingerprint, entry, entry_hash, proof: *proof.as_bytes() })
    }

    /// Posts a rehearsal.
    pub fn rehearse(&mut self, trustee: u32) -> Result<u64, Rejection> {
        let body = self.rehearsal(trustee);
        let submission = self.by_trustee(trustee, &body);
        self.apply(submission)
    }

    /// The opening body of the present record.
    pub fn opening(&self) -> Body {
        Body::Opening(Opening {
            joint_key: self.election.joint_key().unwrap().fingerprint,
            roll: self.election.roll().fingerprint().unwrap(),
            active: self.election.ceremony().active(),
        })
    }

    /// Posts the opening.
    pub fn open(&mut self) {
        let body = self.opening();
        let submission = self.by_authority(&body);
        self.apply(submission).unwrap();
    }

    /// Seals a ballot for a voter as the next of its chain.
    pub fn seal(&mut self, voter: usize, selections: &[Selection]) -> (Ballot, Vec<ContestOpening>) {
        let credential = self.credentials[voter].public();
        let state = self.election.credential(&credential).unwrap();
        let (sequence, previous) = (state.sequence + 1, state.previous);
        let opening = self.election.opening().unwrap();
        let mut contests = Vec::new();
        let mut openings = Vec::new();
        for ((index, contest, relation), selection) in self.election.style(state.unit).zip(selections) {
            let context = SelectionContext {
                election: self.election.fingerprint().0,
                opening: opening.0,
                joint_key: self.election.joint_key().unwrap().fingerprint.0,
                contest: index.into(),
                credential,
                sequence,
                previous: previous.0,
            };
            let witness = contest.witness(selection).unwrap();
            let (sealed, opened) =
                selection_proof::seal(relation, self.election.bases(), &context, &witness, &mut self.rng).unwrap();
            contests.push(sealed.as_bytes().to_vec().into());
            openings.push(opened);
        }
        (Ballot { opening, sequence, previous, contests }, openings)
    }

    /// Seals and casts.
    pub fn cast(&mut self, voter: usize, selections: &[Selection]) -> Result<u64, Rejection> {
        let (ballot, _) = self.seal(voter, selections);
        let submission = self.by_voter(voter, &Body::Ballot(ballot));
        self.apply(submission)
    }

    /// The closing body of the present record.
    pub fn closing(&self) -> Body {
        Body::Closing(Closing { counted: self.election.count().fingerprint, evidence: Vec::new().into() })
    }

    /// Posts the closing and settles.
    pub fn close(&mut self) {
        let body = self.closing();
        let submission = self.by_authority(&body);
        self.apply(submission).unwrap();
        let counted = self.election.counted_positions();
        let ballots = counted.iter().map(|position| &self.entries[usize::try_from(*position).unwrap()]);
        let sums = self.election.sum(ballots).unwrap();
        self.election.settle(sums).unwrap();
    }

    /// A trustee's partial decryption of one contest and tally group.
    pub fn partial(&mut self, trustee: u32, contest: u32, group: u32) -> Body {
        let joint_key = self.election.joint_key().unwrap();
        let slots = self.election.manifest().contest(contest).unwrap().slots();
        let context = crypto::decryption::DecryptionContext {
            election: self.election.fingerprint().0,
            closing: self.election.closing().unwrap().0,
            joint_key: joint_key.fingerprint.0,
            contest: contest.into(),
            group: group.into(),
            trustee: trustee.into(),
        };
        let aggregate = self.election.groups(contest)[usize::try_from(group).unwrap()].aggregate().unwrap();
        let shares: Vec<&SecretScalar> = self.trustees[place(trustee)].key_shares[..slots].iter().collect();
        let shares_public = &joint_key.shares(trustee)[..slots];
        let partial =
            crypto::decryption::decrypt(&context, &shares, shares_public, &aggregate.z(), &mut self.rng).unwrap();
        let proof = *partial.proof.as_bytes();
        Body::PartialDecryption(PartialDecryption { contest, group, partials: partial.points, proof })
    }

    /// The open tally groups, as (contest, group).
    pub fn open_groups(&self) -> Vec<(u32, u32)> {
        let contests = 0..u32::try_from(self.election.manifest().contests.len()).unwrap();
        contests
            .flat_map(|contest| {
                (0u32..).zip(self.election.groups(contest)).map(move |(group, state)| (contest, group, state))
            })
            .filter(|(_, _, state)| state.status == GroupStatus::Open)
            .map(|(contest, group, _)| (contest, group))
            .collect()
    }

    /// The totals that the recorded partial decryptions give.
    pub fn result(&self, contest: u32, group: u32) -> Body {
        let bound = self.election.slot_bound(contest, 0);
        let table = Table::new(bound).unwrap();
        let points = self.election.total_points(contest, group).unwrap();
        let totals = points.iter().map(|point| table.solve(point, bound).unwrap()).collect();
        Body::Result(ResultBody { contest, group, totals })
    }

    /// The last k trustees decrypt every open group; anyone posts the results.
    pub fn tally(&mut self) {
        let (k, _, n) = self.options.trustees;
        for (contest, group) in self.open_groups() {
            for trustee in n - k + 1..=n {
                let body = self.partial(trustee, contest, group);
                let submission = self.by_trustee(trustee, &body);
                self.apply(submission).unwrap();
            }
            let body = self.result(contest, group);
            self.apply(Submission::anonymous(body.encode())).unwrap();
        }
    }

    /// The record as files.
    pub fn record(&self) -> BTreeMap<String, Vec<u8>> {
        record_of(&self.entries, &self.board)
    }
}

/// The record of any entries, signed by any log key.
pub fn record_of(entries: &[Entry], board: &SignerKey) -> BTreeMap<String, Vec<u8>> {
    let bytes: Vec<Vec<u8>> = entries.iter().map(Entry::encode).collect();
    let files = write_record(&bytes, board).unwrap();
    files.into_iter().map(|file| (file.path.to_string(), file.bytes)).collect()
}

/// A dealing part as a body.
pub fn dealing_body(part: u32, dealt: &DealingPart) -> Dealing {
    Dealing {
        part,
        coefficients: dealt.coefficients.clone(),
        possession: *dealt.possession.as_bytes(),
        boxes: dealt
            .boxes
            .iter()
            .map(|sealed| ShareBox {
                ephemeral: sealed.ephemeral,
                possession: *sealed.possession.as_bytes(),
                sealed: sealed.sealed.clone().into(),
            })
            .collect(),
    }
}

/// The place of party `index`, which counts from 1.
pub fn place(index: u32) -> usize {
    usize::try_from(index).unwrap() - 1
}

fn manifest(
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
    };
    manifest.waivers = manifest.waivers_needed();
    if options.small_tally {
        manifest.waivers.push(Waiver::SmallTally);
    }
    manifest
}
