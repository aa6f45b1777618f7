//! Every row of the table of statuses, and what HTTP itself refuses (WIT-2 to WIT-6, WIT-11).

use super::{Running, key_of, log, origin, request, tree};
use tlog::{
    add_checkpoint::{Request, cosignatures, latest_size, monitoring_path},
    checkpoint::{self, Checkpoint},
    note::{Note, NoteSignature, SignerKey},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

fn signed(text: &str, key: &SignerKey) -> String {
    let mut note = Note::new(text.to_owned()).unwrap();
    note.add(key.sign(&note)).unwrap();
    note.encode()
}

#[tokio::test]
async fn every_status() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Running::start(folder.path()).await;
    let (small, large) = (tree(5, 0), tree(12, 0));

    // 404: a log that is not known, a known key's other name, nothing of the kind.
    let shown = monitoring_path(&origin());
    assert_eq!(witness.get(&shown).await.status(), 404, "nothing is cosigned yet");
    for name in ["stranger.example", "board.example/vote", "board.example/vote/1", &format!("{}/2", origin())] {
        let head = Checkpoint::new(name, 5, small.root()).unwrap();
        let checkpoint = checkpoint::sign(&head, &key_of(name, 1)).unwrap();
        let unknown = Request { checkpoint, ..request(&small, 0) };
        assert_eq!(witness.status(&unknown).await, 404, "{name}");
    }
    assert_eq!(witness.get("elsewhere").await.status(), 404);

    // 200: the first checkpoint, its growth, the same again.
    let answer = witness.post(request(&small, 0).encode()).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let lines = cosignatures(&answer.bytes().await.unwrap()).unwrap();
    let mut note = Note::parse(request(&small, 0).checkpoint.as_bytes()).unwrap();
    lines.into_iter().for_each(|line| note.add(line).unwrap());
    let keys = [log().verifier_key(), Running::key(folder.path())];
    let opened = checkpoint::open_strict(note.encode().as_bytes(), &keys).unwrap();
    assert_eq!(opened.cosignatures().len(), 1);
    // WIT-6: what it cosigned is there for everybody to read.
    let seen = witness.get(&shown).await;
    assert_eq!((seen.status().as_u16(), &seen.headers()["cache-control"]), (200, &"no-cache".parse().unwrap()));
    assert_eq!(seen.headers()["access-control-allow-origin"], "*");
    assert_eq!(seen.text().await.unwrap(), note.encode());
    assert_eq!(witness.status(&request(&large, 5)).await, 200);
    assert_eq!(witness.status(&request(&large, 12)).await, 200);

    // 409: another old size than the last; the body says which it is.
    for conflict in [request(&large, 0), request(&large, 5), request(&small, 0), request(&small, 5)] {
        let answer = witness.post(conflict.encode()).await;
        assert_eq!(answer.status(), 409);
        assert_eq!(answer.headers()["content-type"], "text/x.tlog.size");
        assert_eq!(latest_size(&answer.bytes().await.unwrap()), Ok(12));
    }

    // 400: malformed, or an old size beyond the new one.
    let good = request(&tree(13, 0), 12);
    for malformed in [
        String::new(),
        "old 12\n".to_owned(),
        good.encode().replacen("old 12", "old 012", 1),
        good.encode().replacen("old 12", "new 12", 1),
        good.encode().replace("\n\n", "\n"),
        Request { checkpoint: format!("{}\n5\nroot\n", origin()), ..good.clone() }.encode(),
        Request { checkpoint: signed(&format!("{}extension\n", head_text(13)), &log()), ..good.clone() }.encode(),
    ] {
        let answer = witness.post(malformed.clone()).await;
        assert_eq!(answer.status(), 400, "{malformed}");
        assert!(answer.text().await.unwrap().starts_with("WIT-"), "a reason names its rule");
    }
    let beyond = Request { old: 14, proof: Vec::new(), checkpoint: good.checkpoint.clone() };
    assert_eq!(witness.status(&beyond).await, 400);

    // 403: by another key of that name; with a line of the log's key that does not verify.
    let stranger = key_of(&origin(), 9);
    assert_eq!(witness.status(&Request { checkpoint: signed(&head_text(13), &stranger), ..good.clone() }).await, 403);
    let mut note = Note::parse(good.checkpoint.as_bytes()).unwrap();
    let line = log().sign(&note);
    note.add(NoteSignature { signature: vec![7; 64], ..line }).unwrap();
    assert_eq!(witness.status(&Request { checkpoint: note.encode(), ..good.clone() }).await, 403);

    // 422: proofs that do not hold, another history, another root for one size, a root that no empty tree has.
    let other = tree(13, 1);
    assert_eq!(witness.status(&request(&other, 12)).await, 422);
    assert_eq!(witness.status(&request(&tree(12, 1), 12)).await, 422);
    assert_eq!(witness.status(&Request { proof: Vec::new(), ..good.clone() }).await, 422);
    assert_eq!(witness.status(&Request { proof: vec![[0; 32]], ..request(&large, 12) }).await, 422);
    let of_other =
        |size: u64, root: &str| signed(&format!("other.example\n{size}\n{root}\n"), &key_of("other.example", 2));
    let zeros = format!("{}=", "A".repeat(43));
    let from_nothing = |checkpoint: String, proof| Request { old: 0, proof, checkpoint };
    assert_eq!(witness.status(&from_nothing(of_other(0, &zeros), Vec::new())).await, 422);
    assert_eq!(witness.status(&from_nothing(of_other(3, &zeros), vec![[0; 32]])).await, 422);

    // Through all this the memory stood still.
    assert_eq!(witness.status(&good).await, 200);
    assert_eq!(witness.get("healthz").await.text().await.unwrap(), "ok\n");
    witness.stop().await;
}

fn head_text(size: u64) -> String {
    Checkpoint::new(&origin(), size, tree(size, 0).root()).unwrap().encode()
}

/// WIT-11: what is too long is not read, other methods are not taken.
#[tokio::test]
async fn http_itself() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Running::start(folder.path()).await;
    assert_eq!(witness.get("add-checkpoint").await.status(), 405);
    assert_eq!(witness.post(vec![b'a'; 265_005]).await.status(), 413);
    assert_eq!(witness.post(vec![b'a'; 265_004]).await.status(), 400);
    // Without an announced length: cut off where it becomes too long.
    let mut socket = TcpStream::connect(witness.address.trim_start_matches("http://")).await.unwrap();
    let head = "POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("{:x}\r\n{}\r\n", 65_536, "a".repeat(65_536));
    for _ in 0..5 {
        if socket.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    assert!(answer.starts_with(b"HTTP/1.1 413"), "{}", String::from_utf8_lossy(&answer));
    // Whoever hangs up in the middle of a body is forgotten.
    let mut socket = TcpStream::connect(witness.address.trim_start_matches("http://")).await.unwrap();
    socket.write_all(b"POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: 1000\r\n\r\nold 0").await.unwrap();
    drop(socket);
    assert_eq!(witness.status(&request(&tree(5, 0), 0)).await, 200);
    witness.stop().await;
}
