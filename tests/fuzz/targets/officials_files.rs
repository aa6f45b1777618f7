//! What officials exchange or write by hand: public key files, the manifest's template, lists of voters, the guide's settings, markers of keystores, ballot definitions. The first byte chooses.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::ids::ElectionId;
use trustee_tools::definition::{Definition, Reading};
use trustee_tools::guide::settings::Settings;
use trustee_tools::marker::is_marker;
use trustee_tools::public_keys::{RegistrarFile, TrusteeFile};
use trustee_tools::template::Template;
use trustee_tools::voters::{read_list, read_map, write_map};
use vitrine_tests::{Drill, Options};

thread_local! {
    static DRILL: Drill = Drill::begin(Options::simple(4));
}

fuzz_target!(|bytes: &[u8]| {
    let [kind, bytes @ ..] = bytes else { return };
    DRILL.with(|drill| {
        let manifest = drill.election.manifest();
        match kind {
            0 => drop(RegistrarFile::parse(bytes).map(|file| file.official(&ElectionId([1; 32]), 1))),
            1 => drop(TrusteeFile::parse(bytes).map(|file| file.keys(&ElectionId([1; 32]), 1))),
            2 => {
                if let Some(template) = std::str::from_utf8(bytes).ok().and_then(|text| Template::parse(text).ok())
                    && let Ok(text) = template.text()
                {
                    assert_eq!(Template::parse(&text).expect("what was written can be read"), template);
                }
            }
            3 => drop(read_list(bytes, manifest)),
            4 => {
                if let Ok(voters) = read_map(bytes, manifest) {
                    let mut written = Vec::new();
                    write_map(&voters, true, manifest, &mut written).expect("writing to memory");
                    assert_eq!(read_map(written.as_slice(), manifest).expect("what was written can be read"), voters);
                }
            }
            5 => {
                if let Some(settings) =
                    std::str::from_utf8(bytes).ok().and_then(|text| Settings::parse(text, "".as_ref()).ok())
                {
                    let read = Settings::parse(&settings.text(), "".as_ref());
                    assert_eq!(read.expect("what was written can be read"), settings);
                }
            }
            6 => {
                let _ = is_marker(bytes);
            }
            7 => {
                let read =
                    std::str::from_utf8(bytes).ok().and_then(|text| Definition::parse(text, &Reading::default()).ok());
                if let Some(Ok(text)) = read.map(|definition| definition.template()) {
                    assert!(Template::parse(&text).is_ok(), "a definition's template can be read");
                }
            }
            _ => {}
        }
    });
});
