//! WEB-1: which compiler there is for WebAssembly: rustup's, or Debian's set of packages with a standard library that is built here.

use crate::{
    command::{self, cargo, program, repository, succeeds},
    requirements,
};
use anyhow::{Context as _, Result, bail};
use std::{
    collections::BTreeMap,
    env,
    fmt::{self, Write as _},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const TARGET: &str = "wasm32-unknown-unknown";

/// Profiles of the workspace's manifest: for what is waited for once and then works, and for what a voter waits for.
pub(super) const FAST: &str = "web";
pub(super) const SMALL: &str = "web-small";

/// Debian's compiler for the web; the linker has the LLVM of that compiler.
const DEBIAN: [&str; 2] = ["/usr/bin/rustc", "/usr/bin/cargo"];
const DEBIAN_LINKER: &str = "lld-22";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

/// A compiler for WebAssembly.
pub(super) enum Compiler {
    /// The toolchain that runs this program has the target.
    Rustup,
    /// Debian's, with a standard library in this folder.
    Debian(PathBuf),
}

impl fmt::Display for Compiler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rustup => formatter.write_str("the active toolchain of rustup"),
            Self::Debian(sysroot) => write!(formatter, "Debian's rustc-web and the library in {}", sysroot.display()),
        }
    }
}

impl Compiler {
    /// Takes rustup's if it has the target, else Debian's.
    pub(super) fn find() -> Result<Self> {
        let rustc = PathBuf::from(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        if has_library(&sysroot(&rustc)?) {
            return Ok(Self::Rustup);
        }
        if let Some(debian) = Self::debian()? {
            return Ok(debian);
        }
        bail!("nothing here compiles for {TARGET}: run `rustup target add {TARGET}`, or on Debian `{}`", install_line())
    }

    /// Debian's set.
    pub(super) fn reference() -> Result<Self> {
        Self::debian()?.with_context(|| format!("Debian's compiler for the web is not here: run `{}`", install_line()))
    }

    /// Debian's set, installed first where that may be done, as in CI.
    pub(super) fn provide() -> Result<Self> {
        if Self::debian()?.is_none() && requirements::may_install() {
            requirements::install(&DEBIAN_PACKAGES)?;
        }
        Self::reference()
    }

    /// WEB-7: what decides the bytes of the modules.
    pub(super) fn versions(&self) -> Result<BTreeMap<String, String>> {
        match self {
            Self::Rustup => {
                let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
                Ok(BTreeMap::from([("rustup".to_owned(), output(program(rustc).arg("-V"))?.trim().to_owned())]))
            }
            Self::Debian(_) => {
                let mut query = program("dpkg-query");
                let lines = output(query.args(["-W", "-f", "${Package}\t${Version}\n"]).args(DEBIAN_PACKAGES))?;
                let pairs = lines.lines().filter_map(|line| line.split_once('\t'));
                Ok(pairs.map(|(name, version)| (name.to_owned(), version.to_owned())).collect())
            }
        }
    }

    /// Debian's set, if it is whole.
    fn debian() -> Result<Option<Self>> {
        let [rustc, cargo] = DEBIAN.map(PathBuf::from);
        if !rustc.is_file()
            || !cargo.is_file()
            || !succeeds(program(DEBIAN_LINKER).args(["-flavor", "wasm", "--version"]))
        {
            return Ok(None);
        }
        let source = sysroot(&rustc)?.join("lib/rustlib/src/rust/library");
        if !source.is_dir() {
            return Ok(None);
        }
        // cargo does not notice another library at the same place: its folder is named by its compiler.
        let version = output(program(&rustc).arg("-vV"))?;
        let word = |name: &str| {
            version.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("unknown").trim().to_owned()
        };
        let folder = repository().join(format!("target/web-sysroot/{}-{}", word("release:"), word("commit-hash:")));
        if !has_library(&folder) {
            build_library(&rustc, &cargo, &source, &folder)?;
        }
        Ok(Some(Self::Debian(folder)))
    }

    /// Builds a crate and gives the module's file.
    pub(super) fn build(&self, package: &str, profile: &str, library: &str) -> Result<PathBuf> {
        let folder = repository().join("target/web-build");
        let arguments =
            ["build", "--locked", "--profile", profile, "--target", TARGET, "--package", package, "--target-dir"];
        let mut build = match self {
            Self::Rustup => cargo(arguments),
            Self::Debian(_) => {
                let mut build = program(DEBIAN[1]);
                build.args(arguments).env("RUSTC", DEBIAN[0]).env_remove("RUSTUP_TOOLCHAIN");
                build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER);
                build
            }
        };
        // Bytes do not depend on where they are made (WEB-3).
        let mut flags = remap(&[(repository(), "/src"), (cargo_home()?, "/cargo")]);
        if let Self::Debian(sysroot) = self {
            write!(flags, " --sysroot {}", sysroot.display())?;
        }
        if profile == SMALL {
            // Without it, even what is compiled for size takes a copy of every small function (decision 0042).
            flags.push_str(" -C llvm-args=-inline-threshold=0");
        }
        build.arg(&folder).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
        command::run(&mut build)?;
        Ok(folder.join(TARGET).join(profile).join(format!("{library}.wasm")))
    }
}

fn install_line() -> String {
    format!("apt-get install --no-install-recommends {}", DEBIAN_PACKAGES.join(" "))
}

/// Where a compiler has its libraries.
fn sysroot(rustc: &Path) -> Result<PathBuf> {
    Ok(PathBuf::from(output(program(rustc).args(["--print", "sysroot"]))?.trim()))
}

fn has_library(sysroot: &Path) -> bool {
    let folder = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    fs::read_dir(folder).is_ok_and(|files| {
        files.flatten().any(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}

/// Builds the standard library from the source that Debian packages for exactly this compiler, by building an empty crate with it.
fn build_library(rustc: &Path, cargo: &Path, source: &Path, folder: &Path) -> Result<()> {
    let work = folder.with_extension("work");
    fs::create_dir_all(work.join("shim/src"))?;
    fs::write(work.join("shim/src/lib.rs"), "")?;
    let manifest = "[package]\nname = \"sysroot-shim\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n";
    fs::write(work.join("shim/Cargo.toml"), manifest)?;
    let real = fs::canonicalize(source)?;
    let library = [
        (real, "/rustc/library"),
        (source.to_path_buf(), "/rustc/library"),
        (work.clone(), "/w"),
        (cargo_home()?, "/cargo"),
    ];
    let mut build = Command::new(cargo);
    build.current_dir(work.join("shim")).env("RUSTC", rustc).env("RUSTC_BOOTSTRAP", "1").env_remove("RUSTUP_TOOLCHAIN");
    // Without bitcode, link-time optimisation of what uses the library can fail.
    build.env("RUSTFLAGS", format!("-C embed-bitcode=yes {}", remap(&library)));
    build.args([
        "build",
        "--release",
        "-Z",
        "build-std=std,panic_abort",
        "-Z",
        "build-std-features=",
        "--target",
        TARGET,
        "--target-dir",
    ]);
    command::run(build.arg(work.join("target")))?;
    let place = folder.join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&place)?;
    for file in fs::read_dir(work.join("target").join(TARGET).join("release/deps"))? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libsysroot_shim-") {
            fs::copy(file.path(), place.join(name))?;
        }
    }
    fs::remove_dir_all(&work).with_context(|| format!("cannot clear {}", work.display()))
}

/// `--remap-path-prefix` for each folder.
fn remap(folders: &[(PathBuf, &str)]) -> String {
    let flags = folders.iter().map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()));
    flags.collect::<Vec<_>>().join(" ")
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    Ok(env::home_dir().context("no home folder: set CARGO_HOME")?.join(".cargo"))
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().context("a compiler cannot be started")?;
    if !output.status.success() {
        bail!("{} does not answer", command.get_program().to_string_lossy());
    }
    Ok(String::from_utf8(output.stdout)?)
}
