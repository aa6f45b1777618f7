//! Seeds for the fuzz targets: the bytes of a real small election, so that fuzzing starts behind the first checks.
//! `cargo xtask fuzz` runs this before it starts; the folder is not kept in the repository.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken builder should stop the test where it broke"
)]

use ballot_client::selections::in_file;
use protocol::{Author, Body, Evidence, Manifest, Selection, body, cbor, manifest::Pages};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use std::fs;
use std::path::Path;
use tlog::{add_checkpoint::Request, merkle::leaf_hash, note::SignerKey, proof::Receipt};
use trustee_tools::{
    carry::{self, Answer, Asked, Head, Step},
    public_keys::{RegistrarFile, TrusteeFile},
};
use vitrine_tests::{
    Drill, Options,
    kinds::{any_selection, every_kind, wide_kinds},
};

/// Writes `tests/fuzz/corpus/<target>/seed-<number>`.
struct Seeds {
    count: usize,
}

impl Seeds {
    fn plant(&mut self, target: &str, parts: &[&[u8]]) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("seed-{}", self.count)), parts.concat()).unwrap();
        self.count += 1;
    }
}

#[test]
#[ignore = "writes the seeds of the fuzz targets; run by `cargo xtask fuzz`"]
fn regenerate_fuzz_seeds() {
    let mut drill = Drill::complete(Options::simple(4), |voter| match voter {
        0 => vec![Selection::Blank],
        option => vec![Selection::Options(vec![option])],
    });
    drill.retire(1).unwrap();
    let mut seeds = Seeds { count: 0 };
    for entry in &drill.entries {
        let submission = entry.submission();
        seeds.plant("entry", &[&entry.encode()]);
        seeds.plant("entry", &[&submission.encode()]);
        seeds.plant("body", &[submission.body_bytes()]);
        match submission.body().unwrap() {
            Body::Manifest(manifest) => seeds.plant("manifest", &[&cbor::encode(&*manifest)]),
            Body::Dealing(dealing) => seeds.plant("dealing", &[&[5, 2], &cbor::encode(&dealing)]),
            // Four options and a blank: 3 + 1, choose one, 128.
            Body::Ballot(ballot) => seeds.plant("sealed_contest", &[&[3, 128], &ballot.contests[0]]),
            _ => {}
        }
        let author = match submission.author().unwrap() {
            Author::Authority | Author::Anyone => 0,
            Author::Registrar(index) | Author::Trustee(index) => u8::try_from(index).unwrap(),
            Author::Credential(_) => 1,
        };
        // The same body in every state that the target knows.
        for state in 0..10 {
            seeds.plant("fold", &[&[state, author], submission.body_bytes()]);
        }
    }
    let record = drill.record();
    let width = u16::try_from(drill.entries.len()).unwrap().to_be_bytes();
    let mut image = Vec::new();
    // In the order in which a reader asks for them.
    for prefix in ["checkpoint", "tile/entries/000", "tile/0/000"] {
        let (_, bytes) = record.iter().find(|(name, _)| name.starts_with(prefix)).unwrap();
        image.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
        image.extend(bytes);
        seeds.plant("bundle", &[&width, bytes]);
    }
    seeds.plant("record_files", &[&image]);
    let names: Vec<&str> = record.keys().map(String::as_str).collect();
    let size = u64::try_from(drill.entries.len()).unwrap().to_be_bytes();
    seeds.plant("tile_path", &[&size, names.join("\n").as_bytes()]);
    seeds.plant("tile_path", &[&(1u64 << 40).to_be_bytes(), b"tile/3/x001/x234/067.p/17\ntile/entries/x001/000"]);
    audits(&mut seeds);
    selections(&mut seeds);
    // Mode, then edits of five bytes: kind, item, offset in two bytes, value.
    for mode in 0..3 {
        seeds.plant("tampered_record", &[&[mode]]);
        for item in 0..u8::try_from(drill.entries.len()).unwrap() {
            for kind in [0, 3, 4, 5, 6, 7] {
                seeds.plant("tampered_record", &[&[mode, kind, item, 0, item.wrapping_mul(7) + 3, 1]]);
            }
        }
    }
    pages(&mut seeds, drill.election.manifest());
    officials(&mut seeds, drill.election.manifest());
    carried(&mut seeds);
    texts(&mut seeds, &drill, &record["checkpoint"]);
}

/// Manifests with each of the fields that may be left out.
fn pages(seeds: &mut Seeds, manifest: &Manifest) {
    let boards = vec!["https://board.example.org/vote".to_owned(), "http://127.0.0.1:7878".to_owned()];
    for pages in
        [None, Some(Pages { bundle: [0xb5; 32], boards: Vec::new() }), Some(Pages { bundle: [0xb5; 32], boards })]
    {
        for overrides in [false, true] {
            let manifest = Manifest { overrides, pages: pages.clone(), ..manifest.clone() };
            seeds.plant("manifest", &[&cbor::encode(&manifest)]);
        }
    }
}

/// An opening is made by a voter's session alone, so its bytes are put together here: array of format, F, credential, ballot, openings.
fn audits(seeds: &mut Seeds) {
    let mut drill = Drill::opened(Options::simple(4));
    let (ballot, openings) = drill.seal(1, &[Selection::Options(vec![2])]);
    let openings = openings
        .into_iter()
        .map(|opening| body::ContestOpening { values: vec![0, 0, 1, 0, 0], randomness: opening.into_public().0 })
        .collect();
    let ballot = Body::Ballot(ballot).encode();
    let audited = Body::AuditedBallot(body::AuditedBallot { ballot: ballot.into(), openings }).encode();
    for state in 5..8 {
        seeds.plant("fold", &[&[state, 1], &audited]);
    }
    seeds.plant("body", &[&audited]);
    // The published body is [10, [ballot, openings]]; the opening holds the same two after three fields of its own.
    let fields = [b"\x85\x77vitrine/1/audit-opening\x58\x20".as_slice(), &drill.election.fingerprint().0, b"\x58\x20"];
    let credential = drill.credentials[1].public();
    seeds.plant("audit_opening", &[&fields.concat(), credential.as_bytes(), &audited[3..]]);
}

/// The first byte chooses the contest: a selections file with a choice that it allows, and that choice's slot values.
fn selections(seeds: &mut Seeds) {
    for (kind, contest) in (0u8..).zip(every_kind().into_iter().chain(wide_kinds())) {
        for seed in 0..4 {
            let selection = any_selection(&contest, &mut ChaCha20Rng::seed_from_u64(seed));
            let file = serde_json::json!({ "0": in_file(&contest, &selection) }).to_string();
            seeds.plant("selections", &[&[kind], file.as_bytes()]);
            let witness = contest.witness(&selection).unwrap();
            let values = contest.relation().unwrap().values(&witness).unwrap();
            let small: Vec<u8> = values.iter().flat_map(|value| [u8::try_from(*value).unwrap_or(1), 0]).collect();
            seeds.plant("selections", &[&[kind], &small]);
        }
    }
}

/// A request and an answer at the beginning of an election: whole, and without the digest, which the target then makes.
fn carried(seeds: &mut Seeds) {
    let mut drill = Drill::begin(Options::simple(4));
    let folder = tempfile::tempdir().unwrap();
    let (f, files) = (drill.election.fingerprint(), drill.record());
    let asked = Asked { party: Author::Trustee(2), step: Step::Commit };
    let request = folder.path().join("request");
    carry::Request::write(&request, &f, &asked, &files).unwrap();
    let parts = drill.dealing(2);
    drill.commit(2, &parts).unwrap();
    let commitment = drill.entries.last().unwrap().submission();
    let head = Head { log: 1, checkpoint: files["checkpoint"].clone() };
    let answer = folder.path().join("answer");
    Answer::write(&answer, &f, &head, &[commitment]).unwrap();
    for path in [request, answer] {
        let file = fs::read(path).unwrap();
        seeds.plant("carried_files", &[&[1], &file]);
        seeds.plant("carried_files", &[&[0], &file[..file.len() - 34]]);
    }
}

/// The first byte says which kind of file it is.
fn officials(seeds: &mut Seeds, manifest: &Manifest) {
    let registrar = RegistrarFile::new(&manifest.election_id, 1, &manifest.registrars[0]);
    let trustee = TrusteeFile::new(&manifest.election_id, 1, &manifest.trustees[0]);
    seeds.plant("officials_files", &[&[0], &serde_json::to_vec(&registrar).unwrap()]);
    seeds.plant("officials_files", &[&[1], &serde_json::to_vec(&trustee).unwrap()]);
    seeds.plant("officials_files", &[&[2], include_bytes!("../trustee-tools/src/example.toml")]);
    seeds.plant("officials_files", &[&[5], b"board = \"http://a\"\nelection = \"ab\"\nkeystore = \"a.age\"\n"]);
    seeds.plant("officials_files", &[&[3], b"person,unit,weight\nAda,Unit 1,1\nBlaise,Unit 1,\n"]);
    let line =
        format!("vitrine:letter/1?election={}&registrar=1&code={}&board=http://a", "ab".repeat(32), "0".repeat(24));
    seeds.plant("credential_code", &[line.as_bytes()]);
    seeds.plant("officials_files", &[&[4], b"index,person,unit,weight\n0,Ada,Unit 1,1\n1,Blaise,Unit 1,1\n"]);
    // `["vitrine/2/keystore", [0, id, name, key]]`, and a trustee's with nothing dealt, confirmed, accepted or answered.
    let head = b"\x82\x72vitrine/2/keystore";
    let bytes = [b"\x58\x20".as_slice(), &[7; 31], &[0]].concat();
    seeds.plant("keystore", &[&[0], head, &[0x84, 0], &bytes, b"\x61a", &bytes]);
    seeds.plant("keystore", &[&[0], head, &[0x85, 1], &bytes, &[1], b"\x61a", &bytes]);
    let trustee = |fields: u8, restored: u8| {
        [head.as_slice(), &[0x80u8 + fields, 2], &bytes, &[1], b"\x61a", &[restored], &bytes].concat()
    };
    seeds.plant("keystore", &[&[0], &trustee(6, 0xf4)]);
    let kept = [&[0x82], bytes.as_slice(), &[0x81], &bytes].concat();
    let confirmed = [&[0x82], bytes.as_slice(), &[0x81, 3]].concat();
    let (dealt, answered) = ([&[0x82], bytes.as_slice(), b"\x82\x41a\x41b"].concat(), &bytes);
    seeds.plant("keystore", &[&[0], &trustee(10, 0xf5), &dealt, &confirmed, &kept, answered]);
    seeds.plant("keystore", &[&[0], head, &[0x86, 3], &bytes, &[1], b"\x61a", &bytes, b"\x41a"]);
    let marker =
        br#"{"format":"vitrine/1/trustee-marker","dealt":null,"confirmed":null,"accepted":null,"answered":null}"#;
    seeds.plant("officials_files", &[&[6], marker]);
    let definition = br#"{"@type":"BallotDefinition.BallotDefinition","Version":"1.0.0","Election":[]}"#;
    seeds.plant("officials_files", &[&[7], definition]);
    let words = "abandon ".repeat(23) + "art";
    let id = "11".repeat(32);
    let sheet =
        format!("vitrine/1/recovery-sheet\nelection-id: {id}\ntrustee: 1\nname: A\nwords:\n{words}\nend-of-sheet\n");
    seeds.plant("recovery_sheet", &[&[0], sheet.as_bytes()]);
    seeds.plant("recovery_sheet", &[&[1], words.as_bytes()]);
}

fn texts(seeds: &mut Seeds, drill: &Drill, note: &[u8]) {
    seeds.plant("note", &[note]);
    seeds.plant("checkpoint", &[note]);
    seeds.plant(
        "checkpoint",
        &[note.split(|byte| *byte == b'\n').take(3).collect::<Vec<_>>().join(&b'\n').as_slice(), b"\n"],
    );
    seeds.plant("verifier_key", &[drill.board.verifier_key().to_string().as_bytes()]);
    let witness = |name: &str, seed: u8| {
        let key = tlog::cosignature::CosignerKey::from_seed(&format!("witness.example/{name}"), &[seed; 32]).unwrap();
        format!("witness {name} {} https://witness.example/{name}\n", key.verifier_key())
    };
    let policy = format!(
        "# a policy\nlog {} https://board.example/\n{}{}{}group all-of-them 2 a b c\nquorum all-of-them\n",
        SignerKey::from_seed("board.example/log", &[1; 32]).unwrap().verifier_key(),
        witness("a", 2),
        witness("b", 3),
        witness("c", 4)
    );
    seeds.plant("policy", &[policy.as_bytes()]);
    seeds.plant("policy", &[drill.election.manifest().policy.as_bytes()]);
    let path = vec![leaf_hash(b"left"), leaf_hash(b"right")];
    let checkpoint_note = String::from_utf8(note.to_vec()).unwrap();
    for extra in [Vec::new(), drill.entries[1].encode()] {
        let receipt = Receipt { extra, index: 1, path: path.clone(), checkpoint_note: checkpoint_note.clone() };
        seeds.plant("receipt", &[receipt.encode().as_bytes()]);
        seeds.plant("voter_receipt", &[receipt.encode().as_bytes()]);
        seeds.plant("evidence", &[&Evidence::ahead(drill.entries[0].submission().body_bytes(), &receipt).encode()]);
    }
    // Claims about trustees: their checks end before anybody is convicted.
    let manifest = drill.entries[0].submission();
    let mut sent = drill.entries.iter().map(protocol::Entry::submission);
    let message = sent.find(|sent| matches!(sent.author(), Ok(Author::Trustee(_)))).unwrap();
    let receipt = Receipt { extra: drill.entries[1].encode(), index: 1, path: path.clone(), checkpoint_note };
    for evidence in [
        Evidence::two_messages(manifest.body_bytes(), &message, &message),
        Evidence::left_out(manifest.body_bytes(), &receipt, (&receipt, &leaf_hash(b"other")), &receipt),
    ] {
        seeds.plant("evidence", &[&evidence.encode()]);
    }
    for (old, proof) in [(0, Vec::new()), (3, path)] {
        let request = Request { old, proof, checkpoint: String::from_utf8(note.to_vec()).unwrap() };
        seeds.plant("add_checkpoint", &[request.encode().as_bytes()]);
    }
    seeds.plant(
        "add_checkpoint",
        &[&note[note.len() - note.iter().rev().skip(1).take_while(|byte| **byte != b'\n').count() - 1..]],
    );
    seeds.plant("add_checkpoint", &[b"70000\n"]);
    seeds.plant("tracker", &[&[0xa5; 32], b"1CR5A-YMZRK-MGWCT-RFPHC"]);
    let promise = "{\"index\":1,\"entry\":\"hkQ=\",\"inclusion\":[],\"checkpoint\":\"x\\n1\\nAA==\\n\"}";
    let problem = "{\"type\":\"urn:vitrine:rule:BAL-4\",\"title\":\"\",\"status\":422,\"detail\":\"\",\"rule\":\"BAL-4\",\"expected\":\"\",\"found\":\"\"}";
    for document in [promise, problem] {
        seeds.plant("http_documents", &[document.as_bytes()]);
    }
    for code in ["0000-0000-0000-0000-0000-0000", "7zzz 7zzz-7zzz7zzz7zzz7zzz"] {
        seeds.plant("credential_code", &[code.as_bytes()]);
    }
}
