//! The softmax over the candidates, forwards and backwards, for a handful of examples.

use super::encode::{Encoded, ItemGradients};
use super::negatives::Shared;
use super::params::{Params, Small};
use crate::fit::lanes::{add_and_max, add_scaled, dot, exp_shifted, scale_and_sum};
use ndarray::{Array2, linalg::general_mat_mul};
use pulp::Arch;

/// The shared candidates of a step as a matrix.
#[derive(Debug, Clone)]
pub(super) struct Columns<'a> {
    pub(super) shared: &'a Shared,
    /// Unit vectors, `[columns, dim]`.
    vectors: Array2<f32>,
    /// Bias and correction of each column.
    offsets: Vec<f32>,
}

impl<'a> Columns<'a> {
    pub(super) fn gather(params: &Params, shared: &'a Shared) -> Self {
        let mut vectors = Vec::with_capacity(shared.items.len() * params.dim());
        for &item in &shared.items {
            let norm = params.inverse_norms[item as usize];
            vectors.extend(params.item(item).iter().map(|x| x * norm));
        }
        let bias = |(&item, offset): (&u32, &f32)| params.biases[item as usize] + offset;
        let offsets = shared.items.iter().zip(&shared.offsets).map(bias).collect();
        let shape = (shared.items.len(), params.dim());
        let vectors = Array2::from_shape_vec(shape, vectors).expect("one row a column");
        Self { shared, vectors, offsets }
    }

    pub(super) fn len(&self) -> usize {
        self.offsets.len()
    }
}

/// What the examples of one thread add up to.
#[derive(Debug, Clone)]
pub(super) struct Partial {
    /// Gradients of the shared columns' unit vectors, `[columns, dim]`.
    pub(super) columns: Array2<f32>,
    /// Gradients of the shared columns' biases.
    pub(super) column_biases: Vec<f32>,
    /// Gradients of the items that belong to single examples.
    pub(super) items: ItemGradients,
    /// Gradients of the encoder's weights.
    pub(super) small: Small,
    /// Weighted sum of the losses, in nats.
    pub(super) loss: f64,
}

impl Partial {
    pub(super) fn new(n_columns: usize, max_steps: usize, dim: usize) -> Self {
        Self {
            columns: Array2::zeros((n_columns, dim)),
            column_biases: vec![0.0; n_columns],
            items: ItemGradients::default(),
            small: Small::zeros(max_steps, dim),
            loss: 0.0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.columns.fill(0.0);
        self.column_biases.fill(0.0);
        self.items.clear();
        self.small.flat.fill(0.0);
        self.loss = 0.0;
    }
}

/// Where the bonus of a return comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Returns {
    /// Learned with everything else: the session's items are rivals of the answer, and what
    /// sets them apart from other items is their bonus.
    Learned,
    /// Weighed afterwards on held-out sessions: the session's items are no rivals, so that
    /// the vectors need not push away what the shopper has just been on.
    Weighed,
}

/// The loss of a chunk of examples.
pub(super) struct Loss<'a> {
    pub(super) arch: Arch,
    pub(super) params: &'a Params,
    pub(super) columns: &'a Columns<'a>,
    pub(super) returns: Returns,
    /// One over the weights of the whole step: gradients are of the mean loss.
    pub(super) share: f32,
}

/// What came next, and what the example counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    pub(super) item: u32,
    pub(super) weight: f32,
}

/// A candidate that belongs to one example: the answer, or an item of its session.
struct Own {
    item: u32,
    /// Where it stands in the session, newest first.
    position: Option<usize>,
    logit: f32,
}

impl Loss<'_> {
    /// Adds the chunk's gradients to `partial` and returns those of its interest vectors,
    /// `[examples, dim]`. `logits` is room that is used again.
    pub(super) fn backward(
        &self,
        chunk: &Encoded,
        answers: &[Answer],
        logits: &mut Array2<f32>,
        partial: &mut Partial,
    ) -> Array2<f32> {
        let temperature = self.params.temperature();
        let interests = &chunk.interests;
        if logits.dim() != (answers.len(), self.columns.len()) {
            *logits = Array2::zeros((answers.len(), self.columns.len()));
        }
        general_mat_mul(temperature, interests, &self.columns.vectors.t(), 0.0, logits);
        let mut gradients = Array2::zeros(interests.dim());
        for (example, &answer) in answers.iter().enumerate() {
            let mut row = logits.row_mut(example);
            let row = row.as_slice_mut().expect("row-major");
            let own = self.own(chunk, example, answer.item);
            let probabilities = self.softmax(row, &own, answer.weight, partial);
            self.back_to_own(chunk, example, (&own, &probabilities), &mut gradients, partial);
        }
        general_mat_mul(temperature, logits, &self.columns.vectors, 1.0, &mut gradients);
        general_mat_mul(temperature, &logits.t(), interests, 1.0, &mut partial.columns);
        if self.params.learns_temperature() {
            let pull: f32 = interests.iter().zip(&gradients).map(|(h, g)| h * g).sum();
            *partial.small.log_temperature_mut() += pull;
        }
        gradients
    }

    /// The answer first; where returns are learned, then the session's other items, newest
    /// first, each once.
    fn own(&self, chunk: &Encoded, example: usize, answer: u32) -> Vec<Own> {
        if self.returns == Returns::Weighed {
            return vec![self.own_item(chunk, example, answer, None)];
        }
        let steps = chunk.steps_of(example);
        let place = |item: u32| steps.iter().position(|step| step.item == item);
        let mut own = vec![self.own_item(chunk, example, answer, place(answer))];
        for (t, step) in steps.iter().enumerate() {
            if step.item != answer && place(step.item) == Some(t) {
                own.push(self.own_item(chunk, example, step.item, Some(t)));
            }
        }
        own
    }

    fn own_item(&self, chunk: &Encoded, example: usize, item: u32, position: Option<usize>) -> Own {
        let params = self.params;
        let interest = chunk.interests.row(example);
        let cosine = dot(interest.as_slice().expect("row-major"), params.item(item))
            * params.inverse_norms[item as usize];
        let bonus = position.map_or(0.0, |t| params.small.returning()[t]);
        let temperature = params.temperature();
        Own { item, position, logit: temperature * cosine + params.biases[item as usize] + bonus }
    }

    /// Turns a row of logits into gradients of the mean loss, and returns the gradients of
    /// the example's own candidates. A shared column that is one of them does not count.
    fn softmax(
        &self,
        row: &mut [f32],
        own: &[Own],
        weight: f32,
        partial: &mut Partial,
    ) -> Vec<f32> {
        for candidate in own {
            self.columns.shared.columns(candidate.item, |at| row[at] = f32::NEG_INFINITY);
        }
        let own_max = own.iter().fold(f32::NEG_INFINITY, |max, own| max.max(own.logit));
        let max = add_and_max(self.arch, row, &self.columns.offsets).max(own_max);
        let mut sum = exp_shifted(self.arch, row, max);
        let mut gradients: Vec<f32> = own.iter().map(|own| (own.logit - max).exp()).collect();
        sum += gradients.iter().sum::<f32>();
        partial.loss += f64::from(weight) * f64::from(max + sum.ln() - own[0].logit);
        let share = self.share * weight;
        let factor = share / sum;
        scale_and_sum(self.arch, row, factor, &mut partial.column_biases);
        for gradient in &mut gradients {
            *gradient *= factor;
        }
        gradients[0] -= share;
        gradients
    }

    fn back_to_own(
        &self,
        chunk: &Encoded,
        example: usize,
        (own, probabilities): (&[Own], &[f32]),
        gradients: &mut Array2<f32>,
        partial: &mut Partial,
    ) {
        let temperature = self.params.temperature();
        let interest = chunk.interests.row(example);
        let interest = interest.as_slice().expect("row-major");
        let mut gradient = gradients.row_mut(example);
        let gradient = gradient.as_slice_mut().expect("row-major");
        for (own, &g) in own.iter().zip(probabilities) {
            let norm = self.params.inverse_norms[own.item as usize];
            add_scaled(gradient, temperature * g * norm, self.params.item(own.item));
            partial.items.push(own.item, temperature * g, interest, g);
            if let Some(t) = own.position {
                partial.small.returning_mut()[t] += g;
            }
        }
    }
}
