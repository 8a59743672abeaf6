//! The browsers that tests run in.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::report;
use crate::process::{capture, command, find_on_path, run};

/// A program that must be on `PATH` or in one of [`LIBRARIES`] under one of its names, and the
/// variable that points to it elsewhere. `tests/browser/harness.mjs` reads the same variables.
struct Program {
    title: &'static str,
    variable: &'static str,
    names: &'static [&'static str],
}

const PROGRAMS: [Program; 6] = [
    Program {
        title: "chromium",
        variable: "MERCER_CHROMIUM",
        names: &["chromium", "chromium-browser", "google-chrome"],
    },
    Program { title: "chromedriver", variable: "CHROMEDRIVER", names: &["chromedriver"] },
    Program { title: "firefox", variable: "MERCER_FIREFOX", names: &["firefox-esr", "firefox"] },
    Program { title: "webkit", variable: "MERCER_WEBKIT", names: &["MiniBrowser"] },
    Program {
        title: "webkit driver",
        variable: "MERCER_WEBKIT_DRIVER",
        names: &["WebKitWebDriver"],
    },
    // WebKit has no headless mode.
    Program { title: "xvfb", variable: "MERCER_XVFB", names: &["Xvfb"] },
];

/// Where Debian and its kin keep what is on nobody's `PATH`.
const LIBRARIES: [&str; 2] =
    ["/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1", "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1"];

const INSTALL: &str = "apt-get update && \
                       apt-get install -y --no-install-recommends chromium chromium-driver \
                       firefox-esr webkit2gtk-driver xvfb";

/// Makes sure of Chromium, Firefox, `WebKit` and their drivers; installs them from the distribution
/// where this user may.
///
/// # Errors
/// - one is missing and this user may not install it, or the installation fails.
pub(crate) fn ensure() -> Result<()> {
    let missing = missing();
    if !missing.is_empty() {
        report("browsers", &format!("missing: {}; installing", missing.join(", ")));
        install(&missing)?;
    }
    for program in &PROGRAMS {
        report(program.title, &program.find()?.display().to_string());
    }
    Ok(())
}

/// Where `ChromeDriver` is.
///
/// # Errors
/// - it is not installed.
pub(crate) fn chromedriver() -> Result<PathBuf> {
    PROGRAMS[1].find()
}

impl Program {
    fn find(&self) -> Result<PathBuf> {
        let set = std::env::var_os(self.variable).filter(|value| !value.is_empty());
        match set.map(PathBuf::from) {
            Some(path) if path.is_file() => Ok(path),
            Some(path) => bail!("{} is {}: no such file", self.variable, path.display()),
            None => find_on_path(self.names)
                .or_else(|| self.find_in_libraries())
                .with_context(|| self.how_to_install()),
        }
    }

    fn find_in_libraries(&self) -> Option<PathBuf> {
        let folders = LIBRARIES.iter().map(Path::new);
        let mut paths = folders.flat_map(|folder| self.names.iter().map(|name| folder.join(name)));
        paths.find(|path| path.is_file())
    }

    fn how_to_install(&self) -> String {
        format!(
            "{} is not installed, and tests need it. On Debian and Ubuntu, as root:\n    \
             {INSTALL}\nElsewhere install it your way; {} may hold its path.",
            self.title, self.variable
        )
    }
}

fn missing() -> Vec<&'static str> {
    PROGRAMS.iter().filter(|p| p.find().is_err()).map(|p| p.title).collect()
}

fn install(missing: &[&str]) -> Result<()> {
    let Some(mut shell) = privileged_shell() else {
        bail!(
            "{} not installed, tests need it, and this user may not install it. \
             On Debian and Ubuntu, as root:\n    {INSTALL}",
            missing.join(", ")
        );
    };
    run(shell.args(["sh", "-c", INSTALL]).env("DEBIAN_FRONTEND", "noninteractive"))
}

/// `env` as root, where apt-get exists and no password has to be asked for.
fn privileged_shell() -> Option<std::process::Command> {
    find_on_path(&["apt-get"])?;
    let user = capture(command("id").arg("-u")).ok()?;
    if user.trim() == "0" {
        return Some(command("env"));
    }
    capture(command("sudo").args(["-n", "true"])).ok()?;
    let mut sudo = command("sudo");
    sudo.args(["-n", "env"]);
    Some(sudo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_browser_is_an_error_with_the_command() {
        let program = Program {
            title: "netscape",
            variable: "MERCER_TEST_NEVER_SET",
            names: &["netscape-navigator"],
        };
        let said = program.find().unwrap_err().to_string();
        assert!(said.contains("netscape is not installed"), "{said}");
        assert!(said.contains("apt-get install -y --no-install-recommends chromium"), "{said}");
    }

    #[test]
    fn a_variable_that_points_nowhere_is_an_error() {
        // PATH is always set and never one file.
        let program = Program { title: "sh", variable: "PATH", names: &["sh"] };
        assert!(program.find().unwrap_err().to_string().contains("no such file"));
    }
}
