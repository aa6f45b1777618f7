//! The running board: from a listener to a graceful end (BRD-17).

use crate::{
    admin::{self, Admin},
    app,
    board::{Board, OpenError},
    config::{Arguments, Config, ConfigError},
    connections,
    lifecycle::{Lifecycle, Stage},
    tls::{Acceptor, TlsError},
};
use std::{
    future::{Future, pending},
    io,
    sync::{Arc, OnceLock},
    time::Duration,
};
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
    /// Certificate or key is of no use.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}")]
    Listen(String, #[source] io::Error),
}

/// Where a board listens.
#[derive(Debug)]
pub struct Listeners {
    /// For everyone.
    pub public: TcpListener,
    /// For the operator's own machines (BRD-51, BRD-52).
    pub admin: Option<TcpListener>,
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
    let admin = match &config.admin_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    serve_on(config, Listeners { public: listener, admin }, shutdown).await
}

/// The same, where both listeners are there already.
///
/// # Errors
/// [`ServeError`].
pub async fn serve_on(
    config: Config,
    listeners: Listeners,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    config.check()?;
    let tls = config.tls.clone().map(Acceptor::load).transpose()?.map(Arc::new);
    let (lifecycle, board) = (Arc::new(Lifecycle::new()), Arc::new(OnceLock::new()));
    let admin = admin::router(Admin { lifecycle: lifecycle.clone(), board: board.clone() });
    let admin = async move {
        match listeners.admin {
            Some(listener) => connections::serve(listener, None, admin, pending()).await,
            None => pending().await,
        }
    };
    tokio::select! {
        outcome = serve_public(config, listeners.public, tls.clone(), lifecycle, &board, shutdown) => outcome,
        () = admin => Ok(()),
        () = renew(tls) => Ok(()),
    }
}

async fn serve_public(
    config: Config,
    listener: TcpListener,
    tls: Option<Arc<Acceptor>>,
    lifecycle: Arc<Lifecycle>,
    place: &OnceLock<Arc<Board>>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let drain = config.drain;
    let board = Board::open(config).await?;
    lifecycle.enter(Stage::Serving);
    let board = place.get_or_init(|| board);
    let feeds = board.clone();
    let (ending, ended) = oneshot::channel();
    let shutdown = async move {
        shutdown.await;
        // BRD-53: who distributes requests hears it before the listener closes.
        lifecycle.enter(Stage::Draining);
        tokio::time::sleep(drain).await;
        lifecycle.enter(Stage::Ending);
        feeds.operation().feed.end();
        // Nobody hears it only if the server has ended by itself.
        let _ = ending.send(());
    };
    let server = connections::serve(listener, tls, app::router(board.clone()), shutdown);
    let patience = async move {
        match ended.await {
            Ok(()) => tokio::time::sleep(LAST_WORDS).await,
            Err(_) => pending().await,
        }
    };
    tokio::select! {
        () = server => {}
        () = patience => {}
    }
    board.close().await;
    Ok(())
}

/// HTTP-37: on a hang-up signal, takes up certificate and key again.
#[cfg(unix)]
pub(crate) async fn renew(tls: Option<Arc<Acceptor>>) {
    let hang_up = || tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup());
    let Some((tls, mut signal)) = tls.and_then(|tls| Some((tls, hang_up().ok()?))) else { return pending().await };
    while signal.recv().await.is_some() {
        match tls.reload() {
            Ok(()) => tracing::info!("certificate and key are taken up again"),
            Err(cause) => tracing::error!(cause = ?cause, "certificate and key stay as they were"),
        }
    }
    pending().await
}

#[cfg(not(unix))]
async fn renew(_: Option<Arc<Acceptor>>) {
    pending().await
}

async fn bind(address: &str) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen(address.to_owned(), error))
}

/// Runs a board as its flags and its file say, until interrupted.
///
/// # Errors
/// [`ServeError`].
pub async fn run(arguments: Arguments) -> Result<(), ServeError> {
    let config = Config::from_arguments(arguments)?;
    let listener = bind(&config.listen).await?;
    let failed = |error| ServeError::Listen(config.listen.clone(), error);
    let address = listener.local_addr().map_err(failed)?;
    tracing::info!(%address, name = config.name, tls = config.tls.is_some(), "the board listens");
    serve(config, listener, interrupted()).await
}

/// Ends on the first interrupt or termination signal.
pub(crate) async fn interrupted() {
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
