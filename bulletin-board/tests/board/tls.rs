//! TLS from end to end (HTTP-21, HTTP-37).

use crate::{
    running::{Running, config},
    town::Town,
};
use board_api::{BoardClient, ClientError, ClientOptions};
use bulletin_board::{Listeners, TlsSettings};
use std::path::{Path, PathBuf};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// An authority's certificate, as a file for clients; and one of its for this machine, as files for the board.
fn certified(folder: &Path, name: &str) -> (PathBuf, TlsSettings) {
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let ca_file = folder.join(format!("{name}-ca.pem"));
    std::fs::write(&ca_file, authority.self_signed(&authority_key).unwrap().pem()).unwrap();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, &issuer).unwrap();
    let settings =
        TlsSettings { certificate: folder.join(format!("{name}.pem")), key: folder.join(format!("{name}.key")) };
    std::fs::write(&settings.certificate, certificate.pem()).unwrap();
    std::fs::write(&settings.key, key.serialize_pem()).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&settings.key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    (ca_file, settings)
}

/// HTTP-37, THR-55
#[tokio::test]
async fn a_board_is_reached_by_tls_and_by_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::new(1);
    let (ca_file, settings) = certified(folder.path(), "town");
    let (foreign, _) = certified(folder.path(), "foreign");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("https://localhost:{port}");
    let client = |ca_file| BoardClient::with_options(&url, &ClientOptions { ca_file: Some(ca_file) }).unwrap();
    let mut config = config(folder.path(), &town.authority);
    config.tls = Some(settings);
    let board = Running::on(config, Listeners { public: listener, admin: None }, client(ca_file.clone()));
    let f = town.create(&board.client).await;
    let promise = board.client.submit(&f, &town.notice("Sealed on its way.")).await.unwrap();
    assert_eq!(promise.index(), 1);
    // Another authority vouches for nothing here, and nobody asks twice.
    assert!(matches!(client(foreign).board().await, Err(ClientError::Tls(_))));
    // Another name than the certificate's.
    let other =
        BoardClient::with_options(&format!("https://127.0.0.1:{port}"), &ClientOptions { ca_file: Some(ca_file) });
    assert!(matches!(other.unwrap().board().await, Err(ClientError::Tls(_))));
    // Plain HTTP on the same port gets nothing readable, and hurts nobody.
    let mut plain = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    plain.write_all(b"GET /api/v1/board HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"));
    assert_eq!(board.client.status(&f).await.unwrap().summary.size, 2);
    board.stop().await;
}

#[test]
fn a_file_of_authorities_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let (_, settings) = certified(folder.path(), "town");
    let with = |ca_file: &Path| {
        BoardClient::with_options("https://localhost", &ClientOptions { ca_file: Some(ca_file.to_owned()) })
    };
    assert!(matches!(with(&folder.path().join("none")), Err(ClientError::CaFile(path, _)) if path.ends_with("none")));
    for text in ["", "no certificate\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, text).unwrap();
        assert!(matches!(with(&path), Err(ClientError::CaCertificates(_))), "{text}");
    }
    assert!(matches!(with(&settings.key), Err(ClientError::CaCertificates(_))), "a key is no certificate");
}
