//! The election as data and rules: entries, fingerprints, and the fold that defines what is valid.
