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
        let mut items: Vec<Vec<u32>> =
            visits.steps().iter().map(|steps| distinct(steps)).collect();
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
