//! Every rule of the fold, with the refusal that answers it. The sentences are in `specs/`; the test `spec_links` ties them together.

use std::fmt;

/// What the rule asked for and what was found instead; public data only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What the rule asks for.
    pub expected: String,
    /// What was there.
    pub found: String,
}

impl Finding {
    /// Pairs the two.
    pub fn new(expected: impl fmt::Display, found: impl fmt::Display) -> Self {
        Self { expected: expected.to_string(), found: found.to_string() }
    }
}

macro_rules! rules {
    ($($rule:ident $id:literal $misdeed:ident $text:literal),* $(,)?) => {
        /// The identifier of a rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule { $(#[doc = $text] $rule),* }

        impl Rule {
            /// Every rule, in the order of the specs.
            pub const ALL: &'static [Rule] = &[$(Rule::$rule),*];

            /// The identifier as the specs print it.
            pub fn id(self) -> &'static str {
                match self { $(Rule::$rule => $id),* }
            }
        }

        /// Why a submission or entry is refused: one variant per rule, named as the misdeed.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Rejection { $(#[doc = $text] $misdeed(Finding)),* }

        impl Rejection {
            /// The rule that was broken.
            pub fn rule(&self) -> Rule {
                match self { $(Rejection::$misdeed(_) => Rule::$rule),* }
            }

            /// What was expected and found.
            pub fn finding(&self) -> &Finding {
                match self { $(Rejection::$misdeed(finding) => finding),* }
            }

            /// The misdeed in words.
            pub fn text(&self) -> &'static str {
                match self { $(Rejection::$misdeed(_) => $text),* }
            }
        }
    };
}

rules! {
    Enc1 "ENC-1" NotCanonical "the bytes are not the canonical encoding",
    Enc2 "ENC-2" Oversized "the body is too long",
    Enc3 "ENC-3" BadText "a text is empty, too long, not NFC or holds control characters",
    Ent1 "ENT-1" WrongIndex "the entry does not have the next index",
    Ent2 "ENT-2" BrokenChain "the entry does not name the hash of the one before it",
    Ent3 "ENT-3" TimeRunsBackwards "the entry's time is before that of the one before it",
    Ent4 "ENT-4" WrongAuthor "this author may not send this body",
    Ent5 "ENT-5" BadSignature "the signature does not verify",
    Ent6 "ENT-6" AlreadyEntered "this submission is already in the log",
    Ent7 "ENT-7" WrongPhase "this body has no place in the present phase",
    Man1 "MAN-1" ManifestMisplaced "the manifest is entry 0 and only there",
    Man2 "MAN-2" UnknownSuite "the manifest names a suite or sealing that this program does not know",
    Man3 "MAN-3" BadThreshold "the numbers of trustees do not satisfy 1 <= k <= q <= n <= 32",
    Man4 "MAN-4" BadOfficialKey "an official's key is not proved, not canonical or not their own",
    Man5 "MAN-5" BadContest "a contest is not well formed",
    Man6 "MAN-6" BadUnit "a unit is not well formed",
    Man7 "MAN-7" TotalsTooLarge "totals could reach 2^40",
    Man8 "MAN-8" BallotTooLong "a ballot style with its audit opening does not fit an entry",
    Man9 "MAN-9" BadTimes "the times are not in order",
    Man10 "MAN-10" BadLog "the log's origin, keys or witness policy are not well formed",
    Man11 "MAN-11" WaiverMissing "a choice that weakens the election lacks its recorded waiver, or a waiver stands without need",
    Man12 "MAN-12" BadRollSize "the roll's length or largest weight is out of range",
    Man14 "MAN-14" EvidenceTooLong "a checkpoint with the lines of all witnesses does not fit time evidence",
    Man20 "MAN-20" BadTerms "the terms of a contest are out of range, or stand though they are the default",
    Man21 "MAN-21" BadNumbers "the numbers of a contest's kind are out of range",
    Man22 "MAN-22" BadParts "the lists or questions of a contest do not divide its options",
    Man41 "MAN-41" BadPages "the addresses of the pages' boards are not well formed, too many, or not different",
    Rol1 "ROL-1" WrongChunk "the chunk is not one the roll still lacks, or has a wrong number of rows",
    Rol2 "ROL-2" BadRow "a roll row names an unknown unit or a weight out of range",
    Rol3 "ROL-3" CredentialUnproved "the possession of the credential keys is not proved",
    Rol4 "ROL-4" RegistrarsDisagree "a row's unit or weight differs from another registrar's",
    Rol5 "ROL-5" BadCredentialKey "a combined credential key is the identity or occurs twice",
    Rol6 "ROL-6" ReplacementNotAllowed "the manifest allows no replacement of credentials",
    Rol7 "ROL-7" BadReplacement "the replacement has a wrong index or round, or this registrar posted it already",
    Rol8 "ROL-8" CredentialUsed "the credential to be replaced has a ballot in the record",
    Cer1 "CER-1" OutOfStage "the ceremony is not at this step for this trustee",
    Cer2 "CER-2" WrongPartCount "the dealing commitment does not list one hash for each part",
    Cer3 "CER-3" DealingDiffers "the dealing part is not the one its dealer committed to",
    Cer4 "CER-4" BadDealing "the dealing part is not well formed or not proved",
    Cer5 "CER-5" BadComplaint "the complaint names nobody it may name, or was made already",
    Cer6 "CER-6" ComplaintUnproved "the complaint's proof does not verify",
    Cer7 "CER-7" WrongConfirmation "the confirmation does not cover what this trustee saw and said",
    Cer8 "CER-8" StageNotOverdue "the ceremony stage cannot be ended",
    Cer9 "CER-9" BadRehearsal "the rehearsal does not show a working key share",
    Cer10 "CER-10" TooManyRehearsals "the trustee has rehearsed 16 times",
    Ret2 "RET-2" WrongRetirement "the retirement does not name the joint key of the record, or none where there is none",
    Opn1 "OPN-1" NotReady "the roll or the ceremony is not complete",
    Opn2 "OPN-2" WrongOpening "the opening does not name the joint key, the roll and the active trustees of the record",
    Bal1 "BAL-1" UnknownCredential "the credential is not on the roll, or was replaced",
    Bal2 "BAL-2" ForeignOpening "the ballot was sealed for another opening",
    Bal3 "BAL-3" WrongContests "the ballot does not hold exactly the contests of its style, each of its exact length",
    Bal4 "BAL-4" InvalidSelection "the proof that a contest is filled in within the rules does not verify",
    Bal5 "BAL-5" NotNextInChain "the ballot is not the next of this credential's chain",
    Bal6 "BAL-6" NoRevote "the credential may cast no further ballot",
    Bal7 "BAL-7" RepeatedCiphertext "a sealed contest occurs in the record already",
    Aud1 "AUD-1" NotASealedBallot "the audited bytes are not a ballot of this election",
    Aud2 "AUD-2" OpeningDiffers "the opening does not give the sealed contest",
    Aud3 "AUD-3" TooManyAudits "the credential has published five audits",
    Ext1 "EXT-1" BadExtension "the new closing time is not later, or past the latest allowed",
    Ovr1 "OVR-1" OverrideNotAllowed "the manifest allows no overrides",
    Ovr2 "OVR-2" BadOverride "the override names no row of the roll, or one that has an override",
    Ovr3 "OVR-3" Overridden "the row has an override: its voter votes in person",
    Clo1 "CLO-1" WrongCount "the closing does not name the counted ballots of the record",
    Clo2 "CLO-2" BadTimeEvidence "the time evidence does not show that the time has come",
    Tal1 "TAL-1" NothingToDecrypt "there is nothing of this contest and group to decrypt, or not by this trustee",
    Tal2 "TAL-2" WrongPartialCount "the partial decryption does not hold one point for each slot",
    Tal3 "TAL-3" PartialRepeated "this trustee's partial decryption is recorded already",
    Tal4 "TAL-4" TooFewPartials "fewer than k right partial decryptions are recorded",
    Tal5 "TAL-5" WrongResult "the totals do not follow from the record",
    Tal6 "TAL-6" ResultRepeated "this result is recorded already",
    Con1 "CON-1" BadContinuation "the continuation does not name this log's origin, size and root, or its new key is not well formed",
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { expected, found } = self.finding();
        write!(formatter, "{}: {} (expected {expected}; found {found})", self.rule().id(), self.text())
    }
}
impl std::error::Error for Rejection {}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

/// Builds a [`Rejection`]: the misdeed, what was expected, what was found.
macro_rules! refuse {
    ($misdeed:ident, $expected:expr, $found:expr $(,)?) => {
        $crate::rule::Rejection::$misdeed($crate::rule::Finding::new($expected, $found))
    };
}
pub(crate) use refuse;

/// Returns the [`Rejection`] unless the condition holds.
macro_rules! demand {
    ($condition:expr, $misdeed:ident, $expected:expr, $found:expr $(,)?) => {
        if !$condition {
            return Err($crate::rule::refuse!($misdeed, $expected, $found));
        }
    };
}
pub(crate) use demand;
