use super::walk::Walk;
use crate::explore::{Record, choose};
use crate::rng::Rng;
use crate::types::{ItemIx, Scored};
use std::collections::BTreeSet;

/// Streams of chance, apart from those of single items.
const PLACES: u64 = 1 << 40;

/// The lists of several rankings as one. Each place goes to the first list; the part
/// `exploration` of them, by chance, to the list that Thompson sampling chooses by how each
/// way has fared with this shopper. What the first list has beyond the slate follows. Each
/// item stands with the position of its ranking.
pub(super) fn mixed(
    walk: &Walk<'_>,
    keys: &[&'static str],
    lists: Vec<Vec<Scored>>,
) -> Vec<(Scored, usize)> {
    let records: Vec<Record> = keys.iter().map(|key| walk.fared(key)).collect();
    let mut rng = Rng::new(walk.request.seed).fork(PLACES);
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut taken: BTreeSet<ItemIx> = BTreeSet::new();
    let mut mixed = Vec::new();
    for _ in 0..walk.request.count {
        let is_tried = rng.unit_f32() < walk.request.exploration;
        let at = if is_tried { choose(&records, &mut rng).unwrap_or(0) } else { 0 };
        let mut next = |at: usize| lists[at].by_ref().find(|scored| taken.insert(scored.item));
        let found = next(at).map(|scored| (scored, at));
        let Some(found) = found.or_else(|| next(0).map(|scored| (scored, 0))) else { break };
        mixed.push(found);
    }
    let rest = lists.into_iter().next().into_iter().flatten();
    let rest: Vec<(Scored, usize)> =
        rest.filter(|scored| taken.insert(scored.item)).map(|scored| (scored, 0)).collect();
    mixed.extend(rest);
    mixed
}
