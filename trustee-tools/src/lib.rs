//! The officials' tools: authority, registrar, trustee, and the sealed keystore (`specs/04-key-ceremony.md`).
//!
//! What an official does next is a pure function of the record and of the official's secrets: [`ceremony`], [`decryption`],
//! [`registrar`], [`authority`]. Around them lie the [`keystore`], where secrets survive, the [`record`], read and verified, and the
//! [`cli`].

pub mod authority;
pub mod carry;
pub mod ceremony;
pub mod cli;
pub mod decryption;
pub mod definition;
mod files;
pub mod guide;
pub mod inspection;
pub mod issuance;
pub mod keystore;
pub mod letters;
pub mod marker;
pub mod public_keys;
pub mod record;
pub mod recovery;
pub mod refusal;
pub mod registrar;
pub mod retirement;
pub mod secrets;
pub mod template;
pub mod voters;

#[cfg(test)]
mod fixture;
