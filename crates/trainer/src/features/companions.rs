//! What is bought together?
//!
//! ```text
//! weight_ij = n_ij / √(n_i · n_j)
//! ```
//!
//! `n_ij`: sessions with both in the basket, `n_i`: sessions with `i` in a basket of two or more.
//! A basket is what a session put in the cart and did not take out, and what it bought. A pair
//! stands on at least as many sessions as the shop asks of anything it ships.

use crate::log::{Log, LogSession};
use mercer::model::NeighbourParts;
use mercer::types::{EventKind, ItemIx};

/// Companions an item, at most.
const MOST: usize = 20;
/// Items of a basket, at most: larger ones stock a shop, they are no purchase of somebody.
const MAX_BASKET: usize = 100;

/// The companions of each of `items` (ids, ascending); `None` where no pair is bought by enough
/// sessions.
pub fn companions(log: &Log, items: &[String], min_sessions: u32) -> Option<NeighbourParts> {
    let place = |id: &str| items.binary_search_by(|item| item.as_str().cmp(id)).ok();
    let index: Vec<Option<u32>> =
        log.items.iter().map(|id| place(id).and_then(|at| u32::try_from(at).ok())).collect();
    let baskets = log.sessions.iter().map(|session| basket(session, &index));
    let baskets: Vec<Vec<u32>> =
        baskets.filter(|basket| (2..=MAX_BASKET).contains(&basket.len())).collect();
    let mut baskets_of: Vec<Vec<u32>> = vec![Vec::new(); items.len()];
    for (at, basket) in (0..).zip(&baskets) {
        for &item in basket {
            baskets_of[item as usize].push(at);
        }
    }
    let mut counts = vec![0_u32; items.len()];
    let list = |item: usize| {
        let with = baskets_of[item].iter().flat_map(|&at| &baskets[at as usize]);
        with.for_each(|&other| counts[other as usize] += 1);
        let others = baskets_of[item].iter().flat_map(|&at| &baskets[at as usize]).copied();
        let mut list = Vec::new();
        for other in others {
            let both = std::mem::take(&mut counts[other as usize]);
            if other as usize != item && both >= min_sessions.max(1) {
                let sizes = [item, other as usize].map(|at| baskets_of[at].len());
                list.push((ItemIx(other), weight(both, sizes)));
            }
        }
        strongest(list)
    };
    let lists: Vec<Vec<(ItemIx, f32)>> = (0..items.len()).map(list).collect();
    let is_any = lists.iter().any(|list| !list.is_empty());
    is_any.then(|| NeighbourParts { lists, reach: vec![1.0] })
}

/// What a session bought, or put in the cart and left there; ascending, each once.
fn basket(session: &LogSession, index: &[Option<u32>]) -> Vec<u32> {
    let (mut cart, mut bought) = (Vec::new(), Vec::new());
    for event in &session.events {
        let Some(item) = event.item.and_then(|item| index[item.at()]) else { continue };
        match event.kind {
            EventKind::AddToCart => cart.push(item),
            EventKind::RemoveFromCart => cart.retain(|&other| other != item),
            EventKind::Purchase => bought.push(item),
            _ => {}
        }
    }
    cart.extend(bought);
    cart.sort_unstable();
    cart.dedup();
    cart
}

#[expect(clippy::cast_precision_loss, reason = "counts of sessions")]
#[expect(clippy::cast_possible_truncation, reason = "packed in eight bits")]
fn weight(both: u32, [a, b]: [usize; 2]) -> f32 {
    (f64::from(both) / (a as f64 * b as f64).sqrt()) as f32
}

fn strongest(mut list: Vec<(ItemIx, f32)>) -> Vec<(ItemIx, f32)> {
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    list.truncate(MOST);
    list.sort_unstable_by_key(|(item, _)| *item);
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{LogEvent, LogItem};
    use EventKind::{AddToCart, Purchase, RemoveFromCart, ViewItem};

    fn log(sessions: &[&[(EventKind, u32)]]) -> Log {
        let event = |&(kind, item): &(EventKind, u32)| LogEvent {
            kind,
            item: Some(LogItem(item)),
            time_ms: None,
            dwell_ms: None,
            list_position: None,
            query: None,
            rating: None,
        };
        let session = |events: &&[(EventKind, u32)]| LogSession {
            id: "s".into(),
            user: None,
            device: None,
            events: events.iter().map(event).collect(),
        };
        // The order of the log is not that of the model.
        let items = ["c", "a", "b"].map(Box::from).to_vec();
        Log { items, sessions: sessions.iter().map(session).collect() }
    }

    #[test]
    fn pairs_of_enough_baskets_by_hand() {
        let (bought, carted) = ([(Purchase, 0), (Purchase, 1)], [(AddToCart, 1), (AddToCart, 0)]);
        let taken_out = [(AddToCart, 1), (AddToCart, 2), (RemoveFromCart, 2)];
        let seen = [(ViewItem, 0), (ViewItem, 2), (AddToCart, 2)];
        let twice = [(AddToCart, 1), (Purchase, 1), (Purchase, 2)];
        let log = log(&[&bought, &carted, &taken_out, &seen, &twice]);
        let items = ["a", "b", "c"].map(str::to_owned);
        let lists = companions(&log, &items, 2).unwrap().lists;
        // a and c in two baskets; a in three, c in two.
        let near = |list: &[(ItemIx, f32)], item: u32| {
            let [(found, weight)] = list else { panic!("{list:?}") };
            assert_eq!(*found, ItemIx(item));
            assert!((weight - 2.0 / 6.0_f32.sqrt()).abs() < 1e-6, "{weight}");
        };
        near(&lists[0], 2);
        near(&lists[2], 0);
        assert!(lists[1].is_empty(), "a and b on one basket only");
        assert_eq!(companions(&log, &items, 1).unwrap().lists[0].len(), 2);
        assert_eq!(companions(&log, &items, 3), None);
    }
}
