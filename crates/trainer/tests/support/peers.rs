//! What the comparison with other implementations shares between its test and its program:
//! the split, the metrics, the settings.

#![allow(dead_code, reason = "the program alone prints some of it")]

use mercer::rng::Rng;
use mercer_trainer::features::{Interactions, Sparse};
use mercer_trainer::fit::{Unwatched, bpr, ials};
use ndarray::{Array2, Axis};
use std::collections::BTreeSet;

/// Where the slate is cut.
pub(crate) const AT: usize = 10;
/// Rows that are judged, at most: an even selection where there are more.
pub(crate) const MOST_ROWS: usize = 10_000;
/// `α` of ALS: a cell of count `r` is held with confidence `1 + α·r`.
pub(crate) const CONFIDENCE: f32 = 10.0;
/// `λ` of ALS.
pub(crate) const ALS_RIDGE: f64 = 1.0;
/// Alternations of ALS.
pub(crate) const ALS_EPOCHS: usize = 15;
/// Passes of BPR: enough to converge. After fewer, what differs is the start, not the model.
pub(crate) const BPR_EPOCHS: usize = 100;
/// `η` of BPR.
pub(crate) const BPR_RATE: f32 = 0.05;
/// `λ` of BPR.
pub(crate) const BPR_RIDGE: f32 = 0.01;
/// Coordinates of both.
pub(crate) const FACTORS: usize = 64;

/// Both sides of a factorisation, `score = row·item`.
pub(crate) struct Vectors {
    /// `[n_rows, width]`.
    pub(crate) rows: Array2<f32>,
    /// `[n_items, width]`.
    pub(crate) items: Array2<f32>,
}

/// Holds every fifth cell out, by lot; the same for the same matrix.
pub(crate) fn split(cells: &Sparse) -> (Sparse, Sparse) {
    let mut rng = Rng::new(20);
    let (held, kept): (Vec<_>, Vec<_>) = cells
        .cells()
        .map(|(row, item, value)| (row, item as usize, value))
        .partition(|_| rng.below(5) == 0);
    let part = |part: Vec<_>| Sparse::sum(cells.n_rows(), cells.n_columns(), part.into_iter());
    (part(kept), part(held))
}

/// Mercer's ALS.
pub(crate) fn als(train: &Sparse, seed: u64, threads: usize) -> Vectors {
    let counts = Interactions { sessions: train.clone(), items: train.transposed() };
    let settings = ials::Settings {
        dim: FACTORS,
        epochs: ALS_EPOCHS,
        confidence: ials::Confidence::Each(CONFIDENCE),
        ridge: ALS_RIDGE,
        steps: 3,
        seed,
        threads,
    };
    let ials::Factors { sessions, items } = ials::factorise(&counts, &settings, &Unwatched);
    Vectors { rows: sessions, items }
}

/// Mercer's BPR; the bias is the last coordinate of an item.
pub(crate) fn bpr(train: &Sparse, seed: u64, threads: usize) -> Vectors {
    let settings = bpr::Settings {
        dim: FACTORS,
        epochs: BPR_EPOCHS,
        rate: BPR_RATE,
        ridge: BPR_RIDGE,
        negatives: bpr::Negatives::ByPopularity,
        seed,
        threads,
    };
    let bpr::Factors { sessions, items, biases } = bpr::factorise(train, &settings, &Unwatched);
    let n = sessions.nrows();
    let biases = Array2::from_shape_vec((biases.len(), 1), biases).expect("one an item");
    Vectors {
        rows: ndarray::concatenate(Axis(1), &[sessions.view(), Array2::ones((n, 1)).view()])
            .expect("as many rows"),
        items: ndarray::concatenate(Axis(1), &[items.view(), biases.view()])
            .expect("as many items"),
    }
}

/// Precision and NDCG at [`AT`] as `implicit.evaluation.ranking_metrics_at_k` defines them: over
/// the rows with something held out, items of the training part left out of the ranking;
/// precision divides by `min(k, held out)`.
#[expect(clippy::cast_precision_loss, reason = "counts")]
pub(crate) fn precision_and_ndcg(vectors: &Vectors, train: &Sparse, held: &Sparse) -> (f64, f64) {
    let gains: Vec<f64> = (0..AT).map(|at| 1.0 / (at as f64 + 2.0).log2()).collect();
    let (mut found, mut possible, mut ndcg, mut n_rows) = (0, 0, 0.0, 0);
    let judged: Vec<usize> =
        (0..held.n_rows()).filter(|&row| !held.columns(row).is_empty()).collect();
    for &row in judged.iter().step_by(judged.len().div_ceil(MOST_ROWS).max(1)) {
        let liked: BTreeSet<u32> = held.columns(row).iter().copied().collect();
        let slate = best(vectors, row, train.columns(row));
        let hits: Vec<usize> = (0..slate.len()).filter(|&at| liked.contains(&slate[at])).collect();
        let most = AT.min(liked.len());
        found += hits.len();
        possible += most;
        ndcg += hits.iter().map(|&at| gains[at]).sum::<f64>() / gains[..most].iter().sum::<f64>();
        n_rows += 1;
    }
    (found as f64 / possible.max(1) as f64, ndcg / f64::from(n_rows.max(1)))
}

/// The best items of a row, best first, without those it was trained on.
fn best(vectors: &Vectors, row: usize, known: &[u32]) -> Vec<u32> {
    let scores = vectors.items.dot(&vectors.rows.row(row));
    let mut order: Vec<u32> =
        (0..).take(scores.len()).filter(|item| known.binary_search(item).is_err()).collect();
    let by_score =
        |a: &u32, b: &u32| scores[*b as usize].total_cmp(&scores[*a as usize]).then(a.cmp(b));
    if order.len() > AT {
        order.select_nth_unstable_by(AT, by_score);
        order.truncate(AT);
    }
    order.sort_by(by_score);
    order
}
