//! Public key files (MAN-13): what an official hands to the authority for the manifest. JSON, one official a file.

use crypto::{EncodedPoint, schnorr::Possession};
use protocol::{
    ids::ElectionId,
    manifest::{Official, TrusteeKeys},
};
use serde::{Deserialize, Serialize};

/// The most bytes of a public key file.
const MAXIMUM_FILE: usize = 16 * 1024;

/// A registrar's public key file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrarFile {
    format: RegistrarFormat,
    /// The election's id, in hexadecimal.
    election_id: String,
    /// Registrar 1, 2, ...
    pub index: u32,
    /// As it is shown.
    pub name: String,
    signing_key: String,
    possession: String,
}

/// A trustee's public key file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrusteeFile {
    format: TrusteeFormat,
    /// The election's id, in hexadecimal.
    election_id: String,
    /// Trustee 1, 2, ...
    pub index: u32,
    /// As it is shown.
    pub name: String,
    signing_key: String,
    share_key: String,
    possession: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum RegistrarFormat {
    #[serde(rename = "vitrine/1/registrar-keys")]
    V1,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum TrusteeFormat {
    #[serde(rename = "vitrine/1/trustee-keys")]
    V1,
}

/// Why a public key file is refused.
#[derive(Debug, thiserror::Error)]
pub enum PublicKeyFault {
    /// Too long for a public key file.
    #[error("longer than a public key file")]
    TooLong,
    /// Not the JSON of such a file.
    #[error("not a public key file: {0}")]
    Json(#[from] serde_json::Error),
    /// A field is not hexadecimal of its length.
    #[error("{0} is not {1} bytes in hexadecimal")]
    Hex(&'static str, usize),
    /// Made for another election.
    #[error("made for the election with id {0}")]
    OtherElection(String),
    /// In another place than the manifest's list has it: the possession proof binds the place.
    #[error("made for place {found} and listed in place {expected}")]
    Place {
        /// Place in the list, from 1.
        expected: u32,
        /// Place in the file.
        found: u32,
    },
}

impl RegistrarFile {
    /// The file of these keys.
    pub fn new(election: &ElectionId, index: u32, official: &Official) -> Self {
        Self {
            format: RegistrarFormat::V1,
            election_id: election.to_string(),
            index,
            name: official.name.clone(),
            signing_key: hex::encode(official.signing_key.0),
            possession: hex::encode(official.possession),
        }
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// [`PublicKeyFault`].
    pub fn parse(bytes: &[u8]) -> Result<Self, PublicKeyFault> {
        parse(bytes)
    }

    /// The keys for place `index` of the manifest. That they are possessed is for the fold to check.
    ///
    /// # Errors
    /// [`PublicKeyFault`].
    pub fn official(&self, election: &ElectionId, index: u32) -> Result<Official, PublicKeyFault> {
        check(election, &self.election_id, index, self.index)?;
        Ok(Official {
            name: self.name.clone(),
            signing_key: EncodedPoint(hexadecimal("signing_key", &self.signing_key)?),
            possession: *Possession::new(hexadecimal("possession", &self.possession)?).as_bytes(),
        })
    }
}

impl TrusteeFile {
    /// The file of these keys.
    pub fn new(election: &ElectionId, index: u32, keys: &TrusteeKeys) -> Self {
        Self {
            format: TrusteeFormat::V1,
            election_id: election.to_string(),
            index,
            name: keys.name.clone(),
            signing_key: hex::encode(keys.signing_key.0),
            share_key: hex::encode(keys.share_key.0),
            possession: hex::encode(keys.possession),
        }
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// [`PublicKeyFault`].
    pub fn parse(bytes: &[u8]) -> Result<Self, PublicKeyFault> {
        parse(bytes)
    }

    /// The keys for place `index` of the manifest. That they are possessed is for the fold to check.
    ///
    /// # Errors
    /// [`PublicKeyFault`].
    pub fn keys(&self, election: &ElectionId, index: u32) -> Result<TrusteeKeys, PublicKeyFault> {
        check(election, &self.election_id, index, self.index)?;
        Ok(TrusteeKeys {
            name: self.name.clone(),
            signing_key: EncodedPoint(hexadecimal("signing_key", &self.signing_key)?),
            share_key: EncodedPoint(hexadecimal("share_key", &self.share_key)?),
            possession: hexadecimal("possession", &self.possession)?,
        })
    }
}

fn parse<T: for<'a> Deserialize<'a>>(bytes: &[u8]) -> Result<T, PublicKeyFault> {
    if bytes.len() > MAXIMUM_FILE {
        return Err(PublicKeyFault::TooLong);
    }
    Ok(serde_json::from_slice(bytes)?)
}

fn check(election: &ElectionId, of: &str, expected: u32, found: u32) -> Result<(), PublicKeyFault> {
    if of.parse() != Ok(*election) {
        return Err(PublicKeyFault::OtherElection(of.to_owned()));
    }
    if expected != found {
        return Err(PublicKeyFault::Place { expected, found });
    }
    Ok(())
}

fn hexadecimal<const N: usize>(field: &'static str, text: &str) -> Result<[u8; N], PublicKeyFault> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| PublicKeyFault::Hex(field, N))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Officials, rng};

    #[test]
    fn files_come_back_and_bind_election_and_place() {
        let officials = Officials::generate(2, &mut rng(9));
        let id = officials.authority.election_id();
        let keys = officials.trustees[1].public(&mut rng(9)).unwrap();
        let json = serde_json::to_vec(&TrusteeFile::new(&id, 2, &keys)).unwrap();
        let file = TrusteeFile::parse(&json).unwrap();
        assert_eq!(file.keys(&id, 2).unwrap(), keys);
        assert!(matches!(file.keys(&id, 1), Err(PublicKeyFault::Place { expected: 1, found: 2 })));
        assert!(matches!(file.keys(&ElectionId([0; 32]), 2), Err(PublicKeyFault::OtherElection(_))));
        let official = officials.registrars[0].official(&mut rng(9)).unwrap();
        let json = serde_json::to_vec(&RegistrarFile::new(&id, 1, &official)).unwrap();
        assert_eq!(RegistrarFile::parse(&json).unwrap().official(&id, 1).unwrap(), official);
        assert!(matches!(TrusteeFile::parse(&json), Err(PublicKeyFault::Json(_))), "a registrar is no trustee");
        assert!(matches!(RegistrarFile::parse(&[b' '; 20_000]), Err(PublicKeyFault::TooLong)));
    }
}
