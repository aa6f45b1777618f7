//! Builders shared by the whole-system tests: an election run in memory, every party in one place.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "test code: a broken builder should stop the test where it broke"
)]

pub mod drill;
pub mod kinds;
pub mod panel;
pub mod random_contests;
pub mod stage;

pub use drill::{Drill, Options};
pub use panel::Panel;
