//! The truth table: what curve arithmetic says of each message, found out once and then looked up.
//!
//! [`Election::apply`] is `examine`, `prove`, `accept`. The table keeps what the first two gave, by all that they depend on; every step
//! of the model then goes through the real [`Election::accept`], which repeats every check that depends on the state.

use crate::{
    cast::{Cast, Dealing, generator},
    honest::{self, Desks},
    message::{Context, Message, entry},
    mutant::Mutant,
};
use protocol::{
    Election, Submission,
    election::{Examined, Proven, prove_batch},
};
use std::{
    collections::HashMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};
use trustee_tools::{
    ceremony::{Step, advance},
    refusal::Refusal,
    secrets::TrusteeSecrets,
};

/// What the proofs of one message are worth.
#[derive(Debug)]
pub(crate) struct Ruling {
    /// What was sent.
    pub submission: Submission,
    /// Proven, or refused for a proof.
    pub proven: Option<Proven>,
    /// Whether the exact check, a batch, and a batch with somebody else's wrong proof in it said the same.
    pub agreed: bool,
}

/// What the table says of a message now.
pub(crate) enum Look {
    /// Its proofs were decided.
    Ruling(Arc<Ruling>),
    /// It does not come to proofs: refused at sight, here and now.
    Refused,
    /// The honest trustee's tool has nothing to send.
    Unsaid,
}

/// All rulings so far.
pub(crate) struct Table {
    rulings: RwLock<HashMap<(Message, Context), Arc<Ruling>>>,
    made: RwLock<HashMap<(Message, Context), Option<Submission>>>,
    desks: Desks,
    /// A dealing of which a proof does not hold, for batches.
    bystander: Option<Examined>,
    /// The election as it would be had the honest dealers dealt otherwise: what they did seal is then nobody's share.
    twin: Election,
    looks: AtomicU64,
}

impl Table {
    pub(crate) fn new(cast: &Cast) -> Self {
        Self {
            rulings: RwLock::default(),
            made: RwLock::default(),
            desks: Desks::default(),
            bystander: bystander(cast),
            twin: twin(cast),
            looks: AtomicU64::new(0),
        }
    }

    /// How many messages were decided by curve arithmetic, and how often one was asked for.
    pub(crate) fn counts(&self) -> (usize, u64) {
        (self.rulings.read().unwrap().len(), self.looks.load(Ordering::Relaxed))
    }

    pub(crate) fn look(&self, cast: &Cast, mutant: Mutant, election: &Arc<Election>, message: Message) -> Look {
        self.looks.fetch_add(1, Ordering::Relaxed);
        let key = (message, message.context(cast, election));
        if let Some(ruling) = self.rulings.read().unwrap().get(&key) {
            return Look::Ruling(Arc::clone(ruling));
        }
        let made = self.made.read().unwrap().get(&key).cloned();
        let made = made.unwrap_or_else(|| {
            let made = message.submission(cast, &self.desks, election);
            self.made.write().unwrap().insert(key, made.clone());
            made
        });
        let Some(submission) = made else {
            return if matches!(message, Message::Honest { .. }) { Look::Unsaid } else { Look::Refused };
        };
        let Ok(examined) = election.examine(&submission) else { return Look::Refused };
        let ruling = Arc::new(self.decide(mutant, election, submission, examined));
        Look::Ruling(Arc::clone(self.rulings.write().unwrap().entry(key).or_insert(ruling)))
    }

    fn decide(&self, mutant: Mutant, election: &Election, submission: Submission, examined: Examined) -> Ruling {
        let mut exact = examined.clone().prove(election.bases()).ok();
        let rng = &mut generator(submission.encode());
        let batch = vec![examined.clone(), examined.clone()];
        let mut batch = prove_batch(batch, election.bases(), rng).pop().and_then(Result::ok);
        let company = self.bystander.iter().cloned().chain([examined]).collect();
        let company = prove_batch(company, election.bases(), rng).pop().and_then(Result::ok);
        let convicted = exact.as_ref().and_then(Proven::upheld) == Some(false);
        if convicted && let Some(otherwise) = self.twin.examine(&submission).ok() {
            // Mutated rules: the verdict on a false complaint turned round, for all or for one reader.
            match mutant {
                Mutant::AccuserBelieved => {
                    exact = Some(otherwise.clone().assume_proven());
                    batch = Some(otherwise.assume_proven());
                }
                Mutant::OwnEyes => batch = Some(otherwise.assume_proven()),
                _ => {}
            }
        }
        let verdict = |proven: &Option<Proven>| proven.as_ref().map(Proven::upheld);
        let company = if mutant == Mutant::AccuserBelieved { verdict(&exact) } else { verdict(&company) };
        let agreed = verdict(&exact) == verdict(&batch) && verdict(&exact) == company;
        Ruling { submission, proven: exact, agreed }
    }
}

/// Everybody has committed: honest trustees to another dealing than in the model, malicious ones to this.
fn commitments(cast: &Cast, dealing: Dealing) -> (Election, Vec<TrusteeSecrets>) {
    let mut election = cast.begun.clone();
    let mut keystores: Vec<TrusteeSecrets> = cast.honest().map(|trustee| honest::otherwise(cast, trustee)).collect();
    take_turns(&mut election, &mut keystores);
    for trustee in &cast.bounds.malicious {
        say(cast, &mut election, Message::Commit { trustee: *trustee, dealing });
    }
    (election, keystores)
}

fn take_turns(election: &mut Election, keystores: &mut [TrusteeSecrets]) {
    for secrets in keystores {
        let rng = &mut generator((secrets.index(), election.head()));
        let said = advance(election, secrets, |_| Ok::<(), Refusal>(()), rng);
        let Ok(Step::Submit(submission)) = said else { unreachable!("everybody is awaited") };
        election.apply(&entry(election, &submission)).unwrap();
    }
}

fn say(cast: &Cast, election: &mut Election, message: Message) {
    let submission = message.submission(cast, &Desks::default(), &Arc::new(election.clone())).unwrap();
    election.apply(&entry(election, &submission)).unwrap();
}

fn bystander(cast: &Cast) -> Option<Examined> {
    let trustee = *cast.bounds.malicious.first()?;
    let dealing = cast.bounds.dealings.iter().copied().find(|dealing| *dealing == Dealing::Unproved)?;
    let (election, _) = commitments(cast, dealing);
    let submission = Message::Deal { trustee, dealing }.submission(cast, &Desks::default(), &Arc::new(election.clone()));
    Some(election.examine(&submission?).expect("it is refused for its proof alone"))
}

fn twin(cast: &Cast) -> Election {
    let (mut election, mut keystores) = commitments(cast, Dealing::Good);
    take_turns(&mut election, &mut keystores);
    for trustee in &cast.bounds.malicious {
        say(cast, &mut election, Message::Deal { trustee: *trustee, dealing: Dealing::Good });
    }
    election
}
