//! What does the catalogue say of one item, as features? The trainer and the device read a
//! product by this one code, so that they cannot differ.

mod bands;
mod columns;
mod html;
mod lower;
mod tokens;

pub use bands::Bands;
pub use columns::{Column, Columns, MAX_COLUMNS, members, number};
pub use tokens::words;

pub(super) use columns::{check, read, write};

use lower::lower;

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

/// The letter of the first group.
pub const FIRST: u8 = b'a';

/// A feature with the letter of its group before it, so that one table holds all groups: the
/// name it has in a lexicon.
pub fn key(group: Group, text: &str) -> String {
    let mut key = String::with_capacity(text.len() + 1);
    key.push(char::from(FIRST + group as u8));
    key.push_str(text);
    key
}

/// A product as a catalogue describes it. A text that is not given is empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Described<'a> {
    /// The name of the product.
    pub title: &'a str,
    /// What it is.
    pub description: &'a str,
    /// Who makes it.
    pub brand: &'a str,
    /// The category, outermost level first.
    pub category: Vec<&'a str>,
    /// What it costs.
    pub price: Option<f64>,
    /// The id that its variants share.
    pub group: &'a str,
    /// Every other column: name and value.
    pub attributes: Vec<(&'a str, &'a str)>,
}

/// The names of a product's features, one for each time it stands there.
pub fn keys(product: &Described<'_>, columns: &Columns) -> Vec<String> {
    let mut keys = Vec::new();
    let mut each = |group, text: &str| keys.push(key(group, text));
    title(product.title, &mut each);
    for word in words(product.description) {
        each(Group::Description, &word);
    }
    let brand = words(product.brand).join(" ");
    if !brand.is_empty() {
        each(Group::Brand, &brand);
    }
    category(product, columns.levels, &mut each);
    if let Some(band) = product.price.and_then(|price| columns.prices.band(price)) {
        each(Group::Price, &band.to_string());
    }
    if !product.group.is_empty() {
        each(Group::Attribute, &["item_group_id=", product.group].concat());
    }
    for &(name, value) in &product.attributes {
        if let Some(column) = columns.attributes.get(name) {
            attribute((name, value), column, &mut each);
        }
    }
    keys
}

/// Words and pairs of neighbouring words.
fn title(text: &str, each: &mut impl FnMut(Group, &str)) {
    let title = words(text);
    for word in &title {
        each(Group::Title, word);
    }
    for pair in title.windows(2) {
        each(Group::Title, &pair.join(" "));
    }
}

/// The category and each above it: `a`, `a > b`, `a > b > c`.
fn category(product: &Described<'_>, levels: Option<char>, each: &mut impl FnMut(Group, &str)) {
    let mut path = String::new();
    for level in split_levels(product.category.iter().copied(), levels) {
        if !path.is_empty() {
            path.push_str(" > ");
        }
        path.push_str(&words(level).join(" "));
        each(Group::Category, &path);
    }
}

/// The levels of a category, where `separator` may hold several apart in one text.
pub fn split_levels<'a>(
    category: impl Iterator<Item = &'a str>,
    separator: Option<char>,
) -> impl Iterator<Item = &'a str> {
    category.flat_map(move |level| match separator {
        Some(separator) => members(level, separator).collect(),
        None => vec![level],
    })
}

fn attribute((name, value): (&str, &str), column: &Column, each: &mut impl FnMut(Group, &str)) {
    let mut say = |value: &str| each(Group::Attribute, &[name, "=", &lower(value)].concat());
    match column {
        Column::Nothing => {}
        Column::Name => say(value),
        Column::List(separator) => {
            // The whole list is a feature too: where it comes back, the items are of one kind.
            say(value);
            let mut own: Vec<&str> = members(value, *separator).collect();
            crate::kernels::sort_by(&mut own, Ord::cmp);
            own.dedup();
            own.into_iter().filter(|member| *member != value).for_each(say);
        }
        Column::Text => words(value).iter().for_each(|word| each(Group::Description, word)),
        Column::Measure(bands) => {
            if let Some(band) = number(value).and_then(|number| bands.band(number)) {
                say(&["band ", &band.to_string()].concat());
            }
        }
    }
}
