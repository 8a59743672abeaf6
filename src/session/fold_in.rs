use super::steps::Step;
use crate::kernels::Cholesky;
use crate::model::{Factors, FoldIn};
use crate::types::{AttendedStep, EventKind, Interest, ItemIx, Visit};

/// A system so near to singular that its solution is larger than this says nothing.
const MAX_COORDINATE: f32 = 1e6;

/// What the system is told of one item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observation {
    item: ItemIx,
    kind: EventKind,
    visit: Visit,
    /// How often it counts.
    times: f32,
}

impl Observation {
    /// A step of this visit.
    pub(super) fn step(step: &Step<ItemIx>) -> Self {
        Self { item: step.item, kind: step.kind, visit: Visit::This, times: 1.0 }
    }

    /// An item of earlier visits, which counts like so many looks at it.
    pub(super) fn taste(item: ItemIx, times: f32) -> Self {
        Self { item, kind: EventKind::ViewItem, visit: Visit::Earlier, times }
    }

    fn confidence(&self, rule: &FoldIn) -> f32 {
        self.times * rule.confidence[self.kind as usize]
    }

    fn pull(&self, rule: &FoldIn) -> f32 {
        self.times * rule.pull[self.kind as usize]
    }
}

/// Reads observations, newest first, as the vector that ridge regression on their item vectors
/// gives: `h = (G + λI + Σ c_t·e_t·e_tᵀ)⁻¹ · Σ p_t·e_t`. It is the sum of what each
/// pulls, `p_t` times the solution for `e_t`, so that a score can be opened.
///
/// `None` where they say nothing: none of them, or a pull of nothing.
pub(super) fn fold_in(
    factors: &Factors,
    rule: &FoldIn,
    observations: &[Observation],
) -> Option<Interest> {
    let dim = factors.dim();
    let mut vectors: Vec<f32> =
        observations.iter().flat_map(|seen| vector(factors, seen.item)).collect();
    let system = Cholesky::new(dim, system(rule, observations, &vectors, dim))?;
    let mut direction = vec![0.0; dim];
    for (seen, vector) in observations.iter().zip(vectors.chunks_exact_mut(dim)) {
        system.solve(vector);
        let share = seen.pull(rule);
        for (sum, x) in direction.iter_mut().zip(vector) {
            *sum += share * *x;
        }
    }
    let fits = |x: &f32| x.abs() <= MAX_COORDINATE;
    if direction.iter().all(|&x| x == 0.0) || !direction.iter().chain(&vectors).all(fits) {
        return None;
    }
    let step = |seen: &Observation| AttendedStep {
        item: seen.item,
        kind: seen.kind,
        share: seen.pull(rule),
        visit: seen.visit,
    };
    let steps = observations.iter().map(step).collect();
    Some(Interest { direction, steps, vectors, ..Interest::default() })
}

/// The item's vector at its length, `[dim]`.
fn vector(factors: &Factors, item: ItemIx) -> impl Iterator<Item = f32> {
    let scale = factors.scale(item);
    factors.row(item).iter().map(move |&code| f32::from(code) * scale)
}

/// The lower triangle of `G + λI + Σ c_t·e_t·e_tᵀ`.
fn system(rule: &FoldIn, seen: &[Observation], vectors: &[f32], dim: usize) -> Vec<f32> {
    let mut lower = rule.gram.clone();
    lower.resize(dim * (dim + 1) / 2, 0.0);
    let mut start = 0;
    for i in 0..dim {
        let row = &mut lower[start..=start + i];
        row[i] += rule.ridge;
        for (seen, vector) in seen.iter().zip(vectors.chunks_exact(dim)) {
            let scale = seen.confidence(rule) * vector[i];
            for (sum, x) in row.iter_mut().zip(vector) {
                *sum += scale * x;
            }
        }
        start += i + 1;
    }
    lower
}
