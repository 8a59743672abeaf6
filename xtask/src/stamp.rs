//! "Has anything changed since last time?": a fingerprint of the inputs, kept in a file.
//!
//! A stamp is written after the work is done, so work that was cut short is done again.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use anyhow::{Context as _, Result};

/// A fingerprint in the making. The standard library's hash (64 bits) is enough: it guards
/// against forgetting, not against an attacker.
#[derive(Clone, Default)]
pub(crate) struct Fingerprint {
    hasher: DefaultHasher,
}

impl Fingerprint {
    /// Adds a setting.
    #[must_use]
    pub(crate) fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.hasher);
        self
    }

    /// Adds the bytes of a file.
    ///
    /// # Errors
    /// - the file cannot be read.
    pub(crate) fn file(mut self, path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        bytes.hash(&mut self.hasher);
        Ok(self)
    }

    /// The fingerprint as 16 hexadecimal digits.
    pub(crate) fn finish(&self) -> String {
        format!("{:016x}", self.hasher.finish())
    }
}

/// Whether the stamp at `path` holds `fingerprint`. A stamp that cannot be read holds none.
pub(crate) fn holds(path: &Path, fingerprint: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|held| held.trim() == fingerprint)
}

/// Writes the stamp, with its folder.
///
/// # Errors
/// - the folder or the file cannot be written.
pub(crate) fn write(path: &Path, fingerprint: &str) -> Result<()> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all);
    written
        .and_then(|()| fs::write(path, format!("{fingerprint}\n")))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::test_folder;

    #[test]
    fn every_input_counts_and_so_does_its_border() {
        let print = |a: &str, b: &str| Fingerprint::default().text(a).text(b).finish();
        assert_eq!(print("ab", "c"), print("ab", "c"));
        assert_ne!(print("ab", "c"), print("a", "bc"));
        assert_ne!(print("ab", "c"), print("c", "ab"));
    }

    #[test]
    fn a_changed_file_changes_the_fingerprint() {
        let folder = test_folder("stamp-file");
        let file = folder.join("input");
        let print = || Fingerprint::default().file(&file).map(|print| print.finish());
        assert!(print().unwrap_err().to_string().contains("cannot read"));
        fs::write(&file, "one").unwrap();
        let before = print().unwrap();
        assert_eq!(before, print().unwrap());
        fs::write(&file, "two").unwrap();
        assert_ne!(before, print().unwrap());
    }

    #[test]
    fn a_stamp_holds_only_what_was_written() {
        let path = test_folder("stamp-holds").join("deeper/stamp");
        assert!(!holds(&path, "1f"));
        write(&path, "1f").unwrap();
        assert!(holds(&path, "1f"));
        assert!(!holds(&path, "1e"));
        fs::write(&path, "").unwrap();
        assert!(!holds(&path, "1f"));
    }
}
