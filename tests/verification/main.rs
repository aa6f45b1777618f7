//! The verifier against records: right ones, unfinished ones, and every way of tampering with one (THR-10 to THR-13, THR-20, THR-40).
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code: a broken fixture should stop the test where it broke"
)]

mod chain;
mod collusion;
mod corners;
mod files;
mod fixture;
mod outcomes;
mod overrides;
mod policy;
mod records;
mod reports;
mod shared;
mod side_by_side;
mod stories;
mod units;
