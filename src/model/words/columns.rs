#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use super::Bands;
use crate::model::PartsError;
use crate::model::cursor::Cursor;
use crate::model::numbers::Rule;
use crate::types::SmallMap;

/// The most columns a file says how to read.
pub const MAX_COLUMNS: usize = 1024;

/// How a column stands in the file.
const NAME: u8 = 1;
const LIST: u8 = 2;
const TEXT: u8 = 3;
const MEASURE: u8 = 4;

/// What a column's values are.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Addresses, pictures, one value for all, a number for each item.
    Nothing,
    /// One of a few names: `name=value`.
    Name,
    /// Several names with this between them.
    List(char),
    /// Sentences.
    Text,
    /// A measure, in bands.
    Measure(Bands),
}

/// The kind of each attribute column, and how categories and prices are read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    /// By name.
    pub attributes: SmallMap<String, Column>,
    /// What stands between the levels of a category that came as one text.
    pub levels: Option<char>,
    /// Bands of prices.
    pub prices: Bands,
}

/// The members of a list, without the blanks around them.
pub fn members(value: &str, separator: char) -> impl Iterator<Item = &str> {
    value.split(separator).map(str::trim).filter(|member| !member.is_empty())
}

/// A plain decimal number of at most 15 digits: `12`, `-0.5`. By hand, because what reads any
/// float is large; so few digits are exact under one rounding.
pub fn number(value: &str) -> Option<f64> {
    let (sign, digits) = match value.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, value.strip_prefix('+').unwrap_or(value)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let n_digits = whole.len().saturating_add(fraction.len());
    if !(1..=15).contains(&n_digits) {
        return None;
    }
    let mut number = 0.0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        let digit = byte.checked_sub(b'0').filter(|&digit| digit <= 9)?;
        number = number * 10.0 + f64::from(digit);
    }
    let scale = fraction.bytes().fold(1.0, |scale: f64, _| scale * 10.0);
    Some(sign * number / scale)
}

/// Whether a file can hold these.
pub(in crate::model) fn check(columns: &Columns) -> Result<(), PartsError> {
    let length = |expected, found| PartsError::Length { part: "columns", expected, found };
    if columns.attributes.len() > MAX_COLUMNS {
        return Err(length(MAX_COLUMNS, columns.attributes.len()));
    }
    let is_bad = |name: &String| name.is_empty() || name.len() > usize::from(u8::MAX);
    columns.attributes.keys().position(is_bad).map_or(Ok(()), |at| Err(PartsError::Field(at)))
}

/// The section of these columns; those that say nothing are left out.
pub(in crate::model) fn write(columns: &Columns) -> Vec<u8> {
    let said = || columns.attributes.iter().filter(|(_, column)| **column != Column::Nothing);
    let n_columns = u16::try_from(said().count()).expect("checked: at most 1024");
    let mut bytes = vec![ascii(columns.levels)];
    push_edges(&mut bytes, &columns.prices);
    bytes.extend(n_columns.to_le_bytes());
    for (name, column) in said() {
        bytes.push(match column {
            Column::Nothing | Column::Name => NAME,
            Column::List(_) => LIST,
            Column::Text => TEXT,
            Column::Measure(_) => MEASURE,
        });
        bytes.push(u8::try_from(name.len()).expect("checked: at most 255"));
        bytes.extend(name.bytes());
        match column {
            Column::List(separator) => bytes.push(ascii(Some(*separator))),
            Column::Measure(bands) => push_edges(&mut bytes, bands),
            Column::Nothing | Column::Name | Column::Text => {}
        }
    }
    bytes
}

/// A separator as a byte, 0 for none.
fn ascii(separator: Option<char>) -> u8 {
    separator.and_then(|separator| u8::try_from(separator).ok()).unwrap_or(0)
}

fn push_edges(bytes: &mut Vec<u8>, bands: &Bands) {
    bytes.push(u8::try_from(bands.edges().len()).expect("at most seven edges"));
    bytes.extend(bands.edges().iter().flat_map(|edge| edge.to_le_bytes()));
}

/// Reads how a catalogue is read.
pub(in crate::model) fn read(mut cursor: Cursor<'_>) -> Result<Columns, Rule> {
    let levels = match cursor.u8().ok_or("no counts")? {
        0 => None,
        byte => Some(separator(byte)?),
    };
    let prices = bands(&mut cursor)?;
    let n_columns = usize::from(cursor.u16().ok_or("no counts")?);
    if n_columns > MAX_COLUMNS {
        return Err("more than 1024 columns");
    }
    let mut attributes = SmallMap::new();
    for _ in 0..n_columns {
        let kind = cursor.u8().ok_or(CUT)?;
        let length = usize::from(cursor.u8().ok_or(CUT)?);
        let name = std::str::from_utf8(cursor.take(length).ok_or(CUT)?).map_err(|_| "not UTF-8")?;
        let column = match kind {
            NAME => Column::Name,
            LIST => Column::List(separator(cursor.u8().ok_or(CUT)?)?),
            TEXT => Column::Text,
            MEASURE => Column::Measure(bands(&mut cursor)?),
            _ => return Err("a column of no known kind"),
        };
        if attributes.insert(name.to_owned(), column).is_some() {
            return Err("a column stands in it twice");
        }
    }
    cursor.end()?;
    Ok(Columns { attributes, levels, prices })
}

const CUT: Rule = "a column is cut short";

fn separator(byte: u8) -> Result<char, Rule> {
    if byte.is_ascii() && byte != 0 { Ok(char::from(byte)) } else { Err("a separator is no ASCII") }
}

fn bands(cursor: &mut Cursor<'_>) -> Result<Bands, Rule> {
    let n_edges = usize::from(cursor.u8().ok_or("no bands")?);
    let n_bytes = n_edges.saturating_mul(8);
    let (edges, _) = cursor.take(n_bytes).ok_or("bands are cut short")?.as_chunks::<8>();
    let edges = edges.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    Bands::with_edges(edges).ok_or("bands are not at most eight, finite and ascending")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_are_read_exactly() {
        for (text, wanted) in [
            ("12", 12.0),
            ("-0.5", -0.5),
            ("+3.", 3.0),
            (".25", 0.25),
            ("0.1", 0.1),
            ("19.99", 19.99),
        ] {
            assert_eq!(number(text).map(f64::to_bits), Some(f64::to_bits(wanted)), "{text}");
        }
        for text in ["", "-", ".", "1e5", "1,5", "½", "1 2", "NaN", "1234567890123456", "--1"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let column = |name: &str, column: Column| (name.to_owned(), column);
        let bands = Bands::of((0..80).map(f64::from));
        let mut columns = Columns {
            attributes: SmallMap::from_iter([
                column("colour", Column::Name),
                column("größe", Column::List('|')),
                column("grams", Column::Measure(bands.clone())),
                column("care", Column::Text),
                column("picture", Column::Nothing),
            ]),
            levels: Some(','),
            prices: bands,
        };
        let bytes = write(&columns);
        columns.attributes.remove("picture");
        assert_eq!(read(Cursor::new(&bytes)), Ok(columns));
        for length in 0..bytes.len() {
            let (front, _) = bytes.split_at(length);
            assert!(read(Cursor::new(front)).is_err());
        }
        assert_eq!(read(Cursor::new(&write(&Columns::default()))), Ok(Columns::default()));
    }
}
