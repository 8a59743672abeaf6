//! The one question asked of `Cargo.lock`: which version of a package is pinned?

use anyhow::{Result, bail};

/// The version of `package` in the text of a `Cargo.lock`.
///
/// # Errors
/// - the lock file does not name the package;
/// - it names several versions of it.
pub(crate) fn version_of<'a>(lock: &'a str, package: &str) -> Result<&'a str> {
    let mut versions = lock
        .split("[[package]]")
        .filter(|entry| field(entry, "name") == Some(package))
        .filter_map(|entry| field(entry, "version"));
    match (versions.next(), versions.next()) {
        (Some(version), None) => Ok(version),
        (None, _) => bail!("Cargo.lock does not name `{package}`; run `cargo update -p {package}`"),
        (Some(one), Some(other)) => {
            bail!("Cargo.lock names `{package}` twice ({one} and {other}); one version is needed")
        }
    }
}

fn field<'a>(entry: &'a str, key: &str) -> Option<&'a str> {
    entry.lines().find_map(|line| {
        let value = line.strip_prefix(key)?.strip_prefix(" = \"")?;
        value.strip_suffix('"')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "wasm-bindgen-macro",
]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.129"

[[package]]
name = "twice"
version = "1.0.0"

[[package]]
name = "twice"
version = "2.0.0"
"#;

    #[test]
    fn finds_the_package_of_exactly_that_name() {
        assert_eq!(version_of(LOCK, "wasm-bindgen").unwrap(), "0.2.130");
        assert_eq!(version_of(LOCK, "wasm-bindgen-macro").unwrap(), "0.2.129");
    }

    #[test]
    fn a_missing_or_ambiguous_package_is_an_error() {
        let missing = version_of(LOCK, "wasm").unwrap_err().to_string();
        assert!(missing.contains("does not name `wasm`"), "{missing}");
        let twice = version_of(LOCK, "twice").unwrap_err().to_string();
        assert!(twice.contains("1.0.0 and 2.0.0"), "{twice}");
    }

    #[test]
    fn reads_the_lock_file_of_this_workspace() {
        let lock = std::fs::read_to_string(crate::process::root().join("Cargo.lock")).unwrap();
        assert!(version_of(&lock, "wasm-bindgen").unwrap().starts_with("0."));
    }
}
