//! Signed notes: a text and the lines that sign it (LOG-12 to LOG-15, c2sp.org/signed-note).

use crate::text::{base64_bytes, base64_text, is_key_name};
use thiserror::Error;

mod key;

pub use key::{Algorithm, KeyError, SignerKey, VerifierKey};

/// The most signature lines a note may have. The format demands at least 16; a policy names at most some dozens.
pub const MAX_SIGNATURES: usize = 64;

/// The most bytes a note may have: 64 post-quantum signatures of 3.3 kB fit.
pub const MAX_NOTE_BYTES: usize = 262_144;

/// A text with its signatures, none of them checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// The first four bytes of the key's hash; with the name, names key and algorithm.
    pub key_id: [u8; 4],
    /// What the algorithm wrote.
    pub signature: Vec<u8>,
}

/// Why bytes are no note, or not one to believe.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoteError {
    /// More than [`MAX_NOTE_BYTES`].
    #[error("the note has {0} bytes, more than allowed")]
    TooLong(usize),
    /// Not UTF-8.
    #[error("the note is not UTF-8")]
    NotUtf8,
    /// A control character other than newline.
    #[error("the note holds a control character at byte {0}")]
    ControlCharacter(usize),
    /// No empty line between text and signatures, or no text.
    #[error("the note has no text followed by an empty line")]
    NoText,
    /// The last line is not ended by a newline.
    #[error("the note does not end with a newline")]
    NoFinalNewline,
    /// No signature lines.
    #[error("the note has no signature line")]
    NoSignature,
    /// More than [`MAX_SIGNATURES`].
    #[error("the note has more than {MAX_SIGNATURES} signature lines")]
    TooManySignatures,
    /// Not `— name base64`, in this one canonical form.
    #[error("signature line {line} is malformed")]
    MalformedSignatureLine {
        /// Which signature line, from 0.
        line: usize,
    },
    /// A known key's line whose signature does not verify.
    #[error("signature line {line}, by {name}, does not verify")]
    BadSignature {
        /// Which signature line, from 0.
        line: usize,
        /// The name of the key.
        name: String,
    },
    /// A stored record's note has a line by a key that nobody named.
    #[error("signature line {line}, by {name}, is by an unknown key")]
    UnknownKey {
        /// Which signature line, from 0.
        line: usize,
        /// The name of the key.
        name: String,
    },
    /// A stored record's note has two lines by one key.
    #[error("signature line {line}, by {name}, is the second by this key")]
    DuplicateSignature {
        /// Which signature line, from 0.
        line: usize,
        /// The name of the key.
        name: String,
    },
    /// No line by any known key.
    #[error("the note is signed by no known key")]
    NoKnownSignature,
}

/// How a note's lines by other keys, and repeated lines, are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// As on the wire: lines by unknown keys are ignored, a key may sign twice.
    IgnoreUnknown,
    /// As in a stored record: a line that no check reads, or that repeats a key, is refused (REC-3).
    EveryLineKnown,
}

/// A line whose signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedLine<'k> {
    /// The key that signed.
    pub key: &'k VerifierKey,
    /// The time the line states, for cosignatures.
    pub timestamp: Option<u64>,
}

impl Note {
    /// A note without signatures yet; the text must end in a newline and hold no control character but newlines.
    pub fn new(text: String) -> Result<Self, NoteError> {
        check_characters(&text)?;
        if !text.ends_with('\n') {
            return Err(NoteError::NoFinalNewline);
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// LOG-12: reads a note. Exactly one byte string stands for each note: [`Note::encode`] gives it back.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(NoteError::TooLong(bytes.len()));
        }
        let note = std::str::from_utf8(bytes).map_err(|_| NoteError::NotUtf8)?;
        check_characters(note)?;
        if !note.ends_with('\n') {
            return Err(NoteError::NoFinalNewline);
        }
        // The text keeps its newline; the last empty line separates it from the signatures.
        let split = note.rfind("\n\n").ok_or(NoteError::NoText)?;
        let (text, rest) = note.split_at_checked(split + 1).ok_or(NoteError::NoText)?;
        let lines = rest.strip_prefix('\n').ok_or(NoteError::NoText)?;
        if lines.is_empty() {
            return Err(NoteError::NoSignature);
        }
        let mut signatures = Vec::new();
        for (line, content) in lines.split_terminator('\n').enumerate() {
            if line >= MAX_SIGNATURES {
                return Err(NoteError::TooManySignatures);
            }
            signatures.push(NoteSignature::parse(content).ok_or(NoteError::MalformedSignatureLine { line })?);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// LOG-12: the bytes of the note, as text.
    pub fn encode(&self) -> String {
        let mut note = format!("{}\n", self.text);
        for signature in &self.signatures {
            note.push_str(&signature.line());
        }
        note
    }

    /// The signed text, final newline included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, unchecked.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a line below the others; nothing that [`Note::parse`] would refuse.
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        if !is_key_name(&signature.name) || signature.signature.is_empty() {
            return Err(NoteError::MalformedSignatureLine { line: self.signatures.len() });
        }
        if self.signatures.len() >= MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// LOG-15: checks every line by a key in `keys`. One that does not verify spoils the note; so does a note without any.
    pub fn verify<'k>(
        &self,
        keys: &'k [VerifierKey],
        strictness: Strictness,
    ) -> Result<Vec<VerifiedLine<'k>>, NoteError> {
        let mut verified: Vec<VerifiedLine<'k>> = Vec::new();
        for (line, signature) in self.signatures.iter().enumerate() {
            let name = || signature.name.clone();
            let Some(key) = keys.iter().find(|key| key.signed(signature)) else {
                if strictness == Strictness::EveryLineKnown {
                    return Err(NoteError::UnknownKey { line, name: name() });
                }
                continue;
            };
            let repeated = verified.iter().any(|earlier| earlier.key == key);
            if repeated && strictness == Strictness::EveryLineKnown {
                return Err(NoteError::DuplicateSignature { line, name: name() });
            }
            let timestamp = key
                .verify(&self.text, &signature.signature)
                .map_err(|_| NoteError::BadSignature { line, name: name() })?;
            verified.push(VerifiedLine { key, timestamp });
        }
        if verified.is_empty() {
            return Err(NoteError::NoKnownSignature);
        }
        Ok(verified)
    }
}

impl NoteSignature {
    /// LOG-13: one line without its newline.
    pub fn parse(line: &str) -> Option<Self> {
        let (name, blob) = line.strip_prefix("— ")?.split_once(' ')?;
        let blob = base64_bytes(blob)?;
        let (key_id, signature) = blob.split_first_chunk()?;
        (is_key_name(name) && !signature.is_empty()).then(|| Self {
            name: name.to_owned(),
            key_id: *key_id,
            signature: signature.to_vec(),
        })
    }

    /// LOG-13: the line with its newline.
    pub fn line(&self) -> String {
        let blob = [&self.key_id, self.signature.as_slice()].concat();
        format!("— {} {}\n", self.name, base64_text(&blob))
    }
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    match text.bytes().position(|byte| byte < 0x20 && byte != b'\n') {
        Some(place) => Err(NoteError::ControlCharacter(place)),
        None => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests;
