//! Where an election stands, from its entries (VER-40): for a page that shows a board while it goes on. The set-up is folded as the protocol demands it; of
//! what comes after the opening only what the entries say is told, because a page that looks every few seconds cannot check every proof. That is what
//! verifying is for.

use crate::words::EntryView;
use ballot_client::{
    receipt::{Trust, Witnessed},
    tracker::TypedTracker,
};
use protocol::{Body, Election, Entry, Phase, entry::Author};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
};
use tlog::{
    checkpoint::Checkpoint,
    merkle::{CompactRange, leaf_hash},
    record::{ChainPath, RecordReader},
};

/// The most points of a turnout.
const POINTS: u64 = 100;

/// The most entries that are told at once.
const MOST: usize = 200;

/// What the entries of a record say together.
#[derive(Default)]
pub(crate) struct Look {
    /// The decoded entries, and how long they are.
    entries: Vec<(Entry, usize)>,
    election: Option<Election>,
    fault: Option<Fault>,
    closing: Option<u64>,
    closed: bool,
    ballots: Vec<u64>,
    audits: u64,
    voters: BTreeSet<Vec<u8>>,
    /// By contest and tally group: the trustees that answered.
    answers: BTreeMap<(u32, u32), BTreeSet<u32>>,
    results: BTreeSet<(u32, u32)>,
    retired: BTreeSet<u32>,
    /// The newest checkpoint, and the entry from which its log goes on.
    note: Vec<u8>,
    start: usize,
}

/// The first entry that a record cannot hold.
#[derive(Clone, Serialize)]
struct Fault {
    index: u64,
    text: String,
}

/// What a page shows of it.
#[derive(Serialize)]
struct View<'a> {
    title: &'a str,
    fingerprint: String,
    phase: &'static str,
    opening: u64,
    closing: u64,
    entries: usize,
    /// The time of the last one.
    last: u64,
    authority: &'a str,
    registrars: Vec<&'a str>,
    trustees: Vec<&'a str>,
    threshold: u32,
    quorum: u32,
    /// 1 to 4; 5 when it has ended.
    stage: u32,
    /// The trustees that have left the ceremony.
    left: Vec<u32>,
    roll: u32,
    voters: usize,
    ballots: usize,
    audits: u64,
    turnout: Vec<(u64, usize)>,
    /// Tally groups with a result, of those that were answered.
    results: (usize, usize),
    awaited: Vec<Awaited>,
    /// Who attests the newest checkpoint: `none` needed, not `enough` yet, a `quorum`; `unknown` of a log that continues another.
    witnessed: &'static str,
    /// Their names, and the seconds since 1970 that they stated.
    witnesses: Vec<(String, u64)>,
    checkpoint: String,
    fault: Option<&'a Fault>,
}

/// A step that is awaited, and of whom.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Awaited {
    /// `authority`, `registrar`, `trustee` or `anyone`.
    who: &'static str,
    number: u32,
    step: &'static str,
    /// Of the program `vitrine`.
    command: &'static str,
    /// From this minute on it may be done, or is late.
    due: Option<u64>,
}

impl Look {
    /// Reads all entries of these files; `None` without a first entry.
    pub(crate) fn at(files: &BTreeMap<String, Vec<u8>>) -> Result<Self, String> {
        let mut look = Self::default();
        for log in 1.. {
            let fetch = |path: &tlog::record::RecordPath| {
                Ok::<_, Infallible>(files.get(&ChainPath::new(log, *path).to_string()).cloned())
            };
            if log > 1 && !files.keys().any(|name| name.starts_with(&format!("{log}/"))) {
                break;
            }
            let mut reader = RecordReader::open(fetch).map_err(|error| error.to_string())?;
            (look.note, look.start) = (reader.checkpoint_note().to_vec(), look.entries.len());
            while let Some(bundle) = reader.next_bundle().map_err(|error| error.to_string())? {
                for (_, bytes) in bundle.entries() {
                    look.take(bytes);
                }
            }
        }
        Ok(look)
    }

    fn take(&mut self, bytes: &[u8]) {
        let index = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
        match Entry::decode(bytes) {
            Ok(entry) => {
                if let Err(rejection) = self.fold(&entry) {
                    self.fault.get_or_insert(Fault { index, text: rejection.to_string() });
                }
                self.entries.push((entry, bytes.len()));
            }
            Err(rejection) => {
                self.fault.get_or_insert(Fault { index, text: rejection.to_string() });
            }
        }
    }

    /// VER-40: until the opening every rule is applied, the proofs of the roll's keys excepted.
    fn fold(&mut self, entry: &Entry) -> Result<(), protocol::Rejection> {
        let Some(election) = &mut self.election else {
            self.election = Some(Election::begin(entry)?);
            return Ok(());
        };
        let submission = entry.submission();
        let body = submission.body()?;
        if matches!(election.phase(), Phase::Setup) {
            if matches!(body, Body::Roll(_)) {
                let proven = election.examine(&submission)?.assume_proven();
                return election.accept(entry, proven);
            }
            return election.apply(entry);
        }
        match (body, submission.author()?) {
            (Body::Ballot(_), Author::Credential(key)) => {
                self.ballots.push(entry.time);
                self.voters.insert(key.as_bytes().to_vec());
            }
            (Body::AuditedBallot(_), _) => self.audits = self.audits.saturating_add(1),
            (Body::Extension(extension), _) => self.closing = Some(extension.closing),
            (Body::Closing(_), _) => self.closed = true,
            (Body::PartialDecryption(partial), Author::Trustee(trustee)) => {
                self.answers.entry((partial.contest, partial.group)).or_default().insert(trustee);
            }
            (Body::Result(result), _) => {
                self.results.insert((result.contest, result.group));
            }
            (Body::Retirement(_), Author::Trustee(trustee)) => {
                self.retired.insert(trustee);
            }
            _ => {}
        }
        Ok(())
    }

    /// The view, as JSON.
    pub(crate) fn view(&self, now: u64) -> Result<String, String> {
        let election = self.election.as_ref().ok_or("the record has no manifest")?;
        let manifest = election.manifest();
        let closing = self.closing.unwrap_or(manifest.closing);
        let ceremony = election.ceremony();
        let (witnessed, witnesses) = self.witnessed(election);
        let view = View {
            title: &manifest.title,
            fingerprint: election.fingerprint().to_string(),
            phase: self.phase(election),
            opening: manifest.opening,
            closing,
            entries: self.entries.len(),
            last: self.entries.last().map_or(0, |(entry, _)| entry.time),
            authority: &manifest.authority.name,
            registrars: manifest.registrars.iter().map(|one| one.name.as_str()).collect(),
            trustees: manifest.trustees.iter().map(|one| one.name.as_str()).collect(),
            threshold: manifest.threshold,
            quorum: manifest.quorum,
            stage: ceremony.stage().number(),
            left: ceremony.departures().keys().copied().collect(),
            roll: manifest.roll_length,
            voters: self.voters.len(),
            ballots: self.ballots.len(),
            audits: self.audits,
            turnout: self.turnout(),
            results: (self.results.len(), self.answers.len()),
            awaited: self.awaited(election, closing, now),
            witnessed,
            witnesses,
            checkpoint: String::from_utf8_lossy(&self.note).into_owned(),
            fault: self.fault.as_ref(),
        };
        serde_json::to_string(&view).map_err(|error| error.to_string())
    }

    /// The first log's checkpoint, judged by the manifest's policy; of what continues it only verifying tells.
    fn witnessed(&self, election: &Election) -> (&'static str, Vec<(String, u64)>) {
        let trust = Trust::of_manifest(election.manifest()).ok().filter(|_| self.start == 0);
        let judged = trust.and_then(|trust| Witnessed::judge(&self.note, &trust).ok());
        match judged.map(|(_, witnessed)| witnessed) {
            Some(Witnessed::NotRequired) => ("none", Vec::new()),
            Some(Witnessed::Awaiting(by)) => ("too-few", by),
            Some(Witnessed::Quorum(by)) => ("quorum", by),
            Some(Witnessed::NotJudged) | None => ("unknown", Vec::new()),
        }
    }

    /// Whether another copy's checkpoint is of this same log: `same`, `behind` it, `ahead` of it, or `differs`.
    pub(crate) fn compare(&self, note: &str) -> Result<&'static str, String> {
        let text = |note: &str| note.split_once("\n\n").map(|(text, _)| format!("{text}\n")).unwrap_or_default();
        let own = Checkpoint::parse(&text(&String::from_utf8_lossy(&self.note))).map_err(|error| error.to_string())?;
        let other = Checkpoint::parse(&text(note)).map_err(|error| error.to_string())?;
        if own.origin() != other.origin() {
            return Ok("other");
        }
        if other.size() > own.size() {
            return Ok("ahead");
        }
        let mut tree = CompactRange::default();
        let covered = usize::try_from(other.size()).unwrap_or(usize::MAX);
        for (entry, _) in self.entries.iter().skip(self.start).take(covered) {
            tree.append(leaf_hash(&entry.encode()));
        }
        Ok(match (other.covers(&tree), own.size() == other.size()) {
            (false, _) => "differs",
            (true, true) => "same",
            (true, false) => "behind",
        })
    }

    fn phase(&self, election: &Election) -> &'static str {
        match election.phase() {
            Phase::Setup => "setup",
            Phase::Failed => "failed",
            _ if !self.closed => "voting",
            _ if self.is_tallied() => "tallied",
            _ => "closed",
        }
    }

    /// Everything that a trustee answered has its result.
    fn is_tallied(&self) -> bool {
        !self.results.is_empty() && self.answers.keys().all(|group| self.results.contains(group))
    }

    /// How many ballots were recorded by when: at most [`POINTS`] points.
    fn turnout(&self) -> Vec<(u64, usize)> {
        let (Some(first), Some(last)) = (self.ballots.first(), self.ballots.last()) else { return Vec::new() };
        let width = (last.saturating_sub(*first) / POINTS).saturating_add(1);
        let mut points: BTreeMap<u64, usize> = BTreeMap::new();
        for (count, time) in (1..).zip(&self.ballots) {
            points.insert(time.saturating_sub(*first) / width, count);
        }
        let end = |place: u64| first.saturating_add(place.saturating_add(1).saturating_mul(width)).saturating_sub(1);
        points.into_iter().map(|(place, count)| (end(place), count)).collect()
    }

    /// What is awaited of whom now.
    fn awaited(&self, election: &Election, closing: u64, now: u64) -> Vec<Awaited> {
        let one = |who, number, step, command, due| Awaited { who, number, step, command, due };
        let (manifest, ceremony) = (election.manifest(), election.ceremony());
        let trustees = 1..=u32::try_from(manifest.trustees.len()).unwrap_or(u32::MAX);
        match self.phase(election) {
            "setup" => {
                let registrars = 1..=u32::try_from(manifest.registrars.len()).unwrap_or(u32::MAX);
                let rolls = registrars.filter(|number| election.roll().missing_chunk_count(*number) > 0);
                let mut list: Vec<Awaited> = rolls
                    .map(|number| one("registrar", number, "roll", "registrar publish", Some(manifest.opening)))
                    .collect();
                let step = ["commit", "deal", "check", "rehearse"];
                let step =
                    usize::try_from(ceremony.stage().number()).ok().and_then(|stage| step.get(stage.checked_sub(1)?));
                let due = ceremony.due(manifest);
                if let Some(step) = step {
                    let awaited = ceremony.awaited(manifest);
                    list.extend(awaited.iter().map(|number| one("trustee", *number, step, "trustee step", due)));
                    if !awaited.is_empty() && due.is_some_and(|due| due <= now) {
                        list.push(one("authority", 0, "end-stage", "authority end-stage", due));
                    }
                } else if election.roll().is_complete() {
                    list.push(one("authority", 0, "open", "authority open", Some(manifest.opening)));
                }
                list
            }
            "voting" if closing.saturating_add(manifest.grace) <= now => {
                vec![one("authority", 0, "close", "authority close", Some(closing.saturating_add(manifest.grace)))]
            }
            "closed" => {
                let active = ceremony.active();
                let lacks = |trustee: &u32| {
                    self.answers.is_empty()
                        || self.answers.iter().any(|(group, by)| !self.results.contains(group) && !by.contains(trustee))
                };
                let mut list: Vec<Awaited> = active
                    .into_iter()
                    .filter(lacks)
                    .map(|number| one("trustee", number, "decrypt", "trustee decrypt", None))
                    .collect();
                let enough = usize::try_from(manifest.threshold).unwrap_or(usize::MAX);
                if self.answers.iter().any(|(group, by)| by.len() >= enough && !self.results.contains(group)) {
                    list.push(one("anyone", 0, "result", "authority result", None));
                }
                list
            }
            "tallied" => {
                let holding = trustees.filter(|number| !self.retired.contains(number));
                holding.map(|number| one("trustee", number, "retire", "trustee retire", None)).collect()
            }
            "failed" => vec![one("authority", 0, "again", "authority again", None)],
            _ => Vec::new(),
        }
    }

    /// Some entries, as JSON.
    pub(crate) fn entries(&self, from: usize, count: usize) -> Result<String, String> {
        let election = self.begun()?;
        let shown = self.entries.iter().skip(from).take(count.min(MOST));
        let views: Vec<EntryView> = shown.map(|(entry, bytes)| EntryView::of(entry, *bytes, election)).collect();
        serde_json::to_string(&views).map_err(|error| error.to_string())
    }

    /// The entries of officials but for the roll's: the story of key and count, as JSON.
    pub(crate) fn story(&self) -> Result<String, String> {
        let election = self.begun()?;
        let told = self.entries.iter().filter(|(entry, _)| {
            !matches!(
                entry.submission().body(),
                Ok(Body::Roll(_) | Body::Ballot(_) | Body::AuditedBallot(_) | Body::Replacement(_))
            )
        });
        let views: Vec<EntryView> =
            told.take(MOST).map(|(entry, bytes)| EntryView::of(entry, *bytes, election)).collect();
        serde_json::to_string(&views).map_err(|error| error.to_string())
    }

    /// The ballots whose trackers begin so, as JSON.
    pub(crate) fn find(&self, typed: &str) -> Result<String, String> {
        let election = self.begun()?;
        let typed: TypedTracker =
            typed.parse().map_err(|error: ballot_client::tracker::TrackerError| error.to_string())?;
        let matching = self.entries.iter().filter(|(entry, _)| {
            let submission = entry.submission();
            matches!(submission.body(), Ok(Body::Ballot(_))) && typed.matches(&submission.id(&election.fingerprint()))
        });
        let views: Vec<EntryView> =
            matching.take(MOST).map(|(entry, bytes)| EntryView::of(entry, *bytes, election)).collect();
        serde_json::to_string(&views).map_err(|error| error.to_string())
    }

    /// The bytes of an entry, in hexadecimal.
    pub(crate) fn bytes(&self, index: usize) -> Option<String> {
        self.entries.get(index).map(|(entry, _)| hex::encode(entry.encode()))
    }

    fn begun(&self) -> Result<&Election, String> {
        self.election.as_ref().ok_or_else(|| "the record has no manifest".to_owned())
    }
}

#[cfg(test)]
mod tests;
