//! Recovery sheets as people type or scan them: whatever comes back is the same sheet again. The first byte chooses: a whole file, or words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::ids::ElectionId;
use trustee_tools::recovery::Sheet;

fuzz_target!(|bytes: &[u8]| {
    let [mode, bytes @ ..] = bytes else { return };
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let read = if mode % 2 == 0 { Sheet::parse(text) } else { Sheet::typed(ElectionId([1; 32]), 1, "A", text) };
    if let Ok(sheet) = read {
        let _ = sheet.html().expect("what was read can be printed");
        let again =
            Sheet::parse(&sheet.text().expect("what was read can be printed")).expect("what was printed can be read");
        assert_eq!(again.words(), sheet.words());
        assert_eq!((again.election_id, again.index, again.name), (sheet.election_id, sheet.index, sheet.name));
    }
});
