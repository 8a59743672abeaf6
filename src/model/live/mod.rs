//! Products that come and change while the shop is open.

mod batch;
mod values;

use super::Model;
use super::attributes::{Attributes, Column};
use super::words::{self, Described, Group};
use crate::kernels::quantise_along;
use crate::types::ItemIx;
use batch::{Ahead, Setting, Settings};
use std::fmt;
use values::{as_text, levels, number};

/// The most products that can be added to a model.
pub const MAX_ADDED: usize = 10_000;

/// A product that the model file may not hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewItem {
    /// The shop's id, 1 to 256 bytes.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it is.
    pub description: String,
    /// What else the catalogue says of it.
    pub fields: Change,
    /// A vector made elsewhere, of the length that the file's content map takes; empty for
    /// none. It places the product in place of its words.
    pub embedding: Vec<f32>,
}

/// What the catalogue says of a product now, by field: `category` (a path, or its levels),
/// `brand`, `price`, `availability`, `group`, `added` (a date or days since 1970), and any
/// other. Fields that are not named stay as they are.
pub type Change = Vec<(String, Value)>;

/// What one field says.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number; NaN for not known.
    Number(f64),
    /// A text; empty for nothing.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
}

/// Why a product cannot be added or changed. Nothing of it was then changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemError {
    /// Its id is empty or longer than 256 bytes.
    Id,
    /// The model has no item at this position.
    Unknown,
    /// [`MAX_ADDED`] products were added.
    Full,
    /// The field cannot hold this: its name is not 1 to 64 bytes long, a term is longer than
    /// 256 bytes, a field of numbers is given a text that is none, or there are more values or
    /// fields than a product may have. Its name.
    Field(String),
    /// The embedding has not this length, 0 where the model takes none, or points nowhere.
    Embedding(usize),
    /// A change names a title, a description or an embedding. These place a product among the
    /// others, and a change leaves it where it is.
    Place,
}

impl ItemError {
    /// The stable word for it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Full => "items/full",
            Self::Unknown => "items/unknown",
            _ => "items/invalid",
        }
    }
}

impl fmt::Display for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id => f.write_str("`item` must be a text of 1 to 256 bytes"),
            Self::Unknown => f.write_str("the model knows no such item"),
            Self::Full => f.write_str("10000 items were added; train a new model"),
            Self::Field(name) => {
                f.write_str("`")?;
                f.write_str(name)?;
                f.write_str("` ")?;
                f.write_str(holds(name))
            }
            Self::Place => f.write_str(
                "`title`, `description` and `embedding` say where a product stands; a change \
                 leaves it there. Give them to `addItems`",
            ),
            Self::Embedding(0) => f.write_str("`embedding`: this model takes none"),
            Self::Embedding(length) => {
                write!(f, "`embedding` must be {length} numbers that are not all zero")
            }
        }
    }
}

impl std::error::Error for ItemError {}

/// What a field holds, for messages.
fn holds(field: &str) -> &'static str {
    match field {
        "price" => "must be a number, 0 or more",
        "added" => "must be a date (2026-11-24) or a number of days since 1970",
        "availability" => {
            "must be in_stock, low_stock, out_of_stock, preorder or backorder, or empty"
        }
        _ => "has a name, a value or a number of values that it cannot hold",
    }
}

impl Model {
    /// Adds a product and returns its position, behind all others. It stands where its words
    /// and properties place it, as training places a product that nobody was on yet, or where
    /// its embedding does; with [`Model::newcomer_bias`] and a popularity of 0. What has nothing
    /// to be placed by is like nothing. Of a product that is there already, the fields are
    /// changed, and if it was added before, its vector too. No other item changes.
    ///
    /// # Errors
    /// - [`ItemError::Id`], [`ItemError::Field`], [`ItemError::Embedding`]: it cannot be held.
    /// - [`ItemError::Full`]: [`MAX_ADDED`] were added.
    pub fn add(&mut self, item: &NewItem) -> Result<ItemIx, ItemError> {
        let added = self.add_all(std::slice::from_ref(item)).map_err(|(_, error)| error)?;
        added.first().copied().ok_or(ItemError::Unknown)
    }

    /// Changes what the catalogue says of an item. Its vector stays.
    ///
    /// # Errors
    /// - [`ItemError::Unknown`]: there is no such item.
    /// - [`ItemError::Field`]: a field cannot hold what it is given.
    pub fn update(&mut self, item: ItemIx, change: &Change) -> Result<(), ItemError> {
        if item.at() >= self.n_items() {
            return Err(ItemError::Unknown);
        }
        let settings = self.settings(change, &Ahead::default())?;
        self.change(item, settings);
        Ok(())
    }

    /// Where products stand that are called or described like this, `[dim]`, of length 1;
    /// `None` where the file knows none of the words.
    pub fn place_words(&self, text: &str) -> Option<Vec<f32>> {
        let title = Described { title: text, ..Described::default() };
        let mut keys = words::keys(&title, &self.content().reading);
        let words = words::words(text);
        let whole = words.join(" ");
        for word in words.iter().chain((words.len() > 1).then_some(&whole)) {
            let groups = [Group::Description, Group::Brand, Group::Category];
            keys.extend(groups.map(|group| words::key(group, word)));
        }
        self.content().lexicon.as_ref()?.place(keys.iter().map(String::as_str))
    }

    fn push(&mut self, id: &str, codes: &[i8]) -> ItemIx {
        let ix = ItemIx::from_usize(self.n_items());
        let bias = self.newcomer_bias();
        self.newcomer = Some(bias);
        if let Some(factors) = &mut self.factors {
            factors.push(codes, bias);
        }
        self.ids.push(id);
        self.popularity.push(0.0);
        self.attributes.pad(self.ids.len());
        ix
    }

    fn change(&mut self, item: ItemIx, settings: Settings<'_>) {
        for (name, setting) in settings {
            match setting {
                Setting::Terms(terms) => self.attributes.set_terms(name, item, &terms),
                Setting::Number(number) => self.attributes.set_number(name, item, number),
            }
        }
        self.attributes.pad(self.ids.len());
        if let Some(priors) = &mut self.priors {
            priors.follow(item, &self.attributes);
        }
    }

    /// The codes of the vector that places the product, `[dim]`; zeros where nothing does.
    fn codes(&self, item: &NewItem) -> Result<Vec<i8>, ItemError> {
        let Some(factors) = &self.factors else { return Ok(Vec::new()) };
        let place = if item.embedding.is_empty() {
            self.place(item)
        } else {
            let map = self.content().map.as_ref().ok_or(ItemError::Embedding(0))?;
            let place = map.place(&item.embedding);
            Some(place.ok_or_else(|| ItemError::Embedding(map.input()))?)
        };
        let codes = place.map(|place| quantise_along(&place, factors.width()));
        Ok(codes.unwrap_or_else(|| vec![0; factors.dim()]))
    }

    /// Where its words and properties place a product.
    fn place(&self, item: &NewItem) -> Option<Vec<f32>> {
        let texts: Vec<(&str, String)> =
            item.fields.iter().map(|(name, value)| (name.as_str(), as_text(value))).collect();
        let mut product = Described {
            title: &item.title,
            description: &item.description,
            ..Described::default()
        };
        for ((name, text), (_, value)) in texts.iter().zip(&item.fields) {
            match *name {
                "brand" => product.brand = text,
                "group" => product.group = text,
                "category" => product.category = levels(value),
                "price" => product.price = number(value),
                "availability" => {}
                _ => product.attributes.push((name, text)),
            }
        }
        self.content().place(&product)
    }
}

impl Attributes {
    /// Gives every field of numbers one an item.
    pub(super) fn pad(&mut self, n_items: usize) {
        for (_, column) in &mut self.fields {
            if let Column::Numbers(numbers) = column {
                numbers.resize(numbers.len().max(n_items), f32::NAN);
            }
        }
    }

    fn set_terms(&mut self, name: &str, item: ItemIx, terms: &[String]) {
        if self.field(name).is_none() {
            self.insert(name, Column::Terms(super::Terms::default()));
        }
        let columns = self.fields.iter_mut().filter(|(other, _)| other == name);
        for (_, column) in columns {
            if let Column::Terms(column) = column {
                column.set(item, terms.iter().map(String::as_str));
            }
        }
    }

    fn set_number(&mut self, name: &str, item: ItemIx, number: f32) {
        if self.field(name).is_none() {
            self.insert(name, Column::Numbers(Vec::new()));
            self.pad(item.at() + 1);
        }
        let columns = self.fields.iter_mut().filter(|(other, _)| other == name);
        for (_, column) in columns {
            if let Column::Numbers(numbers) = column
                && let Some(place) = numbers.get_mut(item.at())
            {
                *place = number;
            }
        }
    }
}

#[cfg(test)]
mod tests;
