//! After the closing: trustees verify the whole record for themselves, decrypt, and anybody posts the result.

use super::{
    folder::DemoFolder,
    officials::{Trustee, TrusteeError, bad, passphrase},
    witnesses::all_cosigned,
};
use crate::{
    console::Console,
    failure::{Failure, OrFail as _},
    place::Remote,
};
use board_api::BoardClient;
use protocol::{Election, Submission, ids::ElectionFingerprint};
use rand::rngs::OsRng;
use trustee_tools::{authority, ceremony::Step, decryption, keystore::Keystore, secrets::TrusteeSecrets};
use verifier::{Options, Progress};

/// The record as an official's own verifier finds it on the board: right in all that is there, settled if it is closed.
pub(crate) async fn verified(
    client: &BoardClient,
    expect: ElectionFingerprint,
    console: &Console,
) -> Result<Election, Failure> {
    all_cosigned(client, &expect).await?;
    let remote = Remote::new(client.clone(), expect);
    let bar = console.bar("verifying", 0);
    let shown = bar.clone();
    let verifying = tokio::task::spawn_blocking(move || {
        let progress = |progress: Progress| {
            shown.set_length(progress.total);
            shown.set_position(progress.done);
        };
        verifier::verify_election(
            &remote,
            &Options { expect: Some(expect), ..Options::default() },
            progress,
            &mut OsRng,
        )
    });
    let verified = verifying.await;
    bar.finish_and_clear();
    let (report, election) = verified.or_fail()?;
    election.ok_or_else(|| bad(format_args!("the board's record: {}", report.headline)))
}

/// A trustee with the keystore it has on disk.
pub(crate) fn return_of(folder: &DemoFolder, index: u32) -> Result<Trustee, Failure> {
    let path = folder.keystore(&format!("trustee-{index}"));
    let (secrets, keystore) = Keystore::open::<TrusteeSecrets>(&path, passphrase()?).or_fail()?;
    Ok(Trustee { secrets, keystore })
}

/// Verifies, then answers the closing with partial decryptions. Gives the record with them.
pub(crate) async fn decrypt(
    client: &BoardClient,
    fingerprint: ElectionFingerprint,
    trustee: Trustee,
    console: &Console,
) -> Result<Election, Failure> {
    let Trustee { mut secrets, mut keystore } = trustee;
    let mut election = verified(client, fingerprint, console).await?;
    loop {
        let store = |secrets: &TrusteeSecrets| keystore.save(secrets).map_err(TrusteeError::from);
        match decryption::advance(&election, &mut secrets, store, &mut OsRng).or_fail()? {
            Step::Submit(submission) => submit(client, &mut election, &submission).await?,
            _ => return Ok(election),
        }
    }
}

/// Posts the totals that the partial decryptions give.
pub(crate) async fn post_results(client: &BoardClient, mut election: Election) -> Result<(), Failure> {
    for submission in authority::results(&election).or_fail()? {
        submit(client, &mut election, &submission).await?;
    }
    Ok(())
}

/// Sends, and folds what the board made of it.
async fn submit(client: &BoardClient, election: &mut Election, submission: &Submission) -> Result<(), Failure> {
    let promise = client.submit(&election.fingerprint(), submission).await.or_fail()?;
    let entry = promise.entry();
    let folded = election.apply(entry);
    folded.map_err(|rejection| bad(format_args!("entry {} breaks a rule: {rejection}", entry.index)))
}
