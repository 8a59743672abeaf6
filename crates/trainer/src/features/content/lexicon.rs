//! How does a product that the trainer never saw find its place?

use super::rows::Rows;
use super::settings::ContentSettings;
use super::vocabulary::Vocabulary;
use mercer::model::words::{self, Group};
use ndarray::{Array2, Axis};

/// The features a later product is placed by: with `tf` the times a feature stands in it,
///
/// ```text
/// vector = unit(Σ_f (1 + ln tf_f)·weight_f·loading_f)
/// ```
///
/// With all features kept, that is the vector the trainer gives an item that has no imported
/// vector.
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
    /// The word or words, the brand, the category path, the band, or `name=value`.
    pub text: String,
    /// Its inverse document frequency times the weight of its group.
    pub weight: f32,
}

impl LexiconFeature {
    /// The feature as one text: the letter of its group (`a` for the title, in the order of
    /// [`Group::ALL`]), then the feature. Ascending by bytes in the order of the lexicon.
    pub fn key(&self) -> String {
        words::key(self.group, &self.text)
    }
}

/// The most useful features: those whose part in the vectors, summed in squares over the
/// catalogue, is largest.
pub(super) fn lexicon(
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
        LexiconFeature {
            group: vocabulary.group(at),
            text: vocabulary.text(at).to_owned(),
            weight: vocabulary.weight(at, settings),
        }
    };
    Lexicon {
        features: order.iter().map(feature).collect(),
        loadings: loadings.select(Axis(0), &order),
    }
}
