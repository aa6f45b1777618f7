//! Says that the pages are compiled in: a file that is new in the bundle counts, too.

#[allow(clippy::print_stdout, reason = "cargo reads it there")]
fn main() {
    println!("cargo::rerun-if-changed=../web/dist");
}
