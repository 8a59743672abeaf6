use super::ranker::Ranker;
use crate::log::Log;
use mercer::types::ItemIx;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// What is known of the items from outside the ranker: their categories, and how popular they
/// were in the training log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Background {
    categories: HashMap<Box<str>, Box<str>>,
    training: Option<HashMap<Box<str>, u32>>,
}

impl Background {
    /// With the outermost category of each item, as `(item id, category)`.
    #[must_use]
    pub fn with_categories<'a>(
        mut self,
        categories: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let owned = |(item, category): (&str, &str)| (item.into(), category.into());
        self.categories = categories.into_iter().map(owned).collect();
        self
    }

    /// With the popularity of the log that the ranker learned from, in place of what the
    /// ranker tells: a model file rounds it and says nothing of items with few sessions.
    #[must_use]
    pub fn with_training(mut self, log: &Log) -> Self {
        let mut sessions: HashMap<Box<str>, u32> = HashMap::new();
        for session in &log.sessions {
            let of_interest = session.events.iter().filter(|event| event.kind.is_interest());
            let items: HashSet<_> = of_interest.filter_map(|event| event.item).collect();
            let mut items: Vec<_> = items.into_iter().collect();
            items.sort_unstable();
            for item in items {
                *sessions.entry(log.items[item.at()].clone()).or_default() += 1;
            }
        }
        self.training = Some(sessions);
        self
    }

    /// Whether items have categories.
    pub(super) fn has_categories(&self) -> bool {
        !self.categories.is_empty()
    }

    /// The category of an item.
    pub(super) fn category(&self, id: &str) -> Option<&str> {
        self.categories.get(id).map(|category| &**category)
    }

    /// Where popularity comes from.
    pub(super) fn source(&self) -> &'static str {
        if self.training.is_some() { "training log" } else { "model" }
    }
}

/// How popular an item was in training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub(super) enum Band {
    /// The most popular items, which together have a third of all sessions of items.
    Head,
    /// The next third.
    Middle,
    /// The last third.
    Tail,
    /// No session.
    Cold,
}

/// The [`Background`] in a ranker's numbers.
pub(super) struct Facts<'a> {
    /// Training sessions behind each item, `[n_items]`.
    pub(super) sessions: Vec<f64>,
    /// Self-information of each item in bits, `[n_items]`.
    pub(super) information: Vec<f64>,
    /// Each item's place in the order of popularity, from 0, `[n_items]`.
    pub(super) place: Vec<usize>,
    /// Each item's position among the categories, `[n_items]`.
    pub(super) category: Vec<Option<usize>>,
    pub(super) n_categories: usize,
    category_ix: HashMap<&'a str, usize>,
    bands: HashMap<&'a str, Band>,
    background: &'a Background,
}

impl<'a> Facts<'a> {
    pub(super) fn new(ranker: &'a dyn Ranker, background: &'a Background) -> Self {
        let ids = || (0..ranker.n_items()).map(|at| ranker.item_id(ItemIx::from_usize(at)));
        let sessions: Vec<f64> = match &background.training {
            Some(training) => {
                ids().map(|id| training.get(id).copied().map_or(0.0, f64::from)).collect()
            }
            None => ranker.sessions(),
        };
        let counts: Vec<(&str, f64)> = match &background.training {
            Some(training) => training.iter().map(|(id, &n)| (&**id, f64::from(n))).collect(),
            None => ids().zip(sessions.iter().copied()).collect(),
        };
        let mut names: Vec<&str> =
            background.categories.values().map(|category| &**category).collect();
        names.sort_unstable();
        names.dedup();
        let n_categories = names.len();
        let category_ix: HashMap<&str, usize> = names.into_iter().zip(0..).collect();
        let category_of = |id| category_ix.get(background.category(id)?).copied();
        Self {
            information: information(&sessions),
            place: places(&sessions),
            category: ids().map(category_of).collect(),
            n_categories,
            category_ix,
            bands: bands(counts),
            sessions,
            background,
        }
    }

    /// How popular the item was in training; cold if nothing is known of it.
    pub(super) fn band(&self, id: &str) -> Band {
        self.bands.get(id).copied().unwrap_or(Band::Cold)
    }

    /// The position of an item's category, whether or not the ranker knows the item.
    pub(super) fn category_of(&self, id: &str) -> Option<usize> {
        self.category_ix.get(self.background.category(id)?).copied()
    }
}

/// `−log2 p`, where `p` is the item's share of all sessions of items, one added to each so
/// that items without any have a share too (Laplace).
#[expect(clippy::cast_precision_loss, reason = "a count of items")]
fn information(sessions: &[f64]) -> Vec<f64> {
    let all = sessions.iter().sum::<f64>() + sessions.len() as f64;
    sessions.iter().map(|n| (all / (n + 1.0)).log2()).collect()
}

/// Each item's place from the most popular, ties by position.
fn places(sessions: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sessions.len()).collect();
    order.sort_by(|&a, &b| sessions[b].total_cmp(&sessions[a]));
    let mut places = vec![0; order.len()];
    for (place, item) in order.into_iter().enumerate() {
        places[item] = place;
    }
    places
}

/// Thirds of the sessions: an item belongs to the head if the more popular ones have less than
/// a third of all, to the middle if they have less than two thirds.
fn bands(mut counts: Vec<(&str, f64)>) -> HashMap<&str, Band> {
    counts.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let all: f64 = counts.iter().map(|(_, n)| n).sum();
    let mut before = 0.0;
    let band = |(id, n)| {
        let band = match before * 3.0 / all {
            _ if n <= 0.0 => Band::Cold,
            share if share < 1.0 => Band::Head,
            share if share < 2.0 => Band::Middle,
            _ => Band::Tail,
        };
        before += n;
        (id, band)
    };
    counts.into_iter().map(band).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_of_the_sessions() {
        let counts = vec![("a", 2.0), ("none", 0.0), ("b", 4.0), ("c", 1.0), ("d", 2.0)];
        let bands = bands(counts);
        let of = |id| bands[id];
        // b has 4 of 9 sessions: the head. a begins at 4/9, d at 6/9 (two thirds), c at 8/9.
        assert_eq!(
            ["b", "a", "d", "c", "none"].map(of),
            [Band::Head, Band::Middle, Band::Tail, Band::Tail, Band::Cold]
        );
    }

    #[test]
    fn information_of_shares() {
        // Shares (3 + 1) / 8, (1 + 1) / 8, (0 + 1) / 8, (0 + 1) / 8.
        let found = information(&[3.0, 1.0, 0.0, 0.0]);
        for (found, expected) in found.iter().zip([1.0, 2.0, 3.0, 3.0]) {
            assert!((found - expected).abs() < 1e-12);
        }
        assert_eq!(places(&[3.0, 1.0, 5.0, 1.0]), [1, 2, 0, 3]);
    }
}
