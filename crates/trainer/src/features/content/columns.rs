//! What kind of thing does each column of a catalogue say? Decided from its values.

use crate::ingest::Catalog;
use mercer::model::words::{Bands, Column, Columns, members, number};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What may stand between the members of a list.
const SEPARATORS: [char; 4] = ['|', ';', ',', ' '];
/// Share of a column's values that must hold the separator of a list.
const MIN_LISTS: f64 = 0.1;
/// Items a member of a list stands on in the mean, at least.
const MIN_MEMBER_ITEMS: f64 = 3.0;
/// Share of lists in which a member stands twice, at most; in sentences words repeat.
const MAX_REPEATING: f64 = 0.05;
/// Members of a list that blanks hold apart, at most in the mean; sentences are longer.
const MAX_BLANK_MEMBERS: f64 = 16.0;
/// Distinct numbers above which a column of numbers is a measure, not a name.
const MAX_NAMED_NUMBERS: usize = 64;
/// Words of a text, at least in the mean.
const MIN_TEXT_WORDS: f64 = 4.0;

/// The kind of each attribute column, and how categories and prices are read: looks at every
/// value of a catalogue.
pub(super) fn columns(catalog: &Catalog) -> Columns {
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in catalog.items().iter().flat_map(|item| &item.attributes) {
        values.entry(name).or_default().push(value);
    }
    let attributes = values.iter().map(|(name, values)| ((*name).to_owned(), kind_of(values)));
    Columns {
        attributes: attributes.collect(),
        levels: level_separator(catalog),
        prices: Bands::of(catalog.items().iter().filter_map(|item| item.price)),
    }
}

/// What stands between the levels of categories, where every one came as one text.
pub fn level_separator(catalog: &Catalog) -> Option<char> {
    let categories = catalog.items().iter().map(|item| item.category.as_slice());
    let flat: Option<Vec<&str>> = categories
        .filter(|levels| !levels.is_empty())
        .map(|levels| if let [level] = levels { Some(level.as_str()) } else { None })
        .collect();
    list_separator(&flat?)
}

/// What holds the members of lists apart, if these values are lists; never a blank.
pub fn list_separator(values: &[&str]) -> Option<char> {
    separator(values).filter(|separator| *separator != ' ')
}

/// The kind of a column with these values, none of them empty.
fn kind_of(values: &[&str]) -> Column {
    let distinct: HashSet<&str> = values.iter().copied().collect();
    if distinct.len() < 2 || is_mostly(values, |value| value.contains("://")) {
        return Column::Nothing;
    }
    let mostly_own = distinct.len() * 2 > values.len();
    let numbers: Option<Vec<f64>> = values.iter().map(|value| number(value)).collect();
    if let Some(numbers) = numbers.filter(|_| distinct.len() > MAX_NAMED_NUMBERS) {
        let is_id = mostly_own && numbers.iter().all(|number| number.fract() == 0.0);
        return if is_id { Column::Nothing } else { Column::Measure(Bands::of(numbers)) };
    }
    if let Some(separator) = separator(values) {
        return Column::List(separator);
    }
    let words = values.iter().map(|value| value.split_whitespace().count()).sum();
    if mostly_own && mean(words, values.len()) >= MIN_TEXT_WORDS {
        return Column::Text;
    }
    Column::Name
}

/// What holds the members of lists apart, if these values are lists: it stands in a tenth of
/// them, its members come back from item to item, and more than the whole values do.
fn separator(values: &[&str]) -> Option<char> {
    SEPARATORS.into_iter().find(|&separator| are_lists(values, separator))
}

fn are_lists(values: &[&str], separator: char) -> bool {
    let with = values.iter().filter(|value| value.contains(separator)).count();
    if mean(with, values.len()) < MIN_LISTS {
        return false;
    }
    let mut items_of: HashMap<&str, usize> = HashMap::new();
    let (mut total, mut repeating) = (0, 0);
    for value in values {
        let mut own = HashSet::new();
        let mut n_members = 0;
        for member in members(value, separator) {
            n_members += 1;
            if own.insert(member) {
                *items_of.entry(member).or_default() += 1;
            }
        }
        total += n_members;
        repeating += usize::from(own.len() < n_members);
    }
    let distinct: HashSet<&str> = values.iter().copied().collect();
    let items_each = mean(total, items_of.len());
    items_each >= MIN_MEMBER_ITEMS
        && items_each > mean(values.len(), distinct.len())
        && mean(repeating, values.len()) <= MAX_REPEATING
        && (separator != ' ' || mean(total, values.len()) <= MAX_BLANK_MEMBERS)
}

fn is_mostly(values: &[&str], is: impl Fn(&str) -> bool) -> bool {
    values.iter().filter(|value| is(value)).count() * 2 > values.len()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn mean(sum: usize, n: usize) -> f64 {
    sum as f64 / n.max(1) as f64
}
