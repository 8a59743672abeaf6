//! `mercer compare`: which of two model files is better, or is there no telling?

use super::judging::{JudgingArgs, bar};
use super::model_file::{Form, Size, load, show};
use crate::evaluate::{Accuracy, Comparison, LEVEL, ROUNDS, Side, Verdict, compare};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Compare two model files on the same cases, and say who wins or that there is no telling
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mercer compare --model new.mercer --with old.mercer --events test.csv.gz
  mercer compare --model new.mercer --with old.mercer --events test.tsv --at 10 \\
                 --history train.tsv valid.tsv --protocol last-item --exclude-seen --json

A difference is that of --model less --with; its interval is a paired 95 % bootstrap over
sessions. p-values are of a two-sided sign-flip permutation test by session, 10,000 draws. A
difference is clear if its p-value, adjusted for the number of metrics (Holm), is below 0.05.
Exit code 0 whoever wins.")]
pub struct CompareArgs {
    /// The model file in question
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The model file it is compared with
    #[arg(long, value_name = "FILE")]
    with: PathBuf,
    #[command(flatten)]
    judging: JudgingArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What comparing came to.
#[derive(Serialize)]
struct Compared {
    protocol: &'static str,
    exclude_seen: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    only: Vec<String>,
    #[serde(flatten)]
    comparison: Comparison,
    sizes: Sizes,
    test: &'static str,
    rounds: usize,
}

#[derive(Serialize)]
struct Sizes {
    model: Size,
    with: Size,
}

/// Judges both files on every case and prints the differences; always true.
///
/// # Errors
/// - A model, a log or the catalogue cannot be read.
/// - A file is both to be predicted and known before.
/// - The catalogue has no such attribute or value as `--only` asks for.
/// - The log has nothing to predict.
pub fn run(args: &CompareArgs) -> Result<bool> {
    let (model, with) = (load(&args.model)?, load(&args.with)?);
    let judging = args.judging.read()?;
    judging.check_model(model.model())?;
    judging.check_model(with.model())?;
    let cases = args.judging.cases(&judging)?;
    let several = args.judging.protocol.has_several_answers();
    let metrics = if several { &Accuracy::ALL[..] } else { &Accuracy::OF_ONE_ANSWER };
    let options = args.judging.options(&judging);
    let bar = bar(&cases, 2);
    let comparison = compare([&model, &with], &cases, (&options, metrics), &|n| bar.advance(n));
    bar.finish();
    let compared = Compared {
        protocol: args.judging.protocol.name(),
        exclude_seen: args.judging.exclude_seen,
        only: args.judging.only(),
        comparison,
        sizes: Sizes {
            model: Size::of(model.model(), &args.model)?,
            with: Size::of(with.model(), &args.with)?,
        },
        test: "two-sided sign-flip permutation by session",
        rounds: ROUNDS,
    };
    show(Form::of(args.json), &compared, || compared.text(args))?;
    Ok(true)
}

impl Compared {
    fn text(&self, args: &CompareArgs) -> String {
        let Comparison { cases, sessions, model, with, .. } = &self.comparison;
        let [a, b] = [&args.model, &args.with].map(|path| path.display());
        let mut text = format!("{a} against {b}; {}\n\n", args.judging.manner());
        self.table(&mut text);
        let _ = writeln!(text, "\n{}", self.sentence(&args.model, &args.with));
        let _ = writeln!(text, "\n{cases} cases from {sessions} sessions");
        for (path, side) in [(a, model), (b, with)] {
            let Side { unknown_targets, latency_us, .. } = side;
            let _ = writeln!(
                text,
                "{path}: {unknown_targets} with a target unknown to the model; one slate takes \
                 {:.0} µs (median), {:.0} µs (99 %)",
                latency_us.p50, latency_us.p99
            );
        }
        text
    }

    fn table(&self, text: &mut String) {
        let Comparison { model, with, differences, .. } = &self.comparison;
        let _ = writeln!(
            text,
            "{:<14} {:>8} {:>8} {:>10}  {:<20} {:>6} {:>8}",
            "metric", "model", "with", "difference", "95 % interval", "p", "adjusted"
        );
        let mut names: Vec<&String> = differences.keys().collect();
        names.sort_by_key(|name| crate::evaluate::metric_and_length(name));
        for name in names {
            let of = |side: &Side| side.metrics.get(name).copied().unwrap_or(0.0);
            let difference = differences[name];
            let range = format!("{:+.4} – {:+.4}", difference.low, difference.high);
            let _ = writeln!(
                text,
                "{name:<14} {:>8.4} {:>8.4} {:>+10.4}  {range:<20} {:>6.4} {:>8.4}",
                of(model),
                of(with),
                difference.difference,
                difference.p_value,
                difference.p_adjusted
            );
        }
    }

    /// Who wins, in words.
    fn sentence(&self, model: &Path, with: &Path) -> String {
        let Comparison { differences, verdict, .. } = &self.comparison;
        let [a, b] = [model, with].map(Path::display);
        let clear = |sign: f64| {
            let of = differences.iter().filter(|(_, d)| d.is_clear() && d.difference * sign > 0.0);
            let mut names: Vec<&str> = of.map(|(name, _)| name.as_str()).collect();
            names.sort_by_key(|name| crate::evaluate::metric_and_length(name));
            names.join(", ")
        };
        match verdict {
            Verdict::Model => format!("{a} is better: clearly ahead in {}.", clear(1.0)),
            Verdict::With => format!("{b} is better: clearly ahead in {}.", clear(-1.0)),
            Verdict::Mixed => format!(
                "Each is better at something: {a} in {}; {b} in {}.",
                clear(1.0),
                clear(-1.0)
            ),
            Verdict::NoTelling => format!(
                "There is no telling which is better: no difference is larger than chance makes \
                 it (adjusted p below {LEVEL}).",
            ),
        }
    }
}
