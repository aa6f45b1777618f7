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
    Body, Election, Submission,
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
    /// Another world: honest trustees dealt otherwise, so that what they did seal is nobody's share.
    otherwise: Election,
    /// Another world: malicious trustees committed to the bad shares, so that nothing is wrong with those.
    forgiving: Election,
    looks: AtomicU64,
}

impl Table {
    pub(crate) fn new(cast: &Cast) -> Self {
        Self {
            rulings: RwLock::default(),
            made: RwLock::default(),
            desks: Desks::default(),
            bystander: bystander(cast),
            otherwise: world(cast, Dealing::Good),
            forgiving: world(cast, Dealing::Other),
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
        let bases = election.bases();
        let mut rng = generator(submission.encode());
        let mut batched = |batch: Vec<Examined>| prove_batch(batch, bases, &mut rng).pop().and_then(Result::ok);
        let mut readers = vec![examined.clone().prove(bases).ok()];
        if matches!(examined.body(), Body::Complaint(_) | Body::Dealing(_)) {
            readers.push(batched(vec![examined.clone()]));
            readers.push(batched(self.bystander.iter().cloned().chain([examined]).collect()));
        }
        let upheld = |reader: &Option<Proven>| reader.as_ref().map(Proven::upheld);
        // Mutated rules: the verdict on a complaint turned round, for all readers or for one.
        let (world, from) = match (mutant, readers.first().and_then(upheld).flatten()) {
            (Mutant::AccuserBelieved, Some(false)) => (Some(&self.otherwise), 0),
            (Mutant::OwnEyes, Some(false)) => (Some(&self.otherwise), 1),
            (Mutant::DealerBelieved, Some(true)) => (Some(&self.forgiving), 0),
            _ => (None, 0),
        };
        if let Some(found) = world.and_then(|world| world.examine(&submission).ok()) {
            readers.iter_mut().skip(from).for_each(|reader| *reader = Some(found.clone().assume_proven()));
        }
        let agreed = readers.iter().all(|reader| upheld(reader) == readers.first().and_then(upheld));
        Ruling { submission, proven: readers.swap_remove(0), agreed }
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
    let dealing = Dealing::Unproved;
    let (election, _) = commitments(cast, dealing);
    let submission =
        Message::Deal { trustee, dealing }.submission(cast, &Desks::default(), &Arc::new(election.clone()));
    Some(election.examine(&submission?).expect("it is refused for its proof alone"))
}

/// Everybody has dealt, malicious trustees this.
fn world(cast: &Cast, dealing: Dealing) -> Election {
    let (mut election, mut keystores) = commitments(cast, dealing);
    take_turns(&mut election, &mut keystores);
    for trustee in &cast.bounds.malicious {
        say(cast, &mut election, Message::Deal { trustee: *trustee, dealing });
    }
    election
}
