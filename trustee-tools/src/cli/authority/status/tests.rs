use super::*;
use crate::{
    authority,
    ceremony::Step,
    fixture::{Fixture, NOW},
};

fn step(town: &mut Fixture, trustees: &[u32]) {
    for index in trustees {
        let Ok(Step::Submit(submission)) = town.step(*index) else { panic!("trustee {index}") };
        town.post(submission);
    }
}

/// CER-41: every step of everybody, and what is awaited of whom.
#[test]
fn the_status_names_who_is_awaited_with_what() {
    let mut town = Fixture::new(2, 3, 2);
    step(&mut town, &[1, 3]);
    let status = Status::of(&town.election, NOW);
    let parts = |status: &Status| status.trustees.iter().map(|trustee| trustee.commit.to_string()).collect::<Vec<_>>();
    assert_eq!(parts(&status), ["#1", "awaited", "#2"]);
    assert_eq!(parts(&Status::of(&town.election, NOW + 10)), ["#1", "LATE", "#2"]);
    let who: Vec<(&str, u32)> = status.awaited.iter().map(|awaited| (awaited.role, awaited.index)).collect();
    assert_eq!(who, [("trustee", 2), ("registrar", 1), ("registrar", 2)]);
    assert_eq!(status.next[0].command, "end-stage");
    assert!(status.next[0].what.ends_with("without trustee 2 (Trustee 2); 2 would go on"), "{}", status.next[0].what);
    let end = authority::stage_end(&town.election, &town.authority, &[], NOW + 10, &mut town.rng).unwrap();
    town.post(end);
    step(&mut town, &[1]);
    let status = Status::of(&town.election, NOW + 12);
    let json = serde_json::to_value(&status).unwrap();
    assert_eq!(json["trustees"][1]["left"], serde_json::json!({ "stage": 1, "entry": 3, "why": "silent" }));
    assert_eq!(json["trustees"][0]["deal"], serde_json::json!({ "state": "done", "entry": 4 }));
    assert_eq!(json["trustees"][2]["deal"]["state"], "awaited");
    let text = status.to_string();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("2 Trustee 2 out out out out 3 Trustee 3 #2 awaited - -"), "{text}");
    assert!(
        words.contains("only 1 would be left, fewer than 2, and the ceremony would have failed for ever"),
        "{text}"
    );
    let end = authority::stage_end(&town.election, &town.authority, &[], NOW + 20, &mut town.rng).unwrap();
    town.post(end);
    let status = Status::of(&town.election, NOW + 21);
    assert_eq!((status.phase, status.next[0].command), ("failed", "again"));
    assert!(status.to_string().contains("the key ceremony failed at stage 2 of 4"));
}

#[test]
fn after_the_ceremony_the_status_goes_on() {
    let mut town = Fixture::new(2, 3, 2);
    town.run_ceremony().unwrap();
    let status = Status::of(&town.election, NOW);
    assert!(status.next.is_empty() && status.awaited.iter().all(|awaited| awaited.role == "registrar"));
    town.publish_roll();
    let status = Status::of(&town.election, NOW);
    assert_eq!((status.next[0].command, status.awaited.len(), status.without_spare), ("open", 0, false));
    town.open();
    let status = Status::of(&town.election, NOW);
    assert_eq!(status.next.iter().map(|next| next.command).collect::<Vec<_>>(), ["extend", "close"]);
    assert_eq!(status.next[1].from.as_ref().unwrap().minute, NOW + 110);
    let closing = authority::closing(&town.election, &town.authority, NOW + 110, &mut town.rng).unwrap();
    town.post(closing);
    let status = Status::of(&town.election, NOW + 111);
    assert_eq!((status.phase, status.awaited.len()), ("tallied", 3), "all three may retire");
    for status in [&status, &Status::of(&town.election, NOW)] {
        assert!(status.to_string().lines().all(|line| line.chars().count() <= 100), "{status}");
    }
}

#[test]
fn long_names_do_not_break_the_table() {
    let status = |name: &str| {
        let town = Fixture::new(2, 3, 2);
        let mut status = Status::of(&town.election, NOW);
        status.trustees[0].name = name.to_owned();
        status.trustees().to_string()
    };
    let text = status(&"Ä".repeat(400));
    assert!(text.lines().all(|line| line.chars().count() <= 70), "{text}");
    assert!(text.contains(&format!("{}…  awaited", "Ä".repeat(23))), "{text}");
}
