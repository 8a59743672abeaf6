//! The planted world: "What would a trainer have to find?"
//!
//! A shop of homeware, outdoor gear and clothing, its shoppers, and 120 days of their
//! visits, all made from one seed. *In:* [`Settings`]. *Out:* a log, a catalogue, and the
//! truth behind both. *Useful for:* a demo, and tests that ask whether a model found what
//! was planted. *Not for:* claims about real shops.
//!
//! - A [`shopper::Taste`] is drawn from a segment: styles, makers, colours, a price level.
//! - A visit has an [`shopper::Intent`]: one kind of thing, or a theme across a department,
//!   in one style, moved by the season.
//! - The next page is a repeat, a companion of this item, a whim, or something wanted, with
//!   the rates of [`habits::HABITS`]; what is wanted is drawn by appeal × fit.
//! - In a devoted world a share of what is wanted comes from the collection that the visit
//!   began with, whatever its fit: a niche that only the log tells of.
//! - Lists show eight items in random order; a position is looked at with
//!   `1 / (1 + position)^0.7`, and a looked-at item is clicked with its fit.
//! - 12 % of the items come out during the log, 3 % only in the test period.
//!
//! **Invariant:** the same settings give the same bytes on every machine. All draws come
//! from forks of one seeded generator, all transcendental functions from `libm`.

pub mod calendar;
mod chance;
mod files;
pub mod habits;
pub mod oracle;
mod shelves;
pub mod shopper;
mod text;
mod truth;
mod visit;
pub mod vocabulary;
mod walk;
mod world;

#[cfg(test)]
mod tests;

pub use files::{Counts, EVENT_COLUMNS, Written, write};
pub use text::Product;
pub use truth::Truth;
pub use visit::{Row, Visit, Visits};
pub use world::{COLD_SHARE, Collection, Item, N_COMPANIONS, NEW_SHARE, World};

use crate::log::{Log, LogEvent, LogItem, LogSession};
use std::fmt;

/// The most items a world can have.
pub const MOST_ITEMS: usize = 10_000_000;
/// The most visits a world can have.
pub const MOST_SESSIONS: usize = 10_000_000;

/// How large a world is, and which one.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    items: usize,
    sessions: usize,
    seed: u64,
    devoted: f64,
}

/// Why a world cannot be made.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SettingsError {
    /// No items, or more than [`MOST_ITEMS`].
    Items(usize),
    /// No visits, or more than [`MOST_SESSIONS`].
    Sessions(usize),
    /// A share that is none, or everything.
    Devoted(f64),
}

impl Settings {
    /// A world of so many products and visits; the seed chooses one of many.
    ///
    /// # Errors
    /// - `items` is 0 or above [`MOST_ITEMS`].
    /// - `sessions` is 0 or above [`MOST_SESSIONS`].
    pub fn try_new(items: usize, sessions: usize, seed: u64) -> Result<Self, SettingsError> {
        if !(1..=MOST_ITEMS).contains(&items) {
            return Err(SettingsError::Items(items));
        }
        if !(1..=MOST_SESSIONS).contains(&sessions) {
            return Err(SettingsError::Sessions(sessions));
        }
        Ok(Self { items, sessions, seed, devoted: 0.0 })
    }

    /// The same, where a share of what is wanted is of the collection that the visit began with.
    ///
    /// # Errors
    /// `share` is below 0, or 1 or more: nothing would be left to taste.
    pub fn devoted(self, share: f64) -> Result<Self, SettingsError> {
        if !(0.0..1.0).contains(&share) {
            return Err(SettingsError::Devoted(share));
        }
        Ok(Self { devoted: share, ..self })
    }

    /// Share of what is wanted that is of the collection the visit began with, 0 to below 1.
    pub fn devotion(&self) -> f64 {
        self.devoted
    }

    /// Number of products, at least 1.
    pub fn items(&self) -> usize {
        self.items
    }

    /// Number of visits, at least 1.
    pub fn sessions(&self) -> usize {
        self.sessions
    }

    /// Which of the many worlds of this size.
    pub fn seed(&self) -> u64 {
        self.seed
    }
}

impl Default for Settings {
    /// The sample shop: 600 products, 20,000 visits, seed 1.
    fn default() -> Self {
        Self { items: 600, sessions: 20_000, seed: 1, devoted: 0.0 }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Items(0) => write!(f, "--items 0: a shop needs a product; give 1 or more"),
            Self::Items(n) => write!(f, "--items {n}: give at most {MOST_ITEMS}"),
            Self::Sessions(0) => write!(f, "--sessions 0: a log needs a visit; give 1 or more"),
            Self::Sessions(n) => write!(f, "--sessions {n}: give at most {MOST_SESSIONS}"),
            Self::Devoted(share) => write!(f, "--devoted {share}: give 0 or more, below 1"),
        }
    }
}

impl std::error::Error for SettingsError {}

/// A part of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Visits before the split: `events.csv.gz`.
    Training,
    /// Visits after it: `test-events.csv.gz`.
    Test,
}

impl World {
    /// The log of one period as the ingest stage would hand it on, with every row: items
    /// numbered by first appearance, visits in order of time.
    pub fn log(&self, period: Period) -> Log {
        let mut log = Log::default();
        let mut places = vec![None; self.items().len()];
        let wants_test = period == Period::Test;
        for visit in self.visits().filter(|visit| visit.is_test() == wants_test) {
            let mut place = |ix: u32| {
                *places[ix as usize].get_or_insert_with(|| {
                    log.items.push(self.id(ix).into());
                    LogItem(chance::index(log.items.len() - 1))
                })
            };
            let events = visit.rows.iter().map(|row| log_event(row, row.item.map(&mut place)));
            let session = LogSession {
                id: files::session_id(visit.number).into(),
                user: visit.user.map(|user| files::user_id(user).into()),
                device: None,
                events: events.collect(),
            };
            log.sessions.push(session);
        }
        log
    }
}

fn log_event(row: &Row, item: Option<LogItem>) -> LogEvent {
    LogEvent {
        kind: row.kind,
        item,
        time_ms: Some(row.time_ms),
        dwell_ms: row.dwell_ms,
        list_position: row.list_position,
        query: row.query.clone(),
        rating: None,
    }
}
