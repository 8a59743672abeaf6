//! `mercer evaluate`: how good is a model file?

use super::input::check_model;
use super::judging::{JudgingArgs, bar};
use super::model_file::{Form, Size, bytes, load, show};
use super::shard::ROOT;
use crate::evaluate::{
    Accuracy, Case, Fetched, N_LEVELS, Options, Ranker, RatingErrors, Report, ShardedModel,
    evaluate, sweep,
};
use crate::stage::Target;
use anyhow::{Context, Result, bail};
use clap::Args;
use mercer::Engine;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Judge a model file on a log: the packed file, through the engine
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mercer evaluate --model shop.mercer --events test.csv.gz --at 5,10,20
  mercer evaluate --model shop.mercer --events test.csv.gz --catalog items.jsonl \\
                  --segments --beyond
  mercer evaluate --model shop.mercer --events test.tsv --history train.tsv valid.tsv \\
                  --protocol last-item --exclude-seen --json
  mercer evaluate --model shop.mercer --events test.tsv --catalog items.tsv --only season=new
  mercer evaluate --model shop.mercer --events test.csv.gz --at 20 --diversity-sweep --plot sweep.svg

Each case ranks the whole catalogue; ties count against the model.
Rates are fractions. Intervals are 95 % bootstrap intervals over sessions.
--json holds everything that is measured, asked for or not.")]
#[expect(clippy::struct_excessive_bools, reason = "one a switch on the command line")]
pub struct EvaluateArgs {
    /// The model file
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    #[command(flatten)]
    judging: JudgingArgs,
    /// The logs the model learned from: exact popularity for --segments and --beyond, where
    /// the file rounds it and leaves out items with few sessions
    #[arg(long, num_args = 1.., value_name = "FILE")]
    training: Vec<PathBuf>,
    /// Show hit rate and MRR by session length, popularity and category of the target, and new
    /// and returning shoppers
    #[arg(long)]
    segments: bool,
    /// Show coverage, Gini index, novelty, diversity, serendipity, popularity and calibration
    #[arg(long)]
    beyond: bool,
    /// Ask for slates at diversity 0, 0.1, … 1 and show what each level costs and brings, at the
    /// longest length of --at
    #[arg(long, conflicts_with_all = ["segments", "beyond"])]
    diversity_sweep: bool,
    /// Draw the sweep into this SVG file
    #[arg(long, value_name = "FILE", requires = "diversity_sweep")]
    plot: Option<PathBuf>,
    /// Judge the shards in this folder, which `mercer shard` cut from the model, as a page has
    /// them: the root, and what each event sends for
    #[arg(long, value_name = "FOLDER", conflicts_with = "diversity_sweep")]
    shards: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What judging came to.
#[derive(Serialize)]
struct Evaluated {
    protocol: &'static str,
    exclude_seen: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    only: Vec<String>,
    #[serde(flatten)]
    report: Report,
    /// Where the model learned ratings, and both the log and the history have some.
    #[serde(skip_serializing_if = "Option::is_none")]
    ratings: Option<RatingErrors>,
    model: Size,
    #[serde(skip_serializing_if = "Option::is_none")]
    fetched: Option<Fetched>,
}

/// Ranks every case and prints the metrics; always true.
///
/// # Errors
/// - A file is both to be predicted and known before.
/// - The model, a log or the catalogue cannot be read, or a log speaks of other items.
/// - The catalogue has no such attribute or value as `--only` asks for.
/// - The log has nothing to predict.
/// - `--diversity-sweep`: the model has no vectors, or `--plot` cannot be written.
pub fn run(args: &EvaluateArgs) -> Result<bool> {
    let engine = load(&args.model)?;
    let judging = args.judging.read()?;
    judging.check_model(engine.model())?;
    let mut options = args.judging.options(&judging);
    if !args.training.is_empty() {
        let (log, report) = args.judging.read_log(&args.training)?;
        check_model(&log, &report, engine.model()).context("--training")?;
        options.background = options.background.with_training(&log);
    }
    let options = Options {
        segments: args.segments || args.json,
        beyond: args.beyond || args.json,
        ..options
    };
    let cases = args.judging.cases(&judging)?;
    if args.diversity_sweep {
        return run_sweep(args, &engine, &cases, &options);
    }
    let sharded = args.shards.as_deref().map(|folder| shards(&engine, folder)).transpose()?;
    let bar = bar(&cases, 1);
    let ranker: &dyn Ranker = sharded.as_ref().map_or(&engine, |sharded| sharded);
    let report = evaluate(ranker, &cases, &options, &|n| bar.advance(n));
    bar.finish();
    let evaluated = Evaluated {
        protocol: args.judging.protocol.name(),
        exclude_seen: args.judging.exclude_seen,
        only: args.judging.only(),
        report,
        ratings: judging.rating_errors(engine.model()),
        model: Size::of(engine.model(), &args.model)?,
        fetched: sharded.as_ref().map(ShardedModel::fetched),
    };
    show(Form::of(args.json), &evaluated, || evaluated.text(args))?;
    Ok(true)
}

/// The shards of a folder, beside the model they were cut from.
fn shards<'a>(whole: &'a Engine, folder: &Path) -> Result<ShardedModel<'a>> {
    let root = load(&folder.join(ROOT))?;
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).with_context(|| format!("--shards: {}", path.display()))
    };
    ShardedModel::read(whole, root, read).with_context(|| format!("--shards {}", folder.display()))
}

fn run_sweep(
    args: &EvaluateArgs,
    engine: &Engine,
    cases: &[Case<'_>],
    options: &Options,
) -> Result<bool> {
    if engine.model().factors().is_none() {
        bail!(
            "--diversity-sweep: {}: the model has no vectors to vary slates by; train one with \
             `mercer train`",
            args.model.display()
        );
    }
    let plot = args.plot.as_deref().map(|file| Target::check_flag("--plot", file)).transpose()?;
    let bar = bar(cases, N_LEVELS);
    let swept = sweep(engine, cases, options, &|n| bar.advance(n));
    bar.finish();
    if let Some(plot) = plot {
        plot.write(swept.svg().as_bytes())?;
    }
    show(Form::of(args.json), &swept, || swept.text())?;
    Ok(true)
}

impl Evaluated {
    fn text(&self, args: &EvaluateArgs) -> String {
        let size = &self.model;
        let several = args.judging.protocol.has_several_answers();
        let metrics = if several { &Accuracy::ALL[..] } else { &Accuracy::OF_ONE_ANSWER };
        let ratings = self.ratings.map(|errors| format!("\nratings: {errors}"));
        format!(
            "{}: {}, {} items, {:.1} bytes an item for vector and bias; {}{}\n\n{}{}",
            args.model.display(),
            bytes(size.bytes),
            size.n_items,
            size.bytes_per_item,
            args.judging.manner(),
            self.fetched.map_or_else(String::new, |fetched| format!(
                "; beside the root {} an event, {} at most",
                bytes(rounded(fetched.bytes_an_event)),
                bytes(fetched.most_bytes)
            )),
            self.report.text(metrics),
            ratings.unwrap_or_default(),
        )
    }
}

#[expect(clippy::cast_possible_truncation, reason = "bytes of a mean")]
#[expect(clippy::cast_sign_loss, reason = "no mean of sizes is below 0")]
fn rounded(bytes: f64) -> u64 {
    bytes.round() as u64
}
