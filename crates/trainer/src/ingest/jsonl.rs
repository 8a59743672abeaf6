use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io::Write;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::delimited::too_long;
use super::row::{Flaw, LIST_SEPARATOR, Row, Rows, Step};
use super::source::{Line, Lines};
use super::{IngestError, error::clipped};

/// Rows looked at before the columns are named: an optional key may first appear late.
const SAMPLE_ROWS: usize = 1000;
/// Bytes of them that are kept in memory.
const SAMPLE_BYTES: usize = 1 << 20;

/// JSON Lines: one flat object a line. Its columns are the keys in the order in which they
/// appear.
pub(super) struct JsonLines<'a> {
    lines: Lines<'a>,
    line: Vec<u8>,
    /// Rows read for their keys and not yet handed out.
    sample: VecDeque<Sampled>,
    keys: Keys,
}

/// A line read ahead: its number, and its bytes or how many they were if too many to keep.
struct Sampled {
    number: u64,
    line: Result<Vec<u8>, u64>,
}

#[derive(Default)]
struct Keys {
    names: Vec<String>,
    at: HashMap<String, usize>,
    /// The first key that holds a list of objects.
    nested: Option<usize>,
}

impl<'a> JsonLines<'a> {
    pub(super) fn open(lines: Lines<'a>, first: Vec<u8>) -> Result<Self, IngestError> {
        let mut rows =
            Self { lines, line: Vec::new(), sample: VecDeque::new(), keys: Keys::default() };
        let (mut row, mut bytes) = (Row::default(), 0);
        let mut next = Some(Ok(first));
        while let Some(line) = next {
            if let Ok(line) = &line {
                // A broken row is reported when it is handed out.
                let _ = rows.keys.parse(line, &mut row);
                bytes += line.len();
            }
            rows.sample.push_back(Sampled { number: rows.lines.number, line });
            if rows.sample.len() == SAMPLE_ROWS || bytes >= SAMPLE_BYTES {
                break;
            }
            next = rows.read_line()?;
        }
        Ok(rows)
    }

    /// The next line of the file; its length instead if it is too long, `None` at the end.
    fn read_line(&mut self) -> Result<Option<Result<Vec<u8>, u64>>, IngestError> {
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        Ok(match self.lines.read(&mut line)? {
            Line::End => None,
            Line::Read => Some(Ok(line)),
            Line::TooLong(bytes) => Some(Err(bytes)),
        })
    }
}

impl Rows for JsonLines<'_> {
    fn columns(&self) -> &[String] {
        &self.keys.names
    }

    fn nested_column(&self) -> Option<&str> {
        self.keys.nested.map(|at| self.keys.names[at].as_str())
    }

    fn next(&mut self, row: &mut Row) -> Result<Step, IngestError> {
        loop {
            row.clear();
            let line = if let Some(sampled) = self.sample.pop_front() {
                row.line = sampled.number;
                Some(sampled.line)
            } else {
                let line = self.read_line()?;
                row.line = self.lines.number;
                line
            };
            self.line = match line {
                None => return Ok(Step::End),
                Some(Err(bytes)) => return Ok(Step::Broken(too_long(bytes))),
                Some(Ok(line)) => line,
            };
            if self.line.trim_ascii().is_empty() {
                continue;
            }
            return Ok(match self.keys.parse(&self.line, row) {
                Ok(()) => Step::Row,
                Err(flaw) => Step::Broken(flaw),
            });
        }
    }
}

impl Keys {
    fn parse(&mut self, line: &[u8], row: &mut Row) -> Result<(), Flaw> {
        row.text.clear();
        row.spans.clear();
        row.unusable.clear();
        let mut json = serde_json::Deserializer::from_slice(line);
        json.deserialize_map(ObjectVisitor { keys: self, row }).and_then(|()| json.end()).map_err(
            |error| {
                let what = error.to_string();
                let what = what.split(" at line ").next().unwrap_or_default();
                let detail = format!(
                    "byte {}: {what}; each line must be one whole JSON object",
                    error.column()
                );
                Flaw::new("not a JSON object", None, detail)
            },
        )
    }

    fn at(&mut self, name: &str) -> usize {
        if let Some(&at) = self.at.get(name) {
            return at;
        }
        self.names.push(name.to_owned());
        self.at.insert(name.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }
}

struct ObjectVisitor<'a> {
    keys: &'a mut Keys,
    row: &'a mut Row,
}

impl<'de> Visitor<'de> for ObjectVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { keys, row } = self;
        while let Some(column) = map.next_key_seed(KeySeed(keys))? {
            if row.spans.len() <= column {
                row.spans.resize(column + 1, (0, 0));
            }
            let start = row.text.len();
            let mut value = ValueSeed { text: &mut row.text, unusable: None, depth: 0 };
            map.next_value_seed(&mut value)?;
            if let Some(why) = value.unusable {
                row.unusable.push((column, why));
                if why == NESTED_LIST {
                    keys.nested.get_or_insert(column);
                }
            }
            row.spans[column] = (start, row.text.len());
        }
        Ok(())
    }
}

struct KeySeed<'a>(&'a mut Keys);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<usize, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, name: &str) -> Result<usize, E> {
        Ok(self.0.at(name))
    }
}

const NESTED: &str = "the value is an object; write what is in it as columns of their own";
const NESTED_LIST: &str = "the value is a list of objects";
const TOO_LARGE: &str = "the number is too large to keep exactly; write it as a string";

/// Appends a value as text; a list as its members with [`LIST_SEPARATOR`] between them.
struct ValueSeed<'a> {
    text: &'a mut Vec<u8>,
    unusable: Option<&'static str>,
    depth: u8,
}

impl ValueSeed<'_> {
    fn append(&mut self, text: fmt::Arguments<'_>) {
        // Writing to memory does not fail.
        let _ = self.text.write_fmt(text);
    }
}

impl<'de> DeserializeSeed<'de> for &mut ValueSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut ValueSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.text.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.append(format_args!("{value}"));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.append(format_args!("{number}"));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.append(format_args!("{number}"));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        // Whole numbers that fit 64 bits come as integers; a larger one has been rounded.
        if number.abs() >= 1e18 {
            self.unusable = Some(TOO_LARGE);
        }
        self.append(format_args!("{number}"));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if self.depth > 0 {
            self.unusable = Some(NESTED_LIST);
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        self.depth = 1;
        let mut separator = [0; 4];
        let separator = LIST_SEPARATOR.encode_utf8(&mut separator);
        let start = self.text.len();
        while list.next_element_seed(&mut *self)?.is_some() {
            self.text.extend_from_slice(separator.as_bytes());
        }
        if self.text.len() > start {
            self.text.truncate(self.text.len() - separator.len());
        }
        self.depth = 0;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.unusable = Some(if self.depth > 0 { NESTED_LIST } else { NESTED });
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// What to do about events that lie nested in one object a session.
pub(super) fn flatten_fix(column: &str) -> String {
    format!(
        "`{0}` holds a list of objects; write one flat object an event, for example with \
         jq -c 'del(.{0}) + .{0}[]'",
        clipped(column)
    )
}
