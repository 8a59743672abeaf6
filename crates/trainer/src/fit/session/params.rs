use super::parts::Parts;
use super::settings::{Ingredient, Settings};
use crate::features::StepRow;
use crate::fit::adam::{Moments, Pace};
use crate::fit::{Factors, Fitted, Lengths};
use mercer::model::{Encoder, InterestRule, N_DWELL_BUCKETS};
use mercer::rng::Rng;
use mercer::types::EventKind;
use ndarray::Array2;

/// The weights of the encoder in one flat vector, so that an optimiser step, a sum over
/// threads or a gradient check is one loop.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Small {
    pub(super) flat: Vec<f32>,
    max_steps: usize,
}

const N_KINDS: usize = EventKind::ALL.len();

impl Small {
    pub(super) fn zeros(max_steps: usize, dim: usize) -> Self {
        let size = 1 + 2 * max_steps + N_KINDS + N_DWELL_BUCKETS + dim * dim;
        Self { flat: vec![0.0; size], max_steps }
    }

    /// Older steps start weaker, and the softmax starts fairly sharp.
    #[expect(clippy::cast_precision_loss, reason = "at most 64 steps")]
    fn start(max_steps: usize, dim: usize) -> Self {
        let mut small = Self::zeros(max_steps, dim);
        small.flat[0] = 12.0_f32.ln();
        for (t, weight) in small.position_mut().iter_mut().enumerate() {
            *weight = -0.3 * t as f32;
        }
        small
    }

    pub(super) fn log_temperature(&self) -> f32 {
        self.flat[0]
    }

    pub(super) fn log_temperature_mut(&mut self) -> &mut f32 {
        &mut self.flat[0]
    }

    pub(super) fn position(&self) -> &[f32] {
        &self.flat[1..=self.max_steps]
    }

    pub(super) fn position_mut(&mut self) -> &mut [f32] {
        &mut self.flat[1..=self.max_steps]
    }

    pub(super) fn returning(&self) -> &[f32] {
        &self.flat[1 + self.max_steps..=2 * self.max_steps]
    }

    pub(super) fn returning_mut(&mut self) -> &mut [f32] {
        &mut self.flat[1 + self.max_steps..=2 * self.max_steps]
    }

    pub(super) fn kind(&self) -> &[f32] {
        &self.flat[self.kinds_at()..][..N_KINDS]
    }

    pub(super) fn kind_mut(&mut self) -> &mut [f32] {
        let at = self.kinds_at();
        &mut self.flat[at..][..N_KINDS]
    }

    pub(super) fn dwell(&self) -> &[f32] {
        &self.flat[self.kinds_at() + N_KINDS..][..N_DWELL_BUCKETS]
    }

    /// The weight of a step's dwell; nothing where it is not known.
    pub(super) fn dwell_weight(&self, step: StepRow) -> f32 {
        if step.dwell == 0 { 0.0 } else { self.dwell()[usize::from(step.dwell)] }
    }

    /// Moves what all known dwell times have in common into the positions, so that a step
    /// of unknown dwell counts like an average one. The newest step's dwell is never known:
    /// its position stays. `counts` are the steps of each class.
    #[expect(clippy::cast_precision_loss, reason = "a mean needs no more")]
    fn centre_dwell(&mut self, counts: &[u32; N_DWELL_BUCKETS]) {
        let known: u32 = counts[1..].iter().sum();
        let weighted = self.dwell().iter().zip(counts).skip(1).map(|(g, &n)| g * n as f32);
        let mean = weighted.sum::<f32>() / known.max(1) as f32;
        for (weight, &count) in self.dwell_mut().iter_mut().zip(counts).skip(1) {
            *weight = if count == 0 { 0.0 } else { *weight - mean };
        }
        for position in self.position_mut().iter_mut().skip(1) {
            *position += mean;
        }
    }

    pub(super) fn dwell_mut(&mut self) -> &mut [f32] {
        let at = self.kinds_at() + N_KINDS;
        &mut self.flat[at..][..N_DWELL_BUCKETS]
    }

    /// `[dim, dim]`, row-major: row = coordinate of the newest step.
    pub(super) fn attention(&self) -> &[f32] {
        &self.flat[self.kinds_at() + N_KINDS + N_DWELL_BUCKETS..]
    }

    pub(super) fn attention_mut(&mut self) -> &mut [f32] {
        let at = self.kinds_at() + N_KINDS + N_DWELL_BUCKETS;
        &mut self.flat[at..]
    }

    fn kinds_at(&self) -> usize {
        1 + 2 * self.max_steps
    }
}

/// Everything that is learned, with the running means of the optimiser.
#[derive(Debug, Clone)]
pub(super) struct Params {
    /// Item vectors of any length, `[n_items, dim]`.
    pub(super) items: Array2<f32>,
    /// `1 / |vector|` of every item, kept up to date.
    pub(super) inverse_norms: Vec<f32>,
    pub(super) biases: Vec<f32>,
    /// What a cosine is multiplied by in the scores, where it stays as it is while the rest is
    /// learned; else it is learned with the encoder's weights.
    steady: Option<f32>,
    pub(super) small: Small,
    /// What the vectors are made of, where items have content.
    pub(super) parts: Option<Parts>,
    pub(super) item_moments: [Array2<f32>; 2],
    pub(super) bias_moments: [Vec<f32>; 2],
    small_moments: [Vec<f32>; 2],
}

impl Params {
    /// `input` is how many coordinates the items' content has, if they have any.
    pub(super) fn start(
        n_items: usize,
        input: Option<usize>,
        settings: &Settings,
        rng: &mut Rng,
    ) -> Self {
        let dim = settings.dim;
        #[expect(clippy::cast_possible_truncation, reason = "noise needs no precision")]
        let items = Array2::from_shape_simple_fn((n_items, dim), || 0.1 * rng.normal() as f32);
        let small = Small::start(settings.max_steps, dim);
        let zeros = || Array2::zeros((n_items, dim));
        let mut params = Self {
            parts: input.map(|input| Parts::start((n_items, dim), input, rng)),
            inverse_norms: vec![0.0; n_items],
            biases: vec![0.0; n_items],
            steady: None,
            item_moments: [zeros(), zeros()],
            bias_moments: [vec![0.0; n_items], vec![0.0; n_items]],
            small_moments: [vec![0.0; small.flat.len()], vec![0.0; small.flat.len()]],
            items,
            small,
        };
        params.refresh_norms();
        params
    }

    pub(super) fn dim(&self) -> usize {
        self.items.ncols()
    }

    /// What a cosine is multiplied by in the scores.
    pub(super) fn temperature(&self) -> f32 {
        self.steady.unwrap_or_else(|| self.small.log_temperature().exp())
    }

    /// Lets the temperature stay where it is put.
    pub(super) fn hold_temperature(&mut self, temperature: f32) {
        self.steady = Some(temperature);
    }

    pub(super) fn learns_temperature(&self) -> bool {
        self.steady.is_none()
    }

    /// The vector of one item, any length, `[dim]`.
    pub(super) fn item(&self, item: u32) -> &[f32] {
        let dim = self.dim();
        let all = self.items.as_slice().expect("row-major, never sliced");
        &all[item as usize * dim..][..dim]
    }

    /// Moves the encoder's weights against their gradient. Adam moves a weight by about the
    /// rate a step, whatever the gradient: right for the coordinates of a vector, which
    /// stay below 1, too slow for the lone weights, which have to reach several units
    /// before the vectors have settled around their absence.
    pub(super) fn update_small(&mut self, gradient: &Small, pace: Pace, haste: f32) {
        let lone = self.small.flat.len() - self.dim() * self.dim();
        let (weights, attention) = self.small.flat.split_at_mut(lone);
        let (lone_gradient, attention_gradient) = gradient.flat.split_at(lone);
        let [first, second] = &mut self.small_moments;
        let (first, attention_first) = first.split_at_mut(lone);
        let (second, attention_second) = second.split_at_mut(lone);
        pace.times(haste).update(weights, lone_gradient, Moments { first, second });
        let moments = Moments { first: attention_first, second: attention_second };
        pace.update(attention, attention_gradient, moments);
    }

    /// Multiplies the temperature and the biases, and sets the returns.
    pub(super) fn weigh(&mut self, likeness: f32, popularity: f32, returning: &[f32]) {
        match &mut self.steady {
            Some(temperature) => *temperature *= likeness,
            None => *self.small.log_temperature_mut() += likeness.ln(),
        }
        for bias in
            self.biases.iter_mut().chain(self.parts.iter_mut().flat_map(|p| &mut p.new_bias))
        {
            *bias *= popularity;
        }
        self.small.returning_mut().copy_from_slice(returning);
    }

    /// Adds the trends at this weight to what every item has for itself.
    pub(super) fn follow(&mut self, trends: &[f32], weight: f32) {
        for (bias, trend) in self.biases.iter_mut().zip(trends) {
            *bias += weight * trend;
        }
    }

    /// Silences the signals that are to be left out.
    pub(super) fn leave_out(&mut self, settings: &Settings) {
        if !settings.with(Ingredient::Popularity) {
            self.biases.fill(0.0);
            self.parts.iter_mut().for_each(|parts| parts.new_bias = [0.0]);
        }
        if !settings.with(Ingredient::Returns) {
            self.small.returning_mut().fill(0.0);
        }
    }

    pub(super) fn refresh_norms(&mut self) {
        for (norm, row) in self.inverse_norms.iter_mut().zip(self.items.rows()) {
            *norm = inverse_norm(row.as_slice().expect("row-major"));
        }
    }

    /// The finished model. Biases are centred: only their differences matter to a softmax,
    /// and small numbers survive packing better. `dwell_counts` are the training steps of
    /// each class of dwell.
    pub(super) fn finish(mut self, dwell_counts: &[u32; N_DWELL_BUCKETS]) -> Fitted {
        let temperature = self.temperature();
        self.small.centre_dwell(dwell_counts);
        #[expect(clippy::cast_precision_loss, reason = "a mean needs no more")]
        let mean = self.biases.iter().sum::<f32>() / self.biases.len() as f32;
        let small = &self.small;
        let encoder = Encoder {
            position: small.position().to_vec(),
            kind: small.kind().try_into().expect("one weight a kind"),
            dwell: small.dwell().try_into().expect("one weight a class"),
            attention: small.attention().to_vec(),
            temperature,
            returning: small.returning().to_vec(),
        };
        let biases = self.biases.iter().map(|bias| bias - mean).collect();
        let newcomer = self.parts.as_ref().map(|parts| parts.new_bias[0] - mean);
        let factors = Factors {
            vectors: self.items,
            lengths: Lengths::Unit,
            biases,
            interest: InterestRule::Attention(encoder),
        };
        Fitted { newcomer, ..Fitted::of_factors(factors) }
    }
}

pub(super) fn inverse_norm(row: &[f32]) -> f32 {
    1.0 / (crate::fit::lanes::dot(row, row) + 1e-8).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temperature_that_is_held_stays_until_it_is_weighed() {
        let settings = Settings { dim: 16, ..Settings::default() };
        let moved = |held: Option<f32>| {
            let mut params = Params::start(3, None, &settings, &mut Rng::new(1));
            if let Some(factor) = held {
                params.hold_temperature(factor);
            }
            let before = params.temperature();
            let mut gradient = params.small.clone();
            gradient.flat.fill(1.0);
            params.update_small(&gradient, Pace::new(1, 0.01), 10.0);
            let after = params.temperature();
            params.weigh(0.5, 1.0, &vec![0.0; settings.max_steps]);
            (after / before, params.temperature() / after)
        };
        let (learned, weighed) = moved(Some(14.0));
        assert!((learned - 1.0).abs() < 1e-6 && (weighed - 0.5).abs() < 1e-6);
        let (learned, weighed) = moved(None);
        assert!((learned - (-0.1_f32).exp()).abs() < 1e-3, "{learned}");
        assert!((weighed - 0.5).abs() < 1e-6, "{weighed}");
    }

    #[test]
    fn centring_dwell_changes_no_attention_between_steps_of_known_dwell() {
        let mut small = Small::start(3, 16);
        small.dwell_mut().copy_from_slice(&[0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 9.0]);
        let before = small.clone();
        small.centre_dwell(&[5, 1, 1, 2, 0, 0, 0, 0]);
        let logit =
            |small: &Small, t: usize, class: usize| small.position()[t] + small.dwell()[class];
        for (t, class) in [(1, 1), (1, 3), (2, 2)] {
            assert!((logit(&small, t, class) - logit(&before, t, class)).abs() < 1e-6);
        }
        assert!((small.position()[0] - before.position()[0]).abs() < 1e-6);
        assert!(small.dwell()[7].abs() < 1e-6, "a class nobody was in says nothing");
    }
}
