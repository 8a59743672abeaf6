//! How far up do newcomers belong? At the rate at which the hidden items of a rehearsal are
//! come to, a slate hardly ever shows one: what is known of it is flatter than what is known of
//! the others, and what is never shown stays without an event.
//!
//! So, with the weights of [`super::calibrate`] in hand, all newcomers are moved up together,
//! as far as the held-out cases that lead to known items lose at most a small share of what
//! hit rate and mean reciprocal rank at 20 add up to there.

use super::calibrate::Weights;
use super::held_out::{Case, HeldOut};

/// Offsets tried, smallest first.
const N_OFFSETS: usize = 17;
/// From one offset to the next.
const STEP: f32 = 0.25;
/// The share of their worth that the known items may lose.
const BUDGET: f64 = 0.03;
/// The slate that is judged.
const LENGTH: usize = 20;

/// The weights with the newcomers moved up as far as the known items can bear.
pub(super) fn place_newcomers(mut weights: Weights, held_out: &HeldOut<'_>) -> Weights {
    let parts = held_out.fold(Worth::default, |sum, case| sum.add(case, &weights));
    let mut worth = Worth::default();
    parts.iter().for_each(|part| worth.join(part));
    if std::env::var("DBG").is_ok() {
        for at in 0..N_OFFSETS {
            eprintln!("taken offset {at}: known {:.4} new {:.4} ({:.2} {:.2})", worth.known[at] / worth.known[0], worth.new[at] / worth.new[0], worth.known[at], worth.new[at]);
        }
    }
    weights.new += STEP * worth.farthest() as f32;
    weights
}

/// What the answers come to at each offset, hit rate and reciprocal rank together.
#[derive(Default)]
struct Worth {
    /// Of the cases that lead to known items.
    known: [f64; N_OFFSETS],
    /// Of those that lead to newcomers.
    new: [f64; N_OFFSETS],
}

impl Worth {
    /// The largest offset that the known items can bear, if it serves the newcomers.
    fn farthest(&self) -> usize {
        let least = (1.0 - BUDGET) * self.known[0];
        let fits = (0..N_OFFSETS).take_while(|&at| self.known[at] >= least);
        let better = |best: usize, at: usize| if self.new[at] > self.new[best] { at } else { best };
        fits.fold(0, better)
    }

    fn join(&mut self, other: &Self) {
        for at in 0..N_OFFSETS {
            self.known[at] += other.known[at];
            self.new[at] += other.new[at];
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
    fn add(&mut self, case: &Case<'_>, weights: &Weights) {
        let answer = case.answer as usize;
        let sum = if case.new[answer] > 0.0 { &mut self.new } else { &mut self.known };
        for (sum, rank) in sum.iter_mut().zip(ranks(case, weights)) {
            if rank <= LENGTH {
                *sum += f64::from(case.weight) * (1.0 + 1.0 / rank as f64);
            }
        }
    }
}

/// The rank of the answer at each offset.
fn ranks(case: &Case<'_>, weights: &Weights) -> [usize; N_OFFSETS] {
    let answer = case.answer as usize;
    let is_new = |item: usize| case.new[item] > 0.0;
    let mark = case.marks.iter().find(|mark| mark.item == answer);
    let own = case.score(answer, weights) + mark.map_or(0.0, |mark| weights.bonus(mark));
    // A rival of the other kind is this much nearer at each step.
    let step = f32::from(u8::from(!is_new(answer))) - f32::from(u8::from(is_new(answer)));
    let mut ranks = [1_usize; N_OFFSETS];
    let mut meet = |item: usize, score: f32, count: isize| {
        let step = if is_new(item) == is_new(answer) { 0.0 } else { STEP * step };
        let mut at = 0.0;
        for rank in &mut ranks {
            if score + at >= own {
                *rank = rank.saturating_add_signed(count);
            }
            at += step;
        }
    };
    let far = STEP * N_OFFSETS as f32;
    for item in (0..case.likeness.len()).filter(|item| *item != answer) {
        let score = case.score(item, weights);
        if score + far >= own {
            meet(item, score, 1);
        }
    }
    for mark in case.marks.iter().filter(|mark| mark.item != answer) {
        let plain = case.score(mark.item, weights);
        meet(mark.item, plain + weights.bonus(mark), 1);
        meet(mark.item, plain, -1);
    }
    ranks
}
