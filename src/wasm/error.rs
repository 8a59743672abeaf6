use crate::caller::Refusal;
use crate::model::ModelError;
use crate::session::{EventError, RestoreError};
use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

/// A JavaScript `Error` with a stable `code`.
pub(super) fn coded(code: &str, message: &str) -> JsValue {
    let error = Error::new(message);
    // `Reflect.set` fails only on frozen objects; this one was just made.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

#[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
pub(super) fn refused(refusal: Refusal) -> JsValue {
    coded(refusal.code, &refusal.message)
}

pub(super) fn model(error: &ModelError) -> JsValue {
    coded(error.code(), &error.to_string())
}

pub(super) fn event(error: EventError) -> JsValue {
    coded(error.code(), &error.to_string())
}

pub(super) fn restore(error: RestoreError) -> JsValue {
    coded(error.code(), &error.to_string())
}
