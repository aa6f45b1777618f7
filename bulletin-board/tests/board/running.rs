//! A board in this process, on a free port and a folder of its own.

use crate::home;
use board_api::BoardClient;
use bulletin_board::{Config, Listeners, ServeError};
use crypto::schnorr::SigningKey;
use std::path::Path;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub(crate) struct Running {
    pub(crate) client: BoardClient,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), ServeError>>,
}

pub(crate) fn config(folder: &Path, authority: &SigningKey) -> Config {
    Config { name: "Town hall".into(), authorities: vec![authority.public().0], ..home::config(folder) }
}

impl Running {
    pub(crate) async fn start(folder: &Path, authority: &SigningKey) -> Self {
        Self::start_with(config(folder, authority)).await
    }

    pub(crate) async fn start_with(config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = BoardClient::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        Self::on(config, Listeners { public: listener, admin: None }, client)
    }

    /// A board as configured, on these listeners.
    pub(crate) fn on(config: Config, listeners: Listeners, client: BoardClient) -> Self {
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let server = tokio::spawn(bulletin_board::serve_on(config, listeners, shutdown));
        Self { client, stop, server }
    }

    #[allow(dead_code, reason = "not every set of tests ends a board halfway")]
    /// Asks it to end, and leaves it at that.
    pub(crate) fn ask_to_end(self) -> JoinHandle<Result<(), ServeError>> {
        let _ = self.stop.send(());
        self.server
    }

    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        self.server.await.unwrap().unwrap();
    }

    /// The outcome of a board that does not come up.
    pub(crate) async fn outcome(self) -> Result<(), ServeError> {
        self.server.await.unwrap()
    }
}

/// The words of a page (WEB-31), without the marks that isolate names.
pub(crate) async fn words(address: &str, path: &str) -> String {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.get(format!("{}{path}", address.trim_end_matches('/'))).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    answer.text().await.unwrap().replace(['\u{2068}', '\u{2069}'], "")
}
