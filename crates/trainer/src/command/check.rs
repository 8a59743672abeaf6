//! `mercer check`: can a model learn from this data?

use super::model_file::{Form, show};
use crate::ingest::InputArgs;
use crate::ingest::check::{self, Status};

/// Say whether a model can learn from a log, and what to mend
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  mercer check --events events.csv.gz
  mercer check --events jan.csv feb.csv --catalog products.jsonl --column item_id=sku
  mercer check --events events.parquet --json

Exit code: 0 if no check says FAIL, 1 if one does, 2 if the files cannot be read.")]
pub struct CheckArgs {
    #[command(flatten)]
    /// What to look at.
    pub input: InputArgs,
    /// Print one JSON object instead of text
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
    show(Form::of(args.json), &report, || report.to_string())?;
    Ok(report.status != Status::Fail)
}
