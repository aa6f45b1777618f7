use super::*;
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio_rustls::{TlsConnector, client::TlsStream as ClientStream};

/// A certificate for `board.example`, signed by an authority of its own, and both files.
fn certified(folder: &Path) -> (Settings, RootCertStore) {
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root = authority.self_signed(&authority_key).unwrap();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let names = rcgen::CertificateParams::new(vec!["board.example".to_owned()]).unwrap();
    let certificate = names.signed_by(&key, &issuer).unwrap();
    let settings = Settings { certificate: "board.pem".into(), key: "board-key.pem".into() }.inside(folder);
    std::fs::write(&settings.certificate, certificate.pem()).unwrap();
    std::fs::write(&settings.key, key.serialize_pem()).unwrap();
    hide(&settings.key, 0o600);
    let mut roots = RootCertStore::empty();
    roots.add(root.der().clone()).unwrap();
    (settings, roots)
}

#[cfg(unix)]
fn hide(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn hide(_: &Path, _: u32) {}

async fn connect(roots: RootCertStore, stream: DuplexStream) -> io::Result<ClientStream<DuplexStream>> {
    let client = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("board.example").unwrap();
    TlsConnector::from(Arc::new(client)).connect(name, stream).await
}

/// HTTP-37: new connections get the certificate that was loaded last, and files of no use change nothing.
#[tokio::test]
async fn certificates_are_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, first) = certified(folder.path());
    let acceptor = Acceptor::load(settings.clone()).unwrap();
    let greet = async |roots: &RootCertStore| {
        let (near, far) = duplex(65_536);
        let (served, connected) = tokio::join!(acceptor.accept(near), connect(roots.clone(), far));
        let (mut served, mut connected) = (served?, connected?);
        served.write_all(b"hello").await?;
        let mut hello = [0; 5];
        connected.read_exact(&mut hello).await?;
        assert_eq!(&hello, b"hello");
        Ok::<_, io::Error>(())
    };
    greet(&first).await.unwrap();
    let (_, second) = certified(folder.path());
    assert!(greet(&second).await.is_err(), "not loaded yet");
    acceptor.reload().unwrap();
    greet(&second).await.unwrap();
    assert!(greet(&first).await.is_err(), "another authority's");
    std::fs::write(&settings.certificate, "no certificate\n").unwrap();
    assert!(acceptor.reload().is_err());
    greet(&second).await.unwrap();
}

#[test]
fn unfit_files_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, _) = certified(folder.path());
    let (other, _) = {
        let other = folder.path().join("other");
        std::fs::create_dir(&other).unwrap();
        certified(&other)
    };
    let crossed = Settings { certificate: settings.certificate.clone(), key: other.key };
    assert!(matches!(Acceptor::load(crossed), Err(TlsError::Unusable(_))));
    let swapped = Settings { certificate: settings.key.clone(), key: settings.certificate.clone() };
    assert!(matches!(
        Acceptor::load(swapped),
        Err(TlsError::Unusable(_) | TlsError::Exposed(_) | TlsError::Malformed(..))
    ));
    let missing = Settings { key: folder.path().join("none"), ..settings.clone() };
    assert!(matches!(Acceptor::load(missing), Err(TlsError::Read(path, _)) if path.ends_with("none")));
    if cfg!(unix) {
        hide(&settings.key, 0o604);
        assert!(matches!(Acceptor::load(settings), Err(TlsError::Exposed(_))));
    }
}

/// HTTP-37: who says nothing is cut off. The clock is the test's.
#[tokio::test(start_paused = true)]
async fn a_slow_handshake_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let acceptor = Acceptor::load(certified(folder.path()).0).unwrap();
    let (near, mut far) = duplex(65_536);
    // The beginning of a handshake, and no more.
    far.write_all(&[0x16, 0x03, 0x01, 0x02, 0x00]).await.unwrap();
    let began = tokio::time::Instant::now();
    let error = acceptor.accept(near).await.unwrap_err();
    assert_eq!((error.kind(), began.elapsed().as_secs()), (io::ErrorKind::TimedOut, HANDSHAKE.as_secs()));
}
