//! `cargo xtask demo`: from a fresh clone to a shop in the browser.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{serve, wasm};
use crate::cli::{Args, Command, Opt};
use crate::process::{cargo, command, root, run as run_program, target_dir};
use crate::stamp::{self, Fingerprint};
use crate::tools;

pub(super) const COMMAND: Command = Command {
    name: "demo",
    about: "Makes a sample shop, trains it, builds the package and serves the storefront",
    details: "
Sets up what is missing (browsers are not needed), runs `mercer synth` and
`mercer train`, builds the npm package, then serves www/ and prints the URL on stdout.
The shop is made anew only when its settings or the trainer have changed.
",
    options: &[
        serve::PORT,
        Opt { name: "--items", value: Some("N"), help: "products of the sample shop" },
        Opt { name: "--sessions", value: Some("N"), help: "visits in its log" },
    ],
    run,
};

/// How large the sample shop is; `None` leaves it to `mercer synth`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ShopSize {
    n_items: Option<u64>,
    n_sessions: Option<u64>,
}

fn run(args: &Args) -> Result<()> {
    let size =
        ShopSize { n_items: args.number("--items")?, n_sessions: args.number("--sessions")? };
    let port = serve::port(args)?;
    tools::ensure(&tools::FOR_BUILDING)?;
    make_shop(size)?;
    wasm::build()?;
    serve::serve(port, serve::shop_site())
}

/// Makes the sample shop in `www/shop/` unless it is there already, from the same trainer
/// and of the same size.
///
/// # Errors
/// - the trainer does not compile;
/// - `mercer synth` or `mercer train` fails, or a file cannot be written.
pub(super) fn make_shop(size: ShopSize) -> Result<()> {
    let mercer = build_trainer()?;
    let sample = target_dir().join("demo/shop");
    let shop = root().join("www/shop");
    let stamp = target_dir().join("demo/shop.stamp");
    let made = [shop.join("shop.mercer"), shop.join("products.json")];
    let before = Fingerprint::default().text(&format!("{size:?}")).file(&mercer)?;
    if is_made(&stamp, before.clone(), &made) {
        eprintln!("  sample shop    up to date");
        return Ok(());
    }
    synthesise(&mercer, &sample, size)?;
    train(&mercer, &sample, &made)?;
    stamp::write(&stamp, &with_files(before, &made)?.finish())
}

/// Compiles the command `mercer` and says where it is.
///
/// # Errors
/// - it does not compile.
pub(super) fn build_trainer() -> Result<PathBuf> {
    run_program(&mut cargo("build --release --package mercer-cli --bin mercer"))?;
    Ok(target_dir().join("release/mercer"))
}

/// Whether the stamp stands for these inputs and for the files as they are now.
fn is_made(stamp: &Path, inputs: Fingerprint, made: &[PathBuf]) -> bool {
    with_files(inputs, made).is_ok_and(|print| stamp::holds(stamp, &print.finish()))
}

fn with_files(print: Fingerprint, files: &[PathBuf]) -> Result<Fingerprint> {
    files.iter().try_fold(print, |print, file| print.file(file))
}

fn synthesise(mercer: &Path, sample: &Path, size: ShopSize) -> Result<()> {
    let mut synth = command(mercer);
    synth.arg("synth").arg("--out").arg(sample);
    for (option, number) in [("--items", size.n_items), ("--sessions", size.n_sessions)] {
        if let Some(number) = number {
            synth.arg(option).arg(number.to_string());
        }
    }
    run_program(&mut synth)
}

fn train(mercer: &Path, sample: &Path, [model, products]: &[PathBuf; 2]) -> Result<()> {
    let folder = model.parent().context("the model lies in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut train = command(mercer);
    train.arg("train").arg("--events").arg(sample.join("events.csv.gz"));
    train.arg("--catalog").arg(sample.join("catalog.jsonl")).arg("--out").arg(model);
    run_program(&mut train)?;
    let listed = sample.join("shop.json");
    fs::copy(&listed, products)
        .with_context(|| format!("cannot copy {} to {}", listed.display(), products.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::test_folder;

    #[test]
    fn a_shop_is_made_again_when_anything_changed() {
        let folder = test_folder("demo-stamp");
        let stamp = folder.join("stamp");
        let made = [folder.join("shop.mercer"), folder.join("products.json")];
        let inputs = |text: &str| Fingerprint::default().text(text);
        assert!(!is_made(&stamp, inputs("a"), &made), "nothing there");
        for file in &made {
            fs::write(file, "made").unwrap();
        }
        assert!(!is_made(&stamp, inputs("a"), &made), "no stamp");
        stamp::write(&stamp, &with_files(inputs("a"), &made).unwrap().finish()).unwrap();
        assert!(is_made(&stamp, inputs("a"), &made));
        assert!(!is_made(&stamp, inputs("b"), &made), "other inputs");
        fs::write(&made[1], "touched").unwrap();
        assert!(!is_made(&stamp, inputs("a"), &made), "other outputs");
        fs::remove_file(&made[1]).unwrap();
        assert!(!is_made(&stamp, inputs("a"), &made), "no output");
    }
}
