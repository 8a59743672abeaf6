use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// How deep [`Data`] may be nested: rules and products need four levels. It also ends a
/// structure that contains itself.
pub const MAX_DEPTH: usize = 16;

/// A plain value as JSON or JavaScript gives it, not yet understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// `null`, or nothing.
    Null,
    /// A truth value.
    Flag(bool),
    /// A number; from JavaScript it may be infinite or NaN.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Data>),
    /// Fields in the order they were written.
    Object(Vec<(String, Data)>),
}

impl Data {
    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Flag(_) => "a flag",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }

    fn visit_unit<E>(self) -> Result<Data, E> {
        Ok(Data::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Data, E> {
        Ok(Data::Flag(flag))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Data, E> {
        Ok(Data::Number(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "as in JavaScript: beyond 2^53 rounded")]
    fn visit_u64<E>(self, number: u64) -> Result<Data, E> {
        Ok(Data::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "as in JavaScript: beyond 2^53 rounded")]
    fn visit_i64<E>(self, number: i64) -> Result<Data, E> {
        Ok(Data::Number(number as f64))
    }

    fn visit_str<E>(self, text: &str) -> Result<Data, E> {
        Ok(Data::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Data, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element()? {
            list.push(value);
        }
        Ok(Data::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Data, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Data::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_as_it_stands() {
        let data: Data = serde_json::from_str(r#"{"b":[1,-2.5,true,null],"a":"ß"}"#).unwrap();
        let list = vec![Data::Number(1.0), Data::Number(-2.5), Data::Flag(true), Data::Null];
        let fields = vec![("b".into(), Data::List(list)), ("a".into(), Data::Text("ß".into()))];
        assert_eq!(data, Data::Object(fields));
    }
}
