//! The running mirror: from a listener to a graceful end.

use super::{Mirror, MirrorArguments, MirrorConfig, MirrorConfigError, MirrorError, boards::Boards, routes};
use crate::{
    connections,
    serve::{interrupted, renew},
    tls::{Acceptor, TlsError},
    witness::machine_clock,
};
use board_api::{BoardClient, ClientOptions};
use std::{future::Future, io, sync::Arc, time::Duration};
use thiserror::Error;
use tokio::{
    net::TcpListener,
    sync::{oneshot, watch},
};

/// How long connections, and afterwards what is being read, may take to end.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Why a mirror does not run.
#[derive(Debug, Error)]
pub enum MirrorServeError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] MirrorConfigError),
    /// Database, key or memory cannot be taken up.
    #[error(transparent)]
    Open(#[from] MirrorError),
    /// TLS cannot be spoken.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}")]
    Listen(String, #[source] io::Error),
}

/// Serves a mirror on a listener until `shutdown` ends. What it holds is taken up first; requests meanwhile wait.
///
/// # Errors
/// [`MirrorServeError`].
pub async fn serve(
    config: MirrorConfig,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), MirrorServeError> {
    config.check()?;
    let tls = config.tls.clone().map(Acceptor::load).transpose()?.map(Arc::new);
    let mut sources = Vec::new();
    for source in config.sources.clone() {
        let failed = |error| MirrorError::Board(source.url.clone(), Box::new(error));
        let options = ClientOptions { ca_file: source.ca_file.clone() };
        let client = BoardClient::with_options(&source.url, &options).map_err(failed)?;
        sources.push((source, client));
    }
    let (mirror, positions) = Mirror::open(&config, machine_clock()).await?;
    // MIR-1
    tracing::info!(key = %mirror.verifier_key(), "the mirror's key: use it for nothing else, and its name for no witness");
    let (end, ended) = watch::channel(false);
    let boards = Boards { mirror: mirror.clone(), sources, interval: config.interval, most: config.most, end: ended };
    let mut following = tokio::spawn(boards.run(positions));
    let (ending, over) = oneshot::channel();
    let shutdown = async move {
        shutdown.await;
        // Nobody hears it only if the server has ended by itself.
        let _ = ending.send(());
    };
    let server = connections::serve(listener, tls.clone(), routes::router(mirror.clone()), shutdown);
    let patience = async move {
        match over.await {
            Ok(()) => tokio::time::sleep(LAST_WORDS).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = server => {}
        () = patience => {}
        () = renew(tls) => {}
    }
    end.send_replace(true);
    if tokio::time::timeout(LAST_WORDS, &mut following).await.is_err() {
        // A commit that is cut off is none (MIR-6).
        following.abort();
    }
    mirror.close().await;
    Ok(())
}

/// Runs a mirror as its flags and its file say, until interrupted.
///
/// # Errors
/// [`MirrorServeError`].
pub async fn run(arguments: MirrorArguments) -> Result<(), MirrorServeError> {
    let config = MirrorConfig::from_arguments(arguments)?;
    config.check()?;
    let failed = |error| MirrorServeError::Listen(config.listen.clone(), error);
    let listener = TcpListener::bind(&config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    tracing::info!(%address, name = config.identity.name, "the mirror listens");
    serve(config, listener, interrupted()).await
}
