//! Authority, registrar and three trustees: each with a keystore of its own on disk, each reading the board for itself.

use super::{
    faults::{CULPRIT, Fault, Rogue},
    folder::DemoFolder,
    replica::Replica,
    witnesses::{DemoClock, all_cosigned},
};
use crate::failure::{Failure, OrFail as _};
use board_api::{BoardClient, Promise};
use crypto::credential_code::CredentialCode;
use protocol::{
    Contest, Manifest,
    ids::{ElectionFingerprint, Minutes},
    manifest::{RevoteRule, SEALING, Unit},
};
use rand::rngs::OsRng;
use std::time::{SystemTime, UNIX_EPOCH};
use trustee_tools::{
    authority::{self, Timed},
    ceremony::{self, Step},
    keystore::{Keystore, KeystoreError, Passphrase, WorkFactor},
    refusal::Refusal,
    registrar::{self, RollPlace},
    secrets::{AuthoritySecrets, RegistrarSecrets, TrusteeSecrets},
};
use verifier::ExitCode;
use zeroize::Zeroizing;

/// k of n.
pub(crate) const THRESHOLD: u32 = 2;
/// n.
pub(crate) const TRUSTEES: [&str; 3] = ["Trustee One", "Trustee Two", "Trustee Three"];
/// Everybody may know it: the keys of a demo protect nothing.
const PASSPHRASE: &str = "this election is a demonstration";
/// A group with fewer counted ballots is not decrypted, where the demo has that many.
const SMALLEST_GROUP: usize = 20;
/// How long a stage of the ceremony is announced to take at most.
const STAGE: Minutes = 15;
/// How long the demo's election is announced to be open: much longer than the ceremony, for the clock may be put forward to the end of a stage.
const OPEN: Minutes = 120;

/// A trustee with its open keystore.
pub(crate) struct Trustee {
    pub(crate) secrets: TrusteeSecrets,
    pub(crate) keystore: Keystore,
}

/// All officials of the demo.
pub(crate) struct Officials {
    pub(crate) authority: AuthoritySecrets,
    pub(crate) registrar: RegistrarSecrets,
    /// The honest ones.
    pub(crate) trustees: Vec<Trustee>,
    /// The one at fault, if that is to be shown.
    pub(crate) rogue: Option<Rogue>,
}

/// What stops a trustee.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrusteeError {
    /// It refuses.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// Its keystore fails.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
}

/// The demo's passphrase.
pub(crate) fn passphrase() -> Result<Passphrase, Failure> {
    Passphrase::new(Zeroizing::new(PASSPHRASE.to_owned())).or_fail()
}

impl Officials {
    /// Fresh keys for everybody, sealed on disk at once.
    pub(crate) fn generate(folder: &DemoFolder, fault: Option<Fault>) -> Result<Self, Failure> {
        std::fs::write(folder.passphrase(), format!("{PASSPHRASE}\n")).or_fail()?;
        let create = WorkFactor::DEMONSTRATION;
        let authority = AuthoritySecrets::generate("City Clerk (demonstration)", &mut OsRng).or_fail()?;
        Keystore::create(&folder.keystore("authority"), &authority, passphrase()?, create).or_fail()?;
        let id = authority.election_id();
        let registrar = RegistrarSecrets::generate(id, 1, "Registrar (demonstration)", &mut OsRng).or_fail()?;
        Keystore::create(&folder.keystore("registrar"), &registrar, passphrase()?, create).or_fail()?;
        let (mut trustees, mut rogue) = (Vec::new(), None);
        for (index, name) in (1..).zip(TRUSTEES) {
            if let Some(fault) = fault.filter(|_| index == CULPRIT) {
                rogue = Some(Rogue::generate(fault, name)?);
                continue;
            }
            let secrets = TrusteeSecrets::generate(id, index, name, &mut OsRng).or_fail()?;
            let path = folder.keystore(&format!("trustee-{index}"));
            let keystore = Keystore::create(&path, &secrets, passphrase()?, create).or_fail()?;
            trustees.push(Trustee { secrets, keystore });
        }
        Ok(Self { authority, registrar, trustees, rogue })
    }

    /// The authority's public key, which the board must know before it takes an election.
    pub(crate) fn authority_key(&self) -> Result<[u8; 32], Failure> {
        Ok(self.authority.official(&mut OsRng).or_fail()?.signing_key.0)
    }

    /// Writes the manifest of one contest and begins the election on the board. The policy is given below its log line.
    pub(crate) async fn announce(
        &self,
        client: &BoardClient,
        contest: Contest,
        voters: usize,
        policy: &str,
    ) -> Result<ElectionFingerprint, Failure> {
        let board = client.board().await.or_fail()?;
        let id = self.authority.election_id();
        let log_key = board.log_key(&id).or_fail()?.to_string();
        let now = minutes_now();
        let mut trustees = Vec::new();
        for trustee in &self.trustees {
            trustees.push((trustee.secrets.index(), trustee.secrets.public(&mut OsRng).or_fail()?));
        }
        if let Some(rogue) = &self.rogue {
            trustees.push((CULPRIT, rogue.public(&id)?));
        }
        trustees.sort_by_key(|(index, _)| *index);
        let mut manifest = Manifest {
            suite: crypto::transcript::SUITE.to_owned(),
            sealing: SEALING.to_owned(),
            election_id: id,
            title: format!("Demonstration: {}", contest.title),
            texts: Vec::new(),
            contests: vec![contest],
            units: vec![Unit { name: "All precincts".to_owned(), contests: vec![0] }],
            threshold: THRESHOLD,
            quorum: THRESHOLD,
            trustees: trustees.into_iter().map(|(_, keys)| keys).collect(),
            registrars: vec![self.registrar.official(&mut OsRng).or_fail()?],
            authority: self.authority.official(&mut OsRng).or_fail()?,
            roll_length: u32::try_from(voters).or_fail()?,
            largest_weight: 1,
            revote: RevoteRule::Last,
            replacement: false,
            stage_deadlines: [1, 2, 3, 4].map(|stage: Minutes| now.saturating_add(stage.saturating_mul(STAGE))),
            opening: now,
            closing: now.saturating_add(OPEN),
            latest_closing: now.saturating_add(OPEN),
            grace: 0,
            policy: format!("log {log_key}\n{policy}"),
            log_origin: board.log_origin(&id),
            log_key,
            minimum_unit: u32::try_from(voters.min(SMALLEST_GROUP)).or_fail()?,
            waivers: Vec::new(),
            overrides: false,
        };
        manifest.waivers = manifest.waivers_needed();
        let (election, submission) = authority::announcement(manifest, &self.authority, &mut OsRng).or_fail()?;
        client.create(&submission).await.or_fail()?;
        all_cosigned(client, &election).await?;
        Ok(election)
    }

    /// The ceremony: the trustees take turns, each with a copy of the record of its own, until nobody has anything left to send. Then
    /// they go home: what they know is in their keystores alone. A stage that waits for nobody but the absent one is ended without it.
    pub(crate) async fn run_ceremony(
        &mut self,
        client: &BoardClient,
        election: &ElectionFingerprint,
        clock: &DemoClock,
    ) -> Result<(), Failure> {
        let mut trustees = std::mem::take(&mut self.trustees);
        let mut replicas = Vec::new();
        for _ in &trustees {
            replicas.push(Replica::read(client, election).await?);
        }
        loop {
            let mut moved = false;
            for (trustee, replica) in trustees.iter_mut().zip(&mut replicas) {
                let record = replica.follow().await?;
                let Trustee { secrets, keystore } = trustee;
                let store = |secrets: &TrusteeSecrets| keystore.save(secrets).map_err(TrusteeError::from);
                if let Step::Submit(submission) = ceremony::advance(record, secrets, store, &mut OsRng).or_fail()? {
                    client.submit(election, &submission).await.or_fail()?;
                    moved = true;
                }
            }
            if let Some(rogue) = &mut self.rogue
                && let Some(submission) = rogue.next(Replica::read(client, election).await?.election())?
            {
                client.submit(election, &submission).await.or_fail()?;
                moved = true;
            }
            if !moved && !self.end_stage(client, election, clock).await? {
                return Ok(());
            }
        }
    }

    /// Ends the stage that waits for the absent trustee alone (CER-8), when its time has come; a demo does not wait for it. Says whether
    /// there was such a stage.
    async fn end_stage(
        &self,
        client: &BoardClient,
        election: &ElectionFingerprint,
        clock: &DemoClock,
    ) -> Result<bool, Failure> {
        if self.rogue.as_ref().is_none_or(|rogue| rogue.fault != Fault::Absent) {
            return Ok(false);
        }
        let replica = Replica::read(client, election).await?;
        let record = replica.election();
        if record.ceremony().awaited(record.manifest()) != [CULPRIT] {
            return Ok(false);
        }
        let since = authority::due(record, Timed::StageEnd, record.last_time()).or_fail()?;
        let evidence = if record.manifest().unwitnessed() {
            String::new()
        } else {
            clock.forward_to(since);
            client.time_evidence(election, since).await.or_fail()?
        };
        let end = authority::stage_end(record, &self.authority, evidence.as_bytes(), since, &mut OsRng).or_fail()?;
        client.submit(election, &end).await.or_fail()?;
        Ok(true)
    }

    /// The registrar's letters, one a voter, and the roll with their public halves.
    pub(crate) async fn issue_letters(
        &self,
        client: &BoardClient,
        election: &ElectionFingerprint,
        voters: usize,
    ) -> Result<Vec<CredentialCode>, Failure> {
        let mut letters = registrar::issue(voters, &mut OsRng).or_fail()?;
        let places = vec![RollPlace { unit: 0, weight: 1 }; voters];
        let manifest = client.manifest(election).await.or_fail()?;
        let chunks =
            registrar::roll_chunks(election, &manifest, &self.registrar, &places, &letters, &mut OsRng).or_fail()?;
        for chunk in chunks {
            client.submit(election, &chunk).await.or_fail()?;
        }
        // The roll is public; that a voter got a certain row's letter is not.
        registrar::shuffle(&mut letters, &mut OsRng);
        Ok(letters)
    }

    /// Opens the voting, from the authority's own copy of the record.
    pub(crate) async fn open(&self, client: &BoardClient, election: &ElectionFingerprint) -> Result<Promise, Failure> {
        let replica = Replica::read(client, election).await?;
        let opening = authority::opening(replica.election(), &self.authority, &mut OsRng).or_fail()?;
        client.submit(election, &opening).await.or_fail()
    }

    /// Closes the voting: with the witnesses' time evidence, which anybody may carry. Under `quorum none` the authority's word is the only
    /// clock, and in a demo it says that the hour is over as soon as everybody has voted.
    pub(crate) async fn close(&self, client: &BoardClient, record: &protocol::Election) -> Result<Promise, Failure> {
        let hour = record.closing_time().saturating_add(record.manifest().grace);
        let closing = if record.manifest().unwitnessed() {
            authority::closing(record, &self.authority, hour, &mut OsRng).or_fail()?
        } else {
            let evidence = client.time_evidence(&record.fingerprint(), hour).await.or_fail()?;
            authority::anyone_closes(record, evidence.as_bytes(), hour).or_fail()?
        };
        client.submit(&record.fingerprint(), &closing).await.or_fail()
    }
}

fn minutes_now() -> Minutes {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 60)
}

/// What a wrong record ends with.
pub(crate) fn bad(text: impl std::fmt::Display) -> Failure {
    Failure::new(ExitCode::Invalid, text)
}
