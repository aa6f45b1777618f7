//! The system calls that a board makes on its database, and what is done to each.

use crate::board::{Board, Town};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

/// What may be done to files. Reading is left alone: it changes nothing, and `pread64` alone has hundreds of calls.
pub(crate) const CALLS: [&str; 8] =
    ["openat", "pwrite64", "write", "fsync", "fdatasync", "ftruncate", "unlink", "rename"];

/// One call of one round, and what it meets.
pub(crate) struct Fault {
    call: String,
    /// Which of these calls of a thread, from 1.
    number: usize,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    /// The process is killed as it makes the call.
    Killed,
    /// The call fails, and nothing is done. (What is done and reported as failed is the store's own test: no tracer can make it.)
    Failed,
}

impl Fault {
    /// Whether it ends the process.
    pub(crate) fn kills(&self) -> bool {
        matches!(self.what, What::Killed)
    }

    /// As `strace --inject` wants it.
    pub(crate) fn injection(&self) -> String {
        let Self { call, number, what } = self;
        match what {
            What::Killed => format!("{call}:signal=KILL:when={number}"),
            What::Failed => format!("{call}:error=EIO:when={number}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            What::Killed => "a kill at",
            What::Failed => "an error at",
        };
        write!(formatter, "{what} {} number {}", self.call, self.number)
    }
}

/// Every fault, from the calls of one undisturbed round.
pub(crate) fn calls(town: &Town, prepared: &Path, entries: u32) -> Vec<Fault> {
    let folder = tempfile::tempdir().unwrap();
    crate::board::copy(prepared, folder.path());
    let trace = folder.path().join("trace");
    let board = Board::start_traced(folder.path(), &trace).unwrap();
    assert_eq!(town.post(&board, entries).len(), usize::try_from(entries).unwrap());
    board.end();
    // `<thread> <call>(...`; what another thread interrupted has its name in its first line.
    let mut most: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for line in fs::read_to_string(&trace).unwrap().lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let Some((call, _)) = rest.trim_start().split_once('(') else { continue };
        if CALLS.contains(&call) {
            *most.entry(call.to_owned()).or_default().entry(thread.to_owned()).or_default() += 1;
        }
    }
    let seen: BTreeSet<&str> = most.keys().map(String::as_str).collect();
    for needed in ["openat", "pwrite64"] {
        assert!(seen.contains(needed), "no {needed} in the trace, only {seen:?}");
    }
    assert!(seen.contains("fsync") || seen.contains("fdatasync"), "nothing makes the database durable: {seen:?}");
    let mut faults = Vec::new();
    for (call, threads) in &most {
        let count = threads.values().copied().max().unwrap_or(0);
        for number in 1..=count {
            for what in [What::Killed, What::Failed] {
                faults.push(Fault { call: call.clone(), number, what });
            }
        }
    }
    faults
}
