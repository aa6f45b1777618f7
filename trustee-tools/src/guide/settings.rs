//! What the guide remembers of where a trustee's election is (CER-40): addresses and file names, no secret.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Name of the file, in the folder where the guide is called.
pub const FILE: &str = "vitrine-trustee.toml";

/// The most bytes of such a file.
pub const MAXIMUM_SETTINGS: u64 = 64 * 1024;

/// The file's content. Paths are relative to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address of the board.
    pub board: Option<String>,
    /// Election fingerprint.
    pub election: Option<String>,
    /// The keystore.
    pub keystore: Option<PathBuf>,
    /// A witness policy to demand in place of the manifest's.
    pub policy: Option<PathBuf>,
    /// Folder of the memory.
    pub state: Option<PathBuf>,
    /// Certificates that vouch for an https address.
    pub ca_file: Option<PathBuf>,
}

impl Settings {
    /// Reads the text of a file in this folder.
    ///
    /// # Errors
    /// What is not TOML, or names something else, with its place.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, toml::de::Error> {
        let Self { board, election, keystore, policy, state, ca_file } = toml::from_str(text)?;
        let at = |path: PathBuf| folder.join(path);
        Ok(Self {
            board,
            election,
            keystore: keystore.map(at),
            policy: policy.map(at),
            state: state.map(at),
            ca_file: ca_file.map(at),
        })
    }

    /// The text of a file that holds these.
    pub fn text(&self) -> String {
        let lines = [
            ("board", self.board.clone()),
            ("election", self.election.clone()),
            ("keystore", self.keystore.as_deref().map(|path| path.display().to_string())),
            ("policy", self.policy.as_deref().map(|path| path.display().to_string())),
            ("state", self.state.as_deref().map(|path| path.display().to_string())),
            ("ca_file", self.ca_file.as_deref().map(|path| path.display().to_string())),
        ];
        let said =
            lines.into_iter().filter_map(|(name, value)| Some(format!("{name} = {}\n", toml::Value::from(value?))));
        let head = "# Where `vitrine trustee` finds your election. It holds no secret. The fingerprint was compared when this was written.\n";
        head.to_owned() + &said.collect::<String>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    #[test]
    fn settings_are_read_as_they_were_written() {
        let settings = Settings {
            board: Some("http://127.0.0.1:7878".to_owned()),
            election: Some("ab".repeat(32)),
            keystore: Some(PathBuf::from("a \"strange\"\\name.age")),
            ca_file: Some(PathBuf::from("/etc/ca.pem")),
            ..Settings::default()
        };
        assert_eq!(Settings::parse(&settings.text(), Path::new("")).unwrap(), settings);
        let elsewhere = Settings::parse(&settings.text(), Path::new("usb/town")).unwrap();
        assert_eq!(elsewhere.keystore, Some(PathBuf::from("usb/town/a \"strange\"\\name.age")));
        assert_eq!(elsewhere.ca_file, settings.ca_file);
        let unknown = Settings::parse("passphrase = \"x\"\n", Path::new("")).unwrap_err().to_string();
        assert!(unknown.contains("unknown field `passphrase`"), "{unknown}");
    }

    proptest! {
        #[test]
        fn no_settings_stop_the_reader(text in any::<String>(), value in any::<String>()) {
            let _ = Settings::parse(&text, Path::new(""));
            let settings = Settings { board: Some(value), ..Settings::default() };
            assert_eq!(Settings::parse(&settings.text(), Path::new("")).unwrap(), settings);
        }
    }
}
