//! One entry as a page shows it (VER-41): its kind and what it says, as names and figures for texts in any language.

use ballot_client::tracker::Tracker;
use protocol::{Body, Election, Entry, Manifest, entry::Author};
use serde::Serialize;
use std::collections::BTreeMap;

/// An entry.
#[derive(Serialize)]
pub(crate) struct EntryView {
    pub(crate) index: u64,
    /// Minutes since 1970.
    pub(crate) time: u64,
    /// The body's name in the specs, in small letters with hyphens; `unreadable` for one that cannot be decoded.
    pub(crate) kind: String,
    /// `authority`, `registrar`, `trustee`, `voter` or `anyone`.
    author: &'static str,
    /// Which registrar or trustee, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    /// A ballot's or an audit's.
    #[serde(skip_serializing_if = "Option::is_none")]
    tracker: Option<String>,
    /// What the texts about it need.
    says: BTreeMap<&'static str, String>,
    /// The length of its bytes in the log.
    bytes: usize,
    /// Its hash, as the next entry names it.
    hash: String,
}

impl EntryView {
    /// VER-41.
    pub(crate) fn of(entry: &Entry, bytes: usize, election: &Election) -> Self {
        let submission = entry.submission();
        let (author, number) = match submission.author() {
            Ok(Author::Authority) => ("authority", None),
            Ok(Author::Registrar(number)) => ("registrar", Some(number)),
            Ok(Author::Trustee(number)) => ("trustee", Some(number)),
            Ok(Author::Credential(_)) => ("voter", None),
            Ok(Author::Anyone) | Err(_) => ("anyone", None),
        };
        let body = submission.body();
        let kind = body.as_ref().map_or_else(|_| "unreadable".to_owned(), |body| hyphens(body.name()));
        let tracker =
            matches!(kind.as_str(), "ballot").then(|| Tracker(submission.id(&election.fingerprint())).to_string());
        let says = body.map_or_else(|_| BTreeMap::new(), |body| says(&body, election.manifest()));
        let hash = entry.hash().to_string();
        Self { index: entry.index, time: entry.time, kind, author, number, tracker, says, bytes, hash }
    }
}

/// `DealingCommitment` as `dealing-commitment`.
fn hyphens(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}

fn says(body: &Body, manifest: &Manifest) -> BTreeMap<&'static str, String> {
    let title = |contest: u32| manifest.contest(contest).map_or_else(String::new, |contest| contest.title.clone());
    let numbers = |list: &[u32]| list.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let pairs: Vec<(&'static str, String)> = match body {
        Body::Manifest(manifest) => vec![
            ("title", manifest.title.clone()),
            ("contests", manifest.contests.len().to_string()),
            ("trustees", manifest.trustees.len().to_string()),
            ("threshold", manifest.threshold.to_string()),
        ],
        Body::Roll(roll) => vec![
            ("chunk", u64::from(roll.chunk).saturating_add(1).to_string()),
            ("chunks", roll.chunks.to_string()),
            ("rows", roll.rows.len().to_string()),
        ],
        Body::Dealing(dealing) => vec![("part", u64::from(dealing.part).saturating_add(1).to_string())],
        Body::Complaint(complaint) => vec![("dealer", complaint.dealer.to_string())],
        Body::CeremonyConfirmation(confirmation) => vec![("complaints", confirmation.complaints.len().to_string())],
        Body::StageEnd(end) => vec![("stage", end.stage.to_string())],
        Body::Rehearsal(rehearsal) => vec![("entry", rehearsal.entry.to_string())],
        Body::Opening(opening) => vec![("active", numbers(&opening.active))],
        Body::Ballot(ballot) => {
            vec![("sequence", ballot.sequence.to_string()), ("contests", ballot.contests.len().to_string())]
        }
        Body::AuditedBallot(audited) => vec![("contests", audited.openings.len().to_string())],
        Body::Replacement(new) => vec![("row", new.index.to_string()), ("round", new.round.to_string())],
        Body::Extension(extension) => vec![("closing", extension.closing.to_string())],
        Body::Override(found) => vec![("row", found.index.to_string()), ("reason", found.reason.clone())],
        Body::PartialDecryption(partial) => {
            vec![("contest", title(partial.contest)), ("group", partial.group.to_string())]
        }
        Body::Result(result) => vec![
            ("contest", title(result.contest)),
            ("group", result.group.to_string()),
            ("totals", result.totals.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
        ],
        Body::Continuation(continuation) => vec![("origin", continuation.old_origin.clone())],
        Body::Notice(notice) => vec![("text", notice.text.clone())],
        Body::DealingCommitment(_) | Body::Closing(_) | Body::Retirement(_) => Vec::new(),
    };
    pairs.into_iter().collect()
}
