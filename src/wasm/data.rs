//! From a JavaScript value to plain data, and back. A page's objects may hold anything: themselves, a
//! getter that throws, a proxy, a million entries. Each ends with an error.

use super::error::coded;
use crate::types::{Data, MAX_DEPTH};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// How many values one argument may hold.
const MAX_VALUES: usize = 1_000_000;

// Unlike the ones of `js_sys` these come back when the page's own code throws.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Object)]
    fn entries(object: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object)]
    fn values(object: &JsValue) -> Result<Array, JsValue>;
}

/// The value as plain data.
///
/// # Errors
/// An `Error` with this code, where the value
/// - is nested deeper than [`MAX_DEPTH`], or contains itself;
/// - holds more than [`MAX_VALUES`] values;
/// - holds what is no plain value: a function, a symbol, a big integer;
/// - throws when it is read.
pub(super) fn data(value: &JsValue, code: &'static str) -> Result<Data, JsValue> {
    Reader { left: MAX_VALUES }.read(value, MAX_DEPTH).map_err(|flaw| coded(code, flaw))
}

/// The data as JavaScript has it.
pub(super) fn js(data: &Data) -> JsValue {
    Writer::default().write(data)
}

/// Names come again and again; each becomes a JavaScript string once.
#[derive(Default)]
struct Writer<'a> {
    names: Vec<(&'a str, JsValue)>,
}

impl<'a> Writer<'a> {
    fn write(&mut self, data: &'a Data) -> JsValue {
        match data {
            Data::Null => JsValue::NULL,
            Data::Flag(flag) => JsValue::from_bool(*flag),
            Data::Number(number) => JsValue::from_f64(*number),
            Data::Text(text) => JsValue::from_str(text),
            Data::List(list) => {
                let array = Array::new();
                for value in list {
                    array.push(&self.write(value));
                }
                array.into()
            }
            Data::Object(fields) => {
                let object = Object::new();
                for (name, value) in fields {
                    let value = self.write(value);
                    // `Reflect.set` fails only on frozen objects; this one was just made.
                    let _ = Reflect::set(&object, self.name(name), &value);
                }
                object.into()
            }
        }
    }

    fn name(&mut self, name: &'a str) -> &JsValue {
        let known = self.names.iter().position(|(other, _)| *other == name);
        let at = known.unwrap_or_else(|| {
            self.names.push((name, JsValue::from_str(name)));
            self.names.len() - 1
        });
        &self.names[at].1
    }
}

struct Reader {
    left: usize,
}

impl Reader {
    fn read(&mut self, value: &JsValue, depth: usize) -> Result<Data, &'static str> {
        self.left = self.left.checked_sub(1).ok_or("too many values")?;
        if value.is_null() || value.is_undefined() {
            Ok(Data::Null)
        } else if let Some(flag) = value.as_bool() {
            Ok(Data::Flag(flag))
        } else if let Some(number) = value.as_f64() {
            Ok(Data::Number(number))
        } else if let Some(text) = value.as_string() {
            Ok(Data::Text(text))
        } else if value.is_object() {
            let depth = depth.checked_sub(1).ok_or("too deep, or contains itself")?;
            if Array::is_array(value) { self.list(value, depth) } else { self.object(value, depth) }
        } else {
            Err("holds what is no plain value")
        }
    }

    fn list(&mut self, value: &JsValue, depth: usize) -> Result<Data, &'static str> {
        // The holes of a sparse array are no values, so its length may say anything.
        let list = values(value).map_err(|_| THREW)?;
        let length = Reflect::get(value, &"length".into()).map_err(|_| THREW)?;
        if length.as_f64() != Some(f64::from(list.length())) {
            return Err("holds a list with holes or names");
        }
        list.iter().map(|value| self.read(&value, depth)).collect::<Result<_, _>>().map(Data::List)
    }

    fn object(&mut self, value: &JsValue, depth: usize) -> Result<Data, &'static str> {
        // All at once: asking for each by its name would make a JavaScript string a field.
        let entries = entries(value).map_err(|_| THREW)?;
        let mut fields = Vec::with_capacity(entries.length() as usize);
        for entry in entries.iter() {
            let pair = entry.unchecked_ref::<Array>();
            let name = pair.get(0).as_string().unwrap_or_default();
            fields.push((name, self.read(&pair.get(1), depth)?));
        }
        Ok(Data::Object(fields))
    }
}

const THREW: &str = "threw when it was read";

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn product() -> Data {
        let field = |name: &str, value| (name.to_owned(), value);
        Data::Object(vec![
            field("item", Data::Text("boot-42 \u{1f97e}".to_owned())),
            field("price", Data::Number(49.5)),
            field("sold", Data::Flag(false)),
            field("note", Data::Null),
            field("category", Data::List(vec![Data::Text("Shoes".to_owned())])),
        ])
    }

    #[wasm_bindgen_test]
    fn another_reader_reads_what_is_written() {
        let read: Data = serde_wasm_bindgen::from_value(js(&product())).unwrap();
        assert_eq!(read, product());
    }

    #[wasm_bindgen_test]
    fn what_another_writer_writes_is_read() {
        let event = crate::types::Event::new(crate::types::EventKind::ViewItem, "boot-42");
        let written = serde_wasm_bindgen::to_value(&event).unwrap();
        let both = (data(&written, "event/invalid"), serde_wasm_bindgen::from_value(written));
        assert_eq!(both.0.ok(), both.1.ok());
    }
}
