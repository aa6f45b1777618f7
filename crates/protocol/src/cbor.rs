//! Deterministic CBOR (RFC 8949 section 4.2), strict in both directions (ENC-1).

use crate::rule::{Rejection, refuse};
use crypto::EncodedPoint;
use minicbor::{Decode, Encode};

/// The canonical bytes of a value.
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    minicbor::encode(value, &mut bytes).expect("writing to memory cannot fail");
    bytes
}

/// Reads a value and refuses anything but the bytes [`encode`] writes for it: other widths, indefinite lengths, unknown or missing
/// fields, trailing bytes (ENC-1).
///
/// # Errors
/// [`Rejection::NotCanonical`], naming `what` was read.
pub fn decode<T: Encode<()> + for<'b> Decode<'b, ()>>(bytes: &[u8], what: &'static str) -> Result<T, Rejection> {
    let refusal = |why: String| refuse!(NotCanonical, format!("the deterministic CBOR of a {what}"), why);
    let mut decoder = minicbor::Decoder::new(bytes);
    let value: T = decoder.decode().map_err(|error| refusal(error.to_string()))?;
    if encode(&value) != bytes {
        return Err(refusal("bytes that read the same but are written otherwise, or trailing bytes".into()));
    }
    Ok(value)
}

/// One point as a 32-byte string, for `#[cbor(with)]`.
pub(crate) mod point {
    use super::*;
    use minicbor::{Decoder, Encoder, decode as read, encode as write, encode::Write};

    pub(crate) fn encode<C, W: Write>(
        point: &EncodedPoint,
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), write::Error<W::Error>> {
        encoder.bytes(point.as_bytes())?.ok()
    }

    pub(crate) fn decode<C>(decoder: &mut Decoder<'_>, _: &mut C) -> Result<EncodedPoint, read::Error> {
        let bytes = decoder.bytes()?;
        bytes.try_into().map(EncodedPoint).map_err(|_| read::Error::message("a point is 32 bytes"))
    }
}

/// A list of points as one byte string of 32 bytes each, for `#[cbor(with)]`.
pub(crate) mod points {
    use super::*;
    use minicbor::{Decoder, Encoder, decode as read, encode as write, encode::Write};

    pub(crate) fn encode<C, W: Write>(
        points: &[EncodedPoint],
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), write::Error<W::Error>> {
        let flat: Vec<u8> = points.iter().flat_map(|point| *point.as_bytes()).collect();
        encoder.bytes(&flat)?.ok()
    }

    pub(crate) fn decode<C>(decoder: &mut Decoder<'_>, _: &mut C) -> Result<Vec<EncodedPoint>, read::Error> {
        let (points, rest) = decoder.bytes()?.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(read::Error::message("a list of points is a multiple of 32 bytes"));
        }
        Ok(points.iter().copied().map(EncodedPoint).collect())
    }
}

/// A value, or `null` where there is none, for `#[cbor(encode_with, is_nil)]`: the field always stands in its place (ENC-1).
pub(crate) mod nullable {
    use minicbor::{Encode, Encoder, encode as write, encode::Write};

    pub(crate) fn encode<C, T: Encode<C>, W: Write>(
        value: &Option<T>,
        encoder: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), write::Error<W::Error>> {
        value.encode(encoder, context)
    }

    /// Otherwise a `null` at the end of an array would not be written.
    pub(crate) fn is_left_out<T>(_: &Option<T>) -> bool {
        false
    }
}

/// A flag towards the end of an array, for `#[cbor(with, has_nil)]`: `true` where it is set, and where it is not, no field at all (MAN-25), or
/// `null` if another field follows (MAN-40). That a `null` at the very end is refused is for [`decode`](super::decode) to see.
pub(crate) mod flag {
    use minicbor::{Decoder, Encoder, data::Type, decode as read, encode as write, encode::Write};

    pub(crate) fn encode<C, W: Write>(
        flag: &bool,
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), write::Error<W::Error>> {
        if *flag { encoder.bool(true)?.ok() } else { encoder.null()?.ok() }
    }

    pub(crate) fn decode<C>(decoder: &mut Decoder<'_>, _: &mut C) -> Result<bool, read::Error> {
        if decoder.datatype()? == Type::Null {
            decoder.null()?;
            return Ok(false);
        }
        if decoder.bool()? { Ok(true) } else { Err(read::Error::message("a flag that is not set is left out")) }
    }

    pub(crate) fn is_nil(flag: &bool) -> bool {
        !flag
    }

    pub(crate) fn nil() -> Option<bool> {
        Some(false)
    }
}

/// Hashes of the log as one byte string of 32 bytes each, for `#[cbor(with)]`.
pub(crate) mod hashes {
    use minicbor::{Decoder, Encoder, decode as read, encode as write, encode::Write};
    use tlog::merkle::Hash;

    pub(crate) fn encode<C, W: Write>(
        hashes: &[Hash],
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), write::Error<W::Error>> {
        encoder.bytes(hashes.as_flattened())?.ok()
    }

    pub(crate) fn decode<C>(decoder: &mut Decoder<'_>, _: &mut C) -> Result<Vec<Hash>, read::Error> {
        let (hashes, rest) = decoder.bytes()?.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(read::Error::message("a list of hashes is a multiple of 32 bytes"));
        }
        Ok(hashes.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Author, Body, Entry, Submission, body::Notice, ids::EntryHash};
    use proptest::prelude::*;

    proptest! {
        /// Readers are total on arbitrary bytes; what they accept is what they would write (ENC-1).
        #[test]
        fn readers_are_total(bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0u8..20) {
            for bytes in [bytes.clone(), [&[0x82, kind, 0x80][..], &bytes].concat(), [&[0x82, kind][..], &bytes].concat()] {
                if let Ok(body) = Body::decode(&bytes) {
                    prop_assert_eq!(body.encode(), bytes.clone());
                }
                if let Ok(submission) = Submission::decode(&bytes) {
                    prop_assert_eq!(submission.encode(), bytes.clone());
                }
                if let Ok(entry) = Entry::decode(&bytes) {
                    prop_assert_eq!(entry.encode(), bytes.clone());
                }
            }
        }

        /// Readers and writers are inverse on valid values.
        #[test]
        fn entries_come_back(index: u64, time: u64, previous: [u8; 32], text in ".{0,40}", signature in prop::collection::vec(any::<u8>(), 0..70)) {
            let body = Body::Notice(Notice { text });
            let submission = Submission::from_parts(Author::Registrar(7).encode(), body.encode(), signature);
            prop_assert_eq!(Submission::decode(&submission.encode()), Ok(submission.clone()));
            prop_assert_eq!(submission.body(), Ok(body));
            prop_assert_eq!(submission.author(), Ok(Author::Registrar(7)));
            let entry = Entry::new(index, EntryHash(previous), time, submission);
            prop_assert_eq!(Entry::decode(&entry.encode()), Ok(entry));
        }
    }
}
