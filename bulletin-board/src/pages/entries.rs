//! Entries of the record in words (WEB-31). What cannot be read is shown as such: the fold has taken it, so that does not happen on a sound disk.

use super::{
    names::Name,
    shelf::Held,
    texts::{Moment, Texts},
};
use protocol::{Author, Body, Contest, Entry, body::Notice};

/// Entries on a page of them.
pub(super) const ON_A_PAGE: u64 = 50;

/// Entries on the page of an election.
pub(super) const LATEST: u64 = 10;

/// A line of the list.
pub(super) struct EntryView {
    pub(super) index: String,
    pub(super) time: Option<Moment>,
    pub(super) words: String,
    /// What somebody wrote in it.
    pub(super) note: Option<Name>,
    /// Whether the witnesses have not cosigned it yet.
    pub(super) pending: bool,
}

/// Entries from this place on.
pub(super) fn views(texts: &Texts, held: &Held, from: u64, entries: &[Vec<u8>]) -> Vec<EntryView> {
    (from..).zip(entries).map(|(index, bytes)| view(texts, held, index, bytes)).collect()
}

fn view(texts: &Texts, held: &Held, index: u64, bytes: &[u8]) -> EntryView {
    let pending = index >= held.status.cosigned_size;
    let shown = texts.number(&index);
    let read = Entry::decode(bytes).ok().and_then(|entry| {
        let submission = entry.submission();
        Some((entry.time, submission.author().ok()?, submission.body().ok()?))
    });
    let Some((time, author, body)) = read else {
        return EntryView { index: shown, time: None, words: texts.text("entry-unreadable"), note: None, pending };
    };
    let note = match &body {
        Body::Notice(Notice { text }) => Some(Name::of(text)),
        Body::Override(body) => Some(Name::of(&body.reason)),
        _ => None,
    };
    let words = words(texts, held, &author, &body);
    EntryView { index: shown, time: Some(texts.minute(time)), words, note, pending }
}

fn words(texts: &Texts, held: &Held, author: &Author, body: &Body) -> String {
    let who = || ("name", author_name(texts, held, author).into());
    let contest = |index: u32| {
        let title = held.manifest.contest(index).map_or("", |contest: &Contest| contest.title.as_str());
        ("contest", (&Name::of(title)).into())
    };
    match body {
        Body::Manifest(_) => texts.say("entry-manifest", [who()]),
        Body::Roll(roll) => {
            let chunk = u64::from(roll.chunk).saturating_add(1);
            texts.say("entry-roll", [who(), ("chunk", chunk.into()), ("chunks", u64::from(roll.chunks).into())])
        }
        Body::DealingCommitment(_) => texts.say("entry-dealing-commitment", [who()]),
        Body::Dealing(_) => texts.say("entry-dealing", [who()]),
        Body::Complaint(_) => texts.say("entry-complaint", [who()]),
        Body::CeremonyConfirmation(_) => texts.say("entry-ceremony-confirmation", [who()]),
        Body::StageEnd(_) => texts.say("entry-stage-end", [who()]),
        Body::Rehearsal(_) => texts.say("entry-rehearsal", [who()]),
        Body::Opening(_) => texts.say("entry-opening", [who()]),
        Body::Ballot(ballot) => {
            let id = if ballot.sequence > 1 { "entry-ballot-again" } else { "entry-ballot" };
            texts.text(id)
        }
        Body::AuditedBallot(_) => texts.text("entry-audited-ballot"),
        Body::Replacement(_) => texts.say("entry-replacement", [who()]),
        Body::Extension(extension) => {
            texts.say("entry-extension", [who(), ("time", texts.minute(extension.closing).words.into())])
        }
        Body::Closing(_) => texts.say("entry-closing", [who()]),
        Body::PartialDecryption(body) => texts.say("entry-partial-decryption", [who(), contest(body.contest)]),
        Body::Result(body) => texts.say("entry-result", [who(), contest(body.contest)]),
        Body::Continuation(_) => texts.say("entry-continuation", [who()]),
        Body::Notice(_) => texts.say("entry-notice", [who()]),
        Body::Retirement(_) => texts.say("entry-retirement", [who()]),
        Body::Override(_) => texts.say("entry-override", [who()]),
    }
}

fn author_name(texts: &Texts, held: &Held, author: &Author) -> String {
    let place = |number: &u32| number.checked_sub(1).and_then(|place| usize::try_from(place).ok());
    let manifest = &held.manifest;
    let name = match author {
        Author::Authority => Some(&manifest.authority.name),
        Author::Registrar(number) => {
            place(number).and_then(|place| manifest.registrars.get(place)).map(|registrar| &registrar.name)
        }
        Author::Trustee(number) => {
            place(number).and_then(|place| manifest.trustees.get(place)).map(|trustee| &trustee.name)
        }
        Author::Credential(_) => return texts.text("voter"),
        Author::Anyone => return texts.text("anyone"),
    };
    name.map(|name| Name::of(name).short).unwrap_or_default()
}
