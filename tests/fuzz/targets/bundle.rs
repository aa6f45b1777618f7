//! Entry bundles and tiles. The first two bytes are the width that is claimed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::tile::{decode_bundle, decode_tile, encode_bundle};

fuzz_target!(|bytes: &[u8]| {
    let Some((width, bytes)) = bytes.split_first_chunk() else { return };
    let width = u16::from_be_bytes(*width);
    if let Ok(entries) = decode_bundle(bytes, width) {
        assert_eq!(entries.len(), usize::from(width));
        assert_eq!(encode_bundle(&entries).expect("entries that were read fit"), bytes);
    }
    if let Some(hashes) = decode_tile(bytes, width) {
        assert_eq!(hashes.concat(), bytes);
    }
});
