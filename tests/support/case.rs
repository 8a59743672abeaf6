//! The scenario suite: what a case file says, and how the engine answers it.
//!
//! A case is plain JSON, so that the same files are run natively, in WebAssembly and
//! through the npm package. Numbers are written as the `f64` of an `f32`: they compare
//! with `===` in JavaScript.

use mercer::caller::{self, Asked, Explain};
use mercer::explain::reasons;
use mercer::model::Model;
use mercer::types::{Data, Event, Scored, Shortfall, Slate};
use mercer::{Engine, Session};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Pairs of a case's file name and its text.
macro_rules! cases {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../cases/", $name, ".json")))),*]
    };
}

/// Every case, compiled in: a browser has no folder to look into.
pub(crate) const CASES: &[(&str, &str)] = cases![
    "cart-and-purchase",
    "dwell-long",
    "dwell-short",
    "eight-bit-model",
    "every-kind-of-event",
    "exclude",
    "fold-in",
    "fold-in-without-direction",
    "item-without-direction",
    "longer-than-the-encoder",
    "more-than-the-catalogue",
    "neighbours-alone",
    "neighbours-alone-stranger",
    "neighbours-and-vectors",
    "neighbours-without-direction",
    "non-ascii-ids",
    "one-click",
    "owned-included",
    "popular",
    "recently-viewed",
    "recently-viewed-stranger",
    "related-page-product",
    "related-unknown-product",
    "related-with-session",
    "remove-from-cart",
    "repeats-included",
    "select-and-view",
    "several-clicks",
    "stranger",
    "unknown-items-mixed",
    "unknown-items-only",
];

/// The models the cases speak of, compiled in.
const MODELS: [(&str, &[u8]); 5] = [
    ("golden/blend.mercer", include_bytes!("../golden/blend.mercer")),
    ("golden/fold-in.mercer", include_bytes!("../golden/fold-in.mercer")),
    ("golden/lists.mercer", include_bytes!("../golden/lists.mercer")),
    ("golden/small.mercer", include_bytes!("../golden/small.mercer")),
    ("golden/wide.mercer", include_bytes!("../golden/wide.mercer")),
];

/// One scenario: a model, what the shopper did, what the page asks for, and the answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What is shown, in a sentence.
    pub(crate) name: String,
    /// The model file, below `tests/`.
    pub(crate) model: String,
    /// What happened, oldest first.
    pub(crate) events: Vec<Event>,
    /// What the page asks for.
    pub(crate) request: Ask,
    /// The answer; only a new case has none.
    pub(crate) expect: Option<Answer>,
}

/// A request as JavaScript makes it: read by the engine's own reader, so that every field of
/// [`caller::request`] may stand in a case.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Ask(pub(crate) Data);

/// A slate as JavaScript sees it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    pub(crate) source: String,
    pub(crate) items: Vec<ItemSays>,
    /// Why there are fewer items than were asked for.
    #[serde(default)]
    pub(crate) short: Option<String>,
}

/// One item of a slate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemSays {
    pub(crate) item: String,
    pub(crate) score: Exact,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reasons: Option<Vec<ReasonSays>>,
}

/// One reason of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonSays {
    pub(crate) kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) item: Option<String>,
    pub(crate) share: Exact,
}

/// A number that is equal only to the same bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exact(pub(crate) f32);

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Exact {}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0))
    }
}

impl<'de> Deserialize<'de> for Exact {
    #[expect(clippy::cast_possible_truncation, reason = "the file holds the f64 of an f32")]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(|number| Self(number as f32))
    }
}

impl Case {
    /// Reads a case.
    ///
    /// # Panics
    /// If the text is not a case; `file` is named.
    pub(crate) fn parse(file: &str, text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The engine's answer.
    pub(crate) fn answer(&self) -> Answer {
        let engine = self.engine();
        let mut session = Session::new();
        for event in &self.events {
            session.observe(event.clone()).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        }
        let asked = self.asked(engine.model());
        Answer::of(&engine.recommend(&session, &asked.request), engine.model(), asked.explain)
    }

    /// The request, read.
    ///
    /// # Panics
    /// If it is none; the case is named.
    pub(crate) fn asked(&self, model: &Model) -> Asked {
        caller::request(&self.request.0, model)
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", self.name))
    }

    /// An engine with the case's model.
    ///
    /// # Panics
    /// If there is no such model; the case is named.
    pub(crate) fn engine(&self) -> Engine {
        let model = MODELS.iter().find(|(path, _)| *path == self.model);
        let (_, file) = model.unwrap_or_else(|| panic!("{}: no model {}", self.name, self.model));
        Engine::load(file).unwrap()
    }
}

impl Serialize for Ask {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Plain(&self.0).serialize(serializer)
    }
}

/// Plain data as JSON, fields in their order, whole numbers without a point.
struct Plain<'a>(&'a Data);

impl Serialize for Plain<'_> {
    #[expect(clippy::cast_possible_truncation, reason = "checked: whole and small")]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Data::Null => serializer.serialize_unit(),
            Data::Flag(flag) => serializer.serialize_bool(*flag),
            Data::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                serializer.serialize_i64(*number as i64)
            }
            Data::Number(number) => serializer.serialize_f64(*number),
            Data::Text(text) => serializer.serialize_str(text),
            Data::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                list.iter().try_for_each(|value| seq.serialize_element(&Plain(value)))?;
                seq.end()
            }
            Data::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                fields.iter().try_for_each(|(name, v)| map.serialize_entry(name, &Plain(v)))?;
                map.end()
            }
        }
    }
}

impl Answer {
    fn of(slate: &Slate, model: &Model, explain: Explain) -> Self {
        let source = slate.source.name();
        let items = slate.items.iter().map(|scored| ItemSays {
            item: model.item_id(scored.item).to_owned(),
            score: Exact(scored.score),
            reasons: (explain == Explain::Yes).then(|| reasons_of(scored, model)),
        });
        let short = slate.shortfall.map(Shortfall::name).map(str::to_owned);
        Self { source: source.to_owned(), items: items.collect(), short }
    }
}

fn reasons_of(scored: &Scored, model: &Model) -> Vec<ReasonSays> {
    let say = |reason: mercer::explain::Reason| ReasonSays {
        kind: reason.cause.name().to_owned(),
        item: reason.cause.item().map(|item| model.item_id(item).to_owned()),
        share: Exact(reason.share),
    };
    reasons(scored).into_iter().map(say).collect()
}
