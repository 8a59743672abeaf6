//! What `evaluate`, `baseline` and `compare` are asked alike: which cases, and how they are judged.

use super::input::{check_catalog, check_model, is_same, tell_rejects};
use super::only::Only;
use crate::evaluate::{
    Background, Case, Cutoffs, Options, Protocol, RatingErrors, cases, only, rating_errors,
};
use crate::fit::ratings::FAMILY as RATINGS;
use crate::ingest::{
    BytesBar, Catalog, ColumnMap, IngestReport, ReadOptions, SESSION_GAP_MS, Strictness,
    read_catalog, read_log,
};
use crate::log::Log;
use crate::progress::Bar;
use anyhow::{Result, bail};
use clap::Args;
use mercer::model::Model;
use mercer::types::Seen;
use std::path::{Path, PathBuf};

/// Which cases are judged, and how.
#[derive(Debug, Args)]
pub(super) struct JudgingArgs {
    /// Logs to predict, in any format that `train` reads
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    events: Vec<PathBuf>,
    /// What the same sessions or users did before: known to the session, never predicted
    #[arg(long, num_args = 1.., value_name = "FILE")]
    history: Vec<PathBuf>,
    /// The products: their categories, and what --only asks for
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    /// Judge only cases whose target has this value in the catalogue, for example `brand=Acme`
    /// (repeatable: all must hold)
    #[arg(long, value_name = "NAME=VALUE", requires = "catalog")]
    only: Vec<Only>,
    /// Which steps are predicted
    #[arg(long, value_enum, default_value = "every-prefix")]
    pub(super) protocol: Protocol,
    /// Lengths of slate to judge
    #[arg(long, value_name = "N,N,…", default_value = "5,10,20")]
    at: Cutoffs,
    /// Leave items that the shopper has been on out of the slate
    #[arg(long)]
    pub(super) exclude_seen: bool,
    /// Read our column OURS from the column THEIRS, for example `item_id=product_id`
    #[arg(long = "column", value_name = "OURS=THEIRS")]
    columns: Vec<String>,
    /// Make the first broken or duplicate row an error
    #[arg(long)]
    strict: bool,
    /// Threads to use [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Where every random number comes from
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(super) seed: u64,
}

/// What was read.
pub(super) struct Judging {
    pub(super) test: Log,
    test_report: IngestReport,
    history: Option<Log>,
    pub(super) catalog: Option<Catalog>,
}

impl JudgingArgs {
    /// Reads the logs and the catalogue.
    ///
    /// # Errors
    /// - A file is both to be predicted and known before.
    /// - A log or the catalogue cannot be read, or they speak of different items.
    /// - The catalogue has no such attribute or value as `--only` asks for.
    pub(super) fn read(&self) -> Result<Judging> {
        self.check_apart("--history", &self.history)?;
        let catalog = self.catalog.as_deref().map(|path| self.read_catalog(path)).transpose()?;
        let (test, test_report) = self.read_log(&self.events)?;
        if let Some(catalog) = &catalog {
            check_catalog(&test, catalog)?;
        }
        let history =
            if self.history.is_empty() { None } else { Some(self.read_log(&self.history)?.0) };
        Ok(Judging { test, test_report, history, catalog: catalog.map(|(catalog, _)| catalog) })
    }

    /// How to judge, as far as both commands ask.
    pub(super) fn options(&self, judging: &Judging) -> Options {
        let defaults = Options::default();
        Options {
            at: self.at.clone(),
            seen: if self.exclude_seen { Seen::LeaveOut } else { Seen::Include },
            threads: self.threads.map_or(defaults.threads, usize::from),
            seed: self.seed,
            background: judging.background(),
            ..defaults
        }
    }

    /// The cases that are judged.
    ///
    /// # Errors
    /// - The log has nothing to predict, or nothing that `--only` lets through.
    pub(super) fn cases<'a>(&self, judging: &'a Judging) -> Result<Vec<Case<'a>>> {
        let files = || judging.test_report.files.join(", ");
        let mut found = cases(&judging.test, judging.history.as_ref(), self.protocol);
        if found.is_empty() {
            bail!(
                "{}: nothing to predict: no session of the log has a second step; check that \
                 --column session_id=… names the right column, or give --history",
                files()
            );
        }
        for asked in &self.only {
            let catalog = judging.catalog.as_ref();
            let holds = |id: &str| {
                let item = catalog.and_then(|catalog| catalog.find(id));
                item.is_some_and(|item| asked.holds(item))
            };
            found = only(found, holds);
        }
        if found.is_empty() {
            bail!(
                "--only {}: {}: no case is left: the log has products with that in the catalogue \
                 nowhere a prediction is made; leave one out, or check --catalog",
                self.only().join(" --only "),
                files()
            );
        }
        Ok(found)
    }

    pub(super) fn read_log(&self, files: &[PathBuf]) -> Result<(Log, IngestReport)> {
        let (log, report) = read_log(files, &self.read_options()?)?;
        tell_rejects(&report)?;
        Ok((log, report))
    }

    /// What the output says of how cases are judged.
    pub(super) fn manner(&self) -> String {
        let only = self.only.iter().map(|only| format!(", only {only}"));
        let left_out = if self.exclude_seen { ", items of the session left out" } else { "" };
        format!("protocol {}{left_out}{}", self.protocol.name(), only.collect::<String>())
    }

    /// Whether a catalogue was named.
    pub(super) fn has_catalog(&self) -> bool {
        self.catalog.is_some()
    }

    /// What `--only` asks for, as given.
    pub(super) fn only(&self) -> Vec<String> {
        self.only.iter().map(Only::to_string).collect()
    }

    /// The columns of the catalogue that `--only` asks for.
    pub(super) fn only_columns(&self) -> Vec<&str> {
        self.only.iter().map(Only::name).collect()
    }

    fn read_catalog(&self, path: &Path) -> Result<(Catalog, IngestReport)> {
        let (catalog, report) = read_catalog(path, &self.read_options()?)?;
        tell_rejects(&report)?;
        self.only.iter().try_for_each(|only| only.check(&catalog, path))?;
        Ok((catalog, report))
    }

    fn read_options(&self) -> Result<ReadOptions> {
        Ok(ReadOptions {
            columns: ColumnMap::parse(&self.columns)?,
            ignored: Vec::new(),
            strictness: if self.strict { Strictness::Strict } else { Strictness::Lenient },
            session_gap_ms: SESSION_GAP_MS,
            progress: Box::new(BytesBar::default()),
        })
    }

    /// Refuses files that hold the answers; `flag` named them.
    pub(super) fn check_apart(&self, flag: &str, files: &[PathBuf]) -> Result<()> {
        let same = |path: &&PathBuf| self.events.iter().any(|other| is_same(path, other));
        match files.iter().find(same) {
            Some(path) => bail!(
                "{flag} {}: this is one of --events, so its sessions would know what is to be \
                 predicted; name what came before",
                path.display()
            ),
            None => Ok(()),
        }
    }
}

impl Judging {
    /// Refuses a model of another shop.
    pub(super) fn check_model(&self, model: &Model) -> Result<()> {
        check_model(&self.test, &self.test_report, model)
    }

    /// How far the log's ratings are from what the model predicts by those of the history, where
    /// the model learned ratings.
    pub(super) fn rating_errors(&self, model: &Model) -> Option<RatingErrors> {
        let about: serde_json::Value = serde_json::from_str(model.about()).ok()?;
        let history = self.history.as_ref().filter(|_| about["model"] == RATINGS.name)?;
        rating_errors(model, history, &self.test)
    }

    fn background(&self) -> Background {
        let items = self.catalog.iter().flat_map(Catalog::items);
        let categories =
            items.filter_map(|item| Some((&*item.id, item.category.first()?.as_str())));
        Background::default().with_categories(categories)
    }
}

/// A bar over the cases, judged by so many models, and a line that says how many there are.
pub(super) fn bar(cases: &[Case<'_>], n_models: u64) -> Bar {
    let total: u64 = cases.iter().map(|case| case.predictions.len() as u64).sum();
    let bar = Bar::new("judging", total * n_models);
    bar.say(&format!("judging {total} cases"));
    bar
}
