//! One row: a model trained with the defaults and judged, and the baselines on the same cases.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::files::Files;
use super::measure::{self, Ran};
use super::rows::{Row, Task};
use crate::process::{command, target_dir};

/// The command `mercer`, and the folder that holds the folders of data.
pub(in crate::command) struct Bench {
    pub(in crate::command) mercer: PathBuf,
    pub(in crate::command) data: PathBuf,
}

/// What a model came to.
pub(in crate::command) struct Measured {
    pub(in crate::command) train: Ran,
    pub(in crate::command) evaluate: Ran,
    /// What `mercer inspect` says of the file.
    pub(in crate::command) inspect: Value,
}

impl Bench {
    /// Whether the data of this row is there.
    pub(in crate::command) fn has(&self, row: &Row) -> bool {
        self.data.join(row.folder).join("train.tsv.gz").is_file()
    }

    /// Trains with the defaults and `extra` words, and judges the file.
    ///
    /// # Errors
    /// - a file of the row is missing or odd;
    /// - `mercer` fails.
    pub(in crate::command) fn measure(&self, row: &Row, extra: &[&str]) -> Result<Measured> {
        let files = self.files(row)?;
        let mut train = self.command("train");
        train.arg("--events").arg(training_log(row, &files)?);
        if let Some(catalog) = files.catalog_for_training()? {
            train.arg("--catalog").arg(catalog);
        }
        let train = measure::run(train.args(extra).arg("--json").arg("--out").arg(files.model()))?;
        let mut evaluate = self.command("evaluate");
        evaluate.arg("--model").arg(files.model());
        say_how(&mut evaluate, row, &files)?;
        let evaluate = measure::run(&mut evaluate)?;
        let mut inspect = self.command("inspect");
        inspect.arg("--json").arg("--model").arg(files.model());
        Ok(Measured { train, evaluate, inspect: measure::run(&mut inspect)?.json })
    }

    /// Judges a baseline on the cases of the row.
    ///
    /// # Errors
    /// As [`Self::measure`].
    pub(super) fn baseline(&self, row: &Row, name: &str) -> Result<Ran> {
        let files = self.files(row)?;
        let mut baseline = self.command("baseline");
        baseline.arg(name).arg("--train").arg(training_log(row, &files)?);
        if let Some(catalog) = files.catalog_for_training()?.filter(|_| row.task != Task::ColdItem)
        {
            baseline.arg("--catalog").arg(catalog);
        }
        say_how(&mut baseline, row, &files)?;
        measure::run(&mut baseline)
    }

    fn files(&self, row: &Row) -> Result<Files> {
        Files::new(self.data.join(row.folder), target_dir().join("accuracy").join(row.name))
    }

    fn command(&self, word: &str) -> Command {
        let mut command = command(&self.mercer);
        command.arg(word);
        command
    }
}

fn training_log(row: &Row, files: &Files) -> Result<PathBuf> {
    match row.task {
        Task::EveryPrefix | Task::LastItem => Ok(files.log("train")),
        Task::ColdItem => files.log_without_cold(),
    }
}

/// The words that say which cases are judged.
fn say_how(command: &mut Command, row: &Row, files: &Files) -> Result<()> {
    command.args(["--json", "--at", row.task.at()]).arg("--events").arg(files.log("test"));
    if row.task != Task::EveryPrefix {
        command.arg("--history").arg(files.log("train")).arg(files.log("valid"));
        command.args(["--protocol", "last-item", "--exclude-seen"]);
    }
    if row.task == Task::ColdItem {
        let catalog = files.catalog().context("there is no items.tsv.gz")?;
        command.arg("--catalog").arg(catalog).args(["--only", "cold_holdout=1"]);
    }
    Ok(())
}

/// A metric of what `evaluate` or `baseline` printed.
///
/// # Errors
/// - there is no such metric.
pub(in crate::command) fn metric(ran: &Ran, name: &str) -> Result<f64> {
    ran.json["metrics"][name].as_f64().with_context(|| format!("the result has no {name}"))
}

/// The folder `path` names, from where the command was given.
pub(in crate::command) fn data_folder(path: Option<&str>) -> PathBuf {
    match path {
        Some(path) => Path::new(path).to_owned(),
        None => crate::process::root().join("../shared/data"),
    }
}
