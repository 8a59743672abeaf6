//! `--only NAME=VALUE`: which products count as targets.

use crate::ingest::{Catalog, CatalogItem};
use anyhow::{Result, bail};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// How many names or values an error shows.
const SHOWN: usize = 8;

/// A value that a product must have in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Only {
    name: String,
    value: String,
}

impl FromStr for Only {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
                Ok(Self { name: name.trim().to_owned(), value: value.trim().to_owned() })
            }
            _ => Err("write it as NAME=VALUE, for example brand=Acme".to_owned()),
        }
    }
}

impl fmt::Display for Only {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.value)
    }
}

impl Only {
    /// The name alone.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether the product has the value: its brand, a level of its category, or any other
    /// column of the catalogue; of a list, one entry will do.
    pub(super) fn holds(&self, item: &CatalogItem) -> bool {
        values(item).any(|(name, value)| name == self.name && value == self.value)
    }

    /// Refuses a name or a value that no product of the catalogue has.
    pub(super) fn check(&self, catalog: &Catalog, path: &Path) -> Result<()> {
        if catalog.items().iter().any(|item| self.holds(item)) {
            return Ok(());
        }
        let all = || catalog.items().iter().flat_map(values);
        let path = path.display();
        let has_name = all().any(|(name, _)| name == self.name);
        if has_name {
            let shown = most_frequent(all().filter(|(name, _)| *name == self.name).map(|(_, v)| v));
            bail!("--only {self}: {path}: no product has this value of `{}`; {shown}", self.name);
        }
        let shown = most_frequent(all().map(|(name, _)| name));
        let likely = all().map(|(name, _)| name).max_by(|a, b| {
            let likeness = |name| strsim::jaro_winkler(name, &self.name);
            likeness(a).total_cmp(&likeness(b))
        });
        let meant = likely
            .filter(|name| strsim::jaro_winkler(name, &self.name) > 0.85)
            .map_or(String::new(), |name| format!(" Did you mean `{name}`?"));
        bail!("--only {self}: {path}: no product has an attribute `{}`; {shown}.{meant}", self.name)
    }
}

/// Names and values of a product.
fn values(item: &CatalogItem) -> impl Iterator<Item = (&str, &str)> {
    let brand = Some(("brand", &*item.brand)).filter(|(_, brand)| !brand.is_empty());
    let category = item.category.iter().map(|level| ("category", level.as_str()));
    let attributes = item.attributes.iter().flat_map(|(name, value)| {
        let parts = value.split(", ").filter(move |part| *part != &**value);
        parts.chain([&**value]).map(|part| (&**name, part.trim()))
    });
    brand.into_iter().chain(category).chain(attributes)
}

/// "there are `a`, `b` and 3 more", the most frequent first.
fn most_frequent<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, times)| Reverse(times));
    let shown: Vec<String> =
        counts.iter().take(SHOWN).map(|(value, _)| format!("`{value}`")).collect();
    let more = counts.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    if shown.is_empty() {
        return "it has none at all".to_owned();
    }
    format!("there are {}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        let item = |id: &str, cold: &str, tags: &str| CatalogItem {
            id: id.into(),
            brand: "Acme".into(),
            category: vec!["Home".to_owned(), "Cups".to_owned()],
            attributes: vec![("cold".into(), cold.into()), ("tags".into(), tags.into())],
            ..CatalogItem::default()
        };
        [item("a", "1", "red, blue"), item("b", "0", "red")].into_iter().collect()
    }

    fn holding(text: &str) -> Vec<String> {
        let (only, catalog) = (text.parse::<Only>().unwrap(), catalog());
        let items = catalog.items().iter().filter(|item| only.holds(item));
        items.map(|item| item.id.to_string()).collect()
    }

    #[test]
    fn values_of_columns_lists_brands_and_categories() {
        assert_eq!(holding("cold=1"), ["a"]);
        assert_eq!(holding("tags=blue"), ["a"]);
        assert_eq!(holding("tags=red"), ["a", "b"]);
        assert_eq!(holding("tags=red, blue"), ["a"]);
        assert_eq!(holding("brand=Acme"), ["a", "b"]);
        assert_eq!(holding("category=Cups"), ["a", "b"]);
        assert!(holding("cold=2").is_empty());
    }

    #[test]
    fn slips_are_named() {
        let told = |text: &str| {
            let only = text.parse::<Only>().unwrap();
            only.check(&catalog(), Path::new("items.csv")).unwrap_err().to_string()
        };
        let said = told("cld=1");
        assert!(said.contains("no product has an attribute `cld`"), "{said}");
        assert!(said.contains("`brand`") && said.contains("Did you mean `cold`?"), "{said}");
        let said = told("cold=yes");
        assert!(said.contains("this value of `cold`; there are `0`, `1`"), "{said}");
        assert!("cold".parse::<Only>().is_err() && "=1".parse::<Only>().is_err());
    }
}
