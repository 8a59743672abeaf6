//! `cargo xtask bench`: how long loading and ranking take, natively, in Node and in browsers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::{demo, search, wasm};
use crate::cli::{Args, Command, Opt};
use crate::process::{cargo, command, root, run as run_program, target_dir};
use crate::stamp::{self, Fingerprint};
use crate::tools::{self, Need};

pub(super) const COMMAND: Command = Command {
    name: "bench",
    about: "Measures loading and ranking natively, in Node, Chromium and Firefox",
    details: "
Makes a shop of 43,000 products and its model once (a minute; target/bench/ keeps it), then
takes rounds of every platform in turn, an event with a full slate of 20 (rules, variety, reasons)
from 100,000 products among them, and prints medians, 99th percentiles and how a slate
compares with a plain JavaScript loop over the same vectors and with merely reading them.
The figures also go to target/bench/results.json.

With --peers it searches instead: the best 20 of 10,000, 100,000 and 1,000,000 vectors, by
Mercer and by the npm packages that search in a browser (benches/search/), in one page, taking
turns; and the slate of a session, by Mercer and by onnxruntime-web. In Chromium, or with --only
in Node, Chromium or Firefox. Figures and a plot go to target/bench/search/. Building the
indexes takes minutes.
",
    options: &[
        Opt { name: "--only", value: Some("NAME"), help: PLATFORM_HELP },
        Opt { name: "--rounds", value: Some("N"), help: "rounds of each platform (default 5)" },
        Opt { name: "--model", value: Some("FILE"), help: "measures this model instead" },
        Opt { name: "--peers", value: None, help: "searches beside other packages instead" },
        Opt { name: "--items", value: Some("N"), help: "with --peers: so many; may be repeated" },
    ],
    run,
};

const PLATFORM_HELP: &str = "native, node, chromium or firefox; may be repeated";
const PLATFORMS: [&str; 4] = ["native", "node", "chromium", "firefox"];

/// Shoppers visit about 43,000 of so many products.
const SHOP: [&str; 4] = ["--items", "50000", "--sessions", "60000"];
const TRAINING: [&str; 2] = ["--epochs", "1"];

fn run(args: &Args) -> Result<()> {
    let rounds: u32 = args.number("--rounds")?.unwrap_or(5);
    ensure!(rounds > 0, "`--rounds 0`: at least one round is needed");
    let folder = target_dir().join("bench");
    if args.has("--peers") {
        return search::measure(args, &folder.join("search"), rounds);
    }
    let only = args.all("--only");
    check_platforms(&only)?;
    tools::ensure(&needs(&only))?;
    let model = match args.all("--model").pop() {
        Some(file) => existing(file)?,
        None => make_model(&folder)?,
    };
    wasm::build()?;
    run_program(&mut cargo("bench --package mercer --bench native --no-run"))?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let large = folder.join("large.mercer");
    let mut write = cargo("bench --quiet --package mercer --bench native -- --write-large");
    run_program(write.arg(&large))?;
    let mut node = command("node");
    node.arg("benches/run.mjs").arg("--model").arg(model);
    node.arg("--large").arg(large);
    node.arg("--out").arg(folder.join("results.json")).arg("--rounds").arg(rounds.to_string());
    run_program(node.args(only.iter().flat_map(|name| ["--only", name])))
}

fn check_platforms(only: &[&str]) -> Result<()> {
    for name in only {
        let known = PLATFORMS.join(", ");
        ensure!(PLATFORMS.contains(name), "`--only {name}`: there are {known}");
    }
    Ok(())
}

/// The scripts import the browsers' driver whatever they measure; the browsers themselves
/// must be there only where they are measured.
pub(super) fn needs(only: &[&str]) -> Vec<Need> {
    let mut needs = tools::FOR_BUILDING.to_vec();
    if only.is_empty() || only.iter().any(|name| ["chromium", "firefox"].contains(name)) {
        needs.push(Need::Browsers);
    }
    needs
}

fn existing(file: &str) -> Result<PathBuf> {
    let path = root().join(file);
    ensure!(path.is_file(), "`--model {file}`: {} is no file", path.display());
    Ok(path)
}

/// The model every run measures. It is made again only when its settings change: a trainer
/// that learns something else packs as many bytes.
fn make_model(folder: &Path) -> Result<PathBuf> {
    let model = folder.join("shop.mercer");
    let stamp = folder.join("shop.stamp");
    let settings = Fingerprint::default().text(&format!("{SHOP:?} {TRAINING:?}")).finish();
    if model.is_file() && stamp::holds(&stamp, &settings) {
        eprintln!("  bench model    up to date");
        return Ok(model);
    }
    let mercer = demo::build_trainer()?;
    let shop = folder.join("shop");
    run_program(command(&mercer).arg("synth").args(SHOP).arg("--out").arg(&shop))?;
    let mut train = command(&mercer);
    train.arg("train").args(TRAINING).arg("--events").arg(shop.join("events.csv.gz"));
    run_program(train.arg("--out").arg(&model))?;
    stamp::write(&stamp, &settings)?;
    Ok(model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_platforms_are_measured() {
        check_platforms(&["node", "firefox"]).unwrap();
        let said = check_platforms(&["native", "safari"]).unwrap_err().to_string();
        assert!(said.contains("`--only safari`") && said.contains("chromium"), "{said}");
    }

    #[test]
    fn browsers_are_needed_where_they_are_measured() {
        for (only, wanted) in [(&[][..], true), (&["native", "node"], false), (&["firefox"], true)]
        {
            assert_eq!(needs(only).contains(&Need::Browsers), wanted, "{only:?}");
        }
    }

    #[test]
    fn a_model_that_is_not_there_is_named() {
        let said = existing("target/no-such.mercer").unwrap_err().to_string();
        assert!(said.contains("no-such.mercer is no file"), "{said}");
    }
}
