#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::later::Later;
use super::numbers::Rule;
use crate::types::MAX_ID_BYTES;

/// The ids of a model's items: those of the file, ascending, and those that came since.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ids {
    packed: Names,
    later: Later,
}

impl Ids {
    pub(super) fn of(packed: Names) -> Self {
        Self { packed, later: Later::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.packed.len().saturating_add(self.later.len())
    }

    /// How many came since.
    pub(super) fn n_later(&self) -> usize {
        self.later.len()
    }

    /// The id at a position; empty beyond the last.
    pub(super) fn at(&self, at: usize) -> &str {
        match at.checked_sub(self.packed.len()) {
            Some(later) => self.later.at(later),
            None => self.packed.at(at),
        }
    }

    /// The position of an id.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        let later = || Some(self.packed.len().saturating_add(self.later.find(id)?));
        self.packed.find(id).or_else(later)
    }

    /// Adds an id that is not there yet.
    pub(super) fn push(&mut self, id: &str) {
        self.later.push(id);
    }
}

/// Names in one string, ascending, so that a lookup is a binary search and loading builds no
/// map: the shop's ids, the features of a lexicon.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Names {
    text: String,
    ends: Vec<u32>,
}

impl Names {
    /// Reads names to the end of the bytes.
    pub(super) fn read(mut cursor: Cursor<'_>) -> Result<Self, Rule> {
        let n_bytes = cursor.rest().len();
        let n_names = cursor.u32().ok_or("no count")? as usize;
        if n_names == 0 || n_names > n_bytes {
            return Err("the count does not fit the section");
        }
        let mut ends = Vec::with_capacity(n_names);
        let mut end = 0_u32;
        for _ in 0..n_names {
            let length = cursor.varint().ok_or("a length is cut short")?;
            if length == 0 || length > MAX_ID_BYTES {
                return Err("an id is empty or longer than 256 bytes");
            }
            let length = u32::try_from(length).map_err(|_| "a length is too large")?;
            end = end.checked_add(length).ok_or("the ids are too long")?;
            ends.push(end);
        }
        let text = std::str::from_utf8(cursor.rest()).map_err(|_| "not UTF-8")?;
        if text.len() != end as usize || !ends.iter().all(|&at| text.is_char_boundary(at as usize))
        {
            return Err("the lengths do not match the text");
        }
        let names = Self { text: text.to_owned(), ends };
        let ascending = (1..n_names).all(|at| names.at(at.saturating_sub(1)) < names.at(at));
        if ascending { Ok(names) } else { Err("the ids are not in order") }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The name at a position; empty beyond the last.
    pub(super) fn at(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&e| e);
        let Some(&end) = self.ends.get(at) else { return "" };
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The position of a name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let (mut low, mut high) = (0_usize, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.at(middle).cmp(name) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle.saturating_add(1),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}
