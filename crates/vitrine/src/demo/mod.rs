//! `vitrine demo`: a real public election of thousands of voters, end to end on the real parts, from an empty folder to a verified
//! result.
//!
//! Reading order: [`table`] (the real ballots), [`paper`] (what they become on a ballot paper), [`count`] (the plain count), [`witnesses`], [`officials`] (keys, ceremony, roll, opening, closing), [`faults`] (the
//! trustee at fault, if one is to be shown), [`plan`] and [`voting`] (the
//! voters), [`tally`] (trustees), [`tamper`] (the forgery), [`summary`] (what is shown in the end), [`try_out`] (an election for whoever
//! reads it).

mod arguments;
mod by_hand;
mod count;
mod culprit;
mod faults;
mod folder;
mod officials;
mod paper;
mod plan;
mod replica;
mod summary;
mod table;
mod tally;
mod tamper;
mod totals;
mod try_out;
mod voting;
mod witnesses;

use crate::{
    console::Console,
    failure::{Failure, OrFail as _},
    place::{Place, Remote},
    verify,
};
pub(crate) use arguments::Arguments;
use board_api::BoardClient;
use faults::{CULPRIT, Fault};
pub(crate) use folder::DemoFolder;
pub(crate) use officials::{Call, Officials};
use officials::{THRESHOLD, TRUSTEES};
use paper::Poll;
use protocol::ids::ElectionFingerprint;
use rand::rngs::OsRng;
pub(crate) use replica::Replica;
use std::{
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};
use summary::Summary;
use tokio::{net::TcpListener, sync::oneshot};
use verifier::{ExitCode, Verdict, thousands};
use voting::{Polls, Turnout};
pub(crate) use witnesses::DemoClock;
use witnesses::{Witnesses, all_cosigned};

/// What the demo's logs are called: no real board bears this name.
const ORIGIN: &str = "demonstration.example";
/// From one look at the polls to the next.
const GLANCE: Duration = Duration::from_millis(5);
/// The trustees that decrypt; the third stays away.
const PRESENT: [u32; 2] = [1, 3];

/// Runs it.
pub(crate) async fn run(arguments: Arguments, console: &Console) -> Result<ExitCode, Failure> {
    let began = Instant::now();
    let poll = Arc::new(arguments.poll()?);
    let folder = DemoFolder::make(arguments.out.clone())?;
    console.note(format_args!(
        "{}: {} real ballots, into {}",
        verifier::plain(&poll.table.contest),
        thousands(u64::try_from(poll.choices.len()).unwrap_or(u64::MAX)),
        folder.path().display()
    ));
    if let Some(changed) = poll.changed() {
        console.note(totals::normal_form(changed, poll.choices.len()));
    }
    let officials = Officials::generate(&folder, arguments.faults.fault())?;
    let second = if arguments.keep_serving { Some(Officials::generate(&folder.make_try_out()?, None)?) } else { None };
    let step = console.step("board");
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.or_fail()?;
    let address = format!("http://{}", listener.local_addr().or_fail()?);
    let clock = DemoClock::default();
    let mut config = bulletin_board::Config {
        name: "Demonstration board".to_owned(),
        authorities: [Some(&officials), second.as_ref()]
            .into_iter()
            .flatten()
            .map(Officials::authority_key)
            .collect::<Result<_, _>>()?,
        clock: clock.clock(),
        ..bulletin_board::Config::new(folder.database(), folder.board_key(), ORIGIN)
    };
    // Everything is on one machine, and everybody waits for the witnesses.
    config.cosigning.interval = 50;
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = async {
        // Told to stop, or nobody is left who could.
        let _ = stopped.await;
    };
    let mut serving = tokio::spawn(bulletin_board::serve(config, listener, ended));
    let client = BoardClient::new(&address).or_fail()?;
    step.done(format_args!("{address}, SQLite in {}", folder.database().display()));
    let witnesses =
        if arguments.no_witnesses { None } else { Some(Witnesses::call(&client, &folder, &clock, console).await?) };
    let fault = arguments.faults.fault();
    let demo = Demo { client, folder, console, witnesses, clock, fault };
    let summary = tokio::select! {
        summary = demo.hold(officials, poll, second) => summary?,
        ended = &mut serving => {
            ended.or_fail()?.or_fail()?;
            return Err(Failure::new(ExitCode::Unreadable, "the board ended early"));
        }
    };
    let code = summary.print(&address, began.elapsed(), console);
    if let Some(try_out) = &summary.try_out {
        let mut lines = try_out::lines();
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.or_fail()?,
            attended = demo.attend(try_out, &mut lines) => attended?,
        }
    }
    drop(stop);
    serving.await.or_fail()?.or_fail()?;
    if let Some(witnesses) = demo.witnesses {
        witnesses.end().await?;
    }
    Ok(code)
}

/// What the steps share.
struct Demo<'c> {
    client: BoardClient,
    folder: DemoFolder,
    console: &'c Console,
    witnesses: Option<Witnesses>,
    clock: DemoClock,
    fault: Option<Fault>,
}

impl Demo<'_> {
    /// The election, and then the one to try, if that is wanted.
    async fn hold(&self, officials: Officials, poll: Arc<Poll>, second: Option<Officials>) -> Result<Summary, Failure> {
        let summary = self.election(officials, poll).await?;
        let try_out = match second {
            Some(second) => Some(self.open_try_out(second).await?),
            None => None,
        };
        Ok(Summary { try_out, ..summary })
    }

    /// The election, step by step.
    async fn election(&self, mut officials: Officials, poll: Arc<Poll>) -> Result<Summary, Failure> {
        let step = self.console.step("manifest");
        let voters = u32::try_from(poll.choices.len()).or_fail()?;
        let call = Call::of_one(poll.contest(), voters, self.clock.minutes());
        let fingerprint = officials.announce(&self.client, call, self.policy()).await?;
        step.done(format_args!("election fingerprint {fingerprint}"));
        self.set_up(&mut officials, &fingerprint).await?;

        let voters = poll.choices.len();
        let step = self.console.step("roll");
        let letters = officials.issue_letters(&self.client, &fingerprint, voters).await?;
        let letters_sent = thousands(u64::try_from(voters).unwrap_or(u64::MAX));
        step.done(format_args!("{letters_sent} letters with a code each; their public halves on the roll"));
        let step = self.console.step("opening");
        let opening = officials.open(&self.client, &fingerprint).await?;
        step.done(format_args!("entry {}", opening.index()));

        let turnout = self.vote(&fingerprint, &poll, letters).await?;
        self.count(&self.folder, &PRESENT, &officials, fingerprint).await?;
        self.publish(fingerprint, poll, turnout).await
    }

    /// The policy below its log line.
    fn policy(&self) -> &str {
        self.witnesses.as_ref().map_or("quorum none\n", Witnesses::policy)
    }

    /// The key ceremony.
    async fn set_up(&self, officials: &mut Officials, fingerprint: &ElectionFingerprint) -> Result<(), Failure> {
        let step = self.console.step("ceremony");
        officials.run_ceremony(&self.client, fingerprint, &self.clock).await?;
        let n = TRUSTEES.len();
        let Some(fault) = self.fault else {
            step.done(format_args!(
                "{n} trustees, {n} keystores, {THRESHOLD} are needed; commit, deal, confirm, rehearse"
            ));
            return Ok(());
        };
        let replica = Replica::read(&self.client, fingerprint).await?;
        let ceremony = replica.election().ceremony();
        if !ceremony.departures().contains_key(&CULPRIT) {
            return Err(officials::bad(format_args!("trustee {CULPRIT} is still part of the ceremony")));
        }
        let active = ceremony.active();
        step.done(format_args!("{}; {} of {n} trustees go on without it", fault.told(), active.len()));
        if active.len() == usize::try_from(THRESHOLD).or_fail()? {
            self.console.note(format_args!(
                "no spare trustee: all of {active:?} are needed, and if one more key share is lost nothing can be decrypted"
            ));
        }
        Ok(())
    }

    /// The polling day.
    async fn vote(
        &self,
        fingerprint: &ElectionFingerprint,
        poll: &Arc<Poll>,
        letters: Vec<crypto::credential_code::CredentialCode>,
    ) -> Result<Turnout, Failure> {
        let step = self.console.step("devices");
        all_cosigned(&self.client, fingerprint).await?;
        let record = || async {
            let reading =
                ballot_client::client::read(&self.client, fingerprint, None, &mut |_, _| {}, &mut OsRng).await;
            reading.or_fail().map(|reading| reading.election)
        };
        let polls = Polls {
            client: self.client.clone(),
            election: record().await?,
            second_device: record().await?,
            poll: poll.clone(),
            folder: self.folder.clone(),
        };
        step.done("the record was read and checked, and once more by a second device for the audits");

        let step = self.console.step("voting");
        let voters = plan::voters(&poll.choices, poll.table.options.len(), letters);
        let bar = self.console.bar("voting", u64::try_from(voters.len()).unwrap_or(u64::MAX));
        let half = bar.length().unwrap_or(0) / 2;
        let halfway = async {
            while bar.position() < half {
                tokio::time::sleep(GLANCE).await;
            }
            self.witnesses.as_ref().and_then(Witnesses::stop_one)
        };
        let mut voting = pin!(voting::vote_all(polls, voters, &bar));
        let (turnout, stopped) = tokio::select! {
            biased;
            turnout = &mut voting => (turnout, None),
            stopped = halfway => (voting.await, stopped),
        };
        bar.finish_and_clear();
        let mut turnout = turnout?;
        turnout.stopped = stopped;
        turnout.make_final(&self.client, &self.folder, fingerprint).await?;
        step.done(format_args!(
            "{} ballots cast over HTTP; second thoughts: {}; audits on a second device: {}, published: {}",
            thousands(turnout.ballots),
            turnout.replaced,
            turnout.audits,
            turnout.published
        ));
        if let Some(name) = turnout.stopped {
            self.console.note(format_args!("halfway the witness {name} was stopped, and nothing else stopped"));
        }
        Ok(turnout)
    }

    /// Closing, decryption, result.
    async fn count(
        &self,
        folder: &DemoFolder,
        present: &[u32],
        officials: &Officials,
        fingerprint: ElectionFingerprint,
    ) -> Result<(), Failure> {
        let step = self.console.step("closing");
        let record = tally::verified(&self.client, fingerprint, self.console).await?;
        if self.witnesses.is_some() {
            self.clock.forward_to(record.closing_time().saturating_add(record.manifest().grace));
        }
        let closing = officials.close(&self.client, &record).await?;
        drop(record);
        step.done(format_args!(
            "entry {}; a demo does not wait for the hour, {}",
            closing.index(),
            match self.witnesses {
                Some(_) =>
                    "so the clock of board and witnesses was put forward to it, and the witnesses attest the time",
                None => "and with `quorum none` the authority's word is the only clock",
            }
        ));
        let mut decrypted = None;
        for &index in present {
            let step = self.console.step("decryption");
            let trustee = tally::return_of(folder, index)?;
            decrypted = Some(tally::decrypt(&self.client, fingerprint, trustee, self.console).await?);
            step.done(format_args!(
                "trustee {index} opened its keystore, verified the whole record and decrypted the sums"
            ));
        }
        let step = self.console.step("result");
        if let Some(election) = decrypted {
            tally::post_results(&self.client, election).await?;
        }
        step.done(match officials.rogue {
            None => "posted; one trustee was not needed",
            Some(_) => "posted; both trustees were needed",
        });
        Ok(())
    }

    /// The record as a folder, verified; and a forged copy, refused.
    async fn publish(
        &self,
        fingerprint: ElectionFingerprint,
        poll: Arc<Poll>,
        turnout: Turnout,
    ) -> Result<Summary, Failure> {
        let step = self.console.step("record");
        all_cosigned(&self.client, &fingerprint).await?;
        let remote = Remote::new(self.client.clone(), fingerprint);
        verify::save_to(&remote, &self.folder.record(), self.console).await?;
        step.done(format_args!("saved to {}", self.folder.record().display()));

        let step = self.console.step("verifying");
        let place = Place::Folder(self.folder.record());
        let report = verify::check(place, Some(fingerprint), self.console).await?;
        verify::write_html(&report, &self.folder.report())?;
        step.done(format_args!("{}; report in {}", report.verdict.word(), self.folder.report().display()));

        let forgery = match (&report.verdict, &report.election) {
            (Verdict::Valid, Some(facts)) => {
                let step = self.console.step("forgery");
                let forgery = tamper::forge(&self.folder, &facts.log_origin, poll.table.options.len())?;
                let place = Place::Folder(self.folder.tampered());
                let refused = verify::check(place, Some(fingerprint), self.console).await?;
                step.done(format_args!("{}; in {}", refused.verdict.word(), self.folder.tampered().display()));
                Some((forgery, refused))
            }
            _ => None,
        };
        Ok(Summary {
            folder: self.folder.clone(),
            fingerprint,
            poll,
            turnout,
            report,
            forgery,
            fault: self.fault,
            try_out: None,
        })
    }
}
