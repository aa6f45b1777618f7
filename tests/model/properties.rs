//! What must hold in every state, and what must happen in some.

use crate::{
    cast::{Dealing, bits},
    ceremony::Ceremony,
    observer,
    scene::{Fault, Scene},
};
use protocol::{Body, Phase, election::Departure};
use stateright::Property;

pub(crate) const NOT_EXCLUDED: &str = "no honest trustee is excluded";
pub(crate) const NOT_GUILTY: &str = "no honest trustee is found guilty";
pub(crate) const GUILTY_LEAVE: &str = "who dealt an honest trustee a bad share is not qualified";
pub(crate) const SAME_VERDICT: &str = "any two readers reach the same verdict";
pub(crate) const ENABLED: &str = "whoever is honest can take its step, and then the stage can be ended";
pub(crate) const NEARER: &str = "every step brings the end nearer";
pub(crate) const REFUSED: &str = "what no rule allows is refused";
pub(crate) const ENDS: &str = "with q honest trustees the ceremony ends with a key";

/// What must happen somewhere, or the bounds are too narrow to show anything.
const HAPPENS: [&str; 5] = [
    "a dealer of bad shares leaves",
    "who complains falsely leaves",
    "who is silent leaves",
    "a malicious trustee does all it should and stays",
    "the ceremony fails",
];

impl Ceremony {
    /// Everything that is checked.
    pub(crate) fn all_properties(&self) -> Vec<Property<Self>> {
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
        properties.push(Property::always(REFUSED, |model: &Self, scene: &Scene| {
            model.told(REFUSED, scene.fault == Some(Fault::WronglyTaken))
        }));
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

    /// Whether a property holds that is broken here or not, as far as it has not been told.
    fn told(&self, property: &'static str, broken: bool) -> bool {
        !broken || !self.told.lock().unwrap().insert(property)
    }

    /// Whether there are q honest trustees.
    fn enough_honest(&self) -> bool {
        self.cast.honest().count() >= usize::try_from(self.cast.bounds.trustees.1).unwrap()
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
