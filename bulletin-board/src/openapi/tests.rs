use super::*;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

const COMMITTED: &str = "../specs/openapi.json";

fn value() -> Value {
    serde_json::from_str(text()).unwrap()
}

/// `GET /path` for every operation, with the statuses it may answer with.
fn operations() -> BTreeMap<String, BTreeSet<u16>> {
    let document = value();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| {
            let statuses = operation["responses"].as_object().unwrap().keys().map(|status| status.parse().unwrap());
            (format!("{} {path}", method.to_uppercase()), statuses.collect())
        })
    });
    operations.collect()
}

fn spec() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/09-http-api.md")).unwrap()
}

/// HTTP-42: the committed document is the one that is served.
#[test]
fn the_committed_document_is_served() {
    let committed = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(COMMITTED)).unwrap();
    assert!(committed == text(), "regenerate it: cargo test -p vitrine-bulletin-board openapi -- --ignored");
}

/// Not a test: writes the committed document anew.
#[test]
#[ignore = "writes specs/openapi.json"]
fn write_the_document() {
    std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(COMMITTED), text()).unwrap();
}

/// HTTP-42: what the router knows, what the specification lists and what the document describes are the same.
#[test]
fn every_path_is_described() {
    let described: BTreeSet<String> = operations().into_keys().collect();
    let specified: BTreeSet<String> = spec()
        .lines()
        .filter_map(|line| {
            line.strip_prefix("| `").filter(|rest| rest.starts_with("GET /") || rest.starts_with("POST /"))
        })
        .map(|line| line.split('`').next().unwrap())
        .map(|line| line.replace("{F}", "{election}").replace("{L}", "{level}").replace("{N}", "{index}"))
        .collect();
    assert_eq!(described, specified);
    // The router says `/e/{election}/{*path}` for everything under it.
    let inside =
        |path: &str| if path.starts_with("/e/") { "/e/{election}/{*path}".to_owned() } else { path.to_owned() };
    let described: BTreeSet<String> = described.iter().map(|line| inside(line.split(' ').nth(1).unwrap())).collect();
    let routed: BTreeSet<String> = include_str!("../app.rs")
        .split(".route(\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(described, routed);
}

/// HTTP-3: each status of the table is described somewhere, and no other refusal.
#[test]
fn every_status_is_described() {
    let table: BTreeSet<u16> =
        spec().lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse().ok()).collect();
    let described: BTreeSet<u16> = operations().into_values().flatten().filter(|status| *status >= 400).collect();
    assert_eq!(described, table);
}

/// Each reference leads somewhere, and the members are those of the documents themselves.
#[test]
fn schemas_are_those_of_the_documents() {
    let document = value();
    for reference in text().split("\"#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document["components"]["schemas"][reference].is_object(), "{reference}");
    }
    let problem = Problem::new("HTTP-4", 404, "title", "one", "two");
    let promise = PromiseDocument { index: 0, entry: Vec::new(), inclusion: Vec::new(), checkpoint: String::new() };
    let written = [
        ("Problem", serde_json::to_value(problem).unwrap()),
        ("PromiseDocument", serde_json::to_value(promise).unwrap()),
        ("EntriesEvent", serde_json::to_value(EntriesEvent { size: 1, cosigned_size: 1 }).unwrap()),
    ];
    for (name, written) in written {
        let members: BTreeSet<_> = written.as_object().unwrap().keys().collect();
        let described = document["components"]["schemas"][name]["properties"].as_object().unwrap();
        assert_eq!(members, described.keys().collect(), "{name}");
    }
}
