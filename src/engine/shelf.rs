use crate::model::Model;
use crate::types::{ItemIx, Lift, Signal, Spread, Tally};

/// What standing on the same shelf is worth beside the same direction, which is worth 1.
const SAME_SHELF: f32 = 0.25;

/// What items gain by standing near `page`: `scale · 0.25 · (levels of the path that agree) /
/// (levels of the page's path)`. `None` where the page stands nowhere.
pub(super) fn lift(model: &Model, page: ItemIx, scale: f32) -> Option<Lift> {
    let attributes = model.attributes();
    let field = attributes.field("category")?;
    let terms = attributes.terms("category")?;
    let path = terms.of(page);
    if path.is_empty() {
        return None;
    }
    let mut worth = vec![0.0; terms.n_terms()];
    for &term in path {
        worth[term as usize] = scale * SAME_SHELF * ratio(1, path.len());
    }
    let spread = Spread::Terms { field, worth, tally: Tally::Sum };
    Some(Lift { signal: Signal::Affinity { field }, spread })
}

#[expect(clippy::cast_precision_loss, reason = "a path has a few levels")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole as f32
}
