//! How far up do newcomers belong? At the rate at which the hidden items of a rehearsal are
//! come to, a slate seldom shows one: what is known of it is flatter than what is known of the
//! others. And what is never shown stays without an event.
//!
//! So, with the weights of [`super::calibrate`] in hand, all newcomers are moved up together,
//! as far as the held-out cases that lead to known items lose no more than a given share of
//! their hit rate + mean reciprocal rank at 20.

use super::calibrate::Weights;
use super::held_out::{Case, HeldOut};

/// Offsets tried, from 0.
const N_OFFSETS: usize = 41;
/// From one offset to the next.
const STEP: f32 = 0.1;
/// The slate that is judged.
const LENGTH: usize = 20;

/// The weights with the newcomers moved up as far as the known items lose at most the share
/// `exposure` of their worth.
pub(super) fn place_newcomers(
    mut weights: Weights,
    held_out: &HeldOut<'_>,
    exposure: f64,
) -> Weights {
    let parts = held_out.fold(Worth::default, |sum, case| sum.add(case, &weights));
    let mut worth = Worth::default();
    for part in &parts {
        worth.join(part);
    }
    weights.new += offset(worth.farthest(exposure));
    weights
}

#[expect(clippy::cast_precision_loss, reason = "a few dozen")]
fn offset(at: usize) -> f32 {
    STEP * at as f32
}

/// What the answers come to at each offset, hit rate and reciprocal rank together.
struct Worth {
    /// Of the cases that lead to known items.
    known: [f64; N_OFFSETS],
    /// Of those that lead to newcomers.
    new: [f64; N_OFFSETS],
}

impl Default for Worth {
    fn default() -> Self {
        Self { known: [0.0; N_OFFSETS], new: [0.0; N_OFFSETS] }
    }
}

impl Worth {
    /// Of the offsets that the known items can bear, the one that serves the newcomers most,
    /// the smallest where several do.
    fn farthest(&self, exposure: f64) -> usize {
        let least = (1.0 - exposure) * self.known[0];
        let borne = (0..N_OFFSETS).take_while(|&at| self.known[at] >= least);
        borne.fold(0, |best, at| if self.new[at] > self.new[best] { at } else { best })
    }

    fn join(&mut self, other: &Self) {
        for at in 0..N_OFFSETS {
            self.known[at] += other.known[at];
            self.new[at] += other.new[at];
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
    fn add(&mut self, case: &Case<'_>, weights: &Weights) {
        let is_new = case.new[case.answer as usize] > 0.0;
        let sums = if is_new { &mut self.new } else { &mut self.known };
        for (sum, rank) in sums.iter_mut().zip(ranks(case, weights)) {
            if rank <= LENGTH {
                *sum += f64::from(case.weight) * (1.0 + 1.0 / rank as f64);
            }
        }
    }
}

/// The rank of the answer at each offset.
fn ranks(case: &Case<'_>, weights: &Weights) -> [usize; N_OFFSETS] {
    let answer = case.answer as usize;
    let bonus = |item: usize| case.marks.iter().find(|mark| mark.item == item);
    let own = case.score(answer, weights) + bonus(answer).map_or(0.0, |mark| weights.bonus(mark));
    let mut ahead = Ahead { own, is_new: case.new[answer] > 0.0, ranks: [1; N_OFFSETS] };
    let mut scores: Vec<f32> =
        (0..case.likeness.len()).map(|item| case.score(item, weights)).collect();
    for mark in &case.marks {
        scores[mark.item] += weights.bonus(mark);
    }
    for (item, score) in scores.into_iter().enumerate().filter(|(item, _)| *item != answer) {
        ahead.meet(score, case.new[item] > 0.0);
    }
    ahead.ranks
}

/// Counts the rivals of an answer.
struct Ahead {
    own: f32,
    is_new: bool,
    ranks: [usize; N_OFFSETS],
}

impl Ahead {
    /// Counts a rival wherever it scores at least as high; only one of the other kind moves
    /// against the answer.
    fn meet(&mut self, score: f32, is_new: bool) {
        if score + offset(N_OFFSETS) < self.own {
            return;
        }
        let towards = f32::from(u8::from(is_new)) - f32::from(u8::from(self.is_new));
        for (at, rank) in self.ranks.iter_mut().enumerate() {
            *rank += usize::from(score + towards * offset(at) >= self.own);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::held_out::{Mark, N_LISTS};
    use super::*;

    fn weights() -> Weights {
        let near = [0.0, 1.0, 0.5, 0.0];
        let returning = vec![-3.0];
        Weights { likeness: 1.0, popularity: 1.0, new: -0.5, trend: 0.4, near, returning }
    }

    #[test]
    fn ranks_are_those_of_the_scores_at_each_offset() {
        let mut rng = mercer::rng::Rng::new(4);
        for answer in 0..12 {
            let likeness: Vec<f32> = (0..12).map(|_| 3.0 * rng.unit_f32()).collect();
            let new: Vec<f32> = (0..12).map(|item: u8| f32::from(item % 3 / 2)).collect();
            let mark = |item, place, near| Mark { item, place, near: [near; N_LISTS] };
            let marks = vec![mark(1, Some(0), 0.4), mark(2, None, 0.8), mark(7, None, 0.3)];
            let trends: Vec<f32> = (0..12).map(|_| rng.unit_f32() - 0.5).collect();
            let (likeness, new, trends) = (&likeness, &new, &trends);
            let biases = &[0.1; 12];
            let case = Case { likeness, biases, new, trends, marks, answer, weight: 1.0 };
            for (at, rank) in ranks(&case, &weights()).into_iter().enumerate() {
                let moved = Weights { new: weights().new + offset(at), ..weights() };
                let bonus = |item: usize| {
                    let mark = case.marks.iter().find(|mark| mark.item == item);
                    mark.map_or(0.0, |mark| moved.bonus(mark))
                };
                let score = |item: usize| case.score(item, &moved) + bonus(item);
                let answer = answer as usize;
                let ahead = (0..12).filter(|&item| item != answer && score(item) >= score(answer));
                assert_eq!(rank, 1 + ahead.count(), "answer {answer}, offset {at}");
            }
        }
    }

    #[test]
    fn newcomers_rise_as_far_as_the_known_items_can_bear() {
        let mut worth = Worth::default();
        for at in 0..N_OFFSETS {
            worth.known[at] = 100.0 - f64::from(u8::try_from(at).unwrap());
            worth.new[at] = f64::from(u8::try_from(at.min(9)).unwrap());
        }
        assert_eq!(worth.farthest(0.05), 5);
        assert_eq!(worth.farthest(0.0), 0);
        assert_eq!(worth.farthest(0.5), 9, "beyond that it serves nobody");
    }
}
