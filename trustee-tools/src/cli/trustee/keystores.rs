//! `vitrine trustee keys`: the keystore.

use crate::{
    cli::{CommandError, Streams, keys::Keys},
    public_keys::TrusteeFile,
    secrets::TrusteeSecrets,
};
use rand::rngs::OsRng;

/// Makes fresh keys, the keystore and the public key file (MAN-13).
pub(super) fn make_keys(keys: &Keys, streams: &mut Streams<'_>) -> Result<(), CommandError> {
    keys.run(streams, "trustee", |id, index, name| {
        let secrets = TrusteeSecrets::generate(id, index, name, &mut OsRng)?;
        let public = TrusteeFile::new(&id, index, &secrets.public(&mut OsRng)?);
        Ok((secrets, public))
    })
}
