//! Reads an object field by field. By hand, because the messages of a generic reader can print
//! every kind of value, and what prints floats is a sixth of the WebAssembly module.

use super::Refusal;
use crate::types::{Data, MAX_ID_BYTES};

/// What a value should be, in words, and the value if it is that.
pub(super) struct Kind<T>(pub(super) &'static str, pub(super) fn(&Data) -> Option<T>);

pub(super) const TEXT: Kind<String> = Kind("a text", |data| text(data).map(str::to_owned));
pub(super) const ID: Kind<String> = Kind("a text of at most 256 bytes", id);
pub(super) const FLAG: Kind<bool> = Kind("true or false", flag);
pub(super) const WHOLE: Kind<u64> = Kind("a whole number, 0 or more", whole);
pub(super) const COUNT: Kind<u32> = Kind("a whole number of 32 bits", count);
pub(super) const NUMBER: Kind<f64> = Kind("a number", number);
pub(super) const LEVEL: Kind<f32> = Kind("a number from 0 to 1", level);
pub(super) const TEXTS: Kind<Vec<String>> = Kind("a list of texts", texts);

/// An object's fields; what does not fit is a refusal with its code.
pub(super) struct Fields<'a> {
    fields: &'a [(String, Data)],
    code: &'static str,
}

impl<'a> Fields<'a> {
    /// The fields of an object; no check of their names.
    pub(super) fn of(data: &'a Data, code: &'static str) -> Result<Self, Refusal> {
        match data {
            Data::Object(fields) => Ok(Self { fields, code }),
            other => Err(Refusal::new(code, &["an object is needed here, not ", other.kind()])),
        }
    }

    /// Refuses fields of other names.
    pub(super) fn only(self, known: &[&str]) -> Result<Self, Refusal> {
        match self.fields.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => {
                Err(Refusal::new(self.code, &["`", shortened(name), "` is no known field"]))
            }
            None => Ok(self),
        }
    }

    /// A field that must be there.
    pub(super) fn need<T>(&self, name: &str, kind: &Kind<T>) -> Result<T, Refusal> {
        self.may(name, kind)?
            .ok_or_else(|| Refusal::new(self.code, &["`", name, "` is missing: ", kind.0]))
    }

    /// A field that may be missing or null.
    pub(super) fn may<T>(&self, name: &str, kind: &Kind<T>) -> Result<Option<T>, Refusal> {
        let Some(data) = self.data(name) else { return Ok(None) };
        kind.1(data).map(Some).ok_or_else(|| self.refuse(name, data, kind.0))
    }

    /// A field as it stands, unless it is missing or null.
    pub(super) fn data(&self, name: &str) -> Option<&'a Data> {
        let (_, data) = self.fields.iter().find(|(other, _)| other == name)?;
        (*data != Data::Null).then_some(data)
    }

    fn refuse(&self, name: &str, data: &Data, expected: &str) -> Refusal {
        // A text may be too long, or none of the words that are known.
        let is_text = matches!(data, Data::Text(_)) && expected.starts_with("a text");
        let is = if is_text { "another text" } else { data.kind() };
        let parts = ["`", name, "` must be ", expected, "; it is ", is];
        Refusal::new(self.code, &parts)
    }
}

/// A caller's word in a message: its beginning.
pub(super) fn shortened(word: &str) -> &str {
    let end = word.char_indices().nth(40).map_or(word.len(), |(at, _)| at);
    word.get(..end).unwrap_or_default()
}

/// The elements of a list.
pub(super) fn list(data: &Data) -> Option<&[Data]> {
    match data {
        Data::List(list) => Some(list),
        _ => None,
    }
}

/// A whole number up to `most`.
pub(super) fn up_to(data: &Data, most: u8) -> Option<u8> {
    whole(data).and_then(|number| u8::try_from(number).ok()).filter(|&number| number <= most)
}

fn text(data: &Data) -> Option<&str> {
    match data {
        Data::Text(text) => Some(text),
        _ => None,
    }
}

fn id(data: &Data) -> Option<String> {
    text(data).filter(|id| id.len() <= MAX_ID_BYTES).map(str::to_owned)
}

fn flag(data: &Data) -> Option<bool> {
    match data {
        Data::Flag(flag) => Some(*flag),
        _ => None,
    }
}

/// A whole number that an `f64` holds exactly.
#[expect(clippy::cast_possible_truncation, reason = "checked: whole and below 2^53")]
#[expect(clippy::cast_sign_loss, reason = "checked: not negative")]
#[expect(clippy::float_cmp, reason = "a whole number is exactly itself without its fraction")]
fn whole(data: &Data) -> Option<u64> {
    let Data::Number(number) = *data else { return None };
    let fits = (0.0..9_007_199_254_740_992.0).contains(&number) && number.trunc() == number;
    fits.then_some(number as u64)
}

fn count(data: &Data) -> Option<u32> {
    whole(data).and_then(|number| u32::try_from(number).ok())
}

pub(super) fn number(data: &Data) -> Option<f64> {
    match *data {
        Data::Number(number) => Some(number),
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "checked: between 0 and 1")]
fn level(data: &Data) -> Option<f32> {
    match *data {
        Data::Number(number) if (0.0..=1.0).contains(&number) => Some(number as f32),
        _ => None,
    }
}

fn texts(data: &Data) -> Option<Vec<String>> {
    list(data)?.iter().map(|one| text(one).map(str::to_owned)).collect()
}
