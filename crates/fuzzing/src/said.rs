//! What a caller says, as bytes: any bytes are some [`Data`], so a mutation is never lost in
//! broken syntax.
//!
//! A value is a tag and what follows it. Words of the API stand by their number, so that a
//! changed byte is another word and not a misspelt one; [`write`] spells every word out, so
//! that what is kept does not depend on the table.

use crate::words::WORDS;
use mercer::types::Data;

/// Deeper than the engine reads, so that its own limit is met.
const DEEPEST: usize = 24;

/// Numbers that are edges of something.
const NUMBERS: [f64; 24] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    -0.0,
    0.5,
    1.0,
    -1.0,
    1.5,
    7.0,
    100.0,
    101.0,
    255.0,
    256.0,
    1_000.0,
    1_001.0,
    4_294_967_295.0,
    4_294_967_296.0,
    9_007_199_254_740_991.0,
    9_007_199_254_740_992.0,
    1.0e300,
    5.0e-324,
    1_790_000_000_000.0,
    1_790_003_600_000.0,
    1_799_999_999_999.0,
];

const NULL: u8 = 0;
const FLAG: u8 = 1;
const SMALL: u8 = 2;
const EDGE: u8 = 3;
const FLOAT: u8 = 4;
const WORD: u8 = 5;
const RAW: u8 = 6;
const LONG: u8 = 7;
const LIST: u8 = 8;
const OBJECT: u8 = 9;
const N_TAGS: u8 = 10;

/// A cursor over an input; what is past its end is zeros.
#[derive(Debug)]
pub(crate) struct Said<'a>(&'a [u8]);

impl<'a> Said<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((&first, rest)) => {
                self.0 = rest;
                first
            }
            None => 0,
        }
    }

    /// The next value.
    pub(crate) fn data(&mut self) -> Data {
        self.value(0)
    }

    fn value(&mut self, depth: usize) -> Data {
        match self.byte() % N_TAGS {
            FLAG => Data::Flag(self.byte() & 1 == 1),
            SMALL => Data::Number(f64::from(self.byte().cast_signed())),
            EDGE => Data::Number(NUMBERS[usize::from(self.byte()) % NUMBERS.len()]),
            FLOAT => Data::Number(f64::from_bits(u64::from_le_bytes(self.array()))),
            tag @ (WORD | RAW | LONG) => Data::Text(self.text(tag)),
            LIST if depth < DEEPEST => {
                let n = self.byte();
                Data::List(self.up_to(n, |said| said.value(depth + 1)))
            }
            OBJECT if depth < DEEPEST => {
                let n = self.byte();
                Data::Object(self.up_to(n, |said| said.field(depth + 1)))
            }
            _ => Data::Null,
        }
    }

    fn field(&mut self, depth: usize) -> (String, Data) {
        let tag = [WORD, RAW][usize::from(self.byte() & 1)];
        (self.text(tag), self.value(depth))
    }

    fn text(&mut self, tag: u8) -> String {
        let first = self.byte();
        match tag {
            WORD => WORDS[usize::from(first) % WORDS.len()].to_owned(),
            // Around the 256 bytes an id may have, and the 200 characters of a search.
            LONG => "é".repeat(100 + usize::from(first)),
            _ => String::from_utf8_lossy(self.take(first.into())).into_owned(),
        }
    }

    fn up_to<T>(&mut self, n: u8, mut next: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut all = Vec::new();
        while all.len() < usize::from(n) && !self.is_over() {
            all.push(next(self));
        }
        all
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }

    fn take(&mut self, n: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(n.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

/// The bytes of a value, its words by their numbers: for seeds, which are mutated.
pub(crate) fn write_short(data: &Data, bytes: &mut Vec<u8>) {
    write_with(data, &|text| WORDS.iter().position(|word| *word == text), bytes);
}

/// The bytes of a value, every word spelt out: for what is kept.
pub(crate) fn write(data: &Data, bytes: &mut Vec<u8>) {
    write_with(data, &|_| None, bytes);
}

type Find<'a> = &'a dyn Fn(&str) -> Option<usize>;

fn write_with(data: &Data, find: Find<'_>, bytes: &mut Vec<u8>) {
    match data {
        Data::Null => bytes.push(NULL),
        Data::Flag(flag) => bytes.extend([FLAG, u8::from(*flag)]),
        Data::Number(number) => {
            bytes.push(FLOAT);
            bytes.extend(number.to_bits().to_le_bytes());
        }
        Data::Text(text) => write_text(text, find, [WORD, RAW], bytes),
        Data::List(list) => {
            let list = &list[..list.len().min(255)];
            bytes.extend([LIST, short(list.len())]);
            for value in list {
                write_with(value, find, bytes);
            }
        }
        Data::Object(fields) => {
            let fields = &fields[..fields.len().min(255)];
            bytes.extend([OBJECT, short(fields.len())]);
            for (name, value) in fields {
                write_text(name, find, [0, 1], bytes);
                write_with(value, find, bytes);
            }
        }
    }
}

/// A text of more than 255 bytes loses its end.
fn write_text(text: &str, find: Find<'_>, [word, raw]: [u8; 2], bytes: &mut Vec<u8>) {
    let long = text.chars().all(|c| c == 'é').then(|| text.chars().count().checked_sub(100));
    if let (RAW, Some(n)) = (raw, long.flatten().and_then(|n| u8::try_from(n).ok())) {
        bytes.extend([LONG, n]);
        return;
    }
    if let Some(at) = find(text).and_then(|at| u8::try_from(at).ok()) {
        bytes.extend([word, at]);
        return;
    }
    let text = &text.as_bytes()[..text.len().min(255)];
    bytes.extend([raw, short(text.len())]);
    bytes.extend(text);
}

fn short(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

/// How large a value is as JSON, about: what the caller has paid for it.
pub(crate) fn size(data: &Data) -> usize {
    match data {
        Data::Null | Data::Flag(_) => 4,
        Data::Number(_) => 8,
        Data::Text(text) => 2 + text.len(),
        Data::List(list) => 2 + list.iter().map(|value| 1 + size(value)).sum::<usize>(),
        Data::Object(fields) => {
            2 + fields.iter().map(|(name, value)| 4 + name.len() + size(value)).sum::<usize>()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Data {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let call = r#"{"placement":"home","count":7,"x":[1.5,true,null,"tent-2p",{}],"e":"ß",
            "query":"LONG"}"#;
        let call = &call.replace("LONG", &"é".repeat(200));
        for write in [write, write_short] {
            let mut bytes = Vec::new();
            write(&parse(call), &mut bytes);
            let mut said = Said::new(&bytes);
            assert_eq!(said.data(), parse(call));
            assert!(said.is_over());
        }
    }

    #[test]
    fn every_byte_string_is_some_value() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                let bytes = [OBJECT, 9, second, first, first, second, LIST, 200, first, second];
                let size = size(&Said::new(&bytes).data());
                assert!(size < 4_000, "{size} bytes out of ten");
            }
        }
        assert_eq!(Said::new(&[]).data(), Data::Null);
        assert_eq!(Said::new(&[LIST; 99]).data(), Said::new(&[LIST; 99]).data());
    }
}
