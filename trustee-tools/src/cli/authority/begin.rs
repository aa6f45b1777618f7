//! `vitrine authority new` and `check`: a fresh key and election id with the template to fill in, and what a template comes to.

use super::hex;
use crate::{
    cli::{
        CommandError, Streams,
        keys::{NewKeystoreArguments, check_absent, name, write_new},
    },
    definition::{Definition, DefinitionError, MAXIMUM_DEFINITION, Reading},
    files::read_limited,
    secrets::AuthoritySecrets,
    template::{EXAMPLE, MAXIMUM_TEMPLATE, Preview, Template, without_pages},
};
use rand::rngs::OsRng;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// `vitrine authority new`.
#[derive(Debug, clap::Args)]
pub struct New {
    /// The authority's name, as everybody will see it.
    #[arg(long, value_parser = name)]
    name: String,
    #[command(flatten)]
    keystore: NewKeystoreArguments,
    /// Where a template with every field explained is written, to be filled in.
    #[arg(long, value_name = "TOML")]
    template: Option<PathBuf>,
    /// Take name, contests and units of the template from a Ballot Definition in NIST's format (SP 1500-20, JSON).
    #[arg(long, value_name = "JSON", requires = "template")]
    from_ballot_definition: Option<PathBuf>,
    /// Which of the ballot definition's languages is taken.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", requires = "from_ballot_definition")]
    language: String,
    /// The third option of a measure for which the ballot definition has but yes and no.
    #[arg(long, value_name = "WORD", default_value = "Abstain", requires = "from_ballot_definition")]
    abstain: String,
    /// The template asks for no pages for browsers: voting is for programs alone. Without this flag, pages are those that this program carries.
    #[arg(long, requires = "template")]
    no_pages: bool,
}

/// `vitrine authority check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The template.
    #[arg(long, value_name = "TOML")]
    template: PathBuf,
}

#[derive(Serialize)]
struct Begun {
    election_id: String,
    authority_key: String,
    template: Option<PathBuf>,
}

impl New {
    pub(super) fn run(&self, streams: &mut Streams<'_>, carries_pages: bool) -> Result<(), CommandError> {
        // Everything that can be refused is refused before a key is made.
        self.keystore.check_absent()?;
        let template = match &self.template {
            Some(path) if self.no_pages || !carries_pages => Some((path, without_pages(&self.text(path)?))),
            Some(path) => Some((path, self.text(path)?)),
            None => None,
        };
        if template.is_some() && !self.no_pages && !carries_pages {
            streams.warn("this program carries no pages for browsers, so the template asks for none")?;
        }
        let secrets = AuthoritySecrets::generate(&self.name, &mut OsRng)?;
        self.keystore.create(&secrets)?;
        let key = hex(&secrets.official(&mut OsRng)?.signing_key.0);
        let id = secrets.election_id().to_string();
        let mut text = format!(
            "Election id: {id}\nAuthority key: {key}\n\nTrustees and registrars make their keys for this id and hand over their public key \
             files; the board's operator enters the key in the board's configuration. Then: vitrine authority create."
        );
        if let Some((path, template)) = template {
            write_new(path, template.as_bytes())?;
            // What it says now is a proposal; the numbers are told again when the manifest is made.
            let preview = Template::parse(&template).and_then(|template| template.preview());
            let preview = preview.map_err(|fault| CommandError::Template { path: path.clone(), fault })?;
            show(&preview, streams)?;
            text = format!(
                "{text}\n\n{} is the template to fill in; vitrine authority check --template {} tells what it comes to.\n\n{preview}",
                path.display(),
                path.display()
            );
        }
        let begun = Begun { election_id: id, authority_key: key, template: self.template.clone() };
        streams.give(&text, &begun)
    }

    /// The template's text.
    fn text(&self, path: &Path) -> Result<String, CommandError> {
        check_absent(path)?;
        let Some(definition) = &self.from_ballot_definition else { return Ok(EXAMPLE.to_owned()) };
        let refused = |fault| CommandError::Definition { path: definition.clone(), fault: Box::new(fault) };
        let text = read(definition, MAXIMUM_DEFINITION)?;
        let reading = Reading { language: self.language.clone(), abstain: self.abstain.clone() };
        let made = Definition::parse(&text, &reading).and_then(|definition| definition.template());
        made.map_err(|fault: DefinitionError| refused(fault))
    }
}

impl Check {
    /// MAN-33, without keys, board or network.
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let refused = |fault| CommandError::Template { path: self.template.clone(), fault };
        let text = read(&self.template, MAXIMUM_TEMPLATE)?;
        let preview = Template::parse(&text).and_then(|template| template.preview()).map_err(refused)?;
        show(&preview, streams)?;
        streams.give(&preview.to_string(), &preview)
    }
}

/// The warnings of a preview.
pub(super) fn show(preview: &Preview, streams: &mut Streams<'_>) -> Result<(), CommandError> {
    preview.warnings.iter().try_for_each(|warning| streams.warn(warning))
}

/// A text file of at most so many bytes.
fn read(path: &Path, most: usize) -> Result<String, CommandError> {
    let refused = |cause| CommandError::File { path: path.to_owned(), cause };
    let bytes = read_limited(path, u64::try_from(most).unwrap_or(u64::MAX)).map_err(refused)?;
    String::from_utf8(bytes).map_err(|error| refused(std::io::Error::other(error)))
}

#[cfg(test)]
mod tests {
    use crate::{
        cli::tests::{SECRET, run},
        template::EXAMPLE,
    };
    use std::fs;

    /// MAN-32, MAN-33: a template is written once, and tells what it comes to; nothing is made of a definition that is refused.
    #[tokio::test]
    async fn a_new_election_has_a_template_to_fill_in() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        fs::write(at.join("passphrase"), "correct horse battery staple\n").unwrap();
        let new = format!("authority new --name Clerk --keystore @/a.key --weak-seal {SECRET} --template @/a.toml");
        fs::write(at.join("bad.json"), "{\"@type\": \"BallotDefinition.BallotDefinition\"}").unwrap();
        assert_eq!(run(at, &format!("{new} --from-ballot-definition @/bad.json")).await, Err(2));
        assert!(!at.join("a.key").exists() && !at.join("a.toml").exists());
        let begun = run(at, &new).await.unwrap();
        assert!(begun["template"].as_str().unwrap().ends_with("a.toml"));
        assert_eq!(fs::read_to_string(at.join("a.toml")).unwrap(), EXAMPLE);
        let preview = run(at, "authority check --template @/a.toml").await.unwrap();
        assert_eq!((&preview["contests"][0]["slots"], &preview["units"][1]["fits"]), (&3.into(), &true.into()));
        fs::write(at.join("b.toml"), EXAMPLE.replacen("kind = \"choose-one\"", "kind = \"choose-two\"", 1)).unwrap();
        assert_eq!(run(at, "authority check --template @/b.toml").await, Err(2));
        assert_eq!(run(at, &new.replace("a.key", "b.key")).await, Err(5), "a template is never overwritten");
        assert!(!at.join("b.key").exists());
        // MAN-40.
        assert_eq!(preview["pages"], serde_json::json!({ "bundle": null, "boards": null }));
        let without = new.replace("a.key", "c.key").replace("a.toml", "c.toml");
        run(at, &format!("{without} --no-pages")).await.unwrap();
        assert!(!fs::read_to_string(at.join("c.toml")).unwrap().contains("[pages]"));
        assert!(run(at, "authority check --template @/c.toml").await.unwrap()["pages"].is_null());
    }
}
