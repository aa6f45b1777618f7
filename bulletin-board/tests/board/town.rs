//! A small town's election: one trustee, one registrar, one contest of four options and a blank. Everything goes over HTTP; the town
//! folds the entries it was promised. Without a board it keeps its own record, for tests of the fold's surroundings.

use board_api::{BoardClient, BoardDocument, ClientError, Problem};
use crypto::{
    EncodedPoint, SecretScalar,
    dealing::{deal, open_shares},
    decryption::DecryptionContext,
    discrete_log::Table,
    rehearsal::{RehearsalContext, rehearse},
    schnorr::{SigningKey, prove_possession},
    selection_proof::{SelectionContext, seal},
    shamir::Polynomial,
};
use protocol::{
    Author, Body, Contest, ContestKind, Election, Entry, Manifest, Selection, Submission,
    body::{
        Ballot, CeremonyConfirmation, Closing, Dealing, DealingCommitment, Notice, Opening, PartialDecryption,
        ROWS_PER_CHUNK, Rehearsal, ResultBody, Roll, RollRow, ShareBox,
    },
    contest::Terms,
    context::{self, Role},
    election::{dealing_part, part_context},
    fingerprint,
    ids::{ElectionFingerprint, ElectionId, EntryHash, SubmissionId},
    manifest::{Official, RevoteRule, SEALING, TrusteeKeys, Unit, Waiver},
};
use rand::{RngCore as _, rngs::OsRng};
use tlog::note::SignerKey;

/// Where the town's submissions go.
#[derive(Clone, Copy)]
pub(crate) enum Way<'a> {
    Board(&'a BoardClient),
    Alone,
}

impl<'a> From<&'a BoardClient> for Way<'a> {
    fn from(client: &'a BoardClient) -> Self {
        Way::Board(client)
    }
}

pub(crate) struct Town {
    pub(crate) authority: SigningKey,
    registrar: SigningKey,
    trustee: SigningKey,
    share_secret: SecretScalar,
    key_shares: Vec<SecretScalar>,
    pub(crate) credentials: Vec<SigningKey>,
    pub(crate) id: ElectionId,
    voters: u32,
    /// The policy below its log line; none is `quorum none`.
    pub(crate) policy: Option<String>,
    /// The closing time, which is the latest too.
    pub(crate) closing: u64,
    /// How many seats there are, and what breaks ties.
    pub(crate) terms: Terms,
    /// The largest weight: voter i has 1 + i modulo this.
    pub(crate) largest_weight: u32,
    election: Option<Election>,
}

impl Town {
    pub(crate) fn new(voters: u32) -> Self {
        let key = || SigningKey::generate(&mut OsRng).unwrap();
        let mut id = [0; 32];
        OsRng.fill_bytes(&mut id);
        Self {
            authority: key(),
            registrar: key(),
            trustee: key(),
            share_secret: SecretScalar::generate(&mut OsRng).unwrap(),
            key_shares: Vec::new(),
            credentials: Vec::new(),
            id: ElectionId(id),
            voters,
            policy: None,
            // Far away: the board's clock is the machine's (BRD-18).
            closing: 1 << 31,
            terms: Terms::default(),
            largest_weight: 1,
            election: None,
        }
    }

    pub(crate) fn election(&self) -> &Election {
        self.election.as_ref().unwrap()
    }

    pub(crate) fn fingerprint(&self) -> ElectionFingerprint {
        self.election().fingerprint()
    }

    /// The manifest this town posts to a board that describes itself so.
    pub(crate) fn manifest(&self, board: &BoardDocument) -> Manifest {
        let possession = |role, index, name: &str, keys: &[&SecretScalar]| {
            let transcript = context::key_possession(&self.id, role, index, name);
            *prove_possession(transcript, keys, &mut OsRng).unwrap().as_bytes()
        };
        let official = |role, index, name: &str, key: &SigningKey| Official {
            name: name.into(),
            signing_key: key.public(),
            possession: possession(role, index, name, &[key.secret()]),
        };
        let log_key = board.log_key(&self.id).unwrap().to_string();
        let options = ["Ada", "Blaise", "Carl", "Daniel"].map(String::from).to_vec();
        Manifest {
            suite: crypto::transcript::SUITE.into(),
            sealing: SEALING.into(),
            election_id: self.id,
            title: "Town council".into(),
            texts: Vec::new(),
            contests: vec![Contest::new("Member", ContestKind::ChooseOne, options, true).with_terms(self.terms)],
            units: vec![Unit { name: "Town".into(), contests: vec![0] }],
            threshold: 1,
            quorum: 1,
            trustees: vec![TrusteeKeys {
                name: "Teresa".into(),
                signing_key: self.trustee.public(),
                share_key: EncodedPoint::encode(&self.share_secret.public()),
                possession: possession(Role::Trustee, 1, "Teresa", &[self.trustee.secret(), &self.share_secret]),
            }],
            registrars: vec![official(Role::Registrar, 1, "Registry", &self.registrar)],
            authority: official(Role::Authority, 0, "Council", &self.authority),
            roll_length: self.voters,
            largest_weight: self.largest_weight,
            revote: RevoteRule::Last,
            replacement: false,
            stage_deadlines: [1, 2, 3, 4],
            opening: 5,
            closing: self.closing,
            latest_closing: self.closing,
            grace: 0,
            log_origin: board.log_origin(&self.id),
            policy: format!("log {log_key}\n{}", self.policy.as_deref().unwrap_or("quorum none\n")),
            log_key,
            minimum_unit: 0,
            waivers: match self.policy {
                None => vec![Waiver::Threshold, Waiver::NoWitnesses],
                Some(_) => vec![Waiver::Threshold],
            },
            overrides: false,
            pages: None,
        }
    }

    pub(crate) fn sign_manifest(&self, manifest: &Manifest) -> Submission {
        let body = Body::Manifest(Box::new(manifest.clone())).encode();
        let f = fingerprint::election(&body);
        Submission::sign(&f, &Author::Authority, body, &self.authority, &mut OsRng).unwrap()
    }

    /// Posts the manifest and begins to fold.
    pub(crate) async fn create(&mut self, client: &BoardClient) -> ElectionFingerprint {
        let manifest = self.manifest(&client.board().await.unwrap());
        let promise = client.create(&self.sign_manifest(&manifest)).await.unwrap();
        self.election = Some(Election::begin(promise.entry()).unwrap());
        self.fingerprint()
    }

    pub(crate) fn by(&self, author: Author, key: &SigningKey, body: &Body) -> Submission {
        Submission::sign(&self.fingerprint(), &author, body.encode(), key, &mut OsRng).unwrap()
    }

    pub(crate) fn by_authority(&self, body: &Body) -> Submission {
        self.by(Author::Authority, &self.authority, body)
    }

    pub(crate) fn notice(&self, text: &str) -> Submission {
        self.by_authority(&Body::Notice(Notice { text: text.into() }))
    }

    /// Begins with this manifest, which no board has taken yet.
    pub(crate) fn begin(&mut self, manifest: &Submission) {
        let entry = Entry::new(0, EntryHash([0; 32]), 0, manifest.clone());
        self.election = Some(Election::begin(&entry).unwrap());
    }

    /// Begins without a board; gives entry 0.
    pub(crate) fn create_alone(&mut self) -> Entry {
        let document = BoardDocument {
            name: "None".into(),
            origin_prefix: "board.example".into(),
            public_key: SignerKey::from_seed("any", &[1; 32]).unwrap().verifier_key().public_key(),
        };
        let submission = self.sign_manifest(&self.manifest(&document));
        let entry = Entry::new(0, EntryHash([0; 32]), 0, submission);
        self.election = Some(Election::begin(&entry).unwrap());
        entry
    }

    /// The fold, which goes its own way from here.
    pub(crate) fn take_election(&mut self) -> Election {
        self.election.take().unwrap()
    }

    /// Posts a submission and folds the entry promised for it.
    pub(crate) async fn post<'a>(&mut self, way: impl Into<Way<'a>>, submission: Submission) {
        let entry = match way.into() {
            Way::Board(client) => client.submit(&self.fingerprint(), &submission).await.unwrap().entry().clone(),
            Way::Alone => self.election().next_entry(submission, 0),
        };
        self.election.as_mut().unwrap().apply(&entry).unwrap();
    }

    /// Roll, ceremony and opening.
    pub(crate) async fn open<'a>(&mut self, way: impl Into<Way<'a>>) {
        let way = way.into();
        for chunk in self.roll() {
            let submission = self.by(Author::Registrar(1), &self.registrar, &Body::Roll(chunk));
            self.post(way, submission).await;
        }
        let (f, manifest) = (self.fingerprint(), self.election().manifest().clone());
        let part = part_context(&f, &manifest, 1, 0);
        let polynomials: Vec<Polynomial> =
            (0..manifest.slot_keys()).map(|_| Polynomial::generate(1, &mut OsRng).unwrap()).collect();
        let dealt = deal(&part, &polynomials, &mut OsRng).unwrap();
        let boxes = dealt.boxes.iter().map(|sealed| ShareBox {
            ephemeral: sealed.ephemeral,
            possession: *sealed.possession.as_bytes(),
            sealed: sealed.sealed.clone().into(),
        });
        let dealing = Body::Dealing(Dealing {
            part: 0,
            coefficients: dealt.coefficients.clone(),
            possession: *dealt.possession.as_bytes(),
            boxes: boxes.collect(),
        });
        let parts = vec![fingerprint::dealing_part(&f, 1, 0, &dealing.encode())];
        self.as_trustee(way, Body::DealingCommitment(DealingCommitment { parts })).await;
        self.as_trustee(way, dealing).await;
        let dealings = self.election().ceremony().fingerprint().unwrap();
        let confirmation = CeremonyConfirmation { dealings, complaints: Vec::new() };
        self.as_trustee(way, Body::CeremonyConfirmation(confirmation)).await;
        let posted = dealing_part(self.election().ceremony().dealing(1, 0).unwrap());
        let received = open_shares(&part, 1, &self.share_secret, &posted).unwrap();
        self.key_shares = self.election().joint_key().unwrap().keys.key_shares(1, &[&received]).unwrap();
        let rehearsal = self.rehearsal();
        self.as_trustee(way, rehearsal).await;
        let opening = Body::Opening(Opening {
            joint_key: self.election().joint_key().unwrap().fingerprint,
            roll: self.election().roll().fingerprint().unwrap(),
            active: self.election().ceremony().active(),
        });
        let submission = self.by_authority(&opening);
        self.post(way, submission).await;
    }

    fn roll(&mut self) -> Vec<Roll> {
        self.credentials = (0..self.voters).map(|_| SigningKey::generate(&mut OsRng).unwrap()).collect();
        let size = usize::try_from(ROWS_PER_CHUNK).unwrap();
        let chunks = self.voters.div_ceil(ROWS_PER_CHUNK);
        let chunk = |(chunk, keys): (u32, &[SigningKey])| {
            let row = |(place, key): (u32, &SigningKey)| {
                let voter = chunk * ROWS_PER_CHUNK + place;
                RollRow { unit: 0, weight: 1 + voter % self.largest_weight, key: key.public() }
            };
            let rows: Vec<RollRow> = (0u32..).zip(keys).map(row).collect();
            let transcript = context::roll_possession(&self.fingerprint(), 1, chunk, chunk * ROWS_PER_CHUNK, &rows);
            let secrets: Vec<&SecretScalar> = keys.iter().map(SigningKey::secret).collect();
            let possession = *prove_possession(transcript, &secrets, &mut OsRng).unwrap().as_bytes();
            Roll { chunk, chunks, rows, possession }
        };
        (0u32..).zip(self.credentials.chunks(size)).map(chunk).collect()
    }

    fn rehearsal(&self) -> Body {
        let joint_key = self.election().joint_key().unwrap();
        let entry = self.election().ceremony().keyed_at().unwrap();
        let entry_hash = self.election().recent_hash(entry).unwrap();
        let context = RehearsalContext {
            election: self.fingerprint().0,
            joint_key: joint_key.fingerprint.0,
            trustee: 1,
            entry,
            entry_hash: entry_hash.0,
        };
        let shares: Vec<&SecretScalar> = self.key_shares.iter().collect();
        let proof = rehearse(&context, &shares, joint_key.shares(1), &mut OsRng).unwrap();
        Body::Rehearsal(Rehearsal { joint_key: joint_key.fingerprint, entry, entry_hash, proof: *proof.as_bytes() })
    }

    async fn as_trustee<'a>(&mut self, way: impl Into<Way<'a>>, body: Body) {
        let submission = self.by(Author::Trustee(1), &self.trustee, &body);
        self.post(way, submission).await;
    }

    /// A sealed and signed ballot, the next of the voter's chain as the town knows it.
    pub(crate) fn ballot(&self, voter: usize, option: usize) -> Submission {
        let state = self.election().credential(&self.credentials[voter].public()).unwrap();
        self.ballot_after(voter, option, state.sequence, state.previous)
    }

    /// A sealed and signed ballot after the one with this sequence and tracker.
    pub(crate) fn ballot_after(
        &self,
        voter: usize,
        option: usize,
        sequence: u64,
        previous: SubmissionId,
    ) -> Submission {
        let (credential, election) = (&self.credentials[voter], self.election());
        let sequence = sequence + 1;
        let context = SelectionContext {
            election: self.fingerprint().0,
            opening: election.opening().unwrap().0,
            joint_key: election.joint_key().unwrap().fingerprint.0,
            contest: 0,
            credential: credential.public(),
            sequence,
            previous: previous.0,
        };
        let witness = election.manifest().contests[0].witness(&Selection::Options(vec![option])).unwrap();
        let (sealed, _) =
            seal(election.relation(0).unwrap(), election.bases(), &context, &witness, &mut OsRng).unwrap();
        let contests = vec![sealed.as_bytes().to_vec().into()];
        let ballot = Ballot { opening: election.opening().unwrap(), sequence, previous, contests };
        self.by(Author::Credential(credential.public()), credential, &Body::Ballot(ballot))
    }

    /// Takes over what the board's log holds by now.
    pub(crate) async fn catch_up(&mut self, client: &BoardClient) {
        let mut reader = board_api::record::read(client, &self.fingerprint()).await.unwrap();
        for (index, entry) in reader.rest().await.unwrap() {
            let entry = Entry::decode(&entry).unwrap();
            if index >= self.election().size() {
                self.election.as_mut().unwrap().apply(&entry).unwrap();
            }
        }
    }

    pub(crate) async fn close(&mut self, client: &BoardClient) {
        let counted = self.election().count().fingerprint;
        let closing = self.by_authority(&Body::Closing(Closing { counted, evidence: Vec::new().into() }));
        self.post(client, closing).await;
        let mut reader = board_api::record::read(client, &self.fingerprint()).await.unwrap();
        let entries = reader.rest().await.unwrap();
        let counted = self.election().counted_positions();
        let ballots: Vec<Entry> = entries
            .iter()
            .filter(|(index, _)| counted.contains(index))
            .map(|(_, entry)| Entry::decode(entry).unwrap())
            .collect();
        let election = self.election.as_mut().unwrap();
        let sums = election.sum(&ballots).unwrap();
        election.settle(sums).unwrap();
    }

    pub(crate) async fn tally(&mut self, client: &BoardClient) -> Vec<u64> {
        let election = self.election();
        let joint_key = election.joint_key().unwrap();
        let context = DecryptionContext {
            election: self.fingerprint().0,
            closing: election.closing().unwrap().0,
            joint_key: joint_key.fingerprint.0,
            contest: 0,
            group: 0,
            trustee: 1,
        };
        let z = election.groups(0)[0].aggregate().unwrap().z();
        let shares: Vec<&SecretScalar> = self.key_shares.iter().collect();
        let partial = crypto::decryption::decrypt(&context, &shares, joint_key.shares(1), &z, &mut OsRng).unwrap();
        let proof = *partial.proof.as_bytes();
        let body = Body::PartialDecryption(PartialDecryption { contest: 0, group: 0, partials: partial.points, proof });
        self.as_trustee(client, body).await;
        let bound = self.election().slot_bound(0, 0);
        let table = Table::new(bound).unwrap();
        let points = self.election().total_points(0, 0).unwrap();
        let totals: Vec<u64> = points.iter().map(|point| table.solve(point, bound).unwrap()).collect();
        let result = Body::Result(ResultBody { contest: 0, group: 0, totals: totals.clone() });
        self.post(client, Submission::anonymous(result.encode())).await;
        totals
    }
}

/// The problem a request came to.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(outcome: Result<T, ClientError>) -> Problem {
    match outcome {
        Err(ClientError::Refused(problem)) => *problem,
        other => panic!("expected a refusal, found {other:?}"),
    }
}
