//! Signed notes: what is read prints back to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::note::Note;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.encode().as_bytes(), bytes);
    }
});
