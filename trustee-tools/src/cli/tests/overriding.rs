//! `authority override` and `registrar find` (OVR-7), on a machine without a network.

use super::*;
use crate::{
    carry::{Asked, Step},
    fixture::Fixture,
    keystore::WorkFactor,
};

struct Station {
    folder: TempDir,
    town: Fixture,
}

impl Station {
    fn new(overrides: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("passphrase"), "correct horse battery staple\n").unwrap();
        let mut town = Fixture::with(2, 3, 2, |manifest| manifest.overrides = overrides);
        town.run_ceremony().unwrap();
        town.publish_roll();
        town.open();
        let passphrase = Passphrase::new(Zeroizing::new("correct horse battery staple".to_owned())).unwrap();
        let path = folder.path().join("authority.key");
        Keystore::create(&path, &town.authority, passphrase, WorkFactor::DEMONSTRATION).unwrap();
        fs::write(folder.path().join("map.csv"), "index,person,unit,weight\n0,Ada L.,Ward 1,2\n1,Bo,Ward 1,1\n")
            .unwrap();
        Self { folder, town }
    }

    /// A fresh request for an override on the record as it is.
    fn ask(&self) {
        let (record, request) = (self.folder.path().join("record"), self.folder.path().join("request"));
        let _ = (fs::remove_dir_all(&record), fs::remove_file(&request));
        let _ = fs::remove_file(self.folder.path().join("answer"));
        self.town.save(&record, &[], 60_000);
        let asked = Asked { party: Author::Authority, step: Step::Override };
        Request::write(&request, &self.town.election.fingerprint(), &asked, &Folder::new(record)).unwrap();
    }

    /// Overrides a row; `answer` is what the person at the terminal types. Gives what was said, and what it ended with.
    async fn override_row(&self, row: u32, flags: &str, answer: Option<&str>) -> (String, Result<(), u8>) {
        self.ask();
        let f = self.town.election.fingerprint();
        let line = format!(
            "authority override --row {row} --reason station-3 {flags} --request @/request --answer @/answer --keystore @/authority.key \
             {SECRET} --state @/state --election {f}"
        );
        let (mut output, mut messages) = (Vec::new(), Vec::new());
        let mut typed = answer.map(str::as_bytes);
        let input = typed.as_mut().map(|typed| typed as &mut dyn std::io::BufRead);
        let mut streams = Streams { input, output: &mut output, messages: &mut messages, json: false };
        let outcome = program(self.folder.path(), &line, &mut streams).await;
        (String::from_utf8(messages).unwrap(), outcome.map_err(|error| error.exit_code().number()))
    }

    /// Carries the answer to the board.
    fn carry(&mut self) {
        let path = self.folder.path().join("answer");
        let answer = Answer::read(&path, &self.town.election.fingerprint()).unwrap();
        assert_eq!(answer.asked, Asked { party: Author::Authority, step: Step::Override });
        self.town.post(answer.submissions[0].clone());
    }

    async fn find(&self, whom: &str) -> Result<Value, u8> {
        let record = self.folder.path().join("record");
        let _ = fs::remove_dir_all(&record);
        self.town.save(&record, &[], 60_000);
        let f = self.town.election.fingerprint();
        run(
            self.folder.path(),
            &format!("registrar find --map @/map.csv {whom} --record @/record --state @/state --election {f}"),
        )
        .await
    }
}

#[tokio::test]
async fn a_row_is_found_and_overridden() {
    let mut station = Station::new(true);
    let found = station.find("--person BO").await.unwrap();
    assert_eq!((&found["row"], &found["weight"], &found["has_ballot"]), (&1.into(), &1.into(), &false.into()));
    assert_eq!(station.find("--index 0").await.unwrap()["person"], "Ada L.");
    assert_eq!(station.find("--person Carl").await, Err(2));

    // Nobody there to ask, and a no: nothing is written.
    let written = |station: &Station| station.folder.path().join("answer").exists();
    assert_eq!(station.override_row(1, "", None).await.1, Err(2));
    assert!(!written(&station));
    for no in ["n\n", "", "perhaps\n"] {
        assert_eq!(station.override_row(1, "", Some(no)).await.1, Err(5));
        assert!(!written(&station));
    }
    let (said, outcome) = station.override_row(1, "", Some("yes\n")).await;
    assert_eq!(outcome, Ok(()));
    assert!(said.contains("Row 1 (Ward 1, weight 1). It has cast no ballot here"), "{said}");
    assert!(said.contains("Nothing takes an override back"), "{said}");
    station.carry();
    let found = station.find("--person bo").await.unwrap();
    assert_eq!(found["overridden"], station.town.election.overrides()[&1].entry);

    // What the record would refuse is not asked: the same row, a row that is none.
    for row in [1, 2] {
        assert_eq!(station.override_row(row, "--yes", None).await.1, Err(5));
    }
    assert_eq!(station.override_row(0, "--yes", None).await.1, Ok(()));
    station.carry();
    assert_eq!(station.town.election.overrides().len(), 2);
}

#[tokio::test]
async fn where_the_manifest_allows_none() {
    let station = Station::new(false);
    assert_eq!(station.override_row(1, "--yes", None).await.1, Err(5));
}
