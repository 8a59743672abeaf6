//! How far up do returns belong? Likelihood alone does not say: a slate has room for twenty
//! items, and one that the shopper goes back to costs the others a single place.
//!
//! So, with the weights of [`super::calibrate`] in hand, the bonus of the newest item and
//! that of the older ones are moved together with what is held out: the pair of offsets is
//! taken under which hit rate and mean reciprocal rank at 20 add up to most, the smallest
//! where several do.

use super::calibrate::Weights;
use super::held_out::{Case, HeldOut, Mark};
use std::collections::HashSet;

/// Offsets tried, nearest first.
const OFFSETS: [f32; 13] = [0.0, 0.5, -0.5, 1.0, -1.0, 1.5, -1.5, 2.0, -2.0, 3.0, -3.0, 4.0, -4.0];
/// The slate that is judged.
const LENGTH: usize = 20;

/// Moves the bonuses of `weights` to where they serve the held-out cases best; with them,
/// what hit rate and mean reciprocal rank add up to there, over all cases.
pub(super) fn place_returns(mut weights: Weights, held_out: &HeldOut<'_>) -> (Weights, f64) {
    let standings = held_out.fold(Vec::new, |found, case| found.push(Standing::of(case, &weights)));
    let standings: Vec<Standing> = standings.into_iter().flatten().collect();
    let pairs = (0..OFFSETS.len()).flat_map(|a| (0..OFFSETS.len()).map(move |b| [a, b]));
    // A gain that one case in ten thousand makes is no reason to move farther away.
    #[expect(clippy::cast_precision_loss, reason = "a few thousand cases")]
    let margin = 1e-4 * standings.len() as f64;
    let mut best = ([0, 0], 0.0);
    for pair in pairs {
        let worth =
            standings.iter().map(|standing| standing.weight * standing.worth(pair)).sum::<f64>();
        let farther = pair.iter().sum::<usize>() > best.0.iter().sum::<usize>();
        if worth > best.1 + if farther { margin } else { 0.0 } {
            best = (pair, worth);
        }
    }
    for (t, bonus) in weights.returning.iter_mut().enumerate() {
        *bonus += OFFSETS[best.0[usize::from(t > 0)]];
    }
    (weights, best.1)
}

/// What the rank of one answer depends on.
struct Standing {
    /// Score of the answer, its bonus included.
    score: f32,
    /// Which offset is the answer's: none, that of the newest item, of an older one.
    group: Option<usize>,
    /// Items outside the session that score at least as high, for each offset of the answer.
    ahead: Vec<usize>,
    /// Scores, bonus included, and groups of the session's other items.
    rivals: Vec<(f32, usize)>,
    /// What the case counts.
    weight: f64,
}

impl Standing {
    fn of(case: &Case<'_>, weights: &Weights) -> Self {
        let answer = case.answer as usize;
        let score = |mark: &Mark| case.score(mark.item, weights) + weights.bonus(mark);
        let mark = case.marks.iter().find(|mark| mark.item == answer);
        let group = |place: usize| usize::from(place > 0);
        let own = mark.map_or_else(|| case.score(answer, weights), score);
        let place = mark.and_then(|mark| mark.place);
        let offsets: &[f32] = if place.is_some() { &OFFSETS } else { &OFFSETS[..1] };
        let rivals = case.marks.iter().filter(|mark| mark.item != answer);
        let placed = rivals.filter_map(|mark| Some((score(mark), group(mark.place?))));
        Self {
            score: own,
            group: place.map(group),
            ahead: ahead(case, weights, own, offsets),
            rivals: placed.collect(),
            weight: case.weight.into(),
        }
    }

    /// Hit and reciprocal rank under a pair of offsets.
    #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
    fn worth(&self, pair: [usize; 2]) -> f64 {
        let own = self.group.map_or(0, |group| pair[group]);
        let score = self.score + self.group.map_or(0.0, |_| OFFSETS[own]);
        let ahead = |(rival, group): &&(f32, usize)| rival + OFFSETS[pair[*group]] >= score;
        let rank = 1 + self.ahead[own] + self.rivals.iter().filter(ahead).count();
        if rank <= LENGTH { 1.0 + 1.0 / rank as f64 } else { 0.0 }
    }
}

/// How many items outside the session score at least as high as `score` moved by each of
/// the `offsets`; the answer itself does not count.
fn ahead(case: &Case<'_>, weights: &Weights, score: f32, offsets: &[f32]) -> Vec<usize> {
    let least = offsets.iter().fold(f32::INFINITY, |least, offset| least.min(score + offset));
    let mut counts = vec![0; offsets.len()];
    let mut add = |rival: f32| {
        for (count, offset) in counts.iter_mut().zip(offsets) {
            *count += usize::from(rival >= score + offset);
        }
    };
    let marked: HashSet<usize> = case.marks.iter().map(|mark| mark.item).collect();
    for item in 0..case.likeness.len() {
        let rival = case.score(item, weights);
        if rival >= least && item != case.answer as usize && !marked.contains(&item) {
            add(rival);
        }
    }
    let outside = case.marks.iter().filter(|mark| mark.place.is_none());
    for mark in outside.filter(|mark| mark.item != case.answer as usize) {
        add(case.score(mark.item, weights) + weights.bonus(mark));
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::super::held_out::N_LISTS;
    use super::*;

    #[test]
    fn ranks_follow_the_offsets() {
        let mark = |item, place| Mark { item, place, near: [0.0; N_LISTS] };
        let case = Case {
            likeness: &[5.0, 4.0, 3.0, 2.0],
            biases: &[0.0; 4],
            new: &[0.0; 4],
            trends: &[0.0; 4],
            marks: vec![mark(2, Some(0)), mark(0, Some(1))],
            answer: 2,
            weight: 1.0,
        };
        let returning = vec![-1.0, -4.5];
        let near = [0.0; N_LISTS];
        let (likeness, popularity, new, trend) = (1.0, 1.0, 0.0, 0.0);
        let weights = Weights { likeness, popularity, new, trend, near, returning };
        // Without offsets: item 1 at 4, the answer at 2, item 3 at 2, item 0 at 0.5.
        let standing = Standing::of(&case, &weights);
        let at = |offset: f32| OFFSETS.iter().position(|x| (x - offset).abs() < 1e-6).unwrap();
        assert!((standing.worth([at(0.0), at(0.0)]) - (1.0 + 1.0 / 3.0)).abs() < 1e-9);
        assert!((standing.worth([at(0.5), at(0.0)]) - (1.0 + 1.0 / 2.0)).abs() < 1e-9);
        assert!((standing.worth([at(3.0), at(0.0)]) - 2.0).abs() < 1e-9);
        assert!((standing.worth([at(0.0), at(4.0)]) - (1.0 + 1.0 / 4.0)).abs() < 1e-9);
    }
}
