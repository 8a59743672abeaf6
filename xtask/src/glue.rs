//! What may the engine call? The JavaScript that wasm-bindgen generates is read word by
//! word: each function the module imports stands there as source text, and may use nothing
//! from the world around it but plain values.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};

/// The words of the language itself.
const LANGUAGE: &str = "arguments case catch const else false finally for function if in \
    instanceof let new null of return switch throw true try typeof undefined var void while";

/// Plain values, their classes and what asks about them. Nothing here reaches the network,
/// a storage, the page, a clock or entropy, and nothing may be added that does. (Values come
/// to the engine as arguments; their methods are their owner's.)
const VALUES: &str = "Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView \
    Error Float32Array Float64Array Int16Array Int32Array Int8Array Map Number Object RangeError \
    Reflect Set String Symbol TypeError Uint16Array Uint32Array Uint8Array Uint8ClampedArray isNaN";

/// wasm-bindgen's names for its own things.
const HELPERS: &str = "WASM_VECTOR_LEN __proto__ _ addHeapObject debugString \
    getDataViewMemory0 getObject getStringFromWasm0 handleError import0 isLikeNone obj \
    passArray8ToWasm0 passArrayF32ToWasm0 passStringToWasm0 result ret table takeObject v val wasm";

/// The words in the imported functions' source that are not allowed, sorted.
///
/// # Errors
/// - the glue has no table of imports where wasm-bindgen writes it.
pub(crate) fn strangers(glue: &str) -> Result<BTreeSet<&str>> {
    let (_, from_table) = glue
        .split_once("function __wbg_get_imports(")
        .context("the glue has no function `__wbg_get_imports`: has wasm-bindgen changed it?")?;
    let (table, _) = from_table.split_once("\n}").context("`__wbg_get_imports` does not end")?;
    Ok(free_words(table).filter(|word| !is_allowed(word)).collect())
}

fn is_allowed(word: &str) -> bool {
    let numbered = |stem: &str| {
        word.strip_prefix(stem).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    };
    [LANGUAGE, VALUES, HELPERS].iter().any(|list| list.split(' ').any(|known| known == word))
        || word.starts_with("__wbg_")
        || word.starts_with("__wbindgen_")
        || (word.starts_with("getArray") && word.ends_with("FromWasm0"))
        || ["arg", "ptr", "len", "deferred"].into_iter().any(numbered)
}

/// Every word of the source that is not the name of a member (`.name`), and not inside a
/// text or a comment.
fn free_words(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = source;
    let mut after_dot = false;
    std::iter::from_fn(move || {
        while let Some(first) = rest.chars().next() {
            let (token, following) = rest.split_at(token_length(rest, first));
            let is_member = after_dot;
            after_dot = if first.is_whitespace() { after_dot } else { token == "." };
            rest = following;
            if starts_word(first) && !is_member {
                return Some(token);
            }
        }
        None
    })
}

/// How many bytes the token at the start of `source` takes.
fn token_length(source: &str, first: char) -> usize {
    let until = |end: fn(char) -> bool| source.find(end).unwrap_or(source.len());
    match first {
        '/' if source.starts_with("//") => until(|c| c == '\n'),
        '/' if source.starts_with("/*") => source.find("*/").map_or(source.len(), |end| end + 2),
        '"' | '\'' => text_length(source, first),
        '.' if source.starts_with("...") => 3,
        // A number takes its dot and its letters (`0x1f`, `1.5`, `8n`) with it.
        '0'..='9' => until(|c| !c.is_alphanumeric() && c != '.'),
        _ if starts_word(first) => until(|c| !c.is_alphanumeric() && c != '_' && c != '$'),
        // Template texts may hold code: they are read as if they were code.
        _ => first.len_utf8(),
    }
}

fn text_length(source: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in source.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            end if end == quote => return at + end.len_utf8(),
            _ => {}
        }
    }
    source.len()
}

fn starts_word(character: char) -> bool {
    character.is_alphabetic() || character == '_' || character == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glue(body: &str) -> String {
        format!(
            "import * as x from 'fetch';\nfunction __wbg_get_imports() {{\n    const import0 = {{\n\
             __wbg_f_0123456789abcdef: function(arg0, arg1) {{\n{body}\n}},\n    }};\n}}\n\
             function later() {{ return fetch('mercer_bg.wasm'); }}\n"
        )
    }

    fn strangers_in(body: &str) -> Vec<String> {
        strangers(&glue(body)).unwrap().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn plain_values_are_no_strangers() {
        for body in [
            "const ret = new Uint8Array(arg0); return ret;",
            "// Cast intrinsic for `F64 -> Externref`: no window here.\nreturn arg0;",
            "/* fetch */ const ret = typeof(arg1) === 'document' ? 0xFFFFFF : 1.5e3;",
            "getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, !isLikeNone(ret), true);",
            "Uint8Array.prototype.set.call(getArrayU8FromWasm0(arg0, arg1), arg2);",
            "return arg0 .fetch('it\\'s fetch');",
        ] {
            assert_eq!(strangers_in(body), [""; 0], "{body}");
        }
    }

    #[test]
    fn whatever_reaches_outside_is_named() {
        for (body, stranger) in [
            ("return fetch(arg0);", "fetch"),
            ("return new WebSocket(arg0);", "WebSocket"),
            ("return localStorage.get(arg0);", "localStorage"),
            ("return globalThis[arg0];", "globalThis"),
            ("return Date.now();", "Date"),
            ("return Math.random();", "Math"),
            ("return crypto.getRandomValues(arg0);", "crypto"),
            ("return import(arg0);", "import"),
            ("return `${document.title}`;", "document"),
            ("return [...caches];", "caches"),
            ("'it\\\\'; navigator.sendBeacon(arg0);", "navigator"),
        ] {
            assert!(strangers_in(body).contains(&stranger.to_owned()), "{body}");
        }
    }

    #[test]
    fn glue_of_another_make_is_an_error() {
        assert!(strangers("export default 1;").is_err());
        assert!(strangers("function __wbg_get_imports() { return 1;").is_err());
    }
}
