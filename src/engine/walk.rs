use super::placements::{Way, recipe};
use super::tries::mixed;
use super::ways::{Among, Ranking};
use super::{Engine, shortfall, why};
use crate::diversity::{arrange, spread};
use crate::explain::{Left, Stage, Watch};
use crate::kernels::sort_by;
use crate::ranking::{open, rank};
use crate::retrieval::nearest;
use crate::rules::{Eligibility, Ranker, Shelf, place};
use crate::session::{Session, Step};
use crate::types::{ItemIx, Lift, Mask, Placement, Request, Scored, Slate, Source};
use std::cell::OnceCell;

/// How many candidates are ranked beyond those asked for: the scan sees the interest rounded
/// to eight bits, the ranking sees it whole, and variety and rules need something to choose
/// from.
const MIN_CANDIDATES: usize = 200;

/// One slate in the making: everything that is settled before anything is ranked.
pub(super) struct Walk<'a> {
    pub(super) engine: &'a Engine,
    pub(super) session: &'a Session,
    pub(super) request: &'a Request,
    /// What the shopper did, oldest first.
    pub(super) steps: Vec<Step<ItemIx>>,
    /// The product of the page, and what else the slate is for.
    pub(super) at_hand: Vec<ItemIx>,
    pub(super) eligibility: Eligibility,
    /// What speaks for items whichever way they are ranked.
    pub(super) lifts: Vec<Lift>,
    /// Who looks on.
    pub(super) watch: &'a dyn Watch,
    /// What the session says of items, once it was asked for: a slate may ask several times.
    pub(super) heard: OnceCell<Vec<Lift>>,
}

/// What the placing asks for more items.
struct Ranked<'p, 'a> {
    walk: &'a Walk<'a>,
    pool: &'p mut Pool<'a>,
}

/// Ranked items to make a slate of, and how each was ranked.
#[derive(Default)]
struct Pool<'a> {
    rankings: Vec<Ranking<'a>>,
    /// The best score of each ranking.
    bests: Vec<f32>,
    /// Best first, of one ranking after the other; not opened.
    items: Vec<Scored>,
    /// Which of the rankings each item is of.
    origins: Vec<(ItemIx, usize)>,
    /// The keys of the rankings, where they share the places.
    keys: Vec<&'static str>,
}

impl<'a> Walk<'a> {
    /// The slate.
    pub(super) fn slate(&'a self) -> Slate {
        let mut pool = self.pool(self.request.count.saturating_mul(2).max(MIN_CANDIDATES));
        let ranked = std::mem::take(&mut pool.items);
        self.watch.after(Stage::Arranged, None, Left::Scored(&ranked));
        let placed = place(&self.shelf(), ranked, &mut Ranked { walk: self, pool: &mut pool });
        why::tell_placed(self.watch, &placed);
        let shortfall = shortfall::of(self, &placed);
        sort_by(&mut pool.origins, |a, b| a.0.cmp(&b.0));
        let source = pool.source(self.request.placement);
        let tried = pool.tried(&placed.items);
        let items = pool.opened(self, placed.items);
        Slate { source, items, shortfall, tried }
    }

    /// At least `depth` ranked items, if there are that many.
    fn pool(&'a self, depth: usize) -> Pool<'a> {
        self.ranked_by_chain(self.mask(), depth, |pool, (ranking, ranked)| {
            let arranged =
                arrange(&self.engine.model, ranked, self.request.diversity, self.request.count);
            if pool.rankings.is_empty() {
                self.lead(pool, (ranking, arranged));
            } else {
                pool.add(ranking, arranged);
            }
        })
    }

    /// The best so many items that a mask lets through, in the order they are ranked.
    fn more(&'a self, mask: &Mask, k: usize) -> Pool<'a> {
        self.ranked_by_chain(mask, k, |pool, (ranking, ranked)| pool.add(ranking, ranked))
    }

    /// Asks one way of the placement after the other, until there are `depth` items.
    fn ranked_by_chain(
        &'a self,
        mask: &Mask,
        depth: usize,
        mut add: impl FnMut(&mut Pool<'a>, (Ranking<'a>, Vec<Scored>)),
    ) -> Pool<'a> {
        let mut pool = Pool::default();
        let mut left = None;
        for &way in recipe(self.request.placement).chain {
            let Some(ranking) = self.read(way) else { continue };
            let open = left.as_ref().unwrap_or(mask);
            let ranked = self.ranked(&ranking, open, depth - pool.items.len());
            add(&mut pool, (ranking, ranked));
            if pool.items.len() >= depth {
                break;
            }
            let left = left.get_or_insert_with(|| mask.clone());
            pool.items.iter().for_each(|scored| left.close(scored.item));
        }
        pool
    }

    /// The best of a ranking that the mask lets through, best first.
    pub(super) fn ranked(&self, ranking: &Ranking<'_>, mask: &Mask, k: usize) -> Vec<Scored> {
        let model = &self.engine.model;
        let candidates = match &ranking.among {
            // A pin asks for one item, a promotion for a few: no need to look at all.
            Among::All if mask.n_open() <= k.max(MIN_CANDIDATES) => mask.items(),
            Among::All => {
                let mut found = nearest(model, &ranking.reading, mask, k);
                // The scan knows nothing of the bonus for going back.
                for item in ranking.reading.interest.steps.iter().map(|step| step.item) {
                    if mask.allows(item) && !found.contains(&item) {
                        found.push(item);
                    }
                }
                found
            }
            Among::These(items) => {
                items.iter().copied().filter(|item| mask.allows(*item)).collect()
            }
        };
        let by = Some(ranking.source);
        self.watch.after(Stage::Candidates, by, Left::Items(&candidates));
        let ranked = rank(model, &ranking.reading, &candidates, k);
        self.watch.after(Stage::Ranked, by, Left::Scored(&ranked));
        ranked
    }

    /// The first way that has anything to say. Where something is to be tried, it shares its
    /// places; where nothing is known of the shopper, there is something of many shelves.
    fn lead(&'a self, pool: &mut Pool<'a>, (ranking, ranked): (Ranking<'a>, Vec<Scored>)) {
        let recipe = recipe(self.request.placement);
        let is_varied = ranking.way == Way::Popular && recipe.n_categories > 1;
        let at_most = self.request.count.div_ceil(recipe.n_categories);
        let vary = |ranked| {
            if is_varied { spread(&self.engine.model, ranked, at_most) } else { ranked }
        };
        let own = recipe.tries.iter().find(|(_, way)| *way == ranking.way);
        let Some(own) = own.filter(|_| self.request.exploration > 0.0) else {
            pool.add(ranking, vary(ranked));
            return;
        };
        let (mut keys, mut rankings, mut lists) = (vec![own.0], vec![ranking], vec![ranked]);
        // Once something is known of the shopper, popularity is a fallback and no rival.
        let is_rival = |(_, way): &&(_, Way)| !matches!(*way, Way::Popular) && *way != own.1;
        for &(key, way) in recipe.tries.iter().filter(is_rival) {
            if let Some(ranking) = self.read(way) {
                keys.push(key);
                lists.push(self.ranked(&ranking, self.mask(), self.request.count));
                rankings.push(ranking);
            }
        }
        pool.bests = lists.iter().map(|list| best(list)).collect();
        let mixed = mixed(self, &keys, lists);
        pool.origins = mixed.iter().map(|(scored, at)| (scored.item, *at)).collect();
        pool.items = vary(mixed.into_iter().map(|(scored, _)| scored).collect());
        (pool.rankings, pool.keys) = (rankings, keys);
    }

    /// What the slate is placed by.
    pub(super) fn shelf(&self) -> Shelf<'_> {
        let Engine { model, rules, .. } = self.engine;
        Shelf { rules, model, request: self.request, mask: self.mask() }
    }

    pub(super) fn mask(&self) -> &Mask {
        self.eligibility.mask()
    }
}

impl<'a> Pool<'a> {
    fn add(&mut self, ranking: Ranking<'a>, ranked: Vec<Scored>) {
        let at = self.rankings.len();
        self.rankings.push(ranking);
        self.bests.push(best(&ranked));
        self.origins.extend(ranked.iter().map(|scored| (scored.item, at)));
        self.items.extend(ranked);
    }

    /// Takes in how other items were ranked, and gives the items.
    fn join(&mut self, other: Self) -> Vec<Scored> {
        let before = self.rankings.len();
        for (ranking, best) in other.rankings.iter().zip(other.bests) {
            // What a way ranked first stays the best of it.
            let known = self.rankings.iter().position(|known| known.way == ranking.way);
            self.bests.push(known.map_or(best, |at| self.bests[at]));
        }
        self.rankings.extend(other.rankings);
        self.origins.extend(other.origins.into_iter().map(|(item, at)| (item, before + at)));
        other.items
    }

    /// The first way that had anything to say.
    fn source(&self, placement: Placement) -> Source {
        let last = || recipe(placement).chain.last().map_or(Source::Popular, |way| way.source());
        self.rankings.first().map_or_else(last, |ranking| ranking.source)
    }

    /// Which of the rankings an item is of; `None` for one that the rules put in without its
    /// being ranked.
    fn origin(&self, item: ItemIx) -> Option<usize> {
        let found = self.origins.binary_search_by_key(&item, |(other, _)| *other).ok()?;
        Some(self.origins[found].1)
    }

    fn tried(&self, placed: &[Scored]) -> Vec<(ItemIx, &'static str)> {
        let key = |scored: &Scored| {
            let key = self.keys.get(self.origin(scored.item)?)?;
            Some((scored.item, *key))
        };
        placed.iter().filter_map(key).collect()
    }

    /// The items with their scores opened, each as it was ranked. What was not ranked is
    /// judged as the first ranking of the whole catalogue would.
    fn opened(&self, walk: &Walk<'_>, placed: Vec<Scored>) -> Vec<Scored> {
        let total = self.rankings.iter().position(|ranking| matches!(ranking.among, Among::All));
        let open = |scored: Scored| {
            let at = self.origin(scored.item).or(total).unwrap_or(0);
            match self.rankings.get(at) {
                Some(ranking) => open(&walk.engine.model, &ranking.reading, scored.item),
                None => scored,
            }
        };
        placed.into_iter().map(open).collect()
    }
}

impl Ranker for Ranked<'_, '_> {
    fn more(&mut self, mask: &Mask, k: usize) -> Vec<Scored> {
        self.pool.join(self.walk.more(mask, k))
    }

    fn best_beside(&self, item: ItemIx) -> Option<f32> {
        let (_, at) = self.pool.origins.iter().find(|(other, _)| *other == item)?;
        self.pool.bests.get(*at).copied()
    }
}

/// The best score of a list, however it is arranged.
fn best(list: &[Scored]) -> f32 {
    list.iter().fold(f32::NEG_INFINITY, |best, scored| best.max(scored.score))
}
