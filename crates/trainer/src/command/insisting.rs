//! Rules and filters as commands take them.

use anyhow::{Context, Result, anyhow};
use clap::Args;
use mercer::model::Model;
use mercer::rules::{RuleNote, RuleSet, filter};
use mercer::types::{Condition, Data};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a slate is bound by.
#[derive(Debug, Args)]
pub(super) struct Insisting {
    /// The shop's rules, a JSON file (docs/rules.md)
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// What must be true of every item, for example {"brand": "Acme", "maxPrice": 80}
    #[arg(long, value_name = "JSON")]
    filter: Option<String>,
}

impl Insisting {
    /// The rules, resolved to a model; what is to be noted of them goes to stderr.
    pub(super) fn rules(&self, model: &Model) -> Result<Option<RuleSet>> {
        let Some(path) = &self.rules else { return Ok(None) };
        let read = RuleSet::read(&declared(path)?, model);
        let (rules, notes) = read.map_err(|error| anyhow!("{}: {error}", path.display()))?;
        tell(&notes)?;
        Ok(Some(rules))
    }

    /// The filter, resolved to a model; what is to be noted of it goes to stderr.
    pub(super) fn filter(&self, model: &Model) -> Result<Option<Condition>> {
        let Some(text) = &self.filter else { return Ok(None) };
        let data: Data = serde_json::from_str(text)
            .with_context(|| format!("--filter `{text}` is no JSON; quote it for the shell"))?;
        let (condition, notes) = filter::read(&data, model).context("--filter")?;
        tell(&notes)?;
        Ok(Some(condition))
    }
}

/// What a file of rules holds, not yet understood.
pub(super) fn declared(path: &Path) -> Result<Data> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{shown}: the rules cannot be read"))?;
    serde_json::from_str(&text).with_context(|| format!("{shown}: the rules are no JSON"))
}

/// What is probably not meant is no error, as on the device.
fn tell(notes: &[RuleNote]) -> Result<()> {
    for note in notes {
        writeln!(std::io::stderr(), "note: {note}")?;
    }
    Ok(())
}
