//! The running witness: from a listener to a graceful end.

use super::{Witness, WitnessArguments, WitnessConfig, WitnessConfigError, WitnessError, routes, watch::watch};
use crate::{
    connections,
    serve::{interrupted, renew},
    tls::{Acceptor, TlsError},
};
use std::{future::Future, io, sync::Arc, time::Duration};
use thiserror::Error;
use tokio::{net::TcpListener, sync::oneshot, task::JoinSet};

/// How long connections may take to end.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Why a witness does not run.
#[derive(Debug, Error)]
pub enum WitnessServeError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] WitnessConfigError),
    /// Key or memory cannot be taken up.
    #[error(transparent)]
    Open(#[from] WitnessError),
    /// TLS cannot be spoken.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}")]
    Listen(String, #[source] io::Error),
}

/// Serves a witness on a listener until `shutdown` ends, and then until every request taken is answered.
///
/// # Errors
/// [`WitnessServeError`].
pub async fn serve(
    config: WitnessConfig,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), WitnessServeError> {
    config.check()?;
    let tls = config.tls.clone().map(Acceptor::load).transpose()?.map(Arc::new);
    let clock = config.clock.clone();
    let clock = Arc::new(move || clock.seconds());
    let witness = Witness::open(&config.identity, config.known.clone(), clock).await?;
    let witness = Arc::new(witness.with_evidence(&config.evidence));
    // They end when this does.
    let mut watching = JoinSet::new();
    for address in &config.watched {
        watching.spawn(watch(witness.clone(), address.clone(), config.interval));
    }
    tracing::info!(key = %witness.verifier_key(), "the witness's key");
    let (ending, ended) = oneshot::channel();
    let shutdown = async move {
        shutdown.await;
        // Nobody hears it only if the server has ended by itself.
        let _ = ending.send(());
    };
    let server = connections::serve(listener, tls.clone(), routes::router(Arc::new(witness.clone())), shutdown);
    let patience = async move {
        match ended.await {
            Ok(()) => tokio::time::sleep(LAST_WORDS).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = server => {}
        () = patience => {}
        () = renew(tls) => {}
    }
    watching.shutdown().await;
    witness.state().close().await;
    Ok(())
}

/// Runs a witness as its flags and its file say, until interrupted.
///
/// # Errors
/// [`WitnessServeError`].
pub async fn run(arguments: WitnessArguments) -> Result<(), WitnessServeError> {
    let config = WitnessConfig::from_arguments(arguments)?;
    config.check()?;
    let failed = |error| WitnessServeError::Listen(config.listen.clone(), error);
    let listener = TcpListener::bind(&config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    tracing::info!(%address, name = config.identity.name, "the witness listens");
    serve(config, listener, interrupted()).await
}
