use super::Refusal;
use super::fields::list;
use crate::model::{ItemError, NewItem, Value};
use crate::types::Data;

/// How many products one call may bring.
pub const MAX_PRODUCTS: usize = 10_000;

const INVALID: &str = "items/invalid";

/// The products that a list says, or what changed of them:
/// `[{ item, title?, description?, embedding?, …fields }]`.
///
/// # Errors
/// - `items/invalid`: it is no list, has more than [`MAX_PRODUCTS`], or a field is not what it
///   should be; the message has its path.
pub fn products(data: &Data) -> Result<Vec<NewItem>, Refusal> {
    let all = list(data).ok_or_else(|| {
        Refusal::new(INVALID, &["a list of products is needed, not ", data.kind()])
    })?;
    if all.len() > MAX_PRODUCTS {
        return Err(Refusal::new(INVALID, &["a list has at most 10000 products; this has more"]));
    }
    all.iter().enumerate().map(|(at, data)| product(at, data)).collect()
}

/// The refusal of the product at this place of a list.
pub fn of_product(at: usize, error: &ItemError) -> Refusal {
    let code = match error {
        ItemError::Full => "items/full",
        ItemError::Unknown => "items/unknown",
        _ => INVALID,
    };
    Refusal { code, ..refuse(at, &[&error.to_string()]) }
}

fn product(at: usize, data: &Data) -> Result<NewItem, Refusal> {
    let Data::Object(fields) = data else {
        return Err(refuse(at, &["a product is an object; this is ", data.kind()]));
    };
    let mut item = NewItem::default();
    for (name, data) in fields.iter().filter(|(_, data)| *data != Data::Null) {
        let wrong = |expected: &str| refuse(at, &["`", name, "` must be ", expected]);
        match name.as_str() {
            "item" => item.id = text(data).ok_or_else(|| wrong("a text"))?,
            "title" => item.title = text(data).ok_or_else(|| wrong("a text"))?,
            "description" => item.description = text(data).ok_or_else(|| wrong("a text"))?,
            "embedding" => {
                item.embedding = numbers(data).ok_or_else(|| wrong("a list of finite numbers"))?;
            }
            _ => {
                let value = value(data).ok_or_else(|| wrong("a text, a number or texts"))?;
                item.fields.push((name.clone(), value));
            }
        }
    }
    if item.id.is_empty() {
        return Err(refuse(at, &["`item` is missing: the id of the product"]));
    }
    Ok(item)
}

fn refuse(at: usize, parts: &[&str]) -> Refusal {
    let place = ["products[", &at.to_string(), "]: "].concat();
    Refusal::new(INVALID, &[&[place.as_str()], parts].concat())
}

fn text(data: &Data) -> Option<String> {
    match data {
        Data::Text(text) => Some(text.clone()),
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a vector is read as narrow as it is kept")]
fn numbers(data: &Data) -> Option<Vec<f32>> {
    let number = |data: &Data| match data {
        Data::Number(number) => Some(*number as f32).filter(|number| number.is_finite()),
        _ => None,
    };
    list(data)?.iter().map(number).collect()
}

fn value(data: &Data) -> Option<Value> {
    match data {
        Data::Flag(flag) => Some(Value::Text(flag.to_string())),
        Data::Number(number) => number.is_finite().then_some(Value::Number(*number)),
        Data::Text(text) => Some(Value::Text(text.clone())),
        Data::List(list) => list.iter().map(text).collect::<Option<_>>().map(Value::Texts),
        Data::Null | Data::Object(_) => None,
    }
}
