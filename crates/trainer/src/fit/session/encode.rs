//! The encoder, forwards and backwards, for a handful of examples.

use super::params::{Params, Small};
use crate::features::StepRow;
use crate::fit::lanes::{add_scaled, dot};
use mercer::rng::Rng;
use ndarray::Array2;

/// Gradients of item vectors as rows, before they are added up by item.
#[derive(Debug, Clone, Default)]
pub(super) struct ItemGradients {
    /// The item of each row.
    pub(super) items: Vec<u32>,
    /// Gradient with respect to the unit vector, `[rows, dim]`.
    pub(super) rows: Vec<f32>,
    /// Gradient with respect to the bias, `[rows]`.
    pub(super) biases: Vec<f32>,
}

impl ItemGradients {
    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.rows.clear();
        self.biases.clear();
    }

    /// Takes in `factor · row` for an item's vector and `bias` for its bias.
    pub(super) fn push(&mut self, item: u32, factor: f32, row: &[f32], bias: f32) {
        self.items.push(item);
        self.rows.extend(row.iter().map(|x| factor * x));
        self.biases.push(bias);
    }
}

/// Examples read as interest vectors, with what the way back needs.
#[derive(Debug, Clone)]
pub(super) struct Encoded {
    /// Unit interest vectors, `[examples, dim]`.
    pub(super) interests: Array2<f32>,
    /// The steps of all examples, newest first within each.
    pub(super) steps: Vec<StepRow>,
    /// Where each example starts in `steps`, and the end of the last.
    pub(super) starts: Vec<usize>,
    /// Unit vectors of the steps after dropout, `[steps, dim]`.
    vectors: Vec<f32>,
    /// What dropout multiplied each coordinate by, `[steps, dim]`.
    masks: Vec<f32>,
    /// Attention weights, `[steps]`.
    weights: Vec<f32>,
    /// `Aᵀ·e_1` of each example, `[examples, dim]`.
    questions: Vec<f32>,
    /// Length of the weighted sum of each example.
    lengths: Vec<f32>,
}

impl Encoded {
    /// An empty chunk for vectors of `dim` coordinates.
    pub(super) fn new() -> Self {
        Self {
            interests: Array2::zeros((0, 0)),
            steps: Vec::new(),
            starts: vec![0],
            vectors: Vec::new(),
            masks: Vec::new(),
            weights: Vec::new(),
            questions: Vec::new(),
            lengths: Vec::new(),
        }
    }

    /// Adds one example's steps, newest first, reading their vectors through `dropout`.
    pub(super) fn push(
        &mut self,
        params: &Params,
        prefix: impl Iterator<Item = StepRow>,
        dropout: &mut Dropout,
    ) {
        for step in prefix {
            let norm = params.inverse_norms[step.item as usize];
            for &x in params.item(step.item) {
                let keep = dropout.factor();
                self.masks.push(keep);
                self.vectors.push(x * norm * keep);
            }
            self.steps.push(step);
        }
        self.starts.push(self.steps.len());
    }

    pub(super) fn n_examples(&self) -> usize {
        self.starts.len() - 1
    }

    /// The steps of one example, newest first.
    pub(super) fn steps_of(&self, example: usize) -> &[StepRow] {
        &self.steps[self.starts[example]..self.starts[example + 1]]
    }

    /// Computes the interest vectors of everything pushed.
    pub(super) fn encode(&mut self, params: &Params) {
        let dim = params.dim();
        self.interests = Array2::zeros((self.n_examples(), dim));
        self.questions = vec![0.0; self.n_examples() * dim];
        self.weights = vec![0.0; self.steps.len()];
        for example in 0..self.n_examples() {
            self.encode_one(&params.small, example, dim);
        }
    }

    fn encode_one(&mut self, small: &Small, example: usize, dim: usize) {
        let (from, to) = (self.starts[example], self.starts[example + 1]);
        let vector = |step: usize| &self.vectors[step * dim..][..dim];
        let question = &mut self.questions[example * dim..][..dim];
        for (x, row) in vector(from).iter().zip(small.attention().chunks_exact(dim)) {
            add_scaled(question, *x, row);
        }
        let weights = &mut self.weights[from..to];
        for (t, weight) in weights.iter_mut().enumerate() {
            let step = self.steps[from + t];
            *weight = small.position()[t]
                + small.kind()[usize::from(step.kind)]
                + small.dwell_weight(step)
                + dot(vector(from + t), question);
        }
        softmax(weights);
        let mut interest = self.interests.row_mut(example);
        let interest = interest.as_slice_mut().expect("row-major");
        for (t, weight) in weights.iter().enumerate() {
            add_scaled(interest, *weight, vector(from + t));
        }
        let length = (dot(interest, interest) + 1e-8).sqrt();
        for x in interest {
            *x /= length;
        }
        self.lengths.push(length);
    }

    /// Carries gradients of the interest vectors, `[examples, dim]`, back to the encoder's
    /// weights and the items' unit vectors.
    pub(super) fn backward(
        &self,
        gradients: &Array2<f32>,
        small: &Small,
        into: (&mut Small, &mut ItemGradients),
    ) {
        let dim = gradients.ncols();
        let (weights, items) = into;
        let mut back = Back { chunk: self, small, dim, weights, steps: Vec::new() };
        for example in 0..self.n_examples() {
            let gradient = gradients.row(example);
            back.example(example, gradient.as_slice().expect("row-major"));
            let from = self.starts[example];
            for (at, row) in (from..).zip(back.steps.chunks_exact(dim)) {
                items.push(self.steps[at].item, 1.0, row, 0.0);
                let pushed = items.rows.len() - dim;
                let masks = &self.masks[at * dim..][..dim];
                for (x, keep) in items.rows[pushed..].iter_mut().zip(masks) {
                    *x *= keep;
                }
            }
        }
    }
}

/// The way back through one example at a time.
struct Back<'a> {
    chunk: &'a Encoded,
    small: &'a Small,
    dim: usize,
    weights: &'a mut Small,
    /// Gradients of the current example's step vectors, `[steps, dim]`.
    steps: Vec<f32>,
}

impl Back<'_> {
    fn example(&mut self, example: usize, gradient: &[f32]) {
        let (chunk, dim) = (self.chunk, self.dim);
        let (from, to) = (chunk.starts[example], chunk.starts[example + 1]);
        let vector = |step: usize| &chunk.vectors[step * dim..][..dim];
        let interest = chunk.interests.row(example);
        let sum = through_unit(
            gradient,
            interest.as_slice().expect("row-major"),
            1.0 / chunk.lengths[example],
        );
        self.steps.clear();
        self.steps.resize((to - from) * dim, 0.0);
        let attention = &chunk.weights[from..to];
        let pulls: Vec<f32> = (from..to).map(|step| dot(&sum, vector(step))).collect();
        let mean: f32 = attention.iter().zip(&pulls).map(|(a, pull)| a * pull).sum();
        let question = &chunk.questions[example * dim..][..dim];
        let mut question_gradient = vec![0.0; dim];
        for (t, (&a, pull)) in attention.iter().zip(&pulls).enumerate() {
            let logit = a * (pull - mean);
            let step = chunk.steps[from + t];
            self.weights.position_mut()[t] += logit;
            self.weights.kind_mut()[usize::from(step.kind)] += logit;
            if step.dwell > 0 {
                self.weights.dwell_mut()[usize::from(step.dwell)] += logit;
            }
            let row = &mut self.steps[t * dim..][..dim];
            add_scaled(row, a, &sum);
            add_scaled(row, logit, question);
            add_scaled(&mut question_gradient, logit, vector(from + t));
        }
        self.attention(vector(from), &question_gradient);
    }

    /// `question = Aᵀ·e_1`: back to `A` and to the newest step.
    fn attention(&mut self, newest: &[f32], question_gradient: &[f32]) {
        let dim = self.dim;
        let rows = self.small.attention().chunks_exact(dim);
        for (gradient, row) in self.steps[..dim].iter_mut().zip(rows) {
            *gradient += dot(row, question_gradient);
        }
        for (x, row) in newest.iter().zip(self.weights.attention_mut().chunks_exact_mut(dim)) {
            add_scaled(row, *x, question_gradient);
        }
    }
}

/// The gradient of `v` where `unit = v / |v|` has gradient `gradient`.
pub(super) fn through_unit(gradient: &[f32], unit: &[f32], inverse_length: f32) -> Vec<f32> {
    let along = dot(gradient, unit);
    gradient.iter().zip(unit).map(|(g, u)| (g - along * u) * inverse_length).collect()
}

fn softmax(logits: &mut [f32]) {
    let peak = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for x in logits.iter_mut() {
        *x = (*x - peak).exp();
        sum += *x;
    }
    for x in logits {
        *x /= sum;
    }
}

/// Inverted dropout, eight coordinates to a draw.
#[derive(Debug, Clone)]
pub(super) struct Dropout {
    rng: Rng,
    bits: u64,
    left: u32,
    threshold: u64,
    keep: f32,
}

impl Dropout {
    /// Drops a share of the coordinates, to the nearest 1/256.
    #[expect(clippy::cast_possible_truncation, reason = "0 to 255")]
    #[expect(clippy::cast_sign_loss, reason = "0 to 255")]
    pub(super) fn new(share: f32, rng: Rng) -> Self {
        let threshold = (share * 256.0).round() as u8;
        let keep = 256.0 / (256.0 - f32::from(threshold));
        Self { rng, bits: 0, left: 0, threshold: u64::from(threshold), keep }
    }

    /// What to multiply the next coordinate by.
    fn factor(&mut self) -> f32 {
        if self.threshold == 0 {
            return 1.0;
        }
        if self.left == 0 {
            self.bits = self.rng.next_u64();
            self.left = 8;
        }
        let byte = self.bits & 0xFF;
        self.bits >>= 8;
        self.left -= 1;
        if byte < self.threshold { 0.0 } else { self.keep }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropout_keeps_the_mean() {
        let mut dropout = Dropout::new(0.25, Rng::new(1));
        let mean = (0..100_000).map(|_| dropout.factor()).sum::<f32>() / 100_000_f32;
        assert!((mean - 1.0).abs() < 0.01, "{mean}");
        let mut none = Dropout::new(0.0, Rng::new(1));
        assert!((0..100).all(|_| (none.factor() - 1.0).abs() < 1e-9));
    }
}
