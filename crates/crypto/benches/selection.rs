//! Sealing and verifying selections.
fn main() {}
