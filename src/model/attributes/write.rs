use super::read::{DECIMALS, FLOATS, MANY_TERMS, MAX_DIGITS, ONE_TERM};
use super::{Attributes, Column, MAX_FIELD_BYTES, MAX_FIELDS, Terms};
use crate::model::PartsError;
use crate::model::write::{long_names, push_varint, u16s};
use crate::types::{ItemIx, MAX_ID_BYTES};

/// The largest code of a decimal: four bytes of seven bits.
const MAX_CODE: f64 = 268_435_455.0;

/// Whether a file of `n_items` can hold these.
pub(in crate::model) fn check(attributes: &Attributes, n_items: usize) -> Result<(), PartsError> {
    let n_fields = attributes.fields.len();
    if n_fields == 0 || n_fields > MAX_FIELDS {
        let expected = n_fields.clamp(1, MAX_FIELDS);
        return Err(PartsError::Length { part: "attributes", expected, found: n_fields });
    }
    for (at, (name, column)) in attributes.fields.iter().enumerate() {
        let found = column.n_items();
        if found != n_items {
            return Err(PartsError::Length { part: "an attribute", expected: n_items, found });
        }
        let is_named = (1..=MAX_FIELD_BYTES).contains(&name.len());
        if !is_named || !is_packable(column, n_items) {
            return Err(PartsError::Field(at));
        }
    }
    Ok(())
}

fn is_packable(column: &Column, n_items: usize) -> bool {
    match column {
        Column::Numbers(numbers) => numbers.iter().all(|x| !x.is_infinite()),
        Column::Terms(terms) => {
            let lists = (0..n_items).map(|at| terms.of(ItemIx::from_usize(at)));
            let fits = |term: u32| (1..=MAX_ID_BYTES).contains(&terms.name(term).len());
            terms.n_terms() > 0
                && (0..).take(terms.n_terms()).all(fits)
                && lists.into_iter().all(|list| u8::try_from(list.len()).is_ok())
        }
    }
}

/// The section of these attributes.
pub(in crate::model) fn write(attributes: &Attributes) -> Vec<u8> {
    let mut bytes = u16s(&[attributes.fields.len(), 0]);
    for (name, column) in &attributes.fields {
        let (kind, values) = match column {
            Column::Terms(terms) => of_terms(terms),
            Column::Numbers(numbers) => of_numbers(numbers),
        };
        bytes.push(kind);
        bytes.push(u8::try_from(name.len()).expect("checked: at most 64"));
        bytes.extend(name.bytes());
        bytes.extend(values);
    }
    bytes
}

fn of_terms(terms: &Terms) -> (u8, Vec<u8>) {
    let mut order: Vec<u32> = (0..).take(terms.n_terms()).collect();
    order.sort_unstable_by_key(|&term| terms.name(term));
    let mut place = vec![0; order.len()];
    for (at, &term) in order.iter().enumerate() {
        place[term as usize] = at;
    }
    let sorted: Vec<String> = order.iter().map(|&term| terms.name(term).to_owned()).collect();
    let mut bytes = long_names(&sorted);
    let lists = || (0..terms.n_items()).map(|at| terms.of(ItemIx::from_usize(at)));
    if lists().all(|list| list.len() <= 1) {
        lists().for_each(|list| {
            push_varint(&mut bytes, list.first().map_or(0, |&term| place[term as usize] + 1));
        });
        return (ONE_TERM, bytes);
    }
    bytes.extend(lists().map(|list| u8::try_from(list.len()).expect("checked: at most 255")));
    lists().flatten().for_each(|&term| push_varint(&mut bytes, place[term as usize]));
    (MANY_TERMS, bytes)
}

/// As decimals where that loses nothing: two or three bytes a price.
fn of_numbers(numbers: &[f32]) -> (u8, Vec<u8>) {
    let fitting = (0..=MAX_DIGITS).find_map(|digits| Some((digits, codes(numbers, digits)?)));
    match fitting {
        Some((digits, codes)) => {
            let mut bytes = vec![digits];
            for code in codes {
                push_varint(&mut bytes, code);
            }
            (DECIMALS, bytes)
        }
        None => (FLOATS, numbers.iter().flat_map(|x| x.to_le_bytes()).collect()),
    }
}

/// The codes of numbers with so many digits behind the point; `None` where one is none.
#[expect(clippy::cast_possible_truncation, reason = "bounded before it is cast")]
#[expect(clippy::cast_sign_loss, reason = "bounded before it is cast")]
fn codes(numbers: &[f32], digits: u8) -> Option<Vec<usize>> {
    let scale = (0..digits).fold(1.0, |scale: f64, _| scale * 10.0);
    let code = |&x: &f32| {
        if x.is_nan() {
            return Some(0);
        }
        let code = libm::round(f64::from(x) * scale);
        let fits = (0.0..MAX_CODE).contains(&code) && !x.is_sign_negative();
        (fits && ((code / scale) as f32).to_bits() == x.to_bits()).then_some(code as usize + 1)
    };
    numbers.iter().map(code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cursor::Cursor;
    use proptest::prelude::*;

    /// A price, a measure, or nothing.
    #[expect(clippy::cast_possible_truncation, reason = "a price as the trainer packs it")]
    fn number() -> impl Strategy<Value = f32> {
        prop_oneof![
            (0_u32..100_000_000).prop_map(|cents| (f64::from(cents) / 100.0) as f32),
            -1e9_f32..1e9,
            Just(f32::NAN),
            Just(-0.0),
        ]
    }

    fn lists() -> impl Strategy<Value = Vec<Vec<String>>> {
        proptest::collection::vec(proptest::collection::vec("[a-é]{1,3}", 0..4), 3)
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(
            numbers in proptest::collection::vec(number(), 3),
            lists in lists(),
        ) {
            let mut terms = Terms::default();
            for list in &lists {
                terms.push(list.iter().map(String::as_str));
            }
            let mut attributes = Attributes::default();
            attributes.insert("n", Column::Numbers(numbers.clone()));
            if terms.n_terms() > 0 {
                attributes.insert("t", Column::Terms(terms));
            }
            prop_assert_eq!(check(&attributes, 3), Ok(()));
            let back = super::super::read(Cursor::new(&write(&attributes)), 3).unwrap();
            for (read, written) in back.numbers("n").unwrap().iter().zip(&numbers) {
                prop_assert_eq!((read.is_nan(), read.to_bits() == written.to_bits()), (written.is_nan(), true));
            }
            for (item, list) in (0..).map(ItemIx).zip(&lists) {
                let names = |terms: &Terms| -> Vec<String> {
                    terms.of(item).iter().map(|&term| terms.name(term).to_owned()).collect()
                };
                prop_assert_eq!(back.terms("t").map(names).unwrap_or_default(), list.clone());
            }
        }
    }

    #[test]
    fn prices_take_two_bytes_and_stay_exact() {
        let prices = [19.99, 80.0, f32::NAN, 163.83];
        let (kind, bytes) = of_numbers(&prices);
        assert_eq!((kind, bytes.len()), (DECIMALS, 1 + 2 + 2 + 1 + 3));
        assert_eq!(of_numbers(&[1.0 / 3.0]).0, FLOATS);
        assert_eq!(of_numbers(&[-1.0]).0, FLOATS);
        assert_eq!(of_numbers(&[20_000.0, 3.0]), (DECIMALS, vec![0, 0xA1, 0x9C, 0x01, 4]));
    }

    #[test]
    fn what_a_file_cannot_hold_is_refused() {
        let with = |name: &str, column: Column| {
            let mut attributes = Attributes::default();
            attributes.insert(name, column);
            check(&attributes, 2)
        };
        let numbers = |n: usize| Column::Numbers(vec![1.0; n]);
        assert_eq!(with("price", numbers(2)), Ok(()));
        let length = PartsError::Length { part: "an attribute", expected: 2, found: 3 };
        assert_eq!(with("price", numbers(3)), Err(length));
        let field = Err(PartsError::Field(0));
        assert_eq!(with("", numbers(2)), field);
        assert_eq!(with(&"x".repeat(65), numbers(2)), field);
        assert_eq!(with("price", Column::Numbers(vec![1.0, f32::INFINITY])), field);
        let mut terms = Terms::default();
        terms.push([]);
        terms.push([]);
        assert_eq!(with("brand", Column::Terms(terms.clone())), field, "no terms at all");
        let long = "x".repeat(257);
        terms.set(ItemIx(0), [long.as_str()]);
        assert_eq!(with("brand", Column::Terms(terms)), field);
        assert!(check(&Attributes::default(), 2).is_err());
    }
}
