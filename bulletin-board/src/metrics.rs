//! Numbers for the operator, in the text format of Prometheus (BRD-52). No label names a voter, a credential or an address (HTTP-19).
//!
//! Counters belong to the process; what the board knows anyway is looked up when it is asked for.

use crate::{board::Board, refusal::Refusal, store::Role};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use std::{
    sync::{LazyLock, atomic::AtomicU64},
    time::Duration,
};

/// The media type of the answer.
pub(crate) const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What became of a submission.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    /// `promised`, or the rule that refused it.
    outcome: String,
}

/// A witness, as the policies name it, and what it did.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    witness: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfElection {
    election: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfWitness {
    election: String,
    witness: String,
}

/// Counted since the process began.
pub(crate) struct Metrics {
    submissions: Family<Outcome, Counter>,
    witnesses: Family<Asked, Counter>,
    batch: Histogram,
    commit: Histogram,
}

/// The process's counters.
pub(crate) fn metrics() -> &'static Metrics {
    static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics {
        submissions: Family::default(),
        witnesses: Family::default(),
        batch: Histogram::new(exponential_buckets(1.0, 2.0, 9)),
        commit: Histogram::new(exponential_buckets(0.001, 2.0, 14)),
    });
    &METRICS
}

impl Metrics {
    /// A submission was answered.
    pub(crate) fn answered<T>(&self, answer: &Result<T, Refusal>) {
        let outcome = match answer {
            Ok(_) => "promised".to_owned(),
            Err(refusal) => refusal.problem().rule,
        };
        self.submissions.get_or_create(&Outcome { outcome }).inc();
    }

    /// A batch is on the disk.
    pub(crate) fn committed(&self, entries: usize, took: Duration) {
        self.batch.observe(u32::try_from(entries).unwrap_or(u32::MAX).into());
        self.commit.observe(took.as_secs_f64());
    }

    /// A witness was asked for a cosignature, and gave one or did not.
    pub(crate) fn witness(&self, witness: &str, cosigned: bool) {
        let outcome = if cosigned { "cosigned" } else { "failed" };
        self.witnesses.get_or_create(&Asked { witness: witness.to_owned(), outcome }).inc();
    }

    /// Everything there is to say at this moment.
    pub(crate) fn text(&self, board: &Board, ready: bool) -> String {
        let mut registry = Registry::with_prefix("vitrine_board");
        registry.register("submissions", "Submissions answered, by outcome or refusing rule", self.submissions.clone());
        registry.register("cosigning", "Requests to witnesses, by witness and outcome", self.witnesses.clone());
        registry.register("batch_entries", "Entries of a committed batch", self.batch.clone());
        registry.register("commit_seconds", "Time a commit took, data on the disk", self.commit.clone());
        let flood: Counter<u64, AtomicU64> = Counter::default();
        flood.inc_by(board.operation().addresses.refused());
        registry.register("limited_requests", "Requests refused because an address had spent its budget", flood);
        single(&mut registry, "ready", "Whether submissions should be sent here", u64::from(ready));
        let role = board.role();
        single(&mut registry, "leads", "Whether this process sequences", matches!(role, Role::Leads(_)).into());
        single(&mut registry, "reaches_database", "Whether the database can be reached", (role != Role::Away).into());
        single(&mut registry, "listeners", "Listeners of live feeds", board.operation().feed.listeners());
        elections(&mut registry, board);
        copies(&mut registry, board);
        let mut text = String::new();
        match text::encode(&mut text, &registry) {
            Ok(()) => text,
            Err(_) => String::new(),
        }
    }
}

type Gauges<L> = Family<L, Gauge<u64, AtomicU64>>;

fn single(registry: &mut Registry, name: &str, help: &str, value: u64) {
    let gauge: Gauge<u64, AtomicU64> = Gauge::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

fn copies(registry: &mut Registry, board: &Board) {
    let [entries, alarm]: [Gauges<OfElection>; 2] = Default::default();
    for (election, standing) in board.copies() {
        let label = OfElection { election: election.to_string() };
        if let Some(size) = standing.size {
            entries.get_or_create(&label).set(size);
        }
        alarm.get_or_create(&label).set(standing.alarm.into());
    }
    registry.register("copied_entries", "Entries of the static copy", entries);
    registry.register("copy_alarm", "Whether somebody must look at the static copy", alarm);
}

fn elections(registry: &mut Registry, board: &Board) {
    let [entries, cosigned, accepting, waiting, age]: [Gauges<OfElection>; 5] = Default::default();
    let [witness_size, witness_age]: [Gauges<OfWitness>; 2] = Default::default();
    let now = board.clock().seconds();
    for standing in board.standings() {
        let election = standing.status.summary.fingerprint.to_string();
        let label = OfElection { election: election.clone() };
        entries.get_or_create(&label).set(standing.status.summary.size);
        cosigned.get_or_create(&label).set(standing.status.cosigned_size);
        accepting.get_or_create(&label).set(standing.status.accepting.into());
        waiting.get_or_create(&label).set(standing.waiting);
        if let Some(served) = standing.served {
            age.get_or_create(&label).set(served.elapsed().as_secs());
        }
        for witness in standing.status.witnesses {
            let label = OfWitness { election: election.clone(), witness: witness.name };
            witness_size.get_or_create(&label).set(witness.size);
            if let Some(seconds) = witness.seconds {
                witness_age.get_or_create(&label).set(now.saturating_sub(seconds));
            }
        }
    }
    registry.register("entries", "Entries in the log", entries);
    registry.register("cosigned_entries", "Entries that the served checkpoint covers", cosigned);
    registry.register("accepting", "Whether the log takes submissions", accepting);
    registry.register("waiting_submissions", "Submissions that wait for the sequencer", waiting);
    registry.register("checkpoint_age_seconds", "Time since the served checkpoint changed, in this process", age);
    registry.register("witness_entries", "Entries of the largest checkpoint a witness cosigned", witness_size);
    registry.register("witness_age_seconds", "Time since a witness cosigned, by its own clock", witness_age);
}
