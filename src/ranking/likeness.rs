use crate::kernels::{dot_f32, dots};
use crate::model::{Factors, Model};
use crate::types::{ItemIx, Reading};

/// How like each step of an interest is to each of some items, all worked out at once: step by
/// step over the items' codes side by side.
pub(super) struct Likeness {
    /// `[n_steps, n_items]`, row-major; empty in a model without vectors.
    values: Vec<f32>,
    n_items: usize,
}

impl Likeness {
    pub(super) fn of(model: &Model, reading: &Reading<'_>, items: &[ItemIx]) -> Self {
        let n_items = items.len();
        let interest = &reading.interest;
        let Some(factors) = model.factors().filter(|_| !interest.steps.is_empty()) else {
            return Self { values: Vec::new(), n_items };
        };
        let mut values = Vec::with_capacity(interest.steps.len() * n_items);
        if interest.vectors.is_empty() {
            let rows = codes(factors, items);
            for (at, step) in (1..).zip(&interest.steps) {
                let norm = factors.inverse_norm(step.item);
                let query = factors.row(step.item);
                let dots = if query.is_empty() { Vec::new() } else { dots(query, &rows) };
                #[expect(clippy::cast_precision_loss, reason = "512 × 127² stays below 2^24")]
                let likeness =
                    |(dot, item): (i32, &ItemIx)| dot as f32 * norm * factors.scale(*item);
                values.extend(dots.into_iter().zip(items).map(likeness));
                // A step at none of the model's items is like nothing.
                values.resize(at * n_items, 0.0);
            }
        } else {
            let rows: Vec<f32> = codes(factors, items).into_iter().map(f32::from).collect();
            for vector in interest.vectors.chunks_exact(factors.dim()) {
                let rows = rows.chunks_exact(factors.dim()).zip(items);
                values.extend(rows.map(|(row, item)| dot_f32(vector, row) * factors.scale(*item)));
            }
        }
        Self { values, n_items }
    }

    /// How like each step is to the item at a position, in the order of the steps.
    pub(super) fn to(&self, at: usize) -> impl Iterator<Item = f32> {
        self.values.iter().skip(at).step_by(self.n_items.max(1)).copied()
    }
}

/// The codes of items side by side, `[n_items, dim]`.
fn codes(factors: &Factors, items: &[ItemIx]) -> Vec<i8> {
    let mut rows = Vec::with_capacity(items.len() * factors.dim());
    for (at, &item) in (1..).zip(items) {
        rows.extend_from_slice(factors.row(item));
        rows.resize(at * factors.dim(), 0);
    }
    rows
}
