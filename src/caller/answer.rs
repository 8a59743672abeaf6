use super::explained::reasons;
use super::{Asked, Explain};
use crate::model::{Model, Shard};
use crate::rules::{RuleNote, RuleSet};
use crate::types::{Data, Scored, Shortfall, Slate};

/// A slate as the caller gets it: `{ source, short?, items: [{ item, score, reasons? }] }`.
/// `rules` gives the names of rules.
pub fn slate(slate: &Slate, model: &Model, rules: &RuleSet, explain: Explain) -> Data {
    let item = |scored: &Scored| {
        object([
            ("item", Some(text(model.item_id(scored.item)))),
            ("score", Some(Data::Number(scored.score.into()))),
            ("reasons", (explain == Explain::Yes).then(|| reasons(scored, model, rules))),
        ])
    };
    let items = slate.items.iter().map(item).collect();
    object([
        ("source", Some(text(slate.source.name()))),
        ("short", slate.shortfall.map(|cause| text(Shortfall::name(cause)))),
        ("items", Some(Data::List(items))),
    ])
}

/// The slate of a search with what the model does not know of the list that was given: it keeps
/// its place, or stands at the end, with a score of 0 and no reasons. Any other slate as it is.
pub fn with_unlisted(mut slate: Data, asked: &Asked) -> Data {
    let Data::Object(fields) = &mut slate else { return slate };
    let count = asked.request.count;
    let mut is_full = false;
    for (_, value) in fields.iter_mut().filter(|(name, _)| name == "items") {
        let Data::List(items) = value else { continue };
        for (place, id) in &asked.unlisted {
            items.insert(items.len().min(*place), unlisted(id, asked.explain));
        }
        items.truncate(count);
        is_full = items.len() >= count;
    }
    fields.retain(|(name, _)| name != "short" || !is_full);
    slate
}

fn unlisted(id: &str, explain: Explain) -> Data {
    object([
        ("item", Some(text(id))),
        ("score", Some(Data::Number(0.0))),
        ("reasons", (explain == Explain::Yes).then(|| Data::List(Vec::new()))),
    ])
}

/// What a model is: `{ items, dim, bits, about, shards? }`.
pub fn info(model: &Model) -> Data {
    object([
        ("items", Some(number(model.n_items()))),
        ("dim", Some(number(model.dim()))),
        ("bits", Some(Data::Number(model.bits().into()))),
        ("about", Some(text(model.about()))),
        ("shards", model.directory().map(|directory| number(directory.n_shards()))),
    ])
}

/// The shards that a session asks for: `{ lookups, group? }`, each the name of a file beside the
/// root.
pub fn shards(model: &Model, lookups: &[Shard], group: Option<Shard>) -> Data {
    let file = |shard: &Shard| Some(Data::Text(model.directory()?.file(*shard)?));
    object([
        ("lookups", Some(Data::List(lookups.iter().filter_map(file).collect()))),
        ("group", group.as_ref().and_then(file)),
    ])
}

/// What is to be noted of a declaration: `[{ code, message }]`.
pub fn notes(notes: &[RuleNote]) -> Data {
    let note = |note: &RuleNote| {
        object([("code", Some(text(note.code()))), ("message", Some(Data::Text(note.to_string())))])
    };
    Data::List(notes.iter().map(note).collect())
}

/// An object of the fields that are there.
pub(super) fn object<const N: usize>(fields: [(&str, Option<Data>); N]) -> Data {
    let fields = fields.into_iter();
    Data::Object(fields.filter_map(|(name, data)| Some((name.to_owned(), data?))).collect())
}

pub(super) fn text(text: &str) -> Data {
    Data::Text(text.to_owned())
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(super) fn number(count: usize) -> Data {
    Data::Number(count as f64)
}
