//! What the catalogue says of products, for rules, affinities and variety: a column a field.

mod read;
mod terms;
mod write;

use crate::types::{FieldIx, ItemIx};

pub(super) use read::read;
pub use terms::Terms;
pub(super) use write::{check, write};

/// The most fields a model may have.
pub const MAX_FIELDS: usize = 256;

/// The longest name of a field, in bytes.
pub const MAX_FIELD_BYTES: usize = 64;

/// What the catalogue says of every item: a column a field.
///
/// Some names have a meaning. `category` holds a term for every level of an item's path,
/// outermost first (`Shoes`, `Shoes > Boots`); `brand`; `price`, a number; `availability`
/// (`in_stock`, `low_stock`, `out_of_stock`, `preorder`, `backorder`); `group`, the id that
/// variants of one product share; `added`, the day it came into the shop, days since 1970.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attributes {
    pub(super) fields: Vec<(String, Column)>,
}

/// The values of one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Each item has any number of terms.
    Terms(Terms),
    /// A number each item, NaN where it is not known, `[n_items]`.
    Numbers(Vec<f32>),
}

impl Column {
    /// How many items it speaks of.
    pub fn n_items(&self) -> usize {
        match self {
            Self::Terms(terms) => terms.n_items(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }
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

impl Attributes {
    /// The same of these rows alone. A field in which none of them has a term is not there.
    pub(super) fn of_rows(&self, rows: &[ItemIx]) -> Self {
        let of_rows = |column: &Column| match column {
            Column::Numbers(numbers) => {
                Some(Column::Numbers(rows.iter().map(|item| numbers[item.at()]).collect()))
            }
            Column::Terms(terms) => {
                let mut own = Terms::default();
                for &item in rows {
                    own.push(terms.of(item).iter().map(|&term| terms.name(term)));
                }
                (own.n_terms() > 0).then_some(Column::Terms(own))
            }
        };
        let field = |(name, column): &(String, Column)| Some((name.clone(), of_rows(column)?));
        Self { fields: self.fields.iter().filter_map(field).collect() }
    }

    /// Whether the fields of `other` can join these: of one name they hold one kind, and all
    /// together are no more than a model may have.
    pub(super) fn are_like(&self, other: &Self) -> bool {
        let mut n_new = 0;
        for (name, column) in &other.fields {
            match self.field(name).and_then(|field| self.column(field)) {
                Some(own) if std::mem::discriminant(own) != std::mem::discriminant(column) => {
                    return false;
                }
                Some(_) => {}
                None => n_new += 1,
            }
        }
        self.fields.len() + n_new <= MAX_FIELDS
    }

    /// Takes in what `other` says of items, each pair its item and ours, which is new; `n_items`
    /// are there now.
    pub(super) fn take(&mut self, other: &Self, pairs: &[(ItemIx, ItemIx)], n_items: usize) {
        for (name, column) in &other.fields {
            if self.field(name).is_none() {
                let empty = match column {
                    Column::Terms(_) => Column::Terms(Terms::default()),
                    Column::Numbers(_) => Column::Numbers(Vec::new()),
                };
                self.fields.push((name.clone(), empty));
            }
        }
        self.pad(n_items);
        for (name, own) in &mut self.fields {
            let found = other.fields.iter().find(|(of, _)| of == name).map(|(_, column)| column);
            match (own, found) {
                (Column::Terms(own), Some(Column::Terms(terms))) => own.take(terms, pairs),
                (Column::Numbers(own), Some(Column::Numbers(numbers))) => {
                    for (from, to) in pairs {
                        own[to.at()] = numbers[from.at()];
                    }
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
