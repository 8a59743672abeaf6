//! Node, and the development tools from npm.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use super::report;
use crate::process::{capture, command, find_on_path, root, run};
use crate::stamp::{self, Fingerprint};

const OLDEST_MAJOR: u32 = 20;

/// Makes sure of Node and of the packages in `package-lock.json`.
///
/// # Errors
/// - Node or npm is missing, or Node is too old;
/// - `npm ci` fails.
pub(crate) fn ensure() -> Result<()> {
    let version = capture(command("node").arg("--version"))
        .with_context(|| format!("install Node {OLDEST_MAJOR} or newer from https://nodejs.org"))?;
    check_version(version.trim())?;
    report("node", version.trim());
    ensure_packages("npm packages", &root())
}

/// Makes sure of the runtimes and bundlers that the packed package is tried in. They are many
/// and large, so they have a folder of their own, and nothing but those tests needs them.
///
/// # Errors
/// - npm is missing, or `npm ci` fails.
pub(crate) fn ensure_runtimes() -> Result<()> {
    ensure_packages("runtimes", &root().join("tests/packaging"))
}

/// Installs what the lock file of `folder` names, if that has changed.
fn ensure_packages(title: &str, folder: &Path) -> Result<()> {
    let stamp = folder.join("node_modules/.mercer-stamp");
    let print = fingerprint(folder)?;
    if !stamp::holds(&stamp, &print) {
        report(title, "out of date; installing what package-lock.json names");
        ensure!(find_on_path(&["npm"]).is_some(), "npm, which comes with Node, is not on PATH");
        let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        run(command("npm").args(words).current_dir(folder))?;
        stamp::write(&stamp, &print)?;
    }
    report(title, "as in package-lock.json");
    Ok(())
}

/// A command-line tool that an npm package brought.
///
/// # Errors
/// - the package is not installed.
pub(crate) fn tool(name: &str) -> Result<PathBuf> {
    let path = root().join("node_modules/.bin").join(name);
    ensure!(path.is_file(), "{} is missing; run `cargo xtask setup`", path.display());
    Ok(path)
}

fn fingerprint(folder: &Path) -> Result<String> {
    let print = Fingerprint::default().file(&folder.join("package.json"))?;
    Ok(print.file(&folder.join("package-lock.json"))?.finish())
}

fn check_version(version: &str) -> Result<()> {
    let major = version.strip_prefix('v').and_then(|rest| rest.split('.').next());
    match major.and_then(|major| major.parse::<u32>().ok()) {
        Some(major) if major >= OLDEST_MAJOR => Ok(()),
        Some(_) => bail!(
            "Node {version} is too old: version {OLDEST_MAJOR} or newer is needed, see \
             https://nodejs.org"
        ),
        None => bail!("`node --version` answered `{version}`, which is no version"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_must_be_new_enough() {
        for version in ["v20.0.0", "v22.11.0", "v100.1.2"] {
            assert!(check_version(version).is_ok(), "{version}");
        }
        for version in ["v18.20.4", "v8.0.0"] {
            let said = check_version(version).unwrap_err().to_string();
            assert!(said.contains("too old") && said.contains("nodejs.org"), "{said}");
        }
        for version in ["", "20.1.0", "vX.1"] {
            assert!(check_version(version).unwrap_err().to_string().contains("no version"));
        }
    }
}
