//! What does the catalogue say of each item, as vectors?
//!
//! *Input → output:* [`Catalog`] → [`Content`]; imported vectors of the items join in
//! ([`Content::with_embeddings`]). `docs/content.md` walks through it.
//!
//! Features are read by rules that look at all values of a column (`columns`), weighted by
//! sublinear TF-IDF (Salton & Buckley 1988), and reduced by a truncated SVD (latent semantic
//! analysis, Deerwester et al. 1990).

mod columns;
mod eigen;
mod embedded;
mod lexicon;
mod nearest;
mod rows;
mod settings;
mod svd;
mod vocabulary;

use crate::ingest::{Catalog, CatalogItem};
use columns::columns;
use mercer::model::words::{self, Columns, Described};
use ndarray::{Array1, Array2};
use vocabulary::Counter;

pub use columns::{level_separator, list_separator};
pub use lexicon::{Lexicon, LexiconFeature};
pub use mercer::model::words::{Group, N_GROUPS, members, split_levels};
pub use rows::Rows;
pub use settings::ContentSettings;

/// What is known of each item beside the log, as vectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Of length 1, `[n_items, dim]`, in the order of the items asked for; a row of zeros
    /// where nothing is known.
    pub vectors: Array2<f32>,
    /// The weights of the features `vectors` was reduced from, rows of length 1,
    /// `[n_items, n_features]`; `None` where there is no catalogue.
    pub features: Option<Rows>,
    /// From features to vectors, for products that come later and bring no imported vector;
    /// `None` where there is no catalogue.
    pub lexicon: Option<Lexicon>,
    /// How the catalogue was read, for products that come later; `None` where there is none.
    pub reading: Option<Columns>,
    /// From an imported vector at length 1 to the `vectors` of an item of which nothing else is
    /// known, but for their length, `[input, dim]`; `None` where none are imported.
    pub reduction: Option<Array2<f32>>,
}

impl Content {
    /// Of how many items anything is known.
    pub fn n_known(&self) -> usize {
        self.vectors.rows().into_iter().filter(|row| row.iter().any(|x| *x != 0.0)).count()
    }
}

/// Reads a catalogue as vectors, one for each of `items` (ids, in the order of the model).
///
/// Every product of the catalogue is learned from, also those that are not among `items`.
/// The same catalogue, items and settings give the same numbers.
///
/// # Panics
/// Never: matrices made here lie in row order.
pub fn content(catalog: &Catalog, items: &[String], settings: &ContentSettings) -> Content {
    let columns = columns(catalog);
    let vocabulary = count(catalog, &columns).vocabulary(settings.min_items, settings.max_features);
    let weights = |item| rows::weights(&keys(item, &columns), &vocabulary, settings);
    let mut all = Rows::new(vocabulary.len());
    catalog.items().iter().for_each(|item| all.push(weights(item)));
    let loadings = loadings(&all, settings);
    let lexicon = lexicon::lexicon(&all, &vocabulary, &loadings, settings);
    drop(all);
    let mut features = Rows::new(vocabulary.len());
    for id in items {
        features.push(catalog.find(id).map(weights).unwrap_or_default());
    }
    let mut vectors = Array2::zeros((items.len(), loadings.ncols()));
    for (at, mut vector) in vectors.rows_mut().into_iter().enumerate() {
        let vector = vector.as_slice_mut().expect("rows of a matrix in row order");
        features.project(at, &loadings.view(), vector);
        unit(vector);
    }
    Content {
        vectors,
        features: Some(features),
        lexicon: Some(lexicon),
        reading: Some(columns),
        reduction: None,
    }
}

/// Where each feature points, `[n_features, dim]`.
fn loadings(rows: &Rows, settings: &ContentSettings) -> Array2<f32> {
    let svd = svd::svd(rows, settings.dim, settings.seed);
    let evened = svd.values.iter().map(|value| value.powf(-settings.evenness));
    svd.loadings * evened.collect::<Array1<f32>>()
}

fn count(catalog: &Catalog, columns: &Columns) -> Counter {
    let mut counter = Counter::default();
    for item in catalog.items() {
        let mut keys = keys(item, columns);
        keys.sort_unstable();
        keys.dedup();
        counter.count(keys.iter().map(String::as_str));
    }
    counter
}

fn keys(item: &CatalogItem, columns: &Columns) -> Vec<String> {
    let product = Described {
        title: &item.title,
        description: &item.description,
        brand: &item.brand,
        category: item.category.iter().map(String::as_str).collect(),
        price: item.price,
        group: item.group.as_deref().unwrap_or_default(),
        attributes: item.attributes.iter().map(|(name, value)| (&**name, &**value)).collect(),
    };
    words::keys(&product, columns)
}

/// Brings a vector to length 1; one of zeros stays.
fn unit(vector: &mut [f32]) {
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if norm > 0.0 {
        for x in vector {
            *x /= norm;
        }
    }
}

#[cfg(test)]
mod tests;
