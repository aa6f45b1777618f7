//! What the witness policy bears (VER-31): the manifest's, which an authority chose, or the reader's own.

use protocol::Manifest;
use serde::Serialize;
use tlog::policy::Policy;

/// What a policy asks for and bears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyFacts {
    /// Whether the reader gave it.
    pub own: bool,
    /// Its witnesses.
    pub witnesses: usize,
    /// The fewest cosignatures that can meet it.
    pub fewest: usize,
    /// The fewest dishonest witnesses with which two histories could both meet it.
    pub splitting: usize,
    /// The fewest witnesses whose loss keeps it from being met.
    pub blocking: usize,
    /// Whether it bears less than it should (MAN-15).
    pub weak: bool,
    /// All of it in words.
    pub text: String,
}

/// None where nobody need cosign: for the manifest's policy a waiver says so already.
pub(super) fn facts(manifest: &Manifest, own: Option<&Policy>) -> Option<PolicyFacts> {
    let policy = match own {
        Some(policy) => policy.clone(),
        // The fold has read it (MAN-10).
        None => Policy::parse(manifest.policy.as_bytes()).ok()?,
    };
    let own = own.is_some();
    if policy.quorum().is_none() {
        let text = "by the policy that you gave, nobody but the board need attest this record.".to_owned();
        let witnesses = policy.witnesses().len();
        let none = PolicyFacts { own, witnesses, fewest: 0, splitting: 0, blocking: 0, weak: true, text };
        return own.then_some(none);
    }
    let strength = policy.strength();
    let (witnesses, fewest) = (policy.witnesses().len(), policy.fewest_cosignatures());
    let weak = !strength.safe || strength.blocking == 1;
    let whose = if own { "by the policy that you gave, and not by the manifest's" } else { "by the manifest's policy" };
    let judgement = if weak { " That is weak." } else { "" };
    let text = format!(
        "{whose}, at least {fewest} of {witnesses} witnesses cosign. {} of them must be dishonest for two histories to pass, and {} lost for none to \
         be final.{judgement}",
        strength.splitting, strength.blocking
    );
    Some(PolicyFacts { own, witnesses, fewest, splitting: strength.splitting, blocking: strength.blocking, weak, text })
}
