#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::Attributes;
use super::cursor::Cursor;
use super::ids::Names;
use super::numbers::{self, Rule};
use crate::types::{ItemIx, Moment, levels};

/// The most categories that contexts speak of.
pub const MAX_CATEGORIES: usize = 255;

/// Stands for an item of none of the categories.
const NONE: u8 = u8::MAX;

/// What may be known of a moment, each with a table of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// The hour of the shopper's day.
    Hour,
    /// The day of the week, from Monday.
    Weekday,
    /// The month.
    Month,
    /// What the shopper holds in hand, in the order of [`crate::types::Device::ALL`].
    Device,
    /// The category the visit began in.
    Landing,
}

impl Context {
    /// Every context, in the order of the file.
    pub const ALL: [Self; 5] =
        [Self::Hour, Self::Weekday, Self::Month, Self::Device, Self::Landing];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Weekday => "weekday",
            Self::Month => "month",
            Self::Device => "device",
            Self::Landing => "landing",
        }
    }

    /// How many cases it tells apart, where there are so many categories.
    pub fn n_cases(self, n_categories: usize) -> usize {
        match self {
            Self::Hour => 24,
            Self::Weekday => 7,
            Self::Month => 12,
            Self::Device => 3,
            Self::Landing => n_categories,
        }
    }

    /// Its bit in the file.
    pub(super) fn bit(self) -> u8 {
        1_u8.wrapping_shl(self as u32)
    }
}

/// What hour, weekday, month, device and landing say of an item's category, and which items
/// are chosen more often lately than before. All in log-odds.
#[derive(Debug, Clone, PartialEq)]
pub struct Priors {
    categories: Option<Names>,
    /// `[n_cases, n_categories]` each.
    tables: Vec<(Context, Vec<f32>)>,
    /// The category of each item, or [`NONE`], `[n_items]`; empty without tables.
    of_item: Vec<u8>,
    trend: Vec<f32>,
}

impl Priors {
    pub(super) fn read(
        mut cursor: Cursor<'_>,
        n_items: usize,
        attributes: &Attributes,
    ) -> Result<Self, Rule> {
        let contexts = cursor.u8().ok_or("no counts")?;
        let with_trend = cursor.u8().ok_or("no counts")?;
        if cursor.u16().ok_or("no counts")? != 0 {
            return Err("a reserved byte is set");
        }
        if contexts > 31 || with_trend > 1 || (contexts, with_trend) == (0, 0) {
            return Err("neither contexts nor a trend");
        }
        let mut priors =
            Self { categories: None, tables: Vec::new(), of_item: Vec::new(), trend: Vec::new() };
        if contexts != 0 {
            let categories = categories(&mut cursor)?;
            priors.tables = tables(&mut cursor, contexts, categories.len())?;
            priors.categories = Some(categories);
            priors.of_item = priors.categories_of(attributes, n_items);
        }
        if with_trend != 0 {
            let step = numbers::step(&mut cursor)?;
            priors.trend = codes(&mut cursor, n_items, step)?;
        }
        cursor.end()?;
        Ok(priors)
    }

    /// The contexts that have a table, in the order of [`Context::ALL`], with the table,
    /// `[n_cases, n_categories]`.
    pub fn tables(&self) -> impl Iterator<Item = (Context, &[f32])> {
        self.tables.iter().map(|(context, table)| (*context, table.as_slice()))
    }

    /// The top-level categories that contexts speak of, ascending.
    pub fn categories(&self) -> impl Iterator<Item = &str> {
        let n = self.categories.as_ref().map_or(0, Names::len);
        (0..n).filter_map(|at| self.categories.as_ref().map(|names| names.at(at)))
    }

    /// How much more the items of each category are chosen at such a moment than at any,
    /// `[n_categories]`: the logarithms of all that is known of it, added up. `landing` is the
    /// path of the category the visit began in. `None` where nothing is known that has a
    /// table.
    pub fn context(&self, moment: &Moment, landing: Option<&str>) -> Option<Vec<f32>> {
        let n = self.categories.as_ref().map_or(0, Names::len);
        let mut sums: Option<Vec<f32>> = None;
        for (context, table) in &self.tables {
            let Some(case) = self.case(*context, moment, landing) else { continue };
            let Some(row) = table.chunks_exact(n.max(1)).nth(case) else { continue };
            let sums = sums.get_or_insert_with(|| vec![0.0; n]);
            sums.iter_mut().zip(row).for_each(|(sum, lift)| *sum += lift);
        }
        sums
    }

    /// The same for every item, times `factor`, `[n_items]`; 0 for an item of none of the
    /// categories.
    pub fn lifts(&self, moment: &Moment, landing: Option<&str>, factor: f32) -> Option<Vec<f32>> {
        let mut by_category = self.context(moment, landing)?;
        for lift in &mut by_category {
            *lift *= factor;
        }
        let lift = |&category: &u8| by_category.get(usize::from(category)).copied();
        Some(self.of_item.iter().map(|category| lift(category).unwrap_or(0.0)).collect())
    }

    /// How much more each item is chosen lately than before: the logarithm of the ratio of its
    /// shares, smoothed; 0 where too few sessions stand behind it. `[n_items]`, or empty where
    /// the log had no times.
    pub fn trend(&self) -> &[f32] {
        &self.trend
    }

    /// Makes room for an item, or reads its category anew.
    pub(super) fn follow(&mut self, item: ItemIx, attributes: &Attributes) {
        let first = attributes
            .terms("category")
            .and_then(|terms| terms.of(item).first().map(|&term| terms.name(term)));
        let category = first.and_then(|path| self.find(path)).and_then(|at| u8::try_from(at).ok());
        let category = category.unwrap_or(NONE);
        match self.of_item.get_mut(item.at()) {
            Some(place) => *place = category,
            None if self.categories.is_some() => self.of_item.push(category),
            None => {}
        }
        if !self.trend.is_empty() && item.at() >= self.trend.len() {
            self.trend.push(0.0);
        }
    }

    /// Replaces the trend of an item that has room for one.
    pub(super) fn set_trend(&mut self, item: ItemIx, trend: f32) {
        if let Some(place) = self.trend.get_mut(item.at()) {
            *place = trend;
        }
    }

    fn case(&self, context: Context, moment: &Moment, landing: Option<&str>) -> Option<usize> {
        match context {
            Context::Hour => moment.hour.map(usize::from),
            Context::Weekday => moment.weekday.map(usize::from),
            Context::Month => moment.month.map(usize::from),
            Context::Device => moment.device.map(|device| device as usize),
            Context::Landing => self.find(landing?),
        }
    }

    /// The category that a path begins with.
    fn find(&self, path: &str) -> Option<usize> {
        self.categories.as_ref()?.find(levels(path).next()?)
    }

    /// The category of every item, by its first term.
    fn categories_of(&self, attributes: &Attributes, n_items: usize) -> Vec<u8> {
        let Some(terms) = attributes.terms("category") else { return vec![NONE; n_items] };
        let place = |term: u32| self.find(terms.name(term)).and_then(|at| u8::try_from(at).ok());
        let places: Vec<Option<u8>> = (0..).take(terms.n_terms()).map(place).collect();
        let of = |item| {
            let first = terms.of(item).first().and_then(|&term| places.get(term as usize));
            first.copied().flatten().unwrap_or(NONE)
        };
        (0..).take(n_items).map(|ix| of(ItemIx(ix))).collect()
    }
}

fn categories(cursor: &mut Cursor<'_>) -> Result<Names, Rule> {
    let n_bytes = cursor.u32().ok_or("no categories")? as usize;
    let names = cursor.take(n_bytes).ok_or("the categories are cut short")?;
    let names = Names::read(Cursor::new(names))?;
    if names.len() > MAX_CATEGORIES { Err("more than 255 categories") } else { Ok(names) }
}

fn tables(
    cursor: &mut Cursor<'_>,
    contexts: u8,
    n_categories: usize,
) -> Result<Vec<(Context, Vec<f32>)>, Rule> {
    let step = numbers::step(cursor)?;
    let there = Context::ALL.into_iter().filter(|context| contexts & context.bit() != 0);
    let table = |context: Context| {
        let n = context.n_cases(n_categories).saturating_mul(n_categories);
        codes(cursor, n, step).map(|codes| (context, codes))
    };
    there.map(table).collect()
}

/// `n` numbers of one byte each.
fn codes(cursor: &mut Cursor<'_>, n: usize, step: f32) -> Result<Vec<f32>, Rule> {
    let codes = cursor.take(n).ok_or("a table is cut short")?;
    Ok(codes.iter().map(|code| f32::from(code.cast_signed()) * step).collect())
}
