//! The results in the common data format of NIST SP 1500-100, version 2, as JSON (REP-20 to REP-31). Every object is of a class of that
//! format; what the format has no place for is in the notes or in the report's own JSON.

mod contest;
mod units;

use super::{FormatError, Report};
use jiff::Timestamp;
use protocol::{Manifest, ids::Minutes};
use serde_json::{Value, json};
use units::Units;

/// REP-21: who writes.
const ISSUER: &str = "Vitrine";
/// REP-21: with what.
const APPLICATION: &str = concat!("vitrine-verifier/", env!("CARGO_PKG_VERSION"));
/// REP-31: what the format's words mean here.
const READING: &str = "Undervotes counts the explicit blanks alone; nothing else is left unmarked knowingly. A count of the type other says in \
                       OtherType what it counts. A suppressed count is of a group too small to be decrypted and is in no total.";

impl Report {
    /// The results in NIST's format, as made at this moment (REP-20).
    ///
    /// # Errors
    /// [`FormatError::NoResults`] if the report shows none (REP-1); [`FormatError::Calendar`] if the manifest's times are in no calendar.
    pub fn nist(&self, generated: Timestamp) -> Result<String, FormatError> {
        let ballot = self.ballot.as_ref().filter(|_| !self.results.is_empty()).ok_or(FormatError::NoResults)?;
        let value = Writer { report: self, ballot, units: Units::new(ballot) }.report(generated)?;
        Ok(serde_json::to_string_pretty(&value).expect("a report has only text keys and plain values"))
    }
}

struct Writer<'a> {
    report: &'a Report,
    ballot: &'a Manifest,
    units: Units<'a>,
}

impl Writer<'_> {
    /// REP-21.
    fn report(&self, generated: Timestamp) -> Result<Value, FormatError> {
        let several = self.ballot.units.len() > 1;
        let mut report = json!({
            "@type": "ElectionResults.ElectionReport",
            "Format": if several { "precinct-level" } else { "summary-contest" },
            "GeneratedDate": generated.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "Issuer": ISSUER,
            "IssuerAbbreviation": ISSUER,
            "VendorApplicationId": APPLICATION,
            "SequenceStart": 1,
            "SequenceEnd": 1,
            "Status": if self.report.is_partial() { "unofficial-partial" } else { "unofficial-complete" },
            "Notes": self.notes(),
            "GpUnit": self.units.list(self.report),
            "Election": [self.election()?],
        });
        let parties = contest::parties(self.ballot);
        if !parties.is_empty() {
            put(&mut report, "Party", Value::Array(parties));
        }
        Ok(report)
    }

    /// REP-22.
    fn election(&self) -> Result<Value, FormatError> {
        let (mut contests, mut candidates) = (Vec::new(), Vec::new());
        for result in &self.report.results {
            if let Some(contest) = self.ballot.contest(result.contest) {
                let part = contest::Part { units: &self.units, result, contest };
                contests.extend(part.contests());
                candidates.extend(part.candidates());
            }
        }
        for (order, contest) in (1u32..).zip(&mut contests) {
            put(contest, "SequenceOrder", order.into());
        }
        let mut election = json!({
            "@type": "ElectionResults.Election",
            "ElectionScopeId": units::ELECTION,
            "Name": text(&self.ballot.title),
            "StartDate": day(self.ballot.opening)?,
            "EndDate": day(self.report.closing.unwrap_or(self.ballot.closing))?,
            "Type": "other",
            "OtherType": "not stated",
            "BallotCounts": self.ballots(),
            "Candidate": candidates,
            "Contest": contests,
            "CountStatus": [status(!self.report.is_partial())],
        });
        if let Some(fingerprint) = &self.report.fingerprint {
            put(&mut election, "ExternalIdentifier", json!([identifier("vitrine election fingerprint", fingerprint)]));
        }
        Ok(election)
    }

    /// REP-24: ballots, never their weight.
    fn ballots(&self) -> Vec<Value> {
        let Some(figures) = &self.report.figures else { return Vec::new() };
        let units = (0u32..).zip(&figures.units).map(|(unit, figures)| (units::id(&[unit]), figures.counted));
        let all = [(units::ELECTION.to_owned(), figures.counted)];
        let count = |(unit, cast): (String, u64)| {
            json!({
                "@type": "ElectionResults.BallotCounts",
                "GpUnitId": unit,
                "BallotsCast": cast,
                "Type": "total",
            })
        };
        all.into_iter().chain(units).map(count).collect()
    }

    /// REP-31: what the format has no place for.
    fn notes(&self) -> String {
        let mut notes = vec![self.report.headline.clone(), READING.to_owned()];
        notes.extend(self.report.waivers.iter().map(|waiver| waiver.text.clone()));
        for result in &self.report.results {
            if let Some(contest) = self.ballot.contest(result.contest) {
                notes.extend(contest::notes(contest, result));
            }
        }
        notes.join("\n")
    }
}

/// A text of the manifest, whose language nobody stated.
fn text(content: &str) -> Value {
    language(content, "und")
}

/// A text of this program.
fn english(content: &str) -> Value {
    language(content, "en")
}

fn language(content: &str, language: &str) -> Value {
    json!({
        "@type": "ElectionResults.InternationalizedText",
        "Text": [{ "@type": "ElectionResults.LanguageString", "Content": content, "Language": language }],
    })
}

fn status(complete: bool) -> Value {
    json!({
        "@type": "ElectionResults.CountStatus",
        "Type": "total",
        "Status": if complete { "completed" } else { "in-process" },
    })
}

fn identifier(kind: &str, value: &str) -> Value {
    json!({ "@type": "ElectionResults.ExternalIdentifier", "Type": "other", "OtherType": kind, "Value": value })
}

/// Sets an attribute of an object.
fn put(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(attributes) = object {
        attributes.insert(name.to_owned(), value);
    }
}

/// The day of a time, in UTC.
fn day(minutes: Minutes) -> Result<String, FormatError> {
    let seconds = i64::try_from(minutes).ok().and_then(|minutes| minutes.checked_mul(60));
    let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()).filter(|time| time.as_second() >= 0);
    // The format's dates have four digits for the year, which every timestamp of the calendar has.
    time.map(|time| time.strftime("%Y-%m-%d").to_string()).ok_or(FormatError::Calendar(minutes))
}
