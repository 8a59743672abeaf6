//! What does the catalogue say of each item, for rules, affinities and variety?

use super::content::{level_separator, list_separator, members, split_levels};
use crate::ingest::{Availability, Catalog, CatalogItem, days};
use mercer::model::{Attributes, Column, MAX_FIELD_BYTES, MAX_FIELDS, Terms};
use mercer::types::MAX_ID_BYTES;
use std::collections::BTreeSet;
use std::fmt;

/// Terms an item has at most in one field.
const MAX_TERMS: usize = 255;

/// The column that says since when a product is sold.
const ADDED: &str = "added";

/// The fields of a model file, for `items` (ids, in the order of the model): `category`, a
/// term a level; `brand`; `price`; `availability`; `group`; `added`, days since 1970; and the
/// columns named in `more`. Fields that the catalogue says nothing in are left out; `None`
/// where none is left.
///
/// A column is numbers if every value is one. Otherwise each value is a term, or, where `|`,
/// `;` or, by the values' look, `,` holds the members of lists apart, several.
///
/// # Errors
/// - [`AttributeError::Unknown`]: the catalogue has no column of that name.
/// - [`AttributeError::TooMany`], [`AttributeError::LongName`]: a file cannot hold them.
pub fn attributes(
    catalog: &Catalog,
    items: &[String],
    more: &[String],
) -> Result<Option<Attributes>, AttributeError> {
    check(catalog, more)?;
    let shelf = Shelf { products: items.iter().map(|id| catalog.find(id)).collect() };
    let mut fields = Attributes::default();
    let levels = level_separator(catalog);
    let known = [
        ("category", shelf.terms(|item| paths(item, levels))),
        ("brand", shelf.terms(|item| vec![item.brand.to_string()])),
        ("price", shelf.numbers(|item| item.price)),
        ("availability", shelf.terms(|item| vec![availability(item).to_owned()])),
        ("group", shelf.terms(|item| item.group.iter().map(ToString::to_string).collect())),
        (ADDED, shelf.numbers(|item| days(value(item, ADDED)))),
    ];
    let more = more.iter().map(|name| (name.as_str(), shelf.column(catalog, name)));
    for (name, column) in known.into_iter().chain(more) {
        if let Some(column) = column {
            fields.insert(name, column);
        }
    }
    Ok((fields.names().count() > 0).then_some(fields))
}

/// Why a catalogue cannot give these attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeError {
    /// It has no such column.
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The columns it has beside those that are always taken.
        found: Vec<String>,
    },
    /// More columns than a file has fields.
    TooMany(usize),
    /// The name is longer than a file can hold.
    LongName(String),
}

impl fmt::Display for AttributeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, found } if found.is_empty() => {
                write!(f, "the catalogue has no column `{name}`, nor any other attribute")
            }
            Self::Unknown { name, found } => {
                let found: Vec<String> = found.iter().map(|name| format!("`{name}`")).collect();
                let found = found.join(", ");
                write!(f, "the catalogue has no column `{name}`; its attributes are {found}")
            }
            Self::TooMany(n) => {
                write!(f, "{n} columns are more than the {MAX_FIELDS} fields a file can hold")
            }
            Self::LongName(name) => {
                write!(f, "the name `{name}` is longer than {MAX_FIELD_BYTES} bytes")
            }
        }
    }
}

impl std::error::Error for AttributeError {}

fn check(catalog: &Catalog, more: &[String]) -> Result<(), AttributeError> {
    let found: BTreeSet<&str> =
        catalog.items().iter().flat_map(|item| &item.attributes).map(|(name, _)| &**name).collect();
    if let Some(name) = more.iter().find(|name| !found.contains(name.as_str())) {
        let found = found.into_iter().map(str::to_owned).collect();
        return Err(AttributeError::Unknown { name: name.clone(), found });
    }
    if let Some(name) = more.iter().find(|name| name.len() > MAX_FIELD_BYTES) {
        return Err(AttributeError::LongName(name.clone()));
    }
    if more.len() > MAX_FIELDS - 6 { Err(AttributeError::TooMany(more.len())) } else { Ok(()) }
}

/// The products of the model's items, in their order; `None` where the catalogue has none.
struct Shelf<'a> {
    products: Vec<Option<&'a CatalogItem>>,
}

impl Shelf<'_> {
    /// The field of these terms; `None` where no item has any. A term that no file can hold
    /// is left out.
    fn terms(&self, of: impl Fn(&CatalogItem) -> Vec<String>) -> Option<Column> {
        let mut terms = Terms::default();
        for product in &self.products {
            let mut own = product.map(&of).unwrap_or_default();
            own.retain(|term| (1..=MAX_ID_BYTES).contains(&term.len()));
            own.truncate(MAX_TERMS);
            terms.push(own.iter().map(String::as_str));
        }
        (terms.n_terms() > 0).then_some(Column::Terms(terms))
    }

    /// The field of these numbers; `None` where no item has one.
    #[expect(clippy::cast_possible_truncation, reason = "prices need no more than 24 bits")]
    fn numbers(&self, of: impl Fn(&CatalogItem) -> Option<f64>) -> Option<Column> {
        let number = |product: Option<&CatalogItem>| {
            let number = product.and_then(&of).map_or(f32::NAN, |number| number as f32);
            if number.is_finite() { number } else { f32::NAN }
        };
        let numbers: Vec<f32> = self.products.iter().copied().map(number).collect();
        numbers.iter().any(|x| !x.is_nan()).then_some(Column::Numbers(numbers))
    }

    /// The field of a column by its values.
    fn column(&self, catalog: &Catalog, name: &str) -> Option<Column> {
        let values = catalog.items().iter().map(|item| value(item, name));
        let values: Vec<&str> = values.filter(|value| !value.is_empty()).collect();
        if values.iter().all(|value| number(value).is_some()) {
            return self.numbers(|item| number(value(item, name)));
        }
        let plain = ['|', ';'].into_iter().find(|&c| values.iter().any(|value| value.contains(c)));
        let separator = plain.or_else(|| list_separator(&values));
        self.terms(|item| {
            let value = value(item, name);
            match separator {
                None => vec![value.to_owned()],
                Some(separator) => members(value, separator).map(str::to_owned).collect(),
            }
        })
    }
}

/// The value of a column, empty where there is none.
fn value<'a>(item: &'a CatalogItem, name: &str) -> &'a str {
    let found = item.attributes.iter().find(|(other, _)| **other == *name);
    found.map_or("", |(_, value)| value)
}

fn number(value: &str) -> Option<f64> {
    value.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The category and each above it, outermost first: `A`, `A > B`.
fn paths(item: &CatalogItem, levels: Option<char>) -> Vec<String> {
    let parts = split_levels(item.category.iter().map(String::as_str), levels);
    let mut path = String::new();
    let deeper = |level: &str| {
        if !path.is_empty() {
            path.push_str(" > ");
        }
        path.push_str(level);
        path.clone()
    };
    parts.map(deeper).collect()
}

fn availability(item: &CatalogItem) -> &'static str {
    match item.availability {
        None => "",
        Some(Availability::InStock) => "in_stock",
        Some(Availability::OutOfStock) => "out_of_stock",
        Some(Availability::Preorder) => "preorder",
        Some(Availability::Backorder) => "backorder",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mercer::types::ItemIx;

    fn product(id: &str, category: &[&str], more: &[(&str, &str)]) -> CatalogItem {
        CatalogItem {
            id: id.into(),
            category: category.iter().map(|&level| level.to_owned()).collect(),
            attributes: more.iter().map(|&(name, value)| (name.into(), value.into())).collect(),
            ..CatalogItem::default()
        }
    }

    fn shop() -> Catalog {
        let price = Some(19.99);
        let brand = "Acme".into();
        let availability = Some(Availability::InStock);
        let colours = [("colour", "red|blue"), ("grams", "12.5"), ("added", "2020-01-11")];
        [
            CatalogItem { price, ..product("a", &["Shoes", "Boots"], &colours) },
            CatalogItem { brand, ..product("b", &["Shoes"], &[("colour", "blue")]) },
            CatalogItem { availability, ..product("d", &[], &[("grams", "3"), ("mix", "1")]) },
            product("e", &[], &[("mix", "one")]),
        ]
        .into_iter()
        .collect()
    }

    fn names(fields: &Attributes, field: &str, item: u32) -> Vec<String> {
        let terms = fields.terms(field).unwrap();
        terms.of(ItemIx(item)).iter().map(|&term| terms.name(term).to_owned()).collect()
    }

    #[test]
    fn what_is_always_packed_and_what_was_asked_for() {
        let items = ["a", "b", "c", "d", "e"].map(str::to_owned);
        let more = ["colour", "grams", "mix"].map(str::to_owned);
        let fields = attributes(&shop(), &items, &more).unwrap().unwrap();
        let all: Vec<&str> = fields.names().collect();
        let wanted =
            ["category", "brand", "price", "availability", "added", "colour", "grams", "mix"];
        assert_eq!(all, wanted, "no product has a group");
        assert_eq!(names(&fields, "category", 0), ["Shoes", "Shoes > Boots"]);
        assert_eq!(names(&fields, "category", 2), [""; 0], "not in the catalogue");
        assert_eq!(names(&fields, "colour", 0), ["red", "blue"]);
        assert_eq!(names(&fields, "mix", 3), ["1"], "not every value is a number");
        assert_eq!(names(&fields, "availability", 3), ["in_stock"]);
        let bits = |field: &str| fields.numbers(field).unwrap().iter().map(|x| x.to_bits());
        let nan = f32::NAN;
        assert!(bits("price").eq([19.99, nan, nan, nan, nan].map(f32::to_bits)));
        assert!(bits("grams").eq([12.5, nan, nan, 3.0, nan].map(f32::to_bits)));
        assert!(bits("added").eq([18_272.0, nan, nan, nan, nan].map(f32::to_bits)));
    }

    #[test]
    fn a_column_that_is_not_there_is_named_with_those_that_are() {
        let error = attributes(&shop(), &[], &["size".to_owned()]).unwrap_err();
        let message = "the catalogue has no column `size`; its attributes are `added`, `colour`, \
                       `grams`, `mix`";
        assert_eq!(error.to_string(), message);
        assert_eq!(attributes(&shop(), &["z".to_owned()], &[]), Ok(None));
    }
}
