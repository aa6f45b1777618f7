//! Voters' receipts (`tlog-proof`): read, printed back, and never believed without a signature.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::merkle::leaf_hash;
use tlog::note::SignerKey;
use tlog::proof::Receipt;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(receipt) = Receipt::parse(bytes) {
        assert_eq!(receipt.encode().as_bytes(), bytes);
        let key = SignerKey::from_seed("example.org/log", &[7; 32]).expect("a good name");
        assert!(receipt.verify(&leaf_hash(b"an entry"), &[key.verifier_key()]).is_err());
    }
});
