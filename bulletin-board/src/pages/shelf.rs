//! What pages are about: the elections that a board or a mirror holds (WEB-31). Everything here is at hand: nothing is folded because somebody
//! looks at a page.

use crate::{board::Board, mirror::Mirror, store::StoreError};
use async_trait::async_trait;
use board_api::{ElectionStatus, ElectionSummary};
use protocol::Manifest;
use std::sync::Arc;

/// An election, as it stands.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) status: ElectionStatus,
    pub(crate) manifest: Arc<Manifest>,
}

/// Whoever holds elections.
#[async_trait]
pub(crate) trait Shelf: Send + Sync + 'static {
    /// HTTP-11.
    fn list(&self) -> Vec<ElectionSummary>;

    /// HTTP-8: an election of exactly this name.
    fn held(&self, election: &str) -> Option<Held>;

    /// Whether ballots are taken here.
    fn takes_ballots(&self) -> bool;

    /// Entries by their place in the election, as far as there are any.
    async fn entries(&self, election: &str, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError>;
}

#[async_trait]
impl Shelf for Board {
    fn list(&self) -> Vec<ElectionSummary> {
        self.elections()
    }

    fn held(&self, election: &str) -> Option<Held> {
        match (self.log(election), self.earlier(election)) {
            (Ok(log), _) => Some(Held { status: log.status(), manifest: log.manifest()? }),
            (Err(_), Some(earlier)) => Some(Held { status: earlier.status().clone(), manifest: earlier.manifest() }),
            (Err(_), None) => None,
        }
    }

    fn takes_ballots(&self) -> bool {
        true
    }

    async fn entries(&self, election: &str, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let (log, earlier) = (self.log(election).ok(), self.earlier(election));
        // What came before this board's own log (BRD-73).
        let before = earlier.as_ref().map_or(0, |earlier| earlier.status().summary.size);
        let mut entries = match earlier {
            Some(earlier) if from < before => earlier.entries(from, to).await?,
            _ => Vec::new(),
        };
        if let Some(log) = log.filter(|_| to > before) {
            entries.extend(log.entries(from.saturating_sub(before), to.saturating_sub(before)).await?);
        }
        Ok(entries)
    }
}

#[async_trait]
impl Shelf for Mirror {
    fn list(&self) -> Vec<ElectionSummary> {
        self.logs().iter().map(|log| log.status().summary).collect()
    }

    fn held(&self, election: &str) -> Option<Held> {
        let log = self.log(&crate::board::fingerprint_of(election)?)?;
        Some(Held { status: log.status(), manifest: log.manifest()? })
    }

    fn takes_ballots(&self) -> bool {
        false
    }

    async fn entries(&self, election: &str, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        match crate::board::fingerprint_of(election).and_then(|fingerprint| self.log(&fingerprint)) {
            Some(log) => log.entries(from, to).await,
            None => Ok(Vec::new()),
        }
    }
}
