//! What is known of the items beside the log, as `train` is told of it.

use crate::features::content::{Content, ContentSettings, Rows, content};
use crate::ingest::{Availability, Catalog, Embeddings, read_embeddings};
use anyhow::{Result, bail};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Where content comes from and how wide it is.
#[derive(Debug, Args)]
pub(super) struct ContentArgs {
    /// Vectors of the items that another model made: .npy, or Parquet keyed by `item_id`
    #[arg(long, value_name = "FILE")]
    embeddings: Option<PathBuf>,
    /// The ids of the rows of a .npy file, one a line [default: NAME.ids.txt beside NAME.npy]
    #[arg(long, value_name = "FILE", requires = "embeddings")]
    embedding_ids: Option<PathBuf>,
    /// Coordinates of a content vector
    #[arg(long, value_name = "N", default_value_t = ContentSettings::default().dim,
          value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=4096))]
    content_dim: usize,
    /// Features kept for placing products that come later
    #[arg(long, value_name = "N", default_value_t = ContentSettings::default().lexicon)]
    lexicon: usize,
}

impl ContentArgs {
    /// Whether vectors of another model were given.
    pub(super) fn has_embeddings(&self) -> bool {
        self.embeddings.is_some()
    }

    /// The files that are read.
    pub(super) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.embeddings.iter().chain(&self.embedding_ids)
    }

    /// Reads the vectors that are to be imported, if there are any.
    pub(super) fn read(&self) -> Result<Option<Embeddings>> {
        let Some(path) = &self.embeddings else { return Ok(None) };
        Ok(Some(read_embeddings(path, self.embedding_ids.as_deref())?))
    }

    /// The content vectors of `items`: of the catalogue, the embeddings, or both; `None` without
    /// either.
    ///
    /// # Errors
    /// The embeddings know none of the items.
    pub(super) fn build(
        &self,
        catalog: Option<&Catalog>,
        embeddings: Option<&Embeddings>,
        items: &[String],
    ) -> Result<Option<Content>> {
        if embeddings.is_some_and(|known| items.iter().all(|id| known.find(id).is_none())) {
            bail!(
                "{}: it has a vector for none of the shop's items, which have ids like `{}`; \
                 check its ids",
                self.embeddings.iter().map(|path| path.display().to_string()).collect::<String>(),
                items.first().map_or("", String::as_str),
            )
        }
        let settings = self.settings();
        let own = catalog.map(|catalog| content(catalog, items, &settings));
        Ok(match (own, embeddings) {
            (own, None) => own,
            (Some(own), Some(known)) => Some(own.with_embeddings(known, items, &settings)),
            (None, Some(known)) => Some(Content::from_embeddings(known, items, &settings)),
        })
    }

    /// What the model file says of its content.
    pub(super) fn about(&self, content: &Content) -> serde_json::Value {
        json!({
            "dim": content.vectors.ncols(),
            "items": content.n_known(),
            "features": content.features.as_ref().map_or(0, Rows::n_columns),
            "embeddings": self.embeddings.is_some(),
        })
    }

    fn settings(&self) -> ContentSettings {
        let defaults = ContentSettings::default();
        ContentSettings { dim: self.content_dim, lexicon: self.lexicon, ..defaults }
    }
}

/// The ids of the products the shop can sell. Where the catalogue does not say, it can.
pub(super) fn for_sale(catalog: &Catalog) -> impl Iterator<Item = &str> {
    let sold =
        catalog.items().iter().filter(|item| item.availability != Some(Availability::OutOfStock));
    sold.map(|item| item.id.as_ref())
}
