use super::answer::{number, object, text};
use crate::explain::{Bars, Closed, Pass, Told, Trace, Value, Why, tell};
use crate::model::Model;
use crate::rules::{Rule, RuleSet};
use crate::types::{Data, ItemIx, Scored, Source};

/// The reasons of an item: `[{ kind, item?, field?, value?, rule?, name?, share }]`.
pub(super) fn reasons(scored: &Scored, model: &Model, rules: &RuleSet) -> Data {
    let reason = |told: &Told<'_>| {
        let value = told.value.map(|value| match value {
            Value::Term(term) => text(term),
            Value::Number(number) => Data::Number(number.into()),
        });
        object([
            ("kind", Some(text(told.kind))),
            ("item", told.item.map(text)),
            ("field", told.field.map(text)),
            ("value", value),
            ("rule", told.rule.map(|rule| Data::Number(rule.into()))),
            ("name", told.rule.and_then(|rule| name(rules, rule)).map(text)),
            ("share", Some(Data::Number(told.share.into()))),
        ])
    };
    Data::List(tell(model, scored).iter().map(reason).collect())
}

/// What each stage left:
/// `{ stages: [{ stage, by?, items, ms? }], closed: [{ cause, rule?, name?, items }],
/// dropped: [{ item, cause, rule?, name? }] }`. `times` are the milliseconds of each stage,
/// as far as somebody measured them.
pub fn traced(trace: &Trace, times: &[f64], model: &Model, rules: &RuleSet) -> Data {
    let stage = |(at, pass): (usize, &Pass)| {
        object([
            ("stage", Some(text(pass.stage.name()))),
            ("by", pass.by.map(|source| text(Source::name(source)))),
            ("items", Some(number(pass.n))),
            ("ms", times.get(at).map(|&ms| Data::Number(ms))),
        ])
    };
    let closed = |closed: &Closed| joined(bars(closed.by, rules), [("items", number(closed.n))]);
    let dropped = |&(item, by): &(ItemIx, Bars)| {
        joined(object([("item", Some(text(model.item_id(item))))]), fields(bars(by, rules)))
    };
    object([
        ("stages", Some(Data::List(trace.passes.iter().enumerate().map(stage).collect()))),
        ("closed", Some(Data::List(trace.closed.iter().map(closed).collect()))),
        ("dropped", Some(Data::List(trace.dropped.iter().map(dropped).collect()))),
    ])
}

/// Why an item is in a slate or not: `{ why, … }` with what that variant of [`Why`] holds.
pub fn why(why: &Why, rules: &RuleSet) -> Data {
    let float = |value: f32| Some(Data::Number(value.into()));
    let more = match *why {
        Why::Unknown => object::<0>([]),
        Why::Shown { place } => object([("place", Some(number(place)))]),
        Why::Closed { by } => bars(by, rules),
        Why::NotRetrieved { score, last } => {
            object([("score", score.and_then(float)), ("last", last.and_then(float))])
        }
        Why::Below { rank, score, lacks } => {
            object([("rank", Some(number(rank))), ("score", float(score)), ("lacks", float(lacks))])
        }
        Why::Moved { rank, to } => object([("rank", Some(number(rank))), ("to", Some(number(to)))]),
        Why::Dropped { rank, by } => {
            joined(object([("rank", rank.map(number))]), fields(bars(by, rules)))
        }
    };
    joined(object([("why", Some(text(why.name())))]), fields(more))
}

/// An object with one field more.
pub fn with(object: Data, name: &str, field: Data) -> Data {
    joined(object, [(name, field)])
}

fn bars(by: Bars, rules: &RuleSet) -> Data {
    object([
        ("cause", Some(text(by.cause))),
        ("rule", by.rule.map(|rule| Data::Number(rule.into()))),
        ("name", by.rule.and_then(|rule| name(rules, rule)).map(text)),
    ])
}

/// What the shop calls a rule.
fn name(rules: &RuleSet, rule: u16) -> Option<&str> {
    rules.rules().get(usize::from(rule)).and_then(|rule: &Rule| rule.name.as_deref())
}

fn fields(object: Data) -> Vec<(String, Data)> {
    match object {
        Data::Object(fields) => fields,
        _ => Vec::new(),
    }
}

/// An object with more fields.
fn joined<S: Into<String>>(object: Data, more: impl IntoIterator<Item = (S, Data)>) -> Data {
    let more = more.into_iter().map(|(name, data)| (name.into(), data));
    Data::Object(fields(object).into_iter().chain(more).collect())
}
