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
bounds each is tried for a minute. Several have a process each, so that one that brings it
down leaves the others alone; an input that has not ended after 30 s is a find as well. A find is written to target/fuzz/finds/TARGET/, with the command that repeats it; give it a name of its own
in tests/hostile/TARGET/, where the tests replay it, and mend what it found.
`cargo xtask test` tries each for a minute where CI is set and for 5 s elsewhere, two at a time.
`cargo fuzz run TARGET` in fuzz/ runs the same targets under libFuzzer.
",
    options: &[
        Opt { name: "--target", value: Some("NAME"), help: "this target alone; may be repeated" },
        Opt { name: "--executions", value: Some("N"), help: "inputs of each target, at most" },
        Opt { name: "--seconds", value: Some("S"), help: "time of each target, at most" },
        Opt { name: "--seed", value: Some("N"), help: "which inputs are tried (default 1)" },
        Opt { name: "--jobs", value: Some("N"), help: "targets at a time (default 1)" },
        Opt { name: "--replay", value: Some("FILE"), help: "this input of the one target alone" },
    ],
    run,
};

/// Without bounds, and in CI: a minute for each target.
const SECONDS: u64 = 60;
/// What a check takes elsewhere: enough to see that the targets still hold.
const SECONDS_AT_HAND: u64 = 5;
/// CI has two cores.
const JOBS: u64 = 2;

fn run(args: &Args) -> Result<()> {
    let words = words(args)?;
    run_program(fuzz().args(words))
}

/// The check of `cargo xtask test`.
///
/// # Errors
/// - a target breaks a promise, hangs, or brings its process down: the command that repeats it
///   is among what was printed.
pub(super) fn smoke() -> Result<()> {
    let seconds = smoke_seconds(std::env::var_os("CI").is_some());
    run_program(fuzz().args(["--jobs", &JOBS.to_string(), "--seconds", &seconds.to_string()]))
}

fn smoke_seconds(in_ci: bool) -> u64 {
    if in_ci { SECONDS } else { SECONDS_AT_HAND }
}

fn fuzz() -> std::process::Command {
    cargo("run --quiet --profile fuzz --package mercer-fuzzing --bin mercer-fuzz --")
}

/// What the runner is told.
fn words(args: &Args) -> Result<Vec<String>> {
    let given = |name: &'static str| {
        args.all(name).into_iter().flat_map(move |value| [name.to_owned(), value.to_owned()])
    };
    let mut words: Vec<String> = given("--target").chain(given("--replay")).collect();
    for name in ["--executions", "--seconds", "--seed", "--jobs"] {
        if let Some(number) = args.number::<u64>(name)? {
            ensure!(number > 0 || name == "--seed", "`{name} 0`: then nothing is tried");
            words.extend([name.to_owned(), number.to_string()]);
        }
    }
    if !["--executions", "--seconds", "--replay"].iter().any(|bound| args.has(bound)) {
        words.extend(["--seconds".to_owned(), SECONDS.to_string()]);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(given: &[&str]) -> Result<Vec<String>> {
        let given: Vec<String> = given.iter().map(|&word| word.to_owned()).collect();
        words(&Args::parse(COMMAND.options, &given)?)
    }

    #[test]
    fn without_bounds_there_is_a_minute() {
        assert_eq!(words_of(&[]).unwrap(), ["--seconds", "60"]);
        assert_eq!(words_of(&["--seed", "0"]).unwrap(), ["--seed", "0", "--seconds", "60"]);
        assert_eq!(words_of(&["--executions", "9"]).unwrap(), ["--executions", "9"]);
        let said = words_of(&["--seconds", "0"]).unwrap_err().to_string();
        assert!(said.contains("`--seconds 0`"), "{said}");
    }

    #[test]
    fn an_input_is_replayed_without_bounds() {
        let given = ["--target", "model", "--replay", "target/fuzz/finds/model/a.bin"];
        assert_eq!(words_of(&given).unwrap(), given);
        let both = words_of(&["--target=model", "--target=door", "--jobs", "2"]).unwrap();
        assert_eq!(both.join(" "), "--target model --target door --jobs 2 --seconds 60");
    }

    #[test]
    fn ci_takes_a_minute_of_each_target() {
        assert_eq!((smoke_seconds(true), smoke_seconds(false)), (60, 5));
    }
}
