//! Which words stand in a text?

use super::html;
use super::lower::push_lower;

/// Words of one text that are read; what a description says beyond them is repetition.
const MAX_WORDS: usize = 512;

/// The words of a text in lower case, in order, at most 512.
///
/// A word is a run of letters and digits. An apostrophe inside it is left out (`L'Oréal` →
/// `loréal`), a number keeps its point (`0.5`, also from `0,5`; `1,000` → `1000`) and its
/// fraction (`1/2`), and a unit is cut from the number before it (`500ml` → `500`, `ml`), so
/// that it meets `500 ml`. Where a script sets no blanks between words, each character is a
/// word. HTML is taken out first.
pub fn words(text: &str) -> Vec<String> {
    let text = html::plain(text);
    let mut reader = Reader::default();
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if reader.words.len() >= MAX_WORDS {
            return reader.words;
        }
        reader.take(before, char, chars.peek().copied());
        before = Some(char);
    }
    reader.end();
    reader.words
}

/// The word that is being read, and those before it.
#[derive(Default)]
struct Reader {
    word: String,
    words: Vec<String>,
}

impl Reader {
    /// Reads a character, with its neighbours.
    fn take(&mut self, before: Option<char>, char: char, after: Option<char>) {
        if is_own_word(char) {
            self.end();
            self.word.push(char);
            self.end();
        } else if is_of_word(char) {
            if self.is_number() && !char.is_numeric() {
                self.end();
            }
            push_lower(&mut self.word, char);
        } else if !is_within(before, char, after) {
            self.end();
        } else if self.is_number() && char != '\'' && char != '’' {
            self.word.push(char);
        }
    }

    fn is_number(&self) -> bool {
        self.word.starts_with(char::is_numeric)
    }

    fn end(&mut self) {
        let word = std::mem::take(&mut self.word);
        if !word.is_empty() {
            self.words.push(with_point(word));
        }
    }
}

/// Letters, digits, and the marks that are set upon them.
fn is_of_word(char: char) -> bool {
    char.is_alphanumeric()
        || matches!(char, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}')
        || matches!(char, '\u{900}'..='\u{dff}' if char != '।' && char != '॥')
}

/// Whether a mark joins what stands around it: an apostrophe between letters, a point, comma
/// or stroke between digits.
fn is_within(before: Option<char>, char: char, after: Option<char>) -> bool {
    let both = |is: fn(char) -> bool| before.is_some_and(is) && after.is_some_and(is);
    match char {
        '\'' | '’' => both(char::is_alphabetic),
        '.' | ',' | '/' => both(|char| char.is_ascii_digit()),
        _ => false,
    }
}

/// The number with a point for its decimals: `1,000` → `1000`, `0,5` → `0.5`.
fn with_point(word: String) -> String {
    let Some((head, rest)) = word.split_once(',') else { return word };
    let whole = rest.split('.').next().unwrap_or_default();
    let are_thousands = !head.starts_with('0') && whole.split(',').all(|group| group.len() == 3);
    word.replace(',', if are_thousands { "" } else { "." })
}

/// Characters of scripts that set no blanks between words: Thai, Lao, Myanmar, Khmer, kana,
/// Han.
fn is_own_word(char: char) -> bool {
    matches!(char,
        '\u{e01}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{3041}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_units() {
        for (text, expected) in [
            ("OPI Nail Lacquer, 0.5-Fluid Ounce", "opi nail lacquer 0.5 fluid ounce"),
            ("L'Oréal men’s SHAMPOO", "loréal mens shampoo"),
            ("500ml or 500 ML", "500 ml or 500 ml"),
            ("1,000 pcs at 0,5 cm, 1/2-Inch", "1000 pcs at 0.5 cm 1/2 inch"),
            ("1,234,567.5 and 1.125. 1,2,3", "1234567.5 and 1.125 1.2.3"),
            ("Model TRA708T/B12", "model tra708t b12"),
            ("'quoted' rock'n'roll '", "quoted rocknroll"),
            ("Straße ΌΔΟΣ όδος İstanbul", "straße όδοσ όδοσ i\u{307}stanbul"),
            ("", ""),
            (" -- !? ★ ", ""),
            ("抹茶 tea", "抹 茶 tea"),
            ("हिन्दी।", "हिन्दी"),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_huge_text_is_read_to_its_bound() {
        assert_eq!(words(&"word ".repeat(1_000_000)).len(), MAX_WORDS);
        assert_eq!(words(&"a".repeat(100_000)).len(), 1);
    }
}
