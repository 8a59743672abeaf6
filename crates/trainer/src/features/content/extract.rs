//! What does the catalogue say of one item, as features?

use super::columns::{Column, Columns, members, number};
use super::tokens::words;
use crate::ingest::CatalogItem;

/// What a feature was read from. Each group has a weight of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Group {
    /// Words and pairs of neighbouring words of the title.
    Title,
    /// Words of the description and of other texts.
    Description,
    /// The brand.
    Brand,
    /// The category and each category above it.
    Category,
    /// The band the price is in.
    Price,
    /// `name=value` of every other column.
    Attribute,
}

/// How many groups there are.
pub const N_GROUPS: usize = 6;

impl Group {
    /// All groups, in the order of their discriminants.
    pub const ALL: [Self; N_GROUPS] =
        [Self::Title, Self::Description, Self::Brand, Self::Category, Self::Price, Self::Attribute];
}

/// Calls `each` with every feature of an item, once for each time it stands there.
pub(super) fn features(item: &CatalogItem, columns: &Columns, mut each: impl FnMut(Group, &str)) {
    let title = words(&item.title);
    title.iter().for_each(|word| each(Group::Title, word));
    title.windows(2).for_each(|pair| each(Group::Title, &pair.join(" ")));
    words(&item.description).iter().for_each(|word| each(Group::Description, word));
    let brand = words(&item.brand).join(" ");
    if !brand.is_empty() {
        each(Group::Brand, &brand);
    }
    category(item, columns.levels, &mut each);
    if let Some(band) = item.price.and_then(|price| columns.prices.band(price)) {
        each(Group::Price, &band.to_string());
    }
    if let Some(group) = &item.group {
        each(Group::Attribute, &format!("item_group_id={group}"));
    }
    for (name, value) in &item.attributes {
        if let Some(column) = columns.attributes.get(name.as_ref()) {
            attribute((name, value), column, &mut each);
        }
    }
}

/// The category and each above it: `a`, `a > b`, `a > b > c`.
fn category(item: &CatalogItem, levels: Option<char>, each: &mut impl FnMut(Group, &str)) {
    let mut path = String::new();
    let parts = item.category.iter().flat_map(|level| match levels {
        Some(separator) => members(level, separator).collect(),
        None => vec![level.as_str()],
    });
    for level in parts {
        if !path.is_empty() {
            path.push_str(" > ");
        }
        path.push_str(&words(level).join(" "));
        each(Group::Category, &path);
    }
}

fn attribute((name, value): (&str, &str), column: &Column, each: &mut impl FnMut(Group, &str)) {
    let mut say = |value: &str| each(Group::Attribute, &format!("{name}={}", value.to_lowercase()));
    match column {
        Column::Nothing => {}
        Column::Name => say(value),
        Column::List(separator) => {
            // The whole list is a feature too: where it comes back, the items are of one kind.
            say(value);
            let mut own: Vec<&str> = members(value, *separator).collect();
            own.sort_unstable();
            own.dedup();
            own.into_iter().filter(|member| *member != value).for_each(say);
        }
        Column::Text => words(value).iter().for_each(|word| each(Group::Description, word)),
        Column::Measure(bands) => {
            if let Some(band) = number(value).and_then(|number| bands.band(number)) {
                say(&format!("band {band}"));
            }
        }
    }
}
