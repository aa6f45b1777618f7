//! The mathematics: group, transcripts, proofs, sealed shares, tallies. Imports none of our crates.
