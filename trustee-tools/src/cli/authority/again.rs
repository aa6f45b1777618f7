//! `vitrine authority again`: a new election from an old one's manifest, in one step (MAN-17).

use super::{hex, minute};
use crate::{
    cli::{
        CommandError, Streams,
        keys::{NewKeystoreArguments, check_absent, write_new},
        now,
        place::ReadingArguments,
    },
    guide::wording::utc,
    secrets::AuthoritySecrets,
    template::{self, Changes},
};
use protocol::{
    Manifest,
    ids::{ElectionId, Minutes},
};
use rand::rngs::OsRng;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// `vitrine authority again`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("times").required(true).args(["shift", "from"])))]
pub struct AgainArguments {
    #[command(flatten)]
    place: ReadingArguments,
    #[command(flatten)]
    keystore: NewKeystoreArguments,
    /// Where the new template is written.
    #[arg(long, value_name = "TOML")]
    template: PathBuf,
    /// All times come this much later, such as 14d or 36h.
    #[arg(long, value_name = "SPAN")]
    shift: Option<String>,
    /// When the first stage of the new ceremony is overdue; all other times keep their distance from it.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// The new election's name, if it is another.
    #[arg(long)]
    title: Option<String>,
    /// The authority's name, if it is another.
    #[arg(long)]
    name: Option<String>,
    /// Number of a trustee that is left out. May be given several times.
    #[arg(long, value_name = "NUMBER")]
    without: Vec<u32>,
    /// Name of a new trustee. May be given several times.
    #[arg(long, value_name = "NAME")]
    add: Vec<String>,
    /// k, how many trustees decrypt, if it changes.
    #[arg(long, value_name = "K")]
    threshold: Option<u32>,
    /// q, how many trustees must get through the ceremony, if it changes.
    #[arg(long, value_name = "Q")]
    quorum: Option<u32>,
    /// Numbers that need the waiver `threshold` are wanted all the same.
    #[arg(long)]
    waive_threshold: bool,
}

/// What an official does next.
#[derive(Serialize)]
struct Command {
    who: String,
    command: String,
}

#[derive(Serialize)]
struct BegunAgain {
    election_id: String,
    authority_key: String,
    template: PathBuf,
    commands: Vec<Command>,
}

impl AgainArguments {
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        // Everything that can be refused is refused before a key is made.
        self.keystore.check_absent()?;
        check_absent(&self.template)?;
        let election = self.place.read(streams).await?.witnessed()?.election;
        let manifest = election.manifest();
        let again = template::Again::of(manifest, &self.changes(manifest)?)
            .map_err(|fault| CommandError::NoTemplate(Box::new(fault)))??;
        let text = format!(
            "# Made by `vitrine authority again` from the election\n# {}.\n# `vitrine authority example` explains every line.\n\n{}",
            election.fingerprint(),
            again.template.text()?
        );
        let advice = crate::guide::advice::on_numbers(
            again.template.threshold,
            again.template.quorum.unwrap_or(0),
            count(&again.trustees),
        );
        for advice in advice {
            streams.warn(&advice)?;
        }
        let name = self.name.as_deref().unwrap_or(&manifest.authority.name);
        let secrets = AuthoritySecrets::generate(name, &mut OsRng)?;
        self.keystore.create(&secrets)?;
        write_new(&self.template, text.as_bytes())?;
        let key = hex(&secrets.official(&mut OsRng)?.signing_key.0);
        let id = secrets.election_id();
        let commands = self.commands(&again, &id, &key);
        let mut said = format!(
            "A new election with fresh keys for everybody; nothing of the old one is used again.\nElection id: {id}\nAuthority key: {key}\n"
        );
        for Command { who, command } in &commands {
            said.push_str(&format!("\n{who}:\n  {command}\n"));
        }
        let template = self.template.clone();
        streams.give(&said, &BegunAgain { election_id: id.to_string(), authority_key: key, template, commands })
    }

    fn changes(&self, manifest: &Manifest) -> Result<Changes, CommandError> {
        let first = manifest.stage_deadlines.first().copied().unwrap_or(0);
        let commit = match (&self.shift, &self.from) {
            (Some(span), _) => first.saturating_add(minutes(span)?),
            (None, Some(time)) => minute(time)?,
            // The arguments' parser demands one of them.
            (None, None) => first,
        };
        if commit <= now() {
            return Err(CommandError::Past(utc(commit)));
        }
        Ok(Changes {
            title: self.title.clone(),
            without: self.without.clone(),
            add: self.add.clone(),
            threshold: self.threshold,
            quorum: self.quorum,
            waive_threshold: self.waive_threshold,
            commit,
        })
    }

    /// What each official runs now, in this order.
    fn commands(&self, again: &template::Again, id: &ElectionId, key: &str) -> Vec<Command> {
        let board = quoted(self.place.address().unwrap_or("BOARD"));
        let mut commands = vec![Command {
            who: "The board's operator lets the new key begin elections, in the board's configuration or by".to_owned(),
            command: format!("vitrine board --authority {key} (with its other options)"),
        }];
        let roles = [("trustee", &again.trustees), ("registrar", &again.registrars)];
        for (role, names) in roles {
            for (index, name) in (1u32..).zip(names) {
                commands.push(Command {
                    who: format!("{} {index}, {name}, makes fresh keys and gives {role}-{index}.json to the authority", capital(role)),
                    command: format!(
                        "vitrine {role} keys --election-id {id} --index {index} --name {} --keystore {role}-{index}.age --public {role}-{index}.json",
                        quoted(name)
                    ),
                });
            }
        }
        commands.push(Command {
            who: "The authority, with all these files beside the template, begins the election and publishes its fingerprint F".to_owned(),
            command: format!(
                "vitrine authority create --template {} --board {board} --keystore {}",
                path(&self.template),
                path(self.keystore.path())
            ),
        });
        commands.push(Command {
            who: "Each trustee, who compared F, is guided through the ceremony by".to_owned(),
            command: format!("vitrine trustee --board {board} --election F --keystore YOURS"),
        });
        commands
    }
}

fn count(names: &[String]) -> u32 {
    u32::try_from(names.len()).unwrap_or(u32::MAX)
}

fn capital(role: &str) -> &'static str {
    if role == "trustee" { "Trustee" } else { "Registrar" }
}

fn path(path: &Path) -> String {
    quoted(&path.display().to_string())
}

/// A word of a shell's line.
fn quoted(word: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./:=@%+".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// `1d12h30m` in minutes.
fn minutes(span: &str) -> Result<Minutes, CommandError> {
    let refused = || CommandError::Span(span.to_owned());
    let mut total: Minutes = 0;
    let mut rest = span;
    while !rest.is_empty() {
        let end = rest.find(|character: char| !character.is_ascii_digit()).ok_or_else(refused)?;
        let (number, tail) = rest.split_at_checked(end).ok_or_else(refused)?;
        let mut characters = tail.chars();
        let factor = match characters.next() {
            Some('d') => 24 * 60,
            Some('h') => 60,
            Some('m') => 1,
            _ => return Err(refused()),
        };
        let number: Minutes = number.parse().map_err(|_| refused())?;
        let added = number.checked_mul(factor).and_then(|added| total.checked_add(added));
        total = added.ok_or_else(refused)?;
        rest = characters.as_str();
    }
    if total == 0 { Err(refused()) } else { Ok(total) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    #[test]
    fn spans_and_words() {
        for (span, expected) in [("14d", 20_160), ("36h", 2160), ("1d12h30m", 2190), ("5m", 5)] {
            assert_eq!(minutes(span).unwrap(), expected);
        }
        for wrong in ["", "0d", "d", "5", "5x", "-1d", "99999999999999999999d", "18446744073709551615d", "1dd", "ä"] {
            assert!(minutes(wrong).is_err(), "{wrong}");
        }
        assert_eq!([quoted("a/b.age"), quoted("Bo O'Hara"), quoted("")], ["a/b.age", "'Bo O'\\''Hara'", "''"]);
    }

    proptest! {
        #[test]
        fn no_span_stops_the_reader(text in any::<String>()) {
            let _ = minutes(&text);
        }
    }
}
