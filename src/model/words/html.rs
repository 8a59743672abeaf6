//! What does a text say under its HTML?

use std::borrow::Cow;

/// Longest tag that is taken for one, in bytes.
const MAX_TAG: usize = 300;
/// Longest reference to a character, in bytes, from `&` to `;`.
const MAX_REFERENCE: usize = 12;

/// The references that shop exports are full of; accented letters have numbers as a rule.
const NAMED: [(&str, &str); 15] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("rsquo", "'"),
    ("lsquo", "'"),
    ("nbsp", " "),
    ("eacute", "é"),
    ("egrave", "è"),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("szlig", "ß"),
    ("ntilde", "ñ"),
];

/// The text without tags, its character references resolved; twice, because exports encode
/// twice (`&amp;quot;`). A reference that is not known becomes a blank.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<']) {
        return Cow::Borrowed(text);
    }
    let once = resolved(text);
    let twice = if once.contains('&') { resolved(&once) } else { once };
    Cow::Owned(if twice.contains('<') { without_tags(&twice) } else { twice })
}

fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let name = tail.bytes().take(MAX_REFERENCE).position(|byte| byte == b';');
        let name = name.and_then(|end| tail.get(..end)).filter(|name| is_reference(name));
        if let Some(name) = name {
            push_character(&mut out, name);
            rest = &tail[name.len() + 1..];
        } else {
            out.push('&');
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

fn is_reference(name: &str) -> bool {
    let name = name.strip_prefix('#').unwrap_or(name);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn push_character(out: &mut String, name: &str) {
    let number = name.strip_prefix('#').map(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    });
    let character = number.and_then(Result::ok).and_then(char::from_u32);
    let known = NAMED.iter().find(|(known, _)| *known == name);
    match (character, known) {
        (Some(character), _) => out.push(character),
        (None, Some((_, text))) => out.push_str(text),
        (None, None) => out.push(' '),
    }
}

fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let is_tag = tail.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let end = tail.bytes().take(MAX_TAG).position(|byte| byte == b'>');
        out.push(' ');
        rest = end.filter(|_| is_tag).map_or(tail, |end| &tail[end + 1..]);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_references_go() {
        for (text, expected) in [
            ("plain", "plain"),
            ("Salt &amp; Pepper", "Salt & Pepper"),
            ("&amp;quot;Tall&amp;quot;", "\"Tall\""),
            ("caf&#233; caf&#xE9;", "café café"),
            ("a&hearts;b", "a b"),
            ("fish & chips; R&D", "fish & chips; R&D"),
            ("<p class=\"x\">One<br/>two</p>", " One two "),
            ("5 < 6 and 7 > 2", "5   6 and 7 > 2"),
            ("&#xD800; &#99999999; &; &", "  &; &"),
            ("&é;", "&é;"),
            ("<unclosed", " unclosed"),
        ] {
            let words: Vec<&str> = expected.split_whitespace().collect();
            assert_eq!(plain(text).split_whitespace().collect::<Vec<_>>(), words, "{text}");
        }
    }
}
