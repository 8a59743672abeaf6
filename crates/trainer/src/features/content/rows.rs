//! The features of every item as sparse rows of weights.

use super::extract::Group;
use super::settings::ContentSettings;
use super::vocabulary::Vocabulary;
use ndarray::ArrayView2;

/// A sparse matrix by rows, `[n_items, n_features]`.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Where each row starts in `columns`, and the end of the last.
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    n_columns: usize,
}

impl Rows {
    pub(super) fn new(n_columns: usize) -> Self {
        Self { starts: vec![0], columns: Vec::new(), values: Vec::new(), n_columns }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn n_columns(&self) -> usize {
        self.n_columns
    }

    pub(super) fn push(&mut self, row: impl IntoIterator<Item = (u32, f32)>) {
        for (column, value) in row {
            self.columns.push(column);
            self.values.push(value);
        }
        self.starts.push(self.columns.len());
    }

    /// Columns and values of a row.
    pub(super) fn row(&self, at: usize) -> impl Iterator<Item = (usize, f32)> {
        let range = self.starts[at]..self.starts[at + 1];
        let columns = self.columns[range.clone()].iter().map(|&column| column as usize);
        columns.zip(self.values[range].iter().copied())
    }

    /// Sets `to` to row `at` times `factor`, `[n_features, k]`.
    pub(super) fn project(&self, at: usize, factor: &ArrayView2<'_, f32>, to: &mut [f32]) {
        to.fill(0.0);
        for (column, value) in self.row(at) {
            let from = factor.row(column);
            let from = from.to_slice().expect("rows of a matrix in row order");
            for (to, from) in to.iter_mut().zip(from) {
                *to += value * from;
            }
        }
    }
}

/// The weights of one item's features, length 1: sublinear TF-IDF times the weight of the
/// group, `(1 + ln tf)·idf·w`, each group first brought to length `w`.
pub(super) fn weights(
    keys: &[String],
    vocabulary: &Vocabulary,
    settings: &ContentSettings,
) -> Vec<(u32, f32)> {
    let mut row: Vec<(u32, f32)> = Vec::new();
    let mut found: Vec<u32> = keys.iter().filter_map(|key| vocabulary.find(key)).collect();
    found.sort_unstable();
    for same in found.chunk_by(|a, b| a == b) {
        #[expect(clippy::cast_precision_loss, reason = "at most a few hundred")]
        let times = same.len() as f32;
        row.push((same[0], (1.0 + times.ln()) * vocabulary.idf(same[0])));
    }
    // Features are sorted by group.
    for group in row.chunk_by_mut(|a, b| vocabulary.group(a.0) == vocabulary.group(b.0)) {
        let weight = settings.weight(vocabulary.group(group[0].0));
        scale_to(group, weight, settings.apart);
    }
    scale_to(&mut row, 1.0, true);
    row
}

/// The length of a row, or of the part of it that one group gives.
fn scale_to(row: &mut [(u32, f32)], length: f32, unit: bool) {
    let norm = row.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
    if norm > 0.0 {
        let f = if unit { length / norm } else { length };
        row.iter_mut().for_each(|(_, value)| *value *= f);
    }
}

/// The group of the feature, for a caller that has no vocabulary at hand.
pub(super) const N_GROUPS: usize = Group::ALL.len();
