//! Reads a JavaScript object field by field. By hand, because the messages of a generic
//! reader can print every kind of value, and what prints floats is a sixth of the module.

use super::error::coded;
use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

/// An object's own fields; what does not fit is an error with its code.
pub(super) struct Fields {
    fields: Vec<(String, JsValue)>,
    code: &'static str,
}

impl Fields {
    /// The fields of a value; no check of their names.
    pub(super) fn of(object: &JsValue, code: &'static str) -> Result<Self, JsValue> {
        if !object.is_object() {
            return Err(coded(code, "no object"));
        }
        // All at once: asking for each by its name would make a JavaScript string a field.
        let entries = Object::entries(object.unchecked_ref::<Object>());
        let field = |entry: JsValue| {
            let pair = entry.unchecked_ref::<Array>();
            (pair.get(0).as_string().unwrap_or_default(), pair.get(1))
        };
        Ok(Self { fields: entries.iter().map(field).collect(), code })
    }

    /// Refuses fields of other names.
    pub(super) fn only(self, known: &[&str]) -> Result<Self, JsValue> {
        match self.fields.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(self.refuse(name, "is no known field")),
            None => Ok(self),
        }
    }

    /// A field that must be there.
    pub(super) fn need<T>(
        &self,
        name: &str,
        read: impl FnOnce(&JsValue) -> Option<T>,
    ) -> Result<T, JsValue> {
        self.may(name, read)?.ok_or_else(|| self.refuse(name, "is missing"))
    }

    /// A field that may be missing, `undefined` or `null`.
    pub(super) fn may<T>(
        &self,
        name: &str,
        read: impl FnOnce(&JsValue) -> Option<T>,
    ) -> Result<Option<T>, JsValue> {
        let field = self.fields.iter().find(|(other, _)| other == name);
        let Some((_, value)) = field.filter(|(_, value)| !value.is_undefined() && !value.is_null())
        else {
            return Ok(None);
        };
        read(value).map(Some).ok_or_else(|| self.refuse(name, "is of another type"))
    }

    fn refuse(&self, name: &str, flaw: &str) -> JsValue {
        coded(self.code, &["`", name, "` ", flaw].concat())
    }
}

pub(super) fn text(value: &JsValue) -> Option<String> {
    value.as_string()
}

pub(super) fn flag(value: &JsValue) -> Option<bool> {
    value.as_bool()
}

/// A whole number that a `Number` holds exactly.
#[expect(clippy::cast_possible_truncation, reason = "checked: whole and below 2^53")]
#[expect(clippy::cast_sign_loss, reason = "checked: not negative")]
#[expect(clippy::float_cmp, reason = "a whole number is exactly itself without its fraction")]
pub(super) fn whole(value: &JsValue) -> Option<u64> {
    let number = value.as_f64()?;
    let fits = (0.0..9_007_199_254_740_992.0).contains(&number) && number.trunc() == number;
    fits.then_some(number as u64)
}

/// A whole number of 32 bits.
pub(super) fn count(value: &JsValue) -> Option<u32> {
    whole(value).and_then(|number| u32::try_from(number).ok())
}

pub(super) fn list(value: &JsValue) -> Option<Vec<JsValue>> {
    Array::is_array(value).then(|| value.unchecked_ref::<Array>().iter().collect())
}

pub(super) fn texts(value: &JsValue) -> Option<Vec<String>> {
    list(value)?.iter().map(text).collect()
}
