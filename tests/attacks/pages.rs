//! Pages that are not those of the manifest (THR-98).

use ballot_client::{Credential, OpenElection, Session, TypedTracker, check_audit};
use bulletin_board::pages::Bundle;
use crypto::{SecretScalar, schnorr::SigningKey};
use protocol::{Selection, manifest::Pages};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use vitrine_tests::{Drill, Options};

type Files = Vec<(String, Vec<u8>)>;

fn files() -> Files {
    let files: [(&str, &[u8]); 4] = [
        ("assets/vote-1.js", b"seal(choice)"),
        ("assets/web_voter-2.wasm", b"\0asm"),
        ("observe.html", b"<!doctype html><title>Observe</title>"),
        ("vote.html", b"<!doctype html><script type=module src=assets/vote-1.js></script>"),
    ];
    files.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).to_vec()
}

fn digest(files: &Files) -> [u8; 32] {
    Bundle::of(files.iter().cloned()).digest().unwrap()
}

/// THR-98: whoever fetches what a server gives out sees that it is not what the manifest names, whichever byte was changed; and what the page
/// seals in the place of the choice is seen by a second device, whoever served the page.
#[test]
fn a_page_that_is_not_the_manifest_s() {
    let honest = files();
    let pages = Some(Pages { bundle: digest(&honest), boards: Vec::new() });
    let drill = Drill::opened(Options { pages, ..Options::simple(2) });
    let named = drill.election.manifest().pages.as_ref().unwrap().bundle;
    assert_eq!(digest(&files().into_iter().rev().collect()), named, "in whatever order they came");
    for place in 0..honest.len() {
        let mut others = Vec::new();
        for byte in 0..honest[place].1.len() {
            let mut changed = honest.clone();
            changed[place].1[byte] ^= 1;
            others.push(changed);
        }
        let mut longer = honest.clone();
        longer[place].1.push(b'\n');
        let mut renamed = honest.clone();
        renamed[place].0 = renamed[place].0.replace("e", "o");
        let mut fewer = honest.clone();
        fewer.remove(place);
        let mut more = honest.clone();
        more.push((format!("assets/more-{place}.js"), honest[place].1.clone()));
        for other in others.into_iter().chain([longer, renamed, fewer, more]) {
            assert_ne!(digest(&other), named, "{other:?}");
        }
    }

    // The page was told Ada, seals Carl, and may say of itself what it likes: it must show a tracker before it knows that it will be audited.
    let open = OpenElection::check(&drill.election, &drill.election.fingerprint()).unwrap();
    let key = SigningKey::from_secret(SecretScalar::new(*drill.credentials[0].secret().expose()));
    let session = Session::of(open, Credential::from_key(key).unwrap()).unwrap();
    let ballot = session.ballot().select(0, Selection::Options(vec![2])).unwrap();
    let sealed = ballot.seal(&mut ChaCha20Rng::seed_from_u64(98)).unwrap();
    let shown: TypedTracker = sealed.tracker().to_string().parse().unwrap();
    let findings = check_audit(&sealed.audit().encode(), &shown, &drill.election).unwrap();
    assert_eq!(findings.contests[0].words, ["Carl"]);
}
