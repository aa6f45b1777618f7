//! The voter's side for a page in a browser: one [`Voter`], asked by name with JSON, answering with JSON (BAL-80 to BAL-84). What a page may
//! know is in the answers; codes, sealed ballots and keys stay here.
//!
//! Everything is checked as for the command line, by the same code. BAL-81: only `open`, `send`, `find`, `voted` and `receipt` use the network.

mod fault;
mod message;
mod selection;
mod view;

use crate::{
    audit::check_audit,
    client::{Delivery, Reading, deliver, read},
    credential::{Credential, codes_of_letters},
    lookup::{Found, Search, Wanted},
    receipt::{Trust, check_receipt},
    session::{BeginError, OpenElection, Sealed, Session},
    tracker::{Tracker, TypedTracker},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use board_api::BoardClient;
use crypto::credential_code::CredentialCode;
use fault::{Fault, bad_request};
use message::{
    CastView, Check, CheckedView, Codes, Examine, FindingsView, Kept, Letter, LetterView, Open, OpeningView, QrView,
    ReceiptView, SealedView, Selections, Signed, Text, VotedView, Wish,
};
use protocol::{
    Submission,
    ids::ElectionFingerprint,
    letter::{self, LetterLine},
};
use qrcode::{Color, EcLevel, QrCode};
use rand::rngs::OsRng;
use selection::Chosen;
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt::Write as _, sync::Arc};
use tlog::proof::Receipt;
use view::{BallotView, ContestView, ElectionView, FoundView, OpenedView, WitnessedView};
use zeroize::Zeroizing;

/// What the QR code of an opened ballot begins with; its bytes follow in base64url (BAL-83).
pub const OPENING_PREFIX: &str = "vitrine:opening/1?";

/// The most bytes of a request: an opened ballot in base64, and some more.
const LONGEST_REQUEST: usize = 256 * 1024;

/// The most characters of a QR code's text that cameras read with ease (BAL-83).
const LONGEST_QR: usize = 1400;

/// A voter's page.
#[derive(Debug, Default)]
pub struct Voter {
    place: Option<Place>,
    credential: Option<Arc<Credential>>,
    sealed: Option<Sealed>,
}

/// The election that was read, and where.
#[derive(Debug)]
struct Place {
    board: BoardClient,
    expected: ElectionFingerprint,
    reading: Reading,
}

impl Voter {
    /// An answer to a request, both as JSON; `progress` hears how many entries of how many were read.
    ///
    /// # Errors
    /// A fault as JSON, with a code that stays the same, the rule if there is one, and the details in English.
    pub async fn call(
        &mut self,
        method: &str,
        request: Zeroizing<String>,
        progress: impl FnMut(u64, u64),
    ) -> Result<Zeroizing<String>, String> {
        let answer = if request.len() > LONGEST_REQUEST {
            Err(bad_request("longer than any request"))
        } else {
            self.answer(method, &request, progress).await
        };
        answer.map_err(|fault| serde_json::to_string(&fault).unwrap_or_default())
    }

    async fn answer(
        &mut self,
        method: &str,
        request: &str,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Zeroizing<String>, Fault> {
        match method {
            "open" => self.open(given(request)?, &mut progress).await,
            "letter" => letter(&given::<Letter>(request)?.text),
            "begin" => self.begin(&given::<Codes>(request)?.codes),
            "check" => self.check(given(request)?),
            "seal" => self.seal(given(request)?),
            "sign" => self.sign(),
            "send" => self.send(&given::<Signed>(request)?.submission).await,
            "audit" => self.audit(),
            "examine" => self.examine(&given(request)?),
            "find" => {
                let typed: TypedTracker = given::<Wish>(request)?.tracker.parse()?;
                self.search(Wanted::Tracker(typed), &mut progress).await
            }
            "voted" => {
                let credential = self.credential_of(&given::<Codes>(request)?.codes)?;
                self.search(Wanted::Credential(credential.public()), &mut progress).await
            }
            "receipt" => self.receipt(given(request)?, &mut progress).await,
            "check-receipt" => self.check_receipt(&given(request)?),
            "forget" => {
                (self.credential, self.sealed) = (None, None);
                told(&())
            }
            "qr" => qr(&given::<Text>(request)?.text),
            _ => Err(bad_request("no such method")),
        }
    }

    /// BAL-22: reads and folds the record. What was begun before is forgotten.
    async fn open(&mut self, wish: Open, progress: &mut impl FnMut(u64, u64)) -> Result<Zeroizing<String>, Fault> {
        *self = Self::default();
        let expected: ElectionFingerprint = wish.election.parse().map_err(bad_request)?;
        let board = BoardClient::new(&wish.board)?;
        let reading = read(&board, &expected, None, progress, &mut OsRng).await?;
        if let Some(earlier) = wish.earlier {
            reading.extends(earlier.as_bytes())?;
        }
        let view = told(&ElectionView::of(&reading, &expected));
        self.place = Some(Place { board, expected, reading });
        view
    }

    /// BAL-20, BAL-22: the voter of these codes, and the ballot to fill in.
    fn begin(&mut self, codes: &[Zeroizing<String>]) -> Result<Zeroizing<String>, Fault> {
        self.sealed = None;
        let credential = Arc::new(self.credential_of(codes)?);
        let session = self.session_of(Arc::clone(&credential))?;
        let election = &self.place()?.reading.election;
        let state = session.state();
        let unit = usize::try_from(state.unit).ok().and_then(|unit| election.manifest().units.get(unit));
        let answer = told(&BallotView {
            contests: session.contests().map(|(index, contest)| ContestView::of(index, contest)).collect(),
            unit: unit.map_or("", |unit| unit.name.as_str()),
            weight: state.weight,
            sequence: state.sequence,
        });
        self.credential = Some(credential);
        answer
    }

    fn check(&self, wish: Check) -> Result<Zeroizing<String>, Fault> {
        let session = self.session()?;
        let mut selection = protocol::Selection::try_from(wish.selection)?;
        let allowed = session.ballot().check(wish.contest, &selection);
        selection.wipe();
        told(&allowed.err().map(Fault::from))
    }

    /// BAL-23: seals a whole ballot. One that was sealed before, and not cast, is forgotten.
    fn seal(&mut self, wish: Selections) -> Result<Zeroizing<String>, Fault> {
        self.sealed = None;
        let session = self.session()?;
        let mut ballot = session.ballot();
        for (contest, chosen) in wish.selections {
            ballot = ballot.select(contest, chosen.try_into()?)?;
        }
        let sealed = ballot.seal(&mut OsRng)?;
        let tracker = sealed.tracker().to_string();
        self.sealed = Some(sealed);
        told(&SealedView { tracker })
    }

    /// BAL-28: signs the sealed ballot, to be stored before it is sent (BAL-38).
    fn sign(&mut self) -> Result<Zeroizing<String>, Fault> {
        let sealed = self.sealed.take().ok_or_else(nothing_sealed)?;
        let submission = sealed.cast(&mut OsRng)?;
        told(&Signed { submission: STANDARD.encode(submission.encode()) })
    }

    /// BAL-38, BAL-39: sends a signed ballot, as often as need be: it can be in the record only once.
    async fn send(&mut self, submission: &str) -> Result<Zeroizing<String>, Fault> {
        let place = self.place()?;
        let bytes = STANDARD.decode(submission).map_err(bad_request)?;
        let submission = Submission::decode(&bytes).map_err(bad_request)?;
        let tracker = Tracker(submission.id(&place.expected)).to_string();
        let view = match deliver(&place.board, &place.expected, &submission, &mut OsRng).await {
            Ok(Delivery::Recorded { index, receipt }) => place.recorded(index, tracker, &receipt),
            Ok(Delivery::Displaced(found)) => {
                CastView::Displaced { index: found.index, tracker: found.tracker.to_string() }
            }
            Ok(Delivery::Refused(problem)) => CastView::Refused { fault: problem.into() },
            Ok(Delivery::Unknown(error)) => CastView::Unknown { fault: error.into() },
            Ok(Delivery::Broken(bad)) => CastView::Lie {
                fault: Fault::new("promise-broken", &bad.fault),
                evidence: STANDARD.encode(&bad.answer),
            },
            Err(error) => CastView::Unknown { fault: error.into() },
        };
        told(&view)
    }

    /// BAL-29: gives away what opens the sealed ballot, and forgets the ballot.
    fn audit(&mut self) -> Result<Zeroizing<String>, Fault> {
        let sealed = self.sealed.take().ok_or_else(nothing_sealed)?;
        let tracker = sealed.tracker().to_string();
        let bytes = sealed.audit().encode();
        let qr = format!("{OPENING_PREFIX}{}", URL_SAFE_NO_PAD.encode(&bytes));
        told(&OpeningView {
            tracker,
            opening: STANDARD.encode(&bytes),
            qr: Some(qr).filter(|qr| qr.len() <= LONGEST_QR),
        })
    }

    /// BAL-32: what a second device does. It has read the election itself.
    fn examine(&self, wish: &Examine) -> Result<Zeroizing<String>, Fault> {
        let election = &self.place()?.reading.election;
        let bytes = opening_bytes(&wish.opening)?;
        let shown: TypedTracker = wish.tracker.parse()?;
        let found = check_audit(&bytes, &shown, election)?;
        let contests = found.contests.iter().filter_map(|opened| {
            let contest = ContestView::of(opened.contest, election.manifest().contest(opened.contest)?);
            Some(OpenedView { contest, selection: Chosen::of(&opened.selection) })
        });
        told(&FindingsView { tracker: found.tracker.to_string(), unit: found.unit, contests: contests.collect() })
    }

    /// BAL-40, BAL-41: reads the record again to its present end, and searches here: no request tells what for.
    async fn search(
        &mut self,
        wanted: Wanted,
        progress: &mut impl FnMut(u64, u64),
    ) -> Result<Zeroizing<String>, Fault> {
        let found = self.read_again(wanted, progress).await?;
        let Place { reading, .. } = self.place()?;
        told(&VotedView {
            found: found.iter().map(|found| FoundView::of(found, &reading.election)).collect(),
            entries: reading.size(),
            witnessed: WitnessedView::of(&reading.witnessed),
        })
    }

    async fn read_again(&mut self, wanted: Wanted, progress: &mut impl FnMut(u64, u64)) -> Result<Vec<Found>, Fault> {
        let place = self.place.as_mut().ok_or_else(not_open)?;
        let mut search = Search::new(place.expected, wanted);
        let reading = read(&place.board, &place.expected, Some(&mut search), progress, &mut OsRng).await?;
        // LOG-29: the log continues what this page has seen.
        reading.extends(place.reading.checkpoint_note().as_bytes())?;
        place.reading = reading;
        Ok(search.found())
    }

    /// BAL-35: a receipt made from the record, under its newest checkpoint.
    async fn receipt(&mut self, wish: Wish, progress: &mut impl FnMut(u64, u64)) -> Result<Zeroizing<String>, Fault> {
        let typed: TypedTracker = wish.tracker.parse()?;
        let found = self.read_again(Wanted::Tracker(typed), progress).await?;
        let reading = &self.place()?.reading;
        let one = found.iter().find(|found| found.sequence.is_some());
        let receipt = one.and_then(|found| reading.receipt(found));
        let receipt = receipt.ok_or_else(|| Fault::new("receipt-none", "the record shows no such ballot yet"))?;
        told(&ReceiptView { receipt: receipt.encode(), witnessed: WitnessedView::of(&reading.witnessed) })
    }

    /// BAL-36: checks a receipt that was kept.
    fn check_receipt(&self, wish: &Kept) -> Result<Zeroizing<String>, Fault> {
        let place = self.place()?;
        let checked = check_receipt(wish.receipt.as_bytes(), &place.expected, &place.trust()?)?;
        told(&CheckedView {
            tracker: checked.tracker.to_string(),
            index: checked.index,
            time: checked.time,
            witnessed: WitnessedView::of(&checked.witnessed),
        })
    }

    fn place(&self) -> Result<&Place, Fault> {
        self.place.as_ref().ok_or_else(not_open)
    }

    fn credential_of(&self, codes: &[Zeroizing<String>]) -> Result<Credential, Fault> {
        let place = self.place()?;
        let manifest = place.reading.election.manifest();
        Ok(Credential::from_codes(
            &codes_of(codes, manifest.registrars.len(), &place.expected)?,
            manifest,
            &place.expected,
        )?)
    }

    fn session_of(&self, credential: Arc<Credential>) -> Result<Session<'_>, Fault> {
        let place = self.place()?;
        let open = OpenElection::check(&place.reading.election, &place.expected).map_err(BeginError::from)?;
        Ok(Session::of(open, credential)?)
    }

    fn session(&self) -> Result<Session<'_>, Fault> {
        let credential = self.credential.as_ref().ok_or_else(|| Fault::new("not-begun", "no codes were given"))?;
        self.session_of(Arc::clone(credential))
    }
}

impl Place {
    fn trust(&self) -> Result<Trust, Fault> {
        let trust = Trust::of_manifest(self.reading.election.manifest());
        trust.map_err(|error| Fault::new("checkpoint-bad", error))
    }

    fn recorded(&self, index: u64, tracker: String, receipt: &Receipt) -> CastView {
        let text = receipt.encode();
        match self.reading.judge(receipt.checkpoint_note.as_bytes()) {
            Ok(witnessed) => {
                CastView::Recorded { index, tracker, receipt: text, witnessed: WitnessedView::of(&witnessed) }
            }
            Err(error) => CastView::Lie { fault: error.into(), evidence: STANDARD.encode(text) },
        }
    }
}

/// What is in a request.
fn given<T: DeserializeOwned>(request: &str) -> Result<T, Fault> {
    // What was wrong is not said: the text may hold a code.
    serde_json::from_str(request).map_err(|_| bad_request("not what this method takes"))
}

/// An answer as JSON.
fn told<T: Serialize>(answer: &T) -> Result<Zeroizing<String>, Fault> {
    serde_json::to_string(answer).map(Zeroizing::new).map_err(bad_request)
}

fn not_open() -> Fault {
    Fault::new("not-read", "no election was read")
}

fn nothing_sealed() -> Fault {
    Fault::new("nothing-sealed", "no ballot is sealed: it was cast, opened or forgotten")
}

/// A typed code, or a letter's line.
fn letter(text: &str) -> Result<Zeroizing<String>, Fault> {
    if !text.trim_start().starts_with(letter::PREFIX) {
        let code = CredentialCode::parse(text)?;
        return told(&LetterView { registrar: None, election: None, board: None, code: code.grouped() });
    }
    let LetterLine { election, registrar, code, board } = LetterLine::parse(text)?;
    let (election, board) = (Some(election.to_string()), Some(board));
    told(&LetterView { registrar: Some(registrar), election, board, code: code.grouped() })
}

/// BAL-20, BAL-45, BAL-46: typed codes in the registrars' order, or letters' lines in any.
fn codes_of(
    texts: &[Zeroizing<String>],
    registrars: usize,
    election: &ElectionFingerprint,
) -> Result<Vec<CredentialCode>, Fault> {
    let lines = texts.iter().all(|text| text.trim_start().starts_with(letter::PREFIX));
    if lines && !texts.is_empty() {
        let letters = texts.iter().map(|text| LetterLine::parse(text)).collect::<Result<_, _>>()?;
        return Ok(codes_of_letters(letters, registrars, election)?);
    }
    Ok(crate::credential::parse_codes_of(texts.iter().map(|text| text.as_str()), election)?)
}

/// An opening as a file in base64, or as the text of its QR code.
fn opening_bytes(text: &str) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let text = text.trim();
    let bytes = match text.strip_prefix(OPENING_PREFIX) {
        Some(rest) => URL_SAFE_NO_PAD.decode(rest),
        None => STANDARD.decode(text),
    };
    bytes.map(Zeroizing::new).map_err(|_| Fault::new("opening-form", "this is not an opened ballot"))
}

/// A text as a QR code.
fn qr(text: &str) -> Result<Zeroizing<String>, Fault> {
    let code =
        QrCode::with_error_correction_level(text, EcLevel::L).map_err(|error| Fault::new("qr-too-long", error))?;
    let (size, mut dark) = (code.width(), String::new());
    let modules = code.to_colors();
    for (y, row) in modules.chunks(size.max(1)).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            // Writing to a text does not fail.
            let _ = write!(dark, "M{x} {y}h1v1h-1z");
        }
    }
    told(&QrView { size, dark })
}
