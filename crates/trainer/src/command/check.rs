//! `mercer check`: can a model learn from this data?
use std::io::Write;

use anyhow::Context;

use crate::ingest::InputArgs;
use crate::ingest::check::{self, Status};

/// Arguments of `mercer check`.
#[derive(Debug, Clone, clap::Args)]
pub struct CheckArgs {
    #[command(flatten)]
    /// What to look at.
    pub input: InputArgs,
    /// Prints one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// Reads log and catalogue, runs every data check and prints what they found on stdout.
/// `false` means that a check failed.
///
/// # Errors
/// - The files cannot be read as a log and a catalogue.
/// - Standard output cannot be written.
pub fn run(args: &CheckArgs) -> anyhow::Result<bool> {
    let report = check::run(args.input.read()?);
    let text = if args.json {
        let mut text = serde_json::to_string_pretty(&report).context("the report as JSON")?;
        text.push('\n');
        text
    } else {
        report.to_string()
    };
    std::io::stdout().lock().write_all(text.as_bytes()).context("standard output")?;
    Ok(report.status != Status::Fail)
}
