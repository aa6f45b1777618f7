//! The one provider of cryptography for TLS: `ring` (decision 0018). Programs speak TLS to keep from the network who asks for what; no
//! rule of an election rests on it.

/// Makes `ring` this process's provider. Whoever builds a client or a server of TLS calls this first; again and again does no harm.
pub fn install() {
    // An error says that there is a provider already: this one, since nobody else installs any.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
