//! The running board: from a listener to a graceful end (BRD-17).

use crate::{
    app,
    board::{Board, OpenError},
    config::{Arguments, Config, ConfigError},
    connections,
};
use std::{future::Future, io, sync::Arc, time::Duration};
use thiserror::Error;
use tokio::{net::TcpListener, sync::oneshot};

/// How long connections may take to end.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Why a board does not run.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Database, key or a log cannot be taken up.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}")]
    Listen(String, #[source] io::Error),
}

/// Serves a board on a listener until `shutdown` ends, and then until everything taken is committed and answered. Every log in the
/// database is taken up first; requests meanwhile wait.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    config.check()?;
    let board = Arc::new(Board::open(config).await?);
    let (ending, ended) = oneshot::channel();
    let shutdown = async move {
        shutdown.await;
        // Nobody hears it only if the server has ended by itself.
        let _ = ending.send(());
    };
    let server = connections::serve(listener, app::router(board.clone()), shutdown);
    let patience = async move {
        match ended.await {
            Ok(()) => tokio::time::sleep(LAST_WORDS).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = server => {}
        () = patience => {}
    }
    board.close().await;
    Ok(())
}

/// Runs a board as its flags and its file say, until interrupted.
///
/// # Errors
/// [`ServeError`].
pub async fn run(arguments: Arguments) -> Result<(), ServeError> {
    let config = Config::from_arguments(arguments)?;
    let failed = |error| ServeError::Listen(config.listen.clone(), error);
    let listener = TcpListener::bind(&config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    tracing::info!(%address, name = config.name, "the board listens");
    serve(config, listener, interrupted()).await
}

/// Ends on the first interrupt or termination signal.
async fn interrupted() {
    let interrupt = async {
        // Without a handler there is no graceful end, but the board runs all the same.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
