//! Names of tiles and bundles: one name for one tile, and no listing of names takes long. The first eight bytes are the tree's size.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::record::{ChainPath, RecordPath, check_listing, split_listing};

fuzz_target!(|bytes: &[u8]| {
    let Some((size, text)) = bytes.split_first_chunk() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    for line in text.lines() {
        if let Ok(path) = line.parse::<RecordPath>() {
            assert_eq!(path.to_string(), line);
            let _ = path.byte_limit();
        }
        if let Ok(path) = line.parse::<ChainPath>() {
            assert_eq!(path.to_string(), line);
        }
    }
    let _ = split_listing(text.lines());
    let _ = check_listing(u64::from_be_bytes(*size), text.lines());
});
