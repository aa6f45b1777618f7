//! A voter's receipt as the client judges it, and the look-up over the entry inside. Nothing that the log did not sign holds.
#![no_main]

use ballot_client::lookup::{Search, Wanted};
use ballot_client::receipt::{Trust, check_receipt};
use crypto::EncodedPoint;
use libfuzzer_sys::fuzz_target;
use protocol::ids::ElectionFingerprint;
use tlog::{note::SignerKey, proof::Receipt};

fuzz_target!(|bytes: &[u8]| {
    let Ok(receipt) = Receipt::parse(bytes) else { return };
    let election = ElectionFingerprint([1; 32]);
    let key = SignerKey::from_seed("example.org/nobody", &[7; 32]).expect("a good name").verifier_key();
    assert!(check_receipt(bytes, &election, &Trust::LogKey(key)).is_err());
    let mut search = Search::new(election, Wanted::Credential(EncodedPoint([2; 32])));
    let _ = search.take(&receipt.extra);
    assert!(search.found().len() <= 1);
});
