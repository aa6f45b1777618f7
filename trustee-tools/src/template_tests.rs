use super::*;
use crate::{
    authority,
    fixture::{Officials, rng, unwitnessed_example},
};
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
    }
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
    let unknown = EXAMPLE.replace("quorum = 2", "qorum = 2");
    assert!(refusal(&unknown).contains("unknown field `qorum`"));
    let example = unwitnessed_example();
    let alone = example.replace("waivers = [\"no-witnesses\"]", "waivers = []");
    assert!(refusal(&alone).contains("no-witnesses: nobody but the board attests"));
    let needless = example.replace("[\"no-witnesses\"]", "[\"no-witnesses\", \"threshold\"]");
    assert!(refusal(&needless).starts_with("this election needs the waivers [\"no-witnesses\"], and"));
    let local = EXAMPLE.replace("closing = 2026-11-15T20:00:00+01:00", "closing = 2026-11-15T20:00:00");
    assert!(refusal(&local).starts_with("times.closing is not a date"));
    let seconds = EXAMPLE.replace("2026-11-02T12:00:00Z", "2026-11-02T12:00:30Z");
    assert!(refusal(&seconds).starts_with("times.commit is not a date"));
    let contest = EXAMPLE.replace("[\"Mayor\", \"Committee\"]", "[\"Major\"]");
    assert_eq!(refusal(&contest), "unit \"North\" offers \"Major\", which is not the title of exactly one contest");
    let limits = EXAMPLE.replace("minimum = 0\n", "");
    assert!(refusal(&limits).starts_with("contest \"Committee\" has one of minimum and maximum"));
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
