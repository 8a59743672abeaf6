use crate::model::{Model, Terms};
use crate::types::{ItemIx, Lift, Signal, Spread};

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
    let worth = |agreeing: usize| scale * SAME_SHELF * ratio(agreeing, path.len());
    let gain = |at: usize| {
        let item = ItemIx::from_usize(at);
        let agreeing = agreeing(terms, path, item);
        (agreeing > 0 && item != page).then(|| (item, worth(agreeing)))
    };
    let gains = (0..model.n_items()).filter_map(gain).collect();
    Some(Lift { signal: Signal::Affinity { field }, spread: Spread::Few(gains) })
}

/// How many levels of the page's path the item has, from the outermost on.
fn agreeing(terms: &Terms, path: &[u32], item: ItemIx) -> usize {
    let own = terms.of(item);
    path.iter().take_while(|term| own.contains(term)).count()
}

#[expect(clippy::cast_precision_loss, reason = "a path has a few levels")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole as f32
}
