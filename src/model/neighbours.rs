#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::factors::{check_steps, weights};
use super::numbers::{self, Rule};
use crate::types::ItemIx;

/// For each item a few others that go with it, and how far back in a session they are asked
/// for.
///
/// An item gains `Σ_t reach_t · weight(item_t → item)` over the session's steps, newest
/// first; a step counts as often as it stands there.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbours {
    reach: Vec<f32>,
    step: f32,
    /// Where each item's list ends, `[n_items]`.
    ends: Vec<u32>,
    items: Vec<u32>,
    codes: Vec<u8>,
}

impl Neighbours {
    pub(super) fn read(mut cursor: Cursor<'_>, n_items: usize) -> Result<Self, Rule> {
        let mut count = || cursor.u16().ok_or("no counts");
        let (steps, reserved) = (usize::from(count()?), count()?);
        check_steps(steps)?;
        if reserved != 0 {
            return Err("a reserved byte is set");
        }
        let step = numbers::step(&mut cursor)?;
        let reach = weights(&mut cursor, steps)?;
        if reach.iter().any(|&x| x < 0.0) {
            return Err("a reach is negative");
        }
        let counts = cursor.take(n_items).ok_or("not one count an item")?;
        let mut ends = Vec::with_capacity(n_items);
        let mut end = 0_u32;
        for &count in counts {
            end = end.checked_add(u32::from(count)).ok_or("too many neighbours")?;
            ends.push(end);
        }
        let total = end as usize;
        if total.saturating_mul(2) > cursor.rest().len() {
            return Err("a list is cut short");
        }
        let mut items = Vec::with_capacity(total);
        indices(&mut cursor, counts, n_items, &mut items)?;
        let codes = cursor.take(total).ok_or("not one weight a neighbour")?.to_vec();
        cursor.end()?;
        Ok(Self { reach, step, ends, items, codes })
    }

    /// Weight of each step of the session, newest first, at least 0, `[steps]`.
    pub fn reach(&self) -> &[f32] {
        &self.reach
    }

    /// How many neighbours all items have together.
    pub fn n_entries(&self) -> usize {
        self.items.len()
    }

    /// The neighbours of an item with their weights, at least 0, in ascending order; none for
    /// an index that is none of this model's.
    pub fn of(&self, item: ItemIx) -> impl Iterator<Item = (ItemIx, f32)> {
        let range = self.range(item);
        let items = self.items.get(range.clone()).unwrap_or_default();
        let codes = self.codes.get(range).unwrap_or_default();
        items.iter().zip(codes).map(|(&ix, &code)| (ItemIx(ix), f32::from(code) * self.step))
    }

    /// The weight of `item` among the neighbours of `of`; 0 where it is none.
    pub fn weight(&self, of: ItemIx, item: ItemIx) -> f32 {
        let range = self.range(of);
        let start = range.start;
        let items = self.items.get(range).unwrap_or_default();
        let found = items.binary_search(&item.0).ok();
        let code = found.and_then(|at| self.codes.get(start.saturating_add(at)));
        code.map_or(0.0, |&code| f32::from(code) * self.step)
    }

    fn range(&self, item: ItemIx) -> std::ops::Range<usize> {
        let end = |at: usize| self.ends.get(at).map_or(0, |&end| end as usize);
        item.at().checked_sub(1).map_or(0, end)..end(item.at())
    }
}

/// The ascending indices of every list: the first as it is, each next one by how many items
/// it skips.
fn indices(
    cursor: &mut Cursor<'_>,
    counts: &[u8],
    n_items: usize,
    items: &mut Vec<u32>,
) -> Result<(), Rule> {
    for &count in counts {
        let mut next = 0_usize;
        for _ in 0..count {
            let gap = cursor.varint().ok_or("a list is cut short")?;
            let item = next.saturating_add(gap);
            if item >= n_items {
                return Err("a neighbour is none of the items");
            }
            items.push(u32::try_from(item).map_err(|_| "too many items")?);
            next = item.saturating_add(1);
        }
    }
    Ok(())
}
