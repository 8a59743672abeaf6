//! Running other programs from the repository's root, so that a failure names the command
//! to repeat.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().map_or_else(|| own.clone(), Path::to_path_buf)
}

/// Cargo's folder for what it builds.
pub(crate) fn target_dir() -> PathBuf {
    let set = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"].into_iter().find_map(std::env::var_os);
    root().join(set.map_or_else(|| PathBuf::from("target"), PathBuf::from))
}

/// A command that runs at the root, plainly when `CI` is set.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    if std::env::var_os("CI").is_some() {
        command
            .env("CARGO_TERM_PROGRESS_WHEN", "never")
            .env("CARGO_TERM_COLOR", "never")
            .env("NO_COLOR", "1")
            .env("npm_config_progress", "false");
    }
    command
}

/// `cargo` with these words, parted by spaces.
pub(crate) fn cargo(words: &str) -> Command {
    let mut command = command("cargo");
    command.args(words.split_whitespace());
    command
}

/// Runs the command with its output shown.
///
/// # Errors
/// - the program cannot be started;
/// - it ends with anything but success.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    eprintln!("  $ {}", show(command));
    let status = command.status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", show(command));
    }
    Ok(())
}

/// Runs the command and returns what it wrote to stdout.
///
/// # Errors
/// - the program cannot be started;
/// - it ends with anything but success: then with what it wrote to stderr.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| cannot_start(command))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed ({})\n{}", show(command), output.status, said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs the command, shows its stdout line by line and returns the lines.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_and_keep(command: &mut Command) -> Result<Vec<String>> {
    eprintln!("  $ {}", show(command));
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| cannot_start(command))?;
    let stdout = child.stdout.take().context("stdout was piped")?;
    let mut lines = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let line = line.with_context(|| format!("`{}` wrote no text", show(command)))?;
        println!("{line}");
        lines.push(line);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{}` failed ({status})", show(command));
    }
    Ok(lines)
}

/// The first of `names` that is a file in a folder of `PATH`.
pub(crate) fn find_on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |f| f.join(name))).find(|p| p.is_file())
}

/// The command as one would type it, with the variables it sets.
pub(crate) fn show(command: &Command) -> String {
    let quiet = ["CARGO_TERM_PROGRESS_WHEN", "CARGO_TERM_COLOR", "NO_COLOR", "npm_config_progress"];
    let mut words: Vec<String> = Vec::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value
            && !quiet.iter().any(|q| *q == name)
        {
            words.push(format!("{}={}", name.display(), quote(value)));
        }
    }
    words.push(quote(command.get_program()));
    words.extend(command.get_args().map(quote));
    words.join(" ")
}

/// What to say of a program that does not start.
pub(crate) fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`: is it installed and on PATH?", command.get_program().display())
}

fn quote(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "-_=+./:,@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{word}'")
    }
}

/// An empty folder for one test.
#[cfg(test)]
pub(crate) fn test_folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("mercer-xtask-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("Cargo.lock").is_file());
        assert!(root().join("xtask/Cargo.toml").is_file());
    }

    #[test]
    fn a_failure_names_the_command_to_repeat() {
        let mut failing = command("sh");
        failing.env("LEVEL", "a b").args(["-c", "echo why >&2; exit 3"]);
        let said = capture(&mut failing).unwrap_err().to_string();
        assert!(said.contains("`LEVEL='a b' sh -c 'echo why >&2; exit 3'` failed"), "{said}");
        assert!(said.contains("exit status: 3") && said.contains("why"), "{said}");
        assert!(run(&mut failing).is_err());
        assert!(run_and_keep(&mut failing).is_err());
    }

    #[test]
    fn a_missing_program_is_named() {
        let said = format!("{:#}", run(&mut command("no-such-program")).unwrap_err());
        assert!(said.contains("cannot start `no-such-program`"), "{said}");
        assert_eq!(find_on_path(&["no-such-program"]), None);
    }

    #[test]
    fn output_is_kept() {
        assert_eq!(capture(command("echo").arg("one")).unwrap(), "one\n");
        let lines = run_and_keep(command("sh").args(["-c", "echo a; echo b"])).unwrap();
        assert_eq!(lines, ["a", "b"]);
    }
}
