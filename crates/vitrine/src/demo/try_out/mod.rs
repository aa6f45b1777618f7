//! The election that `--keep-serving` leaves open on the demo's board: small, with a contest of every kind, for a person with a browser.

mod paper;

use super::{
    Demo,
    folder::DemoFolder,
    officials::{Call, Officials, THRESHOLD},
    tally,
    witnesses::all_cosigned,
};
use crate::failure::{Failure, OrFail as _};
use board_api::BoardClient;
use bulletin_board::Clock;
use crypto::credential_code::CredentialCode;
use protocol::ids::{ElectionFingerprint, Minutes};
use rand::rngs::OsRng;
use serde::Serialize;
use std::{fmt::Write as _, io, path::PathBuf};
use tokio::sync::mpsc;
use trustee_tools::{
    issuance::{self, Letters},
    letters::Letterhead,
    registrar::{self, RollPlace},
    voters::Voter,
};

/// Voters of each unit.
const VOTERS: u32 = 6;
/// Letters whose codes are shown, so that nobody has to open a file: two of the first unit, one of the second.
const SHOWN: [usize; 3] = [0, 1, 6];
/// How long it is announced to be open: a day, by the demo's clock.
const OPEN: Minutes = 24 * 60;
/// The letters' folder in its folder.
const ISSUED: &str = "issued";
/// The trustees that decrypt.
const PRESENT: [u32; 2] = [1, 2];

/// An election that is open.
pub(crate) struct TryOut {
    fingerprint: ElectionFingerprint,
    board: String,
    folder: DemoFolder,
    voters: Vec<Voter>,
    codes: Vec<CredentialCode>,
    officials: Officials,
}

/// One letter, as the demo's JSON has it. Codes of a demonstration are nobody's secret.
#[derive(Serialize)]
pub(super) struct ShownLetter {
    unit: String,
    code: String,
    file: String,
}

/// The JSON form.
#[derive(Serialize)]
pub(super) struct Document {
    fingerprint: String,
    /// Where a browser votes.
    vote: String,
    /// Where a browser observes.
    observe: String,
    /// Pages of letters, to be printed.
    letters: String,
    /// All letters.
    voters: Vec<ShownLetter>,
}

impl Demo<'_> {
    /// Calls a second election on the same board, of an authority with keys of its own, and opens it.
    pub(super) async fn open_try_out(&self, mut officials: Officials) -> Result<TryOut, Failure> {
        let step = self.console.step("to try");
        let folder = self.folder.try_out();
        let (client, contests) = (&self.client, paper::contests());
        let roll: Vec<Voter> = voters();
        let asked = contests.len();
        let call = Call {
            title: "An election to try".to_owned(),
            contests,
            units: paper::units(),
            voters: u32::try_from(roll.len()).or_fail()?,
            minimum_unit: 1,
            begins: self.clock.minutes(),
            opening: Clock::machine().seconds() / 60,
            open: OPEN,
            pages: true,
        };
        let fingerprint = officials.announce(client, call, self.policy()).await?;
        officials.run_ceremony(client, &fingerprint, &self.clock).await?;
        let codes = issue(client, &fingerprint, &officials, &roll, &folder).await?;
        officials.open(client, &fingerprint).await?;
        all_cosigned(client, &fingerprint).await?;
        step.done(format_args!("a second election is open on this board: {asked} contests, {} letters", roll.len()));
        Ok(TryOut { fingerprint, board: address(client), folder, voters: roll, codes, officials })
    }

    /// Until somebody says that all have voted. Without a terminal, or anything that says so, that never comes.
    pub(super) async fn attend(&self, try_out: &TryOut, lines: &mut mpsc::Receiver<()>) -> Result<(), Failure> {
        if lines.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
        let fingerprint = try_out.fingerprint;
        self.count(&try_out.folder, &PRESENT, &try_out.officials, fingerprint).await?;
        let step = self.console.step("counted");
        let record = tally::verified(&self.client, fingerprint, self.console).await?;
        let (ballots, observe) = (record.counts().ballots, try_out.observe());
        let plural = if ballots == 1 { "" } else { "s" };
        step.done(format_args!("the election to try, {ballots} ballot{plural}: {observe}"));
        std::future::pending().await
    }
}

/// Lines that come in from the keyboard, or from another program. The thread ends with the program: a read cannot be called off.
pub(super) fn lines() -> mpsc::Receiver<()> {
    let (send, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in io::stdin().lines() {
            if line.is_err() || send.blocking_send(()).is_err() {
                return;
            }
        }
    });
    lines
}

/// The voters, unit by unit.
fn voters() -> Vec<Voter> {
    let of_unit = |unit: u32, name: &str| {
        let person = move |number| format!("Voter {number} ({name})");
        let place = RollPlace { unit, weight: 1 };
        (1..=VOTERS).map(person).map(|person| Voter { person, contact: String::new(), place }).collect::<Vec<_>>()
    };
    (0u32..).zip(paper::UNITS).flat_map(|(unit, name)| of_unit(unit, name)).collect()
}

/// Codes, letters on disk, and the roll on the board. Its order is that of the list: here nobody's vote is anybody's secret.
async fn issue(
    client: &BoardClient,
    election: &ElectionFingerprint,
    officials: &Officials,
    roll: &[Voter],
    folder: &DemoFolder,
) -> Result<Vec<CredentialCode>, Failure> {
    let manifest = client.manifest(election).await.or_fail()?;
    let secrets = &officials.registrar;
    let places: Vec<RollPlace> = roll.iter().map(|voter| voter.place).collect();
    let codes = registrar::issue(roll.len(), &mut OsRng).or_fail()?;
    let chunks = registrar::roll_chunks(election, &manifest, secrets, &places, &codes, &mut OsRng).or_fail()?;
    let head = Letterhead::new(&manifest, *election, secrets.index(), &address(client));
    let letters = Letters { head: &head, first: 0, voters: roll, codes: &codes, each_as_page: true };
    issuance::write(&folder.path().join(ISSUED), &manifest, &letters, &chunks, false).or_fail()?;
    for chunk in chunks {
        client.submit(election, &chunk).await.or_fail()?;
    }
    Ok(codes)
}

impl TryOut {
    fn vote(&self) -> String {
        format!("{}/vote/{}", self.board, self.fingerprint)
    }

    fn observe(&self) -> String {
        format!("{}/observe/{}", self.board, self.fingerprint)
    }

    fn issued(&self) -> PathBuf {
        self.folder.path().join(ISSUED)
    }

    fn shown(&self) -> impl Iterator<Item = ShownLetter> {
        let letters = self.issued().join(issuance::LETTERS);
        (0usize..).zip(self.voters.iter().zip(&self.codes)).map(move |(index, (voter, code))| ShownLetter {
            unit: unit(voter).to_owned(),
            code: code.grouped().to_string(),
            file: letters.join(format!("{index:06}.html")).display().to_string(),
        })
    }

    pub(super) fn document(&self) -> Document {
        Document {
            fingerprint: self.fingerprint.to_string(),
            vote: self.vote(),
            observe: self.observe(),
            letters: self.issued().join(issuance::PRINT).join("0001.html").display().to_string(),
            voters: self.shown().collect(),
        }
    }

    /// How a person votes in it at once, and how it ends.
    pub(super) fn write(&self, finished: &ElectionFingerprint, vitrine: &str, to: &mut String) -> std::fmt::Result {
        let quoted = super::by_hand::quoted;
        let board = &self.board;
        writeln!(to, "\nTO TRY IN A BROWSER, as long as the board serves")?;
        writeln!(
            to,
            "A second election, \"An election to try\", is open on the same board. It asks a contest of every kind."
        )?;
        writeln!(to, "  vote      {}", self.vote())?;
        writeln!(to, "  observe   {}", self.observe())?;
        writeln!(to, "  finished  {board}/observe/{finished}")?;
        writeln!(to, "  both      {board}/, in any browser and without a script")?;
        writeln!(
            to,
            "Codes of three of its {} letters; the code of a letter is typed or pasted into the page:",
            self.voters.len()
        )?;
        let letters: Vec<ShownLetter> = self.shown().collect();
        for letter in SHOWN.iter().filter_map(|index| letters.get(*index)) {
            writeln!(to, "  {:<8}  {}   {}", letter.unit, letter.code, quoted(letter.file.as_ref()))?;
        }
        writeln!(
            to,
            "All letters, as pages to print: {}",
            quoted(&self.issued().join(issuance::PRINT).join("0001.html"))
        )?;
        writeln!(
            to,
            "Press Enter when everybody has voted: the clock of board and witnesses is put forward to the closing time, {THRESHOLD} trustees decrypt, and \
             the result is posted. Or wait a day, and then:"
        )?;
        writeln!(to, "  T={}", self.fingerprint)?;
        writeln!(to, "  {vitrine} authority close --board {board} --election $T")?;
        for index in PRESENT {
            let keystore = self.folder.keystore(&format!("trustee-{index}"));
            let (keystore, passphrase) = (quoted(&keystore), quoted(&self.folder.passphrase()));
            writeln!(
                to,
                "  {vitrine} trustee decrypt --keystore {keystore} --passphrase-file {passphrase} --board {board} --election $T"
            )?;
        }
        writeln!(to, "  {vitrine} authority result --board {board} --election $T")
    }
}

/// The board's address as people write it.
fn address(client: &BoardClient) -> String {
    client.address().trim_end_matches('/').to_owned()
}

/// A voter's unit by name.
fn unit(voter: &Voter) -> &'static str {
    let unit = usize::try_from(voter.place.unit).ok();
    unit.and_then(|unit| paper::UNITS.get(unit)).copied().unwrap_or("?")
}
