//! Reads a policy line by line (LOG-25 to LOG-27).

use std::collections::BTreeSet;

use super::{Group, Log, MAX_DEFINITIONS, MAX_POLICY_BYTES, Member, Policy, PolicyError, PolicyFault, Witness};
use crate::{
    note::{Algorithm, VerifierKey},
    text::decimal,
};

pub(super) fn parse(bytes: &[u8]) -> Result<Policy, PolicyError> {
    let whole = |fault| PolicyError { line: 0, fault };
    if bytes.len() > MAX_POLICY_BYTES {
        return Err(whole(PolicyFault::TooLong));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| whole(PolicyFault::NotUtf8))?;
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(whole(PolicyFault::NoFinalNewline));
    }
    let mut reader = Reader::default();
    for (place, line) in text.split_terminator('\n').enumerate() {
        reader.read_line(line).map_err(|fault| PolicyError { line: place + 1, fault })?;
    }
    reader.finish().map_err(whole)
}

#[derive(Default)]
struct Reader {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Option<Option<Member>>,
    taken: Taken,
}

impl Reader {
    fn read_line(&mut self, line: &str) -> Result<(), PolicyFault> {
        if line.bytes().any(|byte| (byte < 0x20 && byte != b'\t') || byte == 0x7f) {
            return Err(PolicyFault::ControlCharacter);
        }
        // Only space and tab separate; other Unicode white space is part of a name or comment.
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", key] => self.log(key, None),
            ["log", key, url] => self.log(key, Some(url)),
            ["witness", name, key] => self.witness(name, key, None),
            ["witness", name, key, url] => self.witness(name, key, Some(url)),
            ["group", name, threshold, members @ ..] if !members.is_empty() => self.group(name, threshold, members),
            ["quorum", name] => self.quorum(name),
            ["log" | "witness" | "group" | "quorum", ..] => Err(PolicyFault::WordCount),
            _ => Err(PolicyFault::UnknownKeyword),
        }
    }

    /// LOG-27, as [`Reader::witness`]: keys of the right type, each once.
    fn log(&mut self, key: &str, url: Option<&str>) -> Result<(), PolicyFault> {
        let key = key_of(key, Algorithm::Ed25519)?;
        if !self.taken.log_keys.insert(key.public_key()) {
            return Err(PolicyFault::DuplicateKey);
        }
        let url = url.map(str::to_owned);
        push(&mut self.logs, Log { key, url })
    }

    fn witness(&mut self, name: &str, key: &str, url: Option<&str>) -> Result<(), PolicyFault> {
        self.free(name)?;
        let key = key_of(key, Algorithm::Cosignature)?;
        if !self.taken.witness_keys.insert(key.public_key()) {
            return Err(PolicyFault::DuplicateKey);
        }
        let witness = Witness { name: name.to_owned(), key, url: url.map(str::to_owned) };
        push(&mut self.witnesses, witness)
    }

    fn group(&mut self, name: &str, threshold: &str, names: &[&str]) -> Result<(), PolicyFault> {
        self.free(name)?;
        let threshold = match threshold {
            "any" => 1,
            "all" => names.len(),
            number => decimal(number)
                .and_then(|number| usize::try_from(number).ok())
                .filter(|number| (1..=names.len()).contains(number))
                .ok_or(PolicyFault::Threshold)?,
        };
        let mut members = Vec::new();
        for name in names {
            let member = self.defined(name).ok_or(PolicyFault::UndefinedName)?;
            // LOG-26: each witness counts in one way only.
            if !self.taken.members.insert(member) {
                return Err(PolicyFault::MemberTwice);
            }
            members.push(member);
        }
        let group = Group { name: name.to_owned(), threshold, members };
        push(&mut self.groups, group)
    }

    fn quorum(&mut self, name: &str) -> Result<(), PolicyFault> {
        if self.quorum.is_some() {
            return Err(PolicyFault::SecondQuorum);
        }
        self.quorum = Some(match name {
            "none" => None,
            name => Some(self.defined(name).ok_or(PolicyFault::UndefinedName)?),
        });
        Ok(())
    }

    fn finish(self) -> Result<Policy, PolicyFault> {
        Ok(Policy {
            logs: self.logs,
            witnesses: self.witnesses,
            groups: self.groups,
            quorum: self.quorum.ok_or(PolicyFault::NoQuorum)?,
        })
    }

    fn free(&self, name: &str) -> Result<(), PolicyFault> {
        if name == "none" || self.defined(name).is_some() {
            return Err(PolicyFault::DuplicateName);
        }
        Ok(())
    }

    fn defined(&self, name: &str) -> Option<Member> {
        let witness = self.witnesses.iter().position(|witness| witness.name == name);
        let group = self.groups.iter().position(|group| group.name == name);
        witness.map(Member::Witness).or(group.map(Member::Group))
    }
}

fn push<T>(list: &mut Vec<T>, item: T) -> Result<(), PolicyFault> {
    if list.len() >= MAX_DEFINITIONS {
        return Err(PolicyFault::TooMany);
    }
    list.push(item);
    Ok(())
}

/// The public keys and names a policy has used up while it is read.
#[derive(Default)]
struct Taken {
    log_keys: BTreeSet<[u8; 32]>,
    witness_keys: BTreeSet<[u8; 32]>,
    members: BTreeSet<Member>,
}

/// A key of the type its role demands.
fn key_of(text: &str, algorithm: Algorithm) -> Result<VerifierKey, PolicyFault> {
    let key: VerifierKey = text.parse()?;
    if key.algorithm() == algorithm { Ok(key) } else { Err(PolicyFault::KeyType) }
}
