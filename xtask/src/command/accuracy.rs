//! `cargo xtask accuracy`: how good the defaults are on public data, beside what was asked
//! and beside the baselines.

use std::fs;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::demo;
use crate::cli::{Args, Command, Opt};
use table::Filled;

mod files;
pub(super) mod judge;
pub(super) mod measure;
pub(super) mod quick;
pub(super) mod rows;
pub(super) mod table;

pub(super) const COMMAND: Command = Command {
    name: "accuracy",
    about: "Trains with the defaults on public data and prints what is reached",
    details: "
For each data set found in DATA (default ../shared/data): trains with the defaults of
`mercer train`, judges the packed file, judges the baselines on the same cases, and prints
the tables in Markdown on stdout. Models and copies stay in target/accuracy/. What the data
is and where it comes from: docs/evaluation.md.

Exit code 0 once everything ran; with --strict, 1 if anything asked was not reached or any
data is missing.
",
    options: &[
        Opt { name: "DATA", value: None, help: "folder that holds the folders of data" },
        Opt { name: "--only", value: Some("NAME,…"), help: ROWS_HELP },
        Opt { name: "--json", value: Some("FILE"), help: "writes everything measured there too" },
        Opt { name: "--strict", value: None, help: "fails unless all is met" },
        Opt {
            name: "--quick",
            value: None,
            help: "instead: a sample shop, on which the model must beat two baselines",
        },
    ],
    run,
};

pub(super) const ROWS_HELP: &str =
    "diginetica, yoochoose, toy, beauty, beauty-cold, scientific, scientific-cold";

fn run(args: &Args) -> Result<()> {
    let chosen = rows::choose(&args.all("--only"))?;
    let bench = judge::Bench {
        data: judge::data_folder(args.all("DATA").pop()),
        mercer: demo::build_trainer()?,
    };
    if args.has("--quick") {
        return quick::check(&bench.mercer);
    }
    let (found, missing): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|row| bench.has(row));
    for row in &missing {
        eprintln!("  {}: not in {}", row.name, bench.data.display());
    }
    ensure!(!found.is_empty(), "{} holds none of the data", bench.data.display());
    let mut filled = Vec::new();
    for row in found {
        eprintln!("\n== {}", row.title);
        let model = bench.measure(&row, &[])?;
        let baseline = |name: &&'static str| Ok((*name, bench.baseline(&row, name)?));
        let baselines = row.task.baselines().iter().map(baseline).collect::<Result<_>>()?;
        filled.push(Filled { row, model, baselines });
    }
    println!("{}", table::markdown(&filled)?);
    if let Some(path) = args.all("--json").pop() {
        let rows = filled.iter().map(Filled::json).collect::<Result<Vec<Value>>>()?;
        let text = serde_json::to_string_pretty(&rows)? + "\n";
        fs::write(path, text).with_context(|| format!("cannot write {path}"))?;
    }
    let mut unmet = Vec::new();
    for row in &filled {
        if !row.is_met()? {
            unmet.push(row.row.name);
        }
    }
    unmet.extend(missing.iter().map(|row| row.name));
    if args.has("--strict") && !unmet.is_empty() {
        bail!("not met: {}", unmet.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_names_every_row() {
        let names: Vec<&str> = rows::ALL.iter().map(|row| row.name).collect();
        assert_eq!(names.join(", "), ROWS_HELP);
    }
}
