//! Roll, key ceremony and opening stages of a [`Drill`].

use crypto::{
    EncodedPoint, SecretScalar,
    complaint::{ComplaintContext, reveal},
    dealing::{DealingPart, deal, open_shares},
    rehearsal::{RehearsalContext, rehearse},
    schnorr::{SigningKey, prove_possession},
    shamir::Polynomial,
};
use protocol::{
    Body, Rejection,
    body::{
        CeremonyConfirmation, Complaint, Dealing, DealingCommitment, ROWS_PER_CHUNK, Rehearsal, Roll, RollRow, ShareBox,
    },
    context::{self},
    election::{dealing_part, part_context},
    fingerprint,
};

use super::{Drill, place};

impl Drill {
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

    /// A complaint about part 0 of a dealing, with a true proof, whatever the box holds.
    pub fn complaint(&mut self, complainer: u32, dealer: u32) -> Body {
        let ceremony = self.election.ceremony();
        let secrets = &self.trustees[place(complainer)];
        let context = ComplaintContext {
            election: self.election.fingerprint().0,
            dealings: ceremony.fingerprint().unwrap().0,
            complainer: complainer.into(),
            dealer: dealer.into(),
            part: 0,
            ephemeral: ceremony.dealing(dealer, 0).unwrap().boxes[place(complainer)].ephemeral,
            share_key: EncodedPoint::encode(&secrets.share.public()),
        };
        let revealed = reveal(&context, &secrets.share, &mut self.rng).unwrap();
        Body::Complaint(Complaint { dealer, part: 0, shared_point: revealed.point, proof: *revealed.proof.as_bytes() })
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
