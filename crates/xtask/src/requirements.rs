//! What the tests need besides Rust: found, installed where that takes nothing away, or named all at once.

use crate::command::{self, program, repository, succeeds};
use anyhow::{Context as _, Result, bail};
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// What the second verifier needs of Python: its standard library only.
const PYTHON: &str = "import sys, argparse, hashlib, json, pathlib, struct, subprocess, tempfile, unicodedata; \
     hashlib.sha3_256, hashlib.sha3_512, hashlib.shake_128; sys.exit(sys.version_info < (3, 9))";

/// The S3-compatible server of the publishing tests.
const MOTO: &str = "moto[server]>=5,<6";

/// The browsers, unless a variable names another.
const CHROMIUM: &str = "/usr/bin/chromium";
const FIREFOX: &str = "/usr/bin/firefox-esr";

/// Fails where no font has Chinese characters.
const FONT: &str = "fc-list :lang=zh | grep -q .";

/// Something a test starts.
struct Need {
    what: &'static str,
    found: fn() -> bool,
    /// Debian's packages.
    packages: &'static [&'static str],
}

const NEEDS: [Need; 9] = [
    Need {
        what: "python3, 3.9 or newer with its whole standard library (the second verifier)",
        found: || succeeds(program("python3").args(["-c", PYTHON])),
        packages: &["python3", "python3-venv"],
    },
    Need {
        what: "a C compiler (SQLite is compiled in)",
        found: || succeeds(program(env::var_os("CC").unwrap_or_else(|| "cc".into())).arg("--version")),
        packages: &["gcc", "libc6-dev"],
    },
    Need {
        what: "Go with the library golang.org/x/mod as Debian packages it (an independent checker of our logs)",
        found: || {
            succeeds(program("go").arg("version")) && Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb").is_dir()
        },
        packages: &["golang-go", "golang-golang-x-mod-dev"],
    },
    Need {
        what: "a PostgreSQL server (the tests start one of their own)",
        found: || succeeds(program("postgres").arg("--version")) || packaged_postgresql(),
        packages: &["postgresql"],
    },
    Need {
        what: "Node.js 20 or newer, with npm (the pages are TypeScript)",
        found: || {
            succeeds(program("node").args(["-e", "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)"]))
                && succeeds(program("npm").arg("--version"))
        },
        packages: &["nodejs", "npm"],
    },
    Need {
        what: "Chromium, and a font with Chinese characters (the pages are tested in it)",
        found: || is_program("VITRINE_CHROMIUM", CHROMIUM) && succeeds(program("sh").args(["-c", FONT])),
        packages: &["chromium", "fonts-noto-cjk", "fontconfig"],
    },
    Need {
        what: "Firefox ESR (the pages' main path is tested in it)",
        found: || is_program("VITRINE_FIREFOX", FIREFOX),
        packages: &["firefox-esr"],
    },
    Need {
        what: "strace (it kills a board, or fails its writes, at every single step)",
        found: || succeeds(program("strace").arg("--version")),
        packages: &["strace"],
    },
    Need {
        what: "setpriv (PostgreSQL does not run as root)",
        found: || succeeds(program("setpriv").arg("--version")),
        packages: &["util-linux"],
    },
];

fn is_program(variable: &str, usual: &str) -> bool {
    succeeds(program(env::var_os(variable).unwrap_or_else(|| usual.into())).arg("--version"))
}

/// Where Debian puts the server.
fn packaged_postgresql() -> bool {
    fs::read_dir("/usr/lib/postgresql")
        .is_ok_and(|versions| versions.flatten().any(|version| version.path().join("bin/postgres").is_file()))
}

/// Sees to everything, and gives the search path that the tests need if it is another one. Where this is Debian and we are root, as in CI, packages are
/// installed; Python's go into a folder of their own under `target`. Elsewhere everything that is missing is named at once.
pub(crate) fn provide() -> Result<Option<OsString>> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.found)()).collect();
    if !missing.is_empty() && may_install() {
        install(&missing.iter().flat_map(|need| need.packages).copied().collect::<Vec<_>>())?;
    }
    let missing: Vec<String> = NEEDS
        .iter()
        .filter(|need| !(need.found)())
        .map(|need| format!("{}; on Debian: apt-get install {}", need.what, need.packages.join(" ")))
        .collect();
    if !missing.is_empty() {
        bail!("the tests need what this machine lacks:\n  - {}", missing.join("\n  - "));
    }
    moto()
}

/// Installs Debian's packages.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    command::run(program("apt-get").args(["update", "--quiet", "--quiet"]))?;
    let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
    command::run(program("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(install).args(packages))
}

pub(crate) fn may_install() -> bool {
    succeeds(program("sh").args(["-c", "test \"$(id -u)\" = 0 && command -v apt-get"]))
}

/// The S3 server, from PyPI unless it is there.
fn moto() -> Result<Option<OsString>> {
    if succeeds(program("python3").args(["-c", "import moto.server"])) {
        return Ok(None);
    }
    let folder = repository().join("target/test-python");
    let binaries = folder.join("bin");
    if !succeeds(program(binaries.join("python3")).args(["-c", "import moto.server"])) {
        command::run(program("python3").args(["-m", "venv"]).arg(&folder))?;
        let install = ["-m", "pip", "install", "--quiet", MOTO];
        command::run(program(binaries.join("python3")).args(install))
            .with_context(|| format!("the tests of publishing need an S3-compatible server: pip install '{MOTO}'"))?;
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let paths: Vec<PathBuf> = [binaries].into_iter().chain(env::split_paths(&path)).collect();
    Ok(Some(env::join_paths(paths)?))
}
