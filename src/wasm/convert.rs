//! The shapes that cross the door, and nothing else.

use super::error::{self, coded};
use crate::explain::reasons;
use crate::model::Model;
use crate::session::{RestoreError, STATE_VERSION, SessionState};
use crate::types::{Event, EventKind, Owned, Placement, Request, Scored, Seen, Slate};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EventIn {
    kind: String,
    item: Option<String>,
    time_ms: u64,
    dwell_ms: Option<u32>,
    query: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RequestIn {
    placement: String,
    item: Option<String>,
    count: u32,
    include_seen: bool,
    include_owned: bool,
    exclude: Vec<String>,
    explain: bool,
}

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

/// What every version of the session state has in common.
#[derive(Deserialize)]
struct StateHead {
    version: u32,
}

/// Whether the slate carries its reasons.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Explain {
    No,
    Yes,
}

pub(super) fn event(value: JsValue) -> Result<Event, JsValue> {
    let EventIn { kind, item, time_ms, dwell_ms, query } = parse(value, "event/invalid")?;
    let kind = EventKind::parse(&kind).ok_or_else(|| {
        let known = EventKind::ALL.map(EventKind::name).join(", ");
        coded("event/unknown-type", &format!("`{kind}` is no event type; known: {known}"))
    })?;
    Ok(Event { kind, item, time_ms, dwell_ms, query })
}

pub(super) fn request(value: JsValue, model: &Model) -> Result<(Request, Explain), JsValue> {
    let asked: RequestIn = parse(value, "request/invalid")?;
    let placement = Placement::parse(&asked.placement).ok_or_else(|| {
        let known = Placement::ALL.map(Placement::name).join(", ");
        let message = format!("`{}` is no placement; known: {known}", asked.placement);
        coded("request/unknown-placement", &message)
    })?;
    let request = Request {
        placement,
        item: asked.item.and_then(|id| model.item_ix(&id)),
        count: asked.count as usize,
        seen: if asked.include_seen { Seen::Include } else { Seen::LeaveOut },
        owned: if asked.include_owned { Owned::Include } else { Owned::LeaveOut },
        exclude: asked.exclude.iter().filter_map(|id| model.item_ix(id)).collect(),
    };
    Ok((request, if asked.explain { Explain::Yes } else { Explain::No }))
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
pub(super) fn state(value: JsValue) -> Result<SessionState, JsValue> {
    let StateHead { version: found } = parse(value.clone(), "state/invalid")?;
    if found > STATE_VERSION {
        return Err(error::restore(RestoreError::Newer { found, supported: STATE_VERSION }));
    }
    parse(value, "state/invalid")
}

/// Reads a JavaScript value; what does not fit is an error with this `code`.
pub(super) fn parse<T: DeserializeOwned>(value: JsValue, code: &str) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|error| coded(code, &error.to_string()))
}

pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value
        .serialize(&Serializer::json_compatible())
        .map_err(|error| coded("internal", &error.to_string()))
}
