//! Arbitrary bytes get an answer, and the board lives on.

use crate::{home::Home, running::Running, town::Town};
use proptest::{prelude::*, test_runner::TestRunner};
use reqwest::Client;

#[test]
fn any_body_is_answered() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = Home::new();
    let mut town = Town::new(2);
    let board = runtime.block_on(Running::start(folder.path(), &town.authority));
    let f = runtime.block_on(town.create(&board.client));
    let valid = town.notice("A true notice.").encode();
    let manifest = runtime.block_on(async { town.sign_manifest(&town.manifest(&board.client.board().await.unwrap())) });
    let seeds = [valid, manifest.encode()];
    let bodies = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        // Almost right: some bytes of a true submission overwritten, and cut or extended.
        (0..2usize, prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4), -20isize..20).prop_map(
            move |(seed, changes, length)| {
                let mut body = seeds[seed].clone();
                for (place, byte) in changes {
                    let place = place.index(body.len());
                    body[place] = byte;
                }
                let length = body.len().saturating_add_signed(length);
                body.resize(length, 0);
                body
            }
        ),
    ];
    let http = Client::builder().no_proxy().build().unwrap();
    let paths = [format!("api/v1/elections/{f}/submissions"), "api/v1/elections".to_owned()];
    let mut runner = TestRunner::new(ProptestConfig { cases: 200, ..ProptestConfig::default() });
    let outcome = runner.run(&(bodies, 0..2usize), |(body, path)| {
        let url = format!("{}{}", board.client.address(), paths[path]);
        let request = http.post(url).header("content-type", "application/cbor").body(body);
        let status = runtime.block_on(async { request.send().await.unwrap().status().as_u16() });
        prop_assert!([200, 403, 409, 413, 422].contains(&status), "status {status}");
        Ok(())
    });
    outcome.unwrap();
    assert!(runtime.block_on(board.client.status(&f)).unwrap().accepting);
    runtime.block_on(board.stop());
}
