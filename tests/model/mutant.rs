//! Rules gone wrong on purpose: each must give a counterexample, or the check could not find what it looks for.
//!
//! No rule of the fold is changed for it. A mutant stands between the record and the fold: it answers for the table, or hands the fold
//! something else than was sent.

/// Which rule is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// None.
    None,
    /// CER-12: the accused leaves, whatever is in the box.
    AccuserBelieved,
    /// CER-12: the accuser leaves, whatever is in the box.
    DealerBelieved,
    /// CER-12: one of two readers believes the accuser, the other the box.
    OwnEyes,
    /// CER-8: time evidence is not looked at.
    AnyTime,
    /// CER-1: a second commitment takes the place of the first.
    SecondCommitment,
    /// CER-13: a stage waits for everybody, for ever.
    EndlessStage,
}
