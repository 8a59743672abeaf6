use super::placements::{Recipe, Way, recipe};
use super::tries::mixed;
use super::ways::{Among, Ranking};
use super::{Engine, shortfall};
use crate::diversity::{arrange, spread};
use crate::explain::{Left, Stage, Watch};
use crate::ranking::{open, rank};
use crate::retrieval::nearest;
use crate::rules::place;
use crate::session::{Session, Step};
use crate::types::{ItemIx, Lift, Mask, Placement, Request, Scored, Slate, Source};

/// How many candidates are ranked beyond those asked for: the scan sees the interest rounded
/// to eight bits, the ranking sees it whole, and variety and rules need something to choose
/// from.
const MIN_CANDIDATES: usize = 200;
/// How much deeper to look when the rules leave a slate short that could be full.
const DEEPER: usize = 8;

/// One slate in the making: everything that is settled before anything is ranked.
pub(super) struct Walk<'a> {
    pub(super) engine: &'a Engine,
    pub(super) session: &'a Session,
    pub(super) request: &'a Request,
    /// What the shopper did, oldest first.
    pub(super) steps: Vec<Step<ItemIx>>,
    /// The product of the page, and what else the slate is for.
    pub(super) at_hand: Vec<ItemIx>,
    pub(super) mask: Mask,
    /// What speaks for items whichever way they are ranked.
    pub(super) lifts: Vec<Lift>,
    /// Who looks on.
    pub(super) watch: &'a dyn Watch,
}

/// Ranked items to make a slate of, and how each was ranked.
struct Pool<'a> {
    rankings: Vec<Ranking<'a>>,
    /// Best first, of one ranking after the other; not opened.
    items: Vec<Scored>,
    /// Which of the rankings each item is of.
    origins: Vec<(ItemIx, usize)>,
}

impl<'a> Walk<'a> {
    /// The slate.
    pub(super) fn slate(&'a self) -> Slate {
        let mut depth = self.request.count.saturating_mul(2).max(MIN_CANDIDATES);
        let (mut pool, mut placed);
        loop {
            pool = self.pool(depth);
            let is_whole = pool.items.len() < depth;
            self.watch.after(Stage::Arranged, None, Left::Scored(&pool.items));
            placed = place(&self.engine.rules, self.request, std::mem::take(&mut pool.items));
            self.watch.after(Stage::Placed, None, Left::Scored(&placed));
            if is_whole || placed.len() >= self.request.count {
                break;
            }
            depth = depth.saturating_mul(DEEPER);
        }
        let source = pool.source(self.request.placement);
        let items = pool.opened(self, placed);
        let shortfall = shortfall::of(self, items.len());
        Slate { source, items, shortfall }
    }

    /// At least `depth` ranked items, if there are that many.
    fn pool(&'a self, depth: usize) -> Pool<'a> {
        let recipe = recipe(self.request.placement);
        let mut pool = Pool { rankings: Vec::new(), items: Vec::new(), origins: Vec::new() };
        let mut left = None;
        for &way in recipe.chain {
            let Some(ranking) = self.read(way) else { continue };
            let mask = left.as_ref().unwrap_or(&self.mask);
            let ranked = self.ranked(&ranking, mask, depth - pool.items.len());
            let is_stranger = way == Way::Popular && pool.rankings.is_empty();
            if is_stranger {
                self.welcome(&mut pool, recipe, (ranking, ranked));
            } else {
                let arranged =
                    arrange(&self.engine.model, ranked, self.request.diversity, self.request.count);
                pool.add(ranking, arranged);
            }
            if pool.items.len() >= depth {
                break;
            }
            let left = left.get_or_insert_with(|| self.mask.clone());
            pool.items.iter().for_each(|scored| left.close(scored.item));
        }
        pool
    }

    /// The best of a ranking that the mask lets through, best first.
    pub(super) fn ranked(&self, ranking: &Ranking<'_>, mask: &Mask, k: usize) -> Vec<Scored> {
        let model = &self.engine.model;
        let candidates = match &ranking.among {
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

    /// Where nothing is known of the shopper: something of many shelves, and something that is
    /// tried.
    fn welcome(
        &'a self,
        pool: &mut Pool<'a>,
        recipe: &Recipe,
        (ranking, ranked): (Ranking<'a>, Vec<Scored>),
    ) {
        let (model, request) = (&self.engine.model, self.request);
        let ranked = arrange(model, ranked, request.diversity, request.count);
        let at_most = request.count.div_ceil(recipe.n_categories);
        let vary =
            |ranked| if recipe.n_categories > 1 { spread(model, ranked, at_most) } else { ranked };
        if request.exploration <= 0.0 || recipe.tries.is_empty() {
            pool.add(ranking, vary(ranked));
            return;
        }
        let tried = recipe.tries.iter().filter_map(|&way| self.read(way));
        let tried = tried.map(|ranking| {
            let ranked = self.ranked(&ranking, &self.mask, request.count);
            (ranking, ranked)
        });
        let ways: Vec<(Ranking<'a>, Vec<Scored>)> =
            [(ranking, ranked)].into_iter().chain(tried).collect();
        let (rankings, lists): (Vec<_>, Vec<_>) = ways.into_iter().unzip();
        let mixed = mixed(self, &rankings, lists);
        pool.origins = mixed.iter().map(|(scored, at)| (scored.item, *at)).collect();
        pool.items = vary(mixed.into_iter().map(|(scored, _)| scored).collect());
        pool.rankings = rankings;
    }
}

impl<'a> Pool<'a> {
    fn add(&mut self, ranking: Ranking<'a>, ranked: Vec<Scored>) {
        let at = self.rankings.len();
        self.rankings.push(ranking);
        self.origins.extend(ranked.iter().map(|scored| (scored.item, at)));
        self.items.extend(ranked);
    }

    /// The first way that had anything to say.
    fn source(&self, placement: Placement) -> Source {
        let last = || recipe(placement).chain.last().map_or(Source::Popular, |way| way.source());
        self.rankings.first().map_or_else(last, |ranking| ranking.source)
    }

    /// The items with their scores opened, each as it was ranked.
    fn opened(mut self, walk: &Walk<'_>, placed: Vec<Scored>) -> Vec<Scored> {
        if self.rankings.len() > 1 {
            self.origins.sort_unstable_by_key(|(item, _)| *item);
        }
        // What the rules put in without its being ranked is judged like anything else.
        let total = self.rankings.iter().position(|ranking| matches!(ranking.among, Among::All));
        let of = |item: ItemIx| {
            if self.rankings.len() == 1 {
                return self.rankings.first();
            }
            let found = self.origins.binary_search_by_key(&item, |(other, _)| *other);
            let at = found.map_or(total.unwrap_or(0), |at| self.origins[at].1);
            self.rankings.get(at)
        };
        let open = |scored: Scored| match of(scored.item) {
            Some(ranking) => open(&walk.engine.model, &ranking.reading, scored.item),
            None => scored,
        };
        placed.into_iter().map(open).collect()
    }
}
