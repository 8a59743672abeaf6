//! Which items a cluster sends for: those that a shopper who is after something in it would be
//! shown, whichever cluster they lie in.

use super::tree::Cluster;
use mercer::kernels::{CodeWidth, Scan, TopK, inverse_norm, quantise_along, quantise_i8};
use mercer::model::{Factors, Model};
use mercer::types::ItemIx;

/// How many items of the clusters nearest to one are looked at for it.
const AROUND: usize = 12_000;
/// How many of them may be asked for.
const CANDIDATES: usize = 1000;
/// How long the slate of each of its items is.
const SLATE: usize = 40;

/// How often sessions were on an item of which the file tells nothing, because fewer stood behind
/// it than are told of. Most of a large catalogue are such: at next to nothing each, the few that
/// are told of would decide alone what is sent for.
const UNTOLD: f64 = 1.0;

/// How often sessions were on an item, as the file tells, and a little more.
pub(super) fn weight(model: &Model, item: ItemIx) -> f64 {
    UNTOLD + f64::from(model.popularity()[item.at()]).exp_m1()
}

/// Clusters, with what tells which lie near each other.
pub(super) struct Surroundings<'a> {
    model: &'a Model,
    factors: &'a Factors,
    clusters: &'a [Cluster],
    /// Where each lies, `[n_clusters, dim]`, row-major.
    codes: Vec<i8>,
    inverse_norms: Vec<f32>,
}

/// Some items with what their score is made of, in one piece.
struct Rows {
    items: Vec<ItemIx>,
    codes: Vec<i8>,
    scales: Vec<f32>,
    biases: Vec<f32>,
}

impl<'a> Surroundings<'a> {
    /// `factors` are those of the model.
    pub(super) fn of(model: &'a Model, factors: &'a Factors, clusters: &'a [Cluster]) -> Self {
        let codes: Vec<i8> =
            clusters.iter().flat_map(|c| quantise_along(&c.centroid, CodeWidth::Eight)).collect();
        let inverse_norms = codes.chunks_exact(factors.dim()).map(inverse_norm).collect();
        Self { model, factors, clusters, codes, inverse_norms }
    }

    /// The items that visits of one look at an item of the cluster would be shown, those shown
    /// most first; each look counts as often as sessions were on its item, and each place in the
    /// slate one over the root of its number.
    pub(super) fn demand(&self, cluster: &Cluster) -> Vec<ItemIx> {
        let near = self.rows(&self.near(cluster));
        let middle: Vec<ItemIx> =
            self.slate(&near, &cluster.centroid, CANDIDATES).map(|at| near.items[at]).collect();
        let candidates = self.rows(&middle);
        let mut demand = vec![0.0; candidates.items.len()];
        for &item in &cluster.items {
            let norm = self.factors.inverse_norm(item);
            let row = self.factors.row(item).iter();
            let direction: Vec<f32> = row.map(|&code| f32::from(code) * norm).collect();
            let weight = weight(self.model, item);
            for (at, place) in self.slate(&candidates, &direction, SLATE).zip(1_u8..) {
                demand[at] += weight / f64::from(place).sqrt();
            }
        }
        // Those that no such visit would be shown come last, nearest first, as they are.
        let mut order: Vec<(f64, ItemIx)> = demand.into_iter().zip(candidates.items).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        order.into_iter().map(|(_, item)| item).collect()
    }

    /// The items of the clusters nearest to one, whole clusters of them.
    fn near(&self, cluster: &Cluster) -> Vec<ItemIx> {
        let (query, step) = quantise_i8(&cluster.centroid);
        let mut sums = vec![0.0; self.clusters.len()];
        Scan::new(&query, step, CodeWidth::Eight).add(&self.codes, &self.inverse_norms, &mut sums);
        let mut order: Vec<usize> = (0..sums.len()).collect();
        order.sort_by(|&a, &b| sums[b].total_cmp(&sums[a]).then(a.cmp(&b)));
        let mut items = Vec::with_capacity(2 * AROUND);
        for at in order {
            if items.len() >= AROUND {
                break;
            }
            items.extend_from_slice(&self.clusters[at].items);
        }
        items
    }

    fn rows(&self, items: &[ItemIx]) -> Rows {
        let Self { model, factors, .. } = self;
        Rows {
            items: items.to_vec(),
            codes: items.iter().flat_map(|&item| factors.row(item)).copied().collect(),
            scales: items.iter().map(|&item| factors.scale(item)).collect(),
            biases: items.iter().map(|&item| model.bias(item)).collect(),
        }
    }

    /// Where among some items the best for a direction stand, the best first.
    fn slate(&self, rows: &Rows, direction: &[f32], k: usize) -> impl Iterator<Item = usize> {
        let (query, step) = quantise_i8(direction);
        let scale = self.factors.interest().temperature() * step;
        let mut sums = rows.biases.clone();
        Scan::new(&query, scale, self.factors.width()).add(&rows.codes, &rows.scales, &mut sums);
        let mut top = TopK::new(k);
        for (at, sum) in (0..).zip(sums) {
            top.push(at, sum);
        }
        top.into_sorted().into_iter().map(|(at, _)| at as usize)
    }
}
