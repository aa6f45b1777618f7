//! What several targets share.

/// Cuts one input into files: each a length of four bytes (big-endian) and so many bytes; a last one may be cut short.
pub fn files(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut files = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX).min(rest.len());
        let (file, rest) = rest.split_at(length);
        files.push(file);
        bytes = rest;
    }
    files
}
