//! A manifest's way to its log (BRD-1 to BRD-4).

use super::Board;
use crate::{
    cosigning,
    log::{Log, Placed},
    refusal::Refusal,
    replay::on_a_thread,
    status,
    store::{Addition, Place},
};
use board_api::PromiseDocument;
use protocol::{
    Body, Election, Entry, Finding, Manifest, Rejection, Submission, fingerprint,
    ids::{ElectionFingerprint, EntryHash},
};
use tlog::{
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
};

impl Board {
    /// HTTP-10: a manifest's way to its promise (BRD-1 to BRD-4).
    pub(crate) async fn create(&self, bytes: &[u8]) -> Result<PromiseDocument, Refusal> {
        let submission = Submission::decode(bytes)?;
        let manifest = match submission.body()? {
            Body::Manifest(manifest) => manifest,
            other => {
                return Err(Rejection::ManifestMisplaced(Finding::new("a manifest as entry 0", other.name())).into());
            }
        };
        let election = fingerprint::election(submission.body_bytes());
        let _one_at_a_time = self.creating.lock().await;
        if let Some(placed) = self.created(&election).await? {
            return Ok(placed);
        }
        self.take_up_new().await?;
        if let Some(placed) = self.created(&election).await? {
            return Ok(placed);
        }
        let signer = self.admit(&manifest)?;
        // BRD-61: the board that this is a copy of may have begun the same election since.
        if self.store.is_copy().await? {
            return Err(Refusal::Outdated);
        }
        if !self.leads() {
            return self.create_elsewhere(&election, bytes).await;
        }
        let entry = Entry::new(0, EntryHash([0; 32]), self.config.clock.minutes(), submission);
        let id = entry.submission().id(&election);
        let bytes = entry.encode();
        let begun = on_a_thread(move || Election::begin(&entry)).await??;
        // BRD-24
        if cosigning::is_known(begun.policy(), &signer.verifier_key(), &self.config.cosigning).await {
            return Err(Refusal::Outdated);
        }
        let failed = |_| Refusal::Halted;
        let range = begun.range();
        let head = Checkpoint::new(signer.name(), range.size(), range.root()).map_err(failed)?;
        let note = checkpoint::sign(&head, &signer).map_err(failed)?;
        let addition = Addition { first: 0, entries: vec![(id, &bytes)], range, note: &note };
        let key = self.store.commit(Place::New { election: &election, origin: &manifest.log_origin }, addition).await?;
        let mut tree = Tree::new();
        tree.append(leaf_hash(&bytes));
        let (policy, status) = (begun.policy().clone(), status::of(&begun));
        let log = Log::new(key, self.store.clone(), policy, (tree, note, status), None);
        self.host(begun, log).map_err(|_| Refusal::Halted)?;
        self.created(&election).await?.ok_or(Refusal::Halted)
    }

    /// BRD-10: the promise for the manifest of an election that is hosted already.
    pub(super) async fn created(&self, election: &ElectionFingerprint) -> Result<Option<PromiseDocument>, Refusal> {
        let log = self.hosted().get(election).map(|hosted| hosted.log.clone());
        let Some(log) = log else { return Ok(None) };
        let placed: Option<Placed> = log.entry(0).await?;
        Ok(placed.and_then(|placed| log.promise(placed)))
    }

    /// BRD-2 to BRD-4: whether this board keeps this election's log; gives the log's key.
    fn admit(&self, manifest: &Manifest) -> Result<tlog::note::SignerKey, Refusal> {
        let authority = manifest.authority.signing_key.0;
        if !self.config.authorities.contains(&authority) {
            return Err(Refusal::ForeignAuthority(hex::encode(authority)));
        }
        let origin = board_api::board::log_origin(&self.config.origin_prefix, &manifest.election_id);
        let signer = self.key.signer(&origin).map_err(|_| Refusal::Halted)?;
        let expected = (origin, signer.verifier_key().to_string());
        let found = (manifest.log_origin.clone(), manifest.log_key.clone());
        if expected != found {
            let text = |(origin, key)| format!("origin {origin} with key {key}");
            return Err(Refusal::ForeignLog { expected: text(expected), found: text(found) });
        }
        if self.hosted().values().any(|hosted| hosted.origin == manifest.log_origin) {
            return Err(Refusal::OriginTaken(manifest.log_origin.clone()));
        }
        Ok(signer)
    }
}
