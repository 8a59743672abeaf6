use crate::kernels::dots;
use crate::model::Model;
use crate::types::Scored;

/// The directions of a few items side by side, so that one is compared with all in one pass.
pub(super) struct Likeness {
    /// `[n, dim]`, row-major; empty in a model without vectors.
    rows: Vec<i8>,
    dim: usize,
    inverse_norms: Vec<f32>,
}

impl Likeness {
    pub(super) fn of(model: &Model, items: &[Scored]) -> Self {
        let Some(factors) = model.factors() else {
            return Self { rows: Vec::new(), dim: 0, inverse_norms: Vec::new() };
        };
        let mut rows = Vec::with_capacity(items.len() * factors.dim());
        for scored in items {
            rows.extend_from_slice(factors.row(scored.item));
        }
        let inverse_norms = items.iter().map(|scored| factors.inverse_norm(scored.item)).collect();
        Self { rows, dim: factors.dim(), inverse_norms }
    }

    /// Calls `each(other, cosine)` for every item, `at` itself included, in order: −1 to 1, 0
    /// where one of the two has no direction. Exact integers under two roundings.
    #[expect(clippy::cast_precision_loss, reason = "512 × 127² stays below 2^24")]
    pub(super) fn to(&self, at: usize, mut each: impl FnMut(usize, f32)) {
        let row = self.rows.get(at * self.dim..(at + 1) * self.dim).unwrap_or_default();
        if row.is_empty() {
            return;
        }
        let norm = self.inverse_norms[at];
        for (other, dot) in dots(row, &self.rows).into_iter().enumerate() {
            each(other, dot as f32 * norm * self.inverse_norms[other]);
        }
    }
}
