//! Reads conditions: what must be true of an item.

use super::at::{At, nearest};
use super::error::{Flaw, RuleError};
use super::note::Remark;
use super::reader::{Bounds, Fields, Reader, found, list, number, whole};
use crate::kernels::sort_by;
use crate::model::{Column, Terms};
use crate::types::{Condition, Data, FieldIx, ItemIx, MAX_DEPTH};

/// What joins conditions, or names items; every other word is a field of the catalogue.
pub const JOINTS: [&str; 4] = ["all", "any", "not", "items"];
/// What a condition on a field may say beside a value or a list of values.
pub const OPERATORS: [&str; 6] = ["not", "atLeast", "atMost", "same", "levels", "within"];
/// What a request's filter may say beside conditions.
pub const SHORTHANDS: [&str; 2] = ["minPrice", "maxPrice"];

const OBJECT: &str = "an object of conditions";
const VALUE: &str = "a text, a number, a flag, a list of these, or an object";
const AMOUNT: Bounds = Bounds(-1e12, 1e12, "a number of at most twelve digits");
const FACTOR: Bounds = Bounds(0.0, 1_000.0, "a number from 0 to 1000");
const LEVELS: Bounds = Bounds(1.0, 255.0, "a whole number from 1 to 255");

/// Whose conditions are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// A rule's.
    Rule,
    /// A request's, which has shorthands.
    Filter,
}

/// The condition that an object says: all of its fields hold.
pub(super) fn condition(
    reader: &mut Reader<'_>,
    (at, data): (&At<'_>, &Data),
    dialect: Dialect,
) -> Result<Condition, RuleError> {
    if at.depth() >= MAX_DEPTH {
        return Err(RuleError::new(
            at,
            Flaw::TooLarge { what: "levels of nesting", most: MAX_DEPTH },
        ));
    }
    let fields = Fields::of(at, data, OBJECT)?;
    let mut parts = Vec::new();
    for (name, value) in fields.iter() {
        let at = &at.field(name);
        match name {
            "all" => parts.push(Condition::All(conditions(reader, (at, value), dialect)?)),
            "any" => parts.push(Condition::Any(conditions(reader, (at, value), dialect)?)),
            "not" => {
                let part = condition(reader, (at, value), dialect)?;
                parts.push(Condition::Not(Box::new(part)));
            }
            "items" => parts.push(Condition::Items(items(reader, at, value)?)),
            "minPrice" | "maxPrice" if dialect == Dialect::Filter => {}
            field => parts.push(of_field(reader, (at, value), field)?),
        }
    }
    if dialect == Dialect::Filter
        && let Some((least, most)) = range(&fields, SHORTHANDS)?
    {
        parts.push(resolve_range(reader, at, "price", (least, most)));
    }
    Ok(joined(parts))
}

/// One condition of several that must all hold.
fn joined(mut parts: Vec<Condition>) -> Condition {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => Condition::All(parts.into_iter().chain(last).collect()),
    }
}

fn conditions(
    reader: &mut Reader<'_>,
    (at, data): (&At<'_>, &Data),
    dialect: Dialect,
) -> Result<Vec<Condition>, RuleError> {
    let parts = list(at, data, "a list of conditions")?;
    let parts = parts.iter().enumerate();
    parts.map(|(place, part)| condition(reader, (&at.index(place), part), dialect)).collect()
}

/// Known items of a list of ids, ascending.
fn items(reader: &mut Reader<'_>, at: &At<'_>, data: &Data) -> Result<Vec<ItemIx>, RuleError> {
    let mut items: Vec<ItemIx> = ids(reader, at, data)?.into_iter().flatten().collect();
    sort_by(&mut items, Ord::cmp);
    items.dedup();
    Ok(items)
}

/// The items of a list of ids; `None` for those the model does not know.
pub(super) fn ids(
    reader: &mut Reader<'_>,
    at: &At<'_>,
    data: &Data,
) -> Result<Vec<Option<ItemIx>>, RuleError> {
    let (mut items, mut unknown) = (Vec::new(), Vec::new());
    for (place, id) in list(at, data, "a list of item ids")?.iter().enumerate() {
        let id = reader.word(&at.index(place), id)?;
        let item = reader.model.item_ix(id);
        if item.is_none() {
            unknown.push(id);
        }
        items.push(item);
    }
    if let Some(&first) = unknown.first() {
        reader.note(at, Remark::NoItems { n: unknown.len(), first: first.to_owned() });
    }
    Ok(items)
}

/// What a field must be: a value, one of several, or what an object of operators says.
fn of_field(
    reader: &mut Reader<'_>,
    (at, data): (&At<'_>, &Data),
    field: &str,
) -> Result<Condition, RuleError> {
    if !matches!(data, Data::Object(_)) {
        return values(reader, (at, data), field);
    }
    let fields = Fields::of(at, data, VALUE)?;
    fields.only(&OPERATORS)?;
    let mut parts = Vec::new();
    if let Some(other) = fields.may("not") {
        let values = values(reader, (&at.field("not"), other), field)?;
        parts.push(Condition::Not(Box::new(values)));
    }
    if let Some((least, most)) = range(&fields, ["atLeast", "atMost"])? {
        parts.push(resolve_range(reader, at, field, (least, most)));
    }
    if let Some(Same { levels }) = same(&fields, field)? {
        let condition = |field| Condition::Same { field, levels };
        parts.push(resolve(reader, at, field, (Holds::Terms, condition)));
    }
    if let Some((below, above)) = within(&fields)? {
        let condition = |field| Condition::Near { field, below, above };
        parts.push(resolve(reader, at, field, (Holds::Numbers, condition)));
    }
    if parts.is_empty() {
        let expected = "one of not, atLeast, atMost, same, within";
        return Err(RuleError::expected(at, expected, "none of them"));
    }
    Ok(joined(parts))
}

/// Both bounds of a range, infinite where only the other is written; `None` where neither is.
fn range(
    fields: &Fields<'_>,
    [least, most]: [&'static str; 2],
) -> Result<Option<(f32, f32)>, RuleError> {
    if fields.may(least).is_none() && fields.may(most).is_none() {
        return Ok(None);
    }
    let low = fields.number_or(least, f64::NEG_INFINITY, &AMOUNT)?;
    let high = fields.number_or(most, f64::INFINITY, &AMOUNT)?;
    if low > high {
        let expected = "a lower bound that is not above the upper one";
        return Err(RuleError::expected(&fields.at.field(least), expected, "a larger number"));
    }
    Ok(Some((narrow(low), narrow(high))))
}

/// That a field is compared with the product's, and how many levels must agree.
struct Same {
    levels: Option<u8>,
}

/// How the field is compared with the product's, if it is.
fn same(fields: &Fields<'_>, field: &str) -> Result<Option<Same>, RuleError> {
    let at = fields.at;
    let levels = fields.may("levels").map(|data| (at.field("levels"), data));
    let Some(same) = fields.may("same") else {
        return match levels {
            Some((at, _)) => Err(RuleError::expected(&at, "`same` beside it", "`levels` alone")),
            None => Ok(None),
        };
    };
    if *same != Data::Flag(true) {
        return Err(RuleError::expected(&at.field("same"), "true", found(same)));
    }
    let Some((at, data)) = levels else { return Ok(Some(Same { levels: None })) };
    if field != "category" {
        return Err(RuleError::expected(&at, "levels of `category` only", "another field's"));
    }
    Ok(Some(Same { levels: u8::try_from(whole(&at, data, &LEVELS)?).ok() }))
}

/// The factors of `within: [0.7, 1.3]`.
fn within(fields: &Fields<'_>) -> Result<Option<(f32, f32)>, RuleError> {
    const EXPECTED: &str = "a list of two factors, for example [0.7, 1.3]";
    let at = fields.at.field("within");
    let Some(data) = fields.may("within") else { return Ok(None) };
    let [below, above] = list(&at, data, EXPECTED)? else {
        return Err(RuleError::expected(&at, EXPECTED, "a list of another length"));
    };
    let below = number(&at.index(0), below, &FACTOR)?;
    let above = number(&at.index(1), above, &FACTOR)?;
    if below > above {
        return Err(RuleError::expected(&at, "the smaller factor first", "the larger one"));
    }
    Ok(Some((narrow(below), narrow(above))))
}

/// One of these values.
fn values(
    reader: &mut Reader<'_>,
    (at, data): (&At<'_>, &Data),
    field: &str,
) -> Result<Condition, RuleError> {
    let one = std::slice::from_ref(data);
    let written = if let Data::List(list) = data { list.as_slice() } else { one };
    for (place, value) in written.iter().enumerate() {
        let place = at.index(place);
        let at = if matches!(data, Data::List(_)) { &place } else { at };
        match value {
            Data::Text(_) => drop(reader.word(at, value)?),
            Data::Number(_) => drop(number(at, value, &AMOUNT)?),
            Data::Flag(_) => {}
            _ => return Err(RuleError::expected(at, VALUE, found(value))),
        }
    }
    let Some(ix) = known(reader, at, field) else { return Ok(Condition::Any(Vec::new())) };
    match reader.model.attributes().column(ix) {
        Some(Column::Terms(terms)) => {
            let found = written.iter().filter_map(|value| term(reader, at, (terms, field), value));
            Ok(Condition::Terms { field: ix, terms: found.collect() })
        }
        _ => Ok(Condition::Any(numbers(reader, at, ix, written))),
    }
}

/// Each number as a range of its own.
fn numbers(
    reader: &mut Reader<'_>,
    at: &At<'_>,
    field: FieldIx,
    written: &[Data],
) -> Vec<Condition> {
    let number = |value: &Data| match *value {
        Data::Number(x) => Some(Condition::Range { field, least: narrow(x), most: narrow(x) }),
        _ => None,
    };
    let ranges: Vec<Condition> = written.iter().filter_map(number).collect();
    if ranges.len() < written.len() {
        reader.note(at, Remark::OtherKind { holds: "numbers" });
    }
    ranges
}

/// The term a value stands for, if an item has it.
fn term(
    reader: &mut Reader<'_>,
    at: &At<'_>,
    (terms, field): (&Terms, &str),
    value: &Data,
) -> Option<u32> {
    let written = match value {
        Data::Text(text) if field == "category" => path(text),
        Data::Text(text) => text.clone(),
        Data::Flag(flag) => flag.to_string(),
        Data::Number(number) => digits(*number)?,
        _ => return None,
    };
    let term = terms.find(&written);
    if term.is_none() {
        let nearest = likely(reader, terms, &written);
        reader.note(at, Remark::NoTerm { term: written, nearest });
    }
    term
}

/// A category as the model writes it: `Shoes > Boots`.
fn path(written: &str) -> String {
    let levels: Vec<&str> = written.split('>').map(str::trim).collect();
    levels.join(" > ")
}

/// A whole number as text. No others: what prints fractions is large.
#[expect(clippy::cast_possible_truncation, reason = "at most twelve digits")]
#[expect(clippy::float_cmp, reason = "a whole number is exactly itself without its fraction")]
fn digits(number: f64) -> Option<String> {
    (libm::trunc(number) == number).then(|| (number as i64).to_string())
}

/// The term that was probably meant: a category that ends in it, or one nearly like it.
fn likely(reader: &Reader<'_>, terms: &Terms, word: &str) -> Option<String> {
    const MOST: u32 = 10_000;
    // Looking at every term for each of very many slips would take seconds.
    if reader.notes.len() > 10 {
        return None;
    }
    let n_terms = u32::try_from(terms.n_terms()).unwrap_or(MOST).min(MOST);
    let names = || (0..n_terms).map(|term| terms.name(term));
    let inner = [" > ", word].concat();
    let found = names().find(|name| name.ends_with(&inner));
    found.or_else(|| nearest(word, names())).map(str::to_owned)
}

fn resolve_range(
    reader: &mut Reader<'_>,
    at: &At<'_>,
    field: &str,
    (least, most): (f32, f32),
) -> Condition {
    let range = |field| Condition::Range { field, least, most };
    resolve(reader, at, field, (Holds::Numbers, range))
}

/// What the values of a field are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Terms,
    Numbers,
}

/// A condition on a field of the right kind, or one that no item meets.
fn resolve(
    reader: &mut Reader<'_>,
    at: &At<'_>,
    field: &str,
    (needed, condition): (Holds, impl Fn(FieldIx) -> Condition),
) -> Condition {
    let nothing = Condition::Any(Vec::new());
    let Some(ix) = known(reader, at, field) else { return nothing };
    let holds = match reader.model.attributes().column(ix) {
        Some(Column::Terms(_)) => Holds::Terms,
        _ => Holds::Numbers,
    };
    if holds == needed {
        return condition(ix);
    }
    let holds = if holds == Holds::Terms { "terms" } else { "numbers" };
    reader.note(at, Remark::OtherKind { holds });
    nothing
}

/// The field of this name; noted if the model has none.
pub(super) fn known(reader: &mut Reader<'_>, at: &At<'_>, field: &str) -> Option<FieldIx> {
    let attributes = reader.model.attributes();
    let found = attributes.field(field);
    if found.is_none() {
        let nearest = nearest(field, attributes.names()).map(str::to_owned);
        reader.note(at, Remark::NoField { nearest });
    }
    found
}

#[expect(clippy::cast_possible_truncation, reason = "the model's numbers are as narrow")]
fn narrow(number: f64) -> f32 {
    number as f32
}
