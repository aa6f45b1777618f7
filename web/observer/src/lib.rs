//! The verifier and the reader of records for a browser: thin bindings.
