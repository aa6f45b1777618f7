//! An entry's time against the witnesses' (EVD-9 to EVD-11).

use crate::world::{History, MINUTE, World, all, notice};
use protocol::{
    Evidence,
    evidence::{EvidenceFault, Kind, Part, Role, TOLERANCE},
};

/// EVD-9: the very second from which an entry is from the future.
#[test]
fn an_entry_from_the_future_convicts_the_log() {
    let world = World::new();
    let mut history = History::told(6, 6, 0);
    history.push_as(6, MINUTE + 500, &notice("later than now"));
    let limit = (MINUTE + 500) * 60 - TOLERANCE;
    let check = |cosigned: &[_]| {
        let entry = world.receipt(&history, 6, 7, cosigned);
        Evidence::decode(&Evidence::ahead(&world.manifest, &entry).encode()).unwrap().check()
    };
    let finding = check(&all(limit - 1)).unwrap();
    assert_eq!((finding.kind, finding.culprits.len(), finding.culprits[0].role), (Kind::Clock, 1, Role::Log));
    let no_quorum = Err(EvidenceFault::NoQuorum { rule: "EVD-9", part: Part::Entry });
    assert_eq!(check(&all(limit)), no_quorum);
    // The quorum must be of the early ones alone, and 0 is no time.
    assert!(check(&[(1, limit - 1), (2, limit - 9), (3, limit - 1), (4, limit + 9)]).is_ok());
    assert_eq!(check(&[(1, limit - 1), (2, limit - 1), (3, limit), (4, limit)]), no_quorum);
    assert_eq!(check(&all(0)), no_quorum);
    assert_eq!(check(&[]), no_quorum);
    let alone = World::unwitnessed();
    let entry = alone.receipt(&history, 6, 7, &[]);
    assert_eq!(Evidence::ahead(&alone.manifest, &entry).check(), Err(EvidenceFault::NoClock("EVD-9")));
}

/// EVD-10: a time that the witnesses do not bear out is shown, and nobody is convicted of it.
#[test]
fn an_entry_from_the_past_is_shown_and_convicts_nobody() {
    let world = World::new();
    let history = History::told(9, 9, 0);
    let limit = (MINUTE + 6) * 60 + 59 + TOLERANCE;
    let check = |size, cosigned: &[_]| {
        let (entry, without) = (world.receipt(&history, 6, 9, &[]), world.note(&history, size, cosigned));
        Evidence::decode(&Evidence::behind(&world.manifest, &entry, &without).encode()).unwrap().check()
    };
    for size in [1, 5, 6] {
        let finding = check(size, &all(limit + 1)).unwrap();
        assert!(finding.kind == Kind::Clock && !finding.is_proved() && !finding.open.is_empty());
    }
    let no_quorum = Err(EvidenceFault::NoQuorum { rule: "EVD-10", part: Part::Without });
    assert_eq!(check(6, &all(limit)), no_quorum);
    assert_eq!(check(6, &all(limit + 1)[..2]), no_quorum);
    assert_eq!(check(7, &all(limit + 1)), Err(EvidenceFault::Sizes { rule: "EVD-10", first: 6, second: 7 }));
}
