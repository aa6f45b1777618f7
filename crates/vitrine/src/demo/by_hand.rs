//! How to do again by hand what the demo did.

use super::summary::Summary;
use std::fmt::Write as _;

impl Summary {
    /// Commands that work on what the demo left.
    pub(super) fn by_hand(&self, board: &str, serving: bool, to: &mut String) -> std::fmt::Result {
        let (folder, fingerprint) = (&self.folder, self.fingerprint);
        writeln!(to, "\nBY HAND")?;
        writeln!(to, "  vitrine verify {} --expect {fingerprint}", folder.record().display())?;
        writeln!(to, "  vitrine verify {} --expect {fingerprint}", folder.tampered().display())?;
        if serving {
            writeln!(to, "\nThe board goes on serving at {board}/e/{fingerprint}/ until you press Ctrl-C:")?;
            writeln!(to, "  vitrine verify {board}/e/{fingerprint} --expect {fingerprint}")?;
        }
        Ok(())
    }
}
