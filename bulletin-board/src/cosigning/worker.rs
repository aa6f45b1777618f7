//! One witness of one election: asks it for what the cosigner names, again and again while it fails, and never faster than its answers
//! deserve (BRD-20, BRD-22).

use super::{
    Settings,
    remote::{Answer, Fault, Remote},
};
use crate::{log::Log, metrics::metrics};
use std::{sync::Arc, time::Duration};
use tlog::{
    add_checkpoint::Request,
    checkpoint,
    note::{Note, NoteSignature, VerifierKey},
};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, sleep_until, timeout},
};

/// The longest pause while somebody waits for time evidence.
const URGENT_PAUSE: Duration = Duration::from_millis(250);

/// How often a witness may correct the size in one question.
const CORRECTIONS: u32 = 3;

/// What is to be cosigned.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Grows with every target; a target may repeat a head, for fresh times.
    pub(super) round: u64,
    pub(super) size: u64,
    pub(super) note: Arc<str>,
    /// Seconds since 1970 that the cosignature must state at least; 0 if any time will do.
    pub(super) since: u64,
}

/// What came of it.
pub(super) enum Report {
    /// A cosignature that was checked.
    Cosigned { place: usize, size: u64, signature: NoteSignature, time: u64 },
    /// Nothing; the worker goes on trying.
    Failed { place: usize },
    /// BRD-24: a note that the log has signed and that the database does not have.
    Conflict { place: usize, note: String },
}

/// A witness, by its place in the policy.
pub(super) struct Worker {
    pub(super) place: usize,
    pub(super) name: String,
    pub(super) key: VerifierKey,
    pub(super) remote: Remote,
    pub(super) log: Arc<Log>,
    pub(super) log_key: VerifierKey,
    pub(super) settings: Arc<Settings>,
    /// The size the witness remembers, as far as is known here.
    pub(super) old: u64,
}

impl Worker {
    /// Runs until the cosigner is gone.
    pub(super) async fn run(mut self, mut targets: watch::Receiver<Target>, reports: mpsc::Sender<Report>) {
        let (first_pause, longest_pause) = (self.settings.interval(), self.settings.longest_pause());
        let mut pause = first_pause;
        let (mut done, mut failing) = (None, false);
        loop {
            let target = targets.borrow_and_update().clone();
            if done == Some(target.round) {
                if targets.changed().await.is_err() {
                    return;
                }
                continue;
            }
            let wait = match self.ask(&target).await {
                Ok((signature, time)) => {
                    let report = Report::Cosigned { place: self.place, size: target.size, signature, time };
                    if reports.send(report).await.is_err() {
                        return;
                    }
                    metrics().witness(&self.name, true);
                    pause = first_pause;
                    if std::mem::take(&mut failing) {
                        tracing::info!(witness = self.name, origin = self.log_key.name(), "a witness cosigns again");
                    }
                    if time >= target.since {
                        done = Some(target.round);
                        continue;
                    }
                    // Its clock is a little behind ours.
                    URGENT_PAUSE
                }
                Err(fault) => {
                    let report = self.failed(&fault, failing).await;
                    failing = true;
                    if reports.send(report).await.is_err() {
                        return;
                    }
                    let wished = if let Fault::Status(_, Some(wished)) = fault { wished } else { pause };
                    pause = pause.saturating_mul(2).min(longest_pause);
                    wished.min(longest_pause)
                }
            };
            let end = Instant::now().checked_add(wait).unwrap_or_else(Instant::now);
            if !rest(&mut targets, end).await {
                return;
            }
        }
    }

    /// BRD-22: what a failure means. A witness that claims to know more of the log than the database has must show it.
    async fn failed(&self, fault: &Fault, failing: bool) -> Report {
        metrics().witness(&self.name, false);
        let (witness, origin) = (&self.name, self.log_key.name());
        // Said once, until it cosigns again.
        if failing {
            tracing::debug!(witness, origin, cause = %fault, "a witness still does not cosign");
        } else {
            tracing::warn!(witness, origin, cause = %fault, "a witness does not cosign");
        }
        let shown = match fault {
            Fault::Ahead(_) | Fault::Inconsistent => self.remote.shown().await.ok(),
            _ => None,
        };
        match shown.and_then(|note| self.conflict(&note)) {
            Some(note) => Report::Conflict { place: self.place, note },
            None => Report::Failed { place: self.place },
        }
    }

    /// BRD-24: the note, if the log signed it and it is not of the database's history.
    fn conflict(&self, note: &[u8]) -> Option<String> {
        let signed = checkpoint::open(note, std::slice::from_ref(&self.log_key)).ok()?;
        let shown = signed.checkpoint();
        (self.log.root_at(shown.size()) != Some(*shown.root())).then(|| signed.note().encode())
    }

    /// Asks for a cosignature; a witness that remembers another size is asked again from there.
    async fn ask(&mut self, target: &Target) -> Result<(NoteSignature, u64), Fault> {
        for _ in 0..CORRECTIONS {
            let proof = self.log.prove_consistency(self.old, target.size).ok_or(Fault::Ahead(self.old))?;
            let request = Request { old: self.old, proof, checkpoint: target.note.to_string() };
            // The client has its own limit; this one also bounds what arrives drop by drop.
            let answer = timeout(self.settings.timeout(), self.remote.add_checkpoint(&request)).await;
            match answer.map_err(|_| Fault::Slow)?? {
                Answer::Lines(lines) => {
                    let cosigned = self.verified(lines, &target.note).ok_or(Fault::NoCosignature)?;
                    self.old = target.size;
                    return Ok(cosigned);
                }
                Answer::Size(size) if size > target.size => return Err(Fault::Ahead(size)),
                Answer::Size(size) => self.old = size,
            }
        }
        Err(Fault::Stubborn)
    }

    /// BRD-20: the one line that is this witness's cosignature on this head, and its time. Whatever else there is is dropped.
    fn verified(&self, lines: Vec<NoteSignature>, note: &str) -> Option<(NoteSignature, u64)> {
        let keys = [self.log_key.clone(), self.key.clone()];
        lines.into_iter().filter(|line| self.key.signed(line)).find_map(|line| {
            let mut cosigned = Note::parse(note.as_bytes()).ok()?;
            cosigned.add(line.clone()).ok()?;
            let signed = checkpoint::open_strict(cosigned.encode().as_bytes(), &keys).ok()?;
            // LOG-21: a witness states a time; 0 is none.
            let time = signed.cosignatures().first()?.timestamp;
            (time > 0).then_some((line, time))
        })
    }
}

/// Waits, but not long for a target that somebody waits for. False once the cosigner is gone.
async fn rest(targets: &mut watch::Receiver<Target>, end: Instant) -> bool {
    loop {
        if targets.borrow_and_update().since > 0 {
            sleep(URGENT_PAUSE.min(end.saturating_duration_since(Instant::now()))).await;
            return true;
        }
        tokio::select! {
            () = sleep_until(end) => return true,
            changed = targets.changed() => if changed.is_err() { return false },
        }
    }
}
