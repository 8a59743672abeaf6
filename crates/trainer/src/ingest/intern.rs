use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

/// Gives each distinct text a number, from 0 in the order of first appearance. All texts lie
/// in one buffer, so a text costs its bytes and about 16 more.
#[derive(Debug, Default)]
pub(super) struct Interner {
    text: String,
    ends: Vec<usize>,
    table: HashTable<u32>,
    hasher: RandomState,
}

impl Interner {
    /// The number of `name`, a new one if it was never seen.
    ///
    /// # Panics
    /// At 2^32 distinct texts, which no machine holds.
    pub(super) fn intern(&mut self, name: &str) -> u32 {
        let Self { text, ends, table, hasher } = self;
        let hash = hasher.hash_one(name);
        if let Some(&at) = table.find(hash, |&at| slice(text, ends, at) == name) {
            return at;
        }
        let at = u32::try_from(ends.len()).expect("fewer than 2^32 distinct texts");
        text.push_str(name);
        ends.push(text.len());
        table.insert_unique(hash, at, |&other| hasher.hash_one(slice(text, ends, other)));
        at
    }

    /// The number of `name`, if it was seen.
    pub(super) fn find(&self, name: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(name);
        self.table.find(hash, |&at| slice(&self.text, &self.ends, at) == name).copied()
    }

    pub(super) fn name(&self, at: u32) -> &str {
        slice(&self.text, &self.ends, at)
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end])
    }
}

fn slice<'a>(text: &'a str, ends: &[usize], at: u32) -> &'a str {
    let at = at as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] };
    &text[start..ends[at]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_first_appearance() {
        let mut interner = Interner::default();
        let numbers: Vec<u32> =
            ["b", "a", "b", "", "ab", "a"].iter().map(|name| interner.intern(name)).collect();
        assert_eq!(numbers, [0, 1, 0, 2, 3, 1]);
        assert_eq!(interner.names().collect::<Vec<_>>(), ["b", "a", "", "ab"]);
        assert_eq!((interner.find("ab"), interner.find("c")), (Some(3), None));
        assert_eq!((interner.name(3), interner.len()), ("ab", 4));
    }
}
