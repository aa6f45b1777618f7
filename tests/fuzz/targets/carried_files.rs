//! Requests and answers (chapter 04c): arbitrary bytes in place of one, and arbitrary content under the digest that it must have. The first
//! byte chooses. What an answer's reader takes is written again byte for byte.
#![no_main]

use std::fs;

use crypto::hash::{Tag, TaggedHash};
use libfuzzer_sys::fuzz_target;
use protocol::ids::ElectionFingerprint;
use tempfile::TempDir;
use trustee_tools::carry::{Answer, Request};
use vitrine_tests::{Drill, Options};

thread_local! {
    static F: ElectionFingerprint = Drill::begin(Options::simple(4)).election.fingerprint();
    static FOLDER: TempDir = TempDir::new().expect("a folder for temporary files");
}

fuzz_target!(|bytes: &[u8]| {
    let [mode, bytes @ ..] = bytes else { return };
    let mut file = bytes.to_vec();
    if mode % 2 == 0 {
        file.extend([0x58, 0x20]);
        file.extend(TaggedHash::new(Tag::Carried, 1).bytes(bytes).sha3_256());
    }
    let f = F.with(|f| *f);
    FOLDER.with(|folder| {
        let (path, again, record) =
            (folder.path().join("file"), folder.path().join("again"), folder.path().join("record"));
        fs::write(&path, &file).expect("a file in a folder of our own");
        if let Ok(answer) = Answer::read(&path, &f) {
            let _ = fs::remove_file(&again);
            Answer::write(&again, &f, &answer.head, &answer.submissions).expect("what was read can be written");
            assert_eq!(fs::read(&again).expect("just written"), file);
        }
        if let Ok(opened) = Request::open(&path, &f) {
            let _ = fs::remove_dir_all(&record);
            let _ = opened.unpack(&record);
        }
    });
});
