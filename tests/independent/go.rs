//! The Go program: built once a run from its one file, against the library that Debian packages.

use crate::Task;
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

/// Where Debian's `golang-*-dev` packages lie.
const PACKAGED: &str = "/usr/share/gocode";

static CHECKER: OnceLock<PathBuf> = OnceLock::new();

/// What the program says: its last line, as success or as failure.
pub(crate) async fn check(task: &Task<'_>) -> Result<String, String> {
    let mut command = Command::new(CHECKER.get_or_init(build));
    command.args(["-log", task.log, "-quorum", &task.quorum.to_string()]);
    command.arg("-earlier").arg(task.earlier).arg("-receipt").arg(task.receipt);
    for witness in task.witnesses {
        command.args(["-witness", witness]);
    }
    command.arg(task.place).env_remove("http_proxy").env_remove("HTTP_PROXY");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match output.status.code() {
        Some(0) if said.starts_with("GOOD: ") => Ok(said),
        Some(1) if said.starts_with("BAD: ") => Err(said),
        _ => panic!("the Go program ended oddly: {output:?}"),
    }
}

fn build() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let program = folder.join("go-checker");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("independent/go/main.go");
    let built = Command::new("go")
        .args(["build", "-o"])
        .args([&program, &source])
        .envs([("GO111MODULE", "off"), ("GOPATH", PACKAGED), ("GOFLAGS", "")])
        .env("GOCACHE", folder.join("go-cache"))
        .output();
    match built {
        Ok(Output { status, .. }) if status.success() => program,
        Ok(output) => panic!(
            "the Go checker does not build; it needs Debian's golang-golang-x-mod-dev: {}",
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => panic!("no Go ({error}); on Debian: apt-get install golang-go golang-golang-x-mod-dev"),
    }
}
