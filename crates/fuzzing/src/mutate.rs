//! Changes to inputs, drawn from a seed.

use crate::file;
use mercer::rng::Rng;

/// An input is not grown beyond this.
const MAX_BYTES: usize = 16 << 10;

const EDGES: [u8; 8] = [0, 1, 0x7F, 0x80, 0xFF, 0xFE, 16, 64];

/// What means something in files of rows.
const TOKENS: [&str; 40] = [
    "\"",
    "\"\"",
    ",",
    "\t",
    ";",
    "|",
    "\n",
    "\r\n",
    "\r",
    "\0",
    "\u{feff}",
    "{",
    "}",
    "[",
    "]",
    ":",
    "\\u0000",
    "\\ud83d",
    "\\\"",
    "null",
    "true",
    "1e999",
    "-0",
    "NaN",
    "99999999999999999999",
    "2026-01-02T03:04:05Z",
    "2026-02-30",
    "1790000000",
    "1790000000000",
    "+24:00",
    "T",
    "Z",
    "item_id",
    "session_id",
    "user_id",
    "timestamp",
    "view_item",
    "purchase",
    "1,299.00 $",
    "é",
];

/// Draws changes: the same seed draws the same.
#[derive(Debug, Clone)]
pub struct Mutator {
    rng: Rng,
}

impl Mutator {
    /// With a seed of its own.
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed) }
    }

    /// One of so many.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.rng.below(bound)
    }

    /// Changes bytes in a few places; `other` is another input, parts of which may be taken.
    pub fn bytes(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        for _ in 0..=self.few() {
            self.change(bytes, other);
        }
        bytes.truncate(MAX_BYTES);
    }

    /// The same for text: words of the format are put in as well.
    pub(crate) fn text(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        for _ in 0..=self.few() {
            if self.below(2) == 0 {
                let at = self.below(bytes.len() + 1);
                let token = TOKENS[self.below(TOKENS.len())];
                let end = (at + self.below(3) * self.below(8)).min(bytes.len());
                bytes.splice(at..end, token.bytes());
            } else {
                self.change(bytes, other);
            }
        }
        bytes.truncate(MAX_BYTES);
    }

    /// The same for a model file: inside its sections, around which the table is laid out anew,
    /// or anywhere.
    pub(crate) fn model(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        if self.below(4) == 0 {
            return self.bytes(bytes, other);
        }
        for _ in 0..=self.below(3) {
            let draw = self.below(usize::from(u16::MAX));
            file::change_section(bytes, |n| draw % n, |body| self.bytes(body, other));
        }
        bytes.truncate(MAX_BYTES);
    }

    /// Mostly one change, sometimes up to eight.
    fn few(&mut self) -> usize {
        let most = [1, 2, 4, 8][self.below(4)];
        self.below(most)
    }

    fn change(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        if bytes.is_empty() {
            bytes.push(self.byte());
            return;
        }
        let at = self.below(bytes.len());
        match self.below(9) {
            0 => bytes[at] ^= 1 << self.below(8),
            1 => bytes[at] = self.byte(),
            2 => bytes[at] = EDGES[self.below(EDGES.len())],
            3 => bytes[at] = bytes[at].wrapping_add([1, 0xFF][self.below(2)]),
            4 => bytes.insert(at, self.byte()),
            5 => drop(bytes.drain(at..self.end(at, bytes.len()))),
            6 => {
                let again = bytes[at..self.end(at, bytes.len())].to_vec();
                bytes.splice(at..at, again);
            }
            7 => self.number(&mut bytes[at..]),
            _ => self.splice(bytes, at, other),
        }
    }

    fn byte(&mut self) -> u8 {
        self.rng.next_u64().to_le_bytes()[0]
    }

    /// The end of a part that begins at `at`: mostly a short one.
    fn end(&mut self, at: usize, length: usize) -> usize {
        let most = [4, 16, 64, length][self.below(4)].max(1);
        (at + 1 + self.below(most)).min(length)
    }

    /// Writes a number of 1, 2, 4 or 8 bytes that is the edge of something.
    fn number(&mut self, bytes: &mut [u8]) {
        let floats = [f32::NAN, f32::INFINITY, -1.0, 1e30, 1e-40, 0.0];
        let number: u64 = match self.below(4) {
            0 => u64::MAX >> self.below(64),
            1 => 1 << self.below(64),
            2 => floats[self.below(floats.len())].to_bits().into(),
            _ => self.rng.next_u64() >> self.below(64),
        };
        let width = [1, 2, 4, 8][self.below(4)].min(bytes.len());
        bytes[..width].copy_from_slice(&number.to_le_bytes()[..width]);
    }

    fn splice(&mut self, bytes: &mut Vec<u8>, at: usize, other: &[u8]) {
        if other.is_empty() {
            return;
        }
        let from = self.below(other.len());
        let part = &other[from..self.end(from, other.len())];
        let end = if self.below(2) == 0 { at } else { (at + part.len()).min(bytes.len()) };
        bytes.splice(at..end, part.iter().copied());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_changes_the_same() {
        let changed = |seed, change: fn(&mut Mutator, &mut Vec<u8>, &[u8])| {
            let mut bytes = vec![7; 100];
            change(&mut Mutator::new(seed), &mut bytes, b"other");
            bytes
        };
        for change in [Mutator::bytes, Mutator::text, Mutator::model] {
            let all: Vec<Vec<u8>> = (0..50).map(|seed| changed(seed, change)).collect();
            assert!(all == (0..50).map(|seed| changed(seed, change)).collect::<Vec<_>>());
            assert!(all.iter().any(|bytes| *bytes != [7; 100]));
        }
    }

    #[test]
    fn nothing_grows_without_bound() {
        let mut mutator = Mutator::new(1);
        let mut bytes = Vec::new();
        for _ in 0..20_000 {
            mutator.text(&mut bytes, &[1; 900]);
            assert!(bytes.len() <= MAX_BYTES);
        }
    }
}
