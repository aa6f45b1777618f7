//! A trustee's message that the log promised and the end of its stage left out (EVD-17), and whom that clears (EVD-18).

use super::{
    EvidenceFault, LeftOut, Part,
    check::{Outcome, other_entry, promise_in_words},
    finding::Cleared,
    trust::Trust,
};
use crate::{body::Body, entry::Entry};

/// EVD-17: the stage of the ceremony that asks every remaining trustee for such a body, and whose end excludes who posted none (CER-13).
pub fn asked_in_stage(body: &Body) -> Option<u32> {
    match body {
        Body::DealingCommitment(_) => Some(1),
        Body::Dealing(_) => Some(2),
        Body::CeremonyConfirmation(_) => Some(3),
        Body::Rehearsal(_) => Some(4),
        _ => None,
    }
}

/// EVD-18: the trustee that signed the promised message, if the stage asks for it and this is the stage's end.
fn author(trust: &Trust, (promised, body): (&Entry, &Body), end: &Body) -> Result<Cleared, EvidenceFault> {
    let stage = asked_in_stage(body).ok_or(EvidenceFault::NotAsked(body.name()))?;
    if !matches!(end, Body::StageEnd(end) if end.stage == stage) {
        return Err(EvidenceFault::OtherStage(end.name(), body.name()));
    }
    let not = EvidenceFault::NotByTrustee { rule: "EVD-17", part: Part::Promise };
    let (trustee, keys) = trust.signed_by(&promised.submission()).ok_or(not)?;
    Ok(Cleared { trustee, name: keys.name.clone(), stage, promised: promised.clone() })
}

/// EVD-18: what no promise shows.
fn validity(promised: &Entry, cleared: &Cleared) -> String {
    format!(
        "Whether the message was valid there, and all that stage {} asked of trustee {}: that shows the record, by its first {} entries and then the \
         message (--record or --board). Cleared or not, who has left the ceremony does not come back (CER-13).",
        cleared.stage, cleared.trustee, promised.index
    )
}

/// EVD-18 for EVD-7, where the stage ended before the promised place: only the time that the log itself wrote into the entry clears its author.
pub(super) fn ended_before(
    trust: &Trust,
    (promised, body): (&Entry, &Body),
    (ending, end): (&Entry, &Body),
) -> (Option<Cleared>, Vec<String>) {
    let Ok(cleared) = author(trust, (promised, body), end) else { return (None, Vec::new()) };
    if promised.time < ending.time {
        let open = validity(promised, &cleared);
        return (Some(cleared), vec![open]);
    }
    let open = format!(
        "Whether trustee {} was in time: by the promise itself, its message came behind the place where stage {} ended, and not in an earlier minute.",
        cleared.trustee, cleared.stage
    );
    (None, vec![open])
}

impl LeftOut {
    /// EVD-17: EVD-6, and the stage that asked for the message ended at the promised place or behind it.
    pub(super) fn check(&self, trust: &Trust) -> Result<Outcome, EvidenceFault> {
        let (promised, body, promise) = trust.entry(&self.promise, Part::Promise)?;
        let shown = other_entry(trust, &promised, &self.shown, *self.leaf)?;
        let (ending, end, under) = trust.entry(&self.ending, Part::Ending)?;
        if under.note() != shown.note() {
            return Err(EvidenceFault::TwoTrees);
        }
        if ending.index < promised.index {
            let (promised, found) = (promised.index, ending.index);
            return Err(EvidenceFault::Elsewhere { rule: "EVD-17", promised, found });
        }
        let cleared = author(trust, (&promised, &body), &end)?;
        let words = vec![
            promise_in_words(&promised, &body, &promise),
            format!("The {} is by trustee {} ({}), who signed it.", body.name(), cleared.trustee, cleared.name),
            format!(
                "The log's tree of {} entries ({}) has another entry in that place, and its entry {} ends stage {} without it.",
                shown.checkpoint().size(),
                trust.worth(&shown),
                ending.index,
                cleared.stage
            ),
        ];
        let open = vec![validity(&promised, &cleared)];
        Ok(Outcome { culprits: trust.both_sides(&promise, &shown), shown: words, open, cleared: Some(cleared) })
    }
}
