//! Cosignatures: a log's head is shown to all witnesses of its policy at once, and what a quorum has cosigned is served (BRD-19 to
//! BRD-24).
//!
//! Per election one [`Cosigner`] names the head to be cosigned, and one worker per witness asks for it in its own time, so that none waits
//! for another. What a worker brings was checked under its witness's key; what the cosigner adds to a checkpoint is nothing else.

mod cosigner;
mod gathering;
mod remote;
mod worker;

pub(crate) use cosigner::{Cosigner, EvidenceRequest};

use remote::Remote;
use serde::Deserialize;
use std::{collections::BTreeMap, time::Duration};
use tlog::{
    checkpoint,
    note::VerifierKey,
    policy::{Policy, Witness},
};

/// How the board asks witnesses: the table `[cosigning]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Milliseconds from one head that is shown to the witnesses to the next.
    pub interval: u64,
    /// Milliseconds within which a witness must answer.
    pub timeout: u64,
    /// Seconds after which cosignatures are asked for again although nothing came in.
    pub refresh: u64,
    /// Milliseconds for which a queue is held for time evidence; at most 10,000 (BRD-25).
    pub hold: u64,
    /// Milliseconds after a hold that ended unused in which no other begins (BRD-27).
    pub pause: u64,
    /// BRD-23: take submissions after a start before a quorum of the witnesses has cosigned the head. Only for a board whose database is
    /// certain to be the last one.
    pub start_without_witnesses: bool,
    /// Where witnesses are asked, by their names in the policy; the policy's own address otherwise.
    pub witness_urls: BTreeMap<String, String>,
}

/// BRD-25: milliseconds.
const LONGEST_HOLD: u64 = 10_000;

impl Default for Settings {
    fn default() -> Self {
        Self {
            interval: 1000,
            timeout: 5000,
            refresh: 600,
            hold: LONGEST_HOLD,
            pause: 10_000,
            start_without_witnesses: false,
            witness_urls: BTreeMap::new(),
        }
    }
}

/// BRD-24: whether a witness shows a checkpoint that this log has signed. Asked before a log begins, of all at once: its database may be
/// lost.
pub(crate) async fn is_known(policy: &Policy, log_key: &VerifierKey, settings: &Settings) -> bool {
    let asked = policy.witnesses().iter().map(|witness| async move {
        let Ok(remote) = Remote::new(settings.address(witness), log_key.name(), settings.timeout()) else {
            return false;
        };
        let note = tokio::time::timeout(settings.timeout(), remote.shown()).await;
        let Ok(Ok(note)) = note else { return false };
        checkpoint::open(&note, std::slice::from_ref(log_key)).is_ok()
    });
    futures_util::future::join_all(asked).await.contains(&true)
}

impl Settings {
    /// Where a witness is asked, if anybody says.
    fn address<'s>(&'s self, witness: &'s Witness) -> Option<&'s str> {
        self.witness_urls.get(&witness.name).or(witness.url.as_ref()).map(String::as_str)
    }

    fn interval(&self) -> Duration {
        Duration::from_millis(self.interval.max(1))
    }

    fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout.max(1))
    }

    /// BRD-22: between two questions to a witness that fails.
    fn longest_pause(&self) -> Duration {
        self.timeout().saturating_mul(3)
    }

    fn refresh(&self) -> Duration {
        Duration::from_secs(self.refresh.max(1))
    }

    /// BRD-25.
    pub(crate) fn hold(&self) -> Duration {
        Duration::from_millis(self.hold.min(LONGEST_HOLD))
    }

    /// BRD-27.
    pub(crate) fn pause(&self) -> Duration {
        Duration::from_millis(self.pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_have_defaults_and_limits() {
        let text = "timeout = 100\nhold = 60000\n\n[witness_urls]\nnorth = \"http://localhost:1\"\n";
        let settings: Settings = toml::from_str(text).unwrap();
        assert_eq!((settings.interval, settings.start_without_witnesses), (1000, false));
        assert_eq!((settings.timeout().as_millis(), settings.longest_pause().as_millis()), (100, 300));
        assert_eq!(settings.hold().as_secs(), 10, "BRD-25");
        assert_eq!(settings.witness_urls["north"], "http://localhost:1");
        assert!(toml::from_str::<Settings>("intervall = 1").is_err(), "a misspelt line is not ignored");
    }
}
