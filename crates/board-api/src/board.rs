//! What a board says about itself (HTTP-9).

use protocol::ids::ElectionId;
use serde::{Deserialize, Serialize};
use tlog::note::{Algorithm, KeyError, VerifierKey};

/// The answer to `GET /api/v1/board`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoardDocument {
    /// As it is shown.
    pub name: String,
    /// Every log of this board is called `<origin prefix>/<election id in hexadecimal>` (BRD-1).
    pub origin_prefix: String,
    /// The board's Ed25519 public key. As a log's key it bears the log's origin as its name (BRD-1).
    #[serde(with = "crate::text::bytes")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub public_key: [u8; 32],
}

impl BoardDocument {
    /// BRD-1: the origin of an election's log on this board.
    pub fn log_origin(&self, election: &ElectionId) -> String {
        log_origin(&self.origin_prefix, election)
    }

    /// BRD-1: the key of an election's log on this board; as text it is the manifest's `log_key`.
    ///
    /// # Errors
    /// [`KeyError`] when the board's document holds no acceptable key or prefix.
    pub fn log_key(&self, election: &ElectionId) -> Result<VerifierKey, KeyError> {
        VerifierKey::new(&self.log_origin(election), Algorithm::Ed25519, &self.public_key)
    }
}

/// BRD-1: the origin of an election's log under a prefix.
pub fn log_origin(prefix: &str, election: &ElectionId) -> String {
    format!("{prefix}/{election}")
}
