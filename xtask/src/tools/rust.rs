//! The wasm32 target and wasm-bindgen's command-line tools.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::report;
use crate::lockfile;
use crate::process::{capture, cargo, command, find_on_path, root, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the pinned Rust can compile for wasm32.
///
/// # Errors
/// - the target is missing and rustup is not there to add it, or fails.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    if !has_wasm_target()? {
        report("wasm target", "missing; adding it with rustup");
        if find_on_path(&["rustup"]).is_none() {
            bail!(
                "this Rust cannot compile for {TARGET} and rustup is not there to add it: \
                 install Rust from https://rustup.rs, or the target from where this Rust came"
            );
        }
        run(command("rustup").args(["target", "add", TARGET]))?;
    }
    report("wasm target", TARGET);
    Ok(())
}

fn has_wasm_target() -> Result<bool> {
    let mut ask = command("rustc");
    let folder = capture(ask.args(["--print", "target-libdir", "--target", TARGET]))?;
    Ok(Path::new(folder.trim()).is_dir())
}

/// wasm-bindgen's tools, all of one version.
pub(crate) struct WasmBindgen {
    folder: PathBuf,
}

impl WasmBindgen {
    /// The tools of the version in `Cargo.lock`, on `PATH` or in the cache.
    ///
    /// # Errors
    /// - `Cargo.lock` cannot be read or does not pin one version;
    /// - the tools of this version are in neither place.
    pub(crate) fn find() -> Result<Self> {
        let version = pinned_version()?;
        Self::of_version(&version)?.with_context(|| {
            format!("wasm-bindgen {version} is not installed; run `cargo xtask setup`")
        })
    }

    fn of_version(version: &str) -> Result<Option<Self>> {
        let on_path = find_on_path(&["wasm-bindgen"]).and_then(|p| p.parent().map(PathBuf::from));
        let cached = cache_folder(version)?.join("bin");
        let mut places = on_path.into_iter().chain([cached]).map(|folder| Self { folder });
        Ok(places.find(|tools| tools.is_version(version)))
    }

    fn is_version(&self, version: &str) -> bool {
        let said = capture(command(self.cli()).arg("--version"));
        self.test_runner().is_file()
            && said.is_ok_and(|said| said.split_whitespace().nth(1) == Some(version))
    }

    /// Turns a compiled module into one with JavaScript glue.
    pub(crate) fn cli(&self) -> PathBuf {
        self.folder.join("wasm-bindgen")
    }

    /// Runs compiled wasm tests in Node or a browser.
    pub(crate) fn test_runner(&self) -> PathBuf {
        self.folder.join("wasm-bindgen-test-runner")
    }
}

/// Makes sure of wasm-bindgen's tools; compiling them takes minutes, so they are kept in the
/// user's cache, where `cargo clean` does not reach.
///
/// # Errors
/// - `Cargo.lock` does not pin one version;
/// - the tools do not compile, or the registry cannot be reached.
pub(crate) fn ensure_wasm_bindgen() -> Result<()> {
    let version = pinned_version()?;
    if WasmBindgen::of_version(&version)?.is_none() {
        report("wasm-bindgen", "missing; compiling it, which takes a few minutes once");
        install(&version)?;
    }
    let tools = WasmBindgen::find()?;
    report("wasm-bindgen", &format!("{version} in {}", tools.folder.display()));
    Ok(())
}

fn install(version: &str) -> Result<()> {
    // Lightly optimised: the tools run for a second and compile in half the time.
    // Without --locked: the lock file they come with names a crate that was withdrawn.
    let mut install = cargo("install wasm-bindgen-cli --version");
    install
        .arg(version)
        .arg("--root")
        .arg(cache_folder(version)?)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    run(&mut install)
}

fn pinned_version() -> Result<String> {
    let path = root().join("Cargo.lock");
    let lock =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    lockfile::version_of(&lock, "wasm-bindgen").map(str::to_owned)
}

fn cache_folder(version: &str) -> Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .context("neither XDG_CACHE_HOME nor HOME is set: where may tools be kept?")?;
    Ok(cache.join(format!("mercer/wasm-bindgen-{version}")))
}
