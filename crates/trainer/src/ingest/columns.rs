use std::path::Path;

use super::IngestError;
use super::error::{listed, nearest};

/// A column that ingest knows, in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    SessionId,
    UserId,
    ItemId,
    EventType,
    Timestamp,
    Position,
    DwellMs,
    Quantity,
    Price,
    Query,
    ListPosition,
    Device,
    Rating,
    Title,
    Description,
    Category,
    Brand,
    Availability,
    Image,
    Url,
    Group,
}

const N_FIELDS: usize = Field::Group as usize + 1;

/// Which kind of file a column belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Events,
    Catalog,
}

/// Our name of a column, and the names it is also known by.
struct Known {
    field: Field,
    name: &'static str,
    aliases: &'static [&'static str],
}

impl Known {
    /// Whether our name or one of the others is this one, however it parts its words: `eventType`
    /// and `eventtype` are `event_type`.
    fn is_called(&self, name: &str) -> bool {
        let name = unparted(name);
        [self.name].iter().chain(self.aliases).any(|known| unparted(known) == name)
    }
}

fn unparted(name: &str) -> String {
    name.replace('_', "")
}

const fn known(field: Field, name: &'static str, aliases: &'static [&'static str]) -> Known {
    Known { field, name, aliases }
}

const EVENTS: &[Known] = &[
    known(Field::SessionId, "session_id", &["session", "visit_id", "ga_session_id"]),
    known(
        Field::UserId,
        "user_id",
        &["user", "customer_id", "visitor_id", "client_id", "shopper_id", "user_pseudo_id"],
    ),
    known(Field::ItemId, "item_id", &["item", "product_id", "sku", "aid", "article_id"]),
    known(
        Field::EventType,
        "event_type",
        &["event", "type", "event_name", "action", "behavior_type"],
    ),
    known(
        Field::Timestamp,
        "timestamp",
        &["ts", "time", "event_time", "event_timestamp", "date_time"],
    ),
    known(Field::Position, "position", &[]),
    known(Field::DwellMs, "dwell_ms", &["dwell_time_ms"]),
    known(Field::Quantity, "quantity", &["qty"]),
    known(Field::Price, "price", &["unit_price"]),
    known(Field::Query, "query", &["search_term", "search_query"]),
    known(Field::ListPosition, "list_position", &[]),
    known(Field::Device, "device", &["device_category", "device_type"]),
    known(Field::Rating, "rating", &[]),
];

const CATALOG: &[Known] = &[
    known(Field::ItemId, "item_id", &["id", "item", "product_id", "sku", "aid", "article_id"]),
    known(Field::Title, "title", &["name", "item_name", "product_name", "product_title"]),
    known(Field::Description, "description", &["product_description", "item_description"]),
    known(
        Field::Category,
        "category",
        &["categories", "product_type", "category_path", "item_category"],
    ),
    known(Field::Brand, "brand", &["item_brand", "vendor", "manufacturer"]),
    known(Field::Price, "price", &["unit_price"]),
    known(Field::Availability, "availability", &["in_stock"]),
    known(Field::Image, "image", &["image_link", "image_url"]),
    known(Field::Url, "url", &["link", "product_url"]),
    known(Field::Group, "item_group_id", &["group", "group_id", "parent_id"]),
];

impl Table {
    fn known(self) -> &'static [Known] {
        match self {
            Self::Events => EVENTS,
            Self::Catalog => CATALOG,
        }
    }

    /// Our name of a column of this kind of file.
    pub(super) fn name_of(self, field: Field) -> &'static str {
        let known = self.known().iter().find(|known| known.field == field);
        known.map_or("", |known| known.name)
    }
}

/// What `--column OURS=THEIRS` says, checked.
///
/// `item_id=product_id` holds for the log, and for the catalogue if it has that column.
/// `events.item_id=…` and `catalog.item_id=…` hold for one of them only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMap {
    entries: Vec<Mapping>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Mapping {
    /// Only for this kind of file.
    table: Option<Table>,
    /// Our name.
    ours: &'static str,
    theirs: String,
}

impl ColumnMap {
    /// Reads the values of `--column`. Our name may be one of the names it is also known
    /// by: `item=product_id` is `item_id=product_id`.
    ///
    /// # Errors
    /// [`IngestError::BadMapping`] if an argument
    /// - is not `OURS=THEIRS` with both sides present;
    /// - names no column of ours;
    /// - maps a column that an earlier one mapped.
    pub fn parse(arguments: &[String]) -> Result<Self, IngestError> {
        let mut map = Self::default();
        for argument in arguments {
            let mapping = parse_mapping(argument)
                .map_err(|why| IngestError::BadMapping { argument: argument.clone(), why })?;
            let same =
                |other: &&Mapping| other.ours == mapping.ours && other.table == mapping.table;
            if let Some(earlier) = map.entries.iter().find(same) {
                let why = format!(
                    "`{}` is already mapped to `{}`; give each column once",
                    mapping.ours, earlier.theirs
                );
                return Err(IngestError::BadMapping { argument: argument.clone(), why });
            }
            map.entries.push(mapping);
        }
        Ok(map)
    }

    /// Finds the columns of a file: those that were mapped, then those with our names, then
    /// those with a name ours is also known by.
    pub(super) fn resolve(
        &self,
        table: Table,
        columns: &[String],
        path: &Path,
    ) -> Result<Resolved, IngestError> {
        let mut resolved = Resolved { at: [None; N_FIELDS] };
        for known in table.known() {
            let mapped = self.mapped(table, known, columns, path)?;
            let at = match mapped {
                Some(at) => Some(at),
                None => usual(known, columns, path)?,
            };
            resolved.at[known.field as usize] = at;
        }
        Ok(resolved)
    }

    fn mapped(
        &self,
        table: Table,
        known: &Known,
        columns: &[String],
        path: &Path,
    ) -> Result<Option<usize>, IngestError> {
        let of = |wanted: Option<Table>| {
            self.entries.iter().find(|entry| entry.ours == known.name && entry.table == wanted)
        };
        let Some(mapping) = of(Some(table)).or_else(|| of(None)) else { return Ok(None) };
        let mut places = columns.iter().enumerate().filter(|(_, name)| **name == mapping.theirs);
        match (places.next(), places.next()) {
            (Some((at, _)), None) => Ok(Some(at)),
            (Some(_), Some(_)) => Err(IngestError::AmbiguousColumn {
                path: path.to_path_buf(),
                ours: known.name.to_owned(),
                candidates: vec![mapping.theirs.clone(), mapping.theirs.clone()],
            }),
            // Said of the log, where the other kind of file has a column of that name too.
            (None, _) if mapping.table.is_none() && table == Table::Catalog && is_shared(known) => {
                Ok(None)
            }
            (None, _) => Err(IngestError::UnknownColumn {
                path: path.to_path_buf(),
                ours: known.name.to_owned(),
                theirs: mapping.theirs.clone(),
                found: columns.to_vec(),
            }),
        }
    }
}

fn is_shared(known: &Known) -> bool {
    EVENTS.iter().any(|other| other.name == known.name)
}

fn parse_mapping(argument: &str) -> Result<Mapping, String> {
    let usage = "write it as OURS=THEIRS, for example item_id=product_id";
    let (ours, theirs) = argument.split_once('=').ok_or(usage)?;
    let (ours, theirs) = (ours.trim(), theirs.trim());
    if ours.is_empty() || theirs.is_empty() {
        return Err(usage.to_owned());
    }
    let (table, name) = match ours.split_once('.') {
        Some(("events", name)) => (Some(Table::Events), name),
        Some(("catalog", name)) => (Some(Table::Catalog), name),
        Some(_) => return Err("before the dot stands `events` or `catalog`".to_owned()),
        None => (None, ours),
    };
    let tables: &[Table] = match &table {
        Some(table) => std::slice::from_ref(table),
        None => &[Table::Events, Table::Catalog],
    };
    let all = || tables.iter().flat_map(|table| table.known());
    let wanted = normal(name);
    let by_name = all().find(|known| known.name == wanted);
    let by_alias = || all().find(|known| known.is_called(&wanted));
    if let Some(known) = by_name.or_else(by_alias) {
        return Ok(Mapping { table, ours: known.name, theirs: theirs.to_owned() });
    }
    let mut names: Vec<String> = all().map(|known| known.name.to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    let near = nearest(name, names.iter().map(String::as_str));
    let near = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
    Err(format!("there is no column `{name}` of ours{near}; ours are {}", listed(&names)))
}

/// The column with our name, else the only one with a name ours is also known by.
fn usual(known: &Known, columns: &[String], path: &Path) -> Result<Option<usize>, IngestError> {
    let named = |is_it: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..columns.len()).filter(|&at| is_it(&normal(&columns[at]))).collect()
    };
    let mut places = named(&|name| name == known.name);
    if places.is_empty() {
        places = named(&|name| known.is_called(name));
    }
    if places.len() > 1 {
        return Err(IngestError::AmbiguousColumn {
            path: path.to_path_buf(),
            ours: known.name.to_owned(),
            candidates: places.iter().map(|&at| columns[at].clone()).collect(),
        });
    }
    Ok(places.first().copied())
}

/// A column name with the usual differences taken out: case, blanks and dashes.
fn normal(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// Where in a file the columns stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resolved {
    at: [Option<usize>; N_FIELDS],
}

impl Resolved {
    pub(super) fn at(&self, field: Field) -> Option<usize> {
        self.at[field as usize]
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.at(field).is_some()
    }

    /// Whether this column of the file is one of ours.
    pub(super) fn uses(&self, column: usize) -> bool {
        self.at.contains(&Some(column))
    }

    /// Forgets the columns with these names of the file.
    pub(super) fn without(mut self, ignored: &[String], columns: &[String]) -> Self {
        for at in &mut self.at {
            *at = at.filter(|&at| !ignored.contains(&columns[at]));
        }
        self
    }

    /// Our name and the file's name of each column that is read.
    pub(super) fn pairs(&self, table: Table, columns: &[String]) -> Vec<(String, String)> {
        let pair = |known: &Known| {
            self.at(known.field).map(|at| (known.name.to_owned(), columns[at].clone()))
        };
        table.known().iter().filter_map(pair).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn resolve(arguments: &str, table: Table, columns: &str) -> Result<Resolved, String> {
        let map = ColumnMap::parse(&names(arguments)).map_err(|error| error.to_string())?;
        let found = map.resolve(table, &names(columns), Path::new("f.csv"));
        found.map_err(|error| error.to_string())
    }

    #[test]
    fn our_name_wins_over_an_alias_and_a_mapping_over_both() {
        let at = |arguments, columns| {
            resolve(arguments, Table::Events, columns).unwrap().at(Field::ItemId)
        };
        assert_eq!(at("", "sku item_id session"), Some(1));
        assert_eq!(at("", "session SKU"), Some(1));
        assert_eq!(at("item=sku", "sku item_id session"), Some(0));
        assert_eq!(at("catalog.item_id=sku", "sku item_id session"), Some(1));
    }

    #[test]
    fn words_may_be_parted_in_any_way() {
        let found = resolve("", Table::Events, "sessionId ItemID eventType visitor-id dateTime");
        let at =
            [Field::SessionId, Field::ItemId, Field::EventType, Field::UserId, Field::Timestamp];
        let found = found.unwrap();
        assert_eq!(at.map(|field| found.at(field)), [0, 1, 2, 3, 4].map(Some));
        let found = resolve("", Table::Catalog, "productId imageUrl categoryPath").unwrap();
        let at = [Field::ItemId, Field::Image, Field::Category];
        assert_eq!(at.map(|field| found.at(field)), [0, 1, 2].map(Some));
        // Written as ours is, it wins; otherwise two are one too many.
        let at = |columns| resolve("", Table::Events, columns).map(|found| found.at(Field::ItemId));
        assert_eq!(at("itemId item_id session"), Ok(Some(1)));
        assert!(at("itemId productId session").unwrap_err().contains("could be any of"));
    }

    #[test]
    fn a_mapping_for_both_may_be_missing_from_the_catalogue_only() {
        let at = resolve("item_id=code", Table::Catalog, "id title").unwrap();
        assert_eq!(at.at(Field::ItemId), Some(0));
        let error = resolve("catalog.item_id=code", Table::Catalog, "id title").unwrap_err();
        assert!(error.contains("no column `code`"), "{error}");
    }

    #[test]
    fn mistakes_are_named() {
        for (arguments, columns, message) in [
            ("item_id=itm_id", "session item_ids", "no column `itm_id` (did you mean `item_ids`?)"),
            ("itm_id=x", "session item", "did you mean `item_id`?"),
            ("item_id", "session item", "OURS=THEIRS"),
            ("item_id=", "session item", "OURS=THEIRS"),
            ("=x", "session item", "OURS=THEIRS"),
            ("shop.item_id=x", "session item", "`events` or `catalog`"),
            ("item_id=a item=b", "a b", "already mapped to `a`"),
            ("", "session sku product_id", "could be any of `sku`, `product_id`"),
            (
                "item_id=a",
                "a a",
                "could be any of `a`, `a`; give one of the columns `a` another name",
            ),
        ] {
            let error = resolve(arguments, Table::Events, columns).unwrap_err();
            assert!(error.contains(message), "{arguments} {columns}: {error}");
        }
    }
}
