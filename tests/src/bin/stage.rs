//! `stage REGISTRARS`: an open election of every kind of contest on a real board of this process, with so many registrars and so as many
//! codes a voter, for programs that play voters from outside. It says in a line of JSON where the board is and what stands in the letters;
//! then it takes one order a line and answers in one line each:
//!
//! - `close`: the board's clock passes the end of voting, and the authority closes;
//! - `tally`: the trustees decrypt, and the totals stand in the record;
//! - `save FOLDER`: the record as files;
//! - `status`: entries and phase.
//!
//! It ends with its input.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test program: it should stop where it broke")]

use serde_json::{Value, json};
use std::{env, path::Path};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use vitrine_tests::{
    drill::record_of,
    stage::{Stage, write},
};

#[tokio::main]
async fn main() {
    let registrars = env::args().nth(1).unwrap().parse().unwrap();
    let mut stage = Stage::open(registrars).await;
    println!("{}", programme(&stage));
    let mut orders = BufReader::new(tokio::io::stdin()).lines();
    while let Some(order) = orders.next_line().await.unwrap() {
        println!("{}", obey(&mut stage, &order).await);
    }
    stage.end().await;
}

/// What a visitor is told.
fn programme(stage: &Stage) -> Value {
    let voters: Vec<Value> = stage
        .codes
        .iter()
        .zip(&stage.drill.options.voters)
        .map(|(codes, (unit, weight))| {
            let codes: Vec<String> = codes.iter().map(|code| code.grouped().to_string()).collect();
            json!({"codes": codes, "unit": unit, "weight": weight})
        })
        .collect();
    json!({
        "board": stage.address(),
        "election": stage.drill.election.fingerprint().to_string(),
        "voters": voters,
    })
}

async fn obey(stage: &mut Stage, order: &str) -> Value {
    let (word, folder) = order.split_once(' ').unwrap_or((order, ""));
    match word {
        "close" => stage.close().await,
        "tally" => stage.tally().await,
        "save" => {
            stage.catch_up().await;
            write(Path::new(folder), &record_of(&stage.drill.entries, &stage.signer()));
        }
        "status" => stage.catch_up().await,
        _ => return json!({"error": "no such order"}),
    }
    json!({"entries": stage.drill.entries.len(), "phase": format!("{:?}", stage.drill.election.phase())})
}
