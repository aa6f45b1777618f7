use super::*;

async fn board(folder: &std::path::Path) -> std::sync::Arc<Board> {
    let config = Config::new(folder.join("board.sqlite"), folder.join("board.key"), "board.example");
    Board::open(config).await.unwrap()
}

/// BRD-6: 64 MiB are 1,024 of the longest bodies, and room is given back.
#[tokio::test]
async fn room_is_bounded_and_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let board = board(folder.path()).await;
    let mut granted = Vec::new();
    for _ in 0..1024 {
        granted.push(board.room(65_535).unwrap());
    }
    assert!(matches!(board.room(1), Err(Refusal::Busy)));
    granted.pop();
    let small: Vec<_> = (0..64).map(|_| board.room(1000).unwrap()).collect();
    assert!(matches!(board.room(0), Err(Refusal::Busy)), "even nothing takes room");
    drop((granted, small));
    drop(board.room(65_535).unwrap());
    board.close().await;
}

#[tokio::test]
async fn an_election_has_one_address() {
    let text = "ab".repeat(32);
    assert!(fingerprint_of(&text).is_some());
    for other in [text.to_uppercase(), text[..62].to_owned(), format!("{text}ab"), String::new(), "ü".repeat(32)] {
        assert!(fingerprint_of(&other).is_none(), "{other}");
    }
}
