//! `cargo xtask setup`: everything there that the other commands need.

use anyhow::Result;

use crate::cli::{Args, Command, Opt};
use crate::tools::{self, Need};

pub(super) const COMMAND: Command = Command {
    name: "setup",
    about: "Installs what is missing: wasm target, wasm-bindgen, npm packages, browsers",
    details: "
Looks first and installs only what is missing, and says what it does:

  wasm target    with rustup
  wasm-bindgen   the version in Cargo.lock; from PATH, else from the cache folder
                 ($XDG_CACHE_HOME or ~/.cache)/mercer, else compiled into it once
  npm packages   `npm ci`, when package-lock.json has changed
  runtimes       the same in tests/packaging: Deno, Bun, bundlers
  browsers       Chromium, Firefox, WebKit and their drivers with apt-get, as root or by a
                 sudo that asks no password; else the command to run is shown

The other commands do this themselves for what they need.
",
    options: &[Opt {
        name: "--no-browsers",
        value: None,
        help: "all but the browsers and the runtimes",
    }],
    run,
};

fn run(args: &Args) -> Result<()> {
    tools::ensure(&tools::FOR_BUILDING)?;
    if !args.has("--no-browsers") {
        tools::ensure(&[Need::Runtimes, Need::Browsers])?;
    }
    Ok(())
}
