//! Entry bundles: entries with their lengths, one after the other (LOG-10).

use thiserror::Error;

/// The most bytes an entry may have: its length is written in two bytes.
pub const MAX_ENTRY_BYTES: usize = 65_535;

/// Why bytes are no bundle, or entries cannot form one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BundleError {
    /// An entry is longer than [`MAX_ENTRY_BYTES`].
    #[error("entry {place} of the bundle has {length} bytes, more than 65,535")]
    EntryTooLong {
        /// The entry's place in the bundle.
        place: usize,
        /// Its number of bytes.
        length: usize,
    },
    /// The bytes end within an entry or before the last one.
    #[error("the bundle ends within entry {place}")]
    Truncated {
        /// The place of the entry that is not whole.
        place: u16,
    },
    /// Bytes follow the last entry.
    #[error("{0} bytes follow the last entry of the bundle")]
    TrailingBytes(usize),
}

/// LOG-10: the bundle of these entries.
pub fn encode_bundle<T: AsRef<[u8]>>(entries: &[T]) -> Result<Vec<u8>, BundleError> {
    let mut bytes = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let entry = entry.as_ref();
        let length =
            u16::try_from(entry.len()).map_err(|_| BundleError::EntryTooLong { place, length: entry.len() })?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// LOG-10: the entries of a bundle that holds exactly `count` of them.
pub fn decode_bundle(bytes: &[u8], count: u16) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::with_capacity(usize::from(count));
    let mut rest = bytes;
    for place in 0..count {
        let truncated = BundleError::Truncated { place };
        let (length, after) = rest.split_first_chunk().ok_or(truncated.clone())?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or(truncated)?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() { Ok(entries) } else { Err(BundleError::TrailingBytes(rest.len())) }
}
