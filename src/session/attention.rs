use super::steps::Step;
use super::taste::Taste;
use crate::model::{Encoder, Factors, dwell_bucket};
use crate::types::{AttendedStep, EventKind, Interest, ItemIx, Visit};

/// Below this length the weighted sum of the steps has no direction worth following.
const MIN_LENGTH: f32 = 1e-4;

/// Reads steps, newest first, as one direction in item space:
/// `h = unit(Σ a_t e_t)`, `a = softmax_t(position_t + kind + dwell + e_tᵀ·A·e_1)`.
///
/// `None` where they say nothing: no steps, or steps that cancel out.
pub(super) fn attend(
    factors: &Factors,
    encoder: &Encoder,
    newest_first: &[Step<ItemIx>],
) -> Option<Interest> {
    let weights = softmax(&logits(factors, encoder, newest_first));
    let step = |(step, share): (&Step<ItemIx>, f32)| AttendedStep {
        item: step.item,
        kind: step.kind,
        share,
        visit: Visit::This,
    };
    unit(factors, newest_first.iter().zip(weights).map(step).collect())
}

/// The direction of a taste: `u = unit(Σ w_j e_j)`. `None` where it says nothing.
pub(super) fn lean(factors: &Factors, tastes: &[Taste]) -> Option<Interest> {
    let step = |taste: &Taste| AttendedStep {
        item: taste.item,
        kind: EventKind::ViewItem,
        share: taste.weight,
        visit: Visit::Earlier,
    };
    unit(factors, tastes.iter().map(step).collect())
}

/// `unit((1 − part)·h + part·u)`: a visit and a taste as one direction. `None` where they
/// cancel out.
pub(super) fn blend(
    factors: &Factors,
    visit: &Interest,
    taste: &Interest,
    part: f32,
) -> Option<Interest> {
    let scaled = |interest: &Interest, by: f32| {
        let steps = interest.steps.clone().into_iter();
        steps.map(move |step| AttendedStep { share: by * step.share, ..step })
    };
    unit(factors, scaled(visit, 1.0 - part).chain(scaled(taste, part)).collect())
}

/// The direction of `Σ share_t·e_t`, the shares brought to where the sum has unit length.
fn unit(factors: &Factors, mut steps: Vec<AttendedStep>) -> Option<Interest> {
    let mut direction = vec![0.0; factors.dim()];
    for step in &steps {
        let scale = step.share * factors.inverse_norm(step.item);
        for (sum, &code) in direction.iter_mut().zip(factors.row(step.item)) {
            *sum += scale * f32::from(code);
        }
    }
    let length = direction.iter().fold(0.0, |sum, x| sum + x * x).sqrt();
    if length < MIN_LENGTH {
        return None;
    }
    for x in &mut direction {
        *x /= length;
    }
    for step in &mut steps {
        step.share /= length;
    }
    Some(Interest { direction, steps, ..Interest::default() })
}

/// The attention logit of each step, newest first.
fn logits(factors: &Factors, encoder: &Encoder, newest_first: &[Step<ItemIx>]) -> Vec<f32> {
    let Some(newest) = newest_first.first() else { return Vec::new() };
    let question = question(factors, encoder, newest.item);
    newest_first
        .iter()
        .zip(&encoder.position)
        .map(|(step, position)| {
            let kind = encoder.kind[step.kind as usize];
            let dwell = encoder.dwell[dwell_bucket(step.dwell_ms)];
            let row = factors.row(step.item).iter().zip(&question);
            let likeness = row.fold(0.0, |sum, (&code, q)| sum + f32::from(code) * q);
            position + kind + dwell + likeness * factors.inverse_norm(step.item)
        })
        .collect()
}

/// `Aᵀ·e_1`: what the newest step asks of the others.
fn question(factors: &Factors, encoder: &Encoder, newest: ItemIx) -> Vec<f32> {
    let mut question = vec![0.0; factors.dim()];
    let scale = factors.inverse_norm(newest);
    let rows = encoder.attention.chunks_exact(factors.dim());
    for (&code, row) in factors.row(newest).iter().zip(rows) {
        let coordinate = f32::from(code) * scale;
        for (sum, weight) in question.iter_mut().zip(row) {
            *sum += coordinate * weight;
        }
    }
    question
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let peak = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut weights: Vec<f32> = logits.iter().map(|x| libm::expf(x - peak)).collect();
    let sum: f32 = weights.iter().fold(0.0, |sum, x| sum + x);
    for x in &mut weights {
        *x /= sum;
    }
    weights
}
