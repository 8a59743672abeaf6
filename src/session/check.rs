use crate::types::{Event, EventKind, MAX_ID_BYTES, MAX_QUANTITY};
use std::fmt;

/// Whether a session takes the event; the errors are those of
/// [`Session::observe`](super::Session::observe).
pub(super) fn event(event: &Event) -> Result<(), EventError> {
    match &event.item {
        None if needs_item(event.kind) => return Err(EventError::MissingItem(event.kind)),
        Some(item) if item.is_empty() => return Err(EventError::MissingItem(event.kind)),
        Some(item) if item.len() > MAX_ID_BYTES => return Err(EventError::ItemTooLong),
        _ => {}
    }
    let has_words = event.query.as_deref().is_some_and(|query| !query.trim().is_empty());
    if event.kind == EventKind::Search && !has_words {
        return Err(EventError::MissingQuery);
    }
    if event.quantity.is_some_and(|quantity| quantity == 0 || quantity > MAX_QUANTITY) {
        return Err(EventError::Quantity);
    }
    if event.price.is_some_and(|price| !price.is_finite() || price < 0.0) {
        return Err(EventError::Price);
    }
    Ok(())
}

fn needs_item(kind: EventKind) -> bool {
    kind.is_interest()
        || matches!(kind, EventKind::ViewItemList | EventKind::RemoveFromCart | EventKind::Dismiss)
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
    /// No pieces, or more than [`MAX_QUANTITY`].
    Quantity,
    /// The price is negative or no number.
    Price,
}

impl EventError {
    /// The stable word for it, for example `event/missing-item`.
    pub fn code(self) -> &'static str {
        match self {
            Self::MissingItem(_) => "event/missing-item",
            Self::ItemTooLong => "event/item-too-long",
            Self::MissingQuery => "event/missing-query",
            Self::Quantity => "event/quantity",
            Self::Price => "event/price",
        }
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingItem(kind) => write!(f, "`{}` needs an item", kind.name()),
            Self::ItemTooLong => write!(f, "an item id has at most {MAX_ID_BYTES} bytes"),
            Self::MissingQuery => f.write_str("`search` needs a query"),
            Self::Quantity => write!(f, "a quantity is 1 to {MAX_QUANTITY}"),
            Self::Price => f.write_str("a price is a finite number, 0 or more"),
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
    /// An event or an id that no session takes.
    Event(EventError),
    /// A count or a weight that no session holds.
    Number,
}

impl RestoreError {
    /// The stable word for it, for example `state/newer-version`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Newer { .. } => "state/newer-version",
            Self::TooLarge => "state/too-large",
            Self::Event(_) => "state/event",
            Self::Number => "state/number",
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
            Self::Number => f.write_str("the state holds a number no session holds"),
        }
    }
}

impl std::error::Error for RestoreError {}
