//! The voter's side: check the election, seal, audit or cast, keep the receipt (`specs/05-ballot.md`).
//!
//! Reading order: [`replay`] (the record, folded), [`session`] (seal, then cast or audit), [`audit`] (the second device),
//! [`selections`], [`shown`] and [`words`] (what is chosen, in what order it is offered, and how it is said), [`tracker`], [`receipt`], [`lookup`] and [`dispute`] (what a voter can check later, or prove), [`folder`] (what is kept so that a lost reply loses no
//! ballot), [`client`] (all of it against a board), [`page`] (all of it for a browser), [`cli`].
//!
//! The pure part ([`session`], [`audit`], [`replay`], [`lookup`], [`receipt`], [`dispute`]) knows no socket, file, clock or global randomness.

pub mod audit;
#[cfg(not(target_family = "wasm"))]
pub mod cli;
pub mod client;
pub mod credential;
#[cfg(not(target_family = "wasm"))]
pub mod folder;
pub mod lookup;
pub mod page;
pub mod receipt;
pub mod replay;
pub mod selections;
pub mod session;
pub mod shown;
pub mod tracker;
pub mod words;

pub use audit::{AuditOpening, check_audit};
pub use board_api::dispute;
pub use credential::Credential;
pub use selections::Choices;
pub use session::{OpenElection, Sealed, Selected, Session};
pub use tracker::{Tracker, TypedTracker};
