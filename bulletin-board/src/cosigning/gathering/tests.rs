use super::*;
use tlog::{checkpoint::Checkpoint, cosignature::CosignerKey, note::SignerKey};

struct Three {
    log: SignerKey,
    witnesses: Vec<CosignerKey>,
    policy: Policy,
}

impl Three {
    /// Two of three.
    fn new() -> Self {
        let log = SignerKey::from_seed("board.example/1", &[1; 32]).unwrap();
        let witness = |seed: u8| CosignerKey::from_seed(&format!("w{seed}.example"), &[seed; 32]).unwrap();
        let witnesses: Vec<CosignerKey> = (2..5).map(witness).collect();
        let lines = |(place, key): (usize, &CosignerKey)| format!("witness w{place} {}\n", key.verifier_key());
        let lines: String = witnesses.iter().enumerate().map(lines).collect();
        let policy = format!("log {}\n{lines}group g 2 w0 w1 w2\nquorum g\n", log.verifier_key());
        Self { log, witnesses, policy: Policy::parse(policy.as_bytes()).unwrap() }
    }

    fn head(&self, size: u64) -> Checkpoint {
        Checkpoint::new("board.example/1", size, [7; 32]).unwrap()
    }

    fn gathering(&self, size: u64) -> Gathering {
        Gathering::new(size, checkpoint::sign(&self.head(size), &self.log).unwrap(), &self.policy)
    }

    fn line(&self, place: usize, time: u64) -> NoteSignature {
        self.witnesses[place].cosign(&self.head(5), time).unwrap()
    }

    fn key(&self) -> VerifierKey {
        self.log.verifier_key()
    }
}

/// BRD-21: nothing before the quorum; then the latest line of each witness, in the policy's order.
#[test]
fn a_checkpoint_has_the_latest_line_of_each_witness() {
    let three = Three::new();
    let mut gathering = three.gathering(5);
    assert!(gathering.add(2, three.line(2, 100), 100));
    assert_eq!(gathering.checkpoint(&three.policy, &three.key()), None);
    assert!(gathering.add(0, three.line(0, 100), 100));
    assert!(gathering.add(0, three.line(0, 200), 200));
    assert!(!gathering.add(0, three.line(0, 150), 150), "an earlier time replaces none");
    assert!(!gathering.add(3, three.line(0, 300), 300), "nobody has this place");
    let note = gathering.checkpoint(&three.policy, &three.key()).unwrap();
    let signed = three.policy.open_strict(note.as_bytes(), 0).unwrap();
    let times: Vec<u64> = signed.cosignatures().iter().map(|cosignature| cosignature.timestamp).collect();
    assert_eq!(times, [200, 100]);
    assert!(!gathering.is_complete());
    assert!(gathering.add(1, three.line(1, 1), 1));
    assert!(gathering.is_complete());
}

/// CLO-2: only lines of the time asked for, and enough of them.
#[test]
fn evidence_has_only_lines_of_its_time() {
    let three = Three::new();
    let mut gathering = three.gathering(5);
    for (place, time) in [(0, 100), (1, 200), (2, 300)] {
        gathering.add(place, three.line(place, time), time);
    }
    let lines = |since| {
        let note = gathering.evidence(&three.policy, &three.key(), since)?;
        Some(three.policy.open_strict(note.as_bytes(), since).unwrap().cosignatures().len())
    };
    assert_eq!((lines(0), lines(200), lines(201)), (Some(3), Some(2), None));
}

/// BRD-23: what was cosigned before the start is served, and guards nothing.
#[test]
fn what_is_recalled_guards_nothing() {
    let three = Three::new();
    let mut gathering = three.gathering(5);
    for place in [0, 1] {
        gathering.add(place, three.line(place, 100), 100);
    }
    assert!(gathering.is_guarded(&three.policy, &three.key(), 100));
    let note = gathering.checkpoint(&three.policy, &three.key()).unwrap();
    let mut started = three.gathering(5);
    assert_eq!(started.recall(&note, &three.policy, &three.key()), [Some(100), Some(100), None]);
    assert_eq!(started.checkpoint(&three.policy, &three.key()), Some(note.clone()));
    assert!(!started.is_guarded(&three.policy, &three.key(), 100));
    assert!(started.add(0, three.line(0, 100), 100), "the same time, but now");
    assert!(!started.is_guarded(&three.policy, &three.key(), 100));
    assert!(started.add(2, three.line(2, 100), 100));
    assert!(started.is_guarded(&three.policy, &three.key(), 100));
    assert!(!started.is_guarded(&three.policy, &three.key(), 101), "lines of before, played again");
    // On a larger head the same lines say only what each witness remembers.
    let mut larger = three.gathering(6);
    assert_eq!(larger.recall(&note, &three.policy, &three.key()), [Some(100), Some(100), None]);
    assert_eq!(larger.checkpoint(&three.policy, &three.key()), None);
    assert_eq!(larger.recall("garbage", &three.policy, &three.key()), [None, None, None]);
}
