//! The voter's whole path, with the client's own code: seal, audit or cast, vote again, keep a receipt, look it up.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken builder should stop the test where it broke"
)]

mod asking;
mod audits;
mod casting;
mod commands;
mod contest_vectors;
mod disputes;
mod kinds;
mod letters;
mod page;
mod records;
mod stub;
mod vectors;
