use std::path::Path;
use std::sync::Arc;

use super::columns::{Field, Resolved, Table};
use super::error::clipped;
use super::events::missing;
use super::intern::Interner;
use super::report::{IngestReport, Ledger, Place, Subject};
use super::row::{Flaw, LIST_SEPARATOR, Row, Step, long_id};
use super::words::{Availability, parse_price};
use super::{IngestError, ReadOptions, source};

/// Between the levels of a category path.
const LEVEL_SEPARATOR: &str = " > ";

/// The products of a shop, in the order of the file, each id once.
#[derive(Debug, Default)]
pub struct Catalog {
    items: Vec<CatalogItem>,
    ids: Interner,
}

/// One product. A text that the catalogue does not give is empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CatalogItem {
    /// The shop's id; never empty.
    pub id: Box<str>,
    /// The name of the product.
    pub title: Box<str>,
    /// What it is.
    pub description: Box<str>,
    /// The category, outermost level first; empty without one.
    pub category: Vec<String>,
    /// Who makes it.
    pub brand: Box<str>,
    /// What it costs, in the shop's currency.
    pub price: Option<f64>,
    /// Whether the shop can sell it.
    pub availability: Option<Availability>,
    /// Where its picture is.
    pub image: Box<str>,
    /// Where its page is.
    pub url: Box<str>,
    /// The id its variants share (`item_group_id`).
    pub group: Option<Box<str>>,
    /// Every other column that is not empty, in the order of the file: name and value.
    pub attributes: Vec<(Arc<str>, Box<str>)>,
}

impl Catalog {
    /// The products, in the order of the file.
    pub fn items(&self) -> &[CatalogItem] {
        &self.items
    }

    /// The product with this id.
    pub fn find(&self, id: &str) -> Option<&CatalogItem> {
        self.ids.find(id).map(|at| &self.items[at as usize])
    }

    /// Adds a product unless its id is there.
    fn push(&mut self, item: CatalogItem) {
        if self.ids.intern(&item.id) as usize == self.items.len() {
            self.items.push(item);
        }
    }
}

impl FromIterator<CatalogItem> for Catalog {
    /// Of products with the same id, the first is kept.
    fn from_iter<I: IntoIterator<Item = CatalogItem>>(items: I) -> Self {
        let mut catalog = Self::default();
        items.into_iter().for_each(|item| catalog.push(item));
        catalog
    }
}

/// Reads a catalogue. Of several products with one id the first is kept.
///
/// # Errors
/// - The file cannot be opened, is empty, has a header only, breaks off, or is of a kind
///   that is not read.
/// - There is no column `item_id`, or one of `options.columns` or `options.ignored` is not in
///   the file.
/// - No row is sound; with [`super::Strictness::Strict`], any row is not.
pub fn read_catalog(
    path: &Path,
    options: &ReadOptions,
) -> Result<(Catalog, IngestReport), IngestError> {
    let mut file = source::open(path, options.progress.as_ref())?;
    let layout_of = |columns: &[String]| -> Result<Layout, IngestError> {
        let resolved = options.columns.resolve(Table::Catalog, columns, path)?;
        Ok(Layout::new(resolved.without(&options.ignored, columns), columns, &options.ignored))
    };
    let mut layout = layout_of(file.columns())?;
    if !layout.columns.has(Field::ItemId) {
        return Err(missing("`item_id`", Table::Catalog, file.as_ref(), path));
    }
    let mut ledger = Ledger::new(Subject::Catalog, options.strictness);
    ledger.start_file(path, layout.columns.pairs(Table::Catalog, file.columns()));
    let (mut catalog, mut row) = (Catalog::default(), Row::default());
    loop {
        let step = file.next(&mut row)?;
        if file.columns().len() > layout.n_columns {
            layout = layout_of(file.columns())?;
        }
        let place = Place { path, line: row.line, columns: file.columns() };
        let item = match step {
            Step::End => break,
            Step::Broken(flaw) => Err(flaw),
            Step::Row => layout.item(&row),
        };
        ledger.report.rows_read += 1;
        match item {
            Err(flaw) => ledger.reject(&place, &flaw)?,
            Ok((item, flaws)) => {
                flaws.iter().try_for_each(|flaw| ledger.leave_out(&place, flaw))?;
                add(&mut catalog, item, &mut ledger, &place)?;
            }
        }
    }
    if ledger.report.rows_read == 0 {
        return Err(IngestError::HeaderOnly { path: path.to_path_buf() });
    }
    check_ignored(&options.ignored, file.columns(), path)?;
    ledger.report.rows_kept = catalog.items.len() as u64;
    ledger.report.items = ledger.report.rows_kept;
    Ok((catalog, ledger.close()?))
}

/// Refuses a name that no row brought: nothing would be left out.
fn check_ignored(ignored: &[String], found: &[String], path: &Path) -> Result<(), IngestError> {
    match ignored.iter().find(|name| !found.contains(name)) {
        None => Ok(()),
        Some(name) => Err(IngestError::UnknownIgnored {
            path: path.to_path_buf(),
            name: name.clone(),
            found: found.to_vec(),
        }),
    }
}

fn add(
    catalog: &mut Catalog,
    item: CatalogItem,
    ledger: &mut Ledger,
    place: &Place<'_>,
) -> Result<(), IngestError> {
    if catalog.ids.find(&item.id).is_none() {
        catalog.push(item);
        return Ok(());
    }
    ledger.duplicate(|| {
        let (path, line, id) = (place.path.display(), place.line, clipped(&item.id));
        format!("{path}:{line}: `{id}` was there before; the first row with an id counts")
    })
}

/// Where the columns of a catalogue stand, and the names of those that are attributes.
struct Layout {
    columns: Resolved,
    n_columns: usize,
    attributes: Vec<(usize, Arc<str>)>,
}

impl Layout {
    fn new(columns: Resolved, names: &[String], ignored: &[String]) -> Self {
        let is_attribute = |at: usize, name: &String| {
            !columns.uses(at) && !name.is_empty() && !ignored.contains(name)
        };
        let attributes = names.iter().enumerate().filter(|(at, name)| is_attribute(*at, name));
        let attributes = attributes.map(|(at, name)| (at, Arc::from(name.as_str()))).collect();
        Self { columns, n_columns: names.len(), attributes }
    }

    /// The product of a row, and what was wrong with values it can do without.
    fn item(&self, row: &Row) -> Result<(CatalogItem, Vec<Flaw>), Flaw> {
        let id_at = self.columns.at(Field::ItemId);
        let id = id_at.map_or(Ok(""), |at| row.value(at))?;
        if id.is_empty() || id.contains(LIST_SEPARATOR) {
            let detail = "the value is empty or a list; every product needs its item_id";
            return Err(Flaw::new("empty", id_at, detail.to_owned()));
        }
        if let Some(flaw) = long_id(id, id_at) {
            return Err(flaw);
        }
        let mut cells = Cells { row, columns: &self.columns, flaws: Vec::new() };
        let item = CatalogItem {
            id: id.into(),
            title: cells.joined(Field::Title),
            description: cells.joined(Field::Description),
            category: cells.category(),
            brand: cells.joined(Field::Brand),
            price: cells.parsed(Field::Price, PRICE, parse_price),
            availability: cells.parsed(Field::Availability, AVAILABILITY, Availability::parse),
            image: cells.joined(Field::Image),
            url: cells.joined(Field::Url),
            group: Some(cells.joined(Field::Group)).filter(|group| !group.is_empty()),
            attributes: self.attributes(&mut cells),
        };
        Ok((item, cells.flaws))
    }

    fn attributes(&self, cells: &mut Cells<'_>) -> Vec<(Arc<str>, Box<str>)> {
        let mut attributes = Vec::new();
        for (at, name) in &self.attributes {
            let value = cells.at(*at);
            if !value.is_empty() {
                attributes.push((Arc::clone(name), comma_list(value)));
            }
        }
        attributes
    }
}

/// What is wrong with a value, and the fix.
const PRICE: (&str, &str) = ("not a price", "is not a price; write 15.00 or 15.00 USD");
const AVAILABILITY: (&str, &str) = (
    "not an availability",
    "is not an availability; write in_stock, out_of_stock, preorder or backorder",
);

/// The values of one row; broken ones are set aside and read as empty.
struct Cells<'a> {
    row: &'a Row,
    columns: &'a Resolved,
    flaws: Vec<Flaw>,
}

impl<'a> Cells<'a> {
    fn at(&mut self, column: usize) -> &'a str {
        self.row.value(column).unwrap_or_else(|flaw| {
            self.flaws.push(flaw);
            ""
        })
    }

    fn text(&mut self, field: Field) -> &'a str {
        self.columns.at(field).map_or("", |column| self.at(column))
    }

    fn joined(&mut self, field: Field) -> Box<str> {
        comma_list(self.text(field))
    }

    fn category(&mut self) -> Vec<String> {
        let text = self.text(Field::Category);
        let levels = text.split(LIST_SEPARATOR).flat_map(|part| part.split(LEVEL_SEPARATOR));
        levels.map(str::trim).filter(|level| !level.is_empty()).map(str::to_owned).collect()
    }

    fn parsed<T>(
        &mut self,
        field: Field,
        (reason, fix): (&'static str, &str),
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(field);
        if text.is_empty() {
            return None;
        }
        let value = parse(text);
        if value.is_none() {
            let detail = format!("`{}` {fix}", clipped(text));
            self.flaws.push(Flaw::new(reason, self.columns.at(field), detail));
        }
        value
    }
}

fn comma_list(text: &str) -> Box<str> {
    if text.contains(LIST_SEPARATOR) {
        text.replace(LIST_SEPARATOR, ", ").into()
    } else {
        text.into()
    }
}
