use super::*;
use crate::{
    authority,
    fixture::{Officials, rng, unwitnessed_example},
};
use protocol::manifest::Pages;
use tlog::note::SignerKey;

fn surroundings(officials: &Officials) -> Surroundings {
    let id = officials.authority.election_id();
    let mut rng = rng(5);
    let origin = format!("board.example/{id}");
    let key = SignerKey::from_seed(&origin, &[7; 32]).unwrap().verifier_key().to_string();
    let trustee = |trustee: &crate::secrets::TrusteeSecrets| {
        let public = trustee.public(&mut crate::fixture::rng(6)).unwrap();
        serde_json::to_vec(&TrusteeFile::new(&id, trustee.index(), &public)).unwrap()
    };
    let registrar = |registrar: &crate::secrets::RegistrarSecrets| {
        let official = registrar.official(&mut crate::fixture::rng(6)).unwrap();
        serde_json::to_vec(&RegistrarFile::new(&id, registrar.index(), &official)).unwrap()
    };
    Surroundings {
        election_id: id,
        authority: officials.authority.official(&mut rng).unwrap(),
        trustees: officials.trustees.iter().map(trustee).collect(),
        registrars: officials.registrars.iter().map(registrar).collect(),
        texts: vec![b"How to vote".to_vec()],
        log_origin: origin,
        log_key: key,
        bundle: Some([7; 32]),
        board: "https://board.example/".to_owned(),
    }
}

/// Of three trustees.
pub(super) fn surroundings_of_three() -> Surroundings {
    surroundings(&Officials::generate(3, &mut rng(5)))
}

fn refusal(template: &str) -> String {
    let officials = Officials::generate(3, &mut rng(5));
    let read = Template::parse(template).and_then(|template| template.manifest(&surroundings(&officials)));
    read.unwrap_err().to_string()
}

#[test]
fn the_example_is_a_valid_election() {
    let officials = Officials::generate(3, &mut rng(5));
    let template = Template::parse(EXAMPLE).unwrap();
    let manifest = template.manifest(&surroundings(&officials)).unwrap();
    assert_eq!(manifest.units[1].contests, [0, 1]);
    // date -u -d 2026-11-15T19:00Z +%s divided by 60.
    assert_eq!((manifest.closing, manifest.latest_closing), (29_912_820, 29_914_260));
    let policy = Policy::parse(manifest.policy.as_bytes()).unwrap();
    assert_eq!((policy.witnesses().len(), policy.strength().splitting, policy.strength().blocking), (4, 2, 2));
    let (election, submission) = authority::announcement(manifest, &officials.authority, &mut rng(7)).unwrap();
    assert_eq!(election, protocol::fingerprint::election(submission.body_bytes()));
}

#[test]
fn what_does_not_fit_is_named() {
    let unknown = EXAMPLE.replace("quorum = 3\n\n", "qorum = 3\n\n");
    assert!(refusal(&unknown).contains("unknown field `qorum`"));
    let example = unwitnessed_example();
    let alone = example.replace("waivers = [\"no-witnesses\"]", "waivers = []");
    assert!(refusal(&alone).contains("no-witnesses: nobody but the board attests"));
    let needless = example.replace("[\"no-witnesses\"]", "[\"no-witnesses\", \"threshold\"]");
    assert!(refusal(&needless).starts_with("this election needs the waivers [\"no-witnesses\"], and"));
    let local = EXAMPLE.replace("closing = 2026-11-15T20:00:00+01:00", "closing = 2026-11-15T20:00:00");
    assert!(
        refusal(&local).contains("closing = 2026-11-15T20:00:00") && refusal(&local).contains("not a date and time")
    );
    let seconds = EXAMPLE.replace("2026-11-02T12:00:00Z", "2026-11-02T12:00:30Z");
    assert!(
        refusal(&seconds).contains("commit = 2026-11-02T12:00:30Z")
            && refusal(&seconds).contains("not a date and time")
    );
    let contest = EXAMPLE.replace("[\"Mayor\", \"Committee\"]", "[\"Major\"]");
    let line = |text: &str, field: &str| text.lines().position(|line| line.starts_with(field)).unwrap() + 1;
    assert_eq!(
        refusal(&contest),
        format!(
            "line {}, column 13, units[1].contests: \"Major\" is not the title of exactly one contest, nor a contest's number; did you mean \"Mayor\"?",
            line(&contest, "contests = [")
        )
    );
    let limits = EXAMPLE.replacen("minimum = 0\n", "", 1);
    assert!(refusal(&limits).contains("contests[2].minimum: missing: a contest of kind \"choose\" needs it"));
    let both = EXAMPLE.replace("witness_quorum = 3\n", "policy = \"quorum none\\n\"\n");
    assert!(refusal(&both).contains("not both"));
    let weak = EXAMPLE.replace("witness_quorum = 3", "witness_quorum = 2");
    assert!(refusal(&weak).starts_with("the witness quorum is weak: 0 dishonest of its 4 witnesses"));
    let beyond = EXAMPLE.replace("witness_quorum = 3", "witness_quorum = 5");
    assert!(refusal(&beyond).starts_with("the witness policy is refused: line 6"));
    let waived = EXAMPLE.replace("waivers = []", "waivers = [\"no-witnesses\"]");
    assert!(refusal(&waived).contains("a waiver stands without need"));
    let swapped = EXAMPLE.replace("maximum = 2", "maximum = \"2\"");
    assert!(refusal(&swapped).contains("invalid type"));
}

#[test]
fn a_key_file_in_another_s_place_is_refused() {
    let officials = Officials::generate(3, &mut rng(5));
    let mut surroundings = surroundings(&officials);
    surroundings.trustees.swap(0, 2);
    let refused = Template::parse(EXAMPLE).unwrap().manifest(&surroundings).unwrap_err();
    assert_eq!(refused.to_string(), "trustee-1.json: made for place 3 and listed in place 1");
}

mod round_trip {
    use super::{kinds::contest, *};
    use proptest::prelude::*;

    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[ -~]{1,20}", Just("\"\"\"\n'''\\".to_owned())]
    }

    fn witness(place: u8) -> String {
        let key = tlog::cosignature::CosignerKey::from_seed(&format!("w{place}.example"), &[place; 32]).unwrap();
        format!("witness w{place} {}\n", key.verifier_key())
    }

    fn policy() -> impl Strategy<Value = String> {
        let witnesses = || (1..=4).map(witness).collect::<String>();
        prop_oneof![
            Just("quorum none\n".to_owned()),
            Just(format!("{}# Any of two.\n\ngroup any 1 w1 w2\nquorum any\n", witnesses())),
            Just(format!("{}group all 3 w1 w2 w3 w4\nquorum all\n", witnesses())),
        ]
    }

    /// Anything of the manifest's form that is not of keys and log, whether or not the fold takes it.
    fn manifest() -> impl Strategy<Value = Manifest> {
        let numbers = (any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>());
        let times = prop::collection::vec(0..1u64 << 32, 8);
        let flags = (any::<bool>(), any::<bool>(), any::<bool>());
        let named = prop::collection::vec((texts(), any::<[u8; 32]>()), 0..3);
        let contests = prop::collection::vec(contest(), 1..5);
        let units = prop::collection::vec((texts(), prop::collection::btree_set(0u32..4, 0..4)), 0..4);
        let boards = prop::collection::btree_set(
            "https://[a-z]{1,9}\\.example(:[1-9][0-9]{0,3})?(/[a-zA-Z~_-]{1,9}){0,2}",
            0..8,
        );
        let pages = prop::option::of((any::<[u8; 32]>(), boards));
        let pages =
            pages.prop_map(|of| of.map(|(bundle, boards)| Pages { bundle, boards: boards.into_iter().collect() }));
        let asked = (contests, units, pages);
        (texts(), numbers, times, flags, named, asked, policy()).prop_map(
            |(title, numbers, times, (last, replacement, small), named, (contests, units, pages), policy)| {
                let mut manifest = super::surroundings_manifest();
                let count = u32::try_from(contests.len()).unwrap();
                manifest.title = title;
                (manifest.threshold, manifest.quorum, manifest.roll_length) = (numbers.0, numbers.1, numbers.2);
                (manifest.largest_weight, manifest.minimum_unit) = (numbers.3, numbers.4);
                manifest.stage_deadlines = [times[0], times[1], times[2], times[3]];
                (manifest.opening, manifest.closing) = (times[4], times[5]);
                (manifest.latest_closing, manifest.grace) = (times[6], times[7]);
                manifest.revote = if last { RevoteRule::Last } else { RevoteRule::First };
                manifest.replacement = replacement;
                manifest.overrides = replacement && !last;
                manifest.pages = pages;
                let text = |(name, digest)| NamedText { name, digest: TextDigest(digest) };
                manifest.texts = named.into_iter().map(text).collect();
                manifest.contests = contests;
                let unit = |(name, contests): (_, std::collections::BTreeSet<u32>)| Unit {
                    name,
                    contests: contests.into_iter().filter(|contest| *contest < count).collect(),
                };
                manifest.units = units.into_iter().map(unit).collect();
                manifest.policy = format!("log {}\n{policy}", manifest.log_key);
                manifest.waivers = manifest.waivers_needed();
                manifest.waivers.extend(small.then_some(Waiver::SmallTally));
                manifest
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// MAN-16: whatever a manifest says, a template can say.
        #[test]
        fn a_template_says_all_that_a_manifest_says(manifest in manifest()) {
            let surroundings = shared();
            let written = Template::of(&manifest).unwrap();
            let read = Template::parse(&written.text().unwrap()).unwrap();
            prop_assert_eq!(&read, &written);
            prop_assert_eq!(read.manifest(surroundings).unwrap(), manifest);
        }
    }

    /// The log's line may stand anywhere in a policy; a template has it first.
    #[test]
    fn a_policy_is_the_same_wherever_its_log_line_stands() {
        let mut manifest = super::surroundings_manifest();
        manifest.policy = format!("quorum none\n \tlog\t{}\n", manifest.log_key);
        let again = Template::of(&manifest).unwrap().manifest(shared()).unwrap();
        assert_eq!(again.policy, format!("log {}\nquorum none\n", manifest.log_key));
    }
}

#[path = "template/kinds_tests.rs"]
mod kinds;

/// Keys and log of the same officials, made once.
fn shared() -> &'static Surroundings {
    static SHARED: std::sync::OnceLock<Surroundings> = std::sync::OnceLock::new();
    SHARED.get_or_init(|| Surroundings { texts: Vec::new(), ..surroundings(&Officials::generate(3, &mut rng(5))) })
}

/// The example's manifest with those.
fn surroundings_manifest() -> Manifest {
    static MANIFEST: std::sync::OnceLock<Manifest> = std::sync::OnceLock::new();
    let make = || {
        let text = unwitnessed_example();
        let (head, rest) = text.split_once("[[texts]]").unwrap();
        let text = format!("{head}{PAPERS}{}", rest.split_once(PAPERS).unwrap().1);
        Template::parse(&text).unwrap().manifest(shared()).unwrap()
    };
    MANIFEST.get_or_init(make).clone()
}

#[test]
fn a_text_is_a_file_or_a_digest() {
    let digest = "ab".repeat(32);
    let given = EXAMPLE.replace("file = \"guide.txt\"", &format!("digest = \"{digest}\""));
    let officials = Officials::generate(3, &mut rng(5));
    let surroundings = Surroundings { texts: Vec::new(), ..surroundings(&officials) };
    let manifest = Template::parse(&given).unwrap().manifest(&surroundings).unwrap();
    assert_eq!(manifest.texts[0].digest.to_string(), digest);
    for wrong in ["digest = \"abc\"", "", "file = \"guide.txt\"\ndigest = \"ab\""] {
        let text = EXAMPLE.replace("file = \"guide.txt\"", wrong);
        assert!(
            refusal(&text).contains("needs either the file, or the digest") || refusal(&text).contains("not all given")
        );
    }
    let numbered = EXAMPLE.replace("[\"Mayor\", \"Committee\"]", "[2, \"Mayor\"]");
    let manifest = Template::parse(&numbered).unwrap().manifest(&super::tests::surroundings(&officials)).unwrap();
    assert_eq!(manifest.units[0].contests, [0, 1]);
    assert!(
        refusal(&EXAMPLE.replace("[\"Mayor\", \"Committee\"]", "[3]"))
            .contains("units[1].contests: 3 is not the title")
    );
}
