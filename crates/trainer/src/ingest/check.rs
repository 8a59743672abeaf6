//! "Can a model learn from this?" Named checks over what was read, each with a figure and
//! what to do about it.

use std::collections::HashSet;
use std::fmt;

use mercer::types::EventKind;
use serde::Serialize;

use crate::log::{Log, LogSession};

use super::report::grouped;
use super::{Catalog, CatalogItem, IngestReport, Input};

/// Fewer sessions than this teach nothing.
const FEWEST_SESSIONS: usize = 10;
/// Fewer sessions than this teach little.
const FEW_SESSIONS: usize = 1000;
/// More events in one session than this are hardly a shopper's.
const BOT_EVENTS: usize = 500;
const DAY_MS: i64 = 86_400_000;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing to do.
    Ok,
    /// Training works; the result may be worse than it could be.
    Warn,
    /// Training on this data fails or teaches nothing.
    Fail,
}

/// One check and its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at; stable, for scripts.
    pub name: &'static str,
    /// How it came out.
    pub status: Status,
    /// One sentence with a figure.
    pub finding: String,
    /// What to do; empty where there is nothing to do.
    pub fix: &'static str,
}

/// All checks and the books they stand on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckReport {
    /// The worst status of any check.
    pub status: Status,
    /// Every check, in a fixed order.
    pub checks: Vec<Check>,
    /// What reading the log came to.
    pub log: IngestReport,
    /// What reading the catalogue came to.
    pub catalog: Option<IngestReport>,
}

/// Runs every check; those about the catalogue only if there is one.
pub fn run(input: Input) -> CheckReport {
    let Input { log, log_report, catalog } = input;
    let mut checks = vec![
        sessions(&log),
        session_length(&log),
        items(&log),
        item_events(&log),
        duplicates(&log_report),
        rejects("log-rejects", &log_report),
        times(&log_report),
        time_order(&log_report),
        event_types(&log),
        repeats(&log),
        bots(&log),
    ];
    if let Some((catalog, report)) = &catalog {
        checks.extend([
            rejects("catalog-rejects", report),
            catalog_ids(report),
            catalog_values(report),
            log_in_catalog(&log, catalog),
            catalog_in_log(&log, catalog),
            filled(catalog, "titles", |item| !item.title.is_empty()),
            filled(catalog, "categories", |item| !item.category.is_empty()),
            filled(catalog, "prices", |item| item.price.is_some()),
        ]);
    }
    let status = checks.iter().map(|check| check.status).max().unwrap_or(Status::Ok);
    CheckReport { status, checks, log: log_report, catalog: catalog.map(|(_, report)| report) }
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.log)?;
        if let Some(catalog) = &self.catalog {
            write!(f, "\n{catalog}")?;
        }
        writeln!(f)?;
        let width = self.checks.iter().map(|check| check.name.len()).max().unwrap_or(0);
        for check in &self.checks {
            let Check { name, status, finding, fix } = check;
            writeln!(f, "{:<4}  {name:<width$}  {finding}", status.word())?;
            if !fix.is_empty() {
                writeln!(f, "      {:<width$}  → {fix}", "")?;
            }
        }
        let count = |status| self.checks.iter().filter(|check| check.status == status).count();
        let [ok, warn, fail] = [Status::Ok, Status::Warn, Status::Fail].map(count);
        writeln!(f, "\n{} checks: {ok} ok, {warn} warn, {fail} fail", self.checks.len())
    }
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        }
    }
}

impl Check {
    /// A check whose fix is only worth saying if something is wrong.
    fn new(name: &'static str, status: Status, finding: String, fix: &'static str) -> Self {
        let fix = if status == Status::Ok { "" } else { fix };
        Self { name, status, finding, fix }
    }
}

fn sessions(log: &Log) -> Check {
    let n = log.sessions.len();
    let status = match n {
        ..FEWEST_SESSIONS => Status::Fail,
        FEWEST_SESSIONS..FEW_SESSIONS => Status::Warn,
        _ => Status::Ok,
    };
    let finding = format!("the log has {} sessions", count(n));
    Check::new("sessions", status, finding, "export a longer time; below 1,000 little is learned")
}

fn session_length(log: &Log) -> Check {
    let n = log.sessions.iter().filter(|session| session.events.len() >= 2).count();
    let share = percent(n, log.sessions.len());
    let status = match share {
        _ if n == 0 => Status::Fail,
        ..20.0 => Status::Warn,
        _ => Status::Ok,
    };
    Check::new(
        "session-length",
        status,
        format!("{share:.1} % of the sessions ({}) have at least 2 events", count(n)),
        "what comes next is learned from sessions with 2 events or more; check that session_id \
         names the visit, not the event",
    )
}

fn items(log: &Log) -> Check {
    let n = log.items.len();
    let status = if n < 2 { Status::Fail } else { Status::Ok };
    let finding = format!("the events are about {} different items", count(n));
    Check::new(
        "items",
        status,
        finding,
        "there is nothing to choose from; check that item_id names the product",
    )
}

fn item_events(log: &Log) -> Check {
    let mut events = vec![0u64; log.items.len()];
    for item in log.sessions.iter().flat_map(|s| &s.events).filter_map(|event| event.item) {
        events[item.at()] += 1;
    }
    let n = events.iter().filter(|&&events| events >= 2).count();
    let share = percent(n, events.len());
    let status = match share {
        _ if n == 0 => Status::Fail,
        ..50.0 => Status::Warn,
        _ => Status::Ok,
    };
    Check::new(
        "item-events",
        status,
        format!("{share:.1} % of the items ({}) have at least 2 events", count(n)),
        "an item seen once teaches nothing; export a longer time, and a catalogue so that rare \
         items are known by their content",
    )
}

fn duplicates(report: &IngestReport) -> Check {
    let (n, share) = (report.duplicates.rows, share_of(report.duplicates.rows, report.rows_read));
    let status = if share > 1.0 { Status::Warn } else { Status::Ok };
    Check::new(
        "duplicates",
        status,
        format!("{share:.2} % of the rows ({}) are there twice and were dropped", grouped(n)),
        "check that no file is given twice and that no tag fires twice",
    )
}

fn rejects(name: &'static str, report: &IngestReport) -> Check {
    let (n, share) = (report.n_rejected(), share_of(report.n_rejected(), report.rows_read));
    let status = match n {
        0 => Status::Ok,
        _ if share > 10.0 => Status::Fail,
        _ => Status::Warn,
    };
    let finding = match report.rejected.first() {
        Some(most) => format!(
            "{share:.2} % of the rows ({}) are broken, most often: {}",
            grouped(n),
            most.reason
        ),
        None => "no row is broken".to_owned(),
    };
    Check::new(name, status, finding, "mend the export; the first rows of each kind are listed")
}

#[expect(clippy::cast_precision_loss, reason = "a span of at most 110 years, shown in days")]
fn times(report: &IngestReport) -> Check {
    let (Some(first), Some(last)) = (report.first_ms, report.last_ms) else {
        return Check::new(
            "times",
            Status::Warn,
            "0 rows have a time".to_owned(),
            "give a timestamp column: without it the newest sessions cannot be held back to \
             judge the model, and neither trends nor dwell are known",
        );
    };
    let days = (last - first) as f64 / DAY_MS as f64;
    let finding = match report.time_formats.as_slice() {
        [(format, _)] => format!("the events span {days:.1} days, times are {format}"),
        formats => {
            format!("the events span {days:.1} days, times are written in {} ways", formats.len())
        }
    };
    let only_dates = report.time_formats.iter().any(|(format, _)| *format == "date only");
    let odd = days < 1.0 || report.time_formats.len() > 1 || only_dates;
    Check::new(
        "times",
        if odd { Status::Warn } else { Status::Ok },
        finding,
        "best is one way to write times, to the second or finer, over weeks; a date alone gives \
         neither order nor dwell",
    )
}

fn time_order(report: &IngestReport) -> Check {
    let n = report.out_of_order;
    let status = if share_of(n, report.rows_read) > 5.0 { Status::Warn } else { Status::Ok };
    Check::new(
        "time-order",
        status,
        format!("{} rows stood behind a later one of their session and were moved", grouped(n)),
        "harmless if the times are right; check that they are not the times of the export",
    )
}

fn event_types(log: &Log) -> Check {
    let mut counts = [0u64; EventKind::ALL.len()];
    for event in log.sessions.iter().flat_map(|session| &session.events) {
        counts[event.kind as usize] += 1;
    }
    let of = |kind: &EventKind| counts[*kind as usize];
    let wanted: u64 = EventKind::ALL.iter().filter(|kind| kind.is_interest()).map(of).sum();
    let present: Vec<String> = EventKind::ALL
        .iter()
        .filter(|kind| of(kind) > 0)
        .map(|kind| format!("{} {}", grouped(of(kind)), kind.name()))
        .collect();
    let status = if wanted == 0 { Status::Fail } else { Status::Ok };
    Check::new(
        "event-types",
        status,
        format!("there are {}", present.join(", ")),
        "no event says that a shopper wants an item; export views, carts or purchases",
    )
}

fn repeats(log: &Log) -> Check {
    let (mut repeats, mut n) = (0, 0);
    let mut seen = HashSet::new();
    for session in &log.sessions {
        seen.clear();
        let wanted = session.events.iter().filter(|event| event.kind.is_interest());
        for item in wanted.filter_map(|event| event.item) {
            n += 1;
            repeats += usize::from(!seen.insert(item));
        }
    }
    let share = percent(repeats, n);
    Check::new(
        "repeats",
        if share > 60.0 { Status::Warn } else { Status::Ok },
        format!("{share:.1} % of the events are about an item seen before in the session"),
        "shops have 20 to 45 %; check that a reload or one purchase of many pieces is one event",
    )
}

fn bots(log: &Log) -> Check {
    let is_long = |session: &&LogSession| session.events.len() > BOT_EVENTS;
    let n = log.sessions.iter().filter(is_long).count();
    let longest = log.sessions.iter().max_by_key(|session| session.events.len());
    let longest = longest.map_or_else(String::new, |s| {
        format!("; the longest, `{}`, has {}", s.id, count(s.events.len()))
    });
    Check::new(
        "bots",
        if n > 0 { Status::Warn } else { Status::Ok },
        format!("sessions with more than {BOT_EVENTS} events: {}{longest}", count(n)),
        "no shopper looks at so much in one visit; leave crawlers and test users out",
    )
}

fn catalog_ids(report: &IngestReport) -> Check {
    let n = report.duplicates.rows;
    Check::new(
        "catalog-ids",
        if n > 0 { Status::Warn } else { Status::Ok },
        format!("{} rows repeat the id of an earlier one and were dropped", grouped(n)),
        "give each product one row; variants belong under one item_group_id with ids of their own",
    )
}

fn catalog_values(report: &IngestReport) -> Check {
    let n = report.values_left_out.iter().map(|tally| tally.rows).sum();
    let finding = match report.values_left_out.first() {
        Some(most) => {
            format!("{} values could not be read, most often: {}", grouped(n), most.reason)
        }
        None => "every value could be read".to_owned(),
    };
    let status = if n > 0 { Status::Warn } else { Status::Ok };
    Check::new("catalog-values", status, finding, "mend them in the feed; the first are listed")
}

fn log_in_catalog(log: &Log, catalog: &Catalog) -> Check {
    let n = log.items.iter().filter(|id| catalog.find(id).is_some()).count();
    let share = percent(n, log.items.len());
    let status = match share {
        _ if n == 0 => Status::Fail,
        ..90.0 => Status::Warn,
        _ => Status::Ok,
    };
    Check::new(
        "log-in-catalog",
        status,
        format!("{share:.1} % of the log's items ({}) are in the catalogue", count(n)),
        "both must use the same ids: map the right column with --column catalog.item_id=NAME, \
         or export a catalogue with the products that were sold then",
    )
}

fn catalog_in_log(log: &Log, catalog: &Catalog) -> Check {
    let n = log.items.iter().filter(|id| catalog.find(id).is_some()).count();
    let share = percent(n, catalog.items().len());
    Check::new(
        "catalog-in-log",
        if share < 10.0 { Status::Warn } else { Status::Ok },
        format!("{share:.1} % of the catalogue's products ({}) have an event", count(n)),
        "the others are known by their content alone; a longer log knows more of them",
    )
}

fn filled(catalog: &Catalog, name: &'static str, has: impl Fn(&CatalogItem) -> bool) -> Check {
    let n = catalog.items().iter().filter(|item| has(item)).count();
    let share = percent(n, catalog.items().len());
    Check::new(
        name,
        if share < 95.0 { Status::Warn } else { Status::Ok },
        format!("{share:.1} % of the products ({}) have one", count(n)),
        "fill the column, or map it with --column; titles and categories place new products, \
         prices serve filters",
    )
}

fn percent(part: usize, whole: usize) -> f64 {
    share_of(part as u64, whole as u64)
}

/// In percent; 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "a share for a message")]
fn share_of(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

fn count(number: usize) -> String {
    grouped(number as u64)
}
