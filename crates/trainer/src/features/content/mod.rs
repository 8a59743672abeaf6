//! What does the catalogue say of each item, as vectors?
//!
//! *Input → output:* [`Catalog`] → [`Content`].

mod bands;
mod columns;
mod eigen;
mod extract;
mod html;
mod rows;
mod settings;
mod svd;
mod tokens;
mod vocabulary;

use crate::ingest::{Catalog, CatalogItem};
use columns::Columns;
use ndarray::Array2;
use rows::Rows;
use vocabulary::{Counter, Vocabulary};

pub use extract::Group;
pub use settings::ContentSettings;

/// What the catalogue says of each item, as vectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Of length 1, `[n_items, dim]`, in the order of the items asked for; a row of zeros
    /// where nothing is known.
    pub vectors: Array2<f32>,
    /// From words to vectors, for products that come later; `None` where the vectors came
    /// from elsewhere.
    pub lexicon: Option<Lexicon>,
}

/// How a product that the trainer never saw finds its vector: with `tf` the times a feature
/// stands in it,
///
/// ```text
/// vector = unit(Σ_f (1 + ln tf_f)·weight_f·loading_f)
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Lexicon {
    /// The features, ascending by group and text.
    pub features: Vec<LexiconFeature>,
    /// Where each feature points, `[n_features, dim]`.
    pub loadings: Array2<f32>,
}

/// A feature of the lexicon.
#[derive(Debug, Clone, PartialEq)]
pub struct LexiconFeature {
    /// What it is read from.
    pub group: Group,
    /// The word or words, the category path, the band, or `name=value`.
    pub text: String,
    /// Its inverse document frequency times the weight of its group.
    pub weight: f32,
}

/// Reads a catalogue as vectors, one for each of `items` (ids, in the order of the model).
///
/// Every product of the catalogue is learned from, also those that are not among `items`.
pub fn content(catalog: &Catalog, items: &[String], settings: &ContentSettings) -> Content {
    let columns = Columns::of(catalog);
    let vocabulary = count(catalog, &columns).vocabulary(settings.min_items, settings.max_features);
    let mut rows = Rows::new(vocabulary.len());
    for item in catalog.items() {
        rows.push(rows::weights(&keys(item, &columns), &vocabulary, settings));
    }
    let mut svd = svd::svd(&rows, settings.dim, settings.seed);
    if settings.sigma != 0.0 {
        let f: Vec<f32> = svd.values.iter().map(|v| v.powf(-settings.sigma)).collect();
        svd.loadings *= &ndarray::Array1::from(f);
    }
    let mut vectors = Array2::zeros((items.len(), svd.values.len()));
    for (id, mut vector) in items.iter().zip(vectors.rows_mut()) {
        let Some(item) = catalog.find(id) else { continue };
        let vector = vector.as_slice_mut().expect("in row order");
        for (feature, weight) in rows::weights(&keys(item, &columns), &vocabulary, settings) {
            let loading = svd.loadings.row(feature as usize);
            vector.iter_mut().zip(&loading).for_each(|(to, from)| *to += weight * from);
        }
        unit(vector);
    }
    let lexicon = lexicon(&rows, &vocabulary, &svd.loadings, settings);
    Content { vectors, lexicon: Some(lexicon) }
}

/// The most useful features: those whose part in the vectors is largest.
fn lexicon(
    rows: &Rows,
    vocabulary: &Vocabulary,
    loadings: &Array2<f32>,
    settings: &ContentSettings,
) -> Lexicon {
    let mut squares = vec![0.0_f32; rows.n_columns()];
    for at in 0..rows.n_rows() {
        rows.row(at).for_each(|(feature, weight)| squares[feature] += weight * weight);
    }
    let lengths = loadings.rows().into_iter().map(|loading| loading.dot(&loading));
    let worth: Vec<f32> = squares.iter().zip(lengths).map(|(a, b)| a * b).collect();
    let mut order: Vec<usize> = (0..worth.len()).collect();
    order.sort_by(|&a, &b| worth[b].total_cmp(&worth[a]));
    order.truncate(settings.lexicon);
    order.sort_unstable();
    let feature = |&at: &usize| {
        let at = u32::try_from(at).expect("fewer than 2^32 features");
        let group = vocabulary.group(at);
        LexiconFeature {
            group,
            text: vocabulary.text(at).to_owned(),
            weight: vocabulary.idf(at) * settings.weight(group),
        }
    };
    Lexicon {
        features: order.iter().map(feature).collect(),
        loadings: loadings.select(ndarray::Axis(0), &order),
    }
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
    let mut keys = Vec::new();
    extract::features(item, columns, |group, text| keys.push(vocabulary::key(group, text)));
    keys
}

/// Brings a vector to length 1; one of zeros stays.
fn unit(vector: &mut [f32]) {
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if norm > 0.0 {
        vector.iter_mut().for_each(|x| *x /= norm);
    }
}
