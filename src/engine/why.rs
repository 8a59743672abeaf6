use super::Engine;
use super::placements::recipe;
use super::walk::Walk;
use super::ways::Among;
use crate::explain::{Bars, Closed, Left, Stage, Tracer, Watch, Why, why};
use crate::ranking::open;
use crate::rules::{Bar, Eligibility, Placed, full_for};
use crate::session::Session;
use crate::types::{ItemIx, Request, Slate};

impl Engine {
    /// Why an item is in the slate that [`Self::recommend`] gives, or what kept it out. `item`
    /// is the shop's id.
    pub fn why(&self, session: &Session, request: &Request, item: &str) -> Why {
        let Some(item) = self.model.item_ix(item) else { return Why::Unknown };
        let tracer = Tracer::default();
        self.walk(session, request, &tracer, |walk| {
            let slate = walk.slate();
            let closed = walk.eligibility.cause(item).map(bars);
            let why = why(&tracer.trace(), (item, closed), walk.request.count, || walk.score(item));
            // What a limit was full for was not ranked again, however high it scores.
            match walk.full_for(&slate, item) {
                Some(by) if matches!(why, Why::NotRetrieved { .. }) => {
                    Why::Dropped { rank: None, by: bars(by) }
                }
                _ => why,
            }
        })
    }
}

impl<'a> Walk<'a> {
    fn full_for(&self, slate: &Slate, item: ItemIx) -> Option<Bar> {
        let shown: Vec<ItemIx> = slate.items.iter().map(|scored| scored.item).collect();
        full_for(&self.shelf(), &shown, item)
    }

    /// What an item would score by the first way of ranking that speaks of the whole
    /// catalogue; `None` where there is none.
    fn score(&'a self, item: ItemIx) -> Option<f32> {
        let ways = recipe(self.request.placement).chain.iter();
        let mut rankings = ways.filter_map(|&way| self.read(way));
        let total = rankings.find(|ranking| matches!(ranking.among, Among::All))?;
        Some(open(&self.engine.model, &total.reading, item).score)
    }
}

/// Says what may be shown, and what keeps the rest out.
pub(super) fn tell_eligible(watch: &dyn Watch, eligibility: &Eligibility) {
    let closed = eligibility.counts().map(|(bar, n)| Closed { by: bars(bar), n });
    let closed: Vec<Closed> = closed.collect();
    watch.after(Stage::Eligible, None, Left::Open(eligibility.mask().n_open(), &closed));
}

/// Says what the rules made of it, and what they passed over.
pub(super) fn tell_placed(watch: &dyn Watch, placed: &Placed) {
    let dropped: Vec<(ItemIx, Bars)> =
        placed.dropped.iter().map(|&(item, bar)| (item, bars(bar))).collect();
    watch.after(Stage::Placed, None, Left::Placed(&placed.items, &dropped));
}

fn bars(bar: Bar) -> Bars {
    let rule = if let Bar::Rule(rule) = bar { Some(rule) } else { None };
    Bars { cause: bar.name(), rule }
}
