//! The scenario suite: what a case file says, and how the engine answers it.
//!
//! A case is plain JSON, so that the same files are run natively, in WebAssembly and
//! through the npm package. Numbers are written as the `f64` of an `f32`: they compare
//! with `===` in JavaScript.

use mercer::caller::{self, Asked};
use mercer::model::Model;
use mercer::rules::RuleSet;
use mercer::types::{Data, Event, Request, Slate};
use mercer::{Engine, Session};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt::Display;

/// Pairs of a case's file name and its text.
macro_rules! cases {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../cases/", $name, ".json")))),*]
    };
}

/// Every case, compiled in: a browser has no folder to look into.
pub(crate) const CASES: &[(&str, &str)] = cases![
    "added-after-a-click",
    "added-embedding",
    "added-more-like-this",
    "added-page",
    "added-tried",
    "added-viewed",
    "bought-and-wished",
    "bought-together",
    "bought-together-explores",
    "bought-together-neighbours",
    "bought-together-of-the-cart",
    "bought-together-stranger",
    "bought-together-unknown",
    "bought-together-vectors",
    "cart",
    "cart-and-purchase",
    "cart-empty",
    "cart-lists",
    "cart-of-many",
    "cart-of-the-session",
    "dismissed",
    "diversity-half",
    "diversity-whole",
    "dwell-long",
    "dwell-short",
    "eight-bit-model",
    "every-kind-of-event",
    "exclude",
    "filter",
    "filter-compares",
    "filter-nothing",
    "fold-in",
    "fold-in-without-direction",
    "home-explores-other-seed",
    "home-session-explores",
    "home-stranger-context",
    "home-stranger-explores",
    "home-stranger-shelves",
    "item-without-direction",
    "longer-than-the-encoder",
    "more-like-this",
    "more-like-this-lists",
    "more-like-this-without-direction",
    "more-like-this-without-product",
    "more-than-the-catalogue",
    "neighbours-alone",
    "neighbours-alone-stranger",
    "neighbours-and-vectors",
    "neighbours-without-direction",
    "non-ascii-ids",
    "one-click",
    "owned-included",
    "page-longer-than-the-shop",
    "page-without-doubles",
    "popular",
    "popular-context",
    "query-of-the-request",
    "query-of-the-session",
    "recently-viewed",
    "recently-viewed-filtered",
    "recently-viewed-rules",
    "recently-viewed-short",
    "recently-viewed-stranger",
    "related-explores",
    "related-lists-other-shelf",
    "related-other-shelf",
    "related-page-product",
    "related-unknown-product",
    "related-with-session",
    "remove-from-cart",
    "repeats-included",
    "returning-after-a-click",
    "returning-cart",
    "returning-home",
    "rotation",
    "rotation-recovers",
    "rotation-unasked",
    "rule-boost-and-bury",
    "rule-exclude",
    "rule-fresh",
    "rule-include",
    "rule-include-same-shelf",
    "rule-include-without-product",
    "rule-limit-field",
    "rule-limit-level",
    "rule-limit-where",
    "rule-minimum",
    "rule-minimum-of-its-way",
    "rule-of-its-time",
    "rule-pin",
    "rule-promote",
    "rule-stock",
    "rule-stock-low-excluded",
    "rule-variants-all",
    "rules-close-everything",
    "rules-together",
    "search-excluded",
    "search-filtered-and-pinned",
    "search-nothing",
    "search-session",
    "search-stranger",
    "search-unknown",
    "search-unknown-filtered",
    "select-and-view",
    "several-clicks",
    "short-known",
    "spelt-model",
    "stock-without-a-rule",
    "stranger",
    "trending",
    "trending-unknown",
    "unknown-items-mixed",
    "unknown-items-only",
    "updated",
    "variants-collapse",
    "variants-of-the-cart",
];

/// The models the cases speak of, compiled in.
const MODELS: [(&str, &[u8]); 8] = [
    ("golden/blend.mercer", include_bytes!("../golden/blend.mercer")),
    ("golden/fold-in.mercer", include_bytes!("../golden/fold-in.mercer")),
    ("golden/lists.mercer", include_bytes!("../golden/lists.mercer")),
    ("golden/shop.mercer", include_bytes!("../golden/shop.mercer")),
    ("golden/small.mercer", include_bytes!("../golden/small.mercer")),
    ("golden/spelt.mercer", include_bytes!("../golden/spelt.mercer")),
    ("golden/wide.mercer", include_bytes!("../golden/wide.mercer")),
    ("golden/words.mercer", include_bytes!("../golden/words.mercer")),
];

/// One scenario: a model, the shop's rules, what the shopper did, what the page asks for, and
/// the answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What is shown, in a sentence.
    pub(crate) name: String,
    /// The model file, below `tests/`.
    pub(crate) model: String,
    /// The shop's rules, as `setRules` takes them.
    #[serde(default)]
    pub(crate) rules: Option<Ask>,
    /// Products the model has never seen, as `addItems` takes them.
    #[serde(default)]
    pub(crate) add: Option<Ask>,
    /// What has changed of products, as `updateItems` takes it.
    #[serde(default)]
    pub(crate) update: Option<Ask>,
    /// What the device kept of earlier visits, as `export` gives it.
    #[serde(default)]
    pub(crate) stored: Option<Ask>,
    /// What happened, oldest first.
    pub(crate) events: Vec<Event>,
    /// What the page asks for: a request, or the units of a page.
    #[serde(alias = "page")]
    pub(crate) request: Ask,
    /// The answer, a slate or one a unit; only a new case has none.
    pub(crate) expect: Option<Answer>,
}

/// A call as JavaScript makes it: read by the engine's own reader, so that every field of
/// [`caller::request`] may stand in a case.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Ask(pub(crate) Data);

/// A slate as JavaScript sees it. Every number is that of an `f32`: what is read is rounded to
/// one, because reading decimals may be off by the last bit of an `f64`. So equal answers are
/// the same bits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer(pub(crate) Data);

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Data::deserialize(deserializer).map(|data| Self(rounded(data)))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the file holds the f64 of an f32")]
fn rounded(data: Data) -> Data {
    let field = |(name, value)| (name, rounded(value));
    match data {
        Data::Number(number) => Data::Number(f64::from(number as f32)),
        Data::List(list) => Data::List(list.into_iter().map(rounded).collect()),
        Data::Object(fields) => Data::Object(fields.into_iter().map(field).collect()),
        other => other,
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
        let mut session = self.session();
        let asked = self.asked(engine.model());
        if let (Some(_), [first, ..]) = (&self.stored, &asked[..]) {
            session.roll_over(first.request.moment.time_ms);
        }
        let requests: Vec<Request> = asked.iter().map(|unit| unit.request.clone()).collect();
        let slates = match &requests[..] {
            [request] if !self.is_page() => vec![engine.recommend(&session, request)],
            units => engine.page(&session, units),
        };
        let say = |(slate, unit): (&Slate, &Asked)| {
            let told = caller::slate(slate, engine.model(), engine.rules(), unit.explain);
            caller::with_unlisted(told, unit)
        };
        let mut answers: Vec<Data> = slates.iter().zip(&asked).map(say).collect();
        Answer(if self.is_page() { Data::List(answers) } else { answers.remove(0) })
    }

    /// The session after everything that happened. What an earlier visit left is a visit of its
    /// own once half an hour of silence lies behind it.
    fn session(&self) -> Session {
        let mut session = match &self.stored {
            Some(Ask(stored)) => self.fine(Session::restore(self.fine(caller::state(stored)))),
            None => Session::new(),
        };
        for event in &self.events {
            if self.stored.is_some() {
                session.roll_over(event.time_ms);
            }
            self.fine(session.observe(event.clone()));
        }
        session
    }

    /// What a call gave.
    ///
    /// # Panics
    /// If it was refused; the case is named.
    fn fine<T, E: Display>(&self, given: Result<T, E>) -> T {
        given.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// The requests, read.
    ///
    /// # Panics
    /// If one is none; the case is named.
    pub(crate) fn asked(&self, model: &Model) -> Vec<Asked> {
        let asked = if self.is_page() {
            caller::page(&self.request.0, model)
        } else {
            caller::request(&self.request.0, model).map(|asked| vec![asked])
        };
        self.fine(asked)
    }

    /// Whether the case asks for the units of a page.
    pub(crate) fn is_page(&self) -> bool {
        matches!(self.request.0, Data::List(_))
    }

    /// An engine with the case's model and rules.
    ///
    /// # Panics
    /// If there is no such model, or rules or products are refused; the case is named.
    pub(crate) fn engine(&self) -> Engine {
        let model = MODELS.iter().find(|(path, _)| *path == self.model);
        let (_, file) = model.unwrap_or_else(|| panic!("{}: no model {}", self.name, self.model));
        let mut engine = Engine::load(file).unwrap();
        if let Some(Ask(rules)) = &self.rules {
            let (rules, _) = self.fine(RuleSet::read(rules, engine.model()));
            engine.set_rules(rules);
        }
        let live = |told: &Option<Ask>| {
            told.iter().flat_map(|Ask(told)| self.fine(caller::products(told))).collect::<Vec<_>>()
        };
        let (added, changed) = (live(&self.add), live(&self.update));
        let taken = engine.change(|model| model.add_all(&added).map(|_| ()));
        self.fine(taken.map_err(|(at, flaw)| caller::of_product(at, &flaw)));
        let taken = engine.change(|model| model.update_all(&changed));
        self.fine(taken.map_err(|(at, flaw)| caller::of_product(at, &flaw)));
        engine
    }
}

impl Serialize for Ask {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Plain(&self.0, Wholes::Integers).serialize(serializer)
    }
}

/// How whole numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wholes {
    /// Without a point.
    Integers,
    /// As every score is.
    #[cfg_attr(target_arch = "wasm32", expect(dead_code, reason = "cases are written natively"))]
    Floats,
}

/// Plain data as JSON, fields in their order.
pub(crate) struct Plain<'a>(pub(crate) &'a Data, pub(crate) Wholes);

impl Serialize for Plain<'_> {
    #[expect(clippy::cast_possible_truncation, reason = "checked: whole and small")]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Data::Null => serializer.serialize_unit(),
            Data::Flag(flag) => serializer.serialize_bool(*flag),
            Data::Number(number) if self.1 == Wholes::Integers && number.fract() == 0.0 => {
                serializer.serialize_i64(*number as i64)
            }
            Data::Number(number) => serializer.serialize_f64(*number),
            Data::Text(text) => serializer.serialize_str(text),
            Data::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                list.iter().try_for_each(|value| seq.serialize_element(&Plain(value, self.1)))?;
                seq.end()
            }
            Data::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                fields
                    .iter()
                    .try_for_each(|(name, v)| map.serialize_entry(name, &Plain(v, self.1)))?;
                map.end()
            }
        }
    }
}
