//! A record's files as the log crate reads them: all arbitrary, in the order in which the reader asks for them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::note::SignerKey;
use tlog::record::RecordReader;

fuzz_target!(|bytes: &[u8]| {
    let mut files = vitrine_fuzz::files(bytes).into_iter();
    let fetch = |_: &_| Ok::<_, std::convert::Infallible>(files.next().map(<[u8]>::to_vec));
    let Ok(mut reader) = RecordReader::open(fetch) else { return };
    while let Ok(Some(bundle)) = reader.next_bundle() {
        assert_eq!(bundle.entries().count(), bundle.leaf_hashes().len());
    }
    let key = SignerKey::from_seed("example.org/nobody", &[7; 32]).expect("a good name");
    assert!(reader.finish(&[key.verifier_key()]).is_err(), "nobody signed it");
});
