//! CER-48: a bounded, exhaustive check of the ceremony's rules, with the real [`protocol::Election`].

mod cast;
mod ceremony;
mod honest;
mod message;
mod mutant;
mod observer;
mod scene;
mod table;

use cast::{Bounds, Dealing};
use ceremony::Ceremony;
use mutant::Mutant;
use stateright::{Checker as _, Model as _};

fn check(bounds: Bounds, mutant: Mutant, sample: u64) -> usize {
    let started = std::time::Instant::now();
    let checker = Ceremony::new(bounds, mutant, sample).checker().threads(2).spawn_dfs().join();
    let model = checker.model();
    println!("{:?}: {} states, {} steps, depth {}, {:?} rulings, refused {:?}, reread {:?}, {:?}", model.cast.bounds, checker.unique_state_count(), checker.state_count(), checker.max_depth(), model.table.counts(), model.refused, model.reread, started.elapsed());
    checker.assert_properties();
    checker.unique_state_count()
}

#[test]
fn small() {
    let bounds = Bounds {
        trustees: (2, 2, 3),
        malicious: vec![3],
        dealings: vec![Dealing::Good, Dealing::BadFor(1), Dealing::BadFor(3), Dealing::Unproved],
        nonsense: false,
        rehearsals: 1,
        witnessed: false,
        late: false,
    };
    check(bounds, Mutant::None, 10);
}
