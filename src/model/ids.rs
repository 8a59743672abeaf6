#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::ModelError;
use super::cursor::Cursor;
use super::layout::Section;
use crate::types::{ItemIx, MAX_ID_BYTES};

/// The shop's ids in one string, ascending, so that a lookup is a binary search and
/// loading builds no map.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ItemIds {
    text: String,
    ends: Vec<u32>,
}

impl ItemIds {
    /// Reads the section of item ids.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let broken = |rule| ModelError::corrupt(Section::Items, rule);
        let mut cursor = Cursor::new(bytes);
        let n_items = cursor.u32().ok_or_else(|| broken("no count"))? as usize;
        if n_items == 0 || n_items > bytes.len() {
            return Err(broken("the count does not fit the section"));
        }
        let mut ends = Vec::with_capacity(n_items);
        let mut end = 0_u32;
        for _ in 0..n_items {
            let length = cursor.varint().ok_or_else(|| broken("a length is cut short"))?;
            if length == 0 || length > MAX_ID_BYTES {
                return Err(broken("an id is empty or longer than 256 bytes"));
            }
            let length = u32::try_from(length).map_err(|_| broken("a length is too large"))?;
            end = end.checked_add(length).ok_or_else(|| broken("the ids are too long"))?;
            ends.push(end);
        }
        let text = std::str::from_utf8(cursor.rest()).map_err(|_| broken("not UTF-8"))?;
        if text.len() != end as usize || !ends.iter().all(|&at| text.is_char_boundary(at as usize))
        {
            return Err(broken("the lengths do not match the text"));
        }
        let ids = Self { text: text.to_owned(), ends };
        let ascending = (1..n_items).all(|at| ids.at(at.saturating_sub(1)) < ids.at(at));
        if ascending { Ok(ids) } else { Err(broken("the ids are not in order")) }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn at(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&e| e);
        let Some(&end) = self.ends.get(at) else { return "" };
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(super) fn find(&self, id: &str) -> Option<ItemIx> {
        let (mut low, mut high) = (0_usize, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.at(middle).cmp(id) {
                std::cmp::Ordering::Equal => return Some(ItemIx::from_usize(middle)),
                std::cmp::Ordering::Less => low = middle.saturating_add(1),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}
