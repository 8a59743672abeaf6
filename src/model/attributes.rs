//! What the catalogue says of products, for rules, affinities and variety: a column a field.

use crate::types::{FieldIx, ItemIx};
use std::collections::BTreeMap;

/// What the catalogue says of every item: a column a field.
///
/// Some names have a meaning. `category` holds a term for every level of an item's path,
/// outermost first (`Shoes`, `Shoes > Boots`); `brand`; `price`, a number; `availability`
/// (`in_stock`, `low_stock`, `out_of_stock`, `preorder`, `backorder`); `group`, the id that
/// variants of one product share; `added`, the day it came into the shop, days since 1970.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attributes {
    fields: Vec<(String, Column)>,
}

/// The values of one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Each item has any number of terms.
    Terms(Terms),
    /// A number each item, NaN where it is not known, `[n_items]`.
    Numbers(Vec<f32>),
}

/// Terms of items: any number each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Terms {
    /// The terms, in the order they were met.
    names: Vec<String>,
    by_name: BTreeMap<String, u32>,
    /// Where each item's terms end in `terms`, `[n_items]`.
    ends: Vec<u32>,
    terms: Vec<u32>,
    /// What was changed since, by item.
    changed: BTreeMap<u32, Vec<u32>>,
}

impl Attributes {
    /// Adds a field; one of the same name is replaced.
    pub fn insert(&mut self, name: &str, column: Column) {
        self.fields.retain(|(other, _)| other != name);
        self.fields.push((name.to_owned(), column));
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<FieldIx> {
        let at = self.fields.iter().position(|(other, _)| other == name)?;
        u16::try_from(at).ok().map(FieldIx)
    }

    /// The name of a field; empty for one that is none of these.
    pub fn name(&self, field: FieldIx) -> &str {
        self.fields.get(usize::from(field.0)).map_or("", |(name, _)| name)
    }

    /// The values of a field.
    pub fn column(&self, field: FieldIx) -> Option<&Column> {
        self.fields.get(usize::from(field.0)).map(|(_, column)| column)
    }

    /// The terms of the field with this name, if it has terms.
    pub fn terms(&self, name: &str) -> Option<&Terms> {
        match self.column(self.field(name)?)? {
            Column::Terms(terms) => Some(terms),
            Column::Numbers(_) => None,
        }
    }

    /// The numbers of the field with this name, `[n_items]`, NaN where not known, if it has
    /// numbers.
    pub fn numbers(&self, name: &str) -> Option<&[f32]> {
        match self.column(self.field(name)?)? {
            Column::Terms(_) => None,
            Column::Numbers(numbers) => Some(numbers),
        }
    }
}

impl Terms {
    /// Appends an item with its terms.
    pub fn push<'a>(&mut self, terms: impl IntoIterator<Item = &'a str>) {
        for term in terms {
            let term = self.intern(term);
            self.terms.push(term);
        }
        let end = u32::try_from(self.terms.len()).expect("fewer than 2^32 terms");
        self.ends.push(end);
    }

    /// Replaces the terms of an item.
    pub fn set<'a>(&mut self, item: ItemIx, terms: impl IntoIterator<Item = &'a str>) {
        let terms = terms.into_iter().map(|term| self.intern(term)).collect();
        self.changed.insert(item.0, terms);
    }

    /// The terms of an item; none for an item beyond the last.
    pub fn of(&self, item: ItemIx) -> &[u32] {
        if let Some(changed) = self.changed.get(&item.0) {
            return changed;
        }
        let end = |at: usize| self.ends.get(at).map_or(0, |&end| end as usize);
        let start = item.at().checked_sub(1).map_or(0, end);
        self.terms.get(start..end(item.at())).unwrap_or_default()
    }

    /// Whether an item has a term.
    pub fn has(&self, item: ItemIx, term: u32) -> bool {
        self.of(item).contains(&term)
    }

    /// The term written like this.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// How a term is written; empty for one that is none of these.
    pub fn name(&self, term: u32) -> &str {
        self.names.get(term as usize).map_or("", String::as_str)
    }

    /// How many terms there are.
    pub fn n_terms(&self) -> usize {
        self.names.len()
    }

    fn intern(&mut self, name: &str) -> u32 {
        if let Some(term) = self.find(name) {
            return term;
        }
        let term = u32::try_from(self.names.len()).expect("fewer than 2^32 terms");
        self.names.push(name.to_owned());
        self.by_name.insert(name.to_owned(), term);
        term
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_found_by_item_and_by_name() {
        let mut terms = Terms::default();
        terms.push(["Shoes", "Shoes > Boots"]);
        terms.push([]);
        terms.push(["Shoes"]);
        let (shoes, boots) = (terms.find("Shoes").unwrap(), terms.find("Shoes > Boots").unwrap());
        assert_eq!(terms.of(ItemIx(0)), [shoes, boots]);
        assert!(terms.of(ItemIx(1)).is_empty() && terms.of(ItemIx(3)).is_empty());
        assert!(terms.has(ItemIx(2), shoes) && !terms.has(ItemIx(2), boots));
        terms.set(ItemIx(1), ["Hats"]);
        assert_eq!(terms.of(ItemIx(1)), [terms.find("Hats").unwrap()]);
        assert_eq!(terms.name(boots), "Shoes > Boots");
    }

    #[test]
    fn fields_have_one_kind_of_value() {
        let mut attributes = Attributes::default();
        attributes.insert("price", Column::Numbers(vec![1.0, f32::NAN]));
        attributes.insert("brand", Column::Terms(Terms::default()));
        assert_eq!(attributes.numbers("price").map(<[f32]>::len), Some(2));
        assert!(attributes.terms("price").is_none() && attributes.numbers("brand").is_none());
        assert_eq!(attributes.field("size"), None);
    }
}
