use crate::features::Sequences;
use crate::fit::{Evidence, NeighbourLists};
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
    let NeighbourLists { mut lists, reach, evidence } = fitted;
    for list in &mut lists {
        list.retain(|(_, weight)| *weight > 0.0);
        list.sort_unstable_by_key(|(item, _)| *item);
    }
    let counts = match evidence {
        Evidence::Sessions => together(sequences, &lists),
        Evidence::Checked => lists.iter().map(|list| vec![u32::MAX; list.len()]).collect(),
    };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::StepRow;

    /// Sessions over items 0 to 3: three hold 0 and 1, two hold 0 and 2.
    fn sequences() -> Sequences {
        let sessions: [&[u32]; 6] = [&[0, 1, 0], &[1, 0], &[0, 2], &[0, 2], &[0, 1], &[3]];
        let mut starts = vec![0];
        starts.extend(sessions.iter().scan(0, |end, session| {
            *end += session.len();
            Some(*end)
        }));
        Sequences {
            items: ["a", "b", "c", "d"].map(str::to_owned).to_vec(),
            steps: sessions
                .concat()
                .iter()
                .map(|&item| StepRow { item, kind: 0, dwell: 0 })
                .collect(),
            starts,
            weights: Vec::new(),
        }
    }

    fn packed(list: &[(u32, f32)], min_sessions: u32) -> Vec<(u32, f32)> {
        let lists = vec![list.to_vec(), Vec::new(), Vec::new(), Vec::new()];
        let fitted = NeighbourLists { lists, reach: vec![1.0], evidence: Evidence::Sessions };
        let parts = neighbours(&sequences(), fitted, min_sessions);
        parts.lists[0].iter().map(|(item, weight)| (item.0, *weight)).collect()
    }

    #[test]
    fn pairs_of_too_few_sessions_are_not_shipped() {
        let list = [(2, 9.0), (1, 1.0), (3, 5.0)];
        assert_eq!(packed(&list, 3), [(1, 1.0)]);
        assert_eq!(packed(&list, 2), [(1, 1.0), (2, 9.0)]);
        assert_eq!(packed(&list, 0).len(), 3);
    }

    #[test]
    fn what_speaks_against_an_item_is_not_shipped() {
        assert_eq!(packed(&[(1, -1.0), (2, 0.0)], 1), []);
    }
}
