//! What the guide says while the key is being made.

use super::{
    Task, Told,
    wording::{When, count, listed, sentence, trustee, trustees, utc},
};
use crate::{refusal::Refusal, secrets::TrusteeSecrets};
use protocol::{
    Election,
    election::{CeremonyFailure, Departure, Stage, Verdict},
    ids::Minutes,
};

/// What each stage is about, for those who were told nothing of cryptography.
struct StageWords {
    /// The stage as a thing.
    name: &'static str,
    /// What the trustee's machine does.
    act: &'static str,
    /// What the trustee has then done.
    done: &'static str,
    /// What it has not done, if it does not.
    undone: &'static str,
}

fn words(stage: Stage) -> StageWords {
    match stage {
        Stage::Commit => StageWords {
            name: "step 1 of 4 (the promises)",
            act: "Promise your part of the key: your computer makes it now, keeps it in your keystore, and records a fingerprint of it, so that \
                  nobody can fit their own part to yours.",
            done: "promised your part of the key",
            undone: "promised your part of the key",
        },
        Stage::Deal => StageWords {
            name: "step 2 of 4 (handing out)",
            act: "Hand out your part of the key: your computer records what it promised, with one sealed piece for each trustee that only \
                  this trustee can open.",
            done: "handed out your part of the key",
            undone: "handed out your part of the key",
        },
        Stage::Check => StageWords {
            name: "step 3 of 4 (the check)",
            act: "Check what the others gave you: your computer opens each piece that was sealed for you and compares it with what its sender \
                  published. Then it confirms that all is well, or names publicly whose piece is wrong.",
            done: "checked and confirmed the pieces you received",
            undone: "confirmed",
        },
        Stage::Rehearse => StageWords {
            name: "step 4 of 4 (the rehearsal)",
            act: "Rehearse: your computer shows publicly that your share of the key works, without showing the share, before anybody votes.",
            done: "shown that your share of the key works",
            undone: "rehearsed",
        },
        Stage::Ended => StageWords { name: "the ceremony is over", act: "", done: "", undone: "" },
    }
}

/// What is public of the ceremony so far.
pub(crate) fn story(election: &Election) -> Vec<String> {
    let (manifest, ceremony) = (election.manifest(), election.ceremony());
    let mut told = Vec::new();
    for verdict in ceremony.verdicts() {
        let (complainer, dealer) = (trustee(manifest, verdict.complainer), trustee(manifest, verdict.dealer));
        let found = if verdict.upheld {
            format!("The record proves the complaint right: {dealer} handed out a wrong piece.")
        } else {
            format!("The record proves the complaint wrong: {complainer} accused {dealer} falsely.")
        };
        told.push(format!("{} complained of {} (entry {}). {found}", start(&complainer), dealer, verdict.entry));
    }
    for (gone, (stage, departure)) in ceremony.departures() {
        told.push(format!("{} takes no further part: {}.", start(&trustee(manifest, *gone)), why(*stage, *departure)));
    }
    if let Some(failure) = ceremony.failure() {
        told.push(format!("The key ceremony has failed: {}.", failed(election, failure)));
    }
    told
}

/// Why a trustee left, as a clause.
fn why(stage: Stage, departure: Departure) -> String {
    match departure {
        Departure::Silent => format!("its part of {} was missing when that step was ended", words(stage).name),
        Departure::BadDealing => "it handed out a wrong piece of the key".to_owned(),
        Departure::FalseComplaint => "it accused another trustee falsely".to_owned(),
    }
}

/// Why the ceremony failed, as a clause.
fn failed(election: &Election, failure: &CeremonyFailure) -> String {
    let (left, quorum) = (election.ceremony().remaining().len(), election.manifest().quorum);
    match failure {
        CeremonyFailure::TooFew(stage) => format!(
            "after {} only {left} of {} were left, and this election needs at least {quorum} to go on",
            words(*stage).name,
            count(election.manifest().trustee_count(), "trustee")
        ),
        CeremonyFailure::Keys(error) => format!("the parts that were handed out make no usable key ({error})"),
    }
}

/// With a capital letter, at the beginning of a sentence.
pub(super) fn start(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default() + characters.as_str()
}

/// The election is being set up and this trustee is part of it.
pub(super) fn setup(election: &Election, secrets: &TrusteeSecrets, now: Minutes) -> Told {
    let (manifest, ceremony) = (election.manifest(), election.ceremony());
    let (stage, me) = (ceremony.stage(), secrets.index());
    let awaited = ceremony.awaited(manifest);
    let mut happened = story(election);
    happened.extend(done_so_far(election, me));
    if stage == Stage::Ended {
        happened.push(format!(
            "The key ceremony is over: the key exists, and {} hold a working share of it. Any {} of them can decrypt the totals.",
            trustees(manifest, ceremony.active()),
            manifest.threshold
        ));
        let advice = format!(
            "Nothing now. The authority opens the voting (announced for {}), and after it is closed you help to decrypt the totals. Until then \
             keep the keystore file and its passphrase safe, in a place where you find both.",
            When::new(manifest.opening, now)
        );
        return Told::new(Task::Wait, happened, advice);
    }
    // CER-29.
    let deadline = election.evidence_due_at(now);
    let by = deadline.map(|deadline| When::new(deadline, now));
    let late = by.as_ref().is_some_and(|by| by.late);
    if awaited.contains(&me) {
        // CER-34: a second polynomial of one trustee is never made.
        if stage <= Stage::Deal && secrets.is_restored() && secrets.dealt().is_none() {
            let refusal = Refusal::NoDealing;
            let advice = sentence(&refusal);
            return Told::new(Task::ReadAndDecide { refusal }, happened, advice);
        }
        let mut told = Told::new(Task::Step, happened, words(stage).act);
        told.otherwise = Some(consequence(election, me, stage, deadline, late));
        told.by = by;
        return told;
    }
    let others = trustees(manifest, awaited.iter().copied());
    let until = match (deadline, late) {
        (Some(deadline), false) => format!("They have time until {}.", When::new(deadline, now)),
        (Some(deadline), true) => {
            format!("Their time was over at {}: the authority may now end this step without them.", utc(deadline))
        }
        (None, _) => String::new(),
    };
    let advice = format!("Nothing now: the ceremony is at {}, and waits for {others}. {until}", words(stage).name);
    Told::new(Task::Wait, happened, advice.trim_end().to_owned())
}

/// What the record has of this trustee.
fn done_so_far(election: &Election, me: u32) -> Option<String> {
    let ceremony = election.ceremony();
    let stages = [Stage::Commit, Stage::Deal, Stage::Check, Stage::Rehearse];
    let done = stages.iter().filter_map(|stage| {
        let entry = ceremony.completed_at(*stage, me)?;
        Some(format!("{} (entry {entry})", words(*stage).done))
    });
    let done: Vec<String> = done.collect();
    (!done.is_empty()).then(|| format!("You have {}.", listed(&done)))
}

/// CER-38: what the rules do to who does nothing (CER-13, CER-14).
fn consequence(election: &Election, me: u32, stage: Stage, deadline: Option<Minutes>, late: bool) -> String {
    let manifest = election.manifest();
    let ceremony = election.ceremony();
    // Who was found guilty in this stage leaves at its end, whatever else happens.
    let guilty = |trustee: &u32| {
        let of = |verdict: &Verdict| if verdict.upheld { verdict.dealer } else { verdict.complainer };
        ceremony.verdicts().iter().any(|verdict| of(verdict) == *trustee)
    };
    let others = ceremony.remaining().iter().filter(|trustee| **trustee != me && !guilty(trustee)).count();
    let others = u32::try_from(others).unwrap_or(u32::MAX);
    let quorum = manifest.quorum;
    let undone = words(stage).undone;
    let when = match (deadline, late) {
        (Some(deadline), false) => format!("If you have not {undone} by {}, the authority may", utc(deadline)),
        (Some(deadline), true) => format!(
            "The time was over at {}: as long as you have not {undone}, the authority can at any moment",
            utc(deadline)
        ),
        (None, _) => format!("If you have not {undone}, the authority may"),
    };
    let rest = match others.checked_sub(quorum) {
        Some(0) => format!(
            "you then take no further part, and all {others} others must go on without you: not one of them may fail"
        ),
        Some(_) => format!(
            "you then take no further part, and at least {quorum} of the {others} others must go on without you"
        ),
        None => format!(
            "only {others} would be left then, fewer than the {quorum} that this election needs: the whole ceremony would fail, and a new \
             election would have to be set up from its beginning, with fresh keys for everybody"
        ),
    };
    format!("{when} end this step without you; {rest}.")
}

/// This trustee is no longer part of it.
pub(super) fn left(
    election: &Election,
    secrets: &TrusteeSecrets,
    stage: Stage,
    departure: Departure,
    now: Minutes,
) -> Told {
    let me = secrets.index();
    let mut happened = story(election);
    happened.extend(done_so_far(election, me));
    let ended = election.ceremony().ended_at(stage).map_or(String::new(), |entry| format!(" (entry {entry})"));
    let reason = match departure {
        Departure::Silent => format!(
            "You take no further part in this election: when {} was ended{ended}, the record did not have your part. If the board had promised you \
             to record it, that promise clears you: `vitrine trustee dispute` compares it with the log and keeps what convicts the board; show that to the \
             authority.",
            words(stage).name
        ),
        Departure::BadDealing => format!(
            "You take no further part in this election: a piece of the key that your keystore handed out is wrong, and the record proves it{ended}. \
             If you did not do this, your machine or keystore is damaged or was tampered with: do not use it for another election."
        ),
        Departure::FalseComplaint => format!(
            "You take no further part in this election: your complaint was false, and the record proves it{ended}. If you did not do this, your \
             machine or keystore is damaged or was tampered with: do not use it for another election."
        ),
    };
    let rest = super::election::what_goes_on(election, now);
    Told::new(Task::Nothing, happened, format!("{reason} {rest}"))
}
