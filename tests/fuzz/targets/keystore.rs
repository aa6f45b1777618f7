//! Keystore files: arbitrary bytes in place of one, and arbitrary content rightly sealed. The first byte chooses.
#![no_main]

use std::{fs, io::Write as _};

use age::{Encryptor, scrypt, secrecy::SecretString};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;
use trustee_tools::keystore::{Keystore, KeystoreError, Passphrase};
use trustee_tools::secrets::{AuthoritySecrets, RegistrarSecrets, TrusteeSecrets};

thread_local! {
    static FOLDER: TempDir = TempDir::new().expect("a folder for temporary files");
}

const PASSPHRASE: &str = "a passphrase";

fuzz_target!(|bytes: &[u8]| {
    let [mode, bytes @ ..] = bytes else { return };
    let file = if mode % 2 == 0 { sealed(bytes) } else { bytes.to_vec() };
    if asks_for_work(&file) {
        return;
    }
    FOLDER.with(|folder| {
        let path = folder.path().join("keystore");
        fs::write(&path, &file).expect("a file in a folder of our own");
        let passphrase = |text: &str| Passphrase::new(text.to_owned().into()).expect("not empty");
        match Keystore::open::<TrusteeSecrets>(&path, passphrase(PASSPHRASE)) {
            Ok((secrets, mut keystore)) => keystore.save(&secrets).expect("what was read can be written"),
            Err(KeystoreError::Role { .. }) => {
                let registrar = Keystore::open::<RegistrarSecrets>(&path, passphrase(PASSPHRASE)).is_ok();
                let authority = Keystore::open::<AuthoritySecrets>(&path, passphrase(PASSPHRASE)).is_ok();
                assert!(!(registrar && authority), "one role");
            }
            Err(_) => {}
        }
    });
});

fn sealed(content: &[u8]) -> Vec<u8> {
    let mut recipient = scrypt::Recipient::new(SecretString::from(PASSPHRASE));
    recipient.set_work_factor(2);
    let encryptor =
        Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).expect("one recipient");
    let mut file = Vec::new();
    let mut writer = encryptor.wrap_output(&mut file).expect("writing to memory");
    writer.write_all(content).expect("writing to memory");
    writer.finish().expect("writing to memory");
    file
}

/// scrypt with a large N is slow on purpose, up to the limit that the keystore sets; a fuzzer would do nothing else.
fn asks_for_work(file: &[u8]) -> bool {
    let line = file.split(|byte| *byte == b'\n').nth(1).unwrap_or_default();
    let factor = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    std::str::from_utf8(factor).ok().and_then(|factor| factor.parse::<u32>().ok()).is_some_and(|factor| factor > 9)
}
