//! The voter's session for a browser: thin bindings over `ballot-client`.
