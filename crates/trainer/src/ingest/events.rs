use std::path::{Path, PathBuf};

use mercer::types::{Device, EventKind};

use super::columns::{Field, Resolved, Table};
use super::error::clipped;
use super::intern::Interner;
use super::jsonl::flatten_fix;
use super::report::{Ledger, Place};
use super::row::{Flaw, LIST_SEPARATOR, Row, Rows, Step, long_id};
use super::time::{TimeFlaw, TimeFormat, parse_time};
use super::words::{InList, device, event_kind};
use super::{IngestError, ReadOptions, source};

/// No item, user, query, dwell or position in a list.
pub(super) const NONE: u32 = u32::MAX;

/// One row of the log, its ids as numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawEvent {
    /// In [`EventTable::sessions`], or in [`EventTable::users`] where sessions are cut.
    pub(super) key: u32,
    pub(super) user: u32,
    pub(super) item: u32,
    pub(super) query: u32,
    pub(super) dwell_ms: u32,
    pub(super) list_position: u32,
    /// NaN without one.
    pub(super) rating: f32,
    /// 0 without times.
    pub(super) time_ms: i64,
    /// 0 without positions.
    pub(super) position: i64,
    /// The line, and the file as a position in [`EventTable::files`].
    pub(super) line: u32,
    pub(super) file: u16,
    pub(super) kind: EventKind,
    pub(super) device: Option<Device>,
}

/// Which columns decide how rows become sessions. The same for all files of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) has_session: bool,
    pub(super) has_time: bool,
    pub(super) has_position: bool,
}

/// The rows of a log, checked, in the order of the files.
#[derive(Debug)]
pub(super) struct EventTable {
    pub(super) files: Vec<PathBuf>,
    pub(super) shape: Option<Shape>,
    pub(super) sessions: Interner,
    pub(super) users: Interner,
    pub(super) items: Interner,
    pub(super) queries: Interner,
    pub(super) rows: Vec<RawEvent>,
    pub(super) ledger: Ledger,
}

impl EventTable {
    pub(super) fn new(ledger: Ledger) -> Self {
        Self {
            files: Vec::new(),
            shape: None,
            sessions: Interner::default(),
            users: Interner::default(),
            items: Interner::default(),
            queries: Interner::default(),
            rows: Vec::new(),
            ledger,
        }
    }

    /// Reads one more file.
    pub(super) fn read(&mut self, path: &Path, options: &ReadOptions) -> Result<(), IngestError> {
        let mut file = source::open(path, options.progress.as_ref())?;
        let mut columns = options.columns.resolve(Table::Events, file.columns(), path)?;
        require_columns(&columns, file.as_ref(), path)?;
        self.fix_shape(&columns, path)?;
        self.ledger.start_file(path, columns.pairs(Table::Events, file.columns()));
        self.files.push(path.to_path_buf());
        let (mut row, before) = (Row::default(), self.ledger.report.rows_read);
        let mut n_columns = file.columns().len();
        loop {
            let step = file.next(&mut row)?;
            if file.columns().len() > n_columns {
                n_columns = file.columns().len();
                columns = options.columns.resolve(Table::Events, file.columns(), path)?;
            }
            let flaw = match step {
                Step::End => break,
                Step::Row => self.add(&row, &columns).err(),
                Step::Broken(flaw) => Some(flaw),
            };
            self.ledger.report.rows_read += 1;
            if let Some(flaw) = flaw {
                let place = Place { path, line: row.line, columns: file.columns() };
                self.ledger.reject(&place, &flaw)?;
            }
        }
        if self.ledger.report.rows_read == before {
            return Err(IngestError::HeaderOnly { path: path.to_path_buf() });
        }
        Ok(())
    }

    fn fix_shape(&mut self, columns: &Resolved, path: &Path) -> Result<(), IngestError> {
        let shape = Shape {
            has_session: columns.has(Field::SessionId),
            has_time: columns.has(Field::Timestamp),
            has_position: columns.has(Field::Position),
        };
        let first = *self.shape.get_or_insert(shape);
        let differs = [
            ("session_id", shape.has_session != first.has_session),
            ("timestamp", shape.has_time != first.has_time),
            ("position", shape.has_position != first.has_position),
        ];
        match differs.into_iter().find(|(_, differs)| *differs) {
            None => Ok(()),
            Some((ours, _)) => Err(IngestError::UnlikeFiles {
                path: path.to_path_buf(),
                other: self.files.first().cloned().unwrap_or_default(),
                ours: ours.to_owned(),
            }),
        }
    }

    /// Checks a row and, if it is sound, adds it. Nothing is kept of a broken one: every
    /// check comes before the first change.
    fn add(&mut self, row: &Row, columns: &Resolved) -> Result<(), Flaw> {
        let values = Values { row, columns };
        let session = values.needed(Field::SessionId)?;
        let user = values.text(Field::UserId)?.unwrap_or("");
        if session.is_none() && user.is_empty() {
            return Err(values.empty(Field::UserId));
        }
        let list_position = values.number(Field::ListPosition)?;
        let in_list = if list_position == NONE { InList::No } else { InList::Yes };
        let kind = values.kind(in_list)?;
        let item = values.text(Field::ItemId)?.unwrap_or("");
        if item.is_empty() && !stands_without_item(kind) {
            return Err(values.empty(Field::ItemId));
        }
        if let Some(flaw) = long_id(item, columns.at(Field::ItemId)) {
            return Err(flaw);
        }
        let time = values.time()?;
        let position = values.position()?;
        let dwell_ms = values.number(Field::DwellMs)?;
        values.quantity()?;
        let rating = values.rating()?;
        let device = values.text(Field::Device)?.and_then(device);
        let query = values.text(Field::Query)?.unwrap_or("");

        if let Some((_, format)) = time {
            self.ledger.count_time(format);
        }
        let user = interned(&mut self.users, user);
        let key = session.map_or(user, |session| self.sessions.intern(session));
        self.rows.push(RawEvent {
            key,
            user,
            item: interned(&mut self.items, item),
            query: interned(&mut self.queries, query),
            dwell_ms,
            list_position,
            rating,
            time_ms: time.map_or(0, |(ms, _)| ms),
            position,
            // Past four thousand million lines a message may name the wrong one.
            line: u32::try_from(row.line).unwrap_or(u32::MAX),
            file: u16::try_from(self.files.len() - 1).unwrap_or(u16::MAX),
            kind,
            device,
        });
        Ok(())
    }
}

fn interned(interner: &mut Interner, name: &str) -> u32 {
    if name.is_empty() { NONE } else { interner.intern(name) }
}

/// Whether an event of this kind need not be about one item.
fn stands_without_item(kind: EventKind) -> bool {
    matches!(kind, EventKind::Search | EventKind::ViewCart | EventKind::BeginCheckout)
}

/// The error of a file that lacks a column reading cannot do without.
fn require_columns(columns: &Resolved, file: &dyn Rows, path: &Path) -> Result<(), IngestError> {
    let wanted = if !columns.has(Field::ItemId) {
        "`item_id`"
    } else if columns.has(Field::SessionId) {
        return Ok(());
    } else if !columns.has(Field::UserId) {
        "`session_id`, nor for `user_id` to cut sessions from"
    } else if columns.has(Field::Timestamp) || columns.has(Field::Position) {
        return Ok(());
    } else {
        "`timestamp` (or `position`), without which the events of a `user_id` cannot be cut \
         into sessions"
    };
    Err(missing(wanted, Table::Events, file, path))
}

/// The error of a missing column, with the likeliest reason for it as the fix.
pub(super) fn missing(wanted: &str, table: Table, file: &dyn Rows, path: &Path) -> IngestError {
    let name = wanted.split('`').nth(1).unwrap_or("item_id");
    let found = file.columns().to_vec();
    let fix = if let Some(column) = file.nested_column() {
        flatten_fix(column)
    } else if found.len() == 1 {
        "one column means that no separator was found in the header: use a comma, tab, \
         semicolon or |"
            .to_owned()
    } else {
        let flag = match table {
            Table::Events => "--column ",
            Table::Catalog => "--column catalog.",
        };
        let near = super::error::nearest(name, found.iter().map(String::as_str));
        let near = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
        format!("name it with {flag}{name}=NAME{near}; the first line must be the header")
    };
    let (path, wanted) = (path.to_path_buf(), wanted.to_owned());
    IngestError::MissingColumn { path, wanted, found, fix }
}

/// The values of one row by our names.
struct Values<'a> {
    row: &'a Row,
    columns: &'a Resolved,
}

impl<'a> Values<'a> {
    /// The value; `None` if the file has no such column.
    fn text(&self, field: Field) -> Result<Option<&'a str>, Flaw> {
        let Some(column) = self.columns.at(field) else { return Ok(None) };
        let text = self.row.value(column)?;
        if text.contains(LIST_SEPARATOR) {
            return Err(Flaw::new(
                "the value is a list",
                Some(column),
                "the value is a list; write one row an item".to_owned(),
            ));
        }
        Ok(Some(text))
    }

    /// The value, which may not be empty; `None` if the file has no such column.
    fn needed(&self, field: Field) -> Result<Option<&'a str>, Flaw> {
        match self.text(field)? {
            Some("") => Err(self.empty(field)),
            value => Ok(value),
        }
    }

    fn flaw(&self, field: Field, reason: &'static str, detail: String) -> Flaw {
        Flaw::new(reason, self.columns.at(field), detail)
    }

    fn empty(&self, field: Field) -> Flaw {
        let name = Table::Events.name_of(field);
        self.flaw(field, "empty", format!("the value is empty; every row needs its {name}"))
    }

    fn kind(&self, in_list: InList) -> Result<EventKind, Flaw> {
        let Some(word) = self.needed(Field::EventType)? else { return Ok(EventKind::ViewItem) };
        event_kind(word, in_list).ok_or_else(|| {
            let detail = format!(
                "`{}` is no event type that is known; use the GA4 words, for example view_item, \
                 add_to_cart, purchase",
                clipped(word)
            );
            self.flaw(Field::EventType, "unknown event type", detail)
        })
    }

    fn time(&self) -> Result<Option<(i64, TimeFormat)>, Flaw> {
        let Some(text) = self.needed(Field::Timestamp)? else { return Ok(None) };
        let flaw = |reason, what| {
            self.flaw(Field::Timestamp, reason, format!("`{}` {what}", clipped(text)))
        };
        parse_time(text).map(Some).map_err(|why| match why {
            TimeFlaw::NotATime => flaw(
                "not a time",
                "is not a time; write 2026-05-09T12:30:00Z, or seconds or milliseconds since 1970",
            ),
            TimeFlaw::OutOfRange => flaw(
                "a time before 1990 or after 2100",
                "is a time before 1990 or after 2100; write seconds or milliseconds since 1970, \
                 or a date",
            ),
        })
    }

    fn position(&self) -> Result<i64, Flaw> {
        let Some(text) = self.needed(Field::Position)? else { return Ok(0) };
        let whole = text.strip_suffix(".0").unwrap_or(text);
        whole.parse().map_err(|_| {
            let detail = format!("`{}` is not a whole number", clipped(text));
            self.flaw(Field::Position, "not a whole number", detail)
        })
    }

    /// A number from 0 that may be missing ([`NONE`]); its fraction is dropped.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and no dwell of 49 days is believed"
    )]
    fn number(&self, field: Field) -> Result<u32, Flaw> {
        let text = self.text(field)?.unwrap_or("");
        if text.is_empty() {
            return Ok(NONE);
        }
        match text.parse::<f64>() {
            Ok(number) if number >= 0.0 && number.is_finite() => Ok((number as u32).min(NONE - 1)),
            _ => {
                let detail = format!("`{}` is not a number from 0", clipped(text));
                Err(self.flaw(field, "not a number from 0", detail))
            }
        }
    }

    /// A rating that may be missing (NaN).
    #[expect(clippy::cast_possible_truncation, reason = "stars have a few digits")]
    fn rating(&self) -> Result<f32, Flaw> {
        let text = self.text(Field::Rating)?.unwrap_or("");
        match text.parse::<f64>() {
            _ if text.is_empty() => Ok(f32::NAN),
            Ok(rating) if (rating as f32).is_finite() => Ok(rating as f32),
            _ => {
                let detail = format!(
                    "`{}` is not a rating; write a number (at most 3e38 in size), or leave it \
                     empty",
                    clipped(text)
                );
                Err(self.flaw(Field::Rating, "not a rating", detail))
            }
        }
    }

    /// A quantity of 0 or less is a return or a correction: not a wish for the item.
    fn quantity(&self) -> Result<(), Flaw> {
        let text = self.text(Field::Quantity)?.unwrap_or("");
        match text.parse::<f64>() {
            _ if text.is_empty() => Ok(()),
            Ok(quantity) if quantity > 0.0 => Ok(()),
            _ => {
                let detail = format!(
                    "`{}` is not a number above 0; leave returns and corrections out of the log",
                    clipped(text)
                );
                Err(self.flaw(Field::Quantity, "not a number above 0", detail))
            }
        }
    }
}
