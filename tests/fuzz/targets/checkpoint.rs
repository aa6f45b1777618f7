//! Checkpoints, bare and signed by a known key.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::checkpoint::{self, Checkpoint};
use tlog::note::SignerKey;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(read) = Checkpoint::parse(text) else {
        // A note that no known key signed is never opened.
        let key = SignerKey::from_seed("example.org/log", &[7; 32]).expect("a good name").verifier_key();
        assert!(checkpoint::open(bytes, &[key.clone()]).is_err());
        assert!(checkpoint::open_strict(bytes, &[key]).is_err());
        return;
    };
    assert_eq!(read.encode(), text);
    let key = SignerKey::from_seed(read.origin(), &[7; 32]).expect("an origin is a key name");
    let note = checkpoint::sign(&read, &key).expect("a checkpoint that was read can be signed");
    let opened = checkpoint::open_strict(note.as_bytes(), &[key.verifier_key()]).expect("just signed");
    assert_eq!(opened.checkpoint(), &read);
});
