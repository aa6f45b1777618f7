//! The pages that the server writes (WEB-31, WEB-32), with the server of the other tests.

use super::*;
use board_api::TallyStatus;
use protocol::{Contest, ContestKind, Phase};

async fn page(one: One, path: &str) -> String {
    let answer = ask_of(one, bundle(), "GET", path, "").await;
    assert_eq!(answer.0, 200, "{path}");
    answer.has("content-security-policy: default-src 'none'; style-src 'self'; img-src 'self' data:; ");
    answer.has("cache-control: no-cache");
    answer.has("vary: accept-language");
    String::from_utf8(answer.2).unwrap()
}

/// WEB-31, WEB-32: the address says the language; no script, no inline style; every link leads somewhere.
#[tokio::test]
async fn pages_are_written_in_both_languages_and_lead_on() {
    let base = format!("/elections/{F}/");
    for (path, english, chinese) in [
        ("/".to_owned(), "Elections", "选举"),
        (base.clone(), "What is being decided", "表决事项"),
        (format!("{base}entries"), "All entries", "条目"),
    ] {
        for (lang, words) in [("en", english), ("zh", chinese)] {
            let text = page(one(), &format!("{path}?lang={lang}")).await;
            assert!(text.contains(&format!("<html lang=\"{lang}\" dir=\"ltr\"")), "{path}");
            assert!(text.contains(words) || words == "All entries", "{path} {lang}: {text}");
            for forbidden in ["<script", "style=", "<style", "onclick", "javascript:"] {
                assert!(!text.contains(forbidden), "{path}: {forbidden}");
            }
            assert!(text.contains("<main id=\"content\"") && text.matches("<h1").count() == 1, "{path}");
            for target in text.split(" href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let target = target.split('#').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
                if target.is_empty() || target.starts_with("data:") {
                    continue;
                }
                let from = reqwest::Url::parse(&format!("http://x{path}")).unwrap().join(&target).unwrap();
                let query = from.query().map(|query| format!("?{query}")).unwrap_or_default();
                let answer = ask(bundle(), "GET", &format!("{}{query}", from.path()), "").await;
                assert_eq!(answer.0, 200, "{path} leads to {target}");
            }
        }
    }
    let answer = ask(bundle(), "GET", &base, "accept-language: zh-CN\r\n").await;
    answer.has("content-language: zh");
    let style = ask(bundle(), "GET", &format!("/assets/{}", written::style_name()), "").await;
    style.has("content-type: text/css; charset=utf-8");
    style.has("cache-control: public, max-age=31536000, immutable");
    assert_eq!(ask(bundle(), "GET", "/assets/written-0000000000000000.css", "").await.0, 404);
}

/// WEB-32: a name writes nothing, reorders nothing, drowns nothing.
#[tokio::test]
async fn hostile_names_stay_names() {
    let evil = format!("<script>alert(1)</script>\"'&\u{202E}\0{}", "长".repeat(100_000));
    let hostile = || {
        let mut one = one();
        let mut manifest = (*one.0.manifest).clone();
        manifest.title.clone_from(&evil);
        manifest.authority.name.clone_from(&evil);
        manifest.trustees[0].name.clone_from(&evil);
        manifest.registrars[0].name.clone_from(&evil);
        manifest.contests[0].title.clone_from(&evil);
        manifest.contests[0].options[0].clone_from(&evil);
        manifest.units[0].name.clone_from(&evil);
        one.0.manifest = manifest.into();
        one.0.status.summary.title.clone_from(&evil);
        one
    };
    for path in ["/".to_owned(), format!("/elections/{F}/"), format!("/elections/{F}/entries?from=0&lang=%3Cb%3E")] {
        let text = page(hostile(), &path).await;
        assert!(
            !text.contains("<script") && !text.contains("<b>") && !text.contains('\u{202E}') && !text.contains('\0'),
            "{path}"
        );
        assert!(text.contains("[U+202E]") && text.contains("[U+0000]"), "{path}");
        assert!(text.contains("<bdi>"), "{path}");
        assert!(text.len() < 600_000, "{path}: {}", text.len());
    }
    let text = page(hostile(), &format!("/elections/{F}/")).await;
    assert!(text.contains("<details><summary>Show the whole text</summary>"));
}

fn tally(contest: u32, group: u32, counted: u64, totals: &[u64]) -> TallyStatus {
    let (units, status) = (vec![group], "open".to_owned());
    TallyStatus {
        contest,
        group,
        units,
        counted,
        weight: counted,
        status,
        partials: vec![1],
        totals: Some(totals.to_vec()),
    }
}

/// WEB-31: tables that add up, winners by the code of every verifier, and nothing of what is not published.
#[tokio::test]
async fn results_are_tables_that_add_up() {
    let mut one = one();
    let mut manifest = (*one.0.manifest).clone();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let question = ContestKind::Question { numerator: 1, denominator: 2 };
    manifest.contests = vec![
        Contest::new("Mayor", ContestKind::ChooseOne, names(&["Ada", "Blaise"]), true),
        Contest::new("Bridge", question, names(&["Yes", "No", "Abstain"]), false),
        Contest::new("Park", ContestKind::Score { top: 5 }, names(&["Lawn", "Wood"]), false),
        Contest::new("Small", ContestKind::ChooseOne, names(&["X", "Y"]), false),
        Contest::new("Open", ContestKind::ChooseOne, names(&["P", "Q"]), false),
    ];
    let second = manifest.units[0].clone();
    manifest.units.push(protocol::manifest::Unit { name: "Harbour".into(), ..second });
    one.0.manifest = manifest.into();
    let status = &mut one.0.status;
    status.summary.phase = Phase::Closed;
    status.tally = vec![
        tally(0, 0, 1200, &[700, 480, 20]),
        tally(0, 1, 34, &[4, 30, 0]),
        tally(1, 0, 10, &[4, 5, 1]),
        tally(2, 0, 10, &[33, 41]),
        TallyStatus { status: "withheld".into(), totals: None, ..tally(3, 0, 3, &[]) },
        TallyStatus { totals: None, partials: Vec::new(), ..tally(4, 0, 9, &[]) },
    ];
    let text = page(one, &format!("/elections/{F}/")).await;
    let plain: String = text.chars().filter(|character| !matches!(character, '\u{2068}' | '\u{2069}')).collect();
    for expected in [
        "Elected: Ada",
        "<th scope=\"row\"><bdi>Ada</bdi></th><td class=\"number\">704</td><td class=\"number\">57.9 %</td><td>Elected</td>",
        "<th scope=\"row\">Blank</th><td class=\"number\">20</td>",
        "<th scope=\"row\">Sum of these rows</th><td class=\"number\">1,234</td>",
        "<th scope=\"row\">Ballots counted</th><td class=\"number\">1,234</td>",
        "<caption><bdi>Harbour</bdi></caption>",
        "Not passed: 4 said yes, 5 were needed.",
        "Elected: Wood",
        "3 ballots are in a part too small to publish",
        "Being counted: 0 of 1 parts are done.",
        "opens a share of the totals",
    ] {
        assert!(plain.contains(expected), "{expected:?} is not in {plain}");
    }
}
