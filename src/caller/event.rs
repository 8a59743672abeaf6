use super::Refusal;
use super::fields::{COUNT, Fields, NUMBER, TEXT, WHOLE, shortened};
use crate::types::{Data, Event, EventKind};

/// The event that an object says.
///
/// # Errors
/// - `event/unknown-type`: `kind` is no word of [`EventKind`];
/// - `event/invalid`: a field is missing, unknown, or not what it should be.
pub fn event(data: &Data) -> Result<Event, Refusal> {
    read(data, "event/invalid", "event/unknown-type")
}

/// `unknown` is the code for a kind that is none.
pub(super) fn read(
    data: &Data,
    invalid: &'static str,
    unknown: &'static str,
) -> Result<Event, Refusal> {
    let fields = Fields::of(data, invalid)?;
    let fields =
        fields.only(&["kind", "item", "timeMs", "dwellMs", "query", "quantity", "price"])?;
    let kind = fields.need("kind", &TEXT)?;
    let kind = EventKind::parse(&kind).ok_or_else(|| {
        let known = EventKind::ALL.map(EventKind::name).join(", ");
        Refusal::new(unknown, &["`", shortened(&kind), "` is no event type; known: ", &known])
    })?;
    Ok(Event {
        kind,
        item: fields.may("item", &TEXT)?,
        time_ms: fields.need("timeMs", &WHOLE)?,
        dwell_ms: fields.may("dwellMs", &COUNT)?,
        query: fields.may("query", &TEXT)?,
        quantity: fields.may("quantity", &COUNT)?,
        price: fields.may("price", &NUMBER)?,
    })
}
