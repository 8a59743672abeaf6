//! How do imported vectors and those of the catalogue come together?

use super::Content;
use super::lexicon::Lexicon;
use super::rows::Rows;
use super::settings::ContentSettings;
use super::svd::svd;
use crate::ingest::Embeddings;
use ndarray::{Array2, ArrayViewMut1, Axis, concatenate};

impl Content {
    /// The imported vectors of the items, and nothing else; reduced where they have more than
    /// `settings.dim` coordinates.
    pub fn from_embeddings(
        embeddings: &Embeddings,
        items: &[String],
        settings: &ContentSettings,
    ) -> Self {
        let (vectors, reduction) = reduced(imported(embeddings, items), settings);
        Self { vectors, features: None, lexicon: None, reading: None, reduction: Some(reduction) }
    }

    /// Joins imported vectors to those of the catalogue: the two blocks, each of length 1, side
    /// by side, reduced to `settings.dim` coordinates. An item that one of them does not know has
    /// zeros there.
    ///
    /// What is reduced is linear but for the last length, so each block goes on alone: the lexicon
    /// places a later product as an item without an imported vector, the reduction as one that the
    /// catalogue does not know.
    ///
    /// # Panics
    /// If `items` are not those of `self`.
    #[must_use]
    pub fn with_embeddings(
        self,
        embeddings: &Embeddings,
        items: &[String],
        settings: &ContentSettings,
    ) -> Self {
        let own = self.vectors.ncols();
        let imported = imported(embeddings, items);
        let joined = concatenate(Axis(1), &[self.vectors.view(), imported.view()])
            .expect("`items` are those of this content");
        let (vectors, directions) = reduced(joined, settings);
        let (of_own, of_imported) = directions.view().split_at(Axis(0), own);
        let onwards = |Lexicon { features, loadings }| {
            let loadings = loadings.dot(&of_own);
            Lexicon { features, loadings }
        };
        Self {
            vectors,
            features: self.features,
            lexicon: self.lexicon.map(onwards),
            reading: self.reading,
            reduction: Some(of_imported.to_owned()),
        }
    }
}

/// The imported vector of each item at length 1; zeros where there is none.
fn imported(embeddings: &Embeddings, items: &[String]) -> Array2<f32> {
    let mut vectors = Array2::zeros((items.len(), embeddings.dim()));
    for (id, mut vector) in items.iter().zip(vectors.rows_mut()) {
        if let Some(known) = embeddings.find(id) {
            vector.assign(&known);
            lengthen(vector);
        }
    }
    vectors
}

/// The rows in their `settings.dim` strongest directions, each at length 1, and those
/// directions, `[input, dim]`.
fn reduced(mut vectors: Array2<f32>, settings: &ContentSettings) -> (Array2<f32>, Array2<f32>) {
    let mut directions = Array2::eye(vectors.ncols());
    if vectors.ncols() > settings.dim {
        let mut rows = Rows::new(vectors.ncols());
        for row in vectors.rows() {
            rows.push((0..).zip(row.iter().copied()).filter(|(_, value)| *value != 0.0));
        }
        directions = svd(&rows, settings.dim, settings.seed).loadings;
        vectors = vectors.dot(&directions);
    }
    vectors.rows_mut().into_iter().for_each(lengthen);
    (vectors.as_standard_layout().into_owned(), directions)
}

/// Brings a vector to length 1, however it lies in memory; one of zeros stays. No `f32` has a
/// square that an `f64` cannot hold.
#[expect(clippy::cast_possible_truncation, reason = "a coordinate of a vector of length 1")]
fn lengthen(mut vector: ArrayViewMut1<'_, f32>) {
    let norm = vector.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    if norm > 0.0 {
        vector.mapv_inplace(|x| (f64::from(x) / norm) as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::content::{ContentSettings, content};
    use crate::ingest::{Catalog, CatalogItem, read_embeddings};

    /// Four items with one-hot vectors of five coordinates; the fourth is a zero vector.
    fn embeddings() -> Embeddings {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("v.npy");
        let dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 5)}";
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend(u16::try_from(dictionary.len()).unwrap().to_le_bytes());
        bytes.extend(dictionary.as_bytes());
        for at in 0..20 {
            let number = if at % 6 == 0 && at < 15 { 7.0_f32 } else { 0.0 };
            bytes.extend(number.to_le_bytes());
        }
        std::fs::write(&path, bytes).unwrap();
        std::fs::write(folder.path().join("v.ids.txt"), "a\nb\nc\nd\n").unwrap();
        read_embeddings(&path, None).unwrap()
    }

    fn items() -> Vec<String> {
        ["c", "a", "unknown", "d"].map(str::to_owned).to_vec()
    }

    #[test]
    fn imported_vectors_stand_at_length_one_in_the_order_of_the_items() {
        let settings = ContentSettings::default();
        let content = Content::from_embeddings(&embeddings(), &items(), &settings);
        assert_eq!(content.vectors.dim(), (4, 5));
        assert_eq!(content.vectors.row(0).to_vec(), [0.0, 0.0, 1.0, 0.0, 0.0]);
        assert_eq!(content.vectors.row(1).to_vec(), [1.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(content.n_known(), 2);
        assert!(content.lexicon.is_none());
    }

    #[test]
    fn the_longest_and_the_shortest_vectors_have_a_direction() {
        for size in [3e38, 1.0, 1e-38] {
            let mut vector = ndarray::arr1(&[0.6 * size, -0.8 * size]);
            lengthen(vector.view_mut());
            assert!((vector[0] - 0.6).abs() < 1e-6 && (vector[1] + 0.8).abs() < 1e-6, "{vector}");
        }
    }

    #[test]
    fn wide_vectors_are_reduced_and_keep_their_angles() {
        let settings = ContentSettings { dim: 2, ..ContentSettings::default() };
        let content = Content::from_embeddings(&embeddings(), &items(), &settings);
        assert_eq!(content.vectors.dim(), (4, 2));
        assert!(content.vectors.row(0).dot(&content.vectors.row(1)).abs() < 1e-5);
        assert!((content.vectors.row(0).dot(&content.vectors.row(0)) - 1.0).abs() < 1e-5);
    }

    #[test]
    fn both_kinds_of_knowledge_count_the_same() {
        let item = |id: &str, title: &str| CatalogItem {
            id: id.into(),
            title: title.into(),
            ..CatalogItem::default()
        };
        let catalog: Catalog =
            [item("a", "red cup"), item("unknown", "red cup"), item("x", "blue lamp")]
                .into_iter()
                .chain([item("c", "blue lamp")])
                .collect();
        let settings = ContentSettings::default();
        let own = content(&catalog, &items(), &settings);
        let joined = own.with_embeddings(&embeddings(), &items(), &settings);
        let likeness = |a, b| joined.vectors.row(a).dot(&joined.vectors.row(b));
        // The same title; one of the two has an imported vector too.
        assert!((likeness(1, 2) - 0.5_f32.sqrt()).abs() < 1e-4, "{}", likeness(1, 2));
        assert!(likeness(0, 1).abs() < 1e-4);
        assert!(joined.features.is_some() && joined.reading.is_some());
    }

    #[test]
    fn each_kind_of_knowledge_places_a_later_product_alone() {
        let item = |id: &str, title: &str| CatalogItem {
            id: id.into(),
            title: title.into(),
            ..CatalogItem::default()
        };
        // `d` has no imported vector, and the catalogue does not know `b`.
        let catalog: Catalog =
            [("a", "red cup"), ("d", "red lamp"), ("x", "blue lamp"), ("c", "blue cup")]
                .map(|(id, title)| item(id, title))
                .into_iter()
                .collect();
        let items = ["a", "b", "c", "d"].map(str::to_owned);
        for dim in [3, 256] {
            let settings = ContentSettings { dim, ..ContentSettings::default() };
            let own = content(&catalog, &items, &settings);
            let joined = own.with_embeddings(&embeddings(), &items, &settings);
            let (lexicon, reduction) = (joined.lexicon.unwrap(), joined.reduction.unwrap());
            let weight = |word: &str| {
                let at = lexicon.features.iter().position(|feature| feature.text == word).unwrap();
                &lexicon.loadings.row(at) * lexicon.features[at].weight
            };
            let words = weight("red") + weight("lamp");
            let vector = reduction.row(1);
            for (place, like) in [(words.view(), 3), (vector, 1)] {
                let like = joined.vectors.row(like);
                let cosine = place.dot(&like) / place.dot(&place).sqrt();
                assert!(cosine > 0.999, "{dim}: {place} beside {like}");
            }
        }
    }
}
