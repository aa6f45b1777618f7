//! The board's flags and environment: each has its line in the configuration file, by the same name.

use super::Database;
use clap::Args;
use std::path::PathBuf;

/// Flags of the board; a flag wins over its variable of the environment, and that over the file.
#[derive(Args, Clone, Debug, Default)]
pub struct Arguments {
    /// Configuration file (TOML); paths in it are relative to its folder
    #[arg(long, value_name = "FILE", env = "VITRINE_BOARD_CONFIG")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:7878]
    #[arg(long, value_name = "ADDRESS", env = "VITRINE_BOARD_LISTEN")]
    pub listen: Option<String>,
    /// The database: an SQLite file, made if it is not there, or `postgres://user@host/name`; an address with a password only in the file or
    /// in VITRINE_BOARD_DATABASE [default: board.sqlite]
    #[arg(long, value_name = "FILE or URL", value_parser = without_password)]
    pub database: Option<Database>,
    /// The board's name as it is shown [default: the origin prefix]
    #[arg(long, value_name = "TEXT", env = "VITRINE_BOARD_NAME")]
    pub name: Option<String>,
    /// What the names of this board's logs begin with: its public address without scheme, for example board.example.org/vote
    #[arg(long, value_name = "PREFIX", env = "VITRINE_BOARD_ORIGIN_PREFIX")]
    pub origin_prefix: Option<String>,
    /// The board's signing key; made on the first start [default: board.key]
    #[arg(long, value_name = "FILE", env = "VITRINE_BOARD_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// A public signing key of an authority that may hold elections here, in hexadecimal; may be given several times, in the environment
    /// separated by commas
    #[arg(long = "authority", value_name = "KEY", env = "VITRINE_BOARD_AUTHORITIES", value_delimiter = ',')]
    pub authorities: Vec<String>,
    /// Publish every log as static files too: into a folder, or `s3://bucket/prefix`; the store's settings stand in the configuration file
    /// under `[publish]`
    #[arg(long, value_name = "PLACE", env = "VITRINE_BOARD_PUBLISH")]
    pub publish: Option<String>,
    /// Address and port for health, readiness and metrics; for the operator's own machines, not for the public [default: none]
    #[arg(long, value_name = "ADDRESS", env = "VITRINE_BOARD_ADMIN_LISTEN")]
    pub admin_listen: Option<String>,
    /// Certificate chain (PEM), to speak TLS without a proxy; taken up again on SIGHUP
    #[arg(long, value_name = "FILE", env = "VITRINE_BOARD_TLS_CERTIFICATE")]
    pub tls_certificate: Option<PathBuf>,
    /// Private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", env = "VITRINE_BOARD_TLS_KEY")]
    pub tls_key: Option<PathBuf>,
    /// How long, after it was asked to end, the board still takes new connections while it reports that it is not ready [default: 0]
    #[arg(long, value_name = "SECONDS", env = "VITRINE_BOARD_DRAIN")]
    pub drain: Option<u64>,
}

/// BRD-50: everyone on a machine sees the flags of a process.
fn without_password(text: &str) -> Result<Database, String> {
    let database = Database::new(text);
    if database.holds_password() {
        return Err(
            "everyone on this machine would see the password: name the database in the configuration file or in \
                    VITRINE_BOARD_DATABASE"
                .to_owned(),
        );
    }
    Ok(database)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BRD-50: every flag has its variable; the database's is read by hand, because it may hold a password.
    #[test]
    fn every_flag_has_its_variable() {
        let command = Arguments::augment_args(clap::Command::new("board"));
        for flag in command.get_arguments().filter(|flag| flag.get_id() != "database") {
            let variable = format!("VITRINE_BOARD_{}", flag.get_id().as_str().to_uppercase());
            assert_eq!(flag.get_env(), Some(variable.as_ref()), "{flag}");
        }
    }

    /// BRD-50
    #[test]
    fn a_password_is_no_flag() {
        assert!(without_password("postgres://vote@db/vote").is_ok() && without_password("a.sqlite").is_ok());
        let refusal = without_password("postgres://vote:s3cret@db/vote").unwrap_err();
        assert!(refusal.contains("VITRINE_BOARD_DATABASE") && !refusal.contains("s3cret"));
    }
}
