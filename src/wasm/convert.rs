//! The shapes that go out of the door, and nothing else.

use super::error::coded;
use crate::caller::Explain;
use crate::explain::reasons;
use crate::model::Model;
use crate::types::{Scored, Slate};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

#[derive(Serialize)]
struct SlateOut<'a> {
    source: &'static str,
    items: Vec<ItemOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    short: Option<&'static str>,
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

pub(super) fn slate(slate: &Slate, model: &Model, explain: Explain) -> Result<JsValue, JsValue> {
    let items = slate.items.iter().map(|scored| item(scored, model, explain)).collect();
    let short = slate.shortfall.map(crate::types::Shortfall::name);
    to_js(&SlateOut { source: slate.source.name(), items, short })
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

pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value
        .serialize(&Serializer::json_compatible())
        .map_err(|error| coded("internal", &error.to_string()))
}
