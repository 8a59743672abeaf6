//! `cargo xtask reproducible`: the same commit gives the same module, wherever it is built.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::wasm;
use crate::cli::{Args, Command, Opt};
use crate::process::{capture, cargo, command, root, run as run_program, target_dir};
use crate::tools;

pub(super) const COMMAND: Command = Command {
    name: "reproducible",
    about: "Builds the module twice, in two places, and compares the bytes",
    details: "
Copies what git tracks into two folders of different names and depths, builds the module in
each with a target folder of its own, the second with cargo's home under another name, and
fails where a byte differs. Takes two builds from nothing.
",
    options: &NO_OPTIONS,
    run,
};

const NO_OPTIONS: [Opt; 0] = [];

/// Where the copies lie: of different lengths, because lengths shift what stands behind them.
const PLACES: [&str; 2] = ["a", "some/where/else"];

/// The flags that keep this machine's folders out of what rustc writes: panics name files.
pub(super) fn rustc_flags() -> Result<Vec<String>> {
    let remapped = |(from, to): (PathBuf, &str)| {
        let from = from.to_str().context("a path that is not UTF-8")?;
        Ok(format!("--remap-path-prefix={from}={to}"))
    };
    [(cargo_home()?, "/cargo"), (root(), "/mercer")].into_iter().map(remapped).collect()
}

/// The same as a setting of cargo's, which joins the flags that stand in its file.
pub(super) fn setting() -> Result<String> {
    let flags: Vec<String> =
        rustc_flags()?.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    Ok(format!("target.wasm32-unknown-unknown.rustflags=[{}]", flags.join(",")))
}

/// Refuses a module in which a folder of this machine stands.
///
/// # Errors
/// - it names cargo's home or the repository's folder.
pub(super) fn check(module: &[u8]) -> Result<()> {
    for folder in [cargo_home()?, root()] {
        let name = folder.to_string_lossy().into_owned();
        let stands = module.windows(name.len()).any(|part| part == name.as_bytes());
        ensure!(!stands, "the module names {name}: it differs from machine to machine");
    }
    Ok(())
}

fn cargo_home() -> Result<PathBuf> {
    let set = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    set.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).context("there is no home folder")
}

fn run(_args: &Args) -> Result<()> {
    tools::ensure(&tools::FOR_BUILDING)?;
    let folder = target_dir().join("reproducible");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let homes = [cargo_home()?, other_home(&folder)?];
    let mut modules = Vec::new();
    for (place, home) in PLACES.iter().zip(homes) {
        modules.push(build(&folder.join(place), &home)?);
    }
    let [first, second] = &modules[..] else { unreachable!("two places") };
    let at = first.iter().zip(second).position(|(a, b)| a != b);
    ensure!(first == second, "two builds differ, first at byte {at:?}");
    println!("the same {} bytes from two builds", first.len());
    Ok(())
}

/// Cargo's home under another name, so that its packages are the same and elsewhere.
fn other_home(folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let other = folder.join("home");
    #[cfg(unix)]
    std::os::unix::fs::symlink(cargo_home()?, &other)?;
    #[cfg(not(unix))]
    let other = cargo_home()?;
    Ok(other)
}

/// The module as it ships, built from a copy of what git tracks.
fn build(place: &Path, home: &Path) -> Result<Vec<u8>> {
    let listed = capture(command("git").args(["ls-files", "-z"]))?;
    for file in listed.split('\0').filter(|file| !file.is_empty()) {
        let to = place.join(file);
        fs::create_dir_all(to.parent().context("a file has a folder")?)?;
        fs::copy(root().join(file), &to).with_context(|| format!("cannot copy {file}"))?;
    }
    let mut building = cargo(wasm::COMPILE);
    let remaps = [(home, "/cargo"), (place, "/mercer")];
    let flags = remaps.map(|(from, to)| format!("'--remap-path-prefix={}={to}'", from.display()));
    let setting = format!("target.wasm32-unknown-unknown.rustflags=[{}]", flags.join(","));
    building
        .current_dir(place)
        .env("CARGO_HOME", home)
        .env("CARGO_TARGET_DIR", place.join("target"));
    run_program(building.args(["wasm", "--config"]).arg(setting).args(wasm::LINKING))?;
    let shipped = place.join("shipped");
    let compiled = place.join("target/wasm32-unknown-unknown/wasm/mercer.wasm");
    wasm::generate(&compiled, &shipped, wasm::Simd::Plain)?;
    Ok(fs::read(shipped.join("mercer_bg.wasm"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_that_names_this_machine_is_refused() {
        let name = root().display().to_string();
        let said = check(format!("code{name}/src/lib.rs").as_bytes()).unwrap_err().to_string();
        assert!(said.contains(&name), "{said}");
        check(b"code/mercer/src/lib.rs").unwrap();
    }

    #[test]
    fn the_setting_is_a_list_of_flags() {
        let setting = setting().unwrap();
        assert!(
            setting.starts_with("target.wasm32-unknown-unknown.rustflags=[\"--remap"),
            "{setting}"
        );
        assert_eq!(setting.matches("--remap-path-prefix=").count(), 2);
    }
}
