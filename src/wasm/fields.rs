//! Reads a JavaScript object field by field. By hand, because the messages of a generic
//! reader can print every kind of value, and what prints floats is a sixth of the module.

use super::error::coded;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// An object of known fields; what does not fit is an error with its code.
pub(super) struct Fields {
    object: JsValue,
    code: &'static str,
}

impl Fields {
    /// The fields of a value; no check of their names.
    pub(super) fn of(object: JsValue, code: &'static str) -> Result<Self, JsValue> {
        if object.is_object() { Ok(Self { object, code }) } else { Err(coded(code, "no object")) }
    }

    /// Refuses fields of other names.
    pub(super) fn only(self, known: &[&str]) -> Result<Self, JsValue> {
        for key in Object::keys(self.object.unchecked_ref::<Object>()).iter() {
            let key = key.as_string().unwrap_or_default();
            if !known.contains(&key.as_str()) {
                return Err(self.refuse(&key, "is no known field"));
            }
        }
        Ok(self)
    }

    /// A field that must be there.
    pub(super) fn need<T>(
        &self,
        name: &str,
        read: impl FnOnce(&JsValue) -> Option<T>,
    ) -> Result<T, JsValue> {
        read(&self.value(name)).ok_or_else(|| self.refuse(name, "is missing or of another type"))
    }

    /// A field that may be missing, `undefined` or `null`.
    pub(super) fn may<T>(
        &self,
        name: &str,
        read: impl FnOnce(&JsValue) -> Option<T>,
    ) -> Result<Option<T>, JsValue> {
        let value = self.value(name);
        if value.is_undefined() || value.is_null() {
            return Ok(None);
        }
        read(&value).map(Some).ok_or_else(|| self.refuse(name, "is of another type"))
    }

    fn value(&self, name: &str) -> JsValue {
        Reflect::get(&self.object, &name.into()).unwrap_or_default()
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
    Array::is_array(value).then(|| value.unchecked_ref::<Array>().to_vec())
}

pub(super) fn texts(value: &JsValue) -> Option<Vec<String>> {
    list(value)?.iter().map(text).collect()
}
