//! Lists of products that are taken as a whole or refused as a whole: everything is checked,
//! each product as if those before it were taken, before anything changes.

use super::values::{day, levels, number, paths, single};
use super::{Change, ItemError, MAX_ADDED, NewItem, Value};
use crate::model::later::Later;
use crate::model::shards::Shards;
use crate::model::words::{self, Column as Kind};
use crate::model::{Column, MAX_FIELD_BYTES, MAX_FIELDS, Model};
use crate::types::{ItemIx, MAX_ID_BYTES, SmallMap};

/// The most values a product may have, all fields together.
const MAX_VALUES: usize = 255;

/// The most terms a field may gain beside those of the file.
const MAX_TERMS: usize = 65_536;

/// What a product can have as its availability; empty where nobody says.
const AVAILABILITIES: [&str; 6] =
    ["in_stock", "low_stock", "out_of_stock", "preorder", "backorder", ""];

/// A field's new values, checked.
pub(super) enum Setting {
    Terms(Vec<String>),
    Number(f32),
}

/// What the products before one in a list will have changed.
#[derive(Default)]
pub(super) struct Ahead<'a> {
    ids: Later,
    fields: SmallMap<&'a str, Gained>,
}

/// What a field gains by the products before.
#[derive(Default)]
struct Gained {
    /// It is a field of numbers that the model lacks.
    of_numbers: bool,
    /// Terms that the model lacks.
    terms: Later,
}

/// The new values of one product, by field.
pub(super) type Settings<'a> = Vec<(&'a str, Setting)>;

/// A product that can be taken.
struct Checked<'a> {
    id: &'a str,
    codes: Vec<i8>,
    settings: Settings<'a>,
}

impl Model {
    /// Adds products like [`add`](Self::add), all of them or none, and returns their positions.
    ///
    /// # Errors
    /// Those of [`add`](Self::add), with the place of the first product that is refused.
    pub fn add_all(&mut self, items: &[NewItem]) -> Result<Vec<ItemIx>, (usize, ItemError)> {
        let mut ahead = Ahead::default();
        let checked = items
            .iter()
            .enumerate()
            .map(|(at, item)| self.checked(item, &mut ahead).map_err(|error| (at, error)));
        let checked = checked.collect::<Result<Vec<_>, _>>()?;
        Ok(checked.into_iter().map(|item| self.take(item)).collect())
    }

    /// Changes products like [`update`](Self::update), each by its id, all of them or none.
    ///
    /// # Errors
    /// The place of the first that is refused, and why:
    /// - [`ItemError::Unknown`]: the model knows no such product.
    /// - [`ItemError::Place`]: it names what would place the product anew.
    /// - [`ItemError::Field`]: a field cannot hold what it is given.
    pub fn update_all(&mut self, changes: &[NewItem]) -> Result<(), (usize, ItemError)> {
        let mut ahead = Ahead::default();
        let mut checked = Vec::with_capacity(changes.len());
        for (at, change) in changes.iter().enumerate() {
            let settings = self.checked_change(change, &mut ahead);
            checked.push(settings.map_err(|error| (at, error))?);
        }
        for (item, settings) in checked {
            self.change(item, settings);
        }
        Ok(())
    }

    fn checked<'a>(
        &self,
        item: &'a NewItem,
        ahead: &mut Ahead<'a>,
    ) -> Result<Checked<'a>, ItemError> {
        if item.id.is_empty() || item.id.len() > MAX_ID_BYTES {
            return Err(ItemError::Id);
        }
        let settings = self.settings(&item.fields, ahead)?;
        let codes = self.codes(item)?;
        let is_known = self.item_ix(&item.id).is_some() || ahead.ids.find(&item.id).is_some();
        let n_joined = self.shards.as_ref().map_or(0, Shards::n_items);
        if !is_known && self.ids.n_later() - n_joined + ahead.ids.len() >= MAX_ADDED {
            return Err(ItemError::Full);
        }
        if !is_known {
            ahead.ids.push(&item.id);
        }
        ahead.note(self, &settings);
        Ok(Checked { id: &item.id, codes, settings })
    }

    fn checked_change<'a>(
        &self,
        change: &'a NewItem,
        ahead: &mut Ahead<'a>,
    ) -> Result<(ItemIx, Settings<'a>), ItemError> {
        let NewItem { id, title, description, embedding, fields } = change;
        let item = self.item_ix(id).ok_or(ItemError::Unknown)?;
        if !(title.is_empty() && description.is_empty() && embedding.is_empty()) {
            return Err(ItemError::Place);
        }
        let settings = self.settings(fields, ahead)?;
        ahead.note(self, &settings);
        Ok((item, settings))
    }

    fn take(&mut self, Checked { id, codes, settings }: Checked<'_>) -> ItemIx {
        let n_packed = self.ids.len() - self.ids.n_later();
        let ix = match self.item_ix(id) {
            Some(ix) => {
                let joined = self.shards.as_ref().is_some_and(|shards| shards.holds(ix));
                let is_own = ix.at() >= n_packed && !joined;
                if let Some(factors) = self.factors.as_mut().filter(|_| is_own) {
                    factors.set(ix, &codes);
                }
                ix
            }
            None => self.push(id, &codes),
        };
        self.change(ix, settings);
        ix
    }

    /// What each field is to hold; the first that cannot is the error.
    pub(super) fn settings<'a>(
        &self,
        change: &'a Change,
        ahead: &Ahead<'_>,
    ) -> Result<Settings<'a>, ItemError> {
        let mut n_values = 0;
        let mut n_new = 0;
        let mut settings = Vec::with_capacity(change.len().min(MAX_FIELDS));
        for (name, value) in change {
            let refused = || ItemError::Field(name.chars().take(40).collect());
            let is_new = self.column(name).is_none() && ahead.fields.get(name.as_str()).is_none();
            n_new += usize::from(is_new);
            let setting = self.setting(name, value, ahead).ok_or_else(refused)?;
            n_values += if let Setting::Terms(terms) = &setting { terms.len() } else { 1 };
            let n_fields = self.attributes.names().count() + ahead.n_fields(self) + n_new;
            let is_named = (1..=MAX_FIELD_BYTES).contains(&name.len());
            if !is_named || n_values > MAX_VALUES || n_fields > MAX_FIELDS {
                return Err(refused());
            }
            settings.push((name.as_str(), setting));
        }
        Ok(settings)
    }

    fn setting(&self, name: &str, value: &Value, ahead: &Ahead<'_>) -> Option<Setting> {
        let of_numbers = match (self.column(name), ahead.fields.get(name)) {
            (Some(column), _) => matches!(column, Column::Numbers(_)),
            (None, Some(gained)) => gained.of_numbers,
            (None, None) => matches!(name, "price" | "added") || matches!(value, Value::Number(_)),
        };
        if of_numbers {
            let number = if name == "added" { day(value) } else { number(value) };
            let is_none = matches!(value, Value::Text(text) if text.is_empty());
            let number = number.or_else(|| is_none.then_some(f64::NAN))?;
            let fits = name != "price" || number.is_nan() || number >= 0.0;
            return single(number).filter(|_| fits).map(Setting::Number);
        }
        let terms = self.terms(name, value);
        let n_later = match self.column(name) {
            Some(Column::Terms(terms)) => terms.n_later(),
            _ => 0,
        };
        let n_later = n_later + ahead.fields.get(name).map_or(0, |gained| gained.terms.len());
        let is_word = |term: &String| AVAILABILITIES.contains(&term.as_str());
        let fits = terms.iter().all(|term| term.len() <= MAX_ID_BYTES)
            && terms.len() <= MAX_VALUES
            && n_later + terms.len() <= MAX_TERMS
            && (name != "availability" || (terms.len() <= 1 && terms.iter().all(is_word)));
        fits.then_some(Setting::Terms(terms))
    }

    /// The terms of a field: a path has one for each level, a list one for each member.
    fn terms(&self, name: &str, value: &Value) -> Vec<String> {
        let reading = &self.content().reading;
        if name == "category" {
            return paths(words::split_levels(levels(value).into_iter(), reading.levels));
        }
        let terms: Vec<String> = match (value, reading.attributes.get(name)) {
            (Value::Text(text), Some(Kind::List(separator))) if *separator != ' ' => {
                words::members(text, *separator).map(str::to_owned).collect()
            }
            (Value::Texts(texts), _) => texts.clone(),
            _ => vec![super::as_text(value)],
        };
        terms.into_iter().filter(|term| !term.is_empty()).collect()
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.attributes.column(self.attributes.field(name)?)
    }
}

impl<'a> Ahead<'a> {
    /// Takes in what a product will change.
    fn note(&mut self, model: &Model, settings: &[(&'a str, Setting)]) {
        for (name, setting) in settings {
            let column = model.column(name);
            let gained = self.fields.or_default(*name);
            match setting {
                Setting::Number(_) => gained.of_numbers = column.is_none(),
                Setting::Terms(terms) => {
                    for term in terms {
                        let is_known = matches!(column, Some(Column::Terms(known)) if known.find(term).is_some());
                        if !is_known && gained.terms.find(term).is_none() {
                            gained.terms.push(term);
                        }
                    }
                }
            }
        }
    }

    /// How many fields the model does not have yet.
    fn n_fields(&self, model: &Model) -> usize {
        self.fields.keys().filter(|name| model.column(name).is_none()).count()
    }
}
