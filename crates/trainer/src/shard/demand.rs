//! Which items a cluster sends for: those that a shopper who is after something in it would be
//! shown, whichever cluster they lie in.

use super::tree::Cluster;
use mercer::kernels::{Scan, TopK, quantise_i8};
use mercer::model::Model;
use mercer::retrieval::nearest;
use mercer::types::{Ground, Interest, ItemIx, Mask, Reading};

/// How many items around a cluster's middle may be asked for.
const CANDIDATES: usize = 2000;
/// How long the slate of each of its items is.
const SLATE: usize = 40;

/// How often sessions were on an item, as the file tells; a little for one it tells nothing of.
pub(super) fn weight(model: &Model, item: ItemIx) -> f64 {
    0.1 + f64::from(model.popularity()[item.at()]).exp_m1()
}

/// The items that visits of one look at an item of the cluster would be shown, those shown most
/// first; each look counts as often as sessions were on its item, and each place in the slate
/// one over the root of its number.
pub(super) fn of(model: &Model, cluster: &Cluster, mask: &Mask) -> Vec<ItemIx> {
    let Some(factors) = model.factors() else { return Vec::new() };
    let interest = Interest { direction: cluster.centroid.clone(), ..Interest::default() };
    let reading =
        Reading { interest, ground: Ground::Bias, shared: &[], heard: &[], own: Vec::new() };
    let candidates = nearest(model, &reading, mask, CANDIDATES);
    let rows: Vec<i8> = candidates.iter().flat_map(|&item| factors.row(item)).copied().collect();
    let scales: Vec<f32> = candidates.iter().map(|&item| factors.scale(item)).collect();
    let biases: Vec<f32> = candidates.iter().map(|&item| model.bias(item)).collect();
    let mut demand = vec![0.0; candidates.len()];
    for &item in &cluster.items {
        let norm = factors.inverse_norm(item);
        let direction: Vec<f32> =
            factors.row(item).iter().map(|&code| f32::from(code) * norm).collect();
        let (query, step) = quantise_i8(&direction);
        let mut sums = biases.clone();
        let scale = factors.interest().temperature() * step;
        Scan::new(&query, scale, factors.width()).add(&rows, &scales, &mut sums);
        let mut top = TopK::new(SLATE);
        for (at, sum) in (0..).zip(sums) {
            top.push(at, sum);
        }
        let weight = weight(model, item);
        for ((at, _), place) in top.into_sorted().into_iter().zip(1_u8..) {
            demand[at as usize] += weight / f64::from(place).sqrt();
        }
    }
    // Those that no such visit would be shown come last, nearest first, as they are.
    let mut order: Vec<(f64, ItemIx)> = demand.into_iter().zip(candidates).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    order.into_iter().map(|(_, item)| item).collect()
}
