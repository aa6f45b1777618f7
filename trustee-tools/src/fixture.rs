//! A small election in one process, for the tests of this crate.

use crate::{
    authority, ceremony,
    ceremony::Step,
    refusal::Refusal,
    registrar::{self, RollPlace},
    secrets::{AuthoritySecrets, RegistrarSecrets, TrusteeSecrets},
};
use crypto::credential_code::CredentialCode;
use protocol::{
    Contest, ContestKind, Election, Manifest, Submission,
    entry::Entry,
    ids::EntryHash,
    manifest::{RevoteRule, SEALING, Unit},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use std::{fs, path::Path};
use tlog::{
    checkpoint::{self, Checkpoint},
    cosignature::CosignerKey,
    merkle::{CompactRange, leaf_hash},
    note::{Note, SignerKey},
    record::RecordWriter,
};

/// Seed of the log's key.
const LOG_SEED: [u8; 32] = [7; 32];

/// The witness at this place.
fn witness(place: usize) -> CosignerKey {
    CosignerKey::from_seed(&format!("w{place}.example"), &[100 + u8::try_from(place).unwrap(); 32]).unwrap()
}

/// Minute of every entry.
pub(crate) const NOW: u64 = 1000;

pub(crate) struct Fixture {
    pub(crate) election: Election,
    pub(crate) entries: Vec<Entry>,
    pub(crate) authority: AuthoritySecrets,
    pub(crate) registrars: Vec<RegistrarSecrets>,
    pub(crate) trustees: Vec<TrusteeSecrets>,
    pub(crate) rng: ChaCha20Rng,
}

pub(crate) fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

/// The example without its witnesses.
pub(crate) fn unwitnessed_example() -> String {
    let (head, rest) = crate::template::EXAMPLE.split_once("# Witnesses, run by").unwrap();
    let (_, tail) = rest.split_once("[[texts]]").unwrap();
    let head = head.replace("witness_quorum = 3\n", "").replace("waivers = []", "waivers = [\"no-witnesses\"]");
    // A roll of another length has other voters.
    let tail: String = tail.split_inclusive('\n').filter(|line| !line.starts_with("voters = ")).collect();
    format!("{head}[[texts]]{tail}")
}

pub(crate) struct Officials {
    pub(crate) authority: AuthoritySecrets,
    pub(crate) registrars: Vec<RegistrarSecrets>,
    pub(crate) trustees: Vec<TrusteeSecrets>,
}

impl Officials {
    pub(crate) fn generate(trustees: u32, rng: &mut ChaCha20Rng) -> Self {
        let authority = AuthoritySecrets::generate("Clerk of the town", rng).unwrap();
        let id = authority.election_id();
        let registrars =
            (1..=2).map(|i| RegistrarSecrets::generate(id, i, &format!("Registrar {i}"), rng).unwrap()).collect();
        let trustees =
            (1..=trustees).map(|i| TrusteeSecrets::generate(id, i, &format!("Trustee {i}"), rng).unwrap()).collect();
        Self { authority, registrars, trustees }
    }

    pub(crate) fn manifest(&self, threshold: u32, roll_length: u32, rng: &mut ChaCha20Rng) -> Manifest {
        let origin = format!("board.example/{}", self.authority.election_id());
        let log_key = SignerKey::from_seed(&origin, &LOG_SEED).unwrap().verifier_key().to_string();
        let mut manifest = Manifest {
            suite: crypto::transcript::SUITE.to_owned(),
            sealing: SEALING.to_owned(),
            election_id: self.authority.election_id(),
            title: "A small election".to_owned(),
            texts: Vec::new(),
            contests: vec![Contest {
                title: "Mayor".to_owned(),
                kind: ContestKind::ChooseOne,
                options: vec!["Ada".to_owned(), "Bo".to_owned()],
                blank: true,
                terms: None,
            }],
            units: vec![Unit { name: "Ward 1".to_owned(), contests: vec![0] }],
            threshold,
            quorum: threshold,
            trustees: self.trustees.iter().map(|trustee| trustee.public(rng).unwrap()).collect(),
            registrars: self.registrars.iter().map(|registrar| registrar.official(rng).unwrap()).collect(),
            authority: self.authority.official(rng).unwrap(),
            roll_length,
            largest_weight: 2,
            revote: RevoteRule::Last,
            replacement: true,
            stage_deadlines: [NOW + 10, NOW + 20, NOW + 30, NOW + 40],
            opening: NOW + 50,
            closing: NOW + 100,
            latest_closing: NOW + 200,
            grace: 10,
            policy: format!("log {log_key}\nquorum none\n"),
            log_origin: origin,
            log_key,
            minimum_unit: 1,
            waivers: Vec::new(),
            overrides: false,
            pages: None,
        };
        manifest.waivers = manifest.waivers_needed();
        manifest
    }
}

impl Fixture {
    pub(crate) fn new(threshold: u32, trustees: u32, roll_length: u32) -> Self {
        Self::of(threshold, trustees, roll_length, |_| {})
    }

    /// The same under a policy of three of four witnesses.
    pub(crate) fn witnessed(threshold: u32, trustees: u32, roll_length: u32) -> Self {
        Self::of(threshold, trustees, roll_length, |manifest| {
            let line = |place| format!("witness {place} {}\n", witness(place).verifier_key());
            let lines: String = (0..4).map(line).collect();
            manifest.policy = format!("log {}\n{lines}group all 3 0 1 2 3\nquorum all\n", manifest.log_key);
            manifest.waivers = manifest.waivers_needed();
        })
    }

    /// The same of a manifest that was changed.
    pub(crate) fn with(threshold: u32, trustees: u32, roll_length: u32, change: impl FnOnce(&mut Manifest)) -> Self {
        Self::of(threshold, trustees, roll_length, |manifest| {
            change(manifest);
            manifest.waivers = manifest.waivers_needed();
        })
    }

    fn of(threshold: u32, trustees: u32, roll_length: u32, change: impl FnOnce(&mut Manifest)) -> Self {
        let mut rng = rng(1);
        let officials = Officials::generate(trustees, &mut rng);
        let mut manifest = officials.manifest(threshold, roll_length, &mut rng);
        change(&mut manifest);
        let (_, submission) = authority::announcement(manifest, &officials.authority, &mut rng).unwrap();
        let entry = Entry::new(0, EntryHash([0; 32]), NOW, submission);
        let election = Election::begin(&entry).unwrap();
        let Officials { authority, registrars, trustees } = officials;
        Self { election, entries: vec![entry], authority, registrars, trustees, rng }
    }

    /// The checkpoint of the record as it is, cosigned by these witnesses at that time.
    pub(crate) fn evidence(&self, witnesses: &[usize], seconds: u64) -> Vec<u8> {
        let origin = &self.election.manifest().log_origin;
        let mut tree = CompactRange::new();
        self.entries.iter().for_each(|entry| tree.append(leaf_hash(&entry.encode())));
        let head = Checkpoint::new(origin, tree.size(), tree.root()).unwrap();
        let log = SignerKey::from_seed(origin, &LOG_SEED).unwrap();
        let mut note = Note::parse(checkpoint::sign(&head, &log).unwrap().as_bytes()).unwrap();
        witnesses.iter().for_each(|place| note.add(witness(*place).cosign(&head, seconds).unwrap()).unwrap());
        note.encode().into_bytes()
    }

    /// Writes the record as it is into a folder, under a checkpoint that these witnesses cosigned at that time.
    pub(crate) fn save(&self, folder: &Path, witnesses: &[usize], seconds: u64) {
        let mut writer = RecordWriter::new();
        let mut files = Vec::new();
        for entry in &self.entries {
            files.extend(writer.append(&entry.encode()).unwrap());
        }
        let note = String::from_utf8(self.evidence(witnesses, seconds)).unwrap();
        files.extend(writer.finish_with(&note).unwrap());
        for file in files {
            let path = folder.join(file.path.to_string());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file.bytes).unwrap();
        }
    }

    pub(crate) fn post(&mut self, submission: Submission) {
        let entry = self.election.next_entry(submission, NOW);
        self.election.apply(&entry).unwrap();
        self.entries.push(entry);
    }

    /// The next thing trustee `index` sends or waits for.
    pub(crate) fn step(&mut self, index: u32) -> Result<Step, Refusal> {
        let place = usize::try_from(index).unwrap() - 1;
        ceremony::advance(&self.election, &mut self.trustees[place], |_| Ok(()), &mut self.rng)
    }

    /// Takes turns until nobody has anything to send.
    pub(crate) fn run_ceremony(&mut self) -> Result<(), Refusal> {
        loop {
            let mut moved = false;
            for index in 1..=u32::try_from(self.trustees.len()).unwrap() {
                if let Step::Submit(submission) = self.step(index)? {
                    self.post(submission);
                    moved = true;
                }
            }
            if !moved {
                return Ok(());
            }
        }
    }

    /// Issues codes for everybody and posts both rolls; gives each registrar's codes.
    pub(crate) fn publish_roll(&mut self) -> Vec<Vec<CredentialCode>> {
        let voters = usize::try_from(self.election.manifest().roll_length).unwrap();
        let places: Vec<RollPlace> =
            (0..voters).map(|index| RollPlace { unit: 0, weight: if index == 0 { 2 } else { 1 } }).collect();
        let mut codes = Vec::new();
        for registrar in 0..self.registrars.len() {
            let issued = registrar::issue(voters, &mut self.rng).unwrap();
            let chunks = registrar::roll_chunks(
                &self.election.fingerprint(),
                self.election.manifest(),
                &self.registrars[registrar],
                &places,
                &issued,
                &mut self.rng,
            );
            chunks.unwrap().into_iter().for_each(|chunk| self.post(chunk));
            codes.push(issued);
        }
        codes
    }

    pub(crate) fn open(&mut self) {
        let opening = authority::opening(&self.election, &self.authority, &mut self.rng).unwrap();
        self.post(opening);
    }
}

mod readers {
    use crate::{
        keystore::{Keystore, Passphrase},
        public_keys::{RegistrarFile, TrusteeFile},
        secrets::TrusteeSecrets,
        template::{EXAMPLE, Template},
        voters::{read_list, read_map},
    };
    use proptest::prelude::{any, prop, proptest};
    use zeroize::Zeroizing;

    proptest! {
        /// Whatever a file holds, its reader answers.
        #[test]
        fn no_file_stops_a_reader(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0..EXAMPLE.len()) {
            let manifest = super::Officials::generate(1, &mut super::rng(1)).manifest(1, 1, &mut super::rng(1));
            let _ = (read_list(bytes.as_slice(), &manifest), read_map(bytes.as_slice(), &manifest));
            let headed = [b"person,unit,weight\n", bytes.as_slice()].concat();
            let _ = read_list(headed.as_slice(), &manifest);
            let _ = (TrusteeFile::parse(&bytes), RegistrarFile::parse(&bytes));
            let _ = Template::parse(&String::from_utf8_lossy(&bytes));
            let spliced = format!("{}{}", EXAMPLE.get(..cut).unwrap_or(""), String::from_utf8_lossy(&bytes));
            let _ = Template::parse(&spliced);
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("key");
            let passphrase = || Passphrase::new(Zeroizing::new("p".to_owned())).unwrap();
            for content in [bytes.clone(), [b"age-encryption.org/v1\n-> scrypt ", bytes.as_slice()].concat()] {
                std::fs::write(&path, content).unwrap();
                assert!(Keystore::open::<TrusteeSecrets>(&path, passphrase()).is_err());
            }
        }
    }
}
