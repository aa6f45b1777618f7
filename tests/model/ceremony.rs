//! The ceremony as a model: who may do what next, in any order, and what must always hold.

use crate::{
    cast::{Bounds, Cast},
    message::{Message, entry},
    mutant::Mutant,
    scene::{Fault, Link, Scene},
    table::{Look, Table},
};
use protocol::{Election, election::Stage};
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
    pub told: Mutex<BTreeSet<&'static str>>,
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
        if message == Message::Again {
            return self.send_again(scene);
        }
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
        Outcome::Taken(Box::new(self.after(scene, next, link, ruling.agreed)))
    }

    /// The last entry's submission once more, through the whole of `apply`.
    fn send_again(&self, scene: &Scene) -> Outcome {
        let Some(last) = &scene.log else { return Outcome::Refused };
        let (message, submission) = (Message::Again, last.entry.submission());
        if scene.election.examine(&submission).is_err() {
            return Outcome::Refused;
        }
        let mut next = Election::clone(&scene.election);
        let entry = entry(&next, &submission);
        if next.apply(&entry).is_err() {
            return Outcome::Refused;
        }
        let link = Link { entry, message, before: scene.log.clone() };
        Outcome::Taken(Box::new(self.after(scene, next, link, true)))
    }

    fn after(&self, scene: &Scene, next: Election, link: Link, agreed: bool) -> Scene {
        let message = link.message;
        let mut to = Scene::new(next, Some(Arc::new(link)));
        to.due = scene.due && to.view.stage() == scene.view.stage();
        if !agreed {
            to.fault = Some(Fault::Disagreement);
        } else if to.measure(&self.cast) >= scene.measure(&self.cast) {
            to.fault = Some(Fault::NoNearer);
        } else if self.is_never_right(scene, message) {
            to.fault = Some(Fault::WronglyTaken);
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

    /// Whether every honest trustee has done its part of the stage.
    fn honest_are_done(&self, election: &Election) -> bool {
        let awaited = election.ceremony().awaited(election.manifest());
        !self.cast.honest().any(|trustee| awaited.contains(&trustee))
    }
}

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
        self.all_properties()
    }
}
