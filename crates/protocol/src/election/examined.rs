//! From untrusted to proven: a submission's proofs as claims, decided one by one or in a batch.

use super::{Election, envelope::signature};
use crate::{
    body::{Body, ROWS_PER_CHUNK},
    context,
    entry::{Author, Submission},
    ids::SubmissionId,
    rule::{Rejection, demand, refuse},
};
use crypto::{
    EncodedPoint, Point,
    batch::{Bases, BatchFailure, Claim, verify_batch},
    schnorr::{Possession, possession_claim},
};
use rand_core::{CryptoRng, RngCore};

/// What examining found out by curve arithmetic that accepting needs.
#[derive(Clone, Debug)]
pub(super) enum Derived {
    Nothing,
    /// A complaint's verdict.
    Upheld(bool),
    /// A partial decryption's points, if its proof is right.
    Partial(Option<Vec<Point>>),
}

/// A submission that passed every cheap check; its proofs are not yet decided.
#[derive(Clone, Debug)]
pub struct Examined {
    pub(super) id: SubmissionId,
    pub(super) author: Author,
    pub(super) body: Body,
    pub(super) signature: Vec<u8>,
    /// Each claim with the refusal it would earn.
    pub(super) claims: Vec<(Claim, Rejection)>,
    pub(super) ciphertexts: Vec<Vec<Point>>,
    pub(super) derived: Derived,
}

/// A submission whose proofs hold. Only [`Examined::prove`] and [`prove_batch`] make one, and [`Examined::assume_proven`] of those who
/// rely on one of these elsewhere. A copy gives nothing away: accepting it compares it with the entry, and refuses what was entered before.
#[derive(Clone, Debug)]
pub struct Proven(pub(super) Examined);

impl Election {
    /// Every cheap check against the present state, then the proofs as claims.
    ///
    /// # Errors
    /// The [`Rejection`] of the first rule that is broken.
    pub fn examine(&self, submission: &Submission) -> Result<Examined, Rejection> {
        self.examine_but(submission, false)
    }

    /// The same, but of a ballot the signature and the proofs of its selections are no claims: somebody of the caller's decides these, as [`Self::ballot_proofs`]
    /// gives them (VER-42).
    ///
    /// # Errors
    /// The [`Rejection`] of the first rule that is broken.
    pub fn examine_relying(&self, submission: &Submission) -> Result<Examined, Rejection> {
        self.examine_but(submission, true)
    }

    fn examine_but(&self, submission: &Submission, relying: bool) -> Result<Examined, Rejection> {
        let author = submission.author()?;
        let body = submission.body()?;
        let id = submission.id(&self.fingerprint);
        self.enterable(&author, &body, &id)?;
        let mut claims = Vec::new();
        let relying = relying && matches!(body, Body::Ballot(_));
        match self.author_key(&author)? {
            Some(_) if relying => {}
            Some(key) => {
                let (claim, rejection) = signature(&self.fingerprint, submission, &author, &key)?;
                if matches!(body, Body::Ballot(_)) {
                    claims.push((claim, rejection));
                } else {
                    // What costs more than a signature is done only for those who may ask for it.
                    claim.verify(&self.bases).map_err(|_| rejection)?;
                }
            }
            None => {
                let length = submission.signature_bytes().len();
                demand!(length == 0, BadSignature, "no signature from anyone", format!("{length} bytes"));
            }
        }
        self.admissible(&author, &body, submission.body_bytes())?;
        let mut ciphertexts = Vec::new();
        let mut derived = Derived::Nothing;
        match (&author, &body) {
            (Author::Registrar(registrar), Body::Roll(roll)) => {
                let first = roll.chunk.saturating_mul(ROWS_PER_CHUNK);
                let transcript = context::roll_possession(&self.fingerprint, *registrar, roll.chunk, first, &roll.rows);
                let keys: Vec<EncodedPoint> = roll.rows.iter().map(|row| row.key).collect();
                let refusal = |found| refuse!(CredentialUnproved, "possession of every key of the chunk", found);
                claims.push(claimed(possession_claim(transcript, &keys, &Possession::new(roll.possession)), refusal)?);
            }
            (Author::Registrar(registrar), Body::Replacement(body)) => {
                let transcript = context::replacement_possession(&self.fingerprint, *registrar, body.round, body.index);
                let refusal = |found| refuse!(CredentialUnproved, "possession of the new key", found);
                claims.push(claimed(
                    possession_claim(transcript, &[body.key], &Possession::new(body.possession)),
                    refusal,
                )?);
            }
            (Author::Trustee(trustee), Body::Dealing(body)) => claims.extend(self.dealing_claims(*trustee, body)?),
            (Author::Trustee(trustee), Body::Complaint(body)) => {
                let (claim, verdict) = self.complaint_claims(*trustee, body)?;
                claims.extend(claim);
                derived = verdict;
            }
            (Author::Trustee(trustee), Body::Rehearsal(body)) => {
                claims.extend(self.rehearsal_claims(*trustee, body)?);
            }
            (Author::Credential(credential), Body::Ballot(body)) if relying => {
                let unit = self.credential(credential).map(|state| state.unit);
                ciphertexts = unit
                    .and_then(|unit| self.ciphertexts(unit, body))
                    .ok_or_else(|| refuse!(InvalidSelection, "points", "something else"))?;
            }
            (Author::Credential(credential), Body::Ballot(body)) => {
                let (proofs, points) = self.ballot_claims(credential, body)?;
                claims.extend(proofs);
                ciphertexts = points;
            }
            (Author::Credential(credential), Body::AuditedBallot(body)) => {
                let ballot = self.audit_admissible(credential, body)?;
                self.check_openings(credential, &ballot, body)?;
                claims.extend(self.ballot_claims(credential, &ballot)?.0);
            }
            (Author::Trustee(trustee), Body::PartialDecryption(body)) => {
                derived = self.judge_partial(*trustee, body);
            }
            _ => {}
        }
        Ok(Examined {
            id,
            author,
            body,
            signature: submission.signature_bytes().to_vec(),
            claims,
            ciphertexts,
            derived,
        })
    }

    /// The signature of a ballot and the proofs of its selections, and nothing else: no place in a chain, no phase. What holds of them holds at any
    /// position after the opening, for a key has one row of the roll for ever (ROL-5) (VER-42).
    ///
    /// # Errors
    /// The [`Rejection`] of what cannot be decoded, or is no ballot of a credential of the roll.
    pub fn ballot_proofs(&self, submission: &Submission) -> Result<Examined, Rejection> {
        let (author, body) = (submission.author()?, submission.body()?);
        let (Author::Credential(credential), Body::Ballot(ballot)) = (author, &body) else {
            return Err(refuse!(WrongAuthor, "a ballot of a credential", body.name()));
        };
        let mut claims = vec![signature(&self.fingerprint, submission, &author, &credential)?];
        let (proofs, ciphertexts) = self.ballot_claims(&credential, ballot)?;
        claims.extend(proofs);
        let (id, signature) = (submission.id(&self.fingerprint), submission.signature_bytes().to_vec());
        Ok(Examined { id, author, body, signature, claims, ciphertexts, derived: Derived::Nothing })
    }
}

impl Examined {
    /// Submission id; of a ballot: its tracker.
    pub fn id(&self) -> SubmissionId {
        self.id
    }

    /// The author.
    pub fn author(&self) -> Author {
        self.author
    }

    /// The body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// A ballot's decoded `C_0..C_K`, contest by contest; none for other bodies.
    pub fn ciphertexts(&self) -> &[Vec<Point>] {
        &self.ciphertexts
    }

    /// How many statements are to be decided.
    pub fn claim_count(&self) -> usize {
        self.claims.len()
    }

    /// Decides every proof by the exact check, which is the definition.
    ///
    /// # Errors
    /// The [`Rejection`] of the first proof that fails.
    pub fn prove(self, bases: &Bases) -> Result<Proven, Rejection> {
        for (claim, rejection) in &self.claims {
            claim.verify(bases).map_err(|_| rejection.clone())?;
        }
        Ok(Proven(self))
    }

    /// Takes every proof as decided already: by a process of the same operator, with the same rules, whose word the caller has made sure
    /// of (BRD-35, BRD-36). What a verifier, or whoever does not run that process, has to be shown is never this. Position, chain and
    /// state are still checked by [`Election::accept`](super::Election::accept).
    pub fn assume_proven(self) -> Proven {
        Proven(self)
    }
}

impl Proven {
    /// Submission id.
    pub fn id(&self) -> SubmissionId {
        self.0.id
    }

    /// The body.
    pub fn body(&self) -> &Body {
        &self.0.body
    }

    /// A ballot's decoded `C_0..C_K`, contest by contest; none for other bodies.
    pub fn ciphertexts(&self) -> &[Vec<Point>] {
        &self.0.ciphertexts
    }

    /// CER-12: whether a complaint is upheld; none for other bodies.
    pub fn upheld(&self) -> Option<bool> {
        match self.0.derived {
            Derived::Upheld(upheld) => Some(upheld),
            _ => None,
        }
    }
}

/// Decides many submissions by one batched check, which only accelerates: where it fails, each is decided exactly (CRY-42).
/// The answers are in the order of the submissions. If the generator fails, all are decided exactly.
pub fn prove_batch<R: RngCore + CryptoRng>(
    examined: Vec<Examined>,
    bases: &Bases,
    rng: &mut R,
) -> Vec<Result<Proven, Rejection>> {
    let claims: Vec<&Claim> = examined.iter().flat_map(|one| one.claims.iter().map(|(claim, _)| claim)).collect();
    let culprits = match verify_batch(&claims, bases, rng) {
        Ok(()) => Vec::new(),
        Err(BatchFailure::Culprits(culprits)) => culprits,
        Err(BatchFailure::Randomness) => return examined.into_iter().map(|one| one.prove(bases)).collect(),
    };
    // The first culprit among a submission's claims is its refusal; the others were all decided exactly.
    let mut culprits = culprits.into_iter().peekable();
    let mut start = 0usize;
    let decide = |one: Examined| {
        let claims = start..start.saturating_add(one.claims.len());
        start = claims.end;
        let mut refusal = None;
        while let Some(culprit) = culprits.next_if(|culprit| *culprit < claims.end) {
            let place = culprit.saturating_sub(claims.start);
            refusal = refusal.or_else(|| one.claims.get(place).map(|(_, rejection)| rejection.clone()));
        }
        refusal.map_or(Ok(Proven(one)), Err)
    };
    examined.into_iter().map(decide).collect()
}

/// Adds a claim, or turns its decoding error into the refusal.
pub(super) fn claimed<E: std::fmt::Display>(
    claim: Result<Claim, E>,
    refusal: impl Fn(String) -> Rejection,
) -> Result<(Claim, Rejection), Rejection> {
    match claim {
        Ok(claim) => Ok((claim, refusal("a proof that does not hold".into()))),
        Err(error) => Err(refusal(error.to_string())),
    }
}

/// The refusal of a signature.
pub(super) fn bad_signature(author: &Author) -> impl Fn(String) -> Rejection {
    let expected = format!("a signature of {author} over F, author and body");
    move |found| refuse!(BadSignature, &expected, found)
}
