//! The same attacks over HTTP, on a running board.

use super::{bad_for_the_first, complaint_at, confirm, ephemeral};
use crate::{running::prepared, trustees::dealings};
use board_api::{BoardClient, ClientError};
use protocol::{
    Author, Body, Submission,
    body::Complaint,
    election::{Departure, Stage},
    ids::ElectionFingerprint,
};
use vitrine_tests::drill::place;

/// The rule in the board's answer.
async fn answer(board: &BoardClient, f: &ElectionFingerprint, submission: &Submission) -> String {
    match board.submit(f, submission).await {
        Err(ClientError::Refused(problem)) => problem.rule,
        other => panic!("this should have been refused: {other:?}"),
    }
}

/// THR-74 to THR-76: the board refuses by the rule that the fold names, records nothing of it, and comes to the verdict on what it records.
#[tokio::test]
async fn attacks_on_a_running_board() {
    let (running, mut drill) = prepared(3).await;
    let f = drill.election.fingerprint();
    let mut parts = dealings(&mut drill);
    let unlike = parts[2].clone();
    bad_for_the_first(&mut drill, &mut parts);
    for (who, part) in (1..).zip(&parts) {
        drill.commit(who, std::slice::from_ref(part)).unwrap();
    }
    running.record(&mut drill).await;
    let submission = drill.by_trustee(3, &unlike);
    assert_eq!(answer(&running.client, &f, &submission).await, "CER-3");
    for who in 1..=3 {
        let submission = drill.by_trustee(who, &parts[place(who)]);
        drill.apply(submission).unwrap();
    }
    running.record(&mut drill).await;

    let own = ephemeral(&drill, 3, 0, 1);
    let right = complaint_at(&mut drill, (1, 3, 0), own);
    let foreign = ephemeral(&drill, 1, 0, 2);
    let elsewhere = complaint_at(&mut drill, (3, 1, 0), foreign);
    let itself = complaint_at(&mut drill, (3, 3, 0), own);
    let mut unproved = right.clone();
    unproved.proof[70] ^= 1;
    let complaints: [(u32, Complaint, &str); 4] =
        [(1, unproved, "CER-6"), (3, elsewhere, "CER-6"), (2, right.clone(), "CER-6"), (3, itself, "CER-5")];
    for (who, complaint, rule) in complaints {
        let submission = drill.by_trustee(who, &Body::Complaint(complaint));
        assert_eq!(answer(&running.client, &f, &submission).await, rule);
    }
    // In trustee 2's name, by trustee 3.
    let body = Body::Complaint(complaint_at(&mut drill, (2, 1, 0), foreign));
    let stolen = drill.by_trustee(3, &body);
    let name = Author::Trustee(2).encode();
    let forged = Submission::from_parts(name, stolen.body_bytes().to_vec(), stolen.signature_bytes().to_vec());
    assert_eq!(answer(&running.client, &f, &forged).await, "ENT-5");

    let submission = drill.by_trustee(1, &Body::Complaint(right));
    drill.apply(submission).unwrap();
    running.record(&mut drill).await;
    let again = drill.complaint(1, 3);
    let submission = drill.by_trustee(1, &again);
    assert_eq!(answer(&running.client, &f, &submission).await, "CER-5");
    confirm(&mut drill, &[1, 2, 3]);
    running.record(&mut drill).await;
    let late = drill.complaint(2, 1);
    let submission = drill.by_trustee(2, &late);
    assert_eq!(answer(&running.client, &f, &submission).await, "CER-1");
    // The drill's election is now what the board's own entries give.
    let ceremony = drill.election.ceremony();
    assert_eq!(ceremony.departures().iter().collect::<Vec<_>>(), [(&3, &(Stage::Check, Departure::BadDealing))]);
    assert_eq!(drill.election.joint_key().unwrap().qualified, [1, 2]);
    running.stop().await;
}
