//! The features of every item as sparse rows of weights.

use super::settings::ContentSettings;
use super::vocabulary::Vocabulary;
use ndarray::ArrayView2;

/// A sparse matrix by rows, `[n_items, n_features]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Where each row starts in `columns`, and the end of the last.
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    n_columns: usize,
}

impl Rows {
    /// A matrix without rows.
    pub(super) fn new(n_columns: usize) -> Self {
        Self { starts: vec![0], columns: Vec::new(), values: Vec::new(), n_columns }
    }

    /// The number of rows.
    pub fn n_rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of columns.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: impl IntoIterator<Item = (u32, f32)>) {
        for (column, value) in row {
            self.columns.push(column);
            self.values.push(value);
        }
        self.starts.push(self.columns.len());
    }

    /// Columns, ascending, and values of a row.
    pub fn row(&self, at: usize) -> impl Iterator<Item = (usize, f32)> {
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

/// The weights of one item's features, sublinear TF-IDF times the weight of the group,
/// `(1 + ln tf)·idf·w`, brought to length 1.
pub(super) fn weights(
    keys: &[String],
    vocabulary: &Vocabulary,
    settings: &ContentSettings,
) -> Vec<(u32, f32)> {
    let mut found: Vec<u32> = keys.iter().filter_map(|key| vocabulary.find(key)).collect();
    found.sort_unstable();
    let mut row: Vec<(u32, f32)> = found
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], count_weight(same.len()) * vocabulary.weight(same[0], settings)))
        .collect();
    let norm = row.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
    if norm > 0.0 {
        row.iter_mut().for_each(|(_, value)| *value /= norm);
    }
    row
}

/// `1 + ln tf`.
#[expect(clippy::cast_precision_loss, reason = "at most a few hundred")]
fn count_weight(times: usize) -> f32 {
    1.0 + (times as f32).ln()
}
