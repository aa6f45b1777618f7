//! Replays a record through the fold, in pieces of bounded size (VER-6, VER-15): files are read and entries decoded and examined side by
//! side, their proofs are decided in batches, and then each is taken at its position. Whatever does not pass side by side is decided
//! once more, alone, at its position: that answer is the one that counts.

use crate::{
    Options, Progress, Stage,
    checks::{
        self, CheckId, Checks, Observed,
        log::{Place, Unread},
    },
    item::{Item, Raw, run_length},
    reread,
    source::Source,
    verdict::Failure,
};
use protocol::{
    Author, Body, Election, Entry, Rejection,
    election::{Examined, Proven, prove_batch},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use rand_core::{CryptoRng, RngCore};
use rayon::prelude::*;
use tlog::{
    checkpoint::SignedCheckpoint,
    merkle::{CompactRange, Hash},
    note::VerifierKey,
    record::{ChainPath, RecordError, RecordPath, RecordReader, check_listing, split_listing},
};

/// Entries handled at once for each thread, at most.
const CHUNK_ENTRIES: usize = 512;
/// Bytes of entries handled at once for each thread, at most (and one entry more): decoded, they take some ten times that (VER-15).
const CHUNK_BYTES: usize = 512 << 10;
/// Fewest proofs that are worth a batch of their own.
const BATCH: usize = 128;

/// Why a replay ends before the record does.
pub(crate) enum Stop {
    Wrong(Failure),
    Unreadable { file: String, cause: String },
    Missing(String),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Wrong(failure)
    }
}

impl From<Unread> for Stop {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Source { file, cause } => Self::Unreadable { file, cause },
            Unread::Wrong(failure) => Self::Wrong(failure),
        }
    }
}

/// By index and leaf: whether the proofs of an entry, if it is a ballot, are decided elsewhere (VER-42).
pub(crate) type Elsewhere<'a> = dyn Fn(u64, &Hash) -> bool + Sync + 'a;

/// A replay, and all that it has found so far.
pub(crate) struct Replay<'a, S, R> {
    source: &'a S,
    options: &'a Options,
    progress: &'a mut dyn FnMut(Progress),
    rng: &'a mut R,
    /// VER-42: the ballots whose proofs are decided elsewhere, and the leaves of those that were taken so.
    elsewhere: Option<&'a Elsewhere<'a>>,
    pub(crate) relied: Vec<Hash>,
    /// A tree of all entries taken, of whatever log: what a second reading must come to again.
    range: CompactRange,
    /// The logs begun, with the size that each checkpoint claims.
    logs: Vec<(Place, u64)>,
    pub(crate) checks: Checks,
    pub(crate) election: Option<Election>,
}

impl<'a, S: Source, R: RngCore + CryptoRng> Replay<'a, S, R> {
    pub(crate) fn new(
        source: &'a S,
        options: &'a Options,
        progress: &'a mut dyn FnMut(Progress),
        rng: &'a mut R,
        elsewhere: Option<&'a Elsewhere<'a>>,
    ) -> Self {
        Self {
            source,
            options,
            progress,
            rng,
            elsewhere,
            relied: Vec::new(),
            range: CompactRange::new(),
            logs: Vec::new(),
            checks: Checks::default(),
            election: None,
        }
    }

    pub(crate) fn run(&mut self) -> Result<(), Stop> {
        let mut number = 1;
        while self.log(number)? {
            number = number.saturating_add(1);
        }
        let Some(election) = &self.election else { return Err(Stop::Missing("the manifest".into())) };
        self.checks.finish(election)?;
        self.checks.checkpoint.finish();
        self.checks.log.count.pass();
        Ok(())
    }

    /// VER-19: one log, from its checkpoint to its last entry. `false` if the chain ends before it (REC-10).
    fn log(&mut self, number: u64) -> Result<bool, Stop> {
        let source = self.source;
        let log = Place { number, first: self.range.size() };
        let refused = |error| Stop::from(checks::Log::refused(log, error));
        let mut reader = match RecordReader::open(|path| source.fetch(&ChainPath::new(number, *path))) {
            Err(RecordError::Missing(RecordPath::Checkpoint)) if number > 1 => return Ok(false),
            opened => opened.map_err(refused)?,
        };
        let size = reader.claimed().size();
        self.logs.push((log, size));
        self.checks.log.begin(self.size());
        if number == 1 {
            self.check_files(size)?;
        }
        if size == 0 && number > 1 {
            return Err(misplaced(log.first, "nothing").within(log.name("checkpoint")).into());
        }
        let threads = rayon::current_num_threads();
        let [most_entries, most_bytes] = [CHUNK_ENTRIES, CHUNK_BYTES].map(|most| most.saturating_mul(threads));
        let mut chunk = Vec::new();
        let mut bytes = 0usize;
        while let Some(bundle) = reader.next_bundle().map_err(refused)? {
            for ((leaf_index, entry), leaf) in bundle.entries().zip(bundle.leaf_hashes()) {
                bytes = bytes.saturating_add(entry.len());
                let index = log.first.saturating_add(leaf_index);
                let raw = Raw { index, leaf: *leaf, bytes: entry.to_vec() };
                if leaf_index == 0 {
                    let item = raw.decode();
                    if number == 1 {
                        self.begin(&item)?
                    } else {
                        self.take(&item, None)?
                    }
                    self.authenticate(log, |keys| reader.authenticate(keys))?;
                    continue;
                }
                chunk.push(raw);
                if chunk.len() >= most_entries || bytes >= most_bytes {
                    self.take_all(std::mem::take(&mut chunk))?;
                    bytes = 0;
                }
            }
            self.checks.log.count.done = log.first.saturating_add(reader.position());
        }
        self.take_all(chunk)?;
        self.authenticate(log, |keys| reader.finish(keys))?;
        Ok(true)
    }

    /// Entries of all logs begun, as far as their checkpoints claim.
    fn size(&self) -> u64 {
        self.logs.iter().fold(0, |sum, (_, size)| sum.saturating_add(*size))
    }

    /// REC-2, REC-7, VER-3: where the source can list its files, they are exactly those of the sizes claimed.
    fn check_files(&self, first: u64) -> Result<(), Stop> {
        let unreadable =
            |error: S::Error| Stop::Unreadable { file: "the list of files".into(), cause: error.to_string() };
        let Some(files) = self.source.list().map_err(unreadable)? else { return Ok(()) };
        let place = |number| Place { number, first: 0 };
        let logs = split_listing(files).map_err(|error| checks::Log::refused_listing(place(1), &error))?;
        for (number, files) in (1..).zip(logs) {
            let claimed = |path: &RecordPath| self.source.fetch(&ChainPath::new(number, *path));
            let size = match number {
                1 => first,
                _ => RecordReader::open(claimed)
                    .map_err(|error| checks::Log::refused(place(number), error))?
                    .claimed()
                    .size(),
            };
            check_listing(size, files).map_err(|error| checks::Log::refused_listing(place(number), &error))?;
        }
        Ok(())
    }

    /// VER-4, REC-9: against the key of the log and the witnesses that the manifest names.
    fn authenticate(
        &mut self,
        log: Place,
        open: impl FnOnce(&[VerifierKey]) -> Result<SignedCheckpoint, RecordError<S::Error>>,
    ) -> Result<(), Stop> {
        let Some(election) = &self.election else { return Err(Stop::Missing("the manifest".into())) };
        let mut policy = election.policy();
        let mut keys = policy.keys();
        if let Some(own) = &self.options.policy {
            checks::Checkpoint::add_keys(log.number, &mut keys, own)?;
            policy = own;
        }
        let signed = open(&keys).map_err(|error| checks::Log::refused(log, error))?;
        self.checks.checkpoint.authenticated(log, &signed, policy);
        Ok(())
    }

    /// Entry 0.
    fn begin(&mut self, item: &Item) -> Result<(), Stop> {
        let (entry, submission) = item.decoded().map_err(|rejection| refusal(item, &rejection))?;
        if let Ok(Body::Continuation(continuation)) = submission.body() {
            // VER-19
            return Err(Stop::Missing(format!("the record of {}, which this log continues", continuation.old_origin)));
        }
        self.checks.chain.follow(item.index, entry, item.hash)?;
        let election = Election::begin(entry).map_err(|rejection| refusal(item, &rejection))?;
        self.range.append(item.leaf);
        self.checks.chain.count.add(1);
        let fingerprint = election.fingerprint();
        self.checks.ceremony.course.begin(&election);
        self.election = Some(election);
        self.checks.manifest.begin(fingerprint, self.options.expect)?;
        Ok(())
    }

    fn take_all(&mut self, raw: Vec<Raw>) -> Result<(), Stop> {
        let items: Vec<Item> = raw.into_par_iter().map(Raw::decode).collect();
        let mut rest = items.as_slice();
        while !rest.is_empty() {
            let (run, after) = rest.split_at_checked(run_length(rest)).unwrap_or((rest, &[]));
            let prepared = if run.len() > 1 { self.prepare(run) } else { vec![None] };
            for (item, proven) in run.iter().zip(prepared) {
                self.take(item, proven)?;
            }
            rest = after;
        }
        let total = self.size();
        (self.progress)(Progress { stage: Stage::Entries, done: self.range.size(), total });
        Ok(())
    }

    /// VER-6: examines entries side by side against the present state, and decides their proofs in batches. `None` is no refusal: the
    /// entry is decided at its position.
    fn prepare(&mut self, run: &[Item]) -> Vec<Option<Proven>> {
        let Some(election) = &self.election else { return Vec::new() };
        let elsewhere = |item: &Item| item.is_ballot() && self.elsewhere.is_some_and(|is| is(item.index, &item.leaf));
        let examine = |item: &Item| {
            let submission = item.submission()?;
            let relying = elsewhere(item);
            let examined = if relying { election.examine_relying(submission) } else { election.examine(submission) };
            Some((examined.ok()?, relying))
        };
        let examined: Vec<Option<(Examined, bool)>> = run.par_iter().map(examine).collect();
        let relied = run.iter().zip(&examined).filter(|(_, examined)| matches!(examined, Some((_, true))));
        self.relied.extend(relied.map(|(item, _)| item.leaf));
        let size = run.len().div_ceil(rayon::current_num_threads()).max(BATCH);
        let mut batches = Vec::new();
        let mut rest = examined.into_iter().map(|one| one.map(|(examined, _)| examined)).peekable();
        while rest.peek().is_some() {
            // The seed is drawn when the batch is fixed: nobody can have chosen its proofs to fit the weights.
            let mut seed = [0; 32];
            let seed = self.rng.try_fill_bytes(&mut seed).is_ok().then_some(seed);
            batches.push((rest.by_ref().take(size).collect::<Vec<_>>(), seed));
        }
        let bases = election.bases();
        let decided: Vec<Vec<Option<Proven>>> = batches
            .into_par_iter()
            .map(|(batch, seed)| {
                let present: Vec<bool> = batch.iter().map(Option::is_some).collect();
                let examined = batch.into_iter().flatten().collect();
                let proven: Vec<Result<Proven, Rejection>> = match seed {
                    Some(seed) => prove_batch(examined, bases, &mut ChaCha20Rng::from_seed(seed)),
                    None => examined.into_iter().map(|one: Examined| one.prove(bases)).collect(),
                };
                let mut proven = proven.into_iter();
                present.into_iter().map(|present| if present { proven.next()?.ok() } else { None }).collect()
            })
            .collect();
        decided.into_iter().flatten().collect()
    }

    /// The next entry: taken by the fold, then looked at by the checks.
    fn take(&mut self, item: &Item, prepared: Option<Proven>) -> Result<(), Stop> {
        let Some(election) = &mut self.election else { return Err(Stop::Missing("the manifest".into())) };
        let refused = |rejection: Rejection| Stop::from(refusal(item, &rejection));
        let (entry, submission) = item.decoded().map_err(refused)?;
        self.checks.chain.follow(item.index, entry, item.hash)?;
        let begins = self.logs.last().is_some_and(|(log, _)| log.number > 1 && log.first == item.index);
        if begins != (item.kind() == Some(CONTINUATION)) {
            let found = submission.body().map_or("another body", |body| body.name());
            return Err(misplaced(item.index, found).into());
        }
        let exact = |election: &Election| election.examine(submission)?.prove(election.bases());
        let (proven, alone) = match prepared {
            Some(proven) => (proven, false),
            None => (exact(election).map_err(refused)?, true),
        };
        let author = submission.author().map_err(refused)?;
        let (id, body, ciphertexts) = (proven.id(), proven.body().clone(), proven.ciphertexts().to_vec());
        if let Err(rejection) = election.accept(entry, proven) {
            if alone {
                return Err(refused(rejection));
            }
            let again = exact(election).map_err(refused)?;
            election.accept(entry, again).map_err(refused)?;
        }
        self.range.append(item.leaf);
        self.checks.chain.count.add(1);
        let seen = Observed { index: item.index, time: entry.time, author, id, body: &body, ciphertexts: &ciphertexts };
        self.checks.observe(election, &seen)?;
        if matches!(body, Body::Closing(_)) {
            self.settle(item.index)?;
        }
        Ok(())
    }

    /// After the closing: a second reading of the ballots, for the fold's sums and for check 11.
    fn settle(&mut self, closing: u64) -> Result<(), Stop> {
        let Some(election) = &mut self.election else { return Err(Stop::Missing("the manifest".into())) };
        let progress = &mut *self.progress;
        let reading = reread::Reading {
            election,
            ballots: &self.checks.ballots,
            overrides: &self.checks.overrides,
            closing,
            logs: &self.logs,
        };
        let found = reading.run(self.source, &self.range, progress)?;
        let wrong = |error: protocol::election::SettleError| {
            let text = "the second reading gives the counted ballots of the first";
            Failure::new(CheckId::Aggregate, "VER-14", text, "every counted ballot once", error).at(closing)
        };
        election.settle(found.sums).map_err(wrong)?;
        let Checks { aggregate, closing: counted, .. } = &mut self.checks;
        aggregate.compare(election, counted, &found.own, closing)?;
        self.checks.ballots.release();
        Ok(())
    }
}

/// Body type of a continuation.
const CONTINUATION: u8 = 16;

/// REC-8, VER-20.
fn misplaced(index: u64, found: &str) -> Failure {
    let text = "a continuation is leaf 0 of each log but the first, and stands nowhere else";
    let expected = if found == "Continuation" { "an entry that continues no log" } else { "a continuation" };
    Failure::new(CheckId::Chain, "REC-8", text, expected, found).at(index)
}

fn refusal(item: &Item, rejection: &Rejection) -> Failure {
    Failure::refused(CheckId::of(rejection.rule(), item.kind()), item.index, rejection)
}

/// The author of an entry if it is a ballot.
pub(crate) fn voter(entry: &Entry) -> Option<crypto::EncodedPoint> {
    match entry.submission().author() {
        Ok(Author::Credential(key)) => Some(key),
        _ => None,
    }
}
