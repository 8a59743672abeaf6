//! What a model file holds beside the model: what the catalogue says of its items.

use crate::features::attributes;
use crate::ingest::Catalog;
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use mercer::model::Attributes;

#[derive(Debug, Args)]
pub(super) struct BesideArgs {
    /// Pack a further column of the catalogue, so that rules and filters can name it; repeatable
    #[arg(long, value_name = "NAME")]
    attribute: Vec<String>,
    /// Which of the catalogue's columns to pack
    #[arg(long, value_name = "WHICH", value_enum, default_value = "auto")]
    attributes: Which,
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
}
