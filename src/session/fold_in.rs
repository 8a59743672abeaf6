use super::steps::Step;
use crate::kernels::Cholesky;
use crate::model::{Factors, FoldIn};
use crate::types::{AttendedStep, Interest, ItemIx};

/// A system so near to singular that its solution is larger than this says nothing.
const MAX_COORDINATE: f32 = 1e6;

/// Reads steps, newest first, as the vector that ridge regression on their item vectors
/// gives: `h = (G + λI + Σ c_t·e_t·e_tᵀ)⁻¹ · Σ p_t·e_t`. It is the sum of what each step
/// pulls, `p_t` times the solution for `e_t`, so that a score can be opened.
///
/// `None` where they say nothing: no steps, or a pull of nothing.
pub(super) fn fold_in(
    factors: &Factors,
    rule: &FoldIn,
    newest_first: &[Step<ItemIx>],
) -> Option<Interest> {
    let dim = factors.dim();
    let mut vectors: Vec<f32> =
        newest_first.iter().flat_map(|step| vector(factors, step.item)).collect();
    let system = Cholesky::new(dim, system(rule, newest_first, &vectors, dim))?;
    let mut direction = vec![0.0; dim];
    for (step, vector) in newest_first.iter().zip(vectors.chunks_exact_mut(dim)) {
        system.solve(vector);
        let share = rule.pull[step.kind as usize];
        for (sum, x) in direction.iter_mut().zip(vector) {
            *sum += share * *x;
        }
    }
    let fits = |x: &f32| x.abs() <= MAX_COORDINATE;
    if direction.iter().all(|&x| x == 0.0) || !direction.iter().chain(&vectors).all(fits) {
        return None;
    }
    let step = |step: &Step<ItemIx>| AttendedStep {
        item: step.item,
        kind: step.kind,
        share: rule.pull[step.kind as usize],
    };
    let steps = newest_first.iter().map(step).collect();
    Some(Interest { direction, steps, vectors, ..Interest::default() })
}

/// The item's vector at its length, `[dim]`.
fn vector(factors: &Factors, item: ItemIx) -> impl Iterator<Item = f32> {
    let scale = factors.scale(item);
    factors.row(item).iter().map(move |&code| f32::from(code) * scale)
}

/// The lower triangle of `G + λI + Σ c_t·e_t·e_tᵀ`.
fn system(rule: &FoldIn, steps: &[Step<ItemIx>], vectors: &[f32], dim: usize) -> Vec<f32> {
    let mut lower = rule.gram.clone();
    lower.resize(dim * (dim + 1) / 2, 0.0);
    let mut start = 0;
    for i in 0..dim {
        let row = &mut lower[start..=start + i];
        row[i] += rule.ridge;
        for (step, vector) in steps.iter().zip(vectors.chunks_exact(dim)) {
            let scale = rule.confidence[step.kind as usize] * vector[i];
            for (sum, x) in row.iter_mut().zip(vector) {
                *sum += scale * x;
            }
        }
        start += i + 1;
    }
    lower
}
