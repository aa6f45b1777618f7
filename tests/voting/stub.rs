//! A board of a few lines that can lose replies on purpose: a drill's record over plain HTTP.

use crate::letters::Letters;
use board_api::{Problem, PromiseDocument};
use protocol::Submission;
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
};

/// What the board does with the next submissions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mood {
    /// Records and answers.
    Fair,
    /// Records, and the answer is lost.
    LosesReplies,
    /// Loses what it is sent.
    Deaf,
    /// Records, and promises something else.
    Lies,
    /// Answers every question with far too much.
    Floods,
    /// Records, and says that it refuses.
    Denies,
}

pub(crate) struct State {
    pub(crate) letters: Letters,
    pub(crate) mood: Mood,
    /// Every request's first line.
    pub(crate) requests: Vec<String>,
}

/// Serves until the test ends.
pub(crate) struct Stub {
    pub(crate) address: String,
    state: Arc<Mutex<State>>,
}

impl Stub {
    pub(crate) fn serve(letters: Letters) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State { letters, mood: Mood::Fair, requests: Vec::new() }));
        let shared = state.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                answer(connection.unwrap(), &mut shared.lock().unwrap());
            }
        });
        Self { address, state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn mood(&self, mood: Mood) {
        self.state().mood = mood;
    }
}

/// One request, one answer, and the connection ends. A client that goes away is no failure.
fn answer(connection: TcpStream, state: &mut State) {
    let mut reader = BufReader::new(&connection);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        lines.push(line.to_ascii_lowercase());
    }
    let Some(first) = lines.first().cloned() else { return };
    let length = lines.iter().find_map(|line| line.strip_prefix("content-length:")).map_or(0, |length| {
        let length: usize = length.trim().parse().unwrap();
        length
    });
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    state.requests.push(first.trim().to_owned());
    let words: Vec<&str> = first.split(' ').collect();
    let reply = match words[0] {
        "get" => file(state, words[1]),
        _ => submit(state, &body),
    };
    if let Some((status, kind, body)) = reply {
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let _ = (&connection).write_all(&[head.as_bytes(), &body].concat());
    }
}

type Reply = Option<(u16, &'static str, Vec<u8>)>;

/// Any fingerprint gets the one record there is: a client must notice itself.
fn file(state: &State, path: &str) -> Reply {
    if state.mood == Mood::Floods {
        return Some((200, "application/octet-stream", vec![b'x'; 1 << 25]));
    }
    let name = path.strip_prefix("/e/").and_then(|rest| rest.split_once('/')).map(|(_, name)| name);
    match name.and_then(|name| state.letters.drill.record().remove(name)) {
        Some(bytes) => Some((200, "application/octet-stream", bytes)),
        None => Some((404, "text/plain", Vec::new())),
    }
}

fn submit(state: &mut State, body: &[u8]) -> Reply {
    if state.mood == Mood::Deaf {
        return None;
    }
    let submission = Submission::decode(body).unwrap();
    let f = state.letters.f();
    let letters = &mut state.letters;
    let known = letters.drill.entries.iter().find(|entry| entry.submission().id(&f) == submission.id(&f));
    let index = match known.map(|entry| entry.index) {
        Some(index) => index,
        None => match letters.drill.apply(submission) {
            Ok(index) => index,
            Err(rejection) => {
                let problem = Problem::from(&rejection);
                return Some((problem.status, "application/problem+json", serde_json::to_vec(&problem).unwrap()));
            }
        },
    };
    if state.mood == Mood::Denies {
        let problem = Problem::new("BRD-18", 409, "voting is over", "a ballot before the closing time", "this one");
        return Some((409, "application/problem+json", serde_json::to_vec(&problem).unwrap()));
    }
    let promised = if state.mood == Mood::Lies { index - 1 } else { index };
    let receipt = letters.receipt(promised);
    let promise = PromiseDocument {
        index: receipt.index,
        entry: receipt.extra,
        inclusion: receipt.path,
        checkpoint: receipt.checkpoint_note,
    };
    let answered = state.mood != Mood::LosesReplies;
    answered.then(|| (200, "application/json", serde_json::to_vec(&promise).unwrap()))
}
