//! The append-only tree and its notes, in the C2SP formats. Knows nothing of votes; imports none of our crates.
//!
//! Everything here is bytes in, bytes out: no file, socket, clock or global randomness. Callers pass closures that fetch
//! and store. The rules (`LOG-n`, `REC-n`) are in `specs/06-bulletin-board.md`.
//!
//! Reading order: [`merkle`] (hashes and proofs), [`tile`] (how hashes and entries are stored), [`note`] (signed text),
//! [`checkpoint`] (a signed tree head), [`cosignature`] and [`policy`] (which witnesses must agree), [`proof`] (receipts),
//! [`record`] (a whole log as a folder), [`follower`] (never go back), [`add_checkpoint`] (how a witness is asked).

pub mod add_checkpoint;
pub mod checkpoint;
pub mod cosignature;
pub mod follower;
pub mod merkle;
pub mod note;
pub mod policy;
pub mod proof;
pub mod record;
mod text;
pub mod tile;
