//! The commands as a voter types them, against a board that loses replies.

use crate::{
    letters::{Letters, option, options},
    stub::{Mood, Stub},
};
use ballot_client::cli::{self, Arguments, CliError, Console, Exit};
use clap::Parser;
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use vitrine_tests::Options;

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    arguments: Arguments,
}

/// A voter's desk: a board, a folder, the letters on paper.
pub(crate) struct Desk {
    pub(crate) board: Stub,
    folder: TempDir,
    pub(crate) election: String,
}

/// What a command left behind.
pub(crate) struct Ran {
    pub(crate) end: Result<Exit, CliError>,
    pub(crate) output: String,
    pub(crate) messages: String,
}

impl Ran {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.end.as_ref().ok(), Some(&Exit::Good), "{:?}\n{}", self.end, self.messages);
        serde_json::from_str(&self.output).unwrap()
    }

    #[track_caller]
    pub(crate) fn exit(&self) -> u8 {
        match &self.end {
            Ok(exit) => exit.code(),
            Err(error) => error.exit().code(),
        }
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::of(options())
    }

    pub(crate) fn of(options: Options) -> Self {
        let letters = Letters::opened(options);
        let folder = tempfile::tempdir().unwrap();
        for (voter, codes) in letters.codes.iter().enumerate() {
            let lines: Vec<String> = codes.iter().map(|code| code.grouped().to_string()).collect();
            std::fs::write(folder.path().join(format!("codes-{voter}")), lines.join("\n")).unwrap();
        }
        let election = letters.f().to_string();
        Self { board: Stub::serve(letters), folder, election }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn run(&self, words: &[&str], input: &str) -> Ran {
        let state = self.path("state");
        let words = [&["ballot"], words, &["--state", text(&state)]].concat();
        let arguments = Program::try_parse_from(words).unwrap().arguments;
        let (mut output, mut messages) = (Vec::new(), Vec::new());
        let mut console = Console {
            input: &mut input.as_bytes(),
            output: &mut output,
            messages: &mut messages,
            terminal: false,
            json: false,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let end = runtime.block_on(cli::run(arguments, &mut console));
        Ran { end, output: String::from_utf8(output).unwrap(), messages: String::from_utf8(messages).unwrap() }
    }

    /// A command at this desk's election.
    pub(crate) fn at(&self, words: &[&str], input: &str) -> Ran {
        self.run(&[words, &["--board", &self.board.address, "--election", &self.election]].concat(), input)
    }

    pub(crate) fn cast(&self, voter: usize, input: &str) -> Ran {
        let (codes, kept) = (self.path(&format!("codes-{voter}")), self.path("kept"));
        let words = ["cast", "--json", "--code-file", text(&codes), "--folder", text(&kept)];
        self.at(&words, input)
    }

    pub(crate) fn did_i_vote(&self, voter: usize) -> Value {
        let codes = self.path(&format!("codes-{voter}"));
        self.at(&["did-i-vote", "--json", "--code-file", text(&codes)], "").json()
    }

    /// Kept files with this ending.
    fn kept(&self, ending: &str) -> Vec<PathBuf> {
        let folder = self.path("kept").join(&self.election[..16]);
        let Ok(listing) = std::fs::read_dir(folder) else { return Vec::new() };
        let paths = listing.map(|item| item.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
    }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn from_the_letter_to_the_receipt() {
    let desk = Desk::new();
    let shown = desk.at(&["show", "--json"], "").json();
    assert_eq!(shown["contests"][1]["rule"], "choose up to 2 of 3");
    assert_eq!((&shown["phase"], &shown["voters"]), (&Value::from("voting"), &Value::from(4)));
    assert_eq!(desk.did_i_vote(0)["answer"], "not-voted");

    // Two contests, a slip of the finger, a change of mind on the review page, then the decision.
    let cast = desk.cast(0, "7\n2\n1 3\n0\nb\nseal\ncast\n");
    let result = cast.json();
    assert_eq!((&result["outcome"], &result["final_receipt"]), (&Value::from("cast"), &Value::from(true)));
    assert!(cast.messages.contains("Council member: blank") && cast.messages.contains("Committee: Emmy, Gauss"));
    // The result says nothing of the choice.
    assert!(["Emmy", "Gauss", "blank", "Council"].iter().all(|word| !cast.output.contains(word)));
    assert_eq!(desk.kept("ballot").len(), 0);

    // The receipt, offline: the manifest lies beside it.
    let receipt = PathBuf::from(result["receipt"].as_str().unwrap());
    let checked = desk.run(&["receipt", text(&receipt), "--election", &desk.election, "--json"], "").json();
    assert_eq!(checked["tracker"], result["tracker"]);
    let other = "0".repeat(64);
    assert_eq!(desk.run(&["receipt", text(&receipt), "--election", &other], "").exit(), 3);
    std::fs::write(&receipt, b"no receipt").unwrap();
    assert_eq!(desk.run(&["receipt", text(&receipt), "--election", &desk.election], "").exit(), 1);

    // Lookups: a part of the tracker, then one that nobody has. Both read the same files, so the board learns nothing.
    let tracker = result["tracker"].as_str().unwrap();
    let requests = |words: &[&str]| {
        desk.board.state().requests.clear();
        let ran = desk.at(words, "");
        (ran, desk.board.state().requests.clone())
    };
    let fresh = desk.path("fresh.tlog-proof");
    let (found, one) = requests(&["find", "--json", &tracker[..8].to_lowercase(), "--receipt", text(&fresh)]);
    assert_eq!(found.json()["ballots"][0]["tracker_hex"], result["tracker_hex"]);
    let (nothing, other) = requests(&["find", "--json", "0123456789ABCDEFGHJK"]);
    assert_eq!(nothing.exit(), 1);
    assert_eq!(one, other);
    assert!(one.iter().all(|request| request.starts_with("get ") && !request.contains(&tracker.to_lowercase())));
    std::fs::copy(&fresh, &receipt).unwrap();
    assert_eq!(desk.run(&["receipt", text(&receipt), "--election", &desk.election], "").exit(), 0);

    // Again: the later ballot counts.
    desk.cast(0, "1\nnone\nseal\ncast\n").json();
    let answer = desk.did_i_vote(0);
    assert_eq!((&answer["answer"], &answer["ballots"][0]["fate"]), (&Value::from("voted"), &Value::from("superseded")));
    assert_eq!(answer["ballots"][1]["fate"], "recorded");
}

#[test]
fn an_audit_on_a_second_device_and_its_publication() {
    let desk = Desk::new();
    let selections = desk.path("selections.json");
    std::fs::write(&selections, r#"{"0": ["Blaise"], "Committee": ["Emmy", "Felix"]}"#).unwrap();
    let codes = desk.path("codes-1");
    let kept = desk.path("kept");
    let words =
        ["cast", "--code-file", text(&codes), "--folder", text(&kept), "--selections", text(&selections), "--json"];
    let ran = desk.at(&words, "audit\ncast\n");
    let events: Vec<Value> = ran.messages.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let opened = events.iter().find(|event| event["event"] == "opened").unwrap();
    // What was audited is not what was cast.
    assert_ne!(opened["tracker"], ran.json()["tracker"]);
    let file = opened["file"].as_str().unwrap();
    let tracker = opened["tracker"].as_str().unwrap();
    let checked = desk.at(&["check-audit", file, "--tracker", tracker, "--json"], "").json();
    assert_eq!(checked["contests"][1]["selection"], serde_json::json!(["Emmy", "Felix"]));
    assert_eq!(desk.at(&["check-audit", file, "--tracker", &"Z".repeat(20)], "").exit(), 1);
    assert_eq!(desk.at(&["check-audit", file, "--tracker", &tracker[..5]], "").exit(), 2);

    // Not without the word; then in the record, where it counts for nothing.
    let publish = ["publish-audit", file, "--code-file", text(&codes), "--json"];
    let warned = desk.at(&publish, "yes\n");
    assert!(warned.messages.contains("for ever"));
    assert_eq!(warned.json()["outcome"], "not-published");
    desk.board.mood(Mood::Denies);
    assert_eq!(desk.at(&publish, "publish\n").exit(), 5);
    desk.board.mood(Mood::Fair);
    assert_eq!(desk.at(&publish, "publish\n").json()["outcome"], "published");
    let none = desk.path("none");
    let found = desk.at(&["find", tracker, "--json", "--receipt", text(&none)], "");
    assert_eq!(found.json()["ballots"][0]["fate"], "audited");
    assert!(found.messages.contains("No receipt was written") && !none.exists());
}

#[test]
fn a_lost_reply_is_made_good_by_the_same_command() {
    let desk = Desk::new();
    desk.board.mood(Mood::LosesReplies);
    let lost = desk.cast(2, "1\nseal\ncast\n");
    assert!(matches!(lost.end, Err(CliError::Unanswered { .. })) && lost.exit() == 3);
    let kept = desk.kept("ballot");
    assert_eq!(kept.len(), 1);
    let signed = std::fs::read(&kept[0]).unwrap();

    // The same bytes go out again, before anything is asked; the board knows them and gives the receipt.
    desk.board.mood(Mood::Fair);
    let again = desk.cast(2, "");
    assert_eq!(again.json()["outcome"], "sent-again");
    assert_eq!((desk.kept("ballot").len(), desk.kept("tlog-proof").len()), (0, 1));
    let state = desk.board.state();
    let entries = &state.letters.drill.entries;
    let recorded: Vec<_> = entries.iter().filter(|entry| entry.submission().encode() == signed).collect();
    assert_eq!((recorded.len(), recorded[0].index), (1, again.json()["index"].as_u64().unwrap()));
}

#[test]
fn a_ballot_whose_place_was_taken_is_told_before_another_is_sealed() {
    let desk = Desk::new();
    desk.board.mood(Mood::Deaf);
    assert_eq!(desk.cast(2, "1\nseal\ncast\n").exit(), 3);
    // Another device of the same voter is heard meanwhile.
    let other = {
        let mut state = desk.board.state();
        state.letters.fresh();
        state.letters.cast(2, &[option(2)]).id(&state.letters.f())
    };
    desk.board.mood(Mood::Fair);
    let told = desk.cast(2, "2\nseal\ncast\n");
    let shown = ballot_client::Tracker(other).to_string();
    assert!(matches!(&told.end, Err(CliError::Displaced { tracker, .. }) if *tracker == shown));
    assert_eq!((told.exit(), desk.kept("ballot").len()), (5, 0));
    // Now that the voter knows, another run seals a second ballot after it.
    assert_eq!(desk.cast(2, "2\nseal\ncast\n").json()["outcome"], "cast");
    assert_eq!(desk.did_i_vote(2)["ballots"].as_array().unwrap().len(), 2);
}

#[test]
fn a_ballot_the_board_refuses_is_kept_until_the_voter_gives_it_up() {
    let desk = Desk::new();
    desk.board.mood(Mood::Deaf);
    assert_eq!(desk.cast(2, "1\nseal\ncast\n").exit(), 3);
    desk.board.state().letters.drill.close();
    desk.board.mood(Mood::Fair);
    let refused = desk.cast(2, "");
    assert!(matches!(&refused.end, Err(CliError::Refused { problem, .. }) if problem.rule == "ENT-7"));
    assert_eq!((refused.exit(), desk.kept("ballot").len()), (5, 1));
    let over = desk.cast(2, "give up\n");
    assert_eq!((over.exit(), desk.kept("ballot").len()), (4, 0));
    assert!(over.end.unwrap_err().to_string().contains("voting is over"));
}

#[test]
fn a_lying_board_is_not_believed() {
    let desk = Desk::new();
    desk.board.mood(Mood::Lies);
    let lied = desk.cast(2, "1\nseal\ncast\n");
    // HTTP-14: the answer is kept as it came.
    let Err(CliError::BrokenPromise { answer, .. }) = &lied.end else { panic!("believed") };
    let kept: board_api::PromiseDocument = serde_json::from_slice(&std::fs::read(answer).unwrap()).unwrap();
    assert!(!kept.entry.is_empty() && kept.checkpoint.starts_with("board.example/"));
    assert_eq!((lied.exit(), desk.kept("ballot").len(), desk.kept("bad-promise").len()), (1, 1, 1));
    // A record of another election than the letter's.
    let other = "a".repeat(64);
    let foreign = desk.run(&["show", "--board", &desk.board.address, "--election", &other], "");
    assert_eq!(foreign.exit(), 1);
    // Nobody there.
    let nobody = desk.run(&["show", "--board", "ftp://127.0.0.1", "--election", &desk.election], "");
    assert_eq!(nobody.exit(), 2);
    // Something that answers, and is no board.
    desk.board.mood(Mood::Floods);
    assert_eq!(desk.at(&["show"], "").exit(), 3);
    let nobody = desk.run(&["show", "--board", "http://127.0.0.1:1", "--election", &desk.election], "");
    assert_eq!(nobody.exit(), 3);
}

/// BAL-39: "refused, and not recorded" is said only of a ballot that the record, read and checked, does not show.
#[test]
fn a_board_that_records_a_ballot_and_denies_it_is_found_out() {
    let desk = Desk::new();
    desk.board.mood(Mood::Denies);
    let cast = desk.cast(2, "1\nseal\ncast\n");
    assert_eq!(cast.json()["outcome"], "cast");
    assert_eq!((desk.kept("ballot").len(), desk.kept("tlog-proof").len()), (0, 1));
}

#[test]
fn what_is_typed_wrong_casts_nothing() {
    let desk = Desk::new();
    let swapped = desk.path("swapped");
    let codes = std::fs::read_to_string(desk.path("codes-0")).unwrap();
    std::fs::write(&swapped, codes.lines().rev().collect::<Vec<_>>().join("\n")).unwrap();
    let kept = desk.path("kept");
    let with =
        |codes: &Path, input: &str| desk.at(&["cast", "--code-file", text(codes), "--folder", text(&kept)], input);
    assert_eq!(with(&swapped, "").exit(), 2);
    std::fs::write(&swapped, "ABCD").unwrap();
    let short = with(&swapped, "");
    assert!(short.exit() == 2 && !short.messages.contains("ABCD"));
    assert_eq!(with(Path::new("/nowhere/codes"), "").exit(), 3);
    // The input ends at the decision; the voter forgets it; an audited ballot is forgotten too.
    let own = desk.path("codes-2");
    assert_eq!(with(&own, "1\nseal\n").exit(), 2);
    assert!(with(&own, "1\nseal\nforget\n").output.contains("Nothing was cast"));
    assert!(with(&own, "1\nseal\naudit\nhm\nforget\n").output.contains("Nothing was cast"));
    assert_eq!(desk.did_i_vote(2)["answer"], "not-voted");
    assert!(desk.board.state().requests.iter().all(|request| request.starts_with("get ")));
    // Typed codes instead of a file.
    let typed = desk.at(&["cast", "--folder", text(&kept)], &format!("{codes}\n1\nnone\nseal\ncast\n"));
    assert_eq!(typed.exit(), 0, "{}", typed.messages);
}

#[test]
fn a_board_that_shows_another_history_is_caught() {
    let desk = Desk::new();
    desk.cast(2, "1\nseal\ncast\n").json();
    desk.cast(2, "2\nseal\ncast\n").json();
    // The board goes back to before both ballots and takes other ones.
    {
        let mut state = desk.board.state();
        let mut other = Letters::opened(options());
        other.cast(3, &[option(0)]);
        other.cast(3, &[option(1)]);
        other.cast(3, &[option(2)]);
        state.letters = other;
    }
    let caught = desk.cast(3, "");
    assert!(caught.exit() == 1 && caught.end.unwrap_err().to_string().contains("are not those it showed before"));
    // The voter's memory keeps what convicts the log (EVD-14).
    let kept = std::fs::read_dir(desk.path("state")).unwrap().map(|item| item.unwrap().path());
    assert_eq!(kept.filter(|path| path.extension().is_some_and(|ending| ending == "evidence")).count(), 1);
}
