/// Where Adam stands: its step count and the rate of this step (Kingma & Ba 2015,
/// algorithm 1, with the bias corrections folded into the rate and the damping).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pace {
    rate: f32,
    damping: f32,
}

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

impl Pace {
    /// The pace of step `step` (from 1) at learning rate `rate`.
    pub(super) fn new(step: i32, rate: f32) -> Self {
        let (first, second) = (1.0 - BETA_1.powi(step), (1.0 - BETA_2.powi(step)).sqrt());
        Self { rate: rate * second / first, damping: EPSILON * second }
    }

    /// The same step at another rate.
    pub(super) fn times(self, factor: f32) -> Self {
        Self { rate: self.rate * factor, ..self }
    }

    /// Moves `weights` against their `gradient`. All four slices have one length.
    #[expect(clippy::inline_always, reason = "it takes on the registers of its caller")]
    #[inline(always)]
    pub(super) fn update(
        self,
        weights: &mut [f32],
        gradient: &[f32],
        Moments { first, second }: Moments<'_>,
    ) {
        let moments = first.iter_mut().zip(second);
        for ((weight, g), (first, second)) in weights.iter_mut().zip(gradient).zip(moments) {
            *first = BETA_1 * *first + (1.0 - BETA_1) * g;
            *second = BETA_2 * *second + (1.0 - BETA_2) * g * g;
            *weight -= self.rate * *first / (second.sqrt() + self.damping);
        }
    }
}

/// The running means of gradients and of their squares.
pub(super) struct Moments<'a> {
    pub(super) first: &'a mut [f32],
    pub(super) second: &'a mut [f32],
}

/// The rate of `step` of `total` on a cosine from `peak` down to a fiftieth of it
/// (Loshchilov & Hutter 2017, without restarts).
#[expect(clippy::cast_precision_loss, reason = "a share of the way needs no more")]
pub(super) fn cosine_rate(peak: f32, step: u64, total: u64) -> f32 {
    let done = step as f32 / total.max(1) as f32;
    let wave = 0.5 * (1.0 + (std::f32::consts::PI * done).cos());
    peak * (0.02 + 0.98 * wave)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bowl() {
        let (mut weights, mut first, mut second) = ([4.0_f32, -3.0], [0.0; 2], [0.0; 2]);
        for step in 1..=2_000 {
            let gradient = weights.map(|w| 2.0 * (w - 1.0));
            let moments = Moments { first: &mut first, second: &mut second };
            Pace::new(step, 0.02).update(&mut weights, &gradient, moments);
        }
        assert!(weights.iter().all(|w| (w - 1.0).abs() < 1e-2), "{weights:?}");
    }

    #[test]
    fn the_first_step_has_the_length_of_the_rate() {
        let (mut weights, mut first, mut second) = ([0.0_f32], [0.0], [0.0]);
        let moments = Moments { first: &mut first, second: &mut second };
        Pace::new(1, 0.1).update(&mut weights, &[7.0], moments);
        assert!((weights[0] + 0.1).abs() < 1e-5);
    }
}
