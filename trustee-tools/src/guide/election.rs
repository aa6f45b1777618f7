//! What the guide says once the key exists: while people vote, when the totals are decrypted, and when all is over.

use super::{
    Task, Told,
    ceremony::{start, story},
    wording::{When, count, trustees},
};
use crate::{decryption, refusal::Refusal, retirement::RetiredTrustee, secrets::TrusteeSecrets};
use protocol::{
    Election, Phase,
    election::{GroupStatus, Stage},
    ids::Minutes,
};

/// Nothing comes any more of this election: the ceremony failed, or every total is published. What is left is to destroy the shares (RET-1).
pub(super) fn ended(election: &Election, me: u32) -> Option<Told> {
    let over = over(election)?;
    let mut happened = story(election);
    happened.extend(results(election));
    if let Some(entry) = election.retired().get(&me) {
        happened.push(format!(
            "The record says that you have retired (entry {entry}), and this keystore still holds its secrets."
        ));
    }
    let advice = format!(
        "{over} Retire: your computer destroys your keys and your share of the key in this keystore, for ever, and records your signed statement of \
         it. You can then do nothing more in this election, and nobody can ask you to. Recovery sheets and second copies you destroy by hand."
    );
    let mut told = Told::new(Task::Retire, happened, advice);
    told.otherwise = Some(match election.phase() {
        Phase::Failed => "Nothing happens: these keys protect nothing. Only, old keys that lie about are sometimes taken for new ones.".to_owned(),
        _ => format!(
            "Nothing happens to the election. But as long as {} keep their shares, whoever gets hold of that many can read every single ballot.",
            count(election.manifest().threshold.into(), "trustee")
        ),
    });
    Some(told)
}

fn over(election: &Election) -> Option<&'static str> {
    match election.phase() {
        Phase::Failed => Some(
            "This election cannot go on, for ever. Nobody has voted in it, and nothing of it can be decrypted. The authority begins a new one with \
             `vitrine authority again`; you will be asked for fresh keys, and these will not be used again.",
        ),
        Phase::Tallied => Some("Every total is published, and your work is done."),
        Phase::Setup | Phase::Voting | Phase::Closed => None,
    }
}

/// A keystore that holds nothing but the statement.
pub(super) fn retired(election: &Election, retired: &RetiredTrustee) -> Told {
    let by_hand = "If you have a recovery sheet or a second copy of the keystore, destroy it: nobody else can.";
    let mut happened = story(election);
    happened.extend(results(election));
    match (retired.unsent(election), election.retired().get(&retired.index())) {
        (Err(refusal), _) => {
            let advice =
                format!("This keystore is retired, from another election. {}", super::wording::sentence(&refusal));
            Told::new(Task::ReadAndDecide { refusal }, Vec::new(), advice)
        }
        (Ok(Some(_)), _) => {
            let advice = "Your keys and shares are destroyed, and the record does not say so yet: send your signed statement of it.";
            let mut told = Told::new(Task::Retire, happened, advice);
            told.otherwise = Some("Your shares are gone all the same; only, nobody else knows.".to_owned());
            told
        }
        (Ok(None), entry) => {
            let entry = entry.map_or(String::new(), |entry| format!(" (entry {entry})"));
            happened.push(format!("You have retired{entry}: your keys and shares in this keystore are destroyed."));
            Told::new(Task::Nothing, happened, format!("Nothing any more. {by_hand}"))
        }
    }
}

/// Who decrypted, once all is published.
fn results(election: &Election) -> Option<String> {
    (election.phase() == Phase::Tallied).then(|| helped(election))
}

/// Who decrypted.
fn helped(election: &Election) -> String {
    let contests = 0..u32::try_from(election.manifest().contests.len()).unwrap_or(u32::MAX);
    let right = contests.flat_map(|contest| election.groups(contest)).flat_map(|group| group.right().keys().copied());
    let helped: std::collections::BTreeSet<u32> = right.collect();
    if helped.is_empty() {
        return "The results are published; there was nothing to decrypt.".to_owned();
    }
    format!("The results are published. The totals were decrypted by {}.", trustees(election.manifest(), helped))
}

/// People vote.
pub(super) fn voting(election: &Election, secrets: &TrusteeSecrets, now: Minutes) -> Told {
    let (manifest, ceremony) = (election.manifest(), election.ceremony());
    let mut happened = story(election);
    happened.push(format!(
        "The voting is open. {} hold a working share of the key, and any {} of them can decrypt the totals.",
        start(&trustees(manifest, ceremony.active())),
        manifest.threshold
    ));
    let closing = When::new(election.closing_time(), now);
    // In the ceremony, or again since?
    let last = ceremony.rehearsals(secrets.index()).map(|(_, entry)| entry);
    if last > ceremony.ended_at(Stage::Rehearse) {
        let advice = format!(
            "Nothing now. Voting ends at {closing}; then you help to decrypt the totals. Keep the keystore file and its passphrase safe until then."
        );
        return Told::new(Task::Wait, happened, advice);
    }
    let mut told = Told::new(
        Task::Rehearse,
        happened,
        "Rehearse once more: your computer shows publicly that your share of the key still works, while there is still time to find a lost \
         keystore or passphrase. This is a wish, not a duty, and once is enough.",
    );
    told.by = Some(closing);
    told.otherwise = Some(
        "Nothing happens to you. Only, if your share should be lost, nobody would know before it is needed.".to_owned(),
    );
    told
}

/// Voting is over.
pub(super) fn closed(election: &Election, secrets: &TrusteeSecrets) -> Told {
    let (manifest, me) = (election.manifest(), secrets.index());
    let mut happened = story(election);
    happened.push(format!("The voting is closed. {} are in the record.", count(election.counts().ballots, "ballot")));
    happened.extend(wrong(election, me));
    match decryption::check(election, secrets) {
        Ok(_) => {}
        Err(refusal @ Refusal::NotSettled) => {
            let advice = "The ballots were not added up here yet, so nothing can be decrypted.";
            return Told::new(Task::ReadAndDecide { refusal }, happened, advice);
        }
        Err(refusal) => {
            let advice = format!("Decrypt nothing before this is explained. {}", super::wording::sentence(&refusal));
            return Told::new(Task::ReadAndDecide { refusal }, happened, advice);
        }
    }
    let (answered, missing) = helpers(election);
    if decryption::has_answered(election, secrets) {
        let rest = if missing == 0 {
            "There are enough now: the totals can be published, which the authority, or anybody, does next.".to_owned()
        } else {
            format!("{} must help before the totals are known.", count(missing, "more trustee"))
        };
        return Told::new(Task::Wait, happened, format!("Nothing now: you have helped to decrypt everything. {rest}"));
    }
    let mut told = Told::new(
        Task::Decrypt,
        happened,
        "Help to decrypt the totals: your computer first verifies the whole record once more and adds up the sealed ballots itself; then it records \
         your part of the decryption. No single ballot is ever decrypted.",
    );
    if decryption::needs_word(election, secrets) {
        told.advice.push_str(
            " This keystore was restored: you will be asked whether the lost one may have helped to decrypt another state of this election, for both \
             answers together would show somebody's ballot.",
        );
    }
    told.otherwise = Some(if missing == 0 {
        format!(
            "Nothing is lost: {} have helped already, which is enough.",
            count(u64::from(manifest.threshold), "trustee")
        )
    } else {
        let spare = u64::try_from(election.ceremony().active().len()).unwrap_or(u64::MAX).saturating_sub(1);
        let enough = spare >= u64::from(manifest.threshold);
        let rest = if enough { "the others can still do it without you" } else { "nobody will ever know the result" };
        format!(
            "{} of {} needed have helped so far. If you do not, {rest}. There is no fixed time, but everybody waits for it.",
            answered, manifest.threshold
        )
    });
    told
}

/// This trustee's partial decryptions that the record shows to be wrong.
fn wrong(election: &Election, me: u32) -> Option<String> {
    let contests = 0..u32::try_from(election.manifest().contests.len()).unwrap_or(u32::MAX);
    let entries = contests.flat_map(|contest| election.groups(contest)).filter_map(|group| group.wrong().get(&me));
    let entries: Vec<String> = entries.map(|entry| format!("entry {entry}")).collect();
    (!entries.is_empty()).then(|| {
        format!(
            "A part of the decryption under your name is wrong ({}). It counts for nothing, and everybody sees it. If you did not do this, your \
             keystore or machine is damaged or in other hands.",
            super::wording::listed(&entries)
        )
    })
}

/// How many trustees have answered the group that lacks the most, and how many it lacks.
fn helpers(election: &Election) -> (usize, u64) {
    let contests = 0..u32::try_from(election.manifest().contests.len()).unwrap_or(u32::MAX);
    let open = contests
        .flat_map(|contest| election.groups(contest))
        .filter(|group| group.status == GroupStatus::Open && group.totals().is_none());
    let fewest = open.map(|group| group.right().len()).min();
    let threshold = u64::from(election.manifest().threshold);
    let have = fewest.unwrap_or(usize::MAX);
    (fewest.unwrap_or(0), threshold.saturating_sub(u64::try_from(have).unwrap_or(u64::MAX)))
}

/// What the election does without a trustee that left.
pub(super) fn what_goes_on(election: &Election, now: Minutes) -> String {
    let (manifest, remaining) = (election.manifest(), election.ceremony().remaining());
    match election.phase() {
        Phase::Setup => format!("The ceremony goes on with {}.", trustees(manifest, remaining.iter().copied())),
        Phase::Voting => {
            format!("The voting goes on until {}, and others decrypt.", When::new(election.closing_time(), now))
        }
        _ => "Others decrypt the totals.".to_owned(),
    }
}
