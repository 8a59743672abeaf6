//! `mercer train`: a log becomes a model file.

use super::beside::BesideArgs;
use super::content::{ContentArgs, for_sale};
use super::input::{check_catalog, is_same, tell_rejects};
use super::making::{Making, Others, SizeArgs};
use super::model_file::{Form, Size, bytes, load, show};
use super::positions::{Corrected, PositionCorrection};
use crate::evaluate::{RatingErrors, Report, rating_errors};
use crate::features::{Ratings, Sequences};
use crate::fit::Fitted;
use crate::fit::families::{Choices, FAMILIES, Family, Fit, FitError, Lesson};
use crate::fit::session::Ingredient;
use crate::ingest::InputArgs;
use crate::log::Log;
use crate::progress::Epochs;
use crate::split::{Share, split};
use crate::stage::Target;
use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use serde::Serialize;
use serde_json::json;
use std::path::PathBuf;
use std::time::Instant;

/// Train a model on a log and write it as one file.
#[derive(Debug, Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "Examples:
  mercer train --events events.csv.gz --out shop.mercer
  mercer train --events jan.parquet feb.parquet --column item_id=sku --out shop.mercer
  mercer train --events events.csv.gz --holdout 0.1 --json --out shop.mercer
  mercer train --events events.csv.gz --catalog catalog.jsonl --embeddings titles.npy --out shop.mercer
  mercer train --events events.csv.gz --budget 500000 --out shop.mercer
  mercer train --events events.csv.gz --out shop.mercer --also 2=small.mercer --also 1=least.mercer
  mercer train --events events.csv.gz --model ials --out shop.mercer
  mercer train --events ratings.csv --column rating=stars --model ratings --out shop.mercer

The same log, settings, seed and number of threads give the same file, byte for byte.
An old file at --out is replaced only when the new one is complete."
)]
pub struct TrainArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    content: ContentArgs,
    #[command(flatten)]
    beside: BesideArgs,
    /// The model file to write; its folder must be there
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Which family of models to train
    #[arg(long, value_name = "NAME", default_value = FAMILIES[0].name, value_parser = family())]
    model: String,
    /// Coordinates an item vector, a multiple of 16 [default: 64]
    #[arg(long, value_name = "N")]
    dim: Option<usize>,
    #[command(flatten)]
    size: SizeArgs,
    /// Where every random number comes from
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Threads to use [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Passes over the log (session: in the rehearsal and in the fit), alternations (ials) or
    /// power iterations (svd) [default: by model]
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,
    /// Shared negatives a step (session) [default: by model]
    #[arg(long, value_name = "N")]
    negatives: Option<usize>,
    /// What a cosine is multiplied by in the fit, above 0 to 100 (session) [default: by model]
    #[arg(long, value_name = "X")]
    temperature: Option<f32>,
    /// Share of the coordinates that dropout hides (session) [default: by the passes]
    #[arg(long, value_name = "X")]
    dropout: Option<f32>,
    /// Largest learning rate (session, bpr, ratings) [default: by model]
    #[arg(long, value_name = "X")]
    rate: Option<f32>,
    /// How hard numbers are pulled to zero (ials, bpr, ratings, ease) [default: by model]
    #[arg(long, value_name = "X")]
    ridge: Option<f64>,
    /// What each step on an item adds to the confidence in it (ials) [default: by model]
    #[arg(long, value_name = "X")]
    confidence: Option<f32>,
    /// Share of the hit rate and MRR of known items that may be given up to show products
    /// without an event (session) [default: by model]
    #[arg(long, value_name = "X")]
    exposure: Option<f64>,
    /// Neighbours an item, at most (ease) [default: by model]
    #[arg(long, value_name = "N")]
    neighbours: Option<usize>,
    /// Train without these ingredients of the session model, to see what they are worth
    #[arg(long, value_enum, value_name = "NAME,…", value_delimiter = ',')]
    without: Vec<Ingredient>,
    /// Sessions that must stand behind an item's popularity, or hold both items of a pair of
    /// neighbours, before it is shipped
    #[arg(long, value_name = "K", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(1..))]
    min_sessions: u32,
    /// Weigh clicks in lists by how likely their position was looked at
    #[arg(long, value_name = "WHEN", value_enum, default_value = "auto")]
    position_correction: PositionCorrection,
    /// Keep the newest share of the sessions out of training, judge the file on it, and
    /// write the result into the file
    #[arg(long, value_name = "SHARE", default_value_t = Share::NONE)]
    holdout: Share,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What training came to.
#[derive(Serialize)]
struct Trained {
    model: PathBuf,
    size: Size,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<Other>,
    sessions: usize,
    events: usize,
    fit_seconds: f64,
    position_correction: Corrected,
    #[serde(skip_serializing_if = "Option::is_none")]
    holdout: Option<Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratings: Option<RatingErrors>,
}

/// Another file of the same fit.
#[derive(Serialize)]
struct Other {
    model: PathBuf,
    size: Size,
}

impl Other {
    fn text(&self) -> String {
        let size = &self.size;
        format!(
            "  and {}: {}, {} bits, {:.1} bytes an item\n",
            self.model.display(),
            bytes(size.bytes),
            size.bits,
            size.bytes_per_item
        )
    }
}

/// Trains, writes the file, prints what it came to; always true.
///
/// # Errors
/// - A setting is out of range, or the log, the catalogue or the embeddings cannot be read.
/// - The log has nothing to learn from or to hold out, or shares no item with the catalogue.
/// - The file cannot be written; an old one is kept.
pub fn run(args: &TrainArgs) -> Result<bool> {
    let (family, plan) = args.plan()?;
    let target = Target::check(&args.out)?;
    check_inputs(args)?;
    let inputs = args.input.events.iter().chain(&args.input.catalog).chain(args.content.files());
    let others = args.size.others(&args.out, inputs.map(PathBuf::as_path))?;
    args.beside.check(args.input.catalog.is_some())?;
    let embeddings = args.content.read()?;
    let input = args.input.read()?;
    tell_rejects(&input.log_report)?;
    if let Some(catalog) = &input.catalog {
        tell_rejects(&catalog.1)?;
        check_catalog(&input.log, catalog)?;
    }
    let files = input.log_report.files.join(", ");
    let (training, held_out) = args.hold_out(input.log)?;
    let catalog = input.catalog.as_ref().map(|(catalog, _)| catalog);
    let mut sequences = Sequences::build_with(&training, catalog.into_iter().flat_map(for_sale))
        .with_context(|| files.clone())?;
    check_choice(&sequences, &files)?;
    let attributes = args.beside.attributes(catalog, &sequences.items)?;
    let content = args.content.build(catalog, embeddings.as_ref(), &sequences.items)?;
    let ratings = Ratings::build(&training, &sequences);
    let position_correction = args.position_correction.apply(&training, &mut sequences);
    let lesson =
        Lesson { sequences: &sequences, ratings: ratings.as_ref(), content: content.as_ref() };
    let started = Instant::now();
    let fitted = args.fit(plan.as_ref(), &lesson).with_context(|| files.clone())?;
    let fit_seconds = started.elapsed().as_secs_f64();

    let mut about = args.about(&training, &sequences, plan.as_ref());
    about["weighed"] = fitted.weighed.into();
    about["content"] = content.as_ref().map(|content| args.content.about(content)).into();
    about["position_correction"] = json!(position_correction);
    let rates = family.name == crate::fit::ratings::FAMILY.name;
    if let Some(ratings) = ratings.as_ref().filter(|_| rates) {
        about["ratings"] = json!(ratings.scale);
    }
    let making = Making {
        sequences: &sequences,
        training: &training,
        held_out: &held_out,
        beside: &args.beside,
        attributes,
        reading: content.and_then(|content| content.reading),
        about,
        min_sessions: args.min_sessions,
        threads: args.threads(),
    };
    let (file, holdout) = args.size.choose(|bits, budget| making.file(&fitted, (bits, budget)))?;
    target.write(&file)?;
    let also = write_others(others, &making, &fitted)?;

    let engine = load(&args.out)?;
    let trained = Trained {
        size: Size::of(engine.model(), &args.out)?,
        model: args.out.clone(),
        also,
        sessions: sequences.n_sessions(),
        events: training.n_events(),
        fit_seconds,
        position_correction,
        holdout,
        ratings: rates.then(|| rating_errors(engine.model(), &training, &held_out)).flatten(),
    };
    show(Form::of(args.json), &trained, || trained.text())?;
    Ok(true)
}

/// Writes the other files that were asked for, judged like the first.
fn write_others(others: Others, making: &Making<'_>, fitted: &Fitted) -> Result<Vec<Other>> {
    let write = |(bits, model, target): (_, PathBuf, Target)| {
        let (file, _) = making.file(fitted, (bits, u64::MAX))?.map_err(|_| anyhow!("no limit"))?;
        target.write(&file)?;
        Ok(Other { size: Size::of(load(&model)?.model(), &model)?, model })
    };
    others.into_iter().map(write).collect()
}

impl TrainArgs {
    /// Learns, telling how it gets on.
    fn fit(&self, plan: &dyn Fit, lesson: &Lesson<'_>) -> Result<Fitted, FitError> {
        let watch = Epochs::default();
        let (items, sessions) = (lesson.sequences.n_items(), lesson.sequences.n_sessions());
        let threads = self.threads();
        watch.say(&format!("fitting {items} items on {sessions} sessions, {threads} threads"));
        let fitted = plan.fit(lesson, &watch)?;
        watch.finish();
        if !fitted.weighed && self.model == FAMILIES[0].name {
            watch.say(
                "note: too few sessions to weigh the signals on; they keep their trained weights",
            );
        }
        Ok(fitted)
    }

    /// The family that was asked for and its settings.
    fn plan(&self) -> Result<(&'static Family, Box<dyn Fit>)> {
        let family = Family::named(&self.model).context("clap knows the families")?;
        let choices = Choices {
            dim: self.dim,
            epochs: self.epochs,
            negatives: self.negatives,
            temperature: self.temperature,
            dropout: self.dropout,
            rate: self.rate,
            ridge: self.ridge,
            confidence: self.confidence,
            exposure: self.exposure,
            neighbours: self.neighbours,
            embeddings: self.content.has_embeddings(),
            without: self.without.clone(),
            min_sessions: self.min_sessions,
            seed: self.seed,
            threads: self.threads(),
        };
        if let Some(other) = choices.beside(family.settings) {
            let own: Vec<String> = family.settings.iter().map(|name| format!("--{name}")).collect();
            bail!(
                "--{other}: --model {} has no such setting; it has {}",
                family.name,
                own.join(", ")
            );
        }
        Ok((family, (family.plan)(&choices)?))
    }

    fn threads(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.map_or_else(all, usize::from)
    }

    /// Splits off the newest sessions; refuses a share that comes to none.
    fn hold_out(&self, log: Log) -> Result<(Log, Log)> {
        let (training, held_out) = split(log, self.holdout);
        if held_out.sessions.is_empty() && self.holdout != Share::NONE {
            bail!(
                "--holdout {}: that is less than one of the log's {} sessions; give a larger \
                 share, or leave it out",
                self.holdout,
                training.sessions.len()
            );
        }
        Ok((training, held_out))
    }

    /// What the file says of itself. Nothing in it depends on the clock: the same log and
    /// settings give the same bytes.
    fn about(&self, log: &Log, sequences: &Sequences, plan: &dyn Fit) -> serde_json::Value {
        let mut settings = plan.settings();
        settings["seed"] = self.seed.into();
        settings["threads"] = self.threads().into();
        let times = || log.sessions.iter().flat_map(|s| &s.events).filter_map(|e| e.time_ms);
        json!({
            "trainer": concat!("mercer ", env!("CARGO_PKG_VERSION")),
            "model": self.model,
            "log": {
                "sessions": sequences.n_sessions(),
                "events": log.n_events(),
                "items": sequences.n_items(),
                "first_ms": times().min(),
                "last_ms": times().max(),
            },
            "settings": settings,
            "min_sessions": self.min_sessions,
        })
    }
}

/// Refuses to write over what is read.
fn check_inputs(args: &TrainArgs) -> Result<()> {
    let mut inputs =
        args.input.events.iter().chain(&args.input.catalog).chain(args.content.files());
    match inputs.find(|path| is_same(path, &args.out)) {
        Some(path) => bail!("--out {}: this is an input; name another file", path.display()),
        None => Ok(()),
    }
}

/// Refuses a log that leaves nothing to choose between.
fn check_choice(sequences: &Sequences, files: &str) -> Result<()> {
    if sequences.counts().iter().filter(|steps| **steps > 0).count() > 1 {
        return Ok(());
    }
    bail!(
        "{files}: every event is about one item, so there is nothing to choose from: check that \
         --column item_id=… names the product"
    )
}

/// The families, each with its line for `--help`.
fn family() -> PossibleValuesParser {
    let value = |family: &Family| PossibleValue::new(family.name).help(family.about);
    FAMILIES.iter().map(value).into()
}

impl Trained {
    fn text(&self) -> String {
        let size = &self.size;
        let mut text = format!(
            "{}\n  {}, {} items × {} coordinates × {} bits: {:.1} bytes an item for vector and \
             bias\n  learned from {} sessions, {} events, in {:.0} s\n",
            self.model.display(),
            bytes(size.bytes),
            size.n_items,
            size.dim,
            size.bits,
            size.bytes_per_item,
            self.sessions,
            self.events,
            self.fit_seconds,
        );
        text.extend(self.also.iter().map(Other::text));
        text += &self.position_correction.text();
        if let Some(report) = &self.holdout {
            text += "\nHeld-out sessions, newest last, ranked by this file:\n\n";
            text += &report.to_string();
        }
        if let Some(errors) = &self.ratings {
            text += "\nTheir ratings: ";
            text += &errors.to_string();
        }
        text
    }
}
