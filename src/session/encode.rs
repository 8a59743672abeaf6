use super::steps::Step;
use crate::model::{Encoder, Model, dwell_bucket};
use crate::types::{AttendedStep, Interest, ItemIx};

/// Below this length the weighted sum of the steps has no direction worth following.
const MIN_LENGTH: f32 = 1e-4;

/// Reads the newest steps of a session as one direction in item space:
/// `h = unit(Σ a_t e_t)`, `a = softmax_t(position_t + kind + dwell + e_tᵀ·A·e_1)`.
///
/// `steps` are oldest first; at most [`Encoder::max_steps`] of the newest count. `None`
/// where the session says nothing: no steps, or steps that cancel out.
pub fn encode(model: &Model, steps: &[Step<ItemIx>]) -> Option<Interest> {
    let newest_first: Vec<Step<ItemIx>> =
        steps.iter().rev().take(model.encoder().max_steps()).copied().collect();
    let weights = softmax(&logits(model, &newest_first));
    let mut direction = vec![0.0; model.dim()];
    for (step, weight) in newest_first.iter().zip(&weights) {
        let scale = weight * model.inverse_norm(step.item);
        for (sum, &code) in direction.iter_mut().zip(model.row(step.item)) {
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
    let steps = newest_first
        .iter()
        .zip(&weights)
        .map(|(step, weight)| AttendedStep {
            item: step.item,
            kind: step.kind,
            share: weight / length,
        })
        .collect();
    Some(Interest { direction, steps })
}

/// The attention logit of each step, newest first.
fn logits(model: &Model, newest_first: &[Step<ItemIx>]) -> Vec<f32> {
    let encoder = model.encoder();
    let Some(newest) = newest_first.first() else { return Vec::new() };
    let question = question(model, encoder, newest.item);
    newest_first
        .iter()
        .zip(&encoder.position)
        .map(|(step, position)| {
            let kind = encoder.kind[step.kind as usize];
            let dwell = encoder.dwell[dwell_bucket(step.dwell_ms)];
            let row = model.row(step.item).iter().zip(&question);
            let likeness = row.fold(0.0, |sum, (&code, q)| sum + f32::from(code) * q);
            position + kind + dwell + likeness * model.inverse_norm(step.item)
        })
        .collect()
}

/// `Aᵀ·e_1`: what the newest step asks of the others.
fn question(model: &Model, encoder: &Encoder, newest: ItemIx) -> Vec<f32> {
    let mut question = vec![0.0; model.dim()];
    let scale = model.inverse_norm(newest);
    let rows = encoder.attention.chunks_exact(model.dim());
    for (&code, row) in model.row(newest).iter().zip(rows) {
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
