use crate::model::ids::Names;
use crate::model::later::Later;
use crate::types::ItemIx;
use std::slice::from_ref;

/// Stands in [`Lists::One`] for no term.
const NONE: u32 = u32::MAX;

/// Terms of items: any number each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Terms {
    /// The terms of the model file, ascending.
    packed: Option<Names>,
    /// Those that came since, in the order they were met, numbered on from `packed`.
    later: Later,
    lists: Lists,
    changed: Changed,
}

/// The terms of every item. One each is by far the most frequent, and takes half the room.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Lists {
    /// At most one each, or [`NONE`], `[n_items]`.
    One(Vec<u32>),
    /// Any number each.
    Many {
        /// Where each item's terms end in `terms`, `[n_items]`.
        ends: Vec<u32>,
        /// The terms of all items.
        terms: Vec<u32>,
    },
}

/// What was changed since the file was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Changed {
    /// Where an item's terms stand in `lists`, or [`NONE`]; as long as the last that changed.
    places: Vec<u32>,
    lists: Vec<Vec<u32>>,
}

impl Changed {
    fn of(&self, item: usize) -> Option<&[u32]> {
        let place = *self.places.get(item)?;
        self.lists.get(place as usize).map(Vec::as_slice)
    }

    fn set(&mut self, item: usize, terms: Vec<u32>) {
        if self.places.len() <= item {
            self.places.resize(item + 1, NONE);
        }
        if let Some(own) = self.lists.get_mut(self.places[item] as usize) {
            *own = terms;
        } else {
            self.places[item] = count(self.lists.len());
            self.lists.push(terms);
        }
    }
}

impl Default for Lists {
    fn default() -> Self {
        Self::One(Vec::new())
    }
}

impl Lists {
    /// At most one term each, `[n_items]`.
    pub(super) fn one(terms: impl Iterator<Item = Option<u32>>) -> Self {
        Self::One(terms.map(|term| term.unwrap_or(NONE)).collect())
    }

    /// The terms of an item; none for an item beyond the last.
    fn of(&self, item: usize) -> &[u32] {
        match self {
            Self::One(terms) => {
                let term = terms.get(item).map_or([].as_slice(), from_ref);
                if *term == [NONE] { &[] } else { term }
            }
            Self::Many { ends, terms } => {
                let end = |at: usize| ends.get(at).map_or(0, |&end| end as usize);
                let start = item.checked_sub(1).map_or(0, end);
                terms.get(start..end(item)).unwrap_or_default()
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::One(terms) => terms.len(),
            Self::Many { ends, .. } => ends.len(),
        }
    }

    /// Makes room for items of several terms.
    fn widen(&mut self) {
        let Self::One(ones) = self else { return };
        let (mut ends, mut terms) = (Vec::with_capacity(ones.len()), Vec::new());
        for &term in ones.iter() {
            terms.extend((term != NONE).then_some(term));
            ends.push(count(terms.len()));
        }
        *self = Self::Many { ends, terms };
    }

    fn push(&mut self, list: &[u32]) {
        if list.len() > 1 {
            self.widen();
        }
        match self {
            Self::One(ones) => ones.push(list.first().copied().unwrap_or(NONE)),
            Self::Many { ends, terms } => {
                terms.extend(list);
                ends.push(count(terms.len()));
            }
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).expect("fewer than 2^32 terms")
}

impl Terms {
    /// The terms of a model file.
    pub(super) fn packed(names: Names, lists: Lists) -> Self {
        Self { packed: Some(names), lists, ..Self::default() }
    }

    /// Appends an item with its terms.
    pub fn push<'a>(&mut self, terms: impl IntoIterator<Item = &'a str>) {
        let list: Vec<u32> = terms.into_iter().map(|term| self.intern(term)).collect();
        self.lists.push(&list);
    }

    /// Replaces the terms of an item. One beyond the last is added, and those between have
    /// none.
    pub fn set<'a>(&mut self, item: ItemIx, terms: impl IntoIterator<Item = &'a str>) {
        let terms = terms.into_iter().map(|term| self.intern(term)).collect();
        self.changed.set(item.at(), terms);
    }

    /// Takes in the terms that `other` gives items, each pair its item and ours, which nothing
    /// was said of yet.
    pub(super) fn take(&mut self, other: &Self, pairs: &[(ItemIx, ItemIx)]) {
        let mut known = vec![NONE; other.n_terms()];
        for &(from, to) in pairs {
            let mut list = other.of(from).to_vec();
            for term in &mut list {
                let place = &mut known[*term as usize];
                if *place == NONE {
                    *place = self.intern(other.name(*term));
                }
                *term = *place;
            }
            while self.lists.len() < to.at() {
                self.lists.push(&[]);
            }
            self.lists.push(&list);
        }
    }

    /// The terms of an item; none for an item beyond the last.
    pub fn of(&self, item: ItemIx) -> &[u32] {
        match self.changed.of(item.at()) {
            Some(changed) => changed,
            None => self.lists.of(item.at()),
        }
    }

    /// Whether an item has a term.
    pub fn has(&self, item: ItemIx, term: u32) -> bool {
        self.of(item).contains(&term)
    }

    /// The term written like this.
    pub fn find(&self, name: &str) -> Option<u32> {
        let packed = self.packed.as_ref().and_then(|names| names.find(name));
        packed.or_else(|| Some(self.n_packed() + self.later.find(name)?)).map(count)
    }

    /// How a term is written; empty for one that is none of these.
    pub fn name(&self, term: u32) -> &str {
        match (term as usize).checked_sub(self.n_packed()) {
            Some(later) => self.later.at(later),
            None => self.packed.as_ref().map_or("", |names| names.at(term as usize)),
        }
    }

    /// How many terms there are.
    pub fn n_terms(&self) -> usize {
        self.n_packed() + self.later.len()
    }

    /// How many items have been told of, with terms or without.
    pub fn n_items(&self) -> usize {
        self.lists.len().max(self.changed.places.len())
    }

    /// How many terms came since the file was read.
    pub(in crate::model) fn n_later(&self) -> usize {
        self.later.len()
    }

    fn n_packed(&self) -> usize {
        self.packed.as_ref().map_or(0, Names::len)
    }

    fn intern(&mut self, name: &str) -> u32 {
        if let Some(term) = self.find(name) {
            return term;
        }
        count(self.n_packed() + self.later.push(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_found_by_item_and_by_name() {
        let mut terms = Terms::default();
        terms.push(["Shoes"]);
        terms.push([]);
        assert_eq!(terms.lists, Lists::One(vec![0, NONE]));
        terms.push(["Shoes", "Shoes > Boots"]);
        terms.push(["Shoes"]);
        let (shoes, boots) = (terms.find("Shoes").unwrap(), terms.find("Shoes > Boots").unwrap());
        assert_eq!(terms.of(ItemIx(2)), [shoes, boots]);
        assert!(terms.of(ItemIx(1)).is_empty() && terms.of(ItemIx(4)).is_empty());
        assert!(terms.has(ItemIx(0), shoes) && !terms.has(ItemIx(3), boots));
        terms.set(ItemIx(1), ["Hats"]);
        assert_eq!(terms.of(ItemIx(1)), [terms.find("Hats").unwrap()]);
        assert_eq!(terms.name(boots), "Shoes > Boots");
        assert_eq!((terms.n_terms(), terms.n_items(), terms.name(9)), (3, 4, ""));
        terms.set(ItemIx(6), ["Hats"]);
        assert_eq!((terms.n_items(), terms.of(ItemIx(5)).len()), (7, 0));
    }
}
