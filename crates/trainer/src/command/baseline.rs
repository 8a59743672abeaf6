//! `mercer baseline`: how good is what needs no model?

use super::judging::{Judging, JudgingArgs, bar};
use super::model_file::{Form, show};
use crate::baseline::{
    Baseline, Content, ContentSettings, ItemKnn, ItemKnnSettings, Popularity, Score, SessionKnn,
    SessionKnnSettings, Successors, Visits, Window,
};
use crate::evaluate::{Accuracy, Options, Report, evaluate};
use crate::log::Log;
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::json;
use std::path::PathBuf;
use std::time::Instant;

/// Judge a ranker that needs no model: what a model file must be better than
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mercer baseline popularity --train train.csv.gz --events test.csv.gz
  mercer baseline vmis-knn --train train.tsv --events test.tsv --at 20 --json
  mercer baseline tf-idf --train train.tsv --catalog items.tsv --events test.tsv \\
                  --history train.tsv valid.tsv --protocol last-item --exclude-seen

Cases, metrics and intervals are those of `mercer evaluate`. A baseline is built from the log
each time and is never written to a file: it looks things up in other shoppers' visits.")]
pub struct BaselineArgs {
    /// Which baseline
    #[arg(value_enum)]
    name: Name,
    /// Logs to learn from; none of --events
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    train: Vec<PathBuf>,
    #[command(flatten)]
    tuning: Tuning,
    #[command(flatten)]
    judging: JudgingArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// The baselines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// What everybody looks at
    Popularity,
    /// What everybody looked at lately
    RecentPopularity,
    /// What followed the last item most often
    Successors,
    /// What occurs in the same visits as the last item
    ItemKnn,
    /// What visits like this one hold (Ludewig & Jannach 2018)
    VsKnn,
    /// The same as Serenade does it (Kersbergen, Sprangers & Schelter 2022)
    VmisKnn,
    /// What reads like the last items
    TfIdf,
}

/// Settings of the baselines; each has some of them.
#[derive(Debug, Clone, Args)]
struct Tuning {
    /// Visits that vote, or items that are alike to one [default: 100]
    #[arg(long, value_name = "K", value_parser = count)]
    neighbours: Option<usize>,
    /// Newest visits that are compared [default: vs-knn 1000, vmis-knn 500]
    #[arg(long, value_name = "M", value_parser = count)]
    sample: Option<usize>,
    /// The shopper's newest steps that count [default: item-knn 1, vs-knn all, vmis-knn 9,
    /// tf-idf 5]
    #[arg(long, value_name = "N", value_parser = count)]
    last: Option<usize>,
    /// What a step weighs in tf-idf against the one after it [default: 0.6]
    #[arg(long, value_name = "X", value_parser = decay)]
    decay: Option<f64>,
    /// What is recent: the newest share of the visits, or days like 7d [default: 0.1]
    #[arg(long, value_name = "SHARE|DAYS")]
    window: Option<Window>,
}

/// What judging came to.
#[derive(Serialize)]
struct Judged {
    protocol: &'static str,
    exclude_seen: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    only: Vec<String>,
    #[serde(flatten)]
    report: Report,
    baseline: About,
}

#[derive(Serialize)]
struct About {
    name: String,
    settings: serde_json::Value,
    n_items: usize,
    train_sessions: usize,
    build_seconds: f64,
}

/// Builds the baseline, ranks every case and prints the metrics; always true.
///
/// # Errors
/// - The baseline lacks a setting that was given, or the catalogue that it needs.
/// - A file is both to be predicted and known before.
/// - A log or the catalogue cannot be read, or the training log has no times for days.
/// - The log has nothing to predict, or shares no item with what there is to rank.
pub fn run(args: &BaselineArgs) -> Result<bool> {
    args.check()?;
    let (log, _) = args.judging.read_log(&args.train)?;
    let judging = args.judging.read()?;
    let started = Instant::now();
    let visits = Visits::new(&log, judging.catalog.as_ref());
    let (formula, settings) = args.formula(&visits, &judging)?;
    let build_seconds = started.elapsed().as_secs_f64();
    check_shared(&visits, &judging.test)?;
    let judged = Judged {
        protocol: args.judging.protocol.name(),
        exclude_seen: args.judging.exclude_seen,
        only: args.judging.only(),
        report: args.judge(&Baseline::new(&visits, formula), &judging)?,
        baseline: About {
            name: args.name.word(),
            settings,
            n_items: visits.n_items(),
            train_sessions: visits.steps().len(),
            build_seconds,
        },
    };
    show(Form::of(args.json), &judged, || judged.text(&args.judging))?;
    Ok(true)
}

/// Refuses a log of which nothing can be ranked: one of the files has the wrong column.
fn check_shared(visits: &Visits, test: &Log) -> Result<()> {
    if test.items.iter().any(|id| visits.find(id).is_some()) {
        return Ok(());
    }
    let first = |items: &[Box<str>]| items.first().map_or_else(String::new, Box::to_string);
    bail!(
        "--events and --train share no item: the one has ids like `{}`, the other like `{}`; \
         map the right column with --column item_id=NAME",
        first(&test.items),
        first(visits.items()),
    )
}

impl BaselineArgs {
    fn check(&self) -> Result<()> {
        self.judging.check_apart("--train", &self.train)?;
        let known = self.name.settings();
        if let Some(given) = self.tuning.given().into_iter().find(|given| !known.contains(given)) {
            let word = self.name.word();
            match known {
                [] => bail!("{given}: {word} has no settings; leave it out"),
                _ => bail!("{given}: {word} has no such setting; it has {}", known.join(", ")),
            }
        }
        if self.name == Name::TfIdf && !self.judging.has_catalog() {
            bail!("tf-idf compares the texts of products: name their file with --catalog");
        }
        Ok(())
    }

    fn judge(&self, baseline: &Baseline<'_>, judging: &Judging) -> Result<Report> {
        let options =
            Options { segments: self.json, beyond: self.json, ..self.judging.options(judging) };
        let cases = self.judging.cases(judging)?;
        let bar = bar(&cases, 1);
        let report = evaluate(baseline, &cases, &options, &|n| bar.advance(n));
        bar.finish();
        Ok(report)
    }

    /// The formula of the name, and its settings as JSON tells them.
    fn formula<'a>(
        &self,
        visits: &'a Visits,
        judging: &Judging,
    ) -> Result<(Box<dyn Score + 'a>, serde_json::Value)> {
        let tuning = &self.tuning;
        Ok(match self.name {
            Name::Popularity => (Box::new(Popularity::new(visits)), json!({})),
            Name::RecentPopularity => {
                let window = tuning.window.unwrap_or(Window::Share(0.1));
                let recent = Popularity::recent(visits, window).context("--window")?;
                (Box::new(recent), json!({ "window": window.to_string() }))
            }
            Name::Successors => (Box::new(Successors::new(visits)), json!({})),
            Name::ItemKnn => {
                let settings = tuning.item_knn();
                let told = json!({ "neighbours": settings.neighbours, "last": settings.last });
                (Box::new(ItemKnn::new(visits, settings)), told)
            }
            Name::VsKnn | Name::VmisKnn => {
                let settings = tuning.session_knn(self.name);
                let last = (settings.last < usize::MAX).then_some(settings.last);
                let (neighbours, sample) = (settings.neighbours, settings.sample);
                let told = json!({ "neighbours": neighbours, "sample": sample, "last": last });
                (Box::new(SessionKnn::new(visits, settings)), told)
            }
            Name::TfIdf => {
                let settings = tuning.content();
                let told = json!({ "last": settings.last, "decay": settings.decay });
                let catalog = judging.catalog.as_ref().context("tf-idf needs --catalog")?;
                // What says which cases are judged must not help to find the answer.
                let unread = self.judging.only_columns();
                (Box::new(Content::new(visits, catalog, &unread, settings)), told)
            }
        })
    }
}

impl Name {
    fn word(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The flags it heeds.
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Popularity | Self::Successors => &[],
            Self::RecentPopularity => &["--window"],
            Self::ItemKnn => &["--neighbours", "--last"],
            Self::VsKnn | Self::VmisKnn => &["--neighbours", "--sample", "--last"],
            Self::TfIdf => &["--last", "--decay"],
        }
    }
}

impl Tuning {
    /// The flags that were given.
    fn given(&self) -> Vec<&'static str> {
        let flags = [
            ("--neighbours", self.neighbours.is_some()),
            ("--sample", self.sample.is_some()),
            ("--last", self.last.is_some()),
            ("--decay", self.decay.is_some()),
            ("--window", self.window.is_some()),
        ];
        flags.into_iter().filter_map(|(flag, is_given)| is_given.then_some(flag)).collect()
    }

    fn item_knn(&self) -> ItemKnnSettings {
        let defaults = ItemKnnSettings::default();
        ItemKnnSettings {
            neighbours: self.neighbours.unwrap_or(defaults.neighbours),
            last: self.last.unwrap_or(defaults.last),
        }
    }

    fn session_knn(&self, name: Name) -> SessionKnnSettings {
        let defaults = match name {
            Name::VmisKnn => SessionKnnSettings::VMIS,
            _ => SessionKnnSettings::VS,
        };
        SessionKnnSettings {
            neighbours: self.neighbours.unwrap_or(defaults.neighbours),
            sample: self.sample.unwrap_or(defaults.sample),
            last: self.last.unwrap_or(defaults.last),
            ..defaults
        }
    }

    fn content(&self) -> ContentSettings {
        let defaults = ContentSettings::default();
        ContentSettings {
            last: self.last.unwrap_or(defaults.last),
            decay: self.decay.unwrap_or(defaults.decay),
        }
    }
}

/// ` (last 5, decay 0.6)`, or nothing.
fn in_words(settings: &serde_json::Value) -> String {
    let pair = |(name, value): (&String, &serde_json::Value)| match value {
        serde_json::Value::Null => format!("{name} all"),
        serde_json::Value::String(text) => format!("{name} {text}"),
        _ => format!("{name} {value}"),
    };
    let pairs: Vec<String> = settings.as_object().into_iter().flatten().map(pair).collect();
    if pairs.is_empty() { String::new() } else { format!(" ({})", pairs.join(", ")) }
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count > 0 => Ok(count),
        _ => Err("give a whole number of at least 1".to_owned()),
    }
}

fn decay(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(decay) if decay > 0.0 && decay <= 1.0 => Ok(decay),
        _ => Err("give a number above 0 and at most 1".to_owned()),
    }
}

impl Judged {
    fn text(&self, judging: &JudgingArgs) -> String {
        let About { name, settings, n_items, train_sessions, build_seconds } = &self.baseline;
        let several = judging.protocol.has_several_answers();
        let metrics = if several { &Accuracy::ALL[..] } else { &Accuracy::OF_ONE_ANSWER };
        format!(
            "{name}{}: {n_items} items, {train_sessions} training sessions, built in \
             {build_seconds:.0} s; {}\n\n{}",
            in_words(settings),
            judging.manner(),
            self.report.text(metrics),
        )
    }
}
