//! What a model file holds beside the model: what the catalogue says of its
//! items, what is bought together, what a moment says.

use crate::features::priors::{PriorSettings, priors};
use crate::features::{attributes, companions};
use crate::ingest::Catalog;
use crate::log::Log;
use crate::split::Share;
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use mercer::model::{Attributes, ModelParts};
use serde_json::{Value, json};

/// What a file holds beside the model.
#[derive(Debug, Args)]
pub(super) struct BesideArgs {
    /// Pack a further column of the catalogue, so that rules and filters can name it; repeatable
    #[arg(long, value_name = "NAME")]
    attribute: Vec<String>,
    /// Which of the catalogue's columns to pack
    #[arg(long, value_name = "WHICH", value_enum, default_value = "auto")]
    attributes: Which,
    /// Minutes the shop's clock is ahead of UTC, for what is chosen at which hour
    #[arg(long, value_name = "MINUTES", default_value_t = 0,
          value_parser = clap::value_parser!(i64).range(-840..=840))]
    utc_offset: i64,
}

/// Which attributes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Category, brand, price, availability, group, the day a product was added, and every
    /// --attribute
    Auto,
    /// None at all
    None,
}

impl BesideArgs {
    /// Refuses arguments that contradict each other, before anything is read.
    ///
    /// # Errors
    /// A column is asked for, and no attributes, or there is no catalogue.
    pub(super) fn check(&self, has_catalog: bool) -> Result<()> {
        let Some(name) = self.attribute.first() else { return Ok(()) };
        if self.attributes == Which::None {
            bail!("--attribute {name}: --attributes none packs nothing; leave one of them out");
        }
        if !has_catalog {
            bail!("--attribute {name}: attributes come from the catalogue; give --catalog FILE");
        }
        Ok(())
    }

    /// What the catalogue says of `items`, as far as it is to be packed.
    ///
    /// # Errors
    /// The catalogue has no column that was asked for.
    pub(super) fn attributes(
        &self,
        catalog: Option<&Catalog>,
        items: &[String],
    ) -> Result<Option<Attributes>> {
        match catalog.filter(|_| self.attributes == Which::Auto) {
            None => Ok(None),
            Some(catalog) => attributes(catalog, items, &self.attribute).context("--attribute"),
        }
    }

    /// Adds what the log says of baskets and moments; returns what the file says of it.
    pub(super) fn add(&self, parts: &mut ModelParts, log: &Log, min_sessions: u32) -> Value {
        parts.companions = companions(log, &parts.items, min_sessions);
        let settings = PriorSettings { min_sessions, offset_minutes: self.utc_offset };
        let shop = (parts.items.as_slice(), parts.attributes.as_ref());
        let found = priors(log, crate::split::parts(log, Share::TENTH), shop, settings);
        parts.priors = found.parts;
        parts.signals.extend(found.signals);
        parts.signals.sort_by(|a, b| a.0.cmp(&b.0));
        json!({ "utc_offset_minutes": self.utc_offset, "found": found.findings })
    }
}
