//! Tagged hashes over deterministic CBOR arrays (CRY-4; `protocol.md` 3.2 holds the table of fingerprints).

use sha3::{Digest as Update, Sha3_256, Sha3_512};

/// A 32-byte digest.
pub type Digest = [u8; 32];

/// Every domain of every tagged hash, on one page. The text form is `vitrine/1/<tag>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// F: the manifest body.
    Election,
    /// Submission id; of a ballot: the tracker.
    Submission,
    /// Entry hash: links an entry to the whole history before it.
    Entry,
    /// Roll fingerprint.
    Roll,
    /// Part hash: one dealing part.
    Dealing,
    /// Dealings fingerprint.
    Dealings,
    /// J: keys and ceremony.
    JointKey,
    /// Counted fingerprint.
    Counted,
    /// One-time key of a sealed share box.
    ShareKey,
    /// Credential secret of one registrar.
    Credential,
    /// Witness base `Q_i`.
    Generator,
    /// A file that officials carry between two machines.
    Carried,
    /// A registrar's map: who has which roll index.
    Map,
    /// Seed of a contest's lot.
    Lot,
    /// What an option draws in a lot.
    LotOrder,
    /// Signing secret of a trustee, from its seed.
    TrusteeSigning,
    /// Share secret of a trustee, from its seed.
    TrusteeShare,
}

impl Tag {
    /// The tag as it is hashed.
    pub fn text(self) -> &'static str {
        match self {
            Tag::Election => "vitrine/1/election",
            Tag::Submission => "vitrine/1/submission",
            Tag::Entry => "vitrine/1/entry",
            Tag::Roll => "vitrine/1/roll",
            Tag::Dealing => "vitrine/1/dealing",
            Tag::Dealings => "vitrine/1/dealings",
            Tag::JointKey => "vitrine/1/joint-key",
            Tag::Counted => "vitrine/1/counted",
            Tag::ShareKey => "vitrine/1/share-key",
            Tag::Credential => "vitrine/1/credential",
            Tag::Generator => "vitrine/1/generator",
            Tag::Carried => "vitrine/1/carried",
            Tag::Map => "vitrine/1/map",
            Tag::Lot => "vitrine/1/lot",
            Tag::LotOrder => "vitrine/1/lot-order",
            Tag::TrusteeSigning => "vitrine/1/trustee-signing",
            Tag::TrusteeShare => "vitrine/1/trustee-share",
        }
    }
}

/// A hash in the making: the deterministic CBOR (RFC 8949 section 4.2) of an array of the tag and the fields, in order, hashed as
/// it is written, so that a long list costs no memory.
#[derive(Clone)]
pub struct TaggedHash<D: Update = Sha3_256>(D);

impl TaggedHash<Sha3_256> {
    /// Opens the array for SHA3-256: the tag and `fields` further items, which the caller then adds exactly.
    pub fn new(tag: Tag, fields: u64) -> Self {
        Self::begin(tag, fields)
    }

    /// SHA3-256 of the array.
    pub fn sha3_256(self) -> Digest {
        self.0.finalize().into()
    }
}

impl TaggedHash<Sha3_512> {
    /// Opens the array for SHA3-512, where 64 bytes are wanted to reduce or map without bias.
    pub fn wide(tag: Tag, fields: u64) -> Self {
        Self::begin(tag, fields)
    }

    /// SHA3-512 of the array.
    pub fn sha3_512(self) -> [u8; 64] {
        self.0.finalize().into()
    }
}

impl<D: Update> TaggedHash<D> {
    fn begin(tag: Tag, fields: u64) -> Self {
        let text = tag.text().as_bytes();
        let mut hash = Self(D::new());
        hash.head(4, fields.saturating_add(1));
        hash.head(3, u64::try_from(text.len()).expect("a tag is short"));
        hash.0.update(text);
        hash
    }

    /// Adds a byte string.
    pub fn bytes(mut self, value: &[u8]) -> Self {
        self.head(2, u64::try_from(value.len()).expect("a length fits 64 bits"));
        self.0.update(value);
        self
    }

    /// Opens a byte string of `length` bytes, which the caller then adds exactly, piece by piece: for what no memory should hold.
    pub fn long_bytes(mut self, length: u64) -> Self {
        self.head(2, length);
        self
    }

    /// Adds a piece of the byte string that is open.
    pub fn piece(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes);
        self
    }

    /// Adds an unsigned integer.
    pub fn integer(mut self, value: u64) -> Self {
        self.head(0, value);
        self
    }

    /// Opens a nested array of `items` items, which the caller then adds exactly.
    pub fn array(mut self, items: usize) -> Self {
        self.head(4, u64::try_from(items).expect("a length fits 64 bits"));
        self
    }

    /// The shortest head of RFC 8949 section 3 for a major type and its argument.
    fn head(&mut self, major: u8, argument: u64) {
        let major = major << 5;
        let [a, b, c, d, e, f, g, h] = argument.to_be_bytes();
        match argument {
            0..=23 => self.0.update([major | h]),
            24..=0xff => self.0.update([major | 24, h]),
            0x100..=0xffff => self.0.update([major | 25, g, h]),
            0x1_0000..=0xffff_ffff => self.0.update([major | 26, e, f, g, h]),
            _ => self.0.update([major | 27, a, b, c, d, e, f, g, h]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hand-written heads are the ones `minicbor` writes, at every length boundary.
    #[test]
    fn heads_are_deterministic_cbor() {
        for value in [0, 23, 24, 255, 256, 65_535, 65_536, 0xffff_ffff, 0x1_0000_0000, u64::MAX] {
            let mut expected = Vec::new();
            let mut encoder = minicbor::Encoder::new(&mut expected);
            encoder.array(3).unwrap().str("vitrine/1/entry").unwrap().u64(value).unwrap().bytes(&[7; 300]).unwrap();
            let expected = Digest::from(Sha3_256::digest(expected));
            assert_eq!(TaggedHash::new(Tag::Entry, 2).integer(value).bytes(&[7; 300]).sha3_256(), expected);
            let pieces = TaggedHash::new(Tag::Entry, 2).integer(value).long_bytes(300).piece(&[7; 299]).piece(&[7]);
            assert_eq!(pieces.sha3_256(), expected);
        }
    }
}
