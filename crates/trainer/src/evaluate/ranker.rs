use crate::log::LogEvent;
use mercer::kernels::TopK;
use mercer::types::{Event, ItemIx, Owned, Request, Seen};
use mercer::{Engine, Session};

/// Whatever ranks a shop's items for a visit: the engine with a model file, or a baseline that
/// is only there to be compared with.
///
/// A ranker numbers its items `0..n_items()`; [`ItemIx`] is a position in that list.
pub trait Ranker: Sync {
    /// How many items it can rank.
    fn n_items(&self) -> usize;

    /// The item with this id of the shop; `None` if it can never be ranked.
    fn item_ix(&self, id: &str) -> Option<ItemIx>;

    /// The shop's id of an item.
    fn item_id(&self, item: ItemIx) -> &str;

    /// How many distinct sessions of the training log stand behind each item, `[n_items]`; 0
    /// for none, and for so few that the ranker does not tell.
    fn sessions(&self) -> Vec<f64>;

    /// The direction of an item, of length 1 (0 for an item without one): how alike two items
    /// are is the cosine of theirs. `None` where the ranker has no vectors, which is the
    /// default.
    fn direction(&self, item: ItemIx) -> Option<Vec<f32>> {
        let _ = item;
        None
    }

    /// A shopper of whom nothing is known yet.
    fn begin(&self) -> Box<dyn Visit + '_>;
}

/// One shopper's visit, as a [`Ranker`] knows it.
pub trait Visit {
    /// Takes in one event, oldest first. `item` is the shop's id, empty for events about no
    /// item, and need not be known to the ranker; `event.item` numbers the items of the judged
    /// log and means nothing here.
    fn observe(&mut self, item: &str, event: &LogEvent);

    /// The best `count` items for what was observed so far, best first, no item twice, equal
    /// scores in the order of the items, and with [`Seen::LeaveOut`] none the shopper was on
    /// ([`is_interest`](mercer::types::EventKind::is_interest)). Fewer only where there are no
    /// more.
    fn slate(&mut self, count: usize, seen: Seen) -> Vec<Ranked>;
}

/// An item with its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// The item.
    pub item: ItemIx,
    /// Higher is better; comparable within one slate.
    pub score: f32,
}

/// The `count` items with the best of `scores`, `[n_items]`, without those in `left_out`: the
/// slate of a ranker that scores every item.
///
/// # Panics
/// If there are 2³² scores or more.
pub fn best(scores: &[f32], left_out: &[ItemIx], count: usize) -> Vec<Ranked> {
    let mut top = TopK::new(count);
    for (at, &score) in scores.iter().enumerate() {
        let ix = u32::try_from(at).expect("fewer than 2³² items");
        if score >= top.bar() && !left_out.contains(&ItemIx(ix)) {
            top.push(ix, score);
        }
    }
    let ranked = |(ix, score)| Ranked { item: ItemIx(ix), score };
    top.into_sorted().into_iter().map(ranked).collect()
}

impl Ranker for Engine {
    fn n_items(&self) -> usize {
        self.model().n_items()
    }

    fn item_ix(&self, id: &str) -> Option<ItemIx> {
        self.model().item_ix(id)
    }

    fn item_id(&self, item: ItemIx) -> &str {
        self.model().item_id(item)
    }

    /// The file holds `ln(1 + sessions)`, rounded to a byte.
    fn sessions(&self) -> Vec<f64> {
        self.model().popularity().iter().map(|&shown| f64::from(shown).exp_m1()).collect()
    }

    fn direction(&self, item: ItemIx) -> Option<Vec<f32>> {
        let factors = self.model().factors()?;
        let scale = factors.inverse_norm(item);
        Some(factors.row(item).iter().map(|&code| f32::from(code) * scale).collect())
    }

    fn begin(&self) -> Box<dyn Visit + '_> {
        Varied { engine: self, diversity: 0.0 }.visit()
    }
}

/// An engine that is asked for varied slates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Varied<'a> {
    pub(super) engine: &'a Engine,
    /// The level, 0 to 1.
    pub(super) diversity: f32,
}

impl<'a> Varied<'a> {
    fn visit(self) -> Box<dyn Visit + 'a> {
        let Self { engine, diversity } = self;
        Box::new(EngineVisit { engine, diversity, session: Session::new() })
    }
}

impl Ranker for Varied<'_> {
    fn n_items(&self) -> usize {
        self.engine.n_items()
    }

    fn item_ix(&self, id: &str) -> Option<ItemIx> {
        Ranker::item_ix(self.engine, id)
    }

    fn item_id(&self, item: ItemIx) -> &str {
        Ranker::item_id(self.engine, item)
    }

    fn sessions(&self) -> Vec<f64> {
        self.engine.sessions()
    }

    fn direction(&self, item: ItemIx) -> Option<Vec<f32>> {
        self.engine.direction(item)
    }

    fn begin(&self) -> Box<dyn Visit + '_> {
        self.visit()
    }
}

/// What a session is told of a line of the log.
pub(super) fn event_of(item: &str, event: &LogEvent) -> Event {
    Event {
        item: (!item.is_empty()).then(|| item.to_owned()),
        time_ms: event.time_ms.and_then(|ms| u64::try_from(ms).ok()).unwrap_or(0),
        dwell_ms: event.dwell_ms,
        query: event.query.as_deref().map(str::to_owned),
        ..Event::bare(event.kind)
    }
}

/// What is asked for where a model is judged: repeats may come, and what was shown before takes
/// nothing away, for who clicks has seen the list it stood in.
pub(super) fn neutral(count: usize, seen: Seen) -> Request {
    Request { count, seen, owned: Owned::Include, rotation: 0.0, ..Request::default() }
}

/// A visit as the browser has it.
struct EngineVisit<'a> {
    engine: &'a Engine,
    diversity: f32,
    session: Session,
}

impl Visit for EngineVisit<'_> {
    /// Tells the session what the log says. Events that no session takes (a search without
    /// words) say nothing of the next item and are passed over.
    fn observe(&mut self, item: &str, event: &LogEvent) {
        let _refused = self.session.observe(event_of(item, event));
    }

    /// A varied slate is judged in the order it is shown, so its scores here count down.
    fn slate(&mut self, count: usize, seen: Seen) -> Vec<Ranked> {
        let diversity = self.diversity;
        let request = Request { diversity, ..neutral(count, seen) };
        let slate = self.engine.recommend(&self.session, &request);
        let places = slate.items.iter().zip(0_u16..);
        let ranked = |(scored, place): (&mercer::types::Scored, u16)| Ranked {
            item: scored.item,
            score: if diversity > 0.0 { -f32::from(place) } else { scored.score },
        };
        places.map(ranked).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_all_scores_without_what_is_left_out() {
        let scores = [0.5, 2.0, 0.5, -1.0, 3.0];
        let items = |left_out: &[ItemIx], count| {
            best(&scores, left_out, count).iter().map(|ranked| ranked.item.0).collect::<Vec<_>>()
        };
        assert_eq!(items(&[], 3), [4, 1, 0]);
        assert_eq!(items(&[ItemIx(4)], 9), [1, 0, 2, 3]);
        assert_eq!(best(&scores, &[], 1), [Ranked { item: ItemIx(4), score: 3.0 }]);
    }
}
