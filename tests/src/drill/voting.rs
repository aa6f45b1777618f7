//! Opening, ballots, closing and tally of a [`Drill`].

use crypto::{
    SecretScalar,
    discrete_log::Table,
    selection_proof::{self, ContestOpening, SelectionContext},
};
use protocol::{
    Body, Rejection, Selection, Submission,
    body::{Ballot, Closing, Opening, Override, PartialDecryption, ResultBody, Retirement},
    election::GroupStatus,
};

use super::{Drill, place};

impl Drill {
    /// The opening body of the present record.
    pub fn opening(&self) -> Body {
        Body::Opening(Opening {
            joint_key: self.election.joint_key().unwrap().fingerprint,
            roll: self.election.roll().fingerprint().unwrap(),
            active: self.election.ceremony().active(),
        })
    }

    /// Posts the opening.
    pub fn open(&mut self) {
        let body = self.opening();
        let submission = self.by_authority(&body);
        self.apply(submission).unwrap();
    }

    /// Seals a ballot for a voter as the next of its chain.
    pub fn seal(&mut self, voter: usize, selections: &[Selection]) -> (Ballot, Vec<ContestOpening>) {
        let credential = self.credentials[voter].public();
        let state = self.election.credential(&credential).unwrap();
        let (sequence, previous) = (state.sequence + 1, state.previous);
        let opening = self.election.opening().unwrap();
        let mut contests = Vec::new();
        let mut openings = Vec::new();
        for ((index, contest, relation), selection) in self.election.style(state.unit).zip(selections) {
            let context = SelectionContext {
                election: self.election.fingerprint().0,
                opening: opening.0,
                joint_key: self.election.joint_key().unwrap().fingerprint.0,
                contest: index.into(),
                credential,
                sequence,
                previous: previous.0,
            };
            let witness = contest.witness(selection).unwrap();
            let (sealed, opened) =
                selection_proof::seal(relation, self.election.bases(), &context, &witness, &mut self.rng).unwrap();
            contests.push(sealed.as_bytes().to_vec().into());
            openings.push(opened);
        }
        (Ballot { opening, sequence, previous, contests }, openings)
    }

    /// Seals and casts.
    pub fn cast(&mut self, voter: usize, selections: &[Selection]) -> Result<u64, Rejection> {
        let (ballot, _) = self.seal(voter, selections);
        let submission = self.by_voter(voter, &Body::Ballot(ballot));
        self.apply(submission)
    }

    /// An override of a voter's row.
    pub fn override_of(&self, voter: usize, reason: &str) -> Body {
        Body::Override(Override { index: u32::try_from(voter).unwrap(), reason: reason.into() })
    }

    /// Posts an override of a voter's row.
    pub fn override_row(&mut self, voter: usize, reason: &str) -> Result<u64, Rejection> {
        let submission = self.by_authority(&self.override_of(voter, reason));
        self.apply(submission)
    }

    /// The closing body of the present record.
    pub fn closing(&self) -> Body {
        Body::Closing(Closing { counted: self.election.count().fingerprint, evidence: Vec::new().into() })
    }

    /// Posts the closing and settles.
    pub fn close(&mut self) {
        let body = self.closing();
        let submission = self.by_authority(&body);
        self.apply(submission).unwrap();
        let counted = self.election.counted_positions();
        let ballots = counted.iter().map(|position| &self.entries[usize::try_from(*position).unwrap()]);
        let sums = self.election.sum(ballots).unwrap();
        self.election.settle(sums).unwrap();
    }

    /// A trustee's partial decryption of one contest and tally group.
    pub fn partial(&mut self, trustee: u32, contest: u32, group: u32) -> Body {
        let joint_key = self.election.joint_key().unwrap();
        let slots = self.election.manifest().contest(contest).unwrap().slots();
        let context = crypto::decryption::DecryptionContext {
            election: self.election.fingerprint().0,
            closing: self.election.closing().unwrap().0,
            joint_key: joint_key.fingerprint.0,
            contest: contest.into(),
            group: group.into(),
            trustee: trustee.into(),
        };
        let aggregate = self.election.groups(contest)[usize::try_from(group).unwrap()].aggregate().unwrap();
        let shares: Vec<&SecretScalar> = self.trustees[place(trustee)].key_shares[..slots].iter().collect();
        let shares_public = &joint_key.shares(trustee)[..slots];
        let partial =
            crypto::decryption::decrypt(&context, &shares, shares_public, &aggregate.z(), &mut self.rng).unwrap();
        let proof = *partial.proof.as_bytes();
        Body::PartialDecryption(PartialDecryption { contest, group, partials: partial.points, proof })
    }

    /// The open tally groups, as (contest, group).
    pub fn open_groups(&self) -> Vec<(u32, u32)> {
        let contests = 0..u32::try_from(self.election.manifest().contests.len()).unwrap();
        contests
            .flat_map(|contest| {
                (0u32..).zip(self.election.groups(contest)).map(move |(group, state)| (contest, group, state))
            })
            .filter(|(_, _, state)| state.status == GroupStatus::Open)
            .map(|(contest, group, _)| (contest, group))
            .collect()
    }

    /// The totals that the recorded partial decryptions give.
    pub fn result(&self, contest: u32, group: u32) -> Body {
        let bound = self.election.slot_bound(contest, 0);
        let table = Table::new(bound).unwrap();
        let points = self.election.total_points(contest, group).unwrap();
        let totals = points.iter().map(|point| table.solve(point, bound).unwrap()).collect();
        Body::Result(ResultBody { contest, group, totals })
    }

    /// The last k trustees decrypt every open group; anyone posts the results.
    pub fn tally(&mut self) {
        let (k, _, n) = self.options.trustees;
        for (contest, group) in self.open_groups() {
            for trustee in n - k + 1..=n {
                let body = self.partial(trustee, contest, group);
                let submission = self.by_trustee(trustee, &body);
                self.apply(submission).unwrap();
            }
            let body = self.result(contest, group);
            self.apply(Submission::anonymous(body.encode())).unwrap();
        }
    }

    /// What a trustee says when it has destroyed its secrets.
    pub fn retirement(&self) -> Body {
        Body::Retirement(Retirement { joint_key: self.election.joint_key().map(|key| key.fingerprint) })
    }

    /// Posts a trustee's retirement.
    pub fn retire(&mut self, trustee: u32) -> Result<u64, Rejection> {
        let body = self.retirement();
        let submission = self.by_trustee(trustee, &body);
        self.apply(submission)
    }
}
