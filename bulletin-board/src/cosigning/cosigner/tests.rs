use super::*;
use crate::store::{self, Addition, Place};
use board_api::{CeremonyStatus, ElectionStatus, ElectionSummary, RollStatus};
use protocol::{election::Phase, ids::ElectionFingerprint};
use tlog::{
    checkpoint::{self, Checkpoint},
    cosignature::CosignerKey,
    merkle::{CompactRange, Tree, leaf_hash},
    note::SignerKey,
    policy::Policy,
};

const F: ElectionFingerprint = ElectionFingerprint([1; 32]);

fn status() -> ElectionStatus {
    let (title, path) = (String::new(), String::new());
    ElectionStatus {
        summary: ElectionSummary { fingerprint: F, title, phase: Phase::Setup, size: 1, path },
        origin: String::new(),
        log_key: String::new(),
        accepting: true,
        opening_time: 0,
        closing_time: 0,
        last_time: 0,
        cosigned_size: 0,
        witnesses: Vec::new(),
        joint_key: None,
        opening: None,
        closing: None,
        roll: RollStatus { chunks: 0, received: Vec::new(), complete: false },
        ceremony: CeremonyStatus { stage: 1, remaining: Vec::new(), awaited: Vec::new() },
        counts: Default::default(),
        tally: Vec::new(),
        lots: Vec::new(),
    }
}

/// The cosigner of a log with one entry, whose one witness nobody asks.
async fn cosigner(folder: &std::path::Path) -> (Cosigner, CosignerKey, Checkpoint) {
    let log_key = SignerKey::from_seed("board.example/1", &[1; 32]).unwrap();
    let witness = CosignerKey::from_seed("north.example", &[2; 32]).unwrap();
    let policy = format!("log {}\nwitness north {}\nquorum north\n", log_key.verifier_key(), witness.verifier_key());
    let (mut tree, mut range) = (Tree::new(), CompactRange::new());
    tree.append(leaf_hash(&[1]));
    range.append(leaf_hash(&[1]));
    let head = Checkpoint::new(log_key.name(), 1, range.root()).unwrap();
    let note = checkpoint::sign(&head, &log_key).unwrap();
    let store = store::open(&folder.join("board.sqlite").into(), &store::Settings::default()).await.unwrap();
    let entries = vec![(protocol::ids::SubmissionId([1; 32]), [1].as_slice())];
    let addition = Addition { first: 0, entries, range: &range, note: &note };
    let place = Place::New { election: &F, origin: log_key.name() };
    let key = store.commit(place, addition).await.unwrap();
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let log = Arc::new(Log::new(key, store, policy, (tree, note, status()), None));
    let settings = Arc::new(Settings { interval: 20, refresh: 1, ..Settings::default() });
    let (cosigner, _) = Cosigner::new(&log, log_key.verifier_key(), &settings).unwrap();
    (cosigner, witness, head)
}

/// BRD-24: a log that is only served has nothing to do, and does not turn in circles over it: what would be overdue by now never is.
#[tokio::test]
async fn a_log_that_is_only_served_waits() {
    let folder = tempfile::tempdir().unwrap();
    let (mut cosigner, _, _) = cosigner(folder.path()).await;
    cosigner.begin(0);
    cosigner.log.outdated();
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(60)).await;
    (cosigner.served, cosigner.unserved) = (true, Some(cosigner.begun));
    cosigner.go_on().await.unwrap();
    assert!(cosigner.due() > Instant::now());
}

/// BRD-22, BRD-25: witnesses are asked in haste only as long as somebody waits for time evidence.
#[tokio::test]
async fn haste_ends_with_the_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let (mut cosigner, witness, head) = cosigner(folder.path()).await;
    let (answer, evidence) = oneshot::channel();
    cosigner.take_request(EvidenceRequest { since: 60, answer });
    cosigner.go_on().await.unwrap();
    assert_eq!(cosigner.targets.borrow().since, 60);
    let signature = witness.cosign(&head, 61).unwrap();
    cosigner.take(Report::Cosigned { place: 0, size: 1, signature, time: 61 }).await;
    cosigner.go_on().await.unwrap();
    assert!(evidence.await.unwrap().contains("north.example"));
    assert_eq!(cosigner.targets.borrow().since, 0);
}
