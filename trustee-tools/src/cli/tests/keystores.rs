//! Sheets, copies, recovery, inspection and retirement by the commands (CER-33 to CER-37).

use super::*;

/// One command of trustee 1, without a place.
fn on_keystore(command: &str) -> String {
    format!("trustee {command} --keystore @/trustee-1.key {SECRET}")
}

impl Office {
    fn compared(&self) -> String {
        format!("--record @/record --state @/state --election {}", self.election.fingerprint())
    }

    /// Takes every trustee's next step, and carries it.
    async fn round(&mut self) {
        for index in 1..=3 {
            self.act(&format!("trustee-{index}"), "step").await.unwrap();
            self.carry();
        }
    }
}

/// CER-33, CER-34: from a sheet, and nothing but from the right one.
#[tokio::test]
async fn a_lost_keystore_comes_back_from_its_sheet() {
    let mut office = Office::begin(2).await;
    run(office.at(), &on_keystore("sheet --text @/sheet.txt --html @/sheet.html")).await.unwrap();
    assert_eq!(run(office.at(), &on_keystore("sheet --text @/sheet.txt")).await, Err(5), "never overwritten");
    for file in ["sheet.txt", "sheet.html"] {
        assert_eq!(fs::metadata(office.at().join(file)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    office.round().await;
    office.round().await;
    let recover = format!(
        "trustee recover --keystore @/again.key --weak-seal {SECRET} --sheet @/sheet.txt {}",
        office.compared()
    );
    let sheet = fs::read_to_string(office.at().join("sheet.txt")).unwrap();
    let id = office.election.manifest().election_id.to_string();
    for (wrong, exit) in [
        (String::new(), 2),
        (sheet.replace("trustee: 1", "trustee: 2"), 5),
        (sheet.replace(&id, &"ab".repeat(32)), 5),
        (sheet.replace("\n7 ", "\n7 vitrine "), 2),
    ] {
        fs::write(office.at().join("sheet.txt"), wrong).unwrap();
        assert_eq!(run(office.at(), &recover).await, Err(exit));
        assert!(!office.at().join("again.key").exists(), "nothing half-written");
    }
    fs::write(office.at().join("sheet.txt"), sheet).unwrap();
    let other = recover.replace(&office.compared(), "--public @/trustee-2.json");
    assert_eq!(run(office.at(), &other).await, Err(3), "another trustee's public keys");
    assert_eq!(run(office.at(), &recover).await.unwrap()["trustee"], 1);
    assert_eq!(run(office.at(), &recover).await, Err(5), "keys are never overwritten");
    let check = format!(
        "trustee check-keystore --keystore @/again.key {SECRET} --public @/trustee-1.json {}",
        office.compared()
    );
    let found = run(office.at(), &check).await.unwrap();
    assert_eq!((&found["restored"], &found["trustee"]), (&Value::Bool(true), &Value::from(1)));
    assert!(found["findings"].as_array().unwrap().iter().all(|finding| finding["state"] != "wrong"), "{found}");
    // It confirms and rehearses from the record alone.
    fs::rename(office.at().join("again.key"), office.at().join("trustee-1.key")).unwrap();
    office.round().await;
    office.round().await;
    assert_eq!(office.election.ceremony().active(), [1, 2, 3]);
}

/// CER-34 to CER-36: a copy made by the tool is marked, a file that was put back is noticed.
#[tokio::test]
async fn copies_do_not_deal() {
    let mut office = Office::begin(2).await;
    fs::write(office.at().join("second"), "another passphrase\n").unwrap();
    fs::copy(office.at().join("trustee-1.key"), office.at().join("put-back.key")).unwrap();
    let copy = on_keystore("copy --to @/copy.key --to-passphrase-file @/second --weak-seal");
    run(office.at(), &copy).await.unwrap();
    assert_eq!(run(office.at(), &copy).await, Err(5), "keys are never overwritten");
    let step = |key: &str, passphrase: &str| {
        format!(
            "trustee step --keystore @/{key}.key --passphrase-file @/{passphrase} {} --answer @/answer",
            office.compared()
        )
    };
    let (first, second, put_back) =
        (step("trustee-1", "passphrase"), step("copy", "second"), step("put-back", "passphrase"));
    assert_eq!(run(office.at(), &second).await, Err(5), "a copy does not deal");
    run(office.at(), &first).await.unwrap();
    fs::remove_file(office.at().join("answer")).unwrap();
    assert_eq!(run(office.at(), &put_back).await, Err(5), "the marker knows of a dealing");
    assert!(!office.at().join("answer").exists());
    run(office.at(), &first).await.unwrap();
    assert_eq!(office.carry(), 1);
    let check = |key: &str| format!("trustee check-keystore --keystore @/{key}.key {SECRET} {}", office.compared());
    assert_eq!(run(office.at(), &check("put-back")).await, Err(1), "the record knows of a dealing");
    run(office.at(), &check("trustee-1")).await.unwrap();
    assert_eq!(run(office.at(), &format!("{} --public @/trustee-2.json", check("trustee-1"))).await, Err(3));
    fs::write(office.at().join("trustee-3.json"), "{}").unwrap();
    assert_eq!(run(office.at(), &format!("{} --public @/trustee-3.json", check("trustee-1"))).await, Err(3));
}

/// CER-37: too early, then once, and afterwards nothing else.
#[tokio::test]
async fn a_trustee_retires_once_and_for_all() {
    let mut office = Office::begin(2).await;
    assert_eq!(office.act("trustee-1", "retire").await, Err(5), "too early");
    let passphrase = Passphrase::new(Zeroizing::new("correct horse battery staple".to_owned())).unwrap();
    let (authority, keystore) =
        Keystore::open::<AuthoritySecrets>(&office.at().join("authority.key"), passphrase).unwrap();
    drop(keystore);
    let end = authority::stage_end(&office.election, &authority, &[], u64::from(u32::MAX), &mut OsRng).unwrap();
    let entry = office.election.next_entry(end, 0);
    office.election.apply(&entry).unwrap();
    office.entries.push(entry);
    office.write_record();
    assert_eq!(office.election.phase(), Phase::Failed);
    let retired = office.act("trustee-1", "retire").await.unwrap();
    assert_eq!(retired["sent"]["body"], "Retirement");
    // The answer is lost: the same bytes again.
    let first = fs::read(office.at().join("answer")).unwrap();
    fs::remove_file(office.at().join("answer")).unwrap();
    office.act("trustee-1", "retire").await.unwrap();
    let [first, again] = [first, fs::read(office.at().join("answer")).unwrap()].map(|bytes| {
        fs::write(office.at().join("compared"), bytes).unwrap();
        Answer::read(&office.at().join("compared"), &office.election.fingerprint()).unwrap().submissions
    });
    assert_eq!(first, again);
    assert_eq!(office.carry(), 1);
    assert_eq!(office.election.retired().len(), 1);
    let done = office.act("trustee-1", "retire").await.unwrap();
    assert_eq!((&done["sent"], done["entry"].as_u64()), (&Value::Null, office.election.retired().get(&1).copied()));
    for command in ["step", "rehearse", "decrypt"] {
        assert_eq!(office.act("trustee-1", command).await, Err(5), "{command} with a retired keystore");
    }
    assert_eq!(run(office.at(), &on_keystore("sheet --text @/late.txt")).await, Err(5));
    // By a request too.
    office.request("retire", Author::Trustee(2), carry::Step::Retire);
    let answer = format!(
        "trustee answer @/retire --keystore @/trustee-2.key {SECRET} --state @/state --election {} --out @/answer",
        office.election.fingerprint()
    );
    run(office.at(), &answer).await.unwrap();
    assert_eq!(office.carry(), 1);
    assert_eq!(office.election.retired().len(), 2);
}

/// A failure leaves no keystore that nobody can be told of, and no sheet that nobody was told of.
#[tokio::test]
async fn nothing_secret_is_left_behind_by_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("passphrase"), "correct horse battery staple\n").unwrap();
    let files = || fs::read_dir(at).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let keys = |public: &str| {
        format!(
            "trustee keys --election-id {} --index 1 --name Ada --keystore @/trustee-1.key --weak-seal --public @/{public} {SECRET}",
            "11".repeat(32)
        )
    };
    assert_eq!(run(at, &keys("missing/public")).await, Err(3));
    assert!(files().all(|name| name == "passphrase" || name.ends_with(".lock")), "{:?}", files().collect::<Vec<_>>());
    run(at, &keys("public")).await.unwrap();
    for html in ["missing/sheet", "sheet"] {
        assert!(run(at, &on_keystore(&format!("sheet --text @/sheet --html @/{html}"))).await.is_err());
        assert!(files().all(|name| !name.starts_with("sheet") && !name.starts_with('.')), "no half a sheet");
    }
    // What is no file is not waited for, and a wrong name leaves nothing.
    let check = format!("trustee check-keystore --keystore @/none {SECRET}");
    assert_eq!(run(at, &check).await, Err(3));
    assert_eq!(run(at, &check.replace("none", "")).await, Err(3));
    assert!(!at.join("none.lock").exists());
}

/// What the manifest would refuse (ENC-3), when every official has handed in a file already, is refused when the keys are made.
#[test]
fn names_are_what_a_manifest_takes() {
    let name = crate::cli::keys::name;
    assert_eq!(name(" Ada Lovelace ").unwrap(), "Ada Lovelace");
    assert_eq!(name("Zoe\u{308}").unwrap(), "Zo\u{eb}");
    for wrong in ["", "  ", "A\u{202e}b", "A\tb", &"x".repeat(401)] {
        assert_eq!(name(wrong).unwrap_err().rule(), protocol::Rule::Enc3, "{wrong:?}");
    }
}
