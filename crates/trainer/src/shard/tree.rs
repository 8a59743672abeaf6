//! Clusters of the item space: halved again and again, until each is small enough.

use mercer::model::Factors;
use mercer::rng::Rng;
use mercer::types::ItemIx;

/// Rows that the two middles of a cluster are learned from, at most.
const MAX_SAMPLE: usize = 2000;
/// Rounds in which they are learned.
const ROUNDS: usize = 6;
/// The least part of a cluster that its smaller half holds.
const LEAST_PART: usize = 4;

/// A cluster.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cluster {
    /// Its items.
    pub(super) items: Vec<ItemIx>,
    /// Their middle, of length 1 unless they have none, `[dim]`.
    pub(super) centroid: Vec<f32>,
}

/// Clusters of at most `most` items, `most` above 0, which hold every item once. Those that lie
/// near each other stand near each other. Bisecting k-means (Steinbach, Karypis & Kumar 2000) by
/// direction; departure: no half is smaller than a quarter, so that halving ends soon.
pub(super) fn clusters(factors: &Factors, most: usize) -> Vec<Cluster> {
    let n_items = factors.biases().len();
    let mut rng = Rng::new(1);
    let mut waiting = vec![(0..n_items).map(ItemIx::from_usize).collect::<Vec<_>>()];
    let mut done = Vec::new();
    while let Some(items) = waiting.pop() {
        if items.len() <= most {
            let centroid = middle(factors, &items);
            done.push(Cluster { items, centroid });
        } else {
            let (left, right) = halves(factors, items, &mut rng);
            waiting.push(right);
            waiting.push(left);
        }
    }
    done
}

fn halves(factors: &Factors, items: Vec<ItemIx>, rng: &mut Rng) -> (Vec<ItemIx>, Vec<ItemIx>) {
    let axis = axis(factors, &items, rng);
    let mut places: Vec<(f32, ItemIx)> =
        items.into_iter().map(|item| (along(factors, item, &axis), item)).collect();
    places.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let least = (places.len() / LEAST_PART).max(1);
    let middle = places.partition_point(|(place, _)| *place < 0.0);
    let right = places.split_off(middle.clamp(least, places.len() - least));
    let items = |places: Vec<(f32, ItemIx)>| places.into_iter().map(|(_, item)| item).collect();
    (items(places), items(right))
}

/// From one of two middles to the other: an item is nearer to the second where its product with
/// this is above 0.
fn axis(factors: &Factors, items: &[ItemIx], rng: &mut Rng) -> Vec<f32> {
    let sample: Vec<ItemIx> = if items.len() <= MAX_SAMPLE {
        items.to_vec()
    } else {
        (0..MAX_SAMPLE).map(|_| items[rng.below(items.len())]).collect()
    };
    let least_like = |of: &[f32]| {
        let nearness = |item: &&ItemIx| along(factors, **item, of);
        sample.iter().min_by(|a, b| nearness(a).total_cmp(&nearness(b))).copied()
    };
    let unit = |item: Option<ItemIx>| middle(factors, item.as_slice());
    let first = unit(least_like(&middle(factors, &sample)));
    let mut ends = (unit(least_like(&first)), first);
    for _ in 0..ROUNDS {
        let axis = minus(&ends.1, &ends.0);
        let (left, right): (Vec<ItemIx>, Vec<ItemIx>) =
            sample.iter().partition(|item| along(factors, **item, &axis) < 0.0);
        if left.is_empty() || right.is_empty() {
            break;
        }
        ends = (middle(factors, &left), middle(factors, &right));
    }
    minus(&ends.1, &ends.0)
}

fn minus(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// The direction of the sum of items' directions; zeros where there is none.
fn middle(factors: &Factors, items: &[ItemIx]) -> Vec<f32> {
    let mut sum = vec![0.0; factors.dim()];
    for &item in items {
        let scale = factors.inverse_norm(item);
        for (sum, &code) in sum.iter_mut().zip(factors.row(item)) {
            *sum += scale * f32::from(code);
        }
    }
    let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        for x in &mut sum {
            *x /= length;
        }
    }
    sum
}

/// The direction of an item times `axis`.
fn along(factors: &Factors, item: ItemIx, axis: &[f32]) -> f32 {
    let row = factors.row(item).iter();
    let product: f32 = row.zip(axis).map(|(&code, x)| f32::from(code) * x).sum();
    product * factors.inverse_norm(item)
}
