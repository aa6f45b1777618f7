//! The ceremony and the trustees' part in the tally, told in sentences (VER-34): who did what, in which entry, and by which rule.

use super::{
    ceremony::{failure, stage_name},
    words::date,
};
use crate::checks::{
    Checks,
    course::{Course, End, Failed, Judged, Left, StageCourse},
};
use protocol::{
    Election,
    election::{Departure, Stage},
};
use serde::Serialize;
use std::collections::BTreeSet;

/// Something that happened, or is awaited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Happening {
    /// The entry with which it happened; none if it is still awaited.
    pub entry: Option<u64>,
    /// The rule by which it follows.
    pub rule: &'static str,
    /// The trustees it speaks against; empty if it speaks against nobody.
    pub against: Vec<u32>,
    /// In words.
    pub text: String,
}

/// The whole story, in the order of the record.
pub(super) fn tell(election: &Election, checks: &Checks) -> Vec<Happening> {
    let course = &checks.ceremony.course;
    let teller = Teller { election, course };
    let mut story: Vec<Happening> = course.judged.iter().map(|judged| teller.complaint(judged)).collect();
    for stage in &course.stages {
        story.push(match &stage.end {
            Some(end) => teller.stage_end(stage, end),
            None => teller.waiting(stage),
        });
        story.extend(course.left.iter().filter(|left| left.stage == stage.stage).map(|left| teller.departure(left)));
    }
    story.extend(teller.outcome());
    for (trustee, contest, group, entry) in &checks.decryptions.wrong {
        story.push(teller.wrong_decryption(*trustee, *contest, *group, *entry));
    }
    story.extend(course.retired.iter().map(|(trustee, entry)| teller.retirement(*trustee, *entry)));
    // Stable: what one entry did stays in the order above. What is awaited comes last.
    story.sort_by_key(|happening| happening.entry.unwrap_or(u64::MAX));
    story
}

struct Teller<'a> {
    election: &'a Election,
    course: &'a Course,
}

impl Teller<'_> {
    fn happened(entry: u64, rule: &'static str, text: String) -> Happening {
        Happening { entry: Some(entry), rule, against: Vec::new(), text }
    }

    /// `trustee 2 (Ada)`.
    fn party(&self, trustee: u32) -> String {
        parties(self.election, [&trustee])
    }

    fn stage_end(&self, stage: &StageCourse, end: &End) -> Happening {
        let name = format!("stage {} ({})", stage.stage.number(), stage_name(stage.stage));
        let awaited: BTreeSet<u32> = stage.awaited(self.election).into_iter().collect();
        if end.last.is_some() {
            let all = parties(self.election, &stage.members);
            let have = if stage.members.len() == 1 { "has" } else { "have each" };
            let text = format!("{} ended, for {all} {have} {}.", capital(&name), done(stage.stage));
            return Self::happened(end.entry, "CER-13", text);
        }
        let authority = &self.election.manifest().authority.name;
        let witnesses: Vec<String> =
            end.witnesses.iter().map(|(name, seconds)| format!("{name} ({})", date(seconds / 60))).collect();
        let attested = if witnesses.is_empty() {
            "nobody but the authority says that this time had come".to_owned()
        } else {
            format!("the witnesses {} attest that this time had come", listed(&witnesses))
        };
        let text = format!(
            "The authority ({authority}) ended {name}, which it may do from {} on; {attested}. {} had not {}.",
            date(stage.due),
            capital(&parties(self.election, &awaited)),
            done(stage.stage)
        );
        Self::happened(end.entry, "CER-8", text)
    }

    fn waiting(&self, stage: &StageCourse) -> Happening {
        let awaited = stage.awaited(self.election);
        let text = format!(
            "Stage {} ({}) waits for {}. From {} on the authority may end it without them, and they leave.",
            stage.stage.number(),
            stage_name(stage.stage),
            parties(self.election, &awaited),
            date(stage.due)
        );
        Happening { entry: None, rule: "CER-13", against: Vec::new(), text }
    }

    /// CER-12: what everybody sees in the opened box decides who of the two is at fault.
    fn complaint(&self, judged: &Judged) -> Happening {
        let verdict = &judged.verdict;
        let opened = format!(
            "{} complained of {} and opened to everybody the box dealt to it in part {}",
            capital(&self.party(verdict.complainer)),
            self.party(verdict.dealer),
            verdict.part
        );
        let (guilty, text) = match judged.fault {
            Some(fault) => (
                verdict.dealer,
                format!("{opened}. UPHELD: {fault}. The dealing is bad, and its signature names the dealer."),
            ),
            None => (
                verdict.complainer,
                format!(
                    "{opened}. FALSE: every share in it is what the dealer committed to. The dealer is cleared of this, and the signature \
                     of the complaint names who complained falsely; the shares that it opened are known to everybody."
                ),
            ),
        };
        Happening { entry: Some(verdict.entry), rule: "CER-12", against: vec![guilty], text }
    }

    fn departure(&self, left: &Left) -> Happening {
        let entries: Vec<String> = left.grounds.iter().map(ToString::to_string).collect();
        let proof = match entries.len() {
            1 => format!("entry {} proves", listed(&entries)),
            _ => format!("entries {} prove", listed(&entries)),
        };
        let why = match left.departure {
            Departure::Silent => format!("it had not {} when stage {} ended", done(left.stage), left.stage.number()),
            Departure::BadDealing => format!("it gave a bad dealing, which {proof}"),
            Departure::FalseComplaint => format!("it complained falsely, which {proof}"),
        };
        // EVD-7 judges what the record cannot: whose silence it was.
        let doubt = match left.departure {
            Departure::Silent => {
                " The record cannot tell silence from a message that the log left out: a promise of the log for it clears the trustee."
            }
            Departure::BadDealing | Departure::FalseComplaint => "",
        };
        let text = format!("{} left the election for good: {why}.{doubt}", capital(&self.party(left.trustee)));
        Happening { entry: Some(left.entry), rule: "CER-13", against: vec![left.trustee], text }
    }

    /// The key, the active trustees, or the failure.
    fn outcome(&self) -> Vec<Happening> {
        let (manifest, course) = (self.election.manifest(), self.course);
        let mut story = Vec::new();
        if let Some((qualified, entry)) = &course.qualified {
            let text = format!(
                "The joint key was made: it is the sum of the dealings of {}, the qualified set. {} of their key shares decrypt.",
                parties(self.election, qualified),
                manifest.threshold
            );
            story.push(Self::happened(*entry, "CER-11", text));
        }
        let ended = course.stages.last().and_then(|last| last.end.as_ref());
        if let (Some(active), Some(end)) = (course.active(), ended) {
            let spare = usize::try_from(manifest.threshold).ok().and_then(|k| active.len().checked_sub(k)).unwrap_or(0);
            let spare = match spare {
                0 => "There is NO SPARE: with one more key share lost nothing could be decrypted".to_owned(),
                1 => "One of them is spare".to_owned(),
                more => format!("{more} of them are spare"),
            };
            let have = if active.len() == 1 { "has" } else { "have" };
            let text = format!(
                "The ceremony ended: {} {have} shown a working key share and may decrypt; {} must. {spare}.",
                parties(self.election, active),
                manifest.threshold
            );
            story.push(Self::happened(end.entry, "CER-13", text));
        }
        if let (Some((failed, entry)), Some(why)) = (course.failed, failure(self.election, course)) {
            let rule = if matches!(failed, Failed::TooFew(_)) { "CER-14" } else { "CER-11" };
            let text = format!(
                "The ceremony FAILED: {why}. Nobody can vote in this election; a new one needs a new manifest."
            );
            story.push(Self::happened(entry, rule, text));
        }
        story
    }

    fn retirement(&self, trustee: u32, entry: u64) -> Happening {
        let text = format!(
            "{} retired: it declared that it has destroyed its keys, its dealing and its key shares, and every copy of them.",
            capital(&self.party(trustee))
        );
        Self::happened(entry, "RET-1", text)
    }

    /// TAL-3, TAL-4: recorded as evidence, counted for nothing.
    fn wrong_decryption(&self, trustee: u32, contest: u32, group: u32, entry: u64) -> Happening {
        let text = format!(
            "{} sent a WRONG partial decryption of contest {contest}, tally group {group}. Its signature names its author; it counts for nothing \
             and holds nobody up.",
            capital(&self.party(trustee))
        );
        Happening { entry: Some(entry), rule: "TAL-4", against: vec![trustee], text }
    }
}

/// `trustees 1 (Ada), 2 (Blaise) and 3 (Carl)`.
pub(super) fn parties<'t>(election: &Election, trustees: impl IntoIterator<Item = &'t u32>) -> String {
    let name = |trustee: u32| {
        let place = usize::try_from(trustee).ok().and_then(|number| number.checked_sub(1));
        place.and_then(|place| election.manifest().trustees.get(place)).map_or("", |keys| keys.name.as_str())
    };
    let named: Vec<String> = trustees.into_iter().map(|trustee| format!("{trustee} ({})", name(*trustee))).collect();
    match named.as_slice() {
        [] => "no trustee".into(),
        [one] => format!("trustee {one}"),
        more => format!("trustees {}", listed(more)),
    }
}

/// What a trustee has done that has completed a stage.
fn done(stage: Stage) -> &'static str {
    match stage {
        Stage::Commit => "committed to a dealing",
        Stage::Deal => "posted the whole dealing committed to",
        Stage::Check => "finished checking the shares",
        Stage::Rehearse | Stage::Ended => "rehearsed",
    }
}

/// `a, b and c`.
fn listed(words: &[String]) -> String {
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => only.clone(),
        None => String::new(),
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
