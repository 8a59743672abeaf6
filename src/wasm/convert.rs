//! The shapes that cross the door, and nothing else.

use super::error::{self, coded};
use super::fields::{Fields, count, flag, list, text, texts, whole};
use crate::explain::reasons;
use crate::model::Model;
use crate::session::{RestoreError, STATE_VERSION, SessionState};
use crate::types::{Event, EventKind, Owned, Placement, Request, Scored, Seen, Slate};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

#[derive(Serialize)]
struct SlateOut<'a> {
    source: &'static str,
    items: Vec<ItemOut<'a>>,
}

#[derive(Serialize)]
struct ItemOut<'a> {
    item: &'a str,
    score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<Vec<ReasonOut<'a>>>,
}

#[derive(Serialize)]
struct ReasonOut<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<&'a str>,
    share: f32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InfoOut<'a> {
    items: usize,
    dim: usize,
    bits: u8,
    about: &'a str,
}

/// Whether the slate carries its reasons.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Explain {
    No,
    Yes,
}

pub(super) fn event(value: &JsValue) -> Result<Event, JsValue> {
    read_event(value, "event/invalid", "event/unknown-type")
}

/// `unknown` is the code for a kind that is none.
fn read_event(
    value: &JsValue,
    invalid: &'static str,
    unknown: &'static str,
) -> Result<Event, JsValue> {
    let fields = Fields::of(value, invalid)?;
    let fields = fields.only(&["kind", "item", "timeMs", "dwellMs", "query"])?;
    let kind = fields.need("kind", text)?;
    let kind = EventKind::parse(&kind).ok_or_else(|| {
        let known = EventKind::ALL.map(EventKind::name).join(", ");
        coded(unknown, &format!("`{kind}` is no event type; known: {known}"))
    })?;
    Ok(Event {
        kind,
        item: fields.may("item", text)?,
        time_ms: fields.need("timeMs", whole)?,
        dwell_ms: fields.may("dwellMs", count)?,
        query: fields.may("query", text)?,
    })
}

pub(super) fn request(value: &JsValue, model: &Model) -> Result<(Request, Explain), JsValue> {
    let fields = Fields::of(value, "request/invalid")?;
    let known = ["placement", "item", "count", "includeSeen", "includeOwned", "exclude", "explain"];
    let fields = fields.only(&known)?;
    let placement = fields.need("placement", text)?;
    let placement = Placement::parse(&placement).ok_or_else(|| {
        let known = Placement::ALL.map(Placement::name).join(", ");
        let message = format!("`{placement}` is no placement; known: {known}");
        coded("request/unknown-placement", &message)
    })?;
    let exclude = fields.need("exclude", texts)?;
    let request = Request {
        placement,
        item: fields.may("item", text)?.and_then(|id| model.item_ix(&id)),
        count: fields.need("count", count)? as usize,
        seen: if fields.need("includeSeen", flag)? { Seen::Include } else { Seen::LeaveOut },
        owned: if fields.need("includeOwned", flag)? { Owned::Include } else { Owned::LeaveOut },
        exclude: exclude.iter().filter_map(|id| model.item_ix(id)).collect(),
        ..Request::default()
    };
    Ok((request, if fields.need("explain", flag)? { Explain::Yes } else { Explain::No }))
}

pub(super) fn slate(slate: &Slate, model: &Model, explain: Explain) -> Result<JsValue, JsValue> {
    let items = slate.items.iter().map(|scored| item(scored, model, explain)).collect();
    to_js(&SlateOut { source: slate.source.name(), items })
}

fn item<'a>(scored: &Scored, model: &'a Model, explain: Explain) -> ItemOut<'a> {
    let reason = |reason: crate::explain::Reason| ReasonOut {
        kind: reason.cause.name(),
        item: reason.cause.item().map(|item| model.item_id(item)),
        share: reason.share,
    };
    ItemOut {
        item: model.item_id(scored.item),
        score: scored.score,
        reasons: (explain == Explain::Yes)
            .then(|| reasons(scored).into_iter().map(reason).collect()),
    }
}

pub(super) fn info(model: &Model) -> Result<JsValue, JsValue> {
    to_js(&InfoOut {
        items: model.n_items(),
        dim: model.dim(),
        bits: model.bits(),
        about: model.about(),
    })
}

/// The version decides before the content does: a newer state has fields this engine would
/// call mistakes.
pub(super) fn state(value: &JsValue) -> Result<SessionState, JsValue> {
    const INVALID: &str = "state/invalid";
    let fields = Fields::of(value, INVALID)?;
    let found = fields.need("version", count)?;
    if found > STATE_VERSION {
        return Err(error::restore(RestoreError::Newer { found, supported: STATE_VERSION }));
    }
    let fields = fields.only(&["version", "events", "cart", "bought"])?;
    let events = fields.need("events", list)?;
    let events = events.iter().map(|event| read_event(event, INVALID, INVALID));
    Ok(SessionState {
        version: found,
        events: events.collect::<Result<_, _>>()?,
        cart: fields.need("cart", texts)?,
        bought: fields.need("bought", texts)?,
    })
}

pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value
        .serialize(&Serializer::json_compatible())
        .map_err(|error| coded("internal", &error.to_string()))
}
