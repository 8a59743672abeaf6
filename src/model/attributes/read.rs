#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::terms::{Lists, Terms};
use super::{Attributes, Column, MAX_FIELD_BYTES, MAX_FIELDS};
use crate::model::cursor::Cursor;
use crate::model::ids::Names;
use crate::model::numbers::Rule;

/// How the values of a field stand in the file.
pub(super) const MANY_TERMS: u8 = 0;
pub(super) const ONE_TERM: u8 = 1;
pub(super) const DECIMALS: u8 = 2;
pub(super) const FLOATS: u8 = 3;

/// Digits behind the point of a decimal, at most.
pub(super) const MAX_DIGITS: u8 = 6;

/// Reads every field. Each takes at least a byte an item, so what is allocated stays in
/// proportion.
pub(in crate::model) fn read(mut cursor: Cursor<'_>, n_items: usize) -> Result<Attributes, Rule> {
    let n_fields = usize::from(cursor.u16().ok_or("no counts")?);
    if cursor.u16().ok_or("no counts")? != 0 {
        return Err("a reserved byte is set");
    }
    if n_fields == 0 || n_fields > MAX_FIELDS {
        return Err("the number of fields is not 1 to 256");
    }
    let mut attributes = Attributes::default();
    for _ in 0..n_fields {
        let kind = cursor.u8().ok_or("a field is cut short")?;
        let name = name(&mut cursor)?;
        if attributes.field(name).is_some() {
            return Err("a field stands in it twice");
        }
        attributes.insert(name, column(&mut cursor, kind, n_items)?);
    }
    cursor.end()?;
    Ok(attributes)
}

fn name<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Rule> {
    let length = usize::from(cursor.u8().ok_or("a field is cut short")?);
    if length == 0 || length > MAX_FIELD_BYTES {
        return Err("the name of a field is not 1 to 64 bytes long");
    }
    let name = cursor.take(length).ok_or("a field is cut short")?;
    std::str::from_utf8(name).map_err(|_| "not UTF-8")
}

fn column(cursor: &mut Cursor<'_>, kind: u8, n_items: usize) -> Result<Column, Rule> {
    match kind {
        MANY_TERMS => many(cursor, n_items).map(Column::Terms),
        ONE_TERM => one(cursor, n_items).map(Column::Terms),
        DECIMALS => decimals(cursor, n_items).map(Column::Numbers),
        FLOATS => floats(cursor, n_items).map(Column::Numbers),
        _ => Err("neither terms nor numbers"),
    }
}

/// The names of a field's terms, and how many there are.
fn names(cursor: &mut Cursor<'_>) -> Result<(Names, usize), Rule> {
    let n_bytes = cursor.u32().ok_or("a field is cut short")? as usize;
    let names = Names::read(Cursor::new(cursor.take(n_bytes).ok_or("the terms are cut short")?))?;
    let n_terms = names.len();
    Ok((names, n_terms))
}

fn many(cursor: &mut Cursor<'_>, n_items: usize) -> Result<Terms, Rule> {
    let (names, n_terms) = names(cursor)?;
    let counts = cursor.take(n_items).ok_or("not one count an item")?;
    let total = counts.iter().fold(0_usize, |sum, &n| sum.saturating_add(usize::from(n)));
    if total > cursor.left() {
        return Err("a list of terms is cut short");
    }
    let mut ends = Vec::with_capacity(n_items);
    let mut terms = Vec::with_capacity(total);
    for &count in counts {
        for _ in 0..count {
            let term = cursor.varint().ok_or("a list of terms is cut short")?;
            terms.push(known(term, n_terms)?);
        }
        ends.push(u32::try_from(terms.len()).map_err(|_| "too many terms")?);
    }
    Ok(Terms::packed(names, Lists::Many { ends, terms }))
}

fn one(cursor: &mut Cursor<'_>, n_items: usize) -> Result<Terms, Rule> {
    let (names, n_terms) = names(cursor)?;
    let terms = each(cursor, n_items, |code| {
        code.checked_sub(1).map(|term| known(term, n_terms)).transpose()
    })?;
    Ok(Terms::packed(names, Lists::one(terms.into_iter())))
}

fn known(term: usize, n_terms: usize) -> Result<u32, Rule> {
    let term = u32::try_from(term).ok().filter(|_| term < n_terms);
    term.ok_or("a term is none of the field's")
}

/// Whole numbers behind a count of digits: 0 for not known, else the number and one more.
fn decimals(cursor: &mut Cursor<'_>, n_items: usize) -> Result<Vec<f32>, Rule> {
    let digits = cursor.u8().ok_or("a field is cut short")?;
    if digits > MAX_DIGITS {
        return Err("more than six digits behind the point");
    }
    let scale = (0..digits).fold(1.0, |scale: f64, _| scale * 10.0);
    each(cursor, n_items, |code| Ok(decimal(code, scale)))
}

/// The single nearest to `(code − 1) / scale`.
#[expect(clippy::cast_possible_truncation, reason = "prices need no more than 24 bits")]
fn decimal(code: usize, scale: f64) -> f32 {
    match code.checked_sub(1).and_then(|number| u32::try_from(number).ok()) {
        Some(number) => (f64::from(number) / scale) as f32,
        None => f32::NAN,
    }
}

fn floats(cursor: &mut Cursor<'_>, n_items: usize) -> Result<Vec<f32>, Rule> {
    let numbers = cursor.f32s(n_items).ok_or("not one number an item")?;
    if numbers.iter().any(|x| x.is_infinite()) { Err("a number is infinite") } else { Ok(numbers) }
}

/// What `read` makes of a code each item.
fn each<T>(
    cursor: &mut Cursor<'_>,
    n_items: usize,
    read: impl Fn(usize) -> Result<T, Rule>,
) -> Result<Vec<T>, Rule> {
    if n_items > cursor.left() {
        return Err("not one value an item");
    }
    let mut values = Vec::with_capacity(n_items);
    for _ in 0..n_items {
        values.push(read(cursor.varint().ok_or("not one value an item")?)?);
    }
    Ok(values)
}
