//! `cargo xtask soak`: a million calls in one instance of the engine.

use anyhow::{Result, ensure};

use super::wasm;
use crate::cli::{Args, Command, Opt};
use crate::process::{command, run as run_program};
use crate::tools::{self, Need};

pub(super) const COMMAND: Command = Command {
    name: "soak",
    about: "Makes a million calls in one instance of the engine in Chromium",
    details: "
Calls of every kind, sound and wrong ones, drawn from a seed. Fails if the engine's memory is
larger at the end than after the first 5,000, or if the last 10,000 calls, made in turn with
the same calls in a fresh instance, take more than a quarter longer there. `cargo xtask test`
makes 30,000.
",
    options: &[Opt { name: "--calls", value: Some("N"), help: "how many (default 1000000)" }],
    run,
};

const CALLS: u32 = 1_000_000;
/// 5,000 to warm up, 10,000 at first and as many at the end to compare.
const LEAST: u32 = 25_000;
/// So many are timed as a whole.
const BLOCK: u32 = 1_000;

fn run(args: &Args) -> Result<()> {
    let calls = calls(args)?;
    tools::ensure(&[Need::WasmTarget, Need::WasmBindgen, Need::Node, Need::Browsers])?;
    wasm::build()?;
    let mut soak = command("node");
    soak.args(["--test", "--test-reporter=spec", "tests/browser/soak.test.mjs"]);
    run_program(soak.env("MERCER_SOAK_CALLS", calls.to_string()))
}

fn calls(args: &Args) -> Result<u32> {
    let calls = args.number("--calls")?.unwrap_or(CALLS);
    ensure!(calls >= LEAST, "`--calls {calls}`: at least {LEAST} are needed");
    ensure!(calls.is_multiple_of(BLOCK), "`--calls {calls}`: no multiple of {BLOCK}");
    Ok(calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_calls_say_nothing() {
        let asked = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            calls(&Args::parse(COMMAND.options, &words)?)
        };
        assert_eq!(asked(&[]).unwrap(), CALLS);
        assert_eq!(asked(&["--calls", "25000"]).unwrap(), LEAST);
        assert!(asked(&["--calls", "25001"]).unwrap_err().to_string().contains("no multiple"));
        assert!(asked(&["--calls", "9"]).unwrap_err().to_string().contains("`--calls 9`"));
    }
}
