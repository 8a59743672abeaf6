use super::eligibility::Bar;
use super::insists::{Insists, Quota};
use super::rule_set::RuleSet;
use crate::kernels::sort_by;
use crate::model::Model;
use crate::types::{ItemIx, ItemSet, Mask, Request, Scored};

/// Whoever ranked the items that are to be placed.
pub trait Ranker {
    /// The best so many items that a mask lets through, best first: what the placing asks for
    /// when pins, promotions or limits need items that were not among the ranked.
    fn more(&mut self, mask: &Mask, k: usize) -> Vec<Scored>;

    /// The best score among the items that were ranked as this one was: ways of ranking have
    /// scales of their own. `None` for an item that was not ranked.
    fn best_beside(&self, item: ItemIx) -> Option<f32>;
}

/// What a slate is placed by.
#[derive(Debug, Clone, Copy)]
pub struct Shelf<'a> {
    /// The shop's rules.
    pub rules: &'a RuleSet,
    /// The model they are resolved to.
    pub model: &'a Model,
    /// What is asked for.
    pub request: &'a Request,
    /// What may be shown.
    pub mask: &'a Mask,
}

/// A slate, and what did not come into it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placed {
    /// At most as many items as were asked for, no item twice.
    pub items: Vec<Scored>,
    /// Ranked items that were passed over, with what kept them out: a limit, a minimum, a
    /// variant that is shown. Items that nobody came to are not among them.
    pub dropped: Vec<(ItemIx, Bar)>,
}

/// The slate that the rules make of ranked items: pins stand on their places; of the other
/// places promoted items get their share; the rest is filled in the order of the ranking;
/// of variants the first stands for all; limits and the minimum hold.
///
/// A pin is the shop's own word: it counts for limits and variants and is not bound by them,
/// nor by the minimum. A slate has no holes: pins beyond its end move up.
///
/// The slate is full unless each item left would break a limit, be below the minimum, or be
/// a variant of one that is shown.
pub fn place(shelf: &Shelf<'_>, ranked: Vec<Scored>, ranker: &mut dyn Ranker) -> Placed {
    let mut placing = Placing {
        shelf,
        insists: Insists::of(shelf),
        pool: ranked.into_iter().map(Some).collect(),
        head: 0,
        taken: ItemSet::none(shelf.model.n_items()),
        refills: 0,
        placed: Placed::default(),
        ranker,
    };
    placing.run();
    placing.placed
}

/// The limit, or the variant, that keeps an item out of a slate that holds these.
pub fn full_for(shelf: &Shelf<'_>, shown: &[ItemIx], item: ItemIx) -> Option<Bar> {
    let mut insists = Insists::of(shelf);
    for &item in shown {
        insists.count(item);
    }
    insists.full_for(item)
}

/// A slate in the making.
struct Placing<'a> {
    shelf: &'a Shelf<'a>,
    insists: Insists<'a>,
    /// Ranked items; `None` where one was taken.
    pool: Vec<Option<Scored>>,
    /// Before this there is nothing left in the pool.
    head: usize,
    /// Items that are placed, pinned or passed over.
    taken: ItemSet,
    /// How often the pool was filled anew.
    refills: u32,
    placed: Placed,
    ranker: &'a mut dyn Ranker,
}

impl Placing<'_> {
    fn run(&mut self) {
        let count = self.shelf.request.count;
        let mut pins = self.pinned();
        pins.reverse();
        while self.placed.items.len() < count {
            let place = self.placed.items.len() + 1;
            let pin = pins.pop_if(|(at, _)| *at <= place).map(|(_, scored)| scored);
            let next = pin.or_else(|| self.promoted(place)).or_else(|| self.natural());
            let next = next.or_else(|| pins.pop().map(|(_, scored)| scored));
            let Some(scored) = next else { break };
            self.insists.count_promoted(scored.item);
            self.placed.items.push(scored);
        }
    }

    /// Eligible pins with their places and scores, by place. They are set apart and counted
    /// before anything else is placed.
    fn pinned(&mut self) -> Vec<(usize, Scored)> {
        let mut pins = Insists::pins(self.shelf);
        let wanted = ItemSet::of(self.shelf.model.n_items(), pins.iter().map(|(_, item)| *item));
        let mut found: Vec<Scored> = Vec::new();
        for slot in &mut self.pool {
            found.extend(slot.take_if(|scored| wanted.has(scored.item)));
        }
        if found.len() < pins.len() {
            let mut mask = self.shelf.mask.clone();
            mask.close_others(&wanted);
            for scored in &found {
                mask.close(scored.item);
            }
            found.extend(self.ranker.more(&mask, pins.len() - found.len()));
        }
        sort_by(&mut pins, Ord::cmp);
        let mut scored = |item: ItemIx| {
            let at = found.iter().position(|scored| scored.item == item)?;
            Some(found.swap_remove(at))
        };
        let pins: Vec<(usize, Scored)> =
            pins.into_iter().filter_map(|(at, item)| Some((at, scored(item)?))).collect();
        for (_, scored) in &pins {
            self.taken.insert(scored.item);
            self.insists.count(scored.item);
        }
        pins
    }

    /// The best item of the promotion that is owed the place, if one is.
    fn promoted(&mut self, place: usize) -> Option<Scored> {
        while let Some(at) = self.insists.owed(place) {
            let from_pool = self.take_promoted(at, self.head);
            let found = from_pool.or_else(|| {
                let fetched = self.fetch_promoted(at);
                let start = self.pool.len();
                self.pool.extend(fetched.into_iter().map(Some));
                self.take_promoted(at, start)
            });
            if found.is_some() {
                return found;
            }
            self.insists.quotas[at].is_exhausted = true;
        }
        None
    }

    /// The first acceptable item of a promotion in the pool from `start` on.
    fn take_promoted(&mut self, quota: usize, start: usize) -> Option<Scored> {
        for at in start..self.pool.len() {
            let promoted = |scored: &mut Scored| self.insists.quotas[quota].promotes(scored.item);
            if let Some(scored) = self.pool[at].take_if(promoted)
                && let Some(scored) = self.accept(scored)
            {
                return Some(scored);
            }
        }
        None
    }

    fn fetch_promoted(&mut self, quota: usize) -> Vec<Scored> {
        let Quota { items, share, .. } = &self.insists.quotas[quota];
        let mut mask = self.open();
        mask.close_others(items);
        for scored in self.pool.iter().flatten() {
            mask.close(scored.item);
        }
        let n_open = mask.n_open();
        #[expect(clippy::cast_precision_loss, reason = "a share of at most the catalogue")]
        #[expect(clippy::cast_possible_truncation, reason = "a share of at most the catalogue")]
        #[expect(clippy::cast_sign_loss, reason = "a share is above 0")]
        let k = libm::ceil(self.shelf.request.count.min(n_open) as f64 * share) as usize + 16;
        if n_open == 0 { Vec::new() } else { self.ranker.more(&mask, k) }
    }

    /// The next acceptable item in the order of the ranking.
    fn natural(&mut self) -> Option<Scored> {
        let mut n_placed = None;
        loop {
            while let Some(slot) = self.pool.get_mut(self.head) {
                self.head += 1;
                if let Some(scored) = slot.take()
                    && let Some(scored) = self.accept(scored)
                {
                    return Some(scored);
                }
            }
            // A second filling in a row that nothing could be taken from would be the last:
            // all that is left is below the minimum.
            if n_placed == Some(self.placed.items.len()) || !self.refill() {
                return None;
            }
            n_placed = Some(self.placed.items.len());
        }
    }

    /// Fills the pool with the best of what is left; false where nothing is. Each filling is twice the one before, so that there are few.
    fn refill(&mut self) -> bool {
        let mask = self.open();
        let missing = self.shelf.request.count - self.placed.items.len();
        let k =
            missing.saturating_mul(2).saturating_add(64).saturating_mul(1 << self.refills.min(20));
        let k = k.min(mask.n_open());
        if k == 0 {
            return false;
        }
        self.refills += 1;
        self.pool = self.ranker.more(&mask, k).into_iter().map(Some).collect();
        self.head = 0;
        !self.pool.is_empty()
    }

    /// What may be shown, is neither placed nor passed over, and breaks no limit yet.
    fn open(&self) -> Mask {
        let mut mask = self.shelf.mask.clone();
        mask.close_all(&self.taken);
        self.insists.close_full(&mut mask);
        mask
    }

    /// Takes an item for a place, or passes it over.
    #[inline(never)]
    fn accept(&mut self, scored: Scored) -> Option<Scored> {
        let item = scored.item;
        if self.taken.has(item) || !self.shelf.mask.allows(item) {
            return None;
        }
        self.taken.insert(item);
        let best = || self.ranker.best_beside(item);
        if let Some(bar) = self.insists.refuses(&scored, best) {
            self.placed.dropped.push((item, bar));
            return None;
        }
        self.insists.count(item);
        Some(scored)
    }
}
