//! How to go on by hand with what the demo left.

use super::{ORIGIN, folder::DemoFolder, summary::Summary};
use std::{fmt::Write as _, path::Path};

/// Where the demo's board can be started again.
const AGAIN: &str = "127.0.0.1:7878";

impl Summary {
    /// Commands that work as they stand, in the folder where the demo was started.
    pub(super) fn by_hand(&self, board: &str, to: &mut String) -> std::fmt::Result {
        let folder = &self.folder;
        let vitrine = program();
        let serving = self.try_out.is_some();
        let address = if serving { board.to_owned() } else { format!("http://{AGAIN}") };
        writeln!(to, "\nBY HAND")?;
        writeln!(to, "  F={}", self.fingerprint)?;
        writeln!(
            to,
            "The record, checked again, as anybody can who has a copy; the forged copy; and the page with bar charts:"
        )?;
        writeln!(to, "  {vitrine} verify {} --expect $F", quoted(&folder.record()))?;
        writeln!(to, "  {vitrine} verify {} --expect $F", quoted(&folder.tampered()))?;
        writeln!(to, "  {}", quoted(&folder.report()))?;
        if serving {
            writeln!(to, "The board goes on serving until you press Ctrl-C. Its record, from outside:")?;
        } else {
            writeln!(to, "The board, started again, and from another terminal its record:")?;
            writeln!(
                to,
                "  {vitrine} board --listen {AGAIN} --origin-prefix {ORIGIN} --database {} --key-file {}",
                quoted(&folder.database()),
                quoted(&folder.board_key())
            )?;
        }
        writeln!(to, "  {vitrine} verify {address}/e/$F --expect $F")?;
        writeln!(to, "  {vitrine} authority status --board {address} --election $F")?;
        if let Some((voter, tracker)) = self.turnout.receipts.first() {
            let receipt = ballot_client::folder::Folder::of(&folder.voter(*voter), &self.fingerprint);
            let receipt = receipt.path().join(format!("{tracker}.tlog-proof"));
            writeln!(
                to,
                "Voter {voter} looks the ballot up by its tracker, and shows a receipt for it without asking anybody:"
            )?;
            writeln!(to, "  {vitrine} ballot find {tracker} --board {address} --election $F")?;
            writeln!(to, "  {vitrine} ballot receipt {} --election $F", quoted(&receipt))?;
        }
        let keys = DemoFolder::passphrase(folder);
        writeln!(
            to,
            "The officials' keystores lie beside {}; that file, and a seal made weak to save time, make them fit for a demo only.",
            quoted(&keys)
        )?;
        writeln!(to, "A whole election of your own, command by command: \"By hand\" in README.md.")?;
        match &self.try_out {
            Some(try_out) => try_out.write(&self.fingerprint, &vitrine, to),
            None => Ok(()),
        }
    }
}

/// This program, as it was called.
fn program() -> String {
    let called = std::env::args_os().next();
    called.map_or_else(|| "vitrine".to_owned(), |name| quoted(Path::new(&name)))
}

/// A path as a shell reads it.
pub(super) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |character: char| character.is_alphanumeric() || "/._-+:@,".contains(character);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_can_be_pasted_into_a_shell() {
        assert_eq!(quoted(Path::new("a/b-1.html")), "a/b-1.html");
        assert_eq!(quoted(Path::new("my files/$HOME")), "'my files/$HOME'");
        assert_eq!(quoted(Path::new("it's")), r"'it'\''s'");
        assert_eq!(quoted(Path::new("")), "''");
    }
}
