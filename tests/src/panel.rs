//! A key ceremony in which every trustee is there: each with the real tool's steps, secrets of its own, and a fold of its own that decides
//! every proof of every entry.

use crate::{Drill, Options, drill::choose_one};
use protocol::{Election, Entry, election::Stage};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore as _, SeedableRng as _},
};
use trustee_tools::{
    ceremony::{Step, advance},
    refusal::Refusal,
    secrets::TrusteeSecrets,
};

/// One trustee.
struct Seat {
    secrets: TrusteeSecrets,
    election: Election,
    rng: ChaCha20Rng,
}

/// The trustees of an election, and the record as far as they made it.
pub struct Panel {
    seats: Vec<Seat>,
    entries: Vec<Entry>,
    now: u64,
}

impl Panel {
    /// An election with one contest of so many slots, the blank included, and trustees (k, q, n).
    pub fn of(trustees: (u32, u32, u32), slots: usize) -> Self {
        let names: Vec<String> = (1..slots).map(|option| format!("Option {option}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let contests = vec![choose_one("Which one?", &names)];
        let mut drill = Drill::begin(Options { trustees, contests, ..Options::simple(1) });
        let id = drill.election.manifest().election_id;
        let mut rngs: Vec<ChaCha20Rng> = (1..=trustees.2)
            .map(|_| {
                let mut seed = [0; 32];
                drill.rng.fill_bytes(&mut seed);
                ChaCha20Rng::from_seed(seed)
            })
            .collect();
        let secrets: Vec<TrusteeSecrets> = (1..)
            .zip(&mut rngs)
            .map(|(index, rng)| TrusteeSecrets::generate(id, index, &format!("Trustee {index}"), rng).unwrap())
            .collect();
        let keys = secrets.iter().zip(&mut rngs).map(|(secrets, rng)| secrets.public(rng).unwrap()).collect();
        drill.remake(|manifest| manifest.trustees = keys);
        let seats = secrets.into_iter().zip(rngs).map(|(secrets, rng)| {
            let election = Election::begin(&drill.entries[0]).unwrap();
            Seat { secrets, election, rng }
        });
        Self { seats: seats.collect(), entries: drill.entries, now: drill.now }
    }

    /// All four stages, each trustee in its turn: what one posts, every one of them verifies.
    pub fn run(&mut self) {
        while self.seats[0].election.ceremony().stage() != Stage::Ended {
            let size = self.entries.len();
            for place in 0..self.seats.len() {
                let seat = &mut self.seats[place];
                let stored = |_: &TrusteeSecrets| Ok::<(), Refusal>(());
                if let Step::Submit(submission) =
                    advance(&seat.election, &mut seat.secrets, stored, &mut seat.rng).unwrap()
                {
                    let entry = seat.election.next_entry(submission, self.now);
                    for seat in &mut self.seats {
                        seat.election.apply(&entry).unwrap();
                    }
                    self.entries.push(entry);
                }
            }
            assert!(self.entries.len() > size, "nobody has anything to do");
        }
    }

    /// The fold of each trustee.
    pub fn elections(&self) -> impl Iterator<Item = &Election> {
        self.seats.iter().map(|seat| &seat.election)
    }

    /// Entries of the ceremony so far.
    pub fn entries(&self) -> usize {
        self.entries.len() - 1
    }

    /// What the ceremony adds to a record: of every entry but the manifest its bytes, two bytes of length in its bundle, and its leaf hash.
    pub fn bytes(&self) -> usize {
        self.entries[1..].iter().map(|entry| entry.encode().len() + 2 + 32).sum()
    }
}
