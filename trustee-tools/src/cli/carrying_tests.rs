use crate::{
    carry::{Answer, Asked, Request, Step},
    ceremony::Step as Turn,
    cli::tests::{SECRET, run},
    fixture::Fixture,
    keystore::{Keep, Keystore, Passphrase, WorkFactor},
};
use protocol::Author;
use std::fs;
use tempfile::TempDir;
use verifier::Folder;
use zeroize::Zeroizing;

/// A machine without a network, of an election with witnesses.
struct Machine(TempDir);

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("passphrase"), "correct horse battery staple\n").unwrap();
        Self(folder)
    }

    fn keep(&self, name: &str, secrets: &impl Keep) {
        let passphrase = Passphrase::new(Zeroizing::new("correct horse battery staple".to_owned())).unwrap();
        Keystore::create(&self.0.path().join(name), secrets, passphrase, WorkFactor::DEMONSTRATION).unwrap();
    }

    /// A request on the record as it is, whose checkpoint these witnesses cosigned.
    fn ask(&self, town: &Fixture, party: Author, step: Step, witnesses: &[usize]) {
        let (record, request) = (self.0.path().join("record"), self.0.path().join("request"));
        let _ = (fs::remove_dir_all(&record), fs::remove_file(&request), fs::remove_file(self.0.path().join("answer")));
        town.save(&record, witnesses, 60_000);
        let asked = Asked { party, step };
        Request::write(&request, &town.election.fingerprint(), &asked, &Folder::new(record)).unwrap();
    }

    async fn run(&self, town: &Fixture, command: &str) -> Result<Answer, u8> {
        let election = town.election.fingerprint();
        let line = format!("{command} --state @/state --election {election}");
        run(self.0.path(), &line).await.map(|_| Answer::read(&self.0.path().join("answer"), &election).unwrap())
    }
}

/// CER-21, AIR-7: a request whose checkpoint lacks the quorum is not acted upon, whoever brings it.
#[tokio::test]
async fn an_unwitnessed_request_is_not_answered() {
    let (machine, town) = (Machine::new(), Fixture::witnessed(2, 3, 2));
    machine.keep("2.key", &town.trustees[1]);
    let answer = format!("trustee answer @/request --keystore @/2.key {SECRET} --out @/answer");
    machine.ask(&town, Author::Trustee(2), Step::Commit, &[0, 3]);
    assert_eq!(machine.run(&town, &answer).await.err(), Some(4));
    assert!(!machine.0.path().join("answer").exists());
    machine.ask(&town, Author::Trustee(2), Step::Commit, &[0, 1, 3]);
    assert_eq!(machine.run(&town, &answer).await.unwrap().submissions.len(), 1);
}

/// CER-28, AIR-6: what witnesses say of the time is carried beside the request, for the end of a stage and for the closing.
#[tokio::test]
async fn time_evidence_is_carried_too() {
    let (machine, mut town) = (Machine::new(), Fixture::witnessed(2, 3, 2));
    machine.keep("authority.key", &town.authority);
    for trustee in [1, 2] {
        let Ok(Turn::Submit(commitment)) = town.step(trustee) else { panic!("trustee {trustee}") };
        town.post(commitment);
    }
    let end = format!(
        "authority end-stage --request @/request --evidence @/evidence --answer @/answer --keystore @/authority.key {SECRET}"
    );
    machine.ask(&town, Author::Authority, Step::EndStage, &[0, 1, 2]);
    let deadline = town.election.manifest().stage_deadlines[0] * 60;
    fs::write(machine.0.path().join("evidence"), town.evidence(&[0, 1, 2], deadline - 1)).unwrap();
    assert_eq!(machine.run(&town, &end).await.err(), Some(4), "a second too early");
    fs::write(machine.0.path().join("evidence"), town.evidence(&[0, 1, 2], deadline)).unwrap();
    let answer = machine.run(&town, &end).await.unwrap();
    town.post(answer.submissions[0].clone());
    assert_eq!(town.election.ceremony().remaining().len(), 2);

    let (machine, mut town) = (Machine::new(), Fixture::witnessed(2, 3, 2));
    town.run_ceremony().unwrap();
    town.publish_roll();
    town.open();
    machine.ask(&town, Author::Anyone, Step::Close, &[1, 2, 3]);
    let since = (town.election.manifest().closing + town.election.manifest().grace) * 60;
    fs::write(machine.0.path().join("evidence"), town.evidence(&[1, 2, 3], since)).unwrap();
    let close = "authority close --request @/request --evidence @/evidence --answer @/answer";
    let answer = machine.run(&town, close).await.unwrap();
    assert_eq!(answer.asked, Asked { party: Author::Anyone, step: Step::Close });
    town.post(answer.submissions[0].clone());
    assert!(town.election.closing().is_some());
}
