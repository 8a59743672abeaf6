//! `cargo xtask bench --peers`: Mercer's search beside the packages that search in a browser.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::{bench, wasm};
use crate::cli::Args;
use crate::process::{cargo, command, run, target_dir};
use crate::tools;

const PLATFORMS: [&str; 3] = ["node", "chromium", "firefox"];

/// What is built of the search alone: its profile, its flag, its name.
const MODULES: [(&str, &str, &str); 2] =
    [("wasm", "-Ctarget-feature=+simd128", "plain"), ("relaxed", wasm::RELAXED, "relaxed")];

/// Measures on each platform that is asked for, Chromium where none is. The peers are installed
/// apart: nothing else needs them.
///
/// # Errors
/// - there is no such platform, or a tool or a build fails.
pub(super) fn measure(args: &Args, out: &Path, rounds: u32) -> Result<()> {
    let platforms = platforms(args.all("--only"))?;
    tools::ensure(&bench::needs(&platforms))?;
    wasm::build()?;
    build_scan(&out.join("scan"))?;
    run(command("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
        .arg("benches/search"))?;
    run(&mut cargo("bench --package mercer --bench native --no-run"))?;
    for name in platforms {
        let mut node = command("node");
        node.args(["benches/search/run.mjs", "--platform", name, "--out"]).arg(out);
        node.arg("--rounds").arg(rounds.to_string());
        run(node.args(args.all("--items").iter().flat_map(|n| ["--items", n])))?;
    }
    Ok(())
}

fn platforms(only: Vec<&str>) -> Result<Vec<&str>> {
    if only.is_empty() {
        return Ok(vec!["chromium"]);
    }
    for name in &only {
        let known = PLATFORMS.join(", ");
        ensure!(PLATFORMS.contains(name), "`--only {name}` with `--peers`: there are {known}");
    }
    Ok(only)
}

/// The search alone, as the package's modules are built, and its glue.
fn build_scan(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (profile, flag, name) in MODULES {
        let mut build =
            cargo("build --package mercer-bench-scan --target wasm32-unknown-unknown --profile");
        run(build.arg(profile).env("RUSTFLAGS", flag))?;
        let built = target_dir().join("wasm32-unknown-unknown").join(profile);
        let bound = folder.join("bound");
        wasm::bind(&built.join("mercer_bench_scan.wasm"), &bound)?;
        let module = folder.join(name).with_extension("wasm");
        wasm::optimise(&bound.join("mercer_bg.wasm"), &module, &wasm::PASSES)?;
        fs::copy(bound.join("mercer.js"), folder.join("scan.js"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_are_measured_where_they_run() {
        assert_eq!(platforms(Vec::new()).unwrap(), ["chromium"]);
        assert_eq!(platforms(vec!["firefox", "node"]).unwrap(), ["firefox", "node"]);
        let said = platforms(vec!["native"]).unwrap_err().to_string();
        assert!(said.contains("`--only native`") && said.contains("firefox"), "{said}");
    }
}
