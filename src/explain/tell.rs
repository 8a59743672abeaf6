use super::reason::{Reason, reasons};
use crate::model::{Column, Model};
use crate::types::{FieldIx, ItemIx, Scored, Signal};

/// A [`Reason`] by name: everything a phrase needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<'a> {
    /// The stable word for the cause, of [`Cause::name`](super::Cause::name).
    pub kind: &'static str,
    /// The item of the session that it is about.
    pub item: Option<&'a str>,
    /// The field of the catalogue that it is about.
    pub field: Option<&'a str>,
    /// What the item says there.
    pub value: Option<Value<'a>>,
    /// The position of the rule among the shop's rules.
    pub rule: Option<u16>,
    /// Its part of everything that speaks for the item; the shares of an item add up to 1.
    pub share: f32,
}

/// A value of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// A term, for a category its whole path.
    Term(&'a str),
    /// A number, for example a price.
    Number(f32),
}

/// The reasons of an item by name, strongest first.
pub fn tell<'a>(model: &'a Model, scored: &Scored) -> Vec<Told<'a>> {
    let told = |Reason { cause, share }: Reason| Told {
        kind: cause.name(),
        item: cause.item().map(|item| model.item_id(item)),
        field: cause.field().map(|field| model.attributes().name(field)),
        value: cause.field().and_then(|field| value(model, scored, field)),
        rule: cause.rule(),
        share,
    };
    reasons(scored).into_iter().map(told).collect()
}

/// What the item says in a field: the deepest of its terms that an item of the session has
/// too, or else its innermost.
fn value<'a>(model: &'a Model, scored: &Scored, field: FieldIx) -> Option<Value<'a>> {
    match model.attributes().column(field)? {
        Column::Numbers(numbers) => {
            let number = numbers.get(scored.item.at()).copied()?;
            number.is_finite().then_some(Value::Number(number))
        }
        Column::Terms(terms) => {
            let own = terms.of(scored.item);
            let is_shared = |term: &&u32| session(scored).any(|item| terms.has(item, **term));
            let term = own.iter().rev().find(is_shared).or_else(|| own.last())?;
            Some(Value::Term(terms.name(*term)))
        }
    }
}

/// The items of the session that any part of the score speaks of.
fn session(scored: &Scored) -> impl Iterator<Item = ItemIx> {
    scored.contributions.iter().filter_map(|part| match part.signal {
        Signal::Likeness { to: item, .. } | Signal::Neighbours { of: item, .. } => Some(item),
        _ => None,
    })
}
