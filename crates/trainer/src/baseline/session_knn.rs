use super::visits::distinct;
use super::{Score, Visits};

/// Visits with more distinct items than this share of all visits are no neighbours: they are
/// robots, and would make everything alike.
const LONGEST: f64 = 0.995;

/// How session kNN looks for visits like this one, and what it takes from them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SessionKnnSettings {
    /// Visits that vote (k).
    pub neighbours: usize,
    /// Newest visits among those with an item of this one that are compared at all (m).
    pub sample: usize,
    /// How many of the shopper's newest steps are compared.
    pub last: usize,
    /// What a neighbour's vote is worth by the newest item it shares with this visit.
    pub decay: Decay,
    /// How rare items are lifted.
    pub rarity: Rarity,
    /// Whether the item the shopper is on may be recommended.
    pub newest: Newest,
}

impl SessionKnnSettings {
    /// VMIS-kNN (Kersbergen, Sprangers & Schelter 2022, "Serenade").
    pub const VMIS: Self = Self {
        neighbours: 100,
        sample: 500,
        last: 9,
        decay: Decay::Linear,
        rarity: Rarity::Idf,
        newest: Newest::LeaveOut,
    };

    /// VS-kNN (Ludewig & Jannach 2018): the whole visit, votes divided by the distance, the
    /// newest item as good as any other.
    pub const VS: Self = Self {
        neighbours: 100,
        sample: 1_000,
        last: usize::MAX,
        decay: Decay::Inverse,
        rarity: Rarity::Ignored,
        newest: Newest::Keep,
    };
}

/// What a vote is worth whose newest shared item stands `p` steps back, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decay {
    /// `max(0, 1 − p / 10)`.
    Linear,
    /// `1 / p`.
    Inverse,
}

/// What an item's rarity is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rarity {
    /// Votes are multiplied by `ln(pairs / visits with the item)`, `pairs` being the number
    /// of different items of all visits together.
    Idf,
    /// Nothing.
    Ignored,
}

/// What becomes of the item the shopper is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newest {
    /// It scores nothing.
    LeaveOut,
    /// It scores like any other.
    Keep,
}

/// Who walked like this: the visits of other shoppers that share items with this one vote
/// for what they hold.
///
/// With `s` the shopper's last steps and `π(i) = (position of i in s, oldest first, from 1)
/// / (distinct items of s)`, a visit `n` is like `s` by `r_n = Σ_{i ∈ s ∩ n} π(i)`. Of the
/// `sample` newest visits that share an item, the `neighbours` most alike vote, the newer
/// of equals first: the score of item `j` is `Σ_n [j ∈ n] · r_n · λ(p_n) · w_j`, where `p_n`
/// is how many steps back the newest shared item stands, `λ` the [`Decay`], and `w_j` the
/// [`Rarity`] (Kersbergen et al. 2022, section 3; Ludewig & Jannach 2018). An item that
/// occurs twice in `s` counts where it is newest.
#[derive(Debug, Clone)]
pub struct SessionKnn<'a> {
    visits: &'a Visits,
    settings: SessionKnnSettings,
    /// The items of each visit, ascending; none of those that are too long.
    items: Vec<Vec<u32>>,
    weights: Vec<f64>,
}

impl<'a> SessionKnn<'a> {
    /// Prepares the visits to be neighbours.
    pub fn new(visits: &'a Visits, settings: SessionKnnSettings) -> Self {
        let mut items: Vec<Vec<u32>> = visits.steps().iter().map(|steps| distinct(steps)).collect();
        let longest = longest(&items);
        for items in items.iter_mut().filter(|items| items.len() > longest) {
            items.clear();
        }
        let weights = weights(visits.n_items(), &items, settings.rarity);
        Self { visits, settings, items, weights }
    }

    /// The visits most alike to `steps` with their likeness, best first.
    fn neighbours(&self, steps: &[u32]) -> Vec<(u32, f64)> {
        let mut alike = self.candidates(steps);
        // Stable, and the newest stand first: of equals the newer one is kept.
        alike.sort_by(|one, other| other.1.total_cmp(&one.1));
        alike.truncate(self.settings.neighbours);
        alike
    }

    /// The newest visits that share an item with `steps`, newest first, with their likeness.
    ///
    /// A visit among the newest `sample` of all is among the newest `sample` of each of its
    /// items, so no list is read further than that.
    #[expect(clippy::cast_precision_loss, reason = "a few steps")]
    fn candidates(&self, steps: &[u32]) -> Vec<(u32, f64)> {
        let n_distinct = distinct(steps).len() as f64;
        let mut met: Vec<(u32, usize)> = Vec::new();
        for (at, &item) in steps.iter().enumerate() {
            if !steps[at + 1..].contains(&item) {
                let visits = self.visits.with_item(item).iter().rev();
                let visits = visits.filter(|&&visit| !self.items[visit as usize].is_empty());
                met.extend(visits.take(self.settings.sample).map(|&visit| (visit, at)));
            }
        }
        met.sort_unstable_by(|one, other| other.cmp(one));
        let likeness = |same: &[(u32, usize)]| {
            same.iter().rev().map(|(_, at)| (at + 1) as f64 / n_distinct).sum::<f64>()
        };
        let visits = met.chunk_by(|one, other| one.0 == other.0);
        visits.map(|same| (same[0].0, likeness(same))).take(self.settings.sample).collect()
    }
}

impl Score for SessionKnn<'_> {
    fn score(&self, steps: &[u32], scores: &mut [f64]) {
        let steps = &steps[steps.len().saturating_sub(self.settings.last)..];
        let Some(newest) = steps.last() else { return };
        for (visit, likeness) in self.neighbours(steps) {
            let items = &self.items[visit as usize];
            let shared = steps.iter().rev().position(|item| items.binary_search(item).is_ok());
            let vote = likeness * shared.map_or(0.0, |back| self.settings.decay.at(back + 1));
            for &item in items {
                scores[item as usize] += vote * self.weights[item as usize];
            }
        }
        if self.settings.newest == Newest::LeaveOut {
            scores[*newest as usize] = 0.0;
        }
    }
}

impl Decay {
    #[expect(clippy::cast_precision_loss, reason = "a few steps")]
    fn at(self, steps_back: usize) -> f64 {
        match self {
            Self::Linear => (1.0 - 0.1 * steps_back as f64).max(0.0),
            Self::Inverse => 1.0 / steps_back as f64,
        }
    }
}

/// The number of items that a visit may have.
#[expect(clippy::cast_precision_loss, reason = "a share of a count")]
#[expect(clippy::cast_possible_truncation, reason = "at most the count")]
#[expect(clippy::cast_sign_loss, reason = "not negative")]
fn longest(items: &[Vec<u32>]) -> usize {
    let mut lengths: Vec<usize> = items.iter().map(Vec::len).collect();
    lengths.sort_unstable();
    let place = (lengths.len() as f64 * LONGEST) as usize;
    lengths.get(place).copied().unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "counts")]
fn weights(n_items: usize, items: &[Vec<u32>], rarity: Rarity) -> Vec<f64> {
    if rarity == Rarity::Ignored {
        return vec![1.0; n_items];
    }
    let mut counts = vec![0_usize; n_items];
    for &item in items.iter().flatten() {
        counts[item as usize] += 1;
    }
    let pairs: usize = counts.iter().sum();
    counts.iter().map(|&n| if n == 0 { 0.0 } else { (pairs as f64 / n as f64).ln() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::tests::{assert_close, log, scores};
    use crate::log::Log;
    use mercer::rng::Rng;

    #[test]
    fn two_neighbours_by_hand() {
        // The robot's visit of five items is longer than 99.5 % of the 200 others.
        let mut sessions: Vec<&[u32]> = vec![&[4]; 200];
        sessions.extend([&[0, 1, 2, 3, 4][..], &[0, 1, 3], &[1, 2]]);
        let visits = Visits::new(&log(&sessions), None);
        let vmis = SessionKnn::new(&visits, SessionKnnSettings::VMIS);
        // s = [0, 1]: π = 1/2, 1. The visit {0, 1, 3} is alike by 3/2, {1, 2} by 1; both
        // share the newest item, so λ = 0.9. 205 pairs, one of them with 0.
        let idf = |n: f64| (205.0 / n).ln();
        let vote = [1.5 * 0.9, 0.9];
        let expected = [vote[0] * idf(1.0), 0.0, vote[1] * idf(1.0), vote[0] * idf(1.0)];
        assert_close(&scores(&vmis, &[0, 1])[..4], &expected);

        let vs = SessionKnn::new(&visits, SessionKnnSettings::VS);
        assert_close(&scores(&vs, &[0, 1])[..4], &[1.5, 2.5, 1.0, 1.5]);
        // Item 1 is two steps back: λ = 1/2. Item 0 is newest and was there before: π = 3/2.
        assert_close(&scores(&vs, &[0, 1, 0])[..3], &[2.5, 2.5 + 0.5, 0.5]);
    }

    #[test]
    fn the_newest_visits_are_sampled_and_the_newer_of_equals_votes() {
        let visits = Visits::new(&log(&[&[0, 1, 2], &[0, 3], &[0, 4]]), None);
        let settings = SessionKnnSettings { sample: 2, ..SessionKnnSettings::VS };
        let two = scores(&SessionKnn::new(&visits, settings), &[1, 0]);
        assert_close(&two[..5], &[2.0, 0.0, 0.0, 1.0, 1.0]);
        let settings = SessionKnnSettings { neighbours: 1, ..settings };
        let one = scores(&SessionKnn::new(&visits, settings), &[1, 0]);
        assert_close(&one[..5], &[1.0, 0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn nothing_shared_nothing_scored() {
        let visits = Visits::new(&log(&[&[0, 1], &[1, 2]]), None);
        let vmis = SessionKnn::new(&visits, SessionKnnSettings::VMIS);
        assert!(scores(&vmis, &[]).iter().chain(&scores(&vmis, &[3])).all(|s| *s == 0.0));
    }

    /// The formula of the type's documentation over every visit, written from the paper.
    #[expect(clippy::cast_precision_loss, reason = "a handful of items")]
    fn oracle(log: &Log, settings: SessionKnnSettings, steps: &[u32]) -> Vec<f64> {
        let visits: Vec<Vec<u32>> = log
            .sessions
            .iter()
            .map(|session| session.events.iter().map(|event| event.item.unwrap().0).collect())
            .collect();
        let s = &steps[steps.len().saturating_sub(settings.last)..];
        let unique = |items: &[u32]| {
            let set: std::collections::BTreeSet<u32> = items.iter().copied().collect();
            set.len() as f64
        };
        let pi = |item: u32| match s.iter().rposition(|other| *other == item) {
            Some(at) => (at as f64 + 1.0) / unique(s),
            None => 0.0,
        };
        let likeness =
            |visit: &[u32]| -> f64 { (0..5).filter(|item| visit.contains(item)).map(pi).sum() };
        let mut near: Vec<(usize, f64)> =
            visits.iter().map(|visit| likeness(visit)).enumerate().collect();
        near.retain(|(_, likeness)| *likeness > 0.0);
        near.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        near.truncate(settings.sample);
        near.sort_by(|one, other| other.1.total_cmp(&one.1).then(other.0.cmp(&one.0)));
        near.truncate(settings.neighbours);
        let pairs: f64 = visits.iter().map(|visit| unique(visit)).sum();
        let score = |item: u32| -> f64 {
            let with_it = visits.iter().filter(|visit| visit.contains(&item)).count() as f64;
            let weight = if settings.rarity == Rarity::Idf { (pairs / with_it).ln() } else { 1.0 };
            let vote = |(at, likeness): &(usize, f64)| {
                let visit = &visits[*at];
                let back = s.iter().rev().position(|shared| visit.contains(shared)).unwrap() + 1;
                let decay = match settings.decay {
                    Decay::Linear => (1.0 - 0.1 * back as f64).max(0.0),
                    Decay::Inverse => 1.0 / back as f64,
                };
                if visit.contains(&item) { likeness * decay * weight } else { 0.0 }
            };
            near.iter().map(vote).sum()
        };
        let mut scores: Vec<f64> = (0..5).map(score).collect();
        if settings.newest == Newest::LeaveOut {
            scores[*s.last().unwrap() as usize] = 0.0;
        }
        scores
    }

    #[test]
    fn the_index_says_what_the_formula_says() {
        let mut rng = Rng::new(7);
        for round in 0..400 {
            // Of so few visits, none is longer than 99.5 %.
            let sessions: Vec<Vec<u32>> = (0..=rng.below(30))
                .map(|_| (0..=rng.below(3)).map(|_| draw(&mut rng)).collect())
                .collect();
            let sessions: Vec<&[u32]> = sessions.iter().map(Vec::as_slice).collect();
            let log = log(&sessions);
            let kind =
                if round % 2 == 0 { SessionKnnSettings::VMIS } else { SessionKnnSettings::VS };
            let settings = SessionKnnSettings {
                neighbours: 1 + rng.below(6),
                sample: 1 + rng.below(8),
                last: 1 + rng.below(12),
                ..kind
            };
            let steps: Vec<u32> = (0..=rng.below(14)).map(|_| draw(&mut rng)).collect();
            let visits = Visits::new(&log, None);
            let found = scores(&SessionKnn::new(&visits, settings), &steps);
            let expected: Vec<f64> = oracle(&log, settings, &steps);
            let known = visits.counts().map(|count| count > 0);
            for (at, _) in known.enumerate().filter(|(_, is_known)| *is_known) {
                assert_close(&[found[at]], &[expected[at]]);
            }
        }
    }

    fn draw(rng: &mut Rng) -> u32 {
        u32::try_from(rng.below(5)).unwrap()
    }
}
