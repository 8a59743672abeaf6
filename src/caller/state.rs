use super::Refusal;
use super::answer::{object, text};
use super::event::read;
use super::fields::{COUNT, Fields, Kind, TEXT, TEXTS, WHOLE, list, number};
use crate::session::{Impression, Liking, Line, RestoreError, STATE_VERSION, SessionState, Trial};
use crate::types::{Data, Event};

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

/// A state as the caller gets it; [`state`] reads it back.
pub fn stored(state: &SessionState) -> Data {
    fn each<T>(all: &[T], say: impl Fn(&T) -> Data) -> Data {
        Data::List(all.iter().map(say).collect())
    }
    let cart = |line: &Line| of_item(&line.item, [("quantity", line.quantity.into())]);
    let impression = |seen: &Impression| {
        of_item(&seen.item, [("shown", seen.shown.into()), ("timeMs", exact(seen.time_ms))])
    };
    let liking = |liking: &Liking| {
        of_item(&liking.item, [("weight", liking.weight.into()), ("day", liking.day.into())])
    };
    let trial = |trial: &Trial| {
        let count = |count: f32| Some(Data::Number(count.into()));
        let (shown, chosen) = (count(trial.shown), count(trial.chosen));
        object([("key", Some(text(&trial.key))), ("shown", shown), ("chosen", chosen)])
    };
    object([
        ("version", Some(Data::Number(state.version.into()))),
        ("events", Some(each(&state.events, happened))),
        ("cart", Some(each(&state.cart, cart))),
        ("bought", Some(each(&state.bought, |id| text(id)))),
        ("impressions", Some(each(&state.impressions, impression))),
        ("taste", Some(each(&state.taste, liking))),
        ("trials", Some(each(&state.trials, trial))),
    ])
}

fn of_item<const N: usize>(item: &str, numbers: [(&str, f64); N]) -> Data {
    let numbers = numbers.map(|(name, number)| (name.to_owned(), Data::Number(number)));
    Data::Object([("item".to_owned(), text(item))].into_iter().chain(numbers).collect())
}

fn happened(event: &Event) -> Data {
    object([
        ("kind", Some(text(event.kind.name()))),
        ("item", event.item.as_deref().map(text)),
        ("timeMs", Some(Data::Number(exact(event.time_ms)))),
        ("dwellMs", event.dwell_ms.map(|ms| Data::Number(ms.into()))),
        ("query", event.query.as_deref().map(text)),
        ("quantity", event.quantity.map(|pieces| Data::Number(pieces.into()))),
        ("price", event.price.map(Data::Number)),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "times come from JavaScript, below 2^53")]
fn exact(time_ms: u64) -> f64 {
    time_ms as f64
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
