use xxhash_rust::xxh64::xxh64;

/// Names that came since the file was read, in the order in which they came, found by a table
/// of positions (open addressing, Knuth 6.4 L): one for ids and terms, because each map of the
/// standard library weighs 4 kB in the WebAssembly module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Later {
    names: Vec<String>,
    /// Positions plus one by the hash of their name, 0 for none; a power of two, at least twice
    /// as many as names.
    slots: Vec<u32>,
}

impl Later {
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// The name at a position; empty beyond the last.
    pub(super) fn at(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }

    /// The position of a name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let slot = self.slot(name)?;
        let at = (*self.slots.get(slot)? as usize).checked_sub(1)?;
        Some(at)
    }

    /// Adds a name that is not there yet, and gives its position.
    pub(super) fn push(&mut self, name: &str) -> usize {
        let at = self.names.len();
        self.names.push(name.to_owned());
        if self.slots.len() < 2 * self.names.len() {
            self.slots = vec![0; (4 * self.names.len()).next_power_of_two()];
            (0..at).for_each(|before| self.enter(before));
        }
        self.enter(at);
        at
    }

    fn enter(&mut self, at: usize) {
        let position = u32::try_from(at + 1).expect("fewer than 2^32 names");
        if let Some(slot) = self.slot(&self.names[at]) {
            self.slots[slot] = position;
        }
    }

    /// Where a name is entered, or else would be; `None` in a table without slots.
    fn slot(&self, name: &str) -> Option<usize> {
        let last = self.slots.len().checked_sub(1)?;
        #[expect(clippy::cast_possible_truncation, reason = "any of the bits will do")]
        let mut slot = xxh64(name.as_bytes(), 0) as usize & last;
        loop {
            match self.slots[slot] {
                0 => return Some(slot),
                at if self.at(at as usize - 1) == name => return Some(slot),
                _ => slot = (slot + 1) & last,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn finds_what_a_map_finds(names in prop::collection::vec("[a-c]{0,4}", 0..120)) {
            let (mut later, mut map) = (Later::default(), BTreeMap::new());
            for name in &names {
                prop_assert_eq!(later.find(name), map.get(name).copied());
                if !map.contains_key(name) {
                    map.insert(name, later.push(name));
                }
            }
            prop_assert_eq!(later.len(), map.len());
            prop_assert!(map.iter().all(|(name, at)| later.at(*at) == **name));
            prop_assert_eq!((later.find("d"), later.at(later.len())), (None, ""));
        }
    }
}
