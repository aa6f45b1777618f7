//! Policies: the published grammar, each defect, and when a quorum holds.

use proptest::prelude::*;

use super::*;
use crate::{
    checkpoint::Checkpoint,
    cosignature::CosignerKey,
    note::{Note, NoteError, SignerKey},
};

const ORIGIN: &str = "log.example/1";

fn log(seed: u8) -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[seed; 32]).unwrap()
}

fn witness(number: u8) -> CosignerKey {
    CosignerKey::from_seed(&format!("w{number}.example"), &[100 + number; 32]).unwrap()
}

/// A policy's text: `LOGn` and `WITn` stand for keys.
fn text(template: &str) -> String {
    let mut text = template.to_owned();
    for number in 1..=6 {
        text = text.replace(&format!("LOG{number}"), &log(number).verifier_key().to_string());
        text = text.replace(&format!("WIT{number}"), &witness(number).verifier_key().to_string());
    }
    text
}

fn read(template: &str) -> Result<Policy, PolicyError> {
    Policy::parse(text(template).as_bytes())
}

/// The structure of the example of c2sp.org/tlog-policy.
const EXAMPLE: &str = "log LOG1

witness X1 WIT1
witness X2 WIT2
witness X3 WIT3
group X-witnesses 2 X1 X2 X3

witness Y1 WIT4
witness Y2 WIT5
witness Y3 WIT6
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
";

/// A checkpoint cosigned by these witnesses at these times.
fn cosigned(lines: &[(u8, u64)]) -> Vec<u8> {
    let head = Checkpoint::new(ORIGIN, 5, [9; 32]).unwrap();
    let mut note = Note::parse(checkpoint::sign(&head, &log(1)).unwrap().as_bytes()).unwrap();
    for (number, time) in lines {
        note.add(witness(*number).cosign(&head, *time).unwrap()).unwrap();
    }
    note.encode().into_bytes()
}

#[test]
fn the_published_example_holds_as_it_says() {
    let policy = read(EXAMPLE).unwrap();
    assert_eq!((policy.logs().len(), policy.witnesses().len(), policy.groups().len()), (1, 6, 3));
    assert_eq!(policy.quorum(), Some(Member::Group(2)));
    for (lines, met) in [
        (&[][..], false),
        (&[(1, 9), (2, 9)], false),
        (&[(1, 9), (4, 9)], false),
        (&[(4, 9), (5, 9), (6, 9)], false),
        (&[(1, 9), (3, 9), (6, 9)], true),
        (&[(1, 9), (2, 9), (3, 9), (4, 9), (5, 9), (6, 9)], true),
        (&[(1, 9), (1, 10), (4, 9)], false),
    ] {
        assert_eq!(policy.open(&cosigned(lines), 0).is_ok(), met, "{lines:?}");
    }
}

#[test]
fn only_times_that_are_late_enough_count() {
    let policy = read("log LOG1\nwitness a WIT1\nwitness b WIT2\ngroup both all a b\nquorum both\n").unwrap();
    let note = cosigned(&[(2, 70), (1, 50), (1, 60), (1, 55)]);
    let signed = policy.open(&note, 60).unwrap();
    let evaluation = policy.evaluate(&signed, 60);
    assert_eq!(evaluation.cosigned, [("a".to_owned(), 60), ("b".to_owned(), 70)]);
    assert!(evaluation.quorum_met);
    let late = policy.evaluate(&signed, 61);
    assert_eq!((late.cosigned, late.quorum_met), (vec![("b".to_owned(), 70)], false));
    assert_eq!(policy.open(&note, 61), Err(PolicyRefusal::QuorumNotMet(vec![("b".to_owned(), 70)])));
}

#[test]
fn strict_and_lenient_opening_differ_in_unknown_lines() {
    let policy = read("log LOG1\nwitness a WIT1\nquorum a\n").unwrap();
    let note = cosigned(&[(1, 5), (2, 5)]);
    policy.open(&note, 5).unwrap();
    let unknown = NoteError::UnknownKey { line: 2, name: "w2.example".to_owned() };
    assert_eq!(policy.open_strict(&note, 5), Err(PolicyRefusal::Checkpoint(unknown.into())));
    policy.open_strict(&cosigned(&[(1, 5)]), 5).unwrap();
    // A listed witness's line that fails spoils the note, needed or not.
    let head = Checkpoint::new(ORIGIN, 6, [9; 32]).unwrap();
    let mut spoilt = Note::parse(&cosigned(&[])).unwrap();
    spoilt.add(witness(1).cosign(&head, 5).unwrap()).unwrap();
    assert!(matches!(policy.open(spoilt.encode().as_bytes(), 5), Err(PolicyRefusal::Checkpoint(_))));
}

#[test]
fn without_witnesses_the_log_alone_is_enough() {
    let policy = Policy::without_witnesses(log(1).verifier_key()).unwrap();
    assert_eq!(policy.to_string(), text("log LOG1\nquorum none\n"));
    assert_eq!(policy.quorum(), None);
    policy.open_strict(&cosigned(&[]), u64::MAX).unwrap();
    let other = Policy::without_witnesses(log(2).verifier_key()).unwrap();
    assert!(matches!(other.open(&cosigned(&[]), 0), Err(PolicyRefusal::Checkpoint(_))));
    let wrong = Policy::without_witnesses(witness(1).verifier_key());
    assert_eq!(wrong, Err(PolicyError { line: 1, fault: PolicyFault::KeyType }));
    // A witness's cosignature does not count against another policy's witness of the same name.
    let a = read("log LOG1\nwitness a WIT1\nquorum a\n").unwrap();
    let b = read("log LOG1\nwitness a WIT2\nquorum a\n").unwrap();
    let signed = a.open(&cosigned(&[(1, 5)]), 0).unwrap();
    assert!(!b.evaluate(&signed, 0).quorum_met);
}

#[test]
fn what_the_grammar_allows() {
    for (allowed, regular) in [
        ("quorum none\n", "quorum none\n"),
        ("# nothing\n \t# more\n\n \t\n  quorum\t none \t\n", "quorum none\n"),
        ("quorum none\nlog LOG1\n", "log LOG1\nquorum none\n"),
        (
            "witness é\u{a0}é WIT1 https://w.example/\nlog LOG1 https://l.example\nquorum é\u{a0}é\n",
            "log LOG1 https://l.example\nwitness é\u{a0}é WIT1 https://w.example/\nquorum é\u{a0}é\n",
        ),
        ("witness any WIT1\ngroup all all any\nquorum all\n", "witness any WIT1\ngroup all 1 any\nquorum all\n"),
    ] {
        let policy = read(allowed).unwrap();
        assert_eq!(policy.to_string(), text(regular));
        assert_eq!(read(regular).unwrap(), policy);
    }
}

#[test]
fn each_malformed_policy_is_refused_for_its_one_defect() {
    use PolicyFault::*;
    let cases = [
        ("", 0, NoQuorum),
        ("log LOG1\n", 0, NoQuorum),
        ("quorum none", 0, NoFinalNewline),
        ("quorum none\r\n", 1, ControlCharacter),
        ("# \u{7f}\nquorum none\n", 1, ControlCharacter),
        ("quorum none\nquorum none\n", 2, SecondQuorum),
        ("quorum\n", 1, WordCount),
        ("quorum none none\n", 1, WordCount),
        ("quorum a\n", 1, UndefinedName),
        ("Quorum none\n", 1, UnknownKeyword),
        ("quorum\u{a0}none\n", 1, UnknownKeyword),
        ("log\n", 1, WordCount),
        ("log LOG1 url more\n", 1, WordCount),
        ("log nonsense\n", 1, Key(KeyError::Malformed)),
        ("log WIT1\n", 1, KeyType),
        ("witness a LOG1\n", 1, KeyType),
        ("witness a\n", 1, WordCount),
        ("witness a WIT1 url more\n", 1, WordCount),
        ("log LOG1\nlog LOG1\n", 2, DuplicateKey),
        ("witness a WIT1\nwitness b WIT1\n", 2, DuplicateKey),
        ("witness a WIT1\nwitness a WIT2\n", 2, DuplicateName),
        ("witness none WIT1\n", 1, DuplicateName),
        ("witness a WIT1\ngroup a any a\n", 2, DuplicateName),
        ("witness a WIT1\ngroup none any a\n", 2, DuplicateName),
        ("group g any\n", 1, WordCount),
        ("group g any a\nwitness a WIT1\n", 1, UndefinedName),
        ("group g any g\n", 1, UndefinedName),
        ("group g any none\n", 1, UndefinedName),
        ("witness a WIT1\ngroup g 1 a a\n", 2, MemberTwice),
        ("witness a WIT1\ngroup g any a\ngroup h any a\n", 3, MemberTwice),
        ("witness a WIT1\ngroup g any a\ngroup h any g\ngroup i any g\n", 4, MemberTwice),
        ("witness a WIT1\ngroup g 0 a\n", 2, Threshold),
        ("witness a WIT1\ngroup g 2 a\n", 2, Threshold),
        ("witness a WIT1\ngroup g 01 a\n", 2, Threshold),
        ("witness a WIT1\ngroup g +1 a\n", 2, Threshold),
        ("witness a WIT1\ngroup g ANY a\n", 2, Threshold),
        ("witness a WIT1\ngroup g 99999999999999999999 a\n", 2, Threshold),
        ("quorum g\nwitness g WIT1\n", 1, UndefinedName),
    ];
    for (template, line, fault) in cases {
        assert_eq!(read(template), Err(PolicyError { line, fault }), "{template:?}");
    }
    assert_eq!(Policy::parse(b"# \xff\nquorum none\n"), Err(PolicyError { line: 0, fault: NotUtf8 }));
    let long = vec![b'\n'; MAX_POLICY_BYTES + 1];
    assert_eq!(Policy::parse(&long), Err(PolicyError { line: 0, fault: TooLong }));
    let mut many = String::new();
    for number in 0..=64 {
        let key = CosignerKey::from_seed("w", &[number; 32]).unwrap().verifier_key();
        many.push_str(&format!("witness w{number} {key}\n"));
    }
    assert_eq!(Policy::parse(many.as_bytes()), Err(PolicyError { line: 65, fault: TooMany }));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in any::<String>()) {
        let _ = Policy::parse(&bytes);
        let _ = Policy::parse(format!("{text}\nquorum none\n").as_bytes());
    }

    /// Lines at random; whatever is accepted prints to a policy that means the same.
    #[test]
    fn what_is_accepted_prints_to_the_same_policy(lines in prop::collection::vec(
        "(witness [a-c] WIT[1-4]|log LOG[1-3]|group [d-f] (any|all|[1-3]) [a-f]( [a-f])?|quorum [a-f])", 0..8
    )) {
        let template: String = lines.iter().map(|line| format!("{line}\n")).collect();
        if let Ok(policy) = read(&template) {
            prop_assert_eq!(Policy::parse(policy.to_string().as_bytes()), Ok(policy));
        }
    }
}
