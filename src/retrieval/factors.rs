use crate::kernels::{TopK, dots, quantise_i8};
use crate::model::Model;
use crate::types::{ItemIx, Mask};

/// The `k` items with the highest `temperature · direction·e_i + bias_i` that the mask lets
/// through, best first. `direction` is a unit vector, `[dim]`, rounded to eight bits here.
#[expect(clippy::cast_precision_loss, reason = "512 × 127² stays below 2^24")]
pub fn nearest(model: &Model, direction: &[f32], mask: &Mask, k: usize) -> Vec<ItemIx> {
    let (query, step) = quantise_i8(direction);
    let scale = model.encoder().temperature * step;
    let (norms, biases) = (model.inverse_norms(), model.biases());
    let mut top = TopK::new(k);
    dots(&query, model.rows(), |row, dot| {
        let item = ItemIx::from_usize(row);
        let score = dot as f32 * norms[row] * scale + biases[row];
        if !top.is_beyond(score) && mask.allows(item) {
            top.push(item.0, score);
        }
    });
    top.into_sorted().into_iter().map(|(ix, _)| ItemIx(ix)).collect()
}
