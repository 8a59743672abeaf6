//! How do imported vectors and those of the catalogue come together?

use super::rows::Rows;
use super::settings::ContentSettings;
use super::svd::svd;
use super::{Content, unit};
use crate::ingest::Embeddings;
use ndarray::{Array2, Axis, concatenate};

impl Content {
    /// The imported vectors of the items, and nothing else; reduced where they have more than
    /// `settings.dim` coordinates.
    pub fn from_embeddings(
        embeddings: &Embeddings,
        items: &[String],
        settings: &ContentSettings,
    ) -> Self {
        let vectors = reduced(imported(embeddings, items), settings);
        Self { vectors, features: None, lexicon: None }
    }

    /// Joins imported vectors to those of the catalogue: the two blocks, each of length 1, side
    /// by side, reduced to `settings.dim` coordinates. An item that one of them does not know has zeros
    /// there.
    ///
    /// A later product brings no imported vector, so there is no lexicon to it.
    #[must_use]
    pub fn with_embeddings(
        self,
        embeddings: &Embeddings,
        items: &[String],
        settings: &ContentSettings,
    ) -> Self {
        let imported = imported(embeddings, items);
        let joined = concatenate(Axis(1), &[self.vectors.view(), imported.view()])
            .expect("both have a row for each item");
        Self { vectors: reduced(joined, settings), features: self.features, lexicon: None }
    }
}

/// The imported vector of each item at length 1; zeros where there is none.
fn imported(embeddings: &Embeddings, items: &[String]) -> Array2<f32> {
    let mut vectors = Array2::zeros((items.len(), embeddings.dim()));
    for (id, mut vector) in items.iter().zip(vectors.rows_mut()) {
        if let Some(known) = embeddings.find(id) {
            vector.assign(&known);
            unit(vector.as_slice_mut().expect("rows of a matrix in row order"));
        }
    }
    vectors
}

/// The rows in their `settings.dim` strongest directions, each at length 1.
fn reduced(mut vectors: Array2<f32>, settings: &ContentSettings) -> Array2<f32> {
    if vectors.ncols() > settings.dim {
        let mut rows = Rows::new(vectors.ncols());
        for row in vectors.rows() {
            rows.push((0..).zip(row.iter().copied()).filter(|(_, value)| *value != 0.0));
        }
        let loadings = svd(&rows, settings.dim, settings.seed).loadings;
        vectors = vectors.dot(&loadings);
    }
    for mut vector in vectors.rows_mut() {
        unit(vector.as_slice_mut().expect("rows of a matrix in row order"));
    }
    vectors
}
