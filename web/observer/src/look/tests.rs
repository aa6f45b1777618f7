use super::*;
use protocol::Selection;
use serde_json::Value;
use vitrine_tests::{Drill, Options};

fn looked(drill: &Drill, now: u64) -> (Look, Value) {
    let look = Look::at(&drill.record()).unwrap();
    let view = serde_json::from_str(&look.view(now).unwrap()).unwrap();
    (look, view)
}

/// VER-40: what a page shows and awaits at every point of an election, up to the last result.
#[test]
fn an_election_is_followed_from_its_opening_to_its_result() {
    let vote = |voter: usize| vec![Selection::Options(vec![voter % 3])];
    let mut drill = Drill::opened(Options::simple(4));
    drill.cast(0, &vote(0)).unwrap();
    drill.cast(1, &vote(1)).unwrap();
    drill.cast(1, &vote(2)).unwrap();
    let (look, view) = looked(&drill, 0);
    assert_eq!(
        (view["phase"].as_str(), view["ballots"].as_u64(), view["voters"].as_u64()),
        (Some("voting"), Some(3), Some(2))
    );
    assert_eq!(view["awaited"], Value::Array(vec![]));
    assert_eq!(view["fault"], Value::Null);
    assert_eq!(view["turnout"].as_array().unwrap().last().unwrap()[1], 3);
    let entries: Vec<Value> = serde_json::from_str(&look.entries(0, 1000).unwrap()).unwrap();
    assert_eq!(entries.len(), look.entries.len());
    assert_eq!(entries[0]["kind"], "manifest");
    let ballot = entries.last().unwrap();
    assert_eq!((ballot["kind"].as_str(), ballot["says"]["sequence"].as_str()), (Some("ballot"), Some("2")));
    let tracker = ballot["tracker"].as_str().unwrap();
    let found: Vec<Value> = serde_json::from_str(&look.find(&tracker.to_lowercase()).unwrap()).unwrap();
    assert_eq!(found, std::slice::from_ref(ballot));
    assert!(look.find("!").is_err());
    // After the closing time and the grace the authority is awaited.
    let (_, view) = looked(&drill, u64::MAX);
    assert_eq!(view["awaited"][0]["step"], "close");

    let finished = Drill::complete(Options::simple(4), vote);
    let (look, view) = looked(&finished, 0);
    assert_eq!(view["phase"], "tallied");
    assert_eq!(view["awaited"][0]["step"], "retire");
    assert!(look.bytes(0).unwrap().len() > 1000);
    assert!(look.bytes(usize::MAX).is_none());
}

/// VER-40: before the opening, registrars and trustees are awaited; what breaks a rule is told with its place.
#[test]
fn the_set_up_tells_what_is_awaited() {
    let drill = Drill::begin(Options::simple(4));
    let (_, view) = looked(&drill, 0);
    assert_eq!(view["phase"], "setup");
    let steps: Vec<&str> = view["awaited"].as_array().unwrap().iter().filter_map(|one| one["step"].as_str()).collect();
    assert!(steps.contains(&"roll") && steps.contains(&"commit"), "{steps:?}");
    let (_, view) = looked(&drill, u64::MAX);
    assert!(view["awaited"].as_array().unwrap().iter().any(|one| one["step"] == "end-stage"));

    // The manifest twice.
    let mut entries = drill.entries.clone();
    entries.push(entries[0].clone());
    let look = Look::at(&vitrine_tests::drill::record_of(&entries, &drill.board)).unwrap();
    let view: Value = serde_json::from_str(&look.view(0).unwrap()).unwrap();
    assert_eq!(view["fault"]["index"], entries.len() - 1);
}

/// VER-41: a kind that a page cannot name is none of ours.
#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    assert!(Look::at(&BTreeMap::new()).is_err());
    let files = BTreeMap::from([("checkpoint".to_owned(), b"nonsense".to_vec())]);
    assert!(Look::at(&files).is_err());
}
