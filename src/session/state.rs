use super::steps::{MAX_DWELL_MS, Step, merge};
use crate::types::{Event, EventKind, MAX_ID_BYTES};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of [`SessionState`] this engine writes, and the newest it restores.
pub const STATE_VERSION: u32 = 1;
/// How many events are remembered; older ones are forgotten.
pub const MAX_EVENTS: usize = 100;
/// How many items in the cart, and how many bought, are remembered.
pub const MAX_OWNED: usize = 100;
/// How much of a search is kept, in characters.
pub const MAX_QUERY_CHARS: usize = 200;

/// Everything a session holds, readable: this is what is exported, stored and restored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionState {
    /// [`STATE_VERSION`] of the engine that wrote it.
    pub version: u32,
    /// What happened, oldest first.
    pub events: Vec<Event>,
    /// Ids of the items in the cart, oldest first.
    pub cart: Vec<String>,
    /// Ids of the items bought, oldest first.
    pub bought: Vec<String>,
}

/// What the shopper did in this visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    state: SessionState,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// A stranger's session.
    pub fn new() -> Self {
        let state = SessionState {
            version: STATE_VERSION,
            events: Vec::new(),
            cart: Vec::new(),
            bought: Vec::new(),
        };
        Self { state }
    }

    /// Takes in one event.
    ///
    /// # Errors
    /// - [`EventError::MissingItem`]: the kind is about a product, and none is named.
    /// - [`EventError::ItemTooLong`]: the id is longer than [`MAX_ID_BYTES`].
    /// - [`EventError::MissingQuery`]: a search without words.
    pub fn observe(&mut self, mut event: Event) -> Result<(), EventError> {
        check(&event)?;
        if let Some(query) = &mut event.query {
            *query = query.chars().take(MAX_QUERY_CHARS).collect();
        }
        self.remember_owned(&event);
        self.state.events.push(event);
        keep_newest(&mut self.state.events, MAX_EVENTS);
        Ok(())
    }

    /// Everything the session holds.
    pub fn state(&self) -> &SessionState {
        &self.state
    }

    /// A session with the state of an earlier one.
    ///
    /// # Errors
    /// - [`RestoreError::Newer`]: written by a newer engine.
    /// - [`RestoreError::TooLarge`]: no engine writes that much.
    /// - [`RestoreError::Event`]: an event that `observe` would have refused.
    pub fn restore(state: SessionState) -> Result<Self, RestoreError> {
        if state.version == 0 || state.version > STATE_VERSION {
            let found = state.version;
            return Err(RestoreError::Newer { found, supported: STATE_VERSION });
        }
        let owned = state.cart.len().max(state.bought.len());
        let mut queries = state.events.iter().filter_map(|event| event.query.as_deref());
        let long_query = queries.any(|query| query.chars().nth(MAX_QUERY_CHARS).is_some());
        if state.events.len() > MAX_EVENTS || owned > MAX_OWNED || long_query {
            return Err(RestoreError::TooLarge);
        }
        if let Some(error) = state.events.iter().find_map(|event| check(event).err()) {
            return Err(RestoreError::Event(error));
        }
        let mut ids = state.cart.iter().chain(&state.bought);
        if ids.any(|id| id.len() > MAX_ID_BYTES) {
            return Err(RestoreError::Event(EventError::ItemTooLong));
        }
        Ok(Self { state })
    }

    /// Wipes everything.
    pub fn forget(&mut self) {
        *self = Self::new();
    }

    /// The session as steps, oldest first, of the items that `resolve` knows. The newest
    /// step's dwell is never known: the shopper is still there.
    pub fn steps<I: Copy + PartialEq>(&self, resolve: impl Fn(&str) -> Option<I>) -> Vec<Step<I>> {
        let events = &self.state.events;
        let step = |(at, event): (usize, &Event)| {
            let item = resolve(event.item.as_deref()?)?;
            Some(Step { item, kind: event.kind, dwell_ms: dwell(event, events.get(at + 1)) })
        };
        let mut steps = merge(events.iter().enumerate().filter_map(step));
        if let Some(newest) = steps.last_mut() {
            newest.dwell_ms = None;
        }
        steps
    }

    /// Ids of the items the shopper said no to, and did not turn back to since.
    pub fn dismissed(&self) -> Vec<&str> {
        let mut dismissed: Vec<&str> = Vec::new();
        for event in &self.state.events {
            let Some(item) = event.item.as_deref() else { continue };
            if event.kind == EventKind::Dismiss || event.kind.is_interest() {
                dismissed.retain(|other| *other != item);
            }
            if event.kind == EventKind::Dismiss {
                dismissed.push(item);
            }
        }
        dismissed
    }

    fn remember_owned(&mut self, event: &Event) {
        let Some(item) = &event.item else { return };
        match event.kind {
            EventKind::AddToCart => add(&mut self.state.cart, item),
            EventKind::RemoveFromCart => self.state.cart.retain(|other| other != item),
            EventKind::Purchase => {
                self.state.cart.retain(|other| other != item);
                add(&mut self.state.bought, item);
            }
            _ => {}
        }
    }
}

fn check(event: &Event) -> Result<(), EventError> {
    let needs_item = event.kind.is_interest()
        || matches!(
            event.kind,
            EventKind::ViewItemList | EventKind::RemoveFromCart | EventKind::Dismiss
        );
    match &event.item {
        None if needs_item => return Err(EventError::MissingItem(event.kind)),
        Some(item) if item.is_empty() => return Err(EventError::MissingItem(event.kind)),
        Some(item) if item.len() > MAX_ID_BYTES => return Err(EventError::ItemTooLong),
        _ => {}
    }
    let has_words = event.query.as_deref().is_some_and(|query| !query.trim().is_empty());
    if event.kind == EventKind::Search && !has_words {
        return Err(EventError::MissingQuery);
    }
    Ok(())
}

/// The event's own dwell, else the time to the next event where both times are known.
fn dwell(event: &Event, next: Option<&Event>) -> Option<u32> {
    let known = |event: &Event| (event.time_ms > 0).then_some(event.time_ms);
    let until_next = || u32::try_from(known(next?)?.checked_sub(known(event)?)?).ok();
    event.dwell_ms.or_else(until_next).map(|ms| ms.min(MAX_DWELL_MS))
}

fn add(ids: &mut Vec<String>, id: &str) {
    ids.retain(|other| other != id);
    ids.push(id.to_owned());
    keep_newest(ids, MAX_OWNED);
}

fn keep_newest<T>(list: &mut Vec<T>, limit: usize) {
    let surplus = list.len().saturating_sub(limit);
    list.drain(..surplus);
}

/// Why an event is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventError {
    /// An event of this kind is about a product, and none is named.
    MissingItem(EventKind),
    /// The item id is longer than [`MAX_ID_BYTES`].
    ItemTooLong,
    /// A search without words.
    MissingQuery,
}

impl EventError {
    /// The stable word for it, for example `event/missing-item`.
    pub fn code(self) -> &'static str {
        match self {
            Self::MissingItem(_) => "event/missing-item",
            Self::ItemTooLong => "event/item-too-long",
            Self::MissingQuery => "event/missing-query",
        }
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingItem(kind) => write!(f, "`{}` needs an item", kind.name()),
            Self::ItemTooLong => write!(f, "an item id has at most {MAX_ID_BYTES} bytes"),
            Self::MissingQuery => f.write_str("`search` needs a query"),
        }
    }
}

impl std::error::Error for EventError {}

/// Why a stored state cannot be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RestoreError {
    /// Written by a newer engine, or by none.
    Newer {
        /// The state's version.
        found: u32,
        /// The newest version this engine restores.
        supported: u32,
    },
    /// More than any engine writes.
    TooLarge,
    /// An event that no session takes.
    Event(EventError),
}

impl RestoreError {
    /// The stable word for it, for example `state/newer-version`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Newer { .. } => "state/newer-version",
            Self::TooLarge => "state/too-large",
            Self::Event(_) => "state/event",
        }
    }
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { found, supported } => {
                write!(f, "the state is version {found}, this engine restores up to {supported}")
            }
            Self::TooLarge => f.write_str("the state holds more than a session keeps"),
            Self::Event(error) => write!(f, "the state holds an event no session takes: {error}"),
        }
    }
}

impl std::error::Error for RestoreError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind, item: &str, time_ms: u64) -> Event {
        Event { kind, item: Some(item.to_owned()), time_ms, dwell_ms: None, query: None }
    }

    fn session(events: &[(EventKind, &str, u64)]) -> Session {
        let mut session = Session::new();
        for &(kind, item, time_ms) in events {
            session.observe(event(kind, item, time_ms)).unwrap();
        }
        session
    }

    #[test]
    fn the_cart_follows_the_shopper() {
        use EventKind::{AddToCart, Purchase, RemoveFromCart};
        let session = session(&[
            (AddToCart, "a", 0),
            (AddToCart, "b", 1),
            (AddToCart, "c", 2),
            (RemoveFromCart, "a", 3),
            (Purchase, "b", 4),
        ]);
        assert_eq!(session.state().cart, ["c"]);
        assert_eq!(session.state().bought, ["b"]);
    }

    #[test]
    fn dwell_is_the_time_to_the_next_event_and_unknown_at_the_end() {
        use EventKind::ViewItem;
        let session = session(&[(ViewItem, "a", 1_000), (ViewItem, "b", 5_000)]);
        let dwell: Vec<_> =
            session.steps(|id| id.chars().next()).iter().map(|s| s.dwell_ms).collect();
        assert_eq!(dwell, [Some(4_000), None]);
    }

    #[test]
    fn events_without_times_have_no_dwell() {
        use EventKind::ViewItem;
        let session = session(&[(ViewItem, "a", 0), (ViewItem, "b", 0)]);
        assert_eq!(session.steps(|id| id.chars().next())[0].dwell_ms, None);
    }

    #[test]
    fn a_clock_that_runs_back_gives_no_dwell() {
        use EventKind::ViewItem;
        let session = session(&[(ViewItem, "a", 9_000), (ViewItem, "b", 5_000)]);
        assert_eq!(session.steps(|id| id.chars().next())[0].dwell_ms, None);
    }

    #[test]
    fn a_no_holds_until_the_shopper_turns_back() {
        use EventKind::{Dismiss, ViewItem};
        let session = session(&[(Dismiss, "a", 1), (Dismiss, "b", 2), (ViewItem, "a", 3)]);
        assert_eq!(session.dismissed(), ["b"]);
    }

    #[test]
    fn memory_is_bounded() {
        let mut session = Session::new();
        for n in 0..1_000 {
            session.observe(event(EventKind::AddToCart, &n.to_string(), n)).unwrap();
        }
        assert_eq!(session.state().events.len(), MAX_EVENTS);
        assert_eq!(session.state().cart.len(), MAX_OWNED);
        assert_eq!(session.state().cart.last().unwrap(), "999");
    }

    #[test]
    fn broken_events_are_refused_and_leave_no_trace() {
        let mut session = Session::new();
        let nameless = Event { item: None, ..event(EventKind::ViewItem, "", 0) };
        assert_eq!(session.observe(nameless), Err(EventError::MissingItem(EventKind::ViewItem)));
        let long = event(EventKind::ViewItem, &"x".repeat(MAX_ID_BYTES + 1), 0);
        assert_eq!(session.observe(long), Err(EventError::ItemTooLong));
        let mute =
            Event { item: None, query: Some("  ".into()), ..event(EventKind::Search, "", 0) };
        assert_eq!(session.observe(mute), Err(EventError::MissingQuery));
        assert_eq!(session, Session::new());
    }

    #[test]
    fn a_state_survives_a_round_trip() {
        let before = session(&[(EventKind::ViewItem, "a", 1), (EventKind::AddToCart, "b", 2)]);
        let json = serde_json::to_string(before.state()).unwrap();
        let after = Session::restore(serde_json::from_str(&json).unwrap()).unwrap();
        assert_eq!(before, after);
    }

    #[test]
    fn states_no_engine_writes_are_refused() {
        let good = Session::new().state().clone();
        let newer = SessionState { version: 2, ..good.clone() };
        let error = RestoreError::Newer { found: 2, supported: STATE_VERSION };
        assert_eq!(Session::restore(newer), Err(error));
        let large = SessionState { cart: vec!["x".into(); MAX_OWNED + 1], ..good.clone() };
        assert_eq!(Session::restore(large), Err(RestoreError::TooLarge));
        let search = |query: String| Event {
            kind: EventKind::Search,
            item: None,
            time_ms: 0,
            dwell_ms: None,
            query: Some(query),
        };
        let longest = search("ß".repeat(MAX_QUERY_CHARS));
        let fits = SessionState { events: vec![longest], ..good.clone() };
        assert!(Session::restore(fits).is_ok());
        let words = search("ß".repeat(MAX_QUERY_CHARS + 1));
        let wordy = SessionState { events: vec![words], ..good.clone() };
        assert_eq!(Session::restore(wordy), Err(RestoreError::TooLarge));
        let long = SessionState { bought: vec!["x".repeat(MAX_ID_BYTES + 1)], ..good };
        assert!(matches!(Session::restore(long), Err(RestoreError::Event(_))));
    }
}
