use super::Refusal;
use super::answer::{object, text};
use super::event::read;
use super::fields::{COUNT, Fields, Kind, TEXTS, list};
use crate::session::{RestoreError, STATE_VERSION, SessionState};
use crate::types::{Data, Event};

const LIST: Kind<Vec<Data>> = Kind("a list", |data| list(data).map(<[Data]>::to_vec));

/// The state that an object says; [`Session::restore`](crate::Session::restore) checks the rest.
///
/// # Errors
/// - `state/newer-version`: a newer engine wrote it;
/// - `state/invalid`: a field is missing, unknown, or not what it should be.
pub fn state(data: &Data) -> Result<SessionState, Refusal> {
    const INVALID: &str = "state/invalid";
    let fields = Fields::of(data, INVALID)?;
    let found = fields.need("version", &COUNT)?;
    // The version decides before the content does: a newer state has fields this engine would
    // call mistakes.
    if found > STATE_VERSION {
        let error = RestoreError::Newer { found, supported: STATE_VERSION };
        return Err(Refusal { code: error.code(), message: error.to_string() });
    }
    let fields = fields.only(&["version", "events", "cart", "bought"])?;
    let events = fields.need("events", &LIST)?;
    let events = events.iter().map(|event| read(event, INVALID, INVALID));
    Ok(SessionState {
        version: found,
        events: events.collect::<Result<_, _>>()?,
        cart: fields.need("cart", &TEXTS)?,
        bought: fields.need("bought", &TEXTS)?,
    })
}

/// A state as the caller gets it; [`state`] reads it back.
pub fn stored(state: &SessionState) -> Data {
    let ids = |ids: &[String]| Some(Data::List(ids.iter().map(|id| text(id)).collect()));
    object([
        ("version", Some(Data::Number(state.version.into()))),
        ("events", Some(Data::List(state.events.iter().map(happened).collect()))),
        ("cart", ids(&state.cart)),
        ("bought", ids(&state.bought)),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "times come from JavaScript, below 2^53")]
fn happened(event: &Event) -> Data {
    object([
        ("kind", Some(text(event.kind.name()))),
        ("item", event.item.as_deref().map(text)),
        ("timeMs", Some(Data::Number(event.time_ms as f64))),
        ("dwellMs", event.dwell_ms.map(|ms| Data::Number(ms.into()))),
        ("query", event.query.as_deref().map(text)),
    ])
}
