//! `mercer evaluate`: how good is a model file?

use super::input::{check_model, is_same, tell_rejects};
use super::model_file::{Form, Size, bytes, load, show};
use crate::evaluate::{Cutoffs, Options, Protocol, Report, cases, evaluate};
use crate::ingest::{
    BytesBar, ColumnMap, IngestReport, ReadOptions, SESSION_GAP_MS, Strictness, read_log,
};
use crate::log::Log;
use crate::progress::Bar;
use anyhow::{Result, bail};
use clap::Args;
use mercer::types::Seen;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Judge a model file on a log: the packed file, through the engine
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mercer evaluate --model shop.mercer --events test.csv.gz --at 5,10,20
  mercer evaluate --model shop.mercer --events test.tsv --history train.tsv valid.tsv \\
                  --protocol last-item --exclude-seen --json

Each case ranks the whole catalogue; ties count against the model.
Rates are fractions. Intervals are 95 % bootstrap intervals over sessions.")]
pub struct EvaluateArgs {
    /// The model file
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Logs to predict, in any format that `train` reads
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    events: Vec<PathBuf>,
    /// What the same sessions or users did before: known to the session, never predicted
    #[arg(long, num_args = 1.., value_name = "FILE")]
    history: Vec<PathBuf>,
    /// Which steps are predicted
    #[arg(long, value_enum, default_value = "every-prefix")]
    protocol: Protocol,
    /// Lengths of slate to judge
    #[arg(long, value_name = "N,N,…", default_value = "5,10,20")]
    at: Cutoffs,
    /// Leave items that the shopper has been on out of the slate
    #[arg(long)]
    exclude_seen: bool,
    /// Read our column OURS from the column THEIRS, for example `item_id=product_id`
    #[arg(long = "column", value_name = "OURS=THEIRS")]
    columns: Vec<String>,
    /// Make the first broken or duplicate row an error
    #[arg(long)]
    strict: bool,
    /// Threads to use [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Seed of the bootstrap
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What judging came to.
#[derive(Serialize)]
struct Evaluated {
    protocol: &'static str,
    exclude_seen: bool,
    #[serde(flatten)]
    report: Report,
    model: Size,
}

/// Ranks every case and prints the metrics; always true.
///
/// # Errors
/// - A file is both to be predicted and known before.
/// - The model or a log cannot be read.
/// - The log has nothing to predict.
pub fn run(args: &EvaluateArgs) -> Result<bool> {
    args.check_history()?;
    let engine = load(&args.model)?;
    let (test, report) = args.read(&args.events)?;
    check_model(&test, &report, engine.model())?;
    let history = if args.history.is_empty() { None } else { Some(args.read(&args.history)?.0) };
    let cases = cases(&test, history.as_ref(), args.protocol);
    if cases.is_empty() {
        bail!(
            "{}: nothing to predict: no session of the log has a second step; check that \
             --column session_id=… names the right column, or give --history",
            report.files.join(", ")
        );
    }
    let total = cases.iter().map(|case| case.predictions.len() as u64).sum();
    let bar = Bar::new("judging", total);
    bar.say(&format!("judging {total} cases"));
    let report = evaluate(&engine, &cases, &args.options(), &|n| bar.advance(n));
    bar.finish();
    let evaluated = Evaluated {
        protocol: args.protocol.name(),
        exclude_seen: args.exclude_seen,
        report,
        model: Size::of(engine.model(), &args.model)?,
    };
    show(Form::of(args.json), &evaluated, || evaluated.text(&args.model))?;
    Ok(true)
}

impl EvaluateArgs {
    /// Refuses a history that holds the answers.
    fn check_history(&self) -> Result<()> {
        let same = |path: &&PathBuf| self.events.iter().any(|other| is_same(path, other));
        match self.history.iter().find(same) {
            Some(path) => bail!(
                "--history {}: this is one of --events, so its sessions would know what is to be \
                 predicted; name what came before",
                path.display()
            ),
            None => Ok(()),
        }
    }

    fn read(&self, files: &[PathBuf]) -> Result<(Log, IngestReport)> {
        let options = ReadOptions {
            columns: ColumnMap::parse(&self.columns)?,
            ignored: Vec::new(),
            strictness: if self.strict { Strictness::Strict } else { Strictness::Lenient },
            session_gap_ms: SESSION_GAP_MS,
            progress: Box::new(BytesBar::default()),
        };
        let (log, report) = read_log(files, &options)?;
        tell_rejects(&report)?;
        Ok((log, report))
    }

    fn options(&self) -> Options {
        let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Options {
            at: self.at.clone(),
            seen: if self.exclude_seen { Seen::LeaveOut } else { Seen::Include },
            threads: self.threads.map_or_else(all, usize::from),
            seed: self.seed,
        }
    }
}

impl Evaluated {
    fn text(&self, path: &Path) -> String {
        let size = &self.model;
        format!(
            "{}: {}, {} items, {:.1} bytes an item for vector and bias; protocol {}{}\n\n{}",
            path.display(),
            bytes(size.bytes),
            size.n_items,
            size.bytes_per_item,
            self.protocol,
            if self.exclude_seen { ", items of the session left out" } else { "" },
            self.report,
        )
    }
}
