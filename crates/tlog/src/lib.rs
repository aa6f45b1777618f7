//! The append-only tree and its notes, in the C2SP formats. Knows nothing of votes; imports none of our crates.
