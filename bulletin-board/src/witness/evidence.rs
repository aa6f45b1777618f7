//! What a witness keeps when a log's key has signed two histories (WIT-12, WIT-14): the checkpoints themselves, which convince anyone.

use sha2::{Digest as _, Sha256};
use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};
use tlog::{
    add_checkpoint::{Request, origin_hash},
    merkle::Hash,
};

/// WIT-14: the most findings that are kept. One convinces; whoever holds a log's key could make any number.
const MAX_FINDINGS: usize = 1000;

/// Two checkpoints by one log that cannot stand beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) origin: String,
    /// The one that was remembered: a signed note.
    pub(super) remembered: String,
    /// The one that was found: a signed note.
    pub(super) found: String,
    /// Where the sizes differ: the smaller size, and the proof from another tree of that size to the larger checkpoint.
    pub(super) beginning: Option<Beginning>,
    /// The same as one file for anyone (EVD-1), if the election's manifest is at hand.
    pub(super) evidence: Option<Vec<u8>>,
}

/// The beginning of the larger of two trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Beginning {
    pub(super) size: u64,
    pub(super) root: Hash,
    pub(super) proof: Vec<Hash>,
    /// Whether the tree that was found is the larger.
    pub(super) of_found: bool,
}

/// WIT-14: keeps a finding, each once. Gives its folder; none if there are too many.
pub(super) fn keep(folder: &Path, finding: &Finding) -> io::Result<Option<PathBuf>> {
    let hash = |text: &str| hex::encode(Sha256::digest(text.as_bytes())).chars().take(16).collect::<String>();
    // The roots tell findings apart: a note may be signed again and again, by witnesses too.
    let head = |note: &str| note.split("\n\n").next().unwrap_or_default().to_owned();
    let log: String = origin_hash(&finding.origin).chars().take(16).collect();
    let name = format!("{log}-{}", hash(&(head(&finding.remembered) + "\n\n" + &head(&finding.found))));
    let kept = folder.join(name);
    if kept.exists() {
        return Ok(Some(kept));
    }
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.take(MAX_FINDINGS).count() >= MAX_FINDINGS {
        return Ok(None);
    }
    let mut fresh = kept.clone().into_os_string();
    fresh.push(".new");
    let fresh = PathBuf::from(fresh);
    fs::create_dir_all(&fresh)?;
    write(&fresh.join("remembered.note"), finding.remembered.as_bytes())?;
    write(&fresh.join("found.note"), finding.found.as_bytes())?;
    if let Some(evidence) = &finding.evidence {
        write(&fresh.join("split-view.evidence"), evidence)?;
    }
    if let Some(Beginning { size, root, proof, of_found }) = &finding.beginning {
        let checkpoint = if *of_found { &finding.found } else { &finding.remembered };
        let request = Request { old: *size, proof: proof.clone(), checkpoint: checkpoint.clone() };
        write(&fresh.join("extends-another-root"), format!("{}\n", hex::encode(root)).as_bytes())?;
        write(&fresh.join("extends-another-root.add-checkpoint"), request.encode().as_bytes())?;
    }
    File::open(&fresh)?.sync_all()?;
    fs::rename(&fresh, &kept)?;
    File::open(folder)?.sync_all()?;
    Ok(Some(kept))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WIT-14
    #[test]
    fn a_finding_is_kept_once_and_not_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("evidence");
        let finding = |number: usize| Finding {
            origin: "log.example".to_owned(),
            remembered: "log.example\n5\nx\n\n— a\n".to_owned(),
            found: format!("log.example\n5\n{number}\n\n— a\n"),
            beginning: None,
            evidence: Some(vec![number.to_le_bytes()[0]]),
        };
        let first = keep(&folder, &finding(0)).unwrap().unwrap();
        assert_eq!(fs::read_to_string(first.join("found.note")).unwrap(), finding(0).found);
        assert_eq!(fs::read_to_string(first.join("remembered.note")).unwrap(), finding(0).remembered);
        assert_eq!(fs::read(first.join("split-view.evidence")).unwrap(), [0]);
        let again = Finding { found: finding(0).found + "— b\n", ..finding(0) };
        assert_eq!(keep(&folder, &again).unwrap(), Some(first.clone()));
        let larger = Beginning { size: 3, root: [7; 32], proof: vec![[8; 32]], of_found: true };
        let proved = keep(&folder, &Finding { beginning: Some(larger), ..finding(1) }).unwrap().unwrap();
        let request = fs::read(proved.join("extends-another-root.add-checkpoint")).unwrap();
        assert_eq!(Request::parse(&request).unwrap().checkpoint, finding(1).found);
        for number in 2..MAX_FINDINGS {
            fs::create_dir(folder.join(number.to_string())).unwrap();
        }
        assert_eq!(keep(&folder, &finding(2)).unwrap(), None);
        assert_eq!(keep(&folder, &finding(0)).unwrap(), Some(first));
    }
}
