//! The ceremony as a model: who may do what next, in any order, and what must always hold.

use crate::{
    cast::{Bounds, Cast, Dealing, bit, bits},
    message::{Message, accused, entry},
    mutant::Mutant,
    observer,
    scene::{Fault, Link, Scene},
    table::{Look, Ruling, Table},
};
use protocol::{
    Body, Election, Phase,
    election::{Departure, Stage},
};
use stateright::{Model, Property};
use std::{
    collections::BTreeSet,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

/// What is checked, under which rules.
pub(crate) struct Ceremony {
    pub cast: Cast,
    pub table: Table,
    pub mutant: Mutant,
    /// One of so many records is read again from its bytes, by every kind of reader; none.
    pub sample: Option<u64>,
    /// Records that were.
    pub reread: AtomicU64,
    /// Messages that were refused.
    pub refused: AtomicU64,
    /// Properties that were found broken: each is told once, so that breadth first its story is a shortest one.
    told: Mutex<BTreeSet<&'static str>>,
}

/// A step that was taken, and where it leads.
#[derive(Clone)]
pub(crate) struct Taken {
    step: Step,
    to: Scene,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The deadline of the stage passes.
    Due,
    /// A message enters the record.
    Sent(Message),
}

impl PartialEq for Taken {
    fn eq(&self, other: &Self) -> bool {
        self.step == other.step
    }
}

impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.step, f)
    }
}

/// What became of a message.
enum Outcome {
    Taken(Box<Scene>),
    Refused,
    Unsaid,
}

impl Ceremony {
    pub(crate) fn new(bounds: Bounds, mutant: Mutant, sample: Option<u64>) -> Self {
        let cast = Cast::new(bounds);
        let table = Table::new(&cast);
        let (reread, refused) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { cast, table, mutant, sample, reread, refused, told: Mutex::default() }
    }

    /// Sends a message to the fold as it is in `scene`. `scratch` is a copy of that fold; a refusal changes nothing in it.
    fn send(&self, scene: &Scene, scratch: &mut Option<Election>, message: Message) -> Outcome {
        let asked = match message {
            // Mutated rule: early evidence is as good as late.
            Message::EndStage { stage, .. } if self.mutant == Mutant::AnyTime => Message::EndStage { stage, due: true },
            Message::EndStage { .. } if self.mutant == Mutant::EndlessStage => return Outcome::Refused,
            _ => message,
        };
        let ruling = match self.table.look(&self.cast, self.mutant, &scene.election, asked) {
            Look::Ruling(ruling) => ruling,
            Look::Refused => return Outcome::Refused,
            Look::Unsaid => return Outcome::Unsaid,
        };
        let Some(proven) = ruling.proven.clone() else { return Outcome::Refused };
        let mut next = scratch.take().unwrap_or_else(|| Election::clone(&scene.election));
        let entry = entry(&next, &ruling.submission);
        let link = match next.accept(&entry, proven) {
            Ok(()) => Link { entry, message, before: scene.log.clone() },
            Err(_) => match self.replaced(scene, message) {
                Some((election, link)) => {
                    next = election;
                    link
                }
                None => {
                    *scratch = Some(next);
                    return Outcome::Refused;
                }
            },
        };
        Outcome::Taken(Box::new(self.after(scene, next, link, &ruling)))
    }

    fn after(&self, scene: &Scene, next: Election, link: Link, ruling: &Ruling) -> Scene {
        let mut to = Scene::new(next, Some(Arc::new(link)));
        to.due = scene.due && to.view.stage() == scene.view.stage();
        if !ruling.agreed {
            to.fault = Some(Fault::Disagreement);
        } else if to.measure(&self.cast) >= scene.measure(&self.cast) {
            to.fault = Some(Fault::NoNearer);
        }
        to
    }

    /// Mutated rule: the record as if the second commitment had been the first.
    fn replaced(&self, scene: &Scene, message: Message) -> Option<(Election, Link)> {
        let Message::Commit { trustee, .. } = message else { return None };
        let stage = scene.election.ceremony().stage();
        let again = scene.links().iter().any(|link| link.message == message);
        if self.mutant != Mutant::SecondCommitment || stage != Stage::Commit || again {
            return None;
        }
        let mut election = self.cast.begun.clone();
        let mut log = None;
        for link in scene.links() {
            let first = matches!(link.message, Message::Commit { trustee: author, .. } if author == trustee);
            let message = if first { message } else { link.message };
            let Look::Ruling(ruling) = self.table.look(&self.cast, self.mutant, &Arc::new(election.clone()), message)
            else {
                return None;
            };
            let entry = entry(&election, &ruling.submission);
            election.accept(&entry, ruling.proven.clone()?).ok()?;
            log = Some(Arc::new(Link { entry, message, before: log }));
        }
        let log = Arc::into_inner(log?)?;
        Some((election, log))
    }

    /// Whether a property holds that is broken here or not, as far as it has not been told.
    fn told(&self, property: &'static str, broken: bool) -> bool {
        !broken || !self.told.lock().unwrap().insert(property)
    }

    /// Whether there are q honest trustees.
    fn enough_honest(&self) -> bool {
        self.cast.honest().count() >= usize::try_from(self.cast.bounds.trustees.1).unwrap()
    }

    /// Whether every honest trustee has done its part of the stage.
    fn honest_are_done(&self, election: &Election) -> bool {
        let awaited = election.ceremony().awaited(election.manifest());
        !self.cast.honest().any(|trustee| awaited.contains(&trustee))
    }

    /// What malicious trustees and the authority may try.
    fn attempts(&self, scene: &Scene) -> Vec<Message> {
        let (election, bounds) = (&scene.election, &self.cast.bounds);
        let ceremony = election.ceremony();
        let stage = ceremony.stage();
        let mut attempts = Vec::new();
        for trustee in bounds.malicious.iter().copied() {
            let here = ceremony.remaining().contains(&trustee);
            if !here && !bounds.nonsense {
                continue;
            }
            let dealings = || bounds.dealings.iter().copied();
            match stage {
                Stage::Commit => attempts.extend(dealings().map(|dealing| Message::Commit { trustee, dealing })),
                Stage::Deal => attempts.extend(dealings().map(|dealing| Message::Deal { trustee, dealing })),
                Stage::Check => {
                    let own = accused(election, trustee);
                    for dealer in (1..=bounds.trustees.2).filter(|dealer| *dealer != trustee) {
                        attempts.push(Message::Complain { trustee, dealer, proved: true });
                        attempts.push(Message::Complain { trustee, dealer, proved: false });
                    }
                    attempts.push(Message::Confirm { trustee, complaints: own, right: true });
                    attempts.push(Message::Confirm { trustee, complaints: own, right: false });
                    if bounds.nonsense {
                        attempts.push(Message::Complain { trustee, dealer: trustee, proved: true });
                        let others = (1..=bounds.trustees.2).map(|dealer| own ^ bit(dealer));
                        attempts.extend(others.map(|complaints| Message::Confirm { trustee, complaints, right: true }));
                    }
                }
                Stage::Rehearse => {
                    if bounds.nonsense {
                        attempts.push(Message::Rehearse { trustee, proved: false });
                    }
                    if ceremony.rehearsals(trustee).map_or(0, |(count, _)| count) < bounds.rehearsals {
                        attempts.push(Message::Rehearse { trustee, proved: true });
                    }
                }
                Stage::Ended => {}
            }
            if bounds.nonsense {
                // Things of other stages.
                let dealing = Dealing::Good;
                match stage {
                    Stage::Commit => attempts.push(Message::Deal { trustee, dealing }),
                    Stage::Deal => attempts.push(Message::Confirm { trustee, complaints: 0, right: true }),
                    Stage::Check => attempts.extend([
                        Message::Commit { trustee, dealing },
                        Message::Deal { trustee, dealing },
                        Message::Rehearse { trustee, proved: true },
                    ]),
                    Stage::Rehearse => {
                        for dealer in (1..=bounds.trustees.2).filter(|dealer| *dealer != trustee) {
                            attempts.push(Message::Complain { trustee, dealer, proved: true });
                        }
                    }
                    Stage::Ended => {}
                }
            }
        }
        if bounds.witnessed {
            attempts.push(Message::EndStage { stage: stage.number(), due: false });
        }
        attempts
    }

    /// Honest trustees that were excluded, for these reasons or any.
    fn excluded(&self, scene: &Scene, guilt_only: bool) -> bool {
        let departures = scene.election.ceremony().departures();
        self.cast.honest().any(|trustee| match departures.get(&trustee) {
            Some((_, Departure::Silent)) => !guilt_only,
            Some(_) => true,
            None => false,
        })
    }

    /// A malicious trustee is qualified although it gave a bad share to an honest one that was there to see it.
    fn bad_dealer_left(&self, scene: &Scene) -> bool {
        let ceremony = scene.election.ceremony();
        let Some(joint_key) = ceremony.joint_key() else { return false };
        let victims = bits(self.cast.honest().filter(|trustee| ceremony.has_confirmed(*trustee)));
        joint_key.qualified.iter().filter(|dealer| self.cast.bounds.malicious.contains(dealer)).any(|dealer| {
            let posted = ceremony.dealing(*dealer, 0).map(|part| Body::Dealing(part.clone()).encode());
            let is = |dealing: Dealing| posted.as_deref() == Some(self.cast.dealing(*dealer, dealing));
            let bad = |dealing: &Dealing| matches!(dealing, Dealing::BadFor(recipients) if recipients & victims != 0);
            self.cast.bounds.dealings.iter().copied().filter(bad).any(is)
        })
    }

    fn departed(&self, scene: &Scene, departure: Departure) -> bool {
        scene.election.ceremony().departures().values().any(|(_, reason)| *reason == departure)
    }
}

/// The properties, by name.
pub(crate) const NOT_EXCLUDED: &str = "no honest trustee is excluded";
pub(crate) const NOT_GUILTY: &str = "no honest trustee is found guilty";
pub(crate) const GUILTY_LEAVE: &str = "who dealt an honest trustee a bad share is not qualified";
pub(crate) const SAME_VERDICT: &str = "any two readers reach the same verdict";
pub(crate) const ENABLED: &str = "whoever is honest can take its step, and then the stage can be ended";
pub(crate) const NEARER: &str = "every step brings the end nearer";
pub(crate) const ENDS: &str = "with q honest trustees the ceremony ends with a key";

/// What must happen somewhere, or the bounds are too narrow to show anything.
const HAPPENS: [&str; 5] = [
    "a dealer of bad shares leaves",
    "who complains falsely leaves",
    "who is silent leaves",
    "a malicious trustee does all it should and stays",
    "the ceremony fails",
];

impl Model for Ceremony {
    type State = Scene;
    type Action = Taken;

    fn init_states(&self) -> Vec<Scene> {
        vec![Scene::new(self.cast.begun.clone(), None)]
    }

    fn actions(&self, scene: &Scene, taken: &mut Vec<Taken>) {
        if scene.is_over() || scene.fault.is_some() {
            return;
        }
        let mut scratch = None;
        let mut send = |message, fault: Option<Fault>| {
            let step = Step::Sent(message);
            match self.send(scene, &mut scratch, message) {
                Outcome::Taken(to) => taken.push(Taken { step, to: *to }),
                outcome => {
                    self.refused.fetch_add(1, Ordering::Relaxed);
                    let fault =
                        fault.map(|fault| if matches!(outcome, Outcome::Unsaid) { Fault::Unsaid } else { fault });
                    if fault.is_some() {
                        taken.push(Taken { step, to: Scene { fault, ..scene.clone() } });
                    }
                }
            }
        };
        let ceremony = scene.election.ceremony();
        let awaited = ceremony.awaited(scene.election.manifest());
        for trustee in self.cast.honest().filter(|trustee| awaited.contains(trustee)) {
            send(Message::Honest { trustee }, Some(Fault::HonestRefused));
        }
        for message in self.attempts(scene) {
            send(message, None);
        }
        // The authority is honest about the time, and honest trustees are in time, unless the bounds say that they may be late.
        let may_end = self.cast.bounds.late || self.honest_are_done(&scene.election);
        if may_end && (scene.due || !self.cast.bounds.witnessed) {
            send(Message::EndStage { stage: ceremony.stage().number(), due: true }, Some(Fault::Stuck));
        } else if may_end {
            let mut to = Scene { due: true, ..scene.clone() };
            to.fault = (to.measure(&self.cast) >= scene.measure(&self.cast)).then_some(Fault::NoNearer);
            taken.push(Taken { step: Step::Due, to });
        }
    }

    fn next_state(&self, _: &Scene, taken: Taken) -> Option<Scene> {
        Some(taken.to)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always(NOT_GUILTY, |model: &Self, scene| model.told(NOT_GUILTY, model.excluded(scene, true))),
            Property::always(GUILTY_LEAVE, |model: &Self, scene| {
                model.told(GUILTY_LEAVE, model.bad_dealer_left(scene))
            }),
            Property::always(SAME_VERDICT, |model: &Self, scene: &Scene| {
                let differ = scene.fault == Some(Fault::Disagreement) || !observer::agree(model, scene);
                model.told(SAME_VERDICT, differ)
            }),
            Property::always(ENABLED, |model: &Self, scene: &Scene| {
                let faults = [Fault::Unsaid, Fault::HonestRefused, Fault::Stuck];
                model.told(ENABLED, scene.fault.is_some_and(|fault| faults.contains(&fault)))
            }),
            Property::always(NEARER, |model: &Self, scene: &Scene| {
                model.told(NEARER, scene.fault == Some(Fault::NoNearer))
            }),
        ];
        let [bad, lying, silent, stays, fails] = HAPPENS;
        if !self.cast.bounds.malicious.is_empty() {
            properties.extend([
                Property::sometimes(bad, |model: &Self, scene| model.departed(scene, Departure::BadDealing)),
                Property::sometimes(lying, |model: &Self, scene| model.departed(scene, Departure::FalseComplaint)),
                Property::sometimes(silent, |model: &Self, scene| model.departed(scene, Departure::Silent)),
                Property::sometimes(stays, |model: &Self, scene: &Scene| {
                    let active = scene.election.ceremony().active();
                    active.iter().any(|trustee| model.cast.bounds.malicious.contains(trustee))
                }),
            ]);
        }
        if self.cast.bounds.late || !self.enough_honest() {
            properties.push(Property::sometimes(fails, |_, scene: &Scene| scene.election.phase() == Phase::Failed));
        }
        if !self.cast.bounds.late {
            properties.push(Property::always(NOT_EXCLUDED, |model: &Self, scene: &Scene| {
                model.told(NOT_EXCLUDED, model.excluded(scene, false))
            }));
            properties.push(Property::always(ENDS, |model: &Self, scene: &Scene| {
                model.told(ENDS, model.enough_honest() && scene.election.ceremony().failure().is_some())
            }));
        }
        properties
    }
}
