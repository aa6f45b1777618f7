//! The small texts all formats share: canonical decimals, base64, key names (LOG-6).

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::merkle::{Hash, MAX_SIZE};

/// Base64 with padding, RFC 4648 section 4.
pub(crate) fn base64_text(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Decodes base64 in its one canonical form: padding present, no stray bits.
pub(crate) fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// The base64 form of a hash.
pub(crate) fn base64_hash(text: &str) -> Option<Hash> {
    base64_bytes(text)?.try_into().ok()
}

/// A decimal up to [`MAX_SIZE`] without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    if !digits || !canonical {
        return None;
    }
    text.parse().ok().filter(|number| *number <= MAX_SIZE)
}

/// A key name or origin: not empty, no Unicode white space, no `+`, no control character.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c == '+' || c.is_whitespace() || c.is_control())
}
