//! `cargo xtask fuzz`: many inputs at every door that bytes of others come through.

use anyhow::{Result, ensure};

use crate::cli::{Args, Command, Opt};
use crate::process::{cargo, run as run_program};

pub(super) const COMMAND: Command = Command {
    name: "fuzz",
    about: "Tries many inputs at every door that bytes of others come through",
    details: "
Needs no nightly compiler: inputs are changed from seeds by a seeded generator, and the same
seed tries the same inputs. The targets: model, session, rules, door, feeds, kernels. Without
bounds each is tried for a minute. A find is written to target/fuzz/finds/TARGET/; give it a
name of its own in tests/hostile/TARGET/, where the tests replay it, and mend what it found.
`cargo fuzz run TARGET` in fuzz/ runs the same targets under libFuzzer.
",
    options: &[
        Opt { name: "--target", value: Some("NAME"), help: "this target alone; may be repeated" },
        Opt { name: "--executions", value: Some("N"), help: "inputs of each target, at most" },
        Opt { name: "--seconds", value: Some("S"), help: "time of each target, at most" },
        Opt { name: "--seed", value: Some("N"), help: "which inputs are tried (default 1)" },
    ],
    run,
};

/// Without bounds: a minute for each target.
const SECONDS: u64 = 60;

fn run(args: &Args) -> Result<()> {
    let bounds = bounds(args)?;
    let mut fuzz =
        cargo("run --quiet --profile fuzz --package mercer-fuzzing --bin mercer-fuzz --");
    fuzz.args(args.all("--target").into_iter().flat_map(|name| ["--target", name]));
    fuzz.args(bounds);
    run_program(&mut fuzz)
}

fn bounds(args: &Args) -> Result<Vec<String>> {
    let mut words = Vec::new();
    for name in ["--executions", "--seconds", "--seed"] {
        if let Some(number) = args.number::<u64>(name)? {
            ensure!(number > 0 || name == "--seed", "`{name} 0`: then nothing is tried");
            words.extend([name.to_owned(), number.to_string()]);
        }
    }
    if !args.has("--executions") && !args.has("--seconds") {
        words.extend(["--seconds".to_owned(), SECONDS.to_string()]);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds_of(words: &[&str]) -> Result<Vec<String>> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        bounds(&Args::parse(COMMAND.options, &words)?)
    }

    #[test]
    fn without_bounds_there_is_a_minute() {
        assert_eq!(bounds_of(&[]).unwrap(), ["--seconds", "60"]);
        assert_eq!(bounds_of(&["--seed", "0"]).unwrap(), ["--seed", "0", "--seconds", "60"]);
        assert_eq!(bounds_of(&["--executions", "9"]).unwrap(), ["--executions", "9"]);
        let said = bounds_of(&["--seconds", "0"]).unwrap_err().to_string();
        assert!(said.contains("`--seconds 0`"), "{said}");
    }
}
