use crate::kernels::TopK;
use crate::model::Model;
use crate::types::{ItemIx, Mask};

/// The `k` most popular items that the mask lets through, with their popularity, best first.
pub fn popular(model: &Model, mask: &Mask, k: usize) -> Vec<(ItemIx, f32)> {
    let mut top = TopK::new(k);
    for (ix, &popularity) in (0..).zip(model.popularity()) {
        if mask.allows(ItemIx(ix)) {
            top.push(ix, popularity);
        }
    }
    top.into_sorted().into_iter().map(|(ix, popularity)| (ItemIx(ix), popularity)).collect()
}
