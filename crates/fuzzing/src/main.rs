//! The runner behind `cargo xtask fuzz`: no nightly compiler, and the same seed tries the same.

mod lanes;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use mercer_fuzzing::campaign::{self, Bounds, Outcome};
use mercer_fuzzing::watch::watched;
use mercer_fuzzing::{TARGETS, Target, target};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// An input that has not ended after so long never will. Those that end are held to a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// Tries many inputs at every door that bytes of others come through.
#[derive(Parser)]
struct Arguments {
    /// Only this target; repeatable
    #[arg(long = "target", value_name = "NAME")]
    targets: Vec<String>,
    /// How many inputs each target is tried with, at most
    #[arg(long, value_name = "N", default_value_t = u64::MAX)]
    executions: u64,
    /// How long each target is tried, at most
    #[arg(long, value_name = "S")]
    seconds: Option<u64>,
    /// Which inputs are tried
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many targets are tried at a time
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
    /// Where finds are written, in a folder for each target
    #[arg(long, value_name = "FOLDER", default_value = "target/fuzz/finds")]
    out: PathBuf,
    /// Only writes the seeds, in a folder for each target: the corpus libFuzzer begins with
    #[arg(long, value_name = "FOLDER")]
    corpus: Option<PathBuf>,
    /// Runs the only target once, with the bytes of this file
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(lanes::FOUND),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether nothing was found.
fn run(arguments: &Arguments) -> Result<bool> {
    let chosen = chosen(&arguments.targets)?;
    if let Some(file) = &arguments.replay {
        let [target] = chosen[..] else { bail!("`--replay` needs one `--target NAME`") };
        return replay(target, file);
    }
    if let Some(folder) = &arguments.corpus {
        chosen.iter().try_for_each(|target| campaign::write_seeds(target, folder))?;
        return Ok(true);
    }
    match chosen[..] {
        [target] => campaign(target, arguments),
        _ => lanes::run(&chosen, arguments.jobs, &arguments.for_each()?),
    }
}

impl Arguments {
    /// What each target's own process is told.
    fn for_each(&self) -> Result<Vec<String>> {
        let mut words = vec!["--seed".to_owned(), self.seed.to_string()];
        if self.executions < u64::MAX {
            words.extend(["--executions".to_owned(), self.executions.to_string()]);
        }
        if let Some(seconds) = self.seconds {
            words.extend(["--seconds".to_owned(), seconds.to_string()]);
        }
        let default = Self::parse_from([""]).out;
        if self.out != default {
            let out = self.out.to_str().context("`--out` is a path that is not UTF-8")?;
            words.extend(["--out".to_owned(), out.to_owned()]);
        }
        Ok(words)
    }
}

fn replay(target: &'static Target, file: &Path) -> Result<bool> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let outcome = watched(PATIENCE, move |watch| campaign::once(target, &bytes, watch));
    let said = outcome.find.as_ref().map_or("no promise is broken", |find| &find.said);
    writeln!(std::io::stdout(), "{:<8} {}: {said}", target.name, file.display())?;
    Ok(outcome.find.is_none())
}

fn chosen(names: &[String]) -> Result<Vec<&'static Target>> {
    if names.is_empty() {
        return Ok(TARGETS.iter().collect());
    }
    let find = |name: &String| {
        let known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        target(name).with_context(|| format!("`--target {name}`: there are {}", known.join(", ")))
    };
    names.iter().map(find).collect()
}

fn campaign(target: &'static Target, arguments: &Arguments) -> Result<bool> {
    let time = arguments.seconds.map(Duration::from_secs);
    let bounds = Bounds { executions: arguments.executions, time };
    let (seed, started) = (arguments.seed, Instant::now());
    let outcome = watched(PATIENCE, move |watch| campaign::run(target, seed, bounds, watch));
    let Outcome { executions, slowest, find } = outcome;
    let mut out = std::io::stdout();
    let (name, seconds) = (target.name, started.elapsed().as_secs());
    writeln!(out, "{name:<8} {executions:>11} executions in {seconds} s, slowest {slowest:?}")?;
    let Some(find) = find else { return Ok(true) };
    let path = campaign::keep(target, &find, &arguments.out)?;
    let (file, said) = (path.display(), find.said);
    writeln!(
        out,
        "{name:<8} FIND {said}; again: cargo xtask fuzz --target {name} --replay {file}"
    )?;
    Ok(false)
}
