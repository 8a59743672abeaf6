//! Reads a declaration field by field; what does not fit is refused with its path.
//!
//! Nothing here is inlined: rules are read once, and every copy would be downloaded.

use super::at::{At, nearest, shortened};
use super::error::{Flaw, RuleError};
use super::note::{Remark, RuleNote};
use crate::model::Model;
use crate::types::Data;

/// The most words (terms and ids) a declaration may hold.
pub const MAX_WORDS: usize = 10_000;
/// The longest word, in bytes.
const MAX_WORD_BYTES: usize = 1_024;
/// The most fields of one object.
const MAX_FIELDS: usize = 100;
/// The most notes that are kept.
const MAX_NOTES: usize = 200;

/// What is read against, and what was noticed on the way.
pub(super) struct Reader<'a> {
    pub(super) model: &'a Model,
    pub(super) notes: Vec<RuleNote>,
    n_words: usize,
}

/// The fields of an object, `null` left out.
pub(super) struct Fields<'a> {
    pub(super) at: &'a At<'a>,
    fields: Vec<(&'a str, &'a Data)>,
}

/// From and to, both included, and how to say so.
pub(super) struct Bounds(pub(super) f64, pub(super) f64, pub(super) &'static str);

impl<'a> Reader<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self { model, notes: Vec::new(), n_words: 0 }
    }

    #[inline(never)]
    pub(super) fn note(&mut self, at: &At<'_>, remark: Remark) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(RuleNote { path: at.path(), remark });
        }
    }

    /// A text that stands for a term or an item.
    #[inline(never)]
    pub(super) fn word<'d>(&mut self, at: &At<'_>, data: &'d Data) -> Result<&'d str, RuleError> {
        let text = text(at, data, "a text")?;
        self.n_words += 1;
        if self.n_words > MAX_WORDS {
            let what = "terms and ids";
            return Err(RuleError::new(at, Flaw::TooLarge { what, most: MAX_WORDS }));
        }
        Ok(text)
    }
}

impl<'a> Fields<'a> {
    /// The fields of an object, each written once.
    #[inline(never)]
    pub(super) fn of(
        at: &'a At<'a>,
        data: &'a Data,
        expected: &'static str,
    ) -> Result<Self, RuleError> {
        let Data::Object(written) = data else {
            return Err(RuleError::expected(at, expected, found(data)));
        };
        if written.len() > MAX_FIELDS {
            return Err(RuleError::new(at, Flaw::TooLarge { what: "fields", most: MAX_FIELDS }));
        }
        for (place, (name, _)) in written.iter().enumerate() {
            if written[..place].iter().any(|(other, _)| other == name) {
                return Err(RuleError::expected(&at.field(name), "each field once", "it twice"));
            }
        }
        let given = written.iter().filter(|(_, value)| *value != Data::Null);
        Ok(Self { at, fields: given.map(|(name, value)| (name.as_str(), value)).collect() })
    }

    /// Refuses fields of other names.
    #[inline(never)]
    pub(super) fn only(&self, known: &[&str]) -> Result<(), RuleError> {
        match self.fields.iter().find(|(name, _)| !known.contains(name)) {
            Some((name, _)) => Err(unknown(&self.at.field(name), name, known)),
            None => Ok(()),
        }
    }

    /// A field that may be missing.
    #[inline(never)]
    pub(super) fn may(&self, name: &str) -> Option<&'a Data> {
        self.fields.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }

    /// A field that must be there.
    #[inline(never)]
    pub(super) fn need(
        &self,
        name: &'static str,
        expected: &'static str,
    ) -> Result<&'a Data, RuleError> {
        let missing = || RuleError::expected(&self.at.field(name), expected, "nothing");
        self.may(name).ok_or_else(missing)
    }

    /// A number that must be there.
    pub(super) fn number(&self, name: &'static str, bounds: &Bounds) -> Result<f64, RuleError> {
        number(&self.at.field(name), self.need(name, bounds.2)?, bounds)
    }

    /// A number, or what it is where it is not written.
    pub(super) fn number_or(
        &self,
        name: &'static str,
        default: f64,
        bounds: &Bounds,
    ) -> Result<f64, RuleError> {
        self.may(name).map_or(Ok(default), |data| number(&self.at.field(name), data, bounds))
    }

    /// All of them, as they were written.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a Data)> {
        self.fields.iter().copied()
    }
}

/// A number within bounds.
#[inline(never)]
pub(super) fn number(at: &At<'_>, data: &Data, bounds: &Bounds) -> Result<f64, RuleError> {
    match *data {
        Data::Number(number) if (bounds.0..=bounds.1).contains(&number) => Ok(number),
        Data::Number(_) if found(data) == data.kind() => {
            Err(RuleError::expected(at, bounds.2, "another number"))
        }
        _ => Err(RuleError::expected(at, bounds.2, found(data))),
    }
}

/// A whole number within bounds, below 2^53.
#[expect(clippy::cast_possible_truncation, reason = "bounds are from 0 to 2^53")]
#[expect(clippy::cast_sign_loss, reason = "bounds are from 0 to 2^53")]
#[expect(clippy::float_cmp, reason = "a whole number is exactly itself without its fraction")]
#[inline(never)]
pub(super) fn whole(at: &At<'_>, data: &Data, bounds: &Bounds) -> Result<u64, RuleError> {
    let whole = number(at, data, bounds)?;
    if libm::trunc(whole) == whole {
        return Ok(whole as u64);
    }
    Err(RuleError::expected(at, bounds.2, "a number with a fraction"))
}

/// A text that is not too long.
#[inline(never)]
pub(super) fn text<'d>(
    at: &At<'_>,
    data: &'d Data,
    expected: &'static str,
) -> Result<&'d str, RuleError> {
    match data {
        Data::Text(text) if text.len() > MAX_WORD_BYTES => {
            let what = "bytes in a text";
            Err(RuleError::new(at, Flaw::TooLarge { what, most: MAX_WORD_BYTES }))
        }
        Data::Text(text) => Ok(text),
        _ => Err(RuleError::expected(at, expected, found(data))),
    }
}

/// The elements of a list.
#[inline(never)]
pub(super) fn list<'d>(
    at: &At<'_>,
    data: &'d Data,
    expected: &'static str,
) -> Result<&'d [Data], RuleError> {
    match data {
        Data::List(list) => Ok(list),
        _ => Err(RuleError::expected(at, expected, found(data))),
    }
}

/// The value that one of a few words stands for.
pub(super) fn choice<T: Copy>(
    at: &At<'_>,
    data: &Data,
    known: &[(&str, T)],
) -> Result<T, RuleError> {
    let word = text(at, data, "a text")?;
    let chosen = known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    let names = || known.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    chosen.ok_or_else(|| unknown(at, word, &names()))
}

/// The error for a word that is none of those known.
#[inline(never)]
pub(super) fn unknown(at: &At<'_>, word: &str, known: &[&str]) -> RuleError {
    let nearest = nearest(word, known.iter().copied()).map(str::to_owned);
    let (word, known) = (shortened(word).to_owned(), known.join(", "));
    RuleError::new(at, Flaw::Unknown { word, known, nearest })
}

/// What a value is, for messages.
#[inline(never)]
pub(super) fn found(data: &Data) -> &'static str {
    match *data {
        Data::Number(number) if number.is_nan() => "NaN",
        Data::Number(number) if number.is_infinite() => "an infinite number",
        Data::Number(number) if number < 0.0 => "a negative number",
        Data::Number(0.0) => "0",
        Data::Number(number) if number > 1e12 => "a huge number",
        _ => data.kind(),
    }
}
