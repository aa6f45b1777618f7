use super::*;

fn written(text: &str) -> (tempfile::TempDir, Arguments) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.toml");
    std::fs::write(&path, text).unwrap();
    (folder, Arguments { config: Some(path), ..Arguments::default() })
}

#[test]
fn flags_win_over_the_file_whose_paths_are_relative_to_it() {
    let key = "ab".repeat(32);
    let (folder, arguments) = written(&format!(
        "listen = \"[::1]:1\"\ndatabase = \"votes.sqlite\"\norigin_prefix = \"one\"\nauthorities = [\"{key}\"]\n"
    ));
    let config = Config::from_arguments(Arguments { origin_prefix: Some("two".into()), ..arguments }).unwrap();
    assert_eq!(config.listen, "[::1]:1");
    assert_eq!(config.database.to_string(), folder.path().join("votes.sqlite").display().to_string());
    assert_eq!(config.origin_prefix, "two");
    assert_eq!(config.name, "two");
    assert_eq!(config.key_file, PathBuf::from("board.key"));
    assert_eq!(config.authorities, [[0xab; 32]]);
}

/// BRD-50: flag, then environment, then file.
#[test]
fn the_database_comes_from_the_nearest_place() {
    let (_folder, arguments) = written("database = \"file.sqlite\"\norigin_prefix = \"one\"\n");
    let variable = || Some(Zeroizing::new("postgres://vote:s3cret@db/vote".to_owned()));
    let config = Config::assemble(arguments.clone(), variable()).unwrap();
    assert_eq!(config.database.to_string(), "postgres://vote:***@db/vote");
    assert!(!format!("{config:?}").contains("s3cret"));
    let flag = Arguments { database: Some(Database::new("flag.sqlite")), ..arguments };
    assert_eq!(Config::assemble(flag, variable()).unwrap().database.to_string(), "flag.sqlite");
}

#[test]
fn what_cannot_be_a_board_is_refused() {
    let with = |prefix: Option<&str>, authority: &str| {
        Config::from_arguments(Arguments {
            origin_prefix: prefix.map(str::to_owned),
            authorities: vec![authority.to_owned()],
            ..Arguments::default()
        })
    };
    let key = "00".repeat(32);
    assert!(with(Some("board.example/x"), &key).is_ok());
    assert!(matches!(with(None, &key), Err(ConfigError::OriginPrefixMissing)));
    assert!(matches!(with(Some("a b"), &key), Err(ConfigError::OriginPrefix(_))));
    assert!(matches!(with(Some(""), &key), Err(ConfigError::OriginPrefix(_))));
    assert!(matches!(with(Some("a"), "abcd"), Err(ConfigError::Authority(_))));
}

/// BRD-50: a misspelt line is not ignored, and what is wrong is told without the line, which may hold a password.
#[test]
fn a_file_is_taken_to_the_letter() {
    for (text, place) in [
        ("origin_prefix = \"x\"\norigin = \"x\"\n", 2),
        ("database = \"postgres://vote:s3cret@db/vote\" oops\n", 1),
        ("origin_prefix = \"x\"\n\ndatabase = [\"s3cret\"]\n", 3),
    ] {
        let (_folder, arguments) = written(text);
        let refusal = Config::from_arguments(arguments).unwrap_err();
        assert!(matches!(refusal, ConfigError::Malformed { line, .. } if line == place), "{refusal}");
        assert!(!format!("{refusal} {refusal:?}").contains("s3cret"));
    }
}

/// The names that the message about an unknown one lists.
fn known(table: &str) -> Vec<String> {
    let text = if table.is_empty() { "zzz = 1".to_owned() } else { format!("[{table}]\nzzz = 1\n") };
    let message = toml::from_str::<ConfigFile>(&text).err().unwrap().message().to_owned();
    let (_, names) = message.split_once("expected").unwrap_or_else(|| panic!("{table}: {message}"));
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// BRD-50: the example is taken as it stands, and holds every setting there is and no other.
#[test]
fn the_example_lists_every_setting() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("board.example.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let table: toml::Table = toml::from_str(&text).unwrap();
    let mut listed: Vec<&String> = table.keys().collect();
    let mut all = known("");
    assert!(all.len() > 10, "{all:?}");
    listed.sort();
    all.sort();
    assert_eq!(listed, all.iter().collect::<Vec<_>>());
    for (name, value) in &table {
        let Some(section) = value.as_table() else { continue };
        let mut all = known(name);
        let mut listed: Vec<&String> = section.keys().collect();
        listed.sort();
        all.sort();
        assert_eq!(listed, all.iter().collect::<Vec<_>>(), "[{name}]");
    }
    let config = Config::assemble(Arguments { config: Some(path), ..Arguments::default() }, None).unwrap();
    assert_eq!(config.limits, limits::Settings::default(), "the example shows the defaults");
    assert_eq!(config.cosigning, cosigning::Settings::default());
    assert!(config.tls.is_some_and(|tls| tls.certificate.ends_with("bulletin-board/board.pem")));
    assert_eq!((config.drain, config.listen.as_str()), (Duration::ZERO, "127.0.0.1:7878"));
}

/// BRD-50: half of a pair is told, not guessed.
#[test]
fn tls_wants_both_files() {
    let (_folder, arguments) = written("origin_prefix = \"x\"\n[tls]\ncertificate = \"a\"\nkey = \"b\"\n");
    let with = |certificate: Option<&str>, key: Option<&str>| {
        let (tls_certificate, tls_key) = (certificate.map(PathBuf::from), key.map(PathBuf::from));
        Config::assemble(Arguments { tls_certificate, tls_key, ..arguments.clone() }, None)
    };
    assert!(matches!(with(Some("c"), None), Err(ConfigError::HalfOfTls("key"))));
    assert!(matches!(with(None, Some("k")), Err(ConfigError::HalfOfTls("certificate"))));
    assert!(with(Some("c"), Some("k")).unwrap().tls.is_some_and(|tls| tls.key == Path::new("k")));
    assert!(with(None, None).unwrap().tls.is_some_and(|tls| tls.key.ends_with("b") && tls.key != Path::new("b")));
}
