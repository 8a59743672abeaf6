//! The runner behind `cargo xtask fuzz`: no nightly compiler, and the same seed tries the same.

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use mercer_fuzzing::campaign::{self, Bounds, Outcome};
use mercer_fuzzing::{TARGETS, Target, target};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

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
        Ok(false) => ExitCode::from(1),
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
        let bytes =
            std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        (target.run)(&bytes);
        return Ok(true);
    }
    if let Some(folder) = &arguments.corpus {
        chosen.iter().try_for_each(|target| campaign::write_seeds(target, folder))?;
        return Ok(true);
    }
    let mut sound = true;
    for target in chosen {
        sound &= campaign(target, arguments)?;
    }
    Ok(sound)
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

fn campaign(target: &Target, arguments: &Arguments) -> Result<bool> {
    let time = arguments.seconds.map(Duration::from_secs);
    let bounds = Bounds { executions: arguments.executions, time };
    let started = Instant::now();
    let Outcome { executions, slowest, find } = campaign::run(target, arguments.seed, bounds);
    let mut out = std::io::stdout();
    let (name, seconds) = (target.name, started.elapsed().as_secs());
    writeln!(out, "{name:<8} {executions:>11} executions in {seconds} s, slowest {slowest:?}")?;
    let Some((input, said)) = find else { return Ok(true) };
    let path = campaign::keep(target, &input, &arguments.out)?;
    writeln!(out, "{name:<8} FIND {}: {said}", path.display())?;
    Ok(false)
}
