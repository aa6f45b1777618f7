//! The officials' tools: authority, registrar, trustee, and the sealed keystore.
