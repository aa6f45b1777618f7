//! What lies between a program and its board, and kills the program at the moment that a submission passes.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    process::{Child, Command},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// When the program dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The submission was stored and signed, and did not reach the board.
    BeforeSending,
    /// The board has recorded it, and its answer does not reach the program.
    BeforeReceipt,
}

/// A relay to the board.
pub(crate) struct Severing {
    /// Its address.
    pub(crate) url: String,
    victim: Arc<Mutex<Option<(u32, Moment)>>>,
}

impl Severing {
    pub(crate) fn new(board: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let victim = Arc::new(Mutex::new(None));
        let (armed, board) = (Arc::clone(&victim), board.to_owned());
        // It ends with the test's process.
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(board) = TcpStream::connect(&board) else { return };
                relay(client, board, &armed);
            }
        });
        Self { url, victim }
    }

    /// Waits until the program was killed at that moment. It must not end by itself.
    pub(crate) fn kill(&self, mut program: Command, moment: Moment) {
        // The lock is held until the number is known.
        let mut victim = self.victim.lock().unwrap();
        let mut child: Child = program.spawn().unwrap();
        *victim = Some((child.id(), moment));
        drop(victim);
        let status = child.wait().unwrap();
        assert_eq!(status.code(), None, "killed {moment:?}, not ended");
        assert!(self.victim.lock().unwrap().is_none(), "killed by the relay");
    }
}

fn relay(client: TcpStream, board: TcpStream, armed: &Arc<Mutex<Option<(u32, Moment)>>>) {
    let posted = Arc::new(AtomicBool::new(false));
    let (back, front) = (board.try_clone().unwrap(), client.try_clone().unwrap());
    let (armed_back, posted_back) = (Arc::clone(armed), Arc::clone(&posted));
    thread::spawn(move || {
        pass(back, front, |_| posted_back.load(Ordering::SeqCst) && strike(&armed_back, Moment::BeforeReceipt));
    });
    let armed = Arc::clone(armed);
    thread::spawn(move || {
        pass(client, board, |bytes| {
            let submission = bytes.starts_with(b"POST ");
            let struck = submission && strike(&armed, Moment::BeforeSending);
            posted.fetch_or(submission, Ordering::SeqCst);
            struck
        });
    });
}

/// Hands bytes on until one side ends or `struck` says that they must not pass.
fn pass(mut from: TcpStream, mut to: TcpStream, struck: impl Fn(&[u8]) -> bool) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if struck(&buffer[..length]) || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

/// Kills the program if this is its moment.
fn strike(armed: &Mutex<Option<(u32, Moment)>>, now: Moment) -> bool {
    let mut victim = armed.lock().unwrap();
    let Some((number, moment)) = *victim else { return false };
    if moment != now {
        return false;
    }
    *victim = None;
    Command::new("kill").args(["-KILL", &number.to_string()]).status().unwrap().success()
}
