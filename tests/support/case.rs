//! The scenario suite: what a case file says, and how the engine answers it.
//!
//! A case is plain JSON, so that the same files are run natively, in WebAssembly and
//! through the npm package. Numbers are written as the `f64` of an `f32`: they compare
//! with `===` in JavaScript.

use mercer::explain::reasons;
use mercer::model::Model;
use mercer::types::{Event, Owned, Placement, Request, Scored, Seen, Slate};
use mercer::{Engine, Session};
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

/// A request as JavaScript makes it: ids, not indices.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Ask {
    pub(crate) placement: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) item: Option<String>,
    pub(crate) count: u32,
    pub(crate) include_seen: bool,
    pub(crate) include_owned: bool,
    pub(crate) exclude: Vec<String>,
    pub(crate) explain: bool,
}

/// A slate as JavaScript sees it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    pub(crate) source: String,
    pub(crate) items: Vec<ItemSays>,
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
        let slate = engine.recommend(&session, &self.request.resolve(engine.model()));
        Answer::of(&slate, engine.model(), self.request.explain)
    }

    fn engine(&self) -> Engine {
        let model = MODELS.iter().find(|(path, _)| *path == self.model);
        let (_, file) = model.unwrap_or_else(|| panic!("{}: no model {}", self.name, self.model));
        Engine::load(file).unwrap()
    }
}

impl Ask {
    fn resolve(&self, model: &Model) -> Request {
        Request {
            placement: Placement::parse(&self.placement).expect("a placement"),
            item: self.item.as_deref().and_then(|id| model.item_ix(id)),
            count: self.count as usize,
            seen: if self.include_seen { Seen::Include } else { Seen::LeaveOut },
            owned: if self.include_owned { Owned::Include } else { Owned::LeaveOut },
            exclude: self.exclude.iter().filter_map(|id| model.item_ix(id)).collect(),
            ..Request::default()
        }
    }
}

impl Answer {
    fn of(slate: &Slate, model: &Model, explain: bool) -> Self {
        let source = slate.source.name();
        let items = slate.items.iter().map(|scored| ItemSays {
            item: model.item_id(scored.item).to_owned(),
            score: Exact(scored.score),
            reasons: explain.then(|| reasons_of(scored, model)),
        });
        Self { source: source.to_owned(), items: items.collect() }
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
