use crate::features::Sequences;
use crate::fit::NeighbourLists;
use mercer::model::{MAX_NEIGHBOURS, NeighbourParts};
use mercer::types::ItemIx;

/// The lists as a file may hold them: pairs that at least `min_sessions` sessions hold
/// together, so that no neighbour gives one shopper away; weights above 0; the strongest
/// where there are too many; ascending by item.
pub fn neighbours(
    sequences: &Sequences,
    fitted: NeighbourLists,
    min_sessions: u32,
) -> NeighbourParts {
    let NeighbourLists { mut lists, reach } = fitted;
    for list in &mut lists {
        list.retain(|(_, weight)| *weight > 0.0);
        list.sort_unstable_by_key(|(item, _)| *item);
    }
    let counts = together(sequences, &lists);
    let pack = |(list, counts): (Vec<(u32, f32)>, Vec<u32>)| {
        let pairs = list.into_iter().zip(counts).filter(|(_, count)| *count >= min_sessions);
        let mut list: Vec<(ItemIx, f32)> =
            pairs.map(|((item, weight), _)| (ItemIx(item), weight)).collect();
        list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        list.truncate(MAX_NEIGHBOURS);
        list.sort_unstable_by_key(|(item, _)| *item);
        list
    };
    NeighbourParts { lists: lists.into_iter().zip(counts).map(pack).collect(), reach }
}

/// How many sessions hold both items of each pair; `lists` are ascending by item.
fn together(sequences: &Sequences, lists: &[Vec<(u32, f32)>]) -> Vec<Vec<u32>> {
    let mut counts: Vec<Vec<u32>> = lists.iter().map(|list| vec![0; list.len()]).collect();
    for session in sequences.sessions() {
        let mut items: Vec<u32> = session.iter().map(|step| step.item).collect();
        items.sort_unstable();
        items.dedup();
        for &of in &items {
            let (list, counts) = (&lists[of as usize], &mut counts[of as usize]);
            for other in &items {
                if let Ok(at) = list.binary_search_by_key(other, |(item, _)| *item) {
                    counts[at] += 1;
                }
            }
        }
    }
    counts
}
