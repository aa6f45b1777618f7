use super::*;
use crate::fixture::rng;
use proptest::prelude::{any, proptest};
use serde_json::{Value, json};

fn trustee(seed: u8) -> TrusteeSecrets {
    TrusteeSecrets::generate(ElectionId([0x1d; 32]), 2, "Bo & <Söhne>", &mut rng(seed)).unwrap()
}

#[test]
fn a_sheet_gives_the_same_keys_again() {
    let secrets = trustee(3);
    let sheet = Sheet::of(&secrets).unwrap();
    let text = sheet.text().unwrap();
    for read in [Sheet::parse(&text), Sheet::parse(&sheet.block()), Sheet::parse(&text.replace('\n', "\r\n"))] {
        let read = read.unwrap();
        assert_eq!((read.election_id, read.index, &read.name), (secrets.election_id, 2, &secrets.name));
        let restored = read.secrets().unwrap();
        assert_eq!(*restored.signing.to_bytes(), *secrets.signing.to_bytes());
        assert_eq!(*restored.share.to_bytes(), *secrets.share.to_bytes());
        assert!(restored.is_restored() && !secrets.is_restored());
    }
    let typed = sheet.words().join("  ").to_uppercase();
    let read = Sheet::typed(secrets.election_id, 2, "Bo", &typed).unwrap();
    assert_eq!(read.words(), sheet.words());
    assert!(!format!("{sheet:?}").contains(sheet.words()[0]));
}

#[test]
fn the_page_holds_everything_and_escapes_names() {
    let sheet = Sheet::of(&trustee(4)).unwrap();
    let page = sheet.html().unwrap();
    for (number, word) in (1..).zip(sheet.words()) {
        assert!(page.contains(&format!("<li value=\"{number}\">{word}</li>")), "word {number}");
    }
    assert!(page.contains(&sheet.election_id.to_string()) && page.contains("<path d=\"M4 4h1v1h-1z"));
    assert!(!page.contains("<Söhne>") && page.contains("Söhne"));
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
}

/// What is mistyped is named by its place, and no word is repeated.
#[test]
fn mistyped_words_are_found() {
    let sheet = Sheet::of(&trustee(5)).unwrap();
    let words = sheet.words();
    let typed = |words: &[&str]| Sheet::typed(sheet.election_id, 2, "Bo", &words.join(" ")).unwrap_err();
    assert_eq!(typed(&words[1..]), WordsFault::Count { found: 23 }.into());
    assert_eq!(typed(&[&words[..], &["zoo"]].concat()), WordsFault::Count { found: 25 }.into());
    assert_eq!(typed(&[]), WordsFault::Count { found: 0 }.into());
    let mut wrong = words;
    wrong[6] = "vitrine";
    let fault = typed(&wrong);
    assert_eq!(fault, WordsFault::Unknown { position: 7 }.into());
    assert!(fault.to_string().starts_with("word 7 ") && !fault.to_string().contains("vitrine"));
    let mut swapped = words;
    swapped.swap(0, 1);
    assert_eq!(typed(&swapped), WordsFault::Checksum.into());
    let endless = "zoo ".repeat(100_000);
    assert_eq!(typed(&[&endless]), WordsFault::Count { found: 48 }.into());
    assert!(is_word("Zoo") && !is_word("vitrine"));
}

#[test]
fn damaged_sheets_are_refused_by_what_is_missing() {
    let sheet = Sheet::of(&trustee(6)).unwrap();
    let block = sheet.block();
    assert_eq!(Sheet::parse("not a sheet").unwrap_err(), SheetFault::NoSheet);
    assert_eq!(Sheet::parse("").unwrap_err(), SheetFault::NoSheet);
    for line in ["election-id:", "trustee:", "name:", "words:"] {
        assert_eq!(Sheet::parse(&block.replace(line, "other:")).unwrap_err(), SheetFault::Line(line));
    }
    assert_eq!(Sheet::parse(block.trim_end().trim_end_matches(END)).unwrap_err(), SheetFault::Line(END));
    assert_eq!(Sheet::parse(&block.replace("trustee: 2", "trustee: 33")).unwrap_err(), SheetFault::Index(33));
    assert_eq!(Sheet::parse(&block.replace("name: Bo & <Söhne>", "name:")).unwrap_err(), SheetFault::Name);
    assert!(matches!(Sheet::parse(&block.replace(" 7 ", " x7 ").replace("\n7 ", "\nx7 ")), Err(SheetFault::Words(_))));
    let named = TrusteeSecrets::generate(ElectionId([1; 32]), 1, "Bo\nwords:", &mut rng(1)).unwrap();
    assert_eq!(Sheet::of(&named).unwrap_err(), SheetFault::Name);
}

proptest! {
    /// Whatever is read as a sheet, the reader answers; every seed comes back from its words.
    #[test]
    fn no_text_stops_the_reader(text in any::<String>(), seed in any::<[u8; 32]>(), cut in 0usize..400) {
        let _ = Sheet::parse(&text);
        let _ = Sheet::parse(&format!("{FORMAT}\nelection-id: {}\ntrustee: 1\nname: a\nwords:\n{text}\n{END}", "ab".repeat(32)));
        let sheet = Sheet::new(ElectionId([2; 32]), 1, "A", TrusteeSeed::from_bytes(&seed)).unwrap();
        assert_eq!(words::seed(&sheet.words().join(" ")).unwrap().as_bytes(), &seed);
        let block = sheet.block();
        let _ = Sheet::parse(block.get(..cut).unwrap_or(""));
    }
}

/// The frozen vectors of CER-32 and CER-33; every preimage is written here a second time.
fn vectors() -> Value {
    let valid = [(0x11u8, 1u32, "Ada"), (0x22, 2, "Bo & Söhne"), (0x33, 32, "Cy")].map(|(byte, index, name)| {
        let election_id = ElectionId([byte; 32]);
        let secrets = TrusteeSecrets::generate(election_id, index, name, &mut rng(byte)).unwrap();
        let preimage = |tag: &str| {
            let mut array = minicbor::Encoder::new(Vec::new());
            array.array(4).unwrap().str(tag).unwrap().bytes(&election_id.0).unwrap();
            array.u32(index).unwrap().bytes(secrets.seed.as_bytes()).unwrap();
            hex::encode(array.into_writer())
        };
        let sheet = Sheet::of(&secrets).unwrap();
        json!({
            "election_id": election_id.to_string(),
            "index": index,
            "name": name,
            "seed": hex::encode(secrets.seed.as_bytes()),
            "signing_preimage": preimage("vitrine/1/trustee-signing"),
            "signing_secret": hex::encode(secrets.signing.to_bytes().as_slice()),
            "signing_key": hex::encode(secrets.signing.public().0),
            "share_preimage": preimage("vitrine/1/trustee-share"),
            "share_secret": hex::encode(secrets.share.to_bytes().as_slice()),
            "share_key": hex::encode(crypto::EncodedPoint::encode(&secrets.share.public()).0),
            "words": sheet.words().join(" "),
            "block": *sheet.block(),
        })
    });
    let sheet = Sheet::of(&trustee(7)).unwrap();
    let words = sheet.words().map(str::to_owned);
    let change = |change: &dyn Fn(&mut Vec<String>)| {
        let mut words = words.to_vec();
        change(&mut words);
        words.join(" ")
    };
    let broken = [
        ("a word is missing", change(&|words| drop(words.pop()))),
        ("a word too many", change(&|words| words.push("zoo".to_owned()))),
        ("two neighbours are swapped", change(&|words| words.swap(0, 1))),
        ("a word that is not in the list", change(&|words| words[6] = "vitrine".to_owned())),
        ("only the first letters of a word", change(&|words| words[0].truncate(2))),
    ];
    let invalid = broken.map(|(defect, words)| {
        assert!(Sheet::typed(sheet.election_id, 2, "Bo", &words).is_err(), "{defect}");
        json!({ "defect": defect, "words": words })
    });
    json!({ "rules": "CER-32, CER-33", "valid": valid, "invalid": invalid })
}

fn path() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/vectors/trustee_seed.json")
}

#[test]
fn frozen_vectors_hold() {
    let frozen: Value = serde_json::from_slice(&std::fs::read(path()).unwrap()).unwrap();
    assert_eq!(frozen, vectors(), "if the change is meant, read the diff of `regenerate_recovery_vectors`");
}

#[test]
#[ignore = "writes specs/vectors"]
fn regenerate_recovery_vectors() {
    std::fs::write(path(), format!("{:#}\n", vectors())).unwrap();
}
