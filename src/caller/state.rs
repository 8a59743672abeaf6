use super::Refusal;
use super::event::read;
use super::fields::{COUNT, Fields, Kind, TEXT, TEXTS, WHOLE, list, number};
use crate::session::{Impression, Liking, Line, RestoreError, STATE_VERSION, SessionState, Trial};
use crate::types::Data;

const INVALID: &str = "state/invalid";
const SINGLE: Kind<f32> = Kind("a number", single);
const LIST: Kind<Vec<Data>> = Kind("a list", |data| list(data).map(<[Data]>::to_vec));

/// The state that an object says; [`Session::restore`](crate::Session::restore) checks the rest.
///
/// # Errors
/// - `state/newer-version`: a newer engine wrote it;
/// - `state/invalid`: a field is missing, unknown, or not what it should be.
pub fn state(data: &Data) -> Result<SessionState, Refusal> {
    let fields = Fields::of(data, INVALID)?;
    let found = fields.need("version", &COUNT)?;
    // The version decides before the content does: a newer state has fields this engine would
    // call mistakes.
    if found > STATE_VERSION {
        let error = RestoreError::Newer { found, supported: STATE_VERSION };
        return Err(Refusal { code: error.code(), message: error.to_string() });
    }
    let known = ["version", "events", "cart", "bought", "impressions", "taste", "trials"];
    // Version 1 had the first four.
    let fields = fields.only(if found < 2 { &known[..4] } else { &known })?;
    let events = fields.need("events", &LIST)?;
    let events = events.iter().map(|event| read(event, INVALID, INVALID));
    let list = |name| fields.may(name, &LIST).map(Option::unwrap_or_default);
    Ok(SessionState {
        version: found,
        events: events.collect::<Result<_, _>>()?,
        cart: fields.need("cart", &LIST)?.iter().map(line).collect::<Result<_, _>>()?,
        bought: fields.need("bought", &TEXTS)?,
        impressions: list("impressions")?.iter().map(impression).collect::<Result<_, _>>()?,
        taste: list("taste")?.iter().map(liking).collect::<Result<_, _>>()?,
        trials: list("trials")?.iter().map(trial).collect::<Result<_, _>>()?,
    })
}

/// Version 1 wrote ids alone.
fn line(data: &Data) -> Result<Line, Refusal> {
    if let Data::Text(item) = data {
        return Ok(Line { item: item.clone(), quantity: 1 });
    }
    let fields = Fields::of(data, INVALID)?.only(&["item", "quantity"])?;
    Ok(Line { item: fields.need("item", &TEXT)?, quantity: fields.need("quantity", &COUNT)? })
}

fn impression(data: &Data) -> Result<Impression, Refusal> {
    let fields = Fields::of(data, INVALID)?.only(&["item", "shown", "timeMs"])?;
    Ok(Impression {
        item: fields.need("item", &TEXT)?,
        shown: fields.need("shown", &SINGLE)?,
        time_ms: fields.need("timeMs", &WHOLE)?,
    })
}

fn liking(data: &Data) -> Result<Liking, Refusal> {
    let fields = Fields::of(data, INVALID)?.only(&["item", "weight", "day"])?;
    Ok(Liking {
        item: fields.need("item", &TEXT)?,
        weight: fields.need("weight", &SINGLE)?,
        day: fields.need("day", &COUNT)?,
    })
}

fn trial(data: &Data) -> Result<Trial, Refusal> {
    let fields = Fields::of(data, INVALID)?.only(&["key", "shown", "chosen"])?;
    Ok(Trial {
        key: fields.need("key", &TEXT)?,
        shown: fields.need("shown", &SINGLE)?,
        chosen: fields.need("chosen", &SINGLE)?,
    })
}

/// Rounded to 32 bits; [`Session::restore`](crate::Session::restore) refuses what does not fit.
#[expect(clippy::cast_possible_truncation, reason = "rounded, and checked when it is restored")]
fn single(data: &Data) -> Option<f32> {
    number(data).map(|number| number as f32)
}
