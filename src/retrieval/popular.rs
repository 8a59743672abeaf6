use crate::kernels::TopK;
use crate::model::Model;
use crate::types::{ItemIx, Lift, Mask};

/// The `k` items of the highest popularity and lifts that the mask lets through, with that
/// sum, best first.
pub fn popular(model: &Model, lifts: &[Lift], mask: &Mask, k: usize) -> Vec<(ItemIx, f32)> {
    let mut sums = model.popularity().to_vec();
    for lift in lifts {
        lift.add_to(&mut sums);
    }
    let mut top = TopK::new(k);
    for (ix, &sum) in (0..).zip(&sums) {
        if mask.allows(ItemIx(ix)) {
            top.push(ix, sum);
        }
    }
    top.into_sorted().into_iter().map(|(ix, sum)| (ItemIx(ix), sum)).collect()
}
