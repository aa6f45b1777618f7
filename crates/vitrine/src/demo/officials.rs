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
    manifest::{Pages, RevoteRule, SEALING, Unit},
};
use rand::rngs::OsRng;
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
const SMALLEST_GROUP: u32 = 20;
/// How long a stage of the ceremony is announced to take at most.
const STAGE: Minutes = 15;
/// How long the demo's election is announced to be open: much longer than the ceremony, for the clock may be put forward to the end of a stage.
const OPEN: Minutes = 120;

/// What an election asks, and whom.
pub(crate) struct Call {
    pub(crate) title: String,
    pub(crate) contests: Vec<Contest>,
    pub(crate) units: Vec<Unit>,
    /// As many as the roll has.
    pub(crate) voters: u32,
    pub(crate) minimum_unit: u32,
    /// When the ceremony begins, by the demo's clock.
    pub(crate) begins: Minutes,
    /// The announced opening, by which nobody acts: by the clock on the wall.
    pub(crate) opening: Minutes,
    /// How long it is announced to be open.
    pub(crate) open: Minutes,
    /// Whether the pages of this program are offered, if it carries any.
    pub(crate) pages: bool,
}

impl Call {
    /// One contest for everybody.
    pub(crate) fn of_one(contest: Contest, voters: u32, begins: Minutes) -> Self {
        Self {
            title: format!("Demonstration: {}", contest.title),
            contests: vec![contest],
            units: vec![Unit { name: "All precincts".to_owned(), contests: vec![0] }],
            voters,
            minimum_unit: voters.min(SMALLEST_GROUP),
            begins,
            opening: begins,
            open: OPEN,
            pages: true,
        }
    }
}

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

    /// Writes the manifest and begins the election on the board. The policy is given below its log line.
    pub(crate) async fn announce(
        &self,
        client: &BoardClient,
        call: Call,
        policy: &str,
    ) -> Result<ElectionFingerprint, Failure> {
        let Call { title, contests, units, voters, minimum_unit, begins, opening, open, pages } = call;
        let board = client.board().await.or_fail()?;
        let boards = vec![client.address().trim_end_matches('/').to_owned()];
        let pages = bulletin_board::pages::digest().filter(|_| pages).map(|bundle| Pages { bundle, boards });
        let id = self.authority.election_id();
        let log_key = board.log_key(&id).or_fail()?.to_string();
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
            title,
            texts: Vec::new(),
            contests,
            units,
            threshold: THRESHOLD,
            quorum: THRESHOLD,
            trustees: trustees.into_iter().map(|(_, keys)| keys).collect(),
            registrars: vec![self.registrar.official(&mut OsRng).or_fail()?],
            authority: self.authority.official(&mut OsRng).or_fail()?,
            roll_length: voters,
            largest_weight: 1,
            revote: RevoteRule::Last,
            replacement: false,
            stage_deadlines: [1, 2, 3, 4].map(|stage: Minutes| begins.saturating_add(stage.saturating_mul(STAGE))),
            opening,
            closing: begins.saturating_add(open),
            latest_closing: begins.saturating_add(open),
            grace: 0,
            policy: format!("log {log_key}\n{policy}"),
            log_origin: board.log_origin(&id),
            log_key,
            minimum_unit,
            waivers: Vec::new(),
            overrides: false,
            pages,
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

/// What a wrong record ends with.
pub(crate) fn bad(text: impl std::fmt::Display) -> Failure {
    Failure::new(ExitCode::Invalid, text)
}
