//! What malicious trustees try, and the authority before its time.

use crate::{
    cast::{Dealing, bit},
    ceremony::Ceremony,
    message::{Message, accused},
    scene::Scene,
};
use protocol::election::Stage;

impl Ceremony {
    /// What malicious trustees and the authority may try.
    pub(crate) fn attempts(&self, scene: &Scene) -> Vec<Message> {
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
                    if bounds.nonsense {
                        attempts.push(Message::Confirm { trustee, complaints: own, right: false });
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
                    Stage::Commit => {
                        attempts.push(Message::Deal { trustee, dealing });
                        attempts.extend(self.cast.honest().map(|of| Message::Copy { trustee, of }));
                    }
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
        attempts.push(Message::Again);
        if bounds.witnessed {
            attempts.push(Message::EndStage { stage: stage.number(), due: false });
        }
        attempts
    }

    /// What may never be taken as the record is, said once more in the words of chapter 04 (CER-1 to CER-8).
    pub(crate) fn is_never_right(&self, scene: &Scene, message: Message) -> bool {
        let ceremony = scene.election.ceremony();
        let here = |trustee: u32| ceremony.remaining().contains(&trustee) && !ceremony.has_confirmed(trustee);
        let at = |stage: Stage, trustee: u32| ceremony.stage() == stage && here(trustee);
        let allowed = match message {
            Message::Honest { trustee } => ceremony.remaining().contains(&trustee),
            Message::Commit { trustee, .. } | Message::Copy { trustee, .. } => {
                at(Stage::Commit, trustee) && ceremony.commitment(trustee).is_none()
            }
            Message::Deal { trustee, dealing } => {
                let proved = !matches!(dealing, Dealing::Unproved | Dealing::Stolen);
                at(Stage::Deal, trustee) && proved && ceremony.dealing(trustee, 0).is_none()
            }
            Message::Complain { trustee, dealer, proved } => {
                let again = accused(&scene.election, trustee) & bit(dealer) != 0;
                let known = ceremony.remaining().contains(&dealer) && dealer != trustee;
                at(Stage::Check, trustee) && known && proved && !again
            }
            Message::Confirm { trustee, complaints, right } => {
                at(Stage::Check, trustee) && right && complaints == accused(&scene.election, trustee)
            }
            Message::Rehearse { trustee, proved } => {
                ceremony.stage() == Stage::Rehearse && ceremony.remaining().contains(&trustee) && proved
            }
            Message::Again => false,
            Message::EndStage { stage, due } => due && stage == ceremony.stage().number(),
        };
        !allowed
    }
}
