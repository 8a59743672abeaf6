//! The cleaned log: what `ingest` hands to every later stage.
//!
//! Items are numbered `0..items.len()` in the order of their first appearance; the ids of
//! the shop stay beside them. Sessions are in order of their start, events in order within
//! their session.

use mercer::types::{Device, EventKind};

/// The position of an item in [`Log::items`]. Not the [`mercer::types::ItemIx`] of a model
/// file, which holds fewer items in another order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogItem(pub u32);

impl LogItem {
    /// The same position as a slice index.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// One cleaned event.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEvent {
    /// What the shopper did; `view_item` where the log has no event types.
    pub kind: EventKind,
    /// The product, if the event is about one.
    pub item: Option<LogItem>,
    /// Milliseconds since 1970, if the log has times.
    pub time_ms: Option<i64>,
    /// How long the shopper stayed with it, in milliseconds: from the log's own column,
    /// else the time to the next event of the session.
    pub dwell_ms: Option<u32>,
    /// Where in a list the item was shown, from 0; impressions (`view_item_list`) and
    /// clicks in lists (`select_item`) only.
    pub list_position: Option<u32>,
    /// The words of a search.
    pub query: Option<Box<str>>,
    /// What the shopper gave it, in the log's own measure (stars).
    pub rating: Option<f32>,
}

/// One visit of one shopper.
#[derive(Debug, Clone, PartialEq)]
pub struct LogSession {
    /// The log's session id, or one made from the user id and a running number.
    pub id: Box<str>,
    /// The log's user id, if it has one.
    pub user: Option<Box<str>>,
    /// What the shopper held in hand, if the log says.
    pub device: Option<Device>,
    /// What happened, oldest first; never empty.
    pub events: Vec<LogEvent>,
}

/// A whole cleaned log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Log {
    /// The shop's ids of the items.
    pub items: Vec<Box<str>>,
    /// The visits, in order of their first event where the log has times, else in the
    /// order of the file.
    pub sessions: Vec<LogSession>,
}

impl Log {
    /// How many events all sessions hold together.
    pub fn n_events(&self) -> usize {
        self.sessions.iter().map(|session| session.events.len()).sum()
    }
}
