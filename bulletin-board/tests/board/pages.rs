//! The pages for people, on a board and on its mirror (`specs/11-web.md`).

use crate::{
    continuing::files,
    home::Home,
    mirrors::{Mirror, honest::board_key, until},
    running::{Running, words},
    town::Town,
};
use bulletin_board::pages::{self, Bundle};
use protocol::contest::TieRule;
use reqwest::{Client, Method, Response, redirect};

async fn ask(address: &str, method: Method, path: &str) -> Response {
    let http = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
    http.request(method, format!("{}{path}", address.trim_end_matches('/'))).send().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// WEB-20, HTTP-47, HTTP-48: on both, beside the interface for programs.
#[tokio::test]
async fn a_board_and_its_mirror_serve_the_same_pages() {
    let folder = Home::new();
    let mut town = Town::new(1);
    let board = Running::start(folder.path(), &town.authority).await;
    town.create(&board.client).await;
    let copy = Home::new();
    let source = board_key(&board).await;
    let mirror = Mirror::start(Mirror::config(copy.path(), source, board.client.address())).await;
    until(|| async { mirror.standing().await.0 == 1 }).await;
    let f = town.fingerprint();
    for address in [board.client.address(), &mirror.url] {
        let vote = ask(address, Method::GET, &format!("/vote/{f}")).await;
        assert_eq!((vote.status().as_u16(), header(&vote, "location")), (302, &*format!("../elections/{f}/vote.html")));
        for name in [pages::VOTE, pages::OBSERVE, pages::OFFLINE] {
            let answer = ask(address, Method::GET, &format!("/elections/{f}/{name}")).await;
            assert!(header(&answer, "content-security-policy").starts_with("default-src 'none'; "));
            match Bundle::embedded().file(name) {
                Some(file) => assert_eq!(answer.bytes().await.unwrap(), file.bytes()),
                None => assert!(answer.text().await.unwrap().contains("cargo xtask web")),
            }
        }
        let unknown = ask(address, Method::GET, &format!("/elections/{}/vote.html", "0".repeat(64))).await;
        assert_eq!((unknown.status().as_u16(), header(&unknown, "content-type")), (404, "text/html; charset=utf-8"));
        let written = ask(address, Method::POST, &format!("/observe/{f}")).await;
        assert_eq!((written.status().as_u16(), header(&written, "allow")), (405, "GET, HEAD, OPTIONS"));
        for path in ["/api/v1/elections".to_owned(), format!("/e/{f}/tile/entries/000.p/1"), "/nothing".to_owned()] {
            let answer = ask(address, Method::GET, &path).await;
            assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
            assert_eq!(header(&answer, "access-control-allow-origin"), "*", "{path}");
        }
        let page = words(address, &format!("/elections/{f}/?lang=en")).await;
        assert!(page.contains("Council began the election and fixed its rules."));
        assert_eq!(page.contains("This server is a mirror"), address == mirror.url);
        assert!(words(address, "/?lang=zh").await.contains(&format!("elections/{f}/?lang=zh")));
        let nothing = ask(address, Method::GET, "/nothing").await;
        assert_eq!((nothing.status().as_u16(), header(&nothing, "content-type")), (404, "application/problem+json"));
    }
    mirror.stop().await;
    board.stop().await;
}

/// WEB-31: the whole story of an election, read without JavaScript, on the board and after a restart.
#[tokio::test]
async fn an_election_reads_without_javascript_from_setup_to_result() {
    let folder = Home::new();
    let mut town = Town::new(4);
    let board = Running::start(folder.path(), &town.authority).await;
    assert!(words(board.client.address(), "/").await.contains("There is no election here yet."));
    let f = town.create(&board.client).await;
    let path = format!("/elections/{f}/?lang=en");
    let page = words(board.client.address(), &path).await;
    for expected in [
        "<h1><bdi>Town council</bdi></h1>",
        "<li aria-current=\"step\">Preparing</li>",
        "Registry publishes the list of voters: 0 of 1 pieces are there.",
        "Teresa takes step 1 of 4 in making the key.",
        "<code>vitrine registrar publish</code>",
        "<li><bdi>Blaise</bdi></li>",
        "Council began the election and fixed its rules.",
        "This election has no witnesses.",
    ] {
        assert!(page.contains(expected), "{expected:?} is not in {page}");
    }
    assert!(words(board.client.address(), "/?lang=zh").await.contains("Town council"));

    town.open(&board.client).await;
    for voter in 0..4 {
        let ballot = town.ballot(voter, voter % 2);
        town.post(&board.client, ballot).await;
    }
    let again = town.ballot(0, 1);
    town.post(&board.client, again).await;
    let notice = town.notice("Fire <b>drill</b> at noon");
    town.post(&board.client, notice).await;
    assert!(words(board.client.address(), &path).await.contains("Fire &#60;b&#62;drill&#60;/b&#62; at noon"));
    town.catch_up(&board.client).await;
    let page = words(board.client.address(), &path).await;
    for expected in [
        "<li aria-current=\"step\">Voting</li>",
        "<dt>Ballots received</dt><dd>5</dd>",
        "A voter sent a ballot again, in place of an earlier one.",
        "Voters vote. After ",
    ] {
        assert!(page.contains(expected), "{expected:?} is not in {page}");
    }
    let first = words(board.client.address(), &format!("/elections/{f}/entries?from=0")).await;
    assert!(first.contains("Council opened the voting.") && !first.contains("rel=\"prev\""));
    for beyond in ["1000000", "99999999999999999999", "x"] {
        let page = words(board.client.address(), &format!("/elections/{f}/entries?from={beyond}")).await;
        assert!(page.contains("Council wrote a notice:") && !page.contains("rel=\"next\""), "{beyond}");
    }

    town.close(&board.client).await;
    assert!(
        words(board.client.address(), &path)
            .await
            .contains("<li>Teresa opens a share of the totals. <code>vitrine trustee</code>")
    );
    board.stop().await;
    let board = Running::start(folder.path(), &town.authority).await;
    town.tally(&board.client).await;
    for (lang, expected) in [
        (
            "en",
            [
                "Elected: Blaise",
                ">Sum of these rows</th><td class=\"number\">4<",
                "Nothing is awaited. The election is over.",
            ],
        ),
        ("zh", ["当选（1）：Blaise", ">以上各行之和</th><td class=\"number\">4<", "没有待办事项，选举已经结束。"]),
    ] {
        let page = words(board.client.address(), &format!("/elections/{f}/?lang={lang}")).await;
        for expected in expected {
            assert!(page.contains(expected), "{expected:?} is not in {page}");
        }
    }
    board.stop().await;
}

/// A server that gives these answers, and 404 for all else.
async fn server(answers: Vec<(String, axum::response::Response)>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let mut router = axum::Router::new();
    for (path, answer) in answers {
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let answer = move || async move { axum::response::Response::from_parts(parts, axum::body::Body::from(body)) };
        router = router.route(&path, axum::routing::get(answer));
    }
    // It ends with the test's runtime.
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn small() -> Bundle {
    let vote = "<head><meta charset=\"utf-8\"><script src=\"./assets/vote-1.js\"></script></head>";
    let files = [("vote.html", vote), ("assets/vote-1.js", "seal();"), ("assets/worker-1.js", "verify();")];
    Bundle::of(files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())))
}

/// WEB-34, THR-96: whatever a server gives in the place of a page, or lets a page do, is found and named.
#[tokio::test]
async fn a_lying_server_is_found_file_by_file() {
    use axum::{body::Body, http::Response as Answer};
    let f = protocol::ids::ElectionFingerprint([9; 32]);
    let boards = ["https://board.example".to_owned()];
    let bundle = small();
    let right = |name: &str| {
        let policy = pages::Role::of(&bundle, name, &boards).policy();
        let answer =
            Answer::builder().header("content-security-policy", policy).header("x-content-type-options", "nosniff");
        answer.body(Body::from(bundle.file(name).unwrap().bytes().to_vec())).unwrap()
    };
    let to = |target: String| Answer::builder().status(302).header("location", target).body(Body::empty()).unwrap();
    let honest = || {
        let files = bundle.files().map(|(name, _)| (format!("/elections/{f}/{name}"), right(name)));
        let mut answers: Vec<_> = files.collect();
        answers.push((format!("/vote/{f}"), to(format!("../elections/{f}/vote.html"))));
        answers
    };
    let compared = async |answers| {
        let address = server(answers).await;
        pages::compare_served(&bundle, &address, &f, &boards, None).await.unwrap()
    };
    let comparison = compared(honest()).await;
    assert_eq!((comparison.asked, comparison.given, comparison.findings), (3, 3, Vec::new()));

    let packed = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    };
    let (page, script) = (format!("/elections/{f}/vote.html"), format!("/elections/{f}/assets/vote-1.js"));
    let with = |path: &str, change: &dyn Fn(axum::response::Response) -> axum::response::Response| {
        let change_one = |(own, answer): (String, _)| if own == path { (own, change(answer)) } else { (own, answer) };
        honest().into_iter().map(change_one).collect::<Vec<_>>()
    };
    let body = |text: Vec<u8>| {
        move |answer: axum::response::Response| {
            let (parts, _) = answer.into_parts();
            Answer::from_parts(parts, Body::from(text.clone()))
        }
    };
    let header = |name: &'static str, value: &'static str| {
        move |mut answer: axum::response::Response| {
            answer.headers_mut().insert(name, value.parse().unwrap());
            answer
        }
    };
    let gzip = |text: &'static [u8]| {
        let body = body(packed(text));
        move |answer: axum::response::Response| header("content-encoding", "gzip")(body(answer))
    };
    let single = |comparison: pages::Comparison| {
        assert_eq!(comparison.findings.len(), 1, "{comparison:?}");
        comparison.findings.into_iter().next().unwrap()
    };
    // The right bytes compressed are right; others are not, however they come.
    assert!(compared(with(&script, &gzip(b"seal();"))).await.findings.is_empty());
    let bombs = packed(&vec![0; 1 << 20]);
    let bomb = body(bombs);
    let wrong: [&dyn Fn(axum::response::Response) -> axum::response::Response; 4] =
        [&body(b"steal();".to_vec()), &gzip(b"spill();"), &body(vec![b' '; 100_000]), &|answer| {
            header("content-encoding", "gzip")(bomb(answer))
        }];
    for change in wrong {
        let finding = single(compared(with(&script, change)).await);
        assert_eq!(format!("/{}", finding.path), script);
        assert!(matches!(finding.difference, pages::Difference::Bytes(_)), "{finding:?}");
    }
    let finding = single(compared(with(&page, &header("content-security-policy", "default-src *"))).await);
    assert_eq!(finding.difference, pages::Difference::Header("content-security-policy", "default-src *".into()));
    let finding = single(compared(with(&page, &header("x-content-type-options", "none"))).await);
    assert!(matches!(finding.difference, pages::Difference::Header("x-content-type-options", _)));
    let finding = single(compared(with(&page, &header("content-encoding", "zstd"))).await);
    assert_eq!(finding.difference, pages::Difference::Coding("zstd".into()));
    let short = format!("/vote/{f}");
    let finding = single(compared(with(&short, &|_| to("https://evil.example/vote.html".into()))).await);
    assert_eq!(finding.difference, pages::Difference::Target("https://evil.example/vote.html".into()));
    let finding = single(compared(with(&page, &|_| to("other.html".into()))).await);
    assert_eq!(finding.difference, pages::Difference::Status(302));
    assert!(compared(Vec::new()).await.is_without_pages());

    // A copy on another server (WEB-33).
    let copy = pages::saved(&bundle, &boards).unwrap();
    let files = |change: bool| {
        let file = |(name, bytes): (&String, &Vec<u8>)| {
            let more: &[u8] = if change && name == pages::VOTE { b"\n" } else { b"" };
            (format!("/here/{name}"), Answer::new(Body::from([bytes, more].concat())))
        };
        copy.iter().map(file).collect::<Vec<_>>()
    };
    for (change, wrong) in [(false, 0), (true, 1)] {
        let address = format!("{}/here", server(files(change)).await);
        let comparison = pages::compare_saved(&bundle, &address, &boards, None).await.unwrap();
        assert_eq!(comparison.findings.len(), wrong);
    }
}

/// WEB-34: what this program itself serves passes its own check, with the policy that names the manifest's boards.
#[tokio::test]
async fn an_honest_board_passes_the_check() {
    let folder = Home::new();
    let mut town = Town::new(1);
    let board = Running::start(folder.path(), &town.authority).await;
    let f = town.create(&board.client).await;
    let address = board.client.address();
    let comparison = pages::compare_served(Bundle::embedded(), address, &f, &[], None).await.unwrap();
    assert_eq!((comparison.findings, comparison.given), (Vec::new(), Bundle::embedded().files().count()));
    board.stop().await;
}

/// THR-97, WEB-32: a manifest that the board takes, with names that would be more.
#[tokio::test]
async fn names_write_nothing_on_a_page() {
    let folder = Home::new();
    let town = Town::new(1);
    let board = Running::start(folder.path(), &town.authority).await;
    let mut manifest = town.manifest(&board.client.board().await.unwrap());
    manifest.title = format!("</title><script>alert(1)</script>{}", "x".repeat(150));
    manifest.contests[0].title = "<img src=x onerror=alert(1)>\" onfocus=\"alert(1)".into();
    manifest.contests[0].options[0] = "{{ 7 * 7 }}<!--".into();
    manifest.units[0].name = "'><a href=javascript:alert(1)>".into();
    let f = board.client.create(&town.sign_manifest(&manifest)).await.unwrap().entry().submission();
    let f = protocol::fingerprint::election(f.body_bytes());
    for lang in ["en", "zh"] {
        for path in ["/".to_owned(), format!("/elections/{f}/"), format!("/elections/{f}/entries")] {
            let page = words(board.client.address(), &format!("{path}?lang={lang}")).await;
            assert!(page.contains("&#60;script&#62;alert(1)"), "{path}");
            for broken in ["<script", "<img", "<!--", "<a href=javascript", "\" onfocus=\"", "</title><"] {
                assert!(!page.contains(broken), "{path}: {broken}");
            }
        }
    }
    board.stop().await;
}

/// WEB-31, HTTP-12: weights, and a tie that a lot breaks, come out as every verifier has them.
#[tokio::test]
async fn a_lot_and_weights_come_out_as_in_the_report() {
    let folder = Home::new();
    let mut town = Town::new(6);
    town.terms.ties = TieRule::Lot;
    town.largest_weight = 3;
    let board = Running::start(folder.path(), &town.authority).await;
    let f = town.create(&board.client).await;
    town.open(&board.client).await;
    // Weights 1, 2, 3, 1, 2: three for Ada, three for Carl, three for Daniel; the last voter stays at home.
    for (voter, option) in [(0, 0), (1, 0), (2, 2), (3, 3), (4, 3)] {
        let ballot = town.ballot(voter, option);
        town.post(&board.client, ballot).await;
    }
    town.close(&board.client).await;
    assert!(board.client.status(&f).await.unwrap().lots.is_empty(), "the lot is unknown until all is decrypted");
    assert_eq!(town.tally(&board.client).await, [3, 0, 3, 3, 0]);

    let record = files(&board, &town).await;
    let report = verifier::verify(&record, &verifier::Options::default(), |_| {}, &mut rand::rngs::OsRng);
    let outcome = report.results[0].outcome.clone().unwrap();
    let status = board.client.status(&f).await.unwrap();
    assert_eq!((status.tally[0].counted, status.tally[0].weight, outcome.weight), (5, 9, 9));
    let (contest, totals) = (&town.election().manifest().contests[0], status.tally[0].totals.clone().unwrap());
    assert_eq!(protocol::counting::outcome(contest, &totals, 9, Some(&status.lots[0].seed)), outcome);
    let page = words(board.client.address(), &format!("/elections/{f}/?lang=en")).await;
    let winner = &outcome.options[outcome.winners[0]].name;
    for expected in [
        format!("Elected: {winner}"),
        "A tie, decided by a lot that anyone can repeat: Ada · Carl · Daniel".to_owned(),
        "Ballots counted</th><td class=\"number\">5<".to_owned(),
        "Votes they stand for</th><td class=\"number\">9<".to_owned(),
    ] {
        assert!(page.contains(&expected), "{expected:?} is not in {page}");
    }
    board.stop().await;
}
