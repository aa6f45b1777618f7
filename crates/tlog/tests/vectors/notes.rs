//! Keys, notes, checkpoints, cosignatures and policies.

use serde_json::{Value, json};
use tlog::{
    checkpoint::{self, Checkpoint, CheckpointError},
    cosignature::CosignerKey,
    merkle::{empty_root, leaf_hash},
    note::{Algorithm, KeyError, Note, NoteError, NoteSignature, SignerKey, Strictness, VerifierKey},
    policy::{Policy, PolicyError, PolicyFault},
};

use crate::{hash, refused};

pub(crate) const ORIGIN: &str = "board.example/ward-13";

pub(crate) fn log() -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[1; 32]).unwrap()
}

pub(crate) fn witness(number: u8) -> CosignerKey {
    CosignerKey::from_seed(&format!("witness-{number}.example"), &[100 + number; 32]).unwrap()
}

fn head() -> Checkpoint {
    Checkpoint::new(ORIGIN, 3, leaf_hash(b"not the root of three entries")).unwrap()
}

/// A checkpoint cosigned by these witnesses at these times.
pub(crate) fn cosigned(head: &Checkpoint, lines: &[(u8, u64)]) -> String {
    let mut note = Note::parse(checkpoint::sign(head, &log()).unwrap().as_bytes()).unwrap();
    for (number, time) in lines {
        note.add(witness(*number).cosign(head, *time).unwrap()).unwrap();
    }
    note.encode()
}

fn key_of(key: &VerifierKey, seed: &[u8; 32]) -> Value {
    assert_eq!(key.to_string().parse().as_ref(), Ok(key));
    json!({
        "seed": hex::encode(seed), "name": key.name(), "type": key.algorithm().byte(),
        "public_key": hex::encode(key.public_key()), "key_id": hex::encode(key.key_id()), "vkey": key.to_string(),
    })
}

pub(crate) fn keys() -> Value {
    let accepted = [
        key_of(&log().verifier_key(), &log().seed()),
        key_of(&witness(1).verifier_key(), &witness(1).seed()),
        key_of(&SignerKey::from_seed("größe.example/1", &[9; 32]).unwrap().verifier_key(), &[9; 32]),
    ];
    let vkey = log().verifier_key().to_string();
    let (id, key) = (hex::encode(log().verifier_key().key_id()), vkey.rsplit('+').next().unwrap().to_owned());
    let refusals = [
        ("a space in the name", vkey.replacen("ward-13", "ward 13", 1), KeyError::Name),
        ("no name", vkey.replacen(ORIGIN, "", 1), KeyError::Name),
        ("another identifier", vkey.replacen(&id, "00000000", 1), KeyError::Identifier),
        ("an identifier in capitals", vkey.replacen(&id, &id.to_uppercase(), 1), KeyError::Identifier),
        ("another name under the same identifier", vkey.replacen("ward-13", "ward-14", 1), KeyError::Identifier),
        (
            "a type that is not supported",
            vkey.replacen(&key, &format!("Ag{}", &key[2..]), 1),
            KeyError::UnsupportedType(2),
        ),
        ("base64 without its padding or of another length", vkey[..vkey.len() - 1].to_owned(), KeyError::Malformed),
        ("no key", format!("{ORIGIN}+{id}"), KeyError::Malformed),
    ]
    .map(|(defect, text, error)| {
        refused(text.parse::<VerifierKey>(), error, defect);
        json!({"defect": defect, "rule": "LOG-14", "vkey": text})
    });
    let points = [
        ("order 1", "0100000000000000000000000000000000000000000000000000000000000000"),
        ("order 1, sign bit set", "0100000000000000000000000000000000000000000000000000000000000080"),
        ("order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("order 2, sign bit set", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
        ("order 4", "0000000000000000000000000000000000000000000000000000000000000000"),
        ("order 4", "0000000000000000000000000000000000000000000000000000000000000080"),
        ("order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        ("order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
        ("order 8", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        ("order 8", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
        ("y not less than p: 3 written as p + 3", "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("not on the curve", "0202020202020202020202020202020202020202020202020202020202020202"),
    ]
    .map(|(defect, point)| {
        let bytes = hex::decode(point).unwrap().try_into().unwrap();
        refused(VerifierKey::new(ORIGIN, Algorithm::Ed25519, &bytes), KeyError::Point, defect);
        json!({"defect": defect, "rule": "LOG-19", "public_key": point})
    });
    json!({"accepted": accepted, "refused": refusals, "points_refused": points, "signatures_refused": signatures()})
}

/// Signatures over the text `text` newline, under the log's key, that lax readers take or once took.
fn signatures() -> Value {
    [
        (
            "R is the identity; the equation holds",
            "01000000000000000000000000000000000000000000000000000000000000003777571940ee7be9f8ff4e09e1fb6f0740d2ca4e806a6ab4c0d6f35bddf19c0f",
        ),
        (
            "R is the identity, its y written as p + 1; the equation holds",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f9db747b377ee0374332ecf6a7d5a9bc66e942d6447a91db0cecb0686244cb20a",
        ),
        (
            "S not less than l; the equation holds",
            "794e61807bbf66743f7d41988649bfae862d67d6c05330361e52563e51f0ff8f58da396587e6764f25f4dbf03247d7e295da1139edff8ad89dcf085fdb008f19",
        ),
    ]
    .into_iter()
    .map(|(defect, signature)| {
        let mut note = Note::new("text\n".to_owned()).unwrap();
        let bytes = hex::decode(signature).unwrap();
        let line = NoteSignature { signature: bytes, ..log().sign(&note) };
        note.add(line).unwrap();
        let bad = NoteError::BadSignature { line: 0, name: ORIGIN.to_owned() };
        let keys = [log().verifier_key()];
        refused(note.verify(&keys, Strictness::IgnoreUnknown), bad, defect);
        json!({"defect": defect, "rule": "LOG-19", "vkey": keys[0].to_string(), "note": note.encode()})
    })
    .collect()
}

pub(crate) fn notes() -> Value {
    let text = "A text of two lines,\n\nwith an empty one between.\n";
    let mut note = Note::new(text.to_owned()).unwrap();
    note.add(log().sign(&note)).unwrap();
    let signed = note.encode();
    assert_eq!(Note::parse(signed.as_bytes()).as_ref(), Ok(&note));
    let line = signed.rsplit("\n\n").next().unwrap();
    let blob = line.trim_end().rsplit(' ').next().unwrap();
    let malformed = NoteError::MalformedSignatureLine { line: 0 };
    let loose = format!("{}B==", blob.strip_suffix("A==").unwrap_or(&blob[..blob.len() - 3]));
    let with = |tail: String| format!("text\n\n{tail}");
    let refusals = [
        ("no newline at the end", "LOG-12", with(line.trim_end().to_owned()), NoteError::NoFinalNewline),
        ("no empty line", "LOG-12", format!("text\n{line}"), NoteError::NoText),
        ("no signature line", "LOG-12", with(String::new()), NoteError::NoSignature),
        ("a carriage return", "LOG-12", format!("text\r\n\n{line}"), NoteError::ControlCharacter(4)),
        ("a tab", "LOG-12", format!("te\txt\n\n{line}"), NoteError::ControlCharacter(2)),
        ("a hyphen for the dash", "LOG-13", with(line.replacen('—', "-", 1)), malformed.clone()),
        ("two spaces", "LOG-13", with(line.replacen("— ", "—  ", 1)), malformed.clone()),
        ("a space at the end of the line", "LOG-13", with(line.replacen('\n', " \n", 1)), malformed.clone()),
        ("base64 without padding", "LOG-13", with(line.replacen('=', "", 2)), malformed.clone()),
        ("base64 with stray bits", "LOG-13", with(line.replacen(blob, &loose, 1)), malformed.clone()),
        ("a plus in the name", "LOG-13", with(line.replacen("ward-", "ward+", 1)), malformed.clone()),
        ("a key identifier without a signature", "LOG-13", with(format!("— {ORIGIN} AAAAAA==\n")), malformed),
    ]
    .map(|(defect, rule, text, error)| {
        refused(Note::parse(text.as_bytes()), error, defect);
        json!({"defect": defect, "rule": rule, "note": text})
    });
    json!({"accepted": [{"seed": hex::encode(*log().seed()), "name": ORIGIN, "text": text, "note": signed}], "refused": refusals})
}

pub(crate) fn checkpoints() -> Value {
    let root = "A".repeat(43) + "=";
    let empty = Checkpoint::new(ORIGIN, 0, empty_root()).unwrap();
    let bodies = [head(), empty].map(|head| {
        assert_eq!(Checkpoint::parse(&head.encode()).as_ref(), Ok(&head));
        json!({
            "origin": head.origin(), "size": head.size(), "root": hash(head.root()), "body": head.encode(),
            "signed": checkpoint::sign(&head, &log()).unwrap(),
        })
    });
    let refusals = [
        ("an extension line", "LOG-16", format!("a\n5\n{root}\nmore\n"), CheckpointError::Lines),
        ("two lines", "LOG-16", "a\n5\n".to_owned(), CheckpointError::Lines),
        ("no newline at the end", "LOG-16", format!("a\n5\n{root}"), CheckpointError::Lines),
        ("no origin", "LOG-16", format!("\n5\n{root}\n"), CheckpointError::Origin),
        ("a space in the origin", "LOG-16", format!("a b\n5\n{root}\n"), CheckpointError::Origin),
        ("a leading zero", "LOG-6", format!("a\n05\n{root}\n"), CheckpointError::Size),
        ("a sign", "LOG-6", format!("a\n+5\n{root}\n"), CheckpointError::Size),
        ("a size of 2^63", "LOG-3", format!("a\n9223372036854775808\n{root}\n"), CheckpointError::Size),
        ("a root of 33 bytes", "LOG-16", format!("a\n5\n{}\n", "A".repeat(44)), CheckpointError::Root),
        ("base64 with stray bits", "LOG-6", format!("a\n5\n{}B=\n", "A".repeat(42)), CheckpointError::Root),
        (
            "size 0 with another root than the empty tree's",
            "LOG-16",
            format!("a\n0\n{root}\n"),
            CheckpointError::EmptyRoot,
        ),
    ]
    .map(|(defect, rule, body, error)| {
        refused(Checkpoint::parse(&body), error, defect);
        json!({"defect": defect, "rule": rule, "body": body})
    });
    json!({"accepted": bodies, "refused": refusals, "opening": opening()})
}

/// One note under different keys: `wire` and `record` say whether it opens there.
fn opening() -> Value {
    let (log, first) = (log().verifier_key(), witness(1).verifier_key());
    let stranger = SignerKey::from_seed("elsewhere.example", &[1; 32]).unwrap();
    let mut foreign = Note::new(head().encode()).unwrap();
    foreign.add(stranger.sign(&foreign)).unwrap();
    let mut spoilt = Note::parse(cosigned(&head(), &[]).as_bytes()).unwrap();
    let other = Checkpoint::new(ORIGIN, 4, *head().root()).unwrap();
    spoilt.add(witness(1).cosign(&other, 7).unwrap()).unwrap();
    [
        ("signed by the log", cosigned(&head(), &[]), vec![log.clone()], true, true),
        ("signed by the log and a witness", cosigned(&head(), &[(1, 7)]), vec![log.clone(), first.clone()], true, true),
        ("a line by a key that is not given", cosigned(&head(), &[(1, 7)]), vec![log.clone()], true, false),
        ("two lines by one key", cosigned(&head(), &[(1, 7), (1, 8)]), vec![log.clone(), first.clone()], true, false),
        ("the log's key not given", cosigned(&head(), &[(1, 7)]), vec![first.clone()], false, false),
        ("no key given", cosigned(&head(), &[]), vec![], false, false),
        ("a witness's line over another size", spoilt.encode(), vec![log, first], false, false),
        ("signed under another name than the origin", foreign.encode(), vec![stranger.verifier_key()], false, false),
    ]
    .into_iter()
    .map(|(case, note, keys, wire, record)| {
        assert_eq!(checkpoint::open(note.as_bytes(), &keys).is_ok(), wire, "{case}");
        assert_eq!(checkpoint::open_strict(note.as_bytes(), &keys).is_ok(), record, "{case}");
        let keys: Value = keys.iter().map(|key| json!(key.to_string())).collect();
        json!({"case": case, "note": note, "keys": keys, "wire": wire, "record": record})
    })
    .collect()
}

pub(crate) fn cosignatures() -> Value {
    [1u64, 1_679_315_147, i64::MAX.unsigned_abs()]
        .iter()
        .map(|time| {
            let line = witness(1).cosign(&head(), *time).unwrap();
            json!({
                "seed": hex::encode(*witness(1).seed()), "name": witness(1).name(), "time": time,
                "checkpoint": head().encode(), "signed_message": format!("cosignature/v1\ntime {time}\n{}", head().encode()),
                "signature": hex::encode(&line.signature), "line": line.line(),
            })
        })
        .collect()
}

fn policy_text(template: &str) -> String {
    let text = template.replace("LOG", &log().verifier_key().to_string());
    (1..=4)
        .fold(text, |text, number| text.replace(&format!("WIT{number}"), &witness(number).verifier_key().to_string()))
}

pub(crate) fn policies() -> Value {
    let two_of_three = "# two of three\nlog LOG https://board.example/ward-13\nwitness a WIT1\nwitness b WIT2\nwitness c WIT3\n\
                        group three 2 a b c\nquorum three\n";
    let nested = "log LOG\nwitness a WIT1\nwitness b WIT2\nwitness c WIT3\nwitness d WIT4\n\
                  group left any a b\ngroup right all c d\ngroup both 2 left right\nquorum both\n";
    let accepted = [
        ("log LOG\nquorum none\n", 0, vec![], true),
        (two_of_three, 50, vec![(1, 50), (3, 99)], true),
        (two_of_three, 50, vec![(1, 49), (3, 99)], false),
        (two_of_three, 50, vec![(1, 50), (1, 60)], false),
        (two_of_three, 50, vec![(1, 50), (4, 60)], false),
        (nested, 1, vec![(2, 5), (3, 5), (4, 5)], true),
        (nested, 1, vec![(1, 5), (2, 5), (3, 5)], false),
    ]
    .map(|(template, since, lines, met)| {
        let (text, note) = (policy_text(template), cosigned(&head(), &lines));
        let policy = Policy::parse(text.as_bytes()).unwrap();
        assert_eq!(policy.open(note.as_bytes(), since).is_ok(), met);
        let signed = checkpoint::open(note.as_bytes(), &policy.keys()).unwrap();
        let cosigned = policy.evaluate(&signed, since).cosigned;
        json!({"policy": text, "checkpoint": note, "since": since, "counted": cosigned, "quorum_met": met})
    });
    use PolicyFault::*;
    let refusals = [
        ("no quorum line", "LOG-26", "log LOG\n", 0, NoQuorum),
        ("two quorum lines", "LOG-26", "quorum none\nquorum none\n", 2, SecondQuorum),
        ("no newline at the end", "LOG-25", "quorum none", 0, NoFinalNewline),
        ("an unknown keyword", "LOG-25", "logs LOG\nquorum none\n", 1, UnknownKeyword),
        ("a word too many", "LOG-25", "log LOG url more\nquorum none\n", 1, WordCount),
        ("a carriage return", "LOG-25", "quorum none\r\n", 1, ControlCharacter),
        ("a cosigning key as a log's", "LOG-27", "log WIT1\nquorum none\n", 1, KeyType),
        ("a log's key as a witness's", "LOG-27", "witness a LOG\nquorum a\n", 1, KeyType),
        ("one key twice", "LOG-27", "witness a WIT1\nwitness b WIT1\nquorum a\n", 2, DuplicateKey),
        ("one name twice", "LOG-26", "witness a WIT1\nwitness a WIT2\nquorum a\n", 2, DuplicateName),
        ("the name none", "LOG-26", "witness none WIT1\nquorum none\n", 1, DuplicateName),
        ("a member defined later", "LOG-26", "group g any a\nwitness a WIT1\nquorum g\n", 1, UndefinedName),
        (
            "a member of two groups",
            "LOG-26",
            "witness a WIT1\ngroup g any a\ngroup h any a\nquorum h\n",
            3,
            MemberTwice,
        ),
        ("a threshold of 0", "LOG-26", "witness a WIT1\ngroup g 0 a\nquorum g\n", 2, Threshold),
        ("a threshold above the number of members", "LOG-26", "witness a WIT1\ngroup g 2 a\nquorum g\n", 2, Threshold),
    ]
    .map(|(defect, rule, template, line, fault)| {
        let text = policy_text(template);
        refused(Policy::parse(text.as_bytes()), PolicyError { line, fault }, defect);
        json!({"defect": defect, "rule": rule, "policy": text, "line": line})
    });
    json!({"accepted": accepted, "refused": refusals})
}
