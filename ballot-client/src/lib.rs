//! The voter's side: check the election, seal, audit or cast, keep the receipt.
