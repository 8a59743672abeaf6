//! What a field's value says, as the catalogue would write it.

use super::Value;
use crate::model::words;
use crate::types::{self, BETWEEN, MAX_ID_BYTES};

/// The levels of a category.
pub(super) fn levels(value: &Value) -> Vec<&str> {
    let texts = match value {
        Value::Number(_) => &[],
        Value::Text(text) => std::slice::from_ref(text),
        Value::Texts(texts) => texts.as_slice(),
    };
    let levels = texts.iter().flat_map(|text| types::levels(text)).map(str::trim);
    levels.filter(|level| !level.is_empty()).collect()
}

/// `A`, `A > B`; deeper than 256 bytes is left out.
pub(super) fn paths<'a>(levels: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut path = String::new();
    let deeper = |level: &str| {
        if !path.is_empty() {
            path.push_str(BETWEEN);
        }
        path.push_str(level);
        (path.len() <= MAX_ID_BYTES).then(|| path.clone())
    };
    levels.map_while(deeper).collect()
}

pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => words::number(text),
        Value::Texts(_) => None,
    }
}

/// Days since 1970 of a date (`2026-11-24`, whatever follows) or of a number of them.
pub(super) fn day(value: &Value) -> Option<f64> {
    let Value::Text(text) = value else { return number(value) };
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(words::number);
    if text.as_bytes().get(4) != Some(&b'-') || text.as_bytes().get(7) != Some(&b'-') {
        return words::number(text);
    }
    let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
    if !((1.0..=12.0).contains(&month) && (1.0..=31.0).contains(&day)) {
        return None;
    }
    // Years that begin in March, so that the leap day comes last.
    let (year, month) = if month <= 2.0 { (year - 1.0, month + 9.0) } else { (year, month - 3.0) };
    let leap = libm::floor(year / 4.0) - libm::floor(year / 100.0) + libm::floor(year / 400.0);
    let of_year = libm::floor((153.0 * month + 2.0) / 5.0) + day - 1.0;
    Some(year * 365.0 + leap + of_year - 719_468.0)
}

#[expect(clippy::cast_possible_truncation, reason = "prices need no more than 24 bits")]
pub(super) fn single(number: f64) -> Option<f32> {
    let number = number as f32;
    (!number.is_infinite()).then_some(number)
}

/// The value as a catalogue would write it.
pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Texts(texts) => texts.join(", "),
        Value::Number(number) => decimal(*number),
    }
}

/// A number with at most six digits behind the point; empty for one that is not finite or too
/// large. By hand: what prints any float is a sixth of the WebAssembly module.
#[expect(clippy::cast_possible_truncation, reason = "bounded before it is cast")]
#[expect(clippy::cast_sign_loss, reason = "its magnitude")]
pub(super) fn decimal(number: f64) -> String {
    if number.is_nan() || number.abs() >= 1e12 {
        return String::new();
    }
    let scaled = libm::round(number.abs() * 1e6) as u64;
    let sign = if number < 0.0 && scaled > 0 { "-" } else { "" };
    let (whole, fraction) = (scaled / 1_000_000, scaled % 1_000_000);
    let mut text = [sign, &whole.to_string()].concat();
    if fraction > 0 {
        let digits = (1_000_000 + fraction).to_string();
        text.push('.');
        text.push_str(digits[1..].trim_end_matches('0'));
    }
    text
}
