//! What the root holds.

use super::files::{ShardError, section_bytes};
use mercer::model::{DirectoryParts, Model, Section, Source};
use mercer::types::ItemIx;

/// The part of the root that a section of no single items may take.
const MOST_OF_ROOT: usize = 4;

/// Sections of no single items that would take too much of the root.
pub(super) fn left_out(model: &Model, root: usize) -> Vec<Section> {
    let large = |section: &Section| section_bytes(model, *section) > root / MOST_OF_ROOT;
    [Section::Lexicon, Section::ContentMap].into_iter().filter(large).collect()
}

pub(super) fn names_left_out(model: &Model, leave: &[Section]) -> Vec<&'static str> {
    let lists = [Section::Neighbours, Section::Companions].into_iter();
    let lists = lists.filter(|&section| section_bytes(model, section) > 0);
    leave.iter().copied().chain(lists).map(Section::name).collect()
}

/// The most popular items that fit the root: whether each is one of them, and they, ascending.
pub(super) fn root_rows(
    source: &Source<'_>,
    parts: &DirectoryParts,
    leave: &[Section],
    limit: usize,
) -> Result<(Vec<bool>, Vec<ItemIx>), ShardError> {
    let model = source.model();
    let mut order: Vec<ItemIx> = (0..model.n_items()).map(ItemIx::from_usize).collect();
    let popularity = |item: ItemIx| model.popularity()[item.at()];
    order.sort_by(|&a, &b| {
        let by_popularity = popularity(b).total_cmp(&popularity(a));
        by_popularity.then(model.bias(b).total_cmp(&model.bias(a))).then(a.cmp(&b))
    });
    let sorted = |n: usize| {
        let mut rows = order[..n].to_vec();
        rows.sort_unstable();
        rows
    };
    let size = |n: usize| source.root(&sorted(n), parts, leave).len();
    if size(1) > limit {
        return Err(ShardError::Root(size(1)));
    }
    let n = most_that_fits(order.len(), |n| size(n) <= limit);
    let mut in_root = vec![false; model.n_items()];
    order[..n].iter().for_each(|item| in_root[item.at()] = true);
    Ok((in_root, sorted(n)))
}

/// The largest number up to `most` that fits, where 1 does; found by doubling, then halving.
fn most_that_fits(most: usize, fits: impl Fn(usize) -> bool) -> usize {
    let mut low = 1;
    while low < most && fits((low * 2).min(most)) {
        low = (low * 2).min(most);
    }
    let mut high = (low * 2).min(most + 1);
    while low + 1 < high {
        let middle = low.midpoint(high);
        if fits(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}
